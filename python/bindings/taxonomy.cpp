#include "komhen/taxonomy/taxonomy.hpp"

#include "bindings.hpp"
#include "komhen/cost/business_case.hpp"
#include "komhen/cost/channel_cost.hpp"
#include "komhen/measure/goal.hpp"
#include "komhen/measure/measure.hpp"
#include "komhen/registration/reason.hpp"
#include "komhen/round/scheme.hpp"
#include "rejections.hpp"
#include "words.hpp"

namespace komhen::python {
namespace {

/// A vocabulary as a list of (number, token, Danish label, English label, other words), from which the
/// package makes its enumerations: one table serves all.
template <Worded E>
py::list words() {
  py::list out;
  for (const auto& word : kWords<E>)
    out.append(py::make_tuple(static_cast<int>(word.value), text(word.token), text(word.label_da),
                              text(word.label_en), text(word.also)));
  return out;
}

template <Worded E>
void bind_words(py::module_& module, const char* name) {
  module.attr(name) = py::tuple(words<E>());
}

}  // namespace

void bind_taxonomy(py::module_& module) {
  bind_words<Channel>(module, "CHANNELS");
  bind_words<ContactType>(module, "TYPES");
  bind_words<Direction>(module, "DIRECTIONS");
  bind_words<Closure>(module, "CLOSURES");
  bind_words<AttachedForm>(module, "FORMS");
  bind_words<Scheme>(module, "SCHEMES");
  bind_words<Group>(module, "GROUPS");
  bind_words<Reason>(module, "REASONS");
  bind_words<Dimension>(module, "DIMENSIONS");
  bind_words<Measure>(module, "MEASURES");
  bind_words<DigitalSet>(module, "SETS");
  bind_words<CaseUnit>(module, "CASE_UNITS");
  bind_words<Certainty>(module, "CERTAINTIES");
  bind_words<CostBasis>(module, "COST_BASES");
  bind_words<GoalKind>(module, "GOAL_KINDS");
  bind_words<Comparator>(module, "COMPARATORS");
  bind_words<GoalOutcome>(module, "GOAL_OUTCOMES");
  module.def("counting_unit", [](int channel) {
    const auto known = from_number<Channel>(channel);
    if (!known) throw py::value_error("there is no such channel");
    return static_cast<int>(counting_unit(*known));
  });
  py::list tasks;
  for (const Task& task : kTasks)
    tasks.append(py::make_tuple(task.number, task.form.text(), task.kle.text(), text(task.name),
                                text(task.table_name)));
  module.attr("TASKS") = py::tuple(tasks);
  py::list municipalities;
  for (const auto& row : detail::kMunicipalities)
    municipalities.append(py::make_tuple(row.code, text(row.name)));
  module.attr("MUNICIPALITIES") = py::tuple(municipalities);
  module.def("group_of", [](const std::string& scheme, int type) {
    const auto leaf = from_number<ContactType>(type);
    if (!leaf) throw py::value_error("there is no such contact type");
    return text(token(group_of(word<Scheme>("scheme", scheme), *leaf)));
  });
  module.def(
      "suggestion",
      [](const std::string& reason, const std::string& column, const std::string& said) {
        return suggestion_for(word<Reason>("reason", reason), word<Field>("column of registrations", column),
                              said);
      },
      py::arg("reason"), py::arg("column"), py::arg("text"));
  module.def("tasks_of_form", [](const std::string& code) {
    const auto form = FormCode::parse(code);
    if (!form) throw py::value_error("a FORM code reads like 26.30.05 or 26.30.05.10");
    py::list out;
    for (const Task* task : tasks_of_form(*form)) out.append(task->kle.text());
    return out;
  });
}

}  // namespace komhen::python
