#include "komhen/registration/personal_data.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

namespace komhen {
namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Whether a code point past ASCII is punctuation, a space or a symbol; everything else counts as a letter.
constexpr bool is_sign(std::uint32_t point) noexcept {
  if (point < 0xC0) return point != 0xAA && point != 0xB5 && point != 0xBA;
  return point == 0xD7 || point == 0xF7 || (point >= 0x2000 && point < 0x2C00) ||
         (point >= 0x3000 && point < 0x3005) || (point >= 0x3008 && point < 0x3021) || point == 0xFEFF ||
         (point >= 0xFE10 && point < 0xFE70) || (point >= 0xFF01 && point < 0xFF10) || point == 0xFFFD;
}

/// The code point that begins at `at`; 0xFFFD where the bytes are not UTF-8.
std::uint32_t point_at(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const std::uint32_t lead = byte(at);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
  if (more == 0) return 0xFFFD;
  std::uint32_t point = lead & (0x3FU >> more);
  for (int i = 1; i <= more; ++i) {
    const std::uint32_t next = byte(at + static_cast<std::size_t>(i));
    if ((next & 0xC0U) != 0x80U) return 0xFFFD;
    point = point << 6 | (next & 0x3FU);
  }
  const bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
  const bool nowhere = point > 0x10FFFF || (point >= 0xD800 && point < 0xE000);
  return overlong || nowhere ? 0xFFFDU : point;
}

/// Whether the character that begins at `at` is a letter or a digit.
bool word_at(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return false;
  const char c = text[at];
  if (static_cast<unsigned char>(c) < 0x80) return is_digit(c) || is_letter(c);
  return !is_sign(point_at(text, at));
}

/// Whether the character that ends just before `at` is a letter or a digit.
bool word_before(std::string_view text, std::size_t at) noexcept {
  if (at == 0) return false;
  std::size_t begin = at - 1;
  while (begin > 0 && at - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) --begin;
  return word_at(text, begin);
}

/// Whether DDMMYY and the seventh digit name a day that existed, replacement numbers (day + 60) included.
bool is_birthday(std::string_view six, char seventh) noexcept {
  const auto two = [&](std::size_t i) { return (six[i] - '0') * 10 + (six[i + 1] - '0'); };
  int day = two(0);
  if (day > 60) day -= 60;
  const int month = two(2);
  const int yy = two(4);
  const int code = seventh - '0';
  int year = 1900 + yy;
  if (code == 4 || code == 9) {
    if (yy <= 36) year += 100;
  } else if (code >= 5) {
    year += yy <= 57 ? 100 : -100;
  }
  return std::chrono::year_month_day{std::chrono::year{year},
                                     std::chrono::month{static_cast<unsigned>(month)},
                                     std::chrono::day{static_cast<unsigned>(day)}}
      .ok();
}

bool passes_modulus_11(std::string_view ten) noexcept {
  constexpr std::array<int, 10> kWeights{4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * (ten[i] - '0');
  return sum % 11 == 0;
}

/// Whether a label such as `cpr-nr.:` stands directly before `at`.
bool labelled(std::string_view text, std::size_t at) noexcept {
  constexpr std::array<std::string_view, 5> kLabels{"cpr", "cprnr", "cprnummer", "personnr", "personnummer"};
  std::array<char, 12> letters{};  // the last letters before `at`, spelled without what may stand between
  std::size_t size = 0;
  for (std::size_t i = at; i > 0 && size < letters.size(); --i) {
    const char c = text[i - 1];
    if (is_letter(c)) {
      letters[letters.size() - ++size] = static_cast<char>(c | 0x20);
    } else if (c != ' ' && c != ':' && c != '.' && c != '=' && c != '#' && c != '-') {
      break;
    }
  }
  const std::string_view before{letters.data() + letters.size() - size, size};
  return std::ranges::any_of(kLabels, [&](std::string_view label) { return before.ends_with(label); });
}

/// How many bytes the hyphen or space at `at` takes: those of a typewriter, and those that word processors
/// and pages make of them. 0 when there is none.
std::size_t separator_at(std::string_view text, std::size_t at) noexcept {
  const std::uint32_t point = point_at(text, at);
  if (point == '-' || point == ' ') return 1;
  if (point == 0xA0) return 2;
  const bool hyphen = (point >= 0x2010 && point <= 0x2015) || point == 0x2212;
  return hyphen || point == 0x2007 || point == 0x2009 || point == 0x202F ? 3 : 0;
}

/// The length of the CPR-like value that begins at `at` (a digit), or 0.
std::size_t personal_at(std::string_view text, std::size_t at) noexcept {
  const std::string_view rest = text.substr(at);
  if (rest.size() < 10 || !std::ranges::all_of(rest.substr(0, 6), is_digit)) return 0;
  const std::size_t separator = separator_at(rest, 6);
  const bool separated = separator != 0;
  const std::string_view four = rest.substr(6 + separator, 4);
  const std::size_t length = 10 + separator;
  if (four.size() < 4 || !is_digit(four[0]) || word_at(text, at + length)) return 0;
  if (!std::ranges::all_of(four, [](char c) { return is_digit(c) || is_letter(c); })) return 0;
  const bool label = labelled(text, at);
  if (word_before(text, at) && !(label && is_letter(text[at - 1]))) return 0;
  if (!is_birthday(rest.substr(0, 6), four[0])) return 0;
  if (std::ranges::any_of(four, is_letter) || separated || label) return length;
  const bool new_year =
      rest.starts_with("0101") || rest.starts_with("6101");  // many a birthday that was not known
  return new_year || passes_modulus_11(rest.substr(0, 10)) ? length : 0;
}

std::optional<PersonalSpan> next_personal(std::string_view text, std::size_t from) noexcept {
  for (std::size_t at = from; at + 10 <= text.size(); ++at) {
    if (!is_digit(text[at])) continue;
    if (const std::size_t length = personal_at(text, at); length != 0) return PersonalSpan{at, at + length};
  }
  return std::nullopt;
}

/// Whether text can hold a CPR-like value at all: both forms have at least seven digits.
bool has_enough_digits(std::string_view text) noexcept {
  return std::ranges::count_if(text, is_digit) >= 7;
}

}  // namespace

std::optional<PersonalSpan> find_personal(std::string_view text, std::size_t from) noexcept {
  return has_enough_digits(text) ? next_personal(text, from) : std::nullopt;
}

std::string masked(std::string_view text) {
  std::string out{text};
  if (!has_enough_digits(text)) return out;  // asked once: text may hold many values
  for (auto span = next_personal(text, 0); span; span = next_personal(text, span->end))
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(span->begin),
              out.begin() + static_cast<std::ptrdiff_t>(span->end), '*');
  return out;
}

namespace detail {

std::string shown(std::string_view text) {
  std::string clean = masked(text);
  std::string out;
  for (std::size_t i = 0; i < clean.size();) {
    const auto lead = static_cast<unsigned char>(clean[i]);
    const std::uint32_t point = point_at(clean, i);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (point < 0x20 || point == 0x7F || (point >= 0x80 && point < 0xA0) || point == 0xFFFD) {
      out += '?';
      i += 1;
    } else {
      out.append(clean, i, length);
      i += length;
    }
  }
  return out;
}

std::string quoted(std::string_view value) {
  constexpr std::size_t kHead = 30;
  constexpr std::size_t kTail = 60;  // of a path, the end tells more than the beginning
  std::string text = shown(value);
  if (text.size() > kHead + kTail) {
    const auto inside = [&](std::size_t at) {
      return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    std::size_t head = kHead;
    std::size_t tail = text.size() - kTail;
    while (head > 0 && inside(head)) --head;
    while (tail < text.size() && inside(tail)) ++tail;
    text = masked(text.substr(0, head) + "..." +
                  text.substr(tail));  // a cut can bare ten digits of a longer number
  }
  return "'" + text + "'";
}

}  // namespace detail
}  // namespace komhen
