#include "case_builder.hpp"

#include <algorithm>

namespace komhen::detail {
namespace {

constexpr std::size_t kMostInputs = 2'000;
constexpr std::size_t kMostFigures = 5'000;
constexpr std::size_t kMostReferences = 200'000;  // each is a text of its own, in memory and in every output

ExactNumber read_number(const TomlTable& table, std::string_view key, CaseUnit unit) {
  return unit == CaseUnit::kroner ? ExactAmount{money_of(table, key)}.kroner() : exact_of(table, key);
}

/// One number, within its bounds.
ExactNumber bounded(const TomlTable& table, std::string_view key, CaseUnit unit, Bounds bounds) {
  ExactNumber value = read_number(table, key, unit);
  if (unit != CaseUnit::share && unit != CaseUnit::factor && table.text_or_number(key)->ends_with('%'))
    table.complain(key, "is " + quoted(*table.text_or_number(key)) + "; per cent are of shares alone");
  const auto is = [&](const char* what) {
    table.complain(key, "is " + quoted(*table.text_or_number(key)) + "; " + what);
  };
  if (bounds == Bounds::share && (value.sign() < 0 || value > ExactNumber{1}))
    is("a share lies between 0 % and 100 %");
  if (bounds == Bounds::count && (value.sign() < 0 || !value.is_whole()))
    is("a count is a whole number, zero or more");
  if (bounds == Bounds::not_negative && value.sign() < 0) is("it must be zero or more");
  if (bounds == Bounds::above_zero && value.sign() <= 0) is("it must be above zero");
  return value;
}

}  // namespace

std::string shown_text(const TomlTable& table, std::string_view key, std::string otherwise) {
  if (!table.has(key)) return otherwise;
  std::string text = *table.text(key);
  if (text.size() > 2'000 || find_personal(text))
    table.complain(key, "is longer than 2000 bytes or holds something like a CPR number");
  return shown(text);
}

Term CaseBuilder::input(const TomlTable& table, std::string_view key, CaseUnit unit, Bounds bounds) {
  table.require({key});
  if (result_.inputs.size() >= kMostInputs)
    table.complain(key, "is one input more than the 2000 that a case may have");
  CaseInput out;
  out.id = table.path_of(key);
  out.unit = unit;
  out.source = source_;
  if (!table.is_table(key)) {
    out.value = bounded(table, key, unit, bounds);
  } else {
    const TomlTable given = *table.table(key);
    given.allow_only({"value", "low", "high", "shape", "source", "estimated"});
    out.source = shown_text(given, "source", source_);
    out.estimated = given.truth("estimated").value_or(false);
    if (given.has("low") != given.has("high")) given.require({"low", "high"});
    // The middle of a count's range need not be a whole number.
    const Bounds ends = bounds == Bounds::count ? Bounds::not_negative : bounds;
    if (given.has("low")) {
      out.low = bounded(given, "low", unit, ends);
      out.high = bounded(given, "high", unit, ends);
      if (*out.low > *out.high)
        table.complain(key, "is a range upside down: low is " + quoted(*given.text_or_number("low")) +
                                ", high is " + quoted(*given.text_or_number("high")));
      out.value = (*out.low + *out.high) / ExactNumber{2};
    }
    if (given.has("value")) out.value = bounded(given, "value", unit, out.low ? ends : bounds);
    if (!given.has("value") && !out.low) given.require({"value"});
    if (out.low && (out.value < *out.low || out.value > *out.high))
      given.complain("value", "is " + quoted(*given.text_or_number("value")) + ", outside its range");
    if (given.has("shape")) {
      const std::string shape = *given.text("shape");
      if (shape != "uniform" && shape != "triangular")
        given.complain("shape", "is " + quoted(shape) + "; there are uniform and triangular");
      out.triangular = shape == "triangular";
    }
  }
  const int node = graph_.given(out.value);
  input_nodes_.emplace_back(node, result_.inputs.size());
  result_.inputs.push_back(std::move(out));
  return {graph_, node};
}

Term CaseBuilder::input(std::string id, CaseUnit unit, ExactNumber value, std::string source) {
  const int node = graph_.given(value);
  input_nodes_.emplace_back(node, result_.inputs.size());
  CaseInput out;
  out.id = std::move(id);
  out.unit = unit;
  out.value = std::move(value);
  out.source = std::move(source);
  result_.inputs.push_back(std::move(out));
  return {graph_, node};
}

CaseFigure& CaseBuilder::add(CaseFigure figure) {
  if (result_.figure(figure.id) != nullptr)
    throw Error(ErrorKind::format, "the case has two figures with the id " + quoted(figure.id) +
                                       "; give activities, variants and parts different names");
  references_ += figure.inputs.size();
  if (result_.figures.size() == kMostFigures || references_ > kMostReferences)
    throw Error(ErrorKind::format,
                "at " + quoted(figure.id) +
                    " the case has more than the 5000 figures, or the 200000 inputs of them, "
                    "that a case may have");
  if (figure.exact && figure.unit == CaseUnit::kroner) {
    try {
      static_cast<void>(ExactAmount::from_kroner(*figure.exact).settle(Rounding::half_up));
    } catch (const Error& error) {
      throw Error(error.kind(), "the figure " + quoted(figure.id) + " cannot be held: " + error.what());
    }
  }
  figure.source = source_;
  for (const std::string& id : figure.inputs)
    if (const CaseInput* own = result_.input(id); own != nullptr && own->estimated)
      figure.notes.push_back("rests on " + id + ", which the source calls an estimate");
  result_.figures.push_back(std::move(figure));
  return result_.figures.back();
}

CaseFigure& CaseBuilder::figure(std::string id, std::string label, CaseUnit unit, Term term,
                                std::string formula) {
  figure_nodes_.emplace_back(id, term.node());
  return figure(std::move(id), std::move(label), unit, term.value(), std::move(formula),
                inputs_of(term.node()));
}

CaseFigure& CaseBuilder::figure(std::string id, std::string label, CaseUnit unit, ExactNumber value,
                                std::string formula, std::vector<std::string> inputs) {
  CaseFigure out;
  out.id = std::move(id);
  out.label = std::move(label);
  out.unit = unit;
  out.estimate = value.estimate();
  out.exact = std::move(value);
  out.formula = std::move(formula);
  out.inputs = std::move(inputs);
  return add(std::move(out));
}

CaseFigure& CaseBuilder::estimate(std::string id, std::string label, CaseUnit unit, double value,
                                  std::string formula, std::vector<std::string> inputs) {
  CaseFigure out;
  out.id = std::move(id);
  out.label = std::move(label);
  out.unit = unit;
  out.certainty = Certainty::estimate;
  out.estimate = value;
  out.formula = std::move(formula);
  out.inputs = std::move(inputs);
  return add(std::move(out));
}

std::vector<std::string> CaseBuilder::inputs_of(int node) const {
  const auto reached = graph_.reached_from(node);
  std::vector<std::string> out;
  for (const auto& [own, place] : input_nodes_)
    if (reached[static_cast<std::size_t>(own)]) out.push_back(result_.inputs[place].id);
  return out;
}

std::optional<Term> CaseBuilder::term_of(std::string_view figure) {
  for (const auto& [id, node] : figure_nodes_)
    if (id == figure) return Term{graph_, node};
  return std::nullopt;
}

std::optional<Term> CaseBuilder::term_of_input(std::string_view id) {
  for (const auto& [node, place] : input_nodes_)
    if (result_.inputs[place].id == id) return Term{graph_, node};
  return std::nullopt;
}

Residual::Residual(CaseBuilder& builder, const TomlTable& table) {
  table.allow_only({"factor", "heavy_share", "heavy_weight"});
  if (table.has("factor")) {
    if (table.has("heavy_share") || table.has("heavy_weight"))
      table.complain("factor", "cannot stand beside heavy_share and heavy_weight, from which it follows");
    factor_ = builder.input(table, "factor", CaseUnit::factor, Bounds::above_zero);
    return;
  }
  heavy_share_ = builder.input(table, "heavy_share", CaseUnit::share, Bounds::share);
  heavy_weight_ = builder.input(table, "heavy_weight", CaseUnit::factor, Bounds::above_zero);
}

Term Residual::weight(CaseBuilder& builder, Term moved) const {
  const Term one = builder.constant(1);
  const Term stays = one - moved;
  if (factor_) return stays * *factor_;
  // The average contact weighs 1: easy ones `easy`, heavy ones `heavy_weight` times as much. Easy ones move
  // first.
  const Term easy = one / (one - *heavy_share_ + *heavy_share_ * *heavy_weight_);
  const Term easy_stays = larger(stays - *heavy_share_, builder.constant(0));
  return easy * (easy_stays + (stays - easy_stays) * *heavy_weight_);
}

Term Residual::factor(CaseBuilder& builder, Term moved) const {
  return factor_ ? *factor_ : weight(builder, moved) / (builder.constant(1) - moved);
}

}  // namespace komhen::detail
