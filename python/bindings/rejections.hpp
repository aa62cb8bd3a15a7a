#pragma once

#include <string>
#include <vector>

#include "bindings.hpp"
#include "komhen/tally/count.hpp"

namespace komhen::python {

/// The first rejected rows of a count, kept while it works without Python's lock: texts are masked copies.
class Rejections {
 public:
  /// Keeps up to `most` rows of a count with these options, which must not outlive it.
  Rejections(CountOptions& options, std::int64_t most);
  Rejections(const Rejections&) = delete;
  Rejections& operator=(const Rejections&) = delete;

  /// A tuple a row: file, line, column, text, reason, suggestion; None where there is none.
  [[nodiscard]] py::list rows() const;

 private:
  struct Row {
    std::string file;
    std::int64_t line;
    Reason reason;
    std::optional<Field> column;
    std::optional<std::string> text;
  };
  std::vector<Row> rows_;
};

/// What a rejected text may have been meant as, where the reason is that it is no known word.
[[nodiscard]] std::optional<std::string> suggestion_for(Reason reason, Field column, std::string_view text);

}  // namespace komhen::python
