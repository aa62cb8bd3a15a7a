#include <doctest/doctest.h>

#include "komhen/measure/measure.hpp"
#include "test_support.hpp"

using namespace komhen;
using test::Ask;
using test::measured;

namespace {

/// A cell of a hand-made cube.
struct Cell {
  std::int64_t count;
  std::function<void(Registration&)> change;
};

Cube cube_of(const std::vector<Cell>& cells) {
  Cube cube;
  for (const Cell& cell : cells) {
    auto contact = test::contact();  // Herning, 2012-W17, a move, telephone, new case, incoming
    contact.count = cell.count;
    cell.change(contact);
    cube.add(contact);
  }
  return cube;
}

auto by(Channel channel, ContactType type = ContactType::new_case,
        Direction direction = Direction::incoming) {
  return [=](Registration& r) { r.channel = channel, r.type = type, r.direction = direction; };
}

using Rows = test::Lines;

/// Rows as text: `telephone,2012-W17: 3/10 (1 2)`.
Rows rows_of(const MeasureTable& table) {
  Rows out;
  for (const MeasureRow& row : table.rows) {
    std::string text;
    for (std::size_t i = 0; i < row.key.size(); ++i) text += (i == 0 ? "" : ",") + row.key[i].text;
    text += (row.key.empty() ? "" : ": ") + std::to_string(row.share.numerator) + "/" +
            std::to_string(row.share.denominator);
    for (const std::int64_t extra : row.extras) text += " " + std::to_string(extra);
    out.push_back(text);
  }
  return out;
}
Rows rows_of(const Cube& cube, const Ask& query) {
  return rows_of(measured(cube, query));
}

/// Ten channels and directions, so that every denominator is another number.
Cube mixed_week() {
  return cube_of({
      {1, by(Channel::self_service)},
      {2, by(Channel::self_service, ContactType::status_change)},
      {4, by(Channel::self_service, ContactType::case_information)},
      {8, by(Channel::self_service, ContactType::guidance)},
      {16, by(Channel::telephone)},
      {32, by(Channel::letter, ContactType::status_change)},
      {64, by(Channel::website, ContactType::guidance)},
      {128, by(Channel::website)},
      {256, by(Channel::telephone, ContactType::case_information)},
      {512, by(Channel::self_service, ContactType::new_case, Direction::outgoing)},
      {1024, by(Channel::letter, ContactType::misdirected, Direction::outgoing)},
      {2048, by(Channel::in_person, ContactType::self_service_help)},
  });
}
constexpr std::int64_t kIncoming = 4095 - 512 - 1024;

}  // namespace

TEST_CASE("contacts are the sum of counts, in both directions") {
  CHECK(rows_of(mixed_week(), {}) == Rows{"4095/1"});
  CHECK(rows_of(mixed_week(), {.by = {Dimension::direction}}) ==
        Rows{"incoming: 2559/1", "outgoing: 1536/1"});
  CHECK(rows_of(mixed_week(), {.by = {Dimension::type}}) ==
        Rows{"new_case: 657/1", "status_change: 34/1", "case_information: 260/1", "guidance: 72/1",
             "self_service_help: 2048/1", "misdirected: 1024/1"});
  CHECK(rows_of(Cube{}, {}).empty());
}

