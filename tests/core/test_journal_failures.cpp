#include <doctest/doctest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <thread>

#include "failing_vfs.hpp"
#include "journal_body.hpp"
#include "journal_support.hpp"

using namespace komhen;
using test::event;

namespace {

Journal open_on(const test::FailingVfs& vfs, const std::string& path) {
  return detail::JournalAccess::open(path, {}, vfs.name());
}

/// Runs in a child of fork(), whose exit status is the answer; -1 when it died.
int in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    int answer = 99;
    try {
      answer = work();
    } catch (...) {
      answer = 98;
    }
    ::_exit(answer);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void overwrite(const std::string& path, std::streamoff at, std::string_view bytes) {
  std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
  file.seekp(at);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void run_sql(const std::string& path, const char* sql) {
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &raw) == SQLITE_OK);
  CHECK(sqlite3_exec(raw, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(raw);
}

}  // namespace

TEST_CASE("a journal is open once, in this process and in others") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  journal.record(event("a"));
  CHECK_REFUSED(Journal::open(folder / "a"), busy, "open elsewhere");
  CHECK_REFUSED(test::look_at(folder / "a"), busy, "open elsewhere");
  CHECK(::symlink((folder / "a").c_str(), (folder / "link").c_str()) == 0);
  CHECK_REFUSED(Journal::open(folder / "link"), busy, "open elsewhere");
  CHECK(::link((folder / "a").c_str(), (folder / "second-name").c_str()) == 0);
  CHECK_REFUSED(Journal::open(folder / "second-name"), busy, "open in another program");
  // What another program sees: a fresh process, not one that inherited the handle.
  CHECK(in_child([&] {
          const auto refused = test::refusal([&] { (void)Journal::open(folder / "a"); });
          return refused && refused->kind == ErrorKind::busy ? 0 : 1;
        }) == 0);
  CHECK(journal.record(event("b")) == Recorded::recorded);
  journal.close();
  CHECK(Journal::open(folder / "a").cube().total() == 2);
}

TEST_CASE("a lock that another process holds is respected until it dies") {
  const test::Folder folder;
  Journal::open(folder / "a").close();
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t holder = ::fork();
  if (holder == 0) {
    try {
      Journal journal = Journal::open(folder / "a");
      static_cast<void>(::write(ready[1], "x", 1) == 1);
      ::pause();
    } catch (...) {
    }
    ::_exit(1);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK_REFUSED(Journal::open(folder / "a"), busy, "open elsewhere");
  ::kill(holder, SIGKILL);
  int status = 0;
  ::waitpid(holder, &status, 0);
  CHECK(Journal::open(folder / "a").record(event("a")) == Recorded::recorded);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("a child of fork cannot use the journal, and its parent goes on as before") {
  const test::Folder folder;
  auto journal = std::make_unique<Journal>(Journal::open(folder / "a"));
  journal->record(event("a"));
  CHECK(in_child([&] {
          const auto is_forked = [](const std::function<void()>& call) {
            const auto refused = test::refusal(call);
            return refused && refused->kind == ErrorKind::forked;
          };
          Recorded result{};
          const Event one = event("b");
          int wrong = 0;
          wrong += is_forked([&] { journal->record(one); }) ? 0 : 1;
          wrong += is_forked([&] { journal->record({&one, 1}, {&result, 1}); }) ? 0 : 1;
          wrong += is_forked([&] { test::undo(*journal, "a"); }) ? 0 : 1;
          wrong += is_forked([&] { (void)journal->cube(); }) ? 0 : 1;
          wrong += is_forked([&] { (void)journal->changes(0); }) ? 0 : 1;
          wrong += is_forked([&] { (void)journal->count(); }) ? 0 : 1;
          wrong += is_forked([&] { (void)journal->status(); }) ? 0 : 1;
          wrong += is_forked([&] { (void)journal->verify(); }) ? 0 : 1;
          wrong += is_forked([&] { (void)journal->export_csv(folder / "x"); }) ? 0 : 1;
          wrong += is_forked([&] { journal->backup(folder / "x"); }) ? 0 : 1;
          wrong += is_forked([&] { journal->seal(true); }) ? 0 : 1;
          wrong += is_forked([&] { journal->close(); }) ? 0 : 1;
          journal.reset();  // frees, and neither closes nor unlocks
          const auto refused = test::refusal([&] { (void)Journal::open(folder / "a"); });
          wrong += refused && refused->kind == ErrorKind::busy ? 0 : 1;
          return wrong;
        }) == 0);
  CHECK(journal->record(event("b")) == Recorded::recorded);
  CHECK_REFUSED(Journal::open(folder / "a"), busy, "open elsewhere");
  // Closing gives the lock free although a child may still have inherited it.
  int hold[2];
  REQUIRE(::pipe(hold) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(hold[1]);
    char byte = 0;
    static_cast<void>(::read(hold[0], &byte, 1) == 0);
    ::_exit(0);
  }
  ::close(hold[0]);
  journal.reset();
  CHECK(Journal::open(folder / "a").cube().total() == 2);
  ::close(hold[1]);
  int status = 0;
  ::waitpid(child, &status, 0);
}

TEST_CASE("a journal can be destroyed in a child while a thread of the parent waits for its commit") {
  const test::Folder folder;
  JournalOptions options;
  options.group_delay = kMaxGroupDelay;
  auto journal = std::make_unique<Journal>(Journal::open(folder / "a", options));
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) journal->record(event("t" + std::to_string(t) + "-" + std::to_string(i)));
    });
  for (int i = 0; i < 10; ++i)
    CHECK(in_child([&] {
            const auto refused = test::refusal([&] { (void)journal->cube(); });
            journal.reset();
            return refused && refused->kind == ErrorKind::forked ? 0 : 1;
          }) == 0);
  stop = true;
  for (auto& thread : threads) thread.join();
}

