#include "komhen/cost/money.hpp"

#include <algorithm>
#include <numeric>

#include "decimal_text.hpp"
#include "komhen/detail/hash.hpp"
#include "komhen/registration/personal_data.hpp"
#include "rational.hpp"

namespace komhen {
namespace {

using detail::cpp_int;
using detail::quoted;
using detail::Rational;

__extension__ using Wide = __int128;
constexpr Wide kMost = static_cast<Wide>(~detail::Wide{0} >> 1);

cpp_int whole_of(Wide value) {
  return cpp_int{value};
}

/// The decimal digits of the øre, at least three, so that two can stand behind the mark.
std::string digits_of(Wide value) {
  std::string digits = cpp_int{abs(whole_of(value))}.str();
  if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
  return digits;
}

Wide narrowed(const cpp_int& value) {
  if (abs(value) > whole_of(kMost))
    throw Error(ErrorKind::overflow, "an amount would pass 2^127 - 1 oere, more than can be held");
  return static_cast<Wide>(value);
}

/// Splits a whole number by largest remainder; all the parts have its sign.
std::vector<cpp_int> parts_of(const cpp_int& whole, std::span<const ExactNumber> weights) {
  ExactNumber sum;
  for (const ExactNumber& weight : weights) {
    if (weight.sign() < 0)
      throw Error(ErrorKind::argument, "a key to share by has the negative weight " + weight.fraction_text());
    sum = sum + weight;
  }
  if (sum.is_zero())
    throw Error(ErrorKind::argument, "a key to share by must have a weight that is not zero");
  const cpp_int size = abs(whole);
  cpp_int left = size;
  std::vector<cpp_int> parts;
  std::vector<detail::cpp_rational> rests;
  for (const ExactNumber& weight : weights) {
    const detail::cpp_rational quota = Rational::of(weight) / Rational::of(sum) * size;
    parts.push_back(numerator(quota) / denominator(quota));
    rests.push_back(quota - parts.back());
    left -= parts.back();
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return rests[a] > rests[b]; });
  for (std::size_t i = 0; left > 0; ++i, --left) ++parts[order[i]];
  if (whole < 0)
    for (cpp_int& part : parts) part = -part;
  return parts;
}

}  // namespace

Money Money::from_text(std::string_view text) {
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorKind::argument, quoted(text) + " is no amount in kroner: " + what);
  };
  const auto parts = detail::decimal_parts(text);
  if (!parts || parts->suffix == detail::Suffix::per_cent)
    refuse("write 1234.50 or 1.234,50 kr.");
  else if (!parts->danish && parts->decimals == 3)
    refuse("it could be read in two ways; write 1234 or 1.234,00 kr.");
  else if (parts->decimals > 2)
    refuse("it has parts of an oere; two decimals are the most");
  // Leading zeros would make Boost read the digits as octal.
  std::string digits = parts->digits + std::string(static_cast<std::size_t>(2 - parts->decimals), '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  const cpp_int oere{digits};
  return Money{narrowed(parts->negative ? cpp_int{-oere} : oere)};
}

std::optional<Money> Money::parse(std::string_view text) {
  try {
    return from_text(text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string Money::text() const {
  std::string digits = digits_of(oere_);
  digits.insert(digits.size() - 2, ".");
  return (oere_ < 0 ? "-" : "") + digits;
}

std::string Money::text_da() const {
  std::string digits = digits_of(oere_);
  digits.insert(digits.size() - 2, ",");
  for (std::size_t at = digits.size() - 3; at > 3;) digits.insert(at -= 3, ".");
  return (oere_ < 0 ? "-" : "") + digits + " kr.";
}

ExactAmount operator/(const Money& a, std::int64_t count) {
  return ExactAmount{a} / ExactNumber{count};
}

ExactAmount operator*(const Money& a, const ExactNumber& share) {
  return ExactAmount{a} * share;
}

ExactAmount::ExactAmount(const Money& money)
    : oere_{Rational::number(detail::cpp_rational{whole_of(money.oere_)})} {}

ExactAmount ExactAmount::from_kroner(const ExactNumber& kroner) {
  return ExactAmount{kroner * ExactNumber{100}};
}

ExactNumber ExactAmount::kroner() const {
  return oere_ / ExactNumber{100};
}

std::string ExactAmount::text() const {
  if (oere_.is_whole()) return kroner().text(2);
  const auto decimals = kroner().exact_text();
  return decimals ? *decimals : kroner().fraction_text();
}

Money ExactAmount::settle(Rounding rounding) const {
  const detail::cpp_rational& value = Rational::of(oere_);
  return Money{narrowed(detail::rounded(numerator(value), denominator(value), rounding))};
}

std::vector<Money> split(const Money& whole, std::span<const ExactNumber> weights) {
  const ExactAmount exact{whole};
  std::vector<Money> out;
  for (const cpp_int& part : parts_of(numerator(Rational::of(exact.oere())), weights))
    out.push_back(
        ExactAmount::from_oere(Rational::number(detail::cpp_rational{part})).settle(Rounding::half_up));
  return out;
}

std::vector<std::int64_t> split(std::int64_t whole, std::span<const ExactNumber> weights) {
  std::vector<std::int64_t> out;
  for (const cpp_int& part : parts_of(cpp_int{whole}, weights))
    out.push_back(static_cast<std::int64_t>(part));
  return out;
}

}  // namespace komhen
