#include "komhen/measure/compare.hpp"

#include <algorithm>
#include <set>

#include "komhen/registration/personal_data.hpp"

namespace komhen {
namespace {

using detail::quoted;

void require_table(std::string_view round) {
  if (published_total(round)) return;
  std::string known;
  for (const std::string_view id : kPublishedRounds)
    known += (known.empty() ? "" : " and ") + std::string{id};
  throw Error(ErrorKind::argument, "no self-service table is published for the round " + quoted(round) +
                                       "; there is one for " + known);
}

std::set<std::string> sources_of(const Cube& cube) {
  std::set<std::string> out;
  cube.for_each([&](const Registration& cell) { out.emplace(cell.source); });
  return out;
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + quoted(name);
  return out;
}

void warn_of_sources(const Cube& before, const Cube& after, std::vector<std::string>& warnings) {
  const auto a = sources_of(before);
  const auto b = sources_of(after);
  std::vector<std::string> gone;
  std::vector<std::string> come;
  std::ranges::set_difference(a, b, std::back_inserter(gone));
  std::ranges::set_difference(b, a, std::back_inserter(come));
  if (!gone.empty())
    warnings.push_back("only the earlier side has the source " + listed(gone) +
                       ": a change may come from the data and not from behaviour");
  if (!come.empty())
    warnings.push_back("only the later side has the source " + listed(come) +
                       ": a change may come from the data and not from behaviour");
}

void warn_of_packages(const Cube& before, const Cube& after, std::vector<std::string>& warnings) {
  for (const Round& a : before.rounds())
    for (const Round& b : after.rounds())
      if (a.package != b.package) {
        warnings.push_back("the rounds " + quoted(a.id) + " and " + quoted(b.id) +
                           " have different task packages: name a task set that both have");
        return;
      }
}

/// Keys of one query sort the same in both tables, but for labels, whose numbers are ranks in their own cube.
bool key_less(const std::vector<DimensionValue>& a, const std::vector<DimensionValue>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool label = a[i].dimension == Dimension::source || a[i].dimension == Dimension::unit;
    if (label ? a[i].text != b[i].text : a[i].number != b[i].number)
      return label ? a[i].text < b[i].text : a[i].number < b[i].number;
  }
  return false;
}

/// A printed per cent as the half points it can stand for: [low, high).
struct Halves {
  std::int32_t low;
  std::int32_t high;
  bool high_included;  // 100 per cent can be reached, 100.5 cannot
};

Halves halves(std::int32_t printed) noexcept {
  return {std::max(0, 2 * printed - 1), std::min(200, 2 * printed + 1), printed == 100};
}

std::string half_points(std::int32_t halves) {
  const std::int32_t size = halves < 0 ? -halves : halves;
  return (halves < 0 ? "-" : "") + std::to_string(size / 2) + (size % 2 != 0 ? ".5" : "");
}

}  // namespace

Comparison compare(const Cube& before, const Cube& after, const Query& query) {
  if (query.measure == Measure::contacts)
    throw Error(ErrorKind::argument,
                "contacts have no share to compare; compare mix, self_service or another share");
  const MeasureTable first = measure(before, query);
  const MeasureTable second = measure(after, query);
  Comparison out{query.measure, query.by,      first.tasks, first.basis, first.set,
                 first.scheme,  second.scheme, {},          {},          first.incoming};
  if (first.scheme != second.scheme)
    out.warnings.push_back("the earlier side is measured under " + std::string{token(first.scheme)} +
                           " and the later one under " + std::string{token(second.scheme)} +
                           ": name one scheme to compare like with like");
  warn_of_sources(before, after, out.warnings);
  warn_of_packages(before, after, out.warnings);
  for (const std::string& note : first.notes)
    if (std::ranges::find(second.notes, note) != second.notes.end()) out.warnings.push_back(note);
  // A value of a mix that has no contacts is 0 of the whole, where the other values have some.
  const auto whole_of = [&](const MeasureTable& table,
                            const std::vector<DimensionValue>& key) -> std::optional<Share> {
    if (query.measure != Measure::mix) return std::nullopt;
    const std::vector<DimensionValue> others{key.begin(), key.end() - 1};
    const auto row = std::ranges::lower_bound(table.rows, others, key_less, [](const MeasureRow& r) {
      return std::vector<DimensionValue>{r.key.begin(), r.key.end() - 1};
    });
    if (row == table.rows.end() || !std::equal(others.begin(), others.end(), row->key.begin()))
      return std::nullopt;
    return Share{0, row->share.denominator};
  };
  auto a = first.rows.begin();
  auto b = second.rows.begin();
  while (a != first.rows.end() || b != second.rows.end()) {
    const bool only_after = a == first.rows.end() || (b != second.rows.end() && key_less(b->key, a->key));
    const bool only_before = b == second.rows.end() || (a != first.rows.end() && key_less(a->key, b->key));
    Comparison::Row row{only_after ? b->key : a->key, std::nullopt, std::nullopt};
    row.before = only_after ? whole_of(first, row.key) : std::optional{(a++)->share};
    row.after = only_before ? whole_of(second, row.key) : std::optional{(b++)->share};
    out.rows.push_back(std::move(row));
  }
  return out;
}

