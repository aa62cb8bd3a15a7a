#include <doctest/doctest.h>

#include <filesystem>

#include "komhen/cost/business_case.hpp"
#include "komhen/report/cases.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

CaseResult example(const std::string& name) {
  return run_case(std::string{KOMHEN_SOURCE_DIR} + "/examples/cases/" + name + ".toml");
}

CaseResult evaluate(const std::string& toml) {
  return evaluate_case("title = \"t\"\nsource = \"s\"\n" + toml, "case.toml");
}

std::string value(const CaseResult& result, std::string_view id) {
  const CaseFigure* figure = result.figure(id);
  return figure == nullptr ? "no figure " + std::string{id} : figure->text();
}

Certainty certainty(const CaseResult& result, std::string_view id) {
  const CaseFigure* figure = result.figure(id);
  REQUIRE_MESSAGE(figure != nullptr, id);
  return figure->certainty;
}

bool warns(const CaseResult& result, std::string_view part) {
  return std::ranges::any_of(result.warnings,
                             [&](const std::string& w) { return w.find(part) != std::string::npos; });
}

struct Expected {
  std::string_view id;
  std::string_view value;
};

void check(const CaseResult& result, std::initializer_list<Expected> rows) {
  for (const Expected& row : rows) {
    CAPTURE(row.id);
    CHECK(value(result, row.id) == row.value);
  }
}

constexpr std::string_view kShift = R"(
[channel_shift]
prices = { telephone = "40 kr.", self_service = "3 kr." }
[channel_shift.before]
contacts = 1000
mix = { telephone = "100 %" }
[channel_shift.after]
contacts = 1000
mix = { telephone = "40 %", self_service = "60 %" }
)";

}  // namespace

TEST_CASE("PladsZonen comes out to the krone, with each of its three savings named") {
  const CaseResult result = example("herning-pladszonen");
  check(result, {{"contacts_before.telephone", "23400"},
                 {"contacts_before.in_person", "2100"},
                 {"contacts_before.written", "4500"},
                 {"contacts_before.digital", "0"},
                 {"cost_before.telephone", "936000.00"},
                 {"cost_before.in_person", "168000.00"},
                 {"cost_before.written", "495000.00"},
                 {"cost_before.digital", "0.00"},
                 {"cost_before", "1599000.00"},
                 {"per_contact_before", "53.30"},
                 {"contacts_after.telephone", "11900"},
                 {"contacts_after.in_person", "1700"},
                 {"contacts_after.written", "680"},
                 {"contacts_after.digital", "19720"},
                 {"cost_after.telephone", "476000.00"},
                 {"cost_after.in_person", "136000.00"},
                 {"cost_after.written", "74800.00"},
                 {"cost_after.digital", "59160.00"},
                 {"cost_after", "745960.00"},
                 {"per_contact_after", "21.94"},
                 {"saving_actual", "853040.00"},
                 {"saving_first_volume", "940800.00"},
                 {"saving_last_volume", "1066240.00"},
                 {"saving_actual_low", "806000.00"},
                 {"saving_actual_high", "888530.00"}});
  for (const char* id : {"saving_actual", "saving_first_volume", "saving_last_volume"})
    CHECK(certainty(result, id) == Certainty::derived);
  CHECK(result.figure("change_contacts.telephone")->exact->text(3) == "-0.491");
  CHECK(result.figure("change_share.telephone")->exact->text(3) == "-0.551");
}

TEST_CASE(
    "the full-time equivalents that a channel saving implies stand beside the print, and disagree aloud") {
  const CaseResult result = example("herning-pladszonen");
  const CaseFigure* figure = result.figure("implied_fte");
  REQUIRE(figure != nullptr);
  CHECK(figure->text() == "2.388512");
  REQUIRE(figure->printed);
  CHECK(figure->printed->text == "1 to 2");
  CHECK(!figure->printed->agrees);
  CHECK(figure->certainty == Certainty::derived);
  CHECK(warns(result,
              "implied_fte is 2.388512 fte, and the source prints 1 to 2: a channel price is not a wage"));
}

TEST_CASE("digital moves in Herning come out to the minute") {
  const CaseResult result = example("herning-digital-flytning");
  check(result, {{"minutes.Indrejse", "16080"},
                 {"minutes.Genindrejse", "3160"},
                 {"minutes.Udrejse", "3660"},
                 {"minutes.Indenrigs", "78740"},
                 {"minutes.Logivært", "2772"},
                 {"minutes.Børneflytninger", "1980"},
                 {"minutes.Lægevalg/lægeskifte", "18732"},
                 {"minutes.For- og efterbehandling", "65432"},
                 {"total_minutes", "190556"},
                 {"saved_at_most_minutes", "166564"},
                 {"saved_minutes", "83282"},
                 {"saved_at_90_minutes", "149907.6"},
                 {"saved_at_100_minutes", "166564"},
                 {"saved_at_most_without_doctor_minutes", "147832"},
                 {"saved_at_90_hours", "2498.46"}});
  const auto rounded = [&](std::string_view id, int decimals) {
    return result.figure(id)->exact->text(decimals);
  };
  CHECK(rounded("total_hours", 1) == "3175.9");
  CHECK(rounded("saved_at_most_hours", 1) == "2776.1");
  CHECK(rounded("saved_hours", 1) == "1388.0");
  CHECK(rounded("saved_without_doctor_hours", 1) == "1231.9");
}