TEST_CASE("self-service is the share of incoming applications, the website in the denominator") {
  // applications: 1 + 2 by self-service of 1 + 2 + 16 + 32 + 128
  CHECK(rows_of(mixed_week(), {.measure = Measure::self_service}) == Rows{"3/179"});
  SUBCASE("over all types") {
    CHECK(rows_of(mixed_week(), {.measure = Measure::self_service, .basis = "all"}) ==
          Rows{"15/" + std::to_string(kIncoming)});
  }
  SUBCASE("over another group of the scheme") {
    CHECK(rows_of(mixed_week(), {.measure = Measure::self_service, .basis = "case_information"}) ==
          Rows{"4/260"});
    CHECK(rows_of(mixed_week(), {.measure = Measure::self_service, .basis = "information"}) ==
          Rows{"8/2120"});
  }
  SUBCASE("under 2011's scheme information on a case is a transaction, and application is its other name") {
    for (const char* basis : {"application", "transaction"})
      CHECK(rows_of(mixed_week(),
                    {.measure = Measure::self_service, .basis = basis, .scheme = Scheme::kl_2011}) ==
            Rows{"7/439"});
  }
  SUBCASE("under Hillerød's scheme information on a case is information") {
    CHECK(rows_of(mixed_week(), {.measure = Measure::self_service, .scheme = Scheme::hilleroed_2014}) ==
          Rows{"3/179"});
    CHECK(rows_of(mixed_week(), {.measure = Measure::self_service,
                                 .basis = "information",
                                 .scheme = Scheme::hilleroed_2014}) == Rows{"12/2380"});
  }
}

TEST_CASE("one data set gives the nested denominators of spring 2012") {
  // FACTS T2 in small: 5 % of all, 20 % on the 35 tasks, 33 % of their applications, 24 % with information on
  // cases.
  const auto on = [](const char* task, Channel channel, ContactType type) {
    return [=](Registration& r) { r.task = *KleNumber::parse(task), r.channel = channel, r.type = type; };
  };
  const Cube cube = cube_of({{33, on("23.05.10", Channel::self_service, ContactType::new_case)},
                             {67, on("23.05.10", Channel::telephone, ContactType::status_change)},
                             {65, on("23.05.10", Channel::telephone, ContactType::guidance)},
                             {495, on("01.02.03", Channel::telephone, ContactType::guidance)},
                             {900, by(Channel::letter, ContactType::new_case, Direction::outgoing)}});
  Ask query{.measure = Measure::self_service, .basis = "all"};
  CHECK(rows_of(cube, query) == Rows{"33/660"});
  query.tasks = load_task_set("kl-35");
  CHECK(rows_of(cube, query) == Rows{"33/165"});
  query.basis = "application";
  CHECK(rows_of(cube, query) == Rows{"33/100"});
}

TEST_CASE("a combination whose basis is empty has a row and no share") {
  const Cube cube = cube_of({{5, by(Channel::telephone, ContactType::guidance)},
                             {7, by(Channel::sms, ContactType::new_case, Direction::outgoing)}});
  const auto table = measured(cube, {.measure = Measure::self_service, .by = {Dimension::channel}});
  CHECK(rows_of(table) ==
        Rows{"telephone: 0/0"});  // outgoing contacts are not in the population, so no row for sms
  CHECK_FALSE(table.rows[0].share.exists());
}

TEST_CASE("a mix divides the last dimension within the others, incoming unless direction is given") {
  CHECK(rows_of(mixed_week(), {.measure = Measure::mix, .by = {Dimension::channel}}) ==
        Rows{"telephone: 272/2559", "in_person: 2048/2559", "letter: 32/2559", "self_service: 15/2559",
             "website: 192/2559"});
  CHECK(rows_of(mixed_week(), {.measure = Measure::mix,
                               .by = {Dimension::type, Dimension::channel},
                               .filters = {{Dimension::type, {"guidance", "status_change"}}}}) ==
        Rows{"status_change,letter: 32/34", "status_change,self_service: 2/34", "guidance,self_service: 8/72",
             "guidance,website: 64/72"});
  CHECK(rows_of(mixed_week(), {.measure = Measure::mix, .by = {Dimension::direction}}) ==
        Rows{"incoming: 2559/4095", "outgoing: 1536/4095"});
  CHECK(rows_of(mixed_week(), {.measure = Measure::mix,
                               .by = {Dimension::channel},
                               .filters = {{Dimension::direction, {"outgoing"}}}}) ==
        Rows{"letter: 1024/1536", "self_service: 512/1536"});
  CHECK(rows_of(mixed_week(), {.measure = Measure::mix,
                               .by = {Dimension::channel},
                               .filters = {{Dimension::direction, {"incoming"}, true}}}) ==
        Rows{"letter: 1024/1536", "self_service: 512/1536"});
}

