#include "komhen/cost/channel_price.hpp"

#include <algorithm>
#include <set>

#include "komhen/registration/personal_data.hpp"

namespace komhen {
namespace {

using detail::quoted;

template <class T>
bool may_meet(const std::optional<T>& a, const std::optional<T>& b) noexcept {
  return !a || !b || *a == *b;
}

bool share_a_channel(const PriceRow& a, const PriceRow& b) noexcept {
  return std::ranges::any_of(a.channels, [&](Channel channel) {
    return std::ranges::find(b.channels, channel) != b.channels.end();
  });
}

/// Whether some contact meets both rows.
bool may_meet(const PriceRow& a, const PriceRow& b) noexcept {
  return a.source == b.source && a.basis == b.basis && may_meet(a.year, b.year) &&
         may_meet(a.direction, b.direction) && may_meet(a.group, b.group) && may_meet(a.level, b.level) &&
         share_a_channel(a, b);
}

/// Whether every contact that meets both `a` and `b` meets this row too.
bool covers(const PriceRow& row, const PriceRow& a, const PriceRow& b) noexcept {
  const auto within = [](const auto& own, const auto& x, const auto& y) {
    return !own || own == x || own == y;
  };
  return row.source == a.source && row.basis == a.basis && within(row.year, a.year, b.year) &&
         within(row.direction, a.direction, b.direction) && within(row.group, a.group, b.group) &&
         within(row.level, a.level, b.level) && std::ranges::all_of(a.channels, [&](Channel channel) {
           return std::ranges::find(b.channels, channel) == b.channels.end() ||
                  std::ranges::find(row.channels, channel) != row.channels.end();
         });
}

void check_rows(const std::string& id, const std::vector<PriceRow>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const PriceRow& a = rows[i];
    if (a.price.oere().sign() < 0)
      throw Error(ErrorKind::format, "in the price table " + quoted(id) + ", row " +
                                         std::to_string(a.number) + " has a price below zero");
    for (std::size_t k = 0; k < i; ++k) {
      const PriceRow& b = rows[k];
      if (a.specificity() != b.specificity() || !may_meet(a, b)) continue;
      const bool settled = std::ranges::any_of(rows, [&](const PriceRow& row) {
        return row.specificity() > a.specificity() && covers(row, a, b);
      });
      if (!settled)
        throw Error(ErrorKind::format, "in the price table " + quoted(id) + ", " + text_of(b) + " and " +
                                           text_of(a) +
                                           " are equally specific and can apply to the same contact");
    }
  }
}

/// The one value that rows have, or that is chosen. @throws Error (argument) naming what there is.
template <class T, class Show>
T settled(const std::string& id, std::string_view what, const std::set<T>& there,
          const std::optional<T>& chosen, Show&& show) {
  std::string known;
  for (const T& value : there) known += (known.empty() ? "" : ", ") + show(value);
  if (chosen && !there.contains(*chosen))
    throw Error(ErrorKind::argument, "the price table " + quoted(id) + " has no prices of " +
                                         std::string{what} + " " + show(*chosen) + "; it has " + known);
  if (!chosen && there.size() > 1)
    throw Error(ErrorKind::argument, "the price table " + quoted(id) + " has prices of more than one " +
                                         std::string{what} + "; name one of " + known);
  return chosen ? *chosen : *there.begin();
}

}  // namespace

std::string text_of(const PricedContact& contact) {
  std::string out{token(contact.channel)};
  if (contact.direction) out += ", " + std::string{token(*contact.direction)};
  if (contact.group) out += ", " + std::string{token(*contact.group)};
  if (contact.level) out += ", level " + std::to_string(static_cast<int>(*contact.level));
  return out;
}

