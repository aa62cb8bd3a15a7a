#pragma once

#include <string>

#include "komhen/cost/channel_cost.hpp"
#include "komhen/report/table.hpp"

/// Costs as text that is stable. Kroner are decimal text settled half up to whole øre; a cost that is not a
/// whole number of øre carries its exact value as a fraction beside it.
namespace komhen {

/// `{"prices","source","year","basis","note","by","tasks","scheme","rows":[{<dimension>:...,"contacts","unpriced",
/// "cost","per_contact","share"}],"total":{...},"used":[...],"unpriced":[...]}`
[[nodiscard]] std::string to_json(const CostTable& table);
[[nodiscard]] std::string to_json(const MovedContacts& moved);

/// Columns: the dimensions, then `contacts`, `unpriced`, `cost`, `per_contact` and `share`. Notes: what the
/// prices say of themselves, and the contacts without a price.
[[nodiscard]] Table table_of(const CostTable& table);
/// One row: `contacts`, `from`, `to`, `before`, `after`, `saving`. Notes: the rows of the price table.
[[nodiscard]] Table table_of(const MovedContacts& moved);
/// Every row of a price table: `number`, `source`, `year`, `basis`, `class`, `channels`, `direction`,
/// `group`, `level`, `price` (kroner, as long as its decimals go; a fraction where they never end) and
/// `derivation`.
[[nodiscard]] Table table_of(const PriceTable& prices);

/// Comma-separated, UTF-8, LF: for programs. One header row.
[[nodiscard]] std::string to_csv(const CostTable& table);

}  // namespace komhen
