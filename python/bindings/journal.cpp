#include "komhen/journal/journal.hpp"

#include <tuple>

#include "bindings.hpp"
#include "komhen/registration/personal_data.hpp"
#include "words.hpp"

namespace komhen::python {
namespace {

/// One event as Python gives it; the texts are its own while the core works without Python's lock.
using Row = std::tuple<py::object, std::string, std::string, std::string, std::string, std::string,
                       std::string, std::string, std::string, std::string, std::int64_t, std::string>;

Event event_of(const Row& row) {
  const auto& [municipality, week, task, channel, type, direction, closure, form, source, unit, count, id] =
      row;
  return {
      registration(municipality, week, task, channel, type, direction, closure, form, source, unit, count),
      id};
}

Journal open(const py::object& path, const std::string& mode, std::optional<bool> trial,
             std::int64_t group_delay) {
  JournalOptions options;
  if (mode == "create_only")
    options.mode = JournalMode::create_only;
  else if (mode == "must_exist")
    options.mode = JournalMode::must_exist;
  else if (mode == "read_only")
    options.mode = JournalMode::read_only;
  else if (mode != "open_or_create")
    throw Error(ErrorKind::argument,
                detail::quoted(mode) +
                    " is no mode; there are open_or_create, create_only, must_exist and read_only");
  options.trial = trial;
  options.group_delay = std::chrono::microseconds{group_delay};
  const std::string file = path_of(path);
  const py::gil_scoped_release unlocked;
  return Journal::open(file, options);
}

py::object week_text(const std::optional<Week>& week) {
  if (!week) return py::none();
  return py::str(week->text());
}

py::dict as_dict(const JournalStatus& status) {
  py::dict out;
  out["events"] = status.events;
  out["effective"] = status.effective;
  out["undone"] = status.undone;
  out["waiting_undos"] = status.waiting_undos;
  out["contacts"] = status.contacts;
  out["trial"] = status.trial;
  out["sealed"] = status.sealed;
  out["ids_erased"] = status.ids_erased;
  out["last_seq"] = status.last_seq;
  out["schema_version"] = status.schema_version;
  out["file_bytes"] = status.file_bytes;
  out["first_week"] = week_text(status.first_week);
  out["last_week"] = week_text(status.last_week);
  return out;
}

py::dict merge(const std::string& out_path, const std::vector<std::string>& paths,
               const std::optional<py::function>& progress) {
  const JournalMerged merged = [&] {
    const py::gil_scoped_release unlocked;
    return merge_journals(
        out_path, paths, [&](std::int64_t done, std::int64_t total) { return go_on(progress, done, total); });
  }();
  py::dict out;
  out["files"] = merged.files;
  out["events"] = merged.events;
  out["duplicates"] = merged.duplicates;
  out["conflicts"] = merged.conflicts;
  out["undos"] = merged.undos;
  out["effective"] = merged.effective;
  out["contacts"] = merged.contacts;
  out["trial"] = merged.trial;
  return out;
}

/// Work on a journal without Python's lock.
template <class Work>
auto unlocked(Work&& work) {
  const py::gil_scoped_release released;
  return work();
}

}  // namespace

void bind_journal(py::module_& module) {
  py::class_<Journal>(module, "Journal", "A journal's handle; komhen.Journal is what to use.")
      .def(py::init(&open), py::arg("path"), py::arg("mode"), py::arg("trial"), py::arg("group_delay"))
      .def(
          "record",
          [](Journal& self, const Row& row) {
            const Event event = event_of(row);
            return text(token(unlocked([&] { return self.record(event); })));
          },
          py::arg("row"))
      .def(
          "record_many",
          [](Journal& self, const std::vector<Row>& rows) {
            std::vector<Event> events;
            events.reserve(rows.size());
            for (const Row& row : rows) events.push_back(event_of(row));
            std::vector<Recorded> results(events.size());
            unlocked([&] { self.record(events, results); });
            py::list out;
            for (const Recorded result : results) out.append(text(token(result)));
            return out;
          },
          py::arg("rows"))
      .def(
          "undo",
          [](Journal& self, const py::object& municipality, const std::string& source,
             const std::string& event_id) {
            const Municipality who = municipality_of(municipality);
            return text(token(unlocked([&] { return self.undo(who, source, event_id); })));
          },
          py::arg("municipality"), py::arg("source"), py::arg("event_id"))
      .def("cube", [](const Journal& self) { return unlocked([&] { return self.cube(); }); })
      .def(
          "changes",
          [](const Journal& self, std::int64_t since) {
            JournalChanges changes = unlocked([&] { return self.changes(since); });
            return py::make_tuple(std::move(changes.added), std::move(changes.removed), changes.since,
                                  changes.up_to);
          },
          py::arg("since"))
      .def(
          "count",
          [](const Journal& self, const Round* round, const Participation* participation,
             std::int64_t since) {
            Counted counted = unlocked([&] { return self.count({round, participation, since}); });
            return py::make_tuple(std::move(counted.cube), std::move(counted.outcome));
          },
          py::arg("round"), py::arg("participation"), py::arg("since"))
      .def(
          "export",
          [](const Journal& self, const py::object& path) {
            const std::string file = path_of(path);
            return unlocked([&] { return self.export_csv(file); });
          },
          py::arg("path"))
      .def("status", [](const Journal& self) { return as_dict(unlocked([&] { return self.status(); })); })
      .def("verify",
           [](const Journal& self) {
             const JournalCheck check = unlocked([&] { return self.verify(); });
             return py::make_tuple(check.sound, check.entries, check.sentence);
           })
      .def(
          "backup",
          [](const Journal& self, const py::object& path) {
            const std::string file = path_of(path);
            unlocked([&] { self.backup(file); });
          },
          py::arg("path"))
      .def(
          "seal", [](Journal& self, bool erase_ids) { unlocked([&] { self.seal(erase_ids); }); },
          py::arg("erase_ids"))
      .def("close", [](Journal& self) { unlocked([&] { self.close(); }); })
      .def_property_readonly("path", [](const Journal& self) { return py::bytes(self.path()); });
  module.def("merge_journals", &merge, py::arg("out"), py::arg("paths"), py::arg("progress") = py::none());
}

}  // namespace komhen::python
