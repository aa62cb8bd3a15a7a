#include "failing_vfs.hpp"

#include <cstring>

namespace test {

/// The system's file lies directly behind ours in memory.
struct FailingVfs::File {
  sqlite3_file base;
  FailingVfs* owner;
  const char* ending;

  [[nodiscard]] sqlite3_file* real() noexcept { return reinterpret_cast<sqlite3_file*>(this + 1); }
  static File& of(sqlite3_file* file) noexcept { return *reinterpret_cast<File*>(file); }
  [[nodiscard]] int ask(bool sync) const { return owner->decide_ ? owner->decide_(sync, ending) : SQLITE_OK; }
};

FailingVfs::FailingVfs() {
  static std::atomic<int> made{0};
  name_ = "failing" + std::to_string(made++);
  sqlite3_vfs* const system = sqlite3_vfs_find(nullptr);
  vfs_ = *system;
  vfs_.pNext = nullptr;
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + system->szOsFile;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = &FailingVfs::open;
  // The rest of the system's layer looks at its own pAppData.
  vfs_.xDelete = [](sqlite3_vfs*, const char* path, int sync) {
    auto* const own = sqlite3_vfs_find(nullptr);
    return own->xDelete(own, path, sync);
  };
  vfs_.xAccess = [](sqlite3_vfs*, const char* path, int flags, int* out) {
    auto* const own = sqlite3_vfs_find(nullptr);
    return own->xAccess(own, path, flags, out);
  };
  vfs_.xFullPathname = [](sqlite3_vfs*, const char* path, int size, char* out) {
    auto* const own = sqlite3_vfs_find(nullptr);
    return own->xFullPathname(own, path, size, out);
  };
  sqlite3_vfs_register(&vfs_, 0);
}

FailingVfs::~FailingVfs() {
  sqlite3_vfs_unregister(&vfs_);
}

int FailingVfs::open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  // The system's methods are called through these; the two that change things ask first.
  static const sqlite3_io_methods kMethods = [] {
    sqlite3_io_methods m{};
    m.iVersion = 1;
    m.xClose = [](sqlite3_file* f) { return File::of(f).real()->pMethods->xClose(File::of(f).real()); };
    m.xRead = [](sqlite3_file* f, void* into, int size, sqlite3_int64 at) {
      return File::of(f).real()->pMethods->xRead(File::of(f).real(), into, size, at);
    };
    m.xWrite = [](sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
      if (const int code = File::of(f).ask(false); code != SQLITE_OK) return code;
      return File::of(f).real()->pMethods->xWrite(File::of(f).real(), from, size, at);
    };
    m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
      return File::of(f).real()->pMethods->xTruncate(File::of(f).real(), size);
    };
    m.xSync = [](sqlite3_file* f, int how) {
      if (const int code = File::of(f).ask(true); code != SQLITE_OK) return code;
      return File::of(f).real()->pMethods->xSync(File::of(f).real(), how);
    };
    m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
      return File::of(f).real()->pMethods->xFileSize(File::of(f).real(), size);
    };
    m.xLock = [](sqlite3_file* f, int level) {
      return File::of(f).real()->pMethods->xLock(File::of(f).real(), level);
    };
    m.xUnlock = [](sqlite3_file* f, int level) {
      return File::of(f).real()->pMethods->xUnlock(File::of(f).real(), level);
    };
    m.xCheckReservedLock = [](sqlite3_file* f, int* out) {
      return File::of(f).real()->pMethods->xCheckReservedLock(File::of(f).real(), out);
    };
    m.xFileControl = [](sqlite3_file* f, int what, void* about) {
      return File::of(f).real()->pMethods->xFileControl(File::of(f).real(), what, about);
    };
    m.xSectorSize = [](sqlite3_file* f) {
      return File::of(f).real()->pMethods->xSectorSize(File::of(f).real());
    };
    m.xDeviceCharacteristics = [](sqlite3_file* f) {
      return File::of(f).real()->pMethods->xDeviceCharacteristics(File::of(f).real());
    };
    return m;
  }();
  File& ours = File::of(file);
  std::memset(file, 0, sizeof(File));
  ours.owner = static_cast<FailingVfs*>(vfs->pAppData);
  ours.ending = (flags & SQLITE_OPEN_WAL) != 0 ? "-wal" : "";
  auto* const system = sqlite3_vfs_find(nullptr);
  const int code = system->xOpen(system, path, ours.real(), flags, out_flags);
  if (code == SQLITE_OK) ours.base.pMethods = &kMethods;
  return code;
}

}  // namespace test
