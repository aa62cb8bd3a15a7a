#include "journal_store.hpp"

#include <new>

#include "crc64.hpp"
#include "komhen/registration/personal_data.hpp"

namespace komhen::detail {
namespace {

constexpr std::int64_t kApplication = 0x4B4F'4D48;  // "KOMH"
constexpr int kLogPages = 1'000;                    ///< of 4 KiB, after which the log is copied into the file

/// Version 1, as docs/journal.md describes it. Weeks as 201217, tasks as 230510, the rest as numbered in the
/// vocabulary; an undo has 0 and empty texts for its content.
constexpr const char* kTables = R"(
  CREATE TABLE entry (
    seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL,
    municipality INTEGER NOT NULL, source TEXT NOT NULL, event_id TEXT NOT NULL,
    week INTEGER NOT NULL, task INTEGER NOT NULL, channel INTEGER NOT NULL, type INTEGER NOT NULL,
    direction INTEGER NOT NULL, closure INTEGER NOT NULL, form INTEGER NOT NULL, unit TEXT NOT NULL,
    count INTEGER NOT NULL, chain INTEGER NOT NULL);
  CREATE UNIQUE INDEX entry_key ON entry (municipality, source, event_id, kind);
  CREATE TABLE about (
    one INTEGER PRIMARY KEY CHECK (one = 1), trial INTEGER NOT NULL, sealed INTEGER NOT NULL,
    erased INTEGER NOT NULL, cube BLOB, events INTEGER, effective INTEGER, undone INTEGER, waiting_undos INTEGER,
    contacts INTEGER, first_week INTEGER, last_week INTEGER, last_seq INTEGER);
)";

constexpr std::string_view kColumns =
    "e.seq, e.kind, e.municipality, e.week, e.task, e.channel, e.type, e.direction, e.closure, e.form, "
    "e.count, "
    "e.source, e.unit, e.event_id, e.chain";

/// `about.erased`: what became of the ids of a sealed journal.
enum Erased : std::int64_t { kKept = 0, kErasing = 1, kErased = 2 };

std::optional<Week> week_of(std::int64_t digits) noexcept {
  if (digits < 0 || digits > 999'999) return std::nullopt;
  return Week::from_iso(static_cast<int>(digits / 100), static_cast<int>(digits % 100));
}

}  // namespace

std::optional<Registration> JournalEntry::registration() const noexcept {
  const auto& self = *this;
  const auto where = Municipality::from_code(self[municipality]);
  const auto when = week_of(self[week]);
  const auto what = KleNumber::from_digits(self[task]);
  const auto how = from_number<Channel>(self[channel]);
  const auto why = from_number<ContactType>(self[type]);
  const auto way = from_number<Direction>(self[direction]);
  const auto end = from_number<Closure>(self[closure]);
  const auto paper = from_number<AttachedForm>(self[form]);
  if (!where || !when || !what || !how || !why || !way || !end || !paper || self[count] < 1 ||
      self[count] > kMaxRowCount || !is_label(source, kMaxLabel) || !is_label(unit, kMaxLabel))
    return std::nullopt;
  return Registration{*where, *when, *what, *how, *why, *way, *end, *paper, source, unit, self[count]};
}

std::optional<EventKey> JournalEntry::key() const noexcept {
  const auto where = Municipality::from_code((*this)[municipality]);
  if (!where || !is_label(source, kMaxLabel) || event_id.empty() || !is_label(event_id, kMaxEventId))
    return std::nullopt;
  return EventKey{*where, source, event_id};
}

std::uint64_t JournalStore::chained(std::uint64_t before, const JournalEntry& entry) {
  std::string bytes;
  bytes.reserve(256);
  const auto number = [&](std::int64_t value) {
    auto rest = static_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i, rest >>= 8U) bytes += static_cast<char>(rest & 0xFFU);
  };
  for (const std::int64_t value : entry.numbers) number(value);
  for (const std::string* text : {&entry.source, &entry.unit, &entry.event_id}) {
    number(static_cast<std::int64_t>(text->size()));
    bytes += *text;
  }
  return crc64(bytes, before);
}

