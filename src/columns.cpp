#include "komhen/registration/columns.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "codes.hpp"
#include "cube_batch.hpp"
#include "komhen/tally/add_columns.hpp"

namespace komhen {
namespace {

using detail::CubeBatch;
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

}  // namespace

Checked check(const Codes& codes, const Admission& admission) {
  const PlaceCode place = detail::place_of(codes.municipality, codes.week, admission);
  const TaskCode task = detail::task_of(codes.task, admission);
  const LabelState labels =
      std::max({detail::label_state(codes.source, kMaxLabel), detail::label_state(codes.unit, kMaxLabel),
                detail::label_state(codes.event_id, kMaxEventId)});
  const Reason reason = detail::reason_of(codes, place, task, labels);
  if (reason != Reason::accepted) return {reason, std::nullopt};
  return {reason, detail::registration_of(codes, place, task)};
}

Reason add_codes(Cube& cube, const Codes& codes, const Admission& admission) {
  const PlaceCode place = detail::place_of(codes.municipality, codes.week, admission);
  const TaskCode task = detail::task_of(codes.task, admission);
  LabelState labels = detail::label_state(codes.event_id, kMaxEventId);
  // A text that the cube holds has been looked at before.
  const std::uint32_t unit = CubeBatch::known_unit(cube, codes.unit);
  if (unit == CubeBatch::kNone) labels = std::max(labels, detail::label_state(codes.unit, kMaxLabel));
  const std::uint32_t source = CubeBatch::known_source(cube, codes.source);
  if (source == CubeBatch::kNone) labels = std::max(labels, detail::label_state(codes.source, kMaxLabel));
  const Reason reason = detail::reason_of(codes, place, task, labels);
  if (reason == Reason::accepted)
    CubeBatch::add_one(cube, detail::registration_of(codes, place, task), unit, source);
  return reason;
}

Reason add_codes_of_round(Cube& cube, const Codes& codes, const Round& round,
                          const Participation* participation) {
  CubeBatch batch{cube};
  batch.prepare_round(round);
  const Reason reason = add_codes(cube, codes, {&round, participation});
  batch.note_round();
  return reason;
}

namespace {

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
      task.number = batch->number_of_task(*task.code.task);
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

}  // namespace

Outcome add_columns(Cube& cube, const Columns& columns, const Round* round,
                    const Participation* participation, std::span<std::uint8_t> reasons) {
  check_call(columns, reasons);
  const Admission admission{round, participation};
  CubeBatch batch{cube};
  Rows rows{columns, admission};
  Outcome outcome;
  outcome.encoding = "utf-8";
  if (round != nullptr) outcome.round = round->id;
  outcome.rows_read = static_cast<std::int64_t>(columns.rows);

  // Where the cube might not hold them all, they are added up first.
  const auto most = static_cast<std::int64_t>(
      std::min<std::size_t>(columns.rows, std::numeric_limits<std::int64_t>::max() / kMaxRowCount));
  if (most * kMaxRowCount > batch.room()) {
    std::int64_t room = batch.room();
    for (std::size_t row = 0; row < columns.rows; ++row) {
      const Rows::Row looked = rows.look(row, nullptr);
      if (!reasons.empty()) reasons[row] = static_cast<std::uint8_t>(looked.reason);
      if (looked.reason != Reason::accepted) continue;
      if (looked.count > room) CubeBatch::refuse_overflow();
      room -= looked.count;
    }
  }
  if (round != nullptr) batch.prepare_round(*round);
  try {
    for (std::size_t row = 0; row < columns.rows; ++row) {
      const Rows::Row looked = rows.look(row, &batch);
      if (!reasons.empty()) reasons[row] = static_cast<std::uint8_t>(looked.reason);
      if (looked.reason != Reason::accepted) {
        ++outcome.rejected[static_cast<std::size_t>(looked.reason)];
        continue;
      }
      batch.add(looked.key, looked.count);
      ++outcome.rows_accepted;
      outcome.contacts += looked.count;
    }
    batch.flush();
  } catch (...) {  // memory ran out: what has been added, and so is known by now, is taken away again
    std::size_t left = batch.added();
    for (std::size_t row = 0; left != 0; ++row) {
      const Rows::Row looked = rows.look(row, &batch);
      if (looked.reason != Reason::accepted) continue;
      batch.take(looked.key, looked.count);
      --left;
    }
    throw;
  }
  batch.note_round();
  return outcome;
}

}  // namespace komhen
