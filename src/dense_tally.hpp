#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <unordered_map>
#include <utility>
#include <vector>

#include "code_steps.hpp"
#include "count_ways.hpp"
#include "cube_cells.hpp"
#include "komhen/detail/pages.hpp"
#include "komhen/registration/field.hpp"
#include "near_counts.hpp"

namespace komhen::detail {

/// What has been learnt of a column of codes: the bits of a cell's key that each of them stands for.
struct LearntColumn {
  struct Code {
    std::uint32_t code;  ///< of 32 bits, or the 8 lowest of them
    std::uint64_t bits;
  };
  Field field;
  std::vector<Code> codes;
};

/// Counts rows of codes in an array with a place for every combination of what codes have been seen to stand
/// for. Where these are few beside the rows, nothing is faster; what has been counted is taken out in the
/// end.
class DenseTally {
 public:
  using Near = CellTable<std::uint64_t>::Near;
  using NearFew = CellTable<std::uint64_t>::NearFew;

  /// @param fixed_bits  the bits of a key that no column says
  /// @param columns     of different fields; the tally numbers them as they stand here
  /// @param before      the tally of the same columns that it is to take the place of, or nullptr: where a
  ///                    column has more codes than when that one was made, there is room for as many again
  /// Nullopt where no code of a column has been learnt, or the combinations are too many for so many rows.
  static std::optional<DenseTally> of(std::uint64_t fixed_bits, const std::vector<LearntColumn>& columns,
                                      std::size_t rows, const DenseTally* before) {
    const std::size_t most = std::min(kMost, 2 * rows);
    for (const DenseTally* grown_from : {before, static_cast<const DenseTally*>(nullptr)}) {
      DenseTally out{fixed_bits, columns, grown_from};
      if (out.size_ != 0 && out.size_ <= most) return out;
      if (grown_from == nullptr) break;
    }
    return std::nullopt;
  }

  /// Rows without a place in the array that must have come since it was made, before making a larger one
  /// costs no more than they have.
  [[nodiscard]] std::size_t patience() const noexcept {
    return std::max({count_ways().array_from / 4, size_ / 64, std::size_t{1}});
  }

  /// Counts rows from `row` up to `end` as long as they have a place; returns the first that has none. Rows
  /// come in order. `lead(column, steps, row, rows, places)` gives the codes of some rows to steps.lead().
  /// No more than kTogether rows may be counted before they are taken out.
  template <class Lead>
  std::size_t count(std::size_t row, std::size_t end, Lead&& lead) {
    if (counts_ == nullptr) {
      wraps_ = Places<std::uint32_t>{std::bit_ceil(size_), Pages::when_used};
      counts_ = Places<std::uint8_t>{std::bit_ceil(size_), Pages::at_once};
    }
    const std::size_t begin = row;
    while (row < end) {
      if (row >= block_end_) find_places(row, std::min(end, row + kBlock), lead);
      const std::size_t behind = std::min(end, block_end_);
      row = count_found(row, behind);
      if (row != behind) break;
    }
    counted_ += row - begin;
    return row;
  }
  static constexpr std::size_t kTogether = 0xFF'FFFF'FFFF;

  /// Rows are numbered anew from here on: others have come.
  void begin_rows() noexcept { block_end_ = 0; }
  /// A code of a column has been learnt. It has a place where another stood for the same, or there is room.
  void learn(std::size_t column, const LearntColumn::Code& learnt) {
    CodeSteps& steps = steps_[column];
    if (steps.knows(learnt.code)) return;
    Axis& axis = *std::ranges::find(axes_, column, &Axis::column);
    const std::optional<std::uint32_t> place = axis.place_of(learnt.bits);
    if (!place) return;
    steps.learn({learnt.code, *place * axis.step});
    block_end_ = 0;  // the rows of the block are looked up again
  }
  /// A column's codes stand for something else from here on.
  void learn_anew(std::size_t column, const LearntColumn& learnt) {
    Axis& axis = *std::ranges::find(axes_, column, &Axis::column);
    std::vector<CodeSteps::Lead> leads;
    for (const LearntColumn::Code& code : learnt.codes)
      if (const auto place = axis.place_of(code.bits)) leads.emplace_back(code.code, *place * axis.step);
    steps_[column] = CodeSteps{std::move(leads)};
    block_end_ = 0;
  }

