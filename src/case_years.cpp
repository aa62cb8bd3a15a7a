#include <algorithm>
#include <cmath>

#include "case_builder.hpp"
#include "komhen/round/round.hpp"

/// A yearly gain over the years: investment, ramp, running cost and discounting.
namespace komhen::detail {
namespace {

constexpr std::int64_t kMostYears = 100;

/// An amount for every year: one for all, or one each.
std::vector<Term> yearly_kroner(CaseBuilder& builder, const TomlTable& section, std::string_view key,
                                std::size_t years) {
  std::vector<Term> out(years, builder.constant(0));
  if (!section.has(key)) return out;
  if (!section.is_list(key)) {
    const Term each = builder.input(section, key, CaseUnit::kroner, Bounds::not_negative);
    out.assign(years, each);
    return out;
  }
  const auto texts = *section.texts_or_numbers(key);
  if (texts.size() > years) section.complain(key, "has more amounts than there are years");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto money = Money::parse(texts[i]);
    if (!money || money->sign() < 0)
      section.complain(key, "has " + quoted(texts[i]) + ", which is no amount of zero or more");
    out[i] = builder.input(section.path_of(key) + "[" + std::to_string(i + 1) + "]", CaseUnit::kroner,
                           ExactAmount{*money}.kroner(), "");
  }
  return out;
}

/// The share of the gain that is there in each year.
std::vector<Term> ramp_of(CaseBuilder& builder, const TomlTable& section, int first, std::size_t years) {
  std::vector<Term> out(years, builder.constant(1));
  if (section.has("ramp") && section.has("wave")) section.complain("ramp", "cannot stand beside waves");
  if (section.has("ramp")) {
    const auto texts = *section.texts_or_numbers("ramp");
    if (texts.empty() || texts.size() > years)
      section.complain("ramp", "must have a share for each year, or fewer; the last one stays");
    for (std::size_t i = 0; i < years; ++i) {
      if (i >= texts.size()) {
        out[i] = out[i - 1];
        continue;
      }
      const auto share = ExactNumber::parse(texts[i]);
      if (!share || share->sign() < 0 || *share > ExactNumber{1})
        section.complain("ramp", "has " + quoted(texts[i]) + "; a share lies between 0 % and 100 %");
      out[i] = builder.input(section.path_of("ramp") + "[" + std::to_string(i + 1) + "]", CaseUnit::share,
                             *share, "");
    }
    return out;
  }
  const auto waves = section.tables("wave");
  if (waves.empty()) return out;
  out.assign(years, builder.constant(0));
  ExactNumber sum;
  for (const TomlTable& wave : waves) {
    wave.allow_only({"name", "share", "from"});
    const int from = year_of(wave, "from");
    if (from < first)
      wave.complain("from",
                    "is " + std::to_string(from) + ", before the first year " + std::to_string(first));
    if (from >= first + static_cast<int>(years))
      builder.warn(wave.path_of("from") + " is " + std::to_string(from) +
                   ", after the last year: it gains nothing");
    const Term share = builder.input(wave, "share", CaseUnit::share, Bounds::share);
    sum = sum + builder.result().inputs.back().high.value_or(share.value());
    for (std::size_t i = 0; i < years; ++i)
      if (first + static_cast<int>(i) >= from) out[i] = out[i] + share;
  }
  if (sum > ExactNumber{1})
    waves.back().complain("share", "and those of the other waves can sum to more than 100 %: " +
                                       (sum * ExactNumber{100}).text(2) + " %");
  return out;
}

double present_value(const std::vector<double>& flows, double rate) {
  double value = 0;
  for (std::size_t i = flows.size(); i-- > 0;) value = value / (1 + rate) + flows[i];
  return value;
}

/// The rate at which the flows are worth nothing; nullopt where they change sign more than once or never, so
/// that there is not one such rate, and where it lies outside -99 % to 1000 %.
std::optional<double> internal_rate(const std::vector<double>& flows) {
  int changes = 0;
  double last = 0;
  for (const double flow : flows) {
    if (flow == 0) continue;
    if (last != 0 && (flow < 0) != (last < 0)) ++changes;
    last = flow;
  }
  double low = -0.99;
  double high = 10;
  const double at_low = present_value(flows, low);
  const double at_high = present_value(flows, high);
  if (changes != 1 || !std::isfinite(at_low) || !std::isfinite(at_high) || (at_low < 0) == (at_high < 0))
    return std::nullopt;
  const bool falls = at_low > 0;
  for (int i = 0; i < 200; ++i) {
    const double middle = low + (high - low) / 2;
    (present_value(flows, middle) > 0) == falls ? low = middle : high = middle;
  }
  return low + (high - low) / 2;
}

/// The most that a share can be: what those leave it that it sums with. In a mix the rest gives way to it,
/// and where there is no rest it cannot move alone.
ExactNumber room_of(const CaseBuilder& builder, const TomlTable& root, const TomlTable& section,
                    const std::string& id) {
  ExactNumber room{1};
  const auto sums_with = [&](std::string_view begin, std::string_view end) {
    if (!id.starts_with(begin) || !id.ends_with(end)) return;
    for (const CaseInput& other : builder.result().inputs)
      if (other.id != id && other.id.starts_with(begin) && other.id.ends_with(end)) room = room - other.value;
  };
  sums_with("outgoing_post.to_", "");
  sums_with("years.wave[", "].share");
  for (const char* year : {"before", "after"}) {
    const auto shift = root.table("channel_shift");
    if (!shift) break;
    const TomlTable mix = *shift->table(year)->table("mix");
    const auto names = mix.keys();
    if (std::ranges::none_of(names, [&](const std::string& name) { return mix.path_of(name) == id; }))
      continue;
    bool rest = false;
    for (const std::string& name : names)
      if (const CaseInput* other = builder.result().input(mix.path_of(name)); other == nullptr)
        rest = true;
      else if (other->id != id)
        room = room - other->value;
    if (!rest)
      section.complain("break_even",
                       "is " + quoted(id) +
                           ", which cannot move alone: its mix sums to 100 %, so one channel must "
                           "be \"rest\"");
  }
  return room;
}

/// The value of an input at which a figure is zero. Exact where the figure is a straight line in it.
void add_break_even(CaseBuilder& builder, const TomlTable& root, const TomlTable& section, Term value) {
  if (!section.has("break_even")) return;
  const std::string id = *section.text("break_even");
  const auto input = builder.term_of_input(id);
  if (!input) section.complain("break_even", "is " + quoted(id) + ", which is no input of the case");
  if (builder.result().input(id)->unit != CaseUnit::share)
    section.complain("break_even", "is " + quoted(id) + ", which is no share");
  Graph& graph = builder.graph();
  const auto at = [&](const ExactNumber& share) {
    try {
      return graph.value_with(value.node(), input->node(), share);
    } catch (const Error& error) {
      section.complain("break_even", "is " + quoted(id) + ", and npv cannot be computed where it is " +
                                         share.text(2) + ": " + error.what());
    }
  };
  const ExactNumber most = room_of(builder, root, section, id);
  const ExactNumber none = at(0);
  const ExactNumber all = at(most);
  const std::string formula = "the " + id + " at which npv is zero";
  const auto inputs = builder.inputs_of(value.node());
  if (none.sign() * all.sign() > 0 || none == all) {
    builder.warn("break_even: the net present value is not zero at any " + id + " between 0 % and " +
                 (most * ExactNumber{100}).text(0) + " %");
    return;
  }
  const ExactNumber line = none / (none - all) * most;
  if (at(line).is_zero()) {
    builder.figure("break_even_share", "Share at which the case breaks even", CaseUnit::share, line, formula,
                   inputs);
    return;
  }
  const int varying = input->node();
  const int result = value.node();
  Program program{graph, {&varying, 1}, {&result, 1}};
  double low = 0;
  double high = most.estimate();
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    double there = 0;
    program.run({&middle, 1}, {&there, 1});
    (there < 0) == (none.sign() < 0) ? low = middle : high = middle;
  }
  builder.estimate("break_even_share", "Share at which the case breaks even", CaseUnit::share,
                   (low + high) / 2, formula, inputs);
}

}  // namespace

