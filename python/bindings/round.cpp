#include "komhen/round/round.hpp"

#include "bindings.hpp"
#include "komhen/registration/profile.hpp"
#include "komhen/round/participation.hpp"
#include "words.hpp"

namespace komhen::python {
namespace {

// What a pickle holds: texts and numbers as files have them, so that a value is made again by the same rules.
[[noreturn]] void refuse(const char* what) {
  throw Error(ErrorKind::format,
              std::string{"the pickled "} + what + " holds a value that no table of komhen has");
}

template <class E>
E listed(int number, const char* what) {
  for (const auto& row : kWords<E>)
    if (static_cast<int>(row.value) == number) return row.value;
  refuse(what);
}

std::vector<std::string> texts(const auto& values) {
  std::vector<std::string> out;
  for (const auto& value : values) out.push_back(value.text());
  return out;
}

template <class T>
std::vector<T> parsed(const py::handle& values, const char* what) {
  std::vector<T> out;
  for (const std::string& text : values.cast<std::vector<std::string>>()) {
    const auto value = T::parse(text);
    if (!value) refuse(what);
    out.push_back(*value);
  }
  return out;
}

py::tuple state_of(const Round& round) {
  py::list rules;
  for (const Reclassification& rule : round.rules)
    rules.append(py::make_tuple(rule.source, texts(rule.tasks), static_cast<int>(rule.from),
                                static_cast<int>(rule.to), texts(rule.weeks)));
  return py::make_tuple(round.id, texts(round.weeks), static_cast<int>(round.scheme), round.package.is_open(),
                        texts(round.package.tasks()), rules);
}

Round round_from(const py::tuple& state) {
  constexpr auto kWhat = "round";
  Round out{state[0].cast<std::string>(), parsed<Week>(state[1], kWhat),
            listed<Scheme>(state[2].cast<int>(), kWhat),
            state[3].cast<bool>() ? Package{} : Package{parsed<KleNumber>(state[4], kWhat)}};
  for (const py::handle& each : state[5]) {
    const auto rule = each.cast<py::tuple>();
    out.rules.push_back({rule[0].cast<std::string>(), parsed<KleNumber>(rule[1], kWhat),
                         listed<ContactType>(rule[2].cast<int>(), kWhat),
                         listed<ContactType>(rule[3].cast<int>(), kWhat), parsed<Week>(rule[4], kWhat)});
  }
  return out;
}

py::tuple state_of(const Profile& profile) {
  py::list rules;
  for (const auto& rule : profile.rules)
    rules.append(rule ? py::object{py::make_tuple(rule->column, rule->value, rule->words, rule->otherwise,
                                                  rule->reject_otherwise, rule->format)}
                      : py::none());
  return py::make_tuple(profile.name, profile.delimiter,
                        profile.encoding ? std::optional{static_cast<int>(*profile.encoding)} : std::nullopt,
                        rules, profile.others_by_name);
}

Profile profile_from(const py::tuple& state) {
  using Text = std::optional<std::string>;
  Profile out;
  out.name = state[0].cast<std::string>();
  out.delimiter = state[1].cast<std::optional<char>>();
  for (const Encoding encoding : {Encoding::utf8, Encoding::windows1252})
    if (state[2].cast<std::optional<int>>() == static_cast<int>(encoding)) out.encoding = encoding;
  const auto rules = state[3].cast<py::list>();
  if (rules.size() != out.rules.size()) refuse("profile");
  for (std::size_t i = 0; i < out.rules.size(); ++i) {
    if (rules[i].is_none()) continue;
    const auto rule = rules[i].cast<py::tuple>();
    out.rules[i] = FieldRule{
        rule[0].cast<Text>(), rule[1].cast<Text>(), rule[2].cast<std::map<std::string, std::string>>(),
        rule[3].cast<Text>(), rule[4].cast<bool>(), rule[5].cast<std::string>()};
  }
  out.others_by_name = state[4].cast<bool>();
  return out;
}

}  // namespace

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
      .def(py::pickle([](const Round& round) { return state_of(round); }, &round_from))
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
      .def(py::pickle(
          [](const Participation& participation) { return participation_text(participation); },
          [](const std::string& text) { return parse_participation(text, "a pickled participation"); }))
      .def(
          "__eq__", [](const Participation& a, const Participation& b) { return a == b; }, py::is_operator())
      .def("__len__", [](const Participation& participation) { return participation.weeks().size(); });
  module.def("load_participation", &load_participation, py::arg("path"));

  py::class_<Profile>(
      module, "Profile",
      R"(How to read a file or frame whose columns are not those of an exchange file. Source: docs/exchange-file.md.)")
      .def_property_readonly(
          "name", [](const Profile& profile) { return profile.name; },
          "The name that errors call it by: the file it was read from.")
      .def_property_readonly(
          "columns",
          [](const Profile& profile) {
            py::dict out;
            for (const auto& word : kWords<Field>)
              if (const auto& rule = profile.rule(word.value); rule && rule->column)
                out[text(word.token)] = *rule->column;
            return out;
          },
          "A dict of each field to the column that it is read from.")
      .def(py::pickle([](const Profile& profile) { return state_of(profile); }, &profile_from));
  module.def(
      "profile_of",
      [](const std::vector<std::pair<std::string, std::string>>& columns) {
        Profile profile;
        profile.name = "columns";
        profile.others_by_name = true;
        for (const auto& [dimension, column] : columns) {
          const auto field = from_text<Field>(dimension);
          if (!field) {
            std::string known;
            for (const auto& word : kWords<Field>)
              known += (known.empty() ? "" : ", ") + std::string{word.token};
            throw Error(ErrorKind::argument,
                        detail::quoted(dimension) + " is no column of registrations; there are " + known);
          }
          auto& rule = profile.rules[slot(*field)];
          if (rule) throw Error(ErrorKind::argument, "columns names " + detail::quoted(dimension) + " twice");
          rule.emplace().column = column;
        }
        return profile;
      },
      py::arg("columns"));
  module.def("load_profile", &load_profile, py::arg("path"));
}

}  // namespace komhen::python