TEST_CASE("a failed sync ends writing until the journal is opened anew, and what was acknowledged is there") {
  const test::Folder folder;
  test::FailingVfs vfs;
  {
    Journal journal = open_on(vfs, folder / "a");
    journal.record(event("a"));
    vfs.decide([](bool sync, auto) { return sync ? SQLITE_IOERR_FSYNC : SQLITE_OK; });
    CHECK_REFUSED(journal.record(event("b")), storage, "could not sync",
                  "not known whether this call was kept", "everything acknowledged before it is",
                  "open it anew");
    vfs.heal();
    CHECK_REFUSED(journal.record(event("c")), storage, "takes no more records", "could not sync",
                  "nothing of this call was kept");
    CHECK_REFUSED(test::undo(journal, "a"), storage, "takes no more records");
    CHECK(journal.cube().total() == 1);
  }
  Journal journal = open_on(vfs, folder / "a");
  const Recorded again = journal.record(event("b"));
  CHECK((again == Recorded::recorded || again == Recorded::duplicate));
  CHECK(journal.record(event("a")) == Recorded::duplicate);
  CHECK(journal.cube().total() == 2);
  CHECK(journal.verify().sound);
}

TEST_CASE("every single failing write or sync of a commit loses nothing and counts nothing twice") {
  for (const int code : {SQLITE_IOERR_WRITE, SQLITE_FULL, SQLITE_IOERR_FSYNC}) {
    for (int fail_at = 0; fail_at < 12; ++fail_at) {
      CAPTURE(code);
      CAPTURE(fail_at);
      const test::Folder folder;
      test::FailingVfs vfs;
      std::vector<std::string> ids{"a", "b", "c"};
      std::vector<bool> acknowledged(ids.size());
      {
        Journal journal = open_on(vfs, folder / "a");
        int calls = 0;
        vfs.decide([&](bool sync, auto) {
          if (sync != (code == SQLITE_IOERR_FSYNC)) return SQLITE_OK;
          return calls++ == fail_at ? code : SQLITE_OK;
        });
        for (std::size_t i = 0; i < ids.size(); ++i) {
          const auto refused = test::refusal([&] { journal.record(event(ids[i])); });
          acknowledged[i] = !refused;
          if (refused) CHECK(refused->kind == ErrorKind::storage);
          // Of a full disk it is known that nothing was kept, and the journal goes on when there is room
          // again.
          if (refused && code == SQLITE_FULL) {
            CHECK(refused->names({"the disk is full", "nothing of this call was kept"}));
            CHECK(journal.record(event(ids[i])) == Recorded::recorded);
          }
        }
        vfs.heal();
      }
      Journal journal = open_on(vfs, folder / "a");
      const std::int64_t kept = journal.status().events;
      CHECK(kept >= std::count(acknowledged.begin(), acknowledged.end(), true));
      for (std::size_t i = 0; i < ids.size(); ++i) {
        const Recorded answer = journal.record(event(ids[i]));
        if (acknowledged[i]) CHECK(answer == Recorded::duplicate);
      }
      CHECK(journal.cube().total() == 3);
      CHECK(journal.verify().sound);
    }
  }
}

