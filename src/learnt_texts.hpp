#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/detail/hash.hpp"

namespace komhen::detail {

/// The texts that one column of a file has been seen to hold, and what each stands for. A text is kept as it
/// stands in the file, with the byte or bytes that end it, so that finding it also tells that the field ends
/// there and in that way.
///
/// Short texts lie in an open table, three words and the value in a place; it is mostly empty, and seeded so
/// that few of them lie behind another. Texts are never forgotten; past a number of them, no more are taken.
class LearntTexts {
 public:
  /// Bytes of the longest text in the open table.
  static constexpr std::size_t kShort = 24;
  /// Bytes behind the beginning of a text that find() reads, whatever its length.
  static constexpr std::size_t kReach = 24;
  static constexpr std::size_t kLongest = 160;  ///< no longer text is learnt

  struct Found {
    std::uint64_t value;
    std::uint8_t flags;
  };

  LearntTexts() { rebuild(64); }

  /// Whether find() must be asked: a text is long, or has flags. Else find_short() does for all.
  [[nodiscard]] bool has_unusual() const noexcept { return unusual_; }
  /// How many words of eight bytes the longest short text takes.
  [[nodiscard]] unsigned words() const noexcept { return words_; }

 private:
  /// The bytes of each word of a text that belong to it, by its size.
  static constexpr auto kMasks = [] {
    std::array<std::array<std::uint64_t, 4>, kShort + 1> masks{};
    for (std::size_t size = 0; size <= kShort; ++size)
      for (std::size_t word = 0; word < 3; ++word) {
        const std::size_t bytes = size <= 8 * word ? 0 : std::min<std::size_t>(size - 8 * word, 8);
        std::uint64_t mask = bytes == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * bytes) - 1;
        if constexpr (std::endian::native == std::endian::big)
          if (bytes != 0 && bytes != 8) mask <<= 8 * (8 - bytes);
        masks[size][word] = mask;
      }
    return masks;
  }();

 public:
  /// Where the open table lies, for find_short(); until the next learn().
  class Table {
   public:
    /// Adds the bits of a text of at most kWords * 8 bytes to `bits` if it lies first in its place; false
    /// where find() must be asked. No text of the table is longer, or has flags. kReach bytes at `at` are
    /// readable.
    template <unsigned kWords>
    [[nodiscard, gnu::always_inline]] bool find_short(const char* at, std::size_t size,
                                                      std::uint64_t& bits) const noexcept {
      const std::uint64_t* const masks = kMasks[size].data();
      const std::uint64_t a = word(at) & masks[0];
      std::uint64_t mixed = a;
      std::uint64_t b = 0;
      std::uint64_t c = 0;
      if constexpr (kWords > 1) mixed ^= (b = word(at + 8) & masks[1]) * kSecond;
      if constexpr (kWords > 2) mixed ^= (c = word(at + 16) & masks[2]) * kThird;
      const Place& place = places_[mixed * seed_ >> kHashed & mask_];
      if (place.key.a != a) [[unlikely]]
        return false;
      if constexpr (kWords > 1)
        if (place.key.b != b) [[unlikely]]
          return false;
      if constexpr (kWords > 2)
        if (place.key.c != c) [[unlikely]]
          return false;
      bits |= place.value;
      return true;
    }

   private:
    friend class LearntTexts;
    struct Key {
      std::uint64_t a = 0;
      std::uint64_t b = 0;
      std::uint64_t c = 0;
      friend bool operator==(const Key& x, const Key& y) noexcept {
        return ((x.a ^ y.a) | (x.b ^ y.b) | (x.c ^ y.c)) == 0;
      }
    };
    struct Place {
      Key key;
      std::uint64_t value = 0;
    };
    static constexpr unsigned kHashed = 40;  // so many of the lower bits of a product are not used
    static constexpr std::uint64_t kSecond = 0x9E37'79B9'7F4A'7C15U;
    static constexpr std::uint64_t kThird = 0xC2B2'AE3D'27D4'EB4FU;

    [[gnu::always_inline]] static std::uint64_t word(const char* at) noexcept {
      std::uint64_t out = 0;
      std::memcpy(&out, at, 8);
      return out;
    }

    const Place* places_ = nullptr;
    std::uint64_t seed_ = 1;
    std::uint64_t mask_ = 0;
  };
  [[nodiscard]] Table table() const noexcept {
    Table out;
    out.places_ = places_.data();
    out.seed_ = seed_;
    out.mask_ = places_.size() - 1;
    return out;
  }

  /// What a text of any length stands for.
  [[nodiscard]] bool find(const char* at, std::size_t size, Found& found) const noexcept {
    if (size > kShort) return find_long({at, size}, found);
    const Key key = key_of(at, size);
    std::size_t place = place_of(key);
    while (!(places_[place].key == key)) {
      if (places_[place].key.a == 0) return false;
      place = (place + 1) & (places_.size() - 1);
    }
    found = {places_[place].value, flags_[place]};
    return true;
  }

