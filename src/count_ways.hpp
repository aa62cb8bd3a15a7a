#pragma once

#include <cstddef>
#include <cstdint>

namespace komhen::detail {

/// How a count goes about its work. Its result never depends on it: tests change it, and see that it does
/// not. Not while anything is counted.
struct CountWays {
  bool lane = true;                                   ///< whether rows that are known are counted in haste
  std::size_t piece = std::size_t{192} << 10U;        ///< bytes that each of several threads reads at a time
  std::size_t parallel_from = std::size_t{2} << 20U;  ///< bytes that one thread reads before others help
  std::size_t array_from = std::size_t{16} << 10U;    ///< rows of codes before an array of all combinations
  std::size_t table_from = std::size_t{128} << 10U;   ///< rows before a cross table is tried
  std::int64_t large = std::int64_t{64} << 20U;       ///< bytes of a file of which many rows will come
  std::size_t table_soon = std::size_t{16} << 10U;    ///< rows of such a file before a table is tried
  std::size_t table_bytes = std::size_t{2} << 20U;    ///< of a cross table: a power of two, at most this many
};

[[nodiscard]] inline CountWays& count_ways() noexcept {
  static CountWays ways;
  return ways;
}

}  // namespace komhen::detail
