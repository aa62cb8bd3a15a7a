#include "thread_pool.hpp"

#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace komhen::detail {

struct ThreadPool::Inside {
  std::mutex mutex;
  std::condition_variable given;  // or: no more will be
  std::condition_variable done;
  std::deque<std::pair<std::size_t, Work>> waiting;
  std::size_t next_number = 0;
  std::size_t all_before = 0;  // every work below this number is finished
  std::deque<bool> finished;   // whether those from there on are
  bool ending = false;
  std::vector<std::thread> threads;

  [[nodiscard]] bool is_finished(std::size_t number) const {
    return number < all_before || finished[number - all_before];
  }

  void do_next(std::unique_lock<std::mutex>& lock, std::size_t who) {
    auto [number, work] = std::move(waiting.front());
    waiting.pop_front();
    lock.unlock();
    work(who);
    work = nullptr;
    lock.lock();
    finished[number - all_before] = true;
    while (!finished.empty() && finished.front()) {
      finished.pop_front();
      ++all_before;
    }
    done.notify_all();
  }

  void help(std::size_t who) {
    std::unique_lock lock{mutex};
    for (;;) {
      given.wait(lock, [&] { return ending || !waiting.empty(); });
      if (ending) return;
      do_next(lock, who);
    }
  }
};

ThreadPool::ThreadPool(std::size_t helpers) : inside_{std::make_unique<Inside>()} {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    inside_->threads.reserve(helpers);
    for (std::size_t i = 0; i < helpers; ++i)
      inside_->threads.emplace_back([inside = inside_.get(), i] { inside->help(i + 1); });
  } catch (const std::system_error&) {  // then there are fewer
  } catch (const std::bad_alloc&) {
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock{inside_->mutex};
    inside_->ending = true;
    inside_->waiting.clear();
  }
  inside_->given.notify_all();
  for (std::thread& thread : inside_->threads) thread.join();
}

std::size_t ThreadPool::helpers() const noexcept {
  return inside_->threads.size();
}

std::size_t ThreadPool::give(Work work) {
  std::size_t number = 0;
  {
    const std::lock_guard lock{inside_->mutex};
    number = inside_->next_number;
    inside_->finished.push_back(false);
    try {
      inside_->waiting.emplace_back(number, std::move(work));
    } catch (...) {
      inside_->finished.pop_back();
      throw;
    }
    ++inside_->next_number;
  }
  inside_->given.notify_one();
  return number;
}

bool ThreadPool::lend_a_hand() {
  std::unique_lock lock{inside_->mutex};
  if (inside_->waiting.empty()) return false;
  inside_->do_next(lock, 0);
  return true;
}

bool ThreadPool::finished(std::size_t number) const {
  const std::lock_guard lock{inside_->mutex};
  return inside_->is_finished(number);
}

void ThreadPool::wait_for(std::size_t number) {
  std::unique_lock lock{inside_->mutex};
  inside_->done.wait(lock, [&] { return inside_->is_finished(number); });
}

std::size_t processors() noexcept {
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace komhen::detail
