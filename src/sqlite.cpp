#include "sqlite.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <new>
#include <utility>

#include "posix_file.hpp"

namespace komhen::detail {
namespace {

/// The system's own number of what went wrong. SQLite's may be of something that it did afterwards.
int system_error(sqlite3* handle, int code) noexcept {
  if (code == SQLITE_IOERR_WRITE && SizeSignalHeld::met_limit()) return EFBIG;
  return handle == nullptr ? 0 : sqlite3_system_errno(handle);
}

std::string clause(int code, int system) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return "the disk is full";
    case SQLITE_CORRUPT:
      return "the file is damaged";
    case SQLITE_NOTADB:
      return "the file is damaged or no database";
    case SQLITE_READONLY:
      return "it may only be read";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program has it open";
    case SQLITE_CANTOPEN:
      return "it or a file beside it could not be opened";
    case SQLITE_TOOBIG:
      return "its cube is larger than 1,000,000,000 bytes";
    default:
      break;
  }
  if (system == EFBIG) return "it would pass the size that the system allows";
  if (system == ENOSPC || system == EDQUOT) return "the disk is full";
  if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) return "the system could not sync it";
  if ((code & 0xFF) == SQLITE_IOERR)
    return "the system could not read or write it (SQLite code " + std::to_string(code) + ")";
  return std::string{sqlite3_errstr(code)} + " (SQLite code " + std::to_string(code) + ")";
}

}  // namespace

bool SqliteFault::is_full() const noexcept {
  return (code & 0xFF) == SQLITE_FULL ||
         ((code & 0xFF) == SQLITE_IOERR && (system == EFBIG || system == ENOSPC || system == EDQUOT));
}
bool SqliteFault::is_sync() const noexcept {
  return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
}
bool SqliteFault::is_locked() const noexcept {
  return (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED;
}
bool SqliteFault::is_foreign() const noexcept {
  return (code & 0xFF) == SQLITE_NOTADB;
}
bool SqliteFault::is_unopened() const noexcept {
  return (code & 0xFF) == SQLITE_CANTOPEN;
}
bool SqliteFault::is_read_only() const noexcept {
  return (code & 0xFF) == SQLITE_READONLY;
}

SqliteStatement::SqliteStatement(Sqlite& database, std::string_view sql) : database_{&database} {
  const int code = sqlite3_prepare_v3(database.handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  if (code != SQLITE_OK) database.fail(code);
}

SqliteStatement::~SqliteStatement() {
  sqlite3_finalize(handle_);
}

SqliteStatement::SqliteStatement(SqliteStatement&& other) noexcept
    : database_{other.database_}, handle_{std::exchange(other.handle_, nullptr)} {}

SqliteStatement& SqliteStatement::operator=(SqliteStatement&& other) noexcept {
  std::swap(database_, other.database_);
  std::swap(handle_, other.handle_);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int place, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(handle_, place, value); code != SQLITE_OK) database_->fail(code);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int place, std::string_view text) {
  const char* bytes = text.empty() ? "" : text.data();  // a null pointer would bind NULL
  if (const int code = sqlite3_bind_text64(handle_, place, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
      code != SQLITE_OK)
    database_->fail(code);
  return *this;
}

SqliteStatement& SqliteStatement::bind_bytes(int place, std::string_view bytes) {
  if (const int code = sqlite3_bind_blob64(handle_, place, bytes.data(), bytes.size(), SQLITE_STATIC);
      code != SQLITE_OK)
    database_->fail(code);
  return *this;
}

void SqliteStatement::run() {
  const SqliteRows reset_afterwards{*this};
  while (step()) {
  }
}

bool SqliteStatement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    const int system = system_error(database_->handle_, code);
    reset();
    if ((code & 0xFF) == SQLITE_NOMEM) throw std::bad_alloc{};
    throw SqliteFault{code, system, clause(code, system)};
  }
  reset();
  return false;
}

void SqliteStatement::reset() noexcept {
  sqlite3_reset(handle_);
}

std::int64_t SqliteStatement::number(int column) const noexcept {
  return sqlite3_column_int64(handle_, column);
}

std::string_view SqliteStatement::text(int column) const noexcept {
  const void* bytes = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  return bytes == nullptr ? std::string_view{}
                          : std::string_view{static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

bool SqliteStatement::is_null(int column) const noexcept {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

Sqlite::Sqlite(const std::string& path, const char* vfs) {
  // Without SQLite's own mutexes: the journal's turns do their work.
  const int code = sqlite3_open_v2(
      path.c_str(), &handle_,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE, vfs);
  if (code != SQLITE_OK) {
    const int system = system_error(handle_, code);
    sqlite3_close(handle_);
    if ((code & 0xFF) == SQLITE_NOMEM) throw std::bad_alloc{};
    throw SqliteFault{code, system, clause(code, system)};
  }
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // Instead of SQLite's own checkpoints, whose failures nobody would hear of.
  sqlite3_wal_hook(
      handle_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Sqlite*>(self)->log_pages_ = pages;
        return SQLITE_OK;
      },
      this);
}

Sqlite::~Sqlite() {
  sqlite3_close_v2(handle_);
}

void Sqlite::execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t Sqlite::number(std::string_view sql) {
  SqliteStatement query{*this, sql};
  return query.step() ? query.number(0) : 0;
}

std::string Sqlite::text(std::string_view sql) {
  SqliteStatement query{*this, sql};
  return query.step() ? std::string{query.text(0)} : std::string{};
}

bool Sqlite::in_transaction() const noexcept {
  return sqlite3_get_autocommit(handle_) == 0;
}

bool Sqlite::is_read_only() const noexcept {
  return sqlite3_db_readonly(handle_, "main") != 0;
}

const char* sqlite_version() noexcept {
  return sqlite3_libversion();
}

void Sqlite::checkpoint(bool truncate) {
  const int code = sqlite3_wal_checkpoint_v2(
      handle_, nullptr, truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
  log_pages_ = 0;
}

void Sqlite::leave_log_at_close() noexcept {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Sqlite::fail(int code) const {
  if ((code & 0xFF) == SQLITE_NOMEM) throw std::bad_alloc{};
  const int system = system_error(handle_, code);
  throw SqliteFault{code, system, clause(code, system)};
}

}  // namespace komhen::detail
