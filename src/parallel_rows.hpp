#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "encoding_judge.hpp"
#include "input_bytes.hpp"
#include "komhen/registration/csv.hpp"
#include "row_lane.hpp"
#include "session.hpp"
#include "stretch_lines.hpp"
#include "thread_pool.hpp"

namespace komhen::detail {

/// Counts one file by several threads, where it can be cut: in stretches of whole lines without a quote and
/// without a lone CR, each of which is a row or blank however the next is read. Every thread reads a stretch,
/// and counts it once those before it are known to be such; the calling thread does as the others do, and
/// takes what they have found in the file's order, so that rejects, lines and callbacks are those of one
/// thread. What cannot be cut is left to the reader of records.
class ParallelRows {
 public:
  /// What is borrowed must outlive it.
  ParallelRows(RecordReader& records, FrontReader& front, const std::vector<std::string>& header,
               const RowLane& trained, Session& session, EncodingJudge& judge, std::size_t threads);
  ~ParallelRows();
  ParallelRows(const ParallelRows&) = delete;
  ParallelRows& operator=(const ParallelRows&) = delete;

  /// Counts from where the reader stands as far as it can; the reader then stands behind that.
  void run();

 private:
  /// A row that is left out, with its texts where they are shown.
  struct Rejected {
    Verdict verdict;
    std::int64_t line;                                                           ///< in the chunk, from 0
    std::unique_ptr<std::array<std::optional<std::string>, kFieldCount>> texts;  ///< where it has some
  };
  /// A row that needs a wider key: counted when no other thread counts.
  struct Wide {
    Draft draft;
    std::string source;
    std::string unit;
  };
  /// The rows that begin in one stretch of the file, and what was found in them.
  struct Chunk {
    std::size_t number = 0;  ///< since run() began
    FileStretch stretch{};
    std::size_t work = 0;
    bool left = false;       ///< to the reader of records
    std::int64_t after = 0;  ///< where the next row begins, in the file
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
    ReadBuffer bytes;
    std::exception_ptr error;  ///< from bringing what it has counted to the cube
  };
  [[nodiscard]] std::int64_t position() const noexcept;
  [[nodiscard]] bool may_give() const noexcept;
  void give();
  void work_on(Chunk& chunk, std::size_t who);
  [[nodiscard]] bool can_be_cut(const StretchLines& lines, const ReadBuffer& bytes) const;
  [[nodiscard]] bool take_turn(Chunk& chunk, const StretchLines& lines, bool fits);
  [[nodiscard]] bool is_stopped();
  void count(Chunk& chunk, Hand& hand, const StretchLines& lines) const;
  void count_line(Chunk& chunk, Hand& hand, std::string_view line, std::string_view line_end) const;
  void take(std::unique_ptr<Chunk> chunk);
  void note_shown(std::size_t rows);
  [[nodiscard]] bool shows_enough();
  void flush();
  void give_back();

  RecordReader& records_;
  FrontReader& front_;
  Session& session_;
  EncodingJudge& judge_;
  char separator_;
  bool shows_;
  CubeCells::Shared shared_;
  std::vector<std::unique_ptr<Hand>> hands_;  ///< by thread
  std::deque<std::unique_ptr<Chunk>> flying_;
  std::vector<std::unique_ptr<Chunk>> spare_;
  std::size_t given_ = 0;      ///< chunks, since run() began
  std::int64_t from_ = 0;      ///< where the next chunk begins in the file
  std::int64_t taken_to_ = 0;  ///< where the first row begins that has not been taken
  bool stopped_ = false;       ///< by a chunk that has been taken
  std::int64_t resume_ = 0;    ///< no sooner than here is it worth another run
  std::int64_t patience_ = 1;  ///< pieces to leave to the reader when the next cannot be cut
  std::vector<Wide> wide_;
  bool given_up_ = false;

  // What the threads tell each other.
  std::mutex talk_;
  std::condition_variable told_;
  std::size_t turn_ = 0;       ///< the chunk that comes next: those before it have been cut
  std::int64_t whole_to_ = 0;  ///< where its first row begins
  bool no_turn_ = false;       ///< nobody's turn comes any more: that chunk cannot be cut
  std::size_t taken_ = 0;      ///< chunks
  std::size_t shown_ = 0;      ///< rows that wait to be taken with their texts
  bool ending_ = false;
  ThreadPool pool_;  ///< last: its threads end before what they use
};

}  // namespace komhen::detail
