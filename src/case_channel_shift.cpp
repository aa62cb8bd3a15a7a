#include <algorithm>

#include "case_builder.hpp"
#include "komhen/cost/channel_price.hpp"

/// Channel shift: volume and mix before and after, times prices.
namespace komhen::detail {
namespace {

/// One year: its volume and the share of each channel or class.
struct Mix {
  std::string label;
  Term contacts;
  std::vector<std::string> names;
  std::vector<Term> shares;

  [[nodiscard]] std::optional<Term> share_of(std::string_view name) const {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return shares[static_cast<std::size_t>(found - names.begin())];
  }
};

/// The keys of a table in the order of the file would be the reader's; toml++ sorts them, which is stable
/// too.
std::vector<Term> read_shares(CaseBuilder& builder, const TomlTable& mix,
                              const std::vector<std::string>& names) {
  std::optional<std::size_t> rest;
  std::vector<Term> shares;
  Term sum = builder.constant(0);
  ExactNumber most;
  bool ranged = false;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (mix.is_text(names[i]) && *mix.text(names[i]) == "rest") {
      if (rest) mix.complain(names[i], "is a second \"rest\"; one channel takes the rest");
      rest = i;
      shares.push_back(sum);
      continue;
    }
    shares.push_back(builder.input(mix, names[i], CaseUnit::share, Bounds::share));
    sum = sum + shares.back();
    const CaseInput& read = builder.result().inputs.back();
    ranged = ranged || read.is_range();
    most = most + (read.is_range() ? *read.high : read.value);
  }
  if (rest) {
    if (most > ExactNumber{1})
      mix.complain(names[*rest],
                   "is the rest, but the others can sum to " + most.text(2) + ", more than 100 %");
    shares[*rest] = builder.constant(1) - sum;
  } else {
    if (ranged) mix.complain(names.front(), "stands in a mix with a range, so one channel must be \"rest\"");
    if (sum.value() != ExactNumber{1}) {
      const ExactNumber hundred = sum.value() * ExactNumber{100};
      mix.complain(names.front(), "and the other shares of its mix sum to " +
                                      hundred.exact_text().value_or(hundred.text(6)) + " %, not to 100 %");
    }
  }
  return shares;
}

Mix read_mix(CaseBuilder& builder, const TomlTable& section, std::string_view key) {
  section.require({key});
  const TomlTable table = *section.table(key);
  table.allow_only({"label", "contacts", "counted", "scale", "mix"});
  table.require({"mix"});
  if (table.has("contacts") == table.has("counted"))
    table.complain("contacts", "or counted with scale must be given, and not both");
  Term contacts = builder.constant(0);
  if (table.has("contacts")) {
    contacts = builder.input(table, "contacts", CaseUnit::contacts, Bounds::count);
  } else {
    contacts = builder.input(table, "counted", CaseUnit::contacts, Bounds::count);
    builder.result().inputs.back().estimated = true;  // a part of a year is not a year
    contacts = contacts * builder.input(table, "scale", CaseUnit::factor, Bounds::above_zero);
  }
  const TomlTable mix = *table.table("mix");
  Mix out{shown_text(table, "label", std::string{key}), contacts, mix.keys(), {}};
  if (out.names.empty()) table.complain("mix", "names no channel");
  out.shares = read_shares(builder, mix, out.names);
  return out;
}

/// The price of each name: a channel, or a class of the table.
class Prices {
 public:
  Prices(CaseBuilder& builder, const TomlTable& section) : builder_{builder} {
    section.require({"prices"});
    if (section.is_table("prices")) {
      own_ = section.table("prices");
      for (const std::string& name : own_->keys())
        if (!from_text<Channel>(name))
          own_->complain(name, "is no channel; a class needs a price table of its own");
      for (const char* key :
           {"price_of", "price_source", "price_year", "price_basis", "direction", "group", "level"})
        if (section.has(key))
          section.complain(key, "belongs to a price table, and prices stand here themselves");
      return;
    }
    std::string name = *section.text("prices");
    if (name != kPriceTables[0] && !name.starts_with('/')) name = builder.folder() + name;
    PriceChoice choice;
    if (section.has("price_source")) choice.source = section.text("price_source");
    if (section.has("price_year")) choice.year = year_of(section, "price_year");
    if (section.has("price_basis")) choice.basis = word_of<CostBasis>(section, "price_basis");
    list_ = load_prices(name).choose(choice);
    if (section.has("direction")) asked_.direction = word_of<Direction>(section, "direction");
    if (section.has("group")) asked_.group = word_of<Group>(section, "group");
    if (section.has("level")) asked_.level = word_of<ServiceLevel>(section, "level");
    instead_ = section.table("price_of");
  }

