#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/round/participation.hpp"

namespace komhen {

/// The most rows that simulate() writes, so that no product of two counts in the plan can overflow.
inline constexpr std::int64_t kSimulateMaximum = 2'000'000'000;

/// Which round is made up, and how large.
struct SimulateOptions {
  std::string round = {};  ///< one of kPublishedRounds: only they have printed figures to hold
  std::int64_t rows = 0;   ///< contacts, one a row; from simulate_minimum() to kSimulateMaximum
  std::uint64_t seed = 0;  ///< the same seed, round and rows give the same bytes on every machine
  bool event_ids = false;  ///< adds the column `event_id`, unique among rounds, seeds, sizes and rows
};

/// What a simulated round is besides its rows.
struct SimulatedRound {
  Participation participation;           ///< which weeks each municipality counts; every one of them has rows
  std::vector<std::string> assumptions;  ///< what no source prints and was made up, one sentence each
  std::int64_t rows = 0;                 ///< rows written, the header not counted
};

/// Writes a synthetic counting round as an exchange file (UTF-8, `;`, LF, a header, no count column) that
/// holds, all at once, what KL printed for the round: the self-service share of each of the 35 tasks and in
/// total, and for 2012-spring the wider shares, the types, the directions, the sources and the participation
/// too. Two rounds, of whatever seeds and sizes, also hold the printed changes between them.
///
/// Nobody counted these contacts: every source begins with `synthetic:`. Memory does not grow with the rows.
/// @param write  gets the file in pieces, in order; what it throws passes through.
/// @throws Error (argument) for a round without printed figures, for rows below simulate_minimum(), which it
///         names, and for rows above kSimulateMaximum; nothing was written then.
SimulatedRound simulate(const SimulateOptions& options, const std::function<void(std::string_view)>& write);

/// The fewest rows in which simulate() can hold the printed figures of a round, whatever the seed: a share
/// that is printed as 1 per cent alone takes 81 applications.
/// @throws Error (argument) for a round without printed figures.
[[nodiscard]] std::int64_t simulate_minimum(std::string_view round);

}  // namespace komhen
