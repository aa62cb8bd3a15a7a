#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "arrow_support.hpp"
#include "kept_ways.hpp"
#include "komhen/error.hpp"
#include "komhen/registration/profile.hpp"
#include "komhen/tally/count.hpp"
#include "test_support.hpp"

using namespace komhen;
using test::ArrayParts;
using test::Ledger;
using test::Numbers;
using test::Producer;
using test::SchemaParts;
using test::Texts;

namespace {

struct Seen {
  std::int64_t line;
  Reason reason;
  std::optional<Field> column;
  std::string text;  ///< of that column
  friend bool operator==(const Seen&, const Seen&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << seen.line << ' ' << token(seen.reason) << ' ' << (seen.column ? token(*seen.column) : "-")
               << ' ' << seen.text;
  }
};

/// Counts the producer's stream; the law of every count holds, and everything is released once.
Counted tally(Producer& producer, CountOptions options = {}, std::vector<Seen>* seen = nullptr) {
  std::int64_t rejects = 0;
  options.on_reject = [&](const Reject& reject) {
    ++rejects;
    if (seen == nullptr) return;
    std::string text;
    if (reject.column) text = reject.fields[slot(*reject.column)].value_or("-");
    seen->push_back({reject.line, reject.reason, reject.column, text});
  };
  Ledger ledger;
  ArrowArrayStream stream = producer.stream(ledger);
  Counted counted = count_stream(&stream, options);
  CHECK((stream.release == nullptr));
  CHECK(ledger.balanced());
  CHECK(counted.outcome.rows_read == counted.outcome.rows_accepted + counted.outcome.rows_rejected());
  CHECK(counted.outcome.rows_rejected() == rejects);
  CHECK(counted.outcome.contacts == counted.cube.total());
  return counted;
}

/// The refusal of the producer's stream; everything is released once then, too.
test::Refusal refused(Producer& producer, const CountOptions& options = {}) {
  Ledger ledger;
  ArrowArrayStream stream = producer.stream(ledger);
  const auto refusal = test::refusal([&] { static_cast<void>(count_stream(&stream, options)); });
  CHECK((stream.release == nullptr));
  CHECK(ledger.balanced());
  REQUIRE_MESSAGE(refusal, "the stream was counted");
  return *refusal;
}

struct ColumnParts {
  SchemaParts schema;
  ArrayParts array;
};

/// The six required columns of one good row repeated, as text, and a further column or another in their
/// place.
Producer with(std::vector<ColumnParts> others, std::int64_t rows = 1) {
  const auto repeated = [&](const char* text) {
    return test::texts<std::int32_t>(Texts(static_cast<std::size_t>(rows), std::string{text}));
  };
  std::vector<ColumnParts> columns{
      {{"u", "municipality"}, repeated("657")}, {{"u", "date"}, repeated("2012-04-23")},
      {{"u", "kle"}, repeated("23.05.10")},     {{"u", "channel"}, repeated("telephone")},
      {{"u", "type"}, repeated("new_case")},    {{"u", "direction"}, repeated("incoming")}};
  for (ColumnParts& other : others) {
    bool in_place = false;
    for (ColumnParts& column : columns) {
      if (column.schema.name != other.schema.name) continue;
      column = other;
      in_place = true;
    }
    if (!in_place) columns.push_back(std::move(other));
  }
  std::vector<SchemaParts> schemas;
  std::vector<ArrayParts> arrays;
  for (ColumnParts& column : columns) {
    schemas.push_back(std::move(column.schema));
    arrays.push_back(std::move(column.array));
  }
  Producer out{test::table(std::move(schemas)), {}};
  out.batches.push_back(test::batch(std::move(arrays)));
  out.batches[0].length = rows;
  return out;
}

template <class T>
ColumnParts integers(const char* format, const char* name, const Numbers& values) {
  return {{format, name}, test::numbers<T>(values)};
}
ColumnParts text(const char* name, const Texts& values) {
  return {{"u", name}, test::texts<std::int32_t>(values)};
}
ColumnParts encoded(const char* name, const Numbers& index, const Texts& dictionary) {
  ColumnParts out{{"c", name, {}, {{"u"}}}, test::numbers<std::int8_t>(index)};
  out.array.dictionary = {test::texts<std::int32_t>(dictionary)};
  return out;
}

std::vector<Registration> cells_of(Producer producer, const CountOptions& options = {}) {
  static Counted kept;  // the cells borrow their labels
  kept = tally(producer, options);
  CHECK(kept.outcome.rows_rejected() == 0);
  return kept.cube.cells();
}

std::int64_t days(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) / static_cast<int>(day)}
      .time_since_epoch()
      .count();
}

}  // namespace

TEST_CASE("a stream of text columns counts as the file of the same text does") {
  const auto cells = cells_of(with({}, 3));
  auto expected = test::contact();
  expected.count = 3;
  CHECK(cells == std::vector<Registration>{expected});
}

