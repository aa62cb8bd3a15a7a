#include <doctest/doctest.h>

#include "komhen/cost/wave.hpp"
#include "komhen/report/goals.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

void add(Cube& cube, KleNumber task, Channel channel, std::int64_t count,
         ContactType type = ContactType::new_case) {
  Registration contact = test::contact();
  contact.task = task;
  contact.channel = channel;
  contact.count = count;
  contact.type = type;
  cube.add(contact);
}

WaveAnalysis example() {
  return load_wave(std::string{KOMHEN_SOURCE_DIR} + "/examples/waves/next-wave.toml");
}

PriceList copenhagen() {
  return load_prices("copenhagen-2010").choose();
}

}  // namespace

TEST_CASE("the plan has four waves, with what came of each, and tells where it departs from the print") {
  REQUIRE(kWaves.size() == 4);
  for (std::size_t i = 0; i < kWaves.size(); ++i) {
    CHECK(kWaves[i].number == static_cast<int>(i) + 1);
    CHECK(!kWaves[i].actual.empty());
  }
  CHECK(kWaves[2].correction.find("wave 3 and again in wave 4") != std::string_view::npos);
  CHECK(kWaves[3].correction.find("the fourth is meant") != std::string_view::npos);
}

TEST_CASE("a task's potential is its contacts that are not yet self-service times the price difference") {
  Cube cube;
  add(cube, "29.03.12"_kle, Channel::telephone, 10);
  add(cube, "29.03.12"_kle, Channel::in_person, 5);
  add(cube, "29.03.12"_kle, Channel::self_service, 5);
  add(cube, "29.03.12"_kle, Channel::telephone, 100, ContactType::guidance);  // no application
  WaveAnalysis analysis = example();
  analysis.scale = ExactNumber::ratio(52, 3);
  const auto ranked = rank_tasks(analysis, cube, copenhagen());
  REQUIRE(ranked.size() == 3);
  const RankedTask& first = ranked[0];
  CHECK(first.candidate.task == "29.03.12"_kle);
  CHECK(first.contacts == 20);
  CHECK(first.self_service == 5);
  CHECK(first.movable == 15);
  CHECK(first.potential.kroner() == ExactNumber{10 * 37 + 5 * 77} * ExactNumber::ratio(52, 3));
  CHECK(first.reasons[0] == "moving 15 contacts x 52/3 saves 13086.67 kr.");
  CHECK(first.reasons[1] == "25 % of 20 applications are by self-service now");
}

TEST_CASE("tasks with fewer obstacles rank first, then those with the greater potential, and say why") {
  Cube cube;
  add(cube, "02.34.02"_kle, Channel::letter, 1'000);
  add(cube, "23.09.02"_kle, Channel::in_person, 5);
  add(cube, "29.03.12"_kle, Channel::telephone, 1);
  const auto ranked = rank_tasks(example(), cube, copenhagen());
  REQUIRE(ranked.size() == 3);
  CHECK(ranked[0].candidate.task == "29.03.12"_kle);  // no obstacle
  CHECK(ranked[1].candidate.task == "02.34.02"_kle);  // one, and a greater potential than the last
  CHECK(ranked[2].candidate.task == "23.09.02"_kle);
  CHECK(ranked[1].obstacles == std::vector<std::string>{"the law must change"});
  CHECK(ranked[2].obstacles == std::vector<std::string>{"there is no working solution"});
  CHECK(ranked[2].unknowns ==
        std::vector<std::string>{"effective_short_term", "effective_long_term", "law_needed"});
  CHECK(ranked[2].reasons.back() == "not known: law_needed");
  CHECK(to_json(ranked).find("{\"rank\":1,\"task\":\"29.03.12\",\"contacts\":1") != std::string::npos);
}

TEST_CASE("a task's contacts without a price stop the ranking, or stand apart") {
  Cube cube;
  add(cube, "29.03.12"_kle, Channel::website, 4);
  CHECK_REFUSED((void)rank_tasks(example(), cube, copenhagen()), argument, "website");
  const auto ranked = rank_tasks(example(), cube, copenhagen(), std::nullopt, true);
  CHECK(ranked[0].unpriced == 4);
  CHECK(ranked[0].movable == 0);
}

TEST_CASE("where self-service has no price, the contacts that could go there stand apart as well") {
  Cube cube;
  add(cube, "29.03.12"_kle, Channel::telephone, 4);
  const PriceList prices =
      parse_prices_toml("source = \"s\"\n[[price]]\nchannel = \"telephone\"\nprice = 40\n", "p.toml")
          .choose();
  CHECK_REFUSED((void)rank_tasks(example(), cube, prices), argument, "self_service");
  const auto ranked = rank_tasks(example(), cube, prices, std::nullopt, true);
  CHECK(ranked[0].unpriced == 4);
  CHECK(ranked[0].potential.oere().is_zero());
}

TEST_CASE("what a wave file holds and should not is one sentence with file, key and value") {
  CHECK_REFUSED(parse_wave("[[candidate]]\ntask = \"23.5.10\"", "w.toml"), format, "w.toml", "'23.5.10'");
  CHECK_REFUSED(parse_wave("[[candidate]]\ntask = \"23.05.10\"\nlaw_needed = \"no\"", "w.toml"), format,
                "law_needed", "true or false");
  CHECK_REFUSED(
      parse_wave("[[candidate]]\ntask = \"23.05.10\"\n[[candidate]]\ntask = \"23.05.10\"", "w.toml"), format,
      "23.05.10", "second time");
  CHECK_REFUSED(parse_wave("scale = 0\n[[candidate]]\ntask = \"23.05.10\"", "w.toml"), format, "scale",
                "above zero");
  CHECK_REFUSED(parse_wave("", "w.toml"), format, "candidate", "missing");
  std::string many;
  for (int i = 0; i < 2'001; ++i) many += "[[candidate]]\n";
  CHECK_REFUSED(parse_wave(many, "w.toml"), format, "w.toml", "candidate", "2000");
}
