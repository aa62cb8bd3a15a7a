#include "decimal_text.hpp"

#include <algorithm>

namespace komhen::detail {
namespace {

constexpr std::size_t kMostDigits = 60;

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool strip(std::string_view& text, std::string_view end) noexcept {
  if (!text.ends_with(end)) return false;
  text.remove_suffix(end.size());
  return true;
}

/// Takes the suffix off, with one blank before it (a no-break space counts).
Suffix take_suffix(std::string_view& text) noexcept {
  Suffix suffix = Suffix::none;
  if (strip(text, "kr.") || strip(text, "kr"))
    suffix = Suffix::kroner;
  else if (strip(text, "%"))
    suffix = Suffix::per_cent;
  if (suffix != Suffix::none && !strip(text, " ")) strip(text, "\xC2\xA0");
  return suffix;
}

/// The whole part of a Danish number: `1234`, or grouped in threes, `1.234`.
std::optional<std::string> danish_whole(std::string_view text) {
  const std::size_t first = text.find('.');
  if (first == std::string_view::npos)
    return all_digits(text) ? std::optional{std::string{text}} : std::nullopt;
  if (first == 0 || first > 3) return std::nullopt;
  std::string digits{text.substr(0, first)};
  for (text.remove_prefix(first); !text.empty(); text.remove_prefix(4)) {
    if (text.size() < 4 || text[0] != '.') return std::nullopt;
    digits += text.substr(1, 3);
  }
  return all_digits(digits) ? std::optional{digits} : std::nullopt;
}

}  // namespace

std::optional<DecimalParts> decimal_parts(std::string_view text) {
  DecimalParts out;
  out.suffix = take_suffix(text);
  if (text.starts_with('-')) {
    out.negative = true;
    text.remove_prefix(1);
  }
  out.danish = out.suffix == Suffix::kroner || text.find(',') != std::string_view::npos;
  const std::size_t mark = std::min(text.find(out.danish ? ',' : '.'), text.size());
  const std::string_view whole = text.substr(0, mark);
  const auto digits = out.danish ? danish_whole(whole)
                                 : (all_digits(whole) ? std::optional{std::string{whole}} : std::nullopt);
  if (!digits || (digits->size() > 1 && digits->front() == '0')) return std::nullopt;
  out.digits = *digits;
  if (mark < text.size()) {
    const std::string_view decimals = text.substr(mark + 1);
    if (!all_digits(decimals) || decimals.size() > kMostDigits) return std::nullopt;
    out.digits += decimals;
    out.decimals = static_cast<int>(decimals.size());
  }
  if (out.digits.size() > kMostDigits) return std::nullopt;
  return out;
}

}  // namespace komhen::detail
