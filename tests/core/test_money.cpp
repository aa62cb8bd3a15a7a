#include <doctest/doctest.h>

#include <array>
#include <limits>

#include "komhen/cost/money.hpp"
#include "simulate_random.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

template <class A, class B>
concept addable = requires(A a, B b) { a + b; };
template <class A, class B>
concept multipliable = requires(A a, B b) { a* b; };
static_assert(addable<Money, Money> && addable<Money, ExactAmount>);
static_assert(!addable<Money, std::int64_t>, "an amount plus a count is a mistake");
static_assert(!multipliable<Money, Money> && !multipliable<ExactAmount, ExactAmount>,
              "kroner squared are none");
static_assert(!std::is_convertible_v<double, Money> && !std::is_convertible_v<Money, double>);

Money kr(std::string_view text) {
  return Money::from_text(text);
}

const Money kMost = kr("1701411834604692317316873037158841057.27");

}  // namespace

TEST_CASE("an amount is read plain and Danish, to the øre") {
  struct Row {
    std::string_view text;
    std::int64_t oere;
  };
  for (const auto& row : std::to_array<Row>({
           {"1234.50", 123450},
           {"1234.5", 123450},
           {"1234", 123400},
           {"0", 0},
           {"-0.05", -5},
           {"1.234,50 kr.", 123450},
           {"1.234,50kr", 123450},
           {"1.234,50\xC2\xA0kr.", 123450},
           {"1234,50", 123450},
           {"3 kr.", 300},
           {"1.234 kr.", 123400},
           {"821.000 kr.", 82100000},
           {"-1.234.567,08 kr.", -123456708},
           {"0,5 kr.", 50},
       })) {
    CAPTURE(row.text);
    CHECK(kr(row.text).oere() == row.oere);
  }
}

TEST_CASE("what is no amount, or could be two, is refused in one sentence") {
  for (const std::string_view text :
       {"",    " ",    "kr.", "1 234",        "1,234.50", "12.34,50 kr.", "1.23 kr.",      ".5",
        "5.",  "1e3",  "+5",  "--5",          "0x10",     "007",          "1.2345,00 kr.", "12,",
        "5 %", "1 .5", "NaN", "\xEF\xBC\x91", "5 kr. ",   "1..234 kr."}) {
    CAPTURE(text);
    CHECK_REFUSED(kr(text), argument, "is no amount in kroner");
    CHECK(!Money::parse(text));
  }
  CHECK_REFUSED(kr("1.234"), argument, "'1.234'", "two ways");
  CHECK_REFUSED(kr("1.2345"), argument, "parts of an oere");
  CHECK_REFUSED(kr("010190-1231"), argument, "***********");
}

TEST_CASE("an amount is written plain and Danish") {
  CHECK(kr("1234.5").text() == "1234.50");
  CHECK(kr("1234567.08").text_da() == "1.234.567,08 kr.");
  CHECK(kr("-999.99").text_da() == "-999,99 kr.");
  CHECK(kr("-1000").text_da() == "-1.000,00 kr.");
  CHECK(Money{}.text() == "0.00");
  CHECK(kr("-0.05").text() == "-0.05");
  CHECK(kMost.text_da() == "1.701.411.834.604.692.317.316.873.037.158.841.057,27 kr.");
}

