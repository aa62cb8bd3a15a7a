#include "komhen/report/table.hpp"

#include <string_view>

#include "komhen/report/text.hpp"
#include "reject_file.hpp"
#include "table_cells.hpp"

namespace komhen {
namespace {

using Cell = Table::Cell;
using detail::add_dimensions;
using detail::add_key;

Cell integer(std::int64_t value) {
  return detail::integer_cell(value);
}
Cell text(std::string_view value) {
  return detail::text_cell(value);
}
Cell nothing() {
  return detail::no_cell();
}
Cell share_cell(Share share) {
  return share.exists() ? text(share_text(share)) : nothing();
}

ColumnKind kind_of(Dimension dimension) noexcept {
  return dimension == Dimension::municipality ? ColumnKind::integer : ColumnKind::text;
}

}  // namespace

void detail::add_dimensions(Table& out, const std::vector<Dimension>& by) {
  for (const Dimension dimension : by)
    out.columns.push_back({std::string{token(dimension)}, kind_of(dimension)});
}

void detail::add_key(Table& out, const std::vector<DimensionValue>& key) {
  for (const DimensionValue& value : key)
    out.cells.push_back(kind_of(value.dimension) == ColumnKind::integer ? integer(value.number)
                                                                        : text(value.text));
}

Table table_of(const MeasureTable& table) {
  const bool contacts = table.measure == Measure::contacts;
  const bool forms = table.measure == Measure::form_share;
  Table out;
  out.notes = table.notes;
  add_dimensions(out, table.by);
  if (contacts) {
    out.columns.push_back({"contacts", ColumnKind::integer});
  } else {
    out.columns.push_back({"numerator", ColumnKind::integer});
    out.columns.push_back({"denominator", ColumnKind::integer});
    out.columns.push_back({"share", ColumnKind::decimal});
  }
  for (const std::string& extra : table.extras) out.columns.push_back({extra, ColumnKind::integer});
  if (forms)
    for (const std::string_view part : kFormParts)
      out.columns.push_back({std::string{part}, ColumnKind::decimal});
  for (const MeasureRow& row : table.rows) {
    add_key(out, row.key);
    out.cells.push_back(integer(row.share.numerator));
    if (!contacts) {
      out.cells.push_back(integer(row.share.denominator));
      out.cells.push_back(share_cell(row.share));
    }
    for (const std::int64_t extra : row.extras) out.cells.push_back(integer(extra));
    if (forms)
      for (std::size_t i = 0; i < kFormParts.size(); ++i)
        out.cells.push_back(share_cell({row.extras[i], row.share.denominator}));
  }
  return out;
}

Table table_of(const Comparison& comparison) {
  Table out;
  out.notes = comparison.warnings;
  add_dimensions(out, comparison.by);
  for (const char* name : {"before_numerator", "before_denominator", "after_numerator", "after_denominator"})
    out.columns.push_back({name, ColumnKind::integer});
  out.columns.push_back({"change", ColumnKind::decimal});
  out.columns.push_back({"printed_change", ColumnKind::integer});
  for (const Comparison::Row& row : comparison.rows) {
    add_key(out, row.key);
    for (const auto& side : {row.before, row.after}) {
      out.cells.push_back(side ? integer(side->numerator) : nothing());
      out.cells.push_back(side ? integer(side->denominator) : nothing());
    }
    out.cells.push_back(row.changes() ? text(change_text(*row.before, *row.after)) : nothing());
    out.cells.push_back(row.changes() ? integer(printed_change(*row.before, *row.after)) : nothing());
  }
  return out;
}

Table table_of(const Cube& cube) {
  Table out;
  for (const Dimension dimension :
       {Dimension::municipality, Dimension::week, Dimension::task, Dimension::channel, Dimension::type,
        Dimension::direction, Dimension::closure, Dimension::form, Dimension::source, Dimension::unit})
    out.columns.push_back({std::string{token(dimension)}, kind_of(dimension)});
  out.columns.push_back({"count", ColumnKind::integer});
  for (const Registration& cell : cube.cells()) {
    out.cells.push_back(integer(cell.municipality.code()));
    out.cells.push_back(text(cell.week.text()));
    out.cells.push_back(text(cell.task.text()));
    out.cells.push_back(text(token(cell.channel)));
    out.cells.push_back(text(token(cell.type)));
    out.cells.push_back(text(token(cell.direction)));
    out.cells.push_back(text(token(cell.closure)));
    out.cells.push_back(text(token(cell.form)));
    out.cells.push_back(text(cell.source));
    out.cells.push_back(text(cell.unit));
    out.cells.push_back(integer(cell.count));
  }
  return out;
}

std::string to_csv(const Table& table) {
  std::string out;
  for (const Table::Column& column : table.columns) out += (out.empty() ? "" : ",") + column.name;
  out += "\n";
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      if (column > 0) out += ',';
      const Cell& cell = table.cell(row, column);
      if (!cell.there) continue;
      out += table.columns[column].kind == ColumnKind::text ? detail::spreadsheet_cell(cell.text) : cell.text;
    }
    out += '\n';
  }
  return out;
}

std::string to_json(const Table& table) {
  std::string out = "{\"rows\":[";
  for (std::size_t row = 0; row < table.rows(); ++row) {
    out += row > 0 ? ",{" : "{";
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      const Cell& cell = table.cell(row, column);
      const bool number = table.columns[column].kind == ColumnKind::integer;
      out += (column > 0 ? "," : "") + detail::json_text(table.columns[column].name) + ":";
      out += !cell.there ? "null" : number ? cell.text : detail::json_text(cell.text);
    }
    out += '}';
  }
  return out + "]}";
}

std::string to_csv(const MeasureTable& table) {
  return to_csv(table_of(table));
}
std::string to_csv(const Comparison& comparison) {
  return to_csv(table_of(comparison));
}

}  // namespace komhen
