#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "count_ways.hpp"
#include "dense_tally.hpp"
#include "hasty_cells.hpp"
#include "seen_places.hpp"
#include "session.hpp"
#include "stream_column.hpp"

namespace komhen::detail {

/// Counts rows of a stream whose every value stood in a row that was accepted before, as RowLane does for
/// files.
class StreamLane {
 public:
  /// @param columns  those that are read, without nullptr; they must outlive it
  StreamLane(const RowReader& rows, std::vector<std::pair<Field, StreamColumn*>> columns, Session& session)
      : session_{session},
        cells_{CubeCells{session.cube()}},
        columns_{std::move(columns)},
        usable_{count_ways().lane && !rows.column(Field::event_id)},
        places_{rows.admits_by_place()} {
    std::erase_if(columns_, [&](const auto& column) {
      if (column.first != Field::count) return false;
      count_ = column.second;
      usable_ = usable_ && !rows.has_words(Field::count);
      return true;
    });
  }

  /// Rows are numbered anew from here on: another batch has come, of so many.
  void begin_batch(std::int64_t rows) {
    before_ += std::exchange(rows_, static_cast<std::size_t>(rows));
    block_end_ = 0;
    by_codes_ = usable_ && count_ == nullptr && !places_.asked() &&
                std::ranges::all_of(columns_, [](const auto& column) { return column.second->is_coded(); });
    learn_anew_after_ = apart_ + kFewApart;
    if (!dense_) return;
    dense_->begin_rows();
    for (std::size_t column = 0; column < columns_.size(); ++column)
      if (columns_[column].second->has_dictionary())  // this batch's may be another
        dense_->learn_anew(column, columns_[column].second->learnt_codes());
    if (dense_->counted() + rows_ > DenseTally::kTogether) take_out();
  }

  /// Counts rows from `row` up to `end` as long as it knows them; returns the first that it does not know.
  /// @throws Error (overflow).
  std::int64_t read(std::int64_t row, std::int64_t end) {
    if (!trained_) return row;
    const std::int64_t begin = row;
    std::int64_t contacts = 0;
    for (; row < end; ++row) {
      if (by_codes_) {
        const std::int64_t next = count_dense(row, end);
        contacts += next - row;
        row = next;
        if (row == end) break;
      }
      const std::uint64_t key = by_codes_ && dense_ ? key_of(row) : key_in_block(row, end);
      const std::int64_t count = count_ != nullptr ? count_->few_of(row) : fixed_count_;
      if (key == kUnlearnt || count == 0 || !places_.has(key)) break;
      cells_.push(key, count);
      ++apart_;
      contacts += count;
    }
    session_.note_added(row - begin, contacts);
    return row;
  }

  /// Adds what is not yet in the cube. @throws Error (overflow).
  void finish() {
    take_out();
    cells_.flush();
  }

  /// Learns from a row that was accepted.
  void learn(std::int64_t row, const Draft& draft) {
    if (!usable_) return;
    if (!draft.event_id.empty()) {  // a profile's value: the rows are events, all of them the same one
      usable_ = trained_ = false;
      return;
    }
    const Registration registration = draft.done();
    const auto known = cells_.cells().narrow_key_of(registration);
    if (!known) return;
    const std::uint64_t key = *known;
    std::uint64_t stated = 0;
    for (const auto& [field, column] : columns_) {
      column->learn(row, key & CubeCells::mask_of(field));
      stated |= CubeCells::mask_of(field);
    }
    if (count_ != nullptr) count_->learn(row, static_cast<std::uint64_t>(registration.count));
    fixed_key_ = key & ~stated;
    fixed_count_ = registration.count;
    ++lessons_;
    places_.note(key);
    trained_ = true;
  }

 private:
  [[nodiscard]] std::uint64_t key_of(std::int64_t row) const {
    std::uint64_t key = fixed_key_;
    for (const auto& [field, column] : columns_) key |= column->bits_of(row);
    return key;
  }
  std::uint64_t key_in_block(std::int64_t row, std::int64_t end) {
    if (row >= block_end_) read_block(row, end);
    const std::uint64_t key = keys_[static_cast<std::size_t>(row - block_begin_)];
    const bool is_learnt = key != kUnlearnt || lessons_ == block_lessons_;
    return is_learnt ? key : key_of(row);  // something has been learnt meanwhile
  }
  /// Reads the keys of some rows, column by column.
  void read_block(std::int64_t row, std::int64_t end) {
    block_begin_ = row;
    block_end_ = std::min(end, row + static_cast<std::int64_t>(keys_.size()));
    block_lessons_ = lessons_;
    const std::span keys{keys_.data(), static_cast<std::size_t>(block_end_ - row)};
    std::ranges::fill(keys, fixed_key_);
    for (const auto& [field, column] : columns_) column->add_bits(row, keys);
  }

