#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "komhen/tally/cell_table.hpp"

namespace komhen::detail {

/// The counts of near cells, a byte each that lie one after the other, as NearFew holds them.
[[nodiscard]] inline std::uint64_t near_counts_at(const std::uint8_t* at) noexcept {
  static_assert(NearCells::kNear == 6);
  if constexpr (std::endian::native == std::endian::little) {
    std::uint32_t four = 0;
    std::uint16_t two = 0;
    std::memcpy(&four, at, sizeof four);
    std::memcpy(&two, at + sizeof four, sizeof two);
    return four | std::uint64_t{two} << 32U;
  }
  std::uint64_t counts = 0;
  for (std::size_t i = 0; i < NearCells::kNear; ++i) counts |= std::uint64_t{at[i]} << 8 * i;
  return counts;
}

}  // namespace komhen::detail
