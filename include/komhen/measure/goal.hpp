#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/measure/baseline.hpp"
#include "komhen/measure/dated_tasks.hpp"
#include "komhen/measure/exact_number.hpp"
#include "komhen/measure/measure.hpp"

namespace komhen {

/// What a goal is about.
enum class GoalKind : std::uint8_t {
  measure = 1,   ///< a share that measure() knows
  channels = 2,  ///< the share of some channels among all
  change = 3,    ///< the change in contacts from one count to another
  moved = 4,     ///< the share of contacts that moved from some channels to others
  attribute = 5  ///< what no cube can measure; a person gives the value
};

template <>
inline constexpr auto kWords<GoalKind> = std::to_array<Word<GoalKind>>({
    {GoalKind::measure, "measure", "Andel", "Share", ""},
    {GoalKind::channels, "channels", "Kanalers andel", "Share of channels", ""},
    {GoalKind::change, "change", "Ændring i henvendelser", "Change in contacts", ""},
    {GoalKind::moved, "moved", "Flyttet mellem kanaler", "Moved between channels", ""},
    {GoalKind::attribute, "attribute", "Oplyst", "Given", ""},
});
static_assert(detail::well_formed_words<GoalKind>());

/// How the value is held against the goal.
enum class Comparator : std::uint8_t {
  at_least = 1,
  at_most = 2,
  within = 3,  ///< from low to high, both included
  report = 4   ///< nothing is to be reached: a baseline or a definition is asked for
};

template <>
inline constexpr auto kWords<Comparator> = std::to_array<Word<Comparator>>({
    {Comparator::at_least, "at_least", "mindst", "at least", ""},
    {Comparator::at_most, "at_most", "højst", "at most", ""},
    {Comparator::within, "within", "inden for", "within", ""},
    {Comparator::report, "report", "opgøres", "reported", ""},
});
static_assert(detail::well_formed_words<Comparator>());

enum class GoalOutcome : std::uint8_t {
  met = 1,
  not_met = 2,
  measured = 3,  ///< of a goal that asks for no more than a figure
  not_collected =
      4,           ///< no cube holds it, or the count to compare with is not there; not zero and not missed
  no_contacts = 5  ///< nothing was counted that the goal is about
};

template <>
inline constexpr auto kWords<GoalOutcome> = std::to_array<Word<GoalOutcome>>({
    {GoalOutcome::met, "met", "Nået", "Met", ""},
    {GoalOutcome::not_met, "not_met", "Ikke nået", "Not met", ""},
    {GoalOutcome::measured, "measured", "Opgjort", "Measured", ""},
    {GoalOutcome::not_collected, "not_collected", "Ikke opgjort", "Not collected", ""},
    {GoalOutcome::no_contacts, "no_contacts", "Ingen henvendelser", "No contacts", ""},
});
static_assert(detail::well_formed_words<GoalOutcome>());

/// What a person gave of an attribute.
struct GivenValue {
  ExactNumber value;  ///< yes is 1 and no is 0
  std::string text;   ///< as it was written
  std::string source;
};

/// A goal as data.
struct Goal {
  std::string id;
  std::string title;
  std::string source;
  std::string note;
  GoalKind kind = GoalKind::measure;
  Query query;                                  ///< measure, filters, set, basis, scheme; not the tasks
  std::string task_set = "all";                 ///< `all`, `kl-35`, `udk-2012`, `mandatory`
  std::optional<std::vector<KleNumber>> tasks;  ///< instead: named one by one
  std::optional<Date> tasks_at;                 ///< of a dated set; the due date otherwise
  std::vector<Channel> channels;                ///< of `channels`; of `moved` and for the value: moved from
  std::vector<Channel> to;                      ///< of `moved`; for the value: the first of them
  Comparator comparator = Comparator::at_least;
  ExactNumber low;   ///< of at_least and within
  ExactNumber high;  ///< of at_most and within
  std::optional<Date> due;
  std::optional<GivenValue> given;  ///< of an attribute

  /// The tasks as they are on the due date, or on `tasks_at`. @throws Error (argument).
  [[nodiscard]] TaskSet task_set_now() const;
  /// Whether the goal needs a count to compare with.
  [[nodiscard]] bool needs_before() const noexcept {
    return kind == GoalKind::change || kind == GoalKind::moved;
  }
};

/// Reads goals from TOML text, as docs/goals.md says. @throws Error (format) that names file, key and value.
[[nodiscard]] std::vector<Goal> parse_goals(std::string_view toml, std::string_view name);
/// @throws Error (file, format).
[[nodiscard]] std::vector<Goal> load_goals(const std::string& path);

/// A goal held against a count.
struct GoalResult {
  Goal goal;
  GoalOutcome outcome = GoalOutcome::not_collected;
  TaskSet tasks;  ///< the task set that was used, with its day
  Scheme scheme = Scheme::kl_2012;
  std::optional<Share> share;  ///< now: the goal's contacts over all; of a change: contacts now over before
  std::optional<Share> share_before;             ///< of `moved`
  std::optional<ExactNumber> value;              ///< what is held against the goal, exact
  std::optional<ExactNumber> gap;                ///< percentage points still to go, zero when met
  std::optional<std::int64_t> contacts_to_move;  ///< the fewest contacts whose move meets the goal
  std::vector<std::string> notes;
};

/// Holds a goal against a cube; `before` is what `change` and `moved` compare with.
/// @throws Error (argument) as measure() does, and when `before` was counted after `now`.
[[nodiscard]] GoalResult evaluate_goal(const Goal& goal, const Cube& now, const Cube* before = nullptr);
/// The same against a baseline: its scheme and tasks take the place of the goal's. A goal that names its
/// tasks one by one is measured on those of them that the baseline has.
[[nodiscard]] GoalResult evaluate_goal(const Goal& goal, const Cube& now, const Baseline& before);

}  // namespace komhen