  Term of(const std::string& name, const TomlTable& mix) {
    const auto known = std::ranges::find(names_, name);
    if (known != names_.end()) return terms_[static_cast<std::size_t>(known - names_.begin())];
    names_.push_back(name);
    if (instead_ && instead_->has(name)) {
      terms_.push_back(builder_.input(*instead_, name, CaseUnit::kroner, Bounds::not_negative));
      return terms_.back();
    }
    terms_.push_back(own_ ? builder_.input(*own_, name, CaseUnit::kroner, Bounds::not_negative)
                          : listed(name, mix));
    return terms_.back();
  }
  /// Refuses prices that stand in place of the table's and are of no name in the mixes.
  void check_all_used() const {
    if (!instead_) return;
    for (const std::string& name : instead_->keys())
      if (std::ranges::find(names_, name) == names_.end())
        instead_->complain(name, "is in no mix of the case");
  }
  [[nodiscard]] const std::string& note() const noexcept { return list_ ? list_->note() : none_; }

 private:
  Term listed(const std::string& name, const TomlTable& mix) {
    const auto row_of_class = std::ranges::find_if(list_->rows(), [&](const PriceRow& row) {
      if (row.price_class != name) return false;
      PriceRow on_any = row;  // a class that is laid on no channel has its price all the same
      if (on_any.channels.empty()) on_any.channels = {asked_.channel};
      return on_any.applies({on_any.channels.front(), asked_.direction, asked_.group, asked_.level});
    });
    const PriceRow* row = row_of_class == list_->rows().end() ? nullptr : &*row_of_class;
    if (row == nullptr) {
      const auto channel = from_text<Channel>(name);
      if (!channel)
        mix.complain(name, "is no channel and no class of the price table " + quoted(list_->id()));
      row = &list_->at({*channel, asked_.direction, asked_.group, asked_.level});
    }
    return builder_.input("price." + name, CaseUnit::kroner, row->price.kroner(),
                          list_->source() + ", " + text_of(*row));
  }

  CaseBuilder& builder_;
  std::optional<TomlTable> own_;
  std::optional<TomlTable> instead_;
  std::optional<PriceList> list_;
  PricedContact asked_{Channel::telephone, std::nullopt, std::nullopt, std::nullopt};
  std::vector<std::string> names_;
  std::vector<Term> terms_;
  std::string none_;
};

/// What the cost of one contact can be when every share was printed rounded to `step`: the shares move within
/// half a step of the print and still sum to one. A fractional knapsack: what is left to share out goes to
/// the cheapest channels first, or to the dearest.
struct Interval {
  ExactNumber low;
  ExactNumber high;
};

Interval per_contact_interval(const Mix& mix, const std::vector<ExactNumber>& prices,
                              const ExactNumber& step) {
  struct Band {
    ExactNumber low;
    ExactNumber high;
    ExactNumber price;
  };
  const ExactNumber half = step / ExactNumber{2};
  std::vector<Band> bands;
  ExactNumber left{1};
  ExactNumber fixed;
  for (std::size_t i = 0; i < mix.shares.size(); ++i) {
    const ExactNumber& share = mix.shares[i].value();
    bands.push_back(
        {std::max(share - half, ExactNumber{}), std::min(share + half, ExactNumber{1}), prices[i]});
    left = left - bands.back().low;
    fixed = fixed + bands.back().low * prices[i];
  }
  const auto filled = [&](auto order) {
    std::ranges::stable_sort(bands, order, &Band::price);
    ExactNumber cost = fixed;
    ExactNumber rest = left;
    for (const Band& band : bands) {
      const ExactNumber taken = std::min(rest, band.high - band.low);
      cost = cost + taken * band.price;
      rest = rest - taken;
    }
    return cost;
  };
  return {filled(std::ranges::less{}), filled(std::ranges::greater{})};
}

class ChannelShift {
 public:
  ChannelShift(CaseBuilder& builder, const TomlTable& section)
      : builder_{builder},
        section_{section},
        before_{read_mix(builder, section, "before")},
        after_{read_mix(builder, section, "after")} {
    check_names();
    Prices prices{builder, section};
    read_prices(prices, before_, "before", before_prices_);
    read_prices(prices, after_, "after", after_prices_);
    prices.check_all_used();
    if (!prices.note().empty()) builder.warn("prices: " + prices.note());
  }

