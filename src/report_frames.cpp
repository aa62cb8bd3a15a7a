#include <initializer_list>
#include <string_view>

#include "komhen/report/frame.hpp"
#include "table_cells.hpp"

namespace komhen {
namespace {

using detail::integer_cell;
using detail::kroner_cell;
using detail::lines_cell;
using detail::maybe_cell;
using detail::no_cell;
using detail::text_cell;
using Cell = Table::Cell;

constexpr int kKronerDecimals = 2;
constexpr int kDecimals = 6;

void add_texts(Table& out, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) out.columns.push_back({std::string{name}, ColumnKind::text});
}
void add_integers(Table& out, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) out.columns.push_back({std::string{name}, ColumnKind::integer});
}
/// A column of numbers, and its exact fractions beside it.
void add_exact(Table& out, std::string_view name, int decimals) {
  out.columns.push_back({std::string{name}, ColumnKind::decimal, decimals});
  out.columns.push_back({std::string{name} + "_exact", ColumnKind::text});
}
void add_decimal(Table& out, std::string_view name, int decimals) {
  out.columns.push_back({std::string{name}, ColumnKind::decimal, decimals});
}

Cell number_cell(const ExactNumber& value) {
  return text_cell(value.text(kDecimals));
}
Cell fraction_cell(const ExactNumber& value) {
  return text_cell(value.fraction_text());
}
Cell kroner_fraction_cell(const ExactAmount& value) {
  return fraction_cell(value.kroner());
}
template <class E>
Cell word_cell(E value) {
  return text_cell(token(value));
}

void push(Table& out, std::initializer_list<Cell> cells) {
  out.cells.insert(out.cells.end(), cells);
}

/// A number of a case in its unit: kroner are settled to whole øre.
Cell case_cell(const ExactNumber& value, CaseUnit unit) {
  return text_cell(value.text(unit == CaseUnit::kroner ? kKronerDecimals : kDecimals));
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out;
}

}  // namespace

Table frame_of(const CostTable& table) {
  Table out;
  detail::add_dimensions(out, table.by);
  add_integers(out, {"contacts", "unpriced"});
  add_exact(out, "cost", kKronerDecimals);
  add_exact(out, "per_contact", kKronerDecimals);
  add_exact(out, "share", kDecimals);
  for (const CostRow& row : table.rows) {
    detail::add_key(out, row.key);
    const auto cost = row.known_cost();
    const auto each = row.per_contact();
    const auto share = table.share(row);
    push(out, {integer_cell(row.contacts), integer_cell(row.unpriced), maybe_cell(cost, kroner_cell),
               maybe_cell(cost, kroner_fraction_cell), maybe_cell(each, kroner_cell),
               maybe_cell(each, kroner_fraction_cell), maybe_cell(share, number_cell),
               maybe_cell(share, fraction_cell)});
  }
  return out;
}

Table frame_of(const PriceList& prices) {
  Table out;
  if (!prices.note().empty()) out.notes.push_back(prices.note());
  add_integers(out, {"number"});
  add_texts(out, {"source"});
  add_integers(out, {"year"});
  add_texts(out, {"basis", "price_class", "channels", "direction", "group"});
  add_integers(out, {"level"});
  add_exact(out, "price", kDecimals);
  add_texts(out, {"derivation"});
  for (const PriceRow& row : prices.rows()) {
    std::vector<std::string> channels;
    for (const Channel channel : row.channels) channels.emplace_back(token(channel));
    const ExactNumber price = row.price.kroner();
    push(out,
         {integer_cell(row.number), text_cell(row.source), maybe_cell(row.year, integer_cell),
          word_cell(row.basis), text_cell(row.price_class), text_cell(joined(channels)),
          maybe_cell(row.direction, word_cell<Direction>), maybe_cell(row.group, word_cell<Group>),
          maybe_cell(row.level, [](ServiceLevel level) { return integer_cell(static_cast<int>(level)); }),
          number_cell(price), fraction_cell(price), text_cell(row.derivation)});
  }
  return out;
}

Table frame_of(const CaseResult& result) {
  Table out;
  out.notes = result.warnings;
  add_texts(out, {"figure", "label"});
  add_exact(out, "value", kDecimals);
  add_texts(out, {"unit", "certainty", "formula", "inputs", "source", "printed", "notes"});
  for (const CaseFigure& figure : result.figures)
    push(out,
         {text_cell(figure.id), text_cell(figure.label),
          figure.exact ? case_cell(*figure.exact, figure.unit)
                       : text_cell(estimate_text(figure.estimate, figure.unit)),
          maybe_cell(figure.exact, fraction_cell), word_cell(figure.unit), word_cell(figure.certainty),
          text_cell(figure.formula), text_cell(joined(figure.inputs)), text_cell(figure.source),
          maybe_cell(figure.printed, [](const PrintedFigure& printed) { return text_cell(printed.text); }),
          lines_cell(figure.notes)});
  return out;
}

