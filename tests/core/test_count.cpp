#include <doctest/doctest.h>
#include <sys/stat.h>

#include "komhen/report/text.hpp"
#include "komhen/tally/count.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

constexpr std::string_view kHeader =
    "municipality;date;kle;channel;type;direction;closure;form;count;source;unit;event_id\n";

/// A good row, and the same with one field changed.
std::string row_with(Field field, std::string_view text) {
  std::string out;
  const auto add = [&](Field column, std::string_view usual) {
    out += (column == Field::municipality ? "" : ";") + std::string{column == field ? text : usual};
  };
  add(Field::municipality, "657");
  add(Field::date, "2012-04-23");
  add(Field::kle, "23.05.10");
  add(Field::channel, "telephone");
  add(Field::type, "new_case");
  add(Field::direction, "incoming");
  add(Field::closure, "");
  add(Field::form, "");
  add(Field::count, "1");
  add(Field::source, "kmd");
  add(Field::unit, "");
  add(Field::event_id, "");
  return out + "\n";
}
std::string good_row() {
  return row_with(Field::week, "");
}  // there is no such column here

struct Seen {
  std::int64_t line;
  Reason reason;
  std::optional<Field> column;
  friend bool operator==(const Seen&, const Seen&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << seen.line << ' ' << token(seen.reason) << ' ' << (seen.column ? token(*seen.column) : "-");
  }
};

/// Counts text and checks the law of every count: rows read = accepted + rejected, and the cube holds the
/// contacts.
Counted tally(std::string_view bytes, CountOptions options = {}, std::vector<Seen>* seen = nullptr) {
  std::int64_t rejects = 0;
  options.on_reject = [&](const Reject& reject) {
    ++rejects;
    if (seen != nullptr) seen->push_back({reject.line, reject.reason, reject.column});
  };
  Counted counted = count_bytes(test::source(bytes), "week.csv", options);
  CHECK(counted.outcome.rows_read == counted.outcome.rows_accepted + counted.outcome.rows_rejected());
  CHECK(counted.outcome.rows_rejected() == rejects);
  CHECK(counted.outcome.contacts == counted.cube.total());
  CHECK(counted.outcome.rejected_for(Reason::accepted) == 0);
  return counted;
}

/// The reason for which a file of the usual header and this one row rejects it.
Seen verdict(const std::string& row, const CountOptions& options = {}) {
  std::vector<Seen> seen;
  const auto counted = tally(std::string{kHeader} + row, options, &seen);
  REQUIRE(counted.outcome.rows_read == 1);
  return seen.empty() ? Seen{2, Reason::accepted, std::nullopt} : seen.front();
}
Seen verdict(Field field, std::string_view text) {
  return verdict(row_with(field, text));
}
Seen fails(Reason reason, std::optional<Field> column) {
  return {2, reason, column};
}
const Seen kAccepted{2, Reason::accepted, std::nullopt};

}  // namespace

TEST_CASE("the smallest file of the specification counts") {
  const auto counted = tally(
      "municipality;date;kle;channel;type;direction\n"
      "657;2012-04-23;23.05.10;telephone;guidance;incoming\n"
      "657;2012-04-23;23.05.10;self_service;new_case;incoming\n");
  CHECK(counted.outcome.rows_accepted == 2);
  CHECK(counted.outcome.encoding == "ascii");
  CHECK(counted.outcome.round.empty());
  const auto cells = counted.cube.cells();
  REQUIRE(cells.size() == 2);
  auto first = test::contact();
  first.type = ContactType::guidance;
  CHECK(cells[0] == first);
  CHECK(cells[1].channel == Channel::self_service);
}

TEST_CASE("all columns are read, in any order and under Danish names") {
  const auto counted = tally(
      "Hændelse_ID,ENHED,kilde,Antal,blanket,Afslutning,Retning,Henvendelsestype,Kanal,KLE,uge,Kommune\n"
      "e1,Skranke,kmd,7,Papirblanket,Lagt til side,Ind,Ny sag,Tlf,23.05.10,2012-W18,Hillerød\n");
  const auto cells = counted.cube.cells();
  REQUIRE(cells.size() == 1);
  CHECK(cells[0] == Registration{*Municipality::from_code(219), "2012-W18"_week, "23.05.10"_kle,
                                 Channel::telephone, ContactType::new_case, Direction::incoming,
                                 Closure::put_aside, AttachedForm::paper, "kmd", "Skranke", 7});
  CHECK(counted.outcome.unread_columns.empty());
  CHECK(counted.outcome.contacts == 7);
}

TEST_CASE("a good row is accepted") {
  CHECK(verdict(good_row()) == kAccepted);
}

