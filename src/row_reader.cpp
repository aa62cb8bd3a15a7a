#include "row_reader.hpp"

#include <algorithm>

#include "dates.hpp"
#include "komhen/detail/hash.hpp"
#include "komhen/error.hpp"
#include "komhen/registration/suggest.hpp"

namespace komhen::detail {
namespace {

constexpr bool is_remembered(Field field) noexcept {
  return field != Field::count && field != Field::source && field != Field::unit && field != Field::event_id;
}

}  // namespace

RowReader::RowReader(const std::vector<std::string>& header, const Profile* profile,
                     const Admission& admission, std::string_view file)
    : width_{header.size()}, admission_{admission} {
  if (profile != nullptr)
    bind_profile(header, *profile, file);
  else
    bind_header(header, file);
  for (const auto& word : kWords<Field>)
    if (column_of_[slot(word.value)]) by_column_.push_back(word.value);
  std::ranges::sort(by_column_, {}, [&](Field field) { return *column_of_[slot(field)]; });
  std::vector<bool> is_read(width_);
  for (const auto& column : column_of_)
    if (column) is_read[*column] = true;
  for (std::size_t column = 0; column < width_; ++column)
    if (!is_read[column]) unread_.push_back(column);
  for (const Field field : by_column_)
    if (is_remembered(field)) memory_[slot(field)] = std::make_unique<Memory>();
}

void RowReader::feed(Field field, std::size_t column) {
  column_of_[slot(field)] = column;
}

void RowReader::bind_header(const std::vector<std::string>& header, std::string_view file) {
  const auto refuse = [&](const std::string& what) {
    throw Error(ErrorKind::format, "the header of " + quoted(file) + " " + what);
  };
  const auto seen = [&] {  // so that a title line, or another separator, can be recognised
    constexpr std::size_t kShown = 6;
    if (header.empty()) return std::string{"; it has no columns"};
    std::string out = "; its columns are ";
    for (std::size_t i = 0; i < std::min(kShown, header.size()); ++i)
      out += (i > 0 ? ", " : "") + quoted(header[i]);
    return out + (header.size() > kShown ? " and " + std::to_string(header.size() - kShown) + " more" : "");
  };
  const auto near = [&](Field field) {
    for (const std::string& column : header)
      for (const Language language : {Language::danish, Language::english})
        if (const auto apart = keystrokes_apart(column, label(field, language));
            apart && *apart > 0 && 2 * *apart < label(field, language).size())
          return ", and " + quoted(column) + " is near it";
    return std::string{};
  };
  // What a profile says of a field, and of a column, goes before their names.
  const auto ruled = [&](Field field) { return rule_of_[slot(field)] != nullptr; };
  const auto column_by_rule = column_of_;
  const bool week_ruled = ruled(Field::date) || ruled(Field::week);
  for (std::size_t column = 0; column < header.size(); ++column) {
    const auto field = from_text<Field>(header[column]);
    if (!field || ruled(*field) || std::ranges::find(column_by_rule, column) != column_by_rule.end())
      continue;
    if (week_ruled && (*field == Field::date || *field == Field::week)) continue;
    if (const auto before = column_of_[slot(*field)])
      refuse("feeds " + std::string{token(*field)} + " twice, by the columns " + quoted(header[*before]) +
             " and " + quoted(header[column]));
    feed(*field, column);
  }
  for (const Field field : {Field::municipality, Field::kle, Field::channel, Field::type, Field::direction})
    if (!column_of_[slot(field)] && !ruled(field))
      refuse("has no column " + std::string{token(field)} + " (" +
             std::string{label(field, Language::danish)} + ")" + near(field) +
             "; a profile, or columns by name, can say where it comes from" + seen());
  if (!week_ruled && !column_of_[slot(Field::date)] && !column_of_[slot(Field::week)])
    refuse("has neither a column date (dato) nor week (uge)" + seen());
  if (!week_ruled && column_of_[slot(Field::week)]) {
    week_field_ = Field::week;
    column_of_[slot(Field::date)].reset();
  }
}

void RowReader::bind_profile(const std::vector<std::string>& header, const Profile& profile,
                             std::string_view file) {
  const auto require = [&](bool met, Field field) {  // parse_profile() has seen to it; others may not have
    if (!met)
      throw Error(ErrorKind::argument, "the profile " + quoted(profile.name) + " does not say where " +
                                           std::string{token(field)} + " comes from");
  };
  week_field_ = profile.rule(Field::week) ? Field::week : Field::date;
  if (!profile.others_by_name) {
    for (const Field field : {Field::municipality, Field::kle, Field::channel, Field::type, Field::direction})
      require(profile.rule(field).has_value(), field);
    require(profile.rule(week_field_).has_value(), week_field_);
  }
  for (const auto& word : kWords<Field>) {
    const auto& rule = profile.rule(word.value);
    if (!rule || (word.value == Field::date && week_field_ == Field::week)) continue;
    rule_of_[slot(word.value)] = &*rule;
    if (rule->value) {
      if (!read_field(word.value, *rule->value, fixed_))
        throw Error(ErrorKind::argument, "the profile " + quoted(profile.name) + " gives " +
                                             std::string{word.token} + " the value " + quoted(*rule->value) +
                                             ", which is none");
      continue;
    }
    require(rule->column.has_value(), word.value);
    const auto refuse = [&](const std::string& what) {
      throw Error(ErrorKind::format, "the file " + quoted(file) + " " + what + " the column " +
                                         quoted(*rule->column) + ", which the profile " +
                                         quoted(profile.name) + " reads as " + std::string{word.token});
    };
    const std::string_view wanted = trimmed(*rule->column);
    const auto found = std::ranges::find(header, wanted);
    if (found == header.end()) refuse("has not");
    if (std::find(found + 1, header.end(), wanted) != header.end()) refuse("has twice");
    feed(word.value, static_cast<std::size_t>(found - header.begin()));
  }
  if (profile.others_by_name) bind_header(header, file);
}

std::optional<bool> RowReader::read_mapped(Field field, std::string_view text, Draft& draft) const {
  const FieldRule* rule = rule_of_[slot(field)];
  if (rule == nullptr) return std::nullopt;
  if (!rule->format.empty()) {
    const auto day = parse_date(text, rule->format);
    draft.week = day ? Week::containing(*day) : std::nullopt;
    return draft.week.has_value();
  }
  if (rule->words.empty() && !rule->otherwise) return std::nullopt;
  const auto found = rule->words.find(std::string{text});
  if (found != rule->words.end()) return read_field(field, found->second, draft);
  if (rule->otherwise) return read_field(field, *rule->otherwise, draft);
  if (rule->reject_otherwise) return false;
  return std::nullopt;
}

bool RowReader::read_fresh(Field field, std::string_view text, Draft& draft) const {
  const auto mapped = read_mapped(field, text, draft);
  return mapped ? *mapped : read_field(field, text, draft);
}

bool RowReader::read_fresh(Field field, std::int64_t number, std::string_view decimal, Draft& draft) const {
  const auto mapped = read_mapped(field, decimal, draft);
  return mapped ? *mapped : read_number(field, number, decimal, draft);
}

bool RowReader::read_one(Field field, std::string_view text) {
  Memory* memory = memory_[slot(field)].get();
  if (memory == nullptr || text.size() > sizeof Remembered::text) return read_fresh(field, text, draft_);
  Remembered& place = (*memory)[hash_text(text, 0) % kRemembered];
  if (place.size != text.size() || std::string_view{place.text.data(), text.size()} != text) {
    place.draft = {};
    place.valid = read_fresh(field, text, place.draft);
    std::ranges::copy(text, place.text.begin());
    place.size = static_cast<std::uint8_t>(text.size());
  }
  if (place.valid) copy_field(field, place.draft, draft_);
  return place.valid;
}

Verdict RowReader::read(const std::vector<std::string_view>& fields, Encoding encoding, bool ascii) {
  begin();
  std::optional<Field> personal;
  for (const Field field : by_column_) {
    std::string_view text = fields[*column_of_[slot(field)]];
    if (!ascii && encoding == Encoding::windows1252 && !is_ascii(text)) {
      std::string& decoded = decoded_[slot(field)];
      decoded.clear();
      append_windows1252(decoded, text);
      text = decoded;
    }
    text = trimmed(text);
    show(field, text);
    if (!personal && looks_personal(text)) personal = field;
  }
  if (personal) return {Reason::personal_data, personal};
  return judge([this](Field field) { return read_one(field, texts_[slot(field)]); });
}

}  // namespace komhen::detail
