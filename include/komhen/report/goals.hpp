#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "komhen/cost/goal_value.hpp"
#include "komhen/cost/wave.hpp"
#include "komhen/measure/goal.hpp"
#include "komhen/report/table.hpp"

namespace komhen {

/// A goal's result, and what reaching it would save where that is known.
struct ValuedGoal {
  GoalResult result;
  std::optional<GoalValue> value = {};
};

/// `{"goals":[{"id","title","source","kind","comparator","low","high","due","outcome","tasks","scheme","share",
/// "share_before","value","gap_points","contacts_to_move","saving","notes"}]}`. Numbers that are not counts
/// are decimal text, rounded half up to six decimals (kroner: two); null where there is none.
[[nodiscard]] std::string to_json(std::span<const ValuedGoal> goals);
/// `{"tasks":[{"rank","task","contacts","self_service","movable","unpriced","potential","obstacles","unknowns","reasons"}]}`
[[nodiscard]] std::string to_json(std::span<const RankedTask> tasks);
/// `{"date","tasks","scheme","contacts","fingerprint"}`
[[nodiscard]] std::string to_json(const Baseline& baseline);

/// A row for each goal: `goal`, `title`, `comparator`, `low`, `high`, `due`, `outcome`, `value`,
/// `gap_points`, `contacts_to_move`, `saving` (kroner), `unpriced` (contacts without a price, in no saving).
/// Notes: those of the goals, each behind its id.
[[nodiscard]] Table table_of(std::span<const ValuedGoal> goals);
/// A row for each task: `rank`, `task`, `contacts`, `self_service`, `movable`, `unpriced`, `potential`
/// (kroner), `obstacles`, `unknowns`, `reasons` (sentences with `; ` between them).
[[nodiscard]] Table table_of(std::span<const RankedTask> tasks);
/// The plan of the four waves as it was printed, and what came: `wave`, `areas`, `analysed`, `agreed`,
/// `solutions`, `law`, `actual`, `actual_source`, `correction`.
[[nodiscard]] Table wave_plan();

}  // namespace komhen
