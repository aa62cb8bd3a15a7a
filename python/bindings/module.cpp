#include "bindings.hpp"
#include "komhen.h"
#include "komhen/error.hpp"
#include "komhen/version.hpp"
#include "sqlite.hpp"

namespace py = pybind11;

PYBIND11_MODULE(_core, module) {
  py::options signatures;
  signatures.disable_function_signatures();  // the stub says them, and with the package's types
  module.doc() = "The compiled core of komhen.";
  static py::exception<komhen::Error> error(module, "KomhenError", PyExc_ValueError);
  error.doc() =
      "A call that could not do its work: one sentence that names file, key and value. Nothing was changed.";
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const komhen::Error& e) {
      // A progress function that raised, or Ctrl-C: Python's own exception is already set.
      if (e.kind() == komhen::ErrorKind::cancelled && PyErr_Occurred() != nullptr) return;
      py::set_error(error, e.what());
    }
  });
  module.attr("__version__") = komhen::python::text(komhen::kVersion);
  module.attr("METHOD_EDITION") = komhen::python::text(komhen::kMethodEdition);
  module.attr("TAXONOMY_VERSION") = komhen::kTaxonomyVersion;
  module.attr("BUILD") = KOMHEN_BUILD_FLAGS;
  module.attr("COMPILER_FLAGS") = KOMHEN_COMPILER_FLAGS;
  module.attr("SQLITE") = komhen::detail::sqlite_version();
  module.attr("C_ABI") = KOMHEN_ABI;
  komhen::python::bind_taxonomy(module);
  komhen::python::bind_round(module);
  komhen::python::bind_tally(module);
  komhen::python::bind_journal(module);
  komhen::python::bind_measure(module);
  komhen::python::bind_cost(module);
  komhen::python::bind_cases(module);
  komhen::python::bind_goals(module);
  komhen::python::bind_arrow(module);
}
