#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "komhen/registration/field.hpp"
#include "learnt_texts.hpp"
#include "row_reader.hpp"

namespace komhen::detail {

/// The steps by which a row of a file is read in haste: which of its columns are looked up together, and what
/// is known of what they hold.
class RowSteps {
 public:
  /// The reader of the rows must have read nothing yet.
  RowSteps(const RowReader& rows, char separator);
  RowSteps(const RowSteps& other);
  RowSteps& operator=(const RowSteps&) = delete;

  /// Whether rows of this file can be read in haste at all.
  [[nodiscard]] bool usable() const noexcept { return usable_; }
  void give_up() noexcept { usable_ = false; }
  [[nodiscard]] std::size_t width() const noexcept { return columns_.size(); }
  /// Whether one of the columns is of counts.
  [[nodiscard]] bool has_count() const noexcept { return has_count_; }

  // What a text's bytes are; those of a row are those of its texts.
  static constexpr std::uint8_t kBeyondAscii = 1;
  static constexpr std::uint8_t kNotUtf8 = 2;

  /// Learns the fields of an accepted row: as they stand in the file, with what ends them. Returns which bits
  /// of its key they say.
  std::uint64_t learn(std::span<const std::string_view> fields, std::uint64_t key);

  /// How a step is taken: by a text of at most so many bytes, as a count, or by read_other() alone.
  enum class Pace : std::uint8_t { text16, text24, text32, text48, count, patient };
  struct Step {
    LearntTexts::Table table;
    Pace pace;
    std::uint8_t columns;
  };
  /// The steps of a row, until the next learn(); read_other() may change them where they are.
  [[nodiscard]] const Step* first() const noexcept { return steps_.data(); }
  /// Those of a row with more bytes than LearntTexts::kHasty.
  [[nodiscard]] const Step* first_patient() const noexcept { return steps_.data() + runs_.size(); }

  /// What a step has read of a row.
  struct Read {
    bool known = false;
    std::uint64_t flags = 0;
    std::uint64_t bits = 0;
    std::int64_t count = 0;  ///< 0 where no column says
  };
  /// Reads what cannot be read in haste: a text behind another, a count of more digits, a column that nobody
  /// reads; what columns have not held together before, each for itself.
  /// @param ends    of the fields of this row, in `block`
  /// @param behind  where in `ends` the step has come to
  [[nodiscard]] Read read_other(const Step* step, const char* text, const char* block,
                                const std::uint32_t* ends, const std::uint32_t* behind);

 private:
  enum class Kind : std::uint8_t { texts, count, unread };
  struct Column {
    Kind kind = Kind::unread;
    std::vector<Field> fields;
    LearntTexts texts;
  };
  /// Neighbouring columns whose texts are so few that what they hold together is looked up as one text.
  struct Run {
    std::size_t first;
    std::size_t columns;
    LearntTexts texts;  ///< of more than one column; one has its own
  };
  static constexpr std::size_t kFewTogether = 256;

  void arrange();
  [[nodiscard]] std::vector<std::size_t> quickest() const;
  [[nodiscard]] Step step_of(const Run& run) const;
  [[nodiscard]] Read read_column(std::size_t at, const char* begin, const char* end) const;
  [[nodiscard]] bool read_count(const char* begin, const char* end, bool last, std::int64_t& count) const;
  [[nodiscard]] bool pass_unread(const char* begin, const char* end, bool last) const;

  char separator_;
  bool usable_;
  bool has_count_ = false;
  std::vector<Column> columns_;
  std::vector<Run> runs_;
  std::vector<Step> steps_;  ///< one a run, then one a column
};

}  // namespace komhen::detail
