#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/error.hpp"
#include "komhen/journal/journal.hpp"
#include "posix_file.hpp"
#include "sqlite.hpp"

namespace komhen::detail {

/// A key: which event an entry is about. Texts are borrowed.
struct EventKey {
  Municipality municipality;
  std::string_view source;
  std::string_view event_id;
};

/// An entry as it stands in the file, a record or an undo, values not yet looked at.
struct JournalEntry {
  enum Number : std::size_t {
    seq,
    kind,
    municipality,
    week,
    task,
    channel,
    type,
    direction,
    closure,
    form,
    count
  };
  static constexpr std::int64_t kRecord = 1;
  static constexpr std::int64_t kUndo = 2;  ///< the content's numbers are 0

  std::array<std::int64_t, 11> numbers{};
  std::string source;
  std::string unit;
  std::string event_id;
  std::uint64_t chain = 0;     ///< checksum over this entry and, through the one before, over all before it
  std::int64_t undone_at = 0;  ///< seq of the undo of its key, 0 when there is none; not in the file

  [[nodiscard]] std::int64_t operator[](Number which) const noexcept { return numbers[which]; }
  /// The registration, borrowing the texts; nullopt when the file holds what cannot be.
  [[nodiscard]] std::optional<Registration> registration() const noexcept;
  [[nodiscard]] std::optional<EventKey> key() const noexcept;
};

/// A journal's file: what is stored and how. It is used by one thread at a time, and knows nothing of
/// processes.
///
/// Every failure of the disk ends in an Error whose sentence says what was kept.
class JournalStore {
 public:
  static constexpr int kSchema = 1;  ///< the newest that this version knows, and the one it makes

  /// Locks, opens or makes the file. @param vfs  see Sqlite.
  JournalStore(const std::string& path, const JournalOptions& options, const char* vfs);
  ~JournalStore();
  JournalStore(const JournalStore&) = delete;
  JournalStore& operator=(const JournalStore&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] bool trial() const noexcept { return trial_; }
  [[nodiscard]] bool sealed() const noexcept { return sealed_; }
  [[nodiscard]] bool erased() const noexcept { return erased_; }
  [[nodiscard]] std::int64_t last_seq() const noexcept { return last_seq_; }
  [[nodiscard]] std::int64_t file_bytes() const;

  /// What became of a record: whether its key was there, and whether an undo of it is there.
  struct Put {
    Recorded as_new;  ///< recorded, duplicate or conflict, leaving undos aside
    bool undone;
  };

  /// @throws Error when nothing can be written: sealed, read-only, or a failure before this one.
  void check_writable() const;
  void begin();
  Put put(const Registration& registration, std::string_view event_id);
  Undone put_undo(const EventKey& key);
  /// Ends the transaction durably, or throws what says whether anything was kept.
  void commit();
  /// Gives the transaction up after a failure; never throws.
  void roll_back() noexcept;

  /// Records after entry `after`, up to entry `up_to`, at most `most` of them, with the undo of each.
  void read_events(std::int64_t after, std::int64_t up_to, std::size_t most, std::vector<JournalEntry>& out);
  /// Records whose undo lies after entry `after`, up to `up_to`; `undone_at` rises.
  void read_undone(std::int64_t after, std::int64_t up_to, std::size_t most, std::vector<JournalEntry>& out);
  /// Entries of both kinds.
  void read_entries(std::int64_t after, std::int64_t up_to, std::size_t most, std::vector<JournalEntry>& out);

  /// The cube and the numbers that the seal left.
  [[nodiscard]] Cube sealed_cube();
  [[nodiscard]] JournalStatus sealed_status();
  /// @param cube  of all effective events. @param status  the numbers to keep.
  void seal(const Cube& cube, const JournalStatus& status, bool erase_ids);
  /// Overwrites what erased entries left behind, unless that is done. @throws Error (storage).
  void finish_erasing();

  /// SQLite's own check; empty when the file is sound, else a clause.
  [[nodiscard]] std::string damage();
  void copy_to(const std::string& path);

  /// The entry's checksum, given the one before it.
  [[nodiscard]] static std::uint64_t chained(std::uint64_t before, const JournalEntry& entry);
  [[noreturn]] void refuse_entry(std::int64_t seq) const;

 private:
  void open_file(const JournalOptions& options, bool made, const char* vfs);
  void create_tables(bool trial);
  void read_about();
  void append(JournalEntry& entry);
  void fill(JournalEntry& entry, const SqliteStatement& row) const;
  [[noreturn]] void not_kept(const SqliteFault& fault);
  [[noreturn]] void unknown(const SqliteFault& fault);
  [[noreturn]] void unread(const SqliteFault& fault) const;
  template <class Work>
  auto reading(Work&& work) const;

  std::string path_;
  std::string named_;  ///< as sentences call it: the journal '...'
  std::optional<FileLock> lock_;
  std::optional<Sqlite> database_;
  SqliteStatement find_, insert_, events_, undone_, entries_;
  bool read_only_ = false;
  bool trial_ = false;
  bool sealed_ = false;
  bool erased_ = false;
  std::optional<FileId> file_;  ///< what the names meant when it was opened
  std::optional<FileId> log_;
  std::string broken_;  ///< why nothing more is written; empty while all is well
  std::int64_t last_seq_ = 0;
  std::uint64_t last_chain_ = 0;
  std::int64_t kept_seq_ = 0;  ///< of the last commit
  std::uint64_t kept_chain_ = 0;
  std::string scratch_;
};

}  // namespace komhen::detail