TEST_CASE("columns go by the names of a file's header, in any order, Danish too") {
  Producer producer = with({text("Kilde", {"kmd"}), text("ENHED", {" Skranke "}), text("Hændelse-ID", {"e1"}),
                            integers<std::int64_t>("l", "antal", {7}), text("comment", {"not read"})});
  producer.schema.children[0].name = "Kommune";
  producer.schema.children[4].name = "henvendelsestype";
  const auto counted = tally(producer);
  const auto cells = counted.cube.cells();
  REQUIRE(cells.size() == 1);
  CHECK(cells[0].source == "kmd");
  CHECK(cells[0].unit == "Skranke");
  CHECK(cells[0].count == 7);
  CHECK(counted.outcome.unread_columns == std::vector<std::string>{"comment"});
  CHECK(counted.outcome.encoding == "ascii");
}

TEST_CASE("integers are the numbers of codes") {
  const auto cells = cells_of(with(
      {integers<std::int16_t>("s", "municipality", {657}), integers<std::uint32_t>("I", "week", {201217}),
       integers<std::int32_t>("i", "kle", {230510}), integers<std::int8_t>("c", "channel", {7}),
       integers<std::uint8_t>("C", "type", {4}), integers<std::uint64_t>("L", "direction", {2}),
       integers<std::uint16_t>("S", "closure", {0}), integers<std::int64_t>("l", "form", {3}),
       integers<std::int32_t>("i", "count", {2147483647}), integers<std::int64_t>("l", "source", {-12}),
       integers<std::uint64_t>("L", "unit", {-1}), integers<std::int64_t>("l", "event_id", {1234})}));
  CHECK(cells == std::vector<Registration>{{*Municipality::from_code(657), "2012-W17"_week, "23.05.10"_kle,
                                            Channel::self_service, ContactType::guidance, Direction::outgoing,
                                            Closure::not_stated, AttachedForm::digital, "-12",
                                            "18446744073709551615", 2147483647}});
}

TEST_CASE("numbers beyond the largest signed one are different labels") {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kOneMore = std::numeric_limits<std::int64_t>::min();  // as its bits stand
  Producer producer = with({integers<std::uint64_t>("L", "unit", {kMost, kMost, kOneMore, -1, kMost})}, 5);
  const Counted counted = tally(producer);
  std::map<std::string, std::int64_t> by_unit;
  for (const Registration& cell : counted.cube.cells()) by_unit[std::string{cell.unit}] += cell.count;
  CHECK(by_unit == std::map<std::string, std::int64_t>{
                       {"9223372036854775807", 3}, {"9223372036854775808", 1}, {"18446744073709551615", 1}});
}

TEST_CASE("an integer that is no code has the reason of its dimension, and is shown as it stands") {
  const auto verdict = [](const char* name, std::int64_t value) {
    Producer producer = with({integers<std::int64_t>("l", name, {value})});
    std::vector<Seen> seen;
    tally(producer, {}, &seen);
    REQUIRE(seen.size() == 1);
    return seen.front();
  };
  CHECK(verdict("municipality", 57) == Seen{1, Reason::unknown_municipality, Field::municipality, "57"});
  CHECK(verdict("week", 201299) == Seen{1, Reason::bad_date, Field::week, "201299"});
  CHECK(verdict("week", std::numeric_limits<std::int64_t>::min()) ==
        Seen{1, Reason::bad_date, Field::week, "-9223372036854775808"});
  CHECK(verdict("week", (std::int64_t{1} << 32) + 201217).reason == Reason::bad_date);
  CHECK(verdict("kle", -1) == Seen{1, Reason::bad_kle, Field::kle, "-1"});
  CHECK(verdict("channel", 0) == Seen{1, Reason::unknown_channel, Field::channel, "0"});
  CHECK(verdict("channel", 257).reason == Reason::unknown_channel);
  CHECK(verdict("type", 7).reason == Reason::unknown_type);
  CHECK(verdict("direction", 3).reason == Reason::unknown_direction);
  CHECK(verdict("closure", 3).reason == Reason::unknown_closure);
  CHECK(verdict("form", -1).reason == Reason::unknown_form);
  CHECK(verdict("count", 0).reason == Reason::bad_count);
  CHECK(verdict("count", 2147483648).reason == Reason::bad_count);
  CHECK(verdict("event_id", 1111111118) == Seen{1, Reason::personal_data, Field::event_id, "**********"});
}

