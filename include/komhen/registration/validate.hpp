#pragma once

#include <optional>
#include <string_view>

#include "komhen/registration/field.hpp"
#include "komhen/registration/reason.hpp"
#include "komhen/registration/registration.hpp"
#include "komhen/round/participation.hpp"
#include "komhen/round/round.hpp"

namespace komhen {

/// The rules that need more than one field: what the round and the participation let in. Both are borrowed.
class Admission {
 public:
  Admission() = default;
  Admission(const Round* round, const Participation* participation)
      : round_{round}, participation_{participation} {}

  /// The same objects, whatever has become of them.
  friend bool operator==(const Admission&, const Admission&) = default;

  /// Whether the round's package takes the task (reason unknown_task).
  [[nodiscard]] bool takes(KleNumber task) const noexcept {
    return round_ == nullptr || round_->package.takes(task);
  }

  /// Whether of() looks at municipality and week together; else at the week alone.
  [[nodiscard]] bool by_place() const noexcept { return participation_ != nullptr; }

  /// The reason why this municipality's contacts of this week are left out; accepted when they are not.
  [[nodiscard]] Reason of(Municipality municipality, Week week) const {
    if (round_ != nullptr && !round_->has(week)) return Reason::outside_round;
    if (participation_ != nullptr && !participation_->has(municipality, week))
      return Reason::outside_participation;
    return Reason::accepted;
  }

 private:
  const Round* round_ = nullptr;
  const Participation* participation_ = nullptr;
};

namespace detail {

/// The reason that a field's failure is.
[[nodiscard]] constexpr Reason reason_of(Field field) noexcept {
  switch (field) {
    case Field::municipality:
      return Reason::unknown_municipality;
    case Field::date:
    case Field::week:
      return Reason::bad_date;
    case Field::kle:
      return Reason::bad_kle;
    case Field::channel:
      return Reason::unknown_channel;
    case Field::type:
      return Reason::unknown_type;
    case Field::direction:
      return Reason::unknown_direction;
    case Field::closure:
      return Reason::unknown_closure;
    case Field::form:
      return Reason::unknown_form;
    case Field::count:
      return Reason::bad_count;
    case Field::source:
    case Field::unit:
    case Field::event_id:
      break;
  }
  return Reason::bad_label;
}

}  // namespace detail
}  // namespace komhen
