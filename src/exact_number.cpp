#include "komhen/measure/exact_number.hpp"

#include <limits>

#include "decimal_text.hpp"
#include "komhen/error.hpp"
#include "rational.hpp"

namespace komhen {
namespace detail {

namespace {
constexpr unsigned kMostBits = 65'536;  // a discount over a century needs some thousands

bool too_long(const cpp_int& value) {
  return !value.is_zero() && msb(cpp_int{abs(value)}) >= kMostBits;
}
}  // namespace

ExactNumber Rational::number(cpp_rational value) {
  if (value.is_zero()) return {};
  if (too_long(numerator(value)) || too_long(denominator(value)))
    throw Error(ErrorKind::overflow, "an exact number has grown past 65536 bits, more than komhen holds");
  return ExactNumber{std::make_shared<const Rational>(Rational{std::move(value)})};
}

const cpp_rational& Rational::of(const ExactNumber& number) noexcept {
  static const cpp_rational kZero;
  return number.value_ ? number.value_->value : kZero;
}

cpp_int rounded(const cpp_int& numerator, const cpp_int& denominator, Rounding rounding) {
  const cpp_int size = abs(numerator);
  cpp_int whole = size / denominator;
  const cpp_int twice_rest = 2 * (size - whole * denominator);
  const bool half = twice_rest == denominator;
  if (twice_rest > denominator || (half && (rounding == Rounding::half_up || bit_test(whole, 0)))) ++whole;
  return numerator < 0 ? cpp_int{-whole} : whole;
}

std::string decimal_text(const cpp_int& value, int decimals) {
  std::string digits = cpp_int{abs(value)}.str();
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, ".");
  return (value < 0 ? "-" : "") + digits;
}

}  // namespace detail

namespace {

using detail::cpp_int;
using detail::cpp_rational;
using detail::Rational;

cpp_int power_of_ten(int exponent) {
  return pow(cpp_int{10}, static_cast<unsigned>(exponent));
}

constexpr int kMostDecimals = 60;

}  // namespace

ExactNumber::ExactNumber(std::int64_t whole) : ExactNumber{Rational::number(cpp_rational{whole})} {}

ExactNumber ExactNumber::ratio(std::int64_t numerator, std::int64_t denominator) {
  return ExactNumber{numerator} / ExactNumber{denominator};
}

std::optional<ExactNumber> ExactNumber::parse(std::string_view text) {
  const auto parts = detail::decimal_parts(text);
  if (!parts || parts->suffix == detail::Suffix::kroner) return std::nullopt;
  // Leading zeros would make Boost read the digits as octal.
  const std::size_t first = std::min(parts->digits.find_first_not_of('0'), parts->digits.size() - 1);
  cpp_rational value{cpp_int{parts->digits.substr(first)},
                     power_of_ten(parts->decimals + (parts->suffix == detail::Suffix::per_cent ? 2 : 0))};
  return Rational::number(parts->negative ? cpp_rational{-value} : value);
}

int ExactNumber::sign() const noexcept {
  return value_ ? value_->value.sign() : 0;
}

bool ExactNumber::is_whole() const {
  return denominator(Rational::of(*this)) == 1;
}

std::optional<std::int64_t> ExactNumber::whole() const {
  if (!is_whole()) return std::nullopt;
  const cpp_int value = numerator(Rational::of(*this));
  if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min())
    return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> ExactNumber::ceiling() const {
  const cpp_rational& value = Rational::of(*this);
  const cpp_int above = numerator(value);
  const cpp_int below = denominator(value);
  cpp_int whole = above / below;  // towards zero
  if (above > 0 && whole * below != above) ++whole;
  return Rational::number(cpp_rational{whole}).whole();
}

std::string ExactNumber::text(int decimals, Rounding rounding) const {
  if (decimals < 0 || decimals > kMostDecimals)
    throw Error(ErrorKind::argument,
                "a number is shown with 0 to 60 decimals, not " + std::to_string(decimals));
  const cpp_rational& value = Rational::of(*this);
  return detail::decimal_text(
      detail::rounded(numerator(value) * power_of_ten(decimals), denominator(value), rounding), decimals);
}

std::optional<std::string> ExactNumber::exact_text() const {
  const cpp_rational& value = Rational::of(*this);
  const cpp_int below = denominator(value);
  cpp_int rest = below;
  int twos = 0;
  int fives = 0;
  while (!bit_test(rest, 0) && twos <= kMostDecimals) {
    rest >>= 1;
    ++twos;
  }
  while (rest % 5 == 0 && fives <= kMostDecimals) {
    rest /= 5;
    ++fives;
  }
  const int decimals = std::max(twos, fives);
  if (rest != 1 || decimals > kMostDecimals) return std::nullopt;
  return detail::decimal_text(numerator(value) * power_of_ten(decimals) / below, decimals);
}

std::string ExactNumber::fraction_text() const {
  const cpp_rational& value = Rational::of(*this);
  const std::string above = numerator(value).str();
  return denominator(value) == 1 ? above : above + "/" + denominator(value).str();
}

double ExactNumber::estimate() const {
  return static_cast<double>(Rational::of(*this));
}

ExactNumber operator+(const ExactNumber& a, const ExactNumber& b) {
  if (!a.value_) return b;
  if (!b.value_) return a;
  return Rational::number(a.value_->value + b.value_->value);
}

ExactNumber operator-(const ExactNumber& a, const ExactNumber& b) {
  if (!b.value_) return a;
  return Rational::number(Rational::of(a) - b.value_->value);
}

ExactNumber operator*(const ExactNumber& a, const ExactNumber& b) {
  if (!a.value_ || !b.value_) return {};
  return Rational::number(a.value_->value * b.value_->value);
}

ExactNumber operator/(const ExactNumber& a, const ExactNumber& b) {
  if (!b.value_) throw Error(ErrorKind::argument, "a division by zero has no result");
  if (!a.value_) return {};
  return Rational::number(a.value_->value / b.value_->value);
}

ExactNumber operator-(const ExactNumber& a) {
  return a.value_ ? Rational::number(-a.value_->value) : a;
}

bool operator==(const ExactNumber& a, const ExactNumber& b) {
  return a.value_ == b.value_ || Rational::of(a) == Rational::of(b);
}

std::strong_ordering operator<=>(const ExactNumber& a, const ExactNumber& b) {
  const int order = Rational::of(a).compare(Rational::of(b));
  return order < 0   ? std::strong_ordering::less
         : order > 0 ? std::strong_ordering::greater
                     : std::strong_ordering::equal;
}

}  // namespace komhen
