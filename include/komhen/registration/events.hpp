#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/detail/hash.hpp"
#include "komhen/registration/registration.hpp"

namespace komhen {

/// Remembers accepted events by (municipality, source, event_id), so that a row sent twice is counted once.
///
/// Ids are kept as 128-bit hashes: memory grows with their number (43 to 86 bytes an id) and with nothing
/// else.
class EventMemory {
 public:
  enum class Seen : std::uint8_t { fresh, same_content, other_content };

  /// Looks the event up, and remembers it when it is fresh. An empty id is always fresh and never remembered.
  Seen remember(const Registration& registration, std::string_view event_id) {
    if (event_id.empty()) return Seen::fresh;
    key_.clear();
    append(registration.municipality.code());
    append(registration.source.size());  // so that no source and id run together into another pair
    key_.append(registration.source).append(event_id);
    const detail::Hash128 id = detail::hash128(key_);
    key_.clear();
    for (const std::uint64_t part :
         {std::uint64_t{registration.week.index()}, std::uint64_t{registration.task.digits()},
          static_cast<std::uint64_t>(registration.channel), static_cast<std::uint64_t>(registration.type),
          static_cast<std::uint64_t>(registration.direction),
          static_cast<std::uint64_t>(registration.closure), static_cast<std::uint64_t>(registration.form),
          static_cast<std::uint64_t>(registration.count)})
      append(part);
    key_.append(registration.unit);
    const std::uint64_t content = detail::hash_text(key_, 0);
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    Slot& slot = find(slots_, id);
    if (slot.used) return slot.content == content ? Seen::same_content : Seen::other_content;
    slot = {id, content, true};
    ++size_;
    return Seen::fresh;
  }

 private:
  struct Slot {
    detail::Hash128 id{};
    std::uint64_t content = 0;
    bool used = false;
  };

  void append(std::uint64_t number) { key_.append(reinterpret_cast<const char*>(&number), sizeof number); }

  static Slot& find(std::vector<Slot>& slots, detail::Hash128 id) {
    std::size_t at = id.low & (slots.size() - 1);
    while (slots[at].used && slots[at].id != id) at = (at + 1) & (slots.size() - 1);
    return slots[at];
  }

  void grow() {
    std::vector<Slot> larger(slots_.empty() ? 64 : slots_.size() * 2);
    for (const Slot& slot : slots_)
      if (slot.used) find(larger, slot.id) = slot;
    slots_.swap(larger);
  }

  std::string key_;  // scratch
  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace komhen