  /// Rows that have been counted since any were taken out.
  [[nodiscard]] std::size_t counted() const noexcept { return counted_; }
  /// Whether one of them was counted so often that near cells are not few.
  [[nodiscard]] bool has_many() const noexcept { return wrapped_; }

  /// Near cells of which one has been counted; 0 where it would take long to tell.
  [[nodiscard]] std::size_t near_counted() const noexcept {
    std::size_t near = 0;
    for (std::size_t at = 0; all_types_ && at < size_; at += NearCells::kNear)
      near += near_counts_at(counts_.get() + at) != 0 ? 1U : 0U;
    return near;
  }
  /// Calls `visit(near)` for near cells of which one has been counted: the same ones in the same order,
  /// until others are counted or clear() is called.
  template <class SomeNear, class Visit>
  void each_near(Visit&& visit) const {
    each_near_from<SomeNear>(0, 0, fixed_, visit);
  }
  /// Begins anew.
  void clear() noexcept {
    counts_ = {};
    wraps_ = {};
    wrapped_ = false;
    counted_ = 0;
  }

 private:
  static constexpr std::size_t kMost = std::size_t{4} << 20U;
  /// Innermost axes: where nothing has been counted in them, as in most of an array of sorted rows, none of
  /// them is looked at by itself.
  static constexpr std::size_t kLookedAtTogether = 3;
  static constexpr std::uint32_t kNowhere = CodeSteps::kNowhere;
  static_assert(kMost < kNowhere && 2 * kFieldCount < CodeSteps::kMostTogether);

  /// What the codes of one column can stand for.
  struct Axis {
    std::optional<std::size_t> column;  ///< none where all rows have the same bits
    std::vector<std::uint64_t> bits;    ///< by place
    std::unordered_map<std::uint64_t, std::uint32_t> places = {};
    std::size_t room = 0;    ///< places that there can be
    std::size_t first = 0;   ///< of them, those that there were when the array was made
    std::uint32_t step = 1;  ///< from one of them to the next, in the array

    /// The place of some bits, which may be a new one; nullopt where there is no room.
    std::optional<std::uint32_t> place_of(std::uint64_t wanted) {
      const auto there = places.find(wanted);
      if (there != places.end()) return there->second;
      if (bits.size() == room) return std::nullopt;
      const auto place = static_cast<std::uint32_t>(bits.size());
      places.emplace(wanted, place);
      bits.push_back(wanted);
      return place;
    }
  };

  DenseTally(std::uint64_t fixed_bits, const std::vector<LearntColumn>& columns, const DenseTally* before)
      : fixed_{fixed_bits} {
    // Types innermost, so that near cells lie one after another; what is seldom there, outermost; then
    // municipalities, by which files are sorted.
    for (const Field field :
         {Field::unit, Field::source, Field::closure, Field::form, Field::municipality, Field::week,
          Field::date, Field::kle, Field::channel, Field::direction, Field::type})
      for (std::size_t column = 0; column < columns.size(); ++column)
        if (columns[column].field == field) add_axis(column, columns[column], before);
    const std::uint64_t types = CubeCells::mask_of(Field::type);
    if (std::ranges::find(columns, Field::type, &LearntColumn::field) == columns.end()) {
      axes_.push_back({std::nullopt, {fixed_bits & types}, {}, 1, 1});
      fixed_ &= ~types;
    }
    if (size_ == 0 || size_ > kMost) return;
    all_types_ = std::ranges::equal(axes_.back().bits, std::views::iota(std::uint64_t{0}, NearCells::kNear));
    for (std::size_t i = axes_.size() - 1; i-- > 0;)
      axes_[i].step = axes_[i + 1].step * static_cast<std::uint32_t>(axes_[i + 1].room);
    if (axes_.size() >= kLookedAtTogether) {
      const Axis& outermost = axes_[axes_.size() - kLookedAtTogether];
      together_ = outermost.step * outermost.room;
    }
    steps_.resize(columns.size());
    for (std::size_t column = 0; column < columns.size(); ++column) learn_anew(column, columns[column]);
  }
  void add_axis(std::size_t column, const LearntColumn& learnt, const DenseTally* before) {
    std::vector<std::uint64_t> bits;
    for (const LearntColumn::Code& code : learnt.codes) bits.push_back(code.bits);
    std::ranges::sort(bits);
    bits.erase(std::ranges::unique(bits).begin(), bits.end());
    Axis& axis = axes_.emplace_back(Axis{column, {}});
    axis.room = axis.first = bits.size();
    for (const std::uint64_t one : bits) static_cast<void>(axis.place_of(one));
    const bool has_grown =
        before != nullptr && std::ranges::find(before->axes_, column, &Axis::column)->first < axis.first;
    if (has_grown) axis.room *= 2;
    if (size_ <= kMost) size_ *= axis.room;
  }

