#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "komhen/komhen.hpp"

/// How long durable counting takes, beside bare SQLite that makes the same inserts and beside a bare append
/// with a sync. All are run in turn, round after round, on the same disk: only the ratios mean anything.
///     journal_bench FOLDER [ROUNDS]
namespace {

using namespace komhen;
using Clock = std::chrono::steady_clock;

constexpr int kSingles = 500;
constexpr int kBatches = 20;
constexpr int kBatch = 1'000;
constexpr int kThreads = 8;
constexpr int kPerThread = 200;

[[noreturn]] void stop(const std::string& why) {
  std::cerr << why << '\n';
  std::exit(1);
}

/// A UUID's length and spread, and different in every run of the benchmark.
std::string id_of(std::int64_t number) {
  std::uint64_t mixed = static_cast<std::uint64_t>(number) * 0x9E37'79B9'7F4A'7C15U;
  mixed ^= mixed >> 29U;
  char text[40];
  static_cast<void>(std::snprintf(text, sizeof text, "%08x-beef-4000-8000-%012llx",
                                  static_cast<unsigned>(mixed), static_cast<unsigned long long>(number)));
  return text;
}

const Registration kContact{*Municipality::from_code(657),
                            "2012-W17"_week,
                            "23.05.10"_kle,
                            Channel::telephone,
                            ContactType::new_case,
                            Direction::incoming,
                            Closure::not_stated,
                            AttachedForm::not_stated,
                            "",
                            "",
                            1};

/// The same table and index under the same settings, with prepared statements and nothing else.
class Bare {
 public:
  explicit Bare(const std::string& path) {
    if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK) stop("bare SQLite cannot open its file");
    run("PRAGMA locking_mode=EXCLUSIVE; PRAGMA mmap_size=0; PRAGMA synchronous=FULL; PRAGMA "
        "secure_delete=ON; "
        "PRAGMA temp_store=MEMORY; PRAGMA journal_mode=WAL;"
        "CREATE TABLE entry (seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, municipality INTEGER NOT NULL, "
        "source TEXT NOT NULL, event_id TEXT NOT NULL, week INTEGER NOT NULL, task INTEGER NOT NULL, "
        "channel INTEGER NOT NULL, type INTEGER NOT NULL, direction INTEGER NOT NULL, closure INTEGER NOT "
        "NULL, "
        "form INTEGER NOT NULL, unit TEXT NOT NULL, count INTEGER NOT NULL, chain INTEGER NOT NULL);"
        "CREATE UNIQUE INDEX entry_key ON entry (municipality, source, event_id, kind);");
    prepare(
        "INSERT OR IGNORE INTO entry VALUES (?1, 1, 657, 'bench', ?2, 201217, 230510, 1, 1, 1, 0, 0, '', 1, "
        "?3)",
        insert_);
    prepare("BEGIN IMMEDIATE", begin_);
    prepare("COMMIT", commit_);
  }
  ~Bare() {
    for (sqlite3_stmt* statement : {insert_, begin_, commit_}) sqlite3_finalize(statement);
    sqlite3_close(database_);
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

  void insert(std::span<const std::string> ids) {
    step(begin_);
    for (const std::string& id : ids) {
      sqlite3_bind_int64(insert_, 1, ++seq_);
      sqlite3_bind_text(insert_, 2, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
      sqlite3_bind_int64(insert_, 3, seq_ * 0x1234'5678'9ABC);
      step(insert_);
    }
    step(commit_);
  }

 private:
  void run(const char* sql) {
    if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) stop(sqlite3_errmsg(database_));
  }
  void prepare(const char* sql, sqlite3_stmt*& out) {
    if (sqlite3_prepare_v2(database_, sql, -1, &out, nullptr) != SQLITE_OK) stop(sqlite3_errmsg(database_));
  }
  void step(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) stop(sqlite3_errmsg(database_));
    sqlite3_reset(statement);
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
  std::int64_t seq_ = 0;
};

struct Figure {
  const char* what;
  int events;
  std::vector<double> per_second;

