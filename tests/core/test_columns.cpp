#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "kept_ways.hpp"
#include "komhen/registration/columns.hpp"
#include "komhen/tally/add_columns.hpp"
#include "komhen/tally/count.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

Codes good() {
  Codes codes;
  codes.municipality = 657;
  codes.week = 201217;
  codes.task = 230510;
  codes.channel = 1;
  codes.type = 1;
  codes.direction = 1;
  return codes;
}

template <class Change>
Reason reason_of(Change&& change, const Admission& admission = {}) {
  Codes codes = good();
  change(codes);
  const Checked checked = check(codes, admission);
  CHECK(checked.registration.has_value() == (checked.reason == Reason::accepted));
  return checked.reason;
}

/// Rows of codes as columns that own their numbers.
struct Table {
  std::vector<std::int32_t> municipality, week, task, source, unit;
  std::vector<std::uint8_t> channel, type, direction, closure, form;
  std::vector<std::int64_t> count;
  std::vector<std::string_view> sources, units;

  void add(const Codes& codes, std::int32_t source_index = 0, std::int32_t unit_index = 0) {
    municipality.push_back(codes.municipality);
    week.push_back(codes.week);
    task.push_back(codes.task);
    channel.push_back(codes.channel);
    type.push_back(codes.type);
    direction.push_back(codes.direction);
    closure.push_back(codes.closure);
    form.push_back(codes.form);
    count.push_back(codes.count);
    source.push_back(source_index);
    unit.push_back(unit_index);
  }
  [[nodiscard]] Columns columns() const {
    Columns out{week.size(),    municipality.data(), week.data(),        task.data(),
                channel.data(), type.data(),         direction.data(),   closure.data(),
                form.data(),    count.data(),        {sources, nullptr}, {units, nullptr}};
    if (!sources.empty()) out.source.index = source.data();
    if (!units.empty()) out.unit.index = unit.data();
    return out;
  }
};

Outcome added(Cube& cube, const Columns& columns, const Round* round = nullptr,
              const Participation* participation = nullptr, std::span<std::uint8_t> reasons = {}) {
  const std::int64_t before = cube.total();
  const Outcome outcome = add_columns(cube, columns, round, participation, reasons);
  CHECK(outcome.rows_read == static_cast<std::int64_t>(columns.rows));
  CHECK(outcome.rows_read == outcome.rows_accepted + outcome.rows_rejected());
  CHECK(cube.total() == before + outcome.contacts);
  CHECK(outcome.rejected_for(Reason::accepted) == 0);
  return outcome;
}

}  // namespace

TEST_CASE("good codes are a registration") {
  Codes codes = good();
  codes.closure = 2;
  codes.form = 3;
  codes.count = 7;
  codes.source = "kmd";
  codes.unit = "Skranke Ærø";
  const Checked checked = check(codes);
  REQUIRE(checked.registration);
  auto expected = test::contact();
  expected.closure = Closure::put_aside;
  expected.form = AttachedForm::digital;
  expected.count = 7;
  expected.source = "kmd";
  expected.unit = "Skranke Ærø";
  CHECK(*checked.registration == expected);
}

TEST_CASE("a number that is no code has the reason of its dimension") {
  CHECK(reason_of([](Codes&) {}) == Reason::accepted);
  for (const std::int32_t code : {0, -657, 411, 1000, 656}) {
    CHECK(reason_of([&](Codes& c) { c.municipality = code; }) == Reason::unknown_municipality);
  }
  for (const std::int32_t week : {0, 201200, 201253, 198952, 206827, -201217, 2012170})
    CHECK(reason_of([&](Codes& c) { c.week = week; }) == Reason::bad_date);
  CHECK(reason_of([](Codes& c) { c.week = 201553; }) == Reason::accepted);
  for (const std::int32_t task : {-1, 1'000'000})
    CHECK(reason_of([&](Codes& c) { c.task = task; }) == Reason::bad_kle);
  CHECK(reason_of([](Codes& c) { c.task = 0; }) == Reason::accepted);
  for (const std::uint8_t number : {std::uint8_t{0}, std::uint8_t{12}, std::uint8_t{255}}) {
    CHECK(reason_of([&](Codes& c) { c.channel = number; }) == Reason::unknown_channel);
    CHECK(reason_of([&](Codes& c) { c.type = number; }) == Reason::unknown_type);
    CHECK(reason_of([&](Codes& c) { c.direction = number; }) == Reason::unknown_direction);
  }
  CHECK(reason_of([](Codes& c) { c.closure = 3; }) == Reason::unknown_closure);
  CHECK(reason_of([](Codes& c) { c.form = 4; }) == Reason::unknown_form);
  for (const std::int64_t count :
       {std::int64_t{0}, std::int64_t{-1}, kMaxRowCount + 1, std::numeric_limits<std::int64_t>::max()})
    CHECK(reason_of([&](Codes& c) { c.count = count; }) == Reason::bad_count);
  CHECK(reason_of([](Codes& c) { c.count = kMaxRowCount; }) == Reason::accepted);
}

