#include "komhen/registration/csv.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "plain_line.hpp"

namespace komhen {
namespace {
constexpr std::size_t kPiece = std::size_t{256} << 10U;
}

RecordReader::RecordReader(ByteSource source) : source_{std::move(source)} {
  refill_to(2);
  const std::string_view head = buffer_.view(0, buffer_.size());
  utf8_mark_ = head.starts_with("\xEF\xBB\xBF");
  utf16_mark_ = head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF");
  if (utf8_mark_) position_ = 3;
}

bool RecordReader::refill() {
  if (at_end_) return false;
  const std::size_t got = source_(buffer_.grow(kPiece), kPiece);
  buffer_.added(got);
  at_end_ = got == 0;
  return got != 0;
}

bool RecordReader::refill_to(std::size_t at) {
  while (at >= buffer_.size())
    if (!refill()) return false;
  return true;
}

/// `at` stands on a CR or LF; CR LF is one line end.
std::size_t RecordReader::behind_line_end(std::size_t at) {
  return buffer_[at] == '\r' && has(at + 1) && buffer_[at + 1] == '\n' ? at + 2 : at + 1;
}

/// Where the next LF is that has been read; the end of the buffer when there is none. Where records end in
/// CR, it is far away, and so is remembered.
std::size_t RecordReader::next_feed(std::size_t begin) {
  const std::int64_t here = base_ + static_cast<std::int64_t>(begin);
  const bool known = here >= no_feed_from_ && here <= no_feed_to_;
  const std::size_t from = known ? static_cast<std::size_t>(no_feed_to_ - base_) : begin;
  const std::size_t at = std::min(buffer_.view(0, buffer_.size()).find('\n', from), buffer_.size());
  no_feed_from_ = here;
  no_feed_to_ = base_ + static_cast<std::int64_t>(at);
  return at;
}

/// What scan() finds, for a record that is a line without a quote and a lone CR, and has been read: most are.
std::optional<RecordReader::Extent> RecordReader::scan_line(std::size_t begin) {
  const std::size_t line_end = next_feed(begin) - begin;
  if (separator_ == 0 || begin + line_end == buffer_.size() || line_end > kMaxRecord) return std::nullopt;
  std::string_view line = buffer_.view(begin, begin + line_end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  // CRs first: where they end the records, the line is many of them, and is looked through for each.
  if (line.find('\r') != std::string_view::npos || line.find('"') != std::string_view::npos)
    return std::nullopt;
  places_.clear();
  detail::each_field_of(line, separator_, [&](std::size_t from, std::size_t to) {
    places_.push_back({begin + from, begin + to, false, false});
  });
  return Extent{Ending::whole, begin + line.size(), begin + line_end + 1};
}

/// Finds the end of the record at `begin`, and the places of its fields. With `may_jump`, stretches that are
/// known to lie inside quotes are passed over; the places are then worthless.
RecordReader::Extent RecordReader::scan(std::size_t begin, bool may_jump) {
  State state = State::field_start;
  places_.clear();
  FieldPlace field{begin, begin, false, false};
  const auto close_field = [&](std::size_t end) {
    field.end = field.quoted ? end - 1 : end;
    places_.push_back(field);
    field = {end + 1, end + 1, false, false};
  };
  std::size_t first_line_start = 0;  // inside quotes
  // Whoever is inside quotes where this record was, at one of its line starts, is in the same state as it is
  // at `at`.
  const auto learn = [&](std::size_t at) {
    if (first_line_start == 0) return;
    const auto from = base_ + static_cast<std::int64_t>(first_line_start);
    if (from >= known_to_) known_from_ = from;
    known_to_ = base_ + static_cast<std::int64_t>(at);
    known_state_ = state;
  };
  for (std::size_t at = begin;; ++at) {
    if (!has(at)) {
      if (state == State::quoted) {
        learn(at);
        return {Ending::open, at, at};
      }
      if (state != State::broken) close_field(at);
      return {state == State::broken ? Ending::broken : Ending::whole, at, at};
    }
    const char c = buffer_[at];
    const bool line_end = c == '\n' || c == '\r';
    if (line_end && state != State::quoted) {
      if (state != State::broken) close_field(at);
      return {state == State::broken ? Ending::broken : Ending::whole, at, behind_line_end(at)};
    }
    if (at - begin >= kMaxRecord) {
      learn(at);
      return {Ending::too_long, at, at};
    }
    switch (state) {
      case State::field_start:
        if (c == '"') {
          state = State::quoted;
          field.quoted = true;
          field.begin = at + 1;
        } else if (is_separator(c)) {
          close_field(at);
        } else {
          state = State::plain;
        }
        break;
      case State::plain:
        if (is_separator(c)) {
          close_field(at);
          state = State::field_start;
        }
        break;
      case State::quoted:
        if (c == '"') {
          state = State::quote_in_quoted;
        } else if (line_end) {
          const std::size_t start = behind_line_end(at);
          if (first_line_start == 0) first_line_start = start;
          const auto absolute = base_ + static_cast<std::int64_t>(start);
          const bool known = may_jump && absolute >= known_from_ && absolute < known_to_;
          if (known) state = known_state_;
          at = (known ? static_cast<std::size_t>(known_to_ - base_) : start) - 1;
        }
        break;
      case State::quote_in_quoted:
        if (c == '"') {
          state = State::quoted;
          field.escaped = true;
        } else if (is_separator(c)) {
          close_field(at);
          state = State::field_start;
        } else {
          state = State::broken;
        }
        break;
      case State::broken:
        break;
    }
  }
}

std::size_t RecordReader::behind_first_line(std::size_t begin) {
  for (std::size_t at = begin;; ++at) {
    if (!has(at)) return at;
    if (buffer_[at] == '\n' || buffer_[at] == '\r') return behind_line_end(at);
    if (at - begin > 4 * kMaxRecord) {  // one endless line: what has been passed need not be kept
      const std::size_t drop = at - begin;
      buffer_.erase(begin, drop);
      base_ += static_cast<std::int64_t>(drop);
      at = begin;
    }
  }
}

bool RecordReader::is_blank(std::size_t begin, const Extent& extent) const noexcept {
  return extent.ending == Ending::whole && detail::is_blank_line(buffer_.view(begin, extent.end), separator_);
}

std::int64_t RecordReader::line_ends_in(std::size_t begin, std::size_t end) const noexcept {
  std::int64_t ends = 0;
  for (std::size_t at = begin; at < end; ++at) {
    if (buffer_[at] == '\n') ++ends;
    if (buffer_[at] == '\r' && !(at + 1 < end && buffer_[at + 1] == '\n')) ++ends;
  }
  return ends;
}

void RecordReader::hand_out(Record& record, std::size_t begin, const Extent& extent) {
  record.line = line_;
  record.broken = extent.ending != Ending::whole;
  record.complete = extent.ending == Ending::whole || extent.ending == Ending::broken;
  record.bytes = buffer_.view(begin, extent.end);
  record.fields.clear();
  if (record.broken) return;
  unescaped_.clear();
  // Unescaped text is at most as long as the record, so views into unescaped_ stay where they are.
  if (std::ranges::any_of(places_, &FieldPlace::escaped)) unescaped_.reserve(extent.end - begin);
  for (const FieldPlace& place : places_) {
    const std::string_view raw = buffer_.view(place.begin, place.end);
    if (!place.escaped) {
      record.fields.push_back(raw);
      continue;
    }
    const std::size_t from = unescaped_.size();
    for (std::size_t i = 0; i < raw.size(); ++i) {
      unescaped_ += raw[i];
      if (raw[i] == '"') ++i;  // the second of a doubled quote
    }
    record.fields.push_back(std::string_view{unescaped_}.substr(from));
  }
}

void RecordReader::drop_passed() {
  // Seldom, so that moving stays linear: when little is left to move, or much has been passed.
  if (position_ <= kMaxRecord && (buffer_.size() - position_) * 16 > position_) return;
  buffer_.erase(0, position_);
  base_ += static_cast<std::int64_t>(position_);
  position_ = 0;
}

bool RecordReader::next(Record& record) {
  for (;;) {
    drop_passed();
    if (!has(position_)) return false;
    const bool may_jump = base_ + static_cast<std::int64_t>(position_) < known_to_;
    const std::size_t begin = position_;
    const std::optional<Extent> line = scan_line(begin);
    Extent extent = line ? *line : scan(begin, may_jump);
    if (!line && may_jump && extent.ending != Ending::open && extent.ending != Ending::too_long)
      extent = scan(begin, false);
    if (extent.ending == Ending::open || extent.ending == Ending::too_long) {
      hand_out(record, begin, extent);
      record.bytes = {};
      const std::int64_t first = line_;
      position_ = behind_first_line(begin);
      line_ = first + 1;
      return true;
    }
    if (is_blank(begin, extent)) {
      position_ = extent.after;
      ++line_;
      continue;
    }
    hand_out(record, begin, extent);
    position_ = extent.after;
    line_ += line ? 1 : line_ends_in(begin, extent.after);
    return true;
  }
}

void RecordReader::settle_separator(char wanted) {
  // An Excel line `sep=;` names the separator and is no record.
  const auto peek = [&] {
    return has(position_) ? scan(position_, false) : Extent{Ending::whole, position_, position_};
  };
  separator_ = wanted;
  Extent extent = peek();
  const std::string_view text = buffer_.view(position_, extent.end);
  if (extent.ending == Ending::whole && text.size() == 5 && (text[0] | 0x20) == 's' &&
      (text[1] | 0x20) == 'e' && (text[2] | 0x20) == 'p' && text[3] == '=' &&
      (is_common(text[4]) || text[4] == wanted)) {
    if (separator_ == 0) separator_ = text[4];
    position_ = extent.after;
    ++line_;
    return;
  }
  if (separator_ != 0) return;
  while (has(position_) && is_blank(position_, extent)) {
    position_ = extent.after;
    ++line_;
    drop_passed();
    extent = peek();
  }
  constexpr std::array<char, 3> kCommon{';', ',', '\t'};
  std::array<std::size_t, 3> found{};
  // The ends of the fields are just the separators outside quotes.
  for (const FieldPlace& place : places_) {
    const std::size_t at = place.quoted ? place.end + 1 : place.end;
    for (std::size_t i = 0; i < kCommon.size(); ++i)
      if (at < extent.end && buffer_[at] == kCommon[i]) ++found[i];
  }
  separator_ = kCommon[static_cast<std::size_t>(std::ranges::max_element(found) - found.begin())];
}

}  // namespace komhen
