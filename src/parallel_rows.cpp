#include "parallel_rows.hpp"

#include <algorithm>
#include <utility>

#include "count_ways.hpp"
#include "judge_record.hpp"
#include "plain_line.hpp"
#include "scan.hpp"

namespace komhen::detail {

namespace {

/// Chunks that are given before the first of them is taken: so many that a thread which brings a table home
/// keeps no other waiting.
constexpr std::size_t kMostGiven = 64;
/// Rows that wait to be shown before no thread begins with another chunk: their texts take memory.
constexpr std::size_t kMostShown = 4096;

}  // namespace

ParallelRows::ParallelRows(RecordReader& records, FrontReader& front, const std::vector<std::string>& header,
                           const RowLane& trained, Session& session, EncodingJudge& judge,
                           std::size_t threads)
    : records_{records},
      front_{front},
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
             {},
             {}}));
  if (front.bytes().size() < count_ways().large) return;
  for (const auto& hand : hands_) hand->lane.expect_many();
}

ParallelRows::~ParallelRows() {
  const std::lock_guard held{talk_};
  ending_ = true;
  told_.notify_all();
}

std::int64_t ParallelRows::position() const noexcept {
  return records_.base_ + static_cast<std::int64_t>(records_.position_);
}

bool ParallelRows::may_give() const noexcept {
  return from_ < front_.bytes().size() && !stopped_ && !given_up_ && flying_.size() < kMostGiven;
}

void ParallelRows::give() {
  std::unique_ptr<Chunk> chunk;
  if (spare_.empty()) {
    chunk = std::make_unique<Chunk>();
  } else {
    chunk = std::move(spare_.back());
    spare_.pop_back();
  }
  chunk->number = given_;
  const std::int64_t end = from_ + static_cast<std::int64_t>(count_ways().piece);
  chunk->stretch = {from_, std::min(end, front_.bytes().size())};
  chunk->judge = EncodingJudge{judge_.settled()};
  Chunk* const given = chunk.get();
  flying_.push_back(std::move(chunk));
  try {
    given->work = pool_.give([this, given](std::size_t who) { work_on(*given, who); });
  } catch (...) {
    flying_.pop_back();
    throw;
  }
  ++given_;
  from_ = given->stretch.end;
}

void ParallelRows::work_on(Chunk& chunk, std::size_t who) {
  Hand& hand = *hands_[who];
  StretchLines lines;
  bool fits = false;
  if (!is_stopped()) {
    try {
      lines = read_lines(front_.bytes(), chunk.stretch, chunk.number == 0, hand.bytes);
      fits = can_be_cut(lines, hand.bytes);
    } catch (...) {  // the reader of records will meet it where it stands
    }
  }
  if (!take_turn(chunk, lines, fits)) return;
  if (who != 0) {  // the calling thread is who takes them
    std::unique_lock lock{talk_};
    told_.wait(lock, [&] { return shown_ <= kMostShown || chunk.number == taken_ || ending_; });
  }
  try {
    count(chunk, hand, lines);
  } catch (...) {
    chunk.error = std::current_exception();
    const std::lock_guard held{talk_};
    no_turn_ = true;  // the call has failed
    told_.notify_all();
  }
  if (!chunk.shown.empty()) note_shown(chunk.shown.size());
}

bool ParallelRows::can_be_cut(const StretchLines& lines, const ReadBuffer& bytes) const {
  if (!lines.any || !lines.is_whole) return lines.is_whole;
  const Marks marks = find_marks(bytes.view(lines.begin, lines.end));
  return !marks.quote && !marks.lone_return && (!marks.beyond_ascii || judge_.settled());
}

/// Waits until the chunks before this one are known to be cut; false when one of them, or this one, is left.
bool ParallelRows::take_turn(Chunk& chunk, const StretchLines& lines, bool fits) {
  std::unique_lock lock{talk_};
  told_.wait(lock, [&] { return turn_ == chunk.number || no_turn_; });
  // A file that is written to while it is read may have other lines by now.
  const bool follows = !lines.any || lines.base + static_cast<std::int64_t>(lines.begin) == whole_to_;
  no_turn_ = no_turn_ || !fits || !follows;
  chunk.left = no_turn_;
  if (!no_turn_) {
    ++turn_;
    if (lines.any) whole_to_ = lines.base + static_cast<std::int64_t>(lines.end);
    chunk.after = whole_to_;
  }
  told_.notify_all();
  return !chunk.left;
}

bool ParallelRows::is_stopped() {
  const std::lock_guard held{talk_};
  return no_turn_;
}

void ParallelRows::note_shown(std::size_t rows) {
  const std::lock_guard held{talk_};
  shown_ += rows;
}

