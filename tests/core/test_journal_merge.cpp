#include <doctest/doctest.h>

#include <random>

#include "journal_support.hpp"

using namespace komhen;
using test::event;

namespace {

JournalMerged merged(const test::Folder& folder, std::string_view out, std::vector<std::string> names) {
  for (std::string& name : names) name = folder / name;
  return merge_journals(folder / out, names);
}

}  // namespace

TEST_CASE("merging unites events by key: duplicates once, and of conflicts the first file's") {
  const test::Folder folder;
  {
    Journal a = Journal::open(folder / "a");
    a.record(event("same", 1));
    a.record(event("differs", 2));
    a.record(event("only-a", 4));
    Journal b = Journal::open(folder / "b");
    b.record(event("same", 1));
    b.record(event("differs", 200));
    b.record(event("only-b", 8));
  }
  const JournalMerged report = merged(folder, "out", {"a", "b"});
  CHECK(report.files == 2);
  CHECK(report.events == 4);
  CHECK(report.duplicates == 1);
  CHECK(report.conflicts == 1);
  CHECK(report.effective == 4);
  CHECK(report.contacts == 1 + 2 + 4 + 8);
  CHECK(test::look_at(folder / "out").cube().total() == 15);
  CHECK(test::look_at(folder / "out").verify().sound);
  CHECK(test::look_at(folder / "a").status().events == 3);
  CHECK(folder.names() == test::Lines{"a", "a.lock", "b", "b.lock", "out", "out.lock"});
}

TEST_CASE("one file's undo cancels another file's event, whichever comes first") {
  const test::Folder folder;
  {
    Journal a = Journal::open(folder / "a");
    a.record(event("x", 1));
    test::undo(a, "y");
    Journal b = Journal::open(folder / "b");
    test::undo(b, "x");
    b.record(event("y", 2));
    b.record(event("z", 4));
    test::undo(b, "w");
  }
  for (const auto& order : {std::vector<std::string>{"a", "b"}, {"b", "a"}}) {
    const std::string out = "out" + order[0];
    const JournalMerged report = merged(folder, out, order);
    CHECK(report.contacts == 4);
    CHECK(report.events == 3);
    CHECK(report.undos == 3);
    Journal journal = Journal::open(folder / out);
    CHECK(journal.status().waiting_undos == 1);
    CHECK(journal.record(event("w")) == Recorded::cancelled);
  }
}

TEST_CASE("what is effective does not depend on the order or the grouping of a merge") {
  const test::Folder folder;
  std::mt19937 random{11};
  for (int round = 0; round < 10; ++round) {
    const std::string n = std::to_string(round);
    for (const char* name : {"a", "b", "c"}) {
      Journal journal = Journal::open(folder / (name + n));
      for (int i = 0; i < 30; ++i) {
        const auto key = static_cast<std::int64_t>(random() % 25);
        const std::string id = "k" + std::to_string(key);
        if (random() % 3 == 0)
          test::undo(journal, id);
        else
          journal.record(event(id, 1 + key));
      }
    }
    merged(folder, "ab" + n, {"a" + n, "b" + n});
    merged(folder, "bc" + n, {"b" + n, "c" + n});
    merged(folder, "ab-c" + n, {"ab" + n, "c" + n});
    merged(folder, "a-bc" + n, {"a" + n, "bc" + n});
    merged(folder, "cba" + n, {"c" + n, "b" + n, "a" + n});
    const Cube one = test::look_at(folder / ("ab-c" + n)).cube();
    CHECK(test::look_at(folder / ("a-bc" + n)).cube() == one);
    CHECK(test::look_at(folder / ("cba" + n)).cube() == one);
    CHECK(merged(folder, "self" + n, {"ab-c" + n}).contacts == one.total());
  }
}

TEST_CASE("a merge that cannot be done says why and leaves nothing") {
  const test::Folder folder;
  JournalOptions trial;
  trial.trial = true;
  Journal::open(folder / "real").record(event("a"));
  Journal::open(folder / "trial", trial).record(event("b"));
  {
    Journal sealed = Journal::open(folder / "sealed");
    sealed.seal(false);
  }
  const auto before = folder.names();
  CHECK_REFUSED(merged(folder, "out", {}), argument, "no journal to merge");
  CHECK_REFUSED(merged(folder, "out", {"real", "trial"}), argument, "one is a trial's and one is real");
  CHECK_REFUSED(merged(folder, "out", {"real", "sealed"}), sealed, "is sealed");
  CHECK_REFUSED(merged(folder, "out", {"real", "real"}), argument, "named twice");
  CHECK_REFUSED(merged(folder, "out", {"real", "none"}), file, "does not exist");
  CHECK_REFUSED(merged(folder, "real", {"real"}), file, "exists already");
  CHECK_REFUSED(merged(folder, "none/out", {"real"}), file, "does not exist");
  CHECK(folder.names() == before);
  Journal held = Journal::open(folder / "real");
  CHECK_REFUSED(merged(folder, "out", {"real"}), busy, "open elsewhere");
  CHECK(merged(folder, "out", {"trial"}).trial);
}

TEST_CASE("a merge tells its entries, and one that is stopped leaves nothing") {
  const test::Folder folder;
  std::vector<std::string> ids(1'000);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = "id-" + std::to_string(i);
  {
    Journal journal = Journal::open(folder / "a");
    for (const std::string& id : ids) journal.record(event(id));
  }
  const auto before = folder.names();
  const std::vector<std::string> inputs{folder / "a"};
  std::int64_t told = 0;
  const auto stop = [&](std::int64_t done, std::int64_t all) {
    told = done;
    CHECK(all == 1'000);
    return done < 500;
  };
  CHECK_REFUSED(merge_journals(folder / "out", inputs, stop), cancelled, "the merge was stopped");
  CHECK((told >= 500 && told < 1'000));
  CHECK(folder.names() == before);
  CHECK(merge_journals(folder / "out", inputs, [](auto, auto) { return true; }).events == 1'000);
}