TEST_CASE("groups follow the scheme") {
  const auto groups = [](std::optional<Scheme> scheme) {
    return rows_of(mixed_week(), {.by = {Dimension::group}, .scheme = scheme});
  };
  CHECK(groups(Scheme::kl_2011) == Rows{"transaction: 951/1", "information: 3144/1"});
  CHECK(groups(Scheme::kl_2012) ==
        Rows{"application: 691/1", "case_information: 260/1", "information: 3144/1"});
  CHECK(groups(Scheme::hilleroed_2014) == Rows{"application: 691/1", "information: 3404/1"});
  CHECK(groups({}) == groups(Scheme::kl_2012));
}

TEST_CASE("digital counts a named set of channels over all, in a direction that is given") {
  std::vector<Cell> cells;
  std::int64_t count = 1;
  for (const auto& word : kWords<Channel>) {  // telephone 1, in_person 2, letter 4, ... system 1024
    cells.push_back({count, by(word.value, ContactType::guidance, Direction::outgoing)});
    count *= 2;
  }
  cells.push_back({5000, by(Channel::self_service)});
  const Cube cube = cube_of(cells);
  const auto share = [&](DigitalSet set) {
    return rows_of(
        cube, {.measure = Measure::digital, .filters = {{Dimension::direction, {"outgoing"}}}, .set = set});
  };
  CHECK(share(DigitalSet::narrow) == Rows{"64/2047"});
  CHECK(share(DigitalSet::effective) == Rows{"1520/2047"});  // 64 + 16 + 32 + 128 + 256 + 1024
  CHECK(share(DigitalSet::broad) == Rows{"2040/2047"});      // and 8 + 512
  CHECK(share(DigitalSet::dispatch) == Rows{"48/52"});       // 16 + 32 over those and 4
  CHECK(
      rows_of(cube, {.measure = Measure::digital, .by = {Dimension::direction}, .set = DigitalSet::narrow}) ==
      Rows{"incoming: 5000/5000", "outgoing: 64/2047"});
}

TEST_CASE("closed at first contact is closed over closed and put aside; not stated stands outside") {
  const auto closure = [](Closure value, ContactType type = ContactType::guidance,
                          Direction direction = Direction::incoming) {
    return [=](Registration& r) { r.closure = value, r.type = type, r.direction = direction; };
  };
  const Cube cube = cube_of({{3, closure(Closure::closed)},
                             {4, closure(Closure::closed, ContactType::new_case)},
                             {5, closure(Closure::put_aside)},
                             {9, closure(Closure::not_stated)},
                             {100, closure(Closure::closed, ContactType::guidance, Direction::outgoing)}});
  CHECK(measured(cube, {.measure = Measure::first_contact_closure}).extras == Rows{"not_stated"});
  CHECK(rows_of(cube, {.measure = Measure::first_contact_closure}) == Rows{"7/12 9"});
  CHECK(rows_of(cube, {.measure = Measure::first_contact_closure, .by = {Dimension::type}}) ==
        Rows{"new_case: 4/4 0", "guidance: 3/8 9"});
  CHECK(rows_of(cube, {.measure = Measure::first_contact_closure, .by = {Dimension::direction}}) ==
        Rows{"incoming: 7/12 9", "outgoing: 100/100 0"});
  CHECK(rows_of(cube, {.measure = Measure::first_contact_closure,
                       .filters = {{Dimension::direction, {"outgoing"}}}}) == Rows{"100/100 0"});
  SUBCASE("a row of not stated alone has no share") {
    CHECK(rows_of(cube_of({{9, closure(Closure::not_stated)}}),
                  {.measure = Measure::first_contact_closure}) == Rows{"0/0 9"});
  }
}

