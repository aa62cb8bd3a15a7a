#include <doctest/doctest.h>

#include <array>
#include <map>
#include <random>

#include "komhen/tally/cell_table.hpp"

using Table = komhen::detail::CellTable<std::uint64_t>;
using Cells = std::map<std::uint64_t, std::int64_t>;

namespace {

Cells cells_of(const Table& table) {
  Cells out;
  bool once = true;
  table.for_each(
      [&](std::uint64_t key, std::int64_t count) { once = out.emplace(key, count).second && once; });
  CHECK(once);
  return out;
}

/// A key of one of `lines` lines: near cells lie together.
std::uint64_t key_in(std::mt19937_64& random, std::uint64_t lines) {
  return (random() % lines * 0x1234'5677U) << 3U | random() % 6;
}

}  // namespace

TEST_CASE("cells are the same however they come, and a copy of them stays as it is") {
  std::mt19937_64 random{1};
  for (const std::uint64_t lines : {1U, 40U, 3'000U, 30'000U, 2'000'000U}) {
    for (const std::int64_t most : {std::int64_t{3}, std::int64_t{2'147'483'647}}) {
      CAPTURE(lines);
      CAPTURE(most);
      Table table;
      Cells expected;
      std::array<Table::Cell, Table::kTogether> some;
      for (int i = 0; i < 4'000; ++i) {
        const std::size_t together = 1 + random() % some.size();
        for (std::size_t k = 0; k < together; ++k) {
          some[k] = {key_in(random, lines),
                     1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most))};
          expected[some[k].key] += some[k].count;
        }
        if (i % 7 == 0)
          for (std::size_t k = 0; k < together; ++k) table.add(some[k].key, some[k].count);
        else
          table.add_some({some.data(), together});
      }
      CHECK(table.size() == expected.size());
      CHECK(cells_of(table) == expected);
      const Table copy{table};
      // What is taken away again leaves what was there before, and room for what is near.
      for (int i = 0; i < 20'000; ++i) {
        const auto place = expected.lower_bound(key_in(random, lines));
        if (place == expected.end()) continue;
        const std::int64_t count =
            1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(place->second));
        table.take(place->first, count);
        if ((place->second -= count) == 0) expected.erase(place);
      }
      CHECK(table.size() == expected.size());
      CHECK(cells_of(table) == expected);
      const std::uint64_t key = copy.size() != 0 ? cells_of(copy).begin()->first : 0;
      table.add(key, 5);
      expected[key] += 5;
      CHECK(cells_of(table) == expected);
    }
  }
}

TEST_CASE("near cells take less memory than a key and a count each, and counts pass 32 bits") {
  Table table;
  for (std::uint64_t line = 0; line < 20'000; ++line)
    for (std::uint64_t near = 0; near < 6; ++near) table.add(line << 3U | near, 1);
  CHECK(table.size() == 120'000);
  CHECK(table.bytes() < table.size() * sizeof(Table::Cell));
  for (int i = 0; i < 300; ++i) table.add(7U << 3U, 2'147'483'647);
  const Cells cells = cells_of(table);
  CHECK(cells.size() == 120'000);
  CHECK(cells.at(7U << 3U) == 1 + 300 * std::int64_t{2'147'483'647});
  CHECK(cells.at(7U << 3U | 1U) == 1);
}

TEST_CASE("a table that is added to another adds cell by cell") {
  std::mt19937_64 random{2};
  for (const std::uint64_t lines : {1U, 40U, 30'000U})
    for (const std::int64_t most : {std::int64_t{3}, std::int64_t{1} << 40U}) {
      CAPTURE(lines);
      CAPTURE(most);
      Table one;
      Table other;
      Cells expected;
      for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t key = key_in(random, lines);
        const std::int64_t count = 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most));
        (i % 3 == 0 ? one : other).add(key, count);
        expected[key] += count;
      }
      const auto contacts = [](const Table& table) {
        std::int64_t sum = 0;
        table.for_each([&](std::uint64_t, std::int64_t count) { sum += count; });
        return sum;
      };
      one.add_all(contacts(other), [&](auto&& visit) { other.for_each(visit); });
      CHECK(one.size() == expected.size());
      CHECK(cells_of(one) == expected);
      const Table copy = one;
      one.add_all(contacts(copy), [&](auto&& visit) { copy.for_each(visit); });
      for (auto& [key, count] : expected) count *= 2;
      CHECK(cells_of(one) == expected);
      CHECK(one.size() == expected.size());
    }
}
