#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

/// What a line without a quote and a CR is: blank, or fields between separators. Whoever cuts such lines, one
/// after another or several at once, says the same of each.
namespace komhen::detail {

/// Blank lines are no records. A tab is not blank where it separates.
inline bool is_blank_line(std::string_view line, char separator) noexcept {
  return std::ranges::all_of(line, [&](char c) { return c == ' ' || (c == '\t' && separator != '\t'); });
}

/// Calls with where each field begins and ends in the line: one more than there are separators.
template <typename Take>
void each_field_of(std::string_view line, char separator, Take&& take) {
  for (std::size_t at = 0;;) {
    const std::size_t end = std::min(line.find(separator, at), line.size());
    take(at, end);
    if (end == line.size()) return;
    at = end + 1;
  }
}

}  // namespace komhen::detail
