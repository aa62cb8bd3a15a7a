#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "komhen/detail/fold.hpp"

namespace komhen {

/// The encodings that registration files come in.
enum class Encoding : std::uint8_t { utf8 = 1, windows1252 = 2 };

/// Reads `utf-8`, `utf8`, `windows-1252`, `cp1252` or `latin-1` (which Danish exports say when they mean
/// Windows-1252); nullopt for others.
[[nodiscard]] constexpr std::optional<Encoding> encoding_from_text(std::string_view text) noexcept {
  if (detail::same_word(text, "utf-8") || detail::same_word(text, "utf8")) return Encoding::utf8;
  for (const std::string_view name : {"windows-1252", "cp1252", "latin-1", "latin1", "iso-8859-1"})
    if (detail::same_word(text, name)) return Encoding::windows1252;
  return std::nullopt;
}

[[nodiscard]] constexpr std::string_view token(Encoding encoding) noexcept {
  return encoding == Encoding::utf8 ? "utf-8" : "windows-1252";
}

namespace detail {

[[nodiscard]] bool is_ascii(std::string_view bytes) noexcept;
[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;
/// Whether Windows-1252 gives every byte a meaning (81 8D 8F 90 9D have none).
[[nodiscard]] bool is_windows1252(std::string_view bytes) noexcept;
/// Appends Windows-1252 text as UTF-8.
void append_windows1252(std::string& out, std::string_view bytes);
/// Without the spaces, tabs and no-break spaces (U+00A0 in UTF-8) at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view utf8) noexcept;

}  // namespace detail
}  // namespace komhen
