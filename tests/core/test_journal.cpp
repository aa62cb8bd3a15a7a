#include <doctest/doctest.h>
#include <sys/stat.h>

#include <map>
#include <random>
#include <set>

#include "journal_support.hpp"

using namespace komhen;
using test::event;

TEST_CASE("an event is recorded once however often it is sent") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a.journal");
  CHECK(journal.record(event("a1", 3)) == Recorded::recorded);
  CHECK(journal.record(event("a1", 3)) == Recorded::duplicate);
  CHECK(journal.record(event("a1", 4)) == Recorded::conflict);
  CHECK(journal.cube().total() == 3);
}

TEST_CASE("the key is municipality, source and event_id, and all else is content") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a.journal");
  REQUIRE(journal.record(event("a1")) == Recorded::recorded);
  const auto changed = [&](const std::function<void(Event&)>& change) {
    Event other = event("a1");
    change(other);
    return journal.record(other);
  };
  CHECK(changed([](auto& e) { e.registration.week = "2012-W18"_week; }) == Recorded::conflict);
  CHECK(changed([](auto& e) { e.registration.task = "23.05.11"_kle; }) == Recorded::conflict);
  CHECK(changed([](auto& e) { e.registration.channel = Channel::sms; }) == Recorded::conflict);
  CHECK(changed([](auto& e) { e.registration.type = ContactType::guidance; }) == Recorded::conflict);
  CHECK(changed([](auto& e) { e.registration.direction = Direction::outgoing; }) == Recorded::conflict);
  CHECK(changed([](auto& e) { e.registration.closure = Closure::closed; }) == Recorded::conflict);
  CHECK(changed([](auto& e) { e.registration.form = AttachedForm::paper; }) == Recorded::conflict);
  CHECK(changed([](auto& e) { e.registration.unit = "skranke"; }) == Recorded::conflict);
  CHECK(changed([](auto& e) { e.registration.count = 2; }) == Recorded::conflict);
  CHECK(changed([](auto& e) { e.registration.municipality = *Municipality::from_code(219); }) ==
        Recorded::recorded);
  CHECK(changed([](auto& e) { e.registration.source = "desk2"; }) == Recorded::recorded);
  CHECK(changed([](auto& e) { e.event_id = "A1"; }) == Recorded::recorded);
  CHECK(changed([](auto& e) {
          e.registration.source = "des";
          e.event_id = "ka1";
        }) == Recorded::recorded);
  CHECK(journal.status().events == 5);
}

TEST_CASE("a batch answers for every event, in its order") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a.journal");
  const std::vector<Event> events{event("a"), event("b"), event("a"), event("b", 2)};
  std::vector<Recorded> results(events.size());
  journal.record(events, results);
  CHECK(results ==
        std::vector{Recorded::recorded, Recorded::recorded, Recorded::duplicate, Recorded::conflict});
  CHECK_REFUSED(journal.record(events, std::span{results}.first(3)), argument, "4 events", "3 results");
  journal.record({}, {});
  CHECK(journal.status().last_seq == 2);
}

TEST_CASE("a batch with an event that cannot be is refused whole") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a.journal");
  std::vector<Recorded> results(2);
  const std::vector<Event> events{event("a"), event("b", 0)};
  CHECK_REFUSED(journal.record(events, results), argument, "event 2 of the batch", "count 0");
  CHECK(journal.cube().empty());
}

TEST_CASE("what is recorded is there when the journal is opened again") {
  const test::Folder folder;
  Event first = event("æøå;\"1\"", kMaxRowCount);
  first.registration.unit = "Ydelse \"syd\"; å";
  first.registration.closure = Closure::put_aside;
  first.registration.form = AttachedForm::digital;
  Cube expected;
  expected.add(first.registration);
  {
    Journal journal = Journal::open(folder / "a.journal");
    REQUIRE(journal.record(first) == Recorded::recorded);
    CHECK(journal.cube() == expected);
  }
  Journal journal = Journal::open(folder / "a.journal", test::mode(JournalMode::must_exist));
  CHECK(journal.cube() == expected);
  CHECK(journal.record(first) == Recorded::duplicate);
}

