#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "komhen/detail/hash.hpp"

namespace komhen::detail {

/// The texts that one column of a file has been seen to hold, and what each stands for. A text is kept as it
/// stands in the file, with the byte or bytes that end it, so that finding it also tells that the field ends
/// there and in that way.
///
/// Short texts lie in an open table, a line of memory each; it is mostly empty, and seeded so that few of
/// them lie behind another. Texts are never forgotten; past a number of them, no more are taken.
class LearntTexts {
 public:
  static constexpr unsigned kWords = 6;
  /// Bytes of the longest text in the open table.
  static constexpr std::size_t kShort = std::size_t{8} * kWords;
  /// Bytes behind the beginning of a text that are read, whatever its length.
  static constexpr std::size_t kReach = kShort;
  static constexpr std::size_t kLongest = 160;  ///< no longer text is learnt
  /// Bytes of the longest text that may be asked for in haste.
  static constexpr std::size_t kHasty = 255;

  struct Found {
    std::uint64_t value;
    std::uint64_t flags;
  };

  LearntTexts() : places_(kFewestPlaces) {}

  /// How many texts there are.
  [[nodiscard]] std::size_t size() const noexcept { return size_ + long_.size(); }
  /// Bytes of the longest of them.
  [[nodiscard]] std::size_t longest() const noexcept { return longest_; }

  /// Where the open table lies, for find_first(); until the next learn().
  class Table {
   public:
    /// What a text stands for that lies first in its place; nullptr where find() must be asked. The table has
    /// no text of more than kMost * 8 bytes, and this one has `before` bytes and one that ends it, at most
    /// kHasty in all. kReach bytes at `at` are readable.
    ///
    /// Of a text that is longer than that, only the beginning is compared. It cannot be that of another: that
    /// one ends there, and so in a byte that ends a field.
    template <unsigned kMost>
    [[nodiscard, gnu::always_inline]] const Found* find_first(const char* at,
                                                              std::size_t before) const noexcept {
      std::array<std::uint64_t, kMost> key;
      const Place& place = places_[mixed<kMost>(at, before, key) * seed_ >> shift_];
#pragma GCC unroll 6
      for (unsigned i = 0; i < kMost; ++i)
        if (place.key[i] != key[i]) [[unlikely]]
          return nullptr;
      return &place.found;
    }

   private:
    friend class LearntTexts;
    using Key = std::array<std::uint64_t, kWords>;
    /// What stands first in a place without a text: line ends, which no text begins with more than one of.
    static constexpr std::uint64_t kFree = 0x0A0A'0A0A'0A0A'0A0AU;
    struct alignas(64) Place {
      Found found{};  // first: who has found it has no way to go
      Key key{kFree};
    };

    /// The bytes of each word that belong to a text, by its bytes before the one that ends it.
    static constexpr auto kMasks = [] {
      std::array<std::array<std::uint64_t, kHasty>, kWords> masks{};
      for (std::size_t size = 1; size <= kHasty; ++size)
        for (std::size_t word = 0; word < kWords; ++word) {
          const std::size_t bytes = size <= 8 * word ? 0 : std::min<std::size_t>(size - 8 * word, 8);
          std::uint64_t mask = bytes == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * bytes) - 1;
          if constexpr (std::endian::native == std::endian::big)
            if (bytes != 0 && bytes != 8) mask <<= 8 * (8 - bytes);
          masks[word][size - 1] = mask;
        }
      return masks;
    }();
    [[gnu::always_inline]] static std::uint64_t word(const char* at) noexcept {
      std::uint64_t out = 0;
      std::memcpy(&out, at, 8);
      return out;
    }
    /// Takes the words of a text, and mixes them.
    template <unsigned kMost>
    [[gnu::always_inline]] static std::uint64_t mixed(const char* at, std::size_t before,
                                                      std::array<std::uint64_t, kMost>& key) noexcept {
#pragma GCC unroll 6
      for (unsigned i = 0; i < kMost; ++i) key[i] = word(at + std::size_t{8} * i) & kMasks[i][before];
      return mixed(key);
    }
    /// Words of zero behind others change nothing. Two texts that give the same are unlikely, and do no harm.
    template <std::size_t kMost>
    [[gnu::always_inline]] static std::uint64_t mixed(const std::array<std::uint64_t, kMost>& key) noexcept {
      std::uint64_t out = 0;
#pragma GCC unroll 6
      for (std::size_t i = 1; i <= kMost; ++i) out = key[kMost - i] + out * 8;
      return out;
    }

