#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "arrow_support.hpp"
#include "kept_ways.hpp"
#include "komhen/error.hpp"
#include "komhen/tally/count.hpp"
#include "test_support.hpp"

// The same registrations as CSV text and as Arrow, in any representation: reasons row by row and cubes agree.

using namespace komhen;
using test::ArrayParts;
using test::Numbers;
using test::SchemaParts;
using test::Texts;

namespace {

using Random = std::mt19937_64;

template <class List>
auto pick(Random& random, const List& list) {
  return list[random() % std::size(list)];
}

/// A column as it stands in the file, and the numbers or days that say the same; no number is null.
struct Column {
  std::string name;
  Field field;
  enum class Form : std::uint8_t { text, number, day } form = Form::text;
  Texts texts;      ///< of the file; nullopt is null in Arrow and empty in the file
  Numbers numbers;  ///< of a number or day column
};

/// What an integer stands for in an exchange file.
std::string as_text(Field field, std::int64_t number) {
  const auto word = [&]<class E>(E) {
    const auto value = from_number<E>(number);
    return value ? std::string{token(*value)} : std::to_string(number);
  };
  switch (field) {
    case Field::week: {
      const auto week = number < 0 || number > 999'999
                            ? std::nullopt
                            : Week::from_iso(static_cast<int>(number / 100), static_cast<int>(number % 100));
      return week ? week->text() : std::to_string(number);
    }
    case Field::kle: {
      const auto kle = KleNumber::from_digits(number);
      return kle ? kle->text() : std::to_string(number);
    }
    case Field::channel:
      return word(Channel{});
    case Field::type:
      return word(ContactType{});
    case Field::direction:
      return word(Direction{});
    case Field::closure:
      return word(Closure{});
    case Field::form:
      return word(AttachedForm{});
    default:
      return std::to_string(number);
  }
}

std::vector<std::string> words_of(Field field) {
  switch (field) {
    case Field::municipality:
      return {"657",
              "0657",
              "herning",
              " København ",
              "A\xCC\x8A"
              "rhus",
              "411",
              "65",
              "Malmö"};
    case Field::date:
      return {"2012-04-23", "24-04-2012", "07.05.2012", "2012-12-31", "2012-02-30", "20120423", "1989-12-31"};
    case Field::week:
      return {"2012-W17", "2012-W18", "2012-W53", "2012-w17", "2012-17"};
    case Field::kle:
      return {"23.05.10", "02.34.02", "23.5.10", "23.05.10.", "99.99.99"};
    case Field::channel:
      return {"telephone", "Tlf", "E-MAIL", "digital post", "1", "chat"};
    case Field::type:
      return {"new_case", "Ændring af status på eksisterende sag", "vejledning", "nothing"};
    case Field::direction:
      return {"incoming", "UD", "sideways"};
    case Field::closure:
      return {"", "closed", "Lagt til side", "half"};
    case Field::form:
      return {"", "none", "papirblanket", "crayon"};
    case Field::count:
      return {"1", "7", "0000000002", "2147483647", "2147483648", "0", "-1", "1.0", "00000000001"};
    case Field::source:
      return {"", "kmd", "hånd-tælling", "\xC2\xA0 kmd\t", "a\x01", "010170-1234"};
    case Field::unit:
      return {"",
              "Skranke",
              "Borgerservice Ærøskøbing",
              std::string(64, 'u'),
              std::string(65, 'u'),
              "b\x7F",
              "cpr 010170 1234",
              "K\xF8ge",
              "say \"hello\"; or not"};
    case Field::event_id:
      return {"", "e1", "e2", "e3", "f0e1d2c3-0000-4000-8000-00000000beef", std::string(129, 'e')};
  }
  return {};
}

std::vector<std::int64_t> numbers_of(Field field) {
  switch (field) {
    case Field::municipality:
      return {657, 101, 751, 411, 0, -657};
    case Field::week:
      return {201217, 201218, 201245, 201253, 1, -201217};
    case Field::kle:
      return {230510, 23402, 0, 1000000, -1};
    case Field::source:
    case Field::unit:
      return {0, 1, -5, 1111111118, 123456789012};
    case Field::event_id:
      return {1, 2, 3, 4, 5, 6};
    case Field::count:
      return {1, 2, 100, 0, -1, 2147483647, 2147483648};
    default:
      return {1, 2, 3, 0, 7, 12, -1};
  }
}

/// Good values are drawn more often than the others.
template <class T>
T drawn(Random& random, const std::vector<T>& values) {
  const std::size_t reach = random() % 6 == 0 ? values.size() : std::min<std::size_t>(values.size(), 2);
  return values[random() % reach];
}

Column column_of(Random& random, const char* name, Field field, std::size_t rows, bool coded) {
  Column out{name, field, Column::Form::text, {}, {}};
  if (field == Field::date ? random() % 2 == 0 : random() % (coded ? 2 : 3) == 0)
    out.form = field == Field::date ? Column::Form::day : Column::Form::number;
  const bool nullable = random() % 2 == 0 && !coded;
  for (std::size_t row = 0; row < rows; ++row) {
    if (nullable && random() % 12 == 0) {
      out.texts.push_back(std::nullopt);
      out.numbers.push_back(std::nullopt);
      continue;
    }
    if (out.form == Column::Form::text) {
      out.texts.emplace_back(drawn(random, words_of(field)));
      out.numbers.push_back(std::nullopt);
    } else if (out.form == Column::Form::number) {
      const std::int64_t number = drawn(random, numbers_of(field));
      out.numbers.push_back(number);
      out.texts.emplace_back(as_text(field, number));
    } else {
      using namespace std::chrono;
      const sys_days day = sys_days{year{2012} / 4 / 1} + days{static_cast<int>(random() % 60)};
      const year_month_day date{day};
      out.numbers.push_back(day.time_since_epoch().count());
      std::array<char, 16> text{};
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
      out.texts.emplace_back(text.data());
    }
  }
  return out;
}

test::Layout layout_of(Random& random) {
  return {static_cast<std::int64_t>(random() % 3 == 0 ? random() % 20 : 0),
          static_cast<std::int64_t>(random() % 4), random() % 2 == 0, random() % 2 == 0};
}

struct Kind {
  const char* format;
  std::int64_t lowest, highest;
  ArrayParts (*build)(const Numbers&, const test::Layout&);
};

constexpr std::int64_t kFar = std::int64_t{1} << 40;
const std::vector<Kind> kIntegers{{"c", -128, 127, test::numbers<std::int8_t>},
                                  {"C", 0, 255, test::numbers<std::uint8_t>},
                                  {"s", -32768, 32767, test::numbers<std::int16_t>},
                                  {"S", 0, 65535, test::numbers<std::uint16_t>},
                                  {"i", -2147483648LL, 2147483647, test::numbers<std::int32_t>},
                                  {"I", 0, 4294967295LL, test::numbers<std::uint32_t>},
                                  {"l", -kFar, kFar, test::numbers<std::int64_t>},
                                  {"L", 0, kFar, test::numbers<std::uint64_t>}};

/// One of the integer types that hold all of these.
const Kind& integer_for(Random& random, const Numbers& values) {
  for (;;) {
    const Kind& kind = kIntegers[random() % kIntegers.size()];
    bool fits = true;
    for (const auto& value : values)
      fits = fits && (!value || (*value >= kind.lowest && *value <= kind.highest));
    if (fits) return kind;
  }
}

/// How a column is represented in every batch of a stream.
struct Representation {
  SchemaParts schema;
  const Kind* integers = nullptr;
  std::int64_t per_day = 1;
  bool narrow_day = false;
  bool dictionary = false;
  const Kind* index = nullptr;
};

/// @param coded  whether every row must be a number to look up
Representation representation_of(Random& random, const Column& column, bool coded) {
  Representation out;
  out.schema.name = column.name;
  std::string format;
  if (column.form == Column::Form::text) {
    format = pick(random, std::array{"u", "U", "vu"});
  } else if (column.form == Column::Form::number) {
    out.integers = &integer_for(random, column.numbers);
    format = out.integers->format;
  } else {
    struct Day {
      const char* format;
      std::int64_t per_day;
    };
    constexpr std::int64_t kDay = 86'400;
    const Day day = pick(random, std::array{Day{"tdD", 1}, Day{"tdm", kDay * 1000}, Day{"tss:", kDay},
                                            Day{"tsm:", kDay * 1000}, Day{"tsu:", kDay * 1'000'000},
                                            Day{"tsn:UTC", kDay * 1'000'000'000}});
    format = day.format;
    out.per_day = day.per_day;
    out.narrow_day = day.per_day == 1;
  }
  out.dictionary = random() % 3 == 0 || (coded && column.form == Column::Form::text);
  if (out.dictionary) {
    out.index = &kIntegers[random() % kIntegers.size()];
    out.schema.format = out.index->format;
    out.schema.dictionary = {{format}};
  } else {
    out.schema.format = format;
  }
  return out;
}

ArrayParts plain(const Representation& as, const std::string& format, const Texts& texts,
                 const Numbers& numbers, const test::Layout& layout) {
  if (format == "u") return test::texts<std::int32_t>(texts, layout);
  if (format == "U") return test::texts<std::int64_t>(texts, layout);
  if (format == "vu") return test::text_views(texts, layout);
  if (as.integers != nullptr) return as.integers->build(numbers, layout);
  Numbers moments = numbers;
  for (auto& moment : moments)
    if (moment) *moment *= as.per_day;
  return as.narrow_day ? test::numbers<std::int32_t>(moments, layout)
                       : test::numbers<std::int64_t>(moments, layout);
}

ArrayParts array_of(Random& random, const Representation& as, const Column& column, std::size_t from,
                    std::size_t to) {
  const auto cut = [&](const auto& all) {
    return std::decay_t<decltype(all)>(all.begin() + static_cast<std::ptrdiff_t>(from),
                                       all.begin() + static_cast<std::ptrdiff_t>(to));
  };
  const Texts texts = cut(column.texts);
  const Numbers numbers = cut(column.numbers);
  if (!as.dictionary) return plain(as, as.schema.format, texts, numbers, layout_of(random));
  Texts dictionary_texts;
  Numbers dictionary_numbers;
  Numbers index;
  std::map<std::pair<std::optional<std::string>, std::optional<std::int64_t>>, std::int64_t> places;
  const bool null_in_dictionary = random() % 2 == 0;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (!texts[row] && !null_in_dictionary) {
      index.push_back(std::nullopt);
      continue;
    }
    const auto [found, fresh] =
        places.try_emplace({texts[row], numbers[row]}, static_cast<std::int64_t>(dictionary_texts.size()));
    if (fresh) {
      dictionary_texts.push_back(texts[row]);
      dictionary_numbers.push_back(numbers[row]);
    }
    index.push_back(found->second);
  }
  ArrayParts out = as.index->build(index, layout_of(random));
  out.dictionary = {
      plain(as, as.schema.dictionary[0].format, dictionary_texts, dictionary_numbers, layout_of(random))};
  return out;
}

/// Sorts the rows by what one of the columns says.
void sort_by_one(Random& random, std::vector<Column>& columns) {
  const Texts by = pick(random, columns).texts;
  std::vector<std::size_t> order(by.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t row) { return by[row]; });
  for (Column& column : columns) {
    const Column before = column;
    for (std::size_t row = 0; row < order.size(); ++row) {
      column.texts[row] = before.texts[order[row]];
      column.numbers[row] = before.numbers[order[row]];
    }
  }
}

struct Seen {
  std::int64_t row;
  Reason reason;
  std::optional<Field> column;
  friend bool operator==(const Seen&, const Seen&) = default;
};

}  // namespace

TEST_CASE("the same registrations as CSV and as Arrow have the same reasons and give the same cube") {
  Round round = *builtin_round("2012-spring");
  round.package = Package{{"23.05.10"_kle, "02.34.02"_kle}};
  Participation participation;
  participation.declare(*Municipality::from_code(657), "2012-W17"_week);
  participation.declare(*Municipality::from_code(101), "2012-W18"_week);
  std::int64_t compared = 0;
  std::array<std::int64_t, kReasonCount> reasons{};
  const test::KeptWays kept;
  for (unsigned trial = 0; trial < 500; ++trial) {
    INFO("trial ", trial);
    Random random{trial};
    // Where every column is one of codes, rows are counted in an array; so many of them that there is one.
    const bool coded = trial % 5 == 4;
    detail::count_ways().array_from = 16 + random() % 100;
    const std::size_t rows = coded ? random() % 4000 : random() % (trial % 8 == 0 ? 900 : 60);
    const std::size_t batch = coded && random() % 2 == 0 ? 3000 : 40;
    const bool weeks = random() % 2 == 0;
    std::vector<Column> columns;
    columns.push_back(
        column_of(random, random() % 2 == 0 ? "municipality" : "Kommune", Field::municipality, rows, coded));
    columns.push_back(weeks ? column_of(random, "uge", Field::week, rows, coded)
                            : column_of(random, "date", Field::date, rows, coded));
    columns.push_back(column_of(random, "KLE", Field::kle, rows, coded));
    columns.push_back(column_of(random, "kanal", Field::channel, rows, coded));
    columns.push_back(column_of(random, "type", Field::type, rows, coded));
    columns.push_back(column_of(random, "retning", Field::direction, rows, coded));
    const std::array<std::pair<const char*, Field>, 6> others{{{"closure", Field::closure},
                                                               {"blanket", Field::form},
                                                               {"count", Field::count},
                                                               {"kilde", Field::source},
                                                               {"unit", Field::unit},
                                                               {"Hændelse-ID", Field::event_id}}};
    for (const auto& [name, field] : others)
      if (random() % 2 == 0 && !(coded && (field == Field::count || field == Field::event_id)))
        columns.push_back(column_of(random, name, field, rows, coded));
    if (coded && random() % 2 == 0) sort_by_one(random, columns);
    std::ranges::shuffle(columns, random);

    CountOptions options;
    options.encoding = Encoding::utf8;
    if (random() % 2 == 0) options.round = &round;
    if (random() % 2 == 0 && !coded) options.participation = &participation;
    std::vector<Seen> of_file;
    std::vector<Seen> of_stream;

    std::string csv;
    for (std::size_t i = 0; i < columns.size(); ++i) csv += (i > 0 ? ";" : "") + columns[i].name;
    csv += "\n";
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t i = 0; i < columns.size(); ++i)
        csv += (i > 0 ? ";" : "") + test::csv_field(columns[i].texts[row].value_or(""));
      csv += "\n";
    }
    options.on_reject = [&](const Reject& reject) {
      of_file.push_back({reject.line - 1, reject.reason, reject.column});
    };
    Counted from_file;
    try {
      from_file = count_bytes(test::source(csv), "same.csv", options);
    } catch (const Error& error) {  // a file most of whose letters beyond ASCII are wrong is no file
      REQUIRE(std::string_view{error.what()}.find("name the encoding") != std::string_view::npos);
      continue;
    }

