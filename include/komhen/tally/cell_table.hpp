#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
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
///
/// A small table is one piece. A large one is kSegments pieces, by the highest bits of the hash, that grow
/// one by one: while one of them is made larger, the others are not there twice.
template <class Key>
class CellTable {
 public:
  struct Slot {
    Key key;
    std::int64_t count;
  };
  static constexpr std::size_t kSegments = 64;

  [[nodiscard]] std::size_t size() const noexcept {
    std::size_t cells = 0;
    for (const Segment& segment : segments_) cells += segment.size;
    return cells;
  }

  /// Calls `visit(key, count)` for every cell.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Segment& segment : segments_)
      for (const Slot& slot : segment.all())
        if (slot.count != 0) visit(slot.key, slot.count);
  }

  /// Makes room for about `cells` more, so that the table need not grow under them.
  void reserve(std::size_t cells) {
    const std::size_t all = size() + cells;
    begin();
    if (segments_.size() == 1 && all > kMostInOne) split();
    const std::size_t each = segments_.size() == 1 ? all : all / kSegments + all / (4 * kSegments);
    for (Segment& segment : segments_) segment.make_room(std::max(segment.size, each));
  }

  /// Makes room for these keys, so that adding them cannot fail for want of memory. `each(visit)` calls
  /// visit(key) for every one of them, the same ones whenever it is called.
  template <class Each>
  void room_for(std::size_t cells, Each&& each) {
    begin();
    if (segments_.size() == 1 && size() + cells > kMostInOne) split();
    if (segments_.size() == 1) return segments_.front().make_room(size() + cells);
    std::array<std::size_t, kSegments> more{};
    each([&](const Key& key) { ++more[segment_of(hash_of(key))]; });
    for (std::size_t i = 0; i < kSegments; ++i) segments_[i].make_room(segments_[i].size + more[i]);
  }

  /// Adds without looking for overflow: the cube has checked its total, and no cell is larger than that.
  void add(const Key& key, std::int64_t count) {
    const std::uint64_t hash = hash_of(key);
    if (!segments_.empty()) [[likely]] {
      Segment& segment = segments_[segment_of(hash)];
      if (segment.size < segment.most) [[likely]]
        return segment.add(hash, key, count);
    }
    begin();
    if (segments_.size() == 1 && size() >= kMostInOne) split();
    Segment& segment = segments_[segment_of(hash)];
    segment.make_room(segment.size + 1);
    segment.add(hash, key, count);
  }

  /// Cells that add_some() takes at once.
  static constexpr std::size_t kTogether = 64;

  /// The same for at most kTogether cells; all of them, or when memory runs out none. Where each of them lies
  /// is fetched before the first is added: what costs is waiting for memory, and so they are waited for
  /// together.
  void add_some(std::span<const Slot> cells) {
    begin();
    if (segments_.size() == 1 && size() + kTogether > kMostInOne) split();
    std::array<std::uint64_t, kTogether> hashes;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      hashes[i] = hash_of(cells[i].key);
      Segment& segment = segments_[segment_of(hashes[i])];
      if (segment.size + kTogether > segment.most) [[unlikely]]
        segment.make_room(segment.size + kTogether);
      __builtin_prefetch(segment.slots.get() + (hashes[i] & segment.mask), 1);
    }
    for (std::size_t i = 0; i < cells.size(); ++i)
      segments_[segment_of(hashes[i])].add(hashes[i], cells[i].key, cells[i].count);
  }

  /// Makes a small table one of pieces, so that different threads can add to different pieces.
  void cut() {
    begin();
    if (segments_.size() == 1) split();
  }
  /// The piece in which a key lies, once the table is cut.
  static std::size_t piece_of(const Key& key) noexcept { return hash_of(key) >> 58U; }
  /// The same as add_some() for cells of one piece.
  void add_to_piece(std::size_t piece, std::span<const Slot> cells) {
    Segment& segment = segments_[piece];
    segment.make_room(segment.size + cells.size());
    for (const Slot& cell : cells)
      __builtin_prefetch(segment.slots.get() + (hash_of(cell.key) & segment.mask), 1);
    for (const Slot& cell : cells) segment.add(hash_of(cell.key), cell.key, cell.count);
  }

  /// Takes from a cell what has been added to it; an empty cell is none.
  void take(const Key& key, std::int64_t count) noexcept {
    const std::uint64_t hash = hash_of(key);
    segments_[segment_of(hash)].take(hash, key, count);
  }

 private:
  static constexpr std::size_t kMostInOne = 6144;

  struct Segment {
    std::unique_ptr<Slot[]> slots;
    std::size_t mask = 0;  ///< one less than there are slots, when there are
    std::size_t size = 0;
    std::size_t most = 0;  ///< cells, before it must grow

    [[nodiscard]] std::span<const Slot> all() const noexcept {
      return {slots.get(), slots == nullptr ? 0 : mask + 1};
    }
    Segment() = default;
    Segment(const Segment& other) : mask{other.mask}, size{other.size}, most{other.most} {
      if (other.slots == nullptr) return;
      slots.reset(new Slot[mask + 1]);
      std::ranges::copy(other.all(), slots.get());
    }
    Segment(Segment&&) noexcept = default;
    Segment& operator=(const Segment& other) {
      if (this != &other) *this = Segment{other};
      return *this;
    }
    Segment& operator=(Segment&&) noexcept = default;
    ~Segment() = default;

    [[gnu::always_inline]] void add(std::uint64_t hash, const Key& key, std::int64_t count) noexcept {
      std::size_t at = hash & mask;
      while (!(slots[at].key == key) || slots[at].count == 0) {
        if (slots[at].count == 0) {
          slots[at].key = key;
          ++size;
          break;
        }
        at = (at + 1) & mask;
      }
      slots[at].count += count;
    }
    void make_room(std::size_t cells) {
      if (cells <= most) return;
      std::size_t room = std::max<std::size_t>(mask + 1, 64);
      while (cells * 4 > room * 3) room *= 2;
      Segment larger;
      larger.slots.reset(new Slot[room]());
      larger.mask = room - 1;
      larger.most = room / 4 * 3;
      for (const Slot& slot : all())
        if (slot.count != 0) larger.add(hash_of(slot.key), slot.key, slot.count);
      *this = std::move(larger);
    }
    void take(std::uint64_t hash, const Key& key, std::int64_t count) noexcept {
      std::size_t at = hash & mask;
      while (!(slots[at].key == key)) at = (at + 1) & mask;
      slots[at].count -= count;
      if (slots[at].count != 0) return;
      --size;
      // Close the gap: whatever was pushed past it comes back.
      for (std::size_t next = (at + 1) & mask; slots[next].count != 0; next = (next + 1) & mask) {
        const std::size_t home = hash_of(slots[next].key) & mask;
        if (((next - home) & mask) < ((next - at) & mask)) continue;
        slots[at] = slots[next];
        slots[next].count = 0;
        at = next;
      }
    }
  };

  void begin() {
    if (segments_.empty()) [[unlikely]]
      segments_.resize(1);
  }

  /// Cuts the one piece into all of them.
  void split() {
    std::vector<Segment> pieces(kSegments);
    for (Segment& piece : pieces) piece.make_room(2 * segments_.front().size / kSegments + 1);
    for (const Slot& slot : segments_.front().all()) {
      if (slot.count == 0) continue;
      const std::uint64_t hash = hash_of(slot.key);
      Segment& piece = pieces[hash >> 58U];
      piece.make_room(piece.size + 1);
      piece.add(hash, slot.key, slot.count);
    }
    segments_.swap(pieces);
  }

  [[nodiscard]] std::size_t segment_of(std::uint64_t hash) const noexcept {
    return (hash >> 58U) & (segments_.size() - 1);
  }

  static std::uint64_t hash_of(std::uint64_t key) noexcept { return hash_word(key); }
  template <class Wide>
  static std::uint64_t hash_of(const Wide& key) noexcept {
    return hash_word(hash_word(key.high) + key.low);
  }

  std::vector<Segment> segments_;
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
