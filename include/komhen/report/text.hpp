#pragma once

#include <string>

#include "komhen/measure/compare.hpp"
#include "komhen/registration/outcome.hpp"

/// Results as text that is stable: what `--format json` and `--format csv` print, in every shell.
namespace komhen {

/// `{"rows_read","rows_accepted","contacts","rejected":{reason:rows},"encoding","round","unread_columns"}`
[[nodiscard]] std::string to_json(const Outcome& outcome);

/// `{"measure","by","tasks","scheme","rows":[{<dimension>:..., "numerator","denominator","share"}]}`
[[nodiscard]] std::string to_json(const MeasureTable& table);
[[nodiscard]] std::string to_json(const Comparison& comparison);

/// Comma-separated, UTF-8, LF: for programs. One header row.
[[nodiscard]] std::string to_csv(const MeasureTable& table);
[[nodiscard]] std::string to_csv(const Comparison& comparison);

namespace detail {
/// A JSON string with its quotes, from UTF-8.
[[nodiscard]] std::string json_text(std::string_view text);
}  // namespace detail

}  // namespace komhen
