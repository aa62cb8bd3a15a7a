#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cube_queue.hpp"
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
 public:
  komhen_cube() = default;
  explicit komhen_cube(komhen::Cube cube) : cube_{std::move(cube)} {}

  /// Everything that has been counted. Threads: as a cube; many may read at once.
  [[nodiscard]] const komhen::Cube& cube() const noexcept {
    if (is_queued_.load(std::memory_order_acquire)) settle();
    return cube_;
  }
  [[nodiscard]] komhen::Cube& cube() noexcept {
    if (is_queued_.load(std::memory_order_relaxed)) settle();
    queue_.forget();
    return cube_;
  }
  /// One contact by the queue. Threads: as a cube's writer.
  komhen::Reason add(const komhen::Codes& codes, const komhen::Admission& admission) {
    is_queued_.store(true, std::memory_order_relaxed);
    return komhen::detail::add_codes(cube_, queue_, codes, admission);
  }

  std::atomic<bool> at_work{false};  ///< a call that calls back is under way
  /// Known to be noted in the cube. What the queue remembers may be of its rules, by its address: who puts
  /// another here has called cube() before, which forgets.
  std::shared_ptr<const komhen::Round> last_round;

 private:
  /// The first reader after contacts came brings them home, and others wait for it.
  void settle() const noexcept {
    const std::lock_guard held{settling_};
    if (!is_queued_.load(std::memory_order_relaxed)) return;
    queue_.settle(cube_);
    is_queued_.store(false, std::memory_order_release);
  }

  mutable komhen::Cube cube_;
  mutable komhen::detail::CubeQueue queue_;
  mutable std::mutex settling_;
  mutable std::atomic<bool> is_queued_{false};  ///< whether the queue may hold something
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
  return std::make_unique<komhen_cube>(std::move(cube)).release();
}

}  // namespace komhen::capi
