#include "words.hpp"

#include "komhen/error.hpp"
#include "komhen/registration/personal_data.hpp"

namespace komhen::python {
Municipality municipality_of(const py::object& municipality) {
  const auto who = py::isinstance<py::int_>(municipality)
                       ? Municipality::from_code(municipality.cast<std::int64_t>())
                       : Municipality::from_text(py::str(municipality).cast<std::string>());
  if (!who)
    throw Error(ErrorKind::argument,
                detail::quoted(py::str(municipality).cast<std::string>()) + " is no municipality");
  return *who;
}

Registration registration(const py::object& municipality, const std::string& week, const std::string& task,
                          const std::string& channel, const std::string& type, const std::string& direction,
                          const std::string& closure, const std::string& form, const std::string& source,
                          const std::string& unit, std::int64_t count) {
  const Municipality who = municipality_of(municipality);
  const auto when = Week::parse(week);
  if (!when)
    throw Error(ErrorKind::argument, detail::quoted(week) + " is no week; a week reads like 2012-W17");
  const auto kle = KleNumber::parse(task);
  if (!kle)
    throw Error(ErrorKind::argument, detail::quoted(task) + " is no KLE number; one reads like 23.05.10");
  return {who,
          *when,
          *kle,
          word<Channel>("channel", channel),
          word<ContactType>("contact type", type),
          word<Direction>("direction", direction),
          closure.empty() ? Closure::not_stated : word<Closure>("closure", closure),
          form.empty() ? AttachedForm::not_stated : word<AttachedForm>("form", form),
          source,
          unit,
          count};
}

std::string path_of(const py::object& path) {
  return py::module_::import("os").attr("fsencode")(path).cast<std::string>();
}

}  // namespace komhen::python