TEST_CASE("the text of an amount reads back as the same amount") {
  detail::Generator random{11};
  for (int i = 0; i < 20'000; ++i) {
    const auto wide = static_cast<std::int64_t>(random.next()) >> random.below(64);
    const Money money = Money::from_oere(wide) * (i % 3 == 0 ? random.between(1, 1'000'000'000) : 1);
    CAPTURE(money.text());
    CHECK(kr(money.text()) == money);
    CHECK(kr(money.text_da()) == money);
  }
}

TEST_CASE("amounts obey the laws of whole numbers") {
  detail::Generator random{12};
  const auto any = [&] { return Money::from_oere(static_cast<std::int64_t>(random.next())); };
  for (int i = 0; i < 5'000; ++i) {
    const Money a = any();
    const Money b = any();
    const Money c = any();
    const std::int64_t n = random.between(-1'000'000, 1'000'000);
    CHECK(a + b == b + a);
    CHECK((a + b) + c == a + (b + c));
    CHECK(a - a == Money{});
    CHECK((a + b) * n == a * n + b * n);
    if (n != 0) CHECK((a / n * ExactNumber{n}).settle(Rounding::half_even) == a);
  }
}

TEST_CASE("a rounding happens once, has a name, and halves go away from zero or to the even øre") {
  struct Row {
    std::int64_t numerator;
    std::int64_t denominator;
    std::int64_t up;
    std::int64_t even;
  };
  for (const Row& row : std::to_array<Row>({{5, 2, 3, 2},
                                            {7, 2, 4, 4},
                                            {-5, 2, -3, -2},
                                            {-7, 2, -4, -4},
                                            {1, 3, 0, 0},
                                            {2, 3, 1, 1},
                                            {-2, 3, -1, -1},
                                            {1, 2, 1, 0},
                                            {-1, 2, -1, 0}})) {
    const ExactAmount amount = ExactAmount::from_oere(ExactNumber::ratio(row.numerator, row.denominator));
    CAPTURE(row.numerator);
    CHECK(amount.settle(Rounding::half_up).oere() == row.up);
    CHECK(amount.settle(Rounding::half_even).oere() == row.even);
  }
}

TEST_CASE("a third of an amount three times is the amount: nothing is rounded in between") {
  const ExactAmount third = kr("100") / 3;
  CHECK((third + third + third).settle(Rounding::half_up) == kr("100"));
  CHECK(third.settle(Rounding::half_up) == kr("33.33"));
}

TEST_CASE("an amount that cannot be held is an error and never wraps") {
  CHECK_REFUSED(kMost + Money::from_oere(1), overflow, "2^127 - 1 oere");
  CHECK_REFUSED(-kMost - Money::from_oere(1), overflow, "2^127 - 1 oere");
  CHECK_REFUSED(-kMost + Money::from_oere(-1), overflow, "2^127 - 1 oere");
  CHECK_REFUSED(-kMost - Money::from_oere(2), overflow, "2^127 - 1 oere");
  CHECK(-(-kMost) == kMost);
  CHECK_REFUSED(kMost * 2, overflow, "2^127 - 1 oere");
  CHECK_REFUSED((ExactAmount{kMost} * ExactNumber{2}).settle(Rounding::half_up), overflow, "2^127 - 1 oere");
  CHECK_REFUSED(kr("1701411834604692317316873037158841057.28"), overflow, "2^127 - 1 oere");
  CHECK((ExactAmount{kMost} * ExactNumber{2} / ExactNumber{2}).settle(Rounding::half_up) == kMost);
}

TEST_CASE("dividing by zero is an error") {
  CHECK_REFUSED(kr("1") / 0, argument, "division by zero");
  CHECK_REFUSED(ExactNumber::ratio(1, 0), argument, "division by zero");
  CHECK_REFUSED(ExactAmount{kr("1")} / ExactAmount{}, argument, "division by zero");
}

TEST_CASE("parts sum to the whole and lie less than an øre from their proportion") {
  detail::Generator random{13};
  for (int i = 0; i < 2'000; ++i) {
    const Money whole = Money::from_oere(static_cast<std::int64_t>(random.next()) >> random.below(60));
    std::vector<ExactNumber> weights;
    ExactNumber sum;
    for (std::int64_t k = random.between(1, 12); k > 0; --k) {
      weights.push_back(ExactNumber::ratio(random.between(0, 50), random.between(1, 9)));
      sum = sum + weights.back();
    }
    if (sum.is_zero()) continue;
    const auto parts = split(whole, weights);
    Money total;
    for (std::size_t k = 0; k < parts.size(); ++k) {
      total += parts[k];
      const ExactAmount off = ExactAmount{parts[k]} - whole * (weights[k] / sum);
      CHECK(off < ExactAmount{Money::from_oere(1)});
      CHECK(-off < ExactAmount{Money::from_oere(1)});
    }
    CHECK(total == whole);
  }
}

TEST_CASE("the rest of a split goes to the largest remainders, the earlier first") {
  const std::array<ExactNumber, 3> thirds{1, 1, 1};
  CHECK(split(kr("1.00"), thirds) == std::vector{kr("0.34"), kr("0.33"), kr("0.33")});
  CHECK(split(kr("-1.00"), thirds) == std::vector{kr("-0.34"), kr("-0.33"), kr("-0.33")});
  CHECK(split(std::int64_t{10}, thirds) == std::vector<std::int64_t>{4, 3, 3});
  const std::array<ExactNumber, 3> uneven{1, 2, 4};
  CHECK(split(kr("0.10"), uneven) == std::vector{kr("0.01"), kr("0.03"), kr("0.06")});
}

TEST_CASE("a key that cannot share is refused") {
  CHECK_REFUSED(split(kr("1"), std::array<ExactNumber, 2>{1, -1}), argument, "negative weight -1");
  CHECK_REFUSED(split(kr("1"), std::array<ExactNumber, 2>{0, 0}), argument, "not zero");
  CHECK_REFUSED(split(kr("1"), std::span<const ExactNumber>{}), argument, "not zero");
}

TEST_CASE("an exact number is read from text and never through a binary fraction") {
  CHECK(ExactNumber::parse("0.66") == ExactNumber::ratio(33, 50));
  CHECK(ExactNumber::parse("78 %") == ExactNumber::ratio(78, 100));
  CHECK(ExactNumber::parse("4,7 %") == ExactNumber::ratio(47, 1000));
  CHECK(ExactNumber::parse("15.748,5") == ExactNumber::ratio(157485, 10));
  CHECK(ExactNumber::parse("-0.1") == ExactNumber::ratio(-1, 10));
  CHECK(ExactNumber::parse("0.010") == ExactNumber::ratio(1, 100));
  for (const std::string_view text : {"", "1/2", "1e3", "3 kr.", "0,66,1", "inf", "1 %%", "- 1"}) {
    CAPTURE(text);
    CHECK(!ExactNumber::parse(text));
  }
}

TEST_CASE("an exact number is written without rounding where its decimals end, else as a fraction") {
  CHECK(ExactNumber::ratio(1499076, 10).exact_text() == "149907.6");
  CHECK(ExactNumber::ratio(-1, 8).exact_text() == "-0.125");
  CHECK(ExactNumber{7}.exact_text() == "7");
  CHECK(!ExactNumber::ratio(1, 3).exact_text());
  CHECK(ExactNumber::ratio(6, -4).fraction_text() == "-3/2");
  CHECK(ExactNumber::ratio(2, 3).text(6) == "0.666667");
  CHECK((*ExactNumber::parse("0.66") * ExactNumber::ratio(90, 50)).text(2) == "1.19");
  CHECK(ExactNumber::ratio(-1, 400).text(2) == "0.00");
  CHECK(ExactNumber::ratio(5, 2).text(0, Rounding::half_even) == "2");
}

TEST_CASE("an exact number that grows without end is stopped") {
  ExactNumber number = ExactNumber::ratio(3, 7);
  CHECK_REFUSED(
      [&] {
        for (int i = 0; i < 40; ++i) number = number * number;
        return number;
      }(),
      overflow, "65536 bits");
}
