#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "komhen/detail/hash.hpp"
#include "komhen/detail/pages.hpp"

/// The container under a cube. Private to it: nothing here is stored or crosses an interface.
namespace komhen::detail {

/// Cells that differ in the type of contact alone are near each other: where one of them is met, most of them
/// are. The type is the lowest three bits of a key, of 64 bits or of a `high` and a `low` of them.
struct NearCells {
  static constexpr std::size_t kNear = 6;
  static constexpr std::uint64_t kMask = 7;

  static constexpr std::size_t within(std::uint64_t key) noexcept { return key & kMask; }
  /// What near cells have in common, which is also the key of the first of them.
  static constexpr std::uint64_t first(std::uint64_t key) noexcept { return key & ~kMask; }
  static constexpr std::uint64_t cell(std::uint64_t first, std::size_t within) noexcept {
    return first | within;
  }
  static constexpr std::uint64_t hash(std::uint64_t first) noexcept { return hash_word(first); }
  /// No key.
  static constexpr std::uint64_t none(std::uint64_t) noexcept { return ~std::uint64_t{0}; }

  template <class Wide>
  static constexpr std::size_t within(const Wide& key) noexcept {
    return key.high & kMask;
  }
  template <class Wide>
  static constexpr Wide first(const Wide& key) noexcept {
    return {key.high & ~kMask, key.low};
  }
  template <class Wide>
  static constexpr Wide cell(const Wide& first, std::size_t within) noexcept {
    return {first.high | within, first.low};
  }
  template <class Wide>
  static constexpr std::uint64_t hash(const Wide& first) noexcept {
    return hash_word(hash_word(first.high) + first.low);
  }
  template <class Wide>
  static constexpr Wide none(const Wide&) noexcept {
    return {~std::uint64_t{0}, 0};
  }
};

/// Counts by packed key.
///
/// Near cells are a line: what their keys have in common, and a count of 32 bits for each; the upper halves
/// of counts lie apart, and only where there are so many contacts that a count can have one. Lines are
/// numbered in the order in which they are first met and never move; an index of 32 bits a place, open
/// addressing without erasing, leads to them. So a table that grows makes nothing anew but its index, which
/// is small enough to stay in the processor's cache long after the lines do not.
///
/// A table is kPieces pieces, by the highest bits of the hash, that grow one by one, and that different
/// threads may add to.
template <class Key>
class CellTable {
 public:
  struct Cell {
    Key key;
    std::int64_t count;
  };
  /// Near cells, with what their keys have in common.
  struct Near {
    Key first;
    std::array<std::int64_t, NearCells::kNear> counts;

    [[nodiscard]] std::int64_t count(std::size_t within) const noexcept { return counts[within]; }
    [[nodiscard]] std::int64_t contacts() const noexcept {
      std::uint64_t sum = 0;  // no cube holds more than fit into 63 bits
      for (const std::int64_t count : counts) sum += static_cast<std::uint64_t>(count);
      return static_cast<std::int64_t>(sum);
    }
  };
  /// Near cells with few contacts: a byte each, the lowest of them the first cell's.
  struct NearFew {
    Key first;
    std::uint64_t counts;

    [[nodiscard]] std::int64_t count(std::size_t within) const noexcept {
      return static_cast<std::int64_t>(counts >> 8 * within & 0xFFU);
    }
    [[nodiscard]] std::int64_t contacts() const noexcept {
      constexpr std::uint64_t kLanes = 0x00FF'00FF'00FF'00FFU;
      const std::uint64_t pairs = (counts & kLanes) + (counts >> 8U & kLanes);
      return static_cast<std::int64_t>(pairs * 0x0001'0001'0001'0001U >> 48U);
    }
  };
  static constexpr unsigned kPieceBits = 3;
  static constexpr std::size_t kPieces = std::size_t{1} << kPieceBits;

  CellTable() = default;
  CellTable(const CellTable& other) {
    if (other.pieces_.empty()) return;
    prepare();
    for (std::size_t i = 0; i < kPieces; ++i) pieces_[i].copy(other.pieces_[i], *blocks_);
  }
  CellTable& operator=(const CellTable& other) {
    if (this != &other) *this = CellTable{other};
    return *this;
  }
  CellTable(CellTable&&) noexcept = default;
  CellTable& operator=(CellTable&&) noexcept = default;
  ~CellTable() = default;

