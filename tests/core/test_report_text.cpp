#include <doctest/doctest.h>

#include "komhen/report/text.hpp"
#include "test_support.hpp"

using namespace komhen;
using test::Ask;
using test::measured;

namespace {

Cube week() {
  Cube cube;
  auto contact = test::contact();
  contact.closure = Closure::closed;
  contact.form = AttachedForm::paper;
  contact.count = 2;
  cube.add(contact);
  contact.channel = Channel::self_service;
  contact.form = AttachedForm::digital;
  contact.count = 1;
  cube.add(contact);
  contact.type = ContactType::guidance;
  contact.form = AttachedForm::none;
  contact.closure = Closure::not_stated;
  contact.unit = "=Skranke \"3\"";
  cube.add(contact);
  return cube;
}

}  // namespace

TEST_CASE("an outcome as JSON names every reason") {
  Outcome outcome;
  outcome.rows_read = 5;
  outcome.rows_accepted = 3;
  outcome.contacts = 9007199254740993;
  outcome.rejected[static_cast<std::size_t>(Reason::bad_date)] = 2;
  CHECK(
      to_json(outcome) ==
      R"({"rows_read":5,"rows_accepted":3,"contacts":9007199254740993,"rejected":{"malformed":0,"bad_encoding":0,)"
      R"("personal_data":0,"unknown_municipality":0,"bad_date":2,"bad_kle":0,"unknown_task":0,"unknown_channel":0,)"
      R"("unknown_type":0,"unknown_direction":0,"unknown_closure":0,"unknown_form":0,"bad_count":0,"bad_label":0,)"
      R"("outside_round":0,"outside_participation":0,"duplicate_event":0,"conflicting_event":0},"encoding":"ascii",)"
      R"("round":null,"unread_columns":[]})");
  outcome.round = "2012-spring";
  outcome.encoding = "utf-8";
  outcome.unread_columns = {"a", "Sø \"x\"\t"};
  CHECK(to_json(outcome).ends_with(
      R"("encoding":"utf-8","round":"2012-spring","unread_columns":["a","Sø \"x\"\u0009"]})"));
}

TEST_CASE("contacts as JSON are whole numbers") {
  CHECK(to_json(measured(week(), {})) ==
        R"({"measure":"contacts","by":[],"tasks":"all","scheme":"kl-2012","rows":[{"contacts":4}]})");
  CHECK(
      to_json(measured(week(), {.by = {Dimension::municipality, Dimension::week, Dimension::channel}})) ==
      R"({"measure":"contacts","by":["municipality","week","channel"],"tasks":"all","scheme":"kl-2012","rows":[)"
      R"({"municipality":657,"week":"2012-W17","channel":"telephone","contacts":2},)"
      R"({"municipality":657,"week":"2012-W17","channel":"self_service","contacts":2}]})");
  CHECK(to_json(measured(Cube{}, {})) ==
        R"({"measure":"contacts","by":[],"tasks":"all","scheme":"kl-2012","rows":[]})");
}

TEST_CASE("a share as JSON is two whole numbers and a text of six decimals, or null") {
  CHECK(
      to_json(measured(week(), {.measure = Measure::self_service, .by = {Dimension::group}})) ==
      R"({"measure":"self_service","by":["group"],"tasks":"all","scheme":"kl-2012","basis":"application","rows":[)"
      R"({"group":"application","numerator":1,"denominator":3,"share":"0.333333"},)"
      R"({"group":"information","numerator":0,"denominator":0,"share":null}]})");
  CHECK(to_json(measured(
            week(), {.measure = Measure::digital, .by = {Dimension::direction}, .set = DigitalSet::broad})) ==
        R"({"measure":"digital","by":["direction"],"tasks":"all","scheme":"kl-2012","set":"broad","rows":[)"
        R"({"direction":"incoming","numerator":2,"denominator":4,"share":"0.500000"}]})");
  CHECK(to_json(measured(week(), {.measure = Measure::first_contact_closure})) ==
        R"({"measure":"first_contact_closure","by":[],"tasks":"all","scheme":"kl-2012","rows":[)"
        R"({"numerator":3,"denominator":3,"share":"1.000000","not_stated":1}]})");
  CHECK(to_json(measured(week(), {.measure = Measure::form_share})) ==
        R"({"measure":"form_share","by":[],"tasks":"all","scheme":"kl-2012","rows":[)"
        R"({"numerator":3,"denominator":4,"share":"0.750000","paper":2,"digital":1,"not_stated":0,)"
        R"("paper_share":"0.500000","digital_share":"0.250000"}]})");
}

