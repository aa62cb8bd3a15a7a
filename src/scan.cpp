#include "scan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace komhen::detail {
namespace {

/// One level: which of the 64 bytes at `at` are `a` or `b`, a bit each, from the lowest.
struct Plain {
  static std::uint64_t either(const char* at, char a, char b) noexcept {
    std::uint64_t out = 0;
    for (unsigned i = 0; i < 64; i += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, at + i, 8);
      if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
      // The top bit of every byte that is equal, moved together by one product.
      out |= ((equal(word, a) | equal(word, b)) >> 7U) * 0x0102'0408'1020'4080U >> 56U << i;
    }
    return out;
  }

 private:
  static std::uint64_t equal(std::uint64_t word, char c) noexcept {
    constexpr std::uint64_t kLow = 0x7F7F'7F7F'7F7F'7F7FU;
    const std::uint64_t other = word ^ static_cast<unsigned char>(c) * 0x0101'0101'0101'0101U;
    return ~(((other & kLow) + kLow) | other | kLow);
  }
};

#if defined(__x86_64__)
struct Vector {
  static std::uint64_t either(const char* at, char a, char b) noexcept {
    const __m128i first = _mm_set1_epi8(a);
    const __m128i second = _mm_set1_epi8(b);
    std::uint64_t out = 0;
    for (int i = 0; i < 64; i += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
      const __m128i found = _mm_or_si128(_mm_cmpeq_epi8(bytes, first), _mm_cmpeq_epi8(bytes, second));
      out |= std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(found))} << i;
    }
    return out;
  }
};
#elif defined(__aarch64__)
struct Vector {
  static std::uint64_t either(const char* at, char a, char b) noexcept {
    const uint8x16_t first = vdupq_n_u8(static_cast<std::uint8_t>(a));
    const uint8x16_t second = vdupq_n_u8(static_cast<std::uint8_t>(b));
    constexpr std::uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t bits = vld1q_u8(kBits);
    const auto part = [&](int i) {
      const uint8x16_t bytes = vld1q_u8(reinterpret_cast<const std::uint8_t*>(at + i));
      return vandq_u8(vorrq_u8(vceqq_u8(bytes, first), vceqq_u8(bytes, second)), bits);
    };
    const uint8x16_t low = vpaddq_u8(part(0), part(16));
    const uint8x16_t high = vpaddq_u8(part(32), part(48));
    const uint8x16_t both = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(both, both)), 0);
  }
};
#else
using Vector = Plain;
#endif

/// So many places are written without asking whether there are so many: few blocks hold more.
constexpr int kUnasked = 8;

[[gnu::always_inline]] inline std::uint32_t* write_places(std::uint64_t bits, std::uint32_t base,
                                                          std::uint32_t* out) noexcept {
  const int found = std::popcount(bits);
  const auto one = [&](int i) {
    out[i] = base + static_cast<std::uint32_t>(std::countr_zero(bits));
    bits &= bits - 1;
  };
#pragma GCC unroll 8
  for (int i = 0; i < kUnasked; ++i) one(i);
  for (int i = kUnasked; i < found; ++i) one(i);
  return out + found;
}

/// Only bits below `count` of what a block of 64 bytes gave.
[[gnu::always_inline]] inline std::uint64_t first_bits(std::uint64_t bits, std::size_t count) noexcept {
  return count >= 64 ? bits : bits & ((std::uint64_t{1} << count) - 1);
}

template <class Level>
std::size_t find_ends_with(const char* bytes, std::size_t size, char separator,
                           std::uint32_t* places) noexcept {
  std::uint32_t* out = places;
  for (std::size_t at = 0; at < size; at += 64)
    out = write_places(first_bits(Level::either(bytes + at, separator, '\n'), size - at),
                       static_cast<std::uint32_t>(at), out);
  return static_cast<std::size_t>(out - places);
}

#if defined(__x86_64__)
// A function that holds instructions of a target must be compiled for it as a whole: no templates here.
__attribute__((target("avx2,bmi,bmi2,popcnt"))) std::size_t find_ends_avx2(const char* bytes,
                                                                           std::size_t size, char separator,
                                                                           std::uint32_t* places) noexcept {
  const __m256i first = _mm256_set1_epi8(separator);
  const __m256i second = _mm256_set1_epi8('\n');
  std::uint32_t* out = places;
  for (std::size_t at = 0; at < size; at += 64) {
    std::uint64_t bits = 0;
    for (int i = 0; i < 64; i += 32) {
      const __m256i block =
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at + static_cast<std::size_t>(i)));
      const __m256i found =
          _mm256_or_si256(_mm256_cmpeq_epi8(block, first), _mm256_cmpeq_epi8(block, second));
      bits |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(found))} << i;
    }
    if (size - at < 64) bits &= (std::uint64_t{1} << (size - at)) - 1;
    const int found = std::popcount(bits);
    const auto base = static_cast<std::uint32_t>(at);