TEST_CASE("0.66 full-time equivalents imply more hours than a working year has, and the case says so") {
  const CaseResult result = example("herning-digital-flytning");
  CHECK(result.figure("implied_hours_per_fte")->exact->text(0) == "2103");
  CHECK(result.figure("implied_hours_per_fte_without_doctor")->exact->text(0) == "1867");
  CHECK(warns(result, "implied_hours_per_fte implies 2103 hours for a full-time equivalent, above 1924"));
  CHECK(!warns(result, "implied_hours_per_fte_without_doctor"));
}

TEST_CASE("0.66 full-time equivalents at 50 % are 1.19 at 90 %, as printed") {
  const CaseResult result = example("herning-digital-flytning");
  check(result,
        {{"scaled_fte", "1.188"}, {"scaled_total", "445000.00"}, {"benchmark_difference", "376000.00"}});
  CHECK(certainty(result, "scaled_fte") == Certainty::exact);
  CHECK(certainty(result, "scaled_total") == Certainty::exact);
  const auto rounded = [&](std::string_view id, int decimals) {
    return result.figure(id)->exact->text(decimals);
  };
  CHECK(rounded("wage_per_printed_fte", 0) == "357143");
  CHECK(rounded("wage_per_fte", 0) == "357744");
  CHECK(rounded("overhead_share", 3) == "0.047");
  CHECK(rounded("benchmark_factor", 3) == "1.845");
}

TEST_CASE("the national potential is 650 and 460 million kroner, printed as about 1.1 billion") {
  const CaseResult result = example("national-potential");
  check(result, {{"potential", "1110000000.00"}});
  CHECK(certainty(result, "potential") == Certainty::exact);
  CHECK(result.figure("part_share.digital_post")->exact->text(3) == "0.414");
  CHECK(result.figure("part_share.self_service")->exact->text(3) == "0.586");
}

