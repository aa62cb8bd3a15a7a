#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace komhen::detail {

/// Random whole numbers that are the same on every machine: SplitMix64 (Steele, Lea and Flood, 2014).
class Generator {
 public:
  explicit constexpr Generator(std::uint64_t seed) noexcept : state_{seed} {}

  /// The next 64 random bits.
  constexpr std::uint64_t next() noexcept {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  /// A number from 0 to bound - 1, each as likely as the others. bound is at least 1.
  constexpr std::int64_t below(std::int64_t bound) noexcept {
    const auto range = static_cast<std::uint64_t>(bound);
    const std::uint64_t uneven =
        (0 - range) % range;  // 2^64 mod range: that many draws would favour small numbers
    std::uint64_t bits = next();
    while (bits < uneven) bits = next();
    return static_cast<std::int64_t>(bits % range);
  }

  /// A number from first to last, both included.
  constexpr std::int64_t between(std::int64_t first, std::int64_t last) noexcept {
    return first + below(last - first + 1);
  }

 private:
  std::uint64_t state_;
};

static_assert(Generator{0}.next() == 0xE220A8397B1DCDAFU, "the first number of SplitMix64 from seed 0");

/// Splits a total over weights: exact in sum, each part at most one from its proportion, and in expectation
/// equal to it, because the roundings start at a random place. The sum of the weights must be 1 to
/// 3,000,000,000.
[[nodiscard]] inline std::vector<std::int64_t> spread(std::int64_t total,
                                                      std::span<const std::int64_t> weights,
                                                      Generator& generator) {
  const std::int64_t sum =
      std::max(std::accumulate(weights.begin(), weights.end(), std::int64_t{0}), std::int64_t{1});
  const std::int64_t start = generator.below(sum);
  std::vector<std::int64_t> parts(weights.size());
  std::int64_t reached = 0;
  std::int64_t given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    reached += weights[i];
    const std::int64_t now = (total / sum) * reached + ((total % sum) * reached + start) / sum;
    parts[i] = now - given;
    given = now;
  }
  return parts;
}

/// A share of a total, in hundredths of a per cent, rounded half up to a whole number.
[[nodiscard]] constexpr std::int64_t part_of(std::int64_t total, std::int64_t basis_points) noexcept {
  return (total * basis_points + 5'000) / 10'000;
}

}  // namespace komhen::detail
