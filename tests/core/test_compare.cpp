#include <doctest/doctest.h>

#include "komhen/measure/compare.hpp"
#include "test_support.hpp"

using namespace komhen;
using test::Ask;

namespace {

/// Moves in one channel or another: so many by self-service of so many.
Cube moves(std::int64_t by_self_service, std::int64_t of, std::string_view source = "",
           KleNumber task = "23.05.10"_kle) {
  Cube cube;
  auto contact = test::contact();
  contact.source = source;
  contact.task = task;
  contact.count = of - by_self_service;
  if (contact.count > 0) cube.add(contact);
  contact.channel = Channel::self_service;
  contact.count = by_self_service;
  if (contact.count > 0) cube.add(contact);
  return cube;
}

Cube together(Cube a, const Cube& b) {
  a.merge(b);
  return a;
}

const Ask kSelfService{.measure = Measure::self_service};

std::string text_of(std::int32_t before, std::int32_t after) {
  return change_interval(before, after).text();
}
std::string text_of(std::int32_t before, std::int32_t after, std::int32_t printed) {
  const auto interval = change_interval(before, after, printed);
  return interval ? interval->text() : "contradiction";
}

}  // namespace

TEST_CASE("a comparison subtracts exact shares: 55 per cent after 38 can be a change of 18") {
  const auto comparison = compare(moves(376, 1000), moves(554, 1000), kSelfService);
  REQUIRE(comparison.rows.size() == 1);
  const auto& row = comparison.rows[0];
  CHECK(row.before == Share{376, 1000});
  CHECK(row.after == Share{554, 1000});
  REQUIRE(row.changes());
  CHECK(printed_change(*row.before, *row.after) == 18);
  CHECK(comparison.measure == Measure::self_service);
  CHECK(comparison.tasks == "all");
  CHECK(comparison.warnings.empty());
}

TEST_CASE("a combination of one side only has a row, and no change") {
  const Cube before = together(moves(1, 2), moves(1, 4, "", "02.34.02"_kle));
  const Cube after = together(moves(1, 2), moves(3, 4, "", "32.06.08"_kle));
  Ask by_task = kSelfService;
  by_task.by = {Dimension::task};
  const auto comparison = compare(before, after, by_task);
  REQUIRE(comparison.rows.size() == 3);
  CHECK(comparison.rows[0].key[0].text == "02.34.02");
  CHECK_FALSE(comparison.rows[0].after);
  CHECK_FALSE(comparison.rows[0].changes());
  CHECK(comparison.rows[1].key[0].text == "23.05.10");
  CHECK(comparison.rows[1].changes());
  CHECK(comparison.rows[2].key[0].text == "32.06.08");
  CHECK_FALSE(comparison.rows[2].before);
}

TEST_CASE("a side without applications has no share, and so no change") {
  auto guidance = test::contact();
  guidance.type = ContactType::guidance;
  Cube before;
  before.add(guidance);
  const auto comparison = compare(before, moves(1, 2), kSelfService);
  REQUIRE(comparison.rows.size() == 1);
  REQUIRE(comparison.rows[0].before);
  CHECK_FALSE(comparison.rows[0].before->exists());
  CHECK_FALSE(comparison.rows[0].changes());
  CHECK(compare(Cube{}, Cube{}, kSelfService).rows.empty());
}

TEST_CASE("labels of two cubes are matched by their text") {
  // In one cube "b" is the second source, in the other the first.
  const Cube before = together(moves(1, 2, "a"), moves(1, 4, "b"));
  const Cube after = together(moves(1, 8, "b"), moves(1, 16, "c"));
  Ask by_source = kSelfService;
  by_source.by = {Dimension::source};
  const auto rows = compare(before, after, by_source).rows;
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].key[0].text == "a");
  CHECK(rows[1].key[0].text == "b");
  CHECK(rows[1].before == Share{1, 4});
  CHECK(rows[1].after == Share{1, 8});
  CHECK(rows[2].key[0].text == "c");
}

