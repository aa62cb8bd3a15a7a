#include "komhen/tally/count.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "komhen/registration/events.hpp"
#include "komhen/registration/personal_data.hpp"
#include "posix_file.hpp"
#include "reject_file.hpp"
#include "row_reader.hpp"

namespace komhen {
namespace {

using detail::quoted;

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

/// One call: its cube, its events and its outcome, over all its files.
class Session {
 public:
  explicit Session(const CountOptions& options)
      : options_{options}, admission_{options.round, options.participation} {
    if (!options.rejects.empty()) rejects_ = std::make_unique<detail::RejectFile>(options.rejects);
    if (options.round != nullptr) {
      counted_.cube.note_round(*options.round);
      counted_.outcome.round = options.round->id;
    }
  }

  /// Reads no more than the header of a file: what cannot be read is found before the first row of any file
  /// is, and the columns of the reject file are known.
  void look_at(const ByteSource& source, const std::string& name) {
    RecordReader records{source};
    EncodingJudge judge = settled(records, name);
    Record record;
    static_cast<void>(read_header(records, record, judge));
  }

  void read(const ByteSource& source, const std::string& name) {
    RecordReader records{source};
    EncodingJudge judge = settled(records, name);
    Record record;
    detail::RowReader rows = read_header(records, record, judge);
    if (rejects_) rejects_->begin(read_);
    while (records.next(record)) {
      ++counted_.outcome.rows_read;
      const bool ascii = detail::is_ascii(record.bytes);
      const bool malformed = record.broken || record.fields.size() != rows.width();
      const bool admitted = ascii || !record.complete || judge.admits(record.bytes, !malformed);
      if (malformed) {
        reject({Reason::malformed, {}}, record.line, nullptr);
      } else if (!admitted) {
        reject({Reason::bad_encoding, {}}, record.line, nullptr);
      } else {
        read_row(rows, record, judge.settled().value_or(Encoding::utf8), ascii);
      }
    }
    if (judge.mostly_contradicted())
      throw Error(ErrorKind::format,
                  "most rows of " + quoted(name) + " that hold letters beyond ASCII are not " +
                      std::string{token(*judge.settled())} +
                      "; name the encoding with --encoding utf-8 or --encoding windows-1252");
    note_encoding(judge);
  }

  Counted finish() {
    if (rejects_) rejects_->keep();
    return std::move(counted_);
  }

 private:
  /// Settles the file's separator, and its encoding as far as it can be without its bytes.
  EncodingJudge settled(RecordReader& records, const std::string& name) {
    name_ = name;
    if (records.had_utf16_mark())
      throw Error(ErrorKind::format,
                  "the file " + quoted(name) + " is UTF-16; save it as \"CSV UTF-8\" and count it again");
    std::optional<Encoding> encoding = options_.encoding;
    if (!encoding && options_.profile != nullptr) encoding = options_.profile->encoding;
    if (records.had_utf8_mark()) encoding = Encoding::utf8;
    const bool has_delimiter = options_.profile != nullptr && options_.profile->delimiter;
    records.settle_separator(has_delimiter ? *options_.profile->delimiter : '\0');
    return EncodingJudge{encoding};
  }

  detail::RowReader read_header(RecordReader& records, Record& record, EncodingJudge& judge) {
    if (!records.next(record))
      throw Error(ErrorKind::format,
                  "the file " + quoted(name_) + " is empty; it must begin with a header row");
    if (const std::string_view kind = other_kind(record.bytes); !kind.empty())
      throw Error(ErrorKind::format, "the file " + quoted(name_) + " is " + std::string{kind});
    if (record.broken)
      throw Error(ErrorKind::format,
                  "the header of " + quoted(name_) + " is broken: a quote in it does not close");
    if (!detail::is_ascii(record.bytes) && !judge.admits(record.bytes, false))
      throw Error(ErrorKind::format,
                  "the header of " + quoted(name_) + " is not " + std::string{token(*judge.settled())} +
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
    detail::RowReader rows{header, options_.profile, admission_, name_};
    for (const auto& word : kWords<Field>)
      if (rows.reads(word.value)) read_.set(slot(word.value));
    auto& unread = counted_.outcome.unread_columns;
    for (const std::size_t column : rows.unread()) {
      std::string name = masked(header[column]);
      if (unread_seen_.insert(name).second) unread.push_back(std::move(name));
    }
    return rows;
  }

  void read_row(detail::RowReader& rows, const Record& record, Encoding encoding, bool ascii) {
    detail::Verdict verdict = rows.read(record.fields, encoding, ascii);
    if (verdict.reason == Reason::accepted) {
      const Registration registration = rows.draft().done();
      const auto seen = events_.remember(registration, rows.draft().event_id);
      if (seen == EventMemory::Seen::fresh) {
        counted_.cube.add(registration);
        ++counted_.outcome.rows_accepted;
        counted_.outcome.contacts += registration.count;
        return;
      }
      verdict = {
          seen == EventMemory::Seen::same_content ? Reason::duplicate_event : Reason::conflicting_event,
          Field::event_id};
    }
    reject(verdict, record.line, &rows);
  }

  void reject(const detail::Verdict& verdict, std::int64_t line, const detail::RowReader* rows) {
    ++counted_.outcome.rejected[static_cast<std::size_t>(verdict.reason)];
    if (!rejects_ && !options_.on_reject) return;
    Reject out{name_, line, verdict.reason, verdict.column, {}};
    std::array<std::string, kFieldCount> texts;
    if (rows != nullptr) {
      for (const auto& word : kWords<Field>) {
        const auto text = rows->text(word.value);
        if (!text) continue;
        texts[slot(word.value)] = masked(*text);
        out.fields[slot(word.value)] = texts[slot(word.value)];
      }
    }
    if (rejects_) rejects_->write(out);
    if (options_.on_reject) options_.on_reject(out);
  }

  void note_encoding(const EncodingJudge& judge) {
    const std::string_view own = judge.settled() ? token(*judge.settled()) : "ascii";
    std::string& encoding = counted_.outcome.encoding;
    encoding = first_file_ || encoding == own ? own : "mixed";
    first_file_ = false;
  }

  const CountOptions& options_;
  Admission admission_;
  std::string name_;
  bool first_file_ = true;
  Counted counted_;
  std::set<std::string> unread_seen_;
  detail::FieldSet read_;  ///< by any of the files
  EventMemory events_;
  std::unique_ptr<detail::RejectFile> rejects_;
};

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
    session.look_at([&](char* into, std::size_t room) { return file.read(into, room); }, path);
  }
  std::int64_t done = 0;
  for (const std::string& path : paths) {
    detail::InputFile file{path};
    session.read(
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
  Session session{options};
  session.read(source, name);
  return session.finish();
}

}  // namespace komhen