  [[nodiscard]] std::size_t size() const noexcept {
    std::size_t cells = 0;
    for (const Piece& piece : pieces_) cells += piece.cells();
    return cells;
  }
  /// Bytes that the cells take, with what is ready for more.
  [[nodiscard]] std::size_t bytes() const noexcept {
    std::size_t bytes = 0;
    for (const Piece& piece : pieces_) bytes += piece.bytes();
    return bytes;
  }

  /// Calls `visit(key, count)` for every cell.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Piece& piece : pieces_) piece.for_each(visit);
  }

  /// Adds many near cells, of either kind, with so many contacts in all: all of them, or when memory runs out
  /// none. `each(visit)` calls visit(near) for every one of them, whenever it is called the same ones in the
  /// same order, and none of this table. `lines` is how many times it is called, or 0 where nobody knows.
  template <class SomeNear, class Each>
  void add_all_near(std::int64_t contacts, std::size_t lines, Each&& each) {
    prepare();
    // They lie evenly in the pieces, and where a piece has few lines by now, most of them are new.
    for (Piece& piece : pieces_)
      piece.make_room(piece.lines() < lines / kPieces / 4 ? lines / kPieces : 0,
                      static_cast<std::uint64_t>(contacts), *blocks_);
    std::array<SomeNear, kTogether> some;
    std::size_t size = 0;
    std::size_t added = 0;
    const auto add_some_near = [&] {
      make_room(std::span<const SomeNear>{some.data(), size});
      add_near(std::span<const SomeNear>{some.data(), size},
               [this](std::uint64_t hash) -> Piece& { return pieces_[piece_at(hash)]; });
      added += std::exchange(size, 0);
    };
    try {
      each([&](const SomeNear& near) {
        some[size] = near;
        if (++size == some.size()) add_some_near();
      });
      add_some_near();
    } catch (...) {
      each([&](const SomeNear& near) {
        if (added == 0) return;
        --added;
        const std::uint64_t hash = NearCells::hash(near.first);
        pieces_[piece_at(hash)].take(hash, near);
      });
      throw;
    }
  }
  /// The same with visit(key, count) for every cell. It is quickest where near cells come one after another.
  template <class Each>
  void add_all(std::int64_t contacts, Each&& each) {
    add_all_near<Near>(contacts, 0, [&](auto&& visit) {
      Near near{NearCells::none(Key{}), {}};
      each([&](const Key& key, std::int64_t count) {
        const Key first = NearCells::first(key);
        if (near.first != first) {
          if (near.first != NearCells::none(Key{})) visit(near);
          near = {first, {}};
        }
        near.counts[NearCells::within(key)] += count;
      });
      if (near.first != NearCells::none(Key{})) visit(near);
    });
  }

  /// Adds without looking for overflow: the cube has checked its total, and no cell is larger than that.
  void add(const Key& key, std::int64_t count) {
    prepare();
    const std::uint64_t hash = NearCells::hash(NearCells::first(key));
    Piece& piece = pieces_[piece_at(hash)];
    piece.make_room(1, static_cast<std::uint64_t>(count), *blocks_);
    piece.add(hash, key, count);
  }

  /// Cells that are added at once.
  static constexpr std::size_t kTogether = 64;

  /// Adds at most kTogether cells: all of them, or when memory runs out none.
  void add_some(std::span<const Cell> cells) {
    prepare();
    const std::uint64_t contacts = contacts_of(cells);
    bool room = true;
    for (Piece& each : pieces_) room = each.has_room(cells.size(), contacts) && room;
    if (!room) [[unlikely]]
      make_room(cells);
    add_ready(cells);
  }

  /// Makes room for this cell, and where there is none yet for `more` lines; from then on add_ready() may add
  /// it, among at most `more` of which the same has been asked.
  void make_ready(const Key& key, std::int64_t count, std::size_t more) {
    prepare();
    const std::uint64_t hash = NearCells::hash(NearCells::first(key));
    Piece& piece = pieces_[piece_at(hash)];
    piece.make_room(more, static_cast<std::uint64_t>(count), *blocks_);
    piece.fetch_place(hash);
  }
  void add_ready(std::span<const Cell> cells) noexcept {
    add_where(cells, [this](std::uint64_t hash) -> Piece& { return pieces_[piece_at(hash)]; });
  }

