#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "komhen/detail/interner.hpp"
#include "komhen/detail/movable.hpp"
#include "komhen/error.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/registration/registration.hpp"
#include "komhen/registration/validate.hpp"
#include "komhen/round/round.hpp"
#include "komhen/tally/cell_table.hpp"

namespace komhen {

namespace detail {

class CubeBatch;
class CubeCells;
class CubeQueue;

}  // namespace detail

/// An exact tally of contacts over the ten dimensions of a registration.
///
/// Counts are 64-bit and checked: an addition that would pass 2^63 - 1 throws and leaves the cube as it was.
/// Cubes form a commutative monoid: the empty cube, and merge(). No person and no event id is in it.
///
/// Threads: a cube has one writer; different cubes may be used at the same time. To count in parallel, give
/// each thread a cube and merge them.
class Cube {
 public:
  Cube() = default;
  Cube(const Cube&) = default;
  Cube(Cube&&) noexcept = default;
  /// All of the other cube, or when memory runs out what it was.
  Cube& operator=(const Cube& other) {
    if (this != &other) *this = Cube{other};
    return *this;
  }
  Cube& operator=(Cube&&) noexcept = default;
  ~Cube() = default;

  /// Adds a registration.
  /// @throws Error: argument for a count below 1, an enumeration without a value (what a Registration leaves
  /// out is 0) or a source or unit that is no label; overflow. The cube is as it was.
  void add(const Registration& registration) {
    if (registration.count < 1)
      throw Error(ErrorKind::argument,
                  "the count is " + std::to_string(registration.count) + "; it must be 1 or more");
    check_word(registration.channel, "channel");
    check_word(registration.type, "type");
    check_word(registration.direction, "direction");
    check_word(registration.closure, "closure");
    check_word(registration.form, "form");
    check_label(registration.source, "source");
    check_label(registration.unit, "unit");
    add_checked(registration);
  }

