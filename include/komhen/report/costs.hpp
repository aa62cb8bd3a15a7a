#pragma once

#include <string>

#include "komhen/cost/channel_cost.hpp"

/// Costs as text that is stable. Kroner are decimal text settled half up to whole øre; a cost that is not a
/// whole number of øre carries its exact value as a fraction beside it.
namespace komhen {

/// `{"prices","source","year","basis","note","by","tasks","scheme","rows":[{<dimension>:...,"contacts","unpriced",
/// "cost","per_contact","share"}],"total":{...},"used":[...],"unpriced":[...]}`
[[nodiscard]] std::string to_json(const CostTable& table);
[[nodiscard]] std::string to_json(const MovedContacts& moved);

/// Comma-separated, UTF-8, LF: for programs. One header row.
[[nodiscard]] std::string to_csv(const CostTable& table);

}  // namespace komhen
