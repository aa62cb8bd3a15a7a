#pragma once

#include <cstddef>
#include <cstdint>

#include "input_bytes.hpp"
#include "komhen/registration/csv.hpp"

namespace komhen::detail {

/// Where a stretch of a file begins, and where the next one does.
struct FileStretch {
  std::int64_t begin;
  std::int64_t end;
};

/// The lines that begin in a stretch of a file, in a buffer.
struct StretchLines {
  std::int64_t base = 0;  ///< where the buffer begins in the file
  std::size_t begin = 0;
  std::size_t end = 0;
  bool any = false;       ///< whether a line begins in the stretch
  bool is_whole = false;  ///< whether the last of them ends with an LF or the file, or none begins
};

/// Reads the lines that begin in a stretch and no others, without what follows the file's last LF: so who
/// reads stretches that lie side by side reads every line once, whatever the others know. A line that goes on
/// for more than kMaxRecord bytes behind its stretch may be given up.
/// @param is_first  whether a line is known to begin where the stretch does
[[nodiscard]] StretchLines read_lines(const InputBytes& file, const FileStretch& stretch, bool is_first,
                                      ReadBuffer& buffer);

}  // namespace komhen::detail
