#include <algorithm>
#include <iterator>
#include <optional>

#include "bindings.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/report/text.hpp"
#include "komhen/simulate/simulate_files.hpp"
#include "komhen/tally/count.hpp"
#include "rejections.hpp"
#include "words.hpp"

namespace komhen::python {
namespace {

/// What `add` was given, by name. The errors name a value and do not show it: pybind11's own would.
class Given {
 public:
  Given(const py::args& unnamed, const py::kwargs& named) : named_{named} {
    if (!unnamed.empty()) throw py::type_error("add() takes its values by name");
    for (const auto& [name, value] : named)
      if (const auto key = name.cast<std::string>(); std::ranges::find(kNames, key) == std::end(kNames))
        throw py::type_error("add() has no value " + detail::quoted(key));
  }

  [[nodiscard]] std::optional<py::object> value(const char* name) const {
    return named_.contains(name) ? std::optional<py::object>{named_[name]} : std::nullopt;
  }

  /// Text, one of the package's words by its token, or a built-in row by its key.
  [[nodiscard]] std::string text(const char* name, const char* usual = nullptr) const {
    std::optional<py::object> given = value(name);
    if (!given) {
      if (usual == nullptr) throw py::type_error(std::string{"add() needs the value "} + name);
      return usual;
    }
    for (const char* key : {"token", "kle", "code"})
      if (!py::isinstance<py::str>(*given) && py::hasattr(*given, key)) given = py::str(given->attr(key));
    if (!py::isinstance<py::str>(*given)) throw py::type_error(std::string{name} + " must be text");
    Py_ssize_t size = 0;
    const char* bytes = PyUnicode_AsUTF8AndSize(given->ptr(), &size);
    if (bytes == nullptr) {
      PyErr_Clear();
      throw Error(ErrorKind::argument, std::string{"the "} + name + " is not valid Unicode");
    }
    return {bytes, static_cast<std::size_t>(size)};
  }

  [[nodiscard]] std::int64_t number(const char* name, const py::object& given) const {
    if (PyIndex_Check(given.ptr()) == 0) throw py::type_error(std::string{name} + " must be a whole number");
    const auto whole = py::reinterpret_steal<py::object>(PyNumber_Index(given.ptr()));
    if (!whole) throw py::error_already_set();
    int overflow = 0;
    const std::int64_t number = PyLong_AsLongLongAndOverflow(whole.ptr(), &overflow);
    if (overflow != 0) throw Error(ErrorKind::argument, std::string{"the "} + name + " does not fit 64 bits");
    return number;
  }