std::string text_of(const PriceRow& row) {
  std::string channels;
  for (const Channel channel : row.channels)
    channels += (channels.empty() ? "" : ", ") + std::string{token(channel)};
  std::string out = "row " + std::to_string(row.number) + " (";
  if (!row.price_class.empty() && row.price_class != channels) out += row.price_class + ": ";
  out += channels.empty() ? "no channel" : channels;
  if (row.direction) out += "; " + std::string{token(*row.direction)};
  if (row.group) out += "; " + std::string{token(*row.group)};
  if (row.level) out += "; level " + std::to_string(static_cast<int>(*row.level));
  return out + "; " + (row.derivation.empty() ? "" : row.derivation + " = ") + row.price.text() + " kr.)";
}

bool PriceRow::applies(const PricedContact& contact) const noexcept {
  const auto fits = [](const auto& asked, const auto& known) { return !asked || asked == known; };
  return std::ranges::find(channels, contact.channel) != channels.end() &&
         fits(direction, contact.direction) && fits(group, contact.group) && fits(level, contact.level);
}

const PriceRow* PriceList::find(const PricedContact& contact) const noexcept {
  const auto row = std::ranges::find_if(rows_, [&](const PriceRow& r) { return r.applies(contact); });
  return row == rows_.end() ? nullptr : &*row;
}

const PriceRow& PriceList::at(const PricedContact& contact) const {
  if (const PriceRow* row = find(contact)) return *row;
  throw Error(ErrorKind::argument, "the price table " + quoted(id_) + " has no price for " +
                                       text_of(contact) + "; add one, or ask for unpriced contacts apart");
}

void PriceList::check_scheme(Scheme scheme) const {
  for (const PriceRow& row : rows_)
    if (row.group && std::ranges::find(groups_of(scheme), *row.group) == groups_of(scheme).end())
      throw Error(ErrorKind::argument, "the price table " + quoted(id_) + ", row " +
                                           std::to_string(row.number) + ", is about the group " +
                                           std::string{token(*row.group)} + ", which the scheme " +
                                           std::string{token(scheme)} + " does not have");
}

PriceTable::PriceTable(std::string id, std::string note, Classes classes, std::vector<PriceRow> rows)
    : id_{std::move(id)}, note_{std::move(note)}, classes_{std::move(classes)}, rows_{std::move(rows)} {
  if (rows_.empty()) throw Error(ErrorKind::format, "the price table " + quoted(id_) + " has no price");
  check_rows(id_, rows_);
}

PriceList PriceTable::choose(const PriceChoice& choice) const {
  std::set<std::string> sources;
  std::set<CostBasis> bases;
  std::set<int> years;
  for (const PriceRow& row : rows_) sources.insert(row.source);
  PriceList out;
  out.id_ = id_;
  out.note_ = note_;
  out.source_ = settled(id_, "source", sources, choice.source,
                        [](const std::string& source) { return quoted(source); });
  for (const PriceRow& row : rows_)
    if (row.source == out.source_) bases.insert(row.basis);
  out.basis_ = settled(id_, "cost basis", bases, choice.basis,
                       [](CostBasis basis) { return std::string{token(basis)}; });
  bool in_any_year = false;
  for (const PriceRow& row : rows_) {
    if (row.source != out.source_ || row.basis != out.basis_) continue;
    if (row.year)
      years.insert(*row.year);
    else
      in_any_year = true;
  }
  if (!years.empty() && !(in_any_year && choice.year && !years.contains(*choice.year)))
    out.year_ = settled(id_, "year", years, choice.year, [](int year) { return std::to_string(year); });
  else
    out.year_ = choice.year;
  for (const PriceRow& row : rows_)
    if (row.source == out.source_ && row.basis == out.basis_ && (!row.year || row.year == out.year_))
      out.rows_.push_back(row);
  std::ranges::stable_sort(out.rows_, std::ranges::greater{}, &PriceRow::specificity);
  return out;
}

ExactAmount price_from_time(const ExactNumber& minutes, const Money& hourly) {
  if (minutes.sign() < 0 || hourly.sign() < 0)
    throw Error(ErrorKind::argument, "a price from time needs minutes and an hourly cost of zero or more");
  return hourly * (minutes / ExactNumber{60});
}

}  // namespace komhen
