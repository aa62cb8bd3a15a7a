#include <doctest/doctest.h>
#include <pthread.h>

#include <array>
#include <atomic>
#include <thread>

#include "journal_support.hpp"

using namespace komhen;
using test::event;

namespace {

void record_from_many_threads(std::chrono::microseconds delay) {
  const test::Folder folder;
  JournalOptions options;
  options.group_delay = delay;
  Journal journal = Journal::open(folder / "a", options);
  constexpr int kThreads = 8;
  constexpr int kOwn = 60;
  constexpr int kShared = 60;
  std::atomic<int> recorded{0};
  std::atomic<int> shared_recorded{0};
  std::atomic<int> other{0};
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kOwn; ++i) {
        if (journal.record(event("own-" + std::to_string(t) + "-" + std::to_string(i))) == Recorded::recorded)
          ++recorded;
        const Recorded answer = journal.record(event("shared-" + std::to_string(i % kShared)));
        if (answer == Recorded::recorded)
          ++shared_recorded;
        else if (answer != Recorded::duplicate)
          ++other;
        if (i % 10 == t) test::undo(journal, "own-" + std::to_string(t) + "-" + std::to_string(i));
      }
    });
  std::thread reader{[&] {
    std::int64_t since = 0;
    Cube sum;
    while (!stop) {
      const JournalChanges changes = journal.changes(since);
      since = changes.up_to;
      const JournalStatus status = journal.status();
      if (status.last_seq < since || status.effective + status.undone != status.events) ++other;
    }
  }};
  for (auto& thread : threads) thread.join();
  stop = true;
  reader.join();
  CHECK(recorded == kThreads * kOwn);
  CHECK(shared_recorded == kShared);
  CHECK(other == 0);
  const JournalStatus status = journal.status();
  CHECK(status.events == kThreads * kOwn + kShared);
  CHECK(status.undone == kThreads * kOwn / 10);
  CHECK(journal.verify().sound);
}

}  // namespace

TEST_CASE("many threads record in one journal, and every key is counted once") {
  record_from_many_threads(std::chrono::microseconds{0});
}

TEST_CASE("many threads record in one journal with a group delay") {
  record_from_many_threads(std::chrono::microseconds{200});
}

TEST_CASE("an error reaches every thread that shared the commit") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  journal.seal(false);
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        try {
          journal.record(event("t" + std::to_string(t)));
        } catch (const Error& error) {
          if (error.kind() == ErrorKind::sealed) ++refused;
        }
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(refused == 160);
}

TEST_CASE("closing while threads record ends them with an error, and what they were told is kept") {
  const test::Folder folder;
  Journal journal = Journal::open(folder / "a");
  std::atomic<int> kept{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      try {
        for (int i = 0;; ++i) {
          journal.record(event("t" + std::to_string(t) + "-" + std::to_string(i)));
          ++kept;
        }
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::argument) kept = -1'000'000;
      }
    });
  while (kept < 50) std::this_thread::yield();
  journal.close();
  for (auto& thread : threads) thread.join();
  CHECK(test::look_at(folder / "a").cube().total() == kept);
}

TEST_CASE("a thread with a stack of 128 KiB can do everything with a journal") {
  const test::Folder folder;
  struct Work {
    const test::Folder& folder;
    std::string failed;
  } work{folder, {}};
  pthread_attr_t attributes;
  REQUIRE(::pthread_attr_init(&attributes) == 0);
  REQUIRE(::pthread_attr_setstacksize(&attributes, 128U * 1024U) == 0);
  pthread_t thread{};
  const auto run = [](void* pointer) -> void* {
    auto& job = *static_cast<Work*>(pointer);
    try {
      Journal journal = Journal::open(job.folder / "a");
      for (int i = 0; i < 100; ++i) journal.record(event("e" + std::to_string(i)));
      test::undo(journal, "e1");
      if (journal.cube().total() != 99) job.failed = "the cube";
      (void)journal.changes(1);
      (void)journal.count();
      (void)journal.export_csv(job.folder / "a.csv");
      if (!journal.verify().sound) job.failed = "verify";
      journal.backup(job.folder / "copy");
      const std::array<std::string, 1> inputs{job.folder / "copy"};
      if (merge_journals(job.folder / "merged", inputs).contacts != 99) job.failed = "merge";
      journal.seal(true);
    } catch (const std::exception& error) {
      job.failed = error.what();
    }
    return nullptr;
  };
  REQUIRE(::pthread_create(&thread, &attributes, run, &work) == 0);
  ::pthread_join(thread, nullptr);
  ::pthread_attr_destroy(&attributes);
  CHECK(work.failed == "");
}
