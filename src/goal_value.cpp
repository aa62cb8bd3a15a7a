#include "komhen/cost/goal_value.hpp"

#include <algorithm>

namespace komhen {
namespace {

bool has(const std::vector<Channel>& channels, Channel channel) {
  return std::ranges::find(channels, channel) != channels.end();
}

std::optional<Channel> target(const Goal& goal) {
  if (!goal.to.empty()) return goal.to.front();
  if (goal.kind == GoalKind::measure && goal.query.measure == Measure::self_service)
    return Channel::self_service;
  return std::nullopt;
}

/// How many of a row's contacts are where the goal does not want them.
std::int64_t movable(const GoalResult& result, const MeasureRow& row, Channel channel) {
  const Goal& goal = result.goal;
  const bool too_few = goal.comparator == Comparator::at_least ||
                       (goal.comparator == Comparator::within && result.value && *result.value < goal.low);
  if (goal.kind == GoalKind::channels)
    return has(goal.channels, channel) == too_few ? 0 : row.share.numerator;
  if (!goal.channels.empty() && !has(goal.channels, channel)) return 0;
  if (goal.kind != GoalKind::measure) return row.share.numerator;
  return too_few ? row.share.denominator - row.share.numerator : row.share.numerator;
}

}  // namespace

std::optional<GoalValue> value_of_goal(const GoalResult& result, const Cube& now, const PriceList& prices,
                                       bool unpriced_apart) {
  const Goal& goal = result.goal;
  const auto to = target(goal);
  if (!to || !result.contacts_to_move) return std::nullopt;
  prices.check_scheme(result.scheme);

  // The goal's own population, by what prices ask for.
  Query query = goal.query;
  query.scheme = result.scheme;
  query.tasks = result.tasks;
  query.by = {Dimension::channel, Dimension::direction, Dimension::group};
  if (goal.kind != GoalKind::measure) {
    query.measure = Measure::contacts;
    const bool says = std::ranges::any_of(
        query.filters, [](const Filter& f) { return f.dimension == Dimension::direction; });
    if (!says) query.filters.push_back({Dimension::direction, {"incoming"}, false});
  }

  GoalValue value;
  value.contacts = *result.contacts_to_move;
  value.to = *to;
  ExactAmount saved;
  for (const MeasureRow& row : measure(now, query).rows) {
    const PricedContact from{static_cast<Channel>(row.key[0].number),
                             static_cast<Direction>(row.key[1].number), static_cast<Group>(row.key[2].number),
                             std::nullopt};
    const std::int64_t count = movable(result, row, from.channel);
    if (count == 0 || from.channel == *to) continue;
    PricedContact there = from;
    there.channel = *to;
    const PriceRow* price = unpriced_apart ? prices.find(from) : &prices.at(from);
    const PriceRow* then = unpriced_apart ? prices.find(there) : &prices.at(there);
    if (price == nullptr || then == nullptr) {  // a saving needs both
      value.unpriced += count;
      continue;
    }
    saved += (price->price - then->price) * ExactNumber{count};
    value.priced += count;
  }
  if (value.priced == 0) return std::nullopt;
  value.each = saved / ExactNumber{value.priced};
  value.saving = value.each * ExactNumber{value.contacts};
  return value;
}

}  // namespace komhen
