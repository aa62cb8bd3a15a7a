#include "komhen/measure/exact.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include "komhen/error.hpp"

namespace komhen {
namespace {

using boost::multiprecision::cpp_int;

/// numerator / denominator to a whole number, halves away from zero; the denominator is positive.
cpp_int rounded(const cpp_int& numerator, const cpp_int& denominator) {
  const cpp_int twice = 2 * abs(numerator) + denominator;
  const cpp_int whole = twice / (2 * denominator);
  return numerator < 0 ? cpp_int{-whole} : whole;
}

cpp_int power_of_ten(int exponent) {
  return pow(cpp_int{10}, static_cast<unsigned>(exponent));
}

/// A whole number of 10^-decimals as decimal text.
std::string decimal_text(const cpp_int& value, int decimals) {
  std::string digits = cpp_int{abs(value)}.str();
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, ".");
  return (value < 0 ? "-" : "") + digits;
}

/// The change in points times 10^decimals, rounded.
cpp_int change(Share before, Share after, int decimals) {
  const cpp_int difference =
      cpp_int{after.numerator} * before.denominator - cpp_int{before.numerator} * after.denominator;
  return rounded(difference * 100 * power_of_ten(decimals), cpp_int{before.denominator} * after.denominator);
}

/// A share of nothing is no number.
void require(Share share) {
  if (!share.exists()) throw Error(ErrorKind::argument, "there is no share: its denominator is 0");
}

}  // namespace

std::string share_text(Share share, int decimals) {
  require(share);
  return decimal_text(rounded(share.numerator * power_of_ten(decimals), share.denominator), decimals);
}

std::int64_t per_cent(Share share) {
  require(share);
  return static_cast<std::int64_t>(rounded(cpp_int{share.numerator} * 100, share.denominator));
}

std::string change_text(Share before, Share after, int decimals) {
  require(before);
  require(after);
  return decimal_text(change(before, after, decimals), decimals);
}

std::int64_t printed_change(Share before, Share after) {
  require(before);
  require(after);
  return static_cast<std::int64_t>(change(before, after, 0));
}

}  // namespace komhen
