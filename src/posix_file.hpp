#pragma once

#include <signal.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "input_bytes.hpp"

/// Everything POSIX of komhen, kept in posix_file.cpp.
namespace komhen::detail {

/// What tells one file from every other while both exist, whatever they are called.
using FileId = std::pair<std::uint64_t, std::uint64_t>;

/// A regular file. It is read and never mapped: a file that another process cuts short must not kill the
/// host.
class InputFile final : public InputBytes {
 public:
  /// @throws Error (file) in one sentence for a missing file, a directory, a pipe, or what may not be read.
  explicit InputFile(const std::string& path);
  ~InputFile() override;

  /// Bytes that the file had when it was opened.
  [[nodiscard]] std::int64_t size() const noexcept override { return size_; }
  [[nodiscard]] FileId id() const noexcept { return id_; }
  /// Reads up to `room` bytes from `at` on; 0 behind the end. @throws Error (file).
  std::size_t read_at(std::int64_t at, char* into, std::size_t room) const override;

 private:
  std::string path_;
  int descriptor_;
  std::int64_t size_ = 0;
  FileId id_;
};

/// A whole file as text. @throws Error (file), also when it is larger than `most` bytes.
[[nodiscard]] std::string read_file(const std::string& path, std::size_t most);

/// Leaves a file to its user only (0600). @throws Error (file).
void make_private(const std::string& path);

/// Whether two names lead to the same existing file.
[[nodiscard]] bool is_same_file(const std::string& a, const std::string& b) noexcept;

/// The file of this name; nullopt where there is none.
[[nodiscard]] std::optional<FileId> file_id(const std::string& path) noexcept;

/// A file that appears under its name only when it is complete: written beside it, then renamed. What is not
/// kept is removed. The caller's umask applies and is not touched. A journal is never replaced.
class OutputFile {
 public:
  /// @throws Error (file).
  explicit OutputFile(const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// @throws Error (file), on a full disk for instance.
  void write(std::string_view bytes);
  /// Flushes and syncs, so that keep() has nothing left to do but rename. @throws Error (file), on a full
  /// disk for instance.
  void finish();
  /// Finishes and renames. @throws Error (file).
  void keep();

 private:
  void flush();

  std::string path_;
  std::string beside_;
  int descriptor_;
  std::string buffer_;
};

/// While it stands, the thread cannot be cancelled: glibc unwinds a cancelled thread with something that no
/// `catch` may swallow, and that must not meet a frame of ours.
class CancellationHeld {
 public:
  CancellationHeld() noexcept;
  ~CancellationHeld();
  CancellationHeld(const CancellationHeld&) = delete;
  CancellationHeld& operator=(const CancellationHeld&) = delete;

 private:
  int before_ = 0;
};

/// Holds SIGXFSZ off this thread: a write past RLIMIT_FSIZE then fails instead of killing the host. A signal
/// that our own write raised is taken away again; the host's mask, handlers and other threads are left alone.
class SizeSignalHeld {
 public:
  SizeSignalHeld() noexcept;
  ~SizeSignalHeld();
  SizeSignalHeld(const SizeSignalHeld&) = delete;
  SizeSignalHeld& operator=(const SizeSignalHeld&) = delete;

  /// Whether a write of this thread went past RLIMIT_FSIZE while the signal was held.
  [[nodiscard]] static bool met_limit() noexcept;

 private:
  sigset_t before_;
  bool was_pending_;
};

/// A lock on a file that is made for it and stays there. Two holders exclude each other in one process too; a
/// process that dies lets go; a program that is started by exec does not inherit it.
class FileLock {
 public:
  /// @throws Error: busy when it is held elsewhere; file.
  explicit FileLock(const std::string& path, const std::string& held_sentence);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

/// The number of this process; a child of fork() has another.
[[nodiscard]] std::int64_t process_number() noexcept;

/// The path without symbolic links, of a file that may not exist yet in a folder that must. @throws Error
/// (file).
[[nodiscard]] std::string canonical_path(const std::string& path);

/// Makes an empty file that only this user can read (0600) and syncs its folder; false when the name is
/// taken.
/// @throws Error (file).
[[nodiscard]] bool create_private(const std::string& path);

/// The size of a regular file that may be read; nullopt when it does not exist. @throws Error (file) for a
/// directory, a pipe and the like.
[[nodiscard]] std::optional<std::int64_t> regular_file_size(const std::string& path);

/// Removes a file's name, if it is there.
void remove_file(const std::string& path) noexcept;

/// A file that others fill by its name `beside()` and that gets its own name when it is complete, if nothing
/// has that name by then. What is not kept is removed, with what a
/// journal puts beside itself.
class NewFile {
 public:
  /// @throws Error (file), also when `path` exists.
  explicit NewFile(const std::string& path);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  [[nodiscard]] const std::string& beside() const noexcept { return beside_; }
  /// Syncs, and gives it its name. @throws Error (file).
  void keep();

 private:
  std::string path_;
  std::string beside_;
};

}  // namespace komhen::detail