  /// Makes the pieces, so that threads can add to them.
  void prepare() {
    if (!pieces_.empty()) [[likely]]
      return;
    if (blocks_ == nullptr) blocks_ = std::make_unique<Blocks<Block>>();
    pieces_.resize(kPieces);
  }
  /// The piece in which a key lies.
  static std::size_t piece_of(const Key& key) noexcept {
    return piece_at(NearCells::hash(NearCells::first(key)));
  }
  /// The same as add_some() for cells of one piece, in a table that has been prepared. Different threads may
  /// add to different pieces.
  void add_to_piece(std::size_t at, std::span<const Cell> cells) {
    Piece& piece = pieces_[at];
    if (!piece.has_room(cells.size(), contacts_of(cells))) [[unlikely]]
      piece.make_room(cells.size(), 0, *blocks_);
    add_where(cells, [&](std::uint64_t) -> Piece& { return piece; });
  }
  /// The same for near cells, at most kTogether of them.
  void add_to_piece(std::size_t at, std::span<const NearFew> lines) {
    Piece& piece = pieces_[at];
    std::int64_t contacts = 0;
    for (const NearFew& line : lines) contacts += line.contacts();
    piece.make_room(lines.size(), static_cast<std::uint64_t>(contacts), *blocks_);
    add_near(lines, [&](std::uint64_t) -> Piece& { return piece; });
  }

  /// Takes from a cell what has been added to it; an empty cell is none.
  void take(const Key& key, std::int64_t count) noexcept {
    const std::uint64_t hash = NearCells::hash(NearCells::first(key));
    pieces_[piece_at(hash)].take(hash, key, count);
  }

 private:
  struct Line {
    Key first;
    std::array<std::uint32_t, NearCells::kNear> counts;
  };
  static constexpr unsigned kBlockBits = 10;
  static constexpr std::size_t kBlock = std::size_t{1} << kBlockBits;
  struct alignas(64) Block {
    std::array<Line, kBlock> lines;
  };
  struct UpperHalves {
    std::array<std::array<std::uint32_t, NearCells::kNear>, kBlock> counts{};
  };

  static std::size_t piece_at(std::uint64_t hash) noexcept { return hash >> (64 - kPieceBits); }

  static std::uint64_t sum_at_most(std::uint64_t a, std::uint64_t b) noexcept {
    return b > std::numeric_limits<std::uint64_t>::max() - a ? std::numeric_limits<std::uint64_t>::max()
                                                             : a + b;
  }
  static std::uint64_t contacts_of(std::span<const Cell> cells) noexcept {
    std::uint64_t contacts = 0;
    for (const Cell& cell : cells) contacts += static_cast<std::uint64_t>(cell.count);
    return contacts;
  }

  class alignas(64) Piece {
   public:
    [[nodiscard]] std::size_t cells() const noexcept { return cells_; }
    [[nodiscard]] std::size_t lines() const noexcept { return lines_; }
    [[nodiscard]] std::size_t bytes() const noexcept {
      return room_ * sizeof(Line) + (index_ == nullptr ? 0 : mask_ + 1) * sizeof(std::uint32_t) +
             upper_.size() * sizeof(UpperHalves);
    }

    template <class Visit>
    void for_each(Visit&& visit) const {
      for (std::size_t number = 0; number < lines_; ++number) {
        const Line& line = line_of(number);
        for (std::size_t i = 0; i < NearCells::kNear; ++i)
          if (const std::int64_t count = count_of(number, i); count != 0)
            visit(NearCells::cell(line.first, i), count);
      }
    }

    /// Whether there is room for so many lines more, with so many contacts; they are noted.
    [[gnu::always_inline]] bool has_room(std::size_t more, std::uint64_t contacts) noexcept {
      contacts_ = sum_at_most(contacts_, contacts);
      return lines_ + more <= ready_ && (contacts_ <= kMostWithout || upper_.size() == blocks_.size());
    }
    /// Makes it. What is there already stays as it is when memory runs out.
    void make_room(std::size_t more, std::uint64_t contacts, Blocks<Block>& blocks) {
      if (!has_room(more, contacts)) grow(lines_ + more, blocks);
    }

