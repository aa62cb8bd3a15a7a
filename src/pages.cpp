#include "komhen/detail/pages.hpp"

#include <cstdint>
#include <cstdlib>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace komhen::detail {

#if defined(__linux__)

namespace {

void touch([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(MADV_POPULATE_WRITE)
  static_cast<void>(madvise(memory, bytes, MADV_POPULATE_WRITE));  // where it is refused: when they are used
#endif
}

}  // namespace

void* take_pages(std::size_t bytes, Pages pages) {
  constexpr std::size_t kLarge = std::size_t{2} << 20U;
  const std::size_t slack = bytes >= kLarge ? kLarge : 0;
  void* const got = mmap(nullptr, bytes + slack, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (got == MAP_FAILED) throw std::bad_alloc{};
  char* begin = static_cast<char*>(got);
  if (slack != 0) {
    // What lies before and behind the large pages goes back at once.
    const std::size_t before = (kLarge - reinterpret_cast<std::uintptr_t>(begin) % kLarge) % kLarge;
    if (before != 0) munmap(begin, before);
    begin += before;
    munmap(begin + bytes, slack - before);
    static_cast<void>(madvise(begin, bytes, MADV_HUGEPAGE));  // where it is refused, pages are small
  }
  if (pages == Pages::at_once) touch(begin, bytes);
  return begin;
}

void give_pages_back(void* memory, std::size_t bytes) noexcept {
  munmap(memory, bytes);
}

#else

void* take_pages(std::size_t bytes, Pages) {
  void* const memory = std::calloc(bytes, 1);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}

void give_pages_back(void* memory, std::size_t) noexcept {
  std::free(memory);
}

#endif

}  // namespace komhen::detail
