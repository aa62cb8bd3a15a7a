#include "komhen/report/filter_counts.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "komhen/error.hpp"

namespace komhen {
namespace {

/// The places of cells, given out as they come.
class Cells {
 public:
  explicit Cells(std::vector<FilterCounts::Cell>& cells) : cells_{cells} {}

  void turn_to(std::size_t table) {
    table_ = table;
    places_.clear();
  }
  /// The place of a row's cell; `part` is an empty text or the last value.
  std::size_t of(const MeasureRow& row, const char* part) {
    numbers_.clear();
    for (std::size_t i = 2; i < row.key.size(); ++i) numbers_.push_back(row.key[i].number);
    numbers_.push_back(*part);
    const auto known = places_.find(numbers_);
    if (known != places_.end()) return known->second;
    std::vector<std::string> values;
    for (std::size_t i = 2; i < row.key.size(); ++i) values.push_back(row.key[i].text);
    if (*part != '\0') values.emplace_back(part);
    cells_.push_back({table_, std::move(values)});
    return places_.emplace(numbers_, cells_.size() - 1).first->second;
  }

 private:
  std::vector<FilterCounts::Cell>& cells_;
  std::size_t table_ = 0;
  std::map<std::vector<std::int64_t>, std::size_t> places_;
  std::vector<std::int64_t> numbers_;  // kept, so that a row costs no allocation
};

void check(const MeasureTable& table) {
  if (table.by.size() < 2 || table.by[0] != Dimension::municipality || table.by[1] != Dimension::task)
    throw Error(ErrorKind::argument, "counts for a filter are of tables by municipality and task");
}

}  // namespace

FilterCounts filter_counts(std::span<const MeasureTable* const> tables) {
  FilterCounts out;
  Cells cells{out.cells};
  std::map<std::int64_t, std::string> tasks;
  std::map<std::int64_t, std::map<std::int64_t, std::string>>
      counts;  // municipality -> task -> pairs as text
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const MeasureTable& table = *tables[i];
    check(table);
    cells.turn_to(i);
    for (const MeasureRow& row : table.rows) {
      tasks.try_emplace(row.key[1].number, row.key[1].text);
      std::string& pairs = counts[row.key[0].number][row.key[1].number];
      const auto add = [&](const char* part, std::int64_t count) {
        const std::size_t place = cells.of(row, part);
        if (count == 0) return;
        if (!pairs.empty()) pairs += ',';
        pairs += std::to_string(place) + ',' + std::to_string(count);
      };
      if (table.measure == Measure::contacts) {
        add("", row.share.numerator);
      } else {
        add("numerator", row.share.numerator);
        add("denominator", row.share.denominator);
      }
    }
  }

  std::map<std::int64_t, std::size_t> place_of;
  for (const auto& [number, text] : tasks) {
    place_of.emplace(number, out.tasks.size());
    out.tasks.push_back(text);
  }
  for (const auto& [municipality, of_tasks] : counts) {
    out.json += out.municipalities.empty() ? "[[" : "],[";
    out.municipalities.push_back(static_cast<int>(municipality));
    bool first = true;
    for (const auto& [task, pairs] : of_tasks) {
      out.json += (first ? "[" : ",[") + std::to_string(place_of.at(task)) + ",[" + pairs + "]]";
      first = false;
    }
  }
  out.json += out.municipalities.empty() ? "[]" : "]]";
  return out;
}

}  // namespace komhen