bool ParallelRows::shows_enough() {
  const std::lock_guard held{talk_};
  return shown_ > kMostShown;
}

void ParallelRows::count(Chunk& chunk, Hand& hand, const StretchLines& lines) const {
  const std::string_view all = hand.bytes.view(0, lines.end);
  hand.lane.forget_block();
  for (std::size_t at = lines.begin; at < all.size();) {
    const std::int64_t before = hand.lane.rows();
    at = hand.lane.read({all.data(), all.size(), lines.base}, at);
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
  Record& record = hand.record;
  record.fields.clear();
  record.broken = line.size() > kMaxRecord;
  if (!record.broken && is_blank_line(line, separator_)) return;
  record.complete = !record.broken;
  record.bytes = record.broken ? std::string_view{} : line;
  if (!record.broken)
    each_field_of(line, separator_, [&](std::size_t from, std::size_t to) {
      record.fields.push_back(line.substr(from, to - from));
    });
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
  Rejected rejected{judged.verdict, chunk.lines, nullptr};
  if (judged.readable) {
    rejected.texts = std::make_unique<std::array<std::optional<std::string>, kFieldCount>>();
    const auto texts = hand.rows.texts();
    for (std::size_t i = 0; i < kFieldCount; ++i)
      if (texts[i]) (*rejected.texts)[i] = std::string{*texts[i]};
  }
  chunk.shown.push_back(std::move(rejected));
}

/// Takes what was found in the next chunk of the file.
void ParallelRows::take(std::unique_ptr<Chunk> chunk) {
  if (chunk->error) std::rethrow_exception(chunk->error);
  stopped_ = stopped_ || chunk->left;
  if (stopped_) {
    spare_.push_back(std::move(chunk));
    return;
  }
  CubeCells::add_total(session_.cube(), chunk->tally.contacts);
  session_.note_added(chunk->tally.rows, chunk->tally.contacts);
  judge_.note_fitting(chunk->tally.beyond_ascii);
  judge_.note(chunk->judge);
  for (std::size_t i = 0; i < kReasonCount; ++i)
    if (chunk->rejected[i] != 0) session_.note_rejected(static_cast<Reason>(i), chunk->rejected[i]);
  for (const Rejected& rejected : chunk->shown) {
    Session::Texts texts;
    for (std::size_t i = 0; rejected.texts && i < kFieldCount; ++i)
      if ((*rejected.texts)[i]) texts[i] = *(*rejected.texts)[i];
    session_.reject(rejected.verdict, records_.line_ + rejected.line, rejected.texts ? &texts : nullptr);
  }
  for (Wide& wide : chunk->wide) wide_.push_back(std::move(wide));
  given_up_ = given_up_ || !wide_.empty();
  records_.line_ += chunk->lines;
  taken_to_ = chunk->after;
  {
    const std::lock_guard held{talk_};
    shown_ -= chunk->shown.size();
    ++taken_;
    told_.notify_all();
  }
  chunk->lines = 0;
  chunk->rejected = {};
  chunk->shown = std::vector<Rejected>{};  // with its memory: there are many chunks
  chunk->wide = std::vector<Wide>{};
  spare_.push_back(std::move(chunk));
  front_.go_to(taken_to_);
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
  if (given_up_ || position() < resume_ || position() >= front_.bytes().size()) return;
  if (!CubeCells::ready_to_share(session_.cube())) {
    given_up_ = true;
    return;
  }
  from_ = taken_to_ = whole_to_ = position();
  given_ = turn_ = taken_ = 0;
  stopped_ = no_turn_ = false;
  records_.buffer_ = {};
  for (;;) {
    while (!flying_.empty() && pool_.finished(flying_.front()->work)) {
      std::unique_ptr<Chunk> first = std::move(flying_.front());
      flying_.pop_front();
      take(std::move(first));
    }
    if (may_give()) {
      give();
      continue;
    }
    if (flying_.empty()) break;
    if (!shows_enough() && pool_.lend_a_hand()) continue;
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
  give_back();
}

/// Lets the reader go on where the first row begins that has not been taken.
void ParallelRows::give_back() {
  for (const auto& hand : hands_) hand->bytes = {};
  records_.base_ = taken_to_;
  records_.position_ = 0;
  records_.at_end_ = false;
  records_.no_feed_from_ = records_.no_feed_to_ = 0;
  front_.go_to(taken_to_);
  if (!stopped_) return;
  if (taken_ != 0) patience_ = 1;
  resume_ = taken_to_ + patience_ * static_cast<std::int64_t>(count_ways().piece);
  patience_ = std::min<std::int64_t>(2 * patience_, 64);
}

}  // namespace komhen::detail
