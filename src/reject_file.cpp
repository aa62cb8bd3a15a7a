#include "reject_file.hpp"

#include "komhen/registration/personal_data.hpp"

namespace komhen::detail {

std::string spreadsheet_cell(std::string_view text) {
  // What a spreadsheet takes for a formula, behind spaces too; OWASP's list of characters.
  const std::size_t first = text.find_first_not_of(' ');
  const bool formula = first != std::string_view::npos &&
                       std::string_view{"=+-@\t\r\n"}.find(text[first]) != std::string_view::npos;
  std::string cell = formula ? "'" : "";
  for (const char c : text) cell += c == '\0' ? '?' : c;
  if (cell.find_first_of(";\"\r\n,\t") == std::string::npos) return cell;
  std::string out = "\"";
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

void RejectFile::begin(const FieldSet& read) {
  if (columns_) return;
  columns_ = read;
  std::string header = "line;reason;column;file";
  for (const auto& word : kWords<Field>)
    if (read[slot(word.value)]) header.append(";").append(word.token);
  file_.write(header + "\n");
}

void RejectFile::write(const Reject& reject) {
  std::string row = std::to_string(reject.line) + ";" + std::string{token(reject.reason)} + ";";
  if (reject.column) row += token(*reject.column);
  row += ";" + spreadsheet_cell(shown(reject.file));
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    if (!(*columns_)[i]) continue;
    row += ';';
    if (reject.fields[i]) row += spreadsheet_cell(*reject.fields[i]);
  }
  file_.write(row + "\n");
}

}  // namespace komhen::detail
