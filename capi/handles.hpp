#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <variant>

#include "komhen.h"
#include "komhen/komhen.hpp"

/// What stands behind the opaque handles of komhen.h.

struct komhen_buffer {
  std::string bytes;
};
struct komhen_round {
  std::shared_ptr<const komhen::Round> round;
};
struct komhen_participation {
  komhen::Participation participation;
};
struct komhen_profile {
  komhen::Profile profile;
};
struct komhen_cube {
  komhen::Cube cube;
  std::atomic<bool> at_work{false};                 ///< a call that calls back is under way
  std::shared_ptr<const komhen::Round> last_round;  ///< known to be noted in the cube
};
struct komhen_query {
  komhen::Query query;
};
struct komhen_table {
  komhen::Table table;
  std::variant<komhen::MeasureTable, komhen::Comparison, komhen::Cube> origin;
};