TEST_CASE("only its user can read a journal, and nothing is left beside a closed one but its lock") {
  const test::Folder folder;
  {
    Journal journal = Journal::open(folder / "a.journal");
    journal.record(event("a"));
    CHECK(folder.names() == test::Lines{"a.journal", "a.journal-wal", "a.journal.lock"});
  }
  CHECK(folder.names() == test::Lines{"a.journal", "a.journal.lock"});
  for (const char* name : {"a.journal", "a.journal.lock"}) {
    struct stat about {};
    REQUIRE(::stat((folder / name).c_str(), &about) == 0);
    CHECK((about.st_mode & 0777U) == 0600U);
  }
}

TEST_CASE("the modes say what may be there") {
  const test::Folder folder;
  CHECK_REFUSED(Journal::open(folder / "a", test::mode(JournalMode::must_exist)), file, "does not exist");
  CHECK_REFUSED(Journal::open(folder / "a", test::mode(JournalMode::read_only)), file, "does not exist");
  CHECK(folder.names().empty());
  Journal::open(folder / "a", test::mode(JournalMode::create_only)).close();
  CHECK_REFUSED(Journal::open(folder / "a", test::mode(JournalMode::create_only)), file, "exists already");
  CHECK_REFUSED(Journal::open(folder / "none/a"), file, "directory that does not exist");
  CHECK_REFUSED(Journal::open(folder / ""), file, "is a directory");
  CHECK_REFUSED(Journal::open(""), argument, "empty");
  CHECK_REFUSED(Journal::open(std::string{"a\0b", 3}), file, "NUL");
}

TEST_CASE("a trial's contacts are never mixed with real ones") {
  const test::Folder folder;
  JournalOptions trial;
  trial.trial = true;
  Journal::open(folder / "trial", trial).record(event("a"));
  Journal::open(folder / "real").record(event("a"));
  CHECK_REFUSED(Journal::open(folder / "trial"), argument, "is a trial's", "opened as a real one");
  CHECK_REFUSED(Journal::open(folder / "real", trial), argument, "is a real one", "opened as a trial's");
  CHECK(test::look_at(folder / "trial").status().trial);
  CHECK_FALSE(test::look_at(folder / "real").status().trial);
}

TEST_CASE("a journal that is only read takes no records") {
  const test::Folder folder;
  Journal::open(folder / "a").record(event("a"));
  Journal journal = test::look_at(folder / "a");
  CHECK_REFUSED(journal.record(event("b")), argument, "for reading only");
  CHECK_REFUSED(test::undo(journal, "a"), argument, "for reading only");
  CHECK_REFUSED(journal.seal(false), argument, "for reading only");
  CHECK(journal.cube().total() == 1);
}

TEST_CASE("a closed journal says so, and closing twice is allowed") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  journal.close();
  journal.close();
  CHECK_REFUSED(journal.record(event("a")), argument, "is closed");
  CHECK_REFUSED(journal.cube(), argument, "is closed");
  Journal again = Journal::open(folder / "a");
  Journal moved = std::move(again);
  CHECK(moved.record(event("a")) == Recorded::recorded);
  moved = Journal::open(folder / "b");
  Journal::open(folder / "a").record(event("b"));
}