// --- opening
// ---------------------------------------------------------------------------------------------------

JournalStore::JournalStore(const std::string& path, const JournalOptions& options, const char* vfs)
    : path_{canonical_path(path)},
      named_{"the journal " + quoted(path)},
      read_only_{options.mode == JournalMode::read_only} {
  const bool may_make =
      options.mode == JournalMode::open_or_create || options.mode == JournalMode::create_only;
  const auto size = regular_file_size(path_);
  if (!size && !may_make) throw Error(ErrorKind::file, named_ + " does not exist");
  if (size && options.mode == JournalMode::create_only)
    throw Error(ErrorKind::file, named_ + " exists already");
  const SizeSignalHeld held;
  lock_.emplace(path_ + ".lock",
                named_ +
                    " is open elsewhere, in this process or another; only its owner can read "
                    "or write it until it is closed");
  bool made = false;
  if (may_make) {
    made = create_private(path_);
    if (!made && options.mode == JournalMode::create_only)
      throw Error(ErrorKind::file, named_ + " exists already");
  }
  const auto give_up = [&] {
    database_.reset();
    if (made) remove_file(path_);  // nothing is in it yet
  };
  try {
    open_file(options, made, vfs);
  } catch (const SqliteFault& fault) {
    give_up();
    if (fault.is_locked()) throw Error(ErrorKind::busy, named_ + " is open in another program");
    if (fault.is_foreign())
      throw Error(ErrorKind::format, named_ + " is no journal, or its beginning is damaged");
    if (fault.is_unopened() || fault.is_read_only())
      throw Error(ErrorKind::file, named_ + " could not be opened: " + fault.why);
    throw Error(ErrorKind::storage,
                named_ + " could not be opened: " + fault.why + "; what was acknowledged was not touched");
  } catch (...) {
    give_up();
    throw;
  }
}

JournalStore::~JournalStore() {
  const SizeSignalHeld held;  // closing copies the log into the file
  // After a failure that leaves open what lies on the disk, the next opening finds all as it is.
  if (!broken_.empty() && database_) database_->leave_log_at_close();
  for (SqliteStatement* statement : {&find_, &insert_, &events_, &undone_, &entries_}) *statement = {};
  database_.reset();
}

