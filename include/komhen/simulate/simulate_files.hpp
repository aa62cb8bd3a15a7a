#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "komhen/simulate/simulate.hpp"

namespace komhen {

/// Where the participation of a simulated round is written: `spring.csv` has `spring.participation.csv`
/// beside it.
[[nodiscard]] std::string participation_path(const std::string& out);

/// Writes a simulated round and its participation. Both files appear when both are complete.
/// @param progress  called now and then with the rows written; false stops the call (ErrorKind::cancelled).
/// @throws Error (argument, file, cancelled); neither file was changed then.
SimulatedRound simulate_to_files(const SimulateOptions& options, const std::string& out,
                                 const std::function<bool(std::int64_t)>& progress = {});

}  // namespace komhen
