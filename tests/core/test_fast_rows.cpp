// Rows that are known are counted in haste, by several threads where there are some. Nothing of the result
// may depend on it: everything here is counted without haste and with it, and compared.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "count_input.hpp"
#include "kept_ways.hpp"
#include "komhen/tally/count.hpp"
#include "scan.hpp"
#include "test_support.hpp"

using namespace komhen;
using detail::ScanLevel;

namespace {

/// Everything that a count tells.
struct Told {
  std::string cube;
  Outcome outcome;
  test::Lines rejects;
  std::string refusal;
  friend bool operator==(const Told&, const Told&) = default;
};

struct Way {
  bool lane = true;
  unsigned threads = 1;
  std::size_t piece = std::size_t{256} << 10U;
  std::size_t from_source = std::size_t{1} << 30U;  ///< bytes that the source gives at a time
  std::size_t table_bytes = 0;                      ///< of a cross table from the first row on; 0: none
};

/// A text that gives no more bytes at a time than it likes.
class ShortReads final : public detail::InputBytes {
 public:
  ShortReads(std::string_view text, std::size_t most) : text_{text}, most_{most} {}
  [[nodiscard]] std::int64_t size() const noexcept override { return text_.size(); }
  std::size_t read_at(std::int64_t at, char* into, std::size_t room) const override {
    return text_.read_at(at, into, std::min(room, most_));
  }

 private:
  detail::TextBytes text_;
  std::size_t most_;
};

Told told(std::string_view bytes, CountOptions options, const Way& way) {
  detail::CountWays& ways = detail::count_ways();
  const test::KeptWays kept;
  ways = {way.lane, way.piece, 0};
  if (way.table_bytes != 0) {
    if (way.threads == 1) ways.table_from = 0;
    ways.large = 0;
    ways.table_soon = 0;
    ways.table_bytes = way.table_bytes;
  }
  Told out;
  options.threads = way.threads;
  options.on_reject = [&](const Reject& reject) {
    std::string line = std::to_string(reject.line) + " " + std::string{token(reject.reason)};
    if (reject.column) line += " " + std::string{token(*reject.column)};
    for (const auto& field : reject.fields) line += field ? "|" + std::string{*field} : "|-";
    out.rejects.push_back(line);
  };
  try {
    const Counted counted = way.threads > 1
                                ? detail::count_input(ShortReads{bytes, way.from_source}, "week.csv", options)
                                : count_bytes(test::source(bytes, way.from_source), "week.csv", options);
    out.cube = serialised(counted.cube);
    out.outcome = counted.outcome;
  } catch (const Error& error) {
    out.refusal = error.what();
  }
  return out;
}

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_{seed} {}
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(engine_()) % limit; }
  bool one_in(std::uint32_t chance) { return below(chance) == 0; }
  template <class List>
  const auto& of(const List& list) {
    return list[below(static_cast<std::uint32_t>(std::size(list)))];
  }

 private:
  std::mt19937 engine_;
};

struct Shape {
  char separator = ';';
  const char* line_end = "\n";
  bool quoted = false;       ///< every field
  bool latin = false;        ///< letters beyond ASCII in Windows-1252
  std::uint32_t nasty = 40;  ///< one row in so many is odd
  bool mixed_ends = false;
  bool event_ids = false;
};

using Texts = std::vector<std::string>;

std::string in_encoding(std::string text, bool latin) {
  if (!latin) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == 0xC3)
      out += static_cast<char>(static_cast<unsigned char>(text[++i]) + 0x40);
    else
      out += text[i];
  }
  return out;
}

