#include "komhen/cost/channel_cost.hpp"

#include <algorithm>
#include <tuple>

namespace komhen {
namespace {

/// Where in a row's key each dimension stands that prices ask for.
struct Places {
  std::size_t channel;
  std::size_t direction;
  std::size_t group;
  std::optional<std::size_t> task;
};

/// The place of a dimension among `by`; it is added at the end where it is not there yet.
std::size_t place_of(std::vector<Dimension>& by, Dimension dimension) {
  const auto found = std::ranges::find(by, dimension);
  if (found != by.end()) return static_cast<std::size_t>(found - by.begin());
  by.push_back(dimension);
  return by.size() - 1;
}

PricedContact contact_of(const MeasureRow& row, const Places& places, const CostQuery& query) {
  PricedContact out{static_cast<Channel>(row.key[places.channel].number),
                    static_cast<Direction>(row.key[places.direction].number),
                    static_cast<Group>(row.key[places.group].number), std::nullopt};
  if (out.channel != Channel::self_service) return out;
  out.level = query.level;
  if (places.task) {
    const auto own = query.levels.find(*KleNumber::from_digits(row.key[*places.task].number));
    if (own != query.levels.end()) out.level = own->second;
  }
  return out;
}

/// Looks each combination up once: a cube has many rows and few combinations.
class FoundPrices {
 public:
  explicit FoundPrices(const PriceList& prices) : prices_{prices} {}
  const PriceRow* of(const PricedContact& what, bool may_be_missing) {
    const auto [place, fresh] =
        rows_.try_emplace({what.channel, what.direction, what.group, what.level}, nullptr);
    if (fresh) place->second = may_be_missing ? prices_.find(what) : &prices_.at(what);
    return place->second;
  }

 private:
  const PriceList& prices_;
  std::map<std::tuple<Channel, std::optional<Direction>, std::optional<Group>, std::optional<ServiceLevel>>,
           const PriceRow*>
      rows_;
};

}  // namespace

CostTable costs(const Cube& cube, const PriceList& prices, const CostQuery& query) {
  Query contacts;
  contacts.by = query.by;
  contacts.filters = query.filters;
  contacts.tasks = query.tasks;
  contacts.scheme = query.scheme ? *query.scheme : default_scheme(cube);
  contacts.raw = query.raw;
  prices.check_scheme(*contacts.scheme);
  Places places{place_of(contacts.by, Dimension::channel), place_of(contacts.by, Dimension::direction),
                place_of(contacts.by, Dimension::group), std::nullopt};
  if (!query.levels.empty()) places.task = place_of(contacts.by, Dimension::task);

  CostTable table{prices.id(),
                  prices.source(),
                  prices.year(),
                  prices.basis(),
                  prices.note(),
                  query.by,
                  contacts.tasks.name,
                  *contacts.scheme,
                  {},
                  {},
                  {},
                  {}};
  std::map<std::vector<std::int64_t>, CostRow> rows;
  std::map<int, UsedPrice> used;
  FoundPrices found{prices};
  for (const MeasureRow& cell : measure(cube, contacts).rows) {
    std::vector<std::int64_t> key;
    for (std::size_t i = 0; i < query.by.size(); ++i) key.push_back(cell.key[i].number);
    CostRow& row = rows[key];
    if (row.key.empty())
      row.key.assign(cell.key.begin(), cell.key.begin() + static_cast<std::ptrdiff_t>(query.by.size()));
    const std::int64_t count = cell.share.numerator;
    const PricedContact what = contact_of(cell, places, query);
    const PriceRow* price = found.of(what, query.unpriced_apart);
    if (price == nullptr) {
      row.unpriced += count;
      table.total.unpriced += count;
      const auto same = std::ranges::find(table.unpriced, what, &UnpricedContacts::what);
      if (same == table.unpriced.end())
        table.unpriced.push_back({what, count});
      else
        same->contacts += count;
      continue;
    }
    const ExactAmount cost = price->price * ExactNumber{count};
    row.contacts += count;
    row.cost += cost;
    table.total.contacts += count;
    table.total.cost += cost;
    UsedPrice& use = used[price->number];
    use.row = *price;
    use.contacts += count;
    use.cost += cost;
  }
  for (auto& [key, row] : rows) table.rows.push_back(std::move(row));
  for (auto& [number, use] : used) table.used.push_back(std::move(use));
  std::ranges::sort(table.unpriced, {}, [](const UnpricedContacts& u) {
    return std::tuple{u.what.channel, u.what.direction, u.what.group, u.what.level};
  });
  return table;
}

MovedContacts move_contacts(const PriceList& prices, std::int64_t contacts, const PricedContact& from,
                            const PricedContact& to) {
  if (contacts < 0)
    throw Error(ErrorKind::argument, "the number of contacts to move is " + std::to_string(contacts) +
                                         "; it must be zero or more");
  const PriceRow& dear = prices.at(from);
  const PriceRow& cheap = prices.at(to);
  const ExactNumber count{contacts};
  return {contacts,
          from,
          to,
          dear,
          cheap,
          dear.price * count,
          cheap.price * count,
          (dear.price - cheap.price) * count};
}

}  // namespace komhen
