#include <doctest/doctest.h>

#include "dates.hpp"
#include "komhen/registration/profile.hpp"
#include "komhen/tally/count.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

constexpr const char* kRest = R"(
[type]
value = "new_case"
[direction]
value = "incoming"
)";

/// A profile of tickets; tests replace one table.
std::string profile_text(const std::string& channel = "column = \"Channel\"\n",
                         const std::string& date = "column = \"Created\"\n",
                         const std::string& kle = "value = \"23.05.10\"\n", const std::string& top = "") {
  return top + "[municipality]\nvalue = 101\n[date]\n" + date + "[kle]\n" + kle + "[channel]\n" + channel +
         kRest;
}

Profile parse(const std::string& text) {
  return parse_profile(text, "own.toml");
}

Counted counted(const std::string& profile, std::string_view file, const Round* round = nullptr) {
  const Profile parsed = parse(profile);
  CountOptions options;
  options.profile = &parsed;
  options.round = round;
  return count_bytes(test::source(file), "tickets.csv", options);
}

std::string week_of(const std::string& format, const std::string& text) {
  const auto day = detail::parse_date(text, format);
  if (!day) return "none";
  const std::chrono::year_month_day ymd{*day};
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", int{ymd.year()}, unsigned{ymd.month()},
                unsigned{ymd.day()});
  return out;
}

}  // namespace

TEST_CASE("a profile maps the columns of another file, and its values hold on every row") {
  const auto result = counted(profile_text("column = \"Channel\"\nwords = { PHONE = \"telephone\", ONLINE = "
                                           "\"self_service\" }\notherwise = \"reject\"\n",
                                           "column = \"Created Date\"\nformat = \"%m/%d/%Y %I:%M:%S %p\"\n"),
                              "Key,Created Date,Channel\n"
                              "1,04/23/2012 10:58:54 AM,PHONE\n"
                              "2,04/23/2012 12:00:00 AM, ONLINE \n"
                              "3,04/23/2012 12:00:00 PM,phone\n"
                              "4,04/23/2012 12:00:00 PM,telephone\n"
                              "5,23/04/2012 12:00:00 PM,PHONE\n");
  CHECK(result.outcome.rows_accepted == 2);
  CHECK(result.outcome.rejected_for(Reason::unknown_channel) == 2);
  CHECK(result.outcome.rejected_for(Reason::bad_date) == 1);
  CHECK(result.outcome.unread_columns == std::vector<std::string>{"Key"});
  const auto cells = result.cube.cells();
  REQUIRE(cells.size() == 2);
  CHECK(cells[0].municipality.code() == 101);
  CHECK(cells[0].task == "23.05.10"_kle);
  CHECK(cells[0].week == "2012-W17"_week);
  CHECK(cells[0].channel == Channel::telephone);
  CHECK(cells[1].channel == Channel::self_service);
}

TEST_CASE("a word that is not in words is read as in an exchange file, or becomes what otherwise says") {
  const std::string file = "Created;Channel\n2012-04-23;APP\n2012-04-23;Brev\n2012-04-23;chat\n2012-04-23;\n";
  const auto channels = [&](const std::string& rule) {
    std::string out;
    for (const Registration& cell : counted(profile_text(rule), file).cube.cells())
      out += std::string{token(cell.channel)} + " " + std::to_string(cell.count) + ", ";
    return out;
  };
  CHECK(channels("column = \"Channel\"\nwords = { APP = \"self_service\" }\n") ==
        "letter 1, self_service 1, ");
  CHECK(channels("column = \"Channel\"\nwords = { APP = \"self_service\" }\notherwise = \"reject\"\n") ==
        "self_service 1, ");
  CHECK(channels("column = \"Channel\"\nwords = { APP = \"self_service\" }\notherwise = \"email\"\n") ==
        "email 3, self_service 1, ");
  CHECK(channels("column = \"Channel\"\notherwise = \"email\"\n") == "email 4, ");
  CHECK(channels("column = \"Channel\"\nwords = { \" APP \" = \"sms\", \"\" = \"telephone\" }\n") ==
        "telephone 1, letter 1, sms 1, ");
}

TEST_CASE("only dimensions with a table are read") {
  const auto result =
      counted(profile_text(), "Created;Channel;count;unit;closure\n2012-04-23;sms;7;Skranke;closed\n");
  const auto cell = result.cube.cells().at(0);
  CHECK(cell.count == 1);
  CHECK(cell.unit.empty());
  CHECK(cell.closure == Closure::not_stated);
  CHECK(result.outcome.unread_columns == std::vector<std::string>{"count", "unit", "closure"});
}

