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

#include "byte_steps.hpp"
#include "code_lane.hpp"
#include "cube_batch.hpp"
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
  /// another. No more than kTogether rows may be counted before they are brought to a cube.
  std::size_t count(std::size_t row, std::size_t end) {
    if (counts_ == nullptr) {
      wraps_ = Places<std::uint32_t>{std::bit_ceil(size_), Pages::when_used};
      counts_ = Places<std::uint8_t>{std::bit_ceil(size_), Pages::at_once};
    }
    const std::size_t behind = count_rows(row, end);
    counted_ += behind - row;
    return behind;
  }
  static constexpr std::size_t kTogether = 0xFFFF'FFFF;

  /// Brings what has been counted into the cube of a batch, all of it or when memory runs out nothing, and
  /// begins anew.
  void bring_to(CubeBatch& batch) {
    if (counted_ == 0) return;
    const auto contacts = static_cast<std::int64_t>(counted_);
    if (wrapped_)
      batch.add_all_near<Table::Near>(contacts,
                                      [&](auto&& visit) { each_near(visit, &DenseTally::near_at); });
    else
      batch.add_all_near<Table::NearFew>(contacts,
                                         [&](auto&& visit) { each_near(visit, &DenseTally::near_few_at); });
    counts_ = {};
    wraps_ = {};
    wrapped_ = false;
    counted_ = 0;
  }

 private:
  using Table = CellTable<std::uint64_t>;
  static constexpr std::size_t kMost = std::size_t{4} << 20U;
  /// Where a code leads that has not been met: behind every place, however many such codes a row has.
  static constexpr std::uint32_t kNowhere = ByteSteps::kNowhere;
  static_assert(kMost < kNowhere && kNowhere <= 0xFFFF'FFFF / (kFieldCount + 1));
  using Bytes = ByteSteps::Steps;

  /// How far each of a column's codes leads. Codes that lie close together are looked up by themselves; a few
  /// that do not, in places where none of them meets another.
  class Steps {
   public:
    void learn(const std::vector<std::pair<std::uint64_t, std::uint32_t>>& codes) {
      if (codes.empty()) return;
      const auto [least, most] = std::ranges::minmax(codes | std::views::keys);
      if (most - least < kClose) {
        least_ = static_cast<std::uint32_t>(least);
        close_.assign(most - least + 2, kNowhere);
        for (const auto& [code, step] : codes) close_[code - least] = step;
      } else if (!learn_apart(codes)) {
        for (const auto& [code, step] : codes) scattered_.learn(code, step);
      }
    }
    /// Adds to the places of some rows how far their codes lead.
    void lead(const std::int32_t* codes, std::size_t rows, std::uint32_t* places) const noexcept {
      if (!apart_.empty()) {
        const Apart* const apart = apart_.data();
        const std::uint32_t factor = factor_;
        const unsigned shift = shift_;
        for (std::size_t i = 0; i < rows; ++i) {
          const auto code = static_cast<std::uint32_t>(codes[i]);
          const Apart& there = apart[code * factor >> shift];
          places[i] += there.code == code ? there.step : kNowhere;
        }
        return;
      }
      if (close_.empty()) {
        const auto& scattered = scattered_;
        for (std::size_t i = 0; i < rows; ++i)
          places[i] += static_cast<std::uint32_t>(scattered.of(static_cast<std::uint32_t>(codes[i])));
        return;
      }
      const std::uint32_t* const close = close_.data();
      const std::uint32_t least = least_;
      const auto last = static_cast<std::uint32_t>(close_.size() - 1);  // leads nowhere
      for (std::size_t i = 0; i < rows; ++i)
        places[i] += close[std::min(static_cast<std::uint32_t>(codes[i]) - least, last)];
    }

   private:
    static constexpr std::uint64_t kClose = 4096;
    static constexpr unsigned kMostApart = 12;  ///< bits that number the places
    struct Apart {
      std::uint32_t code = 0;
      std::uint32_t step = kNowhere;
    };

    /// Finds a factor by which no two codes come to one place; false where none is found.
    bool learn_apart(const std::vector<std::pair<std::uint64_t, std::uint32_t>>& codes) {
      for (auto bits = static_cast<unsigned>(std::bit_width(2 * codes.size())); bits <= kMostApart; ++bits)
        for (std::uint32_t attempt = 1; attempt <= 64; ++attempt) {
          factor_ = attempt * 0x9E37'79B9U | 1U;
          shift_ = 32 - bits;
          if (place_apart(codes)) return true;
        }
      apart_.clear();
      return false;
    }
    bool place_apart(const std::vector<std::pair<std::uint64_t, std::uint32_t>>& codes) {
      apart_.assign(std::size_t{1} << (32 - shift_), {});
      for (const auto& [code, step] : codes) {
        Apart& there = apart_[static_cast<std::uint32_t>(code) * factor_ >> shift_];
        if (there.step != kNowhere) return false;
        there = {static_cast<std::uint32_t>(code), step};
      }
      return true;
    }

    std::uint32_t least_ = 0;
    std::vector<std::uint32_t> close_;
    std::uint32_t factor_ = 0;
    unsigned shift_ = 0;
    std::vector<Apart> apart_;
    LearntNumbers<kNowhere> scattered_;
  };

  /// Calls `visit(near)` for near cells of which one has been counted.
  template <class Visit, class NearAt>
  void each_near(Visit&& visit, NearAt near_at) const {
    std::vector<std::size_t> digits(axes_.size() - 1);
    const std::size_t last = digits.size() - 1;
    const std::size_t types = axes_.back().size();
    std::uint64_t outer = 0;
    for (std::size_t at = 0; at < size_; at += types) {
      if (digits[last] == 0) {
        outer = fixed_;
        for (std::size_t axis = 0; axis < last; ++axis) outer |= axes_[axis][digits[axis]];
      }
      const auto near = (this->*near_at)(outer | axes_[last][digits[last]], at);
      if (near.contacts() != 0) visit(near);
      for (std::size_t axis = last + 1; axis-- > 0;) {
        if (++digits[axis] < axes_[axis].size()) break;
        digits[axis] = 0;
      }
    }
  }
  [[nodiscard]] Table::NearFew near_few_at(std::uint64_t first, std::size_t at) const noexcept {
    std::uint64_t counts = 0;
    for (const std::uint64_t type : axes_.back())
      counts |= std::uint64_t{counts_[at++]} << 8 * NearCells::within(type);
    return {first, counts};
  }
  [[nodiscard]] Table::Near near_at(std::uint64_t first, std::size_t at) const noexcept {
    Table::Near near{first, {}};
    for (const std::uint64_t type : axes_.back()) {
      near.counts[NearCells::within(type)] = counts_[at] + (std::int64_t{wraps_[at]} << 8U);
      ++at;
    }
    return near;
  }

  explicit DenseTally(const CodeLane& lane) : columns_{lane.columns()}, fixed_{lane.fixed_bits()} {
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
    bytes_.settle();
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
    visit(learnt.channels, bytes_.channels());
    visit(learnt.directions, bytes_.directions());
    visit(learnt.types, bytes_.types());  // innermost, so that near cells come one after another
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

  /// Rows that are looked up together, a column after the other: so a loop needs few registers.
  static constexpr std::size_t kBlock = 2048;
  /// So many rows ahead, where a row is counted is fetched.
  static constexpr std::size_t kAhead = 32;
  using PlacesOfRows = std::array<std::uint32_t, kBlock + kAhead>;

  std::size_t count_rows(std::size_t row, std::size_t end) noexcept {
    std::uint8_t* const counts = counts_.get();
    PlacesOfRows places{};
    while (row < end) {
      const std::size_t together = std::min(kBlock, end - row);
      const std::size_t met = find_places(row, together, places);
      for (std::size_t i = 0; i < kAhead; ++i) __builtin_prefetch(counts + places[i], 1);
      for (std::size_t i = 0; i < met; ++i) {
        __builtin_prefetch(counts + places[i + kAhead], 1);
        if (++counts[places[i]] == 0) [[unlikely]] {
          ++wraps_[places[i]];
          wrapped_ = true;
        }
      }
      row += met;
      if (met != together) break;
    }
    return row;
  }
  /// Finds where some rows are counted; returns how many before the first with a code that has not been met.
  std::size_t find_places(std::size_t row, std::size_t rows, PlacesOfRows& found) const noexcept {
    std::uint32_t* const places = found.data();
    bytes_.lead(columns_.channel + row, columns_.type + row, columns_.direction + row, rows, places);
    municipalities_.lead(columns_.municipality + row, rows, places);
    weeks_.lead(columns_.week + row, rows, places);
    tasks_.lead(columns_.task + row, rows, places);
    lead(closures_, columns_.closure, row, rows, places);
    lead(forms_, columns_.form, row, rows, places);
    lead(sources_, columns_.source.index, row, rows, places);
    lead(units_, columns_.unit.index, row, rows, places);
    std::uint32_t any = 0;
    for (std::size_t i = 0; i < rows; ++i) any |= places[i];
    if (any < kNowhere) [[likely]]
      return rows;
    return static_cast<std::size_t>(
        std::find_if(places, places + rows, [](std::uint32_t place) { return place >= kNowhere; }) - places);
  }
  static void lead(const Bytes& steps, const std::uint8_t* codes, std::size_t row, std::size_t rows,
                   std::uint32_t* places) noexcept {
    for (std::size_t i = 0; codes != nullptr && i < rows; ++i) places[i] += steps[codes[row + i]];
  }
  static void lead(const std::vector<std::uint32_t>& steps, const std::int32_t* indices, std::size_t row,
                   std::size_t rows, std::uint32_t* places) noexcept {
    for (std::size_t i = 0; indices != nullptr && i < rows; ++i) {
      const auto at = static_cast<std::uint32_t>(indices[row + i]);
      places[i] += at < steps.size() ? steps[at] : kNowhere;
    }
  }

  Columns columns_;
  std::uint64_t fixed_;
  std::vector<std::vector<std::uint64_t>>
      axes_;  ///< the bits of the codes of each column, the outermost first
  std::size_t size_ = 1;
  std::size_t counted_ = 0;  ///< rows, since any were brought to a cube
  Steps municipalities_;
  Steps weeks_;
  Steps tasks_;
  ByteSteps bytes_;
  Bytes closures_;
  Bytes forms_;
  std::vector<std::uint32_t> sources_;
  std::vector<std::uint32_t> units_;
  Places<std::uint8_t> counts_;  ///< small, so that as many as can be are near the processor
  Places<std::uint32_t> wraps_;  ///< how often each has passed 255
  bool wrapped_ = false;         ///< whether any of them has
};

}  // namespace komhen::detail
