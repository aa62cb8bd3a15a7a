#pragma once

#include <string>

#include "bindings.hpp"
#include "komhen/registration/registration.hpp"

/// Python's words as the core's values, for the bindings that take registrations.
namespace komhen::python {

/// Registration fields as Python gives them: words, and a municipality as a code or a name. Texts are borrowed.
struct Fields {
  const py::object& municipality;
  const std::string& week;
  const std::string& task;
  const std::string& channel;
  const std::string& type;
  const std::string& direction;
  const std::string& closure;
  const std::string& form;
  const std::string& source;
  const std::string& unit;
  std::int64_t count;
};

/// @throws Error (argument) naming the word that is none.
[[nodiscard]] Registration registration(const Fields& fields);
[[nodiscard]] Municipality municipality(const py::object& value);

/// A path as the bytes that the system takes, from text, bytes or anything path-like.
[[nodiscard]] std::string path_of(const py::object& path);

}  // namespace komhen::python
