#include <doctest/doctest.h>

#include "komhen/cost/goal_value.hpp"
#include "komhen/measure/goal.hpp"
#include "komhen/report/goals.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

std::vector<Goal> example(const std::string& name) {
  return load_goals(std::string{KOMHEN_SOURCE_DIR} + "/examples/goals/" + name + ".toml");
}

Goal example(const std::string& name, std::string_view id) {
  for (const Goal& goal : example(name))
    if (goal.id == id) return goal;
  FAIL("no goal " << id);
  return {};
}

struct Some {
  Channel channel;
  std::int64_t count;
  ContactType type = ContactType::new_case;
  Direction direction = Direction::incoming;
  KleNumber task = "23.05.10"_kle;
  Week week = "2012-W17"_week;
};

Cube cube_of(std::initializer_list<Some> rows) {
  Cube cube;
  for (const Some& row : rows) {
    Registration contact = test::contact();
    contact.channel = row.channel;
    contact.count = row.count;
    contact.type = row.type;
    contact.direction = row.direction;
    contact.task = row.task;
    contact.week = row.week;
    cube.add(contact);
  }
  return cube;
}

PriceList copenhagen() {
  return load_prices("copenhagen-2010").choose();
}

std::string text(const std::optional<ExactNumber>& number) {
  return number ? number->exact_text().value_or(number->text(6)) : "none";
}

constexpr auto kGuidance = ContactType::guidance;

}  // namespace

TEST_CASE("every goal of the sources is read and can be held against a count") {
  const Cube cube = cube_of({{Channel::telephone, 5}, {Channel::self_service, 5}});
  std::size_t seen = 0;
  for (const char* name : {"national", "herning", "hilleroed"}) {
    for (const Goal& goal : example(name)) {
      CAPTURE(goal.id);
      CHECK(!goal.title.empty());
      CHECK(!goal.source.empty());
      const GoalResult result = evaluate_goal(goal, cube, &cube);
      CHECK((goal.kind != GoalKind::attribute || result.outcome == GoalOutcome::not_collected));
      CHECK(to_json(std::vector{ValuedGoal{result}})
                .find("\"outcome\":\"" + std::string{token(result.outcome)}) != std::string::npos);
      ++seen;
    }
  }
  CHECK(seen == 3 + 9 + 15);
}

TEST_CASE("a goal that is missed says by how many points and how many contacts, and what they would save") {
  const Goal goal = example("herning", "moves-digital");
  const Cube cube = cube_of({{Channel::telephone, 30}, {Channel::letter, 31}, {Channel::self_service, 40}});
  const GoalResult result = evaluate_goal(goal, cube);
  CHECK(result.outcome == GoalOutcome::not_met);
  CHECK(result.share == Share{40, 101});
  CHECK(text(result.gap) == "10.396040");
  CHECK(result.contacts_to_move == 11);  // 51 of 101; 50 would be too few
  const auto value = value_of_goal(result, cube, copenhagen());
  REQUIRE(value);
  CHECK(value->to == Channel::self_service);
  // 30 contacts at 40 kr. and 31 at 110, less 3 each: 4,427 / 61 a contact.
  CHECK(value->each.kroner() == ExactNumber::ratio(30 * 37 + 31 * 107, 61));
  CHECK(value->saving.settle(Rounding::half_up).text() == "798.31");
  CHECK(to_json(std::vector{ValuedGoal{result, value}})
            .find("\"kroner\":\"798.31\",\"kroner_exact\":\"48697/61\"") != std::string::npos);
}

TEST_CASE("a goal met exactly is met, and has nothing to move") {
  const GoalResult result = evaluate_goal(example("herning", "moves-digital"),
                                          cube_of({{Channel::telephone, 50}, {Channel::self_service, 50}}));
  CHECK(result.outcome == GoalOutcome::met);
  CHECK(text(result.gap) == "0");
  CHECK(result.contacts_to_move == 0);
}