std::string ChangeInterval::text() const {
  return (above_included ? "from " : "above ") + low_text() + (below_included ? ", up to " : ", below ") +
         high_text();
}

std::string ChangeInterval::low_text() const {
  return half_points(above);
}

std::string ChangeInterval::high_text() const {
  return half_points(below);
}

ChangeInterval change_interval(std::int32_t before, std::int32_t after) noexcept {
  const Halves a = halves(before);
  const Halves b = halves(after);
  return {b.low - a.high, b.high - a.low, a.high_included, b.high_included};
}

std::optional<ChangeInterval> change_interval(std::int32_t before, std::int32_t after,
                                              std::int32_t printed) noexcept {
  ChangeInterval out = change_interval(before, after);
  // Halves are rounded away from zero: 18 stands for [17.5, 18.5), -18 for (-18.5, -17.5], 0 for (-0.5, 0.5).
  const std::int32_t low = 2 * printed - 1;
  const std::int32_t high = 2 * printed + 1;
  if (low > out.above) {
    out.above = low;
    out.above_included = printed > 0;
  } else if (low == out.above) {
    out.above_included = out.above_included && printed > 0;
  }
  if (high < out.below) {
    out.below = high;
    out.below_included = printed < 0;
  } else if (high == out.below) {
    out.below_included = out.below_included && printed < 0;
  }
  const bool one_point = out.above == out.below && out.above_included && out.below_included;
  if (out.above >= out.below && !one_point) return std::nullopt;
  return out;
}

std::vector<PublishedChange> compare_published(std::string_view before, std::string_view after) {
  require_table(before);
  require_table(after);
  const bool printed = before == "2011-autumn" && after == "2012-spring";
  std::vector<PublishedChange> out;
  const auto add = [&](std::optional<KleNumber> task, std::optional<std::int32_t> a,
                       std::optional<std::int32_t> b, std::optional<std::int32_t> change) {
    PublishedChange row{task, a, b, change, std::nullopt, std::nullopt};
    if (a && b) row.from_rounding = change_interval(*a, *b);
    if (a && b && change) row.with_change = change_interval(*a, *b, *change);
    out.push_back(row);
  };
  for (const PublishedShare& row : published_shares())
    add(row.task, published_share(before, row.task), published_share(after, row.task),
        printed ? row.change : std::nullopt);
  add(std::nullopt, published_total(before), published_total(after),
      printed ? std::optional{kPublishedTotalChange} : std::nullopt);
  return out;
}

std::optional<bool> AgainstPublished::agrees() const {
  if (!published || !share || !share->exists()) return std::nullopt;
  return per_cent(*share) == *published;
}

std::vector<AgainstPublished> against_published(const Cube& cube, std::string_view round) {
  require_table(round);
  Query query{Measure::self_service,
              {Dimension::task},
              {},
              load_task_set("kl-35"),
              "application",
              {},
              Scheme::kl_2012,
              false};
  const MeasureTable table = measure(cube, query);
  std::vector<AgainstPublished> out;
  Share total;
  Share without;
  bool withheld_any = false;
  for (const PublishedShare& figure : published_shares()) {
    AgainstPublished row;
    row.task = figure.task;
    row.published = published_share(round, figure.task);
    row.state = row.published ? FigureState::published : FigureState::withheld;
    withheld_any = withheld_any || !row.published;
    const auto found = std::ranges::find_if(
        table.rows, [&](const MeasureRow& r) { return r.key.front().number == figure.task.digits(); });
    if (found != table.rows.end()) {
      row.share = found->share;
      for (Share* sum : {&total, row.published ? &without : nullptr}) {
        if (sum == nullptr) continue;
        sum->numerator += found->share.numerator;
        sum->denominator += found->share.denominator;
      }
    }
    out.push_back(row);
  }
  const auto add_total = [&](AgainstPublished::Row kind, Share share) {
    out.push_back({kind, std::nullopt, FigureState::published, published_total(round),
                   table.rows.empty() ? std::nullopt : std::optional{share}});
  };
  add_total(AgainstPublished::Row::total, total);
  if (withheld_any) add_total(AgainstPublished::Row::total_without_withheld, without);
  return out;
}

}  // namespace komhen
