#include "komhen/round/participation.hpp"

#include <set>

#include "komhen/error.hpp"
#include "komhen/registration/encoding.hpp"
#include "komhen/registration/personal_data.hpp"
#include "posix_file.hpp"

namespace komhen {
namespace {

using detail::quoted;
using detail::trimmed;

/// Cuts the next line off `text`, whatever its line end.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end);
  if (text.starts_with("\r\n"))
    text.remove_prefix(2);
  else if (!text.empty())
    text.remove_prefix(1);
  return line;
}

std::string_view unquoted(std::string_view field) {
  field = trimmed(field);
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"')
    field = field.substr(1, field.size() - 2);
  return trimmed(field);
}

/// The rest of a line behind a separator, without the empty cells that a spreadsheet writes behind it.
std::string_view rest_behind(std::string_view line, std::size_t at) {
  const char separator = line[at];
  while (line.size() > at + 1 && (line.back() == separator || line.back() == ' ')) line.remove_suffix(1);
  return unquoted(line.substr(at + 1));
}

}  // namespace

Participation parse_participation(std::string_view text, std::string_view name) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw Error(ErrorKind::format, "the file " + quoted(name) + " is UTF-16; save it as UTF-8");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::string utf8;
  if (!detail::is_utf8(text)) {
    detail::append_windows1252(utf8, text);
    text = utf8;
  }
  Participation out;
  std::set<Municipality> seen;
  char separator = 0;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = next_line(text);
    const auto complain = [&](const std::string& what) {
      throw Error(ErrorKind::format, "in " + quoted(name) + ", line " + std::to_string(number) + ", " + what,
                  static_cast<std::int64_t>(number));
    };
    if (trimmed(line).empty()) continue;
    if (separator == 0 && line.starts_with("sep=")) continue;  // what Excel writes; the header says it anyway
    if (separator == 0) {
      const std::size_t at = line.find_first_of(";,\t");
      const std::string_view first = unquoted(line.substr(0, at));
      const std::string_view second = at == std::string_view::npos ? "" : rest_behind(line, at);
      const bool header = (detail::same_word(first, "municipality") || detail::same_word(first, "kommune")) &&
                          (detail::same_word(second, "weeks") || detail::same_word(second, "uger"));
      if (!header) complain("the header must read municipality;weeks, not " + quoted(line));
      separator = line[at];
      continue;
    }
    const std::size_t at = line.find(separator);
    if (at == std::string_view::npos)
      complain("there is no " + std::string{separator} + " in " + quoted(line));
    const std::string_view who = unquoted(line.substr(0, at));
    const auto municipality = Municipality::from_text(who);
    if (!municipality) complain(quoted(who) + " is no municipality");
    if (!seen.insert(*municipality).second) complain(quoted(who) + " stands there a second time");
    std::string_view rest = rest_behind(line, at);
    if (rest.empty()) complain(quoted(who) + " declares no week");
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find_first_of(" \t,"), rest.size());
      const std::string_view word = rest.substr(0, end);
      const auto week = Week::parse(word);
      if (!week) complain(quoted(word) + " is no week; a week reads like 2012-W17");
      out.declare(*municipality, *week);
      rest = trimmed(rest.substr(std::min(end + 1, rest.size())));
    }
  }
  if (separator == 0)
    throw Error(ErrorKind::format,
                "the file " + quoted(name) + " is empty; it must begin with municipality;weeks");
  return out;
}

Participation load_participation(const std::string& path) {
  return parse_participation(detail::read_file(path, std::size_t{16} << 20U), path);
}

std::string participation_text(const Participation& participation) {
  std::string out = "municipality;weeks\n";
  for (const auto& [municipality, weeks] : participation.weeks()) {
    out += std::to_string(municipality.code()) + ";";
    for (std::size_t i = 0; i < weeks.size(); ++i) out += (i == 0 ? "" : " ") + weeks[i].text();
    out += "\n";
  }
  return out;
}

}  // namespace komhen
