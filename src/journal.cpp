#include "komhen/journal/journal.hpp"

#include <limits>
#include <new>
#include <utility>

#include "journal_body.hpp"
#include "komhen/registration/encoding.hpp"
#include "komhen/registration/personal_data.hpp"

namespace komhen {

using detail::JournalEntry;
using detail::JournalStore;
using detail::quoted;

// --- what a journal may hold
// -------------------------------------------------------------------------------------

namespace detail {
namespace {

[[noreturn]] void refuse_event(ErrorKind kind, std::size_t place, const std::string& what) {
  throw Error(kind,
              (place == 0 ? "the event" : "event " + std::to_string(place) + " of the batch") + " " + what,
              static_cast<std::int64_t>(place));
}

void check_label(std::string_view text, std::size_t longest, const char* name, std::size_t place) {
  if (!is_label(text, longest))
    refuse_event(ErrorKind::argument, place,
                 std::string{"has as "} + name + " " + quoted(text) + ", which is longer than " +
                     std::to_string(longest) + " bytes, is not UTF-8 or holds control characters");
  if (trimmed(text) != text)  // a file could not say the same: its fields are trimmed
    refuse_event(ErrorKind::argument, place,
                 std::string{"has as "} + name + " " + quoted(text) + ", which begins or ends with a space");
  if (find_personal(text))
    refuse_event(ErrorKind::personal_data, place,
                 std::string{"has as "} + name + " " + quoted(text) + ", which looks like a CPR number");
}

}  // namespace

void check_key(std::string_view source, std::string_view event_id, std::size_t place) {
  if (event_id.empty())
    refuse_event(ErrorKind::argument, place, "has no event_id, and without one it cannot be counted once");
  check_label(event_id, kMaxEventId, "event_id", place);
  check_label(source, kMaxLabel, "source", place);
}

void check_event(const Event& event, std::size_t place) {
  const Registration& r = event.registration;
  check_key(r.source, event.event_id, place);
  check_label(r.unit, kMaxLabel, "unit", place);
  if (r.count < 1 || r.count > kMaxRowCount)
    refuse_event(ErrorKind::argument, place,
                 "has the count " + std::to_string(r.count) + "; it must be from 1 to " +
                     std::to_string(kMaxRowCount));
  if (r.count >= 100'000'000 && find_personal(std::to_string(r.count)))
    refuse_event(ErrorKind::personal_data, place, "has a count that looks like a CPR number");
  const auto known = [](auto value) {
    return from_number<decltype(value)>(static_cast<std::int64_t>(value)).has_value();
  };
  if (!known(r.channel) || !known(r.type) || !known(r.direction) || !known(r.closure) || !known(r.form))
    refuse_event(ErrorKind::argument, place,
                 "has a channel, type, direction, closure or form with an unknown number");
}

}  // namespace detail

// --- the body
// ----------------------------------------------------------------------------------------------------

Journal::Body::Body(const std::string& path, const JournalOptions& options, const char* vfs)
    : path_{detail::canonical_path(path)},
      process_{detail::process_number()},
      group_delay_{options.group_delay} {
  if (group_delay_.count() < 0 || group_delay_ > kMaxGroupDelay)
    throw Error(ErrorKind::argument, "the group delay is " + std::to_string(group_delay_.count()) +
                                         " microseconds; it must be from 0 to " +
                                         std::to_string(kMaxGroupDelay.count()));
  store_.emplace(path, options, vfs);
}

void Journal::Body::check_process() const {
  if (!is_ours())
    throw Error(ErrorKind::forked, "the journal " + quoted(path_) +
                                       " was opened by the parent of this process, and only that can use it");
}

void Journal::Body::refuse_closed() const {
  throw Error(ErrorKind::argument, "the journal " + quoted(path_) + " is closed");
}

void Journal::Body::refuse_erased() const {
  throw Error(ErrorKind::sealed, "the journal " + quoted(path_) +
                                     " is sealed and its entries were erased; its cube is what is left");
}

void Journal::Body::record(std::span<const Event> events, std::span<Recorded> results) {
  check_process();
  if (events.size() != results.size())
    throw Error(ErrorKind::argument, "there are " + std::to_string(events.size()) + " events and room for " +
                                         std::to_string(results.size()) + " results");
  for (std::size_t i = 0; i < events.size(); ++i)
    detail::check_event(events[i], events.size() == 1 ? 0 : i + 1);
  Request request;
  request.events = events;
  Recorded one{};
  std::vector<Recorded> many;  // the caller's are written when all is kept
  if (events.size() == 1) {
    request.recorded = {&one, 1};
  } else {
    many.resize(events.size());
    request.recorded = many;
  }
  submit(request);
  std::ranges::copy(request.recorded, results.begin());
}

Undone Journal::Body::undo(const detail::EventKey& key) {
  check_process();
  detail::check_key(key.source, key.event_id, 0);
  Request request;
  request.undo = &key;
  submit(request);
  return request.undone;
}

/// Whoever finds nobody committing commits what has gathered, its own among it; the others wait for their
/// answers.
void Journal::Body::submit(Request& request) {
  {
    std::unique_lock hold{queue_mutex_};
    (first_ == nullptr ? first_ : last_->next) = &request;
    last_ = &request;
    waiting_events_ += request.events.size() + 1;
    if (waiting_events_ >= kMostInOneCommit) arrived_.notify_one();
    while (!request.done) {
      if (committing_) {
        finished_.wait(hold);
        continue;
      }
      committing_ = true;
      if (group_delay_.count() > 0)
        arrived_.wait_for(hold, group_delay_, [&] { return waiting_events_ >= kMostInOneCommit; });
      Request* const batch = take_queue();
      hold.unlock();
      perform(batch);
      hold.lock();
      for (Request* each = batch; each != nullptr;) {
        Request* const next = each->next;  // its caller may leave as soon as it is done and the lock is free
        each->done = true;
        each = next;
      }
      committing_ = false;
      finished_.notify_all();
    }
  }
  if (request.no_memory) throw std::bad_alloc{};
  if (request.error) throw *request.error;
}

/// The front of the queue, as much as one commit takes.
Journal::Body::Request* Journal::Body::take_queue() noexcept {
  Request* const batch = first_;
  Request* end = first_;
  std::size_t events = end->events.size() + 1;
  while (end->next != nullptr && events + end->next->events.size() < kMostInOneCommit) {
    end = end->next;
    events += end->events.size() + 1;
  }
  first_ = std::exchange(end->next, nullptr);
  if (first_ == nullptr) last_ = nullptr;
  waiting_events_ -= events;
  return batch;
}

void Journal::Body::perform(Request* first) noexcept {
  const auto fail_all = [&](const auto& note) {
    for (Request* each = first; each != nullptr; each = each->next) {
      try {
        note(*each);
      } catch (...) {
        each->no_memory = true;
      }
    }
  };
  try {
    with_store([&](JournalStore& store) {
      try {
        store.begin();
        for (Request* each = first; each != nullptr; each = each->next) {
          if (each->undo != nullptr) each->undone = store.put_undo(*each->undo);
          for (std::size_t i = 0; i < each->events.size(); ++i) {
            const Event& event = each->events[i];
            const JournalStore::Put put = store.put(event.registration, event.event_id);
            each->recorded[i] = put.undone ? Recorded::cancelled : put.as_new;
          }
        }
        store.commit();
      } catch (...) {
        store.roll_back();
        throw;
      }
    });
  } catch (const Error& error) {
    // A sentence of its own for every thread.
    fail_all([&](Request& each) { each.error.emplace(error.kind(), std::string{error.what()}); });
  } catch (const std::bad_alloc&) {
    fail_all([&](Request& each) { each.no_memory = true; });
  } catch (const std::exception& other) {
    fail_all([&](Request& each) { each.error.emplace(ErrorKind::failed, std::string{other.what()}); });
  }
}

std::int64_t Journal::Body::moment(std::int64_t since) {
  const std::int64_t last = with_store([](JournalStore& store) { return store.last_seq(); });
  if (since < 0 || since > last)
    throw Error(ErrorKind::argument, "the journal " + quoted(path_) + " has entries up to number " +
                                         std::to_string(last) + ", and " + std::to_string(since) +
                                         " is none of them");
  return last;
}

Registration Journal::Body::sound(const JournalEntry& entry) {
  const auto registration = entry.registration();
  if (!registration) with_store([&](JournalStore& store) { store.refuse_entry(entry[JournalEntry::seq]); });
  return *registration;
}

Cube Journal::Body::cube() {
  Cube cube;
  const bool whole = each_event(0, moment(0), [&](const JournalEntry& entry) {
    if (entry.undone_at == 0) cube.add(sound(entry));
  });
  return whole ? cube : with_store([](JournalStore& store) { return store.sealed_cube(); });
}

JournalChanges Journal::Body::changes(std::int64_t since) {
  JournalChanges changes;
  changes.since = since;
  changes.up_to = moment(since);
  const bool whole = each_event(since, changes.up_to,
                                [&](const JournalEntry& entry) {
                                  if (entry.undone_at == 0) changes.added.add(sound(entry));
                                }) &&
                     each_undone(since, changes.up_to, [&](const JournalEntry& entry) {
                       if (entry[JournalEntry::seq] <= since) changes.removed.add(sound(entry));
                     });
  if (!whole) refuse_erased();
  return changes;
}

Counted Journal::Body::count(const JournalCountOptions& options) {
  Counted counted;
  Outcome& outcome = counted.outcome;
  outcome.encoding = token(Encoding::utf8);
  if (options.round != nullptr) {
    counted.cube.note_round(*options.round);
    outcome.round = options.round->id;
  }
  const Admission admission{options.round, options.participation};
  const bool whole = each_event(options.since, moment(options.since), [&](const JournalEntry& entry) {
    if (entry.undone_at != 0) return;
    const Registration registration = sound(entry);
    ++outcome.rows_read;
    const Reason reason = admission.takes(registration.task)
                              ? admission.of(registration.municipality, registration.week)
                              : Reason::unknown_task;
    if (reason != Reason::accepted) {
      ++outcome.rejected[static_cast<std::size_t>(reason)];
      return;
    }
    counted.cube.add(registration);
    ++outcome.rows_accepted;
    outcome.contacts += registration.count;
  });
  if (!whole) refuse_erased();
  return counted;
}

namespace {

/// The numbers of a journal, from its records in their order.
void take_in(JournalStatus& status, const JournalEntry& entry, const Registration& registration) {
  ++status.events;
  if (entry.undone_at != 0) {
    ++status.undone;
    return;
  }
  ++status.effective;
  if (registration.count > std::numeric_limits<std::int64_t>::max() - status.contacts)
    throw Error(ErrorKind::overflow, "the journal holds more than 9223372036854775807 contacts");
  status.contacts += registration.count;
  if (!status.first_week || registration.week < *status.first_week) status.first_week = registration.week;
  if (!status.last_week || registration.week > *status.last_week) status.last_week = registration.week;
}

/// Entries are numbered without a gap and are records or undos.
void settle(JournalStatus& status, std::int64_t last) {
  status.last_seq = last;
  status.waiting_undos = last - status.events - status.undone;
}

}  // namespace

JournalStatus Journal::Body::status() {
  JournalStatus status;
  const std::int64_t last = moment(0);
  const bool whole =
      each_event(0, last, [&](const JournalEntry& entry) { take_in(status, entry, sound(entry)); });
  settle(status, last);
  with_store([&](JournalStore& store) {
    if (!whole || store.erased()) status = store.sealed_status();
    status.trial = store.trial();
    status.sealed = store.sealed();
    status.ids_erased = store.erased();
    status.schema_version = JournalStore::kSchema;
    status.file_bytes = store.file_bytes();
  });
  return status;
}

JournalCheck Journal::Body::verify() {
  JournalCheck check;
  const auto found = [&](const std::string& what) {
    check.sentence = "the journal " + quoted(path_) + " is damaged: " + what;
    return check;
  };
  const std::string damage = with_store([](JournalStore& store) { return store.damage(); });
  if (!damage.empty()) return found(damage);
  const std::int64_t last = moment(0);
  std::uint64_t chain = 0;
  std::string wrong;
  Cube effective;
  try {
    const bool whole = each_entry(0, last, [&](const JournalEntry& entry) {
      if (!wrong.empty()) return;
      chain = JournalStore::chained(chain, entry);
      const bool is_record = entry[JournalEntry::kind] == JournalEntry::kRecord;
      if (entry[JournalEntry::seq] != check.entries + 1)
        wrong = "entry " + std::to_string(check.entries + 1) + " is missing";
      else if (chain != entry.chain)
        wrong = "entry " + std::to_string(check.entries + 1) + " was altered: its checksum does not fit";
      else if (!entry.key() ||
               (is_record ? !entry.registration() : entry[JournalEntry::kind] != JournalEntry::kUndo))
        wrong = "entry " + std::to_string(check.entries + 1) + " holds what cannot be";
      else
        ++check.entries;
    });
    if (!wrong.empty()) return found(wrong);
    if (whole && check.entries != last)
      return found("entry " + std::to_string(check.entries + 1) + " is missing");
    const bool sealed = with_store([](JournalStore& store) { return store.sealed(); });
    if (sealed) {
      const Cube kept = with_store([](JournalStore& store) { return store.sealed_cube(); });
      if (whole && kept != cube()) return found("the cube of its seal is not that of its entries");
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::storage && error.kind() != ErrorKind::format) throw;
    check.sentence = error.what();
    return check;
  }
  check.sound = true;
  check.sentence =
      "the journal " + quoted(path_) + " is sound: " + std::to_string(check.entries) + " entries checked";
  return check;
}

void Journal::Body::backup(const std::string& path) {
  with_store([&](JournalStore& store) { store.copy_to(path); });
}

void Journal::Body::seal(bool erase_ids) {
  with_store(
      [&](JournalStore& store) {  // in one turn, so that nothing is recorded between the cube and the seal
        if (store.sealed() && store.erased()) return store.finish_erasing();  // where it was cut short
        if (store.sealed() && !erase_ids) return;
        Cube cube;
        JournalStatus status;
        std::vector<JournalEntry> chunk;
        for (std::int64_t after = 0; after < store.last_seq();) {
          store.read_events(after, store.last_seq(), kChunk, chunk);
          for (const JournalEntry& entry : chunk) {
            const auto registration = entry.registration();
            if (!registration) store.refuse_entry(entry[JournalEntry::seq]);
            take_in(status, entry, *registration);
            if (entry.undone_at == 0) cube.add(*registration);
          }
          if (chunk.size() < kChunk) break;
          after = chunk.back()[JournalEntry::seq];
        }
        settle(status, store.last_seq());
        try {
          store.seal(cube, status, erase_ids);
        } catch (...) {
          store.roll_back();
          throw;
        }
      });
}

void Journal::Body::close() {
  check_process();
  const std::lock_guard turn{turns_};
  store_.reset();
}

// --- the handle
// --------------------------------------------------------------------------------------------------

Journal Journal::open(const std::string& path, const JournalOptions& options) {
  return detail::JournalAccess::open(path, options, nullptr);
}

Journal::Journal(std::unique_ptr<Body> body) : body_{std::move(body)} {}
Journal::Journal(Journal&& other) noexcept = default;

Journal& Journal::operator=(Journal&& other) noexcept {
  Journal old{std::move(*this)};
  body_ = std::move(other.body_);
  return *this;
}

Journal::~Journal() {
  // In a child of fork() file, lock and whoever waited for them belong to the parent. Closing would end
  // SQLite's hold on the file there, and destroying a condition that a thread waits on would wait for ever:
  // it is left as it lies.
  if (body_ && !body_->is_ours()) static_cast<void>(body_.release());
}

Journal::Body& Journal::body() const {
  if (!body_) throw Error(ErrorKind::argument, "the journal was moved away");
  return *body_;
}

Recorded Journal::record(const Event& event) {
  Recorded result{};
  body().record({&event, 1}, {&result, 1});
  return result;
}
void Journal::record(std::span<const Event> events, std::span<Recorded> results) {
  body().record(events, results);
}
Undone Journal::undo(Municipality municipality, std::string_view source, std::string_view event_id) {
  return body().undo({municipality, source, event_id});
}
Cube Journal::cube() const {
  return body().cube();
}
JournalChanges Journal::changes(std::int64_t since) const {
  return body().changes(since);
}
Counted Journal::count(const JournalCountOptions& options) const {
  return body().count(options);
}
std::int64_t Journal::export_csv(const std::string& path) const {
  return body().export_csv(path);
}
JournalStatus Journal::status() const {
  return body().status();
}
JournalCheck Journal::verify() const {
  return body().verify();
}
void Journal::backup(const std::string& path) const {
  body().backup(path);
}
void Journal::seal(bool erase_ids) {
  body().seal(erase_ids);
}
void Journal::close() {
  body().close();
}
const std::string& Journal::path() const {
  return body().path();
}

}  // namespace komhen
