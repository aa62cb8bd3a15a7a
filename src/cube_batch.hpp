#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "komhen/tally/cell_table.hpp"
#include "komhen/tally/cube.hpp"

namespace komhen::detail {

/// Checked registrations on their way into a cube, a few at a time. Their keys are all there is of them.
///
/// What the cube has numbered is not seen from outside, so that a number for a registration that is not added
/// in the end does no harm.
class CubeBatch {
 public:
  using Key = Cube::WideKey;

  /// The cube must not be changed by anyone else while the batch is used.
  explicit CubeBatch(Cube& cube) noexcept : cube_{cube} {}

  /// The number of a unit or source that stands in a cell of the cube, and so is a label that has been looked
  /// at; else kNone.
  static constexpr std::uint32_t kNone = Cube::Labels::kNone;
  static std::uint32_t known_unit(const Cube& cube, std::string_view text) noexcept {
    return cube.units_.find(text);
  }
  static std::uint32_t known_source(const Cube& cube, std::string_view text) noexcept {
    return cube.sources_.find(text);
  }
  /// Adds one registration that has been checked, at once; its unit and source have these numbers where they
  /// are known.
  static void add_one(Cube& cube, const Registration& registration, std::uint32_t unit,
                      std::uint32_t source) {
    cube.add_checked(registration, unit, source);
  }

  [[nodiscard]] std::uint32_t number_of_task(KleNumber task) { return cube_.tasks_.number_of(task.digits()); }
  [[nodiscard]] std::uint32_t number_of_unit(std::string_view text) { return cube_.units_.number_of(text); }
  [[nodiscard]] std::uint32_t number_of_source(std::string_view text) {
    return cube_.sources_.number_of(text);
  }

  /// The key of a registration whose task, unit and source have these numbers.
  static Key key_of(const Registration& registration, std::uint32_t task, std::uint32_t unit,
                    std::uint32_t source) noexcept {
    return Cube::packed(registration, task, unit, source);
  }

  /// Makes ready to remember a round. @throws Error (edition, argument) as Cube::note_round() does.
  void prepare_round(const Round& round) {
    rounds_ = cube_.rounds_;
    Cube::put_round(*rounds_, round);
  }
  /// Remembers the round, if there is one.
  void note_round() noexcept {
    if (rounds_) cube_.rounds_.swap(*rounds_);
  }

  /// How many contacts the cube still has room for.
  [[nodiscard]] std::int64_t room() const noexcept {
    return std::numeric_limits<std::int64_t>::max() - cube_.total_;
  }
  [[noreturn]] static void refuse_overflow() { Cube::refuse_overflow(); }

  /// Adds, now or when flush() is called. The cube has room for the contacts.
  void add(const Key& key, std::int64_t count) {
    if (cube_.outgrown()) {
      flush();
      cube_.widen();
    }
    if (!cube_.wide_) return add_narrow(Cube::narrowed(key), count);
    wide_[size_++] = {key, count};
    if (size_ == kTogether) flush();
  }

  /// Whether keys are narrow, and this one's numbers fit.
  [[nodiscard]] bool is_narrow() const noexcept { return !cube_.wide_ && !cube_.outgrown(); }
  static std::uint64_t narrowed(const Key& key) noexcept { return Cube::narrowed(key); }
  static Key widened(std::uint64_t key) noexcept { return Cube::widened(key); }
  /// The same for a narrow key, where is_narrow().
  void add_narrow(std::uint64_t key, std::int64_t count) {
    narrow_[size_++] = {key, count};
    if (size_ == kTogether) flush();
  }

  /// Adds near cells with narrow keys, of either kind, where is_narrow(), with so many contacts in all: all
  /// of them, or when memory runs out none. `each(visit)` calls visit(near) for every one of them, whenever
  /// it is called the same ones in the same order: `lines` of them.
  template <class SomeNear, class Each>
  void add_all_near(std::int64_t contacts, std::size_t lines, Each&& each) {
    flush();
    cube_.cells_.add_all_near<SomeNear>(contacts, lines, each);
    *cube_.total_ += contacts;
  }

  /// Adds what waits: all of it, or when memory runs out nothing.
  void flush() {
    std::int64_t contacts = 0;
    if (cube_.wide_) {
      cube_.wide_cells_.add_some({wide_.data(), size_});
      for (std::size_t i = 0; i < size_; ++i) contacts += wide_[i].count;
    } else {
      cube_.cells_.add_some({narrow_.data(), size_});
      for (std::size_t i = 0; i < size_; ++i) contacts += narrow_[i].count;
    }
    *cube_.total_ += contacts;
    added_ += size_;
    size_ = 0;
  }

  /// The registrations that flush() has added, one by one.
  [[nodiscard]] std::size_t added() const noexcept { return added_; }

  /// Takes away a registration that has been added.
  void take(const Key& key, std::int64_t count) noexcept {
    if (cube_.wide_)
      cube_.wide_cells_.take(key, count);
    else
      cube_.cells_.take(Cube::narrowed(key), count);
    *cube_.total_ -= count;
  }

 private:
  static constexpr std::size_t kTogether = CellTable<Key>::kTogether;

  Cube& cube_;
  std::array<CellTable<std::uint64_t>::Cell, kTogether> narrow_;  ///< what waits, while keys are narrow
  std::array<CellTable<Key>::Cell, kTogether> wide_;              ///< and when they are wide
  std::size_t size_ = 0;
  std::size_t added_ = 0;
  std::optional<std::vector<Round>> rounds_;
};

}  // namespace komhen::detail
