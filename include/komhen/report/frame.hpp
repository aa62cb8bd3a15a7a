#pragma once

#include <span>

#include "komhen/cost/business_case.hpp"
#include "komhen/cost/channel_cost.hpp"
#include "komhen/report/goals.hpp"
#include "komhen/report/table.hpp"

/// Results of money as tables for data frames: every number column has a fixed number of decimals, kroner 2
/// and others 6, rounded half up once, and where that can lose something the exact value stands beside it as
/// a fraction, `<column>_exact`: `100/3`, or a whole number alone. Nothing there is null, which is not zero.
namespace komhen {

/// The dimensions, `contacts`, `unpriced`, `cost`, `cost_exact`, `per_contact`, `per_contact_exact` (null
/// where no contact has a price), `share` (of the total cost) and `share_exact`.
[[nodiscard]] Table frame_of(const CostTable& table);

/// `number`, `source`, `year`, `basis`, `price_class`, `channels`, `direction`, `group`, `level`, `price`
/// (kroner with 6 decimals: a price is not settled), `price_exact` and `derivation`. Null is "any".
[[nodiscard]] Table frame_of(const PriceList& prices);

/// The figures: `figure`, `label`, `value`, `value_exact` (null for an estimate), `unit`, `certainty`,
/// `formula`, `inputs`, `source`, `printed` and `notes`. `value` has 6 decimals; kroner are settled to whole
/// øre first.
[[nodiscard]] Table frame_of(const CaseResult& result);
/// `figure`, `input`, `unit`, `at_low`, `at_low_exact`, `at_high`, `at_high_exact`.
[[nodiscard]] Table tornado_frame(const CaseResult& result);
/// A row for each number drawn: `figure`, `unit`, `draws`, `seed`, `statistic` (`mean`, `lowest`, `highest`
/// or `percentile`), `per_cent` (of a percentile) and `value`.
[[nodiscard]] Table simulation_frame(const CaseResult& result);

/// `id`, `title`, `source`, `kind`, `comparator`, `low`, `high`, `due`, `outcome`, `tasks`, `scheme`,
/// `numerator`, `denominator`, `numerator_before`, `denominator_before`, `value`, `value_exact`,
/// `gap_points`, `gap_points_exact`, `contacts_to_move`, `saving` (kroner), `saving_exact`, `unpriced` and
/// `notes`.
[[nodiscard]] Table frame_of(std::span<const ValuedGoal> goals);

/// `rank`, `task`, `contacts`, `self_service`, `movable`, `unpriced`, `potential` (kroner),
/// `potential_exact`, `obstacles`, `unknowns` and `reasons`.
[[nodiscard]] Table frame_of(std::span<const RankedTask> tasks);

}  // namespace komhen
