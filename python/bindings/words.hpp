#pragma once

#include "bindings.hpp"
#include "komhen/error.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/registration/registration.hpp"

/// Python's words as the core's values, for every binding that takes registrations.
namespace komhen::python {

/// The value that a word stands for. @throws Error (argument).
template <Worded E>
[[nodiscard]] E word(const char* what, std::string_view value) {
  const auto found = from_text<E>(value);
  if (!found) throw Error(ErrorKind::argument, detail::quoted(value) + " is no " + what);
  return *found;
}

/// A code or a name. @throws Error (argument).
[[nodiscard]] Municipality municipality_of(const py::object& municipality);

/// A registration whose source and unit are borrowed. @throws Error (argument) naming the word that is none.
[[nodiscard]] Registration registration(const py::object& municipality, const std::string& week,
                                        const std::string& task, const std::string& channel,
                                        const std::string& type, const std::string& direction,
                                        const std::string& closure, const std::string& form,
                                        const std::string& source, const std::string& unit,
                                        std::int64_t count);

/// A path as the bytes that the system takes, from text, bytes or anything path-like.
[[nodiscard]] std::string path_of(const py::object& path);

}  // namespace komhen::python
