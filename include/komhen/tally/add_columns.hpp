#pragma once

#include <cstdint>
#include <span>

#include "komhen/registration/columns.hpp"
#include "komhen/registration/outcome.hpp"
#include "komhen/round/participation.hpp"
#include "komhen/round/round.hpp"
#include "komhen/tally/cube.hpp"

namespace komhen {

/// Adds registrations that a program holds as columns of codes. Every row is checked as check() does; a row
/// that fails is data, and left out with its reason.
///
/// There are no event ids in columns: what is added twice is counted twice. The cube remembers the round.
/// Nothing is allocated per row.
/// @param round          as in CountOptions; nullptr: any week and task counts
/// @param participation  as in CountOptions; nullptr: every municipality counts in every week
/// @param reasons        receives the number of every row's Reason, 0 for accepted; empty, or one a row
/// @return  rows_read, rows_accepted, contacts, rejected and round; the encoding is `utf-8` and there are no
///          unread columns.
/// @throws Error: argument for a required column that is missing, several texts without an index, or
///         `reasons` of another length; overflow; edition when the cube has another round under the same id.
///         The cube is then as it was (when memory runs out, too); `reasons` may have been written to.
Outcome add_columns(Cube& cube, const Columns& columns, const Round* round = nullptr,
                    const Participation* participation = nullptr, std::span<std::uint8_t> reasons = {});

/// The same for one registration: its reason, `accepted` when it was added. The cube does not remember a
/// round.
/// @throws Error: overflow. The cube is then as it was.
Reason add_codes(Cube& cube, const Codes& codes, const Admission& admission = {});

/// The same, and the cube remembers the round: both, or on an error neither.
/// @throws Error: overflow; edition as add_columns(). The cube is then as it was.
Reason add_codes_of_round(Cube& cube, const Codes& codes, const Round& round,
                          const Participation* participation = nullptr);

}  // namespace komhen
