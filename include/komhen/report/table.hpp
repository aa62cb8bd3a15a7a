#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "komhen/measure/compare.hpp"
#include "komhen/measure/measure.hpp"
#include "komhen/tally/cube.hpp"

namespace komhen {

/// What the cells of a column are. The numbers are part of the C ABI.
enum class ColumnKind : std::uint8_t {
  integer = 1,  ///< 64-bit: counts, municipality codes
  text = 2,     ///< tokens, KLE numbers, weeks, labels
  decimal = 3   ///< exact decimal text with a point
};

/// A result as rows and columns, for those who show it or hand it on. Every cell stands as text; `integer`
/// holds the value of an integer column as well.
struct Table {
  struct Column {
    std::string name;
    ColumnKind kind;
    /// Of a decimal column: every cell stands with at most this many decimals. -1: each has its own number of
    /// them, or is a fraction where they never end.
    int decimals = -1;
  };
  struct Cell {
    std::string text;
    std::int64_t integer = 0;
    bool there = true;  ///< false: nothing, which is neither zero nor the empty text
  };

  std::vector<Column> columns;
  std::vector<Cell> cells;         ///< row after row
  std::vector<std::string> notes;  ///< what a reader should know, a sentence each

  [[nodiscard]] std::size_t rows() const noexcept {
    return columns.empty() ? 0 : cells.size() / columns.size();
  }
  [[nodiscard]] const Cell& cell(std::size_t row, std::size_t column) const {
    return cells[row * columns.size() + column];
  }
};

/// Columns: the dimensions, then `contacts`, or `numerator`, `denominator` and `share` and what stands beside
/// it.
[[nodiscard]] Table table_of(const MeasureTable& table);
/// Columns: the dimensions, both sides' numerators and denominators, `change` and `printed_change`.
[[nodiscard]] Table table_of(const Comparison& comparison);
/// Every cell of a cube, in order: the ten dimensions and `count`.
[[nodiscard]] Table table_of(const Cube& cube);

/// Comma-separated, UTF-8, LF, one header row; text that a spreadsheet could take for a formula is made text.
[[nodiscard]] std::string to_csv(const Table& table);
/// `{"rows":[{<column>:<value>, ...}]}`: integers as numbers, the rest as text, nothing as null.
[[nodiscard]] std::string to_json(const Table& table);

}  // namespace komhen
