#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include "code_lane.hpp"
#include "komhen/detail/pages.hpp"
#include "komhen/registration/columns.hpp"
#include "komhen/registration/field.hpp"
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
    if (counts_ == nullptr) {
      wraps_ = Places<std::uint32_t>{std::bit_ceil(size_)};
      counts_ = Places<std::uint8_t>{std::bit_ceil(size_)};
    }
    return has_more_ ? count_rows<true>(row, end) : count_rows<false>(row, end);
  }
  static constexpr std::size_t kTogether = 0xFFFF'FFFF;

  using Near = CellTable<std::uint64_t>::Near;
  /// Calls `visit(near)` for near cells of which one has been counted.
  template <class Visit>
  void for_each(Visit&& visit) const {
    if (counts_ == nullptr) return;
    return wrapped_ ? visit_all<true>(visit) : visit_all<false>(visit);
  }
  void clear() noexcept {
    counts_ = {};
    wraps_ = {};
    wrapped_ = false;
  }

 private:
  static constexpr std::size_t kMost = std::size_t{4} << 20U;
  /// Where a code leads that has not been met: behind every place, however many such codes a row has.
  static constexpr std::uint32_t kNowhere = std::uint32_t{1} << 28U;
  static_assert(kMost < kNowhere && kNowhere <= 0xFFFF'FFFF / (kFieldCount + 1));
  using Bytes = std::array<std::uint32_t, 256>;

  /// How far each of a column's codes leads. Codes that lie close together are looked up by themselves.
  class Steps {
   public:
    void learn(const std::vector<std::pair<std::uint64_t, std::uint32_t>>& codes) {
      if (codes.empty()) return;
      const auto [least, most] = std::ranges::minmax(codes | std::views::keys);
      if (most - least < kClose) {
        least_ = static_cast<std::uint32_t>(least);
        close_.assign(most - least + 1, kNowhere);
      }
      for (const auto& [code, step] : codes)
        if (close_.empty())
          scattered_.learn(code, step);
        else
          close_[code - least] = step;
    }
    /// What looking up a code needs, for a loop to keep near.
    class View {
     public:
      explicit View(const Steps& steps) noexcept
          : close_{steps.close_.data()},
            least_{steps.least_},
            size_{static_cast<std::uint32_t>(steps.close_.size())},
            scattered_{steps.scattered_} {}
      [[nodiscard, gnu::always_inline]] std::uint32_t of(std::uint32_t code) const noexcept {
        const std::uint32_t at = code - least_;
        if (at < size_) return close_[at];
        return static_cast<std::uint32_t>(scattered_.of(code));
      }

     private:
      const std::uint32_t* close_;
      std::uint32_t least_;
      std::uint32_t size_;
      const LearntNumbers<kNowhere>& scattered_;
    };

   private:
    static constexpr std::uint64_t kClose = 4096;
    std::uint32_t least_ = 0;
    std::vector<std::uint32_t> close_;
    LearntNumbers<kNowhere> scattered_;
  };

  template <bool kWrapped, class Visit>
  void visit_all(Visit&& visit) const {
    const std::vector<std::uint64_t>& types = axes_.back();
    std::vector<std::size_t> digits(axes_.size() - 1);
    std::uint64_t outer = 0;
    for (std::size_t at = 0; at < size_; at += types.size()) {
      if (at == 0 || digits.back() == 0) {
        outer = fixed_;
        for (std::size_t axis = 0; axis + 1 < digits.size(); ++axis) outer |= axes_[axis][digits[axis]];
      }
      Near near{outer | axes_[digits.size() - 1][digits.back()], {}};
      std::int64_t any = 0;
      for (std::size_t i = 0; i < types.size(); ++i) {
        std::int64_t count = counts_[at + i];
        if constexpr (kWrapped) count += std::int64_t{wraps_[at + i]} << 8U;
        near.counts[NearCells::within(types[i])] = count;
        any |= count;
      }
      if (any != 0) visit(near);
      for (std::size_t axis = digits.size(); axis-- > 0;) {
        if (++digits[axis] < axes_[axis].size()) break;
        digits[axis] = 0;
      }
    }
  }

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
      std::uint32_t at = 0;
      std::vector<std::pair<std::uint64_t, std::uint32_t>> leads;
      each_code(codes, [&](std::uint64_t code, std::uint64_t) {
        leads.emplace_back(code, at);
        at += static_cast<std::uint32_t>(step);
      });
      if constexpr (requires { steps.learn(leads); }) {
        steps.learn(leads);
      } else {
        if constexpr (requires { steps.resize(1); }) steps.resize(codes.size());
        std::ranges::fill(steps, kNowhere);
        for (const auto& [code, lead] : leads) steps[code] = lead;
      }
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
    visit(learnt.directions, directions_);
    visit(learnt.types, types_);  // innermost, so that near cells come one after another
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
    const Columns columns = columns_;
    const Steps::View municipalities{municipalities_};
    const Steps::View weeks{weeks_};
    const Steps::View tasks{tasks_};
    std::uint8_t* const counts = counts_.get();
    std::array<std::uint32_t, CellTable<std::uint64_t>::kTogether> places;
    while (row < end) {
      const std::size_t together = std::min(places.size(), end - row);
      std::uint32_t any = 0;
      for (std::size_t i = 0; i < together; ++i) {
        const std::size_t at = row + i;
        std::uint32_t place = municipalities.of(static_cast<std::uint32_t>(columns.municipality[at])) +
                              weeks.of(static_cast<std::uint32_t>(columns.week[at])) +
                              tasks.of(static_cast<std::uint32_t>(columns.task[at])) +
                              channels_[columns.channel[at]] + types_[columns.type[at]] +
                              directions_[columns.direction[at]];
        if constexpr (kMore) place += more(at);
        places[i] = place;
        any |= place;
      }
      std::size_t met = together;
      if (any >= kNowhere) [[unlikely]]
        met = static_cast<std::size_t>(
            std::ranges::find_if(places, [](std::uint32_t place) { return place >= kNowhere; }) -
            places.begin());
      for (std::size_t i = 0; i < met; ++i) __builtin_prefetch(counts + places[i], 1);
      for (std::size_t i = 0; i < met; ++i)
        if (++counts[places[i]] == 0) [[unlikely]] {
          ++wraps_[places[i]];
          wrapped_ = true;
        }
      row += met;
      if (met != together) break;
    }
    return row;
  }
  [[nodiscard]] std::uint32_t more(std::size_t row) const noexcept {
    std::uint32_t at = 0;
    if (columns_.closure != nullptr) at += closures_[columns_.closure[row]];
    if (columns_.form != nullptr) at += forms_[columns_.form[row]];
    if (columns_.source.index != nullptr) at += step_at(sources_, columns_.source.index[row]);
    if (columns_.unit.index != nullptr) at += step_at(units_, columns_.unit.index[row]);
    return at;
  }
  static std::uint32_t step_at(const std::vector<std::uint32_t>& steps, std::int32_t index) noexcept {
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
  std::vector<std::uint32_t> sources_;
  std::vector<std::uint32_t> units_;
  Places<std::uint8_t> counts_;  ///< small, so that as many as can be are near the processor
  Places<std::uint32_t> wraps_;  ///< how often each has passed 255
  bool wrapped_ = false;         ///< whether any of them has
};

}  // namespace komhen::detail