TEST_CASE("texts must be labels, and what looks like a CPR number comes first") {
  const std::string long_label(65, 'a');
  const std::string long_id(129, 'a');
  CHECK(reason_of([&](Codes& c) { c.source = long_label; }) == Reason::bad_label);
  CHECK(reason_of([&](Codes& c) { c.unit = "a\nb"; }) == Reason::bad_label);
  CHECK(reason_of([&](Codes& c) { c.unit = "\xF8"; }) == Reason::bad_label);
  CHECK(reason_of([&](Codes& c) { c.event_id = long_label; }) == Reason::accepted);
  CHECK(reason_of([&](Codes& c) { c.event_id = long_id; }) == Reason::bad_label);
  for (const auto member : {&Codes::source, &Codes::unit, &Codes::event_id})
    CHECK(reason_of([&](Codes& c) {
            c.*member = "010170-1234";
            c.municipality = 0;
          }) == Reason::personal_data);
  CHECK(reason_of([&](Codes& c) {
          c.source = "010170-1234";
          c.unit = long_label;
        }) == Reason::personal_data);
}

TEST_CASE("the first rule that fails is the reason, whatever else is wrong") {
  // One more wrong thing at a time, from the last rule to the first: the reason is always the newest.
  Round round = *builtin_round("2012-spring");
  round.package = Package{{"23.05.10"_kle}};
  const Participation nobody;
  const std::string long_label(65, 'a');
  Codes codes = good();
  const auto reason = [&] { return check(codes, Admission{&round, &nobody}).reason; };
  CHECK(reason() == Reason::outside_participation);
  codes.week = 201301;
  CHECK(reason() == Reason::outside_round);
  codes.unit = long_label;
  CHECK(reason() == Reason::bad_label);
  codes.count = 0;
  CHECK(reason() == Reason::bad_count);
  codes.form = 9;
  CHECK(reason() == Reason::unknown_form);
  codes.closure = 9;
  CHECK(reason() == Reason::unknown_closure);
  codes.direction = 0;
  CHECK(reason() == Reason::unknown_direction);
  codes.type = 0;
  CHECK(reason() == Reason::unknown_type);
  codes.channel = 0;
  CHECK(reason() == Reason::unknown_channel);
  codes.task = 230511;
  CHECK(reason() == Reason::unknown_task);
  codes.task = -1;
  CHECK(reason() == Reason::bad_kle);
  codes.week = 0;
  CHECK(reason() == Reason::bad_date);
  codes.municipality = 0;
  CHECK(reason() == Reason::unknown_municipality);
  codes.source = "010170-1234";
  CHECK(reason() == Reason::personal_data);
}

TEST_CASE("columns are added, bad rows are left out with their reason") {
  Table table;
  table.sources = {"kmd", "010170-1234"};
  table.units = {""};
  table.add(good());
  auto bad = good();
  bad.channel = 0;
  table.add(bad);
  table.add(good(), 1);
  table.add(good(), 2);
  table.add(good(), -1);
  auto seven = good();
  seven.count = 7;
  table.add(seven);
  std::vector<std::uint8_t> reasons(6, 99);
  Cube cube;
  const Outcome outcome = added(cube, table.columns(), nullptr, nullptr, reasons);
  const auto number = [](Reason reason) { return static_cast<std::uint8_t>(reason); };
  CHECK(reasons == std::vector<std::uint8_t>{0, number(Reason::unknown_channel),
                                             number(Reason::personal_data), number(Reason::bad_label),
                                             number(Reason::bad_label), 0});
  CHECK(outcome.rows_accepted == 2);
  CHECK(outcome.contacts == 8);
  const auto cells = cube.cells();
  REQUIRE(cells.size() == 1);
  auto expected = test::contact();
  expected.source = "kmd";
  expected.count = 8;
  CHECK(cells[0] == expected);
}