TEST_CASE("1: a row with another number of fields or broken quoting is malformed") {
  CHECK(verdict("657;2012-04-23\n") == fails(Reason::malformed, std::nullopt));
  CHECK(verdict(good_row().insert(0, ";")) == fails(Reason::malformed, std::nullopt));
  CHECK(verdict("\"657\"x" + good_row().substr(3)) == fails(Reason::malformed, std::nullopt));
  CHECK(verdict("\"657" + good_row().substr(3)) == fails(Reason::malformed, std::nullopt));
}

TEST_CASE("2: a row that contradicts the encoding of the file is bad_encoding") {
  std::vector<Seen> seen;
  const auto utf8 = tally(std::string{kHeader} + row_with(Field::unit, "Sorø") +
                              row_with(Field::unit, "K\xF8ge") + row_with(Field::unit, "Ærø"),
                          {}, &seen);
  CHECK(utf8.outcome.encoding == "utf-8");
  CHECK(seen == std::vector<Seen>{{3, Reason::bad_encoding, std::nullopt}});

  seen.clear();
  const auto windows = tally(std::string{kHeader} + row_with(Field::unit, "K\xF8ge") +
                                 row_with(Field::unit, "Sorø") + row_with(Field::unit, "\xC6r\xF8") +
                                 row_with(Field::unit, "\xE5\x81") + row_with(Field::unit, "\xE5"),
                             {}, &seen);
  CHECK(windows.outcome.encoding == "windows-1252");
  CHECK(seen ==
        std::vector<Seen>{{3, Reason::bad_encoding, std::nullopt}, {5, Reason::bad_encoding, std::nullopt}});
  CHECK(windows.cube.cells()[0].unit == "Køge");
}

TEST_CASE("3: a value like a CPR number in any field that is read is personal_data") {
  for (const auto& word : kWords<Field>) {
    if (word.value == Field::week) continue;
    CAPTURE(std::string{word.token});
    CHECK(verdict(word.value, "070761-4285") == fails(Reason::personal_data, word.value));
    CHECK(verdict(word.value, "0707614285") == fails(Reason::personal_data, word.value));
  }
  SUBCASE("of several, the first column is named") {
    CHECK(verdict("230412-5003;" + row_with(Field::event_id, "230412-5003").substr(4)).column ==
          Field::municipality);
  }
  SUBCASE("a column that is not read is no reason") {
    const auto counted = tally(
        "note;municipality;date;kle;channel;type;direction\n"
        "070761-4285;657;2012-04-23;23.05.10;telephone;guidance;incoming\n");
    CHECK(counted.outcome.rows_accepted == 1);
    CHECK(counted.outcome.unread_columns == std::vector<std::string>{"note"});
  }
}

TEST_CASE("4: a place that is none of the 98 is unknown_municipality") {
  for (const char* text : {"", "999", "411", "Christiansø", "65", "6570", "00657", "Kommune"}) {
    CAPTURE(std::string{text});
    CHECK(verdict(Field::municipality, text) == fails(Reason::unknown_municipality, Field::municipality));
  }
  for (const char* text :
       {"0657", "herning", "HERNING", " 657 ", "Ærø", "aeroe", "Århus", "Lyngby Taarbæk"}) {
    CAPTURE(std::string{text});
    CHECK(verdict(Field::municipality, text) == kAccepted);
  }
}

TEST_CASE("5: a day that does not exist, is missing, or lies outside 1990-W01 to 2068-W26 is bad_date") {
  for (const char* text :
       {"", "2012-02-30", "2013-02-29", "2012-13-01", "2012-4-23", "23/04/2012", "23-04.2012", "20120423",
        "1989-12-31", "2068-07-02", "2012-W17", "2012-04-23T10:00:00", "2012-04-00", "+012-04-23"}) {
    CAPTURE(std::string{text});
    CHECK(verdict(Field::date, text) == fails(Reason::bad_date, Field::date));
  }
  for (const char* text :
       {"2012-04-23", "23-04-2012", "23.04.2012", "1990-01-01", "2068-07-01", "2012-02-29"}) {
    CAPTURE(std::string{text});
    CHECK(verdict(Field::date, text) == kAccepted);
  }
  SUBCASE("a week that its year does not have is one too") {
    const auto week = [](const std::string& text) {
      std::vector<Seen> seen;
      tally("municipality;week;kle;channel;type;direction\n657;" + text + ";23.05.10;sms;guidance;incoming\n",
            {}, &seen);
      return seen.empty()                    ? Reason::accepted
             : seen[0].column == Field::week ? seen[0].reason
                                             : Reason::malformed;
    };
    for (const char* bad :
         {"2012-W53", "2012-W00", "2012-w17", "2012W17", "2068-W27", "1989-W52", "", "17", "2012-04-23"})
      CHECK(week(bad) == Reason::bad_date);
    for (const char* good : {"2015-W53", "2020-W53", "2026-W53", "1990-W01", "2068-W26"})
      CHECK(week(good) == Reason::accepted);
  }
}

