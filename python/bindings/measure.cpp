#include "komhen/measure/measure.hpp"

#include <optional>

#include "bindings.hpp"
#include "komhen/measure/compare.hpp"
#include "komhen/report/filter_counts.hpp"
#include "komhen/report/text.hpp"
#include "query.hpp"

namespace komhen::python {
namespace {

Query query(const std::string& name, const std::vector<std::string>& by, const Values& where,
            const Values& without, const Tasks& tasks, const std::string& basis,
            const std::optional<std::string>& set, const std::optional<std::string>& scheme, bool raw) {
  Query out;
  out.measure = known_word<Measure>("measure", name);
  out.by = dimensions(by);
  out.filters = filters(where, without);
  out.tasks = task_set(tasks);
  out.basis = basis;
  if (set) out.set = known_word<DigitalSet>("set", *set);
  if (scheme) out.scheme = known_word<Scheme>("scheme", *scheme);
  out.raw = raw;
  return out;
}

py::object pair_of(const std::optional<Share>& share) {
  if (!share) return py::none();
  return py::make_tuple(share->numerator, share->denominator);
}

// What a pickle holds: numbers for words, so that it is read back by the same tables.
py::tuple state_of(const std::vector<DimensionValue>& key) {
  py::tuple out{key.size()};
  for (std::size_t i = 0; i < key.size(); ++i) out[i] = py::make_tuple(key[i].number, key[i].text);
  return out;
}

std::vector<int> numbers(const std::vector<Dimension>& by) {
  std::vector<int> out;
  for (const Dimension dimension : by) out.push_back(static_cast<int>(dimension));
  return out;
}

template <Worded E>
E word_of(const py::handle& number) {
  const auto found = from_number<E>(number.cast<std::int64_t>());
  if (!found) throw Error(ErrorKind::format, "the pickled table holds a number that no table of komhen has");
  return *found;
}

std::vector<Dimension> dimensions_of(const py::handle& numbers) {
  std::vector<Dimension> out;
  for (const py::handle number : numbers) out.push_back(word_of<Dimension>(number));
  return out;
}

std::vector<DimensionValue> key_from(const py::handle& state, const std::vector<Dimension>& by) {
  const auto values = state.cast<std::vector<std::pair<std::int64_t, std::string>>>();
  if (values.size() != by.size())
    throw Error(ErrorKind::format, "the pickled table has a row that is not of its dimensions");
  std::vector<DimensionValue> out;
  for (std::size_t i = 0; i < values.size(); ++i) out.push_back({by[i], values[i].first, values[i].second});
  return out;
}

std::optional<Share> share_from(const py::handle& state) {
  if (state.is_none()) return std::nullopt;
  const auto [numerator, denominator] = state.cast<std::pair<std::int64_t, std::int64_t>>();
  return Share{numerator, denominator};
}

py::tuple state_of(const MeasureTable& t) {
  py::list rows;
  for (const MeasureRow& row : t.rows)
    rows.append(py::make_tuple(state_of(row.key), pair_of(row.share), row.extras));
  return py::make_tuple(static_cast<int>(t.measure), numbers(t.by), t.tasks, static_cast<int>(t.scheme),
                        t.basis, t.set ? static_cast<int>(*t.set) : 0, t.extras, rows, t.notes, t.incoming);
}

MeasureTable table_from(const py::tuple& state) {
  MeasureTable t{word_of<Measure>(state[0]),
                 dimensions_of(state[1]),
                 state[2].cast<std::string>(),
                 word_of<Scheme>(state[3]),
                 state[4].cast<std::string>(),
                 std::nullopt,
                 state[6].cast<std::vector<std::string>>(),
                 {},
                 state[8].cast<std::vector<std::string>>(),
                 state[9].cast<bool>()};
  if (state[5].cast<int>() != 0) t.set = word_of<DigitalSet>(state[5]);
  for (const py::handle row : state[7]) {
    const auto parts = row.cast<py::tuple>();
    auto extras = parts[2].cast<std::vector<std::int64_t>>();
    if (extras.size() != t.extras.size())
      throw Error(ErrorKind::format, "the pickled table has a row that is not of its columns");
    t.rows.push_back({key_from(parts[0], t.by), share_from(parts[1]).value(), std::move(extras)});
  }
  return t;
}

py::tuple state_of(const Comparison& c) {
  py::list rows;
  for (const auto& row : c.rows)
    rows.append(py::make_tuple(state_of(row.key), pair_of(row.before), pair_of(row.after)));
  return py::make_tuple(static_cast<int>(c.measure), numbers(c.by), c.tasks, c.basis,
                        c.set ? static_cast<int>(*c.set) : 0, static_cast<int>(c.scheme_before),
                        static_cast<int>(c.scheme_after), rows, c.warnings, c.incoming);
}

Comparison comparison_from(const py::tuple& state) {
  Comparison c{word_of<Measure>(state[0]),
               dimensions_of(state[1]),
               state[2].cast<std::string>(),
               state[3].cast<std::string>(),
               std::nullopt,
               word_of<Scheme>(state[5]),
               word_of<Scheme>(state[6]),
               {},
               state[8].cast<std::vector<std::string>>(),
               state[9].cast<bool>()};
  if (state[4].cast<int>() != 0) c.set = word_of<DigitalSet>(state[4]);
  for (const py::handle row : state[7]) {
    const auto parts = row.cast<py::tuple>();
    c.rows.push_back({key_from(parts[0], c.by), share_from(parts[1]), share_from(parts[2])});
  }
  return c;
}

void bind_tables(py::module_& module) {
  py::class_<MeasureTable>(module, "MeasureTable")
      .def_property_readonly("measure", [](const MeasureTable& t) { return text(token(t.measure)); })
      .def_property_readonly("by", [](const MeasureTable& t) { return names(t.by); })
      .def_readonly("tasks", &MeasureTable::tasks)
      .def_property_readonly("scheme", [](const MeasureTable& t) { return text(token(t.scheme)); })
      .def_readonly("basis", &MeasureTable::basis)
      .def_property_readonly(
          "set", [](const MeasureTable& t) { return t.set ? std::string{token(*t.set)} : std::string{}; })
      .def_readonly("extras", &MeasureTable::extras)
      .def_readonly("notes", &MeasureTable::notes)
      .def_readonly("incoming", &MeasureTable::incoming)
      .def(py::pickle([](const MeasureTable& t) { return state_of(t); }, &table_from))
      .def_property_readonly("rows",
                             [](const MeasureTable& t) {
                               py::list out;
                               Keys keys;
                               for (const MeasureRow& row : t.rows)
                                 out.append(py::make_tuple(keys.of(row.key), row.share.numerator,
                                                           row.share.denominator, row.extras));
                               return out;
                             })
      .def("__len__", [](const MeasureTable& t) { return t.rows.size(); })
      .def("to_json", [](const MeasureTable& t) { return to_json(t); })
      .def("to_csv", [](const MeasureTable& t) { return to_csv(t); });
  py::class_<Comparison>(module, "ComparisonTable")
      .def_property_readonly("measure", [](const Comparison& c) { return text(token(c.measure)); })
      .def_property_readonly("by", [](const Comparison& c) { return names(c.by); })
      .def_readonly("tasks", &Comparison::tasks)
      .def_readonly("basis", &Comparison::basis)
      .def_property_readonly(
          "set", [](const Comparison& c) { return c.set ? std::string{token(*c.set)} : std::string{}; })
      .def_property_readonly("schemes",
                             [](const Comparison& c) {
                               return py::make_tuple(text(token(c.scheme_before)),
                                                     text(token(c.scheme_after)));
                             })
      .def_readonly("warnings", &Comparison::warnings)
      .def_readonly("incoming", &Comparison::incoming)
      .def(py::pickle([](const Comparison& c) { return state_of(c); }, &comparison_from))
      .def_property_readonly(
          "rows",
          [](const Comparison& c) {
            py::list out;
            // Not Keys: a label has another number in each of the two cubes.
            for (const auto& row : c.rows)
              out.append(py::make_tuple(key_of(row.key), pair_of(row.before), pair_of(row.after),
                                        row.changes()
                                            ? py::object{py::int_(printed_change(*row.before, *row.after))}
                                            : py::object{py::none()}));
            return out;
          })
      .def("__len__", [](const Comparison& c) { return c.rows.size(); })
      .def("to_json", [](const Comparison& c) { return to_json(c); })
      .def("to_csv", [](const Comparison& c) { return to_csv(c); });
}

py::list figures() {
  py::list out;
  for (const PublishedFigure& figure : published_figures()) {
    py::dict row;
    row["round"] = figure.round.empty() ? py::object{py::none()} : py::object{text(figure.round)};
    row["publication"] = text(figure.publication);
    row["dated"] = text(figure.dated);
    row["method"] = text(figure.method);
    row["task_set"] = text(figure.task_set);
    row["figure"] = text(figure.figure);
    row["task"] = maybe(figure.task, [](KleNumber task) { return task.text(); });
    row["value"] = maybe(figure.value);
    row["unit"] = text(token(figure.unit));
    row["bound"] = text(token(figure.bound));
    row["state"] = text(token(figure.state));
    row["note"] = text(figure.note);
    out.append(row);
  }
  return out;
}

py::list published_changes(const std::string& before, const std::string& after) {
  py::list out;
  const auto as_text = [](const ChangeInterval& interval) { return interval.text(); };
  const auto as_bounds = [](const ChangeInterval& interval) {
    py::dict bounds;
    bounds["low"] = interval.low_text();
    bounds["low_included"] = interval.above_included;
    bounds["high"] = interval.high_text();
    bounds["high_included"] = interval.below_included;
    return bounds;
  };
  for (const PublishedChange& change : compare_published(before, after)) {
    py::dict row;
    row["task"] = maybe(change.task, [](KleNumber task) { return task.text(); });
    row["before"] = maybe(change.before);
    row["after"] = maybe(change.after);
    row["printed_change"] = maybe(change.printed_change);
    row["from_rounding"] = maybe(change.from_rounding, as_text);
    row["with_printed_change"] = maybe(change.with_change, as_text);
    row["from_rounding_bounds"] = maybe(change.from_rounding, as_bounds);
    row["with_printed_change_bounds"] = maybe(change.with_change, as_bounds);
    out.append(row);
  }
  return out;
}

py::list held_against_published(const Cube& cube, const std::string& round) {
  py::list out;
  for (const AgainstPublished& found : against_published(cube, round)) {
    const bool has_share = found.share && found.share->exists();
    py::dict row;
    row["row"] = found.row == AgainstPublished::Row::task    ? "task"
                 : found.row == AgainstPublished::Row::total ? "total"
                                                             : "total_without_withheld";
    row["task"] = maybe(found.task, [](KleNumber task) { return task.text(); });
    row["state"] = text(token(found.state));
    row["published"] = maybe(found.published);
    row["numerator"] = maybe(found.share, [](Share share) { return share.numerator; });
    row["denominator"] = maybe(found.share, [](Share share) { return share.denominator; });
    row["share"] = has_share ? py::object{py::str(share_text(*found.share))} : py::object{py::none()};
    row["per_cent"] = has_share ? py::object{py::int_(per_cent(*found.share))} : py::object{py::none()};
    row["agrees"] = maybe(found.agrees());
    out.append(row);
  }
  return out;
}

}  // namespace

void bind_measure(py::module_& module) {
  bind_tables(module);
  module.def(
      "measure",
      [](const Cube& cube, const std::string& name, const std::vector<std::string>& by, const Values& where,
         const Values& without, const Tasks& tasks, const std::string& basis,
         const std::optional<std::string>& set, const std::optional<std::string>& scheme,
         bool raw) { return measure(cube, query(name, by, where, without, tasks, basis, set, scheme, raw)); },
      py::arg("cube"), py::arg("name"), py::arg("by"), py::arg("where"), py::arg("without"), py::arg("tasks"),
      py::arg("basis"), py::arg("set"), py::arg("scheme"), py::arg("raw"));
  module.def(
      "compare",
      [](const Cube& before, const Cube& after, const std::string& name, const std::vector<std::string>& by,
         const Values& where, const Values& without, const Tasks& tasks, const std::string& basis,
         const std::optional<std::string>& set, const std::optional<std::string>& scheme, bool raw) {
        return compare(before, after, query(name, by, where, without, tasks, basis, set, scheme, raw));
      },
      py::arg("before"), py::arg("after"), py::arg("name"), py::arg("by"), py::arg("where"),
      py::arg("without"), py::arg("tasks"), py::arg("basis"), py::arg("set"), py::arg("scheme"),
      py::arg("raw"));
  module.def(
      "filtered",
      [](const Cube& cube, const Values& where, const Values& without, const Tasks& tasks,
         const std::optional<std::string>& scheme, bool raw) {
        return filtered(cube, query("contacts", {}, where, without, tasks, "application", {}, scheme, raw));
      },
      py::arg("cube"), py::arg("where"), py::arg("without"), py::arg("tasks"), py::arg("scheme"),
      py::arg("raw"));
  module.def(
      "rolled_up",
      [](const Cube& cube, const std::vector<std::string>& away) {
        const std::vector<Dimension> forgotten = dimensions(away);
        return rolled_up(cube, forgotten);
      },
      py::arg("cube"), py::arg("away"));
  module.def(
      "filter_counts",
      [](const std::vector<const MeasureTable*>& tables) {
        for (const MeasureTable* table : tables)
          if (table == nullptr) throw py::type_error("tables must be tables of measures");
        const FilterCounts found = filter_counts(tables);
        py::list cells;
        for (const FilterCounts::Cell& cell : found.cells)
          cells.append(py::make_tuple(cell.table, py::tuple{py::cast(cell.values)}));
        return py::make_tuple(found.municipalities, found.tasks, cells, found.json);
      },
      py::arg("tables"));
  module.def("published_figures", &figures);
  module.def("compare_published", &published_changes, py::arg("before"), py::arg("after"));
  module.def("against_published", &held_against_published, py::arg("cube"), py::arg("round"));
  module.def("per_cent", [](std::int64_t numerator, std::int64_t denominator) {
    return per_cent(Share{numerator, denominator});
  });
  module.def("change_text", [](std::pair<std::int64_t, std::int64_t> before,
                               std::pair<std::int64_t, std::int64_t> after, int decimals) {
    return change_text(Share{before.first, before.second}, Share{after.first, after.second}, decimals);
  });
}

}  // namespace komhen::python
