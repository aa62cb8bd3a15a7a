#include <doctest/doctest.h>

#include "journal_support.hpp"

using namespace komhen;
using test::event;

TEST_CASE("a sealed journal takes no more records and keeps its cube") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  journal.record(event("a", 2));
  journal.record(event("b", 3));
  test::undo(journal, "b");
  const Cube cube = journal.cube();
  journal.seal(false);
  CHECK_REFUSED(journal.record(event("c")), sealed, "is sealed");
  CHECK_REFUSED(test::undo(journal, "a"), sealed, "is sealed");
  CHECK(journal.cube() == cube);
  CHECK(journal.status().sealed);
  CHECK_FALSE(journal.status().ids_erased);
  CHECK(journal.export_csv(folder / "out.csv") == 1);
  CHECK(journal.changes(0).added == cube);
  CHECK(journal.verify().sound);
  journal.seal(false);
  journal.close();
  Journal again = Journal::open(folder / "a");
  CHECK_REFUSED(again.record(event("c")), sealed, "is sealed");
  CHECK(again.cube() == cube);
}

TEST_CASE("erasing leaves no event id in any byte of the journal, and the cube and the numbers stay") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  std::vector<std::string> ids;
  for (int i = 0; i < 5'000; ++i) ids.push_back("idmark-" + std::to_string(i));
  std::vector<Event> events;
  for (const std::string& id : ids) events.push_back(event(id, 2));
  std::vector<Recorded> results(events.size());
  journal.record(events, results);
  test::undo(journal, "idmark-7");
  test::undo(journal, "idmark-waiting");
  const Cube cube = journal.cube();
  const JournalStatus before = journal.status();
  const auto holds_an_id = [&] {
    bool found = false;
    for (const std::string& name : folder.names())
      found = found || test::read(folder / name).find("idmark") != std::string::npos;
    return found;
  };
  REQUIRE(holds_an_id());

  SUBCASE("at once") {
    journal.seal(true);
  }
  SUBCASE("after a seal that kept them") {
    journal.seal(false);
    REQUIRE(holds_an_id());
    journal.seal(true);
  }
  CHECK_FALSE(holds_an_id());
  CHECK(journal.cube() == cube);
  const JournalStatus after = journal.status();
  CHECK(after.ids_erased);
  CHECK(after.events == before.events);
  CHECK(after.effective == before.effective);
  CHECK(after.undone == 1);
  CHECK(after.waiting_undos == 1);
  CHECK(after.contacts == before.contacts);
  CHECK(after.first_week == before.first_week);
  CHECK(after.last_seq == before.last_seq);
  CHECK(after.file_bytes < before.file_bytes / 10);
  CHECK_REFUSED(journal.export_csv(folder / "out.csv"), sealed, "erased");
  CHECK_REFUSED(journal.changes(0), sealed, "erased");
  CHECK_REFUSED(journal.count(), sealed, "erased");
  CHECK_REFUSED(journal.record(event("c")), sealed, "is sealed");
  CHECK(journal.verify().sound);
  journal.seal(true);
  journal.close();
  CHECK_FALSE(holds_an_id());
  Journal again = Journal::open(folder / "a");
  CHECK(again.cube() == cube);
  CHECK(again.status().last_seq == before.last_seq);
  again.backup(folder / "copy");
  CHECK(test::look_at(folder / "copy").cube() == cube);
}

TEST_CASE("an empty journal can be sealed") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  journal.seal(true);
  CHECK(journal.cube().empty());
  CHECK(journal.status().events == 0);
  CHECK(journal.verify().sound);
}