TEST_CASE("a day belongs to its ISO week, at the turn of the year too") {
  const auto week = [](const std::string& day) {
    return tally(std::string{kHeader} + row_with(Field::date, day)).cube.cells().at(0).week.text();
  };
  CHECK(week("2012-12-31") == "2013-W01");
  CHECK(week("2010-01-03") == "2009-W53");
  CHECK(week("2016-01-03") == "2015-W53");
  CHECK(week("2012-04-29") == "2012-W17");
  CHECK(week("2012-04-30") == "2012-W18");
}

TEST_CASE("where a file has week and date, week is read and date is not") {
  std::vector<Seen> seen;
  const auto counted = tally(
      "municipality;date;week;kle;channel;type;direction\n"
      "657;070761-4285;2012-W18;23.05.10;sms;guidance;incoming\n"
      "657;2012-04-23;;23.05.10;sms;guidance;incoming\n",
      {}, &seen);
  CHECK(counted.cube.cells().at(0).week == "2012-W18"_week);
  CHECK(seen == std::vector<Seen>{{3, Reason::bad_date, Field::week}});
}

TEST_CASE("6: a task that is not NN.NN.NN is bad_kle") {
  for (const char* text :
       {"", "23.5.10", "23.05", "230510", "23.05.10 Flytning", "23.05.1O", "23-05-10", "23.05.100"}) {
    CAPTURE(std::string{text});
    CHECK(verdict(Field::kle, text) == fails(Reason::bad_kle, Field::kle));
  }
  CHECK(verdict(Field::kle, "00.00.00") == kAccepted);
  CHECK(verdict(Field::kle, "99.99.99") == kAccepted);
}

TEST_CASE("7: a task outside the round's closed package is unknown_task") {
  const auto round =
      parse_round("id = \"test\"\nweeks = [\"2012-W17\"]\npackage = [\"23.05.10\"]\n", "test.toml");
  CountOptions options;
  options.round = &round;
  CHECK(verdict(row_with(Field::kle, "23.05.10"), options) == kAccepted);
  CHECK(verdict(row_with(Field::kle, "23.05.11"), options) == fails(Reason::unknown_task, Field::kle));
  const auto open = *builtin_round("2012-spring");
  options.round = &open;
  CHECK(verdict(row_with(Field::kle, "99.99.99"), options) == kAccepted);
}

TEST_CASE(
    "8 to 12: an unknown word has the reason of its dimension, and only closure and form may be empty") {
  CHECK(verdict(Field::channel, "chat") == fails(Reason::unknown_channel, Field::channel));
  CHECK(verdict(Field::channel, "") == fails(Reason::unknown_channel, Field::channel));
  CHECK(verdict(Field::channel, "1") == fails(Reason::unknown_channel, Field::channel));
  CHECK(verdict(Field::type, "complaint") == fails(Reason::unknown_type, Field::type));
  CHECK(verdict(Field::type, "") == fails(Reason::unknown_type, Field::type));
  CHECK(verdict(Field::direction, "both") == fails(Reason::unknown_direction, Field::direction));
  CHECK(verdict(Field::direction, "") == fails(Reason::unknown_direction, Field::direction));
  CHECK(verdict(Field::closure, "maybe") == fails(Reason::unknown_closure, Field::closure));
  CHECK(verdict(Field::form, "maybe") == fails(Reason::unknown_form, Field::form));
  CHECK(verdict(Field::closure, "") == kAccepted);
  CHECK(verdict(Field::form, "") == kAccepted);
  CHECK(verdict(Field::form, "none") == kAccepted);
}

TEST_CASE("13: a count is 1 to 2147483647 in 1 to 10 digits") {
  for (const char* text : {"", "0", "-1", "+1", "1.0", "1,0", "1 000", "2147483648", "9999999999",
                           "00000000001", "0x1", "en", "1e3"}) {
    CAPTURE(std::string{text});
    CHECK(verdict(Field::count, text) == fails(Reason::bad_count, Field::count));
  }
  for (const char* text : {"1", "2147483647", "0000000001", " 12 "}) {
    CAPTURE(std::string{text});
    CHECK(verdict(Field::count, text) == kAccepted);
  }
  const auto counted = tally(std::string{kHeader} + test::repeated(row_with(Field::count, "2147483647"), 3));
  CHECK(counted.cube.total() == 6442450941);
  CHECK(counted.cube.size() == 1);
}