void JournalStore::open_file(const JournalOptions& options, bool made, const char* vfs) {
  database_.emplace(path_, vfs);
  Sqlite& database = *database_;
  if (database.is_read_only())
    throw Error(ErrorKind::file,
                named_ + " may not be written by this user, which its lock needs for reading too");
  // Exclusive before the first access to a log: no -shm file, whose truncation could kill the host, and no
  // second connection, which the log-reset fault of SQLite 3.7.0 to 3.51.2 needs.
  database.execute(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA mmap_size = 0; PRAGMA synchronous = FULL; PRAGMA "
      "secure_delete = ON; "
      "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;");
  if (database.number("PRAGMA page_count") == 0) {
    // Made just now, or by somebody who was stopped before anything was in it.
    if (!made && (read_only_ || options.mode == JournalMode::must_exist))
      throw Error(ErrorKind::format, named_ + " is empty: it was made and nothing was ever written to it");
    if (!made) make_private(path_);
    create_tables(options.trial.value_or(false));
  }
  if (database.number("PRAGMA application_id") != kApplication)
    throw Error(ErrorKind::format, named_ + " is a database of another program");
  const std::int64_t schema = database.number("PRAGMA user_version");
  if (schema > kSchema)
    throw Error(ErrorKind::format, named_ + " was written by a newer komhen (schema " +
                                       std::to_string(schema) + ", this one knows " +
                                       std::to_string(kSchema) + ")");
  if (schema < 1) throw Error(ErrorKind::format, named_ + " has no schema number");
  if (!read_only_ && database.text("PRAGMA journal_mode = WAL") != "wal")
    throw Error(ErrorKind::file, named_ + " lies where SQLite cannot keep a write-ahead log");
  read_about();
  if (options.trial && *options.trial != trial_)
    throw Error(ErrorKind::argument, named_ + (trial_ ? " is a trial's, and was opened as a real one"
                                                      : " is a real one, and was opened as a trial's"));
  // What a host that died had written may still lie in the system's memory only, even after a sync that
  // failed. Copied into the file and synced, it is durable before any answer builds on it.
  if (!read_only_) database.checkpoint(true);
  file_ = file_id(path_);
  log_ = file_id(path_ + "-wal");
  const std::string columns{kColumns};
  find_ = {database,
           "SELECT kind, week, task, channel, type, direction, closure, form, count, unit FROM entry "
           "WHERE municipality = ?1 AND source = ?2 AND event_id = ?3"};
  insert_ = {database,
             "INSERT INTO entry (seq, kind, municipality, week, task, channel, type, direction, closure, "
             "form, count, source, unit, event_id, chain) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"};
  events_ = {database,
             "SELECT " + columns +
                 ", u.seq FROM entry e LEFT JOIN entry u ON u.municipality = e.municipality AND u.source = "
                 "e.source AND u.event_id = e.event_id AND u.kind = 2 AND u.seq <= ?2 "
                 "WHERE e.seq > ?1 AND e.seq <= ?2 AND e.kind = 1 ORDER BY e.seq LIMIT ?3"};
  undone_ = {database,
             "SELECT " + columns +
                 ", u.seq FROM entry u CROSS JOIN entry e ON e.municipality = u.municipality AND e.source = "
                 "u.source AND e.event_id = u.event_id AND e.kind = 1 "
                 "WHERE u.seq > ?1 AND u.seq <= ?2 AND u.kind = 2 ORDER BY u.seq LIMIT ?3"};
  entries_ = {database, "SELECT " + columns +
                            ", NULL FROM entry e WHERE e.seq > ?1 AND e.seq <= ?2 "
                            "ORDER BY e.seq LIMIT ?3"};
  if (!read_only_ && sealed_) finish_erasing();
}

void JournalStore::create_tables(bool trial) {
  // In one transaction: a journal is whole or empty.
  const std::string sql = "BEGIN IMMEDIATE; PRAGMA application_id = " + std::to_string(kApplication) +
                          "; PRAGMA user_version = " + std::to_string(kSchema) + ";" + kTables +
                          "INSERT INTO about (one, trial, sealed, erased) VALUES (1, " + (trial ? "1" : "0") +
                          ", 0, 0); COMMIT;";
  database_->execute(sql.c_str());
}

void JournalStore::read_about() {
  SqliteStatement about{*database_, "SELECT trial, sealed, erased, last_seq FROM about"};
  if (!about.step())
    throw Error(ErrorKind::storage, named_ + " is damaged: it does not say whether it is a trial's");
  trial_ = about.number(0) != 0;
  sealed_ = about.number(1) != 0;
  erased_ = about.number(2) != kKept;
  SqliteStatement last{*database_, "SELECT seq, chain FROM entry ORDER BY seq DESC LIMIT 1"};
  if (last.step()) {
    last_seq_ = last.number(0);
    last_chain_ = static_cast<std::uint64_t>(last.number(1));
  } else {
    last_seq_ = about.number(3);
  }
  kept_seq_ = last_seq_;
  kept_chain_ = last_chain_;
}

std::int64_t JournalStore::file_bytes() const {
  return regular_file_size(path_).value_or(0) + regular_file_size(path_ + "-wal").value_or(0);
}

// --- writing
// ---------------------------------------------------------------------------------------------------

