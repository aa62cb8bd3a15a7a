#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "code_lane.hpp"
#include "komhen/detail/pages.hpp"
#include "komhen/registration/columns.hpp"
#include "learnt_codes.hpp"

namespace komhen::detail {

/// Counts rows of codes in an array with a place for every combination of the codes that have been met. Where
/// these are few beside the rows, nothing is faster; what has been counted goes into a cube in the end.
class DenseTally {
 public:
  /// Of what the lane has learnt; nullopt where the combinations are too many for so many rows, or where
  /// municipality and week must have been seen together. The columns must outlive it, and have no counts.
  static std::optional<DenseTally> of(const CodeLane& lane, std::size_t rows) {
    if (lane.has_places() || lane.columns().count != nullptr) return std::nullopt;
    DenseTally out{lane};
    return out.size_ > kMost || out.size_ * 4 > rows ? std::nullopt : std::optional{std::move(out)};
  }

  /// Counts rows from `row` up to `end` as long as their codes have been met; returns the first that has
  /// another. No more than kTogether rows may be counted before they are taken out by for_each() and clear().
  std::size_t count(std::size_t row, std::size_t end) {
    if (counts_ == nullptr) counts_ = Places<std::uint32_t>{std::bit_ceil(size_)};
    return has_more_ ? count_rows<true>(row, end) : count_rows<false>(row, end);
  }
  static constexpr std::size_t kTogether = 0xFFFF'FFFF;

  /// Calls `visit(key, count)` for every cell that has been counted.
  template <class Visit>
  void for_each(Visit&& visit) const {
    if (counts_ == nullptr) return;
    const std::vector<std::uint64_t>& inner = axes_.back();
    std::vector<std::size_t> digits(axes_.size() - 1);
    for (std::size_t at = 0; at < size_; at += inner.size()) {
      std::uint64_t key = fixed_;
      for (std::size_t axis = 0; axis < digits.size(); ++axis) key |= axes_[axis][digits[axis]];
      for (std::size_t i = 0; i < inner.size(); ++i)
        if (counts_[at + i] != 0) visit(key | inner[i], std::int64_t{counts_[at + i]});
      for (std::size_t axis = digits.size(); axis-- > 0;) {
        if (++digits[axis] < axes_[axis].size()) break;
        digits[axis] = 0;
      }
    }
  }
  void clear() noexcept { counts_ = {}; }

 private:
  static constexpr std::size_t kMost = std::size_t{4} << 20U;
  /// Where a code leads that has not been met: far behind every place, however many such codes a row has.
  static constexpr std::uint64_t kNowhere = std::uint64_t{1} << 56U;
  using Steps = LearntNumbers<kNowhere>;
  using Bytes = std::array<std::uint64_t, 256>;

  explicit DenseTally(const CodeLane& lane)
      : columns_{lane.columns()},
        fixed_{lane.fixed_bits()},
        has_more_{columns_.closure != nullptr || columns_.form != nullptr ||
                  columns_.source.index != nullptr || columns_.unit.index != nullptr} {
    each_column(lane.learnt(), [&](const auto& codes, auto&) {
      axes_.emplace_back();
      each_code(codes, [&](std::uint64_t, std::uint64_t bits) { axes_.back().push_back(bits); });
      if (size_ <= kMost) size_ *= axes_.back().size();
    });
    if (size_ > kMost) return;
    std::size_t step = size_;
    auto axis = axes_.begin();
    each_column(lane.learnt(), [&](const auto& codes, auto& steps) {
      step /= axis++->size();
      std::uint64_t at = 0;
      if constexpr (requires { steps.fill(kNowhere); })
        steps.fill(kNowhere);
      else if constexpr (requires { steps.resize(1); })
        steps.assign(codes.size(), kNowhere);
      each_code(codes, [&](std::uint64_t code, std::uint64_t) {
        if constexpr (requires { steps.learn(code, at); })
          steps.learn(code, at);
        else
          steps[code] = at;
        at += step;
      });
    });
  }

