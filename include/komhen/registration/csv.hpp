#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace komhen {

/// The longest record, in bytes without its line end.
inline constexpr std::size_t kMaxRecord = std::size_t{1} << 20U;

/// Gives up to `room` further bytes of a file, 0 at its end.
using ByteSource = std::function<std::size_t(char* into, std::size_t room)>;

/// One record of a CSV file. What it borrows lives until the next call of the reader.
struct Record {
  std::int64_t line = 0;   ///< where it begins, from 1, as lines stand in the file
  bool broken = false;     ///< text behind a closing quote, never closed, or over kMaxRecord
  bool complete = true;    ///< false for a record that is too long or never closed: nothing of it is known
  std::string_view bytes;  ///< the record as it stands, without its line end
  std::vector<std::string_view> fields;  ///< unquoted, not trimmed, not decoded; empty when broken
};

/// Cuts a file into records as docs/exchange-file.md says, in constant memory (a few times the longest
/// record's fields, never more than about 100 MiB) and linear time, whatever the bytes are. It knows nothing
/// of registrations, so that another reader can stand in its place.
class RecordReader {
 public:
  explicit RecordReader(ByteSource source);

  /// Settles the separator from the first record: `wanted` if it is not 0, a line `sep=;`, or the one of `;`,
  /// `,` and tab that stands there most often outside quotes. A byte order mark is passed over.
  void settle_separator(char wanted);

  /// The next record that is not blank; false at the end.
  bool next(Record& record);

  [[nodiscard]] bool had_utf8_mark() const noexcept { return utf8_mark_; }
  [[nodiscard]] bool had_utf16_mark() const noexcept { return utf16_mark_; }

 private:
  enum class State : std::uint8_t { field_start, plain, quoted, quote_in_quoted, broken };
  enum class Ending : std::uint8_t { whole, broken, open, too_long };
  struct Extent {
    Ending ending;
    std::size_t end;    ///< behind the last byte of the record
    std::size_t after;  ///< where the next record begins
  };
  struct FieldPlace {
    std::size_t begin;
    std::size_t end;
    bool quoted;
    bool escaped;
  };

  bool refill();
  [[nodiscard]] bool has(std::size_t at) { return at < buffer_.size() || refill_to(at); }
  bool refill_to(std::size_t at);
  std::size_t behind_line_end(std::size_t at);
  Extent scan(std::size_t begin, bool may_jump);
  std::size_t behind_first_line(std::size_t begin);
  void drop_passed();
  bool is_separator(char c) const noexcept { return c == separator_ || (separator_ == 0 && is_common(c)); }
  static bool is_common(char c) noexcept { return c == ';' || c == ',' || c == '\t'; }
  bool is_blank(std::size_t begin, std::size_t end) const noexcept;
  std::int64_t line_ends_in(std::size_t begin, std::size_t end) const noexcept;
  void hand_out(Record& record, std::size_t begin, const Extent& extent);

  ByteSource source_;
  std::string buffer_;
  std::size_t position_ = 0;  ///< in buffer_: where the next record begins
  std::int64_t base_ = 0;     ///< bytes of the file before buffer_
  std::int64_t line_ = 1;     ///< of position_
  bool at_end_ = false;       ///< the source has no more
  bool utf8_mark_ = false;
  bool utf16_mark_ = false;
  char separator_ = 0;
  std::vector<FieldPlace> places_;
  std::string unescaped_;
  // A record that is inside quotes at a line start in [known_from_, known_to_) of the file is in known_state_
  // at known_to_: learnt from a record that was too long or never closed, so that a file of many of them is
  // read in linear time.
  std::int64_t known_from_ = 0;
  std::int64_t known_to_ = 0;
  State known_state_ = State::quoted;
};

}  // namespace komhen
