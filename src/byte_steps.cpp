#include "byte_steps.hpp"

#include <algorithm>

#include "scan.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace komhen::detail {
namespace {

using Small = std::array<std::uint8_t, 16>;

#if defined(__x86_64__)
/// Looks up sixteen rows at a time, up to the first sixteen that have a code which is not small or has not
/// been met; returns how many rows.
__attribute__((target("ssse3"))) std::size_t lead_small(const std::array<Small, 3>& small,
                                                        const std::uint8_t* channels,
                                                        const std::uint8_t* types,
                                                        const std::uint8_t* directions, std::size_t rows,
                                                        std::uint32_t* places) noexcept {
  const auto at = [](const std::uint8_t* bytes) __attribute__((target("ssse3"), always_inline)) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  };
  const __m128i of_channels = at(small[0].data());
  const __m128i of_types = at(small[1].data());
  const __m128i of_directions = at(small[2].data());
  const __m128i zero = _mm_setzero_si128();
  const __m128i large = _mm_set1_epi8(static_cast<char>(0xF0));
  const __m128i unmet = _mm_set1_epi8(static_cast<char>(0xFF));
  std::size_t row = 0;
  for (; row + 16 <= rows; row += 16) {
    const __m128i channel = at(channels + row);
    const __m128i type = at(types + row);
    const __m128i direction = at(directions + row);
    // A sum that holds what is unmet stays there, since it can grow no more.
    const __m128i sum =
        _mm_adds_epu8(_mm_adds_epu8(_mm_shuffle_epi8(of_channels, channel), _mm_shuffle_epi8(of_types, type)),
                      _mm_shuffle_epi8(of_directions, direction));
    const __m128i is_large = _mm_and_si128(_mm_or_si128(_mm_or_si128(channel, type), direction), large);
    const __m128i fits = _mm_andnot_si128(_mm_cmpeq_epi8(sum, unmet), _mm_cmpeq_epi8(is_large, zero));
    if (_mm_movemask_epi8(fits) != 0xFFFF) break;
    const __m128i low = _mm_unpacklo_epi8(sum, zero);
    const __m128i high = _mm_unpackhi_epi8(sum, zero);
    auto* const out = reinterpret_cast<__m128i*>(places + row);
    _mm_storeu_si128(out, _mm_unpacklo_epi16(low, zero));
    _mm_storeu_si128(out + 1, _mm_unpackhi_epi16(low, zero));
    _mm_storeu_si128(out + 2, _mm_unpacklo_epi16(high, zero));
    _mm_storeu_si128(out + 3, _mm_unpackhi_epi16(high, zero));
  }
  return row;
}
#endif

}  // namespace

void ByteSteps::settle() noexcept {
  std::uint32_t farthest = 0;
  for (std::size_t column = 0; column < steps_.size(); ++column) {
    std::uint32_t most = 0;
    for (std::size_t code = 0; code < steps_[column].size(); ++code) {
      const std::uint32_t step = steps_[column][code];
      if (step < kNowhere) most = std::max(most, step);
      if (code < kSmall)
        small_[column][code] = static_cast<std::uint8_t>(std::min<std::uint32_t>(step, kUnmet));
    }
    farthest += most;
  }
  together_ = farthest < kUnmet && scan_level() >= ScanLevel::avx2;
}

void ByteSteps::lead(const std::uint8_t* channels, const std::uint8_t* types, const std::uint8_t* directions,
                     std::size_t rows, std::uint32_t* places) const noexcept {
  for (std::size_t row = 0; row < rows;) {
    std::size_t end = rows;
#if defined(__x86_64__)
    if (together_) {
      row += lead_small(small_, channels + row, types + row, directions + row, rows - row, places + row);
      end = std::min(rows, row + 16);
    }
#endif
    for (; row < end; ++row)
      places[row] = steps_[0][channels[row]] + steps_[1][types[row]] + steps_[2][directions[row]];
  }
}

}  // namespace komhen::detail