  void add() {
    const Term cost_before = add_year("before", before_, before_prices_);
    const Term cost_after = add_year("after", after_, after_prices_);
    add_changes();
    const Term each_before = per_contact(before_, before_prices_);
    const Term each_after = per_contact(after_, after_prices_);
    saving("saving_actual", "Saving at the actual volumes", cost_before - cost_after,
           "cost before (its own volume) - cost after (its own volume)");
    saving("saving_first_volume", "Saving at the constant volume of the first year",
           before_.contacts * (each_before - each_after),
           "first year's contacts x (cost of a contact before - cost of a contact after)");
    saving("saving_last_volume", "Saving at the constant volume of the last year",
           after_.contacts * (each_before - each_after),
           "last year's contacts x (cost of a contact before - cost of a contact after)");
    add_intervals();
    add_heavy(each_before);
    add_fte();
  }

 private:
  /// A channel has one name in a case: under two it would be two channels, and what moved between them lost.
  void check_names() const {
    const auto check = [&](const Mix& mix, std::string_view key) {
      const TomlTable table = *section_.table(key)->table("mix");
      for (const std::string& name : mix.names)
        for (const Mix* other : {&before_, &mix})
          for (const std::string& own : other->names)
            if (const auto channel = from_text<Channel>(name);
                channel && own != name && from_text<Channel>(own) == channel)
              table.complain(name, "is the channel that also stands there as " + quoted(own) +
                                       "; a channel has one name in a case");
    };
    check(before_, "before");
    check(after_, "after");
  }

  void read_prices(Prices& prices, const Mix& mix, std::string_view key, std::vector<Term>& out) {
    const TomlTable table = *section_.table(key)->table("mix");
    for (const std::string& name : mix.names) out.push_back(prices.of(name, table));
  }

  Term per_contact(const Mix& mix, const std::vector<Term>& prices) {
    Term sum = builder_.constant(0);
    for (std::size_t i = 0; i < mix.shares.size(); ++i) sum = sum + mix.shares[i] * prices[i];
    return sum;
  }

  Term add_year(const std::string& when, const Mix& mix, const std::vector<Term>& prices) {
    Term cost = builder_.constant(0);
    for (std::size_t i = 0; i < mix.names.size(); ++i) {
      const Term contacts = mix.contacts * mix.shares[i];
      builder_.figure("contacts_" + when + "." + mix.names[i], mix.names[i] + ", " + mix.label,
                      CaseUnit::contacts, contacts, "contacts x share");
      builder_.figure("cost_" + when + "." + mix.names[i], "Cost of " + mix.names[i] + ", " + mix.label,
                      CaseUnit::kroner, contacts * prices[i], "contacts x share x price");
      cost = cost + contacts * prices[i];
    }
    builder_.figure("cost_" + when, "Cost, " + mix.label, CaseUnit::kroner, cost,
                    "sum over channels of contacts x share x price");
    if (!mix.contacts.value().is_zero())
      builder_.figure("per_contact_" + when, "Cost of one contact, " + mix.label, CaseUnit::kroner,
                      per_contact(mix, prices), "sum over channels of share x price");
    return cost;
  }

  void add_changes() {
    for (std::size_t i = 0; i < before_.names.size(); ++i) {
      const std::string& name = before_.names[i];
      const auto later = after_.share_of(name);
      if (!later || before_.shares[i].value().is_zero() || before_.contacts.value().is_zero()) continue;
      const Term was = before_.contacts * before_.shares[i];
      builder_.figure("change_contacts." + name, "Change in contacts, " + name, CaseUnit::share,
                      (after_.contacts * *later - was) / was,
                      "(contacts after - contacts before) / contacts before");
      builder_.figure("change_share." + name, "Change in share, " + name, CaseUnit::share,
                      (*later - before_.shares[i]) / before_.shares[i],
                      "(share after - share before) / share before");
    }
  }

  void saving(const std::string& id, const std::string& label, Term term, const std::string& formula) {
    builder_.figure(id, label, CaseUnit::kroner, term, formula);
  }

