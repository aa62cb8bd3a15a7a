#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arrow_column.hpp"
#include "code_steps.hpp"
#include "dense_tally.hpp"
#include "komhen/registration/field.hpp"
#include "learnt_codes.hpp"
#include "learnt_texts.hpp"
#include "row_reader.hpp"

namespace komhen::detail {

/// One column of a stream that is read: what each of its rows says, batch by batch. A dictionary's value is
/// worked out when a row of the batch first points at it.
class StreamColumn {
 public:
  /// What a row of the column says, before it is read as a value.
  struct Said {
    enum class Form : std::uint8_t { text, number, day };
    Form form = Form::text;
    bool utf8 = true;
    bool ascii = true;
    bool personal = false;
    std::string_view text;  ///< trimmed; empty for null, decimal for a number, ISO for a day in range
    std::int64_t number = 0;
    std::optional<std::chrono::sys_days> day;
    std::array<char, 24> written{};  ///< the text of a number or a day

    // Of a dictionary's value:
    std::int64_t place = -1;
    bool valid = false;
    Draft draft;
  };

  /// @param where  what errors call it: `the column 'count' of 'arrow stream'`.
  /// @throws Error (format) for a type that is not taken for the field.
  StreamColumn(Field field, const ArrowSchema& schema, const RowReader& rows, std::string where);

  StreamColumn(const StreamColumn&) = delete;  // the values point at the type
  StreamColumn& operator=(const StreamColumn&) = delete;

  /// Takes the column's part of a batch, which must live until the next. @throws Error (format).
  void begin(const ArrowArray& array, std::int64_t first, std::int64_t rows);

  /// Makes ready to look at some rows of the batch. @throws Error (format).
  void prepare(std::int64_t first, std::int64_t rows) const {
    if (!index_) values_.check_texts(first, rows);
  }
  /// Looks at a row of the batch that has been prepared. @throws Error (format).
  const Said& look(std::int64_t row, const RowReader& rows);
  /// Looks at a row that is null whatever the column says.
  const Said& look_at_null();

  /// Reads what was looked at into the draft of the row; false when it is no value of the field.
  bool read(RowReader& rows) const;

  // For rows that are counted in haste: what a value was seen to stand for in a row that was accepted.

  /// The bits of a cell's key that the row's value stands for; kUnlearnt where look() must be asked.
  [[nodiscard]] std::uint64_t bits_of(std::int64_t row) const;
  /// The same for rows from `first` on, each into its key.
  void add_bits(std::int64_t first, std::span<std::uint64_t> keys) const;
  [[nodiscard]] bool has_dictionary() const noexcept { return index_.has_value(); }

  // The same for a column of whole numbers or days, or of a dictionary, whose rows are numbers to look up.

  /// Whether this batch's column is one, and has no nulls.
  [[nodiscard]] bool is_coded() const noexcept;
  /// What has been learnt of such numbers, in this batch where they point into its dictionary.
  [[nodiscard]] LearntColumn learnt_codes() const;
  /// That of a row, of such a column.
  [[nodiscard]] std::optional<std::uint32_t> code_of(std::int64_t row) const;
  /// Gives those of some rows to steps of them.
  void lead(const CodeSteps& steps, std::int64_t first, std::size_t rows, std::uint32_t* places) const;

  /// Learns what the row's value stands for; look() has been asked of it in this batch.
  void learn(std::int64_t row, std::uint64_t bits);
  /// The whole number that the row says, of few digits, or what a text of it was learnt to stand for; 0 where
  /// look() must be asked.
  [[nodiscard]] std::int64_t few_of(std::int64_t row) const;

 private:
  void check_type(const RowReader& rows) const;
  /// The numbers of the rows, where there are any.
  [[nodiscard]] const ArrowValues& numbers() const noexcept { return index_ ? indices_ : values_; }
  /// Whether the column says nothing on any row.
  [[nodiscard]] bool is_nothing() const noexcept { return !index_ && type_.kind == ArrowType::Kind::null; }
  /// What the number of a row is looked up by; of rows that are not null.
  [[nodiscard]] std::int64_t looked_up_at(std::int64_t row) const noexcept {
    const bool is_day = !index_ && type_.is_day();
    return looked_up_by(is_day ? values_.raw(row) : numbers().number(row).value);
  }
  /// What a number of a row is looked up by: itself, or the day or hour that it lies in.
  [[nodiscard]] std::int64_t looked_up_by(std::int64_t number) const noexcept {
    if (per_code_ == 1) [[likely]]
      return number;
    return number / per_code_ - (number % per_code_ < 0 ? 1 : 0);
  }
  [[nodiscard]] std::optional<std::uint32_t> code_for(std::int64_t looked_up_by) const noexcept;
  /// All texts of the batch's dictionary as one; empty where they are many, or are no texts.
  [[nodiscard]] std::string dictionary_texts() const;
  void say(Said& said, std::int64_t place) const;
  [[nodiscard]] bool evaluate(const Said& said, const RowReader& rows, Draft& draft) const;
  /// A text with what ends it here.
  struct Ended;

  Field field_;
  std::string where_;
  ArrowType type_;
  std::optional<ArrowType> index_;  ///< of a dictionary; type_ is that of its values then
  std::int64_t per_code_ = 1;       ///< of days and moments: those that are surely of the same day
  ArrowValues values_;
  ArrowValues indices_;
  std::vector<Said> known_;  ///< values of the dictionary, each in its place modulo the size
  Said plain_;
  const Said* now_ = nullptr;

  std::uint64_t bits_of_null_ = kUnlearnt;
  LearntTexts texts_;                  ///< of a column of texts
  LearntCodes codes_;                  ///< of one of numbers or days
  std::vector<std::uint64_t> places_;  ///< of the batch's dictionary
  std::string dictionary_;             ///< its texts
};

}  // namespace komhen::detail
