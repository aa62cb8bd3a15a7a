#pragma once

#include <cstddef>
#include <functional>
#include <memory>

/// All of komhen that knows threads: everything else is told which work it may do at the same time.
namespace komhen::detail {

/// Some threads that do what they are given, and the thread that gives it, which can lend a hand. Work that
/// was given is begun in the order in which it was given.
///
/// Signals are left to the host's own threads. Where the system refuses a thread, there are fewer; where it
/// refuses all, the giver does everything.
class ThreadPool {
 public:
  /// What a thread does: it must not throw. `who` is 0 for the giver, and from 1 for the others.
  using Work = std::function<void(std::size_t who)>;

  explicit ThreadPool(std::size_t helpers);
  /// Waits for what has been begun; what has not is dropped.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Threads besides the giver.
  [[nodiscard]] std::size_t helpers() const noexcept;
  /// Gives work, which is finished when finished() of its number says so. Numbers are 0, 1, 2 ...
  std::size_t give(Work work);
  /// Does the next work that nobody has begun; false when there is none.
  bool lend_a_hand();
  [[nodiscard]] bool finished(std::size_t number) const;
  /// Waits until this work is finished.
  void wait_for(std::size_t number);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// Processors that this process may use; at least 1.
[[nodiscard]] std::size_t processors() noexcept;

}  // namespace komhen::detail