/// A file of rows that mostly recur, and some that are odd in every way that docs/exchange-file.md speaks of.
std::string made(Dice& dice, const Shape& shape, int rows) {
  const Texts municipality{"657", "101", "0751", "Herning", "Ærø", "aeroe", " 461", "411", "", "KØBENHAVN"};
  const Texts date{"2012-04-23", "2012-04-27", "24-04-2012", "25.04.2012",
                   "2012-05-10", "1989-12-31", "2012-4-23"};
  const Texts kle{"23.05.10", "32.03.12", "23.05.10", "99.99.99", "23.05", "02.34.02"};
  const Texts channel{"telephone", "Selvbetjening", "self_service", "Personligt fremmøde",
                      "tlf",       "chat",          "e-mail",       "besøg på hjemmeside"};
  const Texts type{"new_case", "guidance", "Ændring af status på eksisterende sag", "self_service_help",
                   "nysag"};
  const Texts direction{"incoming", "outgoing", "ind", "Udgående", ""};
  const Texts closure{"", "closed", "Lagt til side", "put_aside", "open"};
  const Texts count{"1",  "7",          "12",         "999999999", "2147483647", "0",
                    "-1", "2147483648", "0101700000", "01",        "1 "};
  const Texts unit{"",
                   "Borgerservice",
                   "Jobcenter Nørre",
                   "Borgerservice og bibliotek i den store by",
                   "070761-4285",
                   "kontor 1",
                   "kontor 2",
                   "tab\tinside",
                   "0101701234"};
  std::vector<std::pair<std::string, const Texts*>> columns{
      {"kommune", &municipality}, {"dato", &date}, {"kle", &kle},
      {"kanal", &channel},        {"type", &type}, {"retning", &direction}};
  const Texts note{"", "x", "æ", "a \"b\"", "0707614285"};
  if (dice.one_in(2)) columns.emplace_back("afslutning", &closure);
  if (dice.one_in(2)) columns.emplace_back("antal", &count);
  if (dice.one_in(2)) columns.emplace_back("enhed", &unit);
  if (dice.one_in(3)) columns.emplace_back("bemærkning", &note);
  const Texts ids{"a1", "a2", "b7", "", "event-9"};
  if (shape.event_ids) columns.emplace_back("event_id", &ids);
  for (std::size_t i = columns.size(); i > 1; --i)
    std::swap(columns[i - 1], columns[dice.below(static_cast<std::uint32_t>(i))]);

  const std::string separator(1, shape.separator);
  const auto quoted = [&](const std::string& text) {
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string{"\"\""} : std::string(1, c);
    return out + "\"";
  };
  const auto field = [&](const std::string& text) {
    if (shape.quoted || text.find(shape.separator) != std::string::npos) return quoted(text);
    return text;
  };
  const auto end = [&]() -> std::string {
    constexpr std::array<const char*, 4> kEnds{"\n", "\r\n", "\n", "\r"};
    return shape.mixed_ends ? dice.of(kEnds) : shape.line_end;
  };
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i)
    out += (i != 0 ? separator : "") + field(in_encoding(columns[i].first, shape.latin));
  out += end();
  for (int row = 0; row < rows; ++row) {
    const bool odd = dice.one_in(shape.nasty);
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Texts& texts = *columns[i].second;
      // The first three are good everywhere but in some columns; later ones may not be.
      std::string text =
          dice.one_in(shape.nasty)
              ? dice.of(texts)
              : texts[dice.below(std::min<std::uint32_t>(2, static_cast<std::uint32_t>(texts.size())))];
      if (dice.one_in(20 * shape.nasty)) text.assign(1 + dice.below(20), '\0');
      const bool wrong_encoding = dice.one_in(900);
      line += (i != 0 ? separator : "") + field(in_encoding(text, shape.latin != wrong_encoding));
    }
    if (odd) {
      switch (dice.below(14)) {
        case 0:
          line += separator;
          break;
        case 1:
          line = "";
          break;
        case 2:
          line = "  ";
          break;
        case 3:
          line = "\t";
          break;
        case 4:
          line = "\"" + line;
          break;
        case 5:
          line += "\"x\ny\"";
          break;
        case 6:
          line = "\"a\"b" + separator + line;
          break;
        case 7:
          line.insert(dice.below(static_cast<std::uint32_t>(line.size() + 1)), "\"");
          break;
        case 8:
          line.insert(dice.below(static_cast<std::uint32_t>(line.size() + 1)), "\r");
          break;
        case 9:
          line.insert(dice.below(static_cast<std::uint32_t>(line.size() + 1)), std::string(1, '\0'));
          break;
        case 10:
          line.insert(dice.below(static_cast<std::uint32_t>(line.size() + 1)), "\xFF");
          break;
        case 11:
          line = " " + line + " ";
          break;
        case 12:
          if (dice.one_in(20))
            line = std::string(kMaxRecord + dice.below(3), ' ');
          else
            line.insert(0, dice.one_in(20) ? std::string(kMaxRecord, 'x') : std::string(5000, 'y'));
          break;
        default:
          line += "\"\"";
      }
    }
    out += line + (row + 1 == rows && dice.one_in(2) ? "" : end());
  }
  return out;
}

}  // namespace

