#include "journal_body.hpp"
#include "komhen/registration/personal_data.hpp"

namespace komhen {
namespace {

/// A field of the exchange file. Nothing is changed in it, not even where a spreadsheet could take it for a
/// formula: counting the file must give the journal's cube.
void append_field(std::string& out, std::string_view text) {
  if (text.find_first_of(";\"") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_row(std::string& out, const Registration& row, std::string_view event_id) {
  out += std::to_string(row.municipality.code());
  const auto field = [&](std::string_view text) {
    out += ';';
    append_field(out, text);
  };
  field(row.week.text());
  field(row.task.text());
  field(token(row.channel));
  field(token(row.type));
  field(token(row.direction));
  field(row.closure == Closure::not_stated ? "" : token(row.closure));
  field(row.form == AttachedForm::not_stated ? "" : token(row.form));
  field(std::to_string(row.count));
  field(row.source);
  field(row.unit);
  field(event_id);
  out += '\n';
}

}  // namespace

std::int64_t Journal::Body::export_csv(const std::string& path) {
  const std::int64_t last = moment(0);
  for (const char* ending : {"", "-wal", ".lock"})
    if (detail::is_same_file(path, path_ + ending))
      throw Error(ErrorKind::argument,
                  "the export " + detail::quoted(path) + " would overwrite the journal that it is made from");
  detail::OutputFile file{path};
  file.write("municipality;week;kle;channel;type;direction;closure;form;count;source;unit;event_id\n");
  std::int64_t rows = 0;
  std::string line;
  const bool whole = each_event(0, last, [&](const detail::JournalEntry& entry) {
    if (entry.undone_at != 0) return;
    line.clear();
    append_row(line, sound(entry), entry.event_id);
    file.write(line);
    ++rows;
  });
  if (!whole) refuse_erased();
  file.keep();
  return rows;
}

}  // namespace komhen