    void fetch_place(std::uint64_t hash) const noexcept { __builtin_prefetch(places_ + (hash & mask_)); }
    /// Where a look-up has come to: the line that a key with its hash most likely lies in, on its way to the
    /// processor, and the line's place in the index; or a line that is none, and the place for one.
    struct Met {
      Line* line;
      std::size_t place;
    };
    [[gnu::always_inline]] Met fetch_line(std::uint64_t hash) const noexcept {
      const std::uint32_t wanted = mark_of(hash);
      for (std::size_t at = hash & mask_;; at = (at + 1) & mask_) {
        const std::uint32_t entry = places_[at];
        if (entry == 0) return {&no_line_, at};
        if (((entry ^ wanted) & ~mask_) != 0) continue;
        Line* const line = &line_of((entry & mask_) - 1);
        __builtin_prefetch(line, 1);
        return {line, at};
      }
    }
    /// Adds to a cell whose look-up has come so far; lines may have been added since.
    void add(const Met& met, std::uint64_t hash, const Key& key, std::int64_t count) noexcept {
      put(line_with(met.place, hash, NearCells::first(key)), NearCells::within(key), count);
    }
    /// Adds to a cell; there is room for its line.
    void add(std::uint64_t hash, const Key& key, std::int64_t count) noexcept {
      put(line_with(hash & mask_, hash, NearCells::first(key)), NearCells::within(key), count);
    }
    /// The same for near cells, of either kind.
    template <class SomeNear>
    void add(const Met& met, std::uint64_t hash, const SomeNear& near) noexcept {
      const std::size_t number = line_with(met.place, hash, near.first);
      if (upper_.empty()) [[likely]] {
        put_all(line_of(number).counts, near);
        return;
      }
      for (std::size_t i = 0; i < NearCells::kNear; ++i)
        if (const std::int64_t count = near.count(i); count != 0) put(number, i, count);
    }
    template <class SomeNear>
    void take(std::uint64_t hash, const SomeNear& near) noexcept {
      const std::size_t number = (places_[place_of(hash, near.first)] & mask_) - std::size_t{1};
      for (std::size_t i = 0; i < NearCells::kNear; ++i)
        if (const std::int64_t count = near.count(i); count != 0) put(number, i, -count);
    }
    void take(std::uint64_t hash, const Key& key, std::int64_t count) noexcept {
      put((places_[place_of(hash, NearCells::first(key))] & mask_) - std::size_t{1}, NearCells::within(key),
          -count);
    }

    void copy(const Piece& other, Blocks<Block>& blocks) {
      if (other.index_ == nullptr) return;
      contacts_ = other.contacts_;
      grow(other.lines_, blocks);
      for (std::size_t number = 0; number < other.lines_; ++number) line_of(number) = other.line_of(number);
      for (std::size_t i = 0; i < upper_.size() && i < other.upper_.size(); ++i)
        *upper_[i] = *other.upper_[i];
      lines_ = other.lines_;
      cells_ = other.cells_;
      enter_all(places_, mask_);
    }

   private:
    /// With no more contacts than these, no count has an upper half.
    static constexpr std::uint64_t kMostWithout = 0xFFFF'FFFF;
    static inline std::uint32_t no_place_ = 0;
    static inline Line no_line_{NearCells::none(Key{}), {}};

    [[nodiscard]] Line& line_of(std::size_t number) const noexcept {
      return blocks_[number >> kBlockBits][number % kBlock];
    }
    [[nodiscard]] std::int64_t count_of(std::size_t number, std::size_t within) const noexcept {
      const std::uint64_t upper =
          upper_.empty() ? 0 : upper_[number >> kBlockBits]->counts[number % kBlock][within];
      return static_cast<std::int64_t>(upper << 32U | line_of(number).counts[within]);
    }
    /// The number of a line, which may be a new one; it stands in the index at a place or behind it.
    std::size_t line_with(std::size_t place, std::uint64_t hash, const Key& first) noexcept {
      std::uint32_t& entry = places_[place_from(place, hash, first)];
      if (entry != 0) return (entry & mask_) - std::size_t{1};
      line_of(lines_).first = first;
      entry = entry_of(hash, mask_, lines_);
      return lines_++;
    }
    void put(std::size_t number, std::size_t within, std::int64_t more) noexcept {
      std::uint32_t& lower = line_of(number).counts[within];
      if (upper_.empty()) [[likely]] {
        cells_ += lower == 0 ? 1U : 0U;
        lower += static_cast<std::uint32_t>(more);
        cells_ -= lower == 0 ? 1U : 0U;
        return;
      }
      const std::int64_t before = count_of(number, within);
      const std::int64_t now = before + more;
      lower = static_cast<std::uint32_t>(now);
      upper_[number >> kBlockBits]->counts[number % kBlock][within] =
          static_cast<std::uint32_t>(static_cast<std::uint64_t>(now) >> 32U);
      cells_ += before == 0 ? 1U : 0U;
      cells_ -= now == 0 ? 1U : 0U;
    }