TEST_CASE(
    "many rows of codes alone are counted as few are, and none passes for another of the same 32 bits") {
  constexpr std::int64_t kRows = 3000;
  const auto column = [](auto&& of_row) {
    Numbers out;
    for (std::int64_t row = 0; row < kRows; ++row) out.push_back(of_row(row));
    return out;
  };
  const auto same = [&](std::int64_t number) { return column([=](std::int64_t) { return number; }); };
  const test::KeptWays kept;
  detail::count_ways().array_from = 16;
  const std::int64_t first = days(2012, 4, 23);
  Producer producer = with(
      {integers<std::int64_t>("l", "municipality", same(657)),
       integers<std::int32_t>("tdD", "date", column([&](std::int64_t row) { return first + row / 500; })),
       integers<std::int64_t>("l", "kle", column([](std::int64_t row) {
                                return 230510 + (row % 500 == 499 ? std::int64_t{1} << 32 : 0);
                              })),
       integers<std::int8_t>("c", "channel", column([](std::int64_t row) { return row % 3 == 0 ? 7 : 1; })),
       integers<std::uint8_t>("C", "type", same(1)), integers<std::int16_t>("s", "direction", same(1))},
      kRows);
  producer.batches.push_back(producer.batches[0]);
  const Counted counted = tally(producer);
  CHECK(counted.outcome.rejected_for(Reason::bad_kle) == 2 * 6);
  CHECK(counted.outcome.rows_accepted == 2 * (kRows - 6));
  std::map<Channel, std::int64_t> by_channel;
  for (const Registration& cell : counted.cube.cells()) by_channel[cell.channel] += cell.count;
  // Of the rows left out, every third but two is one of self-service.
  CHECK(by_channel == std::map<Channel, std::int64_t>{{Channel::telephone, 2 * (2000 - 4)},
                                                      {Channel::self_service, 2 * (1000 - 2)}});
  CHECK(counted.cube.size() == 2);
}

