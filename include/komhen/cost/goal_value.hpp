#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "komhen/cost/channel_price.hpp"
#include "komhen/measure/goal.hpp"

namespace komhen {

/// What it would save to move the contacts that a goal is short of.
struct GoalValue {
  std::int64_t contacts = 0;           ///< that have to move; 0 when the goal is met
  Channel to = Channel::self_service;  ///< where they go
  ExactAmount each;           ///< what the move of one saves, on average over the contacts that can move
  ExactAmount saving;         ///< contacts x each; below zero where the new channel is dearer
  std::int64_t priced = 0;    ///< contacts that the average is over
  std::int64_t unpriced = 0;  ///< contacts that could move and have no price: in no average, and not at zero
};

/// The value of a goal's gap at a price table. The contacts that can move are those of the goal's `from` (or
/// `channels`, where those are to be few), else all that are not where they should be; each keeps its
/// direction and group. They go to the goal's first `to`, for self_service to self-service.
/// @param unpriced_apart  leave contacts without a price out of the average and count them; otherwise they
/// are an error.
/// @return nullopt where nothing is to move or nothing says where to: an attribute, a goal without gap in
/// contacts, a
///         goal without `to`.
/// @throws Error (argument) naming the combination without a price; the new channel's price is always needed.
[[nodiscard]] std::optional<GoalValue> value_of_goal(const GoalResult& result, const Cube& now,
                                                     const PriceList& prices, bool unpriced_apart = false);

}  // namespace komhen