TEST_CASE("what is absent is not stated, one contact, no text") {
  const std::int32_t municipality = 657, week = 201217, task = 230510;
  const std::uint8_t one = 1;
  const Columns columns{1, &municipality, &week, &task, &one, &one, &one};
  Cube cube;
  added(cube, columns);
  CHECK(cube.cells() == std::vector<Registration>{test::contact()});
}

TEST_CASE("one text without an index stands on every row") {
  Table table;
  table.add(good());
  table.add(good());
  const std::array<std::string_view, 1> text{"kmd"};
  Columns columns = table.columns();
  columns.source = {text, nullptr};
  Cube cube;
  added(cube, columns);
  REQUIRE(cube.size() == 1);
  CHECK(cube.cells()[0].source == "kmd");
  CHECK(cube.total() == 2);
}

TEST_CASE("no rows are no contacts, and the round is remembered") {
  const Round round = *builtin_round("2012-spring");
  Cube cube;
  const Outcome outcome = added(cube, {}, &round);
  CHECK(outcome.round == "2012-spring");
  CHECK(cube.empty());
  CHECK(cube.rounds().size() == 1);
}

TEST_CASE("a call that cannot do its work leaves the cube as it was") {
  Table table;
  table.add(good());
  table.add(good());
  Cube cube;
  added(cube, table.columns());
  const Cube before = cube;

  Columns missing = table.columns();
  missing.week = nullptr;
  CHECK_REFUSED(add_columns(cube, missing), argument, "week");
  std::vector<std::uint8_t> reasons(3);
  CHECK_REFUSED(add_columns(cube, table.columns(), nullptr, nullptr, reasons), argument, "3", "2");
  const std::array<std::string_view, 2> two{"a", "b"};
  Columns no_index = table.columns();
  no_index.unit = {two, nullptr};
  CHECK_REFUSED(add_columns(cube, no_index), argument, "unit", "2");
  CHECK(cube == before);

  Round round = *builtin_round("2012-spring");
  cube.note_round(round);
  const Cube with_round = cube;
  round.scheme = Scheme::kl_2011;
  CHECK_REFUSED(add_columns(cube, table.columns(), &round), edition, "2012-spring");
  CHECK(cube == with_round);
}

TEST_CASE("an overflow in the middle of the columns leaves the cube as it was") {
  Cube cube;
  auto many = test::contact();
  many.count = std::numeric_limits<std::int64_t>::max() - 2 * kMaxRowCount;
  cube.add(many);
  const Cube before = cube;
  Table table;
  auto codes = good();
  codes.count = kMaxRowCount;
  table.add(codes);
  table.add(codes);
  Cube full = cube;
  added(full, table.columns());
  CHECK(full.total() == std::numeric_limits<std::int64_t>::max());
  codes.count = 1;
  table.add(codes);
  const Round round = *builtin_round("2012-spring");
  CHECK_REFUSED(add_columns(cube, table.columns(), &round), overflow, "9223372036854775807");
  CHECK(cube == before);
  CHECK(cube.rounds().empty());
}

TEST_CASE("a cube grows past its narrow key by columns, too") {
  std::vector<std::string> texts;
  for (int i = 0; i < 5000; ++i) texts.push_back("unit " + std::to_string(i));
  Table table;
  table.units.assign(texts.begin(), texts.end());
  Cube singly;
  for (std::int32_t i = 0; i < 5000; ++i) {
    auto codes = good();
    codes.task = i;
    table.add(codes, 0, i);
    codes.unit = texts[static_cast<std::size_t>(i)];
    singly.add(*check(codes).registration);
  }
  Cube cube;
  cube.add(test::contact());
  singly.add(test::contact());
  added(cube, table.columns());
  CHECK(cube == singly);
}

