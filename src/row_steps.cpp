#include "row_steps.hpp"

#include <algorithm>
#include <utility>

#include "cube_cells.hpp"
#include "komhen/registration/encoding.hpp"

namespace komhen::detail {
namespace {

using Pace = RowSteps::Pace;

constexpr Pace pace_of(std::size_t longest) noexcept {
  if (longest <= 16) return Pace::text16;
  if (longest <= 24) return Pace::text24;
  if (longest <= 32) return Pace::text32;
  return Pace::text48;
}
/// Instructions that a step by a text takes; counted.
constexpr std::array<unsigned, 4> kCosts{31, 38, 46, 66};

}  // namespace

RowSteps::RowSteps(const RowReader& rows, char separator)
    : separator_{separator},
      usable_{separator != '\0' && separator != '\n' && separator != '\r' && separator != '"' &&
              separator != ' ' && rows.width() <= 200 && !rows.column(Field::event_id)},
      columns_(rows.width()) {
  bool any_text = false;
  for (const Field field : rows.fields()) {
    Column& column = columns_[*rows.column(field)];
    const bool counts = field == Field::count;
    usable_ = usable_ && !(counts && (rows.has_words(field) || !column.fields.empty())) &&
              column.kind != Kind::count;
    column.kind = counts ? Kind::count : Kind::texts;
    column.fields.push_back(field);
    has_count_ = has_count_ || counts;
    any_text = any_text || !counts;
  }
  usable_ = usable_ && any_text;
  if (usable_) arrange();
}

RowSteps::RowSteps(const RowSteps& other)
    : separator_{other.separator_},
      usable_{other.usable_},
      has_count_{other.has_count_},
      columns_{other.columns_},
      runs_{other.runs_} {
  arrange();  // steps know where texts lie
}

std::uint64_t RowSteps::learn(std::span<const std::string_view> fields, std::uint64_t key) {
  std::uint64_t stated = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    if (column.kind != Kind::texts) continue;
    std::uint64_t mask = 0;
    for (const Field field : column.fields) mask |= CubeCells::mask_of(field);
    stated |= mask;
    const bool ascii = is_ascii(fields[i]);
    const auto flags =
        static_cast<std::uint8_t>(ascii ? 0 : kBeyondAscii | (is_utf8(fields[i]) ? 0 : kNotUtf8));
    column.texts.learn(fields[i], key & mask, flags);
  }
  arrange();
  return stated;
}

/// How many columns are read together, from the first to the last, where a row is read quickest.
std::vector<std::size_t> RowSteps::quickest() const {
  struct Way {
    unsigned cost;  // from a column to the end of the row
    std::size_t columns;
  };
  std::vector<Way> best(columns_.size() + 1);
  for (std::size_t first = columns_.size(); first-- > 0;) {
    best[first] = {~0U, 1};
    std::size_t few = 1;
    std::size_t bytes = 0;
    for (std::size_t next = first; next < columns_.size();) {
      const Column& column = columns_[next++];
      few *= column.kind == Kind::texts ? column.texts.size() : 0;
      bytes += column.texts.longest();
      const bool alone = next == first + 1;
      if (!alone && (few == 0 || few > kFewTogether || bytes > LearntTexts::kShort)) break;
      const unsigned cost = kCosts[static_cast<std::size_t>(pace_of(bytes))] + best[next].cost;
      if (cost < best[first].cost) best[first] = {cost, next - first};
    }
  }
  std::vector<std::size_t> out;
  for (std::size_t at = 0; at < columns_.size(); at += out.back()) out.push_back(best[at].columns);
  return out;
}

/// Lays out the steps. Columns only ever get more texts, so it is seldom another way than before.
void RowSteps::arrange() {
  const std::vector<std::size_t> together = quickest();
  if (!std::ranges::equal(together, runs_, {}, {}, &Run::columns)) {
    runs_.clear();
    std::size_t first = 0;
    for (const std::size_t columns : together)
      runs_.push_back({std::exchange(first, first + columns), columns, {}});
  }
  steps_.clear();
  for (const Run& run : runs_) steps_.push_back(step_of(run));
  steps_.resize(runs_.size() + columns_.size(), {{}, Pace::patient, 1});
}

RowSteps::Step RowSteps::step_of(const Run& run) const {
  const Column& column = columns_[run.first];
  if (column.kind != Kind::texts) return {{}, column.kind == Kind::count ? Pace::count : Pace::patient, 1};
  const LearntTexts& texts = run.columns == 1 ? column.texts : run.texts;
  return {texts.table(), pace_of(texts.longest()), static_cast<std::uint8_t>(run.columns)};
}

RowSteps::Read RowSteps::read_other(const Step* step, const char* text, const char* block,
                                    const std::uint32_t* ends, const std::uint32_t* behind) {
  const std::uint32_t* const from = behind - step->columns;
  const auto first = static_cast<std::size_t>(from - ends);
  if (step->columns == 1) return read_column(first, text, block + *from);
  const auto at = static_cast<std::size_t>(step - steps_.data());
  LearntTexts& together = runs_[at].texts;
  const std::size_t size = static_cast<std::size_t>(block + behind[-1] - text) + 1;
  LearntTexts::Found found{};
  if (together.find(text, size, found)) return {true, found.flags, found.value, 0};
  Read out{true};
  const char* begin = text;
  for (std::size_t i = 0; i < step->columns; ++i) {
    const char* const end = block + from[i];
    const Read one = read_column(first + i, begin, end);
    if (!one.known) return one;
    out.bits |= one.bits;
    out.flags |= one.flags;
    begin = end + 1;
  }
  together.learn({text, size}, out.bits, static_cast<std::uint8_t>(out.flags));
  steps_[at] = step_of(runs_[at]);
  return out;
}

RowSteps::Read RowSteps::read_column(std::size_t at, const char* begin, const char* end) const {
  const Column& column = columns_[at];
  const bool last = at + 1 == columns_.size();
  Read out;
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

bool RowSteps::read_count(const char* begin, const char* end, bool last, std::int64_t& count) const {
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

bool RowSteps::pass_unread(const char* begin, const char* end, bool last) const {
  if (*end != (last ? '\n' : separator_)) return false;
  if (last && end != begin && end[-1] == '\r') --end;
  const std::string_view text{begin, static_cast<std::size_t>(end - begin)};
  return text.size() <= 4096 && !text.starts_with('"') && is_ascii(text) &&
         text.find('\r') == std::string_view::npos;
}

}  // namespace komhen::detail
