#include "komhen/report/arrow.hpp"

#include <memory>
#include <optional>

#include "arrow_c_data.h"
#include "arrow_table.hpp"
#include "bindings.hpp"
#include "goals.hpp"
#include "komhen/error.hpp"
#include "komhen/report/frame.hpp"
#include "komhen/tally/count.hpp"
#include "rejections.hpp"

/// Frames in and tables out through the Arrow PyCapsule interface: nothing is copied on the way in.
namespace komhen::python {
namespace {

constexpr const char* kCapsule = "arrow_array_stream";

/// The capsule owns the stream; whoever takes it sets `release` to NULL.
void free_stream(PyObject* capsule) {
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, kCapsule));
  if (stream == nullptr) return;
  if (stream->release != nullptr) stream->release(stream);
  delete stream;
}

template <class Fill>
py::object capsule_of(Fill&& fill) {
  auto stream = std::make_unique<ArrowArrayStream>();
  stream->release = nullptr;
  fill(stream.get());
  PyObject* capsule = PyCapsule_New(stream.get(), kCapsule, &free_stream);
  if (capsule == nullptr) {
    if (stream->release != nullptr) stream->release(stream.get());
    throw py::error_already_set();
  }
  static_cast<void>(stream.release());
  return py::reinterpret_steal<py::object>(capsule);
}

/// One batch as a stream of its own: what `__arrow_c_array__` gives, moved.
struct OneBatch {
  ArrowSchema schema{};
  ArrowArray array{};

  ~OneBatch() {
    if (schema.release != nullptr) schema.release(&schema);
    if (array.release != nullptr) array.release(&array);
  }
};

/// What a capsule holds, taken out of it: whoever else has the capsule finds it released.
/// @throws Error (argument) for anything but a capsule of that name.
template <class Struct>
Struct moved_from(const py::handle& capsule, const char* name) {
  if (PyCapsule_IsValid(capsule.ptr(), name) == 0)
    throw Error(ErrorKind::argument, std::string{"the frame gives something else than the "} + name +
                                         " that its interface promises");
  auto* from = static_cast<Struct*>(PyCapsule_GetPointer(capsule.ptr(), name));
  Struct out = *from;
  from->release = nullptr;
  return out;
}

/// Hands out what it holds, once; count_stream() asks once.
void fill_from_batch(OneBatch* batch, ArrowArrayStream* out) {
  out->private_data = batch;
  out->get_schema = [](ArrowArrayStream* self, ArrowSchema* schema) {
    auto* held = static_cast<OneBatch*>(self->private_data);
    *schema = held->schema;
    held->schema.release = nullptr;
    return 0;
  };
  out->get_next = [](ArrowArrayStream* self, ArrowArray* array) {
    auto* held = static_cast<OneBatch*>(self->private_data);
    *array = held->array;
    held->array.release = nullptr;
    return 0;
  };
  out->get_last_error = [](ArrowArrayStream*) -> const char* { return nullptr; };
  out->release = [](ArrowArrayStream* self) {
    delete static_cast<OneBatch*>(self->private_data);
    self->release = nullptr;
  };
}

/// A table's rows as tuples of None, whole numbers and text.
py::list rows_of(const Table& table) {
  py::list out;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    py::tuple cells{table.columns.size()};
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      const Table::Cell& cell = table.cell(row, column);
      cells[column] = !cell.there                                         ? py::object{py::none()}
                      : table.columns[column].kind == ColumnKind::integer ? py::object{py::int_(cell.integer)}
                                                                          : py::object{text(cell.text)};
    }
    out.append(cells);
  }
  return out;
}

/// Results of money: the same table as rows of Python's and as a stream.
template <class Result, class AsFrame>
void bind_frame(py::module_& module, const std::string& rows, const std::string& stream, AsFrame&& as_frame) {
  module.def(rows.c_str(), [as_frame](const Result& result) {
    const Table table = as_frame(result);
    py::list columns;
    for (const auto& column : table.columns)
      columns.append(py::make_tuple(column.name, static_cast<int>(column.kind)));
    return py::make_tuple(columns, rows_of(table));
  });
  module.def(stream.c_str(), [as_frame](const Result& result) {
    return capsule_of([&](ArrowArrayStream* out) { to_arrow(as_frame(result), out); });
  });
}

