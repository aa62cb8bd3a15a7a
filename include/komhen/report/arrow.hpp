#pragma once

#include "komhen/cost/channel_cost.hpp"
#include "komhen/measure/compare.hpp"
#include "komhen/measure/measure.hpp"
#include "komhen/registration/arrow.hpp"
#include "komhen/report/table.hpp"
#include "komhen/tally/cube.hpp"

/// Results as Arrow tables, through the Arrow C data interface. docs/arrow.md names every column and type.
///
/// Each function copies what it shows and fills `*out` with a stream of one record batch, which the caller
/// releases (`out->release(out)`), as it does every schema and array that it takes from it, in any order.
/// What `*out` held before is overwritten, not released. The stream may be used by one thread at a time; the
/// arrays may be shared. A stream's get_schema can be called any number of times.
/// @throws Error (argument) when `out` is nullptr, (overflow) when a column's text would pass 2 GiB; `*out`
///         is not touched then.
namespace komhen {

/// The columns of to_csv(), in its order: dimensions first (municipality is int32, tokens are dictionary
/// encoded, the rest utf8), then `contacts`, or `numerator`, `denominator` and `share`, and what stands
/// beside it. Counts are int64, shares decimal128(7, 6) with the digits of share_text(), null where there is
/// no share. The schema's metadata name measure, tasks, scheme, basis and set.
void to_arrow(const MeasureTable& table, ArrowArrayStream* out);

/// The same of a comparison; `change` is decimal128(9, 6), in percentage points as change_text() writes it,
/// and `printed_change` int64, both null where a side has no share. A side without contacts has null counts.
/// The metadata name the two schemes instead, and hold the warnings, one a line.
void to_arrow(const Comparison& comparison, ArrowArrayStream* out);

/// Costs: the dimensions as above, `contacts` and `unpriced` as int64, then the columns of frame_of().
void to_arrow(const CostTable& table, ArrowArrayStream* out);

/// A cube's cells, sorted as Cube::cells() sorts them: municipality, week, task, channel, type, direction,
/// closure, form, source, unit and count. Nothing is reclassified.
void cells_to_arrow(const Cube& cube, ArrowArrayStream* out);

/// Any other table: integers are int64, text utf8, decimals decimal128(38, decimals) where their column says
/// how many (frame_of()) and utf8 otherwise, all of them nullable. The notes stand in the metadata, one a
/// line.
void to_arrow(const Table& table, ArrowArrayStream* out);

}  // namespace komhen
