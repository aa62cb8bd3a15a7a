#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace komhen {

/// What kind of call went wrong. The numbers are those of `komhen_status` in the C ABI and are never reused.
enum class ErrorKind : int {
  failed = 1,          ///< no more specific kind fits
  argument = 2,        ///< an argument, option or name that the call cannot use
  memory = 3,          ///< memory ran out (std::bad_alloc on the C++ side)
  edition = 4,         ///< two cubes in which one number means two different things
  forked = 5,          ///< a handle that the parent of this process opened
  file = 6,            ///< a file that cannot be opened, read or written
  format = 7,          ///< a file whose content is not what it should be
  overflow = 8,        ///< a count past 2^63 - 1
  cancelled = 9,       ///< the caller's progress function asked to stop
  personal_data = 10,  ///< a text that looks like a CPR number where none may stand
  busy = 11,           ///< open somewhere else, or called back into from a callback of the same handle
  sealed = 12,         ///< a journal that takes no more records
  storage = 13         ///< durable storage failed: the sentence says what was and was not kept
};

/// A call that could not do its work: one sentence that names file, key and value. Nothing was changed.
///
/// Bad rows are never errors. Messages hold no personal data: values in them have passed `detail::quoted()`.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& sentence, std::int64_t line = 0, std::int64_t column = 0)
      : std::runtime_error{sentence}, kind_{kind}, line_{line}, column_{column} {}
  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  /// Where in the text or file that was wrong, from 1; 0 where there is no such place.
  [[nodiscard]] std::int64_t line() const noexcept { return line_; }
  [[nodiscard]] std::int64_t column() const noexcept { return column_; }

 private:
  ErrorKind kind_;
  std::int64_t line_;
  std::int64_t column_;
};

}  // namespace komhen
