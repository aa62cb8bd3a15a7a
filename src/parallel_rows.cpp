#include "parallel_rows.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "count_ways.hpp"
#include "judge_record.hpp"
#include "scan.hpp"

namespace komhen::detail {

ParallelRows::ParallelRows(RecordReader& records, const std::vector<std::string>& header,
                           const RowLane& trained, Session& session, EncodingJudge& judge,
                           std::size_t threads)
    : records_{records},
      session_{session},
      judge_{judge},
      separator_{records.separator_},
      shows_{session.shows_rejects()},
      pool_{threads - 1} {
  given_up_ = pool_.helpers() == 0;
  for (std::size_t i = 0; !given_up_ && i <= pool_.helpers(); ++i)
    hands_.push_back(std::make_unique<Hand>(
        Hand{RowReader{header, session.options().profile, session.admission(), session.name()},
             RowLane{trained, CubeCells{session.cube(), shared_}},
             {},
             {}}));
}

std::int64_t ParallelRows::position() const noexcept {
  return records_.base_ + static_cast<std::int64_t>(records_.position_);
}

/// The next whole lines of the file; nothing when there are none, or they cannot be cut into rows. Then they
/// are what is left.
std::unique_ptr<ParallelRows::Chunk> ParallelRows::next_chunk() {
  const std::size_t piece = count_ways().piece;
  std::size_t whole = 0;
  for (;;) {
    const std::string_view all = left_.view(0, left_.size());
    whole = all.rfind('\n') + 1;  // 0 when there is none
    if (records_.at_end_ || all.size() > 4 * kMaxRecord || (whole != 0 && all.size() >= piece)) break;
    const std::size_t got = records_.source_(left_.grow(piece), piece);
    left_.added(got);
    records_.at_end_ = got == 0;
  }
  const Marks marks = find_marks(left_.view(0, whole));
  if (whole == 0 || marks.quote || marks.lone_return || (marks.beyond_ascii && !judge_.settled())) {
    const std::size_t bytes = whole == 0 ? left_.size() : whole;
    resume_ = left_base_ + static_cast<std::int64_t>(bytes + static_cast<std::size_t>(patience_ - 1) * piece);
    patience_ = std::min<std::int64_t>(2 * patience_, 64);
    return nullptr;
  }
  patience_ = 1;
  std::unique_ptr<Chunk> chunk;
  if (spare_.empty()) {
    chunk = std::make_unique<Chunk>();
  } else {
    chunk = std::move(spare_.back());
    spare_.pop_back();
  }
  std::swap(chunk->bytes, left_);
  left_.shorten(0);
  left_.append(chunk->bytes.view(whole, chunk->bytes.size()));
  chunk->bytes.shorten(whole);
  chunk->base = left_base_;
  chunk->judge = EncodingJudge{judge_.settled()};
  left_base_ += static_cast<std::int64_t>(whole);
  return chunk;
}

void ParallelRows::give(std::unique_ptr<Chunk> chunk) {
  Chunk* const given = chunk.get();
  flying_.push_back(std::move(chunk));
  try {
    given->work = pool_.give([this, given](std::size_t who) {
      try {
        count(*given, *hands_[who]);
      } catch (...) {
        given->error = std::current_exception();
      }
    });
  } catch (...) {
    flying_.pop_back();
    throw;
  }
}

void ParallelRows::count(Chunk& chunk, Hand& hand) const {
  const std::string_view all = chunk.bytes.view(0, chunk.bytes.size());
  hand.lane.forget_block();
  for (std::size_t at = 0; at < all.size();) {
    const std::int64_t before = hand.lane.rows();
    at = hand.lane.read({all.data(), all.size(), chunk.base}, at);
    chunk.lines += hand.lane.rows() - before;
    if (at == all.size()) break;
    const std::size_t end = all.find('\n', at);
    const std::size_t text_end = end > at && all[end - 1] == '\r' ? end - 1 : end;
    count_line(chunk, hand, all.substr(at, text_end - at), all.substr(text_end, end + 1 - text_end));
    ++chunk.lines;
    at = end + 1;
  }
  chunk.tally = hand.lane.take_tally();
}

/// What RecordReader and judge_record() make of a line that has no quote and no CR in it.
void ParallelRows::count_line(Chunk& chunk, Hand& hand, std::string_view line,
                              std::string_view line_end) const {
  if (std::ranges::all_of(line, [&](char c) { return c == ' ' || (c == '\t' && separator_ != '\t'); }))
    return;
  Record& record = hand.record;
  record.fields.clear();
  record.broken = line.size() > kMaxRecord;
  record.complete = !record.broken;
  record.bytes = record.broken ? std::string_view{} : line;
  for (std::size_t at = 0; !record.broken;) {
    const std::size_t end = std::min(line.find(separator_, at), line.size());
    record.fields.push_back(line.substr(at, end - at));
    if (end == line.size()) break;
    at = end + 1;
  }
  const Judged judged = judge_record(record, hand.rows, chunk.judge);
  if (judged.verdict.reason == Reason::accepted) {
    const Draft& draft = hand.rows.draft();
    const Registration registration = draft.done();
    if (const auto key = hand.lane.key_of(registration)) {
      hand.lane.count(*key, registration.count);
      hand.lane.learn(line, record.fields, line_end, draft, *key,
                      chunk.judge.settled() == Encoding::windows1252);
    } else {
      chunk.wide.push_back({draft, std::string{draft.source}, std::string{draft.unit}});
    }
    return;
  }
  if (!shows_) {
    ++chunk.rejected[static_cast<std::size_t>(judged.verdict.reason)];
    return;
  }
  Rejected rejected{judged.verdict, chunk.lines, judged.readable, {}};
  if (judged.readable) {
    const auto texts = hand.rows.texts();
    for (std::size_t i = 0; i < kFieldCount; ++i)
      if (texts[i]) rejected.texts[i] = std::string{*texts[i]};
  }
  chunk.shown.push_back(std::move(rejected));
}

/// Takes what was found in the next chunk of the file.
void ParallelRows::take(std::unique_ptr<Chunk> chunk) {
  if (chunk->error) std::rethrow_exception(chunk->error);
  CubeCells::add_total(session_.cube(), chunk->tally.contacts);
  session_.note_added(chunk->tally.rows, chunk->tally.contacts);
  judge_.note_fitting(chunk->tally.beyond_ascii);
  judge_.note(chunk->judge);
  for (std::size_t i = 0; i < kReasonCount; ++i)
    if (chunk->rejected[i] != 0) session_.note_rejected(static_cast<Reason>(i), chunk->rejected[i]);
  for (const Rejected& rejected : chunk->shown) {
    Session::Texts texts;
    for (std::size_t i = 0; i < kFieldCount; ++i)
      if (rejected.texts[i]) texts[i] = *rejected.texts[i];
    session_.reject(rejected.verdict, records_.line_ + rejected.line, rejected.readable ? &texts : nullptr);
  }
  for (Wide& wide : chunk->wide) wide_.push_back(std::move(wide));
  given_up_ = given_up_ || !wide_.empty();
  records_.line_ += chunk->lines;
  chunk->lines = 0;
  chunk->rejected = {};
  chunk->shown.clear();
  chunk->wide.clear();
  spare_.push_back(std::move(chunk));
}

/// Brings what the threads have counted to the cube, each what it has; then nobody else counts.
void ParallelRows::flush() {
  std::size_t last = 0;
  for (const auto& each : hands_)
    last = pool_.give([hand = each.get()](std::size_t) {
      try {
        hand->lane.flush();
      } catch (...) {
        hand->error = std::current_exception();
      }
    });
  while (pool_.lend_a_hand()) {
  }
  for (std::size_t i = 0; i < hands_.size(); ++i) pool_.wait_for(last - i);
  for (const auto& hand : hands_)
    if (hand->error) std::rethrow_exception(hand->error);
}

void ParallelRows::run() {
  if (given_up_ || position() < resume_) return;
  if (!CubeCells::ready_to_share(session_.cube())) {
    given_up_ = true;
    return;
  }
  left_base_ = position();
  left_.shorten(0);
  left_.append(records_.buffer_.view(records_.position_, records_.buffer_.size()));
  records_.buffer_ = {};
  records_.position_ = 0;
  const std::size_t most = hands_.size() + 2;
  for (bool more = true;;) {
    while (!flying_.empty() && pool_.finished(flying_.front()->work)) {
      std::unique_ptr<Chunk> first = std::move(flying_.front());
      flying_.pop_front();
      take(std::move(first));
    }
    if (more && !given_up_ && flying_.size() < most) {
      if (auto chunk = next_chunk())
        give(std::move(chunk));
      else
        more = false;
      continue;
    }
    if (pool_.lend_a_hand()) continue;
    if (flying_.empty()) break;
    pool_.wait_for(flying_.front()->work);
  }
  flush();
  for (const Wide& wide : std::exchange(wide_, {})) {
    Registration registration = wide.draft.done();
    registration.source = wide.source;
    registration.unit = wide.unit;
    session_.cube().add(registration);
    session_.note_added(1, registration.count);
  }
  records_.buffer_ = std::exchange(left_, {});
  records_.base_ = left_base_;
  if (resume_ < left_base_ + 1) resume_ = left_base_ + 1;
}

}  // namespace komhen::detail
