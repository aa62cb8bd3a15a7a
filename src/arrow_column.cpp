#include "arrow_column.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "dates.hpp"
#include "komhen/error.hpp"
#include "komhen/registration/personal_data.hpp"

namespace komhen::detail {
namespace {

using Kind = ArrowType::Kind;

struct NamedType {
  std::string_view format;
  ArrowType type;
};

const std::array<NamedType, 26>& named_types() {
  const auto integer = [](unsigned bytes, bool is_signed, const char* name) {
    ArrowType type;
    type.kind = Kind::integer;
    type.bytes = bytes;
    type.is_signed = is_signed;
    type.name = name;
    return type;
  };
  const auto plain = [](Kind kind, const char* name) {
    ArrowType type;
    type.kind = kind;
    type.name = name;
    return type;
  };
  const auto fraction = [](const char* name) {
    ArrowType type;
    type.fraction = true;
    type.name = name;
    return type;
  };
  const auto date = [](unsigned bytes, std::int64_t per_day, const char* name) {
    ArrowType type;
    type.kind = Kind::date;
    type.bytes = bytes;
    type.per_day = per_day;
    type.name = name;
    return type;
  };
  static const std::array<NamedType, 26> kTypes{{{"n", plain(Kind::null, "null")},
                                                 {"b", plain(Kind::refused, "bool")},
                                                 {"c", integer(1, true, "int8")},
                                                 {"C", integer(1, false, "uint8")},
                                                 {"s", integer(2, true, "int16")},
                                                 {"S", integer(2, false, "uint16")},
                                                 {"i", integer(4, true, "int32")},
                                                 {"I", integer(4, false, "uint32")},
                                                 {"l", integer(8, true, "int64")},
                                                 {"L", integer(8, false, "uint64")},
                                                 {"e", fraction("float16")},
                                                 {"f", fraction("float32")},
                                                 {"g", fraction("float64")},
                                                 {"u", plain(Kind::text, "utf8")},
                                                 {"U", plain(Kind::large_text, "large_utf8")},
                                                 {"vu", plain(Kind::text_view, "utf8_view")},
                                                 {"z", plain(Kind::refused, "binary")},
                                                 {"Z", plain(Kind::refused, "large_binary")},
                                                 {"vz", plain(Kind::refused, "binary_view")},
                                                 {"tdD", date(4, 1, "date32")},
                                                 {"tdm", date(8, 86'400'000, "date64")},
                                                 {"+l", plain(Kind::refused, "list")},
                                                 {"+L", plain(Kind::refused, "large_list")},
                                                 {"+s", plain(Kind::refused, "struct")},
                                                 {"+m", plain(Kind::refused, "map")},
                                                 {"+r", plain(Kind::refused, "run_end_encoded")}}};
  return kTypes;
}

std::string counted(std::int64_t number, std::string_view noun) {
  return std::to_string(number) + " " + std::string{noun};
}

}  // namespace

std::int64_t ArrowType::buffers() const noexcept {
  switch (kind) {
    case Kind::null:
    case Kind::refused:
      return 0;
    case Kind::integer:
    case Kind::date:
    case Kind::timestamp:
      return 2;
    case Kind::text:
    case Kind::large_text:
    case Kind::text_view:
      break;
  }
  return 3;
}

ArrowType arrow_type(std::string_view format) {
  for (const NamedType& named : named_types())
    if (named.format == format) return named.type;
  ArrowType type;
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kUnits{
      {{"tss:", 1}, {"tsm:", 1'000}, {"tsu:", 1'000'000}, {"tsn:", 1'000'000'000}}};
  for (const auto& [prefix, per_second] : kUnits) {
    if (!format.starts_with(prefix)) continue;
    type.kind = Kind::timestamp;
    type.bytes = 8;
    type.per_second = per_second;
    type.zoned = format.size() > prefix.size();
    type.name = type.zoned ? "timestamp with a zone" : "timestamp";
    return type;
  }
  if (format.starts_with("d:"))
    type.name = "decimal";
  else if (format.starts_with("tt"))
    type.name = "time";
  else if (format.starts_with("tD"))
    type.name = "duration";
  else
    type.name = "with the Arrow format " + quoted(format);
  return type;
}

void refuse_arrow(const std::string& where, const std::string& what) {
  // Masked, because a number that points nowhere can be anything.
  throw Error(ErrorKind::format, where + " breaks the Arrow C data interface: " + masked(what));
}

void check_arrow_array(const ArrowArray& array, std::int64_t buffers, bool at_least,
                       const std::string& where) {
  // No byte of a buffer lies past 2^63 - 1, whatever the type.
  constexpr std::int64_t kLongest = std::numeric_limits<std::int64_t>::max() / 32;
  if (array.length < 0 || array.length > kLongest)
    refuse_arrow(where, "its length is " + std::to_string(array.length));
  if (array.offset < 0 || array.offset > kLongest)
    refuse_arrow(where, "its offset is " + std::to_string(array.offset));
  if (array.null_count < -1 || array.null_count > array.length)
    refuse_arrow(where,
                 "it has " + counted(array.null_count, "nulls") + " in " + counted(array.length, "rows"));
  if (at_least ? array.n_buffers < buffers : array.n_buffers != buffers)
    refuse_arrow(where, "it has " + counted(array.n_buffers, "buffers") + ", and its type has " +
                            std::to_string(buffers) + (at_least ? " or more" : ""));
  if (buffers == 0) return;
  if (array.buffers == nullptr) refuse_arrow(where, "it has no buffers");
  if (array.buffers[0] == nullptr && array.null_count > 0)
    refuse_arrow(where, "it has " + counted(array.null_count, "nulls") + " and no validity buffer");
}

ArrowValues::ArrowValues(const ArrowType& type, const ArrowArray& array, std::int64_t first,
                         std::int64_t rows, const std::string& where)
    : type_{&type}, array_{&array}, rows_{rows}, where_{where} {
  // Nulls have no buffers, but producers of before that was settled (and polars) give one.
  check_arrow_array(array, type.buffers(), type.kind == Kind::text_view || type.kind == Kind::null, where);
  if (first > array.length || rows > array.length - first)
    refuse("it has " + counted(array.length, "rows") + ", and " + std::to_string(first) + " + " +
           std::to_string(rows) + " are needed");
  first_ = array.offset + first;
  if (type.kind == Kind::null) return;
  if (array.null_count != 0) validity_ = static_cast<const unsigned char*>(array.buffers[0]);
  data_ = static_cast<const unsigned char*>(array.buffers[1]);
  if (rows == 0) return;
  if (data_ == nullptr) refuse("its data buffer is missing");
  if (type.kind == Kind::text || type.kind == Kind::large_text) {
    bytes_ = static_cast<const unsigned char*>(array.buffers[2]);
  } else if (type.kind == Kind::text_view && array.n_buffers > 3 &&
             array.buffers[array.n_buffers - 1] == nullptr) {
    refuse("the buffer that holds the sizes of its text buffers is missing");
  }
}

void ArrowValues::refuse(const std::string& what) const {
  refuse_arrow(where_, what);
}

/// The array's last offset is what says how long the text is.
void ArrowValues::check_texts(std::int64_t first, std::int64_t rows) const {
  if (rows == 0 || (type_->kind != Kind::text && type_->kind != Kind::large_text)) return;
  const auto refuse_text = [this](std::int64_t begin, std::int64_t end) {
    refuse("a text of it begins at " + std::to_string(begin) + " and ends at " + std::to_string(end));
  };
  const std::int64_t place = first_ + first;
  const std::int64_t begin = offset_at(place);
  if (begin < 0) refuse_text(begin, offset_at(place + 1));
  std::int64_t before = begin;
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t after = offset_at(place + row + 1);
    if (after < before) refuse_text(before, after);
    before = after;
  }
  const std::int64_t last = offset_at(array_->offset + array_->length);
  if (last < before) refuse_text(before, last);
  if (bytes_ == nullptr && before != begin) refuse("its text buffer is missing");
}

