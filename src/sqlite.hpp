#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// The little of SQLite that the journal needs. Not safe from several threads: whoever uses it takes turns.
namespace komhen::detail {

/// What SQLite could not do. Memory that ran out is std::bad_alloc.
struct SqliteFault {
  int code;         ///< extended result code
  int system;       ///< errno of the last failure of the system, 0 when there was none
  std::string why;  ///< a clause for a sentence; no text of any row is in it

  [[nodiscard]] bool is_full() const noexcept;       ///< the disk, or the size that the system allows
  [[nodiscard]] bool is_sync() const noexcept;       ///< a sync failed: what lies on the disk is not known
  [[nodiscard]] bool is_locked() const noexcept;     ///< another connection has the file
  [[nodiscard]] bool is_foreign() const noexcept;    ///< not an SQLite file at all
  [[nodiscard]] bool is_unopened() const noexcept;   ///< could not be opened
  [[nodiscard]] bool is_read_only() const noexcept;  ///< may not be written
};

/// The version of the SQLite that runs, such as "3.40.1".
[[nodiscard]] const char* sqlite_version() noexcept;

class Sqlite;

/// A prepared statement. It is reset by run() and by the last step of a query.
class SqliteStatement {
 public:
  SqliteStatement() = default;
  SqliteStatement(Sqlite& database, std::string_view sql);
  ~SqliteStatement();
  SqliteStatement(SqliteStatement&& other) noexcept;
  SqliteStatement& operator=(SqliteStatement&& other) noexcept;

  SqliteStatement& bind(int place, std::int64_t value);
  /// Text is borrowed until the statement has run.
  SqliteStatement& bind(int place, std::string_view text);
  SqliteStatement& bind_bytes(int place, std::string_view bytes);

  /// Runs to the end. @throws SqliteFault.
  void run();
  /// The next row; false at the end, which resets. @throws SqliteFault.
  bool step();
  void reset() noexcept;

  [[nodiscard]] std::int64_t number(int column) const noexcept;
  /// Borrowed until the next step or reset.
  [[nodiscard]] std::string_view text(int column) const noexcept;
  [[nodiscard]] bool is_null(int column) const noexcept;

 private:
  Sqlite* database_ = nullptr;
  sqlite3_stmt* handle_ = nullptr;
};

/// Resets a query when its reader leaves, also by an exception.
class SqliteRows {
 public:
  explicit SqliteRows(SqliteStatement& statement) noexcept : statement_{statement} {}
  ~SqliteRows() { statement_.reset(); }
  SqliteRows(const SqliteRows&) = delete;
  SqliteRows& operator=(const SqliteRows&) = delete;

 private:
  SqliteStatement& statement_;
};

class Sqlite {
 public:
  /// Opens an existing file. @param vfs  name of another file layer, for tests; nullptr for the system's.
  /// @throws SqliteFault.
  Sqlite(const std::string& path, const char* vfs);
  ~Sqlite();
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  /// @throws SqliteFault.
  void execute(const char* sql);
  [[nodiscard]] std::int64_t number(std::string_view sql);
  [[nodiscard]] std::string text(std::string_view sql);

  [[nodiscard]] bool in_transaction() const noexcept;
  [[nodiscard]] bool is_read_only() const noexcept;
  /// Pages in the write-ahead log after the last commit.
  [[nodiscard]] int log_pages() const noexcept { return log_pages_; }
  /// Copies the log into the file; `truncate` empties it too. @throws SqliteFault.
  void checkpoint(bool truncate);
  /// Closing leaves file and log as they are.
  void leave_log_at_close() noexcept;

  [[noreturn]] void fail(int code) const;

 private:
  friend class SqliteStatement;
  sqlite3* handle_ = nullptr;
  int log_pages_ = 0;
};

}  // namespace komhen::detail
