#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace komhen::detail {

/// Stands for the bits of a code that has not been learnt: no key has all of them, so that a key is known
/// when it is not this, however many codes went into it.
inline constexpr std::uint64_t kUnlearnt = ~std::uint64_t{0};

/// What a code stands for, code by code; kNone for one that has not been learnt. Past a number of codes, no
/// more are taken.
template <std::uint64_t kNone>
class LearntNumbers {
 public:
  LearntNumbers() : places_(64) {}

  [[nodiscard, gnu::always_inline]] std::uint64_t of(std::uint64_t code) const noexcept {
    for (std::size_t at = place_of(code);; at = (at + 1) & (places_.size() - 1)) {
      const Place& place = places_[at];
      if (place.code == code || place.value == kNone) [[likely]]
        return place.value;
    }
  }
  void learn(std::uint64_t code, std::uint64_t value) {
    if (size_ == kMost || of(code) != kNone) return;
    if ((size_ + 1) * 16 > places_.size()) grow();  // one seldom lies behind another
    put({code, value});
    ++size_;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Calls `visit(code, value)` for every code, in no order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Place& place : places_)
      if (place.value != kNone) visit(place.code, place.value);
  }

 private:
  static constexpr std::size_t kMost = 8192;
  struct Place {
    std::uint64_t code = 0;
    std::uint64_t value = kNone;  // then nothing is here
  };

  [[nodiscard]] std::size_t place_of(std::uint64_t code) const noexcept {
    return code * 0x9E37'79B9'7F4A'7C15U >> shift_;
  }
  void put(const Place& learnt) noexcept {
    std::size_t at = place_of(learnt.code);
    while (places_[at].value != kNone) at = (at + 1) & (places_.size() - 1);
    places_[at] = learnt;
  }
  void grow() {
    const std::vector<Place> before = std::exchange(places_, std::vector<Place>(2 * places_.size()));
    --shift_;
    for (const Place& place : before)
      if (place.value != kNone) put(place);
  }

  std::vector<Place> places_;
  std::size_t size_ = 0;
  unsigned shift_ = 58;  ///< leaves as many bits of a product as number the places
};

/// The bits of a cell's key that a code stands for.
using LearntCodes = LearntNumbers<kUnlearnt>;

}  // namespace komhen::detail
