#include <doctest/doctest.h>

#include <array>
#include <optional>

#include "komhen/report/filter_counts.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

MeasureTable by_municipality_and_task(const Cube& cube, Measure measure,
                                      std::optional<Dimension> third = std::nullopt) {
  Query query;
  query.measure = measure;
  query.by = {Dimension::municipality, Dimension::task};
  if (third) query.by.push_back(*third);
  return komhen::measure(cube, query);
}

Cube cube_of_two() {
  Cube cube;
  auto contact = test::contact();  // Herning, 2012-W17, a move, telephone, new case, incoming
  contact.count = 3;
  cube.add(contact);
  contact.channel = Channel::self_service;
  contact.count = 5;
  cube.add(contact);
  contact.municipality = *Municipality::from_code(219);
  contact.task = *KleNumber::parse("32.03.04");
  cube.add(contact);
  return cube;
}

}  // namespace

TEST_CASE("counts for a filter name municipalities, tasks and cells once, and count by their places") {
  const Cube cube = cube_of_two();
  const MeasureTable channels = by_municipality_and_task(cube, Measure::contacts, Dimension::channel);
  const MeasureTable shares = by_municipality_and_task(cube, Measure::self_service);
  const std::array<const MeasureTable*, 2> tables{&channels, &shares};
  const FilterCounts found = filter_counts(tables);

  CHECK(found.municipalities == std::vector{219, 657});
  CHECK(found.tasks == std::vector<std::string>{"23.05.10", "32.03.04"});
  REQUIRE(found.cells.size() == 4);
  CHECK(found.cells[0].values == std::vector<std::string>{"self_service"});
  CHECK(found.cells[1].values == std::vector<std::string>{"telephone"});
  CHECK(found.cells[2].values == std::vector<std::string>{"numerator"});
  CHECK(found.cells[3].values == std::vector<std::string>{"denominator"});
  CHECK(found.cells[1].table == 0);
  CHECK(found.cells[3].table == 1);
  CHECK(found.json == "[[[1,[0,5,2,5,3,5]]],[[0,[1,3,0,5,2,5,3,8]]]]");
}

TEST_CASE("a count of zero is left out, and no contacts are an empty list") {
  Cube cube;
  const MeasureTable none = by_municipality_and_task(cube, Measure::contacts);
  const std::array<const MeasureTable*, 1> empty{&none};
  CHECK(filter_counts(empty).json == "[]");

  cube.add(test::contact());
  const MeasureTable share = by_municipality_and_task(cube, Measure::self_service);
  const std::array<const MeasureTable*, 1> one{&share};
  CHECK(filter_counts(one).json == "[[[0,[1,1]]]]");
}

TEST_CASE("a table of other dimensions gives no counts for a filter") {
  Query query;
  query.by = {Dimension::task, Dimension::municipality};
  const MeasureTable table = komhen::measure(cube_of_two(), query);
  const std::array<const MeasureTable*, 1> tables{&table};
  CHECK_THROWS_WITH_AS(static_cast<void>(filter_counts(tables)),
                       "counts for a filter are of tables by municipality and task", Error);
}