  /// Adds every cell of another cube, and remembers its rounds.
  /// @throws Error: overflow, or edition when a round id means different rounds in the two. The cube is as it
  /// was.
  void merge(const Cube& other) {
    if (&other == this) return merge(Cube{other});
    if (other.total_ > std::numeric_limits<std::int64_t>::max() - total_)
      throw Error(ErrorKind::overflow, "the merged cube would hold more than 9223372036854775807 contacts");
    std::vector<Round> rounds = rounds_;
    for (const Round& round : other.rounds_) put_round(rounds, round);
    // What can fail comes first: numbers, room. Only then does the first cell change.
    Renumbered tasks;
    Renumbered units;
    Renumbered sources;
    const auto each = [&](auto&& visit) {
      other.for_each_key([&](const WideKey& key, std::int64_t count) {
        const auto task = static_cast<std::uint32_t>(key.high >> kTaskAt & 0xF'FFFFU);
        const auto unit = static_cast<std::uint32_t>(key.low & 0xFFFF'FFFFU);
        const auto source = static_cast<std::uint32_t>(key.low >> 32U);
        visit(WideKey{(key.high & ~(std::uint64_t{0xF'FFFFU} << kTaskAt)) |
                          std::uint64_t{tasks.number(task, other.tasks_, tasks_)} << kTaskAt,
                      std::uint64_t{sources.number(source, other.sources_, sources_)} << 32U |
                          units.number(unit, other.units_, units_)},
              count);
      });
    };
    each([](const WideKey&, std::int64_t) {});
    if (outgrown()) widen();
    if (wide_)
      wide_cells_.add_all(other.total_, each);
    else
      cells_.add_all(other.total_, [&](auto&& visit) {
        each([&](const WideKey& key, std::int64_t count) { visit(narrowed(key), count); });
      });
    *total_ += other.total_;
    rounds_ = std::move(rounds);
  }

  /// Remembers that the cube holds contacts of this round. A round is part of what a number means.
  /// @throws Error: edition when the cube has another round under the same id; argument for a round that is
  /// not what its fields say they are.
  void note_round(const Round& round) { put_round(rounds_, round); }

  /// The contacts in it.
  [[nodiscard]] std::int64_t total() const noexcept { return total_; }
  /// The number of cells that are not empty.
  [[nodiscard]] std::size_t size() const noexcept { return wide_ ? wide_cells_.size() : cells_.size(); }
  [[nodiscard]] bool empty() const noexcept { return total_ == 0; }
  /// The rounds it holds contacts of, by id; empty for contacts that were counted without one.
  [[nodiscard]] std::span<const Round> rounds() const noexcept { return rounds_; }

  /// Calls `visit(cell)` for every cell, in no particular order. Labels live as long as the cube is not
  /// changed.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for_each_key([&](const WideKey& key, std::int64_t count) { visit(unpacked(key, count)); });
  }

  /// The cells in the order of their dimensions (labels by bytes). Labels live as long as the cube is not
  /// changed.
  [[nodiscard]] std::vector<Registration> cells() const {
    std::vector<Registration> out;
    out.reserve(size());
    for_each([&](const Registration& cell) { out.push_back(cell); });
    std::ranges::sort(out, {}, [](const Registration& r) {
      return std::tuple{r.municipality, r.week,    r.task, r.channel, r.type,
                        r.direction,    r.closure, r.form, r.source,  r.unit};
    });
    return out;
  }

  /// The cube of the cells for which `keep(cell)` is true; the rounds are kept.
  template <class Keep>
  [[nodiscard]] Cube filtered(Keep&& keep) const {
    Cube out;
    out.rounds_ = rounds_;
    for_each([&](const Registration& cell) {
      if (keep(cell)) out.add_checked(cell);
    });
    return out;
  }

  /// Equal contacts and equal rounds, however they were counted.
  friend bool operator==(const Cube& a, const Cube& b) {
    return a.total_ == b.total_ && a.size() == b.size() && a.rounds_ == b.rounds_ && a.cells() == b.cells();
  }

 private:
  static_assert(kWords<ContactType>.size() == detail::NearCells::kNear);

  friend class detail::CubeBatch;  // adds many registrations, all or none
  friend class detail::CubeCells;  // adds cells whose keys it has packed
  friend class detail::CubeQueue;  // adds one at a time, a little later

  /// All ten dimensions in 128 bits: what the 64-bit key becomes when one of its dimensions overflows.
  struct WideKey {
    std::uint64_t high;  ///< municipality, week, channel, closure, form, direction, task, type
    std::uint64_t low;   ///< source, unit
    friend bool operator==(const WideKey&, const WideKey&) = default;
  };

  /// Where what is small, and the task, lie in `high`, above the type.
  static constexpr unsigned kSmallAt = 23;
  static constexpr unsigned kTaskAt = 3;

  static constexpr std::uint32_t kNarrowTasks = 1U << 12U;
  static constexpr std::uint32_t kNarrowUnits = 1U << 15U;
  static constexpr std::uint32_t kNarrowSources = 1U << 6U;

  /// A round made by hand: weeks in another order would not be found, and an id stands in outputs.
  static void check_round(const Round& round) {
    const auto require = [&](bool met, const char* what) {
      if (!met) throw Error(ErrorKind::argument, "the round " + detail::quoted(round.id) + " " + what);
    };
    require(!round.id.empty() && is_label(round.id, kMaxLabel) && !find_personal(round.id),
            "must have an id of 1 to 64 bytes, without control characters and nothing like a CPR number");
    require(!round.weeks.empty() && std::ranges::is_sorted(round.weeks), "must have weeks, sorted");
    for (const Reclassification& rule : round.rules) {
      require(is_label(rule.source, kMaxLabel) && !find_personal(rule.source),
              "has a rule whose source is no label");
      require(std::ranges::is_sorted(rule.tasks) && std::ranges::is_sorted(rule.weeks),
              "has a rule whose tasks or weeks are not sorted");
    }
  }

  static void put_round(std::vector<Round>& rounds, const Round& round) {
    check_round(round);
    const auto place = std::ranges::lower_bound(rounds, round.id, {}, &Round::id);
    if (place != rounds.end() && place->id == round.id) {
      if (*place != round)
        throw Error(ErrorKind::edition, "two different rounds have the id " + detail::quoted(round.id) +
                                            "; their cubes cannot merge");
      return;
    }
    rounds.insert(place, round);
  }

  /// What another cube's numbers are in this one, for those that its cells have.
  class Renumbered {
   public:
    template <class Interner>
    std::uint32_t number(std::uint32_t theirs, const Interner& from, Interner& to) {
      if (theirs >= ours_.size()) ours_.resize(from.size(), kUnknown);
      if (ours_[theirs] == kUnknown) ours_[theirs] = to.number_of(from[theirs]);
      return ours_[theirs];
    }

   private:
    static constexpr std::uint32_t kUnknown = 0xFFFF'FFFF;
    std::vector<std::uint32_t> ours_;
  };

  /// A number that no table has would run into the next dimension of the key.
  template <Worded E>
  static void check_word(E value, const char* name) {
    if (!from_number<E>(static_cast<std::int64_t>(value)))
      throw Error(ErrorKind::argument, std::string{"the "} + name + " has the number " +
                                           std::to_string(static_cast<int>(value)) +
                                           ", which is none of its values");
  }

  template <class Visit>
  void for_each_key(Visit&& visit) const {
    if (wide_)
      wide_cells_.for_each(visit);
    else
      cells_.for_each([&](std::uint64_t key, std::int64_t count) { visit(widened(key), count); });
  }

  using Labels = detail::Interner<std::string, std::string_view>;

  /// Adds what has been checked; its unit and source have these numbers where they are known.
  void add_checked(const Registration& registration, std::uint32_t unit = Labels::kNone,
                   std::uint32_t source = Labels::kNone) {
    check_room(registration.count);
    const WideKey key = numbered(registration, unit, source);
    if (outgrown()) widen();
    put(key, registration.count);
  }
  /// The key of such a registration; what has no number yet gets one.
  WideKey numbered(const Registration& registration, std::uint32_t unit, std::uint32_t source) {
    if (unit == Labels::kNone) unit = units_.number_of(registration.unit);
    if (source == Labels::kNone) source = sources_.number_of(registration.source);
    return packed(registration, tasks_.number_of(registration.task.digits()), unit, source);
  }
  /// @throws Error (overflow) when the cube has no room for so many contacts more.
  void check_room(std::int64_t contacts) const {
    if (contacts > std::numeric_limits<std::int64_t>::max() - total_) refuse_overflow();
  }

  static void check_label(std::string_view text, const char* name) {
    const auto refuse = [&](const char* what) {
      throw Error(ErrorKind::argument, std::string{"the "} + name + " " + what);
    };
    if (text.size() > kMaxLabel) refuse("is longer than 64 bytes");
    if (!is_label(text, kMaxLabel)) refuse("is not UTF-8 or holds control characters");
    if (find_personal(text)) refuse("holds something like a CPR number");
  }

  [[noreturn]] static void refuse_overflow() {
    throw Error(ErrorKind::overflow, "the cube would hold more than 9223372036854775807 contacts");
  }

  /// The key of a registration whose task, unit and source have these numbers; its texts are not looked at.
  static WideKey packed(const Registration& registration, std::uint32_t task, std::uint32_t unit,
                        std::uint32_t source) noexcept {
    const std::uint64_t small =  // 7 + 12 + 4 + 2 + 2 + 1 bits
        std::uint64_t{detail::kMunicipalityPlaces[registration.municipality.code()]} << 21U |
        std::uint64_t{registration.week.index()} << 9U |
        static_cast<std::uint64_t>(registration.channel) << 5U |
        static_cast<std::uint64_t>(registration.closure) << 3U |
        static_cast<std::uint64_t>(registration.form) << 1U |
        (static_cast<std::uint64_t>(registration.direction) - 1);
    return {small << kSmallAt | std::uint64_t{task} << kTaskAt |
                (static_cast<std::uint64_t>(registration.type) - 1),
            std::uint64_t{source} << 32U | unit};
  }

  /// Whether a dimension has outgrown its bits and the cube is not yet wide.
  [[nodiscard]] bool outgrown() const noexcept {
    return !wide_ &&
           (tasks_.size() > kNarrowTasks || units_.size() > kNarrowUnits || sources_.size() > kNarrowSources);
  }

  /// Adds to a cell; the cube has room for the count and is as wide as the key needs.
  void put(const WideKey& key, std::int64_t count) {
    if (wide_)
      wide_cells_.add(key, count);
    else
      cells_.add(narrowed(key), count);
    *total_ += count;
  }

  static std::uint64_t narrowed(const WideKey& key) noexcept {
    const std::uint64_t small = key.high >> kSmallAt;
    return small >> 1U << 37U | (key.high >> kTaskAt & 0xFFFU) << 25U | (key.low & 0x7FFFU) << 10U |
           key.low >> 32U << 4U | (small & 1U) << 3U | (key.high & 7U);
  }
  static WideKey widened(std::uint64_t key) noexcept {
    const std::uint64_t small = key >> 37U << 1U | (key >> 3U & 1U);
    return {small << kSmallAt | (key >> 25U & 0xFFFU) << kTaskAt | (key & 7U),
            (key >> 4U & 0x3FU) << 32U | (key >> 10U & 0x7FFFU)};
  }

  /// One dimension has outgrown its bits: repack, once, to the wider key.
  void widen() {
    detail::CellTable<WideKey> wider;
    wider.add_all(total_, [&](auto&& visit) {
      cells_.for_each([&](std::uint64_t key, std::int64_t count) { visit(widened(key), count); });
    });
    wide_cells_ = std::move(wider);
    cells_ = {};
    wide_ = true;
  }

  [[nodiscard]] Registration unpacked(const WideKey& key, std::int64_t count) const {
    const std::uint64_t small = key.high >> kSmallAt;
    return {*Municipality::from_code(detail::kMunicipalities[small >> 21U].code),
            *Week::from_index(static_cast<std::uint32_t>(small >> 9U & 0xFFFU)),
            *KleNumber::from_digits(tasks_[static_cast<std::uint32_t>(key.high >> kTaskAt & 0xF'FFFFU)]),
            static_cast<Channel>(small >> 5U & 0xFU),
            static_cast<ContactType>((key.high & 7U) + 1),
            static_cast<Direction>((small & 1U) + 1),
            static_cast<Closure>(small >> 3U & 3U),
            static_cast<AttachedForm>(small >> 1U & 3U),
            sources_[static_cast<std::uint32_t>(key.low >> 32U)],
            units_[static_cast<std::uint32_t>(key.low & 0xFFFF'FFFFU)],
            count};
  }

  detail::Movable<bool> wide_;
  detail::CellTable<std::uint64_t> cells_;
  detail::CellTable<WideKey> wide_cells_;
  detail::Interner<std::uint32_t, std::uint32_t> tasks_;
  Labels units_;
  Labels sources_;
  std::vector<Round> rounds_;
  detail::Movable<std::int64_t> total_;
};

/// The cube as bytes: versioned, with taxonomy version, rounds (their package and rules) and a checksum;
/// equal cubes give equal bytes.
[[nodiscard]] std::string serialised(const Cube& cube);

/// Reads what serialised() wrote.
/// @param name  what to call the bytes in errors, such as their file name.
/// @throws Error (format) for bytes that are cut short, altered, of a newer version or not a cube.
[[nodiscard]] Cube deserialised(std::string_view bytes, std::string_view name);

/// Writes the cube to a file, which appears when it is complete. @throws Error (file).
void save_cube(const Cube& cube, const std::string& path);

/// @throws Error (file, format).
[[nodiscard]] Cube load_cube(const std::string& path);

/// Whether the file at `path` begins like a saved cube. @throws Error (file).
[[nodiscard]] bool is_cube_file(const std::string& path);

}  // namespace komhen
