#include <doctest/doctest.h>

#include <array>
#include <chrono>

#include "komhen/registration/csv.hpp"
#include "test_support.hpp"

using komhen::kMaxRecord;
using komhen::Record;
using komhen::RecordReader;
using test::repeated;

namespace {

/// A record that owns its text.
struct Row {
  std::int64_t line;
  bool broken;
  std::vector<std::string> fields;
  friend bool operator==(const Row&, const Row&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Row& row) {
    out << row.line << (row.broken ? " broken" : "");
    for (const auto& field : row.fields) out << " [" << field << ']';
    return out;
  }
};

std::vector<Row> rows_of(std::string_view bytes, std::size_t piece = std::size_t{1} << 30U, char wanted = 0) {
  RecordReader reader{test::source(bytes, piece)};
  reader.settle_separator(wanted);
  std::vector<Row> rows;
  Record record;
  while (reader.next(record))
    rows.push_back({record.line, record.broken, {record.fields.begin(), record.fields.end()}});
  return rows;
}

Row row(std::int64_t line, std::vector<std::string> fields) {
  return {line, false, std::move(fields)};
}
Row broken(std::int64_t line) {
  return {line, true, {}};
}

using Rows = std::vector<Row>;

}  // namespace

TEST_CASE("line ends are LF, CRLF or CR, and the last line needs none") {
  const Rows expected{row(1, {"a", "b"}), row(2, {"1", "2"}), row(3, {"3", "4"})};
  for (const char* end : {"\n", "\r\n", "\r"}) {
    const std::string body = std::string{"a;b"} + end + "1;2" + end + "3;4";
    CHECK(rows_of(body) == expected);
    CHECK(rows_of(body + end) == expected);
  }
  CHECK(rows_of("a;b\n1;2\r3;4\r\n") == expected);
}

TEST_CASE("an empty file has no record") {
  CHECK(rows_of("").empty());
  CHECK(rows_of("\xEF\xBB\xBF").empty());
  CHECK(rows_of("\n\r\n\r").empty());
}

TEST_CASE("a blank line is not a row, but it is a line") {
  CHECK(rows_of("\n \na;b\n\n  \t \n1;2\n") == Rows{row(3, {"a", "b"}), row(6, {"1", "2"})});
  CHECK(rows_of("a\tb\n \n\t\n1\t2\n") == Rows{row(1, {"a", "b"}), row(3, {"", ""}), row(4, {"1", "2"})});
  CHECK(rows_of("a;b\n\"\";\"\"\n;\n") == Rows{row(1, {"a", "b"}), row(2, {"", ""}), row(3, {"", ""})});
}

TEST_CASE("the separator is the one that stands most often in the header outside quotes") {
  CHECK(rows_of("a;b;c,d\n") == Rows{row(1, {"a", "b", "c,d"})});
  CHECK(rows_of("a,b;c,d\n") == Rows{row(1, {"a", "b;c", "d"})});
  CHECK(rows_of("a\tb\tc;d\n") == Rows{row(1, {"a", "b", "c;d"})});
  CHECK(rows_of("\"a;;;;\",b,c\n") == Rows{row(1, {"a;;;;", "b", "c"})});
  CHECK(rows_of("\n\na,b,c;d\n") == Rows{row(3, {"a", "b", "c;d"})});
  SUBCASE("of equals, semicolon before comma before tab") {
    CHECK(rows_of("a;b,c\td\n") == Rows{row(1, {"a", "b,c\td"})});
    CHECK(rows_of("a\tb,c\n") == Rows{row(1, {"a\tb", "c"})});
  }
  SUBCASE("later rows have no say") {
    CHECK(rows_of("a;b\n1,2,3,4;5\n") == Rows{row(1, {"a", "b"}), row(2, {"1,2,3,4", "5"})});
  }
}

TEST_CASE("a first line sep= names the separator and is no record") {
  CHECK(rows_of("sep=,\na;b,c\n") == Rows{row(2, {"a;b", "c"})});
  CHECK(rows_of("\xEF\xBB\xBFSEP=\t\r\na;b\tc\r\n") == Rows{row(2, {"a;b", "c"})});
  CHECK(rows_of("sep=;x\n").size() == 1);
  SUBCASE("a profile's delimiter wins, and the line is still no record") {
    CHECK(rows_of("sep=;\na;b,c\n", 99, ',') == Rows{row(2, {"a;b", "c"})});
    CHECK(rows_of("sep=|\na;b|c\n", 99, '|') == Rows{row(2, {"a;b", "c"})});
  }
}

