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
  const Checked checked = check(codes, admission);
  if (checked.registration) detail::CubeBatch::add_one(cube, *checked.registration);
  return checked.reason;
}

Reason add_codes_of_round(Cube& cube, const Codes& codes, const Round& round,
                          const Participation* participation) {
  const Checked checked = check(codes, {&round, participation});
  detail::CubeBatch batch{cube};
  if (const auto& row = checked.registration)
    batch.add(*row, batch.number_of_task(row->task), batch.number_of_unit(row->unit),
              batch.number_of_source(row->source));
  batch.commit(&round);
  return checked.reason;
}

Outcome add_columns(Cube& cube, const Columns& columns, const Round* round,
                    const Participation* participation, std::span<std::uint8_t> reasons) {
  check_call(columns, reasons);
  const Admission admission{round, participation};
  detail::CubeBatch batch{cube};
  Recent<PlaceCode> places;
  Recent<NumberedTask> tasks;
  Labels sources{columns.source};
  Labels units{columns.unit};
  Outcome outcome;
  outcome.encoding = "utf-8";
  if (round != nullptr) outcome.round = round->id;
  outcome.rows_read = static_cast<std::int64_t>(columns.rows);

  for (std::size_t row = 0; row < columns.rows; ++row) {
    Codes codes;
    codes.channel = columns.channel[row];
    codes.type = columns.type[row];
    codes.direction = columns.direction[row];
    if (columns.closure != nullptr) codes.closure = columns.closure[row];
    if (columns.form != nullptr) codes.form = columns.form[row];
    if (columns.count != nullptr) codes.count = columns.count[row];
    const auto municipality = static_cast<std::uint32_t>(columns.municipality[row]);
    const auto week = static_cast<std::uint32_t>(columns.week[row]);
    const PlaceCode& place = places.get(std::uint64_t{municipality} << 32U | week, [&] {
      return detail::place_of(columns.municipality[row], columns.week[row], admission);
    });
    NumberedTask& task = tasks.get(static_cast<std::uint32_t>(columns.task[row]), [&] {
      return NumberedTask{detail::task_of(columns.task[row], admission)};
    });
    Labels::Known* const source = sources.at(row);
    Labels::Known* const unit = units.at(row);
    const auto state = [](const Labels::Known* known) {
      return known != nullptr ? known->state : LabelState::bad;
    };
    const Reason reason = detail::reason_of(codes, place, task.code, std::max(state(source), state(unit)));
    if (!reasons.empty()) reasons[row] = static_cast<std::uint8_t>(reason);
    if (reason != Reason::accepted) {
      ++outcome.rejected[static_cast<std::size_t>(reason)];
      continue;
    }
    if (!task.numbered) {
      task.number = batch.number_of_task(*task.code.task);
      task.numbered = true;
    }
    batch.add(detail::registration_of(codes, place, task.code), task.number,
              units.number(*unit, [&](std::string_view text) { return batch.number_of_unit(text); }),
              sources.number(*source, [&](std::string_view text) { return batch.number_of_source(text); }));
    ++outcome.rows_accepted;
    outcome.contacts += codes.count;
  }
  batch.commit(round);
  return outcome;
}

}  // namespace komhen