TEST_CASE("the goals for moves are mixes, the new one of ranges") {
  check(example("herning-flytning-oprindeligt-maal"),
        {{"per_contact_before", "95.00"}, {"per_contact_after", "44.50"}});
  const CaseResult result = example("herning-flytning-nyt-maal");
  CHECK(value(result, "per_contact_after") == "7.60");
  REQUIRE(result.tornado.size() == 2);
  CHECK(result.tornado[0].input == "channel_shift.after.mix.letter");
  CHECK(result.tornado[0].at_low - result.tornado[0].at_high == ExactNumber::ratio(16358 * 107, 20));
  REQUIRE(result.simulations.size() == 1);
  const Simulation& drawn = result.simulations[0];
  CHECK(drawn.draws == 100'000);
  CHECK(drawn.lowest > 16'358 * (95 - 3 - 0.05 * 184));
  CHECK(drawn.highest < 16'358 * (95 - 3.0));
  CHECK(drawn.mean == doctest::Approx(result.figure("saving_actual")->estimate).epsilon(0.001));
}

TEST_CASE("every example case is read, explains each of its figures, and names the inputs of each") {
  int seen = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator{std::string{KOMHEN_SOURCE_DIR} + "/examples/cases"}) {
    CAPTURE(entry.path().string());
    const CaseResult result = run_case(entry.path().string());
    ++seen;
    const std::string all = explain(result);
    for (const CaseFigure& figure : result.figures) {
      CAPTURE(figure.id);
      CHECK(!figure.formula.empty());
      CHECK(!figure.inputs.empty());
      CHECK(!figure.source.empty());
      CHECK(all.find("\n" + explain(result, figure.id)) != std::string::npos);
    }
    CHECK(to_json(result).find("\"figures\":[{\"id\":") != std::string::npos);
  }
  CHECK(seen == 5);
}

TEST_CASE("a case explains itself: process steps, formula, inputs, sources and prints") {
  const CaseResult result = example("herning-pladszonen");
  const std::string all = explain(result);
  CHECK(all.find("before: Telefon\n  1. Forældrene ringer med deres ønske\n") != std::string::npos);
  CHECK(all.find("after: PladsZonen\n  1. ") != std::string::npos);
  const std::string one = explain(result, "implied_fte");
  CHECK(one.find(
            "  input: price.digital = 3.00 kr, Københavns Kommune 2010 (erfaringstal, as printed by Herning "
            "Kommune), row 1 (digital: self_service; 3.00 kr.)\n") != std::string::npos);
  CHECK(one.find("  printed: 1 to 2, which disagrees: a channel price is not a wage\n") != std::string::npos);
  CHECK(one.find("rests on channel_shift.after.contacts, which the source calls an estimate") !=
        std::string::npos);
  CHECK_REFUSED(explain(result, "profit"), argument, "'profit'", "contacts_before.digital", "24 more");
}

TEST_CASE("a figure in JSON is decimal text with its unit and the inputs it came from") {
  const std::string json = to_json(example("herning-digital-flytning"));
  CHECK(json.find("\"id\":\"saved_at_90_minutes\",\"label\":\"Saved at 90 % "
                  "digital\",\"value\":\"149907.6\",\"unit\":"
                  "\"minutes\",\"certainty\":\"derived\",") != std::string::npos);
  CHECK(json.find(
            "\"id\":\"total_hours\",\"label\":\"Time spent today\",\"value\":\"3175.933333\",\"value_exact\":"
            "\"47639/15\"") != std::string::npos);
  CHECK(json.find("{\"id\":\"scaled_fte.fte\",\"value\":\"0.66\",\"unit\":\"fte\",\"source\":") !=
        std::string::npos);
}

TEST_CASE(
    "the contacts that stay are heavier: by a factor, or by a mix of easy and heavy from which it follows") {
  const CaseResult plain = evaluate(std::string{kShift});
  CHECK(value(plain, "saving_actual") == "22200.00");
  const CaseResult factor = evaluate(std::string{kShift} + "[channel_shift.residual]\nfactor = \"1.25\"");
  check(
      factor,
      {{"saving_actual", "22200.00"}, {"cost_after_heavy", "21800.00"}, {"saving_actual_heavy", "18200.00"}});
  // One in five weighs three times as much as the rest: easy ones 1/1.4 of the average. 600 easy ones move,
  // and 200 easy and 200 heavy stay: (200 + 200 x 3) / 1.4 / 400 = 10/7.
  const CaseResult mix =
      evaluate(std::string{kShift} + "[channel_shift.residual]\nheavy_share = \"20 %\"\nheavy_weight = 3");
  CHECK(*mix.figure("residual_factor.telephone")->exact == ExactNumber::ratio(10, 7));
  // Everything that stays is heavy once all the easy ones have moved.
  const CaseResult all =
      evaluate(std::string{kShift} + "[channel_shift.residual]\nheavy_share = \"70 %\"\nheavy_weight = 3");
  CHECK(*all.figure("residual_factor.telephone")->exact == ExactNumber::ratio(3 * 10, 24));
}

TEST_CASE("time saved may be negative where the new process adds more than it saves") {
  const CaseResult result = evaluate(R"(
[time_saved]
digital_share = "50 %"
hours_per_fte = 1924
pay = { wage_per_hour = "200 kr.", overhead_per_hour = "50 kr." }
[[time_saved.activity]]
name = "a"
count = 600
minutes = 10
saved = 2
added = 3
eligible = "80 %"
)");
  check(result, {{"saved_minutes", "-240"},
                 {"saved_hours", "-4"},
                 {"saved_wages", "-800.00"},
                 {"saved_overhead", "-200.00"},
                 {"saved_kroner", "-1000.00"}});
}

TEST_CASE("time saved is shown with and without the heavy contacts that stay") {
  const CaseResult result = evaluate(R"(
[time_saved]
digital_share = "50 %"
residual = { factor = "1.5" }
[[time_saved.activity]]
name = "a"
count = 100
minutes = 10
saved = 10
)");
  check(result, {{"saved_minutes", "500"}, {"saved_heavy_minutes", "250"}});
  CHECK(!warns(result, "more minutes"));
  const CaseResult more = evaluate(R"(
[time_saved]
digital_share = "50 %"
[[time_saved.activity]]
name = "a"
count = 1
minutes = 10
saved = 11
)");
  CHECK(warns(more, "'a' saves more minutes than it takes"));
}

TEST_CASE("outgoing post keeps postage and handling apart, and a missing price is not zero") {
  const std::string post = R"(
[outgoing_post]
letters = 10000
to_digital_post = "60 %"
to_remote_print = "20 %"
postage = "8 kr."
handling = "2,50 kr."
digital_post_price = "1 kr."
)";
  check(evaluate(post + "remote_print_price = \"7 kr.\""), {{"letters_digital_post", "6000"},
                                                            {"letters_remote_print", "2000"},
                                                            {"letters_left", "2000"},
                                                            {"postage_saved", "64000.00"},
                                                            {"handling_saved", "20000.00"},
                                                            {"post_saving", "64000.00"}});
  CHECK_REFUSED(evaluate(post), format, "case.toml", "'outgoing_post.remote_print_price'", "not zero");
}

TEST_CASE(
    "a case over years has a present value, a payback year, a rate of return and a share that breaks even") {
  const std::string toml = R"(
[time_saved]
digital_share = "50 %"
pay = { wage_per_hour = "600 kr." }
[[time_saved.activity]]
name = "a"
count = 100
minutes = 10
saved = 10
[years]
first = 2012
count = 3
gain = "saved_kroner"
ramp = ["0 %", "50 %", "100 %"]
investment = "4.000 kr."
running_cost = 100
discount_rate = "10 %"
break_even = "time_saved.digital_share"
)";
  const CaseResult result = evaluate(toml);
  // Gain 5,000 a year at full effect: flows -4,100, 2,400, 4,900.
  check(result, {{"flow.2012", "-4100.00"},
                 {"flow.2013", "2400.00"},
                 {"flow.2014", "4900.00"},
                 {"payback_year", "2014"}});
  CHECK(*result.figure("npv")->exact ==
        ExactNumber{-4100} + ExactNumber::ratio(24000, 11) + ExactNumber::ratio(490000, 121));
  CHECK(certainty(result, "irr") == Certainty::estimate);
  CHECK(result.figure("irr")->estimate == doctest::Approx(0.424401).epsilon(1e-5));
  // Costs are worth 4,000 + 100 + 100/1.1 + 100/1.21; at 100 % the gain is 10,000 x (0.5/1.1 + 1/1.21).
  const ExactNumber costs = ExactNumber{4100} + ExactNumber::ratio(1000, 11) + ExactNumber::ratio(10000, 121);
  CHECK(*result.figure("break_even_share")->exact ==
        costs / (ExactNumber::ratio(50000, 11) + ExactNumber::ratio(1000000, 121)));
  CHECK(certainty(result, "break_even_share") == Certainty::derived);
}