TEST_CASE("a comparison warns when a change may not be one of behaviour") {
  const auto warnings = [](const Cube& a, const Cube& b, const Ask& ask = kSelfService) {
    return compare(a, b, ask).warnings;
  };
  const auto has = [](const std::vector<std::string>& warnings, std::initializer_list<const char*> parts) {
    return warnings.size() == 1 && std::ranges::all_of(parts, [&](const char* part) {
             return warnings[0].find(part) != std::string::npos;
           });
  };
  SUBCASE("a source on one side only, as NemRefusion was from spring 2012") {
    CHECK(warnings(moves(1, 2, "kmd"), moves(1, 2, "kmd")).empty());
    CHECK(has(warnings(moves(1, 2, "kmd"), together(moves(1, 2, "kmd"), moves(1, 2, "nemrefusion"))),
              {"later", "'nemrefusion'"}));
    CHECK(has(warnings(together(moves(1, 2, "kmd"), moves(1, 2, "nemrefusion")), moves(1, 2, "kmd")),
              {"earlier", "'nemrefusion'"}));
    CHECK(warnings(moves(1, 2, "a"), moves(1, 2, "b")).size() == 2);
  }
  SUBCASE("different schemes") {
    Cube autumn = moves(1, 2);
    autumn.note_round(*builtin_round("2011-autumn"));
    Cube spring = moves(1, 2);
    spring.note_round(*builtin_round("2012-spring"));
    const auto comparison = compare(autumn, spring, kSelfService);
    CHECK(comparison.scheme_before == Scheme::kl_2011);
    CHECK(comparison.scheme_after == Scheme::kl_2012);
    CHECK(has(comparison.warnings, {"kl-2011", "kl-2012"}));
    Ask named = kSelfService;
    named.scheme = Scheme::kl_2012;
    CHECK(warnings(autumn, spring, named).empty());
  }
  SUBCASE("different closed packages") {
    auto round = *builtin_round("2012-spring");
    round.id = "a";
    round.package = Package{{"23.05.10"_kle}};
    Cube a = moves(1, 2);
    a.note_round(round);
    Cube same = moves(1, 2);
    round.id = "b";
    same.note_round(round);
    CHECK(warnings(a, same).empty());
    Cube other = moves(1, 2);
    round.package = Package{{"23.05.10"_kle, "32.06.08"_kle}};
    other.note_round(round);
    CHECK(has(warnings(a, other), {"'a'", "'b'", "package"}));
  }
}

TEST_CASE("contacts have no share to compare") {
  CHECK_REFUSED(compare(moves(1, 2), moves(1, 2), Ask{}), argument, "contacts", "share");
  CHECK_REFUSED(compare(moves(1, 2), moves(1, 2), Ask{.measure = Measure::mix}), argument, "mix");
}

TEST_CASE("two printed per cents leave an interval for the change: 55 after 38 is above 16 and below 18") {
  CHECK(change_interval(38, 55) == ChangeInterval{32, 36});
  CHECK(text_of(38, 55) == "above 16, below 18");
  CHECK(text_of(60, 49) == "above -12, below -10");
  CHECK(text_of(57, 57) == "above -1, below 1");
  CHECK(text_of(0, 0) == "above -0.5, below 0.5");
  CHECK(text_of(0, 8) == "above 7, below 8.5");
  CHECK(text_of(24, 33) == "above 8, below 10");
}

TEST_CASE("a printed change narrows the interval: 18 leaves from 17.5 to below 18") {
  // FACTS T1.2: the three rows whose printed change is not the plain difference.
  CHECK(change_interval(38, 55, 18) == ChangeInterval{35, 36, true});
  CHECK(text_of(38, 55, 18) == "from 17.5, below 18");
  CHECK(text_of(58, 72, 15) == "from 14.5, below 15");
  CHECK(text_of(37, 61, 25) == "from 24.5, below 25");
  CHECK(text_of(38, 55, 17) == "from 16.5, below 17.5");
  CHECK(text_of(38, 55, 16) == "above 16, below 16.5");
  CHECK(text_of(5, 5, 0) == "above -0.5, below 0.5");
  CHECK(text_of(60, 49, -11) == "above -11.5, up to -10.5");
}

