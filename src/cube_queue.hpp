#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "komhen/registration/columns.hpp"
#include "komhen/tally/cube.hpp"

namespace komhen::detail {

/// Registrations that come one at a time, on their way into a cube. What can fail has been done when one is
/// in the queue: the cube has its numbers, has counted it and has room for its cell; what is left is to wait
/// for memory, and that is done for several of them together.
class CubeQueue {
 public:
  /// Adds a registration that has been checked; its unit and source have these numbers where they are known.
  /// Until settle(), the cube's cells are not all there.
  /// @throws Error (overflow). The cube is as it was.
  void add(Cube& cube, const Registration& registration, std::uint32_t unit, std::uint32_t source) {
    cube.check_room(registration.count);
    const Cube::WideKey key = cube.numbered(registration, unit, source);
    if (cube.wide_ || cube.outgrown()) {
      settle(cube);
      if (cube.outgrown()) cube.widen();
      cube.put(key, registration.count);
      return;
    }
    const std::uint64_t narrow = Cube::narrowed(key);
    cube.cells_.make_ready(narrow, registration.count, waiting_.size());
    waiting_[size_++] = {narrow, registration.count};
    *cube.total_ += registration.count;
    if (size_ == waiting_.size()) settle(cube);
  }

  /// Adds what waits to the cells.
  void settle(Cube& cube) noexcept { cube.cells_.add_ready({waiting_.data(), std::exchange(size_, 0)}); }

 private:
  std::array<CellTable<std::uint64_t>::Cell, 64> waiting_;
  std::size_t size_ = 0;
};

/// The same as komhen::add_codes(), by the queue.
Reason add_codes(Cube& cube, CubeQueue& queue, const Codes& codes, const Admission& admission);

}  // namespace komhen::detail