TEST_CASE("a key without an id, an id like a CPR number and a count that no file could hold are refused") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  CHECK_REFUSED(journal.record(event("")), argument, "no event_id");
  CHECK_REFUSED(journal.record(event("010180-1234")), personal_data, "event_id", "looks like a CPR number");
  CHECK(test::refusal([&] { journal.record(event("010180-1234")); })->sentence.find("0101") ==
        std::string::npos);
  Event bad = event("a");
  bad.registration.source = "sag 010180-1234";
  CHECK_REFUSED(journal.record(bad), personal_data, "source");
  bad = event("a");
  bad.registration.unit = "010180-1234";
  CHECK_REFUSED(journal.record(bad), personal_data, "unit");
  bad = event("a");
  const std::string long_unit = test::repeated("x", 65);
  bad.registration.unit = long_unit;
  CHECK_REFUSED(journal.record(bad), argument, "unit", "64 bytes");
  const std::string long_id = test::repeated("x", 129);
  CHECK_REFUSED(journal.record(event(long_id)), argument, "event_id", "128 bytes");
  CHECK_REFUSED(journal.record(event("a\nb")), argument, "control");
  CHECK_REFUSED(journal.record(event("\xE5")), argument, "UTF-8");
  CHECK_REFUSED(journal.record(event(" a")), argument, "begins or ends with a space");
  CHECK_REFUSED(journal.record(event("a", -1)), argument, "count -1");
  CHECK_REFUSED(journal.record(event("a", kMaxRowCount + 1)), argument, "2147483648", "2147483647");
  CHECK_REFUSED(journal.record(event("a", 1'111'111'118)), personal_data, "count");
  bad = event("a");
  bad.registration.channel = static_cast<Channel>(99);
  CHECK_REFUSED(journal.record(bad), argument, "unknown number");
  CHECK_REFUSED(journal.undo(test::herning, "desk", "010180-1234"), personal_data, "event_id");
  CHECK_REFUSED(journal.undo(test::herning, "desk", ""), argument, "no event_id");
  CHECK(journal.status().last_seq == 0);
}

TEST_CASE("the group delay is bounded") {
  const test::Folder folder;
  JournalOptions options;
  options.group_delay = kMaxGroupDelay + std::chrono::microseconds{1};
  CHECK_REFUSED(Journal::open(folder / "a", options), argument, "100001", "100000");
  options.group_delay = std::chrono::microseconds{-1};
  CHECK_REFUSED(Journal::open(folder / "a", options), argument, "-1");
  options.group_delay = std::chrono::microseconds{1};
  CHECK(Journal::open(folder / "a", options).record(event("a")) == Recorded::recorded);
}

TEST_CASE("an undone event is not counted, nothing is deleted, and the key stays cancelled") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  journal.record(event("a", 2));
  journal.record(event("b", 3));
  CHECK(test::undo(journal, "a") == Undone::undone);
  CHECK(test::undo(journal, "a") == Undone::already_undone);
  CHECK(journal.cube().total() == 3);
  CHECK(journal.record(event("a", 2)) == Recorded::cancelled);
  CHECK(journal.record(event("a", 9)) == Recorded::cancelled);
  CHECK(journal.cube().total() == 3);
  const JournalStatus status = journal.status();
  CHECK(status.events == 2);
  CHECK(status.effective == 1);
  CHECK(status.undone == 1);
  CHECK(status.last_seq == 3);
}

TEST_CASE("an undo that comes first waits for its event") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  CHECK(test::undo(journal, "a") == Undone::waiting);
  CHECK(test::undo(journal, "a") == Undone::already_undone);
  CHECK(journal.status().waiting_undos == 1);
  CHECK(journal.record(event("a")) == Recorded::cancelled);
  CHECK(journal.record(event("a")) == Recorded::cancelled);
  CHECK(journal.cube().empty());
  const JournalStatus status = journal.status();
  CHECK(status.waiting_undos == 0);
  CHECK(status.undone == 1);
  CHECK(status.events == 1);
  CHECK(journal.undo(*Municipality::from_code(219), "desk", "a") == Undone::waiting);  // another key
}

TEST_CASE("the status tells what the journal holds") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  JournalStatus status = journal.status();
  CHECK(status.events == 0);
  CHECK_FALSE(status.first_week);
  Event early = event("a", 5);
  early.registration.week = "2011-W43"_week;
  journal.record(early);
  journal.record(event("b", 7));
  Event undone = event("c", 11);
  undone.registration.week = "2030-W01"_week;
  journal.record(undone);
  test::undo(journal, "c");
  status = journal.status();
  CHECK(status.contacts == 12);
  CHECK(status.first_week == "2011-W43"_week);
  CHECK(status.last_week == "2012-W17"_week);
  CHECK(status.schema_version == 1);
  CHECK(status.file_bytes > 4096);
  CHECK_FALSE(status.sealed);
}

