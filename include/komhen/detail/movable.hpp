#pragma once

#include <utility>

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

}  // namespace komhen::detail
