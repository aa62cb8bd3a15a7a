#define TOML_IMPLEMENTATION
#include "toml_file.hpp"

#include <algorithm>
#include <chrono>

#include "komhen/error.hpp"
#include "komhen/registration/personal_data.hpp"

namespace komhen::detail {

std::string TomlTable::full(std::string_view key) const {
  return path_.empty() ? std::string{key} : path_ + "." + std::string{key};
}

void TomlTable::complain(std::string_view key, const std::string& what) const {
  const toml::node* node = table_->get(key);
  const toml::source_position where = (node == nullptr ? *table_ : *node).source().begin;
  throw Error(ErrorKind::format, "in " + quoted(file_) + " the key " + quoted(full(key)) + " " + what,
              where.line, where.column);
}

void TomlTable::allow_only(std::initializer_list<std::string_view> keys) const {
  for (const auto& [key, node] : *table_) {
    if (std::ranges::find(keys, key.str()) != keys.end()) continue;
    std::string known;
    for (const std::string_view k : keys) known += (known.empty() ? "" : ", ") + std::string{k};
    complain(key.str(), "is not known; known here are " + known);
  }
}

void TomlTable::require(std::initializer_list<std::string_view> keys) const {
  for (const std::string_view key : keys)
    if (!has(key)) complain(key, "is missing");
}

std::optional<std::string> TomlTable::text(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  auto value = (*table_)[key].value_exact<std::string>();
  if (!value) complain(key, "must be text in quotes");
  return value;
}

std::optional<std::string> TomlTable::text_or_number(std::string_view key) const {
  if (const auto number = (*table_)[key].value_exact<std::int64_t>()) return std::to_string(*number);
  if (has(key) && !(*table_)[key].is_string()) complain(key, "must be text in quotes or a whole number");
  return text(key);
}

std::optional<std::vector<std::string>> TomlTable::texts(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  const toml::array* array = (*table_)[key].as_array();
  if (array == nullptr) complain(key, "must be a list of texts");
  std::vector<std::string> out;
  for (const auto& node : *array) {
    auto value = node.value_exact<std::string>();
    if (!value) complain(key, "must be a list of texts");
    out.push_back(*std::move(value));
  }
  return out;
}

std::optional<std::vector<std::string>> TomlTable::texts_or_numbers(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  const toml::array* array = (*table_)[key].as_array();
  if (array == nullptr) complain(key, "must be a list");
  std::vector<std::string> out;
  for (const auto& node : *array) {
    if (const auto number = node.value_exact<std::int64_t>())
      out.push_back(std::to_string(*number));
    else if (auto value = node.value_exact<std::string>())
      out.push_back(*std::move(value));
    else
      complain(key, "must be a list of texts in quotes or whole numbers");
  }
  return out;
}

std::optional<bool> TomlTable::truth(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  const auto value = (*table_)[key].value_exact<bool>();
  if (!value) complain(key, "must be true or false");
  return value;
}

std::optional<std::string> TomlTable::date(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  std::chrono::year_month_day day{};
  if (const auto value = (*table_)[key].value_exact<toml::date>()) {
    day = {std::chrono::year{value->year}, std::chrono::month{value->month}, std::chrono::day{value->day}};
  } else {
    const auto text = (*table_)[key].value_exact<std::string>();
    int digits = 0;
    bool fits = text && text->size() == 10 && (*text)[4] == '-' && (*text)[7] == '-';
    for (std::size_t i = 0; fits && i < 10; ++i) {
      if (i == 4 || i == 7) continue;
      fits = (*text)[i] >= '0' && (*text)[i] <= '9';
      digits = digits * 10 + ((*text)[i] - '0');
    }
    if (fits)
      day = {std::chrono::year{digits / 10'000},
             std::chrono::month{static_cast<unsigned>(digits / 100 % 100)},
             std::chrono::day{static_cast<unsigned>(digits % 100)}};
  }
  if (!day.ok()) complain(key, "must be a date, such as 2013-03-01");
  const auto two = [](unsigned value) {
    return std::string{static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
  };
  std::string year = std::to_string(static_cast<int>(day.year()));
  if (year.size() < 4) year.insert(0, 4 - year.size(), '0');
  return year + "-" + two(static_cast<unsigned>(day.month())) + "-" + two(static_cast<unsigned>(day.day()));
}

std::optional<TomlTable> TomlTable::table(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  const toml::table* inner = (*table_)[key].as_table();
  if (inner == nullptr) complain(key, "must be a table");
  return TomlTable{*inner, file_, full(key)};
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) const {
  std::vector<TomlTable> out;
  if (!has(key)) return out;
  const toml::array* array = (*table_)[key].as_array();
  if (array == nullptr) complain(key, "must be tables, each under [[" + std::string{key} + "]]");
  for (const auto& node : *array) {
    if (!node.is_table()) complain(key, "must be tables, each under [[" + std::string{key} + "]]");
    out.emplace_back(*node.as_table(), file_, full(key) + "[" + std::to_string(out.size() + 1) + "]");
  }
  return out;
}

std::vector<std::string> TomlTable::keys() const {
  std::vector<std::string> out;
  for (const auto& [key, node] : *table_) out.emplace_back(key.str());
  return out;
}

void refuse_broken_toml() {
  throw std::logic_error("an expression that is no TOML");
}

namespace {

/// Where the TOML string that begins at `at` ends: behind its quotes, or at the line end that breaks it off.
std::size_t behind_string(std::string_view text, std::size_t at) noexcept {
  const char quote = text[at];
  const auto three_at = [&](std::size_t i) {
    return i + 2 < text.size() && text[i] == quote && text[i + 1] == quote && text[i + 2] == quote;
  };
  const bool many_lines = three_at(at);
  for (std::size_t i = at + (many_lines ? 3 : 1); i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"') {
      ++i;
    } else if (many_lines) {
      if (!three_at(i)) continue;
      i += 3;
      for (int more = 0; more < 2 && i < text.size() && text[i] == quote; ++more) ++i;
      return i;
    } else if (text[i] == '\n') {
      return i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return text.size();
}

/// What the parser cannot stand outside strings and remarks; nullopt when there is nothing of it. A key of
/// endless parts (one may be a string, and a string may hold anything) takes it down one call for each, and a
/// letter such as an `æ` brings toml++ 3.3 to a place that it calls unreachable; no TOML has one there.
std::optional<std::string> fault_outside_strings(std::string_view text) {
  int parts = 0;
  for (std::size_t i = text.starts_with("\xEF\xBB\xBF") ? 3 : 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      i = behind_string(text, i) - 1;
      continue;
    }
    if (c == '#') i = std::min(text.find('\n', i), text.size());  // a remark
    if ((c & 0x80) != 0) return "it holds letters beyond ASCII outside quotes";
    const bool of_key = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                        c == '_' || c == '-' || c == ' ' || c == '\t';
    if (c == '.')
      ++parts;
    else if (!of_key)
      parts = 0;
    if (parts > TOML_MAX_NESTED_VALUES)
      return "a key has more than " + std::to_string(TOML_MAX_NESTED_VALUES) + " parts";
  }
  return std::nullopt;
}

}  // namespace

toml::table parse_toml(std::string_view text, std::string_view name) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw Error(ErrorKind::format, "the file " + quoted(name) + " is UTF-16; save it as UTF-8");
  if (const auto fault = fault_outside_strings(text))
    throw Error(ErrorKind::format, "the file " + quoted(name) + " is not TOML that komhen reads: " + *fault);
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& fault) {
    const auto where = fault.source().begin;
    throw Error(ErrorKind::format,
                "the file " + quoted(name) + " is not TOML: line " + std::to_string(where.line) +
                    ", column " + std::to_string(where.column) + ": " + shown(fault.description()),
                where.line, where.column);
  } catch (const std::logic_error& fault) {
    throw Error(ErrorKind::format, "the file " + quoted(name) + " is not TOML: it has " + fault.what());
  }
}

}  // namespace komhen::detail
