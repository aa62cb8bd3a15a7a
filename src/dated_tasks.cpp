#include "komhen/measure/dated_tasks.hpp"

#include <algorithm>

#include "komhen/registration/personal_data.hpp"

namespace komhen {

std::optional<Date> parse_date(std::string_view text) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int digits = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    if (i == 4 || i == 7) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    digits = digits * 10 + (text[i] - '0');
  }
  const std::chrono::year_month_day day{std::chrono::year{digits / 10'000},
                                        std::chrono::month{static_cast<unsigned>(digits / 100 % 100)},
                                        std::chrono::day{static_cast<unsigned>(digits % 100)}};
  return day.ok() ? std::optional{Date{day}} : std::nullopt;
}

std::string date_text(Date date) {
  const std::chrono::year_month_day day{date};
  std::string out = "0000-00-00";
  int rest = static_cast<int>(day.year()) * 10'000 +
             static_cast<int>(static_cast<unsigned>(day.month())) * 100 +
             static_cast<int>(static_cast<unsigned>(day.day()));
  for (const std::size_t i : {9U, 8U, 6U, 5U, 3U, 2U, 1U, 0U}) {
    out[i] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  return out;
}

TaskSet dated_task_set(std::string_view name, std::optional<Date> at) {
  if (!is_dated_task_set(name))
    throw Error(ErrorKind::argument,
                "there is no dated task set " + detail::quoted(name) + "; there are udk-2012 and mandatory");
  TaskSet out{std::string{name}, std::vector<KleNumber>{}};
  const auto take = [&](const auto& table) {
    for (const DatedTask& row : table)
      if (!at || row.from <= *at) out.only->push_back(row.task);
  };
  if (name == "udk-2012") {
    take(kUdk2012);
  } else {
    if (!at)
      throw Error(ErrorKind::argument,
                  "the task set mandatory moves with the waves; name the day it is meant on");
    take(kMandatory);
  }
  if (at) out.name += " at " + date_text(*at);
  return out;
}

}  // namespace komhen
