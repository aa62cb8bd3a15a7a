#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "guarded.hpp"
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
  std::map<komhen::KleNumber, komhen::ServiceLevel> levels;  ///< of the tasks' solutions; of costs
  std::optional<komhen::ServiceLevel> level;                 ///< of those on every other task
};
struct komhen_table {
  komhen::Table table;
  std::variant<std::monostate, komhen::MeasureTable, komhen::Comparison, komhen::Cube, komhen::CostTable,
               komhen::MovedContacts, std::vector<komhen::ValuedGoal>, std::vector<komhen::RankedTask>>
      origin;
};
struct komhen_prices {
  komhen::PriceTable table;
  komhen::PriceChoice choice;
};
struct komhen_case {
  /// The texts of a figure that its own fields do not hold.
  struct Texts {
    std::string value;
    std::string exact;
  };
  komhen::CaseResult result;
  std::vector<Texts> texts;  ///< one for each figure
};
struct komhen_baseline {
  komhen::Baseline baseline;
};
struct komhen_goals {
  std::vector<komhen::Goal> goals;
};

namespace komhen::capi {

/// A cube that no call is at work on which has called back.
template <class Handle>
Handle& at_rest(Handle* cube, const char* name) {
  Handle& out = there(cube, name);
  if (out.at_work.load(std::memory_order_relaxed))
    throw Error(ErrorKind::busy, std::string{name} + " is at work in the call that called back");
  return out;
}

/// The value of an enumeration that a number stands for.
template <Worded E>
E word(std::int32_t number, const char* what) {
  const auto value = from_number<E>(number);
  if (!value) refuse(std::string{what} + " is " + std::to_string(number) + ", which there is not");
  return *value;
}

[[nodiscard]] inline komhen_cube* handle_of(Cube cube) {
  auto out = std::make_unique<komhen_cube>();
  out->cube = std::move(cube);
  return out.release();
}

}  // namespace komhen::capi
