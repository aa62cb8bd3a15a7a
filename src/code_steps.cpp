#include "code_steps.hpp"

#include <algorithm>
#include <bit>
#include <ranges>

#include "scan.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace komhen::detail {
namespace {

#if defined(__x86_64__)
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i eight_codes(const std::int32_t* codes) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
}
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i eight_codes(const std::uint8_t* codes) noexcept {
  return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes)));
}

/// Looks up eight rows at a time in sixteen steps, of which the last leads nowhere; returns how many rows.
template <class Code>
[[gnu::target("avx2")]] std::size_t lead_together(const std::uint32_t* steps, std::uint32_t least,
                                                  const Code* codes, std::size_t rows,
                                                  std::uint32_t* places) noexcept {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(steps));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(steps + 8));
  const __m256i first = _mm256_set1_epi32(static_cast<int>(least));
  const __m256i last = _mm256_set1_epi32(15);
  std::size_t row = 0;
  for (; row + 8 <= rows; row += 8) {
    const __m256i at = _mm256_min_epu32(_mm256_sub_epi32(eight_codes(codes + row), first), last);
    const __m256i is_high = _mm256_cmpgt_epi32(at, _mm256_set1_epi32(7));
    const __m256i step = _mm256_blendv_epi8(_mm256_permutevar8x32_epi32(low, at),
                                            _mm256_permutevar8x32_epi32(high, at), is_high);
    auto* const out = reinterpret_cast<__m256i*>(places + row);
    _mm256_storeu_si256(out, _mm256_add_epi32(_mm256_loadu_si256(out), step));
  }
  return row;
}
#endif

/// Four rows at a time: what they lead to is looked up before any of it is added, since for all that the
/// compiler knows a place might be a step of the next.
template <class Code, class StepOf>
void lead_each(const Code* codes, std::size_t rows, std::uint32_t* places, StepOf&& step_of) noexcept {
  const auto step_at = [&](std::size_t row) { return step_of(static_cast<std::uint32_t>(codes[row])); };
  std::size_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    const std::uint32_t first = step_at(row);
    const std::uint32_t second = step_at(row + 1);
    const std::uint32_t third = step_at(row + 2);
    const std::uint32_t fourth = step_at(row + 3);
    places[row] += first;
    places[row + 1] += second;
    places[row + 2] += third;
    places[row + 3] += fourth;
  }
  for (; row < rows; ++row) places[row] += step_at(row);
}

/// (Inlined, since as a call it would do nothing that a compiler must keep.)
template <class Code>
[[gnu::always_inline]] inline void fetch_ahead(const Code* codes, std::size_t rows) noexcept {
  for (std::size_t row = 0; row < rows; row += 64 / sizeof(Code)) __builtin_prefetch(codes + 2 * rows + row);
}

}  // namespace

bool CodeSteps::knows(std::uint32_t code) const noexcept {
  std::uint32_t step = 0;
  const auto as_row = static_cast<std::int32_t>(code);
  if (leads_.empty()) return false;
  if (!close_.empty())
    step = close_[std::min<std::size_t>(code - least_, close_.size() - 1)];
  else
    lead_apart(&as_row, 1, &step);
  return step < kNowhere;
}

void CodeSteps::learn(Lead lead) {
  leads_.push_back(lead);
  const auto [code, step] = lead;
  if (!close_.empty() && code - least_ < close_.size() - 1) {
    close_[code - least_] = step;
    return;
  }
  if (!apart_.empty() && leads_.size() <= kManyApart) {
    Apart& there = apart_[code * factor_ >> shift_];
    if (there.step == kNowhere) {
      there = {code, step};
      return;
    }
  }
  if (scattered_.size() != 0)
    scattered_.learn(code, step);
  else
    settle();
}

/// Finds out how all of them are looked up.
void CodeSteps::settle() {
  close_.clear();
  apart_.clear();
  together_ = false;
  if (leads_.empty()) return;
  const auto [least, most] = std::ranges::minmax(leads_ | std::views::keys);
  if (most - least < kClose) {
    least_ = least;
    // The last leads nowhere, even where codes are bytes and none lies beyond it; before it there is room for
    // codes that follow, so that one which comes after the other does not have all looked at again.
    const std::size_t codes = most - least + std::size_t{1};
    together_ = codes < kVeryClose && scan_level() >= ScanLevel::avx2;
    close_.assign(codes < kVeryClose ? kVeryClose : codes + codes / 2 + 1, kNowhere);
    for (const auto& [code, step] : leads_) close_[code - least] = step;
  } else if (leads_.size() > kManyApart || !learn_apart()) {
    for (const auto& [code, step] : leads_) scattered_.learn(code, step);
  }
}

/// Finds a factor by which no two codes come to one place; false where none is found.
bool CodeSteps::learn_apart() {
  for (auto bits = static_cast<unsigned>(std::bit_width(2 * leads_.size())); bits <= kMostApart; ++bits)
    for (std::uint32_t attempt = 1; attempt <= 64; ++attempt) {
      factor_ = attempt * 0x9E37'79B9U | 1U;
      shift_ = 32 - bits;
      if (place_apart()) return true;
    }
  apart_.clear();
  return false;
}

bool CodeSteps::place_apart() {
  apart_.assign(std::size_t{1} << (32 - shift_), {});
  for (const auto& [code, step] : leads_) {
    Apart& there = apart_[code * factor_ >> shift_];
    if (there.step != kNowhere) return false;
    there = {code, step};
  }
  return true;
}

template <class Code>
void CodeSteps::lead_all(const Code* codes, std::size_t rows, std::uint32_t* places) const noexcept {
  fetch_ahead(codes, rows);
  if (close_.empty()) return lead_apart(codes, rows, places);
  std::size_t row = 0;
#if defined(__x86_64__)
  if (together_) row = lead_together(close_.data(), least_, codes, rows, places);
#endif
  const std::uint32_t* const close = close_.data();
  const std::uint32_t least = least_;
  const auto last = static_cast<std::uint32_t>(close_.size() - 1);
  lead_each(codes + row, rows - row, places + row,
            [=](std::uint32_t code) { return close[std::min(code - least, last)]; });
}

template <class Code>
void CodeSteps::lead_apart(const Code* codes, std::size_t rows, std::uint32_t* places) const noexcept {
  if (apart_.empty()) {
    lead_each(codes, rows, places,
              [this](std::uint32_t code) { return static_cast<std::uint32_t>(scattered_.of(code)); });
    return;
  }
  const Apart* const apart = apart_.data();
  const std::uint32_t factor = factor_;
  const unsigned shift = shift_;
  lead_each(codes, rows, places, [=](std::uint32_t code) {
    const Apart& there = apart[code * factor >> shift];
    return there.code == code ? there.step : kNowhere;
  });
}

template void CodeSteps::lead_all(const std::int32_t*, std::size_t, std::uint32_t*) const noexcept;
template void CodeSteps::lead_all(const std::uint8_t*, std::size_t, std::uint32_t*) const noexcept;

}  // namespace komhen::detail
