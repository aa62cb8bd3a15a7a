#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "komhen/registration/field.hpp"
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

  /// Adds narrow cells, where is_narrow(): all of them, or when memory runs out none. `each(visit)` calls
  /// visit(key, count) for every one of them, whenever it is called the same ones in the same order.
  template <class Each>
  void add_all(Each&& each) {
    flush();
    const std::size_t before = added_;
    try {
      each([&](std::uint64_t key, std::int64_t count) { add_narrow(key, count); });
      flush();
    } catch (...) {
      size_ = 0;
      std::size_t there = std::exchange(added_, before);
      each([&](std::uint64_t key, std::int64_t count) {
        if (there == before) return;
        take(widened(key), count);
        --there;
      });
      throw;
    }
    added_ = before;
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
  std::array<CellTable<std::uint64_t>::Slot, kTogether> narrow_;  ///< what waits, while keys are narrow
  std::array<CellTable<Key>::Slot, kTogether> wide_;              ///< and when they are wide
  std::size_t size_ = 0;
  std::size_t added_ = 0;
  std::optional<std::vector<Round>> rounds_;
};

/// Cells whose keys have been packed, on their way into a cube: what reads files in haste adds by these. Keys
/// are narrow; what needs a wide one is added by other means.
class CubeCells {
 public:
  using Cell = CellTable<std::uint64_t>::Slot;
  static constexpr std::size_t kTogether = CellTable<std::uint64_t>::kTogether;

  /// What threads that add to one cube share. Nobody else may change the cube while they do.
  struct Shared {
    std::mutex numbers;
    std::array<std::mutex, CellTable<std::uint64_t>::kSegments> pieces;
  };

  /// Adds at once; the cube's total too.
  explicit CubeCells(Cube& cube) noexcept : cube_{&cube} {}
  /// Adds beside others, when enough has come together for a piece of the cube, and all of it in flush(). The
  /// cube must be ready_to_share(), and its total is left to add_total().
  CubeCells(Cube& cube, Shared& shared)
      : cube_{&cube}, shared_{&shared}, sorted_{std::make_unique<Sorted>()} {}

  /// Makes a cube ready to be shared; false when it cannot be, since its keys are wide.
  [[nodiscard]] static bool ready_to_share(Cube& cube) {
    if (cube.wide_ || cube.outgrown()) return false;
    cube.cells_.cut();
    return true;
  }
  /// @throws Error (overflow).
  static void add_total(Cube& cube, std::int64_t contacts) {
    if (contacts > std::numeric_limits<std::int64_t>::max() - cube.total_) Cube::refuse_overflow();
    *cube.total_ += contacts;
  }

  /// The bits of a key that a field has part in.
  static constexpr std::uint64_t mask_of(Field field) noexcept {
    const auto bits = [](unsigned count, unsigned from) { return ((std::uint64_t{1} << count) - 1) << from; };
    switch (field) {
      case Field::municipality:
        return bits(7, 57);
      case Field::date:
      case Field::week:
        return bits(12, 45);
      case Field::channel:
        return bits(4, 41);
      case Field::type:
        return bits(3, 1);
      case Field::direction:
        return bits(1, 0);
      case Field::closure:
        return bits(2, 39);
      case Field::form:
        return bits(2, 37);
      case Field::kle:
        return bits(12, 25);
      case Field::unit:
        return bits(15, 10);
      case Field::source:
        return bits(6, 4);
      case Field::count:
      case Field::event_id:
        break;
    }
    return 0;
  }

  /// The bits of a key that a registration without unit, source and task has.
  static std::uint64_t key_of(const Registration& registration) noexcept {
    return Cube::narrowed(Cube::packed(registration, 0, 0, 0));
  }
  /// The key of a registration; nullopt when a task, unit or source of it has outgrown the narrow key.
  [[nodiscard]] std::optional<std::uint64_t> narrow_key_of(const Registration& registration) {
    const auto held = hold_numbers();
    const std::uint64_t task = cube_->tasks_.number_of(registration.task.digits());
    const std::uint64_t unit = cube_->units_.number_of(registration.unit);
    const std::uint64_t source = cube_->sources_.number_of(registration.source);
    if (task >= Cube::kNarrowTasks || unit >= Cube::kNarrowUnits || source >= Cube::kNarrowSources)
      return std::nullopt;
    return key_of(registration) | task << 25U | unit << 10U | source << 4U;
  }
  /// Municipality and week of a key, as one number below kPlaces.
  static constexpr std::size_t kPlaces = std::size_t{1} << 19U;
  static std::size_t place_of(std::uint64_t key) noexcept { return key >> 45U; }

  /// Adds at most kTogether cells, with so many contacts in all. @throws Error (overflow).
  void add(std::span<const Cell> cells, std::int64_t contacts) {
    if (shared_ != nullptr) return sort(cells);
    if (contacts > std::numeric_limits<std::int64_t>::max() - cube_->total_) Cube::refuse_overflow();
    if (cube_->outgrown()) cube_->widen();
    if (!cube_->wide_) {
      cube_->cells_.add_some(cells);
    } else {
      std::array<CellTable<Cube::WideKey>::Slot, kTogether> wide;
      for (std::size_t i = 0; i < cells.size(); ++i) wide[i] = {Cube::widened(cells[i].key), cells[i].count};
      cube_->wide_cells_.add_some({wide.data(), cells.size()});
    }
    *cube_->total_ += contacts;
  }

  void flush() {
    if (sorted_ == nullptr) return;
    for (std::size_t piece = 0; piece < kPieces; ++piece) {
      const std::lock_guard held{shared_->pieces[piece]};
      add_sorted(piece);
    }
  }

 private:
  static constexpr std::size_t kPieces = CellTable<std::uint64_t>::kSegments;
  /// Cells that wait for their piece; when another thread has it, twice as many as are added together.
  static constexpr std::size_t kWaiting = 2 * kTogether;
  struct Sorted {
    std::array<std::uint32_t, kPieces> sizes{};
    std::array<std::array<Cell, kWaiting>, kPieces> cells;
  };

  [[nodiscard]] std::unique_lock<std::mutex> hold_numbers() {
    return shared_ == nullptr ? std::unique_lock<std::mutex>{} : std::unique_lock{shared_->numbers};
  }
  void sort(std::span<const Cell> cells) {
    for (const Cell& cell : cells) {
      const std::size_t piece = CellTable<std::uint64_t>::piece_of(cell.key);
      std::uint32_t& size = sorted_->sizes[piece];
      sorted_->cells[piece][size] = cell;
      if (++size < kTogether) continue;
      std::unique_lock held{shared_->pieces[piece], std::try_to_lock};
      if (!held && size < kWaiting) continue;
      if (!held) held.lock();
      add_sorted(piece);
    }
  }
  void add_sorted(std::size_t piece) {
    std::uint32_t& size = sorted_->sizes[piece];
    for (std::size_t from = 0; from < size; from += kTogether)
      cube_->cells_.add_to_piece(
          piece, {sorted_->cells[piece].data() + from, std::min<std::size_t>(kTogether, size - from)});
    size = 0;
  }

  Cube* cube_;
  Shared* shared_ = nullptr;
  std::unique_ptr<Sorted> sorted_;
};

}  // namespace komhen::detail