TEST_CASE("the gain may come wave by wave") {
  const CaseResult result = evaluate(std::string{kShift} + R"([years]
first = 2012
count = 3
gain = "saving_actual"
discount_rate = "0 %"
[[years.wave]]
name = "1"
share = "40 %"
from = 2012
[[years.wave]]
name = "2"
share = "60 %"
from = 2014
)");
  check(result, {{"flow.2012", "8880.00"},
                 {"flow.2013", "8880.00"},
                 {"flow.2014", "22200.00"},
                 {"npv", "39960.00"},
                 {"payback_year", "2012"}});
  CHECK(warns(result, "irr: there is no single rate"));
}

TEST_CASE("a potential shared out by a key sums to the potential") {
  const CaseResult result = evaluate(R"(
[[potential.part]]
id = "a"
amount = "100 kr."
[[potential.share]]
name = "x"
key = 1
[[potential.share]]
name = "y"
key = 1
[[potential.share]]
name = "z"
key = 1
)");
  check(result, {{"shared_out.x", "33.34"}, {"shared_out.y", "33.33"}, {"shared_out.z", "33.33"}});
}

TEST_CASE("a count over some weeks becomes a year by a factor that is given, and is called an estimate") {
  const CaseResult result = evaluate(R"(
[channel_shift]
prices = { telephone = 40, self_service = 3 }
[channel_shift.before]
contacts = 52
mix = { telephone = "100 %" }
[channel_shift.after]
counted = 2
scale = 52
mix = { self_service = "100 %" }
)");
  CHECK(value(result, "contacts_after.self_service") == "104");
  REQUIRE(result.figure("cost_after")->notes.size() == 1);
  CHECK(result.figure("cost_after")->notes[0].find("an estimate") != std::string::npos);
}

