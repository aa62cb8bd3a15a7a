#include "komhen/cost/business_case.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "case_builder.hpp"
#include "posix_file.hpp"

namespace komhen {
namespace {

using detail::quoted;
using detail::TomlTable;

constexpr std::size_t kMostBytes = std::size_t{4} << 20U;
constexpr int kDecimals = 6;

std::string exact_text(const ExactNumber& value, CaseUnit unit) {
  if (unit == CaseUnit::kroner) return ExactAmount::from_kroner(value).settle(Rounding::half_up).text();
  if (const auto text = value.exact_text(); text && text->size() <= 40) return *text;
  return value.text(kDecimals);
}

void add_processes(const TomlTable& root, CaseResult& result) {
  for (const TomlTable& row : root.tables("process")) {
    row.allow_only({"when", "title", "steps"});
    row.require({"when", "steps"});
    const std::string when = *row.text("when");
    if (when != "before" && when != "after")
      row.complain("when", "is " + quoted(when) + "; a process is \"before\" or \"after\"");
    CaseProcess process{when == "after", detail::shown_text(row, "title"), {}};
    const auto steps = *row.texts("steps");
    for (const std::string& step : steps) {
      if (find_personal(step)) row.complain("steps", "holds something like a CPR number");
      process.steps.push_back(detail::shown(step));
    }
    result.processes.push_back(std::move(process));
  }
}

/// An end of a range at which kroner cannot hold a figure is told here, with the figure, and not by a shell.
void check_shown(const CaseResult& result) {
  const auto check = [&](const CaseFigure& figure, const ExactNumber& value, const std::string& where) {
    try {
      (void)exact_text(value, figure.unit);
    } catch (const Error& error) {
      const std::string digits = value.text(0);
      throw Error(error.kind(), "the figure " + quoted(figure.id) + where + " has " +
                                    std::to_string(digits.size()) + " digits (" + digits.substr(0, 12) +
                                    "...): " + error.what());
    }
  };
  for (const TornadoBar& bar : result.tornado) {
    const CaseFigure& figure = *result.figure(bar.figure);
    check(figure, bar.at_low, ", with " + bar.input + " at its low end,");
    check(figure, bar.at_high, ", with " + bar.input + " at its high end,");
  }
}

void explain_figure(const CaseResult& result, const CaseFigure& figure, std::string& out) {
  out += figure.id + " = " + figure.text() + " " + std::string{token(figure.unit)} + " (" +
         std::string{token(figure.certainty)} + ")\n";
  if (const auto fraction = figure.fraction()) out += "  exactly: " + *fraction + "\n";
  out += "  " + figure.label + "\n  formula: " + figure.formula + "\n";
  for (const std::string& id : figure.inputs) {
    const CaseInput* input = result.input(id);
    if (input == nullptr) continue;
    out += "  input: " + id + " = " + exact_text(input->value, input->unit) + " " +
           std::string{token(input->unit)};
    if (input->is_range())
      out += " (from " + exact_text(*input->low, input->unit) + " to " +
             exact_text(*input->high, input->unit) + ")";
    out += (input->source.empty() ? "" : ", " + input->source) + "\n";
  }
  if (!figure.source.empty()) out += "  source: " + figure.source + "\n";
  if (figure.printed)
    out += "  printed: " + figure.printed->text +
           (figure.printed->agrees ? ", which agrees" : ", which disagrees") +
           (figure.printed->note.empty() ? "" : ": " + figure.printed->note) + "\n";
  for (const std::string& note : figure.notes) out += "  note: " + note + "\n";
}

}  // namespace

std::string estimate_text(double value, CaseUnit unit) {
  std::array<char, 400> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed,
                                 unit == CaseUnit::kroner ? 2 : kDecimals);
  return {text.data(), end.ptr};
}

std::string CaseFigure::text() const {
  return exact ? exact_text(*exact, unit) : estimate_text(estimate, unit);
}

