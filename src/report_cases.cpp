#include "json_writer.hpp"
#include "komhen/report/cases.hpp"
#include "table_cells.hpp"

namespace komhen {
namespace {

using detail::JsonWriter;

std::string text_of(const ExactNumber& value, CaseUnit unit) {
  CaseFigure figure;
  figure.unit = unit;
  figure.exact = value;
  return figure.text();
}

void write(JsonWriter& out, const CaseInput& input) {
  out.open_object().field("id", input.id).field("value", text_of(input.value, input.unit));
  out.field("unit", token(input.unit));
  if (input.is_range())
    out.field("low", text_of(*input.low, input.unit))
        .field("high", text_of(*input.high, input.unit))
        .field("shape", input.triangular ? "triangular" : "uniform");
  if (input.estimated) out.key("estimated").truth(true);
  out.field("source", input.source).close_object();
}

void write(JsonWriter& out, const CaseResult& result, const CaseFigure& figure) {
  out.open_object().field("id", figure.id).field("label", figure.label).field("value", figure.text());
  if (const auto fraction = figure.fraction()) out.field("value_exact", *fraction);
  out.field("unit", token(figure.unit)).field("certainty", token(figure.certainty));
  out.field("formula", figure.formula).key("inputs").open_list();
  for (const std::string& id : figure.inputs)
    if (const CaseInput* input = result.input(id)) write(out, *input);
  out.close_list().field("source", figure.source).field("notes", figure.notes);
  if (figure.printed) {
    out.key("printed").open_object().field("value", figure.printed->text);
    out.key("agrees").truth(figure.printed->agrees);
    out.field("source", figure.printed->source).field("note", figure.printed->note).close_object();
  }
  out.close_object();
}

}  // namespace

std::string to_json(const CaseResult& result) {
  JsonWriter out;
  out.open_object().field("title", result.title).field("source", result.source).key("processes").open_list();
  for (const CaseProcess& process : result.processes)
    out.open_object()
        .field("when", process.after ? "after" : "before")
        .field("title", process.title)
        .field("steps", process.steps)
        .close_object();
  out.close_list().key("figures").open_list();
  for (const CaseFigure& figure : result.figures) write(out, result, figure);
  out.close_list().key("tornado").open_list();
  for (const TornadoBar& bar : result.tornado) {
    const CaseUnit unit = result.figure(bar.figure)->unit;
    out.open_object()
        .field("figure", bar.figure)
        .field("input", bar.input)
        .field("at_low", text_of(bar.at_low, unit));
    out.field("at_high", text_of(bar.at_high, unit)).field("unit", token(unit)).close_object();
  }
  out.close_list().key("simulations").open_list();
  for (const Simulation& drawn : result.simulations) {
    const auto text = [&](double value) { return estimate_text(value, drawn.unit); };
    out.open_object()
        .field("figure", drawn.figure)
        .field("unit", token(drawn.unit))
        .field("certainty", "estimate");
    out.field("draws", drawn.draws).field("seed", std::to_string(drawn.seed)).field("mean", text(drawn.mean));
    out.field("lowest", text(drawn.lowest))
        .field("highest", text(drawn.highest))
        .key("percentiles")
        .open_object();
    for (const auto& percentile : drawn.percentiles)
      out.field(std::to_string(percentile.per_cent), text(percentile.value));
    out.close_object().close_object();
  }
  return std::move(out.close_list().field("warnings", result.warnings).close_object()).take();
}

Table table_of(const CaseResult& result) {
  Table out;
  out.notes = result.warnings;
  out.columns = {{"figure", ColumnKind::text},
                 {"value", ColumnKind::decimal},
                 {"unit", ColumnKind::text},
                 {"certainty", ColumnKind::text}};
  for (const CaseFigure& figure : result.figures) {
    out.cells.push_back(detail::text_cell(figure.id));
    out.cells.push_back(detail::text_cell(figure.text()));
    out.cells.push_back(detail::text_cell(token(figure.unit)));
    out.cells.push_back(detail::text_cell(token(figure.certainty)));
  }
  return out;
}

std::string to_csv(const CaseResult& result) {
  return to_csv(table_of(result));
}

}  // namespace komhen
