#pragma once

#include <algorithm>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "bindings.hpp"
#include "komhen/error.hpp"
#include "komhen/measure/measure.hpp"
#include "komhen/registration/personal_data.hpp"

/// What is measured as Python says it, and rows as Python reads them: for every binding that measures or
/// prices a cube.
namespace komhen::python {

using Values = std::vector<std::pair<std::string, std::vector<std::string>>>;
using Tasks = std::variant<std::string, std::vector<std::string>>;  // a name or path, or the KLE numbers

/// The value that a word stands for. @throws Error (argument) that lists the words there are.
template <Worded E>
[[nodiscard]] E known_word(const char* what, const std::string& value) {
  const auto found = from_text<E>(value);
  if (found) return *found;
  std::string known;
  for (const auto& row : kWords<E>) known += (known.empty() ? "" : ", ") + std::string{row.token};
  throw Error(ErrorKind::argument, detail::quoted(value) + " is no " + what + "; there are " + known);
}
template <Worded E>
[[nodiscard]] std::optional<E> known_word(const char* what, const std::optional<std::string>& value) {
  return value ? std::optional{known_word<E>(what, *value)} : std::nullopt;
}

/// @throws Error (argument).
[[nodiscard]] KleNumber kle_of(const std::string& text);
[[nodiscard]] TaskSet task_set(const Tasks& tasks);
[[nodiscard]] std::vector<Dimension> dimensions(const std::vector<std::string>& by);
[[nodiscard]] std::vector<Filter> filters(const Values& where, const Values& without);

/// A row's dimensions as a tuple: municipalities are numbers, the rest text.
[[nodiscard]] py::tuple key_of(const std::vector<DimensionValue>& key);

/// The keys of many rows: a value that comes again is the same Python object, so that a large table is not as
/// many texts as it has cells. Of one table: labels are numbered anew in each cube.
class Keys {
 public:
  [[nodiscard]] py::tuple of(const std::vector<DimensionValue>& key);

 private:
  std::vector<std::unordered_map<std::int64_t, py::object>> known_;  ///< by place and number
};
[[nodiscard]] std::vector<std::string> names(const std::vector<Dimension>& by);

/// None, or what `as` makes of the value.
template <class T, class As>
[[nodiscard]] py::object maybe(const std::optional<T>& value, As&& as) {
  if (!value) return py::none();
  if constexpr (std::is_base_of_v<py::object, std::invoke_result_t<As&, const T&>>)
    return as(*value);  // pybind11's cast() takes no object of Python that is about to go
  else
    return py::cast(as(*value));
}
template <class T>
[[nodiscard]] py::object maybe(const std::optional<T>& value) {
  return maybe(value, [](const T& v) { return v; });
}

}  // namespace komhen::python