  /// Calls `visit(codes, steps)` for the columns that there are, the outermost first: what has been learnt of
  /// it, and how far each of its codes leads.
  template <class Visit>
  void each_column(const CodeLane::Learnt& learnt, Visit&& visit) {
    if (columns_.unit.index != nullptr) visit(learnt.units, units_);
    if (columns_.source.index != nullptr) visit(learnt.sources, sources_);
    if (columns_.closure != nullptr) visit(learnt.closures, closures_);
    if (columns_.form != nullptr) visit(learnt.forms, forms_);
    visit(learnt.municipalities, municipalities_);
    visit(learnt.weeks, weeks_);
    visit(learnt.tasks, tasks_);
    visit(learnt.channels, channels_);
    visit(learnt.types, types_);
    visit(learnt.directions, directions_);
  }
  template <class Codes, class Visit>
  static void each_code(const Codes& codes, Visit&& visit) {
    if constexpr (requires { codes.for_each(visit); }) {
      codes.for_each(visit);
    } else {
      for (std::size_t code = 0; code < codes.size(); ++code)
        if (codes[code] != kUnlearnt) visit(code, codes[code]);
    }
  }

  /// Some rows together: where each is counted is fetched before the first is, as a cube's cells are.
  template <bool kMore>
  std::size_t count_rows(std::size_t row, std::size_t end) noexcept {
    const Columns& columns = columns_;
    std::uint32_t* const counts = counts_.get();
    std::array<std::uint64_t, CellTable<std::uint64_t>::kTogether> places;
    for (std::size_t met = places.size(); met == places.size() && row < end; row += met) {
      const std::size_t together = std::min(places.size(), end - row);
      for (met = 0; met < together; ++met) {
        const std::size_t at = row + met;
        std::uint64_t place = municipalities_.of(static_cast<std::uint32_t>(columns.municipality[at])) +
                              weeks_.of(static_cast<std::uint32_t>(columns.week[at])) +
                              tasks_.of(static_cast<std::uint32_t>(columns.task[at])) +
                              channels_[columns.channel[at]] + types_[columns.type[at]] +
                              directions_[columns.direction[at]];
        if constexpr (kMore) place += more(at);
        if (place >= kNowhere) [[unlikely]]
          break;
        places[met] = place;
        __builtin_prefetch(counts + place, 1);
      }
      for (std::size_t i = 0; i < met; ++i) ++counts[places[i]];
    }
    return row;
  }
  [[nodiscard]] std::uint64_t more(std::size_t row) const noexcept {
    std::uint64_t at = 0;
    if (columns_.closure != nullptr) at += closures_[columns_.closure[row]];
    if (columns_.form != nullptr) at += forms_[columns_.form[row]];
    if (columns_.source.index != nullptr) at += step_at(sources_, columns_.source.index[row]);
    if (columns_.unit.index != nullptr) at += step_at(units_, columns_.unit.index[row]);
    return at;
  }
  static std::uint64_t step_at(const std::vector<std::uint64_t>& steps, std::int32_t index) noexcept {
    const auto at = static_cast<std::uint32_t>(index);
    return at < steps.size() ? steps[at] : kNowhere;
  }

  Columns columns_;
  std::uint64_t fixed_;
  bool has_more_;
  std::vector<std::vector<std::uint64_t>>
      axes_;  ///< the bits of the codes of each column, the outermost first
  std::size_t size_ = 1;
  Steps municipalities_;
  Steps weeks_;
  Steps tasks_;
  Bytes channels_;
  Bytes types_;
  Bytes directions_;
  Bytes closures_;
  Bytes forms_;
  std::vector<std::uint64_t> sources_;
  std::vector<std::uint64_t> units_;
  Places<std::uint32_t> counts_;
};

}  // namespace komhen::detail