void JournalStore::check_writable() const {
  if (sealed_) throw Error(ErrorKind::sealed, named_ + " is sealed and takes no more records");
  if (read_only_) throw Error(ErrorKind::argument, named_ + " is open for reading only");
  if (!broken_.empty())
    throw Error(ErrorKind::storage, named_ + " takes no more records since an earlier failure (" + broken_ +
                                        "); nothing of this call was kept; open it anew");
  // What is written to a file without its name survives the process and is never found again.
  if (file_id(path_) != file_ || (log_ && file_id(path_ + "-wal") != log_))
    throw Error(ErrorKind::storage, named_ +
                                        " or its log was moved, removed or replaced while it is open; "
                                        "nothing of this call was kept; put it back, or open it anew");
}

void JournalStore::begin() {
  check_writable();
  try {
    database_->execute("BEGIN IMMEDIATE");
  } catch (const SqliteFault& fault) {
    not_kept(fault);
  }
}

JournalStore::Put JournalStore::put(const Registration& r, std::string_view event_id) try {
  JournalEntry entry;
  entry.numbers = {0,
                   JournalEntry::kRecord,
                   r.municipality.code(),
                   r.week.digits(),
                   r.task.digits(),
                   static_cast<std::int64_t>(r.channel),
                   static_cast<std::int64_t>(r.type),
                   static_cast<std::int64_t>(r.direction),
                   static_cast<std::int64_t>(r.closure),
                   static_cast<std::int64_t>(r.form),
                   r.count};
  entry.source = r.source;
  entry.unit = r.unit;
  entry.event_id = event_id;
  bool undone = false;
  std::optional<Recorded> there;
  {
    find_.bind(1, entry[JournalEntry::municipality]).bind(2, r.source).bind(3, event_id);
    const SqliteRows rows{find_};
    while (find_.step()) {
      if (find_.number(0) == JournalEntry::kUndo) {
        undone = true;
        continue;
      }
      bool same = find_.text(9) == r.unit;
      for (std::size_t i = 0; i < 8; ++i)
        same = same && find_.number(static_cast<int>(i) + 1) == entry.numbers[i + 3];
      there = same ? Recorded::duplicate : Recorded::conflict;
    }
  }
  if (!there) append(entry);
  return {there.value_or(Recorded::recorded), undone};
} catch (const SqliteFault& fault) {
  not_kept(fault);
}

Undone JournalStore::put_undo(const EventKey& key) try {
  bool event_is_there = false;
  {
    find_.bind(1, std::int64_t{key.municipality.code()}).bind(2, key.source).bind(3, key.event_id);
    const SqliteRows rows{find_};
    while (find_.step()) {
      if (find_.number(0) == JournalEntry::kUndo) return Undone::already_undone;
      event_is_there = true;
    }
  }
  JournalEntry entry;
  entry.numbers[JournalEntry::kind] = JournalEntry::kUndo;
  entry.numbers[JournalEntry::municipality] = key.municipality.code();
  entry.source = key.source;
  entry.event_id = key.event_id;
  append(entry);
  return event_is_there ? Undone::undone : Undone::waiting;
} catch (const SqliteFault& fault) {
  not_kept(fault);
}

void JournalStore::append(JournalEntry& entry) {
  entry.numbers[JournalEntry::seq] = last_seq_ + 1;
  entry.chain = chained(last_chain_, entry);
  for (std::size_t i = 0; i < entry.numbers.size(); ++i)
    insert_.bind(static_cast<int>(i + 1), entry.numbers[i]);
  insert_.bind(12, std::string_view{entry.source}).bind(13, std::string_view{entry.unit});
  insert_.bind(14, std::string_view{entry.event_id}).bind(15, static_cast<std::int64_t>(entry.chain));
  insert_.run();
  ++last_seq_;
  last_chain_ = entry.chain;
}