TEST_CASE("rows counted in haste are those of the reader, at every level and for any number of threads") {
  const auto round = *builtin_round("2012-spring");
  Participation participation;
  for (const char* week : {"2012-W17", "2012-W18"})
    for (const int code : {657, 751, 461})
      participation.declare(*Municipality::from_code(code), *Week::parse(week));
  const ScanLevel highest = detail::scan_level();
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    Dice dice{seed};
    constexpr std::array<char, 4> kSeparators{';', ',', '\t', ';'};
    constexpr std::array<const char*, 3> kEnds{"\n", "\r\n", "\n"};
    Shape shape{dice.of(kSeparators), dice.of(kEnds)};
    shape.quoted = dice.one_in(4);
    shape.latin = dice.one_in(3);
    shape.mixed_ends = dice.one_in(6);
    shape.event_ids = dice.one_in(6);
    shape.nasty = dice.one_in(2) ? 400 : 25;
    const std::string bytes = made(dice, shape, 1 + static_cast<int>(dice.below(1500)));
    CountOptions options;
    if (dice.one_in(2)) options.round = &round;
    if (dice.one_in(3)) options.participation = &participation;
    const Told plain = told(bytes, options, {false, 1});
    for (const ScanLevel level : {ScanLevel::plain, ScanLevel::vector, ScanLevel::avx2, ScanLevel::avx512}) {
      if (!detail::use_scan_level(level)) continue;
      CAPTURE(static_cast<int>(level));
      CHECK(told(bytes, options, {}) == plain);
    }
    CHECK(detail::use_scan_level(highest));
    CHECK(told(bytes, options, {true, 1, 1 << 18, 1 + dice.below(300)}) == plain);
    for (unsigned threads = 2; threads <= 4; ++threads) {
      CAPTURE(threads);
      CHECK(told(bytes, options, {true, threads, 1 + dice.below(3000)}) == plain);
      CHECK(told(bytes, options, {true, threads, 300, 1 + dice.below(200)}) == plain);
    }
    CHECK(told(bytes, options, {false, 3, 500}) == plain);
    for (const std::size_t table_bytes : {512U, 4096U, 1U << 20U}) {
      CAPTURE(table_bytes);
      Way way;
      way.table_bytes = table_bytes;
      CHECK(told(bytes, options, way) == plain);
      way.threads = 3;
      way.piece = 1 + dice.below(3000);
      CHECK(told(bytes, options, way) == plain);
    }
  }
}

