#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// Dates in files. The one user of Howard Hinnant's date library, whose macros have no prefix, is dates.cpp.
namespace komhen::detail {

/// Reads `2012-04-23`, `23-04-2012` or `23.04.2012`; nullopt for other text and for days that do not exist.
[[nodiscard]] std::optional<std::chrono::sys_days> parse_date(std::string_view text) noexcept;

/// The day in Denmark at a moment of UTC. Source of the summer-time rule: the European directives; it has
/// been this one since 1996, and ended in September from 1981 to 1995.
[[nodiscard]] std::chrono::sys_days day_in_copenhagen(std::chrono::sys_seconds moment) noexcept;

/// Why a profile's date format cannot be used (an end of a sentence); nullopt when it can.
[[nodiscard]] std::optional<std::string> date_format_fault(std::string_view format);

/// Reads a date in a profile's format. The whole text must be used up. With `%z` the moment becomes its day
/// in Copenhagen.
[[nodiscard]] std::optional<std::chrono::sys_days> parse_date(std::string_view text,
                                                              const std::string& format);

}  // namespace komhen::detail
