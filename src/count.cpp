#include "komhen/tally/count.hpp"

#include <set>
#include <utility>

#include "komhen/registration/personal_data.hpp"
#include "posix_file.hpp"
#include "row_reader.hpp"
#include "session.hpp"

namespace komhen {
namespace {

using detail::quoted;
using detail::Session;

/// What a file is that begins with a mark of no text file, and what to do with it; empty for any other.
std::string_view other_kind(std::string_view first) {
  using namespace std::string_view_literals;
  constexpr std::pair<std::string_view, std::string_view> kMarks[] = {
      {"PK\x03\x04"sv, R"(a workbook or a zip file; save the sheet as "CSV UTF-8" and count that)"sv},
      {"\xD0\xCF\x11\xE0"sv, R"(an old Office file; save the sheet as "CSV UTF-8" and count that)"sv},
      {"\x1F\x8B"sv, "packed with gzip; unpack it and count it again"sv},
      {"\x89KOMHEN"sv, "a saved cube, and not registrations; measure and compare read it"sv},
  };
  for (const auto& [mark, kind] : kMarks)
    if (first.starts_with(mark)) return kind;
  return {};
}

/// What is known of one file's encoding, and how well its rows agree with it.
class EncodingJudge {
 public:
  explicit EncodingJudge(std::optional<Encoding> settled) : settled_{settled} {}

  /// Whether the record may be read; settles the encoding if nothing has. `counted` is false for records
  /// whose rejection has another reason.
  bool admits(std::string_view record, bool counted) {
    const bool utf8 = detail::is_utf8(record);
    if (!settled_) settled_ = utf8 ? Encoding::utf8 : Encoding::windows1252;
    const bool fits = *settled_ == Encoding::utf8 ? utf8 : !utf8 && detail::is_windows1252(record);
    if (counted) {
      ++beyond_ascii_;
      if (!fits) ++contradicting_;
    }
    return fits;
  }

  [[nodiscard]] std::optional<Encoding> settled() const noexcept { return settled_; }
  [[nodiscard]] bool mostly_contradicted() const noexcept { return contradicting_ * 2 > beyond_ascii_; }

 private:
  std::optional<Encoding> settled_;
  std::int64_t beyond_ascii_ = 0;
  std::int64_t contradicting_ = 0;
};

/// The header of a file, trimmed and decoded, and the reader of its rows.
detail::RowReader read_header(Session& session, RecordReader& records, Record& record, EncodingJudge& judge) {
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
  return rows;
}

/// Settles the file's separator, and its encoding as far as it can be without its bytes.
EncodingJudge settled(Session& session, RecordReader& records) {
  const CountOptions& options = session.options();
  if (records.had_utf16_mark())
    throw Error(ErrorKind::format, "the file " + quoted(session.name()) +
                                       " is UTF-16; save it as \"CSV UTF-8\" and count it again");
  std::optional<Encoding> encoding = options.encoding;
  if (!encoding && options.profile != nullptr) encoding = options.profile->encoding;
  if (records.had_utf8_mark()) encoding = Encoding::utf8;
  const bool has_delimiter = options.profile != nullptr && options.profile->delimiter;
  records.settle_separator(has_delimiter ? *options.profile->delimiter : '\0');
  return EncodingJudge{encoding};
}

/// Reads no more than the header of a file: what cannot be read is found before the first row of any file is,
/// and the columns of the reject file are known.
void look_at(Session& session, const ByteSource& source, const std::string& name) {
  session.begin(name);
  RecordReader records{source};
  EncodingJudge judge = settled(session, records);
  Record record;
  static_cast<void>(read_header(session, records, record, judge));
}

void count_file(Session& session, const ByteSource& source, const std::string& name) {
  session.begin(name);
  RecordReader records{source};
  EncodingJudge judge = settled(session, records);
  Record record;
  detail::RowReader rows = read_header(session, records, record, judge);
  session.begin_rows();
  while (records.next(record)) {
    const bool ascii = detail::is_ascii(record.bytes);
    const bool malformed = record.broken || record.fields.size() != rows.width();
    const bool admitted = ascii || !record.complete || judge.admits(record.bytes, !malformed);
    if (malformed) {
      session.take_unreadable(Reason::malformed, record.line);
    } else if (!admitted) {
      session.take_unreadable(Reason::bad_encoding, record.line);
    } else {
      const detail::Verdict verdict =
          rows.read(record.fields, judge.settled().value_or(Encoding::utf8), ascii);
      session.take(verdict, record.line, rows);
    }
  }
  if (judge.mostly_contradicted())
    throw Error(ErrorKind::format,
                "most rows of " + quoted(name) + " that hold letters beyond ASCII are not " +
                    std::string{token(*judge.settled())} +
                    "; name the encoding with --encoding utf-8 or --encoding windows-1252");
  session.note_encoding(judge.settled() ? token(*judge.settled()) : "ascii");
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
    detail::InputFile file{path};
    look_at(
        session, [&](char* into, std::size_t room) { return file.read(into, room); }, path);
  }
  std::int64_t done = 0;
  for (const std::string& path : paths) {
    detail::InputFile file{path};
    count_file(
        session,
        [&](char* into, std::size_t room) {
          const std::size_t got = file.read(into, room);
          done += static_cast<std::int64_t>(got);
          if (options.progress && !options.progress(done, total))
            throw Error(ErrorKind::cancelled, "the count was stopped");
          return got;
        },
        path);
  }
  Counted counted = session.finish();
  counted.outcome.notes = std::move(notes);
  return counted;
}

Counted count_bytes(const ByteSource& source, const std::string& name, const CountOptions& options) {
  if (!source) throw Error(ErrorKind::argument, "there is no source of bytes to count");
  Session session{options};
  count_file(session, source, name);
  return session.finish();
}

}  // namespace komhen
