#pragma once

#include <string>

#include "input_bytes.hpp"
#include "komhen/tally/count.hpp"

namespace komhen::detail {

/// Counts what may be read anywhere as count_files() counts a file.
[[nodiscard]] Counted count_input(const InputBytes& bytes, const std::string& name,
                                  const CountOptions& options);

}  // namespace komhen::detail
