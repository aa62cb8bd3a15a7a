#include <doctest/doctest.h>

#include <concepts>

#include "komhen/taxonomy/kle.hpp"
#include "test_support.hpp"

using namespace komhen;

TEST_CASE("a KLE number reads NN.NN.NN and nothing else") {
  CHECK(KleNumber::parse("23.05.10") == "23.05.10"_kle);
  CHECK(KleNumber::parse("00.00.00")->digits() == 0);
  CHECK(KleNumber::parse("99.99.99")->digits() == 999'999);
  for (const char* text : {"", "23.05", "23.05.1", "23.05.100", "230510", "23-05-10", "23.05.1x", " 23.05.10",
                           "23.05.10 ", "23.05.10.", "x3.05.10", "23.5.010", "+3.05.10", "２３.05.10"}) {
    CAPTURE(std::string{text});
    CHECK_FALSE(KleNumber::parse(text));
  }
}

TEST_CASE("every KLE number reads back from its text and its digits") {
  for (std::int64_t digits = 0; digits < 1'000'000; digits += 7) {
    const auto number = KleNumber::from_digits(digits);
    REQUIRE(number);
    REQUIRE(KleNumber::parse(number->text()) == number);
    REQUIRE(number->digits() == digits);
  }
  CHECK_FALSE(KleNumber::from_digits(-1));
  CHECK_FALSE(KleNumber::from_digits(1'000'000));
  CHECK_FALSE(KleNumber::from_digits((std::int64_t{1} << 32) + 230'510));
}

TEST_CASE("the main group is the first pair, and numbers sort as they are written") {
  CHECK("23.05.10"_kle.main_group() == 23);
  CHECK("02.34.02"_kle.main_group() == 2);
  CHECK("02.34.02"_kle < "17.13.10"_kle);
  CHECK("23.05.10"_kle < "23.05.11"_kle);
  CHECK("02.34.02"_kle.text() == "02.34.02");
}

// Codes and counts do not turn into each other by accident.
static_assert(!std::convertible_to<int, KleNumber> && !std::convertible_to<KleNumber, int>);
static_assert(!std::default_initializable<KleNumber>);