TEST_CASE("form_share is paper and digital over those and none; not stated stands outside") {
  const auto form = [](AttachedForm value, Direction direction = Direction::incoming) {
    return [=](Registration& r) { r.form = value, r.direction = direction; };
  };
  const Cube cube = cube_of({{3, form(AttachedForm::none)},
                             {4, form(AttachedForm::paper)},
                             {5, form(AttachedForm::digital)},
                             {9, form(AttachedForm::not_stated)},
                             {100, form(AttachedForm::digital, Direction::outgoing)}});
  CHECK(measured(cube, {.measure = Measure::form_share}).extras == Rows{"paper", "digital", "not_stated"});
  CHECK(rows_of(cube, {.measure = Measure::form_share}) == Rows{"109/112 4 105 9"});
  CHECK(rows_of(cube, {.measure = Measure::form_share, .filters = {{Dimension::direction, {"incoming"}}}}) ==
        Rows{"9/12 4 5 9"});
}

TEST_CASE("any measure splits by any dimension, in the order of numbers or bytes") {
  const Cube cube = cube_of(
      {{1, [](auto& r) { r.municipality = *Municipality::from_code(101), r.source = "b", r.unit = "Å"; }},
       {2, [](auto& r) { r.municipality = *Municipality::from_code(860), r.source = "a", r.unit = "Z"; }},
       {4, [](auto& r) { r.week = "2013-W01"_week, r.source = "B", r.task = "02.34.02"_kle; }},
       {8, [](auto& r) {
          r.week = "2009-W53"_week, r.closure = Closure::closed, r.form = AttachedForm::paper;
        }}});
  const auto split = [&](Dimension dimension) { return rows_of(cube, {.by = {dimension}}); };
  CHECK(split(Dimension::municipality) == Rows{"101: 1/1", "657: 12/1", "860: 2/1"});
  CHECK(split(Dimension::week) == Rows{"2009-W53: 8/1", "2012-W17: 3/1", "2013-W01: 4/1"});
  CHECK(split(Dimension::task) == Rows{"02.34.02: 4/1", "23.05.10: 11/1"});
  CHECK(split(Dimension::main_group) == Rows{"02: 4/1", "23: 11/1"});
  CHECK(split(Dimension::source) == Rows{": 8/1", "B: 4/1", "a: 2/1", "b: 1/1"});
  CHECK(split(Dimension::unit) == Rows{": 12/1", "Z: 2/1", "Å: 1/1"});
  CHECK(split(Dimension::closure) == Rows{"not_stated: 7/1", "closed: 8/1"});
  CHECK(split(Dimension::form) == Rows{"not_stated: 7/1", "paper: 8/1"});
  CHECK(split(Dimension::channel) == Rows{"telephone: 15/1"});
  CHECK(rows_of(cube, {.by = {Dimension::source, Dimension::municipality}}) ==
        Rows{",657: 8/1", "B,657: 4/1", "a,860: 2/1", "b,101: 1/1"});
}

