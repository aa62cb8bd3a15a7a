#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "encoding_judge.hpp"
#include "komhen/registration/csv.hpp"
#include "row_lane.hpp"
#include "session.hpp"
#include "thread_pool.hpp"

namespace komhen::detail {

/// Counts one file by several threads, where it can be cut: in stretches of whole lines without a quote and
/// without a lone CR, each of which is a row or blank however the next is read. The calling thread reads the
/// file, counts as the others do, and takes what they have found in the file's order; so rejects, lines and
/// callbacks are those of one thread. What cannot be cut so is given back to the reader of records.
class ParallelRows {
 public:
  /// What is borrowed must outlive it.
  ParallelRows(RecordReader& records, const std::vector<std::string>& header, const RowLane& trained,
               Session& session, EncodingJudge& judge, std::size_t threads);

  /// Counts from where the reader stands as far as it can; the reader then stands behind that.
  void run();

 private:
  /// A row that is left out, with its texts where they are shown.
  struct Rejected {
    Verdict verdict;
    std::int64_t line;  ///< in the chunk, from 0
    bool readable;
    std::array<std::optional<std::string>, kFieldCount> texts;
  };
  /// A row that needs a wider key: counted when no other thread counts.
  struct Wide {
    Draft draft;
    std::string source;
    std::string unit;
  };
  /// Whole lines of the file, and what was found in them.
  struct Chunk {
    ReadBuffer bytes;
    std::int64_t base = 0;  ///< where it begins in the file
    std::size_t work = 0;
    std::int64_t lines = 0;
    RowLane::Tally tally;
    EncodingJudge judge{std::nullopt};
    std::array<std::int64_t, kReasonCount> rejected{};  ///< where none is shown
    std::vector<Rejected> shown;
    std::vector<Wide> wide;
    std::exception_ptr error;
  };
  /// What a thread has of its own.
  struct Hand {
    RowReader rows;
    RowLane lane;
    Record record;
    std::exception_ptr error;  ///< from bringing what it has counted to the cube
  };

  [[nodiscard]] std::int64_t position() const noexcept;
  [[nodiscard]] std::unique_ptr<Chunk> next_chunk();
  void give(std::unique_ptr<Chunk> chunk);
  void count(Chunk& chunk, Hand& hand) const;
  void count_line(Chunk& chunk, Hand& hand, std::string_view line, std::string_view line_end) const;
  void take(std::unique_ptr<Chunk> chunk);
  void flush();

  RecordReader& records_;
  Session& session_;
  EncodingJudge& judge_;
  char separator_;
  bool shows_;
  CubeCells::Shared shared_;
  std::vector<std::unique_ptr<Hand>> hands_;  ///< by thread
  std::deque<std::unique_ptr<Chunk>> flying_;
  std::vector<std::unique_ptr<Chunk>> spare_;
  ReadBuffer left_;  ///< read, and not yet part of a chunk
  std::int64_t left_base_ = 0;
  std::int64_t resume_ = 0;    ///< no sooner than here is it worth another run
  std::int64_t patience_ = 1;  ///< pieces to leave to the reader when the next cannot be cut
  std::vector<Wide> wide_;
  bool given_up_ = false;
  ThreadPool pool_;  ///< last: its threads end before what they use
};

}  // namespace komhen::detail
