#include "komhen/measure/goal.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "komhen/registration/personal_data.hpp"

namespace komhen {
namespace {

/// The weeks of a cube.
std::set<Week> weeks_of(const Cube& cube) {
  std::set<Week> weeks;
  cube.for_each([&](const Registration& cell) { weeks.insert(cell.week); });
  return weeks;
}

/// A goal's tasks and scheme, as they are used: the goal's own, or those of a baseline.
struct Frame {
  TaskSet tasks;
  Scheme scheme;
};

Query framed(const Goal& goal, const Frame& frame) {
  Query query = goal.query;
  query.tasks = frame.tasks;
  query.scheme = frame.scheme;
  return query;
}

/// The contacts that pass the goal's filters: incoming unless the goal says a direction; on these channels,
/// or all.
std::int64_t contacts_of(const Cube& cube, const Goal& goal, const Frame& frame,
                         const std::vector<Channel>* only) {
  Query query = framed(goal, frame);
  query.measure = Measure::contacts;
  query.basis = "application";
  query.set.reset();
  const bool says =
      std::ranges::any_of(query.filters, [](const Filter& f) { return f.dimension == Dimension::direction; });
  if (!says) query.filters.push_back({Dimension::direction, {"incoming"}, false});
  query.by = {Dimension::channel};
  std::int64_t sum = 0;
  for (const MeasureRow& row : measure(cube, query).rows) {
    const auto channel = static_cast<Channel>(row.key[0].number);
    if (only == nullptr || std::ranges::find(*only, channel) != only->end()) sum += row.share.numerator;
  }
  return sum;
}

ExactNumber number_of(const Share& share) {
  return ExactNumber::ratio(share.numerator, share.denominator);
}

std::optional<std::int64_t> missing(const ExactNumber& number) {
  return number.sign() <= 0 ? std::optional<std::int64_t>{0} : number.ceiling();
}

/// How far the value lies below the goal's low end (positive), or above its high end (negative).
ExactNumber distance(const Goal& goal, const ExactNumber& value) {
  const bool has_low = goal.comparator == Comparator::at_least || goal.comparator == Comparator::within;
  const bool has_high = goal.comparator == Comparator::at_most || goal.comparator == Comparator::within;
  if (has_low && value < goal.low) return goal.low - value;
  if (has_high && value > goal.high) return goal.high - value;
  return {};
}

/// Holds the value against the goal. `scale` is what a share of 1 is in contacts, now.
void judge(GoalResult& result, const ExactNumber& value, const ExactNumber* scale) {
  result.value = value;
  if (result.goal.comparator == Comparator::report) {
    result.outcome = GoalOutcome::measured;
    return;
  }
  const ExactNumber off = distance(result.goal, value);
  const ExactNumber size = off.sign() < 0 ? -off : off;
  result.outcome = off.is_zero() ? GoalOutcome::met : GoalOutcome::not_met;
  if (result.goal.kind == GoalKind::attribute) return;
  result.gap = size * ExactNumber{100};
  if (scale == nullptr) return;
  const auto moved = missing(size * *scale);
  if (moved && *moved > 0) {  // a narrow range can lie between two whole contacts
    const ExactNumber step = ExactNumber{*moved} / *scale;
    if (!distance(result.goal, off.sign() > 0 ? value + step : value - step).is_zero()) {
      result.notes.emplace_back("no whole number of contacts can be moved that meets it");
      return;
    }
  }
  result.contacts_to_move = moved;
}

void measure_share(GoalResult& result, const Cube& now, const Frame& frame) {
  Share share;
  if (result.goal.kind == GoalKind::measure) {
    const MeasureTable table = measure(now, framed(result.goal, frame));
    if (!table.rows.empty()) share = table.rows.front().share;
  } else {
    share = {contacts_of(now, result.goal, frame, &result.goal.channels),
             contacts_of(now, result.goal, frame, nullptr)};
  }
  if (!share.exists()) {
    result.outcome = GoalOutcome::no_contacts;
    return;
  }
  result.share = share;
  const ExactNumber scale{share.denominator};
  judge(result, number_of(share), &scale);
}

void measure_change(GoalResult& result, const Cube& now, const Cube& before, const Frame& frame) {
  const Share share{contacts_of(now, result.goal, frame, nullptr),
                    contacts_of(before, result.goal, frame, nullptr)};
  if (!share.exists()) {
    result.outcome = GoalOutcome::no_contacts;
    return;
  }
  result.share = share;
  const ExactNumber scale{share.denominator};
  judge(result, number_of(share) - ExactNumber{1}, &scale);
  const auto weeks = weeks_of(now).size();
  const auto weeks_before = weeks_of(before).size();
  if (weeks != weeks_before)
    result.notes.push_back("the counts cover " + std::to_string(weeks) + " and " +
                           std::to_string(weeks_before) +
                           " weeks: a change in contacts is partly one of weeks");
}

void measure_moved(GoalResult& result, const Cube& now, const Cube& before, const Frame& frame) {
  const auto share_of = [&](const Cube& cube) {
    const std::int64_t from = contacts_of(cube, result.goal, frame, &result.goal.channels);
    return Share{from, from + contacts_of(cube, result.goal, frame, &result.goal.to)};
  };
  result.share_before = share_of(before);
  result.share = share_of(now);
  if (result.share_before->numerator == 0 || !result.share->exists()) {
    result.outcome = GoalOutcome::no_contacts;
    return;
  }
  // Of what was on the old channels, as shares of old and new, so that a busier year is no move.
  const ExactNumber was = number_of(*result.share_before);
  const ExactNumber scale = was * ExactNumber{result.share->denominator};
  judge(result, (was - number_of(*result.share)) / was, &scale);
}

void note_dates(GoalResult& result, const Cube& now) {
  const auto weeks = weeks_of(now);
  if (!result.goal.due || weeks.empty()) return;
  const Date last = weeks.rbegin()->monday() + std::chrono::days{6};
  if (last < *result.goal.due)
    result.notes.push_back("counted to " + date_text(last) + ", before the goal is due on " +
                           date_text(*result.goal.due));
}

GoalResult evaluated(const Goal& goal, const Cube& now, const Cube* before, const Frame& frame) {
  GoalResult result;
  result.goal = goal;
  result.tasks = frame.tasks;
  result.scheme = frame.scheme;
  if (!goal.note.empty()) result.notes.push_back(goal.note);
  if (goal.kind == GoalKind::attribute) {
    if (goal.given)
      judge(result, goal.given->value, nullptr);
    else
      result.notes.emplace_back("no cube holds it, and no value was given");
    return result;
  }
  if (goal.needs_before()) {
    if (before == nullptr) {
      result.notes.emplace_back("it compares two counts, and there is one");
      if (now.empty()) (void)contacts_of(now, goal, frame, nullptr);  // refuses what cannot be measured
      return result;
    }
    const auto earlier = weeks_of(*before);
    const auto later = weeks_of(now);
    if (!earlier.empty() && !later.empty() && *earlier.begin() > *later.rbegin())
      throw Error(ErrorKind::argument, "the goal " + detail::quoted(goal.id) +
                                           " is held against a count of " + earlier.begin()->text() +
                                           ", later than the one of " + later.rbegin()->text());
  }
  if (goal.kind == GoalKind::change)
    measure_change(result, now, *before, frame);
  else if (goal.kind == GoalKind::moved)
    measure_moved(result, now, *before, frame);
  else
    measure_share(result, now, frame);
  note_dates(result, now);
  return result;
}

}  // namespace

TaskSet Goal::task_set_now() const {
  if (tasks) return {"named", tasks};
  if (is_dated_task_set(task_set)) return dated_task_set(task_set, tasks_at ? tasks_at : due);
  return load_task_set(task_set);
}

GoalResult evaluate_goal(const Goal& goal, const Cube& now, const Cube* before) {
  return evaluated(goal, now, before,
                   {goal.task_set_now(), goal.query.scheme ? *goal.query.scheme : default_scheme(now)});
}

GoalResult evaluate_goal(const Goal& goal, const Cube& now, const Baseline& before) {
  TaskSet tasks = before.tasks;
  if (goal.tasks) {  // a goal about certain tasks stays about them
    tasks = {"named among " + before.tasks.name, std::vector<KleNumber>{}};
    std::ranges::copy_if(*goal.tasks, std::back_inserter(*tasks.only), [&](KleNumber task) {
      return !before.tasks.only || std::ranges::binary_search(*before.tasks.only, task);
    });
  }
  GoalResult result = evaluated(goal, now, &before.cube, {std::move(tasks), before.scheme});
  if (goal.kind == GoalKind::attribute) return result;  // nothing was measured
  result.notes.push_back("measured against the baseline of " + date_text(before.date) + " on the tasks " +
                         before.tasks.name + ", fingerprint " + before.fingerprint);
  return result;
}

}  // namespace komhen
