#include "session.hpp"

#include "komhen/registration/personal_data.hpp"

namespace komhen::detail {

Session::Session(const CountOptions& options)
    : options_{options}, admission_{options.round, options.participation} {
  if (!options.rejects.empty()) rejects_ = std::make_unique<RejectFile>(options.rejects);
  if (options.round != nullptr) {
    counted_.cube.note_round(*options.round);
    counted_.outcome.round = options.round->id;
  }
}

void Session::note_header(const std::vector<std::string>& header, const RowReader& rows) {
  for (const auto& word : kWords<Field>)
    if (rows.column(word.value)) read_.set(slot(word.value));
  auto& unread = counted_.outcome.unread_columns;
  for (const std::size_t column : rows.unread()) {
    std::string name = masked(header[column]);
    if (unread_seen_.insert(name).second) unread.push_back(std::move(name));
  }
}

void Session::begin_rows() {
  if (rejects_) rejects_->begin(read_);
}

bool Session::take(Verdict verdict, std::int64_t line, const RowReader& rows) {
  if (verdict.reason == Reason::accepted) {
    const Registration registration = rows.draft().done();
    const auto seen = events_.remember(registration, rows.draft().event_id);
    if (seen == EventMemory::Seen::fresh) {
      counted_.cube.add(registration);
      ++counted_.outcome.rows_read;
      ++counted_.outcome.rows_accepted;
      counted_.outcome.contacts += registration.count;
      return true;
    }
    verdict = {seen == EventMemory::Seen::same_content ? Reason::duplicate_event : Reason::conflicting_event,
               Field::event_id};
  }
  if (!shows_rejects()) {
    note_rejected(verdict.reason, 1);
    return false;
  }
  const Texts texts = rows.texts();
  reject(verdict, line, &texts);
  return false;
}

void Session::take_unreadable(Reason reason, std::int64_t line) {
  reject({reason, {}}, line, nullptr);
}

void Session::reject(const Verdict& verdict, std::int64_t line, const Texts* shown) {
  note_rejected(verdict.reason, 1);
  if (!shows_rejects()) return;
  Reject out{name_, line, verdict.reason, verdict.column, {}};
  std::array<std::string, kFieldCount> texts;
  for (std::size_t i = 0; shown != nullptr && i < kFieldCount; ++i) {
    if (!(*shown)[i]) continue;
    texts[i] = masked(*(*shown)[i]);
    out.fields[i] = texts[i];
  }
  if (rejects_) rejects_->write(out);
  if (options_.on_reject) options_.on_reject(out);
}

void Session::note_encoding(std::string_view encoding) {
  std::string& told = counted_.outcome.encoding;
  told = first_ || told == encoding ? encoding : "mixed";
  first_ = false;
}

Counted Session::finish() {
  if (options_.on_counted) options_.on_counted(counted_);
  if (rejects_) rejects_->keep();
  return std::move(counted_);
}

}  // namespace komhen::detail
