#pragma once

#include <array>
#include <cstdint>

#include "komhen/taxonomy/vocabulary.hpp"

namespace komhen {

/// How a value that falls between two is settled. `half_up` is what the source documents print: halves go
/// away from zero, as a printed -12.5 becomes -13. `half_even` sends halves to the even neighbour.
enum class Rounding : std::uint8_t { half_up = 1, half_even = 2 };

template <>
inline constexpr auto kWords<Rounding> = std::to_array<Word<Rounding>>({
    {Rounding::half_up, "half_up", "Halve op", "Half up", ""},
    {Rounding::half_even, "half_even", "Halve til lige", "Half to even", ""},
});
static_assert(detail::well_formed_words<Rounding>());

}  // namespace komhen
