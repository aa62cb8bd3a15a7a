#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "komhen/measure/measure.hpp"

namespace komhen {

/// Tables by municipality and task as one text of numbers, for a page that sums what a filter leaves of them.
struct FilterCounts {
  /// What is counted: the values of a table's other dimensions. A share is two cells, of which the last value
  /// is `numerator` or `denominator`.
  struct Cell {
    std::size_t table = 0;  ///< its place among the tables
    std::vector<std::string> values;
  };

  std::vector<int> municipalities;  ///< codes, in order
  std::vector<std::string> tasks;   ///< KLE numbers, in order
  std::vector<Cell> cells;
  /// JSON: for each municipality its tasks, each `[task, [cell, count, cell, count, ...]]`, where task and
  /// cell are places in the lists above. A count of 0 is left out.
  std::string json;
};

/// @param tables  whose first two dimensions are municipality and task.
/// @throws Error (argument) for a table of other dimensions.
[[nodiscard]] FilterCounts filter_counts(std::span<const MeasureTable* const> tables);

}  // namespace komhen
