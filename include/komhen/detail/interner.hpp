#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "komhen/detail/hash.hpp"

namespace komhen::detail {

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
