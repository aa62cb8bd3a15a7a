#include "goals.hpp"

#include "komhen/cost/goal_value.hpp"
#include "komhen/cost/wave.hpp"
#include "komhen/measure/goal.hpp"
#include "komhen/report/costs.hpp"
#include "query.hpp"
#include "words.hpp"

/// Goals, baselines and waves.
namespace komhen::python {
namespace {

Date day(const char* what, const std::string& given) {
  const auto out = parse_date(given);
  if (!out)
    throw Error(ErrorKind::argument, std::string{what} + " is " + detail::quoted(given) +
                                         ", which is no date; one reads like 2013-03-01");
  return *out;
}

py::tuple amount(const ExactAmount& value) {
  return py::make_tuple(value.settle(Rounding::half_up).text(), value.kroner().fraction_text());
}
std::string fraction(const ExactNumber& value) {
  return value.fraction_text();
}
py::object share_of(const std::optional<Share>& share) {
  return share && share->exists() ? py::object{py::make_tuple(share->numerator, share->denominator)}
                                  : py::object{py::none()};
}

py::object value_of(const std::optional<GoalValue>& value) {
  if (!value) return py::none();
  py::dict out;
  out["contacts"] = value->contacts;
  out["to"] = text(token(value->to));
  out["each"] = amount(value->each);
  out["saving"] = amount(value->saving);
  out["priced"] = value->priced;
  out["unpriced"] = value->unpriced;
  return out;
}

py::dict dict_of(const ValuedGoal& valued) {
  const GoalResult& result = valued.result;
  const Goal& goal = result.goal;
  const bool low = goal.comparator == Comparator::at_least || goal.comparator == Comparator::within;
  const bool high = goal.comparator == Comparator::at_most || goal.comparator == Comparator::within;
  py::dict out;
  out["id"] = goal.id;
  out["title"] = goal.title;
  out["source"] = goal.source;
  out["kind"] = text(token(goal.kind));
  out["comparator"] = text(token(goal.comparator));
  out["low"] = low ? py::object{py::str(fraction(goal.low))} : py::object{py::none()};
  out["high"] = high ? py::object{py::str(fraction(goal.high))} : py::object{py::none()};
  out["due"] = maybe(goal.due, date_text);
  out["outcome"] = text(token(result.outcome));
  out["tasks"] = result.tasks.name;
  out["scheme"] = text(token(result.scheme));
  out["share"] = share_of(result.share);
  out["share_before"] = share_of(result.share_before);
  out["value"] = maybe(result.value, fraction);
  out["gap_points"] = maybe(result.gap, fraction);
  out["contacts_to_move"] = maybe(result.contacts_to_move);
  out["saving"] = value_of(valued.value);
  out["notes"] = result.notes;
  return out;
}

GoalTable evaluate(const Cube& now, const std::string& path, const Cube* before, const Baseline* baseline,
                   const PriceList* prices, bool unpriced_apart) {
  GoalTable out;
  for (const Goal& goal : load_goals(path)) {
    ValuedGoal valued{baseline != nullptr ? evaluate_goal(goal, now, *baseline)
                                          : evaluate_goal(goal, now, before)};
    if (prices != nullptr) valued.value = value_of_goal(valued.result, now, *prices, unpriced_apart);
    out.goals.push_back(std::move(valued));
  }
  return out;
}

py::dict dict_of(const RankedTask& task) {
  py::dict out;
  out["rank"] = task.rank;
  out["task"] = task.candidate.task.text();
  out["contacts"] = task.contacts;
  out["self_service"] = task.self_service;
  out["movable"] = task.movable;
  out["unpriced"] = task.unpriced;
  out["potential"] = amount(task.potential);
  out["obstacles"] = task.obstacles;
  out["unknowns"] = task.unknowns;
  out["reasons"] = task.reasons;
  return out;
}

void bind_baseline(py::module_& module) {
  py::class_<Baseline>(
      module, "Baseline",
      R"(A cube frozen with its task set, scheme and day; it never changes. `freeze_baseline` makes one. Source: docs/goals.md.)")
      .def_property_readonly(
          "cube", [](const Baseline& b) { return b.cube; }, "A copy of the frozen cube.")
      .def_property_readonly(
          "contacts", [](const Baseline& b) { return b.cube.total(); }, "Contacts in it.")
      .def_property_readonly(
          "tasks", [](const Baseline& b) { return b.tasks.name; }, "The name of the task set.")
      .def_property_readonly(
          "only",
          [](const Baseline& b) {
            return maybe(b.tasks.only, [](const auto& only) {
              std::vector<std::string> out;
              for (const KleNumber task : only) out.push_back(task.text());
              return out;
            });
          },
          "The KLE numbers of the task set; None for all.")
      .def_property_readonly(
          "scheme", [](const Baseline& b) { return text(token(b.scheme)); },
          "The scheme that groups the contact types.")
      .def_property_readonly(
          "date", [](const Baseline& b) { return date_text(b.date); },
          "The day of the freeze, such as \"2012-05-13\".")
      .def_readonly("fingerprint", &Baseline::fingerprint,
                    "The SHA-256 of the file, 64 digits: what parties can note down.")
      .def(
          "save", [](const Baseline& b, const py::object& path) { save_baseline(b, path_of(path)); },
          py::arg("path"), "Write the baseline to a sealed file, which appears when it is complete.")
      .def(
          "to_json", [](const Baseline& b) { return to_json(b); },
          "Stable JSON: date, tasks, scheme, contacts and fingerprint.")
      .def("__repr__",
           [](const Baseline& b) {
             return "<Baseline " + date_text(b.date) + ": " + std::to_string(b.cube.total()) +
                    " contacts, tasks " + b.tasks.name + ", scheme " + std::string{token(b.scheme)} +
                    ", fingerprint " + b.fingerprint.substr(0, 16) + "...>";
           })
      .def(
          "__eq__", [](const Baseline& b, const Baseline& o) { return b.fingerprint == o.fingerprint; },
          py::is_operator())
      .def("__hash__", [](const Baseline& b) { return std::hash<std::string>{}(b.fingerprint); })
      .def(py::pickle(
          [](const Baseline& b) { return py::bytes(baseline_bytes(b)); },
          [](const py::bytes& state) { return parse_baseline(std::string{state}, "a pickled baseline"); }));
  module.def(
      "freeze_baseline",
      [](const Cube& cube, const Tasks& tasks, const std::optional<std::string>& tasks_at,
         const std::optional<std::string>& scheme, const std::string& date) {
        const auto at = tasks_at ? std::optional{day("tasks_at", *tasks_at)} : std::nullopt;
        const auto* name = std::get_if<std::string>(&tasks);
        if (at && (name == nullptr || !is_dated_task_set(*name)))
          throw Error(ErrorKind::argument,
                      "tasks_at belongs to udk-2012 and mandatory; other task sets have no day");
        const TaskSet set =
            name != nullptr && is_dated_task_set(*name) ? dated_task_set(*name, at) : task_set(tasks);
        const auto given = known_word<Scheme>("scheme", scheme);
        return freeze(cube, set, given ? *given : default_scheme(cube), day("date", date));
      },
      py::arg("cube"), py::arg("tasks"), py::arg("tasks_at"), py::arg("scheme"), py::arg("date"));
  module.def(
      "load_baseline", [](const std::string& path) { return load_baseline(path); }, py::arg("path"));
}

}  // namespace

void bind_goals(py::module_& module) {
  bind_baseline(module);
  py::class_<GoalTable>(module, "GoalTable")
      .def_property_readonly("rows",
                             [](const GoalTable& t) {
                               py::list out;
                               for (const ValuedGoal& goal : t.goals) out.append(dict_of(goal));
                               return out;
                             })
      .def("__len__", [](const GoalTable& t) { return t.goals.size(); })
      .def("to_json", [](const GoalTable& t) { return to_json(t.goals); })
      .def("to_csv", [](const GoalTable& t) { return to_csv(table_of(t.goals)); });
  module.def("goals", &evaluate, py::arg("cube"), py::arg("path"), py::arg("before"), py::arg("baseline"),
             py::arg("prices"), py::arg("unpriced_apart"));

  py::class_<Ranking>(module, "Ranking")
      .def_property_readonly("rows",
                             [](const Ranking& r) {
                               py::list out;
                               for (const RankedTask& task : r.tasks) out.append(dict_of(task));
                               return out;
                             })
      .def("__len__", [](const Ranking& r) { return r.tasks.size(); })
      .def("to_json", [](const Ranking& r) { return to_json(r.tasks); })
      .def("to_csv", [](const Ranking& r) { return to_csv(table_of(r.tasks)); });
  module.def(
      "rank_tasks",
      [](const std::string& path, const Cube& cube, const PriceList& prices,
         const std::optional<std::string>& scheme, bool unpriced_apart) {
        return Ranking{
            rank_tasks(load_wave(path), cube, prices, known_word<Scheme>("scheme", scheme), unpriced_apart)};
      },
      py::arg("path"), py::arg("cube"), py::arg("prices"), py::arg("scheme"), py::arg("unpriced_apart"));
  module.def("wave_plan", [] { return to_json(wave_plan()); });
}

}  // namespace komhen::python
