#include <algorithm>
#include <cmath>
#include <set>

#include "case_builder.hpp"
#include "simulate_random.hpp"

/// Ranges: a tornado of one-at-a-time effects, exact, and draws over all of them, an estimate.
/// This file is compiled without contraction of products and sums, so that a seed gives the same figures
/// everywhere.
namespace komhen::detail {
namespace {

constexpr std::int64_t kMostDraws = 10'000'000;
constexpr std::int64_t kDraws = 100'000;
constexpr double kMostDrawn = 1e10;  // steps of all draws, so that no file takes for ever

/// A range in doubles.
struct Spread {
  double low;
  double high;
  double likeliest;
  bool triangular;

  /// @param part from 0 to 1, all alike.
  [[nodiscard]] double at(double part) const {
    const double width = high - low;
    if (!triangular || width == 0) return low + part * width;
    const double rise = likeliest - low;
    if (part * width < rise) return low + std::sqrt(part * width * rise);
    return high - std::sqrt((1 - part) * width * (high - likeliest));
  }
};

struct Range {
  std::string id;
  int node;
  Spread spread;
};

void add_tornado(CaseBuilder& builder, const std::string& figure, Term term,
                 const std::vector<Range>& ranges) {
  std::vector<TornadoBar> bars;
  const auto reached = builder.graph().reached_from(term.node());
  for (const Range& range : ranges) {
    if (!reached[static_cast<std::size_t>(range.node)]) continue;
    const CaseInput& input = *builder.result().input(range.id);
    try {
      bars.push_back({figure, range.id, builder.graph().value_with(term.node(), range.node, *input.low),
                      builder.graph().value_with(term.node(), range.node, *input.high)});
    } catch (const Error& error) {
      throw Error(error.kind(), "with " + quoted(range.id) + " at an end of its range, the figure " +
                                    quoted(figure) + " cannot be computed: " + error.what());
    }
  }
  const auto width = [](const TornadoBar& bar) {
    return bar.at_low < bar.at_high ? bar.at_high - bar.at_low : bar.at_low - bar.at_high;
  };
  std::ranges::stable_sort(bars,
                           [&](const TornadoBar& a, const TornadoBar& b) { return width(a) > width(b); });
  auto& all = builder.result().tornado;
  all.insert(all.end(), bars.begin(), bars.end());
}

/// A double from 0 up to 1, of 53 random bits.
double fraction(Generator& random) noexcept {
  return static_cast<double>(random.next() >> 11U) * 0x1p-53;
}

/// Tells how far the draws are, and stops them where that is wanted.
class Watch {
 public:
  Watch(const CaseOptions& options, std::int64_t all) : options_{options}, all_{all} {}

  /// `draws` more are done.
  void done(std::int64_t draws) {
    done_ += draws;
    look();
  }
  /// A step of other work: cheap enough to be called for every comparison of a sort.
  void step() {
    if ((++steps_ & kMask) == 0) look();
  }

 private:
  static constexpr std::uint64_t kMask = (1U << 18U) - 1;  // comparisons: a few milliseconds

  void look() const {
    if (options_.progress && !options_.progress(done_, all_))
      throw Error(ErrorKind::cancelled, "the case was stopped");
  }

