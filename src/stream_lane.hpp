#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "count_ways.hpp"
#include "hasty_cells.hpp"
#include "seen_places.hpp"
#include "session.hpp"
#include "stream_array.hpp"
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
    block_end_ = 0;
    if (may_be_dense()) array_.begin_batch(columns_, rows);
  }

  /// Counts rows from `row` up to `end` as long as it knows them; returns the first that it does not know.
  /// @throws Error (overflow).
  std::int64_t read(std::int64_t row, std::int64_t end) {
    if (!trained_) return row;
    const std::int64_t begin = row;
    std::int64_t contacts = 0;
    for (; row < end; ++row) {
      if (may_be_dense() && fixed_count_ == 1) {
        const std::int64_t next = array_.count(columns_, {fixed_key_, lessons_}, row, end, cells_);
        contacts += next - row;
        row = next;
        if (row == end) break;
      }
      const std::uint64_t key = array_.is_on() ? key_of(row) : key_in_block(row, end);
      const std::int64_t count = count_ != nullptr ? count_->few_of(row) : fixed_count_;
      if (key == kUnlearnt || count == 0 || !places_.has(key)) break;
      cells_.push(key, count);
      array_.note_apart();
      contacts += count;
    }
    session_.note_added(row - begin, contacts);
    return row;
  }

  /// Adds what is not yet in the cube. @throws Error (overflow).
  void finish() {
    array_.take_out(cells_);
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
    array_.learn(columns_, row, key);
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

  /// Whether rows may be counted in an array: one contact each, with nothing to ask of two columns together.
  [[nodiscard]] bool may_be_dense() const noexcept {
    return usable_ && count_ == nullptr && !places_.asked();
  }

  Session& session_;
  HastyCells cells_;
  StreamArray array_;
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
};

}  // namespace komhen::detail
