#include "sha256.hpp"

#include <array>
#include <bit>
#include <cstdint>

namespace komhen::detail {
namespace {

/// The first 32 bits behind the point of a root of a prime, found by whole-number search: FIPS 180-4 defines
/// its constants so. For root 2 or 3: floor(prime^(1/root) x 2^32) mod 2^32.
consteval std::uint32_t root_bits(std::uint32_t prime, int root) {
  __extension__ using Wide = unsigned __int128;
  // The largest x with x^root <= prime x 2^(32 x root); x is below 2^37, so its cube fits 111 bits.
  std::uint64_t x = 0;
  const Wide most = static_cast<Wide>(prime) << (32 * root);
  for (int bit = 37; bit >= 0; --bit) {
    const std::uint64_t tried = x | std::uint64_t{1} << bit;
    Wide power = static_cast<Wide>(tried) * tried;
    if (root == 3) power *= tried;
    if (power <= most) x = tried;
  }
  return static_cast<std::uint32_t>(x);
}

consteval std::array<std::uint32_t, 64> primes() {
  std::array<std::uint32_t, 64> out{};
  std::uint32_t candidate = 2;
  for (std::size_t found = 0; found < out.size(); ++candidate) {
    bool prime = true;
    for (std::size_t i = 0; i < found; ++i) prime = prime && candidate % out[i] != 0;
    if (prime) out[found++] = candidate;
  }
  return out;
}

template <std::size_t N>
consteval std::array<std::uint32_t, N> roots(int root) {
  std::array<std::uint32_t, N> out{};
  constexpr auto kPrimes = primes();
  for (std::size_t i = 0; i < N; ++i)
    out[i] = root == 2 ? root_bits(kPrimes[i], 2) : root_bits(kPrimes[i], 3);
  return out;
}

constexpr auto kStart = roots<8>(2);
constexpr auto kRound = roots<64>(3);
static_assert(kStart[0] == 0x6A09'E667U && kRound[63] == 0xC671'78F2U);

void digest(std::array<std::uint32_t, 8>& state, const std::array<unsigned char, 64>& block) noexcept {
  std::array<std::uint32_t, 64> w{};
  for (std::size_t i = 0; i < 16; ++i)
    w[i] = std::uint32_t{block[4 * i]} << 24U | std::uint32_t{block[4 * i + 1]} << 16U |
           std::uint32_t{block[4 * i + 2]} << 8U | std::uint32_t{block[4 * i + 3]};
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t a = w[i - 15];
    const std::uint32_t b = w[i - 2];
    w[i] = w[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3U) + w[i - 7] +
           (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10U);
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t first =
        h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) + kRound[i] + w[i];
    const std::uint32_t second =
        (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  const std::array<std::uint32_t, 8> added{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i) state[i] += added[i];
}

}  // namespace

std::string sha256(std::string_view bytes) {
  auto state = kStart;
  const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
  std::array<unsigned char, 64> block{};
  while (bytes.size() >= 64) {
    for (std::size_t i = 0; i < 64; ++i) block[i] = static_cast<unsigned char>(bytes[i]);
    digest(state, block);
    bytes.remove_prefix(64);
  }
  block.fill(0);
  for (std::size_t i = 0; i < bytes.size(); ++i) block[i] = static_cast<unsigned char>(bytes[i]);
  block[bytes.size()] = 0x80;
  if (bytes.size() >= 56) {
    digest(state, block);
    block.fill(0);
  }
  for (std::size_t i = 0; i < 8; ++i) block[63 - i] = static_cast<unsigned char>(bits >> (8 * i) & 0xFFU);
  digest(state, block);
  std::string out;
  for (const std::uint32_t word : state)
    for (int shift = 28; shift >= 0; shift -= 4) out += "0123456789abcdef"[word >> shift & 0xFU];
  return out;
}

}  // namespace komhen::detail
