#include <doctest/doctest.h>

#include "komhen/round/round.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {

std::string weeks_of(const Round& round) {
  std::string out;
  for (const Week week : round.weeks) out += week.text() + " ";
  return out;
}

Round parse(const std::string& rest) {
  return parse_round("id = \"own\"\nweeks = [\"2012-W17\"]\n" + rest, "own.toml");
}
Round parse_rule(const std::string& rule) {
  return parse("[[reclassify]]\n" + rule);
}

constexpr const char* kRule =
    "source = \"kmd\"\ntasks = [\"32.06.08\"]\nfrom = \"new_case\"\nto = \"case_information\"\n";

}  // namespace

TEST_CASE("the built-in rounds are those whose weeks a source names") {
  CHECK(weeks_of(*builtin_round("2011-autumn")) == "2011-W43 2011-W44 2011-W45 ");
  CHECK(weeks_of(*builtin_round("2012-spring")) == "2012-W17 2012-W18 2012-W19 ");
  CHECK(weeks_of(*builtin_round("2012-autumn")) == "2012-W43 2012-W44 2012-W45 ");
  CHECK(weeks_of(*builtin_round("2015-spring")) == "2015-W18 2015-W19 2015-W20 ");
  CHECK(builtin_round("2011-autumn")->scheme == Scheme::kl_2011);
  for (const char* id : {"2012-spring", "2012-autumn", "2015-spring"})
    CHECK(builtin_round(id)->scheme == Scheme::kl_2012);
  CHECK(kRounds.size() == 4);
  for (const BuiltinRound& row : kRounds) {
    const Round round = load_round(std::string{row.id});
    CHECK(round == builtin_round(row.id));
    CHECK(round.package.is_open());
    CHECK(round.rules.empty());
    CHECK_FALSE(row.source.empty());
  }
  CHECK_FALSE(builtin_round("2013-spring"));
  CHECK_FALSE(builtin_round(""));
}

TEST_CASE("spring 2012 begins on 23 April and ends on 13 May") {
  using namespace std::chrono;
  const auto round = *builtin_round("2012-spring");
  CHECK(round.weeks.front().monday() == sys_days{year{2012} / 4 / 23});
  CHECK(round.weeks.back().monday() + days{6} == sys_days{year{2012} / 5 / 13});
  CHECK(round.has("2012-W18"_week));
  CHECK_FALSE(round.has("2012-W16"_week));
  CHECK_FALSE(round.has("2012-W20"_week));
}

TEST_CASE("a round of one's own is read from TOML") {
  const Round round = parse_round(R"(
    id = "2013-spring"
    weeks = ["2013-W19", "2013-W18", "2013-W19"]
    scheme = "hilleroed-2014"
    package = ["32.06.08", "23.05.10", "32.06.08"]
    [[reclassify]]
    source = "kmd-boligstoette"
    tasks = ["32.06.12", "32.06.08"]
    from = "new_case"
    to = "case_information"
    weeks = ["2013-W19"]
    [[reclassify]]
    source = ""
    tasks = ["23.05.10"]
    from = "guidance"
    to = "misdirected"
  )",
                                  "own.toml");
  CHECK(round.id == "2013-spring");
  CHECK(weeks_of(round) == "2013-W18 2013-W19 ");
  CHECK(round.scheme == Scheme::hilleroed_2014);
  CHECK(round.package.tasks() == std::vector{"23.05.10"_kle, "32.06.08"_kle});
  REQUIRE(round.rules.size() == 2);
  CHECK(round.rules[0] == Reclassification{"kmd-boligstoette",
                                           {"32.06.08"_kle, "32.06.12"_kle},
                                           ContactType::new_case,
                                           ContactType::case_information,
                                           {"2013-W19"_week}});
  CHECK(round.rules[1].weeks == round.weeks);  // all of the round's where none are named
}

TEST_CASE("a round without more has the scheme kl-2012 and takes every task") {
  const Round round = parse("");
  CHECK(round.scheme == Scheme::kl_2012);
  CHECK(round.package.is_open());
  CHECK(round.package.takes("99.99.99"_kle));
  CHECK(parse("package = \"open\"\n").package.is_open());
}