TEST_CASE("every dimension can have a value or a column") {
  const auto result =
      counted(profile_text() +
                  "[closure]\nvalue = \"closed\"\n[form]\ncolumn = \"F\"\nwords = { ja = \"paper\" "
                  "}\n[count]\ncolumn = \"N\"\n"
                  "[source]\nvalue = \"crm\"\n[unit]\ncolumn = \"Office\"\nwords = { \"1\" = \"Skranke\" "
                  "}\n[event_id]\ncolumn = \"Id\"\n",
              "Created;Channel;F;N;Office;Id\n2012-04-23;sms;ja;7;1;e1\n2012-04-23;sms;ja;7;1;e1\n");
  CHECK(result.outcome.rejected_for(Reason::duplicate_event) == 1);
  auto expected = test::contact();
  expected.municipality = *Municipality::from_code(101);
  expected.channel = Channel::sms;
  expected.closure = Closure::closed;
  expected.form = AttachedForm::paper;
  expected.source = "crm";
  expected.unit = "Skranke";
  expected.count = 7;
  CHECK(result.cube.cells() == std::vector{expected});
}

TEST_CASE("a task that a profile gives is held against the round's package as a column is") {
  const auto round =
      parse_round("id = \"own\"\nweeks = [\"2012-W17\"]\npackage = [\"32.06.08\"]\n", "own.toml");
  const auto result = counted(profile_text(), "Created;Channel\n2012-04-23;sms\n", &round);
  CHECK(result.outcome.rejected_for(Reason::unknown_task) == 1);
}

TEST_CASE("a profile's delimiter and encoding win over what the file looks like") {
  const auto piped = counted(profile_text("column = \"Channel\"\n", "column = \"Created\"\n",
                                          "value = \"23.05.10\"\n", "delimiter = \"|\"\n"),
                             "Created|Channel|a;b;c;d\n2012-04-23|sms|x\n");
  CHECK(piped.outcome.rows_accepted == 1);
  const auto windows = counted(profile_text("column = \"Kanal \xC3\xB8\"\n", "column = \"Created\"\n",
                                            "value = \"23.05.10\"\n", "encoding = \"latin-1\"\n"),
                               "Created;Kanal \xF8\n2012-04-23;Personligt fremm\xF8"
                               "de\n");
  CHECK(windows.outcome.rows_accepted == 1);
  CHECK(windows.outcome.encoding == "windows-1252");
}

TEST_CASE("a column that the file does not have, or has twice, is an error that names it") {
  CHECK_REFUSED(counted(profile_text("column = \"Kanal\"\n"), "Created;Channel\n"), format, "tickets.csv",
                "'Kanal'", "own.toml", "channel");
  CHECK_REFUSED(counted(profile_text("column = \"channel\"\n"), "Created;Channel\n"), format,
                "'channel'");  // as it stands
  CHECK_REFUSED(counted(profile_text(), "Created;Channel;Channel\n"), format, "'Channel'", "twice");
}

TEST_CASE("a column may feed two dimensions") {
  const auto result = counted(
      profile_text("column = \"Kind\"\nwords = { T = \"telephone\" }\n") + "[unit]\ncolumn = \"Kind\"\n",
      "Created;Kind\n2012-04-23;T\n");
  CHECK(result.cube.cells().at(0).unit == "T");
}

TEST_CASE("week wins over date in a profile too") {
  const auto result =
      counted(profile_text() + "[week]\ncolumn = \"W\"\n", "Created;Channel;W\nx;sms;2012-W18\n");
  CHECK(result.cube.cells().at(0).week == "2012-W18"_week);
}

