#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "hasty_cells.hpp"
#include "row_reader.hpp"
#include "row_steps.hpp"
#include "seen_places.hpp"

namespace komhen::detail {

/// Counts rows whose every field stands, byte for byte and with what ends it, where a row that RowReader
/// accepted had it before. Whatever follows from the field alone has been worked out then: its value, that it
/// is no CPR number, its encoding, that no quote in it is open. So a row of such fields is accepted, and is
/// what RecordReader would cut there and RowReader would read; and whatever is not known to be so is left to
/// them.
class RowLane {
 public:
  /// The reader of the rows must have read nothing yet.
  RowLane(const RowReader& rows, char separator, CubeCells cells);

  /// Another lane for the same file that knows what `trained` knows, and counts into its own cells.
  RowLane(const RowLane& trained, CubeCells cells);

  /// Whether it can count rows of this file at all, and has learnt from one.
  [[nodiscard]] bool is_trained() const noexcept { return steps_.usable() && trained_; }
  /// The file is a large one.
  void expect_many() noexcept { cells_.expect_many(); }
  /// Adds what has been counted and is not yet in the cube. @throws Error (overflow).
  void flush() { cells_.flush(); }

  /// The key of an accepted row; nullopt when it needs a wide one.
  [[nodiscard]] std::optional<std::uint64_t> key_of(const Registration& registration) {
    return cells_.cells().narrow_key_of(registration);
  }
  /// Counts a row that has been read by other means.
  void count(std::uint64_t key, std::int64_t contacts) {
    ++tally_.rows;
    tally_.contacts += contacts;
    cells_.push(key, contacts);
  }

  /// Learns from a record that has been accepted: of `bytes` without quotes that hold line ends.
  /// @param line_end  what ended the record, `\n` or `\r\n`, directly behind its bytes
  void learn(std::string_view bytes, const std::vector<std::string_view>& fields, std::string_view line_end,
             const Draft& draft, std::uint64_t key, bool windows1252);

  /// Bytes of a file, with kSlack bytes that may be read behind them.
  struct Stretch {
    const char* bytes;
    std::size_t size;
    std::int64_t base;  ///< where they begin in the file
  };
  static constexpr std::size_t kSlack = 192;

  /// Counts from `at`, where a record begins, as far as it knows the rows; returns where it stopped, at the
  /// beginning of a record.
  std::size_t read(const Stretch& stretch, std::size_t at);

  /// Forgets where the ends of fields lie: the next stretch is of other bytes.
  void forget_block() noexcept { block_end_ = block_begin_; }

  /// What has been counted since the last call; some of it may still be on its way into the cube.
  struct Tally {
    std::int64_t rows = 0;
    std::int64_t contacts = 0;
    std::int64_t beyond_ascii = 0;  ///< rows that hold a byte above 127
  };
  [[nodiscard]] Tally take_tally() noexcept { return std::exchange(tally_, {}); }
  /// Rows since the last take_tally().
  [[nodiscard]] std::int64_t rows() const noexcept { return tally_.rows; }

 private:
  static constexpr std::size_t kBlock = std::size_t{8} << 10U;

  void scan(const Stretch& stretch, std::size_t at);
  template <bool kPlaces, bool kCounts>
  bool read_rows(const char* block);

  char separator_;
  HastyCells cells_;
  bool trained_ = false;
  bool windows1252_ = false;  ///< the file's encoding; then a row beyond ASCII must not be UTF-8
  RowSteps steps_;
  std::uint64_t fixed_key_ = 0;  ///< of what no column says
  std::int64_t fixed_count_ = 1;
  SeenPlaces places_;
  Tally tally_;

  // The ends of fields in a block of the file.
  std::vector<std::uint32_t> ends_;
  std::size_t end_count_ = 0;
  std::size_t next_ = 0;         ///< the first end that has not been passed
  std::uint32_t row_begin_ = 0;  ///< in the block
  std::int64_t block_begin_ = 0;
  std::int64_t block_end_ = 0;
};

}  // namespace komhen::detail
