#include "komhen/registration/columns.hpp"

#include <algorithm>

#include "codes.hpp"
#include "cube_batch.hpp"
#include "cube_queue.hpp"
#include "komhen/tally/add_columns.hpp"

namespace komhen {

using detail::CubeBatch;
using detail::LabelState;
using detail::PlaceCode;
using detail::TaskCode;

namespace {

/// Checks codes by the rules, and gives what is accepted to `add` with the numbers of its unit and source.
template <class Add>
Reason add_checked(const Cube& cube, const Codes& codes, const Admission& admission, Add&& add) {
  const PlaceCode place = detail::place_of(codes.municipality, codes.week, admission);
  const TaskCode task = detail::task_of(codes.task, admission);
  LabelState labels = detail::label_state(codes.event_id, kMaxEventId);
  // A text that the cube holds has been looked at before.
  const std::uint32_t unit = CubeBatch::known_unit(cube, codes.unit);
  if (unit == CubeBatch::kNone) labels = std::max(labels, detail::label_state(codes.unit, kMaxLabel));
  const std::uint32_t source = CubeBatch::known_source(cube, codes.source);
  if (source == CubeBatch::kNone) labels = std::max(labels, detail::label_state(codes.source, kMaxLabel));
  const Reason reason = detail::reason_of(codes, place, task, labels);
  if (reason == Reason::accepted) add(detail::registration_of(codes, place, task), unit, source);
  return reason;
}

}  // namespace

Checked check(const Codes& codes, const Admission& admission) {
  const PlaceCode place = detail::place_of(codes.municipality, codes.week, admission);
  const TaskCode task = detail::task_of(codes.task, admission);
  const LabelState labels =
      std::max({detail::label_state(codes.source, kMaxLabel), detail::label_state(codes.unit, kMaxLabel),
                detail::label_state(codes.event_id, kMaxEventId)});
  const Reason reason = detail::reason_of(codes, place, task, labels);
  if (reason != Reason::accepted) return {reason, std::nullopt};
  return {reason, detail::registration_of(codes, place, task)};
}

Reason add_codes(Cube& cube, const Codes& codes, const Admission& admission) {
  return add_checked(cube, codes, admission, [&](const Registration& registration, auto unit, auto source) {
    CubeBatch::add_one(cube, registration, unit, source);
  });
}

Reason detail::add_codes(Cube& cube, CubeQueue& queue, const Codes& codes, const Admission& admission) {
  if (queue.add_known(cube, codes, admission)) return Reason::accepted;
  return add_checked(cube, codes, admission, [&](const Registration& registration, auto unit, auto source) {
    if (const auto key = queue.add(cube, registration, unit, source)) queue.learn(codes, admission, *key);
  });
}

Reason add_codes_of_round(Cube& cube, const Codes& codes, const Round& round,
                          const Participation* participation) {
  CubeBatch batch{cube};
  batch.prepare_round(round);
  const Reason reason = add_codes(cube, codes, {&round, participation});
  batch.note_round();
  return reason;
}

}  // namespace komhen