TEST_CASE("filters keep or drop values, and the same dimension again adds to them") {
  const Cube cube = cube_of({{1, [](auto& r) { r.channel = Channel::sms; }},
                             {2, [](auto& r) { r.channel = Channel::letter; }},
                             {4, [](auto& r) { r.channel = Channel::email, r.unit = "æ"; }},
                             {8, [](auto& r) { r.source = "kmd"; }}});
  const auto total = [&](std::vector<Filter> filters) {
    const auto rows = rows_of(cube, {.filters = std::move(filters)});
    return rows.empty() ? "" : rows.at(0);
  };
  CHECK(total({{Dimension::channel, {"sms"}}}) == "1/1");
  CHECK(total({{Dimension::channel, {"SMS", "Brev"}}}) == "3/1");
  CHECK(total({{Dimension::channel, {"sms"}}, {Dimension::channel, {"brev"}}}) == "3/1");
  CHECK(total({{Dimension::channel, {"sms"}, true}}) == "14/1");
  CHECK(total({{Dimension::channel, {"sms"}, true}, {Dimension::channel, {"letter"}, true}}) == "12/1");
  CHECK(total({{Dimension::channel, {"sms", "letter"}}, {Dimension::channel, {"letter"}, true}}) == "1/1");
  CHECK(total({{Dimension::channel, {"telephone"}}, {Dimension::source, {"kmd"}}}) == "8/1");
  CHECK(total({{Dimension::source, {""}}}) == "7/1");
  CHECK(total({{Dimension::unit, {"æ"}}}) == "4/1");
  CHECK(total({{Dimension::unit, {"ae"}}}) == "");  // labels are compared byte by byte
  CHECK(total({{Dimension::unit, {"nowhere"}, true}}) == "15/1");
  CHECK(total({{Dimension::municipality, {"0657"}}}) == "15/1");
  CHECK(total({{Dimension::municipality, {"herning"}}}) == "15/1");
  CHECK(total({{Dimension::municipality, {"101"}}}) == "");
  CHECK(total({{Dimension::week, {"2012-W17"}}}) == "15/1");
  CHECK(total({{Dimension::task, {"23.05.10"}}}) == "15/1");
  CHECK(total({{Dimension::main_group, {"23"}}}) == "15/1");
  CHECK(total({{Dimension::main_group, {"32"}}}) == "");
  CHECK(total({{Dimension::group, {"application"}}}) == "15/1");
  CHECK(total({{Dimension::type, {"Ny sag"}}}) == "15/1");
  CHECK(total({{Dimension::closure, {"not_stated"}}}) == "15/1");
  CHECK(total({{Dimension::form, {"paper"}}}) == "");
}

TEST_CASE("a filter restricts numerator and denominator alike") {
  const Cube cube = mixed_week();
  CHECK(rows_of(cube, {.measure = Measure::self_service,
                       .filters = {{Dimension::type, {"status_change"}}}}) == Rows{"2/34"});
  CHECK(rows_of(cube, {.measure = Measure::self_service, .filters = {{Dimension::type, {"guidance"}}}}) ==
        Rows{"0/0"});
}

TEST_CASE("a measure refuses a filter on the dimension that it measures") {
  for (const bool without : {false, true}) {
    const auto filtered = [&](Measure what, Dimension dimension, const char* value) {
      Ask query{.measure = what, .filters = {{dimension, {value}, without}}, .set = DigitalSet::narrow};
      if (what == Measure::mix) query.by = {Dimension::week, dimension};
      if (what == Measure::digital) query.by = {Dimension::direction};
      return measured(mixed_week(), query);
    };
    CHECK_REFUSED(filtered(Measure::self_service, Dimension::channel, "sms"), argument, "self_service",
                  "channel");
    CHECK_REFUSED(filtered(Measure::digital, Dimension::channel, "sms"), argument, "digital", "channel");
    CHECK_REFUSED(filtered(Measure::mix, Dimension::type, "guidance"), argument, "mix", "type");
    CHECK_REFUSED(filtered(Measure::first_contact_closure, Dimension::closure, "closed"), argument,
                  "closure");
    CHECK_REFUSED(filtered(Measure::form_share, Dimension::form, "paper"), argument, "form_share", "form");
  }
  SUBCASE("but contacts measure no dimension, and splitting is no filter") {
    CHECK(rows_of(mixed_week(), {.filters = {{Dimension::channel, {"in_person"}}}}) == Rows{"2048/1"});
    CHECK(rows_of(mixed_week(), {.measure = Measure::self_service,
                                 .by = {Dimension::channel},
                                 .filters = {{Dimension::type, {"status_change"}}}}) ==
          Rows{"letter: 0/32", "self_service: 2/2"});
  }
}