TEST_CASE("14: a source or unit over 64 bytes, an event_id over 128, or control characters are bad_label") {
  for (const Field field : {Field::source, Field::unit}) {
    CHECK(verdict(field, std::string(64, 'x')) == kAccepted);
    CHECK(verdict(field, std::string(65, 'x')) == fails(Reason::bad_label, field));
    CHECK(verdict(field, test::repeated("ø", 33)) == fails(Reason::bad_label, field));
    CHECK(verdict(field, "\"a\nb\"") == fails(Reason::bad_label, field));
  }
  CHECK(verdict(Field::event_id, std::string(128, 'x')) == kAccepted);
  CHECK(verdict(Field::event_id, std::string(129, 'x')) == fails(Reason::bad_label, Field::event_id));
  CHECK(verdict(Field::event_id, "a\tb") == fails(Reason::bad_label, Field::event_id));
  CHECK(verdict(Field::unit, std::string_view{"a\0b", 3}) == fails(Reason::bad_label, Field::unit));
  SUBCASE("the bytes are those of UTF-8, whatever the file's encoding") {
    CHECK(verdict(Field::unit, std::string(32, '\xF8')) == kAccepted);
    CHECK(verdict(Field::unit, std::string(33, '\xF8')) == fails(Reason::bad_label, Field::unit));
  }
}

TEST_CASE("15 and 16: weeks outside the round, and outside the municipality's own") {
  const auto round = *builtin_round("2012-spring");
  Participation participation;
  participation.declare(*Municipality::from_code(657), "2012-W18"_week);
  CountOptions options;
  options.round = &round;
  CHECK(verdict(row_with(Field::date, "2012-04-22"), options) == fails(Reason::outside_round, Field::date));
  CHECK(verdict(row_with(Field::date, "2012-04-23"), options) == kAccepted);
  CHECK(verdict(row_with(Field::date, "2012-05-13"), options) == kAccepted);
  CHECK(verdict(row_with(Field::date, "2012-05-14"), options) == fails(Reason::outside_round, Field::date));
  options.participation = &participation;
  CHECK(verdict(row_with(Field::date, "2012-04-22"), options) == fails(Reason::outside_round, Field::date));
  CHECK(verdict(row_with(Field::date, "2012-04-23"), options) ==
        fails(Reason::outside_participation, Field::date));
  CHECK(verdict(row_with(Field::date, "2012-04-30"), options) == kAccepted);
  SUBCASE("a municipality that declared nothing has no weeks") {
    CHECK(verdict("219;2012-04-30" + good_row().substr(14), options) ==
          fails(Reason::outside_participation, Field::date));
  }
  SUBCASE("a participation holds without a round") {
    options.round = nullptr;
    CHECK(verdict(row_with(Field::date, "2012-04-23"), options) ==
          fails(Reason::outside_participation, Field::date));
  }
}

TEST_CASE("17 and 18: an event sent twice is counted once, and one with other content is a conflict") {
  const auto event = [](const std::string& id, const std::string& channel = "telephone") {
    return "657;2012-04-23;23.05.10;" + channel + ";new_case;incoming;;;1;kmd;;" + id + "\n";
  };
  std::vector<Seen> seen;
  const auto counted = tally(std::string{kHeader} + event("e1") + event("e1") + event("e1", "sms") +
                                 event("") + event("") + event("e2"),
                             {}, &seen);
  CHECK(counted.outcome.contacts == 4);
  CHECK(seen == std::vector<Seen>{{3, Reason::duplicate_event, Field::event_id},
                                  {4, Reason::conflicting_event, Field::event_id}});
  SUBCASE("a rejected row is not remembered") {
    seen.clear();
    tally(std::string{kHeader} + event("e1", "chat") + event("e1"), {}, &seen);
    CHECK(seen == std::vector<Seen>{{2, Reason::unknown_channel, Field::channel}});
  }
  SUBCASE("words that mean the same are the same content") {
    seen.clear();
    tally(std::string{kHeader} + event("e1", "Telefon") + event("e1", "tlf"), {}, &seen);
    CHECK(seen == std::vector<Seen>{{3, Reason::duplicate_event, Field::event_id}});
  }
}

