#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include "komhen/measure/exact_number.hpp"

/// The one door between ExactNumber and Boost, for the few bodies that need whole numbers of any length.
namespace komhen::detail {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;

struct Rational {
  cpp_rational value;

  /// @throws Error (overflow) when it is longer than 65,536 bits.
  [[nodiscard]] static ExactNumber number(cpp_rational value);
  [[nodiscard]] static const cpp_rational& of(const ExactNumber& number) noexcept;
};

/// A fraction to a whole number; the denominator is positive.
[[nodiscard]] cpp_int rounded(const cpp_int& numerator, const cpp_int& denominator, Rounding rounding);

/// A whole number of 10^-decimals as decimal text.
[[nodiscard]] std::string decimal_text(const cpp_int& value, int decimals);

}  // namespace komhen::detail
