// The table of bytes that rows in haste are counted in, beside a map of the same cells.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "cross_table.hpp"
#include "cube_cells.hpp"
#include "hasty_cells.hpp"
#include "kept_ways.hpp"
#include "komhen/tally/cube.hpp"

using namespace komhen;
using detail::CrossTable;
using Cells = std::map<std::uint64_t, std::int64_t>;

namespace {

/// Narrow keys: of so many municipalities and weeks, tasks and units, and of so many combinations of the
/// rest.
class Keys {
 public:
  Keys(std::uint32_t seed, std::uint32_t rows, std::uint32_t columns)
      : engine_{seed}, rows_{rows}, columns_{columns} {}

  std::uint64_t next() {
    const std::uint64_t row = engine_() % rows_;
    const std::uint64_t column = engine_() % columns_;
    std::uint64_t key = (row & 0x7FU) << 57U | (row >> 7U & 0xFFU) << 45U;
    key |= (row * 5 & 0xFFFU) << 25U | (row * 3 & 0x7FFFU) << 10U;
    key |= (column & 0xFU) << 41U | (column >> 4U & 3U) << 39U | (column >> 6U & 3U) << 37U;
    key |= (column >> 8U & 0x3FU) << 4U | (column >> 14U & 1U) << 3U;
    return key | engine_() % detail::NearCells::kNear;
  }

 private:
  std::mt19937 engine_;
  std::uint32_t rows_;
  std::uint32_t columns_;
};

/// What has been counted: what came apart, and what is taken out.
void take_out(CrossTable& table, Cells& into) {
  table.take_out([&](const CrossTable::NearFew& near) {
    std::int64_t contacts = 0;
    for (std::size_t i = 0; i < detail::NearCells::kNear; ++i) {
      if (near.count(i) == 0) continue;
      into[near.first | i] += near.count(i);
      contacts += near.count(i);
    }
    CHECK(contacts > 0);
    CHECK(near.contacts() == contacts);
  });
}

Cells counted(CrossTable& table, const std::vector<CrossTable::Cell>& cells) {
  Cells out;
  for (std::size_t from = 0; from < cells.size(); from += CrossTable::kTogether) {
    const std::size_t size = std::min(CrossTable::kTogether, cells.size() - from);
    std::vector<std::uint64_t> apart;
    table.count({cells.data() + from, size}, [&](std::uint64_t key, std::int64_t contacts) {
      out[key] += contacts;
      apart.push_back(key);
    });
    for (const std::uint64_t key : apart) {
      if (table.wants_width(key)) {
        take_out(table, out);
        table.widen();
      }
      table.admit(key);
    }
  }
  take_out(table, out);
  return out;
}

}  // namespace

TEST_CASE("a cross table counts what comes, whatever has a place in it and however often it comes") {
  struct Shape {
    std::uint32_t rows;
    std::uint32_t columns;
    std::size_t bytes;
    std::int64_t most;
  };
  constexpr std::array<Shape, 7> kShapes{{{1, 1, 512, 1},
                                          {3, 20, 4096, 300},
                                          {300, 30, 1U << 20U, 1},
                                          {9000, 25, 1U << 20U, 2},      // more rows than there is room for
                                          {40, 900, 1U << 20U, 70'000},  // it is made wider, many times
                                          {2, 30'000, 1U << 20U, 1},     // more columns than there can be
                                          {5000, 5000, 512, 2'147'483'647}}};
  for (const Shape& shape : kShapes)
    for (std::uint32_t seed = 1; seed <= 3; ++seed) {
      CAPTURE(shape.rows);
      CAPTURE(shape.columns);
      Keys keys{seed, shape.rows, shape.columns};
      std::mt19937 engine{seed};
      CrossTable table;
      for (int turn = 0; turn < 2; ++turn) {  // it can begin again when it has ended
        std::vector<CrossTable::Cell> cells(20'000);
        Cells expected;
        for (auto& cell : cells) {
          cell = {keys.next(),
                  1 + static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(shape.most))};
          expected[cell.key] += cell.count;
        }
        table.begin(shape.bytes);
        CHECK(table.is_on());
        CHECK(counted(table, cells) == expected);
        CHECK(table.counted() == 0);
        table.end();
        CHECK(!table.is_on());
      }
    }
}

TEST_CASE("most of what comes again has a place in a cross table") {
  Keys keys{1, 300, 20};
  CrossTable table;
  table.begin(std::size_t{1} << 20U);
  std::size_t apart = 0;
  for (int i = 0; i < 100'000; ++i) {
    const CrossTable::Cell cell{keys.next(), 1};
    table.count({&cell, 1}, [&](std::uint64_t key, std::int64_t contacts) {
      apart += contacts == 1 ? 1U : 0U;
      if (contacts == 1) table.admit(key);
    });
  }
  CHECK(apart < 1000);
  CHECK(table.counted() + apart == 100'000);
}

TEST_CASE("cells in haste reach the cube, with a table and without one") {
  const test::KeptWays kept;
  for (const std::size_t from : {std::size_t{0}, std::size_t{1000}, std::size_t{1} << 30U}) {
    detail::count_ways().table_from = from;
    detail::count_ways().table_bytes = std::size_t{1} << 16U;
    CAPTURE(from);
    Registration registration{*Municipality::from_code(657),
                              *Week::parse("2012-W17"),
                              *KleNumber::parse("23.05.10"),
                              Channel::telephone,
                              ContactType::guidance,
                              Direction::incoming,
                              Closure::not_stated,
                              AttachedForm::none,
                              "",
                              "",
                              1};
    Cube expected;
    Cube cube;
    detail::HastyCells cells{detail::CubeCells{cube}};
    std::mt19937 engine{3};
    for (int i = 0; i < 30'000; ++i) {
      registration.unit = i < 15'000 ? "a" : i % 2 == 0 ? "b" : "c";
      registration.type = static_cast<ContactType>(1 + engine() % 6);
      registration.count = 1 + static_cast<std::int64_t>(engine() % 3);
      expected.add(registration);
      cells.push(*cells.cells().narrow_key_of(registration), registration.count);
    }
    cells.flush();
    CHECK(cube == expected);
  }
}
