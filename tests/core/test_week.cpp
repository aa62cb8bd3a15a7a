#include <date/iso_week.h>
#include <doctest/doctest.h>

#include "komhen/round/week.hpp"
#include "test_support.hpp"

using namespace komhen;
using namespace std::chrono;

namespace {
std::string week_of(int y, unsigned m, unsigned d) {
  const auto week = Week::containing(sys_days{year{y} / static_cast<int>(m) / static_cast<int>(d)});
  return week ? week->text() : "none";
}
}  // namespace

TEST_CASE("every day of the range lies in the week that Hinnant's iso_week gives it") {
  const sys_days first{year{1990} / 1 / 1};
  const sys_days last{year{2068} / 7 / 1};
  int days_seen = 0;
  for (sys_days day = first; day <= last; day += days{1}, ++days_seen) {
    const iso_week::year_weeknum_weekday theirs{date::sys_days{day.time_since_epoch()}};
    const auto ours = Week::containing(day);
    REQUIRE(ours);
    REQUIRE(ours->iso_year() == static_cast<int>(theirs.year()));
    REQUIRE(ours->number() == static_cast<int>(static_cast<unsigned>(theirs.weeknum())));
    REQUIRE(day - ours->monday() == days{static_cast<unsigned>(theirs.weekday()) - 1});
  }
  CHECK(days_seen == 7 * Week::kCount);
  CHECK_FALSE(Week::containing(first - days{1}));
  CHECK_FALSE(Week::containing(last + days{1}));
  CHECK_FALSE(Week::containing(sys_days{year{-32767} / 1 / 1}));
  CHECK_FALSE(Week::containing(sys_days{year{32767} / 12 / 31}));
}

TEST_CASE("the turn of a year belongs to the year that has most of the week") {
  CHECK(week_of(2012, 12, 31) == "2013-W01");
  CHECK(week_of(2010, 1, 3) == "2009-W53");
  CHECK(week_of(2010, 1, 4) == "2010-W01");
  CHECK(week_of(2016, 1, 3) == "2015-W53");
  CHECK(week_of(1990, 1, 1) == "1990-W01");
  CHECK(week_of(2068, 7, 1) == "2068-W26");
  CHECK(week_of(2068, 7, 2) == "none");
  CHECK(week_of(2012, 4, 23) == "2012-W17");
}

TEST_CASE("2009, 2015, 2020 and 2026 have a week 53, and 2012 has not") {
  for (const int with : {1992, 1998, 2004, 2009, 2015, 2020, 2026, 2032}) CHECK(Week::from_iso(with, 53));
  for (const int without : {2010, 2011, 2012, 2013, 2014, 2016, 2024})
    CHECK_FALSE(Week::from_iso(without, 53));
}

TEST_CASE("every week reads back from its text, its digits and its index") {
  for (std::uint32_t index = 0; index < Week::kCount; ++index) {
    const auto week = Week::from_index(index);
    REQUIRE(week);
    REQUIRE(week->index() == index);
    REQUIRE(Week::parse(week->text()) == week);
    REQUIRE(Week::from_iso(week->digits() / 100, week->digits() % 100) == week);
    REQUIRE(Week::containing(week->monday()) == week);
    REQUIRE(Week::containing(week->monday() + days{6}) == week);
  }
  CHECK_FALSE(Week::from_index(Week::kCount));
  CHECK_FALSE(Week::from_index(65'536));
}

TEST_CASE("a week is written 2012-W17 and in no other way") {
  CHECK(Week::parse("2012-W17")->digits() == 201217);
  for (const char* text :
       {"",          "2012-17",  "2012W17",  "2012-w17", "2012-W7",  "2012-W017", " 2012-W17",
        "2012-W17 ", "12-W17",   "2012-W00", "2012-W53", "2012-W54", "2012-W99",  "1989-W52",
        "2068-W27",  "2069-W01", "0000-W01", "2O12-W17", "2012-W1x", "+012-W17"}) {
    CAPTURE(std::string{text});
    CHECK_FALSE(Week::parse(text));
  }
  CHECK_FALSE(Week::from_iso(2012, 0));
  CHECK_FALSE(Week::from_iso(2012, -1));
  CHECK_FALSE(Week::from_iso(std::numeric_limits<int>::max(), 1));
}

static_assert("2012-W17"_week < "2012-W18"_week && "2012-W52"_week < "2013-W01"_week);
