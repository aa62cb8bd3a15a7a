#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace komhen::detail {

/// A lock that is given in the order in which it was asked for: a long reading that takes it again and again
/// does not keep those who record waiting, as a plain mutex would.
class Turns {
 public:
  void lock() {
    std::unique_lock hold{mutex_};
    const std::uint64_t mine = next_++;
    turn_.wait(hold, [&] { return serving_ == mine; });
  }
  void unlock() {
    {
      const std::lock_guard hold{mutex_};
      ++serving_;
    }
    turn_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable turn_;
  std::uint64_t next_ = 0;
  std::uint64_t serving_ = 0;
};

}  // namespace komhen::detail
