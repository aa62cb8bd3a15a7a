#include <doctest/doctest.h>

#include "komhen/measure/baseline.hpp"
#include "komhen/measure/goal.hpp"
#include "sha256.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

Cube counted() {
  Cube cube;
  Registration contact = test::contact();
  cube.add(contact);
  contact.task = "32.03.04"_kle;
  contact.count = 7;
  cube.add(contact);
  contact.channel = Channel::self_service;
  contact.count = 3;
  cube.add(contact);
  return cube;
}

Baseline frozen() {
  return freeze(counted(), dated_task_set("udk-2012", parse_date("2013-03-01")), Scheme::kl_2012,
                *parse_date("2012-05-13"));
}

}  // namespace

TEST_CASE("the fingerprint is SHA-256") {
  CHECK(detail::sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(detail::sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(detail::sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(detail::sha256(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a baseline holds the contacts of its tasks, and reads back as it was written") {
  const test::Folder folder;
  const Baseline written = frozen();
  CHECK(written.cube.total() == 10);
  save_baseline(written, folder / "udk.baseline");
  const Baseline read = load_baseline(folder / "udk.baseline");
  CHECK(read.cube == written.cube);
  CHECK(read.tasks.name == "udk-2012 at 2013-03-01");
  CHECK(read.tasks.only == written.tasks.only);
  CHECK(read.scheme == Scheme::kl_2012);
  CHECK(date_text(read.date) == "2012-05-13");
  CHECK(read.fingerprint == written.fingerprint);
  CHECK(read.fingerprint.size() == 64);
}

TEST_CASE("an altered baseline is an error, whichever byte was altered") {
  const std::string bytes = baseline_bytes(frozen());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string other = bytes;
    other[i] = static_cast<char>(other[i] ^ 1);
    CAPTURE(i);
    CHECK_REFUSED((void)parse_baseline(other, "udk.baseline"), format, "udk.baseline");
  }
  for (std::size_t size = 0; size < bytes.size(); size += 7)
    CHECK_REFUSED((void)parse_baseline(bytes.substr(0, size), "b"), format, "the baseline 'b'");
  CHECK_REFUSED((void)parse_baseline(bytes + "x", "b"), format, "altered");
}

TEST_CASE("there is no baseline of nothing") {
  CHECK_REFUSED((void)freeze(Cube{}, {}, Scheme::kl_2012, *parse_date("2012-05-13")), argument,
                "nothing to freeze");
  CHECK_REFUSED((void)freeze(Cube{}, {"a\nonly all", {}}, Scheme::kl_2012, *parse_date("2012-05-13")),
                argument, "not shown");
  CHECK_REFUSED((void)freeze(Cube{}, {"a", std::vector{"23.05.10"_kle, "02.34.02"_kle}}, Scheme::kl_2012,
                             *parse_date("2012-05-13")),
                argument, "'a'", "not sorted");
}

TEST_CASE("a goal is measured against a baseline on the baseline's own tasks and scheme") {
  const Goal goal = parse_goals(
      "[[goal]]\nid = \"calls\"\ntitle = \"t\"\nkind = \"change\"\n"
      "where = { channel = \"telephone\" }\ncomparator = \"at_most\"\nvalue = \"0 %\"",
      "g.toml")[0];
  const GoalResult result = evaluate_goal(goal, counted(), frozen());
  CHECK(result.share == Share{7, 7});  // the move on 23.05.10 is not of the baseline's tasks
  CHECK(result.outcome == GoalOutcome::met);
  CHECK(result.tasks.name == "udk-2012 at 2013-03-01");
  CHECK(result.notes.back().find("fingerprint " + frozen().fingerprint) != std::string::npos);
}

TEST_CASE("a date is a day that exists") {
  CHECK(date_text(*parse_date("2012-02-29")) == "2012-02-29");
  for (const char* text : {"2013-02-29", "2013-2-1", "13-02-2013", "2013-13-01", "", "2013-01-01 "})
    CHECK(!parse_date(text));
}

TEST_CASE("a baseline is not frozen before what it holds was counted") {
  const auto on = [](std::string_view day) {
    return freeze(counted(), TaskSet{"all", std::nullopt}, Scheme::kl_2012, *parse_date(day));
  };
  const Week week = test::contact().week;
  CHECK(on(date_text(week.monday())).cube == counted());
  CHECK_REFUSED((void)on("2012-01-01"), argument, "2012-01-01", week.text());
}

TEST_CASE("a goal about certain tasks stays about them against a baseline, as far as the baseline has them") {
  const auto held = [](const std::string& tasks) {
    const Goal goal = parse_goals(
        "[[goal]]\nid = \"a\"\ntitle = \"t\"\nmeasure = \"self_service\"\n"
        "comparator = \"report\"\ntasks = " +
            tasks,
        "g.toml")[0];
    return evaluate_goal(goal, counted(), frozen());
  };
  CHECK(held("\"all\"").share == Share{3, 10});
  CHECK(held("[\"32.03.04\", \"23.05.10\"]").share == Share{3, 10});
  CHECK(held("[\"32.03.04\"]").tasks.only == std::vector{"32.03.04"_kle});
  CHECK(held("[\"23.05.10\"]").outcome == GoalOutcome::no_contacts);  // counted, and not of the baseline
}