    const Place* places_ = nullptr;
    std::uint64_t seed_ = 1;
    unsigned shift_ = 63;  ///< the highest bits of a product are those that every byte has part in
  };
  [[nodiscard]] Table table() const noexcept {
    Table out;
    out.places_ = places_.data();
    out.seed_ = seed_;
    out.shift_ = shift();
    return out;
  }

  /// What a text of any length stands for.
  [[nodiscard]] bool find(const char* at, std::size_t size, Found& found) const noexcept {
    if (size > kShort) return find_long({at, size}, found);
    Key key;
    std::size_t place = place_of(Table::mixed<kWords>(at, size - 1, key));
    while (places_[place].key != key) {
      if (is_free(places_[place])) return false;
      place = (place + 1) & (places_.size() - 1);
    }
    found = places_[place].found;
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
    Place place;
    const std::uint64_t mixed = Table::mixed<kWords>(text.data(), text.size() - 1, place.key);
    if (is_free(place)) return;
    place.found = {value, flags};
    longest_ = std::max(longest_, text.size());
    ++size_;
    if (size_ * 8 > places_.size())
      rebuild(places_.size() * 2, place);
    else if ((size_ > next_rebuild_ || size_ <= kFew) && !is_free(places_[place_of(mixed)]))
      rebuild(places_.size(), place);
    else
      put(place);
  }

 private:
  static constexpr std::size_t kMost = 8192;
  static constexpr std::size_t kFew = 256;  ///< so many are laid out anew whenever two of them meet

  using Key = Table::Key;
  using Place = Table::Place;
  struct LongText {
    std::string text;
    std::uint64_t hash;
    Found found;
  };

  static bool is_free(const Place& place) noexcept { return place.key[0] == Table::kFree; }
  std::size_t place_of(std::uint64_t mixed) const noexcept { return mixed * seed_ >> shift(); }
  unsigned shift() const noexcept { return static_cast<unsigned>(std::countl_zero(places_.size() - 1)); }

  void put(const Place& text) noexcept {
    std::size_t place = place_of(Table::mixed(text.key));
    while (!is_free(places_[place])) place = (place + 1) & (places_.size() - 1);
    places_[place] = text;
  }

  /// Makes a table of this size with one more text, and with the seed, of a few, that lets fewest texts lie
  /// behind another.
  void rebuild(std::size_t room, const Place& more) {
    const std::vector<Place> before = std::exchange(places_, std::vector<Place>(room));
    std::vector<std::uint64_t> texts{Table::mixed(more.key)};
    for (const Place& place : before)
      if (!is_free(place)) texts.push_back(Table::mixed(place.key));
    std::vector<bool> taken;
    std::uint64_t best = 0;
    std::size_t fewest = texts.size() + 1;
    for (std::uint64_t attempt = 1; attempt <= 64 && fewest != 0; ++attempt) {
      seed_ = hash_word(attempt) | 1U;
      taken.assign(room, false);
      std::size_t behind = 0;
      for (const std::uint64_t text : texts) {
        behind += taken[place_of(text)] ? 1U : 0U;
        taken[place_of(text)] = true;
      }
      if (behind < fewest) {
        fewest = behind;
        best = seed_;
      }
    }
    seed_ = best;
    for (const Place& place : before)
      if (!is_free(place)) put(place);
    put(more);
    next_rebuild_ = size_ + size_ / 4;
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
    long_.push_back({std::string{text}, hash_text(text, 0), {value, flags}});
    longest_ = std::max(longest_, text.size());
    const auto put_long = [&](std::size_t number) {
      std::size_t place = long_[number].hash & (long_places_.size() - 1);
      while (long_places_[place] != 0) place = (place + 1) & (long_places_.size() - 1);
      long_places_[place] = static_cast<std::uint32_t>(number + 1);
    };
    if (long_.size() * 2 <= long_places_.size()) return put_long(long_.size() - 1);
    long_places_.assign(std::max<std::size_t>(64, long_places_.size() * 2), 0);
    for (std::size_t i = 0; i < long_.size(); ++i) put_long(i);
  }

  static constexpr std::size_t kFewestPlaces = 64;

  std::vector<Place> places_;
  std::uint64_t seed_ = 1;
  std::size_t longest_ = 0;
  std::size_t size_ = 0;
  std::size_t next_rebuild_ = 0;
  std::vector<LongText> long_;
  std::vector<std::uint32_t> long_places_;  ///< number in long_ and 1; 0: free
};

}  // namespace komhen::detail
