#pragma once

#include <cstdint>
#include <string_view>

#include "komhen/registration/columns.hpp"
#include "komhen/registration/personal_data.hpp"

/// The rules of docs/exchange-file.md for rows that come as numbers, in parts: what follows from a few
/// numbers can be remembered and used again for the next row.
namespace komhen::detail {

/// A number that stands for none. Not an optional: what has few bytes goes through memory in parts, and one
/// contact would wait for that longer than for everything else.
inline constexpr std::uint32_t kNoNumber = 0xFFFF'FFFF;

/// What a row's municipality and week come to.
struct PlaceCode {
  std::uint32_t municipality = kNoNumber;  ///< its code
  std::uint32_t week = kNoNumber;          ///< its index
  Reason admitted = Reason::accepted;      ///< of the two together, where both are there
};

/// What a row's task comes to.
struct TaskCode {
  std::uint32_t task = kNoNumber;  ///< its digits
  Reason reason = Reason::bad_kle;
};

/// Whether a text may stand in a registration; of a row's texts, the worst decides.
enum class LabelState : std::uint8_t { good = 0, bad = 1, personal = 2 };

[[nodiscard]] inline PlaceCode place_of(std::int32_t municipality, std::int32_t week,
                                        const Admission& admission) {
  PlaceCode place;
  const auto whose = Municipality::from_code(municipality);
  const auto when = Week::from_iso(week / 100, week % 100);
  if (whose) place.municipality = whose->code();
  if (when) place.week = when->index();
  if (whose && when) place.admitted = admission.of(*whose, *when);
  return place;
}

[[nodiscard]] inline TaskCode task_of(std::int32_t digits, const Admission& admission) noexcept {
  const auto task = KleNumber::from_digits(digits);
  if (!task) return {};
  return {task->digits(), admission.takes(*task) ? Reason::accepted : Reason::unknown_task};
}

[[nodiscard]] inline LabelState label_state(std::string_view text, std::size_t longest) noexcept {
  if (text.empty()) return LabelState::good;
  if (find_personal(text)) return LabelState::personal;
  return is_label(text, longest) ? LabelState::good : LabelState::bad;
}

/// The row's reason, by the rules in their order. Of `codes`, municipality, week and task stand in `place`
/// and `task`, and the texts in `labels`.
[[nodiscard]] inline Reason reason_of(const Codes& codes, const PlaceCode& place, const TaskCode& task,
                                      LabelState labels) noexcept {
  if (labels == LabelState::personal) return Reason::personal_data;
  if (place.municipality == kNoNumber) return Reason::unknown_municipality;
  if (place.week == kNoNumber) return Reason::bad_date;
  if (task.reason != Reason::accepted) return task.reason;
  if (!from_number<Channel>(codes.channel)) return Reason::unknown_channel;
  if (!from_number<ContactType>(codes.type)) return Reason::unknown_type;
  if (!from_number<Direction>(codes.direction)) return Reason::unknown_direction;
  if (!from_number<Closure>(codes.closure)) return Reason::unknown_closure;
  if (!from_number<AttachedForm>(codes.form)) return Reason::unknown_form;
  if (codes.count < 1 || codes.count > kMaxRowCount) return Reason::bad_count;
  if (labels == LabelState::bad) return Reason::bad_label;
  return place.admitted;
}

/// The registration of codes for which reason_of() is `accepted`.
[[nodiscard]] inline Registration registration_of(const Codes& codes, const PlaceCode& place,
                                                  const TaskCode& task) noexcept {
  return {*Municipality::from_code(place.municipality),
          *Week::from_index(place.week),
          *KleNumber::from_digits(task.task),
          static_cast<Channel>(codes.channel),
          static_cast<ContactType>(codes.type),
          static_cast<Direction>(codes.direction),
          static_cast<Closure>(codes.closure),
          static_cast<AttachedForm>(codes.form),
          codes.source,
          codes.unit,
          codes.count};
}

}  // namespace komhen::detail