  /// Counts rows that have a place in an array, if there is one or it is time for one; returns the first that
  /// has none.
  std::int64_t count_dense(std::int64_t row, std::int64_t end) {
    if (apart_ >= patience_)
      begin_dense(static_cast<std::size_t>(row));
    else if (dense_ && apart_ >= learn_anew_after_ && lessons_ != dense_lessons_)
      learn_anew();
    if (!dense_) return row;
    return static_cast<std::int64_t>(
        dense_->count(static_cast<std::size_t>(row), static_cast<std::size_t>(end),
                      [this](std::size_t column, const CodeSteps& steps, std::size_t first, std::size_t rows,
                             std::uint32_t* places) {
                        columns_[column].second->lead(steps, static_cast<std::int64_t>(first), rows, places);
                      }));
  }
  /// An array of what has been learnt by now, if that is more than when the last was made, and worth it for
  /// the rows that are to come: as many as have come, or the rest of this batch.
  void begin_dense(std::size_t row) {
    apart_ = 0;
    learn_anew_after_ = kFewApart;
    if (lessons_ == array_lessons_ || fixed_count_ != 1) return;
    auto dense =
        DenseTally::of(fixed_key_, learnt_columns(), std::max(before_ + row, rows_ - std::min(row, rows_)));
    patience_ = dense ? dense->patience() : 2 * patience_;
    if (!dense) return;
    take_out();
    dense_ = std::move(dense);
    array_lessons_ = dense_lessons_ = lessons_;
  }
  /// Codes have been met that stand for what others stood for: they have places.
  void learn_anew() {
    learn_anew_after_ = 2 * apart_;
    dense_lessons_ = lessons_;
    for (std::size_t column = 0; column < columns_.size(); ++column)
      dense_->learn_anew(column, columns_[column].second->learnt_codes());
  }
  [[nodiscard]] std::vector<LearntColumn> learnt_columns() const {
    std::vector<LearntColumn> out;
    for (const auto& [field, column] : columns_) out.push_back(column->learnt_codes());
    return out;
  }
  void take_out() {
    if (!dense_ || dense_->counted() == 0) return;
    if (dense_->has_many()) {
      dense_->each_near<DenseTally::Near>([this](const DenseTally::Near& near) { add_many(near); });
    } else {
      dense_->each_near<DenseTally::NearFew>(
          [this](const DenseTally::NearFew& near) { cells_.cells().add(near); });
    }
    dense_->clear();
  }
  /// What a byte does not hold goes by itself.
  void add_many(const DenseTally::Near& near) {
    DenseTally::NearFew few{near.first, 0};
    for (std::size_t i = 0; i < NearCells::kNear; ++i) {
      const auto count = static_cast<std::uint64_t>(near.counts[i]);
      few.counts |= (count & 0xFFU) << 8 * i;
      if (count > 0xFF)
        cells_.push(NearCells::cell(near.first, i), static_cast<std::int64_t>(count & ~std::uint64_t{0xFF}));
    }
    cells_.cells().add(few);
  }

  static constexpr std::size_t kFewApart = 64;

  Session& session_;
  HastyCells cells_;
  std::vector<std::pair<Field, StreamColumn*>> columns_;  ///< those with bits in a key
  StreamColumn* count_ = nullptr;
  bool usable_;
  bool trained_ = false;
  std::uint64_t fixed_key_ = 0;  ///< of what no column says
  std::int64_t fixed_count_ = 1;
  SeenPlaces places_;
  std::array<std::uint64_t, 1024> keys_;  ///< of a block of rows, kUnlearnt where one of their values was
  std::int64_t block_begin_ = 0;
  std::int64_t block_end_ = 0;
  std::size_t lessons_ = 0;        ///< how often something has been learnt
  std::size_t block_lessons_ = 0;  ///< before the block was read

  std::size_t rows_ = 0;    ///< of this batch
  std::size_t before_ = 0;  ///< of those before
  bool by_codes_ = false;   ///< whether every column of this batch is one of codes
  std::optional<DenseTally> dense_;
  std::size_t apart_ = 0;  ///< rows of codes since an array was last tried that had no place in one
  std::size_t patience_ = count_ways().array_from;  ///< so many of them before one is tried again
  std::size_t learn_anew_after_ = kFewApart;        ///< so many before what is learnt is told to the array
  std::size_t array_lessons_ = 0;                   ///< when an array was last made
  std::size_t dense_lessons_ = 0;                   ///< when it was last told
};

}  // namespace komhen::detail
