#include "stream_column.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "komhen/error.hpp"

namespace komhen::detail {
namespace {

/// An end of a sentence: what to do with a column of a type that is not taken.
std::string remedy(Field field, const ArrowType& type) {
  const std::string name{token(field)};
  if (field == Field::date) {
    if (type.kind == ArrowType::Kind::integer)
      return "read it by a profile with format = \"%Y%m%d\", or hand over a column week with numbers like "
             "201217";
    return "cast it to date32, timestamp or utf8";
  }
  if (type.fraction)
    return "cast it to int64 (pandas makes whole numbers with missing values float64; astype('Int64') keeps "
           "them whole)";
  if (field == Field::week) return "cast it to utf8 like 2012-W17 or to int32 like 201217";
  if (field == Field::count) return "cast it to int64";
  if (field == Field::municipality || field == Field::kle) return "cast it to utf8 or int32";
  if (field == Field::source || field == Field::unit || field == Field::event_id) return "cast it to utf8";
  return "cast it to utf8 with the words of an exchange file, or to int8 with their numbers";
}

/// Whether a number has no more than 32 bits.
bool is_word(std::int64_t number) noexcept {
  return number == static_cast<std::int32_t>(number);
}

}  // namespace

StreamColumn::StreamColumn(Field field, const ArrowSchema& schema, const RowReader& rows, std::string where)
    : field_{field}, where_{std::move(where)} {
  if (schema.format == nullptr) refuse_arrow(where_, "it has no format");
  type_ = arrow_type(schema.format);
  if (schema.dictionary != nullptr) {
    if (type_.kind != ArrowType::Kind::integer)
      refuse_arrow(where_, "the index into its dictionary has the type " + type_.name);
    index_ = std::move(type_);
    if (schema.dictionary->format == nullptr) refuse_arrow(where_, "its dictionary has no format");
    type_ = arrow_type(schema.dictionary->format);
    if (schema.dictionary->dictionary != nullptr) {
      type_ = {};
      type_.name = "dictionary of a dictionary";
    }
  }
  check_type(rows);
  if (index_ || !type_.is_day()) return;
  // In Denmark a day begins on a full hour of UTC.
  per_code_ =
      type_.kind == ArrowType::Kind::date ? type_.per_day : type_.per_second * (type_.zoned ? 3600 : 86'400);
}

void StreamColumn::check_type(const RowReader& rows) const {
  const bool taken =
      type_.is_text() || type_.kind == ArrowType::Kind::null ||
      (type_.kind == ArrowType::Kind::integer && (field_ != Field::date || rows.has_format(Field::date))) ||
      (type_.is_day() && field_ == Field::date);
  if (!taken)
    throw Error(ErrorKind::format, where_ + (index_ ? " has a dictionary of the type " : " has the type ") +
                                       type_.name + ", which is not read as " + std::string{token(field_)} +
                                       "; " + remedy(field_, type_));
}

void StreamColumn::begin(const ArrowArray& array, std::int64_t first, std::int64_t rows) {
  now_ = nullptr;
  if (!index_) {
    values_ = ArrowValues{type_, array, first, rows, where_};
    return;
  }
  indices_ = ArrowValues{*index_, array, first, rows, where_};
  if (array.dictionary == nullptr) refuse_arrow(where_, "its dictionary is missing");
  values_ = ArrowValues{type_, *array.dictionary, 0, array.dictionary->length, "the dictionary of " + where_};
  values_.check_texts(0, values_.rows());
  constexpr std::int64_t kKnown = 4096;  // a dictionary of event ids must not take more memory than its batch
  known_.resize(static_cast<std::size_t>(std::clamp(values_.rows(), std::int64_t{1}, kKnown)));
  for (Said& said : known_) said.place = -1;  // its texts are in the batch before
  std::string texts = dictionary_texts();
  if (!texts.empty() && texts == dictionary_) return;  // what its places stand for is known
  dictionary_ = std::move(texts);
  constexpr std::int64_t kPlaces = 65'536;
  places_.assign(static_cast<std::size_t>(std::min(values_.rows(), kPlaces)), kUnlearnt);
}

std::string StreamColumn::dictionary_texts() const {
  constexpr std::size_t kFew = std::size_t{64} << 10U;
  std::string all;
  if (!type_.is_text() || values_.rows() > static_cast<std::int64_t>(kFew)) return all;
  try {
    for (std::int64_t place = 0; place < values_.rows(); ++place) {
      if (values_.is_null(place)) {
        all += '-';
        continue;
      }
      const std::string_view text = values_.text(place);
      if (all.size() + text.size() > kFew) return {};
      all += std::to_string(text.size());
      all += ':';
      all += text;
    }
  } catch (const Error&) {  // a text that lies nowhere: a row that points at it comes to that in its turn
    return {};
  }
  return all;
}

const StreamColumn::Said& StreamColumn::look_at_null() {
  plain_.form = Said::Form::text;
  plain_.utf8 = plain_.ascii = true;
  plain_.personal = false;
  plain_.text = {};
  now_ = &plain_;
  return plain_;
}

const StreamColumn::Said& StreamColumn::look(std::int64_t row, const RowReader& rows) {
  if (!index_) {
    if (values_.is_null(row)) return look_at_null();
    say(plain_, row);
    now_ = &plain_;
    return plain_;
  }
  if (indices_.is_null(row)) return look_at_null();
  const std::int64_t place = indices_.number(row).value;
  if (place < 0 || place >= values_.rows())
    refuse_arrow(where_, "a row points at the value " + std::to_string(place) + " of a dictionary of " +
                             std::to_string(values_.rows()));
  if (values_.is_null(place)) return look_at_null();
  Said& said = known_[static_cast<std::size_t>(place) % known_.size()];
  if (said.place != place) {
    said.place = -1;
    say(said, place);
    said.draft = {};
    said.valid = said.utf8 && evaluate(said, rows, said.draft);
    said.place = place;
  }
  now_ = &said;
  return said;
}

void StreamColumn::say(Said& said, std::int64_t place) const {
  said.utf8 = said.ascii = true;
  char* const begin = said.written.data();
  char* const end = begin + said.written.size();
  const auto written = [&](const char* last) {
    return std::string_view{begin, static_cast<std::size_t>(last - begin)};
  };
  if (type_.is_text()) {
    const std::string_view text = values_.text(place);
    said.form = Said::Form::text;
    said.ascii = is_ascii(text);
    said.utf8 = said.ascii || is_utf8(text);
    said.text = trimmed(text);
  } else if (type_.is_day()) {
    said.form = Said::Form::day;
    said.day = values_.day(place);
    if (!said.day) {
      said.text = written(std::to_chars(begin, end, values_.raw(place)).ptr);
    } else {
      const std::chrono::year_month_day date{*said.day};
      const auto two = [](char* at, unsigned number) {
        at[0] = static_cast<char>('0' + number / 10);
        at[1] = static_cast<char>('0' + number % 10);
      };
      const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
      two(begin, year / 100);
      two(begin + 2, year % 100);
      begin[4] = begin[7] = '-';
      two(begin + 5, static_cast<unsigned>(date.month()));
      two(begin + 8, static_cast<unsigned>(date.day()));
      said.text = written(begin + 10);
    }
  } else {
    const ArrowNumber number = values_.number(place);
    said.form = Said::Form::number;
    said.number = number.value;
    *begin = '-';
    const auto digits = std::to_chars(begin + (number.negative ? 1 : 0), end, number.magnitude);
    said.text = written(digits.ptr);
  }
  // The number of a day that no week holds is a number, however many digits it has.
  said.personal = said.form != Said::Form::day && said.utf8 && looks_personal(said.text);
}

bool StreamColumn::evaluate(const Said& said, const RowReader& rows, Draft& draft) const {
  switch (said.form) {
    case Said::Form::number:
      return rows.read_fresh(field_, said.number, said.text, draft);
    case Said::Form::day:
      draft.week = said.day ? Week::containing(*said.day) : std::nullopt;
      return draft.week.has_value();
    case Said::Form::text:
      break;
  }
  return rows.read_fresh(field_, said.text, draft);
}

bool StreamColumn::read(RowReader& rows) const {
  if (now_ != &plain_) {
    if (now_->valid) rows.put(field_, now_->draft);
    return now_->valid;
  }
  if (now_->form == Said::Form::text) return rows.read_one(field_, now_->text);
  Draft draft;
  const bool valid = evaluate(*now_, rows, draft);
  if (valid) rows.put(field_, draft);
  return valid;
}

/// Texts are learnt as they stand in a file: what ends one says that it is no longer than that. Here it is a
/// byte that is in no text.
struct StreamColumn::Ended {
  std::array<char, LearntTexts::kReach> bytes{};
  std::size_t size = 0;  // 0: the text is too long

  explicit Ended(std::string_view text) noexcept {
    if (text.size() >= bytes.size()) return;
    if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
    bytes[text.size()] = '\xFF';
    size = text.size() + 1;
  }
};

std::uint64_t StreamColumn::bits_of(std::int64_t row) const {
  if (index_) {
    if (indices_.is_null(row)) return bits_of_null_;
    const auto place = static_cast<std::uint64_t>(looked_up_at(row));
    return place < places_.size() ? places_[place] : kUnlearnt;
  }
  if (values_.is_null(row)) return bits_of_null_;
  if (type_.kind == ArrowType::Kind::integer || type_.is_day())
    return codes_.of(static_cast<std::uint64_t>(looked_up_at(row)));
  const Ended text{values_.text(row)};
  LearntTexts::Found found{};
  return text.size != 0 && texts_.find(text.bytes.data(), text.size, found) ? found.value : kUnlearnt;
}

void StreamColumn::add_bits(std::int64_t first, std::span<std::uint64_t> keys) const {
  const ArrowValues& values = numbers();
  if (!is_coded()) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      try {
        keys[i] |= bits_of(first + static_cast<std::int64_t>(i));
      } catch (const Error&) {  // a text that lies nowhere: its row comes to that in its turn
        keys[i] = kUnlearnt;
      }
    }
  } else if (index_) {
    values.each_number(first, keys.size(), [&](std::size_t i, std::int64_t number) {
      const auto place = static_cast<std::uint64_t>(number);
      keys[i] |= place < places_.size() ? places_[place] : kUnlearnt;
    });
  } else if (is_nothing()) {
    for (std::uint64_t& key : keys) key |= bits_of_null_;
  } else {
    values.each_number(first, keys.size(), [&](std::size_t i, std::int64_t number) {
      keys[i] |= codes_.of(static_cast<std::uint64_t>(looked_up_by(number)));
    });
  }
}