TEST_CASE("rules are checked in the order of the reasons: the first that fails is the row's") {
  const auto round =
      parse_round("id = \"test\"\nweeks = [\"2012-W17\"]\npackage = [\"23.05.10\"]\n", "test.toml");
  Participation participation;
  participation.declare(*Municipality::from_code(219), "2012-W17"_week);
  CountOptions options;
  options.round = &round;
  options.participation = &participation;
  // Every field is wrong; each step mends the one that was named.
  std::vector<std::string> fields{"Atlantis",
                                  "2012-02-30",
                                  "flytning",
                                  "chat",
                                  "complaint",
                                  "both",
                                  "maybe",
                                  "maybe",
                                  "0",
                                  std::string(65, 'x'),
                                  std::string(65, 'x'),
                                  std::string(129, 'x')};
  const auto row = [&] {
    std::string out;
    for (const std::string& field : fields) out += (out.empty() ? "" : ";") + field;
    return out + "\n";
  };
  fields[11] = "070761-4285";
  CHECK(verdict(row(), options) == fails(Reason::personal_data, Field::event_id));
  fields[11] = std::string(129, 'x');
  struct Step {
    Reason reason;
    Field column;
    std::size_t mend;
    const char* with;
  };
  for (const Step& step :
       {Step{Reason::unknown_municipality, Field::municipality, 0, "657"},
        Step{Reason::bad_date, Field::date, 1, "2012-05-01"},
        Step{Reason::bad_kle, Field::kle, 2, "32.06.08"},
        Step{Reason::unknown_task, Field::kle, 2, "23.05.10"},
        Step{Reason::unknown_channel, Field::channel, 3, "sms"},
        Step{Reason::unknown_type, Field::type, 4, "guidance"},
        Step{Reason::unknown_direction, Field::direction, 5, "ind"},
        Step{Reason::unknown_closure, Field::closure, 6, ""}, Step{Reason::unknown_form, Field::form, 7, ""},
        Step{Reason::bad_count, Field::count, 8, "1"}, Step{Reason::bad_label, Field::source, 9, ""},
        Step{Reason::bad_label, Field::unit, 10, ""}, Step{Reason::bad_label, Field::event_id, 11, ""},
        Step{Reason::outside_round, Field::date, 1, "2012-04-23"},
        Step{Reason::outside_participation, Field::date, 0, "219"}}) {
    CHECK(verdict(row(), options) == fails(step.reason, step.column));
    fields[step.mend] = step.with;
  }
  CHECK(verdict(row(), options) == kAccepted);
}

TEST_CASE("malformed comes before bad_encoding, and bad_encoding before personal_data") {
  CHECK(tally(std::string{kHeader} + row_with(Field::unit, "ø") + "\xF8;070761-4285\n")
            .outcome.rejected_for(Reason::malformed) == 1);
  CHECK(tally(std::string{kHeader} + row_with(Field::unit, "ø") + row_with(Field::unit, "\xF8 070761-4285"))
            .outcome.rejected_for(Reason::bad_encoding) == 1);
}

TEST_CASE("the header says which columns are read") {
  const auto header = [](const std::string& line) { return [line] { tally(line + "\n1;2;3;4;5;6\n"); }; };
  CHECK_REFUSED(header("municipality;date;kle;channel;type")(), format, "week.csv", "direction", "retning");
  CHECK_REFUSED(header("date;kle;channel;type;direction")(), format, "municipality", "kommune");
  CHECK_REFUSED(header("municipality;kle;channel;type;direction")(), format, "week.csv", "date", "week");
  CHECK_REFUSED(header("municipality;date;kle;channel;kanal;type;direction")(), format, "channel", "kanal",
                "twice");
  CHECK_REFUSED(header("municipality;date;uge;week;kle;channel;type;direction")(), format, "week", "uge",
                "twice");
  SUBCASE("columns with other names are named, once, and masked") {
    const auto counted = tally("a;municipality;date;kle;channel;type;direction;a;Sagsnr. 070761-4285;\n");
    CHECK(counted.outcome.unread_columns == std::vector<std::string>{"a", "Sagsnr. ***********", ""});
  }
  SUBCASE("an unread date column beside week is named too") {
    CHECK(tally("municipality;date;week;kle;channel;type;direction\n").outcome.unread_columns ==
          std::vector<std::string>{"date"});
  }
}

TEST_CASE("a file with a header only has no rows, and that is no error") {
  const auto counted = tally(kHeader);
  CHECK(counted.outcome.rows_read == 0);
  CHECK(counted.cube.empty());
}

TEST_CASE("what is no registration file is refused in one sentence") {
  CHECK_REFUSED(tally(""), format, "week.csv", "empty", "header");
  CHECK_REFUSED(tally("\n\n"), format, "week.csv", "empty");
  CHECK_REFUSED(tally("\xEF\xBB\xBF"), format, "week.csv", "empty");
  CHECK_REFUSED(tally("\"municipality;date\n"), format, "week.csv", "quote");
  CHECK_REFUSED(tally(std::string_view{"\xFF\xFEm\0u\0", 6}), format, "week.csv", "UTF-16", "CSV UTF-8");
  CHECK_REFUSED(tally(std::string_view{"\xFE\xFF\0m\0u", 6}), format, "week.csv", "UTF-16", "CSV UTF-8");
}

TEST_CASE("the caller's encoding wins over a guess, and a byte order mark over the caller") {
  CountOptions options;
  options.encoding = Encoding::windows1252;
  const auto ae = row_with(Field::unit, "\xC6r\xF8");
  CHECK(tally(std::string{kHeader} + ae, options).cube.cells()[0].unit == "Ærø");
  const auto marked = tally("\xEF\xBB\xBF" + std::string{kHeader} + row_with(Field::unit, "Ærø"), options);
  CHECK(marked.outcome.encoding == "utf-8");
  CHECK(marked.cube.cells()[0].unit == "Ærø");
  SUBCASE("ascii under a named encoding is that encoding") {
    CHECK(tally(std::string{kHeader} + good_row(), options).outcome.encoding == "windows-1252");
  }
}

