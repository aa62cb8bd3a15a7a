#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "komhen/detail/hash.hpp"

/// The two containers under a cube. Private to it: nothing here is stored or crosses an interface.
namespace komhen::detail {

/// A number that is 0 again when it has been moved from, so that what is left behind is empty and says so.
template <class T>
class Movable {
 public:
  constexpr Movable() noexcept = default;
  constexpr Movable(T value) noexcept : value_{value} {}  // NOLINT(google-explicit-constructor): stands for T
  Movable(const Movable&) noexcept = default;
  Movable& operator=(const Movable&) noexcept = default;
  Movable(Movable&& other) noexcept : value_{std::exchange(other.value_, T{})} {}
  Movable& operator=(Movable&& other) noexcept {
    value_ = std::exchange(other.value_, T{});
    return *this;
  }
  ~Movable() = default;
  constexpr operator T() const noexcept { return value_; }  // NOLINT(google-explicit-constructor)
  constexpr T& operator*() noexcept { return value_; }

 private:
  T value_{};
};

/// Counts by packed key: open addressing, no erasing. A count is never 0, so 0 marks a free slot.
template <class Key>
class CellTable {
 public:
  struct Slot {
    Key key;
    std::int64_t count;
  };

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const std::vector<Slot>& slots() const noexcept { return slots_; }

  /// Makes room for `cells` in all, so that adding that many cannot fail for want of memory.
  void reserve(std::size_t cells) {
    std::size_t room = slots_.empty() ? 64 : slots_.size();
    while (cells * 4 > room * 3) room *= 2;
    if (room != slots_.size()) rehash(room);
  }

  /// Adds without looking for overflow: the cube has checked its total, and no cell is larger than that.
  void add(Key key, std::int64_t count) {
    if ((size_ + 1) * 4 > slots_.size() * 3) rehash(slots_.empty() ? 64 : slots_.size() * 2);
    Slot& slot = find(slots_, key);
    if (slot.count == 0) {
      slot.key = key;
      ++*size_;
    }
    slot.count += count;
  }

 private:
  static Slot& find(std::vector<Slot>& slots, Key key) noexcept {
    const std::size_t mask = slots.size() - 1;
    std::size_t at = hash_of(key) & mask;
    while (slots[at].count != 0 && !(slots[at].key == key)) at = (at + 1) & mask;
    return slots[at];
  }

  static std::size_t hash_of(std::uint64_t key) noexcept { return hash_word(key); }
  template <class Wide>
  static std::size_t hash_of(const Wide& key) noexcept {
    return hash_word(hash_word(key.high) + key.low);
  }

  void rehash(std::size_t room) {
    std::vector<Slot> larger(room);
    for (const Slot& slot : slots_)
      if (slot.count != 0) find(larger, slot.key) = slot;
    slots_.swap(larger);
  }

  std::vector<Slot> slots_;
  Movable<std::size_t> size_;
};

/// Numbers values from 0 in the order in which they are first met. References to stored values stay valid.
template <class T, class View>
class Interner {
 public:
  [[nodiscard]] std::uint32_t number_of(View value) {
    if (last_ < values_.size() && (*this)[last_] == value) return last_;
    const auto found = numbers_.find(value);
    if (found != numbers_.end()) return last_ = found->second;
    values_.push_back(held(T{value}));
    try {
      numbers_.emplace((*this)[last()], last());
    } catch (...) {
      values_.pop_back();  // both or neither
      throw;
    }
    return last_ = last();
  }
  [[nodiscard]] View operator[](std::uint32_t number) const {
    if constexpr (kInPlace)
      return values_[number];
    else
      return *values_[number];
  }
  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }

  Interner() = default;
  // A copy's map must point into the copy's own values.
  Interner(const Interner& other) {
    for (std::uint32_t i = 0; i < other.size(); ++i) {
      values_.push_back(held(T{other[i]}));
      numbers_.emplace((*this)[i], i);
    }
  }
  Interner(Interner&&) noexcept = default;
  Interner& operator=(Interner other) noexcept {
    values_.swap(other.values_);
    numbers_.swap(other.numbers_);
    last_ = 0;
    return *this;
  }
  ~Interner() = default;

 private:
  /// A view of a number is the number; a text stays where it is while others come, and where the whole is
  /// moved.
  static constexpr bool kInPlace = std::is_same_v<T, View>;
  using Held = std::conditional_t<kInPlace, T, std::unique_ptr<const T>>;

  static Held held(T value) {
    if constexpr (kInPlace)
      return value;
    else
      return std::make_unique<const T>(std::move(value));
  }
  [[nodiscard]] std::uint32_t last() const noexcept { return static_cast<std::uint32_t>(values_.size() - 1); }

  struct Hash {
    std::size_t operator()(std::string_view text) const noexcept { return hash_text(text, 0); }
    std::size_t operator()(std::uint32_t number) const noexcept { return hash_word(number); }
  };

  std::vector<Held> values_;
  std::unordered_map<View, std::uint32_t, Hash> numbers_;
  // A move asks for no memory: one that could (a deque's does) would end the process where there is none.
  static_assert(std::is_nothrow_move_constructible_v<std::vector<Held>> &&
                std::is_nothrow_move_constructible_v<std::unordered_map<View, std::uint32_t, Hash>>);
  std::uint32_t last_ = 0;
};

}  // namespace komhen::detail
