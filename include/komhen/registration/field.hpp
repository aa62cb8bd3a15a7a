#pragma once

#include <array>

#include "komhen/taxonomy/vocabulary.hpp"

namespace komhen {

/// A column of the exchange file.
enum class Field : std::uint8_t {
  municipality = 1,
  date = 2,
  week = 3,
  kle = 4,
  channel = 5,
  type = 6,
  direction = 7,
  closure = 8,
  form = 9,
  count = 10,
  source = 11,
  unit = 12,
  event_id = 13,
};

/// The names are those of docs/exchange-file.md: the token is the English one, the Danish label the Danish
/// one.
template <>
inline constexpr auto kWords<Field> = std::to_array<Word<Field>>({
    {Field::municipality, "municipality", "kommune", "municipality", ""},
    {Field::date, "date", "dato", "date", ""},
    {Field::week, "week", "uge", "week", ""},
    {Field::kle, "kle", "kle", "kle", ""},
    {Field::channel, "channel", "kanal", "channel", ""},
    {Field::type, "type", "henvendelsestype", "type", ""},
    {Field::direction, "direction", "retning", "direction", ""},
    {Field::closure, "closure", "afslutning", "closure", ""},
    {Field::form, "form", "blanket", "form", ""},
    {Field::count, "count", "antal", "count", ""},
    {Field::source, "source", "kilde", "source", ""},
    {Field::unit, "unit", "enhed", "unit", ""},
    {Field::event_id, "event_id", "haendelse_id", "event_id", ""},
});

inline constexpr std::size_t kFieldCount = kWords<Field>.size();
static_assert(kFieldCount == 13 && detail::well_formed_words<Field>());

/// The field's place in an array of kFieldCount.
[[nodiscard]] constexpr std::size_t slot(Field field) noexcept {
  return static_cast<std::size_t>(field) - 1;
}

}  // namespace komhen
