#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "cube_cells.hpp"
#include "komhen/detail/pages.hpp"
#include "near_counts.hpp"

namespace komhen::detail {

/// Counts of narrow keys, a byte each, in a table: a row for every municipality, week, task and unit that
/// have come together, and in it six neighbouring bytes, one a type of contact, for everything else that has
/// come together. A cell is found by two small look-ups, where a cube needs a large one; but the table is as
/// good as what is in it is dense, and who counts with it must weigh that.
///
/// It is on between begin() and end(). Nothing that it holds is part of the cube until take_out().
class CrossTable {
 public:
  using Cell = CellTable<std::uint64_t>::Cell;
  using NearFew = CellTable<std::uint64_t>::NearFew;
  /// Cells that are counted at once.
  static constexpr std::size_t kTogether = CellTable<std::uint64_t>::kTogether;

  [[nodiscard]] bool is_on() const noexcept { return counts_ != nullptr; }
  /// Cells that have been counted, each as often as it came.
  [[nodiscard]] std::size_t counted() const noexcept { return counted_; }
  /// Bytes of the table that have been used, which take_out() must look at.
  [[nodiscard]] std::size_t used() const noexcept { return (rows_.size() + 1) * stride_; }

  /// Begins with an empty table of so many bytes, a power of two. @throws std::bad_alloc
  void begin(std::size_t bytes) {
    if (entries_.empty()) entries_.resize(kFewest);
    if (column_of_.empty()) column_of_.assign(kColumnKeys, kNoColumn);
    counts_ = Places<std::uint8_t>{bytes, Pages::at_once};
    bytes_ = bytes;
  }
  /// Gives its memory back; what columns there are is remembered. Nothing may be in it.
  void end() noexcept { counts_ = {}; }

