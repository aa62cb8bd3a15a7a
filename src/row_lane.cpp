#include "row_lane.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "komhen/registration/encoding.hpp"
#include "scan.hpp"

namespace komhen::detail {

static_assert(RowLane::kSlack >= kScanSlack + LearntTexts::kReach);

RowLane::RowLane(const RowReader& rows, char separator, CubeCells cells)
    : separator_{separator},
      cells_{std::move(cells)},
      usable_{separator != '\0' && separator != '\n' && separator != '\r' && separator != '"' &&
              separator != ' ' && rows.width() <= 200 && !rows.column(Field::event_id)},
      columns_(rows.width()),
      places_{rows.admits_by_place()} {
  bool any_text = false;
  for (const Field field : rows.fields()) {
    Column& column = columns_[*rows.column(field)];
    const bool counts = field == Field::count;
    usable_ = usable_ && !(counts && (rows.has_words(field) || !column.fields.empty())) &&
              column.kind != Kind::count;
    column.kind = counts ? Kind::count : Kind::text16;
    column.fields.push_back(field);
    any_text = any_text || !counts;
  }
  usable_ = usable_ && any_text;
  if (!usable_) return;
  ends_.resize(kBlock + kPlacesSlack);
  make_steps();
}

RowLane::RowLane(const RowLane& trained, CubeCells cells)
    : separator_{trained.separator_},
      cells_{std::move(cells)},
      usable_{trained.usable_},
      trained_{trained.trained_},
      windows1252_{trained.windows1252_},
      columns_{trained.columns_},
      fixed_key_{trained.fixed_key_},
      fixed_count_{trained.fixed_count_},
      places_{trained.places_},
      ends_(trained.ends_.size()) {
  make_steps();
}

void RowLane::make_steps() {
  steps_.clear();
  for (const Column& column : columns_) steps_.push_back({column.texts.table(), column.kind});
  for (const Column& column : columns_) steps_.push_back({column.texts.table(), Kind::patient});
}

void RowLane::learn(std::string_view bytes, const std::vector<std::string_view>& fields,
                    std::string_view line_end, const Draft& draft, std::uint64_t key, bool windows1252) {
  if (!usable_) return;
  windows1252_ = windows1252;
  if (!draft.event_id.empty()) {  // a profile's value: the rows are events, all of them the same one
    usable_ = false;
    return;
  }
  // The fields as they stand, their quotes included.
  std::array<std::string_view, 200> raw;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const bool quoted = begin < bytes.size() && bytes[begin] == '"';
    const std::size_t from = begin + (quoted ? 1 : 0);
    if (!fields[i].empty() && fields[i].data() != bytes.data() + from) return;  // a doubled quote in it
    const std::size_t end = from + fields[i].size() + (quoted ? 1 : 0);
    const bool last = i + 1 == fields.size();
    if (end > bytes.size() || (last && end != bytes.size()) || (!last && bytes[end] != separator_)) return;
    raw[i] = {bytes.data() + begin, end - begin + (last ? line_end.size() : 1)};
    if (raw[i].substr(0, end - begin).find_first_of("\r\n") != std::string_view::npos) return;
    begin = end + 1;
  }

  fixed_count_ = draft.count;
  std::uint64_t stated = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    if (column.kind == Kind::count) fixed_count_ = 1;
    if (column.kind == Kind::unread || column.kind == Kind::count) continue;
    std::uint64_t mask = 0;
    for (const Field field : column.fields) mask |= CubeCells::mask_of(field);
    stated |= mask;
    const bool ascii = is_ascii(raw[i]);
    const auto flags = static_cast<std::uint8_t>(ascii ? 0 : kBeyondAscii | (is_utf8(raw[i]) ? 0 : kNotUtf8));
    column.texts.learn(raw[i], key & mask, flags);
    column.kind = column.texts.words() <= 2   ? Kind::text16
                  : column.texts.words() <= 3 ? Kind::text24
                                              : Kind::text48;
  }
  make_steps();
  trained_ = true;
  fixed_key_ = key & ~stated;
  places_.note(key);
}

/// Reads a field that is not of the usual kind: a text behind another or with flags, a count of more digits,
/// a column that is not read.
[[gnu::noinline]] RowLane::Other RowLane::read_other(const Column& column, const char* begin, const char* end,
                                                     bool last) const {
  Other out;
  if (column.kind == Kind::count) {
    out.known = read_count(begin, end, last, out.count);
  } else if (column.kind == Kind::unread) {
    out.known = pass_unread(begin, end, last);
  } else {
    LearntTexts::Found found{};
    out.known = column.texts.find(begin, static_cast<std::size_t>(end - begin) + 1, found);
    out.bits = found.value;
    out.flags = found.flags;
  }
  return out;
}

bool RowLane::read_count(const char* begin, const char* end, bool last, std::int64_t& count) const {
  if (*end != (last ? '\n' : separator_)) return false;
  if (last && end != begin && end[-1] == '\r') --end;
  if (end - begin >= 2 && *begin == '"' && end[-1] == '"') {
    ++begin;
    --end;
  }
  if (end == begin || end - begin > 9) return false;  // ten digits can be a CPR number
  std::int64_t value = 0;
  for (; begin != end; ++begin) {
    const auto digit = static_cast<unsigned>(*begin - '0');
    if (digit > 9) return false;
    value = value * 10 + digit;
  }
  count = value;
  return value != 0;
}

