#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Everything POSIX of komhen, kept in posix_file.cpp.
namespace komhen::detail {

/// A regular file, read from the front. It is read and never mapped: a file that another process cuts short
/// must not kill the host.
class InputFile {
 public:
  /// @throws Error (file) in one sentence for a missing file, a directory, a pipe, or what may not be read.
  explicit InputFile(const std::string& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  /// Bytes that the file had when it was opened.
  [[nodiscard]] std::int64_t size() const noexcept { return size_; }
  /// Reads up to `room` bytes; 0 at the end. @throws Error (file).
  std::size_t read(char* into, std::size_t room);

 private:
  std::string path_;
  int descriptor_;
  std::int64_t size_ = 0;
};

/// A whole file as text. @throws Error (file), also when it is larger than `most` bytes.
[[nodiscard]] std::string read_file(const std::string& path, std::size_t most);

/// Whether two names lead to the same existing file.
[[nodiscard]] bool is_same_file(const std::string& a, const std::string& b) noexcept;

/// A file that appears under its name only when it is complete: written beside it, then renamed. What is not
/// kept is removed. The caller's umask applies and is not touched.
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

}  // namespace komhen::detail