 private:
  static constexpr std::string_view kNames[] = {"municipality", "week",      "task",    "channel",
                                                "type",         "direction", "closure", "form",
                                                "source",       "unit",      "count"};
  const py::kwargs& named_;
};

Municipality municipality(const Given& given) {
  const auto value = given.value("municipality");
  const bool code = value && PyIndex_Check(value->ptr()) != 0;
  const std::string said =
      code ? std::to_string(given.number("municipality", *value)) : given.text("municipality");
  const auto found = Municipality::from_text(said);
  if (!found) throw Error(ErrorKind::argument, detail::quoted(said) + " is no municipality");
  return *found;
}

void add(Cube& cube, const Given& given) {
  const Municipality who = municipality(given);
  const std::string week = given.text("week");
  const auto when = Week::parse(week);
  if (!when)
    throw Error(ErrorKind::argument, detail::quoted(week) + " is no week; a week reads like 2012-W17");
  const std::string task = given.text("task");
  const auto kle = KleNumber::parse(task);
  if (!kle)
    throw Error(ErrorKind::argument, detail::quoted(task) + " is no KLE number; one reads like 23.05.10");
  const std::string closure = given.text("closure", "");
  const std::string form = given.text("form", "");
  const auto count = given.value("count");
  const std::string source = given.text("source", "");
  const std::string unit = given.text("unit", "");
  cube.add({who, *when, *kle, word<Channel>("channel", given.text("channel")),
            word<ContactType>("contact type", given.text("type")),
            word<Direction>("direction", given.text("direction")),
            closure.empty() ? Closure::not_stated : word<Closure>("closure", closure),
            form.empty() ? AttachedForm::not_stated : word<AttachedForm>("form", form), source, unit,
            count ? given.number("count", *count) : 1});
}

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

py::tuple count(const std::vector<std::string>& paths, const Round* round, const Participation* participation,
                const Profile* profile, const std::optional<std::string>& encoding,
                const std::string& rejects, const std::optional<py::function>& progress, std::int64_t keep,
                unsigned threads) {
  CountOptions options{round, participation, profile, std::nullopt, rejects, {}, {}};
  options.threads = threads;
  if (encoding) {
    options.encoding = encoding_from_text(*encoding);
    if (!options.encoding)
      throw Error(ErrorKind::argument, "the encoding " + detail::quoted(*encoding) +
                                           " is not known; there are utf-8 and windows-1252");
  }
  options.progress = [&](std::int64_t done, std::int64_t total) { return go_on(progress, done, total); };
  const Rejections rejections{options, keep};
  Counted counted = [&] {
    const py::gil_scoped_release unlocked;
    return count_files(paths, options);
  }();
  return py::make_tuple(std::move(counted.cube), std::move(counted.outcome), rejections.rows());
}

/// The other cube of `a.merge(b)`. The error does not show what was given: pybind11's own would.
const Cube& cube_of(const py::object& given, const char* what) {
  if (!py::isinstance<Cube>(given)) throw py::type_error(std::string{what} + " must be a Cube");
  return given.cast<const Cube&>();
}

std::string bytes_of(const py::object& given) {
  if (PyObject_CheckBuffer(given.ptr()) == 0) throw py::type_error("from_bytes() takes bytes");
  const auto bytes = py::reinterpret_steal<py::object>(PyBytes_FromObject(given.ptr()));
  if (!bytes) throw py::error_already_set();
  return bytes.cast<std::string>();
}

/// What hands a cube's cells to other libraries is Python's: komhen.frames. What shows it is added by
/// komhen._methods.
py::object python(const char* module, const char* name, const py::object& self) {
  return py::module_::import(module).attr(name)(self);
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

void bind_tally(py::module_& module) {
  py::class_<Outcome>(
      module, "Outcome",
      R"(What became of the rows of one call of `count`: each was accepted, or rejected for one reason.

``rejections`` is a list of `Rejection`, the first ``keep_rejects`` ones. Source: docs/exchange-file.md.)",
      py::dynamic_attr())  // for `rejections`, which count() sets
      .def_readonly("rows_read", &Outcome::rows_read, "Rows with anything in them; the header is none.")
      .def_readonly("rows_accepted", &Outcome::rows_accepted, "Rows that were counted.")
      .def_property_readonly("rows_rejected", &Outcome::rows_rejected, "Rows that were left out.")
      .def_readonly("contacts", &Outcome::contacts, "Contacts of the accepted rows: the sum of their counts.")
      .def_property_readonly(
          "rejected",
          [](const Outcome& outcome) {
            py::dict out;
            for (std::size_t i = 1; i < kReasonCount; ++i)
              out[text(kWords<Reason>[i].token)] = outcome.rejected[i];
            return out;
          },
          "A dict of each of the 18 reasons to the rows that were rejected for it.")
      .def_readonly("encoding", &Outcome::encoding,
                    "The encoding in which the files were read; empty for a frame.")
      .def_property_readonly(
          "round",
          [](const Outcome& outcome) {
            return outcome.round.empty() ? std::nullopt : std::optional{outcome.round};
          },
          "The id of the round that the rows were held against; None without one.")
      .def_readonly("unread_columns", &Outcome::unread_columns,
                    "Names of columns that mean nothing to komhen, masked.")
      .def_readonly("notes", &Outcome::notes, "What a reader should know of the count, a sentence each.")
      .def(
          "to_json", [](const Outcome& outcome) { return to_json(outcome); },
          "The stable JSON of the command line.")
      .def(
          "merge",
          [](const py::object& self, const Outcome& other, bool of_one_stream) {
            self.cast<Outcome&>().merge(other, of_one_stream ? Joined::stream : Joined::files);
            // They told of fewer rows than the outcome now does.
            self.attr("rejections") = py::type::of<Outcome>().attr("rejections");
          },
          py::arg("other"), py::kw_only(), py::arg("of_one_stream") = false,
          "Add what became of another call's rows, as if one call had read both: files, or pieces of one "
          "stream. "
          "Raises KomhenError when the rounds differ.")
      .def(py::pickle(
          [](const py::object& self) {
            const auto& o = self.cast<const Outcome&>();
            return py::make_tuple(o.rows_read, o.rows_accepted, o.contacts, o.rejected, o.encoding, o.round,
                                  o.unread_columns, o.notes, self.attr("__dict__"));
          },
          [](const py::tuple& state) {
            return std::make_pair(
                Outcome{state[0].cast<std::int64_t>(), state[1].cast<std::int64_t>(),
                        state[2].cast<std::int64_t>(), state[3].cast<decltype(Outcome::rejected)>(),
                        state[4].cast<std::string>(), state[5].cast<std::string>(),
                        state[6].cast<std::vector<std::string>>(), state[7].cast<std::vector<std::string>>()},
                state[8].cast<py::dict>());
          }))
      .def(
          "__eq__", [](const Outcome& a, const Outcome& b) { return a == b; }, py::is_operator())
      .def("__repr__", [](const Outcome& outcome) {
        return "<komhen.Outcome: " + std::to_string(outcome.rows_read) + " rows read, " +
               std::to_string(outcome.rows_accepted) + " accepted, " +
               std::to_string(outcome.rows_rejected()) + " rejected>";
      });

  module.attr("Outcome").attr("__hash__") = py::none();
  module.attr("Outcome").attr("rejections") = py::list();

  py::class_<Cube>(module, "Cube", R"(An exact tally of contacts over the ten dimensions of a registration.

Source: docs/measures.md. The dimensions are municipality, week, task, channel, type, direction, closure, form, source and
unit; docs/exchange-file.md defines them. A cube holds sums and no persons, and cubes can be added. ``outcome`` says what became of the
rows that were counted into it, or is None. A cube is a frame of its cells.

>>> import komhen
>>> cube = komhen.Cube()
>>> cube.add(municipality=657, week="2012-W17", task="23.05.10", channel="telephone", type="new_case", direction="incoming")
>>> cube.contacts
1
)",
                   py::dynamic_attr())  // for `outcome`, which count() sets
      .def(py::init([](const py::args& unnamed, const py::kwargs& named) {
        if (!unnamed.empty() || !named.empty()) throw py::type_error("Cube() takes no values; add() does");
        return Cube{};
      }))
      .def(
          "add",
          [](Cube& self, const py::args& unnamed, const py::kwargs& named) {
            add(self, Given{unnamed, named});
          },
          R"(Add contacts to one cell, by name: municipality, week, task, channel, type and direction; and closure, form, source, unit and
count (1), if known. Raises KomhenError for an unknown word or an overflow; the cube is then as it was.)")
      .def(
          "merge",
          [](const py::object& self, const py::object& other) {
            self.cast<Cube&>().merge(cube_of(other, "other"));
            self.attr("outcome") = py::none();  // it told of fewer rows than the cube now holds
          },
          py::arg("other"), "Add every cell of another cube. The outcome is then no longer known.")
      .def(
          "__add__",
          [](const Cube& self, const py::object& other) -> py::object {
            if (!py::isinstance<Cube>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
            Cube out{self};
            out.merge(other.cast<const Cube&>());
            return py::cast(std::move(out));
          },
          py::arg("other"), "The contacts of both cubes. Its outcome is not known.")
      .def(
          "__radd__",
          [](const Cube& self, const py::object& other) -> py::object {  // sum() begins with 0
            if (!PyLong_CheckExact(other.ptr()) || PyObject_IsTrue(other.ptr()) != 0)
              return py::reinterpret_borrow<py::object>(Py_NotImplemented);
            return py::cast(Cube{self});
          },
          py::arg("other"))
      .def(
          "to_arrow", [](const py::object& self) { return python("komhen.frames", "to_arrow", self); },
          "The cells as a pyarrow.Table. Raises KomhenError without pyarrow.")
      .def(
          "to_pandas", [](const py::object& self) { return python("komhen.frames", "to_pandas", self); },
          "The cells as a pandas.DataFrame. Raises KomhenError without pandas or pyarrow.")
      .def(
          "to_polars", [](const py::object& self) { return python("komhen.frames", "to_polars", self); },
          "The cells as a polars.DataFrame. Raises KomhenError without polars.")
      .def(
          "copy", [](const Cube& self) { return Cube{self}; },
          "A cube of its own with the same cells; its outcome is not known.")
      .def_property_readonly("contacts", &Cube::total, "Contacts in it: the sum of its cells.")
      .def_property_readonly(
          "rounds",
          [](const Cube& self) {
            return std::vector<Round>{self.rounds().begin(), self.rounds().end()};
          },
          "The rounds that were counted into it.")
      .def(
          "cells",
          [](const Cube& self) {
            py::list out;
            for (const Registration& cell : self.cells()) out.append(as_dict(cell));
            return out;
          },
          "A sorted list of dicts: the ten dimensions and `count`. Types stand as they were registered.")
      .def(
          "to_pylist", [](const py::object& self) { return self.attr("cells")(); }, "The same as cells().")
      .def(
          "save", [](const Cube& self, const py::object& path) { save_cube(self, path_of(path)); },
          py::arg("path"), "Write the cube to a file, which appears when it is complete.")
      .def_static(
          "load", [](const py::object& path) { return load_cube(path_of(path)); }, py::arg("path"),
          "Read a saved cube. Raises KomhenError when it is cut short or altered.")
      .def(
          "to_bytes", [](const Cube& self) { return py::bytes(serialised(self)); },
          "The cube as the bytes that save() writes.")
      .def_static(
          "from_bytes", [](const py::object& bytes) { return deserialised(bytes_of(bytes), "bytes"); },
          py::arg("bytes"), py::pos_only(),
          "The cube of such bytes. Raises KomhenError when they are cut short or altered.")
      .def(py::pickle(
          [](const py::object& self) {
            return py::make_tuple(py::bytes(serialised(self.cast<const Cube&>())), self.attr("__dict__"));
          },
          [](const py::tuple& state) {
            return std::make_pair(
                deserialised(static_cast<std::string_view>(state[0].cast<py::bytes>()), "a pickled cube"),
                state[1].cast<py::dict>());
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

  module.def("count", &count, py::arg("paths"), py::arg("round") = py::none(),
             py::arg("participation") = py::none(), py::arg("profile") = py::none(),
             py::arg("encoding") = py::none(), py::arg("rejects") = "", py::arg("progress") = py::none(),
             py::arg("keep_rejects") = 0, py::arg("threads") = 0);
  module.def("is_cube_file", &is_cube_file, py::arg("path"));
  module.def("simulate", &simulate_files, py::arg("round"), py::arg("rows"), py::arg("seed"), py::arg("out"),
             py::arg("event_ids") = false, py::arg("progress") = py::none());
  module.def("participation_path", [](const std::string& out) { return py::bytes(participation_path(out)); });
  module.def(
      "simulate_minimum", [](const std::string& round) { return simulate_minimum(round); }, py::arg("round"));
  module.def(
      "masked", [](const std::string& value) { return masked(value); }, py::arg("text"));
}

}  // namespace komhen::python
