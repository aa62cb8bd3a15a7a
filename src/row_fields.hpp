#pragma once

#include <optional>
#include <string_view>

#include "komhen/registration/field.hpp"
#include "komhen/registration/registration.hpp"

/// What the fields of an exchange file mean, one at a time.
namespace komhen::detail {

/// A registration while its fields are read. Nothing is assumed: what has not been read is not there.
struct Draft {
  std::optional<Municipality> municipality;
  std::optional<Week> week;
  std::optional<KleNumber> task;
  std::optional<Channel> channel;
  std::optional<ContactType> type;
  std::optional<Direction> direction;
  Closure closure = Closure::not_stated;
  AttachedForm form = AttachedForm::not_stated;
  std::int64_t count = 1;
  std::string_view source;
  std::string_view unit;
  std::string_view event_id;

  /// The registration, once the required fields are read.
  [[nodiscard]] Registration done() const {
    return {*municipality, *week, *task, *channel, *type, *direction, closure, form, source, unit, count};
  }
};

/// Reads a trimmed field into the draft; false when the text is not a value of that dimension. Labels are
/// borrowed.
[[nodiscard]] bool read_field(Field field, std::string_view text, Draft& draft);

/// Reads a whole number into the draft, as Codes hold it: a code, 201217, 230510, the number of an
/// enumeration, a count; for source, unit and event_id its decimal text, which is borrowed. No number is a
/// date.
[[nodiscard]] bool read_number(Field field, std::int64_t number, std::string_view decimal, Draft& draft);

/// Copies what read_field() sets for this field.
void copy_field(Field field, const Draft& from, Draft& to);

[[nodiscard]] inline bool is_field_value(Field field, std::string_view text) {
  Draft draft;
  return read_field(field, text, draft);
}

}  // namespace komhen::detail
