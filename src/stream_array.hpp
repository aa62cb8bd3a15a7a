#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "count_ways.hpp"
#include "dense_tally.hpp"
#include "hasty_cells.hpp"
#include "stream_column.hpp"

namespace komhen::detail {

/// Counts rows of a stream in an array, where every column that is read is one of codes: numbers, days or
/// places of a dictionary, none of them null. An array is made when enough rows have come that it would have
/// had a place for, is kept from batch to batch, and is made anew as more codes are met.
class StreamArray {
 public:
  using Columns = std::vector<std::pair<Field, StreamColumn*>>;

  /// Another batch has come, of so many rows.
  void begin_batch(const Columns& columns, std::int64_t rows) {
    before_ += std::exchange(rows_, static_cast<std::size_t>(rows));
    is_coded_ = std::ranges::all_of(columns, [](const auto& column) { return column.second->is_coded(); });
    if (!is_on()) return;
    dense_->begin_rows();
    for (std::size_t column = 0; column < columns.size(); ++column)
      if (columns[column].second->has_dictionary())  // this batch's may be another
        dense_->learn_anew(column, columns[column].second->learnt_codes());
  }

  /// Whether rows of this batch may have a place, and which have none is asked of count().
  [[nodiscard]] bool is_on() const noexcept { return is_coded_ && dense_; }
  /// A row was counted by its key.
  void note_apart() noexcept { ++apart_; }
  /// A row was accepted, with this key: what its codes stand for has places, if there is room.
  void learn(const Columns& columns, std::int64_t row, std::uint64_t key) {
    if (!is_on()) return;
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const auto& [field, codes] = columns[column];
      if (const auto code = codes->code_of(row))
        dense_->learn(column, {*code, key & CubeCells::mask_of(field)});
    }
  }

  /// What a lane knows by now: the bits of a key that no column says, and how often it has learnt anything.
  struct Known {
    std::uint64_t fixed_key;
    std::size_t lessons;
  };
  /// Counts rows that have a place in an array, if there is one or it is time for one; returns the first that
  /// has none. @throws Error (overflow), for what another array has counted.
  std::int64_t count(const Columns& columns, const Known& known, std::int64_t row, std::int64_t end,
                     HastyCells& cells) {
    if (!is_coded_) return row;
    if (apart_ >= patience_) begin(columns, known, static_cast<std::size_t>(row), cells);
    if (!dense_) return row;
    if (dense_->counted() + static_cast<std::size_t>(end - row) > DenseTally::kTogether) take_out(cells);
    const auto lead = [&](std::size_t column, const CodeSteps& steps, std::size_t first, std::size_t rows,
                          std::uint32_t* places) {
      columns[column].second->lead(steps, static_cast<std::int64_t>(first), rows, places);
    };
    return static_cast<std::int64_t>(
        dense_->count(static_cast<std::size_t>(row), static_cast<std::size_t>(end), lead));
  }

  /// Brings what has been counted on its way into the cube. @throws Error (overflow).
  void take_out(HastyCells& cells) {
    if (!dense_ || dense_->counted() == 0) return;
    if (dense_->has_many())
      dense_->each_near<DenseTally::Near>([&](const DenseTally::Near& near) { add_many(near, cells); });
    else
      dense_->each_near<DenseTally::NearFew>(
          [&](const DenseTally::NearFew& near) { cells.cells().add(near); });
    dense_->clear();
  }

 private:
  /// An array of what has been learnt by now, if that is more than when the last was made, and worth it for
  /// the rows that are to come: as many as have come, or the rest of this batch.
  void begin(const Columns& columns, const Known& known, std::size_t row, HastyCells& cells) {
    apart_ = 0;
    if (known.lessons == made_) return;
    const std::size_t to_come = std::max(before_ + row, rows_ - std::min(row, rows_));
    auto dense = DenseTally::of(known.fixed_key, learnt(columns), to_come, dense_ ? &*dense_ : nullptr);
    patience_ = dense ? dense->patience() : 2 * patience_;
    if (!dense) return;
    take_out(cells);
    dense_ = std::move(dense);
    made_ = known.lessons;
  }
  static std::vector<LearntColumn> learnt(const Columns& columns) {
    std::vector<LearntColumn> out;
    for (const auto& [field, column] : columns) out.push_back(column->learnt_codes());
    return out;
  }
  /// What a byte does not hold goes by itself.
  static void add_many(const DenseTally::Near& near, HastyCells& cells) {
    DenseTally::NearFew few{near.first, 0};
    for (std::size_t i = 0; i < NearCells::kNear; ++i) {
      const auto count = static_cast<std::uint64_t>(near.counts[i]);
      few.counts |= (count & 0xFFU) << 8 * i;
      if (count > 0xFF)
        cells.push(NearCells::cell(near.first, i), static_cast<std::int64_t>(count & ~std::uint64_t{0xFF}));
    }
    cells.cells().add(few);
  }

  std::optional<DenseTally> dense_;
  bool is_coded_ = false;   ///< whether every column of this batch is one of codes
  std::size_t rows_ = 0;    ///< of this batch
  std::size_t before_ = 0;  ///< of those before
  std::size_t apart_ = 0;   ///< rows since an array was last tried that had no place in one
  std::size_t patience_ = count_ways().array_from;  ///< so many of them before one is tried again
  std::size_t made_ = 0;                            ///< the lessons when the last was made
};

}  // namespace komhen::detail