TEST_CASE("the first record beyond ASCII settles the encoding, the header and malformed rows included") {
  SUBCASE("the header") {
    const auto counted = tally(
        "municipality;date;kle;channel;type;direction;unit;S\xF8jle\n"
        "657;2012-04-23;23.05.10;sms;guidance;incoming;K\xF8ge;\n");
    CHECK(counted.outcome.encoding == "windows-1252");
    CHECK(counted.outcome.unread_columns == std::vector<std::string>{"Søjle"});
    CHECK(counted.cube.cells().at(0).unit == "Køge");
  }
  SUBCASE("a row with a wrong number of fields") {
    CHECK(tally(std::string{kHeader} + "\xF8\n" + good_row()).outcome.encoding == "windows-1252");
  }
  SUBCASE("but not a record that never closes") {
    CHECK(tally(std::string{kHeader} + row_with(Field::unit, "Ærø") + "\"\xF8").outcome.encoding == "utf-8");
    CHECK(tally(std::string{kHeader} + "\"\xF8\n" + row_with(Field::unit, "Ærø")).outcome.encoding ==
          "utf-8");
  }
}

TEST_CASE("a file whose rows beyond ASCII mostly contradict its encoding must have it named") {
  const std::string utf8 = row_with(Field::unit, "Ærø");
  const std::string windows = row_with(Field::unit, "\xC6r\xF8");
  CHECK(tally(std::string{kHeader} + utf8 + windows).outcome.rejected_for(Reason::bad_encoding) == 1);
  CHECK_REFUSED(tally(std::string{kHeader} + utf8 + windows + windows), format, "week.csv", "utf-8",
                "--encoding");
  CHECK_REFUSED(tally(std::string{kHeader} + windows + utf8 + utf8), format, "week.csv", "windows-1252",
                "--encoding");
  SUBCASE("malformed rows have no say") {
    CHECK(tally(std::string{kHeader} + utf8 + "\xC6\n\xC6\n\xC6\n").outcome.rejected_for(Reason::malformed) ==
          3);
  }
}

TEST_CASE("words and labels are read inside quotes, trimmed of no-break spaces") {
  const auto counted = tally(
      std::string{kHeader} +
      "\" 657 \";2012-04-23;23.05.10;\"\xC2\xA0Personligt fremmøde \";Ny sag;ind;;;1;;\"A \"\"B\"\"\";\n");
  REQUIRE(counted.outcome.rows_accepted == 1);
  CHECK(counted.cube.cells()[0].channel == Channel::in_person);
  CHECK(counted.cube.cells()[0].unit == "A \"B\"");
}

TEST_CASE("lines of rejected rows are those of the file") {
  std::vector<Seen> seen;
  tally("\n\n" + std::string{kHeader} + "\n" + row_with(Field::unit, "\"a\n\n\"") +
            row_with(Field::channel, "chat") + "\n\nx\n",
        {}, &seen);
  CHECK(seen == std::vector<Seen>{{5, Reason::bad_label, Field::unit},
                                  {8, Reason::unknown_channel, Field::channel},
                                  {11, Reason::malformed, std::nullopt}});
}

TEST_CASE("the reject file says which row, why, and what was read") {
  const test::Folder folder;
  const std::string in =
      folder.file("week.csv",
                  "note;kommune;dato;kle;kanal;type;direction;unit;event_id\n"
                  "x;657;2012-04-23;23.05.10;chat;guidance;incoming; Skranke ;e1\n"
                  "x;657;2012-04-23\n"
                  "x;657;2012-04-23;23.05.10;sms;guidance;incoming;ring til 070761-4285;e2\n"
                  "x;657;2012-04-23;23.05.10;=1+1;guidance;incoming;\"a;\"\"b\"\"\";+e3\n"
                  "x;657;2012-04-23;23.05.10;sms;guidance;incoming;S\xF8;e4\n"
                  "x;657;2012-04-23;23.05.10;  @x;guidance;incoming;-\xF8;\"=\n\"\n");
  CountOptions options;
  options.rejects = folder / "rejects.csv";
  const auto counted = count_files(std::vector{in}, options);
  CHECK(counted.outcome.rows_accepted == 1);
  CHECK(test::read(options.rejects) ==
        "line;reason;column;file;municipality;date;kle;channel;type;direction;unit;event_id\n"
        "2;unknown_channel;channel;" +
            in +
            ";657;2012-04-23;23.05.10;chat;guidance;incoming;Skranke;e1\n"
            "3;malformed;;" +
            in +
            ";;;;;;;;\n"
            "4;personal_data;unit;" +
            in +
            ";657;2012-04-23;23.05.10;sms;guidance;incoming;ring til ***********;e2\n"
            "5;unknown_channel;channel;" +
            in +
            ";657;2012-04-23;23.05.10;'=1+1;guidance;incoming;\"a;\"\"b\"\"\";'+e3\n"
            "7;unknown_channel;channel;" +
            in + ";657;2012-04-23;23.05.10;'@x;guidance;incoming;'-ø;\"'=\n\"\n");
  CHECK(folder.names() == std::vector<std::string>{"rejects.csv", "week.csv"});
}

