#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <span>
#include <string_view>

#include "komhen/detail/fold.hpp"

namespace komhen {

/// A language of labels. Tokens are the same in both.
enum class Language : std::uint8_t { danish = 1, english = 2 };

/// One value of an enumeration of the method, with the words it goes by.
template <class E>
struct Word {
  E value;
  std::string_view token;     ///< in code, JSON, tables and files
  std::string_view label_da;  ///< on a page, and accepted in files
  std::string_view label_en;  ///< on a page
  std::string_view also;      ///< further words accepted in files, separated by `|`
};

/// The table of an enumeration, `Word<E>` a line; specialised beside each enumeration.
template <class E>
inline constexpr auto kWords = nullptr;

/// An enumeration that has such a table.
template <class E>
concept Worded = requires { kWords<E>.size(); };

namespace detail {

/// Calls `visit(word)` for the token, the Danish label and each further word of a row, until one returns
/// true.
template <class E, class Visit>
constexpr bool any_word(const Word<E>& row, Visit&& visit) {
  if (visit(row.token) || visit(row.label_da)) return true;
  for (std::string_view rest = row.also; !rest.empty();) {
    const auto bar = std::min(rest.find('|'), rest.size());
    if (visit(rest.substr(0, bar))) return true;
    rest.remove_prefix(std::min(bar + 1, rest.size()));
  }
  return false;
}

/// No two values of a table share a word, and values stand in the order of their numbers without a gap.
template <Worded E>
consteval bool well_formed_words() {
  for (std::size_t i = 0; i < kWords<E>.size(); ++i) {
    const auto& row = kWords<E>[i];
    if (i > 0 && static_cast<int>(row.value) != static_cast<int>(kWords<E>[i - 1].value) + 1) return false;
    if (row.label_en.empty()) return false;
    for (std::size_t k = 0; k < i; ++k) {
      if (any_word(row, [&](std::string_view a) {
            return any_word(kWords<E>[k], [&](std::string_view b) { return same_word(a, b); });
          }))
        return false;
    }
  }
  return true;
}

}  // namespace detail

/// The value's token, such as `"self_service"`.
template <Worded E>
[[nodiscard]] constexpr std::string_view token(E value) noexcept {
  return kWords<E>[static_cast<std::size_t>(value) - static_cast<std::size_t>(kWords<E>.front().value)].token;
}

/// The value's label in Danish or English.
template <Worded E>
[[nodiscard]] constexpr std::string_view label(E value, Language language) noexcept {
  const auto& row =
      kWords<E>[static_cast<std::size_t>(value) - static_cast<std::size_t>(kWords<E>.front().value)];
  return language == Language::danish ? row.label_da : row.label_en;
}

/// The value with this number; nullopt for a number that the table does not have.
template <Worded E>
[[nodiscard]] constexpr std::optional<E> from_number(std::int64_t number) noexcept {
  const auto first = static_cast<std::int64_t>(kWords<E>.front().value);
  if (number < first || number >= first + static_cast<std::int64_t>(kWords<E>.size())) return std::nullopt;
  return static_cast<E>(number);
}

/// The value that a registration file calls `text`: its token, Danish label or a further word, folded as
/// docs/exchange-file.md says; nullopt for other words. Numbers are not words.
template <Worded E>
[[nodiscard]] constexpr std::optional<E> from_text(std::string_view text) noexcept {
  const auto folded = detail::Folded::of(text);
  if (!folded) return std::nullopt;
  for (const auto& row : kWords<E>) {
    if (detail::any_word(row, [&](std::string_view word) { return detail::Folded::of(word) == *folded; }))
      return row.value;
  }
  return std::nullopt;
}

}  // namespace komhen
