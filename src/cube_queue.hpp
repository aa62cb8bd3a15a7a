#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "code_lane.hpp"
#include "komhen/registration/columns.hpp"
#include "komhen/tally/cube.hpp"

namespace komhen::detail {

/// What the codes of contacts that come one at a time have come to: a contact whose every code stood in one
/// that was accepted before is accepted, and its key is known. It is as good as its cube's numbers and the
/// round: who changes either forgets it.
class ContactMemory {
 public:
  explicit ContactMemory(const Admission& admission) : admission_{admission} {
    columns_.rows = 1;
    columns_.municipality = &now_.municipality;
    columns_.week = &now_.week;
    columns_.task = &now_.task;
    columns_.channel = &now_.channel;
    columns_.type = &now_.type;
    columns_.direction = &now_.direction;
    columns_.closure = &now_.closure;
    columns_.form = &now_.form;
  }
  ContactMemory(const ContactMemory&) = delete;
  ContactMemory& operator=(const ContactMemory&) = delete;

  [[nodiscard]] bool is_of(const Admission& admission) const noexcept { return admission_ == admission; }

  /// The key of a contact, without its unit and source; kUnlearnt where a code of it is new.
  [[nodiscard]] std::uint64_t key_of(const Codes& codes) noexcept {
    note(codes);
    return lane_.key_of(0);
  }
  /// @throws std::bad_alloc
  void learn(const Codes& codes, std::uint64_t key) {
    note(codes);
    lane_.learn(0, key & ~(CubeCells::mask_of(Field::unit) | CubeCells::mask_of(Field::source)));
  }

 private:
  void note(const Codes& codes) noexcept {
    now_.municipality = codes.municipality;
    now_.week = codes.week;
    now_.task = codes.task;
    now_.channel = codes.channel;
    now_.type = codes.type;
    now_.direction = codes.direction;
    now_.closure = codes.closure;
    now_.form = codes.form;
  }

  Admission admission_;
  Codes now_;        ///< the one row of the columns
  Columns columns_;  ///< before the lane, which borrows them
  CodeLane lane_{columns_, false};
};

/// Registrations that come one at a time, on their way into a cube. What can fail has been done when one is
/// in the queue: the cube has its numbers, has counted it and has room for its cell; what is left is to wait
/// for memory, and that is done for several of them together.
class CubeQueue {
 public:
  /// Adds a registration that has been checked; its unit and source have these numbers where they are known.
  /// Until settle(), the cube's cells are not all there. Returns its key; nullopt where that is a wide one.
  /// @throws Error (overflow). The cube is as it was.
  std::optional<std::uint64_t> add(Cube& cube, const Registration& registration, std::uint32_t unit,
                                   std::uint32_t source) {
    cube.check_room(registration.count);
    const Cube::WideKey key = cube.numbered(registration, unit, source);
    if (cube.wide_ || cube.outgrown()) {
      settle(cube);
      forget();
      if (cube.outgrown()) cube.widen();
      cube.put(key, registration.count);
      return std::nullopt;
    }
    const std::uint64_t narrow = Cube::narrowed(key);
    push(cube, narrow, registration.count);
    return narrow;
  }

  /// Adds a contact whose codes and texts have all been met under the same rules; false when they have not,
  /// and then nothing has been done. @throws Error (overflow). The cube is as it was.
  bool add_known(Cube& cube, const Codes& codes, const Admission& admission) {
    if (memory_ == nullptr || !memory_->is_of(admission) || cube.wide_ || cube.outgrown() ||
        !codes.event_id.empty() || codes.count < 1 || codes.count > kMaxRowCount)
      return false;
    const std::uint64_t key = memory_->key_of(codes);
    const std::uint64_t unit = cube.units_.find(codes.unit);
    const std::uint64_t source = cube.sources_.find(codes.source);
    if (key == kUnlearnt || unit == Cube::Labels::kNone || source == Cube::Labels::kNone) return false;
    cube.check_room(codes.count);
    push(cube, key | unit << 10U | source << 4U, codes.count);
    return true;
  }
  /// Remembers that a contact's codes have come to this key; where so many have come that it is worth the
  /// memory.
  void learn(const Codes& codes, const Admission& admission, std::uint64_t key) noexcept {
    if (admission.by_place()) return;
    try {
      if (memory_ == nullptr || !memory_->is_of(admission)) {
        if (++unremembered_ < waiting_.size()) return;
        memory_ = std::make_unique<ContactMemory>(admission);
        unremembered_ = 0;
      }
      memory_->learn(codes, key);
    } catch (...) {  // there is no memory for it
      forget();
    }
  }
  /// The numbers of the cube, or the round's rules, may have changed.
  void forget() noexcept {
    memory_ = nullptr;
    unremembered_ = 0;
  }

  /// Adds what waits to the cells.
  void settle(Cube& cube) noexcept { cube.cells_.add_ready({waiting_.data(), std::exchange(size_, 0)}); }

 private:
  void push(Cube& cube, std::uint64_t key, std::int64_t count) {
    cube.cells_.make_ready(key, count, waiting_.size());
    waiting_[size_++] = {key, count};
    *cube.total_ += count;
    if (size_ == waiting_.size()) settle(cube);
  }

  std::array<CellTable<std::uint64_t>::Cell, 64> waiting_;
  std::size_t size_ = 0;
  std::size_t unremembered_ = 0;  ///< contacts whose like was not remembered, since anything was begun
  std::unique_ptr<ContactMemory> memory_;
};

/// The same as komhen::add_codes(), by the queue.
Reason add_codes(Cube& cube, CubeQueue& queue, const Codes& codes, const Admission& admission);

}  // namespace komhen::detail
