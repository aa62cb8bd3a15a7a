#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/measure/measure.hpp"
#include "komhen/measure/published.hpp"

namespace komhen {

/// Two measures of the same kind, side by side.
struct Comparison {
  struct Row {
    std::vector<DimensionValue> key;
    std::optional<Share> before;  ///< nullopt: no contacts of that combination; without denominator: no share
    std::optional<Share> after;

    /// Whether there is a change: a share on both sides.
    [[nodiscard]] bool changes() const noexcept {
      return before && after && before->exists() && after->exists();
    }
  };

  Measure measure;
  std::vector<Dimension> by;
  std::string tasks;
  std::string basis;              ///< of self_service, else empty
  std::optional<DigitalSet> set;  ///< of digital
  Scheme scheme_before;
  Scheme scheme_after;
  std::vector<Row> rows;
  std::vector<std::string> warnings;  ///< why a change may not be one of behaviour, one sentence each
  bool incoming = false;              ///< as of MeasureTable
};

/// Compares a measure of two cubes. Shares stay exact: see change_text() and printed_change().
///
/// Warns when the schemes differ, when a source is in one cube only, and when the closed packages differ:
/// then a change may come from the method or the data and not from behaviour.
/// @throws Error (argument) as measure() does, and for contacts, which have no share.
[[nodiscard]] Comparison compare(const Cube& before, const Cube& after, const Query& query);

/// What the rounding of two printed per cents allows the true change to be: above `above` and below `below`,
/// in half percentage points. 55 after 38: above 16 (32 halves), below 18 (36 halves).
struct ChangeInterval {
  std::int32_t above;
  std::int32_t below;
  bool above_included = false;  ///< whether the lower end itself is possible
  bool below_included = false;  ///< whether the upper end itself is possible

  /// `above 16, below 18`
  [[nodiscard]] std::string text() const;
  /// The ends in percentage points, such as `16.5`.
  [[nodiscard]] std::string low_text() const;
  [[nodiscard]] std::string high_text() const;
  friend bool operator==(const ChangeInterval&, const ChangeInterval&) = default;
};

/// The interval that two printed shares (per cent, rounded half up) allow.
[[nodiscard]] ChangeInterval change_interval(std::int32_t before, std::int32_t after) noexcept;

/// The same, narrowed by a printed change that was itself rounded from exact shares; nullopt when the three
/// figures contradict each other.
[[nodiscard]] std::optional<ChangeInterval> change_interval(std::int32_t before, std::int32_t after,
                                                            std::int32_t printed) noexcept;

/// One row of a comparison of published figures; the total is the row without a task.
struct PublishedChange {
  std::optional<KleNumber> task;
  std::optional<std::int32_t> before;  ///< printed per cent; nullopt: withheld
  std::optional<std::int32_t> after;
  std::optional<std::int32_t> printed_change;
  std::optional<ChangeInterval> from_rounding;  ///< what the two shares allow
  std::optional<ChangeInterval> with_change;    ///< what they and the printed change allow
};

/// The published self-service tables of two rounds: the 35 tasks, then the total.
/// The printed change is there only for 2011-autumn to 2012-spring: no other was printed.
/// @throws Error (argument) for a round without a printed table.
[[nodiscard]] std::vector<PublishedChange> compare_published(std::string_view before, std::string_view after);

/// A cube held against a round's published self-service table.
struct AgainstPublished {
  enum class Row : std::uint8_t { task = 1, total = 2, total_without_withheld = 3 };
  Row row = Row::task;
  std::optional<KleNumber> task;          ///< of a task row
  FigureState state;                      ///< of the printed figure
  std::optional<std::int32_t> published;  ///< printed per cent
  std::optional<Share> share;             ///< computed: applications, incoming; nullopt: no contacts
  /// Whether the computed share rounds to the printed one; nullopt where one of them is missing.
  [[nodiscard]] std::optional<bool> agrees() const;
};

/// The 35 tasks, the total, and (where a figure is withheld) the total without the withheld tasks: the source
/// does not say which of the two it printed. Measured under the table's own scheme, kl-2012.
/// @throws Error (argument) for a round without a printed table.
[[nodiscard]] std::vector<AgainstPublished> against_published(const Cube& cube, std::string_view round);

}  // namespace komhen