TEST_CASE("changes are the exact difference between two moments") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  journal.record(event("a", 1));
  journal.record(event("b", 2));
  const std::int64_t then = journal.status().last_seq;
  journal.record(event("c", 4));
  journal.record(event("d", 8));
  test::undo(journal, "a");  // effective then, undone since
  test::undo(journal, "d");  // came and went in between
  test::undo(journal, "e");
  journal.record(event("e", 16));  // never effective
  const JournalChanges changes = journal.changes(then);
  CHECK(changes.added.total() == 4);
  CHECK(changes.removed.total() == 1);
  CHECK(changes.since == then);
  CHECK(changes.up_to == 8);
  CHECK(journal.changes(0).added == journal.cube());
  CHECK(journal.changes(8).added.empty());
  CHECK(journal.changes(8).removed.empty());
  CHECK_REFUSED(journal.changes(9), argument, "up to number 8", "9");
  CHECK_REFUSED(journal.changes(-1), argument, "-1");
}

TEST_CASE("counting under a round rejects by reason, and rows read are accepted and rejected") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  auto add = [&](std::string_view id, int code, Week week, KleNumber task) {
    Event e = event(id, 10);
    e.registration.municipality = *Municipality::from_code(code);
    e.registration.week = week;
    e.registration.task = task;
    journal.record(e);
  };
  add("a", 657, "2012-W17"_week, "23.05.10"_kle);
  add("b", 657, "2012-W17"_week, "99.99.99"_kle);
  add("c", 657, "2012-W30"_week, "99.99.99"_kle);  // the package is asked first
  add("d", 657, "2012-W30"_week, "23.05.10"_kle);
  add("e", 219, "2012-W18"_week, "23.05.10"_kle);
  add("f", 657, "2012-W17"_week, "23.05.10"_kle);
  test::undo(journal, "f");
  Round round = *builtin_round("2012-spring");
  round.package = Package{{"23.05.10"_kle}};
  Participation participation;
  participation.declare(test::herning, "2012-W17"_week);
  JournalCountOptions options{&round, &participation, 0};
  const Counted counted = journal.count(options);
  CHECK(counted.outcome.rows_read == 5);
  CHECK(counted.outcome.rows_accepted == 1);
  CHECK(counted.outcome.rejected_for(Reason::unknown_task) == 2);
  CHECK(counted.outcome.rejected_for(Reason::outside_round) == 1);
  CHECK(counted.outcome.rejected_for(Reason::outside_participation) == 1);
  CHECK(counted.outcome.rows_read == counted.outcome.rows_accepted + counted.outcome.rows_rejected());
  CHECK(counted.outcome.contacts == 10);
  CHECK(counted.cube.total() == 10);
  CHECK(counted.outcome.round == "2012-spring");
  options.since = 4;
  CHECK(journal.count(options).outcome.rows_read == 1);
  CHECK(journal.count().cube == journal.cube());
  options.since = 99;
  CHECK_REFUSED(journal.count(options), argument, "99");
}

TEST_CASE("counting the exported file gives the journal's cube") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  std::mt19937 random{7};
  const auto pick = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  const std::vector<std::string> labels{"",  "kø; \"A\"", "=1+1", "-",   "@x",      "+45",
                                        "'", "ø",         "\"",   "a,b", "2012-W17"};
  for (int i = 0; i < 2'000; ++i) {
    Event e = event("", 1 + pick(9));
    const std::string id = labels[static_cast<std::size_t>(pick(11))] + "id" + std::to_string(i) + "\";ø";
    e.event_id = id;
    e.registration.channel = *from_number<Channel>(1 + pick(11));
    e.registration.type = *from_number<ContactType>(1 + pick(6));
    e.registration.direction = *from_number<Direction>(1 + pick(2));
    e.registration.closure = *from_number<Closure>(pick(3));
    e.registration.form = *from_number<AttachedForm>(pick(4));
    e.registration.task = *KleNumber::from_digits(pick(1'000'000));
    e.registration.week = *Week::from_index(static_cast<std::uint32_t>(pick(4096)));
    e.registration.source = labels[static_cast<std::size_t>(pick(11))];
    e.registration.unit = labels[static_cast<std::size_t>(pick(11))];
    REQUIRE(journal.record(e) == Recorded::recorded);
    if (pick(4) == 0) REQUIRE(journal.undo(test::herning, e.registration.source, id) == Undone::undone);
  }
  const std::string path = folder / "out.csv";
  const std::int64_t rows = journal.export_csv(path);
  const Counted counted = count_files({&path, 1});
  CHECK(counted.cube == journal.cube());
  CHECK(counted.outcome.rows_read == rows);
  CHECK(counted.outcome.rows_accepted == rows);
  CHECK(counted.outcome.unread_columns.empty());
  CHECK(rows == journal.status().effective);
}

