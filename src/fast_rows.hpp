#pragma once

#include "count_ways.hpp"
#include "komhen/registration/csv.hpp"
#include "row_lane.hpp"
#include "session.hpp"

namespace komhen::detail {

/// Goes before the reader of records and counts the rows that a RowLane knows; every other record is the
/// reader's, as if this were not there.
class FastRows {
 public:
  FastRows(RecordReader& records, const RowReader& rows, Session& session)
      : records_{records}, session_{session}, lane_{rows, records.separator_, CubeCells{session.cube()}} {}

  /// The file is a large one.
  void expect_many() noexcept { lane_.expect_many(); }

  /// Counts what it can of what has been read of the file.
  void read() {
    if (!count_ways().lane) return;
    const std::int64_t before = lane_.rows();
    const ReadBuffer& buffer = records_.buffer_;
    records_.position_ = lane_.read({buffer.data(), buffer.size(), records_.base_}, records_.position_);
    records_.line_ += lane_.rows() - before;
  }

  /// Learns from the record that the reader has just given, which has been accepted.
  void learn(const Record& record, const RowReader& rows, Encoding encoding) {
    const ReadBuffer& buffer = records_.buffer_;
    const auto end = static_cast<std::size_t>(record.bytes.data() + record.bytes.size() - buffer.data());
    const std::string_view line_end = buffer.view(end, records_.position_);
    if (!line_end.ends_with('\n')) return;  // the last line, or one that ends in CR
    if (const auto key = lane_.key_of(rows.draft().done()))
      lane_.learn(record.bytes, record.fields, line_end, rows.draft(), *key,
                  encoding == Encoding::windows1252);
  }

  /// Bytes of the file before where the reader stands.
  [[nodiscard]] std::size_t position() const noexcept {
    return static_cast<std::size_t>(records_.base_) + records_.position_;
  }
  [[nodiscard]] const RowLane& lane() const noexcept { return lane_; }

  /// Adds what is left to the session; tells how many of the rows held a byte above 127.
  [[nodiscard]] std::int64_t finish() {
    lane_.flush();
    const RowLane::Tally tally = lane_.take_tally();
    session_.note_added(tally.rows, tally.contacts);
    return tally.beyond_ascii;
  }

 private:
  RecordReader& records_;
  Session& session_;
  RowLane lane_;
};

static_assert(ReadBuffer::kSlack >= RowLane::kSlack);

}  // namespace komhen::detail