TEST_CASE("the package kl-35 takes the 35 tasks and no other") {
  const Package package = parse("package = \"kl-35\"\n").package;
  CHECK_FALSE(package.is_open());
  CHECK(package.tasks().size() == 35);
  for (const Task& task : kTasks) CHECK(package.takes(task.kle));
  CHECK_FALSE(package.takes("23.05.11"_kle));
  SUBCASE("and an empty closed package takes none") {
    CHECK_FALSE(Package{std::vector<KleNumber>{}}.takes("23.05.10"_kle));
    CHECK_FALSE(Package{std::vector<KleNumber>{}} == Package{});
  }
}

TEST_CASE("a rule applies to its source, its tasks, its type and its weeks, all at once") {
  const Reclassification rule = parse_rule(kRule).rules.at(0);
  CHECK(rule.applies("kmd", "32.06.08"_kle, ContactType::new_case, "2012-W17"_week));
  CHECK_FALSE(rule.applies("KMD", "32.06.08"_kle, ContactType::new_case, "2012-W17"_week));
  CHECK_FALSE(rule.applies("kmd", "32.06.12"_kle, ContactType::new_case, "2012-W17"_week));
  CHECK_FALSE(rule.applies("kmd", "32.06.08"_kle, ContactType::status_change, "2012-W17"_week));
  CHECK_FALSE(rule.applies("kmd", "32.06.08"_kle, ContactType::new_case, "2012-W18"_week));
}

TEST_CASE("every complaint about a round names file, key and value") {
  CHECK_REFUSED(parse("wekes = []\n"), format, "own.toml", "'wekes'", "weeks");
  CHECK_REFUSED(parse("scheme = \"kl-2013\"\n"), format, "own.toml", "'scheme'", "'kl-2013'", "kl-2012");
  CHECK_REFUSED(parse("scheme = 2012\n"), format, "own.toml", "'scheme'", "text");
  CHECK_REFUSED(parse("package = \"kl-36\"\n"), format, "own.toml", "'package'", "'kl-36'", "kl-35");
  CHECK_REFUSED(parse("package = [\"23.05\"]\n"), format, "own.toml", "'package'", "'23.05'");
  CHECK_REFUSED(parse("package = []\n"), format, "own.toml", "'package'");
  CHECK_REFUSED(parse("package = [230510]\n"), format, "own.toml", "'package'", "texts");
  CHECK_REFUSED(parse("package = 35\n"), format, "own.toml", "'package'");
  CHECK_REFUSED(parse_round("weeks = [\"2012-W17\"]\n", "own.toml"), format, "own.toml", "'id'", "missing");
  CHECK_REFUSED(parse_round("id = \"own\"\n", "own.toml"), format, "own.toml", "'weeks'", "missing");
  CHECK_REFUSED(parse_round("id = \"own\"\nweeks = []\n", "own.toml"), format, "own.toml", "'weeks'");
  CHECK_REFUSED(parse_round("id = \"own\"\nweeks = [\"2012-W53\"]\n", "own.toml"), format, "own.toml",
                "'weeks'", "'2012-W53'");
  CHECK_REFUSED(parse_round("id = \"own\"\nweeks = \"2012-W17\"\n", "own.toml"), format, "own.toml",
                "'weeks'", "list");
  CHECK_REFUSED(parse_round("id = \"\"\nweeks = [\"2012-W17\"]\n", "own.toml"), format, "own.toml", "'id'");
  CHECK_REFUSED(parse_round("id = \"2012-spring\"\nweeks = [\"2012-W17\"]\n", "own.toml"), format, "own.toml",
                "'id'", "'2012-spring'", "built-in");
}

