#include "json_writer.hpp"
#include "komhen/report/goals.hpp"
#include "table_cells.hpp"

namespace komhen {
namespace {

using detail::JsonWriter;

std::string number_text(const ExactNumber& value) {
  const auto exact = value.exact_text();
  return exact && exact->size() <= 40 ? *exact : value.text(6);
}

bool has_low(const Goal& goal) {
  return goal.comparator == Comparator::at_least || goal.comparator == Comparator::within;
}
bool has_high(const Goal& goal) {
  return goal.comparator == Comparator::at_most || goal.comparator == Comparator::within;
}

void write(JsonWriter& out, std::string_view name, const std::optional<Share>& share) {
  if (!share || !share->exists()) {
    out.key(name).null();
    return;
  }
  out.key(name).open_object().field("numerator", share->numerator).field("denominator", share->denominator);
  out.field("share", share_text(*share)).close_object();
}

void write(JsonWriter& out, const ValuedGoal& valued) {
  const GoalResult& result = valued.result;
  const Goal& goal = result.goal;
  const auto text = [](const std::optional<ExactNumber>& value) {
    return value ? std::optional{number_text(*value)} : std::nullopt;
  };
  out.open_object().field("id", goal.id).field("title", goal.title).field("source", goal.source);
  out.field("kind", token(goal.kind)).field("comparator", token(goal.comparator));
  out.maybe("low", has_low(goal) ? std::optional{number_text(goal.low)} : std::nullopt);
  out.maybe("high", has_high(goal) ? std::optional{number_text(goal.high)} : std::nullopt);
  out.maybe("due", goal.due ? std::optional{date_text(*goal.due)} : std::nullopt);
  out.field("outcome", token(result.outcome))
      .field("tasks", result.tasks.name)
      .field("scheme", token(result.scheme));
  write(out, "share", result.share);
  write(out, "share_before", result.share_before);
  out.maybe("value", text(result.value)).maybe("gap_points", text(result.gap));
  out.maybe("contacts_to_move", result.contacts_to_move);
  if (goal.given) out.field("given", goal.given->text).field("given_source", goal.given->source);
  if (valued.value) {
    out.key("saving").open_object().field("to", token(valued.value->to)).field("each", valued.value->each);
    out.field("kroner", valued.value->saving).field("priced", valued.value->priced);
    out.field("unpriced", valued.value->unpriced).close_object();
  } else {
    out.key("saving").null();
  }
  out.field("notes", result.notes).close_object();
}

}  // namespace

std::string to_json(std::span<const ValuedGoal> goals) {
  JsonWriter out;
  out.open_object().key("goals").open_list();
  for (const ValuedGoal& goal : goals) write(out, goal);
  return std::move(out.close_list().close_object()).take();
}

std::string to_json(std::span<const RankedTask> tasks) {
  JsonWriter out;
  out.open_object().key("tasks").open_list();
  for (const RankedTask& task : tasks) {
    out.open_object().field("rank", task.rank).field("task", task.candidate.task.text());
    out.field("contacts", task.contacts)
        .field("self_service", task.self_service)
        .field("movable", task.movable);
    out.field("unpriced", task.unpriced).field("potential", task.potential).field("unit", "kr");
    out.field("obstacles", task.obstacles).field("unknowns", task.unknowns).field("reasons", task.reasons);
    out.close_object();
  }
  return std::move(out.close_list().close_object()).take();
}

std::string to_json(const Baseline& baseline) {
  JsonWriter out;
  out.open_object().field("date", date_text(baseline.date)).field("tasks", baseline.tasks.name);
  out.field("scheme", token(baseline.scheme)).field("contacts", baseline.cube.total());
  return std::move(out.field("fingerprint", baseline.fingerprint).close_object()).take();
}

Table table_of(std::span<const ValuedGoal> goals) {
  using detail::integer_cell;
  using detail::maybe_cell;
  using detail::text_cell;
  const auto number = [](const ExactNumber& value) { return text_cell(number_text(value)); };
  Table out;
  out.columns = {{"goal", ColumnKind::text},          {"title", ColumnKind::text},
                 {"comparator", ColumnKind::text},    {"low", ColumnKind::decimal},
                 {"high", ColumnKind::decimal},       {"due", ColumnKind::text},
                 {"outcome", ColumnKind::text},       {"value", ColumnKind::decimal},
                 {"gap_points", ColumnKind::decimal}, {"contacts_to_move", ColumnKind::integer},
                 {"saving", ColumnKind::decimal},     {"unpriced", ColumnKind::integer}};
  for (const auto& [result, value] : goals) {
    const Goal& goal = result.goal;
    out.cells.push_back(text_cell(goal.id));
    out.cells.push_back(text_cell(goal.title));
    out.cells.push_back(text_cell(token(goal.comparator)));
    out.cells.push_back(has_low(goal) ? number(goal.low) : detail::no_cell());
    out.cells.push_back(has_high(goal) ? number(goal.high) : detail::no_cell());
    out.cells.push_back(maybe_cell(goal.due, [](Date day) { return text_cell(date_text(day)); }));
    out.cells.push_back(text_cell(token(result.outcome)));
    out.cells.push_back(maybe_cell(result.value, number));
    out.cells.push_back(maybe_cell(result.gap, number));
    out.cells.push_back(maybe_cell(result.contacts_to_move, integer_cell));
    out.cells.push_back(value ? detail::kroner_cell(value->saving) : detail::no_cell());
    out.cells.push_back(value ? integer_cell(value->unpriced) : detail::no_cell());
    for (const std::string& note : result.notes) out.notes.push_back(goal.id + ": " + note);
  }
  return out;
}

Table table_of(std::span<const RankedTask> tasks) {
  using detail::integer_cell;
  Table out;
  out.columns = {{"rank", ColumnKind::integer},      {"task", ColumnKind::text},
                 {"contacts", ColumnKind::integer},  {"self_service", ColumnKind::integer},
                 {"movable", ColumnKind::integer},   {"unpriced", ColumnKind::integer},
                 {"potential", ColumnKind::decimal}, {"obstacles", ColumnKind::text},
                 {"unknowns", ColumnKind::text},     {"reasons", ColumnKind::text}};
  for (const RankedTask& task : tasks) {
    out.cells.push_back(integer_cell(task.rank));
    out.cells.push_back(detail::text_cell(task.candidate.task.text()));
    out.cells.push_back(integer_cell(task.contacts));
    out.cells.push_back(integer_cell(task.self_service));
    out.cells.push_back(integer_cell(task.movable));
    out.cells.push_back(integer_cell(task.unpriced));
    out.cells.push_back(detail::kroner_cell(task.potential));
    out.cells.push_back(detail::lines_cell(task.obstacles));
    out.cells.push_back(detail::lines_cell(task.unknowns));
    out.cells.push_back(detail::lines_cell(task.reasons));
  }
  return out;
}

Table wave_plan() {
  Table out;
  out.columns = {{"wave", ColumnKind::integer}};
  for (const char* name :
       {"areas", "analysed", "agreed", "solutions", "law", "actual", "actual_source", "correction"})
    out.columns.push_back({name, ColumnKind::text});
  for (const Wave& wave : kWaves) {
    out.cells.push_back(detail::integer_cell(wave.number));
    for (const std::string_view text : {wave.areas, wave.analysed, wave.agreed, wave.solutions, wave.law,
                                        wave.actual, wave.actual_source, wave.correction})
      out.cells.push_back(detail::text_cell(text));
  }
  return out;
}

}  // namespace komhen