TEST_CASE("what cannot be measured is refused in one sentence") {
  const auto measuring = [](const Ask& query) { return measured(mixed_week(), query); };
  CHECK_REFUSED(measuring({.measure = Measure::mix}), argument, "mix", "dimension");
  CHECK_REFUSED(measuring({.measure = Measure::digital, .by = {Dimension::direction}}), argument, "digital",
                "narrow", "dispatch");
  CHECK_REFUSED(measuring({.measure = Measure::digital, .set = DigitalSet::narrow}), argument, "digital",
                "direction");
  CHECK_REFUSED(measuring({.by = {Dimension::week, Dimension::week}}), argument, "week", "twice");
  CHECK_REFUSED(measuring({.measure = Measure::self_service, .basis = "transaction"}), argument,
                "'transaction'", "kl-2012", "application", "all");
  CHECK_REFUSED(
      measuring({.measure = Measure::self_service, .basis = "case_information", .scheme = Scheme::kl_2011}),
      argument, "'case_information'", "kl-2011", "transaction");
  CHECK_REFUSED(
      measuring({.measure = Measure::self_service, .filters = {{Dimension::direction, {"outgoing"}}}}),
      argument, "self_service", "incoming");
  CHECK_REFUSED(measuring({.filters = {{Dimension::channel, {"chat"}}}}), argument, "'chat'", "channel",
                "telephone");
  CHECK_REFUSED(measuring({.filters = {{Dimension::municipality, {"411"}}}}), argument, "'411'",
                "municipality");
  CHECK_REFUSED(measuring({.filters = {{Dimension::week, {"17"}}}}), argument, "'17'", "2012-W17");
  CHECK_REFUSED(measuring({.filters = {{Dimension::task, {"230510"}}}}), argument, "'230510'", "23.05.10");
  CHECK_REFUSED(measuring({.filters = {{Dimension::main_group, {"2"}}}}), argument, "'2'", "23");
  CHECK_REFUSED(measuring({.filters = {{Dimension::group, {"transaction"}}}}), argument, "'transaction'",
                "kl-2012", "case_information");
  CHECK_REFUSED(measuring({.filters = {{Dimension::type, {"070761-4285"}}}}), argument, "'***********'",
                "type");
  CHECK_REFUSED(measuring({.filters = {{Dimension::closure, {""}}}}), argument, "''", "closure");
}

TEST_CASE("a task set restricts numerator and denominator, and the table names it") {
  const Cube cube = cube_of({{1, [](auto&) {}},
                             {2, [](auto& r) { r.task = "32.06.08"_kle; }},
                             {4, [](auto& r) { r.task = "01.02.03"_kle; }}});
  CHECK(rows_of(cube, {}) == Rows{"7/1"});
  CHECK(measured(cube, {}).tasks == "all");
  CHECK(rows_of(cube, {.tasks = load_task_set("kl-35")}) == Rows{"3/1"});
  CHECK(measured(cube, {.tasks = load_task_set("kl-35")}).tasks == "kl-35");
  CHECK(load_task_set("kl-35").only->size() == 35);
  CHECK(load_task_set("all").only == std::nullopt);
  const test::Folder folder;
  const auto own =
      load_task_set(folder.file("own.txt", "\xEF\xBB\xBF# mine\r\n 32.06.08 # housing\r\n\r\n01.02.03"));
  CHECK(own.name == "own.txt");
  CHECK(rows_of(cube, {.tasks = own}) == Rows{"6/1"});
  CHECK_REFUSED(load_task_set("kl-36"), argument, "'kl-36'", "kl-35");
  CHECK_REFUSED(load_task_set(folder / "missing.txt"), file, "missing.txt");
  CHECK_REFUSED(load_task_set(folder.file("bad.txt", "32.06.08\n\n320608\n")), format, "bad.txt", "line 3",
                "'320608'");
  CHECK_REFUSED(load_task_set(folder.file("none.txt", "# nothing\n")), format, "none.txt");
}

