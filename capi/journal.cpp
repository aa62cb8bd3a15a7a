/// The journal (9 of komhen.h).
#include <vector>

#include "count.hpp"

struct komhen_journal {
  komhen::Journal journal;
};

namespace komhen::capi {
namespace {

JournalMode mode_of(std::int32_t mode) {
  switch (mode) {
    case KOMHEN_JOURNAL_OPEN_OR_CREATE:
      return JournalMode::open_or_create;
    case KOMHEN_JOURNAL_CREATE:
      return JournalMode::create_only;
    case KOMHEN_JOURNAL_OPEN:
      return JournalMode::must_exist;
    default:
      refuse("options has the mode " + std::to_string(mode) + ", which there is not");
  }
}

/// The event of a registration that is one. @param place  its number in a batch, from 1; 0 for one alone.
Event event_of(const komhen_registration& given, std::int64_t place) {
  Codes codes = codes_of(given);
  codes.event_id = text(given.event_id, given.event_id_size, "event_id");
  const Checked checked = check(codes);
  const std::string name = place == 0 ? "the event" : "event " + std::to_string(place) + " of the batch";
  if (checked.reason == Reason::personal_data)
    throw Error(ErrorKind::personal_data, name + " holds something like a CPR number; nothing was recorded",
                place);
  if (!checked.registration)
    throw Error(
        ErrorKind::argument,
        name + " is no registration (" + std::string{token(checked.reason)} + "); nothing was recorded",
        place);
  return {*checked.registration, codes.event_id};
}

}  // namespace
}  // namespace komhen::capi

using namespace komhen::capi;

komhen_status komhen_journal_open(const char* file, int64_t size, const komhen_journal_options* options,
                                  komhen_journal** out, komhen_error* err) {
  return making(out, err, [&] {
    komhen::JournalOptions told;
    if (options != nullptr) {
      const komhen_journal_options& given = known(options, "options");
      told.mode = mode_of(given.mode);
      if (given.trial != 0 && given.trial != 1)
        refuse("options has the trial " + std::to_string(given.trial) + "; it must be 0 or 1");
      told.trial = given.trial == 1;
      told.group_delay = std::chrono::microseconds{given.group_delay_micros};
    }
    return new komhen_journal{komhen::Journal::open(path(file, size, "path"), told)};
  });
}

void komhen_journal_free(komhen_journal* journal) {
  freeing(journal);
}

komhen_status komhen_journal_record(komhen_journal* journal, const komhen_registration* event,
                                    int32_t* recorded, komhen_error* err) {
  if (recorded != nullptr) *recorded = 0;
  return guarded(err, [&] {
    komhen::Journal& into = there(journal, "journal").journal;
    const komhen_registration& given = known(event, "event");
    std::int32_t& answer = there(recorded, "recorded");
    answer = static_cast<std::int32_t>(into.record(event_of(given, 0)));
  });
}

komhen_status komhen_journal_record_many(komhen_journal* journal, const komhen_registration* events,
                                         int64_t count, uint8_t* recorded, komhen_error* err) {
  return guarded(err, [&] {
    komhen::Journal& into = there(journal, "journal").journal;
    if (count < 0) refuse("count is negative");
    const std::uint32_t distance = count == 0 ? 0 : known(events, "events").struct_size;
    std::vector<komhen::Event> batch;
    batch.reserve(static_cast<std::size_t>(count));
    const auto* at = reinterpret_cast<const char*>(events);
    for (std::int64_t i = 0; i < count; ++i, at += distance) {
      const auto& given = known(reinterpret_cast<const komhen_registration*>(at), "one of the events");
      if (given.struct_size != distance) refuse("the events have different struct_sizes");
      batch.push_back(event_of(given, i + 1));
    }
    std::vector<komhen::Recorded> answers(batch.size());
    into.record(batch, answers);
    if (recorded == nullptr) return;
    for (std::size_t i = 0; i < answers.size(); ++i) recorded[i] = static_cast<std::uint8_t>(answers[i]);
  });
}

komhen_status komhen_journal_undo(komhen_journal* journal, int32_t municipality, const char* source,
                                  int64_t source_size, const char* event_id, int64_t event_id_size,
                                  int32_t* undone, komhen_error* err) {
  if (undone != nullptr) *undone = 0;
  return guarded(err, [&] {
    komhen::Journal& into = there(journal, "journal").journal;
    std::int32_t& answer = there(undone, "undone");
    const auto who = komhen::Municipality::from_code(municipality);
    if (!who)
      refuse("municipality is " + komhen::masked(std::to_string(municipality)) +
             ", which is no municipality's code");
    answer = static_cast<std::int32_t>(
        into.undo(*who, text(source, source_size, "source"), text(event_id, event_id_size, "event_id")));
  });
}

