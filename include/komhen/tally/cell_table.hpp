#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
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

/// Memory in whole pages from the system, zero; large pages where it has them and the memory is large, since
/// the fewer pages a table has, the seldomer the processor must look for one before it looks for a cell. What
/// is given back is the system's again, so that a table which has grown does not keep what it was.
/// @throws std::bad_alloc
[[nodiscard]] void* take_pages(std::size_t bytes);
void give_pages_back(void* memory, std::size_t bytes) noexcept;

/// `many` values, all of them T{}, which is nothing but zeros: a power of two of them.
template <class T>
class Places {
 public:
  Places() noexcept = default;
  explicit Places(std::size_t many)
      : first_{many < kOfPages ? new T[many]() : static_cast<T*>(take_pages(many * sizeof(T))), {many}} {}

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

/// A key of 64 bits whose kNear lowest values are near each other: cells that often come together.
struct NearCells {
  static constexpr unsigned kBits = 4;
  static constexpr std::size_t kNear = 12;
  static constexpr std::uint64_t within(std::uint64_t key) noexcept { return key & ((1U << kBits) - 1); }
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
  static constexpr unsigned kSegmentBits = 3;
  static constexpr std::size_t kSegments = std::size_t{1} << kSegmentBits;

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
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      segments_[i].make_room(more[i], contacts[i]);
      segments_[i].contacts -= contacts[i];  // they are yet to come
    }
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
    std::array<std::uint64_t, kSegments> contacts{};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      hashes[i] = hash_of(cells[i].key);
      contacts[segment_of(hashes[i])] += static_cast<std::uint64_t>(cells[i].count);
    }
    bool dense = kHasNear;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      segments_[i].make_room(kTogether, contacts[i]);
      dense = dense && segments_[i].lines != nullptr;
    }
    if constexpr (kHasNear) {
      if (dense)
        return add_near(cells, hashes,
                        [this](std::uint64_t hash) -> Segment& { return segments_[segment_of(hash)]; });
    }
    for (std::size_t i = 0; i < cells.size(); ++i)
      segments_[segment_of(hashes[i])].fetch(hashes[i], cells[i].key);
    for (std::size_t i = 0; i < cells.size(); ++i)
      segments_[segment_of(hashes[i])].add(hashes[i], cells[i].key, cells[i].count);
  }

  /// Makes a small table one of pieces, so that different threads can add to different pieces.
  void cut() {
    begin();
    if (segments_.size() == 1) split();
  }
  /// The piece in which a key lies, once the table is cut.
  static std::size_t piece_of(const Key& key) noexcept { return hash_of(key) >> kUnused; }
  /// The same as add_some() for cells of one piece.
  void add_to_piece(std::size_t piece, std::span<const Slot> cells) {
    Segment& segment = segments_[piece];
    std::uint64_t contacts = 0;
    for (const Slot& cell : cells) contacts += static_cast<std::uint64_t>(cell.count);
    segment.make_room(cells.size(), contacts);
    std::array<std::uint64_t, kTogether> hashes;
    for (std::size_t i = 0; i < cells.size(); ++i) hashes[i] = hash_of(cells[i].key);
    if constexpr (kHasNear) {
      if (segment.lines != nullptr)
        return add_near(cells, hashes, [&](std::uint64_t) -> Segment& { return segment; });
    }
    for (std::size_t i = 0; i < cells.size(); ++i) segment.fetch(hashes[i], cells[i].key);
    for (std::size_t i = 0; i < cells.size(); ++i) segment.add(hashes[i], cells[i].key, cells[i].count);
  }

  /// Takes from a cell what has been added to it; an empty cell is none.
  void take(const Key& key, std::int64_t count) noexcept {
    const std::uint64_t hash = hash_of(key);
    segments_[segment_of(hash)].take(hash, key, count);
  }

 private:
  static constexpr std::size_t kMostInOne = 6144;
  static constexpr unsigned kUnused = 64 - kSegmentBits;  ///< bits of a hash that say nothing of the piece
  static constexpr bool kHasNear = std::is_same_v<Key, std::uint64_t>;

  /// A cache line: the cells that are near each other, and what they have in common, one more than it so that
  /// 0 is free.
  struct alignas(64) Line {
    std::uint64_t tag = 0;
    std::array<std::uint32_t, NearCells::kNear> counts{};
    std::uint64_t unused = 0;

    static constexpr std::uint64_t tag_of(std::uint64_t key) noexcept {
      return (key >> NearCells::kBits) + 1;
    }
  };

  struct Segment {
    Places<Slot> slots;    ///< of a sparse piece
    Places<Line> lines;    ///< of a dense one
    std::size_t mask = 0;  ///< one less than there are of them, when there are
    std::size_t used = 0;  ///< of them
    std::size_t most = 0;  ///< that may be used before it must grow
    std::size_t cells = 0;
    std::uint64_t contacts = 0;  ///< at least those in it

    Segment() = default;
    Segment(const Segment& other)
        : mask{other.mask}, used{other.used}, most{other.most}, cells{other.cells}, contacts{other.contacts} {
      if (other.slots != nullptr) slots = Places<Slot>{mask + 1};
      if (other.lines != nullptr) lines = Places<Line>{mask + 1};
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

    /// Where the line of a key would be, if no other were there.
    [[gnu::always_inline]] Line* first_line(std::uint64_t hash) const noexcept {
      return lines.get() + (hash & mask);
    }
    /// Where the slot of a key would be, if no other were there: near cells, whose hash is the same, lie
    /// apart.
    [[gnu::always_inline]] std::size_t home(std::uint64_t hash, const Key& key) const noexcept {
      if constexpr (kHasNear)
        return (hash + NearCells::within(key) * 0x9E37'79B9'7F4A'7C15U) & mask;
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
          std::uint32_t& cell = line_of(hash, key).counts[NearCells::within(key)];
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
      const std::uint64_t tag = Line::tag_of(key);
      std::size_t at = hash & mask;
      while (lines[at].tag != tag && lines[at].tag != 0) at = (at + 1) & mask;
      return lines[at];
    }
    [[gnu::always_inline]] void add_near(std::uint64_t hash, std::uint64_t key, std::int64_t count) noexcept {
      Line& line = line_of(hash, key);
      if (line.tag == 0) {
        line.tag = Line::tag_of(key);
        ++used;
      }
      std::uint32_t& cell = line.counts[NearCells::within(key)];
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
        out.lines = Places<Line>{room};
      else
        out.slots = Places<Slot>{room};
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

  /// The same for pieces that are dense, and have room: what the larger tables are of, and most rows go to.
  template <class SegmentOf>
  static void add_near(std::span<const Slot> cells, const std::array<std::uint64_t, kTogether>& hashes,
                       SegmentOf&& segment_of) noexcept {
    std::array<Line*, kTogether> lines;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      lines[i] = segment_of(hashes[i]).first_line(hashes[i]);
      __builtin_prefetch(lines[i], 1);
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
      Line& line = *lines[i];
      std::uint32_t& count = line.counts[NearCells::within(cells[i].key)];
      if (line.tag == Line::tag_of(cells[i].key) && count != 0) [[likely]]
        count += static_cast<std::uint32_t>(cells[i].count);
      else
        segment_of(hashes[i]).add(hashes[i], cells[i].key, cells[i].count);
    }
  }

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
      Segment& piece = pieces[hash >> kUnused];
      piece.make_room(1, static_cast<std::uint64_t>(count));
      piece.add(hash, key, count);
    });
    segments_.swap(pieces);
  }

  [[nodiscard]] std::size_t segment_of(std::uint64_t hash) const noexcept {
    return (hash >> kUnused) & (segments_.size() - 1);
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