    /// Adds near cells to a line without upper halves: without a branch, since nothing foretells which are 0.
    template <class SomeNear>
    void put_all(std::array<std::uint32_t, NearCells::kNear>& counts, const SomeNear& near) noexcept {
      std::size_t met = 0;
      for (std::size_t i = 0; i < NearCells::kNear; ++i) {
        const auto more = static_cast<std::uint32_t>(near.count(i));
        met += static_cast<std::size_t>(counts[i] == 0) & static_cast<std::size_t>(more != 0);
        counts[i] += more;
      }
      cells_ += met;
    }

    /// Bits of the hash that tell nothing of the piece or, but for some of the lowest, of the place. An entry
    /// has those of them for which its number, and 1, leaves room; 0 is free.
    static std::uint32_t mark_of(std::uint64_t hash) noexcept {
      return static_cast<std::uint32_t>(hash >> (32 - kPieceBits));
    }
    static std::uint32_t entry_of(std::uint64_t hash, std::uint32_t mask, std::size_t number) noexcept {
      return (mark_of(hash) & ~mask) | static_cast<std::uint32_t>(number + 1);
    }
    /// Where a key's line stands in the index, or would stand.
    [[nodiscard]] std::size_t place_of(std::uint64_t hash, const Key& first) const noexcept {
      return place_from(hash & mask_, hash, first);
    }
    [[nodiscard]] std::size_t place_from(std::size_t at, std::uint64_t hash,
                                         const Key& first) const noexcept {
      const std::uint32_t wanted = mark_of(hash);
      for (;; at = (at + 1) & mask_) {
        const std::uint32_t entry = places_[at];
        if (entry == 0) return at;
        if (((entry ^ wanted) & ~mask_) == 0 && line_of((entry & mask_) - 1).first == first) return at;
      }
    }
    /// Enters all lines into an index in which no line stands. Where they go is fetched for some of them
    /// before the first goes there.
    void enter_all(std::uint32_t* index, std::uint32_t mask) const noexcept {
      std::array<std::uint64_t, kTogether> hashes;
      for (std::size_t from = 0; from < lines_; from += kTogether) {
        const std::size_t some = std::min(kTogether, lines_ - from);
        for (std::size_t i = 0; i < some; ++i) {
          hashes[i] = NearCells::hash(line_of(from + i).first);
          __builtin_prefetch(index + (hashes[i] & mask), 1);
        }
        for (std::size_t i = 0; i < some; ++i) {
          std::size_t at = hashes[i] & mask;
          while (index[at] != 0) at = (at + 1) & mask;
          index[at] = entry_of(hashes[i], mask, from + i);
        }
      }
    }

    [[gnu::noinline]] void grow(std::size_t lines, Blocks<Block>& blocks) {
      std::size_t places = std::max<std::size_t>(16, mask_ + std::size_t{1});
      while (lines * 4 > places * 3) places *= 2;
      if (index_ == nullptr || places > mask_ + std::size_t{1}) {
        Places<std::uint32_t> larger{places, Pages::at_once};
        const auto mask = static_cast<std::uint32_t>(places - 1);
        enter_all(larger.get(), mask);
        index_ = std::move(larger);
        places_ = index_.get();
        mask_ = mask;
      }
      if (lines > room_ && lines <= kBlock / 2) {  // a small piece lies by itself
        const std::size_t room = std::bit_ceil(std::max<std::size_t>(lines, 8));
        std::unique_ptr<Line[]> larger{new Line[room]()};
        std::copy_n(blocks_.empty() ? nullptr : blocks_.front(), lines_, larger.get());
        blocks_.resize(1);
        blocks_.front() = larger.get();
        small_ = std::move(larger);
        room_ = room;
      }
      while (lines > room_) {
        const std::size_t many = small_ != nullptr ? 0 : blocks_.size();
        if (blocks_.capacity() == many) blocks_.reserve(std::max<std::size_t>(4, 2 * many));
        Line* const block = blocks.take()->lines.data();
        if (small_ != nullptr) {
          std::copy_n(small_.get(), lines_, block);
          blocks_.clear();
          small_ = nullptr;
        }
        blocks_.push_back(block);
        room_ = blocks_.size() * kBlock;
      }
      if (contacts_ > kMostWithout) {
        // All or none: a piece has upper halves for every block, or for no count.
        std::vector<std::unique_ptr<UpperHalves>> more(blocks_.size() - upper_.size());
        for (auto& halves : more) halves = std::make_unique<UpperHalves>();
        upper_.reserve(blocks_.size());
        std::ranges::move(more, std::back_inserter(upper_));
      }
      ready_ = std::min(room_, places / 4 * 3);
    }

