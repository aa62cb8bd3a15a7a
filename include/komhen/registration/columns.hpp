#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "komhen/registration/reason.hpp"
#include "komhen/registration/registration.hpp"
#include "komhen/registration/validate.hpp"

namespace komhen {

/// One registration as a program holds it: numbers that need not be codes, and texts that need not be labels.
/// check() says what it is.
struct Codes {
  std::int32_t municipality = 0;  ///< code, 657
  std::int32_t week = 0;          ///< ISO year * 100 + week, 201217
  std::int32_t task = 0;          ///< the six digits of the KLE number, 230510
  std::uint8_t channel = 0;       ///< number of Channel
  std::uint8_t type = 0;          ///< number of ContactType
  std::uint8_t direction = 0;     ///< number of Direction
  std::uint8_t closure = 0;       ///< number of Closure; 0 is not_stated
  std::uint8_t form = 0;          ///< number of AttachedForm; 0 is not_stated
  std::int64_t count = 1;
  std::string_view source = {};    ///< taken as it stands, not trimmed; empty: none
  std::string_view unit = {};      ///< the same
  std::string_view event_id = {};  ///< the same; checked, and nothing else: check() remembers no events
};

/// What codes are: a registration, or the reason why they are none.
struct Checked {
  Reason reason = Reason::accepted;
  /// There where the reason is `accepted`. Its texts are those of the codes, and live as long.
  std::optional<Registration> registration;
};

/// Checks one registration by the rules of docs/exchange-file.md, in their order: a number that is no code
/// has its dimension's reason, a text that looks like a CPR number comes before everything else. Never
/// malformed, bad_encoding (text that is not UTF-8 is bad_label), duplicate_event or conflicting_event.
[[nodiscard]] Checked check(const Codes& codes, const Admission& admission = {});

/// The texts of a source or unit column: a dictionary, and an index into it for every row.
///
/// Three forms: nothing at all (the text is empty on every row); one text and no index (that text on every
/// row); texts and an index a row. An index outside the dictionary makes its row bad_label. Texts are taken
/// as they stand, not trimmed; a text is checked once, however many rows have it.
struct LabelColumn {
  std::span<const std::string_view> texts = {};
  const std::int32_t* index = nullptr;  ///< `rows` of them, or nullptr

  [[nodiscard]] bool stated() const noexcept { return index != nullptr || !texts.empty(); }
};

/// Registrations as columns of equal length, each an array of `rows` numbers. Everything is borrowed.
struct Columns {
  std::size_t rows = 0;
  const std::int32_t* municipality = nullptr;  ///< codes
  const std::int32_t* week = nullptr;          ///< ISO year * 100 + week
  const std::int32_t* task = nullptr;          ///< digits of the KLE number
  const std::uint8_t* channel = nullptr;
  const std::uint8_t* type = nullptr;
  const std::uint8_t* direction = nullptr;
  const std::uint8_t* closure = nullptr;  ///< nullptr: not_stated on every row
  const std::uint8_t* form = nullptr;     ///< nullptr: not_stated on every row
  const std::int64_t* count = nullptr;    ///< nullptr: 1 on every row
  LabelColumn source = {};
  LabelColumn unit = {};
};

}  // namespace komhen
