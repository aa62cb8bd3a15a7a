#include "stretch_lines.hpp"

#include <algorithm>
#include <string_view>

namespace komhen::detail {
namespace {

/// Bytes behind a stretch that are read with it, since its last line mostly ends in them.
constexpr std::size_t kBehind = 1024;

}  // namespace

// A line begins behind an LF; so the one before the stretch is read with it, and the LF that ends the last
// line is looked for from the last byte of the stretch on.
StretchLines read_lines(const InputBytes& file, const FileStretch& stretch, bool is_first,
                        ReadBuffer& buffer) {
  StretchLines lines{stretch.begin - (is_first ? 0 : 1), 0, 0, true, true};
  const auto size = static_cast<std::size_t>(stretch.end - lines.base);
  buffer.shorten(0);
  bool at_end = false;
  const auto read_to = [&](std::size_t wanted) {
    while (!at_end && buffer.size() < wanted) {
      const std::size_t more = wanted - buffer.size();
      const std::int64_t at = lines.base + static_cast<std::int64_t>(buffer.size());
      const std::size_t got = file.read_at(at, buffer.grow(more), more);
      buffer.added(got);
      at_end = got == 0;
    }
  };
  read_to(size + kBehind);
  if (!is_first) {
    lines.begin = buffer.view(0, std::min(buffer.size(), size - 1)).find('\n') + 1;
    lines.any = lines.begin != 0;  // npos + 1
    if (!lines.any) return lines;
  }
  for (std::size_t looked = size - 1;;) {
    const std::string_view all = buffer.view(0, buffer.size());
    const std::size_t feed = all.find('\n', looked);
    if (feed != std::string_view::npos) {
      lines.end = feed + 1;
      return lines;
    }
    if (at_end) {
      lines.end = std::max(lines.begin, all.rfind('\n') + 1);
      return lines;
    }
    lines.is_whole = all.size() - looked <= kMaxRecord;
    if (!lines.is_whole) return lines;
    looked = all.size();
    read_to(2 * all.size());
  }
}

}  // namespace komhen::detail
