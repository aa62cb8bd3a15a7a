#include <doctest/doctest.h>

#include "komhen/round/participation.hpp"
#include "test_support.hpp"

using namespace komhen;

namespace {
Participation parse(std::string_view text) {
  return parse_participation(text, "weeks.csv");
}
const Municipality kHerning = *Municipality::from_code(657);
const Municipality kHilleroed = *Municipality::from_code(219);
}  // namespace

TEST_CASE("a participation says which municipality counts in which weeks") {
  const auto declared = parse("municipality;weeks\n657;2012-W17 2012-W18\nHillerød;2012-W19\n");
  CHECK(declared.has(kHerning, "2012-W17"_week));
  CHECK(declared.has(kHerning, "2012-W18"_week));
  CHECK_FALSE(declared.has(kHerning, "2012-W19"_week));
  CHECK(declared.has(kHilleroed, "2012-W19"_week));
  CHECK_FALSE(declared.has(*Municipality::from_code(101), "2012-W17"_week));
  CHECK(declared.weeks().size() == 2);
}

TEST_CASE("the same declaration is read from every kind of file that a spreadsheet writes") {
  const auto expected = parse("municipality;weeks\n219;2012-W17 2012-W18\n");
  for (const char* text : {"kommune;uger\r\nHillerød;2012-W18 2012-W17\r\n",
                           "\xEF\xBB\xBFKommune;Uger\rHilleroed;2012-W17,2012-W18",
                           "kommune,uger\nHILLERØD,\"2012-W17 2012-W18\"\n",
                           "Municipality\tWeeks\n\n 0219 \t 2012-W17  2012-W18 \n\n",
                           "kommune;uger\nHiller\xF8"
                           "d;2012-W17 2012-W18\n",
                           "kommune;uger\n219;2012-W17 2012-W17, 2012-W18\n"}) {
    CAPTURE(std::string{text});
    CHECK(parse(text) == expected);
  }
}

TEST_CASE("a participation reads back from its own text") {
  Participation declared;
  for (const char* week : {"2012-W19", "2012-W17", "2012-W19"})
    declared.declare(kHerning, *Week::parse(week));
  declared.declare(kHilleroed, "2015-W53"_week);
  CHECK(participation_text(declared) == "municipality;weeks\n219;2015-W53\n657;2012-W17 2012-W19\n");
  CHECK(parse(participation_text(declared)) == declared);
  CHECK(parse(participation_text({})) == Participation{});
}

TEST_CASE("a bad line in a declaration is an error that names line and value") {
  CHECK_REFUSED(parse(""), format, "weeks.csv", "empty");
  CHECK_REFUSED(parse("\n \n"), format, "weeks.csv", "empty");
  CHECK_REFUSED(parse("657;2012-W17\n"), format, "weeks.csv", "line 1", "municipality;weeks");
  CHECK_REFUSED(parse("kommune\n657\n"), format, "weeks.csv", "line 1");
  CHECK_REFUSED(parse("kommune;uger\n657;2012-W17\n\n411;2012-W17\n"), format, "weeks.csv", "line 4",
                "'411'");
  CHECK_REFUSED(parse("kommune;uger\n657;17\n"), format, "weeks.csv", "line 2", "'17'", "2012-W17");
  CHECK_REFUSED(parse("kommune;uger\n657;2012-W53\n"), format, "weeks.csv", "line 2", "'2012-W53'");
  CHECK_REFUSED(parse("kommune;uger\n657;\n"), format, "weeks.csv", "line 2", "no week");
  CHECK_REFUSED(parse("kommune;uger\n657\n"), format, "weeks.csv", "line 2", "'657'");
  CHECK_REFUSED(parse("kommune;uger\n657;2012-W17\nHerning;2012-W18\n"), format, "weeks.csv", "line 3",
                "'Herning'", "second time");
  CHECK_REFUSED(parse("kommune;uger\n070761-4285;2012-W18\n"), format, "'***********'");
  CHECK_REFUSED(parse("\xFF\xFEk"), format, "weeks.csv", "UTF-16");
}

TEST_CASE("a participation is loaded from a file") {
  const test::Folder folder;
  CHECK(load_participation(folder.file("weeks.csv", "kommune;uger\n657;2012-W17\n"))
            .has(kHerning, "2012-W17"_week));
  CHECK_REFUSED(load_participation(folder / "missing.csv"), file, "missing.csv");
}
