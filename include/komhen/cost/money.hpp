#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/error.hpp"
#include "komhen/measure/exact_number.hpp"

namespace komhen {

class ExactAmount;

/// An exact amount in kroner, held as whole øre: up to 2^127 - 1 of them, either way.
///
/// Adding, subtracting and multiplying by a count are exact, and throw Error (overflow) rather than wrap.
/// Dividing, or multiplying by a share, gives an ExactAmount, and that becomes Money again only through
/// `settle()`, once, at the end, which names its rounding.
///
///     Money::from_text("0.10") * 3 == Money::from_oere(30)           // no binary fractions anywhere
///     (Money::from_text("100") / 3).settle(Rounding::half_up)        // 33.33, rounded here and nowhere else
class Money {
 public:
  constexpr Money() = default;  ///< nothing: 0.00 kr.
  [[nodiscard]] static constexpr Money from_oere(std::int64_t oere) noexcept { return Money{oere}; }
  [[nodiscard]] static constexpr Money from_kroner(std::int64_t kroner) noexcept {
    return Money{Oere{kroner} * 100};
  }

  /// Reads plain text (`1234.50`, `1234`, `-0.5`) or Danish text (`1.234,50 kr.`, `1234,50`, `3 kr.`): a
  /// comma or `kr.` makes it Danish. One or two decimals. `1.234` alone could be either and is refused.
  /// @throws Error: argument with a sentence that says what is wrong with the text, overflow past 2^127 - 1
  /// øre.
  [[nodiscard]] static Money from_text(std::string_view text);
  /// The same; nullopt where from_text() throws.
  [[nodiscard]] static std::optional<Money> parse(std::string_view text);

  /// `1234.50`: always two decimals, no grouping. Java's BigDecimal, .NET's decimal and Python's Decimal read
  /// it.
  [[nodiscard]] std::string text() const;
  /// `1.234,50 kr.`
  [[nodiscard]] std::string text_da() const;

  /// The øre, when they fit; nullopt otherwise.
  [[nodiscard]] constexpr std::optional<std::int64_t> oere() const noexcept {
    const auto narrow = static_cast<std::int64_t>(oere_);
    return narrow == oere_ ? std::optional{narrow} : std::nullopt;
  }
  /// -1, 0 or 1.
  [[nodiscard]] constexpr int sign() const noexcept { return oere_ < 0 ? -1 : oere_ > 0 ? 1 : 0; }

  friend constexpr Money operator+(const Money& a, const Money& b) {
    Oere sum = 0;
    if (__builtin_add_overflow(a.oere_, b.oere_, &sum) || sum < -kMost) overflowed();
    return Money{sum};
  }
  friend constexpr Money operator-(const Money& a, const Money& b) {
    Oere difference = 0;
    if (__builtin_sub_overflow(a.oere_, b.oere_, &difference) || difference < -kMost) overflowed();
    return Money{difference};
  }
  friend constexpr Money operator-(const Money& a) { return Money{} - a; }
  friend constexpr Money operator*(const Money& a, std::int64_t count) {
    Oere product = 0;
    if (__builtin_mul_overflow(a.oere_, Oere{count}, &product) || product < -kMost) overflowed();
    return Money{product};
  }
  friend constexpr Money operator*(std::int64_t count, const Money& a) { return a * count; }
  constexpr Money& operator+=(const Money& other) { return *this = *this + other; }
  constexpr Money& operator-=(const Money& other) { return *this = *this - other; }

  /// @throws Error (argument) when the count is 0.
  friend ExactAmount operator/(const Money& a, std::int64_t count);
  friend ExactAmount operator*(const Money& a, const ExactNumber& share);

  friend constexpr bool operator==(const Money&, const Money&) = default;
  friend constexpr std::strong_ordering operator<=>(const Money&, const Money&) = default;

 private:
  friend class ExactAmount;
  __extension__ using Oere = __int128;  // what both compilers have and ISO C++ does not name

  /// The same either way, so that no amount lacks its opposite.
  static constexpr Oere kMost = (Oere{1} << 126) - 1 + (Oere{1} << 126);

  explicit constexpr Money(Oere oere) noexcept : oere_{oere} {}
  [[noreturn]] static void overflowed() {
    throw Error(ErrorKind::overflow, "an amount would pass 2^127 - 1 oere, more than can be held");
  }

  Oere oere_ = 0;
};

/// An exact, not yet rounded number of øre. It becomes Money through settle() and in no other way.
class ExactAmount {
 public:
  ExactAmount() = default;          ///< zero
  ExactAmount(const Money& money);  // NOLINT(google-explicit-constructor): every amount of Money is exact

  /// So many kroner, which need not be whole øre: 110.005 is one.
  [[nodiscard]] static ExactAmount from_kroner(const ExactNumber& kroner);
  [[nodiscard]] static ExactAmount from_oere(const ExactNumber& oere) { return ExactAmount{oere}; }

  /// Rounds to whole øre, once. @throws Error (overflow) past 2^127 - 1 øre.
  [[nodiscard]] Money settle(Rounding rounding) const;

  [[nodiscard]] const ExactNumber& oere() const noexcept { return oere_; }
  [[nodiscard]] ExactNumber kroner() const;
  /// Kroner without rounding: `110.00`, `110.005`, or a fraction, `100/3`, where the decimals never end.
  [[nodiscard]] std::string text() const;

  friend ExactAmount operator+(const ExactAmount& a, const ExactAmount& b) {
    return ExactAmount{a.oere_ + b.oere_};
  }
  friend ExactAmount operator-(const ExactAmount& a, const ExactAmount& b) {
    return ExactAmount{a.oere_ - b.oere_};
  }
  friend ExactAmount operator-(const ExactAmount& a) { return ExactAmount{-a.oere_}; }
  friend ExactAmount operator*(const ExactAmount& a, const ExactNumber& factor) {
    return ExactAmount{a.oere_ * factor};
  }
  friend ExactAmount operator*(const ExactNumber& factor, const ExactAmount& a) { return a * factor; }
  /// @throws Error (argument) when the divisor is 0.
  friend ExactAmount operator/(const ExactAmount& a, const ExactNumber& divisor) {
    return ExactAmount{a.oere_ / divisor};
  }
  /// How many times `b` goes into `a`. @throws Error (argument) when `b` is 0.
  friend ExactNumber operator/(const ExactAmount& a, const ExactAmount& b) { return a.oere_ / b.oere_; }
  ExactAmount& operator+=(const ExactAmount& other) { return *this = *this + other; }

  friend bool operator==(const ExactAmount&, const ExactAmount&) = default;
  friend std::strong_ordering operator<=>(const ExactAmount& a, const ExactAmount& b) {
    return a.oere_ <=> b.oere_;
  }

 private:
  explicit ExactAmount(ExactNumber oere) : oere_{std::move(oere)} {}
  ExactNumber oere_;
};

/// Splits an amount over weights by largest remainder: the parts are whole øre, each less than one øre from
/// its proportion, and they sum to the whole. Equal remainders go to the earlier part. A negative amount is
/// split like its opposite.
/// @throws Error (argument) when a weight is negative or all are zero, or there is none.
[[nodiscard]] std::vector<Money> split(const Money& whole, std::span<const ExactNumber> weights);
/// The same for a count, such as contacts.
[[nodiscard]] std::vector<std::int64_t> split(std::int64_t whole, std::span<const ExactNumber> weights);

}  // namespace komhen
