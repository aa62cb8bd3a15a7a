#include "dates.hpp"
#include "komhen/error.hpp"
#include "komhen/registration/personal_data.hpp"
#include "komhen/registration/profile.hpp"
#include "posix_file.hpp"
#include "row_fields.hpp"
#include "toml_file.hpp"

namespace komhen {
namespace {

using detail::quoted;
using detail::TomlTable;

constexpr bool takes_words(Field field) noexcept {
  return field != Field::date && field != Field::week && field != Field::count && field != Field::event_id;
}

/// Every value that a profile gives must be one that an exchange file could hold in that column.
void check_value(const TomlTable& table, std::string_view key, Field field, const std::string& value) {
  if (find_personal(value)) table.complain(key, "holds something like a CPR number");
  if (!detail::is_field_value(field, value))
    table.complain(key, "is " + quoted(value) + ", which is no " + std::string{token(field)});
}

FieldRule rule_of(const TomlTable& table, Field field) {
  if (field == Field::date)
    table.allow_only({"column", "value", "format"});
  else if (takes_words(field))
    table.allow_only({"column", "value", "words", "otherwise"});
  else
    table.allow_only({"column", "value"});
  FieldRule rule;
  rule.column = table.text("column");
  rule.value = table.text_or_number("value");
  if (rule.column.has_value() == rule.value.has_value())
    table.complain(rule.column ? "value" : "column", rule.column
                                                         ? "stands beside column; one of the two is meant"
                                                         : "is missing, and so is value");
  if (rule.value) {
    for (const std::string_view key : {"words", "otherwise", "format"})
      if (table.has(key)) table.complain(key, "does nothing beside value");
    check_value(table, "value", field, *rule.value);
  }
  if (const auto words = table.table("words")) {
    for (const std::string& word : words->keys()) {
      const std::string meaning = *words->text_or_number(word);
      check_value(*words, word, field, meaning);
      const std::string trimmed{detail::trimmed(word)};
      if (!rule.words.emplace(trimmed, meaning).second) words->complain(word, "stands there twice");
    }
  }
  if (auto otherwise = table.text_or_number("otherwise")) {
    rule.reject_otherwise = *otherwise == "reject";
    if (rule.reject_otherwise && !table.has("words"))
      table.complain("otherwise", "is reject, but there are no words");
    if (!rule.reject_otherwise) {
      check_value(table, "otherwise", field, *otherwise);
      rule.otherwise = std::move(otherwise);
    }
  }
  if (const auto format = table.text("format")) {
    if (const auto fault = detail::date_format_fault(*format)) table.complain("format", *fault);
    rule.format = *format;
  }
  return rule;
}

}  // namespace

Profile parse_profile(std::string_view toml, std::string_view name) {
  const toml::table document = detail::parse_toml(toml, name);
  const TomlTable table{document, std::string{name}, ""};
  table.allow_only({"delimiter", "encoding", "municipality", "date", "week", "kle", "channel", "type",
                    "direction", "closure", "form", "count", "source", "unit", "event_id"});
  Profile profile;
  profile.name = name;
  if (const auto text = table.text("delimiter")) {
    const bool usable = text->size() == 1 && static_cast<unsigned char>(text->front()) < 0x80 &&
                        std::string_view{"\"\r\n\0 ", 5}.find(text->front()) == std::string_view::npos;
    if (!usable)
      table.complain("delimiter", "is " + quoted(*text) + "; it must be one ASCII character such as \",\"");
    profile.delimiter = text->front();
  }
  if (const auto text = table.text("encoding")) {
    profile.encoding = encoding_from_text(*text);
    if (!profile.encoding)
      table.complain("encoding", "is " + quoted(*text) + "; there are utf-8 and windows-1252");
  }
  for (const auto& word : kWords<Field>)
    if (const auto rule = table.table(word.token))
      profile.rules[slot(word.value)] = rule_of(*rule, word.value);
  for (const Field field : {Field::municipality, Field::kle, Field::channel, Field::type, Field::direction})
    if (!profile.rule(field))
      table.complain(token(field), "is missing; every profile must say where it comes from");
  if (!profile.rule(Field::date) && !profile.rule(Field::week))
    table.complain("date", "is missing, and so is week; every profile must say where one of them comes from");
  return profile;
}

Profile load_profile(const std::string& path) {
  return parse_profile(detail::read_file(path, std::size_t{16} << 20U), path);
}

}  // namespace komhen
