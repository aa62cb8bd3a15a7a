#pragma once

#include <cstdint>
#include <string_view>

#include "komhen/tally/cube.hpp"

namespace komhen::detail {

/// Checked registrations on their way into a cube: they are all added by commit(), or none is.
///
/// A batch is tallied apart first, so that what can fail (room, memory, a round of the same name) has
/// happened before the cube's first cell changes. What the cube has numbered by then is not seen from
/// outside.
class CubeBatch {
 public:
  /// The cube must not be changed by anyone else before commit().
  explicit CubeBatch(Cube& cube) noexcept
      : cube_{cube}, room_{std::numeric_limits<std::int64_t>::max() - cube.total_} {}

  /// Adds one registration that has been checked, at once.
  static void add_one(Cube& cube, const Registration& registration) { cube.add_checked(registration); }

  [[nodiscard]] std::uint32_t number_of_task(KleNumber task) { return cube_.tasks_.number_of(task.digits()); }
  [[nodiscard]] std::uint32_t number_of_unit(std::string_view text) { return cube_.units_.number_of(text); }
  [[nodiscard]] std::uint32_t number_of_source(std::string_view text) {
    return cube_.sources_.number_of(text);
  }

  /// Takes a registration whose task, unit and source have these numbers. @throws Error (overflow).
  void add(const Registration& registration, std::uint32_t task, std::uint32_t unit, std::uint32_t source) {
    if (registration.count > room_) Cube::refuse_overflow();
    cells_.add(Cube::packed(registration, task, unit, source), registration.count);
    room_ -= registration.count;
  }

  /// Adds everything to the cube, which remembers the round, if there is one.
  /// @throws Error (edition) as Cube::note_round() does. The cube is as it was.
  void commit(const Round* round) {
    if (cube_.outgrown()) cube_.widen();
    if (cube_.wide_)
      cube_.wide_cells_.reserve(cube_.wide_cells_.size() + cells_.size());
    else
      cube_.cells_.reserve(cube_.cells_.size() + cells_.size());
    if (round != nullptr) cube_.note_round(*round);
    for (const auto& slot : cells_.slots())
      if (slot.count != 0) cube_.put(slot.key, slot.count);
  }

 private:
  Cube& cube_;
  CellTable<Cube::WideKey> cells_;
  std::int64_t room_;
};

}  // namespace komhen::detail
