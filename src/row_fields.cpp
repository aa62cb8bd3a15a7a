#include "row_fields.hpp"

#include "dates.hpp"

namespace komhen::detail {
namespace {

template <class E>
bool read_word(std::string_view text, std::optional<E>& out) noexcept {
  out = from_text<E>(text);
  return out.has_value();
}

/// Only closure and form may be empty.
template <class E>
bool read_stated(std::string_view text, E& out) noexcept {
  const auto value = text.empty() ? E::not_stated : from_text<E>(text);
  if (value) out = *value;
  return value.has_value();
}

bool read_count(std::string_view text, std::int64_t& out) noexcept {
  if (text.empty() || text.size() > 10) return false;
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  if (value < 1 || value > kMaxRowCount) return false;
  out = value;
  return true;
}

bool read_label(std::string_view text, std::size_t longest, std::string_view& out) noexcept {
  if (!is_label(text, longest)) return false;
  out = text;
  return true;
}

}  // namespace

bool read_field(Field field, std::string_view text, Draft& draft) {
  switch (field) {
    case Field::municipality:
      draft.municipality = Municipality::from_text(text);
      return draft.municipality.has_value();
    case Field::date: {
      const auto day = parse_date(text);
      draft.week = day ? Week::containing(*day) : std::nullopt;
      return draft.week.has_value();
    }
    case Field::week:
      draft.week = Week::parse(text);
      return draft.week.has_value();
    case Field::kle:
      draft.task = KleNumber::parse(text);
      return draft.task.has_value();
    case Field::channel:
      return read_word(text, draft.channel);
    case Field::type:
      return read_word(text, draft.type);
    case Field::direction:
      return read_word(text, draft.direction);
    case Field::closure:
      return read_stated(text, draft.closure);
    case Field::form:
      return read_stated(text, draft.form);
    case Field::count:
      return read_count(text, draft.count);
    case Field::source:
      return read_label(text, kMaxLabel, draft.source);
    case Field::unit:
      return read_label(text, kMaxLabel, draft.unit);
    case Field::event_id:
      return read_label(text, kMaxEventId, draft.event_id);
  }
  return false;
}

bool read_number(Field field, std::int64_t number, std::string_view decimal, Draft& draft) {
  const auto found = [](auto value, auto& out) {
    if (value) out = *value;
    return value.has_value();
  };
  switch (field) {
    case Field::municipality:
      return found(Municipality::from_code(number), draft.municipality);
    case Field::date:
      return false;
    case Field::week:
      if (number < 0 || number > 999'999) return false;
      return found(Week::from_iso(static_cast<int>(number / 100), static_cast<int>(number % 100)),
                   draft.week);
    case Field::kle:
      return found(KleNumber::from_digits(number), draft.task);
    case Field::channel:
      return found(from_number<Channel>(number), draft.channel);
    case Field::type:
      return found(from_number<ContactType>(number), draft.type);
    case Field::direction:
      return found(from_number<Direction>(number), draft.direction);
    case Field::closure:
      return found(from_number<Closure>(number), draft.closure);
    case Field::form:
      return found(from_number<AttachedForm>(number), draft.form);
    case Field::count:
      draft.count = number;
      return number >= 1 && number <= kMaxRowCount;
    case Field::source:
      return read_label(decimal, kMaxLabel, draft.source);
    case Field::unit:
      return read_label(decimal, kMaxLabel, draft.unit);
    case Field::event_id:
      return read_label(decimal, kMaxEventId, draft.event_id);
  }
  return false;
}

void copy_field(Field field, const Draft& from, Draft& to) {
  switch (field) {
    case Field::municipality:
      to.municipality = from.municipality;
      break;
    case Field::date:
    case Field::week:
      to.week = from.week;
      break;
    case Field::kle:
      to.task = from.task;
      break;
    case Field::channel:
      to.channel = from.channel;
      break;
    case Field::type:
      to.type = from.type;
      break;
    case Field::direction:
      to.direction = from.direction;
      break;
    case Field::closure:
      to.closure = from.closure;
      break;
    case Field::form:
      to.form = from.form;
      break;
    case Field::count:
      to.count = from.count;
      break;
    case Field::source:
      to.source = from.source;
      break;
    case Field::unit:
      to.unit = from.unit;
      break;
    case Field::event_id:
      to.event_id = from.event_id;
      break;
  }
}

}  // namespace komhen::detail
