#include "dates.hpp"

#include <date/date.h>

#include <algorithm>
#include <locale>
#include <sstream>

namespace komhen::detail {
namespace {

/// The last Sunday of a month, at 01:00 UTC: when summer time begins and ends.
std::chrono::sys_seconds last_sunday(std::chrono::year year, std::chrono::month month) noexcept {
  using namespace std::chrono;
  return sys_days{year / month / Sunday[last]} + hours{1};
}

/// The number that text of digits only spells.
std::optional<int> digits(std::string_view text) noexcept {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::chrono::sys_days> day_of(std::optional<int> year, std::optional<int> month,
                                            std::optional<int> day) noexcept {
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day ymd{std::chrono::year{*year},
                                        std::chrono::month{static_cast<unsigned>(*month)},
                                        std::chrono::day{static_cast<unsigned>(*day)}};
  if (!ymd.ok()) return std::nullopt;
  return std::chrono::sys_days{ymd};
}

}  // namespace

std::optional<std::chrono::sys_days> parse_date(std::string_view text) noexcept {
  if (text.size() != 10) return std::nullopt;
  if (text[4] == '-' && text[7] == '-')
    return day_of(digits(text.substr(0, 4)), digits(text.substr(5, 2)), digits(text.substr(8, 2)));
  if ((text[2] == '-' && text[5] == '-') || (text[2] == '.' && text[5] == '.'))
    return day_of(digits(text.substr(6, 4)), digits(text.substr(3, 2)), digits(text.substr(0, 2)));
  return std::nullopt;
}

std::chrono::sys_days day_in_copenhagen(std::chrono::sys_seconds moment) noexcept {
  using namespace std::chrono;
  const year_month_day day{floor<days>(moment)};
  const auto begin = last_sunday(day.year(), March);
  const auto end = last_sunday(day.year(), day.year() < year{1996} ? September : October);
  return floor<days>(moment + hours{moment >= begin && moment < end ? 2 : 1});
}

std::optional<std::string> date_format_fault(std::string_view format) {
  bool year = false;
  bool month = false;
  bool day = false;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    if (++i == format.size()) return "ends in a lone %";
    const char c = format[i];
    if (std::string_view{"YymdHIMSpjbBzFTDRe%"}.find(c) == std::string_view::npos)
      return std::string{"has the conversion %"} + (c > ' ' && c < 0x7F ? c : '?') +
             ", which is none of %Y %y %m %d %H %I %M %S %p %j %b %B %z %F %T %D %R %e %%";
    year = year || c == 'Y' || c == 'y' || c == 'F' || c == 'D';
    month = month || c == 'm' || c == 'b' || c == 'B' || c == 'F' || c == 'D' || c == 'j';
    day = day || c == 'd' || c == 'e' || c == 'F' || c == 'D' || c == 'j';
  }
  if (!year || !month || !day) return "does not name a year, a month and a day";
  return std::nullopt;
}

namespace {

/// The text with a zone at its end written as `%z` reads it: ISO 8601 also has `Z` and a colon.
std::string with_plain_zone(std::string_view text, std::string_view format) {
  std::string out{text};
  if (!format.ends_with("%z")) return out;
  if (out.ends_with('Z')) {
    out.replace(out.size() - 1, 1, "+0000");
  } else if (out.size() > 6 && out[out.size() - 3] == ':' &&
             (out[out.size() - 6] == '+' || out[out.size() - 6] == '-')) {
    out.erase(out.size() - 3, 1);
  }
  return out;
}

}  // namespace

std::optional<std::chrono::sys_days> parse_date(std::string_view text, const std::string& format) {
  if (text.size() > 128) return std::nullopt;
  std::istringstream in{with_plain_zone(text, format)};
  in.imbue(std::locale::classic());  // the host's locale must not decide what a month is called
  in.exceptions(std::ios::failbit);  // date 3.0 goes on with a second that it could not read; this stops it
  date::fields<std::chrono::seconds> found;
  std::chrono::minutes offset{0};
  std::string* const no_zone_name = nullptr;
  try {
    date::from_stream(in, format.c_str(), found, no_zone_name, &offset);
    in.exceptions(std::ios::goodbit);
  } catch (const std::ios::failure&) {
    return std::nullopt;
  }
  if (in.fail() || !found.ymd.ok() || in.peek() != std::istringstream::traits_type::eof())
    return std::nullopt;
  if (found.has_tod && (!found.tod.in_conventional_range() || found.tod.hours() >= std::chrono::hours{24}))
    return std::nullopt;
  if (offset <= std::chrono::hours{-24} || offset >= std::chrono::hours{24}) return std::nullopt;
  const auto day = date::sys_days{found.ymd};
  if (format.find("%j") != std::string::npos) {
    // date takes day 000 for no day at all: the day of the year that was found must stand in the text.
    const auto first = date::sys_days{found.ymd.year() / 1 / 1};
    const auto in_text = [&](auto number) {
      return text.find(std::to_string(number)) != std::string_view::npos;
    };
    if (!in_text((day - first).count() + 1)) return std::nullopt;
    if (format.find("%Y") != std::string::npos && !in_text(static_cast<int>(found.ymd.year())))
      return std::nullopt;
  }
  if (format.find("%z") == std::string::npos) return day;
  const auto time = found.has_tod ? found.tod.to_duration() : std::chrono::seconds{0};
  return day_in_copenhagen(day + time - offset);
}

}  // namespace komhen::detail
