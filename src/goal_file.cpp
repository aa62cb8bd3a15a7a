#include <algorithm>

#include "komhen/measure/goal.hpp"
#include "komhen/registration/registration.hpp"
#include "posix_file.hpp"
#include "toml_values.hpp"

namespace komhen {
namespace {

using detail::quoted;
using detail::TomlTable;

constexpr std::size_t kMostBytes = std::size_t{4} << 20U;
constexpr std::size_t kMostGoals = 2'000;

std::string label(const TomlTable& table, std::string_view key, std::string otherwise = "") {
  if (!table.has(key)) return otherwise;
  std::string text = *table.text(key);
  if (text.size() > 2'000 || find_personal(text))
    table.complain(key, "is longer than 2000 bytes or holds something like a CPR number");
  return detail::shown(text);
}

std::vector<Channel> channels_of(const TomlTable& table, std::string_view key) {
  std::vector<Channel> out;
  const auto texts = *table.texts(key);
  for (const std::string& text : texts) {
    const auto channel = from_text<Channel>(text);
    if (!channel) table.complain(key, "has " + quoted(text) + ", which is no channel");
    if (std::ranges::find(out, *channel) != out.end())
      table.complain(key, "names " + quoted(text) + " twice");
    out.push_back(*channel);  // in the file's order: the first under `to` is where contacts go
  }
  if (out.empty()) table.complain(key, "names no channel");
  return out;
}

void add_filters(const TomlTable& goal, std::string_view key, std::vector<Filter>& filters) {
  const auto table = goal.table(key);
  if (!table) return;
  for (const std::string& name : table->keys()) {
    const auto dimension = from_text<Dimension>(name);
    if (!dimension) table->complain(name, "is no dimension");
    filters.push_back({*dimension,
                       table->is_list(name) ? *table->texts_or_numbers(name)
                                            : std::vector<std::string>{*table->text_or_number(name)},
                       key == "without"});
  }
}

Date due_of(const TomlTable& table, std::string_view key) {
  if (table.is_number(key))
    return std::chrono::year{detail::year_of(table, key)} / std::chrono::December / 31;
  return *parse_date(*table.date(key));
}

void read_tasks(const TomlTable& table, Goal& goal) {
  if (!table.has("tasks")) return;
  if (table.is_list("tasks")) {
    goal.tasks.emplace();
    const auto texts = *table.texts("tasks");
    for (const std::string& text : texts) {
      const auto task = KleNumber::parse(text);
      if (!task)
        table.complain("tasks", "has " + quoted(text) + ", which is no KLE number; one reads like 23.05.10");
      goal.tasks->push_back(*task);
    }
    if (goal.tasks->empty()) table.complain("tasks", "names no task");
    std::ranges::sort(*goal.tasks);
    goal.task_set = "named";
    return;
  }
  goal.task_set = *table.text("tasks");
  if (goal.task_set != "all" && goal.task_set != "kl-35" && !is_dated_task_set(goal.task_set))
    table.complain("tasks", "is " + quoted(goal.task_set) +
                                "; there are all, kl-35, udk-2012, mandatory, or a list of KLE numbers");
  if (goal.task_set == "mandatory" && !goal.due && !goal.tasks_at)
    table.complain("tasks_at",
                   "is missing: the mandatory tasks move with the waves, and the goal has no due date");
}

/// The number that a goal is held against: a share, or for an attribute any number.
ExactNumber threshold(const TomlTable& table, std::string_view key, const Goal& goal) {
  if (goal.kind == GoalKind::attribute) return detail::exact_of(table, key);
  if (goal.kind != GoalKind::change) return detail::share_of(table, key);
  ExactNumber value = detail::exact_of(table, key);
  if (value < ExactNumber{-1}) table.complain(key, "is a fall of more than 100 %");
  return value;
}

void read_comparator(const TomlTable& table, Goal& goal) {
  goal.comparator = detail::word_of<Comparator>(table, "comparator");
  switch (goal.comparator) {
    case Comparator::at_least:
      goal.low = threshold(table, "value", goal);
      break;
    case Comparator::at_most:
      goal.high = threshold(table, "value", goal);
      break;
    case Comparator::within:
      goal.low = threshold(table, "low", goal);
      goal.high = threshold(table, "high", goal);
      if (goal.low > goal.high)
        table.complain("low", "and high are a range upside down: " + quoted(*table.text_or_number("low")) +
                                  " to " + quoted(*table.text_or_number("high")));
      break;
    case Comparator::report:
      break;
  }
  const bool one = goal.comparator == Comparator::at_least || goal.comparator == Comparator::at_most;
  for (const char* key : {"value", "low", "high"})
    if (table.has(key) && one != (key == std::string_view{"value"}))
      table.complain(key, "does not belong to the comparator " + std::string{token(goal.comparator)});
    else if (table.has(key) && goal.comparator == Comparator::report)
      table.complain(key, "does not belong to the comparator report");
}

void read_given(const TomlTable& table, Goal& goal) {
  if (!table.has("given")) return;
  if (goal.kind != GoalKind::attribute)
    table.complain("given", "belongs to attributes; a cube measures this goal");
  GivenValue given;
  if (table.is_truth("given")) {
    const bool yes = *table.truth("given");
    given.value = ExactNumber{yes ? 1 : 0};
    given.text = yes ? "yes" : "no";
  } else {
    given.value = detail::exact_of(table, "given");
    given.text = *table.text_or_number("given");
  }
  given.source = label(table, "given_source");
  goal.given = std::move(given);
}

/// A goal that no cube could ever be held against is refused where it is read.
void try_out(const TomlTable& table, const Goal& goal) {
  if (goal.kind == GoalKind::attribute) return;
  try {
    (void)evaluate_goal(goal, Cube{});
  } catch (const Error& error) {
    table.complain("id", quoted(goal.id) + " cannot be measured: " + error.what());
  }
}

Goal goal_of(const TomlTable& table, const std::string& source) {
  table.allow_only({"id",      "title",    "source",   "note",   "about", "kind",
                    "measure", "set",      "basis",    "scheme", "where", "without",
                    "tasks",   "tasks_at", "channels", "from",   "to",    "comparator",
                    "value",   "low",      "high",     "due",    "given", "given_source"});
  table.require({"id", "title", "comparator"});
  Goal goal;
  goal.id = label(table, "id");
  goal.title = label(table, "title");
  goal.source = label(table, "source", source);
  goal.note = label(table, "note");
  if (table.has("kind")) goal.kind = detail::word_of<GoalKind>(table, "kind");
  if (table.has("about")) {
    if (*table.text("about") != "citizens") table.complain("about", "can only be \"citizens\"");
    goal.note +=
        (goal.note.empty() ? "" : "; ") +
        std::string{
            "whether the other party is a citizen or a company is not collected: measured on all contacts"};
  }
  if (table.has("due")) goal.due = due_of(table, "due");
  if (table.has("tasks_at")) goal.tasks_at = due_of(table, "tasks_at");
  read_tasks(table, goal);
  if (goal.kind == GoalKind::measure) {
    goal.query.measure = detail::word_of<Measure>(table, "measure");
    if (goal.query.measure == Measure::contacts || goal.query.measure == Measure::mix)
      table.complain("measure", "is no single share; use the kind channels or change");
    if (table.has("set")) goal.query.set = detail::word_of<DigitalSet>(table, "set");
    if (table.has("basis")) goal.query.basis = *table.text("basis");
  } else {
    for (const char* key : {"measure", "set", "basis"})
      if (table.has(key)) table.complain(key, "belongs to the kind measure");
  }
  if (table.has("scheme")) goal.query.scheme = detail::word_of<Scheme>(table, "scheme");
  add_filters(table, "where", goal.query.filters);
  add_filters(table, "without", goal.query.filters);
  if (table.has("channels") && table.has("from"))
    table.complain("from", "and channels are two names of one thing here");
  if (table.has("channels")) goal.channels = channels_of(table, "channels");
  if (table.has("from")) goal.channels = channels_of(table, "from");
  if (table.has("to")) goal.to = channels_of(table, "to");
  if (goal.kind == GoalKind::channels) table.require({"channels"});
  if (goal.kind == GoalKind::moved) {
    table.require({"from", "to"});
    for (const Channel channel : goal.to)
      if (std::ranges::find(goal.channels, channel) != goal.channels.end())
        table.complain("to", "has " + std::string{token(channel)} + ", which stands under from too");
  }
  read_comparator(table, goal);
  read_given(table, goal);
  try_out(table, goal);
  return goal;
}

}  // namespace

std::vector<Goal> parse_goals(std::string_view toml, std::string_view name) {
  if (toml.size() > kMostBytes)
    throw Error(ErrorKind::format, "the goals " + quoted(name) + " are longer than 4 MiB");
  const toml::table document = detail::parse_toml(toml, name);
  const TomlTable table{document, std::string{name}, ""};
  table.allow_only({"title", "source", "goal"});
  const auto rows = table.tables("goal");
  if (rows.size() > kMostGoals) table.complain("goal", "stands there more than 2000 times");
  std::vector<Goal> goals;
  for (const TomlTable& row : rows) {
    goals.push_back(goal_of(row, label(table, "source")));
    if (std::ranges::count(goals, goals.back().id, &Goal::id) > 1)
      row.complain("id", "is " + quoted(goals.back().id) + ", which another goal has");
  }
  if (goals.empty()) table.complain("goal", "is missing: each goal stands under [[goal]]");
  return goals;
}

std::vector<Goal> load_goals(const std::string& path) {
  return parse_goals(detail::read_file(path, kMostBytes), path);
}

}  // namespace komhen
