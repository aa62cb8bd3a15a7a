#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace komhen {

namespace detail {

inline constexpr std::chrono::sys_days kFirstWeek{std::chrono::year{1990} / 1 / 1};  // a Monday, 1990-W01

/// Monday of week 1: the week that holds 4 January.
[[nodiscard]] constexpr std::chrono::sys_days first_monday(int year) noexcept {
  const std::chrono::sys_days fourth{std::chrono::year{year} / 1 / 4};
  return fourth - (std::chrono::weekday{fourth} - std::chrono::Monday);
}

/// The weeks before the years from 1990 on, so that no contact pays for a calendar.
inline constexpr auto kWeeksBefore = [] {
  std::array<std::uint16_t, 2070 - 1990> before{};
  for (std::size_t i = 0; i < before.size(); ++i)
    before[i] =
        static_cast<std::uint16_t>((first_monday(1990 + static_cast<int>(i)) - kFirstWeek).count() / 7);
  return before;
}();

}  // namespace detail

/// An ISO 8601 week, from 1990-W01 to 2068-W26. The year is the week's own, not a calendar year: 2012-12-31
/// lies in 2013-W01.
class Week {
 public:
  static constexpr std::uint16_t kCount = 4096;  ///< weeks there are; an index is below it

  /// The week with this ISO year and number; nullopt when the year has no such week or it is out of range.
  [[nodiscard]] static constexpr std::optional<Week> from_iso(int year, int number) noexcept {
    if (year < 1990 || year > 2068 || number < 1 || number > 53) return std::nullopt;
    const auto place = static_cast<std::size_t>(year - 1990);
    const int index = detail::kWeeksBefore[place] + number - 1;
    if (index >= detail::kWeeksBefore[place + 1] || index >= kCount) return std::nullopt;
    return Week{static_cast<std::uint16_t>(index)};
  }

  /// The week that holds this day; nullopt out of range.
  [[nodiscard]] static constexpr std::optional<Week> containing(std::chrono::sys_days day) noexcept {
    const auto days = (day - detail::kFirstWeek).count();
    if (days < 0 || days >= 7 * std::int64_t{kCount}) return std::nullopt;
    return Week{static_cast<std::uint16_t>(days / 7)};
  }

  /// The week at this distance from 1990-W01; nullopt from kCount on.
  [[nodiscard]] static constexpr std::optional<Week> from_index(std::uint32_t index) noexcept {
    if (index >= kCount) return std::nullopt;
    return Week{static_cast<std::uint16_t>(index)};
  }

  /// Reads `2012-W17`; anything else gives nullopt.
  [[nodiscard]] static constexpr std::optional<Week> parse(std::string_view text) noexcept {
    if (text.size() != 8 || text[4] != '-' || text[5] != 'W') return std::nullopt;
    int digits = 0;
    for (const std::size_t i : {0U, 1U, 2U, 3U, 6U, 7U}) {
      if (text[i] < '0' || text[i] > '9') return std::nullopt;
      digits = digits * 10 + (text[i] - '0');
    }
    return from_iso(digits / 100, digits % 100);
  }

  [[nodiscard]] constexpr std::uint16_t index() const noexcept { return index_; }
  [[nodiscard]] constexpr std::chrono::sys_days monday() const noexcept {
    return detail::kFirstWeek + std::chrono::days{7 * index_};
  }
  [[nodiscard]] constexpr int iso_year() const noexcept {
    return static_cast<int>(std::chrono::year_month_day{monday() + std::chrono::days{3}}.year());
  }
  [[nodiscard]] constexpr int number() const noexcept {
    return static_cast<int>((monday() - detail::first_monday(iso_year())).count() / 7) + 1;
  }
  /// ISO year * 100 + number, as the C ABI and stored cubes write it: 2012-W17 is 201217.
  [[nodiscard]] constexpr int digits() const noexcept { return iso_year() * 100 + number(); }

  /// `2012-W17`.
  [[nodiscard]] std::string text() const {
    std::string out = "0000-W00";
    int rest = digits();
    for (const std::size_t i : {7U, 6U, 3U, 2U, 1U, 0U}) {
      out[i] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    }
    return out;
  }

  friend constexpr auto operator<=>(Week, Week) noexcept = default;

 private:
  explicit constexpr Week(std::uint16_t index) noexcept : index_{index} {}

  std::uint16_t index_;
};

inline namespace literals {
/// A malformed literal, or a week that does not exist, does not compile.
consteval Week operator""_week(const char* text, std::size_t size) {
  const auto week = Week::parse({text, size});
  if (!week) throw std::invalid_argument("a week literal must read YYYY-Www and exist");
  return *week;
}
}  // namespace literals

static_assert("1990-W01"_week.index() == 0 && "2068-W26"_week.index() == Week::kCount - 1);
static_assert(!Week::parse("2068-W27") && !Week::parse("2012-W53") && Week::parse("2015-W53"));
static_assert("2012-W17"_week.monday() == std::chrono::sys_days{std::chrono::year{2012} / 4 / 23});

}  // namespace komhen
