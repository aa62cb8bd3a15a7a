#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "arrow_c_data.h"

/// Arrays of the Arrow C data interface, read without trusting them: what a struct says is checked before it
/// is used, and nothing is read outside of what it says.
namespace komhen::detail {

/// What komhen reads of a column's type.
struct ArrowType {
  enum class Kind : std::uint8_t { refused, null, integer, text, large_text, text_view, date, timestamp };
  Kind kind = Kind::refused;
  unsigned bytes = 0;           ///< of one value in the data buffer: integers, dates and timestamps
  bool is_signed = false;       ///< of integers
  std::int64_t per_second = 1;  ///< of timestamps
  std::int64_t per_day = 1;     ///< of dates: 1 or 86,400,000
  bool zoned = false;           ///< of timestamps: a moment of UTC, not a clock's reading
  bool fraction = false;        ///< of refused ones: a floating-point number
  std::string name;             ///< what people call it, for errors: `float64`

  [[nodiscard]] bool is_text() const noexcept {
    return kind == Kind::text || kind == Kind::large_text || kind == Kind::text_view;
  }
  [[nodiscard]] bool is_day() const noexcept { return kind == Kind::date || kind == Kind::timestamp; }
  [[nodiscard]] std::int64_t buffers() const noexcept;  ///< how many there are; of text_view, at least
};

/// The type that a schema's format string stands for; of a dictionary's index, an integer.
[[nodiscard]] ArrowType arrow_type(std::string_view format);

/// An integer of any of the eight types.
struct ArrowNumber {
  std::int64_t value = 0;  ///< the largest there is for one beyond it
  bool negative = false;
  std::uint64_t magnitude = 0;
};

/// A value at any place: buffers need not be aligned.
template <class T>
[[nodiscard]] T arrow_value(const unsigned char* buffer, std::int64_t place) noexcept {
  T value;
  std::memcpy(&value, buffer + static_cast<std::size_t>(place) * sizeof(T), sizeof(T));
  return value;
}

/// A bit of a validity buffer.
[[nodiscard]] inline bool arrow_bit(const unsigned char* bits, std::int64_t place) noexcept {
  return (static_cast<unsigned>(bits[place / 8]) >> static_cast<unsigned>(place % 8) & 1U) != 0;
}

/// The bits, values and texts of one array without children, whose struct has been checked.
class ArrowValues {
 public:
  ArrowValues() = default;
  /// @param first, rows  the part of the array that will be read, without the array's own offset.
  /// @param where        what errors call it: `the column 'count' of 'arrow stream'`.
  /// @throws Error (format) when the struct contradicts the specification or does not hold the part.
  ArrowValues(const ArrowType& type, const ArrowArray& array, std::int64_t first, std::int64_t rows,
              const std::string& where);

  /// Checks that the texts of some rows lie where they may, before text() is asked for them: a part at a
  /// time, so that whoever counts a long array can be stopped meanwhile. @throws Error (format).
  void check_texts(std::int64_t first, std::int64_t rows) const;

  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
  [[nodiscard]] bool is_null(std::int64_t row) const noexcept;
  // Each for its kind of type, and for rows that are not null.
  [[nodiscard]] ArrowNumber number(std::int64_t row) const noexcept;
  /// Of rows for which check_texts() was called. @throws Error (format) for a view that points outside its
  /// buffers.
  [[nodiscard]] std::string_view text(std::int64_t row) const;
  /// The day, in Copenhagen for a moment; nullopt for one that no week of komhen holds.
  [[nodiscard]] std::optional<std::chrono::sys_days> day(std::int64_t row) const noexcept;

  /// The value of a date or timestamp as it stands.
  [[nodiscard]] std::int64_t raw(std::int64_t row) const noexcept;

  /// Calls `visit(i, value)` for some rows, `first` + i, of whole numbers or days: what number(row).value or
  /// raw(row) is, and something where the row is null.
  template <class Visit>
  void each_number(std::int64_t first, std::size_t rows, Visit&& visit) const {
    const bool is_signed = type_->is_signed || type_->is_day();
    switch (type_->bytes) {
      case 1:
        return is_signed ? each<std::int8_t>(first, rows, visit) : each<std::uint8_t>(first, rows, visit);
      case 2:
        return is_signed ? each<std::int16_t>(first, rows, visit) : each<std::uint16_t>(first, rows, visit);
      case 4:
        return is_signed ? each<std::int32_t>(first, rows, visit) : each<std::uint32_t>(first, rows, visit);
      default:
        return is_signed ? each<std::int64_t>(first, rows, visit) : each<std::uint64_t>(first, rows, visit);
    }
  }
  /// Values of one byte from this row on; nullptr where they are longer.
  [[nodiscard]] const std::uint8_t* bytes_from(std::int64_t row) const noexcept {
    return type_->bytes == 1 ? data_ + first_ + row : nullptr;
  }
  /// Values of 32 bits from this row on; nullptr where they are others, or not aligned.
  [[nodiscard]] const std::int32_t* words_from(std::int64_t row) const noexcept {
    if (type_->bytes != 4 || reinterpret_cast<std::uintptr_t>(data_) % alignof(std::int32_t) != 0)
      return nullptr;
    return reinterpret_cast<const std::int32_t*>(data_) + first_ + row;
  }

  /// Fetches some values, which need not be there. (Inlined, since as a call it would do nothing that a
  /// compiler must keep.)
  [[gnu::always_inline]] void fetch(std::int64_t first, std::size_t rows) const noexcept {
    const unsigned char* const values = data_ + static_cast<std::size_t>(first_ + first) * type_->bytes;
    for (std::size_t byte = 0; byte < rows * type_->bytes; byte += 64) __builtin_prefetch(values + byte);
  }

  /// Whether no row is null.
  [[nodiscard]] bool all_valid() const noexcept {
    return type_->kind != ArrowType::Kind::null && validity_ == nullptr;
  }

 private:
  template <class T, class Visit>
  void each(std::int64_t first, std::size_t rows, Visit&& visit) const {
    const unsigned char* const values = data_ + static_cast<std::size_t>(first_ + first) * sizeof(T);
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    for (std::size_t i = 0; i < rows; ++i) {
      const T value = arrow_value<T>(values, static_cast<std::int64_t>(i));
      if constexpr (std::is_same_v<T, std::uint64_t>)
        visit(i, static_cast<std::int64_t>(std::min(value, kMost)));
      else
        visit(i, std::int64_t{value});
    }
  }
  [[nodiscard]] std::int64_t offset_at(std::int64_t place) const noexcept;
  [[nodiscard]] std::string_view viewed(std::int64_t place) const;
  [[noreturn]] void refuse(const std::string& what) const;

  const ArrowType* type_ = nullptr;
  const ArrowArray* array_ = nullptr;
  std::int64_t first_ = 0;  // in the buffers
  std::int64_t rows_ = 0;
  const unsigned char* validity_ = nullptr;
  const unsigned char* data_ = nullptr;   // values, offsets or views
  const unsigned char* bytes_ = nullptr;  // of text
  std::string where_;
};

/// Checks what every array's struct must hold, whatever its type.
/// @throws Error (format).
void check_arrow_array(const ArrowArray& array, std::int64_t buffers, bool at_least,
                       const std::string& where);

/// @throws Error (format) with a sentence that says what of the specification is broken.
[[noreturn]] void refuse_arrow(const std::string& where, const std::string& what);

}  // namespace komhen::detail
