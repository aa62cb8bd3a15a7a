// Small codes are looked up sixteen rows at a time where the processor can. What they lead to is what every
// row by itself says.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "byte_steps.hpp"
#include "scan.hpp"

using komhen::detail::ByteSteps;
using komhen::detail::ScanLevel;

TEST_CASE("codes lead as far sixteen at a time as one by one, whatever codes there are") {
  std::mt19937 engine{11};
  const auto below = [&](std::uint32_t limit) { return static_cast<std::uint32_t>(engine()) % limit; };
  const ScanLevel highest = komhen::detail::scan_level();
  for (int round = 0; round < 200; ++round) {
    const std::uint32_t farthest = 1 + below(round % 4 == 0 ? 300 : 85);
    const std::uint32_t codes = 1 + below(16);
    const std::uint32_t odd = round % 3 == 0 ? 0 : 1 + below(200);  // one row in so many has any codes
    ByteSteps steps;
    std::array<ByteSteps::Steps*, 3> columns{&steps.channels(), &steps.types(), &steps.directions()};
    for (ByteSteps::Steps* column : columns) {
      column->fill(ByteSteps::kNowhere);
      for (std::uint32_t code = 0; code < codes; ++code)
        if (below(8) != 0) (*column)[code] = below(farthest);
      if (round % 2 == 0) (*column)[below(256)] = below(farthest);
    }
    const std::size_t rows = below(200);
    std::array<std::vector<std::uint8_t>, 3> rows_of;
    for (std::vector<std::uint8_t>& column : rows_of)
      for (std::size_t row = 0; row < rows; ++row)
        column.push_back(static_cast<std::uint8_t>(odd != 0 && below(odd) == 0 ? below(256) : below(codes)));
    std::vector<std::uint32_t> expected(rows);
    for (std::size_t column = 0; column < 3; ++column)
      for (std::size_t row = 0; row < rows; ++row) expected[row] += (*columns[column])[rows_of[column][row]];
    for (const ScanLevel level : {ScanLevel::plain, highest}) {
      CHECK(komhen::detail::use_scan_level(level));
      steps.settle();
      std::vector<std::uint32_t> places(rows, 7);
      steps.lead(rows_of[0].data(), rows_of[1].data(), rows_of[2].data(), rows, places.data());
      CHECK(places == expected);
    }
  }
  CHECK(komhen::detail::use_scan_level(highest));
}
