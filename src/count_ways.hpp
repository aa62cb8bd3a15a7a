#pragma once

#include <cstddef>

namespace komhen::detail {

/// How a count goes about its work. Its result never depends on it: tests change it, and see that it does
/// not. Not while anything is counted.
struct CountWays {
  bool lane = true;                                   ///< whether rows that are known are counted in haste
  std::size_t piece = std::size_t{256} << 10U;        ///< bytes that a thread is given at a time, or more
  std::size_t parallel_from = std::size_t{2} << 20U;  ///< bytes that one thread reads before others help
};

[[nodiscard]] inline CountWays& count_ways() noexcept {
  static CountWays ways;
  return ways;
}

}  // namespace komhen::detail
