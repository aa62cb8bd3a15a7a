#pragma once

#include <vector>

#include "bindings.hpp"
#include "komhen/report/goals.hpp"

/// Results that the core gives as a vector, as types of Python's.
namespace komhen::python {

struct GoalTable {
  std::vector<ValuedGoal> goals;
};
struct Ranking {
  std::vector<RankedTask> tasks;
};

}  // namespace komhen::python