TEST_CASE("many moments are of the day that each is of by itself, whatever their unit") {
  const test::KeptWays kept;
  detail::count_ways().array_from = 16;
  constexpr std::int64_t kRows = 4000;
  const std::int64_t first = days(2012, 3, 24) * 86'400;  // summer time begins on the 25th
  struct Unit {
    const char* format;
    std::int64_t per_second;
  };
  for (const Unit unit : {Unit{"tss:", 1}, Unit{"tsm:", 1000}, Unit{"tsu:UTC", 1'000'000},
                          Unit{"tsn:+03:00", 1'000'000'000}, Unit{"tdm", 1000}}) {
    INFO(unit.format);
    Numbers moments;
    for (std::int64_t row = 0; row < kRows; ++row)
      moments.push_back((first + row * 997) * unit.per_second + row % unit.per_second);
    std::map<Week, std::int64_t> expected;
    for (const auto& moment : moments)
      for (const Registration& cell : cells_of(with({integers<std::int64_t>(unit.format, "date", {moment})})))
        ++expected[cell.week];
    const auto all = [&](std::int64_t number) { return Numbers(kRows, number); };
    std::map<Week, std::int64_t> found;
    for (const Registration& cell : cells_of(with(
             {integers<std::int64_t>(unit.format, "date", moments),
              integers<std::int16_t>("s", "municipality", all(657)),
              integers<std::int32_t>("i", "kle", all(230510)), integers<std::int8_t>("c", "channel", all(1)),
              integers<std::int8_t>("c", "type", all(1)), integers<std::int8_t>("c", "direction", all(1))},
             kRows)))
      found[cell.week] += cell.count;
    CHECK(found == expected);
    CHECK(found.size() == 8);
  }
}

TEST_CASE("a moment that no week holds is no date, however its number looks") {
  Numbers moments;
  for (std::int64_t row = 0; row < 10'000; ++row) moments.push_back(6'912'000'000 + row);  // the year 2189
  Producer producer = with({integers<std::int64_t>("tss:", "date", moments)}, 10'000);
  CHECK(tally(producer).outcome.rejected_for(Reason::bad_date) == 10'000);
}

TEST_CASE("dates, and moments by the day they are in Denmark") {
  const auto week = [](const char* format, std::int64_t value, bool wide = true) {
    return cells_of(with({wide ? integers<std::int64_t>(format, "date", {value})
                               : integers<std::int32_t>(format, "date", {value})}))
        .at(0)
        .week.text();
  };
  const std::int64_t monday = days(2012, 4, 23);
  constexpr std::int64_t kDay = 86'400;
  CHECK(week("tdD", monday, false) == "2012-W17");
  CHECK(week("tdD", monday - 1, false) == "2012-W16");
  CHECK(week("tdm", monday * kDay * 1000) == "2012-W17");
  CHECK(week("tdm", monday * kDay * 1000 - 1) == "2012-W16");
  CHECK(week("tss:", monday * kDay) == "2012-W17");
  CHECK(week("tss:", monday * kDay - 1) == "2012-W16");
  // 22:00 UTC is midnight in Denmark's summer.
  CHECK(week("tss:UTC", monday * kDay - 2 * 3600) == "2012-W17");
  CHECK(week("tss:Europe/Copenhagen", monday * kDay - 2 * 3600 - 1) == "2012-W16");
  CHECK(week("tsm:UTC", (monday * kDay - 2 * 3600) * 1'000 - 1) == "2012-W16");
  CHECK(week("tsu:", monday * kDay * 1'000'000 - 1) == "2012-W16");
  CHECK(week("tsn:+02:00", (monday * kDay - 2 * 3600) * 1'000'000'000) == "2012-W17");
  CHECK(week("tdD", 0 + days(2012, 12, 31), false) == "2013-W01");

  for (const std::int64_t value : {std::int64_t{0}, std::numeric_limits<std::int64_t>::max(),
                                   std::numeric_limits<std::int64_t>::min()}) {
    for (const char* format : {"tss:UTC", "tss:", "tsn:UTC", "tdm"}) {
      Producer producer = with({integers<std::int64_t>(format, "date", {value})});
      std::vector<Seen> seen;
      tally(producer, {}, &seen);
      REQUIRE(seen.size() == 1);
      CHECK(seen[0].reason == Reason::bad_date);
    }
  }
}

TEST_CASE("null is an empty field") {
  Producer producer = with({text("closure", {std::nullopt}),
                            text("source", {std::nullopt}),
                            integers<std::int64_t>("l", "event_id", {std::nullopt}),
                            {{"n", "form"}, test::nulls(1)}});
  const auto cells = cells_of(producer);
  CHECK(cells == std::vector<Registration>{test::contact()});
  for (const char* name : {"municipality", "date", "kle", "channel", "type", "direction", "count"}) {
    Producer empty = with({text(name, {std::nullopt})});
    std::vector<Seen> seen;
    tally(empty, {}, &seen);
    REQUIRE(seen.size() == 1);
    CHECK(token(*seen[0].column) == name);
    CHECK(seen[0].text.empty());
  }
}

TEST_CASE("a column of nulls may have a buffer, as polars gives one") {
  Producer producer = with({{{"n", "closure"}, test::nulls(1)}});
  producer.batches[0].children.back().buffers = {std::nullopt};
  CHECK(tally(producer).cube.total() == 1);
}

TEST_CASE("a struct row that is null is a row of nothing") {
  Producer producer = with({}, 3);
  producer.batches[0].buffers = {test::bits({true, false, true})};
  producer.batches[0].null_count = 1;
  std::vector<Seen> seen;
  const auto counted = tally(producer, {}, &seen);
  CHECK(counted.cube.total() == 2);
  CHECK(seen == std::vector<Seen>{{2, Reason::unknown_municipality, Field::municipality, ""}});
}

TEST_CASE("the offset of the struct goes before that of each column") {
  Producer producer = with({text("unit", {"a", "b", "c", "d"})}, 4);
  producer.batches[0].offset = 1;
  producer.batches[0].length = 2;
  const auto cells = cells_of(producer);
  REQUIRE(cells.size() == 2);
  CHECK(cells[0].unit == "b");
  CHECK(cells[1].unit == "c");
}

TEST_CASE("all kinds of text are read alike, in slices too") {
  const Texts values{"short", "a text of more than twelve bytes", std::nullopt, "Ærø", ""};
  for (const std::int64_t offset : {0, 1, 9}) {
    const test::Layout layout{offset, 3, true, offset != 1};
    const std::vector<ColumnParts> kinds{{{"u", "unit"}, test::texts<std::int32_t>(values, layout)},
                                         {{"U", "unit"}, test::texts<std::int64_t>(values, layout)},
                                         {{"vu", "unit"}, test::text_views(values, layout)}};
    for (const ColumnParts& kind : kinds) {
      Producer producer = with({kind}, 5);
      const auto counted = tally(producer);
      CHECK(counted.outcome.encoding == "utf-8");
      std::vector<std::string> units;
      for (const auto& cell : counted.cube.cells()) units.emplace_back(cell.unit);
      CHECK(units == std::vector<std::string>{"", "a text of more than twelve bytes", "short", "Ærø"});
    }
  }
}

TEST_CASE("text that is not UTF-8 makes its row bad_encoding, where the column is read") {
  Producer producer = with({text("unit", {"K\xF8ge", "Køge"}), text("comment", {"\xFF", "\xFF"})}, 2);
  std::vector<Seen> seen;
  const auto counted = tally(producer, {}, &seen);
  CHECK(seen == std::vector<Seen>{{1, Reason::bad_encoding, std::nullopt, ""}});
  CHECK(counted.outcome.encoding == "utf-8");
}

TEST_CASE("a dictionary is read by its index") {
  Producer producer = with(
      {encoded("channel", {0, 1, 0, std::nullopt, 2, 3}, {"telephone", "Brev", "pigeon", std::nullopt})}, 6);
  std::vector<Seen> seen;
  const auto counted = tally(producer, {}, &seen);
  CHECK(seen == std::vector<Seen>{{4, Reason::unknown_channel, Field::channel, ""},
                                  {5, Reason::unknown_channel, Field::channel, "pigeon"},
                                  {6, Reason::unknown_channel, Field::channel, ""}});
  CHECK(counted.cube.total() == 3);
}

TEST_CASE("a batch may have another dictionary than the one before, or a slice of one") {
  Producer producer = with({encoded("unit", {0, 1}, {"a", "b"})}, 2);
  Producer other = with({encoded("unit", {0, 1}, {"c", "d"})}, 2);
  other.batches[0].children.back().dictionary = {
      test::texts<std::int32_t>({"c", "d"}, {.offset = 3, .behind = 1})};
  producer.batches.push_back(other.batches[0]);
  const auto cells = cells_of(producer);
  REQUIRE(cells.size() == 4);
  CHECK(cells[0].unit == "a");
  CHECK(cells[3].unit == "d");
}

TEST_CASE("a dictionary larger than what is kept of it is read all the same") {
  Texts dictionary;
  Numbers index;
  for (int i = 0; i < 10'000; ++i) {
    dictionary.emplace_back("u" + std::to_string(i));
    index.emplace_back((i * 7919) % 10'000);
  }
  ColumnParts column{{"i", "unit", {}, {{"u"}}}, test::numbers<std::int32_t>(index)};
  column.array.dictionary = {test::texts<std::int32_t>(dictionary)};
  CHECK(cells_of(with({column}, 10'000)).size() == 10'000);
}

TEST_CASE("a dictionary may hold numbers and dates") {
  ColumnParts weeks{{"S", "week", {}, {{"i"}}}, test::numbers<std::uint16_t>({1, 0})};
  weeks.array.dictionary = {test::numbers<std::int32_t>({201217, 201218})};
  auto cells = cells_of(with({weeks}, 2));
  REQUIRE(cells.size() == 2);
  CHECK(cells[1].week == "2012-W18"_week);
  ColumnParts dates{{"l", "date", {}, {{"tdD"}}}, test::numbers<std::int64_t>({1, 0})};
  dates.array.dictionary = {test::numbers<std::int32_t>({days(2012, 4, 23), days(2012, 5, 7)})};
  cells = cells_of(with({dates}, 2));
  REQUIRE(cells.size() == 2);
  CHECK(cells[1].week == "2012-W19"_week);
}

TEST_CASE("events are known across batches, and a round's weeks hold") {
  const Round round = *builtin_round("2012-spring");
  Producer producer = with({text("event_id", {"e1", "e2"}), text("unit", {"a", "a"})}, 2);
  Producer again = with(
      {text("event_id", {"e1", "e2"}), text("unit", {"a", "b"}), text("date", {"2012-04-23", "2012-04-23"})},
      2);
  Producer late = with({text("event_id", {"e3"}), text("unit", {"a"}), text("date", {"2013-01-01"})});
  producer.batches.push_back(test::batch({}));
  producer.batches.back().children = producer.batches[0].children;  // a batch without rows
  producer.batches.push_back(again.batches[0]);
  producer.batches.push_back(late.batches[0]);
  // `with` puts further columns behind the required ones in the order in which they are named
  std::vector<Seen> seen;
  CountOptions options;
  options.round = &round;
  const auto counted = tally(producer, options, &seen);
  CHECK(seen == std::vector<Seen>{{3, Reason::duplicate_event, Field::event_id, "e1"},
                                  {4, Reason::conflicting_event, Field::event_id, "e2"},
                                  {5, Reason::outside_round, Field::date, "2013-01-01"}});
  CHECK(counted.outcome.round == "2012-spring");
}

TEST_CASE("the reject file of a stream holds the row's number and its fields, masked") {
  const test::Folder folder;
  Producer producer =
      with({text("unit", {"ok", "010170-1234", "K\xF8ge"}), text("comment", {"a", "b", "c"})}, 3);
  CountOptions options;
  options.rejects = folder / "rejects.csv";
  tally(producer, options);
  CHECK(test::read(options.rejects) ==
        "line;reason;column;file;municipality;date;kle;channel;type;direction;unit\n"
        "2;personal_data;unit;arrow stream;657;2012-04-23;23.05.10;telephone;new_case;incoming;***********\n"
        "3;bad_encoding;;arrow stream;;;;;;;\n");
}

TEST_CASE("a profile says where columns come from and what words mean, numbers among them") {
  const Profile profile = parse_profile(R"(
municipality = { value = 657 }
date = { column = "When", format = "%d/%m %Y" }
kle = { column = "Topic", words = { 17 = "23.05.10" }, otherwise = "02.34.02" }
channel = { column = "How", words = { 1 = "letter", PHONE = "telephone" } }
type = { column = "What", words = { x = "guidance" }, otherwise = "reject" }
direction = { value = "incoming" }
)",
                                        "test.toml");
  CountOptions options;
  options.profile = &profile;
  Producer producer{test::table({{"u", "When"}, {"l", "Topic"}, {"l", "How"}, {"u", "What"}, {"u", "unit"}}),
                    {}};
  producer.batches.push_back(
      test::batch({test::texts<std::int32_t>({"23/4 2012", "23/4 2012", "23/4 2012", "2012-04-23"}),
                   test::numbers<std::int64_t>({17, 18, 17, 17}), test::numbers<std::int64_t>({1, 1, 2, 1}),
                   test::texts<std::int32_t>({"x", "x", "new_case", "x"}),
                   test::texts<std::int32_t>({"a", "b", "c", "d"})}));
  std::vector<Seen> seen;
  auto counted = tally(producer, options, &seen);
  const auto cells = counted.cube.cells();
  REQUIRE(cells.size() == 2);
  CHECK(cells[0].task == "02.34.02"_kle);
  CHECK(cells[1].task == "23.05.10"_kle);
  CHECK(cells[1].channel == Channel::letter);
  CHECK(cells[1].unit.empty());
  CHECK(counted.outcome.unread_columns == std::vector<std::string>{"unit"});
  CHECK(seen == std::vector<Seen>{{3, Reason::unknown_type, Field::type, "new_case"},
                                  {4, Reason::bad_date, Field::date, "2012-04-23"}});

  // A real date needs no format; a number is read by it.
  producer.schema.children[0].format = "tdD";
  producer.batches[0].children[0] = test::numbers<std::int32_t>(Numbers(4, days(2012, 4, 23)));
  CHECK(tally(producer, options).cube.total() == 3);

  producer.schema.children[0].name = "Then";
  CHECK(refused(producer, options).names({"'When'", "'test.toml'", "date"}));
}

TEST_CASE("a header that no file could have is refused in the words that a file is refused in") {
  Producer producer = with({});
  producer.schema.children[3].name = "channels";
  CHECK(refused(producer).names({"the header of 'arrow stream' has no column channel (kanal)"}));
  producer = with({text("kanal", {"letter"})});
  CHECK(refused(producer).names({"feeds channel twice, by the columns 'channel' and 'kanal'"}));
  producer = with({});
  producer.schema.children[1].name = "day";
  CHECK(refused(producer).names({"has neither a column date (dato) nor week (uge)"}));
  producer = with({});
  producer.schema.children[1].name = "\xFF";
  CHECK(refused(producer).names({"not UTF-8"}));
}

TEST_CASE("types that are not taken are refused in a sentence that names column, type and remedy") {
  const auto refusal_of = [](const char* name, const char* format) {
    Producer producer = with({integers<std::int64_t>(format, name, {1})});
    const auto refusal = refused(producer);
    CHECK(refusal.kind == ErrorKind::format);
    return refusal;
  };
  CHECK(refusal_of("count", "g").names({"'count'", "'arrow stream'", "float64", "int64", "Int64"}));
  CHECK(refusal_of("municipality", "f").names({"'municipality'", "float32", "int64"}));
  CHECK(refusal_of("event_id", "e").names({"float16", "int64"}));
  CHECK(refusal_of("closure", "b").names({"'closure'", "bool", "utf8"}));
  CHECK(refusal_of("date", "l").names({"'date'", "int64", "%Y%m%d", "201217"}));
  CHECK(refusal_of("date", "b").names({"bool", "date32"}));
  CHECK(refusal_of("week", "tdD").names({"'week'", "date32", "201217"}));
  CHECK(refusal_of("count", "d:10,2").names({"decimal", "int64"}));
  CHECK(refusal_of("unit", "z").names({"'unit'", "binary", "utf8"}));
  CHECK(refusal_of("unit", "+l").names({"list"}));
  CHECK(refusal_of("unit", "ttm").names({"time"}));
  CHECK(refusal_of("unit", "tDs").names({"duration"}));
  CHECK(refusal_of("unit", "").names({"''"}));
  CHECK(refusal_of("unit", "010170-1234").names({"'***********'"}));
}

TEST_CASE("a column that is not read may have any type, and is not looked at") {
  Producer producer = with({{{"+m", "deep"}, {}}, {{"g", "amount"}, {}}});
  producer.batches[0].children[6].length = -7;
  CHECK(tally(producer).cube.total() == 1);
}

TEST_CASE("a producer's failure is told, and everything is released") {
  Producer producer = with({});
  producer.schema_error = 5;
  CHECK(refused(producer).names({"error 5"}));
  producer.schema_error = 0;
  producer.next_error = 12;
  producer.message = "no more memory\nfor 010170-1234";
  const auto refusal = refused(producer);
  CHECK(refusal.kind == ErrorKind::failed);
  CHECK(refusal.names({"error 12", "no more memory", "***********"}));
}

TEST_CASE("a stream that is none is refused") {
  CHECK_REFUSED(count_stream(nullptr), argument, "null");
  ArrowArrayStream stream{};
  CHECK_REFUSED(count_stream(&stream), argument, "released");
  Producer producer = with({});
  Ledger ledger;
  stream = producer.stream(ledger);
  stream.get_next = nullptr;
  CHECK_REFUSED(count_stream(&stream), format, "get_next");
  CHECK(ledger.streams == 1);
  stream = producer.stream(ledger);
  stream.get_last_error = nullptr;
  producer.schema_error = 3;
  CHECK_REFUSED(count_stream(&stream), failed, "error 3");
  CHECK(ledger.streams == 2);
}

TEST_CASE("whatever is thrown on the way, the stream is released once and no reject file stays") {
  const test::Folder folder;
  Producer producer = with({text("unit", {"a\x01"})});
  CountOptions options;
  options.rejects = folder / "rejects.csv";
  options.progress = [](std::int64_t done, std::int64_t all) {
    CHECK(done == 1);
    CHECK(all == -1);
    return false;
  };
  CHECK(refused(producer, options).kind == ErrorKind::cancelled);
  CHECK(folder.names().empty());

  options.progress = nullptr;
  options.on_reject = [](const Reject&) { throw std::runtime_error{"mine"}; };
  Ledger ledger;
  ArrowArrayStream stream = producer.stream(ledger);
  CHECK_THROWS_AS(static_cast<void>(count_stream(&stream, options)), std::runtime_error);
  CHECK(ledger.balanced());
  CHECK((stream.release == nullptr));
  CHECK(folder.names().empty());

  options.on_reject = nullptr;
  options.rejects = folder / "nowhere/rejects.csv";
  CHECK(refused(producer, options).kind == ErrorKind::file);
}

TEST_CASE("schemas that break the interface are refused") {
  const auto spoiled = [](auto spoil) {
    Producer producer = with({encoded("unit", {0}, {"a"})});
    producer.spoil_schema = spoil;
    const auto refusal = refused(producer);
    CHECK(refusal.kind == ErrorKind::format);
    return refusal;
  };
  CHECK(spoiled([](ArrowSchema& s) { s.format = nullptr; }).names({"tables"}));
  CHECK(spoiled([](ArrowSchema& s) { s.format = "u"; }).names({"tables"}));
  CHECK(spoiled([](ArrowSchema& s) { s.n_children = -1; }).names({"-1"}));
  CHECK(spoiled([](ArrowSchema& s) { s.children = nullptr; }).names({"children"}));
  CHECK(spoiled([](ArrowSchema& s) { s.children[2] = nullptr; }).names({"2"}));
  CHECK(spoiled([](ArrowSchema& s) { s.children[2]->format = nullptr; }).names({"'kle'", "format"}));
  CHECK(spoiled([](ArrowSchema& s) { s.children[2]->name = nullptr; }).names({"kle"}));
  CHECK(spoiled([](ArrowSchema& s) { s.children[6]->format = "u"; }).names({"'unit'", "index", "utf8"}));
  CHECK(spoiled([](ArrowSchema& s) { s.children[6]->dictionary->format = nullptr; }).names({"'unit'"}));
  CHECK(spoiled([](ArrowSchema& s) {
          s.children[6]->dictionary->dictionary = s.children[6]->dictionary;
        }).names({"'unit'", "dictionary of a dictionary"}));
  CHECK(spoiled([](ArrowSchema& s) { s.n_children = 0; }).names({"municipality"}));
  Producer empty = with({});
  Ledger ledger;
  ArrowArrayStream stream = empty.stream(ledger);
  stream.get_schema = [](ArrowArrayStream*, ArrowSchema* out) {
    *out = {};
    return 0;
  };
  CHECK_REFUSED(count_stream(&stream), format, "schema is already released");
  CHECK(ledger.streams == 1);
}

TEST_CASE("arrays that break the interface are refused, and nothing outside them is read") {
  const auto spoiled = [](auto spoil) {
    Producer producer = with({encoded("unit", {0, 1}, {"a", "b"}),
                              integers<std::int32_t>("i", "count", {1, 2}),
                              {{"vu", "source"}, test::text_views({"a", "a text of more than twelve bytes"})},
                              {{"n", "form"}, test::nulls(2)}},
                             2);
    producer.spoil_array = spoil;
    const auto refusal = refused(producer);
    INFO(refusal.sentence);
    CHECK(refusal.kind == ErrorKind::format);
    CHECK(refusal.names({"breaks the Arrow C data interface"}));
  };
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  // The struct itself.
  spoiled([](ArrowArray& a) { a.length = -1; });
  spoiled([](ArrowArray& a) { a.length = 3; });
  spoiled([](ArrowArray& a) { a.length = kMax; });
  spoiled([](ArrowArray& a) { a.offset = -1; });
  spoiled([](ArrowArray& a) { a.offset = 1; });
  spoiled([](ArrowArray& a) { a.offset = kMax; });
  spoiled([](ArrowArray& a) { a.null_count = -2; });
  spoiled([](ArrowArray& a) { a.null_count = 3; });
  spoiled([](ArrowArray& a) { a.null_count = 1; });
  spoiled([](ArrowArray& a) { a.n_buffers = 0; });
  spoiled([](ArrowArray& a) { a.n_buffers = -1; });
  spoiled([](ArrowArray& a) { a.buffers = nullptr; });
  spoiled([](ArrowArray& a) { a.n_children = 9; });
  spoiled([](ArrowArray& a) { a.n_children = -1; });
  spoiled([](ArrowArray& a) { a.children = nullptr; });
  spoiled([](ArrowArray& a) { a.children[7] = nullptr; });
  // A column: text, dictionary, integers, views, nulls.
  for (const std::size_t at : {0U, 6U, 7U, 8U, 9U}) {
    spoiled([at](ArrowArray& a) { a.children[at]->length = 1; });
    spoiled([at](ArrowArray& a) { a.children[at]->length = -1; });
    spoiled([at](ArrowArray& a) { a.children[at]->length = kMax; });
    spoiled([at](ArrowArray& a) { a.children[at]->offset = -1; });
    spoiled([at](ArrowArray& a) { a.children[at]->offset = kMax; });
    spoiled([at](ArrowArray& a) { a.children[at]->null_count = -2; });
    spoiled([at](ArrowArray& a) { a.children[at]->null_count = 3; });
    spoiled([at](ArrowArray& a) { a.children[at]->n_buffers = at == 9 ? -1 : 0; });
    if (at == 9) continue;
    spoiled([at](ArrowArray& a) { a.children[at]->n_buffers = 1; });
    spoiled([at](ArrowArray& a) { a.children[at]->buffers = nullptr; });
    spoiled([at](ArrowArray& a) { a.children[at]->buffers[1] = nullptr; });
    spoiled([at](ArrowArray& a) { a.children[at]->null_count = 1; });
  }
  spoiled([](ArrowArray& a) { a.children[0]->n_buffers = 2; });
  spoiled([](ArrowArray& a) { a.children[0]->buffers[2] = nullptr; });
  spoiled([](ArrowArray& a) { a.children[7]->n_buffers = 3; });
  spoiled([](ArrowArray& a) { a.children[6]->dictionary = nullptr; });
  spoiled([](ArrowArray& a) { a.children[6]->dictionary->length = 1; });
  spoiled([](ArrowArray& a) { a.children[6]->dictionary->length = -1; });
  spoiled([](ArrowArray& a) { a.children[6]->dictionary->offset = -1; });
  spoiled([](ArrowArray& a) { a.children[6]->dictionary->n_buffers = 2; });
  spoiled([](ArrowArray& a) { a.children[6]->dictionary->buffers[1] = nullptr; });
  spoiled([](ArrowArray& a) { a.children[8]->buffers[a.children[8]->n_buffers - 1] = nullptr; });
  spoiled([](ArrowArray& a) { a.children[8]->buffers[2] = nullptr; });
}

TEST_CASE("offsets, views and indices that point nowhere are refused") {
  const auto refusal_of = [](ColumnParts column, std::int64_t rows) {
    Producer producer = with({std::move(column)}, rows);
    const auto refusal = refused(producer);
    INFO(refusal.sentence);
    CHECK(refusal.kind == ErrorKind::format);
    CHECK(refusal.names({"'unit'", "breaks the Arrow C data interface"}));
  };
  const auto offsets = [](std::vector<std::int32_t> values, std::size_t text) {
    ColumnParts column{{"u", "unit"}, {}};
    column.array.length = static_cast<std::int64_t>(values.size()) - 1;
    test::Bytes bytes;
    for (const auto value : values) test::append(bytes, value);
    column.array.buffers = {std::nullopt, std::move(bytes), test::Bytes(text, 'a')};
    return column;
  };
  refusal_of(offsets({-1, 0}, 1), 1);
  refusal_of(offsets({0, -1}, 1), 1);
  refusal_of(offsets({0, 5, 3}, 3), 2);  // goes backwards: five bytes were promised where there are three
  refusal_of(offsets({0, 1'000'000, 3}, 3), 2);
  refusal_of(offsets({2'000'000'000, 3, 3}, 3), 2);
  refusal_of(offsets({0, 5, 3}, 3), 1);  // the array's end says so, though only its first row is asked for
  const auto view = [](std::int32_t size, std::int32_t buffer, std::int32_t begin, std::int64_t room) {
    ColumnParts column{{"vu", "unit"}, {}};
    column.array.length = 1;
    test::Bytes views;
    for (const std::int32_t part : {size, 0, buffer, begin}) test::append(views, part);
    test::Bytes sizes;
    test::append(sizes, room);
    column.array.buffers = {std::nullopt, std::move(views), test::Bytes(20, 'a'), std::move(sizes)};
    return column;
  };
  refusal_of(view(-1, 0, 0, 20), 1);
  refusal_of(view(20, 1, 0, 20), 1);
  refusal_of(view(20, -1, 0, 20), 1);
  refusal_of(view(20, 0, 1, 20), 1);
  refusal_of(view(20, 0, -1, 20), 1);
  refusal_of(view(13, 0, 2147483647, 20), 1);
  refusal_of(view(13, 0, 0, -1), 1);
  refusal_of(encoded("unit", {-1}, {"a"}), 1);
  refusal_of(encoded("unit", {1}, {"a"}), 1);
  refusal_of(encoded("unit", {0}, {}), 1);
}

TEST_CASE("rows before a text that points nowhere are told first") {
  Texts units(20, "Skranke");
  units[5] = "b\x7F";
  units[12] = "a text of more than twelve bytes";
  ColumnParts column{{"vu", "unit"}, test::text_views(units)};
  const std::int32_t buffer = 9;
  std::memcpy(column.array.buffers[1]->data() + std::size_t{16} * 12 + 8, &buffer, sizeof buffer);
  Producer producer = with({std::move(column)}, 20);
  std::vector<std::int64_t> told;
  CountOptions options;
  options.on_reject = [&](const Reject& reject) { told.push_back(reject.line); };
  const auto refusal = refused(producer, options);
  CHECK(refusal.kind == ErrorKind::format);
  CHECK(refusal.names({"buffer 9"}));
  CHECK(told == std::vector<std::int64_t>{6});
}

TEST_CASE("a number that points nowhere is not shown when it looks like a CPR number") {
  ColumnParts column{{"l", "unit", {}, {{"u"}}}, test::numbers<std::int64_t>({1111111118})};
  column.array.dictionary = {test::texts<std::int32_t>({"a"})};
  Producer producer = with({column});
  CHECK(refused(producer).names({"points at the value ********** of a dictionary of 1"}));
}

TEST_CASE("an index behind a null is not looked at") {
  Producer producer = with({encoded("unit", {0, std::nullopt}, {"a"})}, 2);  // 99 stands in its place
  CHECK(tally(producer).cube.total() == 2);
}