  /// Counts some cells, at most kTogether of them. Calls `apart(key, contacts)` for those that have no place,
  /// and for what a byte could not hold; it must leave the table as it is.
  ///
  /// What costs is waiting for memory; so what all of them look at is fetched before the first of them does.
  template <class Apart>
  void count(std::span<const Cell> cells, Apart&& apart) {
    const std::uint64_t* const entries = entries_.data();
    std::uint8_t* const counts = counts_.get();
    std::array<std::uint64_t, kTogether> rows;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      rows[i] = row_of(cells[i].key);
      __builtin_prefetch(entries + first_entry(rows[i]));
    }
    std::array<std::uint32_t, kTogether> places;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      places[i] = place_of(rows[i], cells[i].key);
      __builtin_prefetch(counts + places[i], 1);
    }
    counted_ += cells.size();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::uint8_t& there = counts[places[i]];
      const std::int64_t sum = there + cells[i].count;
      there = static_cast<std::uint8_t>(sum);
      if (sum <= 255 && places[i] != kNowhere) [[likely]]
        continue;
      counted_ -= places[i] == kNowhere ? 1U : 0U;
      apart(cells[i].key, places[i] == kNowhere ? cells[i].count : sum & ~std::int64_t{255});
    }
  }

  /// Whether a cell has no place because there are no more columns, and widen() would give it one.
  [[nodiscard]] bool wants_width(std::uint64_t key) const noexcept {
    return column_of_[column_key(key)] == kNoColumn && columns_.size() == width_ && width_ < kWidest;
  }
  /// Has more columns from now on. Nothing may be in the table.
  void widen() {
    width_ = std::min(width_ + std::max<std::size_t>(width_ / 2 / kSpan, 1) * kSpan, kWidest);
    stride_ = width_ * NearCells::kNear;
  }
  /// Makes a place for a cell, if there is room for one.
  void admit(std::uint64_t key) {
    std::uint16_t& column = column_of_[column_key(key)];
    if (column == kNoColumn && columns_.size() < width_) {
      columns_.push_back(NearCells::first(key) & ~kRowMask);
      column = static_cast<std::uint16_t>((columns_.size() - 1) * NearCells::kNear);
    }
    if (used() + stride_ > bytes_ || entry_of(row_of(key)) != 0) return;
    if ((rows_.size() + 1) * 3 > entries_.size()) grow();
    rows_.push_back(key & kRowMask);
    enter(rows_.size());
  }

  /// Takes everything out: calls `visit(near)` for near cells of which one has been counted.
  template <class Visit>
  void take_out(Visit&& visit) {
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      std::uint8_t* at = counts_.get() + (row + 1) * stride_;
      for (std::size_t column = 0; column < columns_.size(); column += kSpan, at += kSpan * NearCells::kNear)
        if (!is_empty(at)) take_span(row, column, at, visit);
    }
    rows_.clear();
    std::ranges::fill(entries_, 0);
    counted_ = 0;
  }

 private:
  // The halves of a narrow key: municipality and week, task and unit are the row's; channel, closure and
  // form, source and direction are the column's.
  static constexpr std::uint64_t kPlaceBits = std::uint64_t{0x7'FFFF} << 45U;
  static constexpr std::uint64_t kTaskBits = std::uint64_t{0x7FF'FFFF} << 10U;
  static constexpr std::uint64_t kRowMask = kPlaceBits | kTaskBits;
  static_assert(kRowMask == (CubeCells::mask_of(Field::municipality) | CubeCells::mask_of(Field::week) |
                             CubeCells::mask_of(Field::kle) | CubeCells::mask_of(Field::unit)));
  static constexpr std::size_t kColumnKeys = std::size_t{1} << 15U;
  static constexpr std::size_t column_key(std::uint64_t key) noexcept {
    return (key >> 30U & 0x7F80U) | (key >> 3U & 0x7FU);
  }
  /// The row's half, moved together, above the bits that say where the row lies.
  static constexpr unsigned kRowShift = 18;
  static constexpr std::uint64_t kRowPlaces = std::uint64_t{1} << kRowShift;
  static constexpr std::uint64_t row_of(std::uint64_t key) noexcept {
    return (key & kPlaceBits) | (key & kTaskBits) << 8U;
  }
  /// Rows begin at multiples of so many bytes.
  static constexpr std::size_t kRowUnit = 16;

  /// Columns that are looked at together, and the bytes of them.
  static constexpr std::size_t kSpan = 8;
  static constexpr std::size_t kWidest = 1000;
  static constexpr std::uint16_t kNoColumn = 0xFFFF;
  static_assert(kSpan * NearCells::kNear % kRowUnit == 0 && kWidest % kSpan == 0 &&
                kWidest * NearCells::kNear < kNoColumn);
  static constexpr std::uint64_t kFactor = 0x9E37'79B9'7F4A'7C15U;
  static constexpr std::size_t kFewest = 1024;  ///< entries at first
  static constexpr std::uint32_t kNowhere = 0;

  static bool is_empty(const std::uint8_t* span) noexcept {
    std::array<std::uint64_t, kSpan * NearCells::kNear / 8> words;
    std::memcpy(words.data(), span, sizeof words);
    std::uint64_t any = 0;
    for (const std::uint64_t word : words) any |= word;
    return any == 0;
  }
  /// Those of them in which something is counted, a bit each: nothing foretells which they are, so there is
  /// no branch before all are known.
  static unsigned used_in(const std::uint8_t* span) noexcept {
    unsigned used = 0;
    for (std::size_t i = 0; i < kSpan; ++i)
      used |= (near_counts_at(span + i * NearCells::kNear) != 0 ? 1U : 0U) << i;
    return used;
  }
  template <class Visit>
  void take_span(std::size_t row, std::size_t column, std::uint8_t* span, Visit&& visit) {
    for (unsigned used = used_in(span); used != 0; used &= used - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(used));
      visit(NearFew{rows_[row] | columns_[column + i], near_counts_at(span + i * NearCells::kNear)});
    }
    std::memset(span, 0, kSpan * NearCells::kNear);
  }
  [[nodiscard]] std::size_t first_entry(std::uint64_t row) const noexcept { return row * kFactor >> shift_; }
  /// The entry of a row; 0 when it has none.
  [[nodiscard]] std::uint64_t entry_of(std::uint64_t row) const noexcept {
    const std::uint64_t* const entries = entries_.data();
    for (std::size_t at = first_entry(row);; at = (at + 1) & mask_) {
      const std::uint64_t entry = entries[at];
      if ((entry ^ row) < kRowPlaces || entry == 0) [[likely]]
        return entry;
    }
  }
  /// Where the contacts of a cell are counted; kNowhere when it has no place.
  [[nodiscard]] std::uint32_t place_of(std::uint64_t row, std::uint64_t key) const noexcept {
    const std::uint64_t entry = entry_of(row);
    const std::size_t column = column_of_[column_key(key)];
    if (entry == 0 || column == kNoColumn) [[unlikely]]
      return kNowhere;
    return static_cast<std::uint32_t>((entry ^ row) * kRowUnit + column + NearCells::within(key));
  }

  /// Enters the row of this number, from 1.
  void enter(std::size_t number) noexcept {
    const std::uint64_t row = row_of(rows_[number - 1]);
    std::size_t at = first_entry(row);
    while (entries_[at] != 0) at = (at + 1) & mask_;
    entries_[at] = row | number * stride_ / kRowUnit;
  }
  void grow() {
    entries_ = std::vector<std::uint64_t>(entries_.size() * 2);
    mask_ = entries_.size() - 1;
    --shift_;
    for (std::size_t number = 1; number <= rows_.size(); ++number) enter(number);
  }

  Places<std::uint8_t> counts_;  ///< the first row's room is nobody's, and so the place of what has none
  std::vector<std::uint64_t> entries_;  ///< a row's half and where the row begins, by its hash
  std::size_t mask_ = kFewest - 1;      ///< one less than there are of them
  unsigned shift_ = 64 - std::bit_width(kFewest - 1);
  std::vector<std::uint16_t> column_of_;  ///< where in a row, by column_key()
  std::size_t bytes_ = 0;
  std::size_t width_ = 3 * kSpan;  ///< columns for which there is room
  std::size_t stride_ = width_ * NearCells::kNear;
  std::size_t counted_ = 0;
  std::vector<std::uint64_t> rows_;     ///< the row's half of a key, in the order of the rows
  std::vector<std::uint64_t> columns_;  ///< the column's half
};

}  // namespace komhen::detail
