// A few codes that lie very close together are looked up many rows at a time where the processor can. What
// they lead to is what every row by itself says.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "code_steps.hpp"
#include "scan.hpp"

using komhen::detail::CodeSteps;
using komhen::detail::ScanLevel;

namespace {

template <class Code>
void check_steps(std::mt19937& engine, int round) {
  const auto below = [&](std::uint32_t limit) { return static_cast<std::uint32_t>(engine()) % limit; };
  const auto code_of = [](std::uint32_t number) {
    return static_cast<std::uint32_t>(static_cast<Code>(number));
  };
  // Very close together, close, apart in places of their own, and too many for that.
  const std::uint32_t spread[] = {14, 700, 300'000, 0xFFFF'FFFF};
  const std::uint32_t many = 1 + below(round % 16 == 3 ? 3000 : 60);
  const std::uint32_t from = below(4) == 0 ? 0U - below(5) : below(300'000);
  std::map<std::uint32_t, std::uint32_t> leads;
  for (std::uint32_t i = 0; i < many; ++i) {
    const std::uint32_t code = code_of(from + below(spread[round % 4]));
    if (round % 4 != 0 || leads.size() < 15) leads[code] = below(4'000'000);
  }
  std::vector<Code> codes(below(200));
  for (Code& code : codes) {
    auto met = leads.begin();
    std::advance(met, below(static_cast<std::uint32_t>(leads.size())));
    code = static_cast<Code>(below(10) == 0 ? met->first + below(40) : met->first);
  }
  std::vector<std::uint32_t> expected(codes.size(), 7);
  for (std::size_t row = 0; row < codes.size(); ++row) {
    const auto met = leads.find(code_of(static_cast<std::uint32_t>(codes[row])));
    expected[row] += met != leads.end() ? met->second : CodeSteps::kNowhere;
  }
  const ScanLevel highest = komhen::detail::scan_level();
  for (const ScanLevel level : {ScanLevel::plain, highest}) {
    CHECK(komhen::detail::use_scan_level(level));
    // All of them at once, or some of them one after the other.
    std::vector<CodeSteps::Lead> all{leads.begin(), leads.end()};
    if (round % 3 != 0) std::ranges::shuffle(all, engine);
    const auto known = all.begin() + below(static_cast<std::uint32_t>(all.size() + 1));
    CodeSteps steps{{all.begin(), known}};
    for (auto lead = known; lead != all.end(); ++lead) {
      CHECK_FALSE(steps.knows(lead->first));
      steps.learn(*lead);
      CHECK(steps.knows(lead->first));
    }
    std::vector<std::uint32_t> places(codes.size(), 7);
    steps.lead(codes.data(), codes.size(), places.data());
    CHECK(places == expected);
  }
  CHECK(komhen::detail::use_scan_level(highest));
}

}  // namespace

TEST_CASE("codes lead as far many at a time as one by one, whatever codes there are") {
  std::mt19937 engine{11};
  for (int round = 0; round < 400; ++round) {
    check_steps<std::int32_t>(engine, round);
    check_steps<std::uint8_t>(engine, round);
  }
}

TEST_CASE("where no code has been met, every code leads nowhere") {
  const std::vector<std::uint8_t> codes{0, 1, 255};
  std::vector<std::uint32_t> places(3);
  CodeSteps{}.lead(codes.data(), codes.size(), places.data());
  CHECK(places == std::vector<std::uint32_t>(3, CodeSteps::kNowhere));
}