TEST_CASE("quoting is that of RFC 4180") {
  CHECK(rows_of("a;b\n\"x;y\";\"say \"\"hej\"\"\"\n") ==
        Rows{row(1, {"a", "b"}), row(2, {"x;y", "say \"hej\""})});
  CHECK(rows_of("a;b\n\"\"\"\";\"\"\n") == Rows{row(1, {"a", "b"}), row(2, {"\"", ""})});
  SUBCASE("a quoted field holds line ends, and the next record's line counts them") {
    CHECK(rows_of("a;b\n\"1\r\n2\r3\n4\";x\n5;6\n") ==
          Rows{row(1, {"a", "b"}), row(2, {"1\r\n2\r3\n4", "x"}), row(6, {"5", "6"})});
  }
  SUBCASE("a quote inside an unquoted field is text") {
    CHECK(rows_of("a;b\n5\" rør;x \"y\"\n") == Rows{row(1, {"a", "b"}), row(2, {"5\" rør", "x \"y\""})});
    CHECK(rows_of("a;b\n \"x\";y\n") == Rows{row(1, {"a", "b"}), row(2, {" \"x\"", "y"})});
  }
  SUBCASE("text behind a closing quote breaks its own row only") {
    CHECK(rows_of("a;b\n\"x\"y;z\n1;2\n") == Rows{row(1, {"a", "b"}), broken(2), row(3, {"1", "2"})});
    CHECK(rows_of("a;b\n\"x\" ;\"z\n1;2\n") == Rows{row(1, {"a", "b"}), broken(2), row(3, {"1", "2"})});
    CHECK(rows_of("a;b\n\"p\nq\"y\n1;2\n") == Rows{row(1, {"a", "b"}), broken(2), row(4, {"1", "2"})});
  }
}

TEST_CASE("a NUL byte is a byte like others") {
  CHECK(rows_of(std::string_view{"a;b\n1\0;2\n", 9}) ==
        Rows{row(1, {"a", "b"}), row(2, {std::string{"1\0", 2}, "2"})});
}

TEST_CASE("a quote that never closes costs one row and no more") {
  CHECK(rows_of("a;b\n1;2\n\"3;4\n5;6\n7;8\n") ==
        Rows{row(1, {"a", "b"}), row(2, {"1", "2"}), broken(3), row(4, {"5", "6"}), row(5, {"7", "8"})});
  CHECK(rows_of("a;b\n\"\r\n1;2\r\n") == Rows{row(1, {"a", "b"}), broken(2), row(3, {"1", "2"})});
  CHECK(rows_of("a;b\n1;\"") == Rows{row(1, {"a", "b"}), broken(2)});
  SUBCASE("and of a broken record nothing is known") {
    RecordReader reader{test::source("a;b\n1;\"x")};
    reader.settle_separator(0);
    Record record;
    REQUIRE(reader.next(record));
    REQUIRE(reader.next(record));
    CHECK_FALSE(record.complete);
    CHECK(record.bytes.empty());
  }
}

TEST_CASE("a record may have 1 MiB, its line end not counted, and not a byte more") {
  for (const char* end : {"\n", "\r\n", "\r", ""}) {
    CAPTURE(std::string{end});
    const std::string most = "1;" + std::string(kMaxRecord - 2, 'x');
    const std::string after = *end == '\0' ? "" : "3;4";
    auto rows = rows_of("a;b\n" + most + end + after);
    REQUIRE(rows.size() == (after.empty() ? 2 : 3));
    CHECK_FALSE(rows[1].broken);
    CHECK(rows[1].fields[1].size() == kMaxRecord - 2);

    rows = rows_of("a;b\n" + most + "x" + end + after);
    REQUIRE(rows.size() == (after.empty() ? 2 : 3));
    CHECK(rows[1] == broken(2));
    if (!after.empty()) CHECK(rows[2] == row(3, {"3", "4"}));
  }
}

TEST_CASE("1 MiB is also the limit of a quoted record") {
  const auto quoted = [](std::size_t size) { return "\"" + std::string(size - 2, 'x') + "\""; };
  CHECK_FALSE(rows_of("a\n" + quoted(kMaxRecord) + "\n1\n")[1].broken);
  CHECK(rows_of("a\n" + quoted(kMaxRecord + 1) + "\n1\n") == Rows{row(1, {"a"}), broken(2), row(3, {"1"})});
}