  /// Rows that are looked up together, a column after the other: so a loop needs few registers, and what they
  /// lead to stays near the processor.
  static constexpr std::size_t kBlock = 512;
  /// So many rows ahead, where a row is counted is fetched.
  static constexpr std::size_t kAhead = 32;

  template <class Lead>
  void find_places(std::size_t row, std::size_t end, Lead&& lead) {
    block_begin_ = row;
    block_end_ = end;
    std::fill_n(places_.begin(), end - row, std::uint32_t{0});
    for (std::size_t column = 0; column < steps_.size(); ++column)
      lead(column, steps_[column], row, end - row, places_.data());
    for (std::size_t i = 0; i < kAhead; ++i) __builtin_prefetch(counts_.get() + places_[i], 1);
  }
  std::size_t count_found(std::size_t row, std::size_t end) noexcept {
    std::uint8_t* const counts = counts_.get();
    for (const std::uint32_t* found = places_.data() + (row - block_begin_); row < end; ++row, ++found) {
      __builtin_prefetch(counts + found[kAhead], 1);
      const std::uint32_t place = *found;
      if (place >= kNowhere) [[unlikely]]
        break;
      if (++counts[place] == 0) [[unlikely]] {
        ++wraps_[place];
        wrapped_ = true;
      }
    }
    return row;
  }

  /// Those from a place on, of which what the axes before this one say is known; returns the place behind.
  template <class SomeNear, class Visit>
  std::size_t each_near_from(std::size_t axis, std::size_t at, std::uint64_t first, Visit&& visit) const {
    if (axis + 1 != axes_.size()) {
      if (axis + kLookedAtTogether == axes_.size() && is_empty(at)) return at + together_;
      const Axis& here = axes_[axis];
      for (const std::uint64_t bits : here.bits)
        at = each_near_from<SomeNear>(axis + 1, at, first | bits, visit);
      return at + (here.room - here.bits.size()) * here.step;
    }
    const SomeNear near = near_at(first, at, SomeNear{});
    if (near.contacts() != 0) visit(near);
    return at + axes_[axis].room;
  }
  /// Whether nothing has been counted from a place on in the innermost axes.
  [[nodiscard]] bool is_empty(std::size_t at) const noexcept {
    const std::uint8_t* const counts = counts_.get() + at;
    unsigned any = wrapped_ ? 1 : 0;
    for (std::size_t i = 0; i < together_; ++i) any |= counts[i];
    return any == 0;
  }
  [[nodiscard]] NearFew near_at(std::uint64_t first, std::size_t at, NearFew) const noexcept {
    if (all_types_) return {first, near_counts_at(counts_.get() + at)};
    std::uint64_t counts = 0;
    for (const std::uint64_t type : axes_.back().bits)
      counts |= std::uint64_t{counts_[at++]} << 8 * NearCells::within(type);
    return {first, counts};
  }
  [[nodiscard]] Near near_at(std::uint64_t first, std::size_t at, const Near&) const noexcept {
    Near near{first, {}};
    for (const std::uint64_t type : axes_.back().bits) {
      near.counts[NearCells::within(type)] = counts_[at] + (std::int64_t{wraps_[at]} << 8U);
      ++at;
    }
    return near;
  }

  std::uint64_t fixed_ = 0;
  std::vector<Axis> axes_;  ///< the outermost first
  std::size_t size_ = 1;
  bool all_types_ = false;        ///< whether the innermost axis is all of them, in order
  std::size_t together_ = 1;      ///< places of the innermost axes
  std::vector<CodeSteps> steps_;  ///< of the columns as they were given
  std::size_t counted_ = 0;
  Places<std::uint8_t> counts_;  ///< small, so that as many as can be are near the processor
  Places<std::uint32_t> wraps_;  ///< how often each has passed 255
  bool wrapped_ = false;         ///< whether any of them has
  std::array<std::uint32_t, kBlock + kAhead> places_{};  ///< of the rows of a block
  std::size_t block_begin_ = 0;
  std::size_t block_end_ = 0;
};

}  // namespace komhen::detail
