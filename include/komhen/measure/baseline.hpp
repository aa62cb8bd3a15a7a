#pragma once

#include <string>
#include <string_view>

#include "komhen/measure/dated_tasks.hpp"
#include "komhen/measure/measure.hpp"

namespace komhen {

/// A cube frozen as what later counts are measured against: its tasks, scheme and day are part of it.
struct Baseline {
  Cube cube;  ///< of those tasks alone
  TaskSet tasks;
  Scheme scheme = Scheme::kl_2012;
  Date date{};  ///< the day it was frozen
  std::string
      fingerprint;  ///< SHA-256 of all that the file holds before its seal: what parties can note down
};

/// Freezes a cube's contacts on these tasks.
/// @throws Error (argument) when no contact of the cube is on them, and for a day before their last week.
[[nodiscard]] Baseline freeze(const Cube& cube, const TaskSet& tasks, Scheme scheme, Date date);

/// The baseline as bytes; equal baselines give equal bytes.
[[nodiscard]] std::string baseline_bytes(const Baseline& baseline);
/// Reads what baseline_bytes() wrote. @throws Error (format) for bytes that are cut short, altered or no
/// baseline.
[[nodiscard]] Baseline parse_baseline(std::string_view bytes, std::string_view name);

/// Writes a file, which appears when it is complete. @throws Error (file).
void save_baseline(const Baseline& baseline, const std::string& path);
/// @throws Error (file, format).
[[nodiscard]] Baseline load_baseline(const std::string& path);

}  // namespace komhen
