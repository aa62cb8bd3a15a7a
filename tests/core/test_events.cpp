#include <doctest/doctest.h>

#include "komhen/registration/events.hpp"
#include "test_support.hpp"

using namespace komhen;
using Seen = EventMemory::Seen;

TEST_CASE("an event is known by municipality, source and id") {
  EventMemory memory;
  auto event = test::contact();
  event.source = "kmd";
  CHECK(memory.remember(event, "a1") == Seen::fresh);
  CHECK(memory.remember(event, "a1") == Seen::same_content);
  CHECK(memory.remember(event, "a2") == Seen::fresh);
  CHECK(memory.remember(event, "A1") == Seen::fresh);
  auto elsewhere = event;
  elsewhere.municipality = *Municipality::from_code(219);
  CHECK(memory.remember(elsewhere, "a1") == Seen::fresh);
  auto other_system = event;
  other_system.source = "kmd2";
  CHECK(memory.remember(other_system, "a1") == Seen::fresh);
}

TEST_CASE("rows without an id are never duplicates") {
  EventMemory memory;
  CHECK(memory.remember(test::contact(), "") == Seen::fresh);
  CHECK(memory.remember(test::contact(), "") == Seen::fresh);
}

TEST_CASE("source and id do not run together") {
  EventMemory memory;
  auto event = test::contact();
  event.source = "ab";
  CHECK(memory.remember(event, "c") == Seen::fresh);
  event.source = "a";
  CHECK(memory.remember(event, "bc") == Seen::fresh);
  event.source = "";
  CHECK(memory.remember(event, "abc") == Seen::fresh);
}

TEST_CASE("content is everything besides the key") {
  const auto first = test::contact();
  const auto changed = [&](const std::function<void(Registration&)>& change) {
    EventMemory memory;
    REQUIRE(memory.remember(first, "e") == Seen::fresh);
    auto second = first;
    change(second);
    const Seen seen = memory.remember(second, "e");
    CHECK(memory.remember(first, "e") == Seen::same_content);  // the first stays what is remembered
    return seen;
  };
  CHECK(changed([](auto&) {}) == Seen::same_content);
  CHECK(changed([](auto& r) { r.week = "2012-W18"_week; }) == Seen::other_content);
  CHECK(changed([](auto& r) { r.task = "23.05.11"_kle; }) == Seen::other_content);
  CHECK(changed([](auto& r) { r.channel = Channel::sms; }) == Seen::other_content);
  CHECK(changed([](auto& r) { r.type = ContactType::guidance; }) == Seen::other_content);
  CHECK(changed([](auto& r) { r.direction = Direction::outgoing; }) == Seen::other_content);
  CHECK(changed([](auto& r) { r.closure = Closure::closed; }) == Seen::other_content);
  CHECK(changed([](auto& r) { r.form = AttachedForm::paper; }) == Seen::other_content);
  CHECK(changed([](auto& r) { r.unit = "skranke"; }) == Seen::other_content);
  CHECK(changed([](auto& r) { r.count = 2; }) == Seen::other_content);
}

TEST_CASE("100,000 events are all remembered") {
  EventMemory memory;
  const auto event = test::contact();
  for (int i = 0; i < 100'000; ++i) REQUIRE(memory.remember(event, "e" + std::to_string(i)) == Seen::fresh);
  for (int i = 0; i < 100'000; ++i)
    REQUIRE(memory.remember(event, "e" + std::to_string(i)) == Seen::same_content);
  CHECK(memory.remember(event, "e100000") == Seen::fresh);
}
