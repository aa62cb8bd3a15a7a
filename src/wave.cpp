#include "komhen/cost/wave.hpp"

#include <algorithm>
#include <tuple>

#include "posix_file.hpp"
#include "toml_values.hpp"

namespace komhen {
namespace {

using detail::quoted;
using detail::TomlTable;

constexpr std::size_t kMostBytes = std::size_t{4} << 20U;
constexpr std::size_t kMostCandidates = 2'000;

/// One criterion: how it is asked, which answer is in the way, and what it is then called.
struct Criterion {
  std::optional<bool> WaveCandidate::*answer;
  bool obstacle;  ///< the answer that is in the way
  std::string_view key;
  std::string_view obstacle_text;
};
constexpr auto kCriteria = std::to_array<Criterion>({
    {&WaveCandidate::audience_ready, false, "audience_ready", "the audience is not ready"},
    {&WaveCandidate::solution_exists, false, "solution_exists", "there is no working solution"},
    {&WaveCandidate::effective_short_term, false, "effective_short_term",
     "the channel does not serve well soon"},
    {&WaveCandidate::effective_long_term, false, "effective_long_term",
     "the channel does not serve well in the long run"},
    {&WaveCandidate::law_needed, true, "law_needed", "the law must change"},
});

std::string label(const TomlTable& table, std::string_view key) {
  if (!table.has(key)) return "";
  std::string text = *table.text(key);
  if (find_personal(text)) table.complain(key, "holds something like a CPR number");
  return detail::shown(text);
}

void count_contacts(RankedTask& ranked, const Cube& cube, const PriceList& prices, Scheme scheme,
                    const ExactNumber& scale, bool unpriced_apart) {
  Query query;
  query.measure = Measure::self_service;
  query.scheme = scheme;
  query.tasks = {"candidate", std::vector{ranked.candidate.task}};
  query.by = {Dimension::channel, Dimension::group};
  for (const MeasureRow& row : measure(cube, query).rows) {
    const std::int64_t count = row.share.denominator;
    ranked.contacts += count;
    ranked.self_service += row.share.numerator;
    if (count == 0 || row.share.numerator != 0) continue;
    const PricedContact from{static_cast<Channel>(row.key[0].number), Direction::incoming,
                             static_cast<Group>(row.key[1].number), std::nullopt};
    const PricedContact to{Channel::self_service, from.direction, from.group, ranked.candidate.level};
    const PriceRow* price = unpriced_apart ? prices.find(from) : &prices.at(from);
    const PriceRow* then = unpriced_apart ? prices.find(to) : &prices.at(to);
    if (price == nullptr || then == nullptr) {  // a potential needs both
      ranked.unpriced += count;
      continue;
    }
    ranked.movable += count;
    ranked.potential += (price->price - then->price) * ExactNumber{count} * scale;
  }
}

void say_why(RankedTask& ranked, const ExactNumber& scale) {
  for (const Criterion& criterion : kCriteria) {
    const auto answer = ranked.candidate.*criterion.answer;
    if (!answer)
      ranked.unknowns.emplace_back(criterion.key);
    else if (*answer == criterion.obstacle)
      ranked.obstacles.emplace_back(criterion.obstacle_text);
  }
  const bool scaled = scale != ExactNumber{1};
  ranked.reasons.push_back("moving " + std::to_string(ranked.movable) + " contacts" +
                           (scaled ? " x " + scale.exact_text().value_or(scale.fraction_text()) : "") +
                           " saves " + ranked.potential.settle(Rounding::half_up).text() + " kr.");
  ranked.reasons.push_back(
      ranked.contacts == 0 ? "no applications were counted"
                           : std::to_string(per_cent({ranked.self_service, ranked.contacts})) + " % of " +
                                 std::to_string(ranked.contacts) + " applications are by self-service now");
  if (ranked.unpriced > 0)
    ranked.reasons.push_back(std::to_string(ranked.unpriced) +
                             " contacts have no price and are in no potential");
  for (const std::string& obstacle : ranked.obstacles) ranked.reasons.push_back("against it: " + obstacle);
  for (const std::string& unknown : ranked.unknowns) ranked.reasons.push_back("not known: " + unknown);
  if (ranked.candidate.investment)
    ranked.reasons.push_back("it needs an investment of " + ranked.candidate.investment->text() + " kr.");
}

}  // namespace

WaveAnalysis parse_wave(std::string_view toml, std::string_view name) {
  if (toml.size() > kMostBytes)
    throw Error(ErrorKind::format, "the candidates " + quoted(name) + " are longer than 4 MiB");
  const toml::table document = detail::parse_toml(toml, name);
  const TomlTable table{document, std::string{name}, ""};
  table.allow_only({"title", "source", "scale", "candidate"});
  WaveAnalysis out;
  out.title = label(table, "title");
  out.source = label(table, "source");
  if (table.has("scale")) {
    out.scale = detail::exact_of(table, "scale");
    if (out.scale.sign() <= 0) table.complain("scale", "must be above zero");
  }
  const auto rows = table.tables("candidate");
  if (rows.size() > kMostCandidates) table.complain("candidate", "stands there more than 2000 times");
  for (const TomlTable& row : rows) {
    row.allow_only({"task", "audience_ready", "solution_exists", "effective_short_term",
                    "effective_long_term", "law_needed", "investment", "level"});
    row.require({"task"});
    const auto task = KleNumber::parse(*row.text("task"));
    if (!task)
      row.complain("task",
                   "is " + quoted(*row.text("task")) + ", which is no KLE number; one reads like 23.05.10");
    if (std::ranges::find(out.candidates, *task, &WaveCandidate::task) != out.candidates.end())
      row.complain("task", "is " + task->text() + ", which stands there a second time");
    WaveCandidate candidate{*task, {}, {}, {}, {}, {}, {}, {}};
    for (const Criterion& criterion : kCriteria) candidate.*criterion.answer = row.truth(criterion.key);
    if (row.has("investment")) {
      candidate.investment = detail::money_of(row, "investment");
      if (candidate.investment->sign() < 0) row.complain("investment", "is below zero");
    }
    if (row.has("level")) candidate.level = detail::word_of<ServiceLevel>(row, "level");
    out.candidates.push_back(candidate);
  }
  if (out.candidates.empty()) table.complain("candidate", "is missing: each task stands under [[candidate]]");
  return out;
}

WaveAnalysis load_wave(const std::string& path) {
  return parse_wave(detail::read_file(path, kMostBytes), path);
}

std::vector<RankedTask> rank_tasks(const WaveAnalysis& analysis, const Cube& cube, const PriceList& prices,
                                   std::optional<Scheme> scheme, bool unpriced_apart) {
  const Scheme used = scheme ? *scheme : default_scheme(cube);
  prices.check_scheme(used);
  std::vector<RankedTask> out;
  for (const WaveCandidate& candidate : analysis.candidates) {
    RankedTask ranked;
    ranked.candidate = candidate;
    count_contacts(ranked, cube, prices, used, analysis.scale, unpriced_apart);
    say_why(ranked, analysis.scale);
    out.push_back(std::move(ranked));
  }
  std::ranges::sort(out, [](const RankedTask& a, const RankedTask& b) {
    if (a.obstacles.size() != b.obstacles.size()) return a.obstacles.size() < b.obstacles.size();
    if (a.potential != b.potential) return a.potential > b.potential;
    return std::tuple{a.unknowns.size(), a.candidate.task} < std::tuple{b.unknowns.size(), b.candidate.task};
  });
  for (std::size_t i = 0; i < out.size(); ++i) out[i].rank = static_cast<int>(i) + 1;
  return out;
}

}  // namespace komhen
