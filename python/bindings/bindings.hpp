#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

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

[[nodiscard]] inline py::str text(std::string_view value) {
  return {value.data(), value.size()};
}

}  // namespace komhen::python
