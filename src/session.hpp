#pragma once

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "komhen/registration/events.hpp"
#include "komhen/registration/validate.hpp"
#include "komhen/tally/count.hpp"
#include "reject_file.hpp"
#include "row_reader.hpp"

namespace komhen::detail {

/// One call of counting: its cube, its events and its outcome, over everything it reads, whatever form that
/// comes in.
class Session {
 public:
  /// The options must outlive it. @throws Error (file) when there can be no reject file.
  explicit Session(const CountOptions& options);

  [[nodiscard]] const CountOptions& options() const noexcept { return options_; }
  [[nodiscard]] const Admission& admission() const noexcept { return admission_; }

  /// Begins a file or stream. `name` is what errors and rejects call it.
  void begin(const std::string& name) { name_ = name; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// Tells which of the columns are read, and which are not; a name that is not is told once.
  void note_header(const std::vector<std::string>& header, const RowReader& rows);

  /// Settles the columns of the reject file: those of the headers that have been noted.
  void begin_rows();

  /// Counts a row that has been read: into the cube when its verdict is accepted and its event is new, else
  /// among the rejected. Tells whether it counts.
  bool take(Verdict verdict, std::int64_t line, const RowReader& rows);

  /// The cube, and how many accepted rows with how many contacts have been added to it from outside.
  [[nodiscard]] Cube& cube() noexcept { return counted_.cube; }
  void note_added(std::int64_t rows, std::int64_t contacts) noexcept {
    counted_.outcome.rows_read += rows;
    counted_.outcome.rows_accepted += rows;
    counted_.outcome.contacts += contacts;
  }

  /// Whether anyone is told of the rows that are left out.
  [[nodiscard]] bool shows_rejects() const noexcept { return rejects_ != nullptr || options_.on_reject; }
  /// The texts of the fields that were read, by slot(Field).
  using Texts = std::array<std::optional<std::string_view>, kFieldCount>;
  /// Counts rows that were left out and are not shown.
  void note_rejected(Reason reason, std::int64_t rows) noexcept {
    counted_.outcome.rows_read += rows;
    counted_.outcome.rejected[static_cast<std::size_t>(reason)] += rows;
  }
  /// Counts a row that is left out, and shows it; nullptr for one that has no texts.
  void reject(const Verdict& verdict, std::int64_t line, const Texts* shown);

  /// Counts a row that has no texts to show.
  void take_unreadable(Reason reason, std::int64_t line);

  /// Ends a file or stream with the encoding it turned out to have: `utf-8`, `windows-1252` or `ascii`.
  void note_encoding(std::string_view encoding);

  /// The result; the reject file is kept.
  [[nodiscard]] Counted finish();

 private:
  const CountOptions& options_;
  Admission admission_;
  std::string name_;
  bool first_ = true;
  Counted counted_;
  std::set<std::string> unread_seen_;
  FieldSet read_;  ///< by any of the files
  EventMemory events_;
  std::unique_ptr<RejectFile> rejects_;
};

}  // namespace komhen::detail