  void add_intervals() {
    if (!section_.has("mix_rounded_to")) return;
    const Term step = builder_.input(section_, "mix_rounded_to", CaseUnit::share, Bounds::share);
    const auto values = [](const std::vector<Term>& terms) {
      std::vector<ExactNumber> out;
      for (const Term& term : terms) out.push_back(term.value());
      return out;
    };
    const Interval before = per_contact_interval(before_, values(before_prices_), step.value());
    const Interval after = per_contact_interval(after_, values(after_prices_), step.value());
    const auto interval = [&](const std::string& id, const ExactNumber& first, const ExactNumber& last) {
      std::vector<std::string> inputs = builder_.result().figure(id)->inputs;
      inputs.push_back(section_.path_of("mix_rounded_to"));
      const std::string formula =
          " when each printed share may lie half a step away and the shares still sum to 100 %";
      const std::string what = builder_.result().figure(id)->label;
      builder_.figure(id + "_low", what + ": the least that the printed shares allow", CaseUnit::kroner,
                      first * before.low - last * after.high,
                      "least cost before - most cost after," + formula, inputs);
      builder_.figure(id + "_high", what + ": the most that the printed shares allow", CaseUnit::kroner,
                      first * before.high - last * after.low,
                      "most cost before - least cost after," + formula, inputs);
    };
    const ExactNumber& first = before_.contacts.value();
    const ExactNumber& last = after_.contacts.value();
    interval("saving_actual", first, last);
    interval("saving_first_volume", first, first);
    interval("saving_last_volume", last, last);
  }

  /// The case again, with the contacts that stay on a shrinking channel as heavy as the residual says.
  void add_heavy(Term each_before) {
    if (!section_.has("residual")) return;
    const Residual residual{builder_, *section_.table("residual")};
    Term each = builder_.constant(0);
    for (std::size_t i = 0; i < after_.names.size(); ++i) {
      const auto was = before_.share_of(after_.names[i]);
      if (!was || was->value().is_zero() || after_.shares[i].value() >= was->value()) {
        each = each + after_.shares[i] * after_prices_[i];
        continue;
      }
      const Term moved = builder_.constant(1) - after_.shares[i] / *was;
      const bool none_stay = moved.value() == ExactNumber{1};
      builder_.figure("residual_factor." + after_.names[i],
                      "How heavy the contacts are that stay on " + after_.names[i], CaseUnit::factor,
                      none_stay ? builder_.constant(1) : residual.factor(builder_, moved),
                      "average weight of the contacts that stay, the average before being 1");
      each = each + *was * residual.weight(builder_, moved) * after_prices_[i];
    }
    const std::string formula = " with the price of each shrinking channel x its residual factor";
    builder_.figure("cost_after_heavy", "Cost, " + after_.label + ", the heavy contacts staying",
                    CaseUnit::kroner, after_.contacts * each, "cost after," + formula);
    saving("saving_actual_heavy", "Saving at the actual volumes, the heavy contacts staying",
           before_.contacts * each_before - after_.contacts * each, "saving_actual," + formula);
    saving("saving_last_volume_heavy", "Saving at the last year's volume, the heavy contacts staying",
           after_.contacts * (each_before - each), "saving_last_volume," + formula);
  }

  void add_fte() {
    if (!section_.has("fte")) return;
    const TomlTable table = *section_.table("fte");
    table.allow_only({"pay", "for_fte"});
    const Term pay = builder_.input(table, "pay", CaseUnit::kroner, Bounds::above_zero);
    const Term of = builder_.input(table, "for_fte", CaseUnit::fte, Bounds::above_zero);
    builder_
        .figure("implied_fte", "Full-time equivalents that the saving would be worth in pay", CaseUnit::fte,
                *builder_.term_of("saving_actual") * of / pay,
                "saving_actual / (pay / full-time equivalents it is for)")
        .notes.push_back(
            "a channel price is not a wage: it holds more than pay, and a saving on it frees no post");
  }

  CaseBuilder& builder_;
  const TomlTable& section_;
  Mix before_;
  Mix after_;
  std::vector<Term> before_prices_;
  std::vector<Term> after_prices_;
};

}  // namespace

void add_channel_shift(CaseBuilder& builder, const TomlTable& root) {
  if (!root.has("channel_shift")) return;
  const TomlTable section = *root.table("channel_shift");
  section.allow_only({"prices", "price_of", "price_source", "price_year", "price_basis", "direction", "group",
                      "level", "before", "after", "mix_rounded_to", "residual", "fte"});
  ChannelShift{builder, section}.add();
}

}  // namespace komhen::detail