  /// Learns a text. kReach bytes at its beginning are readable.
  void learn(std::string_view text, std::uint64_t value, std::uint8_t flags) {
    if (text.empty() || text.size() > kLongest) return;
    Found before{};
    if (find(text.data(), text.size(), before)) return;
    if (size_ + long_.size() >= kMost) return;
    if (text.size() > kShort) {
      learn_long(text, value, flags);
      return;
    }
    const Key key = key_of(text.data(), text.size());
    if (key.a == 0) return;  // marks a free place
    words_ = std::max(words_, static_cast<unsigned>((text.size() + 7) / 8));
    unusual_ = unusual_ || flags != 0;
    if ((size_ + 1) * 8 > places_.size())
      rebuild(places_.size() * 4);
    else if (size_ >= next_rebuild_ && places_[place_of(key)].key.a != 0)
      rebuild(places_.size());
    put(key, value, flags);
    ++size_;
  }

 private:
  static constexpr std::size_t kMost = 8192;

  using Key = Table::Key;
  using Place = Table::Place;
  struct LongText {
    std::string text;
    std::uint64_t hash;
    Found found;
  };

  static Key key_of(const char* at, std::size_t size) noexcept {
    const auto& masks = kMasks[size];
    return {Table::word(at) & masks[0], Table::word(at + 8) & masks[1], Table::word(at + 16) & masks[2]};
  }

  std::size_t place_of(const Key& key) const noexcept {
    const std::uint64_t mixed = key.a ^ key.b * Table::kSecond ^ key.c * Table::kThird;
    return mixed * seed_ >> Table::kHashed & (places_.size() - 1);
  }

  void put(const Key& key, std::uint64_t value, std::uint8_t flags) noexcept {
    std::size_t place = place_of(key);
    while (places_[place].key.a != 0) place = (place + 1) & (places_.size() - 1);
    places_[place] = {key, value};
    flags_[place] = flags;
  }

  /// Makes a table of this size with the seed, of a few, that lets fewest texts lie behind another.
  void rebuild(std::size_t room) {
    const std::vector<Place> before = std::exchange(places_, std::vector<Place>(room));
    const std::vector<std::uint8_t> flags = std::exchange(flags_, std::vector<std::uint8_t>(room));
    std::vector<std::uint8_t> taken;
    std::uint64_t best = 0;
    std::size_t fewest = before.size() + 1;
    for (std::uint64_t attempt = 1; attempt <= 24 && fewest != 0; ++attempt) {
      seed_ = hash_word(attempt) | 1U;
      taken.assign(room, 0);
      std::size_t behind = 0;
      for (const Place& place : before)
        if (place.key.a != 0) behind += std::exchange(taken[place_of(place.key)], std::uint8_t{1});
      if (behind < fewest) {
        fewest = behind;
        best = seed_;
      }
    }
    seed_ = best;
    for (std::size_t i = 0; i < before.size(); ++i)
      if (before[i].key.a != 0) put(before[i].key, before[i].value, flags[i]);
    next_rebuild_ = size_ + size_ / 4 + 1;
  }

  [[nodiscard]] bool find_long(std::string_view text, Found& found) const noexcept {
    if (long_places_.empty() || text.size() > kLongest) return false;
    const std::uint64_t hash = hash_text(text, 0);
    for (std::size_t place = hash & (long_places_.size() - 1);;
         place = (place + 1) & (long_places_.size() - 1)) {
      if (long_places_[place] == 0) return false;
      const LongText& known = long_[long_places_[place] - 1];
      if (known.hash != hash || known.text != text) continue;
      found = known.found;
      return true;
    }
  }

  void learn_long(std::string_view text, std::uint64_t value, std::uint8_t flags) {
    unusual_ = true;
    long_.push_back({std::string{text}, hash_text(text, 0), {value, flags}});
    const auto put_long = [&](std::size_t number) {
      std::size_t place = long_[number].hash & (long_places_.size() - 1);
      while (long_places_[place] != 0) place = (place + 1) & (long_places_.size() - 1);
      long_places_[place] = static_cast<std::uint32_t>(number + 1);
    };
    if (long_.size() * 2 <= long_places_.size()) return put_long(long_.size() - 1);
    long_places_.assign(std::max<std::size_t>(64, long_places_.size() * 2), 0);
    for (std::size_t i = 0; i < long_.size(); ++i) put_long(i);
  }

  std::vector<Place> places_;
  std::vector<std::uint8_t> flags_;  ///< by place
  std::uint64_t seed_ = 1;
  unsigned words_ = 1;
  bool unusual_ = false;
  std::size_t size_ = 0;
  std::size_t next_rebuild_ = 0;
  std::vector<LongText> long_;
  std::vector<std::uint32_t> long_places_;  ///< number in long_ and 1; 0: free
};

}  // namespace komhen::detail
