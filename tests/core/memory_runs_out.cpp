// Memory that runs out, at every place where it is asked for: each call then fails as bad_alloc, nothing is
// left behind, and nothing ends the process. A program of its own, because it takes the place of operator
// new.
#include <cstdio>
#include <cstdlib>
#include <new>
#include <optional>
#include <vector>

#include "komhen/cost/business_case.hpp"
#include "komhen/cost/channel_cost.hpp"
#include "komhen/measure/baseline.hpp"
#include "komhen/measure/goal.hpp"
#include "komhen/tally/add_columns.hpp"
#include "komhen/tally/cube.hpp"

namespace {
long left = -1;  // requests until one fails; below zero none does
long held = 0;   // blocks that are in use
}  // namespace

// Not inlined: the compiler would see free() meet what it takes for another's block.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (left >= 0 && left-- == 0) throw std::bad_alloc{};
  void* block = std::malloc(size == 0 ? 1 : size);
  if (block == nullptr) throw std::bad_alloc{};
  ++held;
  return block;
}
[[gnu::noinline]] void operator delete(void* block) noexcept {
  if (block != nullptr) --held;
  std::free(block);
}
[[gnu::noinline]] void operator delete(void* block, std::size_t) noexcept {
  operator delete(block);
}

namespace {

using namespace komhen;

bool failed = false;

/// Runs `body` with the first request failing, then the second, and so on, until none fails.
template <class Body>
void at_every_request(const char* what, Body&& body) {
  body();  // what is made once, and kept
  long failures = 0;
  for (long request = 0;; ++request) {
    const long before = held;
    left = request;
    bool ran_out = false;
    try {
      body();
    } catch (const std::bad_alloc&) {
      ran_out = true;
    }
    const bool reached = left < 0;
    left = -1;
    failures += ran_out ? 1 : 0;
    if (held != before) {
      std::fprintf(stderr, "%s: %ld blocks are left behind after request %ld\n", what, held - before,
                   request);
      failed = true;
    }
    if (!reached) break;
  }
  std::printf("%s: %ld requests failed\n", what, failures);
  if (failures == 0) failed = true;
}

/// Runs `change` on a copy of a cube; when memory runs out, the copy must be what it was.
template <class Change>
void all_or_nothing(const Cube& before, Change&& change) {
  Cube cube = before;
  try {
    change(cube);
  } catch (const std::bad_alloc&) {
    left = -1;
    if (!(cube == before)) {
      std::fprintf(stderr, "a cube is not what it was when memory ran out\n");
      failed = true;
    }
    throw;
  }
}

Cube counted() {
  Cube cube;
  for (const Channel channel : {Channel::telephone, Channel::letter, Channel::self_service}) {
    Registration contact{*Municipality::from_code(657), "2011-W43"_week,    "28.09.40"_kle, channel,
                         ContactType::new_case,         Direction::incoming};
    contact.count = 100;
    contact.source = "a source whose name is longer than a short text";
    cube.add(contact);
  }
  return cube;
}

}  // namespace

int main() {
  const Cube cube = counted();
  const std::string saved = serialised(cube);
  const std::string frozen =
      baseline_bytes(freeze(cube, load_task_set("kl-35"), Scheme::kl_2012, *parse_date("2011-11-13")));
  const PriceTable prices = load_prices("copenhagen-2010");
  at_every_request("a cube is read, and moved", [&] {
    Cube read = deserialised(saved, "saved");
    Cube moved = std::move(read);
    std::optional<Cube> there{std::move(moved)};
    Cube back;
    back = std::move(*there);
  });
  Cube large;  // its pieces are of several blocks
  for (std::int32_t task = 0; task < 4'000; ++task)
    for (const std::uint32_t municipality : {101U, 147U, 657U})
      large.add({*Municipality::from_code(municipality), "2011-W43"_week, *KleNumber::from_digits(task * 10),
                 Channel::letter, ContactType::new_case, Direction::incoming});
  at_every_request("a cube becomes another", [&] {
    all_or_nothing(cube, [&](Cube& copy) { copy = large; });
    all_or_nothing(large, [&](Cube& copy) { copy = cube; });
  });
  at_every_request("a cube is merged", [&] {
    all_or_nothing(cube, [&](Cube& copy) { copy.merge(large); });
    all_or_nothing(large, [&](Cube& copy) { copy.merge(cube); });
    all_or_nothing(large, [&](Cube& copy) { copy.merge(copy); });
  });
  at_every_request("a count passes 32 bits", [&] {
    all_or_nothing(large, [](Cube& copy) {
      Registration many{*Municipality::from_code(101), "2011-W43"_week,    "00.00.10"_kle, Channel::letter,
                        ContactType::new_case,         Direction::incoming};
      many.count = 5'000'000'000;
      copy.add(many);
    });
  });
  at_every_request("a baseline is read", [&] { static_cast<void>(parse_baseline(frozen, "frozen")); });
  at_every_request("a cube is priced", [&] {
    CostQuery query;
    query.by = {Dimension::channel};
    query.unpriced_apart = true;
    static_cast<void>(costs(cube, prices.choose(), query));
  });
  at_every_request("a price table is read", [] {
    static_cast<void>(parse_prices_csv("channel;minutes;hourly_cost\ntelephone;7;300 kr.\n", "p.csv"));
    static_cast<void>(parse_prices_toml("[[price]]\nchannel = \"letter\"\nprice = 1\n", "p.toml"));
  });
  at_every_request("goals are held against a count", [&] {
    const auto goals = parse_goals(
        "[[goal]]\nid = \"a\"\ntitle = \"t\"\nmeasure = \"self_service\"\ncomparator = "
        "\"at_least\"\nvalue = \"80 %\"\n",
        "g.toml");
    static_cast<void>(evaluate_goal(goals.front(), cube));
  });
  // So many rows that they are counted in every way there is; 5 of a hundred lie in a week that comes late.
  constexpr std::size_t kRows = 70'000;
  std::vector<std::int32_t> municipality(kRows), week(kRows), task(kRows);
  std::vector<std::uint8_t> channel(kRows), type(kRows), direction(kRows, 1);
  for (std::size_t row = 0; row < kRows; ++row) {
    municipality[row] = row % 2 == 0 ? 657 : 101;
    week[row] = row > 60'000 && row % 20 == 0 ? 201218 : 201217;
    task[row] = row % 3 == 0 ? 230510 : 23402;
    channel[row] = static_cast<std::uint8_t>(row % 13);  // some are none
    type[row] = static_cast<std::uint8_t>(row % 6 + 1);
  }
  Columns columns;
  columns.rows = kRows;
  columns.municipality = municipality.data();
  columns.week = week.data();
  columns.task = task.data();
  columns.channel = channel.data();
  columns.type = type.data();
  columns.direction = direction.data();
  Round round = *builtin_round("2012-spring");
  round.id = "a-round-with-a-name-that-asks-for-memory";
  at_every_request("columns are added", [&] {
    Cube into = cube;
    try {
      add_columns(into, columns, &round);
    } catch (const std::bad_alloc&) {
      if (into == cube) throw;
      std::fputs("columns are added: the cube is not as it was\n", stderr);
      failed = true;
    }
  });
  at_every_request("a case is computed and drawn", [] {
    static_cast<void>(
        explain(evaluate_case("title = \"t\"\n[scaled_fte]\nfte = { low = 1, high = 2 }\nat = \"50 %\"\n"
                              "to = \"90 %\"\n[uncertainty]\nfigures = [\"scaled_fte\"]\ndraws = 10\n",
                              "case.toml")));
  });
  return failed ? 1 : 0;
}
