#pragma once

#include <array>

#include "komhen/taxonomy/vocabulary.hpp"

namespace komhen {

/// Who turned to whom: incoming is from a citizen or company to the municipality.
enum class Direction : std::uint8_t { incoming = 1, outgoing = 2 };

/// Source: KL, "Kommunernes henvendelser", spring 2012, "Fordeling ind- og udgående henvendelser".
template <>
inline constexpr auto kWords<Direction> = std::to_array<Word<Direction>>({
    {Direction::incoming, "incoming", "Indgående", "Incoming", "ind"},
    {Direction::outgoing, "outgoing", "Udgående", "Outgoing", "ud"},
});

static_assert(detail::well_formed_words<Direction>(), "the two directions may not share a word");

}  // namespace komhen