bool RowLane::pass_unread(const char* begin, const char* end, bool last) const {
  if (*end != (last ? '\n' : separator_)) return false;
  if (last && end != begin && end[-1] == '\r') --end;
  const std::string_view text{begin, static_cast<std::size_t>(end - begin)};
  return text.size() <= 4096 && !text.starts_with('"') && is_ascii(text) &&
         text.find('\r') == std::string_view::npos;
}

void RowLane::scan(const Stretch& stretch, std::size_t at) {
  const std::size_t size = std::min(kBlock, stretch.size - at);
  end_count_ = find_ends(stretch.bytes + at, size, separator_, ends_.data());
  next_ = 0;
  row_begin_ = 0;
  block_begin_ = stretch.base + static_cast<std::int64_t>(at);
  block_end_ = block_begin_ + static_cast<std::int64_t>(size);
}

std::size_t RowLane::read(const Stretch& stretch, std::size_t at) {
  if (!usable_ || at >= stretch.size) return at;
  const std::int64_t here = stretch.base + static_cast<std::int64_t>(at);
  if (here < block_begin_ || here >= block_end_ || stretch.base > block_begin_) {
    scan(stretch, at);
  } else {
    row_begin_ = static_cast<std::uint32_t>(here - block_begin_);
    while (next_ < end_count_ && ends_[next_] < row_begin_) ++next_;
  }
  for (;;) {
    const char* const block = stretch.bytes + (block_begin_ - stretch.base);
    const bool stopped = places_.asked() ? read_rows<true>(block) : read_rows<false>(block);
    at = static_cast<std::size_t>(block_begin_ - stretch.base) + row_begin_;
    const bool to_the_end = block_end_ == stretch.base + static_cast<std::int64_t>(stretch.size);
    if (stopped || to_the_end) return at;
    const bool full = static_cast<std::size_t>(block_end_ - block_begin_) == kBlock;
    if (row_begin_ == 0 && full) return at;  // a row longer than a block
    scan(stretch, at);
  }
}

namespace {

/// Not inlined: what reads the shorter texts would have too few registers left.
[[gnu::noinline]] const LearntTexts::Found* find_wide(const LearntTexts::Table& table, const char* text,
                                                      std::size_t before) noexcept {
  return table.find_first<LearntTexts::kWords>(text, before);
}

}  // namespace

template <bool kPlaces>
bool RowLane::read_rows(const char* block) {
  const std::size_t width = columns_.size();
  const std::uint32_t* row_ends = ends_.data() + next_;
  const std::uint32_t* const all = ends_.data() + end_count_;
  const Step* const steps = steps_.data();
  const char separator = separator_;
  const std::uint64_t fixed_key = fixed_key_;
  const std::int64_t fixed_count = fixed_count_;
  std::uint32_t row_begin = row_begin_;
  Tally tally = tally_;
  bool stopped = false;
  while (static_cast<std::size_t>(all - row_ends) >= width) {
    const std::uint32_t* const next_row = row_ends + width;
    const bool hasty = next_row[-1] - row_begin < LearntTexts::kHasty;
    const Step* step = steps + (hasty ? 0 : width);
    std::uint64_t key = fixed_key;
    std::int64_t count = fixed_count;
    std::uint64_t flags = 0;
    const char* text = block + row_begin;
    const std::uint32_t* ends = row_ends;
    do {
      const char* const end = block + *ends;
      const auto before = static_cast<std::size_t>(end - text);
      const LearntTexts::Found* found = nullptr;
      if (step->kind == Kind::text16) [[likely]]
        found = step->table.find_first<2>(text, before);
      else if (step->kind == Kind::text24)
        found = step->table.find_first<3>(text, before);
      else if (step->kind == Kind::text48)
        found = find_wide(step->table, text, before);
      if (found != nullptr) [[likely]] {
        key |= found->value;
        flags |= found->flags;
      } else if (step->kind == Kind::count && before == 1 &&
                 *end == (ends + 1 == next_row ? '\n' : separator) && *text >= '1' && *text <= '9') {
        count = *text - '0';
      } else {
        const Column& column = columns_[static_cast<std::size_t>(ends - row_ends)];
        const Other other = read_other(column, text, end, ends + 1 == next_row);
        if (!other.known) {
          stopped = true;
          goto done;
        }
        key |= other.bits;
        flags |= other.flags;
        if (column.kind == Kind::count) count = other.count;
      }
      text = end + 1;
      ++step;
    } while (++ends != next_row);
    if constexpr (kPlaces) {
      if (!places_.has(key)) {
        stopped = true;
        goto done;
      }
    }
    if (flags != 0) [[unlikely]] {
      if (windows1252_ && (flags & kNotUtf8) == 0) {  // it contradicts the file's encoding
        stopped = true;
        goto done;
      }
      ++tally.beyond_ascii;
    }
    ++tally.rows;
    tally.contacts += count;
    cells_.push(key, count);
    row_ends = next_row;
    row_begin = next_row[-1] + 1;
  }
done:
  next_ = static_cast<std::size_t>(row_ends - ends_.data());
  row_begin_ = row_begin;
  tally_ = tally;
  return stopped;
}

}  // namespace komhen::detail