TEST_CASE("a failure while the log is copied takes nothing back") {
  const test::Folder folder;
  test::FailingVfs vfs;
  {
    Journal journal = open_on(vfs, folder / "a");
    bool failed = false;
    vfs.decide([&](bool sync, std::string_view ending) {
      if (sync && ending.empty()) {
        failed = true;
        return SQLITE_IOERR_FSYNC;
      }
      return SQLITE_OK;
    });
    int answered = 0;
    std::optional<test::Refusal> refused;
    while (!refused) {
      std::vector<std::string> ids;
      for (int i = 0; i < 500; ++i) ids.push_back(std::to_string(answered) + "-" + std::to_string(i) + "x");
      std::vector<Event> events;
      for (const auto& id : ids) events.push_back(event(id));
      std::vector<Recorded> results(events.size());
      refused = test::refusal([&] { journal.record(events, results); });
      if (!refused) answered += 500;
      REQUIRE(answered < 1'000'000);
    }
    CHECK(failed);
    CHECK(refused->names({"takes no more records", "nothing of this call was kept"}));
    vfs.heal();
    CHECK(journal.cube().total() == answered);
    journal.close();
    CHECK(test::look_at(folder / "a").cube().total() == answered);
  }
}

TEST_CASE("a limit on the size of files is an error, and does not kill the host") {
  const test::Folder folder;
  // In a child: the limit is the process's.
  CHECK(in_child([&] {
          Journal journal = Journal::open(folder / "a");
          journal.record(event("before"));
          rlimit limit{256 * 1024, RLIM_INFINITY};
          if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 1;
          std::optional<test::Refusal> refused;
          std::int64_t kept = 1;
          for (int i = 0; i < 100'000 && !refused; ++i) {
            refused = test::refusal([&] { journal.record(event("e" + std::to_string(i))); });
            if (!refused) ++kept;
          }
          if (!refused || refused->kind != ErrorKind::storage) return 2;
          if (!refused->names({"the size that the system allows", "nothing of this call was kept"})) return 3;
          if (journal.cube().total() != kept) return 4;
          const auto again = test::refusal([&] { journal.export_csv(folder / "x.csv"); });
          sigset_t pending;
          ::sigpending(&pending);
          if (::sigismember(&pending, SIGXFSZ) == 1) return 5;
          sigset_t mask;
          ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
          if (::sigismember(&mask, SIGXFSZ) == 1) return 6;
          limit.rlim_cur = RLIM_INFINITY;
          ::setrlimit(RLIMIT_FSIZE, &limit);
          if (journal.record(event("after")) != Recorded::recorded) return 7;
          journal.close();
          return test::look_at(folder / "a").cube().total() == kept + 1 ? 0 : 8;
        }) == 0);
}

