#include "komhen/tally/count.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "count_input.hpp"
#include "count_ways.hpp"
#include "encoding_judge.hpp"
#include "fast_rows.hpp"
#include "judge_record.hpp"
#include "komhen/registration/personal_data.hpp"
#include "parallel_rows.hpp"
#include "posix_file.hpp"
#include "row_reader.hpp"
#include "session.hpp"

namespace komhen {
namespace {

using detail::quoted;
using detail::Session;

constexpr std::size_t kMostThreads = 64;
/// Threads where the caller leaves their number to us: a count is seldom all that a process has to do.
constexpr std::size_t kUnasked = 4;

/// What a file is that begins with a mark of no text file, and what to do with it; empty for any other.
std::string_view other_kind(std::string_view first) {
  using namespace std::string_view_literals;
  constexpr std::pair<std::string_view, std::string_view> kMarks[] = {
      {"PK\x03\x04"sv, R"(a workbook or a zip file; save the sheet as "CSV UTF-8" and count that)"sv},
      {"\xD0\xCF\x11\xE0"sv, R"(an old Office file; save the sheet as "CSV UTF-8" and count that)"sv},
      {"\x1F\x8B"sv, "packed with gzip; unpack it and count it again"sv},
      {"PAR1"sv, "Parquet; from Python, komhen.count(pyarrow.dataset.dataset(...)) counts it"sv},
      {"\x89KOMHEN"sv, "a saved cube, and not registrations; measure and compare read it"sv},
  };
  for (const auto& [mark, kind] : kMarks)
    if (first.starts_with(mark)) return kind;
  return {};
}

/// The header of a file, trimmed and decoded, and the reader of its rows.
struct Header {
  std::vector<std::string> columns;
  detail::RowReader rows;
};

Header read_header(Session& session, RecordReader& records, Record& record, detail::EncodingJudge& judge) {
  const std::string name = quoted(session.name());
  if (!records.next(record))
    throw Error(ErrorKind::format, "the file " + name + " is empty; it must begin with a header row");
  if (const std::string_view kind = other_kind(record.bytes); !kind.empty())
    throw Error(ErrorKind::format, "the file " + name + " is " + std::string{kind});
  if (record.broken)
    throw Error(ErrorKind::format, "the header of " + name + " is broken: a quote in it does not close");
  if (!detail::is_ascii(record.bytes) && !judge.admits(record.bytes, false))
    throw Error(ErrorKind::format,
                "the header of " + name + " is not " + std::string{token(*judge.settled())} +
                    "; name the encoding with --encoding utf-8 or --encoding windows-1252");
  std::vector<std::string> header;
  for (const std::string_view field : record.fields) {
    std::string decoded;
    if (judge.settled() == Encoding::windows1252)
      detail::append_windows1252(decoded, field);
    else
      decoded = field;
    header.emplace_back(detail::trimmed(decoded));
  }
  detail::RowReader rows{header, session.options().profile, session.admission(), session.name()};
  session.note_header(header, rows);
  return {std::move(header), std::move(rows)};
}

/// Settles the file's separator, and its encoding as far as it can be without its bytes.
detail::EncodingJudge settled(Session& session, RecordReader& records) {
  const CountOptions& options = session.options();
  if (records.had_utf16_mark())
    throw Error(ErrorKind::format, "the file " + quoted(session.name()) +
                                       " is UTF-16; save it as \"CSV UTF-8\" and count it again");
  std::optional<Encoding> encoding = options.encoding;
  if (!encoding && options.profile != nullptr) encoding = options.profile->encoding;
  if (records.had_utf8_mark()) encoding = Encoding::utf8;
  const bool has_delimiter = options.profile != nullptr && options.profile->delimiter;
  records.settle_separator(has_delimiter ? *options.profile->delimiter : '\0');
  return detail::EncodingJudge{encoding};
}

/// Reads no more than the header of a file: what cannot be read is found before the first row of any file is,
/// and the columns of the reject file are known.
void look_at(Session& session, const ByteSource& source, const std::string& name) {
  session.begin(name);
  RecordReader records{source};
  detail::EncodingJudge judge = settled(session, records);
  Record record;
  static_cast<void>(read_header(session, records, record, judge));
}

/// Counts one file. Where its bytes may be read by others than `source`, `front` is what that reads from;
/// else nullptr, and the calling thread counts alone.
void count_file(Session& session, const ByteSource& source, detail::FrontReader* front,
                const std::string& name) {
  session.begin(name);
  RecordReader records{source};
  detail::EncodingJudge judge = settled(session, records);
  Record record;
  auto [header, rows] = read_header(session, records, record, judge);
  session.begin_rows();
  detail::FastRows fast{records, rows, session};
  const std::size_t threads =
      session.options().threads != 0 ? session.options().threads : std::min(detail::processors(), kUnasked);
  // Where there are several threads, theirs are the tables: this one counts few rows.
  if (threads == 1 && front != nullptr && front->bytes().size() >= detail::count_ways().large)
    fast.expect_many();
  std::optional<detail::ParallelRows> parallel;
  for (;;) {
    if (front != nullptr && threads > 1 && fast.position() >= detail::count_ways().parallel_from &&
        fast.lane().is_trained()) {
      if (!parallel)
        parallel.emplace(records, *front, header, fast.lane(), session, judge,
                         std::min(threads, kMostThreads));
      parallel->run();
    }
    fast.read();
    if (!records.next(record)) break;
    const detail::Judged judged = detail::judge_record(record, rows, judge);
    if (!judged.readable)
      session.take_unreadable(judged.verdict.reason, record.line);
    else if (session.take(judged.verdict, record.line, rows))
      fast.learn(record, rows, judge.settled().value_or(Encoding::utf8));
  }
  judge.note_fitting(fast.finish());
  if (judge.mostly_contradicted())
    throw Error(ErrorKind::format,
                "most rows of " + quoted(name) + " that hold letters beyond ASCII are not " +
                    std::string{token(*judge.settled())} +
                    "; name the encoding with --encoding utf-8 or --encoding windows-1252");
  session.note_encoding(judge.settled() ? token(*judge.settled()) : "ascii");
}

/// Counts one input, where `done` bytes of `total` have been read before it; returns how many it had.
std::int64_t count_one(Session& session, const detail::InputBytes& bytes, const std::string& name,
                       std::int64_t done, std::int64_t total) {
  const auto& progress = session.options().progress;
  detail::FrontReader front{bytes, [&](std::int64_t passed) {
                              if (progress && !progress(done + passed, total))
                                throw Error(ErrorKind::cancelled, "the count was stopped");
                            }};
  count_file(
      session, [&](char* into, std::size_t room) { return front.read(into, room); }, &front, name);
  return front.furthest();
}

}  // namespace

Counted count_files(std::span<const std::string> paths, const CountOptions& options) {
  if (paths.empty()) throw Error(ErrorKind::argument, "there is no file to count");
  std::int64_t total = 0;
  std::set<detail::FileId> once;
  std::vector<std::string> notes;
  for (const std::string& path : paths) {
    const detail::InputFile file{path};
    total += file.size();
    if (!once.insert(file.id()).second)
      notes.push_back("the file " + quoted(path) + " is named twice; rows without an event_id count twice");
    if (detail::is_same_file(path, options.rejects))
      throw Error(ErrorKind::argument, "the reject file " + quoted(options.rejects) + " is also read");
  }
  Session session{options};
  for (const std::string& path : paths) {
    const detail::InputFile file{path};
    detail::FrontReader front{file, [](std::int64_t) {}};
    look_at(
        session, [&](char* into, std::size_t room) { return front.read(into, room); }, path);
  }
  std::int64_t done = 0;
  for (const std::string& path : paths) {
    const detail::InputFile file{path};
    done += count_one(session, file, path, done, total);
  }
  Counted counted = session.finish();
  counted.outcome.notes = std::move(notes);
  return counted;
}

Counted count_bytes(const ByteSource& source, const std::string& name, const CountOptions& options) {
  if (!source) throw Error(ErrorKind::argument, "there is no source of bytes to count");
  Session session{options};
  count_file(session, source, nullptr, name);
  return session.finish();
}

Counted count_text(std::string_view bytes, const std::string& name, const CountOptions& options) {
  return detail::count_input(detail::TextBytes{bytes}, name, options);
}

Counted detail::count_input(const InputBytes& bytes, const std::string& name, const CountOptions& options) {
  Session session{options};
  static_cast<void>(count_one(session, bytes, name, 0, bytes.size()));
  return session.finish();
}

}  // namespace komhen