void JournalStore::commit() {
  try {
    try {
      database_->execute("COMMIT");
    } catch (const std::bad_alloc&) {
      throw SqliteFault{7, 0, "memory ran out"};
    }
  } catch (const SqliteFault& fault) {
    // A log that could not take the commit's last page has no valid commit in it; anything else leaves it
    // open.
    if (fault.is_full() && !fault.is_sync()) not_kept(fault);
    unknown(fault);
  }
  kept_seq_ = last_seq_;
  kept_chain_ = last_chain_;
  if (database_->log_pages() < kLogPages) return;
  try {
    database_->checkpoint(false);
  } catch (const SqliteFault& fault) {
    // The log is synced and keeps everything. On a full disk it goes on growing; after worse, nothing more is
    // risked.
    if (!fault.is_full()) broken_ = fault.why;
  } catch (const std::bad_alloc&) {
    static_cast<void>(0);  // copied the next time
  }
}

void JournalStore::roll_back() noexcept {
  last_seq_ = kept_seq_;
  last_chain_ = kept_chain_;
  try {
    if (database_->in_transaction()) database_->execute("ROLLBACK");
  } catch (...) {
    broken_ = "a transaction could not be given up";
  }
}

void JournalStore::not_kept(const SqliteFault& fault) {
  roll_back();
  if (fault.is_sync()) broken_ = fault.why;
  throw Error(ErrorKind::storage,
              named_ + " could not be written: " + fault.why +
                  "; nothing of this call was kept, everything acknowledged before it is" +
                  (broken_.empty() ? "" : "; open it anew before the next call"));
}

void JournalStore::unknown(const SqliteFault& fault) {
  roll_back();
  broken_ = fault.why;
  throw Error(ErrorKind::storage,
              named_ + " could not be written: " + fault.why +
                  "; it is not known whether this call was kept, everything acknowledged before it "
                  "is; open it anew and send the same events again");
}

// --- reading
// ---------------------------------------------------------------------------------------------------

void JournalStore::unread(const SqliteFault& fault) const {
  throw Error(ErrorKind::storage, named_ + " could not be read: " + fault.why);
}

template <class Work>
auto JournalStore::reading(Work&& work) const {
  try {
    return work();
  } catch (const SqliteFault& fault) {
    unread(fault);
  }
}

void JournalStore::refuse_entry(std::int64_t seq) const {
  throw Error(ErrorKind::storage,
              named_ + " is damaged: entry " + std::to_string(seq) + " holds what cannot be");
}

void JournalStore::fill(JournalEntry& entry, const SqliteStatement& row) const {
  for (std::size_t i = 0; i < entry.numbers.size(); ++i) entry.numbers[i] = row.number(static_cast<int>(i));
  entry.source = row.text(11);
  entry.unit = row.text(12);
  entry.event_id = row.text(13);
  entry.chain = static_cast<std::uint64_t>(row.number(14));
  entry.undone_at = row.number(15);
}

namespace {

/// Fills `out` with what the query gives, using its texts' memory again.
template <class Fill>
void read_rows(SqliteStatement& query, std::int64_t after, std::int64_t up_to, std::size_t most,
               std::vector<JournalEntry>& out, Fill&& fill) {
  std::size_t size = 0;
  query.bind(1, after).bind(2, up_to).bind(3, static_cast<std::int64_t>(most));
  const SqliteRows rows{query};
  while (query.step()) {
    if (size == out.size()) out.emplace_back();
    fill(out[size++], query);
  }
  out.resize(size);
}

}  // namespace

void JournalStore::read_events(std::int64_t after, std::int64_t up_to, std::size_t most,
                               std::vector<JournalEntry>& out) {
  reading([&] {
    read_rows(events_, after, up_to, most, out, [&](auto& entry, auto& row) { fill(entry, row); });
  });
}
void JournalStore::read_undone(std::int64_t after, std::int64_t up_to, std::size_t most,
                               std::vector<JournalEntry>& out) {
  reading([&] {
    read_rows(undone_, after, up_to, most, out, [&](auto& entry, auto& row) { fill(entry, row); });
  });
}
void JournalStore::read_entries(std::int64_t after, std::int64_t up_to, std::size_t most,
                                std::vector<JournalEntry>& out) {
  reading([&] {
    read_rows(entries_, after, up_to, most, out, [&](auto& entry, auto& row) { fill(entry, row); });
  });
}

