#pragma once

#include <array>
#include <cstdint>

#include "komhen/taxonomy/task.hpp"
#include "simulate_model.hpp"
#include "simulate_random.hpp"

namespace komhen::detail {

/// The applications of a task: incoming, types new_case and status_change.
struct Applications {
  std::int64_t contacts = 0;      ///< on all channels
  std::int64_t self_service = 0;  ///< of those
};

/// Applications of the 35 tasks, in the order of kTasks, that hold the printed share of every task, the
/// printed total and, against the other round, every printed change; the withheld task lies so that the total
/// holds without it too.
/// @param about  how many there should be in all. There are more when the smallest tasks take it to hold
/// their shares.
[[nodiscard]] std::array<Applications, kTasks.size()> plan_applications(const RoundModel& model,
                                                                        std::int64_t about,
                                                                        Generator& generator);

}  // namespace komhen::detail