TEST_CASE("every complaint about a rule says which one it is") {
  CHECK_REFUSED(
      parse(std::string{"[[reclassify]]\n"} + kRule + "[[reclassify]]\n" + kRule + "form = \"x\"\n"), format,
      "own.toml", "'reclassify[2].form'");
  CHECK_REFUSED(parse_rule("source = \"kmd\"\n"), format, "own.toml", "'reclassify[1].tasks'", "missing");
  CHECK_REFUSED(parse_rule("source = \"kmd\"\ntasks = [\"x\"]\nfrom = \"new_case\"\nto = \"guidance\"\n"),
                format, "'reclassify[1].tasks'", "'x'");
  CHECK_REFUSED(parse_rule("source = \"kmd\"\ntasks = [\"32.06.08\"]\nfrom = \"hits\"\nto = \"guidance\"\n"),
                format, "'reclassify[1].from'", "'hits'");
  CHECK_REFUSED(
      parse_rule("source = \"kmd\"\ntasks = [\"32.06.08\"]\nfrom = \"guidance\"\nto = \"guidance\"\n"),
      format, "'reclassify[1].to'");
  CHECK_REFUSED(parse_rule("source = \"" + std::string(65, 'x') +
                           "\"\ntasks = [\"32.06.08\"]\nfrom = \"new_case\"\nto = \"guidance\"\n"),
                format, "'reclassify[1].source'");
  CHECK_REFUSED(parse_rule(kRule + std::string{"weeks = [\"W17\"]\n"}), format, "'reclassify[1].weeks'",
                "'W17'");
  CHECK_REFUSED(parse("reclassify = \"no\"\n"), format, "own.toml", "'reclassify'");
  CHECK_REFUSED(parse("reclassify = [1]\n"), format, "own.toml", "'reclassify'");
}

TEST_CASE("what is not TOML is refused with its line and column, and nothing personal is shown") {
  CHECK_REFUSED(parse_round("id = \"own\"\nweeks = [\n", "own.toml"), format, "own.toml", "line 2");
  CHECK_REFUSED(parse_round("\xFF\xFEi\x01", "own.toml"), format, "own.toml", "UTF-16");
  CHECK_REFUSED(parse_round("id = \"\xE5\"\n", "own.toml"), format, "own.toml", "line 1");
  CHECK_REFUSED(parse_round("", "own.toml"), format, "own.toml", "'id'");
  CHECK_REFUSED(parse("\"cpr 070761-4285\" = 1\n"), format, "***********");
  CHECK_REFUSED(parse("scheme = \"070761-4285\"\n"), format, "'***********'");
}

TEST_CASE("values nested a million deep are refused, and use no stack to speak of") {
  CHECK_REFUSED(parse("x = " + std::string(1'000'000, '[')), format, "own.toml");
  CHECK_REFUSED(parse("x = " + test::repeated("{a=", 300'000)), format, "own.toml");
  CHECK_REFUSED(parse("package = " + std::string(33, '[') + std::string(33, ']')), format, "own.toml");
}

TEST_CASE("a key of many parts is refused, whatever its quoted parts hold") {
  for (const char* part : {".\"=\"", ".\"#\"", ".'\"'", ".\"\\\"\"", ".\"\"", ". a"}) {
    const std::string key = "a" + test::repeated(part, 200'000);
    CHECK_REFUSED(parse(key + " = 1\n"), format, "own.toml", "parts");
    CHECK_REFUSED(parse("[" + key + "]\n"), format, "own.toml", "parts");
    CHECK_REFUSED(parse("x = {y = \"\"\"\n\"\"\", " + key + " = 1}\n"), format, "own.toml", "parts");
  }
  const std::string dots = test::repeated("a.", 30);
  CHECK(parse_round("# " + test::repeated("a.", 40) + "\nid = \"" + dots + "\"\nweeks = [\"2012-W17\"]\n",
                    "own.toml")
            .id == dots);
}

TEST_CASE("letters beyond ASCII stand in quotes and remarks, and nowhere else") {
  for (const char* text : {"ærø = 1\n", "id = \"own\" Å\n", "\xC2\xA0id = 1\n"})
    CHECK_REFUSED(parse_round(text, "own.toml"), format, "own.toml", "beyond ASCII");
  CHECK(parse_round("\xEF\xBB\xBF# på dansk\nid = \"ærø\" # Ærø\nweeks = ['2012-W17']\n", "own.toml").id ==
        "ærø");
}

TEST_CASE("a round is loaded by its id or from a path") {
  const test::Folder folder;
  const std::string path = folder.file("own.toml", "id = \"own\"\nweeks = [\"2012-W17\"]\n");
  CHECK(load_round(path).id == "own");
  CHECK_REFUSED(load_round("2013-spring"), argument, "'2013-spring'", "2011-autumn", "2015-spring", ".toml");
  CHECK_REFUSED(load_round(folder / "missing.toml"), file, "missing.toml", "does not exist");
  CHECK_REFUSED(load_round(folder / ""), file, "directory");
}
