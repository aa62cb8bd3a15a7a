/// Measures and tables (6 and 8 of komhen.h).
#include "arrow_c_data.h"
#include "guarded.hpp"
#include "handles.hpp"

namespace komhen::capi {
namespace {

void add_filter(komhen_query* query, std::int32_t dimension, const char* value, std::int64_t size,
                bool without) {
  komhen_query& into = there(query, "query");
  into.query.filters.push_back(
      {word<Dimension>(dimension, "dimension"), {std::string{text(value, size, "value")}}, without});
}

/// The cell at this place; nullptr when there is none.
const Table::Cell* cell_at(const komhen_table* table, std::int64_t row, std::int64_t column) noexcept {
  if (table == nullptr || row < 0 || column < 0 || row >= static_cast<std::int64_t>(table->table.rows()) ||
      column >= static_cast<std::int64_t>(table->table.columns.size()))
    return nullptr;
  return &table->table.cell(static_cast<std::size_t>(row), static_cast<std::size_t>(column));
}

const Table::Column* column_at(const komhen_table* table, std::int64_t column) noexcept {
  if (table == nullptr || column < 0 || column >= static_cast<std::int64_t>(table->table.columns.size()))
    return nullptr;
  return &table->table.columns[static_cast<std::size_t>(column)];
}

std::string json_of(const komhen_table& table) {
  if (const auto* measured = std::get_if<MeasureTable>(&table.origin)) return to_json(*measured);
  if (const auto* compared = std::get_if<Comparison>(&table.origin)) return to_json(*compared);
  if (const auto* priced = std::get_if<CostTable>(&table.origin)) return to_json(*priced);
  if (const auto* moved = std::get_if<MovedContacts>(&table.origin)) return to_json(*moved);
  if (const auto* held = std::get_if<std::vector<ValuedGoal>>(&table.origin)) return to_json(*held);
  if (const auto* ranked = std::get_if<std::vector<RankedTask>>(&table.origin)) return to_json(*ranked);
  return to_json(table.table);
}

}  // namespace
}  // namespace komhen::capi

using namespace komhen::capi;

komhen_status komhen_query_new(int32_t measure, komhen_query** out, komhen_error* err) {
  return making(out, err, [&] {
    auto query = std::make_unique<komhen_query>();
    query->query.measure = word<komhen::Measure>(measure, "measure");
    return query.release();
  });
}

komhen_status komhen_query_by(komhen_query* query, int32_t dimension, komhen_error* err) {
  return guarded(err, [&] {
    there(query, "query").query.by.push_back(word<komhen::Dimension>(dimension, "dimension"));
  });
}

komhen_status komhen_query_where(komhen_query* query, int32_t dimension, const char* value, int64_t size,
                                 komhen_error* err) {
  return guarded(err, [&] { add_filter(query, dimension, value, size, false); });
}

komhen_status komhen_query_without(komhen_query* query, int32_t dimension, const char* value, int64_t size,
                                   komhen_error* err) {
  return guarded(err, [&] { add_filter(query, dimension, value, size, true); });
}

komhen_status komhen_query_tasks(komhen_query* query, const char* name_or_path, int64_t size,
                                 komhen_error* err) {
  return guarded(err, [&] {
    there(query, "query").query.tasks = komhen::load_task_set(path(name_or_path, size, "name_or_path"));
  });
}

komhen_status komhen_query_basis(komhen_query* query, const char* basis, int64_t size, komhen_error* err) {
  return guarded(err, [&] { there(query, "query").query.basis = text(basis, size, "basis"); });
}

komhen_status komhen_query_set(komhen_query* query, int32_t set, komhen_error* err) {
  return guarded(err, [&] { there(query, "query").query.set = word<komhen::DigitalSet>(set, "set"); });
}

komhen_status komhen_query_scheme(komhen_query* query, int32_t scheme, komhen_error* err) {
  return guarded(err, [&] { there(query, "query").query.scheme = word<komhen::Scheme>(scheme, "scheme"); });
}

komhen_status komhen_query_raw(komhen_query* query, int32_t raw, komhen_error* err) {
  return guarded(err, [&] {
    komhen_query& into = there(query, "query");
    if (raw != 0 && raw != 1) refuse("raw is " + std::to_string(raw) + "; it must be 0 or 1");
    into.query.raw = raw == 1;
  });
}

void komhen_query_free(komhen_query* query) {
  freeing(query);
}

