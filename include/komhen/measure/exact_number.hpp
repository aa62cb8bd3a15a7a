#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "komhen/measure/rounding.hpp"

namespace komhen {

namespace detail {
struct Rational;  // Boost's exact rational, kept out of headers: src/rational.hpp
}

/// An exact number: a fraction of two whole numbers of any length. Minutes, hours, full-time equivalents,
/// shares and rates are held as one until they are shown.
///
/// Adding, subtracting, multiplying and dividing are exact; nothing is ever rounded in between. It is a
/// value: copies are cheap, share their digits, and may be used from any thread.
///
/// Errors: dividing by zero is Error (argument); a number that has grown past 65,536 bits is Error
/// (overflow).
class ExactNumber {
 public:
  ExactNumber() = default;          ///< zero
  ExactNumber(std::int64_t whole);  // NOLINT(google-explicit-constructor): every count is such a number

  /// numerator / denominator. @throws Error (argument) when the denominator is zero.
  [[nodiscard]] static ExactNumber ratio(std::int64_t numerator, std::int64_t denominator);

  /// Reads decimal text exactly: plain (`1234.50`, `-0.66`), Danish (`1.234,50`; the comma says so), or
  /// either with `%` behind it (`4,7 %` is 47/1000). A text such as `1.234` is plain: one and a bit. nullopt
  /// for anything else: signs other than one `-`, exponents, blanks inside, leading zeros, over 60 digits.
  [[nodiscard]] static std::optional<ExactNumber> parse(std::string_view text);

  [[nodiscard]] bool is_zero() const noexcept { return sign() == 0; }
  /// -1, 0 or 1.
  [[nodiscard]] int sign() const noexcept;
  [[nodiscard]] bool is_whole() const;
  /// The number when it is whole and fits; nullopt otherwise.
  [[nodiscard]] std::optional<std::int64_t> whole() const;

  /// The smallest whole number that is not below it, when it fits; nullopt otherwise.
  [[nodiscard]] std::optional<std::int64_t> ceiling() const;

  /// The number with this many decimals (0 to 60), rounded once: 1.188 with 2 is `1.19`.
  [[nodiscard]] std::string text(int decimals, Rounding rounding = Rounding::half_up) const;
  /// The number as decimal text without rounding (`149907.6`); nullopt when its decimals never end or are
  /// more than 60.
  [[nodiscard]] std::optional<std::string> exact_text() const;
  /// `numerator/denominator` in lowest terms, or the whole number alone.
  [[nodiscard]] std::string fraction_text() const;
  /// The nearest double, for estimates alone: nothing exact is computed from it.
  [[nodiscard]] double estimate() const;

  friend ExactNumber operator+(const ExactNumber& a, const ExactNumber& b);
  friend ExactNumber operator-(const ExactNumber& a, const ExactNumber& b);
  friend ExactNumber operator*(const ExactNumber& a, const ExactNumber& b);
  friend ExactNumber operator/(const ExactNumber& a, const ExactNumber& b);
  friend ExactNumber operator-(const ExactNumber& a);
  friend bool operator==(const ExactNumber& a, const ExactNumber& b);
  friend std::strong_ordering operator<=>(const ExactNumber& a, const ExactNumber& b);

 private:
  friend struct detail::Rational;
  explicit ExactNumber(std::shared_ptr<const detail::Rational> value) : value_{std::move(value)} {}

  std::shared_ptr<const detail::Rational> value_;  ///< nullptr is zero; what it points to never changes
};

}  // namespace komhen