std::optional<std::string> CaseFigure::fraction() const {
  if (!exact) return std::nullopt;
  const auto shown = ExactNumber::parse(text());
  return shown && *shown == *exact ? std::nullopt : std::optional{exact->fraction_text()};
}

const CaseFigure* CaseResult::figure(std::string_view id) const noexcept {
  const auto found = std::ranges::find(figures, id, &CaseFigure::id);
  return found == figures.end() ? nullptr : &*found;
}

const CaseInput* CaseResult::input(std::string_view id) const noexcept {
  const auto found = std::ranges::find(inputs, id, &CaseInput::id);
  return found == inputs.end() ? nullptr : &*found;
}

CaseResult evaluate_case(std::string_view toml, std::string_view name, std::string_view folder,
                         const CaseOptions& options) {
  detail::check(options);
  if (toml.size() > kMostBytes)
    throw Error(ErrorKind::format, "the case " + quoted(name) + " is longer than 4 MiB");
  const toml::table document = detail::parse_toml(toml, name);
  const TomlTable root{document, std::string{name}, ""};
  root.allow_only({"title", "source", "process", "channel_shift", "time_saved", "scaled_fte", "outgoing_post",
                   "potential", "years", "printed", "uncertainty"});
  root.require({"title"});
  CaseResult result;
  result.title = detail::shown_text(root, "title");
  result.source = detail::shown_text(root, "source");
  std::string within{folder};
  if (!within.empty() && !within.ends_with('/')) within += '/';
  detail::CaseBuilder builder{result, std::move(within)};
  builder.set_source(result.source);
  try {
    add_processes(root, result);
    detail::add_channel_shift(builder, root);
    detail::add_time_saved(builder, root);
    detail::add_scaled_fte(builder, root);
    detail::add_outgoing_post(builder, root);
    detail::add_potential(builder, root);
    detail::add_years(builder, root);
    detail::add_printed(builder, root);
    detail::add_uncertainty(builder, root, options);
    check_shown(result);
  } catch (const Error& error) {
    const std::string sentence = error.what();
    if (sentence.find(quoted(name)) != std::string::npos) throw;
    throw Error(error.kind(), "in " + quoted(name) + ", " + sentence);
  }
  if (result.figures.empty())
    throw Error(ErrorKind::format, "the case " + quoted(name) +
                                       " computes nothing: it needs channel_shift, time_saved, scaled_fte, "
                                       "outgoing_post or potential");
  return result;
}

CaseResult run_case(const std::string& path, const CaseOptions& options) {
  const std::size_t slash = path.find_last_of('/');
  return evaluate_case(detail::read_file(path, kMostBytes), path,
                       slash == std::string::npos ? "" : path.substr(0, slash + 1), options);
}

std::string explain(const CaseResult& result, std::string_view figure) {
  std::string out;
  if (!figure.empty()) {
    const CaseFigure* own = result.figure(figure);
    if (own == nullptr) {
      constexpr std::size_t kNamed = 12;
      std::string known;
      for (std::size_t i = 0; i < std::min(kNamed, result.figures.size()); ++i)
        known += (known.empty() ? "" : ", ") + result.figures[i].id;
      if (result.figures.size() > kNamed)
        known += " and " + std::to_string(result.figures.size() - kNamed) + " more";
      throw Error(ErrorKind::argument, "the case has no figure " + quoted(figure) + "; it has " + known);
    }
    explain_figure(result, *own, out);
    return out;
  }
  out += result.title + "\n" + (result.source.empty() ? "" : "source: " + result.source + "\n");
  for (const CaseProcess& process : result.processes) {
    out += std::string{process.after ? "\nafter" : "\nbefore"} +
           (process.title.empty() ? "" : ": " + process.title) + "\n";
    for (std::size_t i = 0; i < process.steps.size(); ++i)
      out += "  " + std::to_string(i + 1) + ". " + process.steps[i] + "\n";
  }
  for (const CaseFigure& own : result.figures) {
    out += "\n";
    explain_figure(result, own, out);
  }
  for (const std::string& warning : result.warnings) out += "\nnote: " + warning + "\n";
  return out;
}

}  // namespace komhen
