#include <algorithm>

#include "komhen/error.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/registration/registration.hpp"
#include "komhen/round/round.hpp"
#include "posix_file.hpp"
#include "toml_file.hpp"

namespace komhen {
namespace {

using detail::quoted;
using detail::TomlTable;

template <class T>
void sort_unique(std::vector<T>& values) {
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
}

std::vector<Week> weeks_of(const TomlTable& table, std::string_view key) {
  std::vector<Week> weeks;
  const auto texts = *table.texts(key);
  for (const std::string& text : texts) {
    const auto week = Week::parse(text);
    if (!week) table.complain(key, "has " + quoted(text) + ", which is no week; a week reads like 2012-W17");
    weeks.push_back(*week);
  }
  if (weeks.empty()) table.complain(key, "names no week");
  sort_unique(weeks);
  return weeks;
}

std::vector<KleNumber> tasks_of(const TomlTable& table, std::string_view key) {
  std::vector<KleNumber> tasks;
  const auto texts = *table.texts(key);
  for (const std::string& text : texts) {
    const auto task = KleNumber::parse(text);
    if (!task)
      table.complain(key, "has " + quoted(text) + ", which is no KLE number; one reads like 23.05.10");
    tasks.push_back(*task);
  }
  if (tasks.empty()) table.complain(key, "names no task");
  sort_unique(tasks);
  return tasks;
}

void require(const TomlTable& table, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (!table.has(key)) table.complain(key, "is missing");
}

ContactType type_of(const TomlTable& table, std::string_view key) {
  const std::string text = *table.text(key);
  const auto type = from_text<ContactType>(text);
  if (!type) table.complain(key, "is " + quoted(text) + ", which is no contact type");
  return *type;
}

Reclassification rule_of(const TomlTable& table, const Round& round) {
  table.allow_only({"source", "tasks", "from", "to", "weeks"});
  require(table, {"source", "tasks", "from", "to"});
  Reclassification rule{*table.text("source"), tasks_of(table, "tasks"), type_of(table, "from"),
                        type_of(table, "to"), table.has("weeks") ? weeks_of(table, "weeks") : round.weeks};
  if (!is_label(rule.source, kMaxLabel))
    table.complain("source", "is longer than 64 bytes or holds control characters");
  if (find_personal(rule.source)) table.complain("source", "holds something like a CPR number");
  for (const Week week : rule.weeks)
    if (!round.has(week))
      table.complain("weeks", "has " + quoted(week.text()) + ", which is no week of the round");
  if (rule.from == rule.to) table.complain("to", "is the same as from");
  return rule;
}

}  // namespace

Round parse_round(std::string_view toml, std::string_view name) {
  const toml::table document = detail::parse_toml(toml, name);
  const TomlTable table{document, std::string{name}, ""};
  table.allow_only({"id", "weeks", "scheme", "package", "reclassify"});
  require(table, {"id", "weeks"});
  Round round;
  round.id = *table.text("id");
  if (round.id.empty() || !is_label(round.id, kMaxLabel))
    table.complain("id", "must have 1 to 64 bytes and no control characters");
  if (find_personal(round.id)) table.complain("id", "holds something like a CPR number");
  if (builtin_round(round.id)) table.complain("id", "is " + quoted(round.id) + ", which is a built-in round");
  round.weeks = weeks_of(table, "weeks");
  if (const auto text = table.text("scheme")) {
    const auto scheme = from_text<Scheme>(*text);
    if (!scheme)
      table.complain("scheme", "is " + quoted(*text) + "; there are kl-2011, kl-2012 and hilleroed-2014");
    round.scheme = *scheme;
  }
  if (table.has("package")) {
    if (document["package"].is_array()) {
      round.package = Package{tasks_of(table, "package")};
    } else if (const auto text = table.text("package"); *text == "kl-35") {
      std::vector<KleNumber> tasks;
      for (const Task& task : kTasks) tasks.push_back(task.kle);
      round.package = Package{std::move(tasks)};
    } else if (*text != "open") {
      table.complain("package",
                     "is " + quoted(*text) + "; it is \"open\", \"kl-35\" or a list of KLE numbers");
    }
  }
  for (const TomlTable& rule : table.tables("reclassify")) round.rules.push_back(rule_of(rule, round));
  return round;
}

Round load_round(const std::string& id_or_path) {
  if (auto round = builtin_round(id_or_path)) return *std::move(round);
  const bool is_path = id_or_path.ends_with(".toml") || id_or_path.find('/') != std::string::npos;
  if (!is_path) {
    std::string known;
    for (const BuiltinRound& row : kRounds) known += std::string{row.id} + ", ";
    throw Error(ErrorKind::argument, "there is no round " + quoted(id_or_path) + "; there are " + known +
                                         "or the path of a round's .toml file");
  }
  return parse_round(detail::read_file(id_or_path, std::size_t{16} << 20U), id_or_path);
}

}  // namespace komhen
