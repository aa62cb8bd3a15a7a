#pragma once

#include <array>

#include "komhen/taxonomy/vocabulary.hpp"

namespace komhen {

/// The form (blanket) that came with a contact. A form is not a channel: it accompanies a contact.
enum class AttachedForm : std::uint8_t { not_stated = 0, none = 1, paper = 2, digital = 3 };

/// Source: KL, "Kommunernes henvendelser", spring 2012, "Blanketter".
template <>
inline constexpr auto kWords<AttachedForm> = std::to_array<Word<AttachedForm>>({
    {AttachedForm::not_stated, "not_stated", "Ikke oplyst", "Not stated", ""},
    {AttachedForm::none, "none", "Ingen", "None", ""},
    {AttachedForm::paper, "paper", "Papirblanket", "Paper form", ""},
    {AttachedForm::digital, "digital", "Digital blanket", "Digital form", ""},
});

static_assert(detail::well_formed_words<AttachedForm>(), "no two forms may share a word");

}  // namespace komhen
