#include "posix_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "komhen/error.hpp"
#include "komhen/registration/personal_data.hpp"

namespace komhen::detail {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw Error(ErrorKind::file, "the file " + quoted(path) + " " + what);
}

std::string why(int number) {
  switch (number) {
    case ENOENT:
      return "does not exist";
    case EACCES:
    case EPERM:
      return "may not be opened by this user";
    case EISDIR:
      return "is a directory";
    case ENOTDIR:
      return "lies below something that is not a directory";
    case ENOSPC:
    case EDQUOT:
      return "could not be written: the disk is full";
    case EFBIG:
      return "could not be written: it would pass the size that the system allows";
    default:
      return "could not be used: " + std::generic_category().message(number);
  }
}

/// A path may not hold a NUL byte: the system would see only the part before it.
const std::string& checked(const std::string& path) {
  if (path.empty()) throw Error(ErrorKind::argument, "a file name is empty");
  if (path.find('\0') != std::string::npos) refuse(path, "has a NUL byte in its name");
  return path;
}

}  // namespace

InputFile::InputFile(const std::string& path) : path_{path}, descriptor_{-1} {
  // O_NONBLOCK: opening a pipe that nobody writes to would otherwise wait for ever.
  descriptor_ = ::open(checked(path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor_ < 0) refuse(path, why(errno));
  struct stat about {};
  const bool known = ::fstat(descriptor_, &about) == 0;
  const auto close_and_refuse = [&](const char* what) {
    ::close(descriptor_);
    refuse(path_, what);
  };
  if (!known) close_and_refuse("could not be used: its kind is not known");
  if (S_ISDIR(about.st_mode)) close_and_refuse("is a directory");
  if (S_ISFIFO(about.st_mode)) close_and_refuse("is a pipe; komhen reads files, so save it first");
  if (!S_ISREG(about.st_mode)) close_and_refuse("is not a regular file");
  size_ = about.st_size;
}

InputFile::~InputFile() {
  ::close(descriptor_);
}

std::size_t InputFile::read(char* into, std::size_t room) {
  for (;;) {
    const auto got = ::read(descriptor_, into, room);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) refuse(path_, why(errno));
  }
}

std::string read_file(const std::string& path, std::size_t most) {
  InputFile file{path};
  std::string text;
  for (;;) {
    const std::size_t had = text.size();
    text.resize(had + 65'536);
    const std::size_t got = file.read(text.data() + had, 65'536);
    text.resize(had + got);
    if (got == 0) return text;
    if (text.size() > most)
      refuse(path, "is larger than the " + std::to_string(most >> 20U) + " MiB that such a file may have");
  }
}

bool is_same_file(const std::string& a, const std::string& b) noexcept {
  struct stat first {};
  struct stat second {};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

OutputFile::OutputFile(const std::string& path) : path_{path}, descriptor_{-1} {
  checked(path);
  struct stat about {};
  if (::stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode))
    refuse(path, S_ISDIR(about.st_mode) ? "is a directory" : "is not a regular file");
  // A name of its own for every try: two processes that write the same file each write beside it.
  for (unsigned attempt = 0; descriptor_ < 0; ++attempt) {
    beside_ = path + ".part" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    descriptor_ = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) {
      const int number = errno;
      refuse(path, number == ENOENT ? "lies in a directory that does not exist" : why(number));
    }
  }
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!beside_.empty()) ::unlink(beside_.c_str());
}

void OutputFile::write(std::string_view bytes) {
  buffer_.append(bytes);
  if (buffer_.size() >= 262'144) flush();
}

void OutputFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const auto put = ::write(descriptor_, rest.data(), rest.size());
    if (put < 0) {
      if (errno == EINTR) continue;
      refuse(path_, why(errno));
    }
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  buffer_.clear();
}

void OutputFile::finish() {
  if (descriptor_ < 0) return;
  flush();
  const bool synced = ::fsync(descriptor_) == 0 || errno == EINVAL;
  const int number = errno;
  const bool closed = ::close(descriptor_) == 0;
  descriptor_ = -1;
  if (!synced || !closed) refuse(path_, why(synced ? errno : number));
}

void OutputFile::keep() {
  finish();
  if (::rename(beside_.c_str(), path_.c_str()) != 0) refuse(path_, why(errno));
  beside_.clear();
}

}  // namespace komhen::detail
