#pragma once

#include "encoding_judge.hpp"
#include "komhen/registration/csv.hpp"
#include "row_reader.hpp"

namespace komhen::detail {

/// What became of a record: the reason that it has no text to show, or what reading it gave.
struct Judged {
  bool readable;
  Verdict verdict;
};

/// Reads a record of a file, or finds why it cannot be read. The reader then holds its draft and texts.
[[nodiscard]] inline Judged judge_record(const Record& record, RowReader& rows, EncodingJudge& judge) {
  const bool ascii = is_ascii(record.bytes);
  const bool malformed = record.broken || record.fields.size() != rows.width();
  const bool admitted = ascii || !record.complete || judge.admits(record.bytes, !malformed);
  if (malformed) return {false, {Reason::malformed, std::nullopt}};
  if (!admitted) return {false, {Reason::bad_encoding, std::nullopt}};
  return {true, rows.read(record.fields, judge.settled().value_or(Encoding::utf8), ascii)};
}

}  // namespace komhen::detail