  const CaseOptions& options_;
  std::int64_t all_;
  std::int64_t done_ = 0;
  std::uint64_t steps_ = 0;
};

Simulation drawn(const std::string& figure, CaseUnit unit, std::vector<double>& values, std::uint64_t seed,
                 const std::vector<int>& percentiles, Watch& watch) {
  Simulation out;
  out.figure = figure;
  out.unit = unit;
  out.draws = static_cast<std::int64_t>(values.size());
  out.seed = seed;
  double sum = 0;
  for (const double value : values) sum += value;
  out.mean = sum / static_cast<double>(values.size());
  std::ranges::sort(values, [&](double a, double b) {
    watch.step();
    return a < b;
  });
  out.lowest = values.front();
  out.highest = values.back();
  for (const int per_cent : percentiles) {
    // The smallest value that at least this share of the draws does not pass.
    const auto rank = (static_cast<std::size_t>(per_cent) * values.size() + 99) / 100;
    out.percentiles.push_back({per_cent, values[std::max<std::size_t>(rank, 1) - 1]});
  }
  return out;
}

}  // namespace

void check(const CaseOptions& options) {
  if (options.draws && (*options.draws < 1 || *options.draws > kMostDraws))
    throw Error(ErrorKind::argument,
                "draws is " + std::to_string(*options.draws) + "; it must be from 1 to 10000000");
}

void add_uncertainty(CaseBuilder& builder, const TomlTable& root, const CaseOptions& options) {
  std::vector<Range> ranges;
  for (const CaseInput& input : builder.result().inputs)
    if (input.is_range())
      ranges.push_back(
          {input.id,
           builder.term_of_input(input.id)->node(),
           {input.low->estimate(), input.high->estimate(), input.value.estimate(), input.triangular}});
  if (!root.has("uncertainty")) {
    if (!ranges.empty()) builder.warn("the case has ranges, and no [uncertainty] says which figures to draw");
    return;
  }
  const TomlTable section = *root.table("uncertainty");
  section.allow_only({"figures", "draws", "seed", "percentiles"});
  section.require({"figures"});
  const auto figures = *section.texts("figures");
  if (figures.empty()) section.complain("figures", "names no figure");
  std::set<std::string> once;
  for (const std::string& id : figures)
    if (!once.insert(id).second) section.complain("figures", "names " + quoted(id) + " twice");
  if (ranges.empty()) section.complain("figures", "are to be drawn, but no input of the case is a range");
  const std::int64_t own_draws = section.has("draws") ? count_of(section, "draws") : kDraws;
  if (own_draws < 1 || own_draws > kMostDraws)
    section.complain("draws", "must be from 1 to 10000000, not " + std::to_string(own_draws));
  const std::int64_t draws = options.draws.value_or(own_draws);
  const std::uint64_t seed = options.seed          ? *options.seed
                             : section.has("seed") ? static_cast<std::uint64_t>(count_of(section, "seed"))
                                                   : 1;
  std::vector<int> percentiles{5, 50, 95};
  if (section.has("percentiles")) {
    percentiles.clear();
    const auto texts = *section.texts_or_numbers("percentiles");
    for (const std::string& text : texts) {
      const auto number = ExactNumber::parse(text);
      const auto whole = number ? number->whole() : std::nullopt;
      if (!whole || *whole < 0 || *whole > 100)
        section.complain("percentiles",
                         "has " + quoted(text) + "; a percentile is a whole number from 0 to 100");
      if (std::ranges::find(percentiles, *whole) != percentiles.end())
        section.complain("percentiles", "has " + quoted(text) + " twice");
      percentiles.push_back(static_cast<int>(*whole));
    }
  }
  std::vector<int> varying;
  for (const Range& range : ranges) varying.push_back(range.node);
  double steps = 0;
  constexpr std::int64_t kBetweenLooks = 1 << 14;  // draws: a few milliseconds
  Watch watch{options, draws * static_cast<std::int64_t>(figures.size())};
  for (const std::string& id : figures) {
    const auto term = builder.term_of(id);
    if (!term) section.complain("figures", "has " + quoted(id) + ", which is no figure that can be drawn");
    add_tornado(builder, id, *term, ranges);
    const int result = term->node();
    Program program{builder.graph(), varying, {&result, 1}};
    // A draw of a range, and its place among the sorted, weigh some steps of arithmetic each.
    steps += static_cast<double>(draws) * static_cast<double>(program.size() + 8 * ranges.size() + 24);
    if (steps > kMostDrawn)
      section.complain("draws", "is " + std::to_string(draws) + ", of " + std::to_string(figures.size()) +
                                    " figures over " + std::to_string(ranges.size()) +
                                    " ranges: more than one case may take; fewer would do");
    Generator random{seed};
    std::vector<double> inputs(ranges.size());
    std::vector<double> values(static_cast<std::size_t>(draws));
    std::int64_t pending = 0;
    for (double& value : values) {
      for (std::size_t i = 0; i < ranges.size(); ++i) inputs[i] = ranges[i].spread.at(fraction(random));
      program.run(inputs, {&value, 1});
      if (!std::isfinite(value))
        section.complain("figures",
                         "has " + quoted(id) + ", and a draw of it divides by zero or is too large");
      if (++pending < kBetweenLooks) continue;
      watch.done(pending);
      pending = 0;
    }
    watch.done(pending);
    builder.result().simulations.push_back(
        drawn(id, builder.result().figure(id)->unit, values, seed, percentiles, watch));
  }
}

}  // namespace komhen::detail