TEST_CASE("every complaint about a profile names file, key and value") {
  CHECK_REFUSED(parse(profile_text() + "[chanel]\nvalue = \"sms\"\n"), format, "own.toml", "'chanel'",
                "channel");
  CHECK_REFUSED(parse(profile_text("colum = \"x\"\n")), format, "own.toml", "'channel.colum'", "column");
  CHECK_REFUSED(parse(profile_text("column = \"x\"\nvalue = \"sms\"\n")), format, "own.toml",
                "'channel.value'");
  CHECK_REFUSED(parse(profile_text("words = { a = \"sms\" }\n")), format, "own.toml", "'channel.column'",
                "missing");
  CHECK_REFUSED(parse(profile_text("value = \"chat\"\n")), format, "own.toml", "'channel.value'", "'chat'",
                "channel");
  CHECK_REFUSED(parse(profile_text("column = \"x\"\nwords = { a = \"chat\" }\n")), format, "own.toml",
                "'channel.words.a'", "'chat'");
  CHECK_REFUSED(parse(profile_text("column = \"x\"\nwords = { a = true }\n")), format, "own.toml",
                "'channel.words.a'");
  CHECK_REFUSED(parse(profile_text("column = \"x\"\nwords = { a = \"sms\", \" a\" = \"sms\" }\n")), format,
                "own.toml", "words", "twice");
  CHECK_REFUSED(parse(profile_text("column = \"x\"\notherwise = \"chat\"\n")), format, "own.toml",
                "'channel.otherwise'", "'chat'");
  CHECK_REFUSED(parse(profile_text("column = \"x\"\notherwise = \"reject\"\n")), format, "own.toml",
                "'channel.otherwise'", "words");
  CHECK_REFUSED(parse(profile_text("value = \"sms\"\nwords = { a = \"sms\" }\n")), format, "own.toml",
                "'channel.words'", "value");
  CHECK_REFUSED(parse(profile_text("column = \"x\"\nformat = \"%Y\"\n")), format, "own.toml",
                "'channel.format'");
  CHECK_REFUSED(parse(profile_text("column = 1\n")), format, "own.toml", "'channel.column'", "text");
  CHECK_REFUSED(parse(profile_text("value = \"070761-4285\"\n")), format, "own.toml", "'channel.value'",
                "CPR");
  CHECK_REFUSED(parse(profile_text() + "[source]\nvalue = \"070761-4285\"\n"), format, "'source.value'",
                "CPR");
  CHECK_REFUSED(parse(profile_text() + "[event_id]\ncolumn = \"x\"\nwords = { a = \"b\" }\n"), format,
                "'event_id.words'");
  CHECK_REFUSED(parse("channel = \"sms\"\n" + profile_text()), format, "own.toml");
  CHECK_REFUSED(parse("delimiter = \"ab\"\n" + profile_text()), format, "own.toml", "'delimiter'", "'ab'");
  CHECK_REFUSED(parse("delimiter = \"\\\"\"\n" + profile_text()), format, "own.toml", "'delimiter'");
  CHECK_REFUSED(parse("delimiter = \"ø\"\n" + profile_text()), format, "own.toml", "'delimiter'");
  CHECK_REFUSED(parse("encoding = \"utf-16\"\n" + profile_text()), format, "own.toml", "'encoding'",
                "'utf-16'", "windows-1252");
  CHECK_REFUSED(parse("[kle]\nvalue = \"23.05.10\"\n"), format, "own.toml", "'municipality'", "missing");
  CHECK_REFUSED(
      parse("[municipality]\nvalue = 101\n[kle]\nvalue = \"23.05.10\"\n[channel]\nvalue = \"sms\"\n" +
            std::string{kRest}),
      format, "own.toml", "'date'", "week");
  CHECK_REFUSED(parse(profile_text("column = \"x\"\n", "column = \"x\"\nformat = \"%Y-%Q-%d\"\n")), format,
                "own.toml", "'date.format'", "%Q");
  CHECK_REFUSED(parse(profile_text("column = \"x\"\n", "column = \"x\"\nformat = \"%Y-%m\"\n")), format,
                "own.toml", "'date.format'", "day");
  CHECK_REFUSED(parse(profile_text("column = \"x\"\n", "column = \"x\"\nformat = \"%F %\"\n")), format,
                "own.toml", "'date.format'", "%");
  CHECK_REFUSED(parse(profile_text("column = \"x\"\n", "value = \"2012-02-30\"\n")), format, "own.toml",
                "'date.value'", "'2012-02-30'");
}

TEST_CASE("a date format is read to the end of the field") {
  CHECK(week_of("%m/%d/%Y %I:%M:%S %p", "06/26/2018 10:58:54 AM") == "2018-06-26");
  CHECK(week_of("%m/%d/%Y", "06/26/2018 10:58:54 AM") == "none");
  CHECK(week_of("%F", "2012-04-23") == "2012-04-23");
  CHECK(week_of("%F", "2012-04-23x") == "none");
  CHECK(week_of("%F", "2012-02-30") == "none");
  CHECK(week_of("%d.%m.%y", "23.04.12") == "2012-04-23");
  CHECK(week_of("%d.%m.%y", "23.04.68") == "2068-04-23");
  CHECK(week_of("%d.%m.%y", "23.04.69") == "1969-04-23");
  CHECK(week_of("%e. %B %Y", "3. April 2012") == "2012-04-03");
  CHECK(week_of("%d %b %Y", "23 Apr 2012") == "2012-04-23");
  CHECK(week_of("%Y %j", "2012 366") == "2012-12-31");
  CHECK(week_of("%D %R", "04/23/12 23:59") == "2012-04-23");
  CHECK(week_of("%FT%T", "2012-04-23T23:59:59") == "2012-04-23");
  CHECK(week_of("%F%%", "2012-04-23%") == "2012-04-23");
  CHECK(week_of("%F", "") == "none");
  CHECK(week_of("%F", std::string(200, '1')) == "none");
}

