#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "komhen/tally/count.hpp"
#include "posix_file.hpp"

namespace komhen::detail {

/// A cell of CSV that a spreadsheet opens: quoted where it must be, and never a formula.
[[nodiscard]] std::string spreadsheet_cell(std::string_view text);

/// Which fields are read, by slot(Field).
using FieldSet = std::bitset<kFieldCount>;

/// The reject file: `line;reason;column;file` and one column for each field that is read. There is no other
/// column: an empty `week` or `count` would make the corrected file another one than the file it came from.
class RejectFile {
 public:
  explicit RejectFile(const std::string& path) : file_{path} {}
  /// Writes the header, once: the first call settles the columns.
  void begin(const FieldSet& read);
  void write(const Reject& reject);
  void keep() { file_.keep(); }

 private:
  OutputFile file_;
  std::optional<FieldSet> columns_;
};

}  // namespace komhen::detail
