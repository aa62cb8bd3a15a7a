#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace komhen::detail {

/// The longest word (after folding) that any table of komhen holds; longer text matches nothing.
inline constexpr std::size_t kFoldedMax = 64;

/// Text folded for matching: letter case gone; `_`, `-` and space the same; æ, ø, å as ae, oe, aa, composed
/// or decomposed. Fixed storage, so folding a field allocates nothing and can be done by the compiler.
class Folded {
 public:
  /// nullopt when the folded text would be longer than kFoldedMax.
  [[nodiscard]] static constexpr std::optional<Folded> of(std::string_view text) noexcept {
    Folded out;
    for (std::size_t i = 0; i < text.size();) {
      const auto byte = [&](std::size_t k) {
        return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0U;
      };
      const unsigned first = byte(0);
      std::string_view letters;  // what a Danish letter is written as without it
      std::size_t used = 2;
      if (first == 0xC3 && (byte(1) == 0x86 || byte(1) == 0xA6)) {  // Æ æ
        letters = "ae";
      } else if (first == 0xC3 && (byte(1) == 0x98 || byte(1) == 0xB8)) {  // Ø ø
        letters = "oe";
      } else if (first == 0xC3 && (byte(1) == 0x85 || byte(1) == 0xA5)) {  // Å å
        letters = "aa";
      } else if (((first | 0x20U) == 'a' && byte(1) == 0xCC && byte(2) == 0x8A) ||  // a and a ring above
                 (first == 0xE2 && byte(1) == 0x84 && byte(2) == 0xAB)) {           // the ångström sign
        letters = "aa", used = 3;
      }
      if (!letters.empty()) {
        if (!out.push(letters[0]) || !out.push(letters[1])) return std::nullopt;
        i += used;
        continue;
      }
      char c = text[i++];
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      if (c == '_' || c == '-') c = ' ';
      if (!out.push(c)) return std::nullopt;
    }
    return out;
  }

  [[nodiscard]] constexpr std::string_view view() const noexcept { return {bytes_.data(), size_}; }
  friend constexpr bool operator==(const Folded& a, const Folded& b) noexcept { return a.view() == b.view(); }

 private:
  constexpr bool push(char c) noexcept {
    if (size_ == kFoldedMax) return false;
    bytes_[size_++] = c;
    return true;
  }

  std::array<char, kFoldedMax> bytes_{};
  std::size_t size_ = 0;
};

/// Whether two texts are the same word in a registration file.
[[nodiscard]] constexpr bool same_word(std::string_view a, std::string_view b) noexcept {
  const auto fa = Folded::of(a);
  const auto fb = Folded::of(b);
  return fa && fb && *fa == *fb;
}

}  // namespace komhen::detail
