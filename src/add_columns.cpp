#include "komhen/tally/add_columns.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "code_lane.hpp"
#include "codes.hpp"
#include "count_ways.hpp"
#include "cube_batch.hpp"
#include "dense_tally.hpp"

namespace komhen {
namespace {

using detail::CodeLane;
using detail::CubeBatch;
using detail::DenseTally;
using detail::kUnlearnt;
using detail::LabelState;
using detail::PlaceCode;
using detail::TaskCode;

/// The last value in each of its places: what recurs is worked out once.
template <class Value>
class Recent {
 public:
  Recent() : places_(kPlaces) {}

  template <class Make>
  Value& get(std::uint64_t key, Make&& make) {
    Place& place = places_[detail::hash_word(key) % kPlaces];
    if (!place.used || place.key != key) {
      place.value = make();
      place.key = key;
      place.used = true;
    }
    return place.value;
  }

 private:
  static constexpr std::size_t kPlaces = 256;
  struct Place {
    std::uint64_t key = 0;
    bool used = false;
    Value value{};
  };
  std::vector<Place> places_;
};

struct NumberedTask {
  TaskCode code;
  bool numbered = false;  // by the cube, when a row with it is first accepted
  std::uint32_t number = 0;
};

/// The texts of one source or unit column: each is checked, and numbered by the cube, when a row first has
/// it.
class Labels {
 public:
  explicit Labels(const LabelColumn& column)
      : texts_{column.texts}, index_{column.index}, known_(std::max<std::size_t>(texts_.size(), 1)) {}

  struct Known {
    LabelState state = LabelState::good;
    bool checked = false;
    bool numbered = false;
    std::uint32_t number = 0;
  };

  /// The text of a row; nullptr when its index lies outside the dictionary.
  [[nodiscard]] Known* at(std::size_t row) {
    std::size_t place = 0;
    if (index_ != nullptr) {
      if (index_[row] < 0 || static_cast<std::size_t>(index_[row]) >= texts_.size()) return nullptr;
      place = static_cast<std::size_t>(index_[row]);
    }
    Known& known = known_[place];
    if (!known.checked) {
      known.state = detail::label_state(text(known), kMaxLabel);
      known.checked = true;
    }
    return &known;
  }

  template <class Number>
  std::uint32_t number(Known& known, Number&& number_of) {
    if (!known.numbered) {
      known.number = number_of(text(known));
      known.numbered = true;
    }
    return known.number;
  }

 private:
  [[nodiscard]] std::string_view text(const Known& known) const {
    return texts_.empty() ? std::string_view{} : texts_[static_cast<std::size_t>(&known - known_.data())];
  }

  std::span<const std::string_view> texts_;
  const std::int32_t* index_;
  std::vector<Known> known_;
};

void check_call(const Columns& columns, std::span<std::uint8_t> reasons) {
  if (!reasons.empty() && reasons.size() != columns.rows)
    throw Error(ErrorKind::argument, "there is room for " + std::to_string(reasons.size()) +
                                         " reasons and there are " + std::to_string(columns.rows) + " rows");
  const std::array<std::pair<const void*, Field>, 6> required{{{columns.municipality, Field::municipality},
                                                               {columns.week, Field::week},
                                                               {columns.task, Field::kle},
                                                               {columns.channel, Field::channel},
                                                               {columns.type, Field::type},
                                                               {columns.direction, Field::direction}}};
  for (const auto& [data, field] : required)
    if (data == nullptr && columns.rows != 0)
      throw Error(ErrorKind::argument, "the column " + std::string{token(field)} + " is missing");
  for (const auto& [column, field] :
       {std::pair{&columns.source, Field::source}, std::pair{&columns.unit, Field::unit}})
    if (column->index == nullptr && column->texts.size() > 1)
      throw Error(ErrorKind::argument, "the column " + std::string{token(field)} + " has " +
                                           std::to_string(column->texts.size()) +
                                           " texts and no index into them");
}

/// The rows of a batch, one after the other: what each is, and its key where it counts.
class Rows {
 public:
  Rows(const Columns& columns, const Admission& admission)
      : columns_{columns}, admission_{admission}, sources_{columns.source}, units_{columns.unit} {}

  struct Row {
    Reason reason;
    std::int64_t count;
    CubeBatch::Key key;  // where it is accepted, and a batch was given
  };

