#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace komhen::detail {

__extension__ using Wide = unsigned __int128;  // what both compilers have and ISO C++ does not name

/// Both halves of a full product, folded: the mixing step of the hashes below.
[[nodiscard]] constexpr std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) noexcept {
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// A hash of one packed key, for tables in memory only.
[[nodiscard]] constexpr std::uint64_t hash_word(std::uint64_t key) noexcept {
  return fold_product(key ^ 0x9E37'79B9'7F4A'7C15U, 0xD6E8'FEB8'6659'FD93U);
}

/// The last bytes of a text, at most eight; none of them is read beyond it.
[[nodiscard]] inline std::uint64_t last_word(const char* text, std::size_t size) noexcept {
  const auto load = [](const char* at, auto word) {
    std::memcpy(&word, at, sizeof word);
    return static_cast<std::uint64_t>(word);
  };
  if (size >= 8) return load(text + size - 8, std::uint64_t{});
  if (size >= 4) return load(text, std::uint32_t{}) << 32U | load(text + size - 4, std::uint32_t{});
  if (size == 0) return 0;
  return load(text, std::uint8_t{}) << 16U | load(text + size / 2, std::uint8_t{}) << 8U |
         load(text + size - 1, std::uint8_t{});
}

/// 64 bits of `text` under `seed`. Never stored: it may change between versions.
[[nodiscard]] inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed) noexcept {
  std::uint64_t state = seed ^ 0xA076'1D64'78BD'642FU;
  const std::size_t size = text.size();
  for (; text.size() > 8; text.remove_prefix(8)) {
    std::uint64_t block = 0;
    std::memcpy(&block, text.data(), 8);
    state = fold_product(state ^ block, 0xE703'7ED1'A0B4'28DBU) + (block ^ (state << 1));
  }
  const std::size_t last = std::min<std::size_t>(size, 8);
  const std::uint64_t tail = last_word(text.data() + text.size() - last, last);
  state = fold_product(state ^ tail, 0x8EBC'6AF0'9C88'C6E3U) + (tail ^ (state << 1));
  return fold_product(state ^ size, 0x5899'65CC'7537'4CC3U);
}

/// 128 bits: two hashes with different seeds. Remembering a billion ids by it confuses two of them with a
/// chance of about one in 10^21.
struct Hash128 {
  std::uint64_t high;
  std::uint64_t low;
  friend constexpr bool operator==(Hash128, Hash128) noexcept = default;
};

[[nodiscard]] inline Hash128 hash128(std::string_view text) noexcept {
  return {hash_text(text, 0x2D35'8DCC'AA6C'78A5U), hash_text(text, 0x8BB8'4B93'962E'ACC9U)};
}

}  // namespace komhen::detail
