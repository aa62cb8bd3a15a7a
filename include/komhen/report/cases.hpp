#pragma once

#include <string>

#include "komhen/cost/business_case.hpp"
#include "komhen/report/table.hpp"

namespace komhen {

/// `{"title","source","processes":[...],"figures":[{"id","label","value","unit","certainty","formula","inputs":[{"id",
/// "value","unit",...}],"source","notes","printed"}],"tornado":[...],"simulations":[...],"warnings":[...]}`.
/// Every number is decimal text; `value_exact` holds the fraction where the text had to be rounded.
[[nodiscard]] std::string to_json(const CaseResult& result);

/// A row for each figure: `figure`, `value`, `unit`, `certainty`. Notes: the warnings.
[[nodiscard]] Table table_of(const CaseResult& result);

/// `figure,value,unit,certainty`, UTF-8, LF. One header row.
[[nodiscard]] std::string to_csv(const CaseResult& result);

}  // namespace komhen
