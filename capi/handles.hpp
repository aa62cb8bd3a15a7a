#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <variant>

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
};
struct komhen_table {
  komhen::Table table;
  std::variant<komhen::MeasureTable, komhen::Comparison, komhen::Cube> origin;
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

[[nodiscard]] inline komhen_cube* handle_of(Cube cube) {
  auto out = std::make_unique<komhen_cube>();
  out->cube = std::move(cube);
  return out.release();
}

}  // namespace komhen::capi
