#include "json_writer.hpp"
#include "komhen/report/goals.hpp"

namespace komhen {
namespace {

using detail::JsonWriter;

std::string number_text(const ExactNumber& value) {
  const auto exact = value.exact_text();
  return exact && exact->size() <= 40 ? *exact : value.text(6);
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
  const bool low = goal.comparator == Comparator::at_least || goal.comparator == Comparator::within;
  const bool high = goal.comparator == Comparator::at_most || goal.comparator == Comparator::within;
  const auto text = [](const std::optional<ExactNumber>& value) {
    return value ? std::optional{number_text(*value)} : std::nullopt;
  };
  out.open_object().field("id", goal.id).field("title", goal.title).field("source", goal.source);
  out.field("kind", token(goal.kind)).field("comparator", token(goal.comparator));
  out.maybe("low", low ? std::optional{number_text(goal.low)} : std::nullopt);
  out.maybe("high", high ? std::optional{number_text(goal.high)} : std::nullopt);
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

}  // namespace komhen
