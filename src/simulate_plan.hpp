#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "komhen/round/week.hpp"
#include "komhen/taxonomy/channel.hpp"
#include "komhen/taxonomy/contact_type.hpp"
#include "komhen/taxonomy/direction.hpp"
#include "komhen/taxonomy/kle.hpp"
#include "komhen/taxonomy/municipality.hpp"
#include "simulate_model.hpp"
#include "simulate_random.hpp"

namespace komhen::detail {

/// Where the simulation says that a contact came from.
enum class SimulatedSource : std::uint8_t { upload, manual, nemrefusion };

/// How many contacts of a kind the round has.
struct Cell {
  KleNumber task;
  Channel channel;
  ContactType type;
  Direction direction;
  SimulatedSource source;
  std::int64_t contacts;  ///< at least 1
};

/// A week that a municipality declared.
struct Slot {
  Municipality municipality;
  Week week;
  std::int64_t rows;       ///< at least 1
  std::int64_t eagerness;  ///< for self-service, -40 to 40 or so: how many of a hundred contacts of the other
                           ///< kind are drawn again, once; over all rows about 0
};

/// A whole round in whole numbers. Which contact falls in which slot is drawn when writing.
struct Plan {
  std::vector<Cell> cells;
  std::vector<Slot> slots;  ///< in the order of the file; a municipality's weeks follow each other
};

/// The model of a round. @throws Error (argument) when no figures of it were printed.
[[nodiscard]] const RoundModel& model_of(std::string_view round);

/// Plans a round. Contacts and slots both add up to `rows`, which is model.minimum to kSimulateMaximum.
[[nodiscard]] Plan plan_round(const RoundModel& model, std::int64_t rows, Generator& generator);

}  // namespace komhen::detail
