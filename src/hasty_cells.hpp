#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "count_ways.hpp"
#include "cross_table.hpp"
#include "cube_cells.hpp"

namespace komhen::detail {

/// Cells of rows that are counted in haste, on their way into a cube. Where enough rows have come for it,
/// they are counted in a cross table first; what has no place there goes straight on.
///
/// A cell is added some time after it has been pushed, and in flush() at the latest.
class HastyCells {
 public:
  explicit HastyCells(CubeCells cells) noexcept : cells_{std::move(cells)} {}

  [[nodiscard]] CubeCells& cells() noexcept { return cells_; }

  /// Many rows are known to come: a table is worth it sooner.
  void expect_many() noexcept {
    patience_ = std::min(patience_, count_ways().table_soon);
    many_apart_ = patience_ / 8;
  }

  /// Where the next cells go, for who pushes many and holds it close. Between pen() and put_down() cells are
  /// pushed with it alone.
  struct Pen {
    CubeCells::Cell* next;
    CubeCells::Cell* full;
  };
  [[nodiscard]] Pen pen() noexcept { return {coming_.data() + size_, coming_.data() + kTogether}; }
  void put_down(const Pen& pen) noexcept { size_ = static_cast<std::size_t>(pen.next - coming_.data()); }
  /// @throws Error (overflow).
  [[gnu::always_inline]] void push(Pen& pen, std::uint64_t key, std::int64_t count) {
    *pen.next = {key, count};
    if (++pen.next != pen.full) [[likely]]
      return;
    put_down(pen);
    hand_on();
    pen = this->pen();
  }
  [[gnu::always_inline]] void push(std::uint64_t key, std::int64_t count) {
    Pen one = pen();
    push(one, key, count);
    put_down(one);
  }

  /// Adds what is not yet there. @throws Error (overflow).
  void flush() {
    hand_on();
    add_apart();
    if (table_.is_on()) clear_table();
    cells_.flush();
  }

 private:
  using Cell = CubeCells::Cell;
  static constexpr std::size_t kTogether = CubeCells::kTogether;
  /// Bytes of the table that may be looked at in the end for every cell that has come into it; where it pays
  /// was measured.
  static constexpr std::size_t kWorthIt = 64;

  [[gnu::noinline]] void hand_on() {
    const std::span<const Cell> cells{coming_.data(), std::exchange(size_, 0)};
    if (!table_.is_on()) {
      cells_.add(cells);
      apart_since_ += cells.size();
      if (apart_since_ < patience_) return;
      table_.begin(count_ways().table_bytes);
      weigh_from_here();
      return;
    }
    table_.count(cells, [this](std::uint64_t key, std::int64_t count) {
      apart_[apart_size_++] = {key, count};
    });
    if (apart_size_ >= kTogether) add_apart();
  }
  /// Makes places in the table for what has none, and counts it there; weighs whether the table is worth what
  /// it costs, where so many again have come without one.
  void add_apart() {
    const std::array<Cell, 2 * kTogether> all = apart_;
    const std::span<const Cell> cells{all.data(), std::exchange(apart_size_, 0)};
    apart_since_ += cells.size();
    if (apart_since_ >= many_apart_) {
      // Where most find no place any more, the file has come to other municipalities.
      if ((table_.counted() - counted_before_) * 4 < apart_since_) clear_table();
      weigh_from_here();
    }
    for (const Cell& cell : cells) make_place(cell.key);
    const std::size_t first = std::min(kTogether, cells.size());
    count_or_add(cells.first(first));
    count_or_add(cells.subspan(first));
  }
  void make_place(std::uint64_t key) {
    if (!table_.is_on()) return;
    if (table_.wants_width(key)) {
      take_out();
      table_.widen();
    }
    table_.admit(key);
  }
  /// What has no place even now goes straight on, and so does what a byte could not hold.
  void count_or_add(std::span<const Cell> cells) {
    if (!table_.is_on()) return cells_.add(cells);
    std::array<Cell, kTogether> rest;
    std::size_t size = 0;
    table_.count(cells, [&](std::uint64_t key, std::int64_t count) { rest[size++] = {key, count}; });
    cells_.add({rest.data(), size});
  }
  void weigh_from_here() noexcept {
    apart_since_ = 0;
    counted_before_ = table_.counted();
  }
  void take_out() {
    table_.take_out([this](const CubeCells::NearFew& near) { cells_.add(near); });
    weigh_from_here();
  }
  /// Takes everything out of the table, and ends it where it was not worth it.
  void clear_table() {
    const bool was_worth_it = table_.counted() * kWorthIt >= table_.used();
    take_out();
    if (was_worth_it) return;
    table_.end();
    patience_ *= 4;
  }

  CubeCells cells_;
  std::array<Cell, kTogether> coming_;
  std::size_t size_ = 0;
  CrossTable table_;
  std::array<Cell, 2 * kTogether> apart_;  ///< what has no place in the table, or was too much for one
  std::size_t apart_size_ = 0;
  std::size_t apart_since_ = 0;     ///< cells that went straight on, since the table was last weighed
  std::size_t counted_before_ = 0;  ///< what it had counted then
  std::size_t patience_ = count_ways().table_from;        ///< cells that go straight on before it is tried
  std::size_t many_apart_ = count_ways().table_from / 8;  ///< cells without a place before it is weighed
};

}  // namespace komhen::detail