TEST_CASE("columns give the cube and the reasons that rows one by one give") {
  std::mt19937_64 random{20121};
  const auto pick = [&](auto list) { return std::data(list)[random() % std::size(list)]; };
  const std::string long_label(65, 'x');
  const std::vector<std::string_view> texts{"", "kmd", "Skranke Ærø", "010170-1234", long_label, "a\tb"};
  Round round = *builtin_round("2012-spring");
  round.package = Package{{"23.05.10"_kle, "02.34.02"_kle}};
  Participation participation;
  participation.declare(*Municipality::from_code(657), "2012-W17"_week);
  participation.declare(*Municipality::from_code(101), "2012-W18"_week);
  for (int trial = 0; trial < 60; ++trial) {
    const bool has_round = trial % 2 == 0;
    const Admission admission{has_round ? &round : nullptr, has_round ? &participation : nullptr};
    Table table;
    table.sources = texts;
    table.units = texts;
    Cube singly;
    std::vector<std::uint8_t> expected;
    for (std::size_t row = random() % 1500; row > 0; --row) {
      Codes codes = good();
      codes.municipality = pick(std::array{657, 657, 657, 101, 101, 0});
      codes.week = pick(std::array{201217, 201217, 201218, 201301, 201299});
      codes.task = pick(std::array{230510, 23402, 230511, 999999, -5});
      codes.channel = static_cast<std::uint8_t>(random() % 13);
      codes.type = static_cast<std::uint8_t>(random() % 8);
      codes.direction = static_cast<std::uint8_t>(random() % 3);
      codes.closure = static_cast<std::uint8_t>(random() % 4);
      codes.form = static_cast<std::uint8_t>(random() % 5);
      codes.count = pick(std::array{1, 1, 2, 500, 0});
      const auto source = static_cast<std::int32_t>(random() % (random() % 4 == 0 ? 6 : 3));
      const auto unit = static_cast<std::int32_t>(random() % (random() % 4 == 0 ? 6 : 3));
      table.add(codes, source, unit);
      codes.source = texts[static_cast<std::size_t>(source)];
      codes.unit = texts[static_cast<std::size_t>(unit)];
      const Checked checked = check(codes, admission);
      expected.push_back(static_cast<std::uint8_t>(checked.reason));
      if (checked.registration) singly.add(*checked.registration);
    }
    if (has_round) singly.note_round(round);
    Cube cube;
    std::vector<std::uint8_t> reasons(expected.size());
    added(cube, table.columns(), has_round ? &round : nullptr, has_round ? &participation : nullptr, reasons);
    CHECK(reasons == expected);
    CHECK(cube == singly);
  }
}

TEST_CASE("however columns are sorted, arrays are made and made anew, and count what rows one by one do") {
  std::mt19937_64 random{20122};
  const auto below = [&](std::size_t limit) { return random() % limit; };
  const test::KeptWays kept;
  const std::array<std::int32_t, 6> municipalities{101, 157, 657, 860, 851, 99};  // the last is none
  for (int trial = 0; trial < 60; ++trial) {
    detail::count_ways().array_from = 16 + below(200);
    std::vector<Codes> rows(1 + below(6000));
    const bool many = trial % 5 == 4;  // of one kind, more than a byte counts
    for (Codes& codes : rows) {
      codes = good();
      codes.municipality = municipalities[below(below(40) == 0 ? 6 : 5)];
      codes.week = 201217 + static_cast<std::int32_t>(below(many ? 1 : 3));
      codes.task = std::array{230510, 23402, 10302, 320105}[below(many ? 2 : 4)];
      codes.channel = static_cast<std::uint8_t>(below(many ? 2 : below(50) == 0 ? 13 : 9));
      codes.type = static_cast<std::uint8_t>(below(6));
      if (trial % 3 == 0) codes.closure = static_cast<std::uint8_t>(below(3));
    }
    if (trial % 4 == 1) std::ranges::sort(rows, {}, &Codes::municipality);
    if (trial % 4 == 2) std::ranges::sort(rows, {}, &Codes::task);
    if (trial % 4 == 3) std::ranges::sort(rows, {}, &Codes::channel);
    Table table;
    Cube singly;
    std::vector<std::uint8_t> expected;
    for (const Codes& codes : rows) {
      table.add(codes);
      const Checked checked = check(codes);
      expected.push_back(static_cast<std::uint8_t>(checked.reason));
      if (checked.registration) singly.add(*checked.registration);
    }
    Columns columns = table.columns();
    columns.count = nullptr;  // one each, so that an array may count them
    std::vector<std::uint8_t> reasons(expected.size());
    Cube cube;
    added(cube, columns, nullptr, nullptr, reasons);
    CHECK(reasons == expected);
    CHECK(cube == singly);
  }
}
