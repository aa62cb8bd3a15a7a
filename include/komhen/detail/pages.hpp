#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

namespace komhen::detail {

/// When the system gives memory. A page that is read before it is written to is given twice, and the second
/// time every other thread of the process is interrupted: what is used so, and all of it, is better taken at
/// once.
enum class Pages { when_used, at_once };

/// Memory in whole pages from the system, zero; large pages where it has them and the memory is large, since
/// the fewer pages a table has, the seldomer the processor must look for one before it looks for a cell. What
/// is given back is the system's again, so that a table which has grown does not keep what it was.
/// @throws std::bad_alloc
[[nodiscard]] void* take_pages(std::size_t bytes, Pages pages);
void give_pages_back(void* memory, std::size_t bytes) noexcept;

/// `many` values, all of them T{}, which is nothing but zeros: a power of two of them.
template <class T>
class Places {
 public:
  Places() noexcept = default;
  Places(std::size_t many, Pages pages)
      : first_{many < kOfPages ? new T[many]() : static_cast<T*>(take_pages(many * sizeof(T), pages)),
               {many}} {}

  [[nodiscard]] T* get() const noexcept { return first_.get(); }
  [[nodiscard]] T& operator[](std::size_t at) const noexcept { return first_.get()[at]; }
  friend bool operator==(const Places& places, std::nullptr_t) noexcept { return places.first_ == nullptr; }

 private:
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  static constexpr std::size_t kOfPages = (std::size_t{256} << 10U) / sizeof(T);
  struct Free {
    std::size_t many = 0;
    void operator()(T* first) const noexcept {
      if (many < kOfPages)
        delete[] first;
      else
        give_pages_back(first, many * sizeof(T));
    }
  };
  std::unique_ptr<T[], Free> first_;
};

/// Blocks of memory of one size, zero, for what grows without ever moving. They are cut from pieces that
/// become larger with what is asked for, up to kMany blocks, so that the whole lies in few large pages. They
/// are given back all together, with this.
///
/// Threads: take() may be called by any number of them at once.
template <class T>
class Blocks {
 public:
  [[nodiscard]] T* take() {
    const std::lock_guard held{taking_};
    if (left_ == 0) {
      const std::size_t many = pieces_.empty() ? kFew : std::min(2 * last_, kMany);
      pieces_.push_back(Places<T>{many, Pages::when_used});
      left_ = last_ = many;
    }
    return pieces_.back().get() + (last_ - left_--);
  }

 private:
  static constexpr std::size_t kFew = 4;
  static constexpr std::size_t kMany = 64;

  std::mutex taking_;
  std::vector<Places<T>> pieces_;
  std::size_t last_ = 0;  ///< blocks of the last piece
  std::size_t left_ = 0;  ///< of them, those that nobody has
};

}  // namespace komhen::detail