  /// What a row is; its key for a cube, if there is one.
  Row look(std::size_t row, CubeBatch* batch) {
    Codes codes;
    codes.channel = columns_.channel[row];
    codes.type = columns_.type[row];
    codes.direction = columns_.direction[row];
    if (columns_.closure != nullptr) codes.closure = columns_.closure[row];
    if (columns_.form != nullptr) codes.form = columns_.form[row];
    if (columns_.count != nullptr) codes.count = columns_.count[row];
    const auto municipality = static_cast<std::uint32_t>(columns_.municipality[row]);
    const auto week = static_cast<std::uint32_t>(columns_.week[row]);
    const PlaceCode& place = places_.get(std::uint64_t{municipality} << 32U | week, [&] {
      return detail::place_of(columns_.municipality[row], columns_.week[row], admission_);
    });
    NumberedTask& task = tasks_.get(static_cast<std::uint32_t>(columns_.task[row]), [&] {
      return NumberedTask{detail::task_of(columns_.task[row], admission_)};
    });
    Labels::Known* const source = sources_.at(row);
    Labels::Known* const unit = units_.at(row);
    const auto state = [](const Labels::Known* known) {
      return known != nullptr ? known->state : LabelState::bad;
    };
    Row out{
        detail::reason_of(codes, place, task.code, std::max(state(source), state(unit))), codes.count, {}};
    if (out.reason != Reason::accepted || batch == nullptr) return out;
    if (!task.numbered) {
      task.number = batch->number_of_task(*KleNumber::from_digits(task.code.task));
      task.numbered = true;
    }
    out.key = CubeBatch::key_of(
        detail::registration_of(codes, place, task.code), task.number,
        units_.number(*unit, [&](std::string_view text) { return batch->number_of_unit(text); }),
        sources_.number(*source, [&](std::string_view text) { return batch->number_of_source(text); }));
    return out;
  }

 private:
  const Columns& columns_;
  const Admission& admission_;
  Recent<PlaceCode> places_;
  Recent<NumberedTask> tasks_;
  Labels sources_;
  Labels units_;
};

/// One call: reads every row, by the quickest of three ways that knows it.
///
/// The first time that a code is met, its row is looked at by the rules; after that a lane knows it; and once
/// most codes have been met, rows are counted in an array, where it is not too large. When memory runs out,
/// what has come into the cube by then is taken away again.
class AddColumns {
 public:
  AddColumns(Cube& cube, const Columns& columns, const Admission& admission, std::string round,
             std::span<std::uint8_t> reasons)
      : columns_{columns}, admission_{admission}, reasons_{reasons}, batch_{cube}, rows_{columns, admission} {
    outcome_.rows_read = static_cast<std::int64_t>(columns.rows);
    outcome_.encoding = "utf-8";
    outcome_.round = std::move(round);
  }

  [[nodiscard]] CubeBatch& batch() noexcept { return batch_; }

  /// @throws Error (overflow) when the cube has no room for the contacts; nothing has been added.
  void check_room() {
    const auto most = static_cast<std::int64_t>(
        std::min<std::size_t>(columns_.rows, std::numeric_limits<std::int64_t>::max() / kMaxRowCount));
    std::int64_t room = batch_.room();
    if (most * kMaxRowCount <= room) return;
    for (std::size_t row = 0; row < columns_.rows; ++row) {
      const Rows::Row looked = rows_.look(row, nullptr);
      note(row, row + 1, looked.reason);
      if (looked.reason != Reason::accepted) continue;
      if (looked.count > room) CubeBatch::refuse_overflow();
      room -= looked.count;
    }
  }

  Outcome run() {
    try {
      if (detail::count_ways().lane && columns_.rows >= kWorthALane)
        lane_.emplace(columns_, admission_.by_place());
      for (std::size_t row = 0; row < columns_.rows;) {
        if (lane_ && apart_ >= patience_) begin_dense(row);
        if (dense_) row = count_dense(row);
        const std::size_t begin = row;
        const std::size_t until = std::min(columns_.rows, row + (dense_ ? 1 : patience_));
        if (lane_) row = count_known(row, until);
        if (row < until) add_one(row++);
        apart_ += row - begin;
      }
      fold(columns_.rows);
      batch_.flush();
    } catch (...) {
      take_away();
      throw;
    }
    return std::move(outcome_);
  }

 private:
  static constexpr std::size_t kWorthALane = 256;

  void note(std::size_t begin, std::size_t end, Reason reason) {
    if (!reasons_.empty())
      std::ranges::fill(reasons_.subspan(begin, end - begin), static_cast<std::uint8_t>(reason));
  }
  void note_accepted(std::size_t begin, std::size_t end, std::int64_t contacts) {
    note(begin, end, Reason::accepted);
    outcome_.rows_accepted += static_cast<std::int64_t>(end - begin);
    outcome_.contacts += contacts;
  }

  /// Adds rows as long as the lane knows them; returns the first that it does not know.
  std::size_t count_known(std::size_t row, std::size_t end) {
    const std::size_t begin = row;
    std::int64_t contacts = 0;
    for (; row < end; ++row) {
      const std::uint64_t key = lane_->key_of(row);
      const std::int64_t count = columns_.count != nullptr ? columns_.count[row] : 1;
      if (key == kUnlearnt || count < 1 || count > kMaxRowCount) break;
      batch_.add_narrow(key, count);
      contacts += count;
    }
    note_accepted(begin, row, contacts);
    return row;
  }

