#pragma once

#include <string>
#include <string_view>

#include "komhen/tally/count.hpp"
#include "posix_file.hpp"

namespace komhen::detail {

/// A cell of CSV that a spreadsheet opens: quoted where it must be, and never a formula.
[[nodiscard]] std::string spreadsheet_cell(std::string_view text);

/// The reject file: `line;reason;column;file` and one column for each of the exchange file's.
class RejectFile {
 public:
  explicit RejectFile(const std::string& path);
  void write(const Reject& reject);
  void keep() { file_.keep(); }

 private:
  OutputFile file_;
};

}  // namespace komhen::detail
