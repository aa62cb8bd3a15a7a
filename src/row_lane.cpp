#include "row_lane.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "scan.hpp"

namespace komhen::detail {

static_assert(RowLane::kSlack >= kScanSlack + LearntTexts::kReach);

RowLane::RowLane(const RowReader& rows, char separator, CubeCells cells)
    : separator_{separator},
      cells_{std::move(cells)},
      steps_{rows, separator},
      places_{rows.admits_by_place()} {
  if (steps_.usable()) ends_.resize(kBlock + kPlacesSlack);
}

RowLane::RowLane(const RowLane& trained, CubeCells cells)
    : separator_{trained.separator_},
      cells_{std::move(cells)},
      trained_{trained.trained_},
      windows1252_{trained.windows1252_},
      steps_{trained.steps_},
      fixed_key_{trained.fixed_key_},
      fixed_count_{trained.fixed_count_},
      places_{trained.places_},
      ends_(trained.ends_.size()) {}

void RowLane::learn(std::string_view bytes, const std::vector<std::string_view>& fields,
                    std::string_view line_end, const Draft& draft, std::uint64_t key, bool windows1252) {
  if (!steps_.usable()) return;
  windows1252_ = windows1252;
  if (!draft.event_id.empty()) {  // a profile's value: the rows are events, all of them the same one
    steps_.give_up();
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

  const std::uint64_t stated = steps_.learn({raw.data(), fields.size()}, key);
  trained_ = true;
  fixed_count_ = steps_.has_count() ? 1 : draft.count;
  fixed_key_ = key & ~stated;
  places_.note(key);
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
  if (!steps_.usable() || at >= stretch.size) return at;
  const std::int64_t here = stretch.base + static_cast<std::int64_t>(at);
  if (here < block_begin_ || here >= block_end_ || stretch.base > block_begin_) {
    scan(stretch, at);
  } else {
    row_begin_ = static_cast<std::uint32_t>(here - block_begin_);
    while (next_ < end_count_ && ends_[next_] < row_begin_) ++next_;
  }
  using ReadRows = bool (RowLane::*)(const char*);
  constexpr ReadRows kReadRows[2][2] = {{&RowLane::read_rows<false, false>, &RowLane::read_rows<false, true>},
                                        {&RowLane::read_rows<true, false>, &RowLane::read_rows<true, true>}};
  const ReadRows read_rows = kReadRows[places_.asked() ? 1 : 0][steps_.has_count() ? 1 : 0];
  for (;;) {
    const char* const block = stretch.bytes + (block_begin_ - stretch.base);
    const bool stopped = (this->*read_rows)(block);
    at = static_cast<std::size_t>(block_begin_ - stretch.base) + row_begin_;
    const bool to_the_end = block_end_ == stretch.base + static_cast<std::int64_t>(stretch.size);
    if (stopped || to_the_end) return at;
    const bool full = static_cast<std::size_t>(block_end_ - block_begin_) == kBlock;
    if (row_begin_ == 0 && full) return at;  // a row longer than a block
    scan(stretch, at);
  }
}

template <bool kPlaces, bool kCounts>
bool RowLane::read_rows(const char* block) {
  using Pace = RowSteps::Pace;
  const std::size_t width = steps_.width();
  const std::uint32_t* const first_row = ends_.data() + next_;
  const std::uint32_t* row_ends = first_row;
  const std::uint32_t* const all = ends_.data() + end_count_;
  const RowSteps::Step* const steps = steps_.first();
  const RowSteps::Step* const patient_steps = steps_.first_patient();
  const std::uint64_t fixed_key = fixed_key_;
  const std::int64_t fixed_count = fixed_count_;
  const char* row = block + row_begin_;
  // In a file of Windows-1252, a row beyond ASCII that is UTF-8.
  const std::uint64_t contradiction = windows1252_ ? RowSteps::kBeyondAscii : ~std::uint64_t{0};
  std::uint64_t beyond_ascii = 0;
  std::int64_t contacts = 0;
  HastyCells::Pen pen = cells_.pen();
  bool stopped = false;
  for (const std::uint32_t* next_row = row_ends + width; next_row <= all; next_row += width) {
    const bool hasty = block + next_row[-1] - row < static_cast<std::ptrdiff_t>(LearntTexts::kHasty);
    const RowSteps::Step* step = hasty ? steps : patient_steps;
    std::uint64_t key = fixed_key;
    std::int64_t count = fixed_count;
    std::uint64_t flags = 0;
    const char* text = row;
    const std::uint32_t* ends = row_ends;
    do {
      ends += step->columns;
      const char* const end = block + ends[-1];
      const auto before = static_cast<std::size_t>(end - text);
      const LearntTexts::Found* found = nullptr;
      if (step->pace == Pace::text16) [[likely]]
        found = step->table.find_first<2>(text, before);
      else if (step->pace == Pace::text24)
        found = step->table.find_first<3>(text, before);
      else if (step->pace == Pace::text32)
        found = step->table.find_first<4>(text, before);
      else if (step->pace == Pace::text48)
        found = step->table.find_first<6>(text, before);
      if (found != nullptr) [[likely]] {
        key |= found->value;
        flags |= found->flags;
      } else if (kCounts && step->pace == Pace::count && before == 1 &&
                 *end == (ends == next_row ? '\n' : separator_) && *text >= '1' && *text <= '9') {
        count = *text - '0';
      } else {
        const RowSteps::Read other = steps_.read_other(step, text, block, row_ends, ends);
        if (!other.known) {
          stopped = true;
          goto done;
        }
        key |= other.bits;
        flags |= other.flags;
        if (kCounts && other.count != 0) count = other.count;
      }
      text = end + 1;
      ++step;
    } while (ends != next_row);
    if constexpr (kPlaces) {
      if (!places_.has(key)) {
        stopped = true;
        goto done;
      }
    }
    if (flags == contradiction) [[unlikely]] {
      stopped = true;
      goto done;
    }
    beyond_ascii += flags & RowSteps::kBeyondAscii;
    if constexpr (kCounts) contacts += count;
    cells_.push(pen, key, count);
    row_ends = next_row;
    row = text;
  }
done:
  cells_.put_down(pen);
  const std::ptrdiff_t rows = (row_ends - first_row) / static_cast<std::ptrdiff_t>(width);
  tally_.rows += rows;
  tally_.beyond_ascii += static_cast<std::int64_t>(beyond_ascii);
  tally_.contacts += kCounts ? contacts : rows * fixed_count;
  next_ += static_cast<std::size_t>(row_ends - first_row);
  row_begin_ = static_cast<std::uint32_t>(row - block);
  return stopped;
}

}  // namespace komhen::detail
