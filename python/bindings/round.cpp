#include "komhen/round/round.hpp"

#include "bindings.hpp"
#include "komhen/registration/profile.hpp"
#include "komhen/round/participation.hpp"
#include "words.hpp"

namespace komhen::python {

void bind_round(py::module_& module) {
  py::class_<Round>(
      module, "Round",
      R"(A counting round: its weeks, scheme, task package and reclassification rules. `load_round` gives one.

Source of the built-in ones: KL, "Kommunernes henvendelser", spring 2012; docs/rounds.md.)")
      .def_property_readonly(
          "id", [](const Round& round) { return round.id; }, "The id, such as \"2012-spring\".")
      .def_property_readonly(
          "weeks",
          [](const Round& round) {
            py::list out;
            for (const Week week : round.weeks) out.append(week.text());
            return out;
          },
          "The ISO weeks in which it counts, such as \"2012-W17\", in order.")
      .def_property_readonly(
          "scheme", [](const Round& round) { return text(token(round.scheme)); },
          "The scheme that groups its contact types, such as \"kl-2012\".")
      .def_property_readonly(
          "package",
          [](const Round& round) -> py::object {
            if (round.package.is_open()) return py::str("open");
            py::list out;
            for (const KleNumber task : round.package.tasks()) out.append(task.text());
            return out;
          },
          "The KLE numbers that may be registered, or \"open\" for every task.")
      .def(
          "__eq__", [](const Round& a, const Round& b) { return a == b; }, py::is_operator())
      .def("__repr__", [](const Round& round) { return "<komhen.Round " + round.id + ">"; });
  module.def("load_round", &load_round, py::arg("round"));
  py::list rounds;
  for (const BuiltinRound& row : kRounds)
    rounds.append(py::make_tuple(text(row.id), text(row.label_da), text(row.label_en), row.first.text(),
                                 row.last.text(), text(token(row.scheme)), text(row.source)));
  module.attr("ROUNDS") = py::tuple(rounds);

  py::class_<Participation>(
      module, "Participation",
      R"(The weeks in which each municipality counts: what `count` takes as ``participation``. Source: docs/rounds.md.)")
      .def_property_readonly(
          "weeks",
          [](const Participation& participation) {
            py::dict out;
            for (const auto& [municipality, weeks] : participation.weeks()) {
              py::list list;
              for (const Week week : weeks) list.append(week.text());
              out[py::int_(municipality.code())] = list;
            }
            return out;
          },
          "A dict of municipality code to its ISO weeks.")
      .def("to_csv", &participation_text,
           "The participation as the file that `count` reads: municipality;weeks, one municipality a line.")
      .def("__len__", [](const Participation& participation) { return participation.weeks().size(); });
  module.def("load_participation", &load_participation, py::arg("path"));

  py::class_<Profile>(
      module, "Profile",
      R"(How to read a file or frame whose columns are not those of an exchange file. Source: docs/exchange-file.md.)")
      .def_property_readonly(
          "name", [](const Profile& profile) { return profile.name; },
          "The name that errors call it by: the file it was read from.");
  module.def(
      "profile_of",
      [](const std::vector<std::pair<std::string, std::string>>& columns) {
        Profile profile;
        profile.name = "columns";
        profile.others_by_name = true;
        for (const auto& [dimension, column] : columns) {
          auto& rule = profile.rules[slot(word<Field>("column of registrations", dimension))];
          if (rule) throw Error(ErrorKind::argument, "columns names " + detail::quoted(dimension) + " twice");
          rule.emplace().column = column;
        }
        return profile;
      },
      py::arg("columns"));
  module.def("load_profile", &load_profile, py::arg("path"));
}

}  // namespace komhen::python
