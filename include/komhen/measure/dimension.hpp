#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "komhen/taxonomy/vocabulary.hpp"

namespace komhen {

/// What a measure can be split and filtered by: the ten dimensions of a registration, and two that follow
/// from them.
enum class Dimension : std::uint8_t {
  municipality = 1,
  week = 2,
  task = 3,
  main_group = 4,  ///< the first pair of the KLE number
  channel = 5,
  type = 6,   ///< as measured: after reclassification
  group = 7,  ///< of the type, under the scheme
  direction = 8,
  closure = 9,
  form = 10,
  source = 11,
  unit = 12,
};

template <>
inline constexpr auto kWords<Dimension> = std::to_array<Word<Dimension>>({
    {Dimension::municipality, "municipality", "Kommune", "Municipality", ""},
    {Dimension::week, "week", "Uge", "Week", ""},
    {Dimension::task, "task", "Opgave", "Task", ""},
    {Dimension::main_group, "main_group", "Hovedgruppe", "Main group", ""},
    {Dimension::channel, "channel", "Kanal", "Channel", ""},
    {Dimension::type, "type", "Henvendelsestype", "Contact type", ""},
    {Dimension::group, "group", "Gruppe", "Group", ""},
    {Dimension::direction, "direction", "Retning", "Direction", ""},
    {Dimension::closure, "closure", "Afslutning", "Closure", ""},
    {Dimension::form, "form", "Blanket", "Form", ""},
    {Dimension::source, "source", "Kilde", "Source", ""},
    {Dimension::unit, "unit", "Enhed", "Unit", ""},
});

inline constexpr std::size_t kDimensionCount = kWords<Dimension>.size();
static_assert(kDimensionCount == 12 && detail::well_formed_words<Dimension>());

/// One value of a dimension, such as the channel telephone.
struct DimensionValue {
  Dimension dimension;
  std::int64_t number;  ///< code, digits or enumeration number; the rank among the texts for source and unit
  std::string
      text;  ///< as files and JSON write it: `657`, `2012-W17`, `23.05.10`, a token, or the text itself

  friend bool operator==(const DimensionValue& a, const DimensionValue& b) {
    return a.dimension == b.dimension && a.text == b.text;
  }
};

}  // namespace komhen
