#include "komhen/registration/encoding.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "komhen/registration/registration.hpp"

namespace komhen {
namespace detail {
namespace {

/// The length of the valid UTF-8 sequence that begins at `at`, or 0.
std::size_t sequence(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto more = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return more(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0U : 0x80U;   // no overlong forms
    const unsigned high = lead == 0xED ? 0x9FU : 0xBFU;  // no surrogates
    return byte(1) >= low && byte(1) <= high && more(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90U : 0x80U;
    const unsigned high = lead == 0xF4 ? 0x8FU : 0xBFU;  // nothing past U+10FFFF
    return byte(1) >= low && byte(1) <= high && more(2) && more(3) ? 4 : 0;
  }
  return 0;
}

/// What the bytes 80 to 9F stand for in Windows-1252; 0 where it gives no meaning.
constexpr std::array<std::uint16_t, 32> kHigh{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                              0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                              0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                              0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

}  // namespace

bool is_ascii(std::string_view bytes) noexcept {
  while (bytes.size() >= 8) {
    std::uint64_t block = 0;
    std::memcpy(&block, bytes.data(), 8);
    if ((block & 0x8080'8080'8080'8080U) != 0) return false;
    bytes.remove_prefix(8);
  }
  return std::ranges::none_of(bytes, [](char c) { return static_cast<unsigned char>(c) > 127; });
}

bool is_utf8(std::string_view bytes) noexcept {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = sequence(bytes, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

bool is_windows1252(std::string_view bytes) noexcept {
  return std::ranges::none_of(bytes, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 && byte < 0xA0 && kHigh[byte - 0x80U] == 0;
  });
}

void append_windows1252(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    unsigned point = byte >= 0x80 && byte < 0xA0 ? kHigh[byte - 0x80U] : byte;
    if (point == 0 && byte != 0) point = 0xFFFD;
    if (point < 0x80) {
      out += static_cast<char>(point);
    } else if (point < 0x800) {
      out += static_cast<char>(0xC0U | point >> 6);
      out += static_cast<char>(0x80U | (point & 0x3FU));
    } else {
      out += static_cast<char>(0xE0U | point >> 12);
      out += static_cast<char>(0x80U | (point >> 6 & 0x3FU));
      out += static_cast<char>(0x80U | (point & 0x3FU));
    }
  }
}

std::string_view trimmed(std::string_view utf8) noexcept {
  constexpr std::string_view kNoBreak = "\xC2\xA0";
  while (!utf8.empty()) {
    if (utf8.front() == ' ' || utf8.front() == '\t')
      utf8.remove_prefix(1);
    else if (utf8.starts_with(kNoBreak))
      utf8.remove_prefix(2);
    else
      break;
  }
  while (!utf8.empty()) {
    if (utf8.back() == ' ' || utf8.back() == '\t')
      utf8.remove_suffix(1);
    else if (utf8.ends_with(kNoBreak))
      utf8.remove_suffix(2);
    else
      break;
  }
  return utf8;
}

}  // namespace detail

bool is_label(std::string_view text, std::size_t longest) noexcept {
  if (text.size() > longest || !detail::is_utf8(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return false;
    if (byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0) return false;  // U+0080 to U+009F
  }
  return true;
}

}  // namespace komhen