/// Rows that Python holds, by column: what is found of None, truth, whole numbers, decimals of at most six
/// places, and text.
py::object stream_of_columns(const std::vector<std::pair<std::string, py::list>>& columns) {
  const std::size_t rows = columns.empty() ? 0 : columns.front().second.size();
  auto built = std::make_shared<detail::ArrowTable>(rows);
  constexpr int kDecimals = 6;
  const py::object decimal = py::module_::import("decimal").attr("Decimal");
  for (const auto& [name, values] : columns) {
    std::vector<std::optional<bool>> truths;
    std::vector<std::optional<std::int64_t>> numbers;
    std::vector<std::string> texts;
    std::vector<bool> there;
    bool has_truth = false;
    bool has_number = false;
    bool has_decimal = false;
    for (const py::handle value : values) {
      const bool is_truth = py::isinstance<py::bool_>(value);
      const bool is_number = !is_truth && py::isinstance<py::int_>(value);
      has_truth |= is_truth;
      has_number |= is_number;
      has_decimal |= py::isinstance(value, decimal);
      there.push_back(!value.is_none());
      truths.push_back(is_truth ? std::optional{value.cast<bool>()} : std::nullopt);
      numbers.push_back(is_number ? std::optional{value.cast<std::int64_t>()} : std::nullopt);
      texts.push_back(there.back() ? py::str(value).cast<std::string>() : std::string{});
    }
    if (has_truth)
      built->add(name, truths);
    else if (has_number)
      built->add(name, numbers);
    else if (has_decimal)
      built->add_decimal(name, kDecimals, texts, there);
    else
      built->add(name, texts, there);
  }
  return capsule_of([&](ArrowArrayStream* out) { detail::hand_out(std::move(built), out); });
}

void bind_frames(py::module_& module) {
  module.def("table_stream", [](const CostTable& table) {
    return capsule_of([&](ArrowArrayStream* out) { to_arrow(table, out); });
  });
  bind_frame<PriceList>(module, "frame_rows", "table_stream", [](const PriceList& p) { return frame_of(p); });
  bind_frame<CaseResult>(module, "frame_rows", "table_stream",
                         [](const CaseResult& r) { return frame_of(r); });
  bind_frame<CaseResult>(module, "tornado_rows", "tornado_stream",
                         [](const CaseResult& r) { return tornado_frame(r); });
  bind_frame<CaseResult>(module, "simulation_rows", "simulation_stream",
                         [](const CaseResult& r) { return simulation_frame(r); });
  bind_frame<GoalTable>(module, "frame_rows", "table_stream",
                        [](const GoalTable& t) { return frame_of(t.goals); });
  bind_frame<Ranking>(module, "frame_rows", "table_stream",
                      [](const Ranking& r) { return frame_of(r.tasks); });
  module.def("stream_of_columns", &stream_of_columns, py::arg("columns"));
}

}  // namespace

void bind_arrow(py::module_& module) {
  module.def(
      "count_stream",
      [](const py::object& capsule, const Round* round, const Participation* participation,
         const Profile* profile, const std::string& rejects, const std::optional<py::function>& progress,
         const std::string& name, std::int64_t keep) {
        CountOptions options;
        options.round = round;
        options.participation = participation;
        options.profile = profile;
        options.rejects = rejects;
        options.progress = [&](std::int64_t done, std::int64_t total) {
          return go_on(progress, done, total);
        };
        const Rejections rejections{options, keep};
        // Taken while the GIL is held: a capsule that two calls have at once is counted by one of them.
        auto stream = moved_from<ArrowArrayStream>(capsule, kCapsule);
        Counted counted = [&] {
          const py::gil_scoped_release unlocked;
          return count_stream(&stream, options, name);
        }();
        return py::make_tuple(std::move(counted.cube), std::move(counted.outcome), rejections.rows());
      },
      py::arg("capsule"), py::arg("round") = py::none(), py::arg("participation") = py::none(),
      py::arg("profile") = py::none(), py::arg("rejects") = "", py::arg("progress") = py::none(),
      py::arg("name") = "the frame", py::arg("keep_rejects") = 0);
  module.def(
      "batch_stream",
      [](const py::object& schema, const py::object& array) {
        auto batch = std::make_unique<OneBatch>();
        batch->schema = moved_from<ArrowSchema>(schema, "arrow_schema");
        batch->array = moved_from<ArrowArray>(array, "arrow_array");
        return capsule_of([&](ArrowArrayStream* out) { fill_from_batch(batch.release(), out); });
      },
      py::arg("schema"), py::arg("array"));
  module.def("table_stream", [](const MeasureTable& table) {
    return capsule_of([&](ArrowArrayStream* out) { to_arrow(table, out); });
  });
  module.def("table_stream", [](const Comparison& table) {
    return capsule_of([&](ArrowArrayStream* out) { to_arrow(table, out); });
  });
  bind_frames(module);
  const auto cells = [](const Cube& cube) {
    return capsule_of([&](ArrowArrayStream* out) { cells_to_arrow(cube, out); });
  };
  module.def("table_stream", cells);
  py::cpp_function stream{
      [cells](const Cube& cube, const py::object&) { return cells(cube); }, py::name("__arrow_c_stream__"),
      py::is_method(module.attr("Cube")), py::arg("requested_schema") = py::none(),
      "The cells as one batch of Arrow's stream interface; a requested schema is not obeyed."};
  module.attr("Cube").attr("__arrow_c_stream__") = stream;
}

}  // namespace komhen::python