TEST_CASE("a full disk is an error that says what was kept, and recording goes on when there is room") {
  const test::Folder folder;
  const std::string disk = folder / "disk";
  REQUIRE(::mkdir(disk.c_str(), 0700) == 0);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0) {
    MESSAGE("skipped: a small disk cannot be mounted here");
    return;
  }
  {
    Journal journal = Journal::open(disk + "/a");
    std::optional<test::Refusal> refused;
    std::int64_t kept = 0;
    for (int i = 0; i < 100'000 && !refused; ++i) {
      refused = test::refusal([&] { journal.record(event("e" + std::to_string(i))); });
      if (!refused) ++kept;
    }
    REQUIRE(refused);
    INFO(refused->sentence);
    CHECK(refused->kind == ErrorKind::storage);
    CHECK(refused->names(
        {"the disk is full", "nothing of this call was kept", "everything acknowledged before"}));
    CHECK(journal.cube().total() == kept);
    CHECK_REFUSED(journal.backup(disk + "/copy"), file, "disk is full");
    REQUIRE(::mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=4m") == 0);
    CHECK(journal.record(event("after")) == Recorded::recorded);
    CHECK(journal.verify().sound);
    CHECK(journal.cube().total() == kept + 1);
    journal.close();

    REQUIRE(::mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=4m") == 0);
    CHECK_REFUSED(Journal::open(disk + "/a"), file, "read-only");
    CHECK_REFUSED(Journal::open(disk + "/b"), file, "read-only");
    CHECK_REFUSED(test::look_at(disk + "/a"), file, "read-only");
  }
  CHECK(::umount(disk.c_str()) == 0);
}

TEST_CASE("a file or folder that may not be written is an error") {
  if (::geteuid() == 0) {
    MESSAGE("skipped: root may write everywhere");
    return;
  }
  const test::Folder folder;
  Journal::open(folder / "a").close();
  ::chmod((folder / "a").c_str(), 0400);
  CHECK_REFUSED(Journal::open(folder / "a"), file, "may not be written by this user");
  CHECK_REFUSED(test::look_at(folder / "a"), file, "may not be written by this user");
  ::chmod((folder / "").c_str(), 0500);
  CHECK_REFUSED(Journal::open(folder / "b"), file, "may not be opened by this user");
  ::chmod((folder / "").c_str(), 0700);
}

TEST_CASE("what is no journal is refused in a sentence") {
  const test::Folder folder;
  CHECK_REFUSED(Journal::open(folder.file("text", test::repeated("no journal\n", 100))), format,
                "is no journal");
  CHECK_REFUSED(test::look_at(folder.file("empty", "")), format, "is empty");
  run_sql(folder / "other", "CREATE TABLE t (x)");
  CHECK_REFUSED(Journal::open(folder / "other"), format, "another program");
  Journal::open(folder / "newer").close();
  run_sql(folder / "newer", "PRAGMA user_version = 2");
  CHECK_REFUSED(Journal::open(folder / "newer"), format, "newer komhen", "schema 2");
  CHECK_REFUSED(test::look_at(folder / "newer"), format, "newer komhen");
}

TEST_CASE("an empty file that a stopped creation left becomes a journal") {
  const test::Folder folder;
  const std::string path = folder.file("a", "");
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  CHECK_REFUSED(Journal::open(path, test::mode(JournalMode::must_exist)), format, "is empty");
  CHECK(Journal::open(path).record(event("a")) == Recorded::recorded);
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777U) == 0600U);
}

TEST_CASE("nothing is acknowledged into a file or log that has lost its name") {
  const test::Folder folder;
  const std::string path = folder / "a";
  Journal journal = Journal::open(path);
  journal.record(event("a"));
  for (const char* ending : {"", "-wal"}) {
    const std::string name = path + ending;
    CAPTURE(name);
    REQUIRE(::rename(name.c_str(), (folder / "away").c_str()) == 0);
    CHECK_REFUSED(journal.record(event("b")), storage, "moved, removed or replaced", "nothing of this call");
    static_cast<void>(folder.file(std::string{"a"} + ending, "another file"));
    CHECK_REFUSED(journal.record(event("b")), storage, "moved, removed or replaced");
    CHECK_REFUSED(journal.seal(true), storage, "moved, removed or replaced");
    REQUIRE(::rename((folder / "away").c_str(), name.c_str()) == 0);
  }
  CHECK(journal.record(event("b")) == Recorded::recorded);
  journal.close();
  CHECK(Journal::open(path).cube().total() == 2);
}

TEST_CASE("an erasing that was cut short is done when the journal is sealed again") {
  const test::Folder folder;
  test::FailingVfs vfs;
  bool sealing = false;
  Journal journal = open_on(vfs, folder / "a");
  for (int i = 0; i < 50; ++i) journal.record(event("idmark-" + std::to_string(i)));
  vfs.decide([&](bool sync, std::string_view ending) {
    if (sync && ending.empty()) sealing = true;
    return sealing ? SQLITE_FULL : SQLITE_OK;
  });
  CHECK_REFUSED(journal.seal(true), storage, "its ids are not yet overwritten");
  vfs.heal();
  journal.seal(true);
  for (const std::string& name : folder.names())
    CHECK(test::read(folder / name).find("idmark") == std::string::npos);
  CHECK(journal.cube().total() == 50);
}