TEST_CASE("a seed gives the same draws everywhere, and another seed others") {
  const std::string path = std::string{KOMHEN_SOURCE_DIR} + "/examples/cases/herning-flytning-nyt-maal.toml";
  const auto drawn = [&](std::uint64_t seed) { return run_case(path, {seed, 1'000}).simulations[0]; };
  CHECK(estimate_text(drawn(7).mean, CaseUnit::kroner) == estimate_text(drawn(7).mean, CaseUnit::kroner));
  CHECK(drawn(7).mean != drawn(8).mean);
  CHECK(drawn(7).percentiles[0].value <= drawn(7).percentiles[1].value);
}

TEST_CASE("draws are told, change nothing when told, and end when they are to") {
  const std::string path = std::string{KOMHEN_SOURCE_DIR} + "/examples/cases/herning-flytning-nyt-maal.toml";
  std::int64_t told = 0;
  CaseOptions options{1, 100'000};
  options.progress = [&](std::int64_t done, std::int64_t all) {
    CHECK(done >= told);
    CHECK(all == 100'000);
    told = done;
    return true;
  };
  CHECK(run_case(path, options).simulations[0].mean == run_case(path, {1, 100'000}).simulations[0].mean);
  CHECK(told == 100'000);
  options.progress = [](std::int64_t done, std::int64_t) { return done < 50'000; };
  CHECK_REFUSED(run_case(path, options), cancelled, "the case was stopped");
}

TEST_CASE("a triangular range is drawn around its likeliest value") {
  const auto mean = [](const std::string& shape) {
    return evaluate(R"(
[scaled_fte]
fte = { low = 1, high = 11, value = 2)" +
                    shape + R"( }
at = "100 %"
to = "100 %"
[uncertainty]
figures = ["scaled_fte"]
draws = 20000
)")
        .simulations[0]
        .mean;
  };
  CHECK(mean("") == doctest::Approx(6).epsilon(0.02));
  CHECK(mean(", shape = \"triangular\"") == doctest::Approx(14.0 / 3).epsilon(0.02));
}

TEST_CASE("what a case file holds and should not is one sentence with file, key and value") {
  const auto shift = [](const std::string& from, const std::string& to) {
    std::string text{kShift};
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  CHECK_REFUSED(evaluate(shift("60 %", "59 %")), format, "case.toml", "channel_shift.after.mix", "99 %",
                "100 %");
  CHECK_REFUSED(evaluate(shift("contacts = 1000", "contacts = -1000")), format,
                "channel_shift.before.contacts", "'-1000'", "zero or more");
  CHECK_REFUSED(evaluate(shift("contacts = 1000", "contacts = \"1.5\"")), format, "whole number");
  CHECK_REFUSED(evaluate(shift("telephone = \"100 %\"", "chat = \"100 %\"")), format, "chat");
  CHECK_REFUSED(evaluate(shift("\"40 kr.\"", "40.5")), format, "channel_shift.prices.telephone", "quotes");
  CHECK_REFUSED(
      evaluate(shift("self_service = \"60 %\"", "self_service = { low = \"70 %\", high = \"50 %\" }")),
      format, "channel_shift.after.mix.self_service", "upside down", "'70 %'", "'50 %'");
  CHECK_REFUSED(
      evaluate(shift("self_service = \"60 %\"", "self_service = { low = \"50 %\", high = \"70 %\" }")),
      format, "rest");
  CHECK_REFUSED(evaluate(shift("telephone = \"40 %\"", "telephone = \"140 %\"")), format, "'140 %'",
                "0 % and 100 %");
  CHECK_REFUSED(evaluate(shift("[channel_shift]", "[channel_shift]\nvolume = 3")), format,
                "channel_shift.volume");
  CHECK_REFUSED(evaluate(std::string{kShift} + "[years]\nfirst = 2011\ncount = 2\nround = \"2012-spring\"\n"
                                               "gain = \"saving_actual\"\ndiscount_rate = 0"),
                format, "years.first", "2011", "2012-spring");
  CHECK_REFUSED(evaluate(std::string{kShift} +
                         "[years]\nfirst = 2012\ncount = 2\ngain = \"profit\"\ndiscount_rate = 0"),
                format, "years.gain", "'profit'");
  CHECK_REFUSED(evaluate("[scaled_fte]\nfte = 1\nat = \"0 %\"\nto = \"50 %\""), format, "scaled_fte.at",
                "0 %");
  CHECK_REFUSED(evaluate(""), format, "computes nothing");
  CHECK_REFUSED(evaluate(std::string{kShift} + "[[printed]]\nfigure = \"x\"\nvalue = 1"), format, "'x'");
  CHECK_REFUSED(evaluate(std::string{kShift} + "[uncertainty]\nfigures = [\"saving_actual\"]"), format,
                "range");
}

TEST_CASE("a price of a table can be replaced by another, or by a range") {
  const std::string toml = R"(
[channel_shift]
prices = "copenhagen-2010"
price_of = { written = { low = "100 kr.", high = "120 kr.", value = "110 kr." } }
[channel_shift.before]
contacts = 10
mix = { written = "100 %" }
[channel_shift.after]
contacts = 10
mix = { telephone = "100 %" }
[uncertainty]
figures = ["saving_actual"]
draws = 10
)";
  const CaseResult result = evaluate(toml);
  CHECK(value(result, "saving_actual") == "700.00");
  REQUIRE(result.tornado.size() == 1);
  CHECK(result.tornado[0].at_low == ExactNumber{600});
  CHECK(result.tornado[0].at_high == ExactNumber{800});
  std::string other = toml;
  CHECK_REFUSED(evaluate(other.replace(other.find("{ written ="), 11, "{ digital =")), format,
                "price_of.digital", "no mix");
}

TEST_CASE("a price that is missing stops the case") {
  CHECK_REFUSED(evaluate(R"(
[channel_shift]
prices = "copenhagen-2010"
[channel_shift.before]
contacts = 1
mix = { telephone = "100 %" }
[channel_shift.after]
contacts = 1
mix = { website = "100 %" }
)"),
                argument, "case.toml", "copenhagen-2010", "website");
}

TEST_CASE("a range may end where nobody stays: what weighs nothing is not divided by") {
  const std::string residual = "[channel_shift.residual]\nheavy_share = \"20 %\"\nheavy_weight = 3\n";
  const CaseResult shift = evaluate(R"(
[channel_shift]
prices = { telephone = "40 kr.", self_service = "3 kr." }
[channel_shift.before]
contacts = 1000
mix = { telephone = "100 %" }
[channel_shift.after]
contacts = 1000
mix = { telephone = { low = "0 %", high = "40 %" }, self_service = "rest" }
)" + residual + "[uncertainty]\nfigures = [\"saving_actual_heavy\"]\ndraws = 10\n");
  REQUIRE(shift.tornado.size() == 1);
  CHECK(shift.tornado[0].at_low == ExactNumber{37'000});  // nobody telephones
  // 200 easy and 200 heavy stay: 40 kr. x (200 + 200 x 3) / 1.4.
  CHECK(shift.tornado[0].at_high == ExactNumber{40'000 - 600 * 3} - ExactNumber::ratio(40 * 800 * 10, 14));
  const CaseResult time = evaluate(R"(
[time_saved]
digital_share = { low = "50 %", high = "100 %" }
residual = { heavy_share = "20 %", heavy_weight = 3 }
[[time_saved.activity]]
name = "a"
count = 140
minutes = 10
saved = 10
[uncertainty]
figures = ["saved_heavy_minutes"]
draws = 10
)");
  CHECK(time.tornado[0].at_high == ExactNumber{1'400});
  // 70 move; 42 easy and 28 heavy stay, 126 / 1.4 = 90 average contacts: 20 more than 70.
  CHECK(time.tornado[0].at_low == ExactNumber{700 - 200});
}

TEST_CASE("a figure past what kroner can hold is named, and so is a break-even in what is no share") {
  const std::string most = "1701411834604692317316873037158841057";
  const std::string part = "[[potential.part]]\nid = \"ID\"\namount = \"" + most + "\"\n";
  const auto of = [&](const std::string& id) { return std::string{part}.replace(part.find("ID"), 2, id); };
  CHECK(value(evaluate(of("a")), "potential") == most + ".00");
  CHECK_REFUSED(evaluate(of("a") + of("b") + of("c")), overflow, "'case.toml'", "'potential'", "2^127");
  CHECK_REFUSED(
      evaluate(std::string{kShift} + "[years]\nfirst = 2012\ncount = 2\ngain = \"saving_actual\"\n"
                                     "discount_rate = 0\nbreak_even = \"channel_shift.before.contacts\""),
      format, "years.break_even", "no share");
}

TEST_CASE("a number that a Dane reads as thousands is refused, and not a thousandth of it counted") {
  const auto counted = [](const std::string& contacts) {
    std::string text{kShift};
    return evaluate(text.replace(text.find("contacts = 1000"), 15, "contacts = " + contacts));
  };
  CHECK_REFUSED(counted("\"34.000\""), format, "case.toml", "channel_shift.before.contacts", "'34.000'",
                "two ways");
  CHECK(value(counted("\"34.000,0\""), "contacts_before.telephone") == "34000");
  CHECK(value(counted("\"34000.000\""), "contacts_before.telephone") == "34000");
  const auto scaled = [](const std::string& fte) {
    return evaluate("[scaled_fte]\nfte = \"" + fte + "\"\nat = \"50 %\"\nto = \"50 %\"\n");
  };
  CHECK_REFUSED(scaled("1.188"), format, "scaled_fte.fte", "two ways");
  CHECK(value(scaled("1,188"), "scaled_fte") == "1.188");
  CHECK(value(scaled("0.925"), "scaled_fte") == "0.925");
}

TEST_CASE("a discount rate is a share, and a wave after the last year gains nothing and says so") {
  const std::string years = "[years]\nfirst = 2012\ncount = 2\ngain = \"saving_actual\"\ndiscount_rate = ";
  CHECK_REFUSED(evaluate(std::string{kShift} + years + "3\n"), format, "years.discount_rate", "'3'", "100 %");
  const std::string wave = "[[years.wave]]\nname = \"w\"\nshare = \"50 %\"\nfrom = ";
  CHECK(warns(evaluate(std::string{kShift} + years + "0\n" + wave + "2014\n"), "after the last year"));
  CHECK(!warns(evaluate(std::string{kShift} + years + "0\n" + wave + "2013\n"), "after the last year"));
}

TEST_CASE("a case names what it prints, whatever letters stand in an id") {
  const CaseResult result = evaluate(R"(
[time_saved]
digital_share = "50 %"
[[time_saved.activity]]
name = "a\u0001b"
count = 100
minutes = 10
saved = 10
[[time_saved.activity]]
name = "c"
count = 1
minutes = 1
saved = 1
[[time_saved.variant]]
id = "v\u0001"
without = ["a\u0001b"]
[time_saved.printed_fte]
fte = 1
at = "60 %"
)");
  CHECK(value(result, "implied_hours_per_fte_v?") == "0.01");
  CHECK(value(result, "minutes.a?b") == "1000");
}

TEST_CASE("a small file cannot ask for more memory or time than a case may take") {
  std::string many = "[time_saved]\ndigital_share = \"50 %\"\nalso_at = [\"1 %\"";
  for (int i = 0; i < 3'000; ++i) many += ", \"0." + std::to_string(100'000 + i) + "\"";
  many += "]\n";
  for (int i = 0; i < 600; ++i)
    many +=
        "[[time_saved.activity]]\nname = \"a" + std::to_string(i) + "\"\ncount = 1\nminutes = 1\nsaved = 1\n";
  CHECK_REFUSED(evaluate(many), format, "case.toml", "5000 figures");

  const std::string drawn = R"(
[scaled_fte]
fte = { low = 1, high = 2 }
at = "100 %"
to = "100 %"
wages = 100
[uncertainty]
)";
  CHECK_REFUSED(evaluate(drawn + "figures = [\"scaled_fte\", \"scaled_fte\"]"), format, "uncertainty.figures",
                "'scaled_fte' twice");
  CHECK_REFUSED(evaluate(drawn + "figures = []"), format, "uncertainty.figures", "no figure");
  CHECK_REFUSED(evaluate(drawn + "figures = [\"scaled_fte\"]\npercentiles = [5, \"5\"]"), format,
                "uncertainty.percentiles", "'5' twice");

  // Eighty ranges, each of which moves 100 years of a present value with fractions of some 30,000 bits.
  std::string wide =
      "[scaled_fte]\nfte = 1\nat = \"100 %\"\nto = \"100 %\"\nwages = 100\n"
      "[years]\nfirst = 2012\ncount = 100\ngain = \"scaled_total\"\n"
      "discount_rate = { low = \"0." +
      std::string(50, '1') + "\", high = \"0." + std::string(50, '3') + "\" }\n";
  for (int i = 0; i < 80; ++i)
    wide += "[[years.wave]]\nname = \"w\"\nfrom = 2012\nshare = { low = \"0." + std::string(40, '0') +
            "1\", high = \"0.001\" }\n";
  CHECK_REFUSED(evaluate(wide + "[uncertainty]\nfigures = [\"npv\"]\n"), format, "case.toml",
                "more computation than a case may take");
  CHECK_REFUSED(evaluate_case(std::string(std::size_t{5} << 20U, '#'), "case.toml"), format, "case.toml",
                "4 MiB");
  std::string heavy = std::string{kShift};
  heavy.replace(heavy.find("\"40 kr.\""), 8, "{ low = 1, high = 2 }");
  std::string figures;
  for (const char* id :
       {"saving_actual", "saving_first_volume", "saving_last_volume", "cost_before", "cost_after"})
    figures += (figures.empty() ? "\"" : ", \"") + std::string{id} + "\"";
  CHECK(evaluate(heavy + "[uncertainty]\nfigures = [" + figures + "]\ndraws = 1000\n").simulations.size() ==
        5);
}

TEST_CASE("draws that a caller gives are the caller's mistake, whether the case draws or not") {
  const std::string toml = "title = \"t\"\n" + std::string{kShift};
  for (const std::int64_t draws : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{10'000'001}})
    CHECK_REFUSED(evaluate_case(toml, "case.toml", "", {.draws = draws}), argument, "draws is",
                  std::to_string(draws), "1 to 10000000");
  CHECK(evaluate_case(toml, "case.toml", "", {.seed = 7, .draws = 10}).simulations.empty());
}

TEST_CASE("a figure in kroner that no amount holds is refused by its name when the case is computed") {
  CHECK_REFUSED(evaluate(R"(
[[potential.part]]
id = "a"
amount = "1701411834604692317316873037158841057,00 kr."
[[potential.part]]
id = "b"
amount = "1701411834604692317316873037158841057,00 kr."
)"),
                overflow, "case.toml", "'potential'", "2^127 - 1");
}

TEST_CASE(
    "where everything moves nothing heavy stays, at either end of a range and where a case breaks even") {
  const std::string toml = R"(
[time_saved]
digital_share = { low = "0 %", high = "100 %", value = "50 %" }
pay = { wage_per_hour = "600 kr." }
residual = { heavy_share = "20 %", heavy_weight = 3 }
[[time_saved.activity]]
name = "a"
count = 100
minutes = 10
saved = 10
[years]
first = 2012
count = 1
gain = "saved_heavy_kroner"
investment = "5.000 kr."
discount_rate = "0 %"
break_even = "time_saved.digital_share"
[uncertainty]
figures = ["saved_heavy_minutes"]
draws = 1000
)";
  const CaseResult result = evaluate(toml);
  // Easy ones weigh 1/1.4. At 50 % there stay 30 % easy and 20 % heavy: 0.9/1.4 of the time before, not half.
  CHECK(*result.figure("saved_heavy_minutes")->exact ==
        ExactNumber{500} - ExactNumber{1000} * (ExactNumber::ratio(9, 14) - ExactNumber::ratio(1, 2)));
  REQUIRE(result.tornado.size() == 1);
  CHECK(result.tornado[0].at_low.is_zero());
  CHECK(result.tornado[0].at_high == ExactNumber{1000});
  CHECK(result.simulations[0].highest <= 1000);
  // Of 10,000 kr. half is gained where what stays weighs a half: (1.4 - x) / 1.4 at x up to 80 %.
  CHECK(result.figure("break_even_share")->estimate == doctest::Approx(0.7).epsilon(1e-9));
}

TEST_CASE("a share of a mix breaks even within what the other shares leave it") {
  const auto toml = [](const std::string& self_service, const std::string& telephone,
                       const std::string& key) {
    return R"(
[channel_shift]
prices = { telephone = 40, letter = 100, self_service = 0 }
[channel_shift.before]
contacts = 100
mix = { telephone = "100 %" }
[channel_shift.after]
contacts = 100
mix = { telephone = )" +
           telephone + ", letter = \"40 %\", self_service = " + self_service + R"( }
[years]
first = 2012
count = 1
gain = "saving_actual"
discount_rate = 0
break_even = ")" +
           key + "\"\n";
  };
  const std::string share = "channel_shift.after.mix.self_service";
  CHECK_REFUSED(evaluate(toml("\"30 %\"", "\"30 %\"", share)), format, "case.toml", "years.break_even",
                "cannot move alone");
  // With 40 % letters (4,000 kr.) nothing is saved until no call is left; with 0 to 60 % it would go to 100
  // %.
  const CaseResult rest = evaluate(toml("\"30 %\"", "\"rest\"", share));
  CHECK(value(rest, "break_even_share") == "0.6");
  CHECK_REFUSED(evaluate(toml("\"30 %\"", "\"rest\"", "channel_shift.after.contacts")), format,
                "years.break_even", "no share");
}

TEST_CASE("shares that sum are held against 100 % at the high ends of their ranges") {
  const std::string post = R"(
[outgoing_post]
letters = 100
postage = 8
handling = 2
digital_post_price = 1
to_digital_post = { low = "0 %", high = "80 %" }
)";
  CHECK_REFUSED(
      evaluate(post + "remote_print_price = 1\nto_remote_print = { low = \"0 %\", high = \"30 %\" }"), format,
      "outgoing_post.to_digital_post", "110.00 %");
  CHECK_REFUSED(evaluate(post + "to_remote_print = { low = \"0 %\", high = \"20 %\", value = \"0 %\" }"),
                format, "outgoing_post.remote_print_price", "not zero");
  CHECK_REFUSED(evaluate(std::string{kShift} + R"([years]
first = 2012
count = 3
gain = "saving_actual"
discount_rate = 0
[[years.wave]]
share = { low = "0 %", high = "70 %" }
from = 2012
[[years.wave]]
share = "60 %"
from = 2013
)"),
                format, "years.wave[2].share", "130.00 %");
}

TEST_CASE("a channel has one name in a case, and what is given to no purpose is refused") {
  const auto shift = [](const std::string& from, const std::string& to) {
    std::string text{kShift};
    return text.replace(text.find(from), from.size(), to);
  };
  std::string twice = shift("{ telephone = \"40 %\"", "{ telefon = \"40 %\"");
  twice.replace(twice.find("prices = {"), 10, "prices = { telefon = 40,");
  CHECK_REFUSED(evaluate(twice), format, "channel_shift.after.mix.telefon", "'telephone'", "one name");
  CHECK_REFUSED(evaluate(shift("[channel_shift]", "[channel_shift]\nprice_of = { telephone = 1 }")), format,
                "channel_shift.price_of", "price table");
  CHECK_REFUSED(evaluate(shift("[channel_shift]", "[channel_shift]\ndirection = \"incoming\"")), format,
                "channel_shift.direction");
  const std::string printed =
      std::string{kShift} + "[[printed]]\nfigure = \"saving_actual\"\nvalue = 22200\n";
  CHECK(certainty(evaluate(printed), "saving_actual") == Certainty::exact);
  CHECK_REFUSED(evaluate(printed + "[[printed]]\nfigure = \"saving_actual\"\nvalue = 5"), format,
                "printed[2].figure", "already");
  CHECK_REFUSED(evaluate(printed + "low = 1"), format, "printed[1].low", "beside value");
  CHECK_REFUSED(evaluate(shift("contacts = 1000", "contacts = \"100000 %\"")), format,
                "channel_shift.before.contacts", "'100000 %'", "shares alone");
}

TEST_CASE("a class laid on no channel has a price, and it is the one for the direction that is asked") {
  const test::Folder folder;
  const std::string prices = folder.file("p.toml", R"(
source = "ours"
[classes]
digital = []
[[price]]
class = "digital"
direction = "outgoing"
price = 7
[[price]]
class = "digital"
price = 3
[[price]]
channel = "telephone"
price = 40
)");
  const auto saved = [&](const std::string& direction) {
    return value(evaluate("[channel_shift]\nprices = \"" + prices + "\"\n" + direction +
                          "[channel_shift.before]\ncontacts = 1\nmix = { telephone = \"100 %\" }\n"
                          "[channel_shift.after]\ncontacts = 1\nmix = { digital = \"100 %\" }\n"),
                 "saving_actual");
  };
  CHECK(saved("direction = \"outgoing\"\n") == "33.00");
  CHECK(saved("direction = \"incoming\"\n") == "37.00");
  CHECK(saved("") == "37.00");
}