  void time(const std::function<void()>& work) {
    const auto began = Clock::now();
    work();
    per_second.push_back(events / std::chrono::duration<double>(Clock::now() - began).count());
  }
  [[nodiscard]] double median() const {
    auto sorted = per_second;
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) stop("journal_bench FOLDER [ROUNDS]");
  const std::filesystem::path folder =
      std::filesystem::path{argv[1]} / ("journal_bench" + std::to_string(::getpid()));
  const int rounds = argc > 2 ? std::stoi(argv[2]) : 5;
  std::filesystem::create_directories(folder);
  {
    Journal journal = Journal::open(folder / "journal");
    Bare bare{folder / "bare"};
    const int log = ::open((folder / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0) stop("the log cannot be made");

    Figure sync{"append + fdatasync", kSingles, {}};
    Figure bare_one{"bare SQLite, one by one", kSingles, {}};
    Figure one{"journal, one by one", kSingles, {}};
    Figure bare_many{"bare SQLite, batches of 1,000", kBatches * kBatch, {}};
    Figure many{"journal, batches of 1,000", kBatches * kBatch, {}};
    Figure threads{"journal, 8 threads one by one", kThreads * kPerThread, {}};

    std::int64_t next = 0;
    const auto ids_of = [&](int size) {
      std::vector<std::string> ids;
      for (int i = 0; i < size; ++i) ids.push_back(id_of(next++));
      return ids;
    };
    const auto event = [](const std::string& id) {
      Event out{kContact, id};
      out.registration.source = "bench";
      return out;
    };
    for (int round = 0; round < rounds; ++round) {
      sync.time([&] {
        const std::string line(120, 'x');
        for (int i = 0; i < kSingles; ++i)
          if (::write(log, line.data(), line.size()) < 0 || ::fdatasync(log) != 0)
            stop("the log cannot be written");
      });
      const auto singles = ids_of(kSingles);
      bare_one.time([&] {
        for (const std::string& id : singles) bare.insert({&id, 1});
      });
      one.time([&] {
        for (const std::string& id : singles) journal.record(event(id));
      });
      const auto batches = ids_of(kBatches * kBatch);
      bare_many.time([&] {
        for (int b = 0; b < kBatches; ++b)
          bare.insert(std::span{batches}.subspan(static_cast<std::size_t>(b) * kBatch, kBatch));
      });
      many.time([&] {
        std::vector<Recorded> results(kBatch);
        for (int b = 0; b < kBatches; ++b) {
          std::vector<Event> events;
          for (const std::string& id :
               std::span{batches}.subspan(static_cast<std::size_t>(b) * kBatch, kBatch))
            events.push_back(event(id));
          journal.record(events, results);
        }
      });
      const auto shared = ids_of(kThreads * kPerThread);
      threads.time([&] {
        std::vector<std::thread> running;
        for (int t = 0; t < kThreads; ++t)
          running.emplace_back([&, t] {
            for (int i = 0; i < kPerThread; ++i)
              journal.record(event(shared[static_cast<std::size_t>(t * kPerThread + i)]));
          });
        for (auto& thread : running) thread.join();
      });
    }
    ::close(log);
    if (journal.cube().total() != next) stop("the journal lost events");
    std::printf("medians of %d interleaved rounds, events a second:\n", rounds);
    for (const Figure* figure : {&sync, &bare_one, &one, &bare_many, &many, &threads})
      std::printf("  %-32s %10.0f\n", figure->what, figure->median());
    std::printf(
        "ratios:\n  one by one / bare SQLite         %6.2f\n  one by one / append + fdatasync  %6.2f\n",
        one.median() / bare_one.median(), one.median() / sync.median());
    std::printf("  batches / bare SQLite            %6.2f\n  8 threads / append + fdatasync   %6.2f\n",
                many.median() / bare_many.median(), threads.median() / sync.median());
  }
  std::filesystem::remove_all(folder);
}
