#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cube_cells.hpp"

namespace komhen::detail {

/// Which municipalities and weeks stood together in a row that was accepted, where that is asked: what a
/// participation lets in follows from the two, and from neither alone.
class SeenPlaces {
 public:
  explicit SeenPlaces(bool asked) : bits_(asked ? CubeCells::kPlaces / 64 : 0) {}

  [[nodiscard]] bool asked() const noexcept { return !bits_.empty(); }
  /// Notes the municipality and week of a narrow key.
  void note(std::uint64_t key) noexcept {
    if (!asked()) return;
    const std::size_t place = CubeCells::place_of(key);
    bits_[place / 64] |= std::uint64_t{1} << place % 64;
  }
  /// Whether those of this key have been noted; true where nobody asks.
  [[nodiscard]] bool has(std::uint64_t key) const noexcept {
    if (!asked()) return true;
    const std::size_t place = CubeCells::place_of(key);
    return (bits_[place / 64] >> place % 64 & 1U) != 0;
  }

 private:
  std::vector<std::uint64_t> bits_;
};

}  // namespace komhen::detail