TEST_CASE("a reject file whose rows were put right is counted as the rows it came from would have been") {
  const test::Folder folder;
  const std::string bad = "657;2012-04-23;23.05.10;chat;guidance;incoming\n";
  const std::string in =
      folder.file("a.csv", std::string{"kommune;dato;kle;kanal;type;retning\n"} + bad + bad);
  CountOptions options;
  options.rejects = folder / "rejects.csv";
  (void)count_files(std::vector{in}, options);
  std::string mended = test::read(options.rejects);
  for (std::size_t at = 0; (at = mended.find(";chat;", at)) != std::string::npos;)
    mended.replace(at, 6, ";sms;");
  const auto counted = count_files(std::vector{folder.file("mended.csv", mended)}, {});
  CHECK(counted.outcome.rows_accepted == 2);
  CHECK(counted.cube.cells().front().week == "2012-W17"_week);
}

TEST_CASE("a reject file has the columns that any of the files has, and no other") {
  const test::Folder folder;
  const std::string start = "municipality;kle;channel;type;direction;";
  const std::vector files{
      folder.file("a.csv", start + "date\n657;23.05.10;x;guidance;incoming;2012-04-23\n"),
      folder.file("b.csv", start + "week;unit\n657;23.05.10;x;guidance;incoming;2012-W17;U\n")};
  CountOptions options;
  options.rejects = folder / "rejects.csv";
  (void)count_files(files, options);
  CHECK(test::read(options.rejects) ==
        "line;reason;column;file;municipality;date;week;kle;channel;type;direction;unit\n"
        "2;unknown_channel;channel;" +
            files[0] +
            ";657;2012-04-23;;23.05.10;x;guidance;incoming;\n"
            "2;unknown_channel;channel;" +
            files[1] + ";657;;2012-W17;23.05.10;x;guidance;incoming;U\n");
}

TEST_CASE("a CPR number in a file's name is masked in the reject file and in errors") {
  const test::Folder folder;
  const std::string in = folder.file("sag 070761-4285.csv", std::string{kHeader} + "x\n");
  CountOptions options;
  options.rejects = folder / "rejects.csv";
  (void)count_files(std::vector{in}, options);
  CHECK(test::read(options.rejects).find("070761") == std::string::npos);
  CHECK(test::read(options.rejects).find("***********.csv") != std::string::npos);
  const auto refused = test::refusal([&] { (void)count_bytes(test::source(""), "070761-4285.csv"); });
  REQUIRE(refused);
  CHECK(refused->sentence.find("070761") == std::string::npos);
}

TEST_CASE("on_reject gives masked texts of the fields that were read") {
  CountOptions options;
  int calls = 0;
  options.on_reject = [&](const Reject& reject) {
    ++calls;
    CHECK(reject.file == "week.csv");
    CHECK(reject.fields[slot(Field::unit)] == "***********");
    CHECK(reject.fields[slot(Field::municipality)] == "657");
    CHECK_FALSE(reject.fields[slot(Field::week)]);
  };
  (void)count_bytes(test::source(std::string{kHeader} + row_with(Field::unit, "070761-4285")), "week.csv",
                    options);
  CHECK(calls == 1);
}

TEST_CASE("several files are one count: duplicates are found across them") {
  const test::Folder folder;
  const std::string event = row_with(Field::event_id, "e1");
  const std::vector files{folder.file("a.csv", std::string{kHeader} + event + good_row()),
                          folder.file("b.csv", "\xEF\xBB\xBF" + std::string{kHeader} + event + good_row())};
  std::vector<std::string> where;
  CountOptions options;
  options.on_reject = [&](const Reject& reject) { where.emplace_back(reject.file); };
  const auto counted = count_files(files, options);
  CHECK(counted.outcome.rejected_for(Reason::duplicate_event) == 1);
  CHECK(counted.outcome.rows_accepted == 3);
  CHECK(where == std::vector{files[1]});
  CHECK(counted.outcome.encoding == "mixed");
  SUBCASE("the same file twice is allowed and noted, and its rows without an id count twice") {
    const auto twice = count_files(std::vector{files[0], files[0]}, {});
    CHECK(counted.outcome.notes.empty());
    REQUIRE(twice.outcome.notes.size() == 1);
    CHECK(twice.outcome.notes.front().find("named twice") != std::string::npos);
    CHECK(twice.outcome.contacts == 3);
    CHECK(twice.outcome.encoding == "ascii");
  }
}

