#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "journal_store.hpp"
#include "journal_turns.hpp"
#include "komhen/journal/journal.hpp"

namespace komhen {

/// What stands behind a handle: the store, who may use it when, and the queue of those who record.
class Journal::Body {
 public:
  Body(const std::string& path, const JournalOptions& options, const char* vfs);

  void record(std::span<const Event> events, std::span<Recorded> results);
  Undone undo(const detail::EventKey& key);

  Cube cube();
  JournalChanges changes(std::int64_t since);
  Counted count(const JournalCountOptions& options);
  std::int64_t export_csv(const std::string& path);
  JournalStatus status();
  JournalCheck verify();
  void backup(const std::string& path);
  void seal(bool erase_ids);
  void close();

  /// Whether this process has the journal; a child of fork() has not.
  [[nodiscard]] bool is_ours() const noexcept { return process_ == detail::process_number(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Calls `visit(entry)` for the records after `after`, in their order, with the undos up to `up_to`. Others
  /// take their turns between the chunks: entries never change, so what is read is the state at `up_to` all
  /// the same. false when the entries were erased, now or before.
  template <class Visit>
  bool each_event(std::int64_t after, std::int64_t up_to, Visit&& visit) {
    return each(&detail::JournalStore::read_events, after, up_to, visit,
                [](const detail::JournalEntry& entry) { return entry[detail::JournalEntry::seq]; });
  }
  /// The same for the records whose undo lies after `after`.
  template <class Visit>
  bool each_undone(std::int64_t after, std::int64_t up_to, Visit&& visit) {
    return each(&detail::JournalStore::read_undone, after, up_to, visit,
                [](const detail::JournalEntry& entry) { return entry.undone_at; });
  }
  /// The same for entries of both kinds.
  template <class Visit>
  bool each_entry(std::int64_t after, std::int64_t up_to, Visit&& visit) {
    return each(&detail::JournalStore::read_entries, after, up_to, visit,
                [](const detail::JournalEntry& entry) { return entry[detail::JournalEntry::seq]; });
  }

  /// Calls `work(store)` when it is its turn. @throws Error: forked, argument when closed.
  template <class Work>
  auto with_store(Work&& work) {
    check_process();
    const std::lock_guard turn{turns_};
    if (!store_) refuse_closed();
    const detail::SizeSignalHeld held;  // a log that outgrew the memory's share is written while reading too
    return work(*store_);
  }

  /// The entry's registration; damage is an error.
  Registration sound(const detail::JournalEntry& entry);

 private:
  /// What one call wants written. Linked into the queue; it lives on its caller's stack.
  struct Request {
    std::span<const Event> events;
    std::span<Recorded> recorded;
    const detail::EventKey* undo = nullptr;
    Undone undone{};
    std::optional<Error> error;
    bool no_memory = false;
    bool done = false;
    Request* next = nullptr;
  };

  using Reading = void (detail::JournalStore::*)(std::int64_t, std::int64_t, std::size_t,
                                                 std::vector<detail::JournalEntry>&);

  template <class Visit, class Place>
  bool each(Reading read, std::int64_t after, std::int64_t up_to, Visit& visit, Place&& place) {
    std::vector<detail::JournalEntry> chunk;
    while (after < up_to) {
      const bool erased = with_store([&](detail::JournalStore& store) {
        if (!store.erased()) (store.*read)(after, up_to, kChunk, chunk);
        return store.erased();
      });
      if (erased) return false;
      for (const detail::JournalEntry& entry : chunk) visit(entry);
      if (chunk.size() < kChunk) break;
      after = place(chunk.back());
    }
    return true;
  }

  static constexpr std::size_t kChunk = 4'096;
  static constexpr std::size_t kMostInOneCommit = 10'000;

  void check_process() const;
  [[noreturn]] void refuse_closed() const;
  [[noreturn]] void refuse_erased() const;
  /// Checks a caller's `since` and gives the last entry.
  std::int64_t moment(std::int64_t since);
  void submit(Request& request);
  Request* take_queue() noexcept;
  void perform(Request* first) noexcept;

  const std::string path_;
  const std::int64_t process_;
  const std::chrono::microseconds group_delay_;

  detail::Turns turns_;
  std::optional<detail::JournalStore> store_;  ///< with a turn; empty when closed

  std::mutex queue_mutex_;  // guards everything below
  std::condition_variable arrived_;
  std::condition_variable finished_;
  Request* first_ = nullptr;
  Request* last_ = nullptr;
  std::size_t waiting_events_ = 0;
  bool committing_ = false;
};

namespace detail {

struct JournalAccess {
  /// @param vfs  SQLite's name of another file layer, for tests.
  static Journal open(const std::string& path, const JournalOptions& options, const char* vfs) {
    return Journal{std::make_unique<Journal::Body>(path, options, vfs)};
  }
  static Journal::Body& body(const Journal& journal) { return journal.body(); }
};

/// @throws Error: argument or personal_data, for what no journal may hold. `place` is 0, or the event's
/// number in a batch, from 1.
void check_event(const Event& event, std::size_t place);
void check_key(std::string_view source, std::string_view event_id, std::size_t place);

}  // namespace detail
}  // namespace komhen