#pragma GCC unroll 8
    for (int i = 0; i < kUnasked; ++i) {
      out[i] = base + static_cast<std::uint32_t>(_tzcnt_u64(bits));
      bits = _blsr_u64(bits);
    }
    for (int i = kUnasked; i < found; ++i) {
      out[i] = base + static_cast<std::uint32_t>(_tzcnt_u64(bits));
      bits = _blsr_u64(bits);
    }
    out += found;
  }
  return static_cast<std::size_t>(out - places);
}

__attribute__((target("avx512f,avx512bw,bmi,bmi2,popcnt"))) std::size_t find_ends_avx512(
    const char* bytes, std::size_t size, char separator, std::uint32_t* places) noexcept {
  const __m512i first = _mm512_set1_epi8(separator);
  const __m512i second = _mm512_set1_epi8('\n');
  const __m512i lanes = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  std::uint32_t* out = places;
  for (std::size_t at = 0; at < size; at += 64) {
    const __m512i block = _mm512_loadu_si512(bytes + at);
    std::uint64_t bits = _mm512_cmpeq_epi8_mask(block, first) | _mm512_cmpeq_epi8_mask(block, second);
    if (size - at < 64) bits &= (std::uint64_t{1} << (size - at)) - 1;
    for (std::uint32_t quarter = 0; quarter < 64; quarter += 16) {
      const auto sixteen = static_cast<__mmask16>(bits >> quarter);
      const __m512i here = _mm512_add_epi32(
          lanes, _mm512_set1_epi32(static_cast<int>(static_cast<std::uint32_t>(at) + quarter)));
      _mm512_storeu_si512(out, _mm512_maskz_compress_epi32(sixteen, here));
      out += std::popcount(static_cast<std::uint32_t>(sixteen));
    }
  }
  return static_cast<std::size_t>(out - places);
}
#endif

/// Sixteen bytes, as both compilers make them for every processor.
using Sixteen [[gnu::vector_size(16)]] = unsigned char;

bool any(Sixteen bytes) noexcept {
  std::array<std::uint64_t, 2> halves;
  std::memcpy(halves.data(), &bytes, sizeof bytes);
  return (halves[0] | halves[1]) != 0;
}

/// What there is in some bytes, lone or not.
Marks find_marks_from(const char* bytes, std::size_t at, std::size_t size, Marks marks) noexcept {
  for (; at < size; ++at) {
    marks.beyond_ascii = marks.beyond_ascii || static_cast<unsigned char>(bytes[at]) > 127;
    marks.quote = marks.quote || bytes[at] == '"';
    marks.lone_return = marks.lone_return || bytes[at] == '\r';
  }
  return marks;
}

Marks find_marks_vector(const char* bytes, std::size_t size) noexcept {
  Sixteen high{};
  Sixteen quotes{};
  Sixteen returns{};
  std::size_t at = 0;
  for (; at + sizeof(Sixteen) <= size; at += sizeof(Sixteen)) {
    Sixteen here;
    std::memcpy(&here, bytes + at, sizeof here);
    high |= here;
    quotes |= static_cast<Sixteen>(here == static_cast<unsigned char>('"'));
    returns |= static_cast<Sixteen>(here == static_cast<unsigned char>('\r'));
  }
  const Marks marks{.quote = any(quotes),
                    .lone_return = any(returns),
                    .beyond_ascii = any(high & static_cast<unsigned char>(0x80))};
  return find_marks_from(bytes, at, size, marks);
}

#if defined(__x86_64__)
/// The same where there are CRs: each by itself.
__attribute__((target("avx2"))) Marks find_marks_apart(const char* bytes, std::size_t size) noexcept {
  const __m256i quote = _mm256_set1_epi8('"');
  const __m256i carriage = _mm256_set1_epi8('\r');
  __m256i high = _mm256_setzero_si256();
  __m256i quotes = high;
  __m256i returns = high;
  std::size_t at = 0;
  for (; at + sizeof(__m256i) <= size; at += sizeof(__m256i)) {
    const __m256i here = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at));
    high = _mm256_or_si256(high, here);
    quotes = _mm256_or_si256(quotes, _mm256_cmpeq_epi8(here, quote));
    returns = _mm256_or_si256(returns, _mm256_cmpeq_epi8(here, carriage));
  }
  const Marks marks{.quote = _mm256_movemask_epi8(quotes) != 0,
                    .lone_return = _mm256_movemask_epi8(returns) != 0,
                    .beyond_ascii = _mm256_movemask_epi8(high) != 0};
  return find_marks_from(bytes, at, size, marks);
}