bool StreamColumn::is_coded() const noexcept {
  if (index_ || type_.kind == ArrowType::Kind::integer || type_.is_day()) return numbers().all_valid();
  return is_nothing();
}

std::optional<std::uint32_t> StreamColumn::code_for(std::int64_t looked_up_by) const noexcept {
  const unsigned bytes = (index_ ? *index_ : type_).bytes;
  const auto code = static_cast<std::uint32_t>(looked_up_by);
  if (bytes == 1) return code & 0xFFU;
  if (bytes <= sizeof code || is_word(looked_up_by)) return code;
  return std::nullopt;
}

std::optional<std::uint32_t> StreamColumn::code_of(std::int64_t row) const {
  return is_nothing() ? 0 : code_for(looked_up_at(row));
}

LearntColumn StreamColumn::learnt_codes() const {
  LearntColumn out{field_, {}};
  const auto note = [&](std::uint64_t number, std::uint64_t bits) {
    if (const auto code = code_for(static_cast<std::int64_t>(number))) out.codes.push_back({*code, bits});
  };
  if (index_) {
    for (std::size_t place = 0; place < places_.size(); ++place)
      if (places_[place] != kUnlearnt) note(place, places_[place]);
  } else if (is_nothing()) {
    if (bits_of_null_ != kUnlearnt) note(0, bits_of_null_);
  } else {
    codes_.for_each(note);
  }
  return out;
}