TEST_CASE("an upper bound on several channels together counts what must leave them") {
  const Goal goal = example("hilleroed", "H5");
  const Cube cube = cube_of({{Channel::telephone, 10},
                             {Channel::letter, 10},
                             {Channel::email, 10},
                             {Channel::in_person, 10},
                             {Channel::website, 60},
                             {Channel::letter, 500, ContactType::new_case, Direction::outgoing}});
  const GoalResult result = evaluate_goal(goal, cube);
  CHECK(result.share == Share{40, 100});
  CHECK(text(result.gap) == "20");
  CHECK(result.contacts_to_move == 20);
  CHECK(result.notes.front().find("a citizen or a company is not collected") != std::string::npos);
  const auto value = value_of_goal(result, cube, copenhagen());
  REQUIRE(value);
  CHECK(value->each.kroner() == ExactNumber::ratio(40 + 110 + 110 + 80 - 4 * 3, 4));
}

TEST_CASE("outgoing post sent digitally is Digital Post and remote print over those and letters") {
  const GoalResult result =
      evaluate_goal(example("hilleroed", "H1"),
                    cube_of({{Channel::letter, 30, ContactType::new_case, Direction::outgoing},
                             {Channel::digital_post, 40, ContactType::new_case, Direction::outgoing},
                             {Channel::remote_print, 30, ContactType::new_case, Direction::outgoing},
                             {Channel::email, 99, ContactType::new_case, Direction::outgoing},
                             {Channel::letter, 99}}));
  CHECK(result.share == Share{70, 100});
  CHECK(result.contacts_to_move == 10);
}

TEST_CASE("contacts moved from some channels to others are measured on shares, not on a busier year") {
  const Goal goal = example("hilleroed", "H3");
  const Cube before = cube_of({{Channel::telephone, 60, kGuidance},
                               {Channel::in_person, 40, kGuidance},
                               {Channel::website, 100, kGuidance}});
  const Cube now =
      cube_of({{Channel::telephone, 120, kGuidance, Direction::incoming, "23.05.10"_kle, "2013-W17"_week},
               {Channel::in_person, 40, kGuidance, Direction::incoming, "23.05.10"_kle, "2013-W17"_week},
               {Channel::website, 240, kGuidance, Direction::incoming, "23.05.10"_kle, "2013-W17"_week}});
  const GoalResult result = evaluate_goal(goal, now, &before);
  CHECK(result.share_before == Share{100, 200});
  CHECK(result.share == Share{160, 400});
  CHECK(text(result.value) == "0.2");
  CHECK(text(result.gap) == "6");
  CHECK(result.contacts_to_move == 12);  // 148 of 400 is 37 %, which is 50 % less 26 % of it
  CHECK(evaluate_goal(goal, now).outcome == GoalOutcome::not_collected);
  CHECK_REFUSED((void)evaluate_goal(goal, before, &now), argument, "'H3'", "2013-W17", "later");
}

TEST_CASE("contacts go to the channel that a goal names first, in whatever order channels have numbers") {
  const auto each = [](const std::string& to) {
    const Goal goal =
        parse_goals(
            "[[goal]]\nid = \"a\"\ntitle = \"t\"\nkind = \"channels\"\nchannels = [\"telephone\"]\n"
            "comparator = \"at_most\"\nvalue = \"10 %\"\nto = " +
                to,
            "g.toml")
            .front();
    const Cube cube = cube_of({{Channel::telephone, 100}});
    return value_of_goal(evaluate_goal(goal, cube), cube, copenhagen())->each.text();
  };
  CHECK(each("[\"letter\", \"self_service\"]") == "-70.00");
  CHECK(each("[\"self_service\", \"letter\"]") == "37.00");
  CHECK_REFUSED(each("[\"letter\", \"brev\"]"), format, "'goal[1].to'", "twice");
}

