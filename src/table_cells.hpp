#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/cost/money.hpp"
#include "komhen/report/table.hpp"

/// What the tables of all results are made of.
namespace komhen::detail {

[[nodiscard]] inline Table::Cell integer_cell(std::int64_t value) {
  return {std::to_string(value), value, true};
}
[[nodiscard]] inline Table::Cell text_cell(std::string_view value) {
  return {std::string{value}, 0, true};
}
[[nodiscard]] inline Table::Cell no_cell() {
  return {{}, 0, false};
}
/// Kroner settled half up to whole øre.
[[nodiscard]] inline Table::Cell kroner_cell(const ExactAmount& amount) {
  return text_cell(amount.settle(Rounding::half_up).text());
}
/// What `as` makes of a value that is there.
template <class T, class As>
[[nodiscard]] Table::Cell maybe_cell(const std::optional<T>& value, As&& as) {
  return value ? as(*value) : no_cell();
}

/// The columns of the dimensions, and the cells of a row's key.
void add_dimensions(Table& out, const std::vector<Dimension>& by);
void add_key(Table& out, const std::vector<DimensionValue>& key);

/// Sentences in one cell.
[[nodiscard]] inline Table::Cell lines_cell(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "; ") + line;
  return text_cell(out);
}

}  // namespace komhen::detail