komhen_status komhen_journal_cube(komhen_journal* journal, komhen_cube** out, komhen_error* err) {
  return making(out, err, [&] { return handle_of(there(journal, "journal").journal.cube()); });
}

komhen_status komhen_journal_changes(komhen_journal* journal, int64_t since, komhen_cube** added,
                                     komhen_cube** removed, int64_t* up_to, komhen_error* err) {
  if (added != nullptr) *added = nullptr;
  if (removed != nullptr) *removed = nullptr;
  if (up_to != nullptr) *up_to = 0;
  return guarded(err, [&] {
    komhen::Journal& from = there(journal, "journal").journal;
    komhen_cube*& more = there(added, "added");
    komhen_cube*& less = there(removed, "removed");
    std::int64_t& end = there(up_to, "up_to");
    if (added == removed) refuse("added and removed are the same place");
    komhen::JournalChanges changes = from.changes(since);
    std::unique_ptr<komhen_cube> first{handle_of(std::move(changes.added))};
    less = handle_of(std::move(changes.removed));
    more = first.release();
    end = changes.up_to;
  });
}

komhen_status komhen_journal_count(komhen_journal* journal, const komhen_count_options* options,
                                   komhen_cube** out, komhen_outcome* outcome, komhen_error* err) {
  clear(outcome);
  return making(out, err, [&] {
    komhen::Journal& from = there(journal, "journal").journal;
    static_cast<void>(there(out, "out"));
    check_outcome(outcome);
    const komhen_count_options told = options_of(options);
    komhen::Counted counted = from.count({round_of(told), participation_of(told), 0});
    hand_out(counted.outcome, outcome);
    return handle_of(std::move(counted.cube));
  });
}

komhen_status komhen_journal_export(komhen_journal* journal, const char* file, int64_t size,
                                    komhen_error* err) {
  return guarded(err, [&] { there(journal, "journal").journal.export_csv(path(file, size, "path")); });
}

komhen_status komhen_journal_backup(komhen_journal* journal, const char* file, int64_t size,
                                    komhen_error* err) {
  return guarded(err, [&] { there(journal, "journal").journal.backup(path(file, size, "path")); });
}

komhen_status komhen_journal_status_of(komhen_journal* journal, komhen_journal_status* out,
                                       komhen_error* err) {
  clear(out);
  return guarded(err, [&] {
    komhen::Journal& from = there(journal, "journal").journal;
    komhen_journal_status& into = known(out, "out");
    const komhen::JournalStatus status = from.status();
    into.trial = status.trial ? 1 : 0;
    into.sealed = status.sealed ? 1 : 0;
    into.schema = status.schema_version;
    into.events = status.events;
    into.counting = status.effective;
    into.undone = status.undone;
    into.waiting = status.waiting_undos;
    into.contacts = status.contacts;
    into.sequence = status.last_seq;
  });
}

komhen_status komhen_journal_verify(komhen_journal* journal, komhen_error* err) {
  return guarded(err, [&] {
    const komhen::JournalCheck check = there(journal, "journal").journal.verify();
    if (!check.sound) throw komhen::Error(komhen::ErrorKind::format, check.sentence);
  });
}

komhen_status komhen_journal_seal(komhen_journal* journal, int32_t erase_ids, komhen_error* err) {
  return guarded(err, [&] {
    komhen::Journal& into = there(journal, "journal").journal;
    if (erase_ids != 0 && erase_ids != 1)
      refuse("erase_ids is " + std::to_string(erase_ids) + "; it must be 0 or 1");
    into.seal(erase_ids == 1);
  });
}

komhen_status komhen_journal_merge(const char* out, int64_t out_size, const char* const* paths,
                                   const int64_t* sizes, int64_t count, int64_t* conflicts,
                                   komhen_error* err) {
  if (conflicts != nullptr) *conflicts = 0;
  return guarded(err, [&] {
    const std::string name = path(out, out_size, "out");
    const auto given = texts_of(paths, sizes, count, "paths");
    const std::vector<std::string> names{given.begin(), given.end()};
    const komhen::JournalMerged merged = komhen::merge_journals(name, names);
    if (conflicts != nullptr) *conflicts = merged.conflicts;
  });
}