TEST_CASE("a log with a torn end holds what was committed before the tear") {
  const test::Folder folder;
  {
    Journal journal = Journal::open(folder / "live");
    for (int i = 0; i < 50; ++i) journal.record(event("e" + std::to_string(i)));
    // As a crash leaves them: the file and its log.
    (void)folder.file("a", test::read(folder / "live"));
    (void)folder.file("b", test::read(folder / "live"));
    const std::string log = test::read(folder / "live-wal");
    (void)folder.file("a-wal", log + test::repeated("\x5A", 3'000));
    (void)folder.file("b-wal", std::string_view{log}.substr(0, log.size() - 1'000));
  }
  Journal whole = Journal::open(folder / "a");
  CHECK(whole.cube().total() == 50);
  CHECK(whole.verify().sound);
  Journal torn = Journal::open(folder / "b");
  CHECK(torn.cube().total() == 49);
  CHECK(torn.verify().sound);
  CHECK(torn.record(event("e49")) == Recorded::recorded);
}

TEST_CASE("a torn or overwritten file is found") {
  const test::Folder folder;
  {
    Journal journal = Journal::open(folder / "a");
    std::vector<std::string> ids;
    for (int i = 0; i < 3'000; ++i) ids.push_back("event-" + std::to_string(i));
    std::vector<Event> events;
    for (const auto& id : ids) events.push_back(event(id));
    std::vector<Recorded> results(events.size());
    journal.record(events, results);
  }
  const std::string sound = test::read(folder / "a");
  CHECK_REFUSED(Journal::open(folder.file("short", std::string_view{sound}.substr(0, sound.size() / 2))),
                storage, "damaged");
  overwrite(folder.file("page", sound), static_cast<std::streamoff>(sound.size() / 2),
            test::repeated("\xFF", 4'096));
  const JournalCheck check = test::look_at(folder / "page").verify();
  CHECK_FALSE(check.sound);
  CHECK(check.sentence.find("is damaged") != std::string::npos);
  CHECK(check.sentence.find('\n') == std::string::npos);
}

TEST_CASE("an entry that was altered, moved or taken out is found") {
  const auto damaged = [](const char* sql) {
    const test::Folder folder;
    {
      Journal journal = Journal::open(folder / "a");
      for (int i = 0; i < 10; ++i) journal.record(event("e" + std::to_string(i)));
      test::undo(journal, "e3");
    }
    CHECK(test::look_at(folder / "a").verify().entries == 11);
    run_sql(folder / "a", sql);
    const JournalCheck check = test::look_at(folder / "a").verify();
    CHECK_FALSE(check.sound);
    return check.sentence;
  };
  CHECK(damaged("UPDATE entry SET count = 2 WHERE seq = 5").find("entry 5 was altered") != std::string::npos);
  CHECK(damaged("UPDATE entry SET unit = 'x' WHERE seq = 5").find("entry 5 was altered") !=
        std::string::npos);
  CHECK(damaged("UPDATE entry SET event_id = 'z' WHERE seq = 11").find("entry 11 was altered") !=
        std::string::npos);
  CHECK(damaged("UPDATE entry SET chain = chain + 1 WHERE seq = 10").find("entry 10") != std::string::npos);
  CHECK(damaged("DELETE FROM entry WHERE seq = 4").find("entry 4") != std::string::npos);
  CHECK(damaged("DELETE FROM entry WHERE seq = 1").find("entry 1") != std::string::npos);
}

TEST_CASE("a value that cannot be is an error when it is read") {
  const test::Folder folder;
  Journal::open(folder / "a").record(event("a"));
  run_sql(folder / "a", "UPDATE entry SET channel = 99");
  CHECK_REFUSED(test::look_at(folder / "a").cube(), storage, "entry 1", "cannot be");
  CHECK_REFUSED(Journal::open(folder / "a").seal(true), storage, "entry 1", "cannot be");
}

TEST_CASE("an erasing that was cut short is done when the journal is opened") {
  const test::Folder folder;
  test::FailingVfs vfs;
  bool sealing = false;  // outlives the journal, whose closing asks too
  {
    Journal journal = open_on(vfs, folder / "a");
    for (int i = 0; i < 50; ++i) journal.record(event("idmark-" + std::to_string(i)));
    vfs.decide([&](bool sync, std::string_view ending) {
      if (sync && ending.empty()) sealing = true;
      return sealing ? SQLITE_IOERR_WRITE : SQLITE_OK;
    });
    CHECK_REFUSED(journal.seal(true), storage, "is sealed and its cube is kept",
                  "opening it anew tries again");
    CHECK_REFUSED(journal.seal(true), storage, "its ids are not yet overwritten");
    CHECK(journal.cube().total() == 50);
  }
  vfs.heal();
  Journal journal = open_on(vfs, folder / "a");
  CHECK(journal.status().ids_erased);
  CHECK(journal.cube().total() == 50);
  for (const std::string& name : folder.names())
    CHECK(test::read(folder / name).find("idmark") == std::string::npos);
}
