#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <string_view>

/// One function a room of the core. They forward: nothing is counted, rounded or validated here.
namespace komhen::python {

namespace py = pybind11;

void bind_taxonomy(py::module_& module);
void bind_round(py::module_& module);
void bind_tally(py::module_& module);
void bind_journal(py::module_& module);
void bind_measure(py::module_& module);
void bind_arrow(py::module_& module);
void bind_cost(py::module_& module);
void bind_cases(py::module_& module);
void bind_goals(py::module_& module);

/// Calls Python between two pieces of work: the progress function, and whatever Ctrl-C asks for. False stops
/// the work; Python's own exception is then set.
[[nodiscard]] bool go_on(const std::optional<py::function>& progress, std::int64_t done, std::int64_t total);

[[nodiscard]] inline py::str text(std::string_view value) {
  return {value.data(), value.size()};
}

}  // namespace komhen::python