TEST_CASE("a scan finds every separator and line end, at every level") {
  const ScanLevel highest = detail::scan_level();
  Dice dice{7};
  for (int round = 0; round < 300; ++round) {
    std::string bytes(dice.below(400), 'x');
    for (char& c : bytes)
      c = dice.one_in(3) ? ";\n,\"\r\x80\xBB\x3A"[dice.below(8)] : static_cast<char>(dice.below(256));
    const std::size_t size = bytes.size();
    std::vector<std::uint32_t> expected;
    for (std::size_t i = 0; i < size; ++i)
      if (bytes[i] == ';' || bytes[i] == '\n') expected.push_back(static_cast<std::uint32_t>(i));
    bytes.append(detail::kScanSlack, ';');
    for (const ScanLevel level : {ScanLevel::plain, ScanLevel::vector, ScanLevel::avx2, ScanLevel::avx512}) {
      if (!detail::use_scan_level(level)) continue;
      CAPTURE(static_cast<int>(level));
      std::vector<std::uint32_t> places(size + detail::kPlacesSlack);
      places.resize(detail::find_ends(bytes.data(), size, ';', places.data()));
      CHECK(places == expected);
    }
    const std::string_view text{bytes.data(), size};
    const detail::Marks marks = detail::find_marks(text);
    CHECK(marks.quote == (text.find('"') != std::string_view::npos));
    bool lone = false;
    bool beyond = false;
    for (std::size_t i = 0; i < size; ++i) {
      lone = lone || (text[i] == '\r' && (i + 1 == size || text[i + 1] != '\n'));
      beyond = beyond || static_cast<unsigned char>(text[i]) > 127;
    }
    CHECK(marks.lone_return == lone);
    CHECK(marks.beyond_ascii == beyond);
  }
  CHECK(detail::use_scan_level(highest));
}

TEST_CASE("a field of bytes of zero is none that has been read before") {
  for (std::size_t field = 0; field < 6; ++field)
    for (const std::size_t zeros : {1U, 7U, 8U, 9U, 16U, 24U, 47U, 48U, 49U}) {
      CAPTURE(field);
      CAPTURE(zeros);
      std::string file = "kommune;dato;kle;kanal;type;retning\n";
      for (int row = 0; row < 50; ++row) {
        test::Lines texts{"657", "2012-04-23", "23.05.10", "telephone", "guidance", "incoming"};
        if (row == 40) texts[field].assign(zeros, '\0');
        for (std::size_t i = 0; i < texts.size(); ++i) file += (i == 0 ? "" : ";") + texts[i];
        file += "\n";
      }
      const Told slow = told(file, {}, {.lane = false});
      CHECK(slow.outcome.rows_accepted == 49);
      CHECK(told(file, {}, {}) == slow);
    }
}

TEST_CASE("columns that are read as one text hold together whatever each of them holds") {
  // The words come in one after another, so that which columns are read together changes; and every
  // combination comes twice, so that it is read once column by column and once as one text.
  const Texts channels{"telephone", "e-mail", "sms", "website", "digital_post", "letter"};
  const Texts types{"guidance", "new_case", "case_information", "misdirected"};
  const Texts directions{"incoming", "outgoing"};
  const Texts closures{"", "closed", "put_aside"};
  const Texts forms{"none", "paper", "digital", ""};
  const Texts units{"Ældre", "Borgerservice", "Ydelse og Øvrigt"};
  for (const bool latin : {false, true})
    for (const std::string line_end : {"\n", "\r\n"}) {
      std::string bytes =
          "municipality;date;kle;channel;type;direction;closure;form;note;unit;source" + line_end;
      for (std::size_t words = 1; words <= 6; ++words)
        for (std::size_t i = 0; i < 2 * 6 * 4 * 2 * 3 * 4 * 3; ++i) {
          std::size_t at = i / 2;
          const auto word = [&](const Texts& texts) {
            const std::size_t many = std::min(words, texts.size());
            const std::string& text = texts[at % many];
            at /= many;
            return text + ";";
          };
          std::string row = "657;2012-04-23;23.05.10;" + word(channels) + word(types) + word(directions) +
                            word(closures) + word(forms);
          row += std::string(i % 97 == 0 ? 300 : 0, 'n') + ";";  // too long for haste, now and then
          row += word(units);
          row.pop_back();
          row = in_encoding(row, latin);
          if (i % 501 == 500) row += latin ? "\xC3\x98" : "\xD8";  // contradicts the file's encoding
          // In Windows-1252 two letters, and with nothing else beyond ASCII a row that looks like UTF-8.
          row += i % 7 == 0 ? ";\xC3\x98" : ";desk";
          if (at == 0 || words > 3) bytes += row + line_end;
        }
      CountOptions options;
      options.encoding = latin ? Encoding::windows1252 : Encoding::utf8;
      const Told expected = told(bytes, options, {.lane = false});
      CHECK(expected.outcome.rows_accepted > 4000);
      for (const unsigned threads : {1U, 3U})
        CHECK(told(bytes, options, {.threads = threads, .piece = 4096}) == expected);
    }
}

