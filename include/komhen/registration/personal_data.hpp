#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace komhen {

/// Where in a text a civil registration (CPR) number, or something that looks like one, stands: bytes [begin,
/// end).
struct PersonalSpan {
  std::size_t begin;
  std::size_t end;
};

/// The first CPR-like value in UTF-8 text; nullopt when there is none. docs/exchange-file.md says what looks
/// like one.
///
/// Modulus 11 has not been guaranteed since October 2007 (the CPR office ran out of numbers for some days),
/// so it only helps to recognise ten bare digits and never lets a separated number through.
[[nodiscard]] std::optional<PersonalSpan> find_personal(std::string_view text, std::size_t from = 0) noexcept;

/// The text with every CPR-like value replaced by `*`, one for each byte.
[[nodiscard]] std::string masked(std::string_view text);

namespace detail {
/// Text that may be shown: masked, UTF-8 (bytes that are not become `?`), without control characters.
[[nodiscard]] std::string shown(std::string_view text);

/// A value as messages show it: shown(), in apostrophes, and cut in the middle when it is longer than 90
/// bytes.
[[nodiscard]] std::string quoted(std::string_view value);
}  // namespace detail

}  // namespace komhen
