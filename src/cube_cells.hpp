#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include "komhen/registration/field.hpp"
#include "komhen/tally/cell_table.hpp"
#include "komhen/tally/cube.hpp"

namespace komhen::detail {

/// The way into a cube for cells whose keys have been packed. Keys are narrow; what needs a wide one is added
/// by other means.
///
/// A cell is added some time after it has been given, and in flush() at the latest.
class CubeCells {
 public:
  /// What threads that add to one cube share. Nobody else may change the cube while they do.
  struct Shared {
    std::mutex numbers;
    std::array<std::mutex, CellTable<std::uint64_t>::kPieces> pieces;
  };

  /// Adds to the cube, and to its total.
  explicit CubeCells(Cube& cube) noexcept : cube_{&cube} {}
  /// Adds beside others, when enough has come together for a piece of the cube. The cube must be
  /// ready_to_share(), and its total is left to add_total().
  CubeCells(Cube& cube, Shared& shared)
      : cube_{&cube}, shared_{&shared}, sorted_{std::make_unique<Sorted<Cell>>()} {}

  /// Makes a cube ready to be shared; false when it cannot be, since its keys are wide.
  [[nodiscard]] static bool ready_to_share(Cube& cube) {
    if (cube.wide_ || cube.outgrown()) return false;
    cube.cells_.prepare();
    return true;
  }
  /// @throws Error (overflow).
  static void add_total(Cube& cube, std::int64_t contacts) {
    cube.check_room(contacts);
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
        return bits(3, 0);
      case Field::direction:
        return bits(1, 3);
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

  using Cell = CellTable<std::uint64_t>::Cell;
  using NearFew = CellTable<std::uint64_t>::NearFew;
  /// Cells that are quickest added at once.
  static constexpr std::size_t kTogether = CellTable<std::uint64_t>::kTogether;

  /// Adds at most kTogether cells. @throws Error (overflow).
  void add(std::span<const Cell> cells) {
    if (shared_ != nullptr)
      sort(cells);
    else if (!cells.empty())
      add_alone(cells);
  }

  /// Adds near cells, one by one with others of their piece. @throws Error (overflow).
  void add(const NearFew& near) {
    if (near_ == nullptr) near_ = std::make_unique<Sorted<NearFew>>();
    const std::size_t piece = CellTable<std::uint64_t>::piece_of(near.first);
    const std::size_t waiting = near_->put(piece, near);
    if (waiting < kTogether) return;
    if (shared_ == nullptr) {
      add_near_alone(piece);
    } else if (const auto held = hold_when_due(piece, waiting)) {
      add_shared(piece, *near_);
    }
  }

  /// Adds what is not yet there. @throws Error (overflow).
  void flush() {
    for (std::size_t piece = 0; piece < kPieces; ++piece) {
      if (shared_ == nullptr) {
        if (near_ != nullptr) add_near_alone(piece);
        continue;
      }
      const std::lock_guard held{shared_->pieces[piece]};
      if (near_ != nullptr) add_shared(piece, *near_);
      add_shared(piece, *sorted_);
    }
  }

 private:
  static constexpr std::size_t kPieces = CellTable<std::uint64_t>::kPieces;
  /// Cells that wait for their piece; when another thread has it, twice as many as are added together.
  static constexpr std::size_t kWaiting = 2 * kTogether;
  template <class Some>
  struct Sorted {
    std::array<std::uint32_t, kPieces> sizes{};
    std::array<std::array<Some, kWaiting>, kPieces> all;

    /// Has one more wait for its piece; returns how many do.
    std::size_t put(std::size_t piece, const Some& one) noexcept {
      all[piece][sizes[piece]] = one;
      return ++sizes[piece];
    }
    /// Those of a piece, which no longer wait.
    std::span<const Some> taken(std::size_t piece) noexcept {
      return {all[piece].data(), std::exchange(sizes[piece], 0)};
    }
  };

  void add_alone(std::span<const Cell> cells) {
    std::int64_t contacts = 0;
    for (const Cell& cell : cells) contacts += cell.count;
    add_total(*cube_, contacts);
    if (cube_->outgrown()) cube_->widen();
    if (!cube_->wide_) {
      cube_->cells_.add_some(cells);
    } else {
      std::array<CellTable<Cube::WideKey>::Cell, kTogether> wide;
      for (std::size_t i = 0; i < cells.size(); ++i) wide[i] = {Cube::widened(cells[i].key), cells[i].count};
      cube_->wide_cells_.add_some({wide.data(), cells.size()});
    }
  }
  /// Adds what waits for a piece, which is held.
  template <class Some>
  void add_shared(std::size_t piece, Sorted<Some>& waiting) {
    const std::span<const Some> some = waiting.taken(piece);
    for (std::size_t from = 0; from < some.size(); from += kTogether)
      cube_->cells_.add_to_piece(piece, some.subspan(from, std::min(kTogether, some.size() - from)));
  }
  void add_near_alone(std::size_t piece) {
    const std::span<const NearFew> lines = near_->taken(piece);
    if (cube_->wide_ || cube_->outgrown()) {
      for (const NearFew& near : lines) add_one_by_one(near);
      return;
    }
    std::int64_t contacts = 0;
    for (const NearFew& near : lines) contacts += near.contacts();
    add_total(*cube_, contacts);
    cube_->cells_.prepare();
    cube_->cells_.add_to_piece(piece, lines);
  }
  void add_one_by_one(const NearFew& near) {
    for (std::size_t i = 0; i < NearCells::kNear; ++i) {
      const Cell cell{NearCells::cell(near.first, i), near.count(i)};
      if (cell.count != 0) add_alone({&cell, 1});
    }
  }

  [[nodiscard]] std::unique_lock<std::mutex> hold_numbers() {
    return shared_ == nullptr ? std::unique_lock<std::mutex>{} : std::unique_lock{shared_->numbers};
  }
  /// Holds a piece of the cube; not yet where another thread has it and more may wait.
  [[nodiscard]] std::unique_lock<std::mutex> hold_when_due(std::size_t piece, std::size_t waiting) {
    std::unique_lock held{shared_->pieces[piece], std::try_to_lock};
    if (!held && waiting >= kWaiting) held.lock();
    return held;
  }
  void sort(std::span<const Cell> cells) {
    for (const Cell& cell : cells) {
      const std::size_t piece = CellTable<std::uint64_t>::piece_of(cell.key);
      const std::size_t waiting = sorted_->put(piece, cell);
      if (waiting < kTogether) continue;
      if (const auto held = hold_when_due(piece, waiting)) add_shared(piece, *sorted_);
    }
  }

  Cube* cube_;
  Shared* shared_ = nullptr;
  std::unique_ptr<Sorted<Cell>> sorted_;   ///< where others add too
  std::unique_ptr<Sorted<NearFew>> near_;  ///< where near cells have come
};

}  // namespace komhen::detail