TEST_CASE("behind a record that is too long, reading resumes at the line after the one where it began") {
  const std::string lines = repeated("1;2\n", kMaxRecord / 4 + 10);
  const auto rows = rows_of("a;b\n\"" + lines + "3;4\n");
  CHECK(rows[1] == broken(2));
  REQUIRE(rows.size() == 2 + (kMaxRecord / 4 + 9) + 1);
  CHECK(rows[2] == row(3, {"1", "2"}));
  CHECK(rows.back() == row(static_cast<std::int64_t>(kMaxRecord / 4 + 12), {"3", "4"}));
}

TEST_CASE("a line of 20 MB is one bad row") {
  std::size_t left = 20'000'000;
  std::string_view tail = "\n1;2\n";
  std::string_view head = "a;b\n";
  RecordReader reader{[&](char* into, std::size_t room) -> std::size_t {
    for (std::string_view* text : {&head, &tail}) {
      if (text == &tail && left > 0) break;
      const std::size_t got = std::min(room, text->size());
      if (got == 0) continue;
      std::memcpy(into, text->data(), got);
      text->remove_prefix(got);
      return got;
    }
    const std::size_t got = std::min(room, left);
    std::memset(into, 'x', got);
    left -= got;
    return got;
  }};
  reader.settle_separator(0);
  Record record;
  REQUIRE(reader.next(record));
  REQUIRE(reader.next(record));
  CHECK(record.broken);
  REQUIRE(reader.next(record));
  CHECK(record.line == 3);
  CHECK_FALSE(reader.next(record));
}

TEST_CASE("how the bytes are split over the source does not matter") {
  const std::string bytes =
      "\xEF\xBB\xBF\r\n  \r\na;b;c\r\n1;\"x\r\ny\";\"\"\"\"\r\n\"broken\"x;2\r\n;;\r\r\n\"p;q\n\"\";\";r;s\n"
      "\"open;1\r\n2;3;4\r5;\"\";6";
  const auto whole = rows_of(bytes);
  CHECK(whole.size() == 8);
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    CAPTURE(piece);
    CHECK(rows_of(bytes, piece) == whole);
  }
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    CAPTURE(cut);
    std::array<std::string_view, 2> parts{std::string_view{bytes}.substr(0, cut),
                                          std::string_view{bytes}.substr(cut)};
    RecordReader reader{[&, sent = std::size_t{0}](char* into, std::size_t room) mutable -> std::size_t {
      while (sent < 2 && parts[sent].empty()) ++sent;
      if (sent == 2) return 0;
      const std::size_t got = parts[sent].copy(into, room);
      parts[sent].remove_prefix(got);
      return got;
    }};
    reader.settle_separator(0);
    std::size_t at = 0;
    for (Record record; reader.next(record); ++at) {
      REQUIRE(at < whole.size());
      CHECK(whole[at] == Row{record.line, record.broken, {record.fields.begin(), record.fields.end()}});
    }
    CHECK(at == whole.size());
  }
}

TEST_CASE("records and line ends across the border of a read are whole") {
  // 256 KiB is what is read at once: every offset of a record around it.
  for (std::size_t shift = 0; shift < 12; ++shift) {
    CAPTURE(shift);
    const std::string pad((std::size_t{256} << 10U) - 4 - shift, 'x');
    const auto rows = rows_of("a\r\n" + pad + "\r\n\"1\"\"\r\n2\"\r\n3\r\n");
    REQUIRE(rows.size() == 4);
    CHECK(rows[1].fields[0].size() == pad.size());
    CHECK(rows[2] == row(3, {"1\"\r\n2"}));
    CHECK(rows[3] == row(5, {"3"}));
  }
}

TEST_CASE("a byte order mark is passed over, and UTF-16 is recognised") {
  CHECK(rows_of("\xEF\xBB\xBF"
                "a;b\n") == Rows{row(1, {"a", "b"})});
  CHECK(RecordReader{test::source("\xEF\xBB\xBFx", 1)}.had_utf8_mark());
  CHECK(RecordReader{test::source("\xFF\xFEx", 1)}.had_utf16_mark());
  CHECK(RecordReader{test::source("\xFE\xFFx", 1)}.had_utf16_mark());
  CHECK_FALSE(RecordReader{test::source("x\xFF\xFE", 1)}.had_utf16_mark());
  CHECK_FALSE(RecordReader{test::source("\xEF\xBBx", 1)}.had_utf8_mark());
}

