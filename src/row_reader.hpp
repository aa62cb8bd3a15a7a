#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/registration/encoding.hpp"
#include "komhen/registration/personal_data.hpp"
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

/// Whether a trimmed field looks like a CPR number; none is shorter than ten characters.
[[nodiscard]] inline bool looks_personal(std::string_view text) noexcept {
  return text.size() >= 10 && find_personal(text);
}

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

  // What read() does, in its parts, for rows that are not records of text: begin(), show() for every field
  // that is read, then judge().

  /// Forgets the row before.
  void begin() { draft_ = fixed_; }
  /// What the field's text is, where it is shown: trimmed UTF-8, borrowed until the next row.
  void show(Field field, std::string_view text) { texts_[slot(field)] = text; }
  /// Applies the rules in their order. `read(field)` reads the field's value into the draft, through
  /// read_one() or put(), and tells whether it is one.
  template <class Read>
  Verdict judge(Read&& read) {
    for (const auto& word : kWords<Field>) {  // their order is that of the rules
      const Field field = word.value;
      if (column_of_[slot(field)] && !read(field)) return {reason_of(field), field};
      if (field == Field::kle && !admission_.takes(*draft_.task)) return {Reason::unknown_task, field};
    }
    const Reason reason = admission_.of(*draft_.municipality, *draft_.week);
    return {reason, reason == Reason::accepted ? std::nullopt : std::optional{week_field_}};
  }
  /// Reads a trimmed text into the draft of the row.
  bool read_one(Field field, std::string_view text);
  /// Puts a value that read_fresh() has read into the draft of the row.
  void put(Field field, const Draft& from) { copy_field(field, from, draft_); }

  /// Reads a trimmed text, or a number and its decimal text, for keeping.
  [[nodiscard]] bool read_fresh(Field field, std::string_view text, Draft& draft) const;
  [[nodiscard]] bool read_fresh(Field field, std::int64_t number, std::string_view decimal,
                                Draft& draft) const;

  /// The fields that are read, in the order of their columns.
  [[nodiscard]] const std::vector<Field>& fields() const noexcept { return by_column_; }
  /// The field's place among the columns; there for a field that is read.
  [[nodiscard]] std::optional<std::size_t> column(Field field) const { return column_of_[slot(field)]; }
  /// Whether what the round and the participation let in follows from municipality and week together.
  [[nodiscard]] bool admits_by_place() const noexcept { return admission_.by_place(); }
  /// Whether a profile says more of the field than its column.
  [[nodiscard]] bool has_words(Field field) const {
    const FieldRule* const rule = rule_of_[slot(field)];
    return rule != nullptr &&
           (!rule->words.empty() || rule->otherwise || rule->reject_otherwise || !rule->format.empty());
  }
  /// Whether a profile gives the field a date format.
  [[nodiscard]] bool has_format(Field field) const {
    return rule_of_[slot(field)] != nullptr && !rule_of_[slot(field)]->format.empty();
  }

  [[nodiscard]] const Draft& draft() const noexcept { return draft_; }
  /// The field's text, trimmed and decoded; nullopt when it is not read.
  [[nodiscard]] std::optional<std::string_view> text(Field field) const {
    return column_of_[slot(field)] ? std::optional{texts_[slot(field)]} : std::nullopt;
  }
  /// The texts of all fields that are read, by slot(Field).
  [[nodiscard]] std::array<std::optional<std::string_view>, kFieldCount> texts() const {
    std::array<std::optional<std::string_view>, kFieldCount> out;
    for (const Field field : by_column_) out[slot(field)] = texts_[slot(field)];
    return out;
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
  [[nodiscard]] std::optional<bool> read_mapped(Field field, std::string_view text, Draft& draft) const;

  std::size_t width_;
  Admission admission_;
  std::array<std::optional<std::size_t>, kFieldCount> column_of_;
  std::array<const FieldRule*, kFieldCount> rule_of_{};
  std::vector<Field> by_column_;
  std::vector<std::size_t> unread_;
  Field week_field_ = Field::date;
  Draft fixed_;  ///< a profile's values
  Draft draft_;
  std::array<std::string_view, kFieldCount> texts_;
  std::array<std::string, kFieldCount> decoded_;
  std::array<std::unique_ptr<Memory>, kFieldCount> memory_;
};

}  // namespace komhen::detail