Table tornado_frame(const CaseResult& result) {
  Table out;
  add_texts(out, {"figure", "input", "unit"});
  add_exact(out, "at_low", kDecimals);
  add_exact(out, "at_high", kDecimals);
  for (const TornadoBar& bar : result.tornado) {
    const CaseUnit unit = result.figure(bar.figure)->unit;
    push(out, {text_cell(bar.figure), text_cell(bar.input), word_cell(unit), case_cell(bar.at_low, unit),
               fraction_cell(bar.at_low), case_cell(bar.at_high, unit), fraction_cell(bar.at_high)});
  }
  return out;
}

Table simulation_frame(const CaseResult& result) {
  Table out;
  add_texts(out, {"figure", "unit"});
  add_integers(out, {"draws"});
  add_texts(out, {"seed", "statistic"});
  add_integers(out, {"per_cent"});
  add_decimal(out, "value", kDecimals);
  for (const Simulation& drawn : result.simulations) {
    const auto add = [&](std::string_view statistic, Cell per_cent, double value) {
      push(out, {text_cell(drawn.figure), word_cell(drawn.unit), integer_cell(drawn.draws),
                 text_cell(std::to_string(drawn.seed)), text_cell(statistic), std::move(per_cent),
                 text_cell(estimate_text(value, drawn.unit))});
    };
    add("mean", no_cell(), drawn.mean);
    add("lowest", no_cell(), drawn.lowest);
    for (const auto& percentile : drawn.percentiles)
      add("percentile", integer_cell(percentile.per_cent), percentile.value);
    add("highest", no_cell(), drawn.highest);
  }
  return out;
}

Table frame_of(std::span<const ValuedGoal> goals) {
  Table out;
  add_texts(out, {"id", "title", "source", "kind", "comparator"});
  add_decimal(out, "low", kDecimals);
  add_decimal(out, "high", kDecimals);
  add_texts(out, {"due", "outcome", "tasks", "scheme"});
  add_integers(out, {"numerator", "denominator", "numerator_before", "denominator_before"});
  add_exact(out, "value", kDecimals);
  add_exact(out, "gap_points", kDecimals);
  add_integers(out, {"contacts_to_move"});
  add_exact(out, "saving", kKronerDecimals);
  add_integers(out, {"unpriced"});
  add_texts(out, {"notes"});
  for (const auto& [result, value] : goals) {
    const Goal& goal = result.goal;
    const bool low = goal.comparator == Comparator::at_least || goal.comparator == Comparator::within;
    const bool high = goal.comparator == Comparator::at_most || goal.comparator == Comparator::within;
    push(out, {text_cell(goal.id), text_cell(goal.title), text_cell(goal.source), word_cell(goal.kind),
               word_cell(goal.comparator), low ? number_cell(goal.low) : no_cell(),
               high ? number_cell(goal.high) : no_cell(),
               maybe_cell(goal.due, [](Date day) { return text_cell(date_text(day)); }),
               word_cell(result.outcome), text_cell(result.tasks.name), word_cell(result.scheme)});
    for (const auto& share : {result.share, result.share_before}) {
      const bool there = share && share->exists();
      push(out, {there ? integer_cell(share->numerator) : no_cell(),
                 there ? integer_cell(share->denominator) : no_cell()});
    }
    push(out,
         {maybe_cell(result.value, number_cell), maybe_cell(result.value, fraction_cell),
          maybe_cell(result.gap, number_cell), maybe_cell(result.gap, fraction_cell),
          maybe_cell(result.contacts_to_move, integer_cell), value ? kroner_cell(value->saving) : no_cell(),
          value ? kroner_fraction_cell(value->saving) : no_cell(),
          value ? integer_cell(value->unpriced) : no_cell(), lines_cell(result.notes)});
    for (const std::string& note : result.notes) out.notes.push_back(goal.id + ": " + note);
  }
  return out;
}

Table frame_of(std::span<const RankedTask> tasks) {
  Table out;
  add_integers(out, {"rank"});
  add_texts(out, {"task"});
  add_integers(out, {"contacts", "self_service", "movable", "unpriced"});
  add_exact(out, "potential", kKronerDecimals);
  add_texts(out, {"obstacles", "unknowns", "reasons"});
  for (const RankedTask& task : tasks)
    push(out, {integer_cell(task.rank), text_cell(task.candidate.task.text()), integer_cell(task.contacts),
               integer_cell(task.self_service), integer_cell(task.movable), integer_cell(task.unpriced),
               kroner_cell(task.potential), kroner_fraction_cell(task.potential), lines_cell(task.obstacles),
               lines_cell(task.unknowns), lines_cell(task.reasons)});
  return out;
}

}  // namespace komhen
