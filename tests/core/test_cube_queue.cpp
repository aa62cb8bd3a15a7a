// Contacts that come one at a time wait together for memory. What the cube then holds may not depend on it.
#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "cube_queue.hpp"
#include "komhen/tally/add_columns.hpp"

using namespace komhen;

namespace {

Codes drawn(std::mt19937& random, const std::vector<std::string>& units) {
  Codes codes;
  codes.municipality = random() % 50 == 0 ? 1 : 101;
  codes.week = 201217 + static_cast<std::int32_t>(random() % 3);
  codes.task = static_cast<std::int32_t>(random() % 3'000);
  codes.channel = static_cast<std::uint8_t>(1 + random() % 11);
  codes.type = static_cast<std::uint8_t>(1 + random() % 6);
  codes.direction = static_cast<std::uint8_t>(1 + random() % 2);
  codes.unit = units[random() % units.size()];
  codes.count = static_cast<std::int64_t>(1 + random() % 5);
  return codes;
}

}  // namespace

TEST_CASE("contacts that come by the queue are those that are added at once, past the narrow key too") {
  std::mt19937 random{7};
  for (const std::size_t many : {std::size_t{3}, std::size_t{40'000}}) {
    CAPTURE(many);
    std::vector<std::string> units;
    for (std::size_t i = 0; i < many; ++i) units.push_back("office " + std::to_string(i));
    Cube at_once;
    Cube queued;
    detail::CubeQueue queue;
    for (int i = 0; i < 150'000; ++i) {
      const Codes codes = drawn(random, units);
      const Reason reason = add_codes(at_once, codes);
      REQUIRE(detail::add_codes(queued, queue, codes, {}) == reason);
      REQUIRE(queued.total() == at_once.total());
      if (random() % 1'000 == 0) queue.settle(queued);
    }
    queue.settle(queued);
    CHECK(queued.size() == at_once.size());
    CHECK(queued == at_once);
  }
}

TEST_CASE("what contacts have come to is remembered under the rules that they came under, and no others") {
  const Round spring = *builtin_round("2012-spring");
  Round monday = spring;
  monday.weeks = {*Week::parse("2012-W18")};
  Participation participation;
  participation.declare(*Municipality::from_code(101), *Week::parse("2012-W17"));
  const std::array<Admission, 4> rules{Admission{}, Admission{&spring, nullptr}, Admission{&monday, nullptr},
                                       Admission{&spring, &participation}};
  std::mt19937 random{9};
  const std::vector<std::string> units{"", "office", "desk"};
  Cube at_once;
  Cube queued;
  detail::CubeQueue queue;
  std::array<std::size_t, kReasonCount> reasons{};
  for (std::size_t i = 0; i < 60'000; ++i) {
    Codes codes = drawn(random, units);
    codes.task = random() % 4 == 0 ? 230510 : codes.task % 40;
    codes.source = units[random() % units.size()];
    if (random() % 50 == 0) codes.count = random() % 2 == 0 ? 0 : kMaxRowCount + 1;
    if (random() % 50 == 0) codes.channel = static_cast<std::uint8_t>(random() % 20);
    if (random() % 50 == 0) codes.form = static_cast<std::uint8_t>(random() % 6);
    if (random() % 50 == 0) codes.event_id = random() % 2 == 0 ? "event-1" : "0101701234";
    if (random() % 100 == 0) codes.unit = "0101701234";
    // For long the same, then from contact to contact.
    const Admission& admission = rules[(i < 40'000 ? i / 5'000 : i / 3) % rules.size()];
    const Reason reason = add_codes(at_once, codes, admission);
    REQUIRE(detail::add_codes(queued, queue, codes, admission) == reason);
    ++reasons[static_cast<std::size_t>(reason)];
  }
  queue.settle(queued);
  CHECK(queued == at_once);
  for (const Reason reason :
       {Reason::accepted, Reason::personal_data, Reason::unknown_municipality, Reason::unknown_channel,
        Reason::unknown_form, Reason::bad_count, Reason::outside_round, Reason::outside_participation})
    CHECK(reasons[static_cast<std::size_t>(reason)] > 100);
}

TEST_CASE("a queue takes no contact that the cube has no room for") {
  Cube cube;
  detail::CubeQueue queue;
  std::mt19937 random{8};
  const std::vector<std::string> units{"office"};
  Codes codes = drawn(random, units);
  codes.municipality = 101;
  Registration most = *check(codes).registration;
  most.count = std::numeric_limits<std::int64_t>::max() - 5;
  cube.add(most);
  codes.count = 4;
  CHECK(detail::add_codes(cube, queue, codes, {}) == Reason::accepted);
  CHECK_THROWS_AS(detail::add_codes(cube, queue, codes, {}), Error);
  codes.count = 1;
  CHECK(detail::add_codes(cube, queue, codes, {}) == Reason::accepted);
  queue.settle(cube);
  CHECK(cube.total() == std::numeric_limits<std::int64_t>::max());
  REQUIRE(cube.size() == 1);
  CHECK(cube.cells().front().count == cube.total());
}
