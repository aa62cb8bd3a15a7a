#include <optional>

#include "bindings.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/report/text.hpp"
#include "komhen/simulate/simulate_files.hpp"
#include "komhen/tally/count.hpp"
#include "words.hpp"

namespace komhen::python {
namespace {

py::dict as_dict(const Registration& cell) {
  py::dict out;
  out["municipality"] = cell.municipality.code();
  out["week"] = cell.week.text();
  out["task"] = cell.task.text();
  out["channel"] = text(token(cell.channel));
  out["type"] = text(token(cell.type));
  out["direction"] = text(token(cell.direction));
  out["closure"] = text(token(cell.closure));
  out["form"] = text(token(cell.form));
  out["source"] = text(cell.source);
  out["unit"] = text(cell.unit);
  out["count"] = cell.count;
  return out;
}

/// Calls Python between two pieces of work: the progress function, and whatever Ctrl-C asks for.
bool go_on(const std::optional<py::function>& progress, std::int64_t done, std::int64_t total) {
  const py::gil_scoped_acquire locked;
  if (PyErr_CheckSignals() != 0) return false;
  if (!progress) return true;
  try {
    (*progress)(done, total);
  } catch (py::error_already_set& raised) {
    raised.restore();
    return false;
  }
  return true;
}

Counted count(const std::vector<std::string>& paths, const Round* round, const Participation* participation,
              const Profile* profile, const std::optional<std::string>& encoding, const std::string& rejects,
              const std::optional<py::function>& progress) {
  CountOptions options{round, participation, profile, std::nullopt, rejects, {}, {}};
  if (encoding) {
    options.encoding = encoding_from_text(*encoding);
    if (!options.encoding)
      throw Error(ErrorKind::argument, "the encoding " + detail::quoted(*encoding) +
                                           " is not known; there are utf-8 and windows-1252");
  }
  options.progress = [&](std::int64_t done, std::int64_t total) { return go_on(progress, done, total); };
  const py::gil_scoped_release unlocked;
  return count_files(paths, options);
}

/// Writes a simulated round and its participation; both files appear when they are complete.
py::tuple simulate_files(const std::string& round, std::int64_t rows, std::uint64_t seed,
                         const std::string& out, bool event_ids,
                         const std::optional<py::function>& progress) {
  const SimulatedRound made = [&] {
    const py::gil_scoped_release unlocked;
    return simulate_to_files({round, rows, seed, event_ids}, out,
                             [&](std::int64_t done) { return go_on(progress, done, rows); });
  }();
  return py::make_tuple(made.rows, made.assumptions, made.participation);
}

}  // namespace

void bind_tally(py::module_& module) {
  py::class_<Outcome>(module, "Outcome", "What became of the rows of one call.")
      .def_readonly("rows_read", &Outcome::rows_read)
      .def_readonly("rows_accepted", &Outcome::rows_accepted)
      .def_property_readonly("rows_rejected", &Outcome::rows_rejected)
      .def_readonly("contacts", &Outcome::contacts)
      .def_property_readonly("rejected",
                             [](const Outcome& outcome) {
                               py::dict out;
                               for (std::size_t i = 1; i < kReasonCount; ++i)
                                 out[text(kWords<Reason>[i].token)] = outcome.rejected[i];
                               return out;
                             })
      .def_readonly("encoding", &Outcome::encoding)
      .def_property_readonly("round",
                             [](const Outcome& outcome) {
                               return outcome.round.empty() ? std::nullopt : std::optional{outcome.round};
                             })
      .def_readonly("unread_columns", &Outcome::unread_columns)
      .def("to_json", [](const Outcome& outcome) { return to_json(outcome); })
      .def("__repr__", [](const Outcome& outcome) {
        return "<komhen.Outcome: " + std::to_string(outcome.rows_read) + " rows read, " +
               std::to_string(outcome.rows_accepted) + " accepted, " +
               std::to_string(outcome.rows_rejected()) + " rejected>";
      });

  py::class_<Cube>(module, "Cube", "An exact tally of contacts over the ten dimensions of a registration.",
                   py::dynamic_attr())  // for `outcome`, which count() sets
      .def(py::init<>())
      .def(
          "add",
          [](Cube& self, const py::object& municipality, const std::string& week, const std::string& task,
             const std::string& channel, const std::string& type, const std::string& direction,
             const std::string& closure, const std::string& form, const std::string& source,
             const std::string& unit, std::int64_t count) {
            self.add(registration(municipality, week, task, channel, type, direction, closure, form, source,
                                  unit, count));
          },
          py::kw_only(), py::arg("municipality"), py::arg("week"), py::arg("task"), py::arg("channel"),
          py::arg("type"), py::arg("direction"), py::arg("closure") = "", py::arg("form") = "",
          py::arg("source") = "", py::arg("unit") = "", py::arg("count") = 1,
          "Add contacts. Raises KomhenError for an unknown word or an overflow; the cube is then as it was.")
      .def(
          "merge",
          [](py::object self, const Cube& other) {
            self.cast<Cube&>().merge(other);
            self.attr("outcome") = py::none();  // it told of fewer rows than the cube now holds
          },
          py::arg("other"), "Add every cell of another cube. The outcome is then no longer known.")
      .def("copy", [](const Cube& self) { return Cube{self}; })
      .def_property_readonly("contacts", &Cube::total, "Contacts in it.")
      .def_property_readonly("rounds",
                             [](const Cube& self) {
                               return std::vector<Round>{self.rounds().begin(), self.rounds().end()};
                             })
      .def("cells",
           [](const Cube& self) {
             py::list out;
             for (const Registration& cell : self.cells()) out.append(as_dict(cell));
             return out;
           })
      .def(
          "save", [](const Cube& self, const py::object& path) { save_cube(self, path_of(path)); },
          py::arg("path"), "Write the cube to a file, which appears when it is complete.")
      .def_static(
          "load", [](const py::object& path) { return load_cube(path_of(path)); }, py::arg("path"),
          "Read a saved cube.")
      .def("to_bytes", [](const Cube& self) { return py::bytes(serialised(self)); })
      .def_static(
          "from_bytes",
          [](const py::bytes& bytes) { return deserialised(static_cast<std::string_view>(bytes), "bytes"); })
      .def(py::pickle([](const Cube& self) { return py::bytes(serialised(self)); },
                      [](const py::bytes& bytes) {
                        return deserialised(static_cast<std::string_view>(bytes), "a pickled cube");
                      }))
      .def("__len__", &Cube::size)
      .def("__bool__", [](const Cube& self) { return !self.empty(); })
      .def(
          "__eq__", [](const Cube& a, const Cube& b) { return a == b; }, py::is_operator())
      .def("__repr__", [](const Cube& self) {
        return "<komhen.Cube: " + std::to_string(self.total()) + " contacts in " +
               std::to_string(self.size()) + " cells>";
      });
  module.attr("Cube").attr("__hash__") = py::none();
  module.attr("Cube").attr("outcome") = py::none();

  module.def(
      "count",
      [](const std::vector<std::string>& paths, const Round* round, const Participation* participation,
         const Profile* profile, const std::optional<std::string>& encoding, const std::string& rejects,
         const std::optional<py::function>& progress) {
        Counted counted = count(paths, round, participation, profile, encoding, rejects, progress);
        return py::make_tuple(std::move(counted.cube), std::move(counted.outcome));
      },
      py::arg("paths"), py::arg("round") = py::none(), py::arg("participation") = py::none(),
      py::arg("profile") = py::none(), py::arg("encoding") = py::none(), py::arg("rejects") = "",
      py::arg("progress") = py::none());
  module.def("is_cube_file", &is_cube_file, py::arg("path"));
  module.def("simulate", &simulate_files, py::arg("round"), py::arg("rows"), py::arg("seed"), py::arg("out"),
             py::arg("event_ids") = false, py::arg("progress") = py::none());
  module.def(
      "simulate_minimum", [](const std::string& round) { return simulate_minimum(round); }, py::arg("round"));
  module.def(
      "masked", [](const std::string& value) { return masked(value); }, py::arg("text"));
}

}  // namespace komhen::python