    std::uint32_t* places_ = &no_place_;  ///< of the index
    std::uint32_t mask_ = 0;              ///< one less than there are of them
    std::size_t lines_ = 0;
    std::size_t ready_ = 0;  ///< lines for which there is room
    std::vector<Line*> blocks_;
    std::size_t cells_ = 0;
    Places<std::uint32_t> index_;
    std::uint64_t contacts_ = 0;     ///< at least those in it
    std::size_t room_ = 0;           ///< lines for which there are blocks
    std::unique_ptr<Line[]> small_;  ///< the first block, while it is not whole
    std::vector<std::unique_ptr<UpperHalves>> upper_;
  };

  /// Adds near cells; there is room for them.
  template <class SomeNear, class PieceAt>
  static void add_near(std::span<const SomeNear> lines, PieceAt&& piece_at) noexcept {
    std::array<std::uint64_t, kTogether> hashes;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      hashes[i] = NearCells::hash(lines[i].first);
      piece_at(hashes[i]).fetch_place(hashes[i]);
    }
    std::array<typename Piece::Met, kTogether> met;
    for (std::size_t i = 0; i < lines.size(); ++i) met[i] = piece_at(hashes[i]).fetch_line(hashes[i]);
    for (std::size_t i = 0; i < lines.size(); ++i) piece_at(hashes[i]).add(met[i], hashes[i], lines[i]);
  }

  static const Key& key_in(const Cell& cell) noexcept { return cell.key; }
  template <class SomeNear>
  static const Key& key_in(const SomeNear& near) noexcept {
    return near.first;
  }
  /// Makes room for the lines of some cells, or near cells, in the pieces that they lie in.
  template <class Some>
  void make_room(std::span<const Some> some) {
    bool room = true;
    for (Piece& each : pieces_) room = each.has_room(some.size(), 0) && room;
    if (room) [[likely]]
      return;
    std::array<std::size_t, kPieces> more{};
    for (const Some& one : some) ++more[piece_of(key_in(one))];
    for (std::size_t i = 0; i < kPieces; ++i)
      if (more[i] != 0) pieces_[i].make_room(more[i], 0, *blocks_);
  }

  /// What costs is waiting for memory; so the places of all are fetched before the first is looked at, and
  /// the lines of all before the first is added to.
  template <class PieceAt>
  static void add_where(std::span<const Cell> cells, PieceAt&& piece_at) noexcept {
    std::array<std::uint64_t, kTogether> hashes;
    std::array<typename Piece::Met, kTogether> met;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      hashes[i] = NearCells::hash(NearCells::first(cells[i].key));
      piece_at(hashes[i]).fetch_place(hashes[i]);
    }
    for (std::size_t i = 0; i < cells.size(); ++i) met[i] = piece_at(hashes[i]).fetch_line(hashes[i]);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto& [key, count] = cells[i];
      std::uint32_t& there = met[i].line->counts[NearCells::within(key)];
      const std::uint64_t sum = there + static_cast<std::uint64_t>(count);
      if (met[i].line->first == NearCells::first(key) && there != 0 && sum <= 0xFFFF'FFFF) [[likely]]
        there = static_cast<std::uint32_t>(sum);
      else
        piece_at(hashes[i]).add(met[i], hashes[i], key, count);
    }
  }

  std::unique_ptr<Blocks<Block>> blocks_;
  std::vector<Piece> pieces_;
};

}  // namespace komhen::detail
