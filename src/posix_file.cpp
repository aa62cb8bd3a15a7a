#include "posix_file.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
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
    case EROFS:
      return "could not be written: the file system is read-only";
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
  id_ = {about.st_dev, about.st_ino};
}

InputFile::~InputFile() {
  ::close(descriptor_);
}

std::size_t InputFile::read_at(std::int64_t at, char* into, std::size_t room) const {
  for (;;) {
    const auto got = ::pread(descriptor_, into, room, static_cast<off_t>(at));
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
    const std::size_t got = file.read_at(static_cast<std::int64_t>(had), text.data() + had, 65'536);
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

std::optional<FileId> file_id(const std::string& path) noexcept {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return std::nullopt;
  return FileId{about.st_dev, about.st_ino};
}

namespace {

/// Whether the file is a journal: a lock lies beside each. Only then is it opened, since closing what SQLite
/// has open in this process takes its hold on the file away (the lock file's stays).
bool is_journal(const std::string& path) {
  struct stat about {};
  if (::stat((path + ".lock").c_str(), &about) != 0) return false;
  if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return false;
  InputFile file{path};
  std::string head(16, '\0');
  head.resize(file.read_at(0, head.data(), head.size()));
  return head == std::string_view{"SQLite format 3\0", 16};
}

/// Whether the name is that of a journal, or of its log or lock, which hold what it has acknowledged.
bool belongs_to_journal(const std::string& path) {
  if (is_journal(path)) return true;
  for (const std::string_view ending : {"-wal", "-journal", "-shm", ".lock"})
    if (path.ends_with(ending) && is_journal(path.substr(0, path.size() - ending.size()))) return true;
  return false;
}

}  // namespace

OutputFile::OutputFile(const std::string& path) : path_{path}, descriptor_{-1} {
  checked(path);
  struct stat about {};
  const bool there = ::stat(path.c_str(), &about) == 0;
  if (there && !S_ISREG(about.st_mode))
    refuse(path, S_ISDIR(about.st_mode) ? "is a directory" : "is not a regular file");
  if (there) path_ = canonical_path(path);  // a link stays one, and what it leads to is what is written
  if (belongs_to_journal(path_))
    refuse(path, "is a journal or a part of one, and no other file takes its place");
  // A name of its own for every try: two processes that write the same file each write beside it.
  for (unsigned attempt = 0; descriptor_ < 0; ++attempt) {
    beside_ = path_ + ".part" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    descriptor_ = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) {
      const int number = errno;
      refuse(path, number == ENOENT ? "lies in a directory that does not exist" : why(number));
    }
  }
  if (there)
    static_cast<void>(::fchmod(descriptor_, about.st_mode & 07777U));  // who could read it, still can
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
  const SizeSignalHeld held;
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

CancellationHeld::CancellationHeld() noexcept {
  ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_);
}

CancellationHeld::~CancellationHeld() {
  int ignored = 0;
  ::pthread_setcancelstate(before_, &ignored);
}

SizeSignalHeld::SizeSignalHeld() noexcept : before_{}, was_pending_{false} {
  sigset_t pending;
  sigset_t size_signal;
  ::sigemptyset(&size_signal);
  ::sigaddset(&size_signal, SIGXFSZ);
  was_pending_ = ::sigpending(&pending) == 0 && ::sigismember(&pending, SIGXFSZ) == 1;
  ::pthread_sigmask(SIG_BLOCK, &size_signal, &before_);
}

bool SizeSignalHeld::met_limit() noexcept {
  sigset_t pending;
  rlimit limit{};
  return ::sigpending(&pending) == 0 && ::sigismember(&pending, SIGXFSZ) == 1 &&
         ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

SizeSignalHeld::~SizeSignalHeld() {
  const int number = errno;
  if (!was_pending_) {
    sigset_t size_signal;
    ::sigemptyset(&size_signal);
    ::sigaddset(&size_signal, SIGXFSZ);
    const timespec at_once{};
    while (::sigtimedwait(&size_signal, nullptr, &at_once) < 0 && errno == EINTR) {
    }
  }
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  errno = number;
}

namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// So that a new name survives power loss as its bytes do.
void sync_folder_of(const std::string& path) {
  const int folder = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;  // a folder that may be written and not read: the system decides when
  const bool synced = ::fsync(folder) == 0 || errno == EINVAL;
  const int number = errno;
  ::close(folder);
  if (!synced) refuse(path, why(number));
}

}  // namespace

FileLock::FileLock(const std::string& path, const std::string& held_sentence)
    : descriptor_{::open(checked(path).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW, 0600)} {
  if (descriptor_ < 0) {
    const int number = errno;
    refuse(path, number == ENOENT ? "lies in a directory that does not exist" : why(number));
  }
  int failed = ::flock(descriptor_, LOCK_EX | LOCK_NB);
  while (failed != 0 && errno == EINTR) failed = ::flock(descriptor_, LOCK_EX | LOCK_NB);
  if (failed == 0) return;
  const int number = errno;
  ::close(descriptor_);
  if (number == EWOULDBLOCK) throw Error(ErrorKind::busy, held_sentence);
  refuse(path, why(number));
}

FileLock::~FileLock() {
  // Unlocked and not only closed: a child of fork() may still have the descriptor.
  ::flock(descriptor_, LOCK_UN);
  ::close(descriptor_);
}

std::int64_t process_number() noexcept {
  return ::getpid();
}

std::string canonical_path(const std::string& path) {
  using Text = std::unique_ptr<char, decltype(&std::free)>;
  const Text whole{::realpath(checked(path).c_str(), nullptr), &std::free};
  if (whole) return whole.get();
  if (errno != ENOENT) refuse(path, why(errno));
  struct stat about {};
  if (::lstat(path.c_str(), &about) == 0) refuse(path, "is a link to nothing");
  const Text folder{::realpath(folder_of(path).c_str(), nullptr), &std::free};
  if (!folder) refuse(path, errno == ENOENT ? "lies in a directory that does not exist" : why(errno));
  const std::string name = path.substr(path.find_last_of('/') + 1);  // npos + 1 is 0
  if (name.empty()) refuse(path, "is a directory");
  const std::string base = folder.get();
  return (base == "/" ? base : base + "/") + name;
}

bool create_private(const std::string& path) {
  const int made = ::open(checked(path).c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
  if (made < 0) {
    const int number = errno;
    if (number == EEXIST) return false;
    refuse(path, number == ENOENT ? "lies in a directory that does not exist" : why(number));
  }
  ::close(made);
  sync_folder_of(path);
  return true;
}

void make_private(const std::string& path) {
  if (::chmod(checked(path).c_str(), 0600) != 0) refuse(path, why(errno));
}

std::optional<std::int64_t> regular_file_size(const std::string& path) {
  struct stat about {};
  if (::stat(checked(path).c_str(), &about) != 0) {
    if (errno == ENOENT) return std::nullopt;
    refuse(path, why(errno));
  }
  if (S_ISDIR(about.st_mode)) refuse(path, "is a directory");
  if (!S_ISREG(about.st_mode)) refuse(path, "is not a regular file");
  return about.st_size;
}

NewFile::NewFile(const std::string& path) : path_{checked(path)} {
  struct stat about {};
  if (::lstat(path.c_str(), &about) == 0) refuse(path, "exists already");
  for (unsigned attempt = 0;; ++attempt) {
    std::string name = path + ".part" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    if (!create_private(name)) continue;
    beside_ = std::move(name);
    return;
  }
}

void remove_file(const std::string& path) noexcept {
  ::unlink(path.c_str());
}

NewFile::~NewFile() {
  if (beside_.empty()) return;
  for (const char* ending : {"", ".lock", "-wal", "-journal"}) ::unlink((beside_ + ending).c_str());
}

void NewFile::keep() {
  const int file = ::open(beside_.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && (::fsync(file) == 0 || errno == EINVAL);
  const int number = errno;
  if (file >= 0) ::close(file);
  if (!synced) refuse(path_, why(number));
  // A second name and not a rename: it fails where another has taken the name meanwhile.
  if (::link(beside_.c_str(), path_.c_str()) == 0) {
    ::unlink(beside_.c_str());
  } else if (errno == EEXIST) {
    refuse(path_, "exists already");
  } else if (::rename(beside_.c_str(), path_.c_str()) != 0) {  // a file system without second names
    refuse(path_, why(errno));
  }
  ::unlink((beside_ + ".lock").c_str());
  beside_.clear();
  sync_folder_of(path_);
}

}  // namespace komhen::detail
