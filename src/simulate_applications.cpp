#include "simulate_applications.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "komhen/measure/published.hpp"

namespace komhen::detail {
namespace {

/// Fewest applications of a task that is printed as 0 %.
constexpr std::int64_t kFewest = 4;

/// Where a share may lie, in hundredths of a per cent: from least to just below most.
struct Band {
  std::int64_t least, most;

  /// The fewest and the most of so many contacts whose share lies here; empty when least > most.
  [[nodiscard]] constexpr Band of(std::int64_t contacts) const noexcept {
    return {(least * contacts + 9'999) / 10'000, (most * contacts + 9'999) / 10'000 - 1};
  }
};

/// A task within the solver.
struct Row {
  std::size_t place;  ///< in kTasks
  Band band;
  std::int64_t weight;
};

/// Where the share of a task must lie. Rounding leaves it half a point to each side; a quarter is used, so
/// that the change between any two rounds of the simulation rounds to the difference of the printed shares.
/// Where the printed change is one more (or less) than that, both shares lie in the outer quarters, away from
/// (or towards) each other.
Band band_of(const PublishedShare& row, bool autumn) {
  const auto share = autumn ? row.autumn_2011 : row.spring_2012;
  if (!share) return {kWithheldLeast, kWithheldMost};
  if (*share == 0) return {0, 13};  // an eighth, as many such tasks move the total together
  const std::int64_t middle = 100 * std::int64_t{*share};
  const int lean = row.change ? *row.change - (*row.spring_2012 - *row.autumn_2011) : 0;
  if (lean == 0) return {middle - 25, middle + 25};
  return (lean > 0) == autumn ? Band{middle - 50, middle - 25} : Band{middle + 25, middle + 50};
}

/// The number of contacts nearest to `near` of which some whole number lies in the band. From 400 contacts on
/// every number does: a quarter of a point of them is a whole contact.
std::int64_t fit(const Band& band, std::int64_t near) {
  const auto holds = [&](std::int64_t contacts) {
    const Band some = band.of(contacts);
    return contacts > 0 && some.least <= some.most;
  };
  for (std::int64_t step = 0;; ++step) {
    if (holds(near + step)) return near + step;
    if (holds(near - step)) return near - step;
  }
}

Applications draw(const Band& band, std::int64_t contacts, Generator& generator) {
  const Band some = band.of(contacts);
  return {contacts, generator.between(some.least, some.most)};
}

/// The tasks by what they do to the total.
struct Rows {
  std::vector<Row> below;       ///< share printed below the total, but not as 0
  std::vector<Row> above;       ///< lift the total; the smallest first
  std::vector<Row> none;        ///< printed as 0: any number of contacts holds it
  std::optional<Row> withheld;  ///< not in the total
  std::int64_t weight = 0;      ///< of all
  std::int64_t total = 0;       ///< per cent
};

Rows rows_of(const RoundModel& model) {
  Rows out;
  out.total = published_total(model.id).value();
  const bool autumn = model.id == "2011-autumn";
  for (std::size_t i = 0; i < kTasks.size(); ++i) {
    const Row row{i, band_of(published_shares()[i], autumn),
                  autumn ? kTaskModels[i].autumn_2011 : kTaskModels[i].spring_2012};
    out.weight += row.weight;
    const auto share = published_share(model.id, kTasks[i].kle);
    if (!share)
      out.withheld = row;
    else
      (*share == 0 ? out.none : *share < out.total ? out.below : out.above).push_back(row);
  }
  std::ranges::stable_sort(out.above, {}, &Row::weight);
  return out;
}

}  // namespace

std::array<Applications, kTasks.size()> plan_applications(const RoundModel& model, std::int64_t about,
                                                          Generator& generator) {
  const Rows rows = rows_of(model);
  // Of the total, in hundredths of a per cent.
  const std::int64_t share = 100 * rows.total + generator.between(-8, 8);
  for (std::int64_t goal = about;; goal += goal / 64 + 1) {
    std::array<Applications, kTasks.size()> out{};
    const auto wobbly = [&](const Row& row) {  // the task's part of the goal, a tenth more or less
      return goal * row.weight * generator.between(90, 110) / (100 * rows.weight);
    };
    std::int64_t withheld = 0;
    if (rows.withheld) {
      const Row& row = *rows.withheld;
      out[row.place] = draw(row.band, fit(row.band, wobbly(row)), generator);
      withheld = out[row.place].contacts;
    }

    Applications sum;  // the withheld task aside
    const auto add = [&](const Row& row, std::int64_t near) {
      const Applications task = draw(row.band, fit(row.band, near), generator);
      out[row.place] = task;
      sum.contacts += task.contacts;
      sum.self_service += task.self_service;
    };
    for (const Row& row : rows.below) add(row, wobbly(row));

    // The tasks above the total share the self-service still needed; each makes good what the last missed.
    std::vector<std::int64_t> weights;
    std::int64_t left = 0;  // self-service by the weights, in hundredths of a per cent
    for (const Row& row : rows.above) {
      weights.push_back(row.weight * generator.between(90, 110));
      left += weights.back() * row.band.least;
    }
    for (std::size_t i = 0; i < rows.above.size(); ++i) {
      const std::int64_t needed =
          std::max<std::int64_t>(part_of(goal - withheld, share) - sum.self_service, 0);
      add(rows.above[i], needed * 10'000 / left * weights[i] + needed * 10'000 % left * weights[i] / left);
      left -= weights[i] * rows.above[i].band.least;
    }

    // The tasks printed as 0 fill up: they can be as many contacts as the total asks for.
    const std::int64_t fill = (sum.self_service * 10'000 + share / 2) / share - sum.contacts;
    const std::int64_t fewest = kFewest * static_cast<std::int64_t>(rows.none.size());
    if (fill < fewest) continue;
    weights.clear();
    for (const Row& row : rows.none) weights.push_back(row.weight * generator.between(90, 110));
    const std::vector<std::int64_t> parts = spread(fill - fewest, weights, generator);
    for (std::size_t i = 0; i < parts.size(); ++i)
      out[rows.none[i].place] = draw(rows.none[i].band, kFewest + parts[i], generator);
    return out;
  }
}

}  // namespace komhen::detail
