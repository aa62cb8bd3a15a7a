#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

namespace komhen::detail {

/// Bytes that may be read anywhere by any number of threads: a file's, or a text's. Somebody else may change
/// a file meanwhile.
class InputBytes {
 public:
  virtual ~InputBytes() = default;
  InputBytes(const InputBytes&) = delete;
  InputBytes& operator=(const InputBytes&) = delete;

  /// How many there were when they were first looked at.
  [[nodiscard]] virtual std::int64_t size() const noexcept = 0;
  /// Reads up to `room` bytes from `at` on; 0 where there are none. Threads: any number at once.
  virtual std::size_t read_at(std::int64_t at, char* into, std::size_t room) const = 0;

 protected:
  InputBytes() = default;
};

/// A text in memory, which must outlive this.
class TextBytes final : public InputBytes {
 public:
  explicit TextBytes(std::string_view text) noexcept : text_{text} {}
  [[nodiscard]] std::int64_t size() const noexcept override {
    return static_cast<std::int64_t>(text_.size());
  }
  std::size_t read_at(std::int64_t at, char* into, std::size_t room) const override {
    const auto from = static_cast<std::size_t>(at);
    return from < text_.size() ? text_.copy(into, room, from) : 0;
  }

 private:
  std::string_view text_;
};

/// Reads from the front, and tells how far that is; what others have read for it can be passed over.
class FrontReader {
 public:
  /// Told how many bytes have been passed: never fewer than before.
  using Tell = std::function<void(std::int64_t)>;

  FrontReader(const InputBytes& bytes, Tell tell) : bytes_{bytes}, tell_{std::move(tell)} {}

  [[nodiscard]] const InputBytes& bytes() const noexcept { return bytes_; }
  std::size_t read(char* into, std::size_t room) {
    const std::size_t got = bytes_.read_at(position_, into, room);
    go_to(position_ + static_cast<std::int64_t>(got));
    return got;
  }
  /// Bytes that have been passed.
  [[nodiscard]] std::int64_t furthest() const noexcept { return furthest_; }
  void go_to(std::int64_t position) {
    position_ = position;
    furthest_ = std::max(furthest_, position);
    tell_(furthest_);
  }

 private:
  const InputBytes& bytes_;
  Tell tell_;
  std::int64_t position_ = 0;
  std::int64_t furthest_ = 0;
};

}  // namespace komhen::detail
