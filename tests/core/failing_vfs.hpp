#pragma once

#include <sqlite3.h>

#include <atomic>
#include <functional>
#include <string>

namespace test {

/// A file layer over the system's own that fails when it is told to. Only databases that name it use it.
class FailingVfs {
 public:
  /// What a write or a sync of a file whose name ends in `ending` is about to do; not SQLITE_OK makes it
  /// fail.
  using Decide = std::function<int(bool sync, std::string_view ending)>;

  FailingVfs();
  ~FailingVfs();
  FailingVfs(const FailingVfs&) = delete;
  FailingVfs& operator=(const FailingVfs&) = delete;

  [[nodiscard]] const char* name() const noexcept { return name_.c_str(); }
  void decide(Decide decide) { decide_ = std::move(decide); }
  void heal() { decide_ = nullptr; }

 private:
  struct File;
  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags);

  std::string name_;
  sqlite3_vfs vfs_{};
  Decide decide_;
};

}  // namespace test