std::int64_t ArrowValues::offset_at(std::int64_t place) const noexcept {
  if (type_->kind == Kind::large_text) return arrow_value<std::int64_t>(data_, place);
  return arrow_value<std::int32_t>(data_, place);
}

bool ArrowValues::is_null(std::int64_t row) const noexcept {
  if (type_->kind == Kind::null) return true;
  return validity_ != nullptr && !arrow_bit(validity_, first_ + row);
}

ArrowNumber ArrowValues::number(std::int64_t row) const noexcept {
  const std::int64_t place = first_ + row;
  std::int64_t value = 0;
  switch (type_->bytes) {
    case 1:
      value = type_->is_signed ? std::int64_t{arrow_value<std::int8_t>(data_, place)}
                               : std::int64_t{arrow_value<std::uint8_t>(data_, place)};
      break;
    case 2:
      value = type_->is_signed ? std::int64_t{arrow_value<std::int16_t>(data_, place)}
                               : std::int64_t{arrow_value<std::uint16_t>(data_, place)};
      break;
    case 4:
      value = type_->is_signed ? std::int64_t{arrow_value<std::int32_t>(data_, place)}
                               : std::int64_t{arrow_value<std::uint32_t>(data_, place)};
      break;
    default: {
      if (type_->is_signed) {
        value = arrow_value<std::int64_t>(data_, place);
        break;
      }
      const auto whole = arrow_value<std::uint64_t>(data_, place);
      constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
      return {whole > static_cast<std::uint64_t>(kMax) ? kMax : static_cast<std::int64_t>(whole), false,
              whole};
    }
  }
  const auto bits = static_cast<std::uint64_t>(value);
  return {value, value < 0, value < 0 ? 0 - bits : bits};
}

