#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/registration/encoding.hpp"
#include "komhen/registration/profile.hpp"
#include "komhen/registration/reason.hpp"
#include "komhen/registration/validate.hpp"
#include "row_fields.hpp"

namespace komhen::detail {

/// What one row is: a registration, or the reason and the field that left it out.
struct Verdict {
  Reason reason = Reason::accepted;
  std::optional<Field> column;
};

/// Reads the rows of one file: knows which column feeds which dimension, through the header or a profile.
class RowReader {
 public:
  /// @throws Error (format) when the header lacks a required column or feeds a dimension twice.
  RowReader(const std::vector<std::string>& header, const Profile* profile, const Admission& admission,
            std::string_view file);

  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  [[nodiscard]] const std::vector<std::size_t>& unread() const noexcept { return unread_; }

  /// Reads a row of width() fields. The draft and texts live until the next call.
  Verdict read(const std::vector<std::string_view>& fields, Encoding encoding, bool ascii);

  [[nodiscard]] const Draft& draft() const noexcept { return draft_; }
  /// Whether a column of the file feeds the field.
  [[nodiscard]] bool reads(Field field) const { return column_of_[slot(field)].has_value(); }
  /// The field's text, trimmed and decoded; nullopt when it is not read.
  [[nodiscard]] std::optional<std::string_view> text(Field field) const {
    return reads(field) ? std::optional{texts_[slot(field)]} : std::nullopt;
  }
  /// `week` or `date`, whichever is read.
  [[nodiscard]] Field week_field() const noexcept { return week_field_; }

 private:
  /// Words that recur are read once: a direct-mapped memory of the last word in each of its places.
  struct Remembered {
    std::array<char, 48> text{};
    std::uint8_t size = 0xFF;  // 0xFF: nothing yet
    bool valid = false;
    Draft draft;
  };
  static constexpr std::size_t kRemembered = 256;
  using Memory = std::array<Remembered, kRemembered>;

  void feed(Field field, std::size_t column);
  void bind_header(const std::vector<std::string>& header, std::string_view file);
  void bind_profile(const std::vector<std::string>& header, const Profile& profile, std::string_view file);
  bool read_one(Field field, std::string_view text);
  bool read_fresh(Field field, std::string_view text, Draft& draft) const;

  std::size_t width_;
  Admission admission_;
  std::array<std::optional<std::size_t>, kFieldCount> column_of_;
  std::array<const FieldRule*, kFieldCount> rule_of_{};
  std::vector<Field> by_column_;  ///< the fields that are read, in the order of their columns
  std::vector<std::size_t> unread_;
  Field week_field_ = Field::date;
  Draft fixed_;  ///< a profile's values
  Draft draft_;
  std::array<std::string_view, kFieldCount> texts_;
  std::array<std::string, kFieldCount> decoded_;
  std::array<std::unique_ptr<Memory>, kFieldCount> memory_;
};

}  // namespace komhen::detail
