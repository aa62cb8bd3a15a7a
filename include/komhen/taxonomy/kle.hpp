#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace komhen {

/// A KLE number such as `23.05.10`: the key of a task.
///
/// Three two-digit groups (main group, group, subject), held as one integer so that keys compare and hash as
/// numbers.
class KleNumber {
 public:
  /// Reads exactly `NN.NN.NN`; anything else gives nullopt.
  [[nodiscard]] static constexpr std::optional<KleNumber> parse(std::string_view text) noexcept {
    if (text.size() != 8 || text[2] != '.' || text[5] != '.') return std::nullopt;
    std::uint32_t number = 0;
    for (const std::size_t i : {0U, 1U, 3U, 4U, 6U, 7U}) {
      if (text[i] < '0' || text[i] > '9') return std::nullopt;
      number = number * 10 + static_cast<std::uint32_t>(text[i] - '0');
    }
    return KleNumber{number};
  }

  /// The number whose six digits are `digits` (230510 is 23.05.10), as the C ABI and stored cubes write it.
  [[nodiscard]] static constexpr std::optional<KleNumber> from_digits(std::int64_t digits) noexcept {
    if (digits < 0 || digits > 999'999) return std::nullopt;
    return KleNumber{static_cast<std::uint32_t>(digits)};
  }

  [[nodiscard]] constexpr std::uint32_t digits() const noexcept { return digits_; }

  /// The first pair: 23 of 23.05.10.
  [[nodiscard]] constexpr std::uint32_t main_group() const noexcept { return digits_ / 10'000; }

  /// The number as it is written in the method guide: `NN.NN.NN`.
  [[nodiscard]] std::string text() const {
    std::string out = "00.00.00";
    std::uint32_t rest = digits_;
    for (const std::size_t i : {7U, 6U, 4U, 3U, 1U, 0U}) {
      out[i] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    }
    return out;
  }

  friend constexpr auto operator<=>(KleNumber, KleNumber) noexcept = default;

 private:
  explicit constexpr KleNumber(std::uint32_t digits) noexcept : digits_{digits} {}
  std::uint32_t digits_;
};

inline namespace literals {
/// A malformed literal does not compile.
consteval KleNumber operator""_kle(const char* text, std::size_t size) {
  const auto kle = KleNumber::parse({text, size});
  if (!kle) throw std::invalid_argument("a KLE literal must read NN.NN.NN");
  return *kle;
}
}  // namespace literals

}  // namespace komhen