std::string_view ArrowValues::text(std::int64_t row) const {
  const std::int64_t place = first_ + row;
  if (type_->kind == Kind::text_view) return viewed(place);
  const std::int64_t begin = offset_at(place);
  const std::int64_t size = offset_at(place + 1) - begin;
  if (size == 0) return {};
  return {reinterpret_cast<const char*>(bytes_) + begin, static_cast<std::size_t>(size)};
}

std::string_view ArrowValues::viewed(std::int64_t place) const {
  constexpr std::int32_t kInline = 12;
  const unsigned char* const view = data_ + 16 * place;
  const auto size = arrow_value<std::int32_t>(view, 0);
  if (size < 0) refuse("a text of it is " + std::to_string(size) + " bytes long");
  if (size <= kInline) return {reinterpret_cast<const char*>(view) + 4, static_cast<std::size_t>(size)};
  const auto buffer = arrow_value<std::int32_t>(view, 2);
  const auto begin = arrow_value<std::int32_t>(view, 3);
  const std::int64_t variadic = array_->n_buffers - 3;  // besides validity, views and the sizes
  if (buffer < 0 || buffer >= variadic)
    refuse("a text of it lies in buffer " + std::to_string(buffer) + " of " + std::to_string(variadic));
  const auto room = arrow_value<std::int64_t>(
      static_cast<const unsigned char*>(array_->buffers[array_->n_buffers - 1]), buffer);
  const void* const bytes = array_->buffers[2 + buffer];
  if (bytes == nullptr || begin < 0 || std::int64_t{begin} + size > room)
    refuse("a text of it lies outside its buffer");
  return {static_cast<const char*>(bytes) + begin, static_cast<std::size_t>(size)};
}

std::int64_t ArrowValues::raw(std::int64_t row) const noexcept {
  return type_->bytes == 4 ? std::int64_t{arrow_value<std::int32_t>(data_, first_ + row)}
                           : arrow_value<std::int64_t>(data_, first_ + row);
}

std::optional<std::chrono::sys_days> ArrowValues::day(std::int64_t row) const noexcept {
  using namespace std::chrono;
  // Wider than the weeks there are, so that no zone moves a day across, and far from where years end.
  constexpr sys_days kFirst{year{1900} / 1 / 1};
  constexpr sys_days kLast{year{2100} / 1 / 1};
  const std::int64_t value = raw(row);
  const auto floored = [](std::int64_t number, std::int64_t by) {
    return number / by - (number % by < 0 ? 1 : 0);
  };
  constexpr std::int64_t kDaySeconds = 86'400;
  const bool is_date = type_->kind == Kind::date;
  const std::int64_t second = is_date ? 0 : floored(value, type_->per_second);
  const std::int64_t number = is_date ? floored(value, type_->per_day) : floored(second, kDaySeconds);
  if (number < kFirst.time_since_epoch().count() || number > kLast.time_since_epoch().count())
    return std::nullopt;
  if (!is_date && type_->zoned) return day_in_copenhagen(sys_seconds{seconds{second}});
  return sys_days{days{number}};
}

}  // namespace komhen::detail