std::string JournalStore::damage() try {
  const std::string found = database_->text("PRAGMA integrity_check(1)");
  return found == "ok" ? "" : shown(found.substr(0, found.find('\n')));
} catch (const SqliteFault& fault) {
  return fault.why;
}

void JournalStore::copy_to(const std::string& path) {
  NewFile copy{path};
  try {
    SqliteStatement{*database_, "VACUUM INTO ?1"}.bind(1, std::string_view{copy.beside()}).run();
  } catch (const SqliteFault& fault) {
    throw Error(ErrorKind::file, "the copy " + quoted(path) + " of " + named_ + " could not be written: " +
                                     fault.why + "; the journal itself is as it was");
  }
  copy.keep();
}

// --- the seal
// --------------------------------------------------------------------------------------------------

Cube JournalStore::sealed_cube() {
  const std::string bytes = reading([&] { return database_->text("SELECT cube FROM about"); });
  return deserialised(bytes, path_);
}

JournalStatus JournalStore::sealed_status() {
  return reading([&] {
    SqliteStatement about{
        *database_,
        "SELECT events, effective, undone, waiting_undos, contacts, first_week, last_week, last_seq "
        "FROM about"};
    JournalStatus status;
    if (!about.step()) return status;
    status.events = about.number(0);
    status.effective = about.number(1);
    status.undone = about.number(2);
    status.waiting_undos = about.number(3);
    status.contacts = about.number(4);
    status.first_week = week_of(about.number(5));
    status.last_week = week_of(about.number(6));
    status.last_seq = about.number(7);
    return status;
  });
}

void JournalStore::seal(const Cube& cube, const JournalStatus& status, bool erase_ids) {
  const std::string bytes = serialised(cube);
  const auto digits = [](const std::optional<Week>& week) { return week ? std::int64_t{week->digits()} : 0; };
  const bool was_sealed = sealed_;
  sealed_ = false;  // so that a second seal may erase
  try {
    begin();
  } catch (...) {
    sealed_ = was_sealed;
    throw;
  }
  sealed_ = was_sealed;
  try {
    SqliteStatement seal{
        *database_,
        "UPDATE about SET sealed = 1, erased = ?1, cube = ?2, events = ?3, effective = ?4, undone = "
        "?5, waiting_undos = ?6, contacts = ?7, first_week = ?8, last_week = ?9, last_seq = ?10"};
    seal.bind(1, std::int64_t{erase_ids ? kErasing : kKept}).bind_bytes(2, bytes).bind(3, status.events);
    seal.bind(4, status.effective)
        .bind(5, status.undone)
        .bind(6, status.waiting_undos)
        .bind(7, status.contacts);
    seal.bind(8, digits(status.first_week)).bind(9, digits(status.last_week)).bind(10, last_seq_).run();
    if (erase_ids) database_->execute("DELETE FROM entry");
  } catch (const SqliteFault& fault) {
    not_kept(fault);
  }
  commit();
  sealed_ = true;
  erased_ = erase_ids;
  finish_erasing();
}

/// When it is cut short, the next seal or the next opening does it again.
void JournalStore::finish_erasing() {
  try {
    if (database_->number("SELECT erased FROM about") != kErasing) return;
    database_->execute("VACUUM");
    database_->checkpoint(true);
    const std::string done = "UPDATE about SET erased = " + std::to_string(kErased);
    database_->execute(done.c_str());
    database_->checkpoint(true);
  } catch (const SqliteFault& fault) {
    throw Error(ErrorKind::storage,
                named_ + " is sealed and its cube is kept, but its ids are not yet overwritten: " +
                    fault.why + "; sealing it again or opening it anew tries again");
  }
}

}  // namespace komhen::detail