namespace {

double seconds_for(const std::string& bytes, std::size_t& records) {
  const auto begin = std::chrono::steady_clock::now();
  RecordReader reader{test::source(bytes)};
  reader.settle_separator(0);
  records = 0;
  for (Record record; reader.next(record);) ++records;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// How many times longer the bytes take than as many bytes of ordinary records. Reading in quadratic time
/// takes hundreds of times longer.
double slowdown(const std::string& bytes, std::size_t& records) {
  std::size_t ordinary = 0;
  const double usual = seconds_for(repeated("1;2;\"3\"\n", bytes.size() / 8 + 1), ordinary);
  return seconds_for(bytes, records) / usual;
}

}  // namespace

TEST_CASE("many quotes that never close are read in linear time") {
  std::size_t records = 0;
  SUBCASE("300,000 lines that each leave a quote open") {
    CHECK(slowdown("a;b\n" + repeated("x\";\"\n", 300'000), records) < 40);
    CHECK(records == 300'001);
  }
  SUBCASE("lines of one quote") {
    CHECK(slowdown("a\n" + repeated("\"\n", 300'000) + "\"\n", records) < 40);
  }
  SUBCASE("lines that open a quote, and lines that do not") {
    CHECK(slowdown("a;b\n" + repeated("1;2\nx\";\"\n", 200'000), records) < 40);
  }
  SUBCASE("open quotes before a line of 1 MiB") {
    // Each of the 1000 rows is open into the long line. It must not be gone through 1000 times, whatever the
    // line does with the quote: stay in it, close it, close it before text, close it before empty fields.
    for (const auto& [begin, filling] : {std::pair{"", 'x'}, {"\";", 'x'}, {"\"x", 'x'}, {"\"", ';'}}) {
      CAPTURE(std::string{begin} + filling);
      CHECK(slowdown("a;b\n" + repeated("x\";\"\n", 1000) + begin + std::string(kMaxRecord + 10, filling) +
                         "\n1;2\n",
                     records) < 40);
      CHECK(records == 1003);
    }
  }
}

TEST_CASE("lines that end in CR, far from any LF, are read in linear time") {
  std::size_t records = 0;
  CHECK(slowdown("a;b\n" + repeated("1;2\r", 400'000), records) < 40);
  CHECK(records == 400'001);
  CHECK(slowdown("a;b\n" + repeated(repeated("1;2\r", 200'000) + "1;2\n", 2), records) < 40);
  CHECK(records == 400'003);
}

namespace {

/// The same rules written down a second time, as plainly as possible: one record after the other, quadratic.
Rows plain_reading(std::string_view text, char separator) {
  Rows rows;
  std::int64_t line = 1;
  std::size_t at = 0;
  const auto line_end = [&](std::size_t i) -> std::size_t {
    if (text.substr(i, 2) == "\r\n") return 2;
    return text[i] == '\r' || text[i] == '\n' ? 1 : 0;
  };
  while (at < text.size()) {
    Row out{line, false, {""}};
    bool closed = true;
    bool in_quotes = false;
    bool after_quotes = false;
    bool field_start = true;
    std::int64_t next_line = line + 1;
    std::size_t i = at;
    for (; i < text.size(); ++i) {
      const std::size_t end = line_end(i);
      if (i - at >= kMaxRecord && (in_quotes || end == 0)) {
        closed = false;
        break;
      }
      if (text[i] == 'y' && !field_start) {  // many bytes that mean nothing, at once: only for speed
        const std::size_t run = std::min({text.find_first_not_of('y', i), at + kMaxRecord, text.size()});
        if (after_quotes) out.broken = true;
        out.fields.back().append(text.substr(i, run - i));
        i = run - 1;
        continue;
      }
      if (in_quotes) {
        if (text.substr(i, 2) == "\"\"") {
          out.fields.back() += '"';
          ++i;
        } else if (text[i] == '"') {
          in_quotes = false;
          after_quotes = true;
        } else {
          out.fields.back().append(text.substr(i, std::max<std::size_t>(end, 1)));
          if (end > 0) ++next_line, i += end - 1;
        }
        closed = !in_quotes;
        continue;
      }
      if (end > 0) break;
      if (text[i] == separator && !out.broken) {
        out.fields.emplace_back();
        field_start = true;
        after_quotes = false;
        continue;
      }
      if (after_quotes) out.broken = true;
      if (field_start && text[i] == '"' && !out.broken) {
        in_quotes = true;
        closed = false;
      } else {
        out.fields.back() += text[i];
      }
      field_start = false;
    }
    if (!closed) {  // back to the line after the one where it began
      out.broken = true;
      next_line = line + 1;
      for (i = at; i < text.size() && line_end(i) == 0;) ++i;
    }
    const std::string_view whole = text.substr(at, i - at);
    const bool blank = whole.find_first_not_of(separator == '\t' ? " " : " \t") == std::string_view::npos;
    at = i < text.size() ? i + line_end(i) : i;
    line = next_line;
    if (blank && closed) continue;
    if (out.broken) out.fields.clear();
    rows.push_back(out);
  }
  return rows;
}

}  // namespace

TEST_CASE("any bytes are cut as a plain reading of the rules cuts them") {
  std::uint32_t state = 1;
  const auto random = [&](std::uint32_t below) {
    state = state * 1664525U + 1013904223U;
    return (state >> 16U) % below;
  };
  for (int round = 0; round < 20'000; ++round) {
    constexpr std::string_view kBytes = "\"\"\"\n\n\r;;a \t";
    std::string text;
    for (std::uint32_t left = random(40); left > 0; --left)
      text += kBytes[random(static_cast<std::uint32_t>(kBytes.size()))];
    const char separator = round % 3 == 0 ? '\t' : ';';
    CAPTURE(text);
    REQUIRE(rows_of(text, 1 + random(5), separator) == plain_reading(text, separator));
  }
}

TEST_CASE("records around 1 MiB, one inside the other, are cut as a plain reading of the rules cuts them") {
  std::uint32_t state = 1;
  const auto random = [&](std::uint32_t below) {
    state = state * 1664525U + 1013904223U;
    return (state >> 16U) % below;
  };
  for (int round = 0; round < 4; ++round) {
    std::string text = "a;b\n";
    while (text.size() < 2'500'000) {
      const std::uint32_t kind = random(24);
      if (kind < 5)
        text.append(100'000 * (1 + random(3)), "y;"[random(2)]);
      else
        // Mostly lines that are whole outside quotes, and leave a quote open that was open.
        text += kind < 12    ? "x\";\""
                : kind < 20  ? "1;2"
                : kind == 20 ? "\""
                : kind == 21 ? "\";z"
                : kind == 22 ? "\"z"
                             : "";
      text += "\n";
    }
    CAPTURE(round);
    const auto expected = plain_reading(text, ';');
    const auto rows = rows_of(text, 200'000 + random(100'000), ';');
    REQUIRE(rows.size() == expected.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      CAPTURE(expected[i].line);
      REQUIRE(rows[i].line == expected[i].line);
      REQUIRE(rows[i].broken == expected[i].broken);
      REQUIRE(rows[i].fields.size() == expected[i].fields.size());
      REQUIRE((rows[i] == expected[i]));  // without showing megabytes
    }
  }
}

TEST_CASE("a record that passes 1 MiB may hold one that does not, whatever stands at the border") {
  // Line 2 opens a quote and is too long by a little; line 3 is inside that quote, and a record of its own.
  for (const char* before : {"", "\";", "\"z"}) {
    for (const std::string tail : {"\"", "\";\"", "\"\";", ";z"}) {
      for (std::size_t shift = 0; shift <= tail.size(); ++shift) {
        std::string text = "a;b\n";
        const std::size_t begin = text.size();
        text += "x;\"\nx\";\"\n";
        text += before;
        text.append(begin + kMaxRecord - shift - text.size(), 'y');
        text += tail + "\n1;2\n";
        CAPTURE(std::string{before});
        CAPTURE(tail);
        CAPTURE(shift);
        REQUIRE((rows_of(text) == plain_reading(text, ';')));
      }
    }
  }
}

TEST_CASE("any number of blank lines before the header is passed over, and counted") {
  const std::string text = std::string(std::size_t{5} << 20U, '\n') + "a,b\n1,2\n";
  RecordReader records{test::source(text)};
  records.settle_separator(0);
  Record record;
  REQUIRE(records.next(record));
  CHECK(record.line == (5 << 20) + 1);
  CHECK(record.fields == std::vector<std::string_view>{"a", "b"});
  REQUIRE(records.next(record));
  CHECK(record.fields == std::vector<std::string_view>{"1", "2"});
  CHECK_FALSE(records.next(record));
}