TEST_CASE("a fall in telephone calls within 30 to 50 % is met in between, and not beyond") {
  const Goal goal = example("herning", "pladszonen-telephone");
  const auto calls = [](std::int64_t count) {
    return cube_of({{Channel::telephone, count, ContactType::new_case, Direction::incoming, "28.09.40"_kle}});
  };
  const Cube before = calls(23'400);
  const Cube now = calls(11'900);
  const GoalResult result = evaluate_goal(goal, now, &before);
  CHECK(result.outcome == GoalOutcome::met);
  CHECK(result.value->text(3) == "-0.491");
  const Cube more = calls(20'000);
  const GoalResult missed = evaluate_goal(goal, more, &before);
  CHECK(missed.outcome == GoalOutcome::not_met);
  CHECK(missed.contacts_to_move == 20'000 - 16'380);
  const Cube fewer = calls(10'000);
  CHECK(evaluate_goal(goal, fewer, &before).outcome == GoalOutcome::not_met);
}

TEST_CASE("the mandatory tasks of a goal are those of its due date") {
  const Goal goal = example("national", "self-service-2015");
  CHECK(goal.task_set_now().name == "mandatory at 2015-12-31");
  CHECK(goal.task_set_now().only->size() == 23);
  CHECK(dated_task_set("mandatory", parse_date("2012-12-01")).only->size() == 6);
  CHECK(dated_task_set("mandatory", parse_date("2012-11-30")).only->empty());
  CHECK(dated_task_set("mandatory", parse_date("2013-12-01")).only->size() == 11);
  CHECK_REFUSED((void)dated_task_set("mandatory", std::nullopt), argument, "moves with the waves");
  CHECK_REFUSED((void)dated_task_set("wave-5", std::nullopt), argument, "'wave-5'", "udk-2012");
}

TEST_CASE("the tasks of Udbetaling Danmark come by their date of authority") {
  CHECK(dated_task_set("udk-2012", std::nullopt).only->size() == 11);
  CHECK(dated_task_set("udk-2012", parse_date("2012-10-01")).only->size() == 3);
  CHECK(dated_task_set("udk-2012", parse_date("2012-12-31")).only->size() == 4);
  CHECK(dated_task_set("udk-2012", parse_date("2013-03-01")).only->size() == 11);
}

TEST_CASE("what no cube measures is given by somebody, or is not collected and not missed") {
  const auto outcome = [](const std::string& given) {
    return evaluate_goal(
               parse_goals("source = \"s\"\n[[goal]]\nid = \"a\"\ntitle = \"t\"\nkind = \"attribute\"\n"
                           "comparator = \"at_least\"\nvalue = \"100 %\"\n" +
                               given,
                           "g.toml")[0],
               Cube{})
        .outcome;
  };
  CHECK(outcome("") == GoalOutcome::not_collected);
  CHECK(outcome("given = true") == GoalOutcome::met);
  CHECK(outcome("given = false") == GoalOutcome::not_met);
  CHECK(outcome("given = \"97 %\"\ngiven_source = \"our survey\"") == GoalOutcome::not_met);
}

TEST_CASE("nothing counted that a goal is about is neither met nor missed") {
  const GoalResult result = evaluate_goal(example("herning", "moves-digital"), Cube{});
  CHECK(result.outcome == GoalOutcome::no_contacts);
  CHECK(!result.value);
  CHECK(!value_of_goal(result, Cube{}, copenhagen()));
}

TEST_CASE("a goal counted before it is due says so") {
  const GoalResult result = evaluate_goal(example("national", "self-service-2015"),
                                          cube_of({{Channel::telephone, 1}, {Channel::self_service, 1}}));
  REQUIRE(!result.notes.empty());
  CHECK(result.notes.back() == "counted to 2012-04-29, before the goal is due on 2015-12-31");
}

TEST_CASE("what a goal file holds and should not is one sentence with file, key and value") {
  const auto goal = [](const std::string& rest) {
    return parse_goals("[[goal]]\nid = \"a\"\ntitle = \"t\"\n" + rest, "g.toml");
  };
  CHECK_REFUSED(goal("comparator = \"more\"\nmeasure = \"self_service\""), format, "g.toml", "'more'",
                "at_least");
  CHECK_REFUSED(goal("comparator = \"at_least\"\nvalue = \"80 %\"\nmeasure = \"happiness\""), format,
                "'happiness'");
  CHECK_REFUSED(goal("comparator = \"at_least\"\nvalue = \"180 %\"\nmeasure = \"self_service\""), format,
                "'180 %'");
  CHECK_REFUSED(goal("comparator = \"within\"\nlow = \"5 %\"\nhigh = \"0 %\"\nmeasure = \"self_service\""),
                format, "upside down", "'5 %'");
  CHECK_REFUSED(goal("comparator = \"at_most\"\nvalue = \"5 %\"\nkind = \"channels\"\nchannels = [\"chat\"]"),
                format, "'chat'", "no channel");
  CHECK_REFUSED(goal("comparator = \"at_most\"\nvalue = \"5 %\"\nmeasure = \"digital\"\nset = \"narrow\""),
                format, "cannot be measured", "direction");
  CHECK_REFUSED(goal("comparator = \"report\"\nmeasure = \"self_service\"\nwhere = { channel = \"letter\" }"),
                format, "refuses a filter on channel");
  CHECK_REFUSED(goal("comparator = \"report\"\nmeasure = \"self_service\"\ntasks = \"mandatory\""), format,
                "tasks_at");
  CHECK_REFUSED(goal("comparator = \"report\"\nkind = \"moved\"\nfrom = [\"letter\"]\nto = [\"letter\"]"),
                format, "letter", "from too");
  CHECK_REFUSED(goal("comparator = \"report\"\nmeasure = \"self_service\"\ndue = 2015-02-30"), format,
                "TOML");
  CHECK_REFUSED(goal("comparator = \"report\"\nmeasure = \"self_service\"\ngiven = true"), format,
                "attributes");
  CHECK_REFUSED(parse_goals("", "g.toml"), format, "'goal'", "missing");
  std::string many;
  for (int i = 0; i < 2'001; ++i) many += "[[goal]]\n";
  CHECK_REFUSED(parse_goals(many, "g.toml"), format, "g.toml", "'goal'", "2000");
  CHECK_REFUSED(
      parse_goals("[[goal]]\nid = \"a\"\ntitle = \"t\"\nkind = \"attribute\"\ncomparator = \"report\"\n"
                  "[[goal]]\nid = \"a\"\ntitle = \"t\"\nkind = \"attribute\"\ncomparator = \"report\"",
                  "g.toml"),
      format, "'a'", "another goal");
}

TEST_CASE("a range between two whole contacts is met by no move, and the goal says so") {
  const auto result = [](const std::string& low, const std::string& high) {
    const auto goals = parse_goals(
        "[[goal]]\nid = \"a\"\ntitle = \"t\"\nmeasure = \"self_service\"\ncomparator = \"within\"\nlow = \"" +
            low + "\"\nhigh = \"" + high + "\"\n",
        "g.toml");
    return evaluate_goal(goals[0], cube_of({{Channel::telephone, 5}, {Channel::self_service, 5}}));
  };
  CHECK(!result("33 %", "34 %").contacts_to_move);  // of ten contacts, three are 30 % and four 40 %
  CHECK(result("33 %", "34 %").notes.back() == "no whole number of contacts can be moved that meets it");
  CHECK(result("33 %", "34 %").outcome == GoalOutcome::not_met);
  CHECK(result("33 %", "40 %").contacts_to_move == 1);
  CHECK(result("61 %", "69 %").notes.back() == "no whole number of contacts can be moved that meets it");
  CHECK(result("61 %", "70 %").contacts_to_move == 2);
}

TEST_CASE("where the new channel has no price, what a goal would save stands apart as unpriced") {
  const Cube cube = cube_of({{Channel::telephone, 3}, {Channel::self_service, 1}});
  const PriceList prices =
      parse_prices_toml("source = \"s\"\n[[price]]\nchannel = \"telephone\"\nprice = 40\n", "p.toml")
          .choose();
  const GoalResult result = evaluate_goal(example("herning", "moves-digital"), cube);
  CHECK_REFUSED((void)value_of_goal(result, cube, prices), argument, "self_service");
  CHECK(!value_of_goal(result, cube, prices, true));
}
