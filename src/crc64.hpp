#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace komhen::detail {

/// CRC-64 with the polynomial of ECMA-182, reflected: finds every error of up to 64 bits in a row. Stored in
/// cubes and journals. `before` is the result for what stands before `bytes`.
[[nodiscard]] inline std::uint64_t crc64(std::string_view bytes, std::uint64_t before = 0) noexcept {
  static constexpr auto kTable = [] {
    std::array<std::uint64_t, 256> table{};
    for (std::uint64_t i = 0; i < 256; ++i) {
      std::uint64_t value = i;
      for (int bit = 0; bit < 8; ++bit)
        value = value >> 1U ^ ((value & 1U) != 0 ? 0xC96C'5795'D787'0F42U : 0U);
      table[i] = value;
    }
    return table;
  }();
  std::uint64_t crc = ~before;
  for (const char c : bytes) crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFFU] ^ crc >> 8U;
  return ~crc;
}

}  // namespace komhen::detail
