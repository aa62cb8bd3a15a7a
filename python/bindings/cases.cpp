#include "komhen/report/cases.hpp"

#include "bindings.hpp"
#include "komhen/cost/business_case.hpp"
#include "query.hpp"

/// Business cases. Exact numbers cross as fractions, printed ones and estimates as decimal text.
namespace komhen::python {
namespace {

std::string fraction(const ExactNumber& value) {
  return value.fraction_text();
}

py::dict dict_of(const CaseInput& input) {
  py::dict out;
  out["id"] = input.id;
  out["value"] = fraction(input.value);
  out["unit"] = text(token(input.unit));
  out["low"] = maybe(input.low, fraction);
  out["high"] = maybe(input.high, fraction);
  out["triangular"] = input.triangular;
  out["estimated"] = input.estimated;
  out["source"] = input.source;
  return out;
}

py::object printed_of(const std::optional<PrintedFigure>& printed) {
  if (!printed) return py::none();
  py::dict out;
  out["text"] = printed->text;
  out["agrees"] = printed->agrees;
  out["source"] = printed->source;
  out["note"] = printed->note;
  return out;
}

py::dict dict_of(const CaseFigure& figure) {
  py::dict out;
  out["id"] = figure.id;
  out["label"] = figure.label;
  out["value"] = figure.text();
  out["exact"] = maybe(figure.exact, fraction);
  out["unit"] = text(token(figure.unit));
  out["certainty"] = text(token(figure.certainty));
  out["formula"] = figure.formula;
  out["inputs"] = figure.inputs;
  out["source"] = figure.source;
  out["notes"] = figure.notes;
  out["printed"] = printed_of(figure.printed);
  return out;
}

template <class T, class As>
py::list list_of(const std::vector<T>& values, As&& as) {
  py::list out;
  for (const T& value : values) out.append(as(value));
  return out;
}

py::dict dict_of(const Simulation& drawn) {
  const auto shown = [&](double value) { return estimate_text(value, drawn.unit); };
  py::dict percentiles;
  for (const auto& percentile : drawn.percentiles)
    percentiles[py::int_(percentile.per_cent)] = shown(percentile.value);
  py::dict out;
  out["figure"] = drawn.figure;
  out["unit"] = text(token(drawn.unit));
  out["draws"] = drawn.draws;
  out["seed"] = drawn.seed;
  out["mean"] = shown(drawn.mean);
  out["lowest"] = shown(drawn.lowest);
  out["highest"] = shown(drawn.highest);
  out["percentiles"] = percentiles;
  return out;
}

py::list processes_of(const CaseResult& result) {
  return list_of(result.processes, [](const CaseProcess& process) {
    py::dict out;
    out["when"] = process.after ? "after" : "before";
    out["title"] = process.title;
    out["steps"] = process.steps;
    return out;
  });
}

py::list tornado_of(const CaseResult& result) {
  return list_of(result.tornado, [](const TornadoBar& bar) {
    py::dict out;
    out["figure"] = bar.figure;
    out["input"] = bar.input;
    out["at_low"] = fraction(bar.at_low);
    out["at_high"] = fraction(bar.at_high);
    return out;
  });
}

}  // namespace

void bind_cases(py::module_& module) {
  const auto dict = [](const auto& value) { return dict_of(value); };
  py::class_<CaseResult>(module, "CaseResult")
      .def_readonly("title", &CaseResult::title)
      .def_readonly("source", &CaseResult::source)
      .def_readonly("warnings", &CaseResult::warnings)
      .def_property_readonly("processes", &processes_of)
      .def_property_readonly("inputs", [=](const CaseResult& r) { return list_of(r.inputs, dict); })
      .def_property_readonly("figures", [=](const CaseResult& r) { return list_of(r.figures, dict); })
      .def_property_readonly("tornado", &tornado_of)
      .def_property_readonly("simulations", [=](const CaseResult& r) { return list_of(r.simulations, dict); })
      .def(
          "explain", [](const CaseResult& r, const std::string& figure) { return explain(r, figure); },
          py::arg("figure"))
      .def("to_json", [](const CaseResult& r) { return to_json(r); })
      .def("to_csv", [](const CaseResult& r) { return to_csv(r); });
  module.def(
      "run_case",
      [](const std::string& path, std::optional<std::uint64_t> seed, std::optional<std::int64_t> draws,
         const std::optional<py::function>& progress) {
        const CaseOptions options{
            seed, draws, [&](std::int64_t done, std::int64_t total) { return go_on(progress, done, total); }};
        const py::gil_scoped_release others_may_run;
        return run_case(path, options);
      },
      py::arg("path"), py::arg("seed"), py::arg("draws"), py::arg("progress") = py::none());
}

}  // namespace komhen::python