void add_years(CaseBuilder& builder, const TomlTable& root) {
  if (!root.has("years")) return;
  const TomlTable section = *root.table("years");
  section.allow_only({"first", "count", "round", "gain", "ramp", "wave", "investment", "running_cost",
                      "discount_rate", "break_even"});
  section.require({"first", "count", "gain", "discount_rate"});
  const int first = year_of(section, "first");
  if (section.has("round")) {
    const auto round = builtin_round(*section.text("round"));
    if (!round)
      section.complain("round", "is " + quoted(*section.text("round")) + ", which is no built-in round");
    if (first < round->weeks.front().iso_year())
      section.complain("first", "is " + std::to_string(first) + ", before the round " + round->id + " of " +
                                    std::to_string(round->weeks.front().iso_year()));
  }
  const std::int64_t count = count_of(section, "count");
  if (count < 1 || count > kMostYears)
    section.complain("count", "is " + std::to_string(count) + "; there are 1 to 100 years");
  const auto years = static_cast<std::size_t>(count);
  const std::string id = *section.text("gain");
  const auto gain = builder.term_of(id);
  if (!gain || builder.result().figure(id)->unit != CaseUnit::kroner)
    section.complain("gain", "is " + quoted(id) + ", which is no figure of the case in kroner");
  const auto ramp = ramp_of(builder, section, first, years);
  const auto running = yearly_kroner(builder, section, "running_cost", years);
  std::vector<Term> invested(years, builder.constant(0));
  if (section.is_list("investment"))
    invested = yearly_kroner(builder, section, "investment", years);
  else if (section.has("investment"))
    invested[0] = builder.input(section, "investment", CaseUnit::kroner, Bounds::not_negative);
  const Term rate = builder.input(section, "discount_rate", CaseUnit::share, Bounds::share);

  const Term step = builder.constant(1) + rate;
  Term discount = builder.constant(1);
  Term npv = builder.constant(0);
  ExactNumber reached;
  int payback = 0;  // no year yet
  std::vector<double> flows;
  for (std::size_t i = 0; i < years; ++i) {
    const std::string year = std::to_string(first + static_cast<int>(i));
    const Term flow = *gain * ramp[i] - running[i] - invested[i];
    builder.figure("flow." + year, "Net of " + year, CaseUnit::kroner, flow,
                   id + " x share of it that year - running cost - investment");
    npv = npv + flow / discount;
    discount = discount * step;
    reached = reached + flow.value();
    flows.push_back(flow.value().estimate());
    if (reached.sign() < 0)
      payback = 0;
    else if (payback == 0)
      payback = first + static_cast<int>(i);
  }
  builder.figure("npv", "Net present value in the first year", CaseUnit::kroner, npv,
                 "sum over years of net / (1 + discount rate)^(years after the first)");
  const auto inputs = builder.inputs_of(npv.node());
  if (payback != 0)
    builder.figure("payback_year", "Year from which the case has paid itself back", CaseUnit::year,
                   ExactNumber{payback},
                   "first year from which the undiscounted sum of nets stays zero or more", inputs);
  else
    builder.warn("payback_year: the case does not pay itself back within its years");
  if (const auto internal = internal_rate(flows))
    builder.estimate("irr", "Internal rate of return", CaseUnit::share, *internal,
                     "the discount rate at which the nets are worth nothing in the first year", inputs);
  else
    builder.warn("irr: there is no single rate of return between -99 % and 1000 %");
  add_break_even(builder, root, section, npv);
}

}  // namespace komhen::detail
