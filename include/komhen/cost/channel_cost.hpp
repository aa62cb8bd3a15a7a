#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "komhen/cost/channel_price.hpp"
#include "komhen/measure/measure.hpp"

namespace komhen {

/// Which contacts are priced, how they are split, and what is done where there is no price.
struct CostQuery {
  std::vector<Dimension> by = {};
  std::vector<Filter> filters = {};
  TaskSet tasks = {};
  std::optional<Scheme> scheme = {};  ///< nullopt: that of the cube's rounds, kl-2012 without a round
  bool raw = false;                   ///< leave the rounds' reclassification rules out
  bool unpriced_apart = false;        ///< count contacts without a price apart; otherwise they are an error
  /// The self-service level of a task's solution. No registration holds one, so it is the caller's to give.
  std::map<KleNumber, ServiceLevel> levels = {};
  std::optional<ServiceLevel> level = {};  ///< of self-service contacts on every other task
};

/// What the contacts of one combination of dimensions cost.
struct CostRow {
  std::vector<DimensionValue> key;  ///< one for each dimension of `by`
  std::int64_t contacts = 0;        ///< that have a price
  std::int64_t unpriced = 0;        ///< that have none: in no cost, and not at zero
  ExactAmount cost;                 ///< of the contacts that have a price

  /// What the row cost, exact; nullopt where it has contacts and none of them a price: not known is not zero.
  [[nodiscard]] std::optional<ExactAmount> known_cost() const {
    return contacts == 0 && unpriced != 0 ? std::nullopt : std::optional{cost};
  }

  /// Kroner a priced contact, exact; nullopt where no contact has a price.
  [[nodiscard]] std::optional<ExactAmount> per_contact() const {
    return contacts == 0 ? std::nullopt : std::optional{cost / ExactNumber{contacts}};
  }
};

/// A row of the price table that was used, for how many contacts.
struct UsedPrice {
  PriceRow row;
  std::int64_t contacts = 0;
  ExactAmount cost;
};

/// A combination that has no price, and its contacts.
struct UnpricedContacts {
  PricedContact what;
  std::int64_t contacts = 0;
};

/// The costs, and everything they rest on.
struct CostTable {
  std::string prices;  ///< the table's id
  std::string source;  ///< of the prices
  std::optional<int> year;
  CostBasis basis = CostBasis::not_stated;
  std::string note;
  std::vector<Dimension> by;
  std::string tasks;
  Scheme scheme = Scheme::kl_2012;
  std::vector<CostRow> rows;  ///< sorted by their dimensions
  CostRow total;              ///< of all rows, without a key
  std::vector<UsedPrice> used;
  std::vector<UnpricedContacts> unpriced;

  /// The row's part of the total cost; nullopt when nothing cost anything, or the row's cost is not known.
  [[nodiscard]] std::optional<ExactNumber> share(const CostRow& row) const {
    return total.cost.oere().is_zero() || !row.known_cost() ? std::nullopt
                                                            : std::optional{row.cost / total.cost};
  }
};

/// Prices a cube's contacts by their channel, direction, group and self-service level, exactly. By `type` it
/// is the distribution of cost over the contact types; by `channel` the cost of the mix.
/// @throws Error (argument) naming the combination without a price unless `unpriced_apart`; for what
/// measure()
///         refuses; and for a price table about groups that the scheme does not have.
[[nodiscard]] CostTable costs(const Cube& cube, const PriceList& prices, const CostQuery& query = {});

/// What moving contacts from one channel to another changes.
struct MovedContacts {
  std::int64_t contacts = 0;
  PricedContact from;
  PricedContact to;
  PriceRow from_row;
  PriceRow to_row;
  ExactAmount before;  ///< what they cost on the old channel
  ExactAmount after;   ///< and on the new one
  ExactAmount saving;  ///< before less after; below zero when the new channel is dearer
};

/// @throws Error (argument) for a count below zero and for a channel without a price.
[[nodiscard]] MovedContacts move_contacts(const PriceList& prices, std::int64_t contacts,
                                          const PricedContact& from, const PricedContact& to);

}  // namespace komhen