TEST_CASE("a moment with %z becomes its day in Copenhagen, in summer and winter") {
  CHECK(week_of("%FT%T%z", "2012-04-29T21:59:59+0000") == "2012-04-29");
  CHECK(week_of("%FT%T%z", "2012-04-29T22:00:00+0000") == "2012-04-30");
  CHECK(week_of("%FT%T%z", "2012-04-30T00:30:00+0200") == "2012-04-30");
  CHECK(week_of("%FT%T%z", "2012-12-30T22:59:59+0000") == "2012-12-30");
  CHECK(week_of("%FT%T%z", "2012-12-30T23:00:00+0000") == "2012-12-31");
  CHECK(week_of("%FT%T%z", "2012-04-29T18:00:00-0400") == "2012-04-30");
  SUBCASE("summer time begins and ends at 01:00 UTC on the last Sundays of March and October") {
    CHECK(week_of("%FT%T%z", "2012-03-24T22:30:00+0000") == "2012-03-24");
    CHECK(week_of("%FT%T%z", "2012-03-25T22:30:00+0000") == "2012-03-26");
    CHECK(week_of("%FT%T%z", "2012-10-27T22:30:00+0000") == "2012-10-28");
    CHECK(week_of("%FT%T%z", "2012-10-28T22:30:00+0000") == "2012-10-28");
    CHECK(week_of("%FT%T%z", "1995-09-30T22:30:00+0000") ==
          "1995-09-30");  // until 1995 it ended in September
    CHECK(week_of("%FT%T%z", "1996-09-30T22:30:00+0000") == "1996-10-01");
  }
}

TEST_CASE("a profile is loaded from a file") {
  const test::Folder folder;
  CHECK(load_profile(folder.file("own.toml", profile_text())).rule(Field::channel)->column == "Channel");
  CHECK_REFUSED(load_profile(folder / "missing.toml"), file, "missing.toml");
  CHECK_REFUSED(load_profile(folder.file("bad.toml", "[")), format, "bad.toml", "line 1");
}

TEST_CASE("the New York 311 calls of 2018 and 2019 are counted with the example profile") {
  const std::string root = KOMHEN_SOURCE_DIR;
  const std::string profile_path = root + "/examples/profiles/nyc311.toml";
  const std::string data = root + "/../shared/data/real/nyc311_2018_2019.csv";
  if (!std::filesystem::exists(profile_path) || !std::filesystem::exists(data)) {
    MESSAGE("skipped: the profile or the data is not here");
    return;
  }
  const Profile profile = load_profile(profile_path);
  CountOptions options;
  options.profile = &profile;
  const auto result = count_files(std::vector{data}, options);
  CHECK(result.outcome.rows_read > 0);
  CHECK(result.outcome.rows_read == result.outcome.rows_accepted + result.outcome.rows_rejected());
  CHECK(result.outcome.rejected_for(Reason::malformed) == 0);
  CHECK(result.outcome.rejected_for(Reason::bad_date) == 0);
}

TEST_CASE("a profile made by hand is held to the same as one that was read") {
  const auto count = [](auto change) {
    Profile profile;
    profile.name = "by hand";
    const auto give = [&](Field field, const char* value) {
      profile.rules[slot(field)].emplace().value = value;
    };
    give(Field::municipality, "657");
    give(Field::date, "2012-04-23");
    give(Field::kle, "23.05.10");
    give(Field::channel, "telephone");
    give(Field::type, "new_case");
    give(Field::direction, "incoming");
    change(profile);
    return count_bytes(test::source("a;b\n1;2\n"), "file", {.profile = &profile}).outcome.contacts;
  };
  CHECK(count([](Profile&) {}) == 1);
  CHECK_REFUSED(count([](Profile& p) { p.rules = {}; }), argument, "'by hand'", "municipality");
  CHECK_REFUSED(count([](Profile& p) { p.rules[slot(Field::date)].reset(); }), argument, "'by hand'", "date");
  CHECK_REFUSED(count([](Profile& p) { p.rules[slot(Field::kle)]->value.reset(); }), argument, "'by hand'",
                "kle");
  CHECK_REFUSED(count([](Profile& p) { p.rules[slot(Field::municipality)]->value = "Atlantis"; }), argument,
                "'by hand'", "municipality", "'Atlantis'");
}
