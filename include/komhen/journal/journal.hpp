#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "komhen/journal/recorded.hpp"
#include "komhen/registration/registration.hpp"
#include "komhen/round/participation.hpp"
#include "komhen/round/round.hpp"
#include "komhen/round/week.hpp"
#include "komhen/tally/count.hpp"
#include "komhen/tally/cube.hpp"
#include "komhen/taxonomy/municipality.hpp"

namespace komhen {

namespace detail {
struct JournalAccess;  // what merging and the tests reach behind a handle
}

/// A registration with the caller's own id. The key is (municipality, source, event_id); everything else is
/// the content. Texts are borrowed during the call.
struct Event {
  Registration registration;
  std::string_view event_id;  ///< 1 to 128 bytes of UTF-8; should hold a letter, as a UUID does
};

/// What to do when the file is there, and when it is not.
enum class JournalMode : std::uint8_t {
  open_or_create = 1,
  create_only = 2,  ///< it must not exist
  must_exist = 3,
  read_only = 4,  ///< it must exist; recording and everything else that would change it is refused
};

/// The longest that a commit may wait for other threads.
inline constexpr std::chrono::microseconds kMaxGroupDelay{100'000};

struct JournalOptions {
  JournalMode mode = JournalMode::open_or_create;
  /// Whether its contacts are a trial's. Stored in the file: a journal is a trial or it is real, and never
  /// both. nullopt takes the file as it is; a new file is then real.
  std::optional<bool> trial = false;
  /// How long the thread that commits waits for others to share its sync; 0 to kMaxGroupDelay. Threads that
  /// come while another commits share the next sync without any delay.
  std::chrono::microseconds group_delay{0};
};

/// What a journal holds. Events are records with different keys; undos are no events.
struct JournalStatus {
  std::int64_t events = 0;         ///< effective + undone
  std::int64_t effective = 0;      ///< counted
  std::int64_t undone = 0;         ///< came, and cancelled by an undo
  std::int64_t waiting_undos = 0;  ///< undos whose event has not come
  std::int64_t contacts = 0;       ///< the sum of the effective events' counts
  bool trial = false;
  bool sealed = false;
  bool ids_erased = false;
  std::int64_t last_seq =
      0;  ///< number of the last entry; entries are numbered from 1 in the order they came
  int schema_version = 0;
  std::int64_t file_bytes = 0;     ///< the file and what is not yet copied into it
  std::optional<Week> first_week;  ///< of the effective events
  std::optional<Week> last_week;
};

/// What verify() found.
struct JournalCheck {
  bool sound = false;
  std::int64_t entries = 0;  ///< events and undos whose checksum was found right
  std::string sentence;      ///< one, for people
};

/// The exact difference between two moments: the cube at `up_to` is the one at `since`, plus `added`, minus
/// `removed`.
struct JournalChanges {
  Cube added;              ///< effective at `up_to`, not at `since`
  Cube removed;            ///< effective at `since`, undone by `up_to`
  std::int64_t since = 0;  ///< as it was asked
  std::int64_t up_to = 0;  ///< ask with it the next time
};

/// What count() is told. Round and participation are borrowed during the call.
struct JournalCountOptions {
  const Round* round = nullptr;
  const Participation* participation = nullptr;
  std::int64_t since = 0;  ///< leaves out entries up to this number
};

/// Durable counting: events that were acknowledged survive kill -9 and power loss, and are counted once
/// however often they are sent. docs/journal.md says what is promised.
///
/// One file, held by one handle of one process: a lock file `<path>.lock` sees to it. Several processes write
/// several files, and merge_journals() unites them.
///
/// Threads: every function may be called from any thread at any time; threads that record at the same time
/// share one sync. Only moving and destroying a handle must not meet another call on it.
///
/// After fork() the child must not use the handle: every call throws ErrorKind::forked and touches nothing,
/// and destroying it there leaves file and lock to the parent.
///
/// Errors: `storage` when the disk failed; the sentence says what was and was not kept. When it is not known
/// whether a commit was kept, or a sync has failed, the handle takes no more records until the journal is
/// opened anew; what had no answer is then sent again under its key. `sealed` for records to a sealed
/// journal. `argument` for a handle that is closed.
class Journal {
 public:
  /// Opens a journal, or makes one, readable by this user only (0600).
  /// @throws Error: busy when it is open elsewhere, in this process or another; argument for the other kind
  /// (trial or real); file for what cannot be opened or is there under create_only; format for a file that is
  /// no journal or a newer komhen's; storage for a damaged one.
  [[nodiscard]] static Journal open(const std::string& path, const JournalOptions& options = {});

  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&& other) noexcept;
  ~Journal();

  /// Records one event; it is durable when this returns.
  /// @throws Error: argument for a registration that no file could hold, or an empty event_id; personal_data
  /// for a source, unit or event_id like a CPR number; sealed; storage. The event is then not recorded,
  /// unless the sentence says that this is not known.
  Recorded record(const Event& event);

  /// Records many with one sync: all of them, or on an error none. `results` is as long as `events`, and is
  /// not written on an error.
  void record(std::span<const Event> events, std::span<Recorded> results);

  /// Cancels the event of this key, for good: whether the event is there, comes later or comes again, it is
  /// not counted. Nothing is deleted. @throws Error as record().
  Undone undo(Municipality municipality, std::string_view source, std::string_view event_id);

  /// All effective events. Recording goes on meanwhile; the cube is of the moment of the call.
  [[nodiscard]] Cube cube() const;

  /// What changed after entry number `since` (0: everything). @throws Error: argument for a number below 0 or
  /// past the last entry; sealed when the entries were erased.
  [[nodiscard]] JournalChanges changes(std::int64_t since) const;

  /// The effective events under the rules of a round and a participation. Rows read are the effective events
  /// after `since`, and each is accepted or rejected as unknown_task, outside_round or outside_participation.
  /// @throws Error: argument and sealed as changes().
  [[nodiscard]] Counted count(const JournalCountOptions& options = {}) const;

  /// Writes the effective events as an exchange file with event_id, which appears when it is complete.
  /// Counting it gives cube(). @returns the rows written.
  /// @throws Error: file; sealed when the ids were erased.
  std::int64_t export_csv(const std::string& path) const;

  [[nodiscard]] JournalStatus status() const;

  /// Reads every page and every entry: SQLite's own integrity check, and the chain of checksums over the
  /// entries, which finds an entry that was altered, moved or taken out (against accidents, not against
  /// forgery).
  [[nodiscard]] JournalCheck verify() const;

  /// Copies the journal to a new file, which appears when it is complete, while recording waits.
  /// @throws Error: file, also when `path` exists.
  void backup(const std::string& path) const;

  /// Ends a round: the cube stays, and no more records are taken. With `erase_ids` the entries and their ids
  /// are overwritten; only the cube and the numbers of status() remain. Sealing again is allowed, and may
  /// erase what the first one left. @throws Error (storage).
  void seal(bool erase_ids);

  /// Gives file and lock free; every later call throws ErrorKind::argument. Closing twice is allowed.
  void close();

  /// Where it lies, without symbolic links.
  [[nodiscard]] const std::string& path() const;

 private:
  friend struct detail::JournalAccess;
  class Body;  // in src
  explicit Journal(std::unique_ptr<Body> body);
  [[nodiscard]] Body& body() const;
  std::unique_ptr<Body> body_;
};

/// What became of the entries of merged journals.
struct JournalMerged {
  std::int64_t files = 0;
  std::int64_t events = 0;      ///< with different keys, in the new journal
  std::int64_t duplicates = 0;  ///< events that an earlier file had with the same content
  std::int64_t conflicts = 0;   ///< events that an earlier file had with other content: the first file wins
  std::int64_t undos = 0;       ///< with different keys
  std::int64_t effective = 0;   ///< events that no file has undone
  std::int64_t contacts = 0;    ///< of the effective events
  bool trial = false;
};

/// Unites journals by key into a new one, which appears when it is complete. Undos unite too: one file's undo
/// cancels another file's event. The inputs stay as they are.
/// @throws Error: argument when there is no input, one is named twice, or trial and real ones meet; sealed
/// for a sealed one; busy, file, format and storage as Journal::open(); file when `out_path` exists;
/// cancelled.
/// @param progress  called many times a second with entries done and entries in all; false stops the call.
JournalMerged merge_journals(const std::string& out_path, std::span<const std::string> in_paths,
                             const std::function<bool(std::int64_t, std::int64_t)>& progress = {});

}  // namespace komhen