void StreamColumn::lead(const CodeSteps& steps, std::int64_t first, std::size_t rows,
                        std::uint32_t* places) const {
  const ArrowValues& values = numbers();
  if (!is_nothing()) {
    if (const std::uint8_t* const bytes = values.bytes_from(first)) return steps.lead(bytes, rows, places);
    if (const std::int32_t* const words = values.words_from(first)) return steps.lead(words, rows, places);
  }
  std::array<std::int32_t, 256> words{};
  for (std::size_t row = 0; row < rows; row += words.size()) {
    const std::size_t some = std::min(words.size(), rows - row);
    const std::int64_t begin = first + static_cast<std::int64_t>(row);
    std::uint64_t beyond = 0;
    const auto each_code = [&](auto&& visit) {
      if (per_code_ == 1)
        values.each_number(begin, some, visit);
      else
        values.each_number(begin, some,
                           [&](std::size_t i, std::int64_t number) { visit(i, looked_up_by(number)); });
    };
    if (!is_nothing()) {
      values.fetch(begin + 4 * static_cast<std::int64_t>(words.size()), some);
      each_code([&](std::size_t i, std::int64_t code) {
        words[i] = static_cast<std::int32_t>(code);
        beyond |= static_cast<std::uint64_t>(code ^ words[i]);
      });
    }
    steps.lead(words.data(), some, places + row);
    if (beyond == 0) [[likely]]
      continue;
    each_code([&](std::size_t i, std::int64_t code) {
      if (!is_word(code)) places[row + i] += CodeSteps::kNowhere;
    });
  }
}

void StreamColumn::learn(std::int64_t row, std::uint64_t bits) {
  if (index_) {
    if (indices_.is_null(row)) {
      bits_of_null_ = bits;
      return;
    }
    const auto place = static_cast<std::uint64_t>(looked_up_at(row));
    if (place < places_.size()) places_[place] = bits;
  } else if (values_.is_null(row)) {
    bits_of_null_ = bits;
  } else if (type_.kind == ArrowType::Kind::integer || type_.is_day()) {
    // The largest number stands for those beyond it as well; no day of a week that there is has it.
    const std::int64_t number = looked_up_at(row);
    if (number != std::numeric_limits<std::int64_t>::max())
      codes_.learn(static_cast<std::uint64_t>(number), bits);
  } else {
    const Ended text{values_.text(row)};
    if (text.size != 0) texts_.learn({text.bytes.data(), text.size}, bits, 0);
  }
}

std::int64_t StreamColumn::few_of(std::int64_t row) const {
  constexpr std::int64_t kMost = 999'999'999;  // ten digits can be a CPR number
  if (index_ || type_.kind != ArrowType::Kind::integer) {
    const std::uint64_t learnt = bits_of(row);
    return learnt == kUnlearnt ? 0 : static_cast<std::int64_t>(learnt);
  }
  if (values_.is_null(row)) return 0;
  const std::int64_t number = values_.number(row).value;
  return number >= 1 && number <= kMost ? number : 0;
}

}  // namespace komhen::detail