TEST_CASE("CSV is comma-separated with LF, one header row, and a missing share is empty") {
  CHECK(to_csv(measured(week(), {.by = {Dimension::channel}})) ==
        "channel,contacts\ntelephone,2\nself_service,2\n");
  CHECK(to_csv(measured(week(), {.measure = Measure::self_service, .by = {Dimension::group}})) ==
        "group,numerator,denominator,share\napplication,1,3,0.333333\ninformation,0,0,\n");
  CHECK(to_csv(measured(week(), {.measure = Measure::first_contact_closure})) ==
        "numerator,denominator,share,not_stated\n3,3,1.000000,1\n");
  CHECK(to_csv(measured(week(), {.measure = Measure::form_share})) ==
        "numerator,denominator,share,paper,digital,not_stated,paper_share,digital_share\n3,4,0.750000,2,1,0,"
        "0.500000,0.250000\n");
}

TEST_CASE("a label that a spreadsheet could take for a formula is made text in CSV, and left alone in JSON") {
  const auto units = measured(week(), {.by = {Dimension::unit}});
  CHECK(to_csv(units) == "unit,contacts\n,3\n\"'=Skranke \"\"3\"\"\",1\n");
  CHECK(to_json(units).find(R"("unit":"=Skranke \"3\"")") != std::string::npos);
  for (const char* text : {"+45 1", "-x", "@x", " =x", "=cmd|' /C calc'!A0"}) {
    Cube cube;
    auto contact = test::contact();
    contact.unit = text;
    cube.add(contact);
    CAPTURE(std::string{text});
    const std::string csv = to_csv(measured(cube, {.by = {Dimension::unit}}));
    CHECK(csv.find(std::string{"'"} + text) != std::string::npos);
  }
}

TEST_CASE("JSON text escapes what it must, and nothing else") {
  using detail::json_text;
  CHECK(json_text("") == R"("")");
  CHECK(json_text("æøå €") == "\"æøå €\"");
  CHECK(json_text("a\"b\\c/d") == R"("a\"b\\c/d")");
  CHECK(json_text(std::string_view{"\0\t\n\r\x1F\x7F", 6}) == R"("\u0000\u0009\u000a\u000d\u001f\u007f")");
}

TEST_CASE("a comparison as text has both sides, the exact change and the printed one") {
  Cube before;
  Cube after;
  auto contact = test::contact();
  const auto add = [&](Cube& cube, Channel channel, std::int64_t count) {
    contact.channel = channel;
    contact.count = count;
    cube.add(contact);
  };
  add(before, Channel::telephone, 624);
  add(before, Channel::self_service, 376);
  add(after, Channel::telephone, 446);
  add(after, Channel::self_service, 554);
  contact.task = "32.06.08"_kle;
  add(after, Channel::self_service, 1);
  const auto comparison =
      compare(before, after, Ask{.measure = Measure::self_service, .by = {Dimension::task}});
  CHECK(
      to_json(comparison) ==
      R"({"measure":"self_service","by":["task"],"tasks":"all","scheme_before":"kl-2012","scheme_after":"kl-2012","warnings":[],"rows":[)"
      R"({"task":"23.05.10","before":{"numerator":376,"denominator":1000,"share":"0.376000"},)"
      R"("after":{"numerator":554,"denominator":1000,"share":"0.554000"},"change":"17.800000","printed_change":18},)"
      R"({"task":"32.06.08","before":null,"after":{"numerator":1,"denominator":1,"share":"1.000000"},"change":null,"printed_change":null}]})");
  CHECK(to_csv(comparison) ==
        "task,before_numerator,before_denominator,after_numerator,after_denominator,change,printed_change\n"
        "23.05.10,376,1000,554,1000,17.800000,18\n"
        "32.06.08,,,1,1,,\n");
}
