#pragma once

#include <array>

#include "komhen/taxonomy/vocabulary.hpp"

namespace komhen {

/// What a journal did with an event. Every answer is durable when it is given: sent again, the same key is
/// never counted twice. The numbers are part of the C ABI; new ones go at the end.
enum class Recorded : std::uint8_t {
  recorded = 1,   ///< new, and counted
  duplicate = 2,  ///< the key is there with the same content; not counted again
  conflict = 3,   ///< the key is there with other content; not counted, what was there stays
  cancelled = 4,  ///< the key was undone, before or after it came; not counted
};

template <>
inline constexpr auto kWords<Recorded> = std::to_array<Word<Recorded>>({
    {Recorded::recorded, "recorded", "Registreret", "Recorded", ""},
    {Recorded::duplicate, "duplicate", "Gentaget", "Duplicate", ""},
    {Recorded::conflict, "conflict", "Modstridende", "Conflicting", ""},
    {Recorded::cancelled, "cancelled", "Annulleret", "Cancelled", ""},
});

static_assert(detail::well_formed_words<Recorded>());

/// What a journal did with an undo. The numbers are part of the C ABI; new ones go at the end.
enum class Undone : std::uint8_t {
  undone = 1,          ///< its event was counted and no longer is
  waiting = 2,         ///< its event has not come; when it does it is not counted
  already_undone = 3,  ///< the key was undone before, whether its event has come or not
};

template <>
inline constexpr auto kWords<Undone> = std::to_array<Word<Undone>>({
    {Undone::undone, "undone", "Annulleret", "Undone", ""},
    {Undone::waiting, "waiting", "Afventer hændelsen", "Waiting for its event", ""},
    {Undone::already_undone, "already_undone", "Allerede annulleret", "Already undone", ""},
});

static_assert(detail::well_formed_words<Undone>());

}  // namespace komhen