TEST_CASE("three figures that contradict each other leave no interval") {
  CHECK(text_of(38, 55, 15) == "contradiction");
  CHECK(text_of(38, 55, 19) == "contradiction");
  CHECK(text_of(38, 55, -18) == "contradiction");
  CHECK(text_of(10, 10, 1) != "contradiction");
  CHECK(text_of(10, 10, 2) == "contradiction");
  CHECK(text_of(10, 10, -2) == "contradiction");
}

TEST_CASE("every change of exact shares lies in the interval of what is printed of them") {
  // All pairs of shares over a few denominators, held against the interval in half points.
  for (const std::int64_t below : {7, 8, 40, 200, 201}) {
    for (std::int64_t a = 0; a <= below; ++a) {
      for (std::int64_t b = 0; b <= below; ++b) {
        const Share before{a, below};
        const Share after{b, below};
        const auto p = static_cast<std::int32_t>(per_cent(before));
        const auto q = static_cast<std::int32_t>(per_cent(after));
        const auto printed = static_cast<std::int32_t>(printed_change(before, after));
        const auto interval = change_interval(p, q, printed);
        CAPTURE(a);
        CAPTURE(b);
        CAPTURE(below);
        REQUIRE(interval);
        const std::int64_t halves = 200 * (b - a);  // of the change, times `below`
        REQUIRE(halves >= interval->above * below);
        REQUIRE(halves <= interval->below * below);
      }
    }
  }
}

TEST_CASE("the interval's ends are told exactly: what it excludes cannot be") {
  const auto possible = [](Share before, Share after) {
    const auto p = static_cast<std::int32_t>(per_cent(before));
    const auto q = static_cast<std::int32_t>(per_cent(after));
    const auto printed = static_cast<std::int32_t>(printed_change(before, after));
    const auto interval = change_interval(p, q, printed);
    REQUIRE(interval);
    const std::int64_t halves = 200 * (after.numerator - before.numerator);
    INFO(p, " ", q, " ", printed, ": ", interval->text());
    if (!interval->above_included) CHECK(halves > interval->above * before.denominator);
    if (interval->text().find("below ") != std::string::npos)
      CHECK(halves < interval->below * before.denominator);
  };
  possible({1, 200}, {36, 200});     // 17.5, printed as 18
  possible({36, 200}, {1, 200});     // -17.5, printed as -18
  possible({199, 200}, {200, 200});  // 0.5 up to 100
  possible({200, 200}, {199, 200});
}

TEST_CASE("100 per cent can be reached and not passed, so its ends are included") {
  CHECK(text_of(100, 50) == "from -50.5, below -49");
  CHECK(text_of(50, 100) == "above 49, up to 50.5");
  CHECK(text_of(100, 100) == "from -0.5, up to 0.5");
  CHECK(text_of(100, 50, -50) == "above -50.5, up to -49.5");  // -50.5 is printed as -51
  CHECK(text_of(100, 50, -51) == "from -50.5, up to -50.5");
  CHECK(text_of(13, 100, 88) == "from 87.5, up to 87.5");  // 1 of 8, and 8 of 8
  CHECK(text_of(100, 100, 1) == "from 0.5, up to 0.5");
  CHECK(text_of(100, 100, 0) == "above -0.5, below 0.5");
  CHECK(text_of(100, 100, 2) == "contradiction");
}

TEST_CASE("the published tables compare as the source prints them") {
  const auto rows = compare_published("2011-autumn", "2012-spring");
  REQUIRE(rows.size() == 36);
  int plain = 0;
  for (const PublishedChange& row : rows) {
    if (!row.task || !row.printed_change) continue;
    CAPTURE(row.task->text());
    REQUIRE(row.with_change);
    if (*row.after - *row.before == *row.printed_change) ++plain;
  }
  CHECK(plain == 31);
  const auto& total = rows.back();
  CHECK_FALSE(total.task);
  CHECK(total.before == 24);
  CHECK(total.after == 33);
  CHECK(total.printed_change == 9);
  const auto moving = std::ranges::find(rows, "23.05.10"_kle, &PublishedChange::task);
  CHECK(moving->from_rounding->text() == "above 16, below 18");
  CHECK(moving->with_change->text() == "from 17.5, below 18");
  const auto yellow_card = std::ranges::find(rows, "29.03.04"_kle, &PublishedChange::task);
  CHECK(yellow_card->before == 66);
  CHECK_FALSE(yellow_card->after);
  CHECK_FALSE(yellow_card->printed_change);
  CHECK_FALSE(yellow_card->from_rounding);
  SUBCASE("no change was printed the other way") {
    const auto back = compare_published("2012-spring", "2011-autumn");
    CHECK(std::ranges::none_of(back, [](const auto& row) { return row.printed_change.has_value(); }));
    CHECK(back.back().from_rounding->text() == "above -10, below -8");
  }
  CHECK_REFUSED(compare_published("2012-spring", "2012-autumn"), argument, "'2012-autumn'", "2011-autumn",
                "2012-spring");
  CHECK_REFUSED(compare_published("", "2012-spring"), argument, "''");
}