    std::vector<Representation> as;
    std::vector<SchemaParts> schemas;
    for (const Column& column : columns) {
      as.push_back(representation_of(random, column, coded));
      schemas.push_back(as.back().schema);
    }
    test::Producer producer{test::table(schemas), {}};
    for (std::size_t from = 0; from < rows || random() % 3 == 0;) {
      const std::size_t to = std::min(rows, from + random() % batch);
      std::vector<ArrayParts> arrays;
      for (std::size_t i = 0; i < columns.size(); ++i)
        arrays.push_back(array_of(random, as[i], columns[i], from, to));
      producer.batches.push_back(test::batch(std::move(arrays)));
      if (random() % (coded ? 9 : 2) == 0)
        producer.batches.back().buffers[0] = test::bits(std::vector<bool>(to - from, true));
      from = to;
    }
    options.on_reject = [&](const Reject& reject) {
      of_stream.push_back({reject.line, reject.reason, reject.column});
    };
    test::Ledger ledger;
    ArrowArrayStream stream = producer.stream(ledger);
    const Counted from_stream = count_stream(&stream, options);
    CHECK(ledger.balanced());
    CHECK(of_stream == of_file);
    CHECK(from_stream.cube == from_file.cube);
    CHECK(from_stream.outcome.rows_read == static_cast<std::int64_t>(rows));
    CHECK(from_stream.outcome.rows_accepted == from_file.outcome.rows_accepted);
    CHECK(from_stream.outcome.contacts == from_file.outcome.contacts);
    CHECK(from_stream.outcome.rejected == from_file.outcome.rejected);
    CHECK(from_stream.outcome.round == from_file.outcome.round);
    compared += from_file.outcome.rows_read;
    reasons[0] += from_file.outcome.rows_accepted;
    for (std::size_t i = 1; i < kReasonCount; ++i) reasons[i] += from_file.outcome.rejected[i];
  }
  // The registrations must have been of every kind, or the test shows nothing.
  CHECK(compared > 5000);
  for (const auto& word : kWords<Reason>) {
    if (word.value == Reason::malformed) continue;
    CAPTURE(word.token);
    CHECK(reasons[static_cast<std::size_t>(word.value)] > 0);
  }
}
