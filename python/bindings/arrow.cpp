#include "komhen/report/arrow.hpp"

#include <memory>
#include <optional>

#include "arrow_c_data.h"
#include "bindings.hpp"
#include "komhen/tally/count.hpp"

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

ArrowArrayStream* stream_of(const py::object& capsule) {
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), kCapsule));
  if (stream == nullptr) throw py::error_already_set();
  return stream;
}

}  // namespace

void bind_arrow(py::module_& module) {
  module.def(
      "count_stream",
      [](const py::object& capsule, const Round* round, const Participation* participation,
         const Profile* profile, const std::string& rejects, const std::optional<py::function>& progress,
         const std::string& name) {
        CountOptions options;
        options.round = round;
        options.participation = participation;
        options.profile = profile;
        options.rejects = rejects;
        options.progress = [&](std::int64_t done, std::int64_t total) {
          return go_on(progress, done, total);
        };
        ArrowArrayStream* stream = stream_of(capsule);
        Counted counted = [&] {
          const py::gil_scoped_release unlocked;
          return count_stream(stream, options, name);
        }();
        return py::make_tuple(std::move(counted.cube), std::move(counted.outcome));
      },
      py::arg("capsule"), py::arg("round") = py::none(), py::arg("participation") = py::none(),
      py::arg("profile") = py::none(), py::arg("rejects") = "", py::arg("progress") = py::none(),
      py::arg("name") = "the frame");
  module.def("table_stream", [](const MeasureTable& table) {
    return capsule_of([&](ArrowArrayStream* out) { to_arrow(table, out); });
  });
  module.def("table_stream", [](const Comparison& table) {
    return capsule_of([&](ArrowArrayStream* out) { to_arrow(table, out); });
  });
  module.def("table_stream", [](const Cube& cube) {
    return capsule_of([&](ArrowArrayStream* out) { cells_to_arrow(cube, out); });
  });
}

}  // namespace komhen::python