komhen_status komhen_measure(const komhen_cube* cube, const komhen_query* query, komhen_table** out,
                             komhen_error* err) {
  return making(out, err, [&] {
    komhen::MeasureTable table = komhen::measure(at_rest(cube, "cube").cube(), there(query, "query").query);
    komhen::Table shown = komhen::table_of(table);
    return new komhen_table{std::move(shown), std::move(table)};
  });
}

komhen_status komhen_compare(const komhen_cube* before, const komhen_cube* after, const komhen_query* query,
                             komhen_table** out, komhen_error* err) {
  return making(out, err, [&] {
    komhen::Comparison table = komhen::compare(at_rest(before, "before").cube(),
                                               at_rest(after, "after").cube(), there(query, "query").query);
    komhen::Table shown = komhen::table_of(table);
    return new komhen_table{std::move(shown), std::move(table)};
  });
}

int32_t komhen_per_cent(int64_t numerator, int64_t denominator) {
  if (denominator <= 0 || numerator < 0 || numerator > denominator) return -1;
  return looked_up(-1, [&] { return static_cast<int32_t>(komhen::per_cent({numerator, denominator})); });
}

int64_t komhen_table_rows(const komhen_table* table) {
  return table == nullptr ? 0 : static_cast<int64_t>(table->table.rows());
}
int64_t komhen_table_columns(const komhen_table* table) {
  return table == nullptr ? 0 : static_cast<int64_t>(table->table.columns.size());
}

const char* komhen_table_column_name(const komhen_table* table, int64_t column) {
  const auto* found = column_at(table, column);
  return found == nullptr ? nullptr : found->name.c_str();
}

int32_t komhen_table_column_kind(const komhen_table* table, int64_t column) {
  const auto* found = column_at(table, column);
  return found == nullptr ? 0 : static_cast<int32_t>(found->kind);
}

const char* komhen_table_text(const komhen_table* table, int64_t row, int64_t column, int64_t* size) {
  const auto* cell = cell_at(table, row, column);
  const bool there_is = cell != nullptr && cell->there;
  if (size != nullptr) *size = there_is ? static_cast<int64_t>(cell->text.size()) : 0;
  return there_is ? cell->text.c_str() : nullptr;
}

komhen_status komhen_table_integer(const komhen_table* table, int64_t row, int64_t column, int64_t* out,
                                   komhen_error* err) {
  if (out != nullptr) *out = 0;
  return guarded(err, [&] {
    static_cast<void>(there(table, "table"));
    std::int64_t& into = there(out, "out");
    const auto* cell = cell_at(table, row, column);
    if (cell == nullptr)
      refuse("the table has no cell in row " + std::to_string(row) + ", column " + std::to_string(column));
    if (column_at(table, column)->kind != komhen::ColumnKind::integer)
      refuse("the column " + column_at(table, column)->name + " is not one of integers");
    if (!cell->there)
      refuse("the cell in row " + std::to_string(row) + ", column " + std::to_string(column) +
             " holds nothing");
    into = cell->integer;
  });
}

const char* komhen_table_note(const komhen_table* table, int64_t index) {
  if (table == nullptr || index < 0 || index >= static_cast<int64_t>(table->table.notes.size()))
    return nullptr;
  return table->table.notes[static_cast<std::size_t>(index)].c_str();
}

komhen_status komhen_table_json(const komhen_table* table, komhen_buffer** out, komhen_error* err) {
  return making(out, err, [&] { return new komhen_buffer{json_of(there(table, "table"))}; });
}

komhen_status komhen_table_csv(const komhen_table* table, komhen_buffer** out, komhen_error* err) {
  return making(out, err, [&] { return new komhen_buffer{komhen::to_csv(there(table, "table").table)}; });
}

komhen_status komhen_table_arrow(const komhen_table* table, ArrowArrayStream* out, komhen_error* err) {
  if (out != nullptr) *out = ArrowArrayStream{};
  return guarded(err, [&] {
    const komhen_table& from = there(table, "table");
    static_cast<void>(there(out, "out"));
    if (const auto* measured = std::get_if<komhen::MeasureTable>(&from.origin))
      komhen::to_arrow(*measured, out);
    else if (const auto* compared = std::get_if<komhen::Comparison>(&from.origin))
      komhen::to_arrow(*compared, out);
    else if (const auto* cube = std::get_if<komhen::Cube>(&from.origin))
      komhen::cells_to_arrow(*cube, out);
    else
      komhen::to_arrow(from.table, out);
  });
}

void komhen_table_free(komhen_table* table) {
  freeing(table);
}
