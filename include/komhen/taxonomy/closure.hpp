#pragma once

#include <array>

#include "komhen/taxonomy/vocabulary.hpp"

namespace komhen {

/// Whether a contact was closed at once or put aside. 0 is "not stated", which is legal and is not "put
/// aside".
enum class Closure : std::uint8_t { not_stated = 0, closed = 1, put_aside = 2 };

/// Source: KL, "Kommunernes henvendelser", spring 2012, "Afslutning af henvendelserne".
template <>
inline constexpr auto kWords<Closure> = std::to_array<Word<Closure>>({
    {Closure::not_stated, "not_stated", "Ikke oplyst", "Not stated", ""},
    {Closure::closed, "closed", "Afsluttet", "Closed", "afsluttet med det samme"},
    {Closure::put_aside, "put_aside", "Lagt til side", "Put aside", "til videre behandling"},
});

static_assert(detail::well_formed_words<Closure>(), "no two closures may share a word");

}  // namespace komhen
