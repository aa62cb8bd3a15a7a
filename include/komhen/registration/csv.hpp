#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
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

namespace detail {

class FastRows;
class ParallelRows;

/// Bytes that are read at the back and dropped at the front. kSlack bytes behind them may be read too, and
/// hold nothing: for those who look at many bytes at once.
class ReadBuffer {
 public:
  static constexpr std::size_t kSlack = 192;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const char* data() const noexcept { return bytes_.get(); }
  [[nodiscard]] char operator[](std::size_t at) const noexcept { return bytes_[at]; }
  [[nodiscard]] std::string_view view(std::size_t begin, std::size_t end) const noexcept {
    return {bytes_.get() + begin, end - begin};
  }
  /// Room for `more` bytes at the back; added() tells how many have come.
  [[nodiscard]] char* grow(std::size_t more) {
    if (size_ + more + kSlack > room_) {
      const std::size_t room = 2 * size_ + more + kSlack;
      std::unique_ptr<char[]> larger{new char[room]};  // not filled: it is about to be
      if (size_ != 0) std::memcpy(larger.get(), bytes_.get(), size_);
      bytes_ = std::move(larger);
      room_ = room;
    }
    return bytes_.get() + size_;
  }
  void added(std::size_t bytes) noexcept { size_ += bytes; }
  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(grow(bytes.size()), bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  void shorten(std::size_t size) noexcept { size_ = size; }
  void erase(std::size_t at, std::size_t count) noexcept {
    if (count == 0) return;
    std::memmove(bytes_.get() + at, bytes_.get() + at + count, size_ - at - count);
    size_ -= count;
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
};

}  // namespace detail

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
  friend class detail::FastRows;      // reads what is simple, from where next() would
  friend class detail::ParallelRows;  // takes what has been read, and gives back what is not simple

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
  std::size_t next_feed(std::size_t begin);
  std::optional<Extent> scan_line(std::size_t begin);
  Extent scan(std::size_t begin, bool may_jump);
  std::size_t behind_first_line(std::size_t begin);
  void drop_passed();
  bool is_separator(char c) const noexcept { return c == separator_ || (separator_ == 0 && is_common(c)); }
  static bool is_common(char c) noexcept { return c == ';' || c == ',' || c == '\t'; }
  bool is_blank(std::size_t begin, const Extent& extent) const noexcept;
  std::int64_t line_ends_in(std::size_t begin, std::size_t end) const noexcept;
  void hand_out(Record& record, std::size_t begin, const Extent& extent);

  ByteSource source_;
  detail::ReadBuffer buffer_;
  std::size_t position_ = 0;  ///< in buffer_: where the next record begins
  std::int64_t base_ = 0;     ///< bytes of the file before buffer_
  std::int64_t line_ = 1;     ///< of position_
  bool at_end_ = false;       ///< the source has no more
  bool utf8_mark_ = false;
  bool utf16_mark_ = false;
  char separator_ = 0;
  std::int64_t no_feed_from_ = 0;  ///< in the file: from here to there is no LF
  std::int64_t no_feed_to_ = 0;
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