TEST_CASE("counting halves and merging gives the cube of the whole") {
  const std::string first = row_with(Field::channel, "sms") + good_row();
  const std::string second = good_row() + row_with(Field::count, "5");
  auto merged = tally(std::string{kHeader} + first).cube;
  merged.merge(tally(std::string{kHeader} + second).cube);
  CHECK(merged == tally(std::string{kHeader} + first + second).cube);
}

TEST_CASE("a file that cannot be read is an error in one sentence, and the reject file stays as it was") {
  const test::Folder folder;
  const std::string good = folder.file("good.csv", std::string{kHeader} + "x\n");
  CountOptions options;
  options.rejects = folder.file("rejects.csv", "kept");
  const auto counting = [&](const std::string& path) {
    return count_files(std::vector{good, path}, options);
  };
  CHECK_REFUSED(counting(folder / "missing.csv"), file, "missing.csv", "does not exist");
  CHECK_REFUSED(counting(folder / ""), file, "directory");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK_REFUSED(counting(folder / "pipe"), file, "pipe");
  CHECK_REFUSED(counting("/dev/null"), file, "/dev/null", "not a regular file");
  CHECK_REFUSED(counting(good + "/below"), file, "directory");
  CHECK_REFUSED(counting(""), argument, "empty");
  CHECK_REFUSED(counting(folder.file("empty.csv", "")), format, "empty.csv", "empty");
  CHECK_REFUSED(counting(folder.file("utf16.csv", "\xFF\xFE")), format, "utf16.csv", "UTF-16");
  CHECK_REFUSED(count_files({}, options), argument, "no file");
  CHECK(test::read(options.rejects) == "kept");
  for (const std::string& name : folder.names()) CHECK(name.find(".part") == std::string::npos);
}

TEST_CASE("the reject file may be none of the files that are read, under no name") {
  const test::Folder folder;
  const std::string in = folder.file("week.csv", std::string{kHeader} + good_row());
  CountOptions options;
  options.rejects = in;
  CHECK_REFUSED(count_files(std::vector{in}, options), argument, "week.csv", "read");
  options.rejects = folder / "link.csv";
  std::filesystem::create_symlink(in, options.rejects);
  CHECK_REFUSED(count_files(std::vector{in}, options), argument, "link.csv", "read");
  options.rejects = folder / "./week.csv";
  CHECK_REFUSED(count_files(std::vector{in}, options), argument, "week.csv", "read");
  CHECK(test::read(in) == std::string{kHeader} + good_row());
}

TEST_CASE("a reject file that cannot be written stops the call before a row is read") {
  const test::Folder folder;
  const std::string in = folder.file("week.csv", std::string{kHeader} + good_row());
  CountOptions options;
  options.rejects = folder / "no/such/rejects.csv";
  CHECK_REFUSED(count_files(std::vector{in}, options), file, "rejects.csv", "directory");
  options.rejects = folder / "";
  CHECK_REFUSED(count_files(std::vector{in}, options), file, "is a directory");
}

TEST_CASE("progress reaches the size of all files, and false stops the call with nothing kept") {
  const test::Folder folder;
  const std::string body = std::string{kHeader} + test::repeated(good_row(), 20'000);
  const std::vector files{folder.file("a.csv", body), folder.file("b.csv", body)};
  CountOptions options;
  options.rejects = folder / "rejects.csv";
  std::int64_t last = 0;
  int calls = 0;
  options.progress = [&](std::int64_t done, std::int64_t total) {
    CHECK(total == static_cast<std::int64_t>(2 * body.size()));
    CHECK(done >= last);
    last = done;
    return ++calls > 0;
  };
  (void)count_files(files, options);
  CHECK(last == static_cast<std::int64_t>(2 * body.size()));
  CHECK(calls >= static_cast<int>(2 * body.size() / 262'144));
  std::filesystem::remove(options.rejects);
  options.progress = [](std::int64_t done, std::int64_t) { return done < 300'000; };
  CHECK_REFUSED(count_files(files, options), cancelled, "stopped");
  CHECK(folder.names() == std::vector<std::string>{"a.csv", "b.csv"});
}

TEST_CASE("what a source of bytes throws passes through") {
  CHECK_THROWS_AS(
      (void)count_bytes([](char*, std::size_t) -> std::size_t { throw std::runtime_error{"broken"}; }, "x"),
      std::runtime_error);
}

TEST_CASE("the cube and the outcome remember the round") {
  const auto round = *builtin_round("2012-spring");
  CountOptions options;
  options.round = &round;
  const auto counted = tally(std::string{kHeader} + good_row(), options);
  CHECK(counted.outcome.round == "2012-spring");
  REQUIRE(counted.cube.rounds().size() == 1);
  CHECK(counted.cube.rounds()[0] == round);
}