TEST_CASE("a cube is held against the published table, in both readings of its total") {
  const Cube cube = together(
      moves(55, 100), together(moves(500, 900, "", "29.03.04"_kle), moves(8, 100, "", "32.06.08"_kle)));
  const auto rows = against_published(cube, "2012-spring");
  REQUIRE(rows.size() == 37);
  const auto row = [&](KleNumber task) {
    return *std::ranges::find(rows, std::optional{task}, &AgainstPublished::task);
  };
  CHECK(row("23.05.10"_kle).published == 55);
  CHECK(row("23.05.10"_kle).share == Share{55, 100});
  CHECK(row("23.05.10"_kle).agrees() == true);
  CHECK(row("29.03.04"_kle).state == FigureState::withheld);
  CHECK(row("29.03.04"_kle).share == Share{500, 900});
  CHECK(row("29.03.04"_kle).agrees() == std::nullopt);
  CHECK(row("02.34.02"_kle).share == std::nullopt);
  CHECK(row("02.34.02"_kle).agrees() == std::nullopt);
  CHECK(rows[35].row == AgainstPublished::Row::total);
  CHECK(rows[35].share == Share{563, 1100});
  CHECK(rows[35].agrees() == false);
  CHECK(rows[36].row == AgainstPublished::Row::total_without_withheld);
  CHECK(rows[36].share == Share{63, 200});
  CHECK(rows[36].published == 33);
  SUBCASE("autumn 2011 withholds nothing") {
    CHECK(against_published(cube, "2011-autumn").size() == 36);
  }
  SUBCASE("the table's scheme holds, whatever the cube's round") {
    Cube autumn = moves(38, 100);
    autumn.note_round(*builtin_round("2011-autumn"));
    auto information = test::contact();
    information.type = ContactType::case_information;
    autumn.add(information);
    const auto against = against_published(autumn, "2011-autumn");
    CHECK(std::ranges::find(against, std::optional{"23.05.10"_kle}, &AgainstPublished::task)->share ==
          Share{38, 100});
  }
  CHECK_REFUSED(against_published(cube, "2015-spring"), argument, "'2015-spring'");
  CHECK(against_published(Cube{}, "2012-spring").back().share == std::nullopt);
}

TEST_CASE(
    "mixes of many units that one side alone has are compared without looking at all of them for each") {
  Cube before;
  Cube after;
  constexpr int kUnits = 40'000;  // took minutes
  for (int i = 0; i < kUnits; ++i) {
    auto contact = test::contact();
    const std::string unit = "unit " + std::to_string(i);
    contact.unit = unit;
    (i % 2 == 0 ? before : after).add(contact);
    contact.channel = Channel::letter;
    if (i % 4 == 0) after.add(contact);
  }
  const auto mixed =
      compare(before, after, test::Ask{.measure = Measure::mix, .by = {Dimension::unit, Dimension::channel}});
  REQUIRE(mixed.rows.size() == kUnits / 4 * 5);
  CHECK(mixed.rows.front().key.front().text == "unit 0");
  CHECK(mixed.rows.front().before == Share{1, 1});  // telephone
  CHECK(mixed.rows.front().after == Share{0, 1});
  CHECK(mixed.rows[1].before == Share{0, 1});  // letter
  CHECK(mixed.rows[1].after == Share{1, 1});
  CHECK(mixed.rows[2].key.front().text == "unit 1");
  CHECK_FALSE(mixed.rows[2].before);
}