TEST_CASE("where lines end in CR, several threads leave them to one and do not look again for each") {
  // It took a minute: every record was read with all that was left of the file.
  const std::string row = "657;2012-04-23;23.05.10;telephone;guidance;incoming";
  std::string bytes = "municipality;date;kle;channel;type;direction\n";
  for (int i = 0; i < 10'000; ++i) bytes += row + "\n";
  for (int i = 0; i < 60'000; ++i) bytes += row + "\r";
  for (int i = 0; i < 10'000; ++i) bytes += row + "\n";
  const Told plain = told(bytes, {}, {.lane = false});
  CHECK(plain.outcome.rows_accepted == 80'000);
  for (const unsigned threads : {1U, 3U})
    CHECK(told(bytes, {}, {.threads = threads, .piece = 65'536}) == plain);
}

TEST_CASE("rows that are left out are told in the file's order, however many wait to be told") {
  std::string bytes = "municipality;date;kle;channel;type;direction\n";
  for (int i = 0; i < 60'000; ++i)
    bytes += i % 3 == 0 ? "657;2012-04-23;23.05.10;telephone;guidance;incoming\n"
                        : std::to_string(i) + ";2012-04-23;23.05.10;telephone;guidance;incoming\n";
  const Told plain = told(bytes, {}, {.lane = false});
  CHECK(plain.rejects.size() > 39'000);
  for (const unsigned threads : {2U, 4U})
    for (const std::size_t piece : {std::size_t{700}, std::size_t{50'000}, std::size_t{1'000'000}})
      CHECK(told(bytes, {}, {.threads = threads, .piece = piece}) == plain);
}

TEST_CASE("a line of more spaces than a record may have is left out, whoever reads it") {
  std::string bytes = "municipality;date;kle;channel;type;direction\n";
  for (int i = 0; i < 5'000; ++i) {
    bytes += "657;2012-04-23;23.05.10;telephone;guidance;incoming\n";
    if (i % 1'000 == 500)
      bytes += std::string(kMaxRecord + static_cast<std::size_t>(i / 1'000) - 2, ' ') + "\n";
  }
  const Told plain = told(bytes, {}, {.lane = false});
  CHECK(plain.outcome.rejected_for(Reason::malformed) == 2);
  for (const unsigned threads : {1U, 3U})
    for (const std::size_t piece : {std::size_t{5'000}, std::size_t{3'000'000}})
      CHECK(told(bytes, {}, {.threads = threads, .piece = piece}) == plain);
}

TEST_CASE("progress goes on from what has been read, also where a file has grown meanwhile") {
  const test::Folder folder;
  std::string bytes = "municipality;date;kle;channel;type;direction\n";
  std::string rows;
  for (int i = 0; i < 10'000; ++i) rows += "657;2012-04-23;23.05.10;telephone;guidance;incoming\n";
  const std::vector<std::string> files{folder.file("a.csv", bytes + rows),
                                       folder.file("b.csv", bytes + rows)};
  for (const unsigned threads : {1U, 3U}) {
    CountOptions options;
    options.threads = threads;
    std::int64_t last = 0;
    options.progress = [&](std::int64_t done, std::int64_t) {
      if (last == 0) std::ofstream{files[0], std::ios::app} << rows;
      CHECK(done >= last);
      last = done;
      return true;
    };
    const Counted counted = count_files(files, options);
    CHECK(counted.outcome.rows_accepted == (threads == 1 ? 30'000 : 40'000));
  }
}

TEST_CASE("a file that is cut short or written to while several threads read it is read to some end") {
  /// A text that is another one from its so-manieth read on.
  class Changing final : public detail::InputBytes {
   public:
    Changing(std::string_view first, std::string_view then, int reads)
        : first_{first}, then_{then}, left_{reads} {}
    [[nodiscard]] std::int64_t size() const noexcept override { return first_.size(); }
    std::size_t read_at(std::int64_t at, char* into, std::size_t room) const override {
      return (left_.fetch_sub(1) > 0 ? first_ : then_).read_at(at, into, room);
    }

   private:
    detail::TextBytes first_;
    detail::TextBytes then_;
    mutable std::atomic<int> left_;
  };
  const std::string head = "municipality;date;kle;channel;type;direction\n";
  std::string first = head;
  std::string moved = head + "657;2012-04-23";
  for (int i = 0; i < 20'000; ++i) {
    first += "657;2012-04-23;23.05.10;telephone;guidance;incoming\n";
    moved += ";23.05.10;telephone;guidance;incoming\n657;2012-04-23";
  }
  detail::CountWays& ways = detail::count_ways();
  const test::KeptWays kept;
  ways = {true, 5000, 0};
  CountOptions options;
  options.threads = 3;
  for (const int reads : {2, 3, 5, 20, 100, 150, 400}) {
    CAPTURE(reads);
    for (const std::string& then : {std::string{}, first.substr(0, first.size() / 3), moved, first + first}) {
      const Changing bytes{first, then, reads};
      const Counted counted = detail::count_input(bytes, "week.csv", options);
      CHECK(counted.outcome.rows_read == counted.outcome.rows_accepted + counted.outcome.rows_rejected());
      CHECK(counted.cube.total() == counted.outcome.contacts);
      CHECK(counted.outcome.contacts <= (then == first + first ? 40'001 : 20'000));
    }
  }
}

TEST_CASE("many units go past the narrow key, by several threads too") {
  std::string bytes = "municipality;date;kle;channel;type;direction;unit;source\n";
  for (int i = 0; i < 70'000; ++i)
    bytes += "657;2012-04-23;23.05.10;telephone;guidance;incoming;unit " + std::to_string(i * 7 % 40'000) +
             ";s" + std::to_string(i / 1000) + "\n";
  const Told plain = told(bytes, {}, {false, 1});
  CHECK(plain.outcome.rows_accepted == 70'000);
  CHECK(told(bytes, {}, {}) == plain);
  CHECK(told(bytes, {}, {true, 3, 20'000}) == plain);
  for (const unsigned threads : {1U, 3U}) {
    Way way{.threads = threads, .piece = 20'000};
    way.table_bytes = 1U << 22U;
    CHECK(told(bytes, {}, way) == plain);
  }
}

TEST_CASE("what a callback throws, and a count that is stopped, end the threads and reach the caller") {
  std::string bytes = "municipality;date;kle;channel;type;direction\n";
  for (int i = 0; i < 50'000; ++i)
    bytes += i % 100 == 99 ? "1\n" : "657;2012-04-23;23.05.10;telephone;guidance;incoming\n";
  detail::CountWays& ways = detail::count_ways();
  const test::KeptWays kept;
  ways = {true, 5000, 0};
  const test::Folder folder;
  const std::vector<std::string> files{folder.file("week.csv", bytes)};
  CountOptions options;
  options.threads = 3;
  SUBCASE("progress says no") {
    int calls = 0;
    options.progress = [&](std::int64_t, std::int64_t) { return ++calls < 100; };
    CHECK_REFUSED(count_files(files, options), cancelled, "stopped");
  }
  SUBCASE("a reject is not wanted") {
    int calls = 0;
    options.on_reject = [&](const Reject&) {
      if (++calls == 50) throw std::runtime_error{"no more"};
    };
    CHECK_THROWS_WITH((void)count_files(files, options), "no more");
  }
  SUBCASE("nothing stops it") {
    std::int64_t last = 0;
    options.progress = [&](std::int64_t done, std::int64_t total) {
      CHECK(done >= last);
      CHECK(total == static_cast<std::int64_t>(bytes.size()));
      last = done;
      return true;
    };
    const Counted counted = count_files(files, options);
    CHECK(last == static_cast<std::int64_t>(bytes.size()));
    CHECK(counted.outcome.rows_accepted == 49'500);
    CHECK(counted.outcome.rejected_for(Reason::malformed) == 500);
  }
}
