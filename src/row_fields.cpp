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

}  // namespace komhen::detail