TEST_CASE("an export does not overwrite the journal that it is made from") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  journal.record(event("a"));
  for (const char* ending : {"", "-wal", ".lock"})
    CHECK_REFUSED(journal.export_csv(folder / (std::string{"a"} + ending)), argument, "would overwrite");
  CHECK(journal.record(event("b")) == Recorded::recorded);
  journal.close();
  CHECK(Journal::open(folder / "a").cube().total() == 2);
}

TEST_CASE("no output takes the place of a journal, be it open or closed") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  journal.record(event("a"));
  Journal other = Journal::open(folder / "b");
  CHECK_REFUSED(save_cube(journal.cube(), folder / "a"), file, "is a journal");
  CHECK_REFUSED(other.export_csv(folder / "a"), file, "is a journal");
  journal.close();
  CHECK_REFUSED(save_cube(other.cube(), folder / "a"), file, "is a journal");
  CHECK(Journal::open(folder / "a").cube().total() == 1);
}

TEST_CASE("a backup is a journal of its own with the same contacts") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  journal.record(event("a", 2));
  test::undo(journal, "b");
  journal.backup(folder / "copy");
  journal.record(event("c"));
  CHECK_REFUSED(journal.backup(folder / "copy"), file, "exists already");
  CHECK_REFUSED(journal.backup(folder / "none/copy"), file, "does not exist");
  struct stat about {};
  REQUIRE(::stat((folder / "copy").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777U) == 0600U);
  Journal copy = Journal::open(folder / "copy", test::mode(JournalMode::must_exist));
  CHECK(copy.cube().total() == 2);
  CHECK(copy.verify().sound);
  CHECK(copy.record(event("a", 2)) == Recorded::duplicate);
  CHECK(copy.record(event("b")) == Recorded::cancelled);
  CHECK(folder.names() == test::Lines{"a", "a-wal", "a.lock", "copy", "copy-wal", "copy.lock"});
}

TEST_CASE("undo in every order gives what a simple model gives") {
  // The model: what each key's first content is, and which keys are undone.
  const test::Folder folder;
  for (unsigned seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    std::mt19937 random{seed};
    const std::string path = folder / ("j" + std::to_string(seed));
    std::optional<Journal> journal{Journal::open(path)};
    std::map<std::string, std::int64_t> first;
    std::set<std::string> undone;
    std::vector<std::int64_t> totals{0};  // effective contacts after each entry
    const auto total = [&] {
      std::int64_t sum = 0;
      for (const auto& [id, count] : first) sum += undone.count(id) != 0 ? 0 : count;
      return sum;
    };
    for (int step = 0; step < 120; ++step) {
      const std::string id = "k" + std::to_string(random() % 12);
      const auto act = random() % 10;
      if (act < 6) {
        const std::int64_t count = 1 + static_cast<std::int64_t>(random() % 2);
        const bool fresh = first.emplace(id, count).second;
        const Recorded expected = undone.count(id) != 0   ? Recorded::cancelled
                                  : fresh                 ? Recorded::recorded
                                  : first.at(id) == count ? Recorded::duplicate
                                                          : Recorded::conflict;
        REQUIRE(journal->record(event(id, count)) == expected);
        if (fresh) totals.push_back(total());
      } else if (act < 9) {
        const bool fresh = undone.insert(id).second;
        const Undone expected = !fresh                 ? Undone::already_undone
                                : first.count(id) != 0 ? Undone::undone
                                                       : Undone::waiting;
        REQUIRE(test::undo(*journal, id) == expected);
        if (fresh) totals.push_back(total());
      } else {
        journal.reset();
        journal.emplace(Journal::open(path));
      }
    }
    CHECK(journal->cube().total() == total());
    CHECK(journal->status().last_seq == static_cast<std::int64_t>(totals.size()) - 1);
    for (std::size_t since = 0; since < totals.size(); ++since) {
      const JournalChanges changes = journal->changes(static_cast<std::int64_t>(since));
      REQUIRE(totals[since] + changes.added.total() - changes.removed.total() == totals.back());
    }
    CHECK(journal->verify().sound);
  }
}