__attribute__((target("avx2"))) Marks find_marks_avx2(const char* bytes, std::size_t size) noexcept {
  // By its lower half: what a byte must be to be a quote or a CR. No byte is what stands for the other
  // halves, and a byte above 127 is looked up as 0.
  constexpr char kNone = 0x7F;
  const __m256i wanted =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(kNone, kNone, '"', kNone, kNone, kNone, kNone, kNone, kNone,
                                                kNone, kNone, kNone, kNone, '\r', kNone, 0));
  __m256i high = _mm256_setzero_si256();
  std::size_t at = 0;
  for (; at + 2 * sizeof(__m256i) <= size; at += 2 * sizeof(__m256i)) {
    const auto* const from = reinterpret_cast<const __m256i*>(bytes + at);
    const __m256i one = _mm256_loadu_si256(from);
    const __m256i two = _mm256_loadu_si256(from + 1);
    high = _mm256_or_si256(high, _mm256_or_si256(one, two));
    const __m256i either = _mm256_or_si256(_mm256_cmpeq_epi8(one, _mm256_shuffle_epi8(wanted, one)),
                                           _mm256_cmpeq_epi8(two, _mm256_shuffle_epi8(wanted, two)));
    if (_mm256_movemask_epi8(either) != 0) return find_marks_apart(bytes, size);
  }
  return find_marks_from(bytes, at, size, {.beyond_ascii = _mm256_movemask_epi8(high) != 0});
}
#endif

using FindEnds = std::size_t (*)(const char*, std::size_t, char, std::uint32_t*) noexcept;
using FindMarks = Marks (*)(const char*, std::size_t) noexcept;

struct Choice {
  ScanLevel level;
  FindEnds find_ends;
  FindMarks find_marks;
};

ScanLevel highest() noexcept {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool bits =
      __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  if (bits && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw"))
    return ScanLevel::avx512;
  if (bits && __builtin_cpu_supports("avx2")) return ScanLevel::avx2;
#endif
  return ScanLevel::vector;
}

Choice choice_of(ScanLevel level) noexcept {
  switch (level) {
    case ScanLevel::plain:
      return {level, find_ends_with<Plain>, find_marks_vector};
#if defined(__x86_64__)
    case ScanLevel::avx2:
      return {level, find_ends_avx2, find_marks_avx2};
    case ScanLevel::avx512:
      return {level, find_ends_avx512, find_marks_avx2};
#else
    case ScanLevel::avx2:
    case ScanLevel::avx512:
#endif
    case ScanLevel::vector:
      break;
  }
  return {ScanLevel::vector, find_ends_with<Vector>, find_marks_vector};
}

Choice first_choice() noexcept {
  ScanLevel level = highest();
  const char* const wish = std::getenv("KOMHEN_SIMD");
  constexpr std::string_view kNames[] = {"plain", "vector", "avx2", "avx512"};
  for (std::size_t i = 0; i < std::size(kNames); ++i)
    if (wish != nullptr && kNames[i] == wish) level = std::min(level, static_cast<ScanLevel>(i));
  return choice_of(level);
}

Choice& choice() noexcept {
  static Choice chosen = first_choice();
  return chosen;
}

}  // namespace

ScanLevel scan_level() noexcept {
  return choice().level;
}

bool use_scan_level(ScanLevel level) noexcept {
  if (level > highest()) return false;
  choice() = choice_of(level);
  return true;
}

std::size_t find_ends(const char* bytes, std::size_t size, char separator, std::uint32_t* places) noexcept {
  return choice().find_ends(bytes, size, separator, places);
}

Marks find_marks(std::string_view bytes) noexcept {
  Marks marks = choice().find_marks(bytes.data(), bytes.size());
  if (!marks.lone_return) return marks;
  // There are some of them: files of some systems have one before every LF.
  marks.lone_return = false;
  for (std::size_t at = bytes.find('\r'); at != std::string_view::npos && !marks.lone_return;
       at = bytes.find('\r', at + 1))
    marks.lone_return = !bytes.substr(at + 1).starts_with('\n');
  return marks;
}

}  // namespace komhen::detail
