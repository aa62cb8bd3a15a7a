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

/// A key of 64 bits whose kNear lowest values are near each other: cells that often come together.
struct NearCells {
  static constexpr unsigned kBits = 4;
  static constexpr std::size_t kNear = 12;
};

/// Counts by packed key. A count is never 0, so 0 marks a free slot.
///
/// A small table is one piece. A large one is kSegments pieces, by the highest bits of the hash, that grow
/// one by one: while one of them is made larger, the others are not there twice.
///
/// A piece is sparse, a slot of key and count for every cell, or, for keys of 64 bits, dense: a line of
/// memory for cells that are near each other, key and counts. When it grows it becomes what takes less room.
/// Both are open addressing without erasing.
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
    for (const Segment& segment : segments_) cells += segment.cells;
    return cells;
  }
  /// Bytes that the cells take.
  [[nodiscard]] std::size_t bytes() const noexcept {
    std::size_t bytes = 0;
    for (const Segment& segment : segments_)
      bytes += segment.all().size() * sizeof(Slot) + segment.all_lines().size() * sizeof(Line);
    return bytes;
  }

  /// Calls `visit(key, count)` for every cell.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Segment& segment : segments_) segment.for_each(visit);
  }

  /// Makes room for these keys, so that adding them cannot fail for want of memory. `each(visit)` calls
  /// visit(key, count) for every one of them, the same ones whenever it is called.
  template <class Each>
  void room_for(std::size_t cells, Each&& each) {
    begin();
    if (segments_.size() == 1 && size() + cells > kMostInOne) split();
    std::array<std::size_t, kSegments> more{};
    std::array<std::uint64_t, kSegments> contacts{};
    each([&](const Key& key, std::int64_t count) {
      const std::size_t segment = segment_of(hash_of(key));
      ++more[segment];
      contacts[segment] += static_cast<std::uint64_t>(count);
    });
    for (std::size_t i = 0; i < segments_.size(); ++i) segments_[i].make_room(more[i], contacts[i]);
  }

  /// Adds without looking for overflow: the cube has checked its total, and no cell is larger than that.
  void add(const Key& key, std::int64_t count) {
    const std::uint64_t hash = hash_of(key);
    begin();
    if (segments_.size() == 1 && segments_.front().cells >= kMostInOne) [[unlikely]]
      split();
    Segment& segment = segments_[segment_of(hash)];
    segment.make_room(1, static_cast<std::uint64_t>(count));
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
      segment.make_room(kTogether, static_cast<std::uint64_t>(cells[i].count));
      segment.fetch(hashes[i], cells[i].key);
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
    std::uint64_t contacts = 0;
    for (const Slot& cell : cells) contacts += static_cast<std::uint64_t>(cell.count);
    segment.make_room(cells.size(), contacts);
    for (const Slot& cell : cells) segment.fetch(hash_of(cell.key), cell.key);
    for (const Slot& cell : cells) segment.add(hash_of(cell.key), cell.key, cell.count);
  }

  /// Takes from a cell what has been added to it; an empty cell is none.
  void take(const Key& key, std::int64_t count) noexcept {
    const std::uint64_t hash = hash_of(key);
    segments_[segment_of(hash)].take(hash, key, count);
  }

 private:
  static constexpr std::size_t kMostInOne = 6144;
  static constexpr bool kHasNear = std::is_same_v<Key, std::uint64_t>;

  /// A cache line: the cells that are near each other, and what they have in common, one more than it so that
  /// 0 is free.
  struct alignas(64) Line {
    std::uint64_t tag = 0;
    std::array<std::uint32_t, NearCells::kNear> counts{};
    std::uint64_t unused = 0;
  };

  struct Segment {
    std::unique_ptr<Slot[]> slots;  ///< of a sparse piece
    std::unique_ptr<Line[]> lines;  ///< of a dense one
    std::size_t mask = 0;           ///< one less than there are of them, when there are
    std::size_t used = 0;           ///< of them
    std::size_t most = 0;           ///< that may be used before it must grow
    std::size_t cells = 0;
    std::uint64_t contacts = 0;  ///< at least those in it

    Segment() = default;
    Segment(const Segment& other)
        : mask{other.mask}, used{other.used}, most{other.most}, cells{other.cells}, contacts{other.contacts} {
      if (other.slots != nullptr) slots.reset(new Slot[mask + 1]);
      if (other.lines != nullptr) lines.reset(new Line[mask + 1]);
      std::ranges::copy(other.all(), slots.get());
      std::ranges::copy(other.all_lines(), lines.get());
    }
    Segment& operator=(const Segment& other) {
      if (this != &other) *this = Segment{other};
      return *this;
    }
    Segment(Segment&&) noexcept = default;
    Segment& operator=(Segment&&) noexcept = default;
    ~Segment() = default;

    [[nodiscard]] std::span<const Slot> all() const noexcept {
      return {slots.get(), slots == nullptr ? 0 : mask + 1};
    }
    [[nodiscard]] std::span<const Line> all_lines() const noexcept {
      return {lines.get(), lines == nullptr ? 0 : mask + 1};
    }

    template <class Visit>
    void for_each(Visit&& visit) const {
      for (const Slot& slot : all())
        if (slot.count != 0) visit(slot.key, slot.count);
      if constexpr (kHasNear)
        for (const Line& line : all_lines())
          for (std::size_t i = 0; i < NearCells::kNear; ++i)
            if (line.counts[i] != 0)
              visit((line.tag - 1) << NearCells::kBits | i, static_cast<std::int64_t>(line.counts[i]));
    }

    void fetch(std::uint64_t hash, const Key& key) const noexcept {
      if (kHasNear && lines != nullptr)
        __builtin_prefetch(lines.get() + (hash & mask), 1);
      else
        __builtin_prefetch(slots.get() + home(hash, key), 1);
    }

    /// Where the slot of a key would be, if no other were there: near cells, whose hash is the same, lie
    /// apart.
    [[gnu::always_inline]] std::size_t home(std::uint64_t hash, const Key& key) const noexcept {
      if constexpr (kHasNear)
        return (hash + (key & ((1U << NearCells::kBits) - 1)) * 0x9E37'79B9'7F4A'7C15U) & mask;
      else
        return hash & mask;
    }

    [[gnu::always_inline]] void add(std::uint64_t hash, const Key& key, std::int64_t count) noexcept {
      if constexpr (kHasNear) {
        if (lines != nullptr) return add_near(hash, key, count);
      }
      std::size_t at = home(hash, key);
      while (!(slots[at].key == key) || slots[at].count == 0) {
        if (slots[at].count == 0) {
          slots[at].key = key;
          ++used;
          ++cells;
          break;
        }
        at = (at + 1) & mask;
      }
      slots[at].count += count;
    }

    /// Makes room for so many cells more, with so many contacts.
    [[gnu::always_inline]] void make_room(std::size_t more, std::uint64_t with) {
      contacts += with;
      if (used + more <= most && (contacts < kMostInLine || lines == nullptr)) [[likely]]
        return;
      grow(more);
    }

    void take(std::uint64_t hash, const Key& key, std::int64_t count) noexcept {
      if constexpr (kHasNear) {
        if (lines != nullptr) {
          std::uint32_t& cell = line_of(hash, key).counts[key & ((1U << NearCells::kBits) - 1)];
          cell -= static_cast<std::uint32_t>(count);
          if (cell == 0) --cells;
          return;
        }
      }
      std::size_t at = home(hash, key);
      while (!(slots[at].key == key)) at = (at + 1) & mask;
      slots[at].count -= count;
      if (slots[at].count != 0) return;
      --used;
      --cells;
      // Close the gap: whatever was pushed past it comes back.
      for (std::size_t next = (at + 1) & mask; slots[next].count != 0; next = (next + 1) & mask) {
        const std::size_t wanted = home(hash_of(slots[next].key), slots[next].key);
        if (((next - wanted) & mask) < ((next - at) & mask)) continue;
        slots[at] = slots[next];
        slots[next].count = 0;
        at = next;
      }
    }

   private:
    /// The counts of a line are 32 bits: no piece with more contacts has lines.
    static constexpr std::uint64_t kMostInLine = 0xFFFF'FFFF;

    [[gnu::always_inline]] Line& line_of(std::uint64_t hash, std::uint64_t key) noexcept {
      const std::uint64_t tag = (key >> NearCells::kBits) + 1;
      std::size_t at = hash & mask;
      while (lines[at].tag != tag && lines[at].tag != 0) at = (at + 1) & mask;
      return lines[at];
    }
    [[gnu::always_inline]] void add_near(std::uint64_t hash, std::uint64_t key, std::int64_t count) noexcept {
      Line& line = line_of(hash, key);
      if (line.tag == 0) {
        line.tag = (key >> NearCells::kBits) + 1;
        ++used;
      }
      std::uint32_t& cell = line.counts[key & ((1U << NearCells::kBits) - 1)];
      cells += cell == 0 ? 1 : 0;
      cell += static_cast<std::uint32_t>(count);
    }

    static std::size_t room_for(std::size_t used) noexcept {
      std::size_t room = 64;
      while (used * 4 > room * 3) room *= 2;
      return room;
    }
    /// An empty piece with so many slots or lines.
    static Segment empty(std::size_t room, bool dense) {
      Segment out;
      if (dense)
        out.lines.reset(new Line[room]());
      else
        out.slots.reset(new Slot[room]());
      out.mask = room - 1;
      out.most = room / 4 * 3;
      return out;
    }

    /// Puts every cell into another piece; false when that has not enough room with so many more.
    bool moved_to(Segment& other, std::size_t more) const {
      other.contacts = contacts;
      bool fits = true;
      for_each([&](const Key& key, std::int64_t count) {
        fits = fits && other.used + more < other.most;
        if (fits) other.add(hash_of(key), key, count);
      });
      return fits;
    }

    /// About how many lines the cells of a sparse piece would take, by some of them: a cell that has n near
    /// ones there stands for a part of a line.
    [[nodiscard]] std::size_t lines_likely() const noexcept {
      if constexpr (kHasNear) {
        constexpr std::size_t kAsked = 64;
        constexpr std::uint64_t kNearMask = (1U << NearCells::kBits) - 1;
        std::size_t asked = 0;
        double parts = 0;
        for (std::size_t at = 0; at <= mask && asked < kAsked; ++at) {
          if (slots[at].count == 0) continue;
          std::size_t there = 0;
          for (std::uint64_t near = 0; near < NearCells::kNear; ++near)
            there += holds((slots[at].key & ~kNearMask) | near) ? 1U : 0U;
          parts += 1 / static_cast<double>(there);
          ++asked;
        }
        return asked == 0 ? 0
                          : static_cast<std::size_t>(static_cast<double>(cells) * parts /
                                                     static_cast<double>(asked));
      }
      return cells;
    }
    [[nodiscard]] bool holds(const Key& key) const noexcept {
      std::size_t at = home(hash_of(key), key);
      while (slots[at].count != 0 && !(slots[at].key == key)) at = (at + 1) & mask;
      return slots[at].count != 0;
    }

    [[gnu::noinline]] void grow(std::size_t more) {
      const std::size_t slots_needed = room_for(cells + more);
      std::size_t lines_needed = 0;  // 0: no lines
      if (kHasNear && contacts < kMostInLine && cells >= 256)
        lines_needed = lines != nullptr ? room_for(used + more) : slots_needed / kSlotsOfLine;
      if (lines_needed != 0 && lines_needed * kSlotsOfLine <= slots_needed &&
          (lines != nullptr || lines_likely() + more < lines_needed)) {
        Segment dense = empty(lines_needed, true);
        if (moved_to(dense, more)) {
          *this = std::move(dense);
          return;
        }
      }
      Segment sparse = empty(slots_needed, false);
      for_each([&](const Key& key, std::int64_t count) { sparse.add(hash_of(key), key, count); });
      sparse.contacts = contacts;
      *this = std::move(sparse);
    }
    static constexpr std::size_t kBytesOfLine = sizeof(Line);
    static constexpr std::size_t kBytesOfSlot = sizeof(Slot);
    static constexpr std::size_t kSlotsOfLine = kBytesOfLine / kBytesOfSlot;  // whole ones
  };

  void begin() {
    if (segments_.empty()) [[unlikely]]
      segments_.resize(1);
  }

  /// Cuts the one piece into all of them.
  void split() {
    std::vector<Segment> pieces(kSegments);
    for (Segment& piece : pieces) piece.make_room(2 * segments_.front().cells / kSegments + 1, 0);
    segments_.front().for_each([&](const Key& key, std::int64_t count) {
      const std::uint64_t hash = hash_of(key);
      Segment& piece = pieces[hash >> 58U];
      piece.make_room(1, static_cast<std::uint64_t>(count));
      piece.add(hash, key, count);
    });
    segments_.swap(pieces);
  }

  [[nodiscard]] std::size_t segment_of(std::uint64_t hash) const noexcept {
    return (hash >> 58U) & (segments_.size() - 1);
  }

  /// Cells that are near each other have their hash in common.
  static std::uint64_t hash_of(std::uint64_t key) noexcept { return hash_word(key >> NearCells::kBits); }
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
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

  /// The number of a value that has been met, else kNone.
  [[nodiscard]] std::uint32_t find(View value) const noexcept {
    if (last_ < values_.size() && (*this)[last_] == value) return last_;
    if (places_.empty()) return kNone;
    const std::uint64_t hash = hash_of(value);
    for (std::size_t at = hash & (places_.size() - 1);; at = (at + 1) & (places_.size() - 1)) {
      if (places_[at].number == kNone) return kNone;
      if (places_[at].hash == static_cast<std::uint32_t>(hash >> 32U) && (*this)[places_[at].number] == value)
        return places_[at].number;
    }
  }
  [[nodiscard]] std::uint32_t number_of(View value) {
    const std::uint32_t found = find(value);
    if (found != kNone) return last_ = found;
    if ((values_.size() + 1) * 2 > places_.size()) grow();
    values_.push_back(held(T{value}));
    put(places_, static_cast<std::uint32_t>(values_.size() - 1));
    return last_ = static_cast<std::uint32_t>(values_.size() - 1);
  }
  [[nodiscard]] View operator[](std::uint32_t number) const noexcept {
    if constexpr (kInPlace)
      return values_[number];
    else
      return *values_[number];
  }
  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }

  Interner() = default;
  Interner(const Interner& other) : places_{other.places_} {
    values_.reserve(other.size());
    for (std::uint32_t i = 0; i < other.size(); ++i) values_.push_back(held(T{other[i]}));
  }
  Interner(Interner&&) noexcept = default;
  Interner& operator=(Interner other) noexcept {
    values_.swap(other.values_);
    places_.swap(other.places_);
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

  struct Place {
    std::uint32_t hash = 0;  ///< its upper half
    std::uint32_t number = kNone;
  };

  void grow() {
    std::vector<Place> larger(places_.empty() ? 16 : 2 * places_.size());
    for (std::uint32_t number = 0; number < values_.size(); ++number) put(larger, number);
    places_.swap(larger);
  }
  void put(std::vector<Place>& places, std::uint32_t number) const noexcept {
    const std::uint64_t hash = hash_of((*this)[number]);
    std::size_t at = hash & (places.size() - 1);
    while (places[at].number != kNone) at = (at + 1) & (places.size() - 1);
    places[at] = {static_cast<std::uint32_t>(hash >> 32U), number};
  }

  static std::uint64_t hash_of(std::string_view text) noexcept { return hash_text(text, 0); }
  static std::uint64_t hash_of(std::uint32_t number) noexcept { return hash_word(number); }
  static std::uint64_t hash_of(Wide number) noexcept {
    return hash_word(hash_word(static_cast<std::uint64_t>(number >> 64U)) +
                     static_cast<std::uint64_t>(number));
  }

  std::vector<Held> values_;
  std::vector<Place> places_;
  std::uint32_t last_ = 0;
};

}  // namespace komhen::detail