TEST_CASE("the scheme is the rounds', and must be named when they differ in it") {
  Cube cube = cube_of({{1, by(Channel::telephone, ContactType::case_information)}});
  CHECK(default_scheme(cube) == Scheme::kl_2012);
  cube.note_round(*builtin_round("2011-autumn"));
  CHECK(default_scheme(cube) == Scheme::kl_2011);
  CHECK(rows_of(cube, {.by = {Dimension::group}}) == Rows{"transaction: 1/1"});
  CHECK(measured(cube, {}).scheme == Scheme::kl_2011);
  cube.note_round(*builtin_round("2012-spring"));
  CHECK_REFUSED(default_scheme(cube), argument, "2011-autumn", "2012-spring", "scheme");
  CHECK_REFUSED(measured(cube, {}), argument, "scheme");
  CHECK(rows_of(cube, {.by = {Dimension::group}, .scheme = Scheme::kl_2012}) ==
        Rows{"case_information: 1/1"});
}

TEST_CASE("the housing-benefit calculator is measured as information on a case, and raw reverses it") {
  // FACTS A3: hits on the calculator were counted as new cases in autumn 2011, and no longer in 2012.
  const auto calculator = [](const char* week, const char* task = "32.06.08",
                             const char* source = "kmd-boligstoette",
                             ContactType type = ContactType::new_case) {
    return [=](Registration& r) {
      r.week = *Week::parse(week), r.task = *KleNumber::parse(task), r.source = source, r.type = type;
      r.channel = Channel::self_service;
    };
  };
  Cube cube = cube_of({{57, calculator("2011-W43")},
                       {3, calculator("2011-W46")},
                       {5, calculator("2011-W44", "32.06.12")},
                       {7, calculator("2011-W44", "32.06.08", "other")},
                       {11, calculator("2011-W45", "32.06.08", "kmd-boligstoette", ContactType::guidance)},
                       {43, [](auto& r) { r.week = "2011-W43"_week, r.task = "32.06.08"_kle; }}});
  auto round = *builtin_round("2011-autumn");
  round.id = "2011-autumn-restated";
  round.scheme = Scheme::kl_2012;
  round.rules = {{"kmd-boligstoette",
                  {"32.06.08"_kle},
                  ContactType::new_case,
                  ContactType::case_information,
                  round.weeks}};
  cube.note_round(round);
  const auto types = [&](bool raw) { return rows_of(cube, {.by = {Dimension::type}, .raw = raw}); };
  CHECK(types(true) == Rows{"new_case: 115/1", "guidance: 11/1"});
  CHECK(types(false) == Rows{"new_case: 58/1", "case_information: 57/1", "guidance: 11/1"});
  Ask share{.measure = Measure::self_service,
            .filters = {{Dimension::task, {"32.06.08"}}, {Dimension::week, {"2011-W43"}}}};
  CHECK(rows_of(cube, share) == Rows{"0/43"});
  share.raw = true;
  CHECK(rows_of(cube, share) == Rows{"57/100"});
  SUBCASE("a filter on the type sees the type as measured") {
    CHECK(rows_of(cube, {.filters = {{Dimension::type, {"case_information"}}}}) == Rows{"57/1"});
    CHECK(rows_of(cube, {.filters = {{Dimension::type, {"case_information"}}}, .raw = true}).empty());
  }
  SUBCASE("the cube keeps what was registered") {
    std::int64_t new_cases = 0;
    cube.for_each([&](const Registration& r) { new_cases += r.type == ContactType::new_case ? r.count : 0; });
    CHECK(new_cases == 115);
  }
  SUBCASE("the first rule that applies wins, and a contact is reclassified once") {
    round.id = "two rules";
    round.rules.push_back(
        {"kmd-boligstoette", {"32.06.08"_kle}, ContactType::new_case, ContactType::guidance, round.weeks});
    round.rules.push_back({"kmd-boligstoette",
                           {"32.06.08"_kle},
                           ContactType::case_information,
                           ContactType::misdirected,
                           round.weeks});
    Cube twice = cube.filtered([](const Registration&) { return true; });
    twice.note_round(round);
    CHECK(rows_of(twice, {.by = {Dimension::type}}) == types(false));
  }
}

