#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "komhen/measure/measure.hpp"

namespace komhen {

/// A day of the calendar.
using Date = std::chrono::sys_days;

/// Reads `2013-03-01`; anything else, and a day that does not exist, gives nullopt.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text) noexcept;
/// `2013-03-01`.
[[nodiscard]] std::string date_text(Date date);

/// A task that belongs to a set from some day on.
struct DatedTask {
  KleNumber task;
  Date from;
  std::string_view source;  ///< where the date stands, and what is not certain of it
};

namespace detail {
consteval Date day(int year, unsigned month, unsigned number) {
  return std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{number};
}
}  // namespace detail

/// Tasks whose authority moved to Udbetaling Danmark between 1.10.2012 and 1.3.2013. Source: the notes inside
/// KLE of 2015-08-01. (The blue EU card moved in 2015 and is not of this set.)
inline constexpr auto kUdk2012 = std::to_array<DatedTask>({
    {"32.03.04"_kle, detail::day(2013, 3, 1), "KLE 2015-08-01"},
    {"32.03.08"_kle, detail::day(2013, 3, 1), "KLE 2015-08-01"},
    {"32.03.10"_kle, detail::day(2013, 3, 1), "KLE 2015-08-01"},
    {"32.03.16"_kle, detail::day(2013, 3, 1), "KLE 2015-08-01; split with the municipality"},
    {"32.06.04"_kle, detail::day(2013, 3, 1), "KLE 2015-08-01"},
    {"32.06.08"_kle, detail::day(2013, 3, 1), "KLE 2015-08-01"},
    {"32.06.12"_kle, detail::day(2013, 3, 1), "KLE 2015-08-01"},
    {"32.09.00"_kle, detail::day(2012, 10, 1), "KLE 2015-08-01"},
    {"32.12.00"_kle, detail::day(2012, 10, 1), "KLE 2015-08-01"},
    {"32.15.00"_kle, detail::day(2012, 10, 1), "KLE 2015-08-01"},
    {"32.30.08"_kle, detail::day(2012, 12, 1), "KLE 2015-08-01"},
});

/// Tasks of the 35 under mandatory digital self-service, from the first day that a source names. A task
/// without a wave in the sources is not here.
inline constexpr auto kMandatory = std::to_array<DatedTask>({
    {"02.34.02"_kle, detail::day(2014, 6, 2), "wave 3: day of law 552; the day it took effect was not found"},
    {"17.13.10"_kle, detail::day(2012, 12, 1), "wave 1, L 159 2011-12"},
    {"17.20.01"_kle, detail::day(2012, 12, 1), "wave 1, L 159 2011-12"},
    {"23.01.00"_kle, detail::day(2013, 12, 1), "wave 2, press"},
    {"23.05.10"_kle, detail::day(2012, 12, 1), "wave 1, L 159 2011-12"},
    {"23.09.02"_kle, detail::day(2013, 12, 1), "wave 2, press"},
    {"27.60.00"_kle, detail::day(2013, 12, 1), "wave 2, press"},
    {"28.09.40"_kle, detail::day(2012, 12, 1), "wave 1, L 159 2011-12"},
    {"28.12.28"_kle, detail::day(2013, 12, 1), "wave 2, press"},
    {"29.03.04"_kle, detail::day(2012, 12, 1), "wave 1, L 159 2011-12"},
    {"29.03.12"_kle, detail::day(2013, 12, 1),
     "wave 2, L 198 2012-13; the day is that of the press for the wave"},
    {"29.03.99"_kle, detail::day(2012, 12, 1), "wave 1, L 159 2011-12"},
    {"32.03.04"_kle, detail::day(2014, 12, 1), "order in force 1.12.2014"},
    {"32.03.12"_kle, detail::day(2015, 12, 1), "wave 4, L 140 2014-15; December 2015, the day was not found"},
    {"32.03.16"_kle, detail::day(2014, 12, 1), "order in force 1.12.2014"},
    {"32.06.04"_kle, detail::day(2014, 12, 1),
     "order in force 1.12.2014; the mapping to its areas is komhen's"},
    {"32.06.08"_kle, detail::day(2014, 12, 1),
     "order in force 1.12.2014; the mapping to its areas is komhen's"},
    {"32.06.12"_kle, detail::day(2014, 12, 1),
     "order in force 1.12.2014; the mapping to its areas is komhen's"},
    {"32.06.16"_kle, detail::day(2014, 6, 2), "wave 3: day of law 552; the day it took effect was not found"},
    {"32.09.00"_kle, detail::day(2014, 12, 1),
     "order in force 1.12.2014; the mapping to its areas is komhen's"},
    {"32.12.00"_kle, detail::day(2014, 12, 1),
     "order in force 1.12.2014; the mapping to its areas is komhen's"},
    {"32.15.00"_kle, detail::day(2014, 6, 2), "wave 3: day of law 552; the day it took effect was not found"},
    {"32.30.04"_kle, detail::day(2015, 12, 1), "wave 4, L 140 2014-15; December 2015, the day was not found"},
});

static_assert(kUdk2012.size() == 11 && kMandatory.size() == 23);

/// The tasks of a dated set that belong to it on that day; `udk-2012` without a day is the whole set. The
/// set's name in outputs carries the day: `mandatory at 2015-12-31`.
/// @throws Error (argument) for a name other than `udk-2012` and `mandatory`, and for `mandatory` without a
/// day: the set
///         moves with the waves.
[[nodiscard]] TaskSet dated_task_set(std::string_view name, std::optional<Date> at);

/// Whether a task set of that name is one of these.
[[nodiscard]] constexpr bool is_dated_task_set(std::string_view name) noexcept {
  return name == "udk-2012" || name == "mandatory";
}

}  // namespace komhen
