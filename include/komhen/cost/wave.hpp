#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/cost/channel_price.hpp"
#include "komhen/measure/measure.hpp"

namespace komhen {

/// One wave of mandatory digital self-service, as it was planned and as it came.
struct Wave {
  int number;
  std::string_view areas;      ///< as planned
  std::string_view analysed;   ///< planned; empty where the plan names no month
  std::string_view agreed;     ///< planned
  std::string_view solutions;  ///< planned: every municipality has working solutions
  std::string_view law;        ///< planned
  std::string_view actual;     ///< what came, and when
  std::string_view actual_source;
  std::string_view correction;  ///< where komhen departs from the print, and why; empty where it does not
};

/// The plan of the four waves. Source of what was planned: KL, project description 1.1, September 2011,
/// "Tidsplan".
inline constexpr auto kWaves = std::to_array<Wave>({
    {1, "borgerservice I", "", "", "end of 2012", "end of 2012", "in force 2012-12-01", "L 159 2011-12", ""},
    {2, "borgerservice II", "May 2012", "June 2012", "mid 2013", "mid 2013", "from 2013-12-01",
     "L 198 2012-13; press for the day", ""},
    {3, "beskæftigelse, teknik og miljø", "May 2013", "June 2013", "mid 2014", "mid 2014",
     "law 552 of 2014-06-02; the day it took effect was not found", "L 158 2013-14",
     "the plan names employment (beskæftigelse) in wave 3 and again in wave 4; both are kept as printed"},
    {4, "beskæftigelse, social, integration", "May 2014", "June 2014", "mid 2015", "mid 2015",
     "law 742 of 2015-06-01; areas mandatory in December 2015",
     "L 140 2014-15; Digitaliseringsstyrelsen 19.12.2016",
     "the plan's last row prints the law on the third wave; the fourth is meant"},
});

/// What was found out of a task before it is made mandatory. nullopt: not known, which is not "no".
/// Source of the criteria: KL, project description 1.1, September 2011.
struct WaveCandidate {
  KleNumber task = "00.00.00"_kle;
  std::optional<bool> audience_ready;        ///< the primary audience is ready for it
  std::optional<bool> solution_exists;       ///< a working self-service solution exists
  std::optional<bool> effective_short_term;  ///< the digital channel serves well, soon
  std::optional<bool> effective_long_term;   ///< and in the long run
  std::optional<bool> law_needed;            ///< the law must change
  std::optional<Money> investment;           ///< one-off
  std::optional<ServiceLevel> level;         ///< of the solution, for its price
};

/// The analysis of a wave, from a file.
struct WaveAnalysis {
  std::string title;
  std::string source;
  ExactNumber scale{1};  ///< from the counted weeks to a year: given, never guessed
  std::vector<WaveCandidate> candidates;
};

/// Reads an analysis from TOML text, as docs/goals.md says. @throws Error (format) that names file, key and
/// value.
[[nodiscard]] WaveAnalysis parse_wave(std::string_view toml, std::string_view name);
/// @throws Error (file, format).
[[nodiscard]] WaveAnalysis load_wave(const std::string& path);

/// A task, its place among the candidates, and why it stands there.
struct RankedTask {
  WaveCandidate candidate;
  int rank = 0;
  std::int64_t contacts = 0;           ///< incoming applications counted
  std::int64_t self_service = 0;       ///< of them by self-service: the share now
  std::int64_t movable = 0;            ///< neither by self-service nor without a price
  std::int64_t unpriced = 0;           ///< not by self-service, and without a price: in no potential
  ExactAmount potential;               ///< movable x price difference, x scale
  std::vector<std::string> obstacles;  ///< criteria that speak against it
  std::vector<std::string> unknowns;   ///< criteria that nobody answered
  std::vector<std::string> reasons;    ///< in words: potential, share now, obstacles, unknowns, investment
};

/// Ranks the candidates for the next wave: fewest obstacles first, then the greatest potential, then fewest
/// unknowns, then the KLE number. The potential of a task is its contacts that are not yet by self-service x
/// (their price - self-service's price).
/// @throws Error (argument) for a missing price unless `unpriced_apart`; self-service's own price is always
/// needed.
[[nodiscard]] std::vector<RankedTask> rank_tasks(const WaveAnalysis& analysis, const Cube& cube,
                                                 const PriceList& prices,
                                                 std::optional<Scheme> scheme = std::nullopt,
                                                 bool unpriced_apart = false);

}  // namespace komhen
