#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "komhen/registration/field.hpp"

namespace komhen {

/// How many keystrokes apart two folded words are: letters put in, left out or replaced, and neighbours that
/// changed places, each part of a word touched once. Danish letters count as they fold (`ø` is `oe`).
/// nullopt when one of the words is longer than any table holds, or when they are further apart than `most`.
[[nodiscard]] std::optional<std::size_t> keystrokes_apart(std::string_view a, std::string_view b,
                                                          std::size_t most = 2);

/// What a rejected text may have been meant as: the token of the nearest word, the nearest KLE number among
/// the 35 tasks, or the name of the nearest municipality. A suggestion is for people; nothing is counted by
/// it.
///
/// nullopt when nothing is within two keystrokes, when the text is right as it stands, when two values are
/// equally near, when the word is so short that anything would be near it (a distance must be less than half
/// the word), and for columns that have no vocabulary.
[[nodiscard]] std::optional<std::string> suggestion(Field field, std::string_view text);

}  // namespace komhen
