#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Decimal text as people and programs write it, taken apart without computing anything.
namespace komhen::detail {

/// What stands behind the digits.
enum class Suffix : std::uint8_t { none, kroner, per_cent };

struct DecimalParts {
  bool negative = false;
  bool danish = false;  ///< a comma or `kr.` said so
  std::string digits;   ///< all of them, without point or grouping
  int decimals = 0;     ///< how many of them stand behind the decimal mark
  Suffix suffix = Suffix::none;
};

/// nullopt when it is no decimal number, or has more than 60 digits.
[[nodiscard]] std::optional<DecimalParts> decimal_parts(std::string_view text);

}  // namespace komhen::detail