  void add_one(std::size_t row) {
    const Rows::Row looked = rows_.look(row, &batch_);
    if (looked.reason != Reason::accepted) {
      note(row, row + 1, looked.reason);
      ++outcome_.rejected[static_cast<std::size_t>(looked.reason)];
      return;
    }
    if (!batch_.is_narrow()) {
      fold(row);
      dense_.reset();
      lane_.reset();
    }
    if (lane_) learn(row, CubeBatch::narrowed(looked.key));
    batch_.add(looked.key, looked.count);
    note_accepted(row, row + 1, looked.count);
  }

  void learn(std::size_t row, std::uint64_t key) {
    lane_->learn(row, key);
    if (dense_)
      lane_->each_code(row, key, [&](std::size_t column, const auto& code) { dense_->learn(column, code); });
  }

  /// An array of what has been learnt by now, if there is more than when the last was made; so many rows have
  /// come since that have no place in that one.
  void begin_dense(std::size_t row) {
    apart_ = 0;
    if (!batch_.is_narrow() || lane_->has_places() || columns_.count != nullptr ||
        lane_->lessons() == lessons_)
      return;
    lessons_ = lane_->lessons();
    auto dense = DenseTally::of(lane_->fixed_bits(), lane_->learnt_columns(), columns_.rows - row,
                                dense_ ? &*dense_ : nullptr);
    patience_ = dense ? dense->patience() : 2 * patience_;
    if (!dense) return;
    fold(row);
    dense_ = std::move(dense);
    if (dense_rows_.empty()) dense_rows_.resize(columns_.rows);
  }
  std::size_t count_dense(std::size_t row) {
    const std::size_t end = dense_->count(row, std::min(columns_.rows, folded_ + DenseTally::kTogether),
                                          [this](auto&&... given) { lane_->lead(given...); });
    std::fill(dense_rows_.begin() + static_cast<std::ptrdiff_t>(row),
              dense_rows_.begin() + static_cast<std::ptrdiff_t>(end), true);
    note_accepted(row, end, static_cast<std::int64_t>(end - row));
    if (end == folded_ + DenseTally::kTogether) fold(end);
    return end;
  }
  /// Brings what the array has counted of the rows before `row` into the cube: all of it or nothing.
  void fold(std::size_t row) {
    if (dense_ && dense_->counted() != 0) {
      if (dense_->has_many())
        fold_as<DenseTally::Near>();
      else
        fold_as<DenseTally::NearFew>();
      dense_->clear();
    }
    folded_ = row;
  }
  template <class SomeNear>
  void fold_as() {
    batch_.add_all_near<SomeNear>(static_cast<std::int64_t>(dense_->counted()), dense_->near_counted(),
                                  [this](auto&& visit) { dense_->template each_near<SomeNear>(visit); });
  }

  void take_away() noexcept {
    std::size_t left = batch_.added();
    for (std::size_t row = 0; row < columns_.rows; ++row) {
      const bool dense = !dense_rows_.empty() && dense_rows_[row];
      if (dense ? row >= folded_ : left == 0) continue;
      const Rows::Row looked = rows_.look(row, &batch_);
      if (looked.reason != Reason::accepted) continue;
      batch_.take(looked.key, looked.count);
      if (!dense) --left;
    }
  }

  const Columns& columns_;
  const Admission& admission_;
  std::span<std::uint8_t> reasons_;
  CubeBatch batch_;
  Rows rows_;
  Outcome outcome_;
  std::optional<CodeLane> lane_;
  std::size_t apart_ = 0;  ///< rows since an array was last tried that had no place in one
  std::size_t patience_ = std::max<std::size_t>(detail::count_ways().array_from,
                                                1);  ///< so many of them before one is tried again
  std::size_t lessons_ = 0;                          ///< of the lane, when the array was made
  std::optional<DenseTally> dense_;
  std::vector<bool> dense_rows_;  ///< which rows an array has counted
  std::size_t folded_ = 0;        ///< of the rows before this, they are in the cube
};

}  // namespace

Outcome add_columns(Cube& cube, const Columns& columns, const Round* round,
                    const Participation* participation, std::span<std::uint8_t> reasons) {
  check_call(columns, reasons);
  const Admission admission{round, participation};
  AddColumns adding{cube, columns, admission, round != nullptr ? round->id : std::string{}, reasons};
  adding.check_room();
  if (round != nullptr) adding.batch().prepare_round(*round);
  Outcome outcome = adding.run();
  adding.batch().note_round();
  return outcome;
}

}  // namespace komhen