TEST_CASE("shares of counts near 2^63 are exact") {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const Cube cube = cube_of({{kMost - 3, by(Channel::self_service)}, {2, by(Channel::telephone)}});
  CHECK(rows_of(cube, {.measure = Measure::self_service}) == Rows{"9223372036854775804/9223372036854775806"});
}

TEST_CASE("measuring leaves the cube as it was") {
  const Cube cube = mixed_week();
  const std::string before = serialised(cube);
  (void)measured(cube, {.measure = Measure::mix, .by = {Dimension::channel}});
  CHECK(serialised(cube) == before);
}

TEST_CASE("a filtered cube and what was filtered out of it make the whole again") {
  const Cube whole = mixed_week();
  Query incoming;
  incoming.filters = {{Dimension::direction, {"incoming"}, false}, {Dimension::channel, {"letter"}, true}};
  Query rest;
  rest.filters = {{Dimension::direction, {"incoming"}, true}};
  Query letters;
  letters.filters = {{Dimension::direction, {"incoming"}, false}, {Dimension::channel, {"letter"}, false}};
  Cube sum = filtered(whole, incoming);
  CHECK(sum.total() == kIncoming - 32);
  sum.merge(filtered(whole, rest));
  sum.merge(filtered(whole, letters));
  CHECK(sum == whole);
}

TEST_CASE("a filter on the measured type keeps contacts as they were registered") {
  auto round = *builtin_round("2011-autumn");
  round.rules.push_back(
      {"kmd", {"32.06.08"_kle}, ContactType::new_case, ContactType::case_information, round.weeks});
  Cube cube;
  cube.note_round(round);
  auto contact = test::contact();
  contact.week = round.weeks.front();
  contact.task = "32.06.08"_kle;
  contact.source = "kmd";
  cube.add(contact);
  Query query;
  query.filters = {{Dimension::type, {"case_information"}, false}};
  CHECK(filtered(cube, query) == cube);
  query.raw = true;
  CHECK(filtered(cube, query).empty());
  CHECK_THROWS_AS((void)rolled_up(cube, std::vector{Dimension::source}), Error);
}

TEST_CASE("rolling up loses no contact, and only what can be left open can be rolled up") {
  Cube cube;
  auto contact = test::contact();
  for (const std::string_view unit : {"Skranke", "Callcenter", ""}) {
    contact.unit = unit;
    contact.closure = unit.empty() ? Closure::closed : Closure::put_aside;
    cube.add(contact);
  }
  const Cube up = rolled_up(cube, std::vector{Dimension::unit});
  CHECK(up.total() == 3);
  CHECK(up.size() == 2);
  CHECK(rolled_up(cube, std::vector{Dimension::unit, Dimension::closure}).size() == 1);
  CHECK(rolled_up(up, std::vector{Dimension::closure}) ==
        rolled_up(cube, std::vector{Dimension::closure, Dimension::unit}));
  for (const Dimension dimension :
       {Dimension::municipality, Dimension::week, Dimension::task, Dimension::group})
    CHECK_THROWS_AS((void)rolled_up(cube, std::vector{dimension}), Error);
}

TEST_CASE("a label in a filter that no contact has is noted, because labels are compared byte by byte") {
  auto contact = test::contact();
  contact.unit = "Skranke";
  Cube cube;
  cube.add(contact);
  Query query;
  query.filters = {{Dimension::unit, {"Skranke"}, false}};
  CHECK(measure(cube, query).notes.empty());
  query.filters = {{Dimension::unit, {"skranke"}, false}};
  const auto table = measure(cube, query);
  CHECK(table.rows.empty());
  REQUIRE(table.notes.size() == 1);
  CHECK(table.notes.front() == "no contact has the unit 'skranke'; labels are compared byte by byte");
}
