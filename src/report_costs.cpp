#include "json_writer.hpp"
#include "komhen/report/costs.hpp"
#include "table_cells.hpp"

namespace komhen {
namespace {

using detail::JsonWriter;

void write(JsonWriter& out, const PricedContact& contact) {
  out.field("channel", token(contact.channel));
  if (contact.direction) out.field("direction", token(*contact.direction));
  if (contact.group) out.field("group", token(*contact.group));
  if (contact.level) out.field("level", static_cast<int>(*contact.level));
}

void write_sums(JsonWriter& out, const CostTable& table, const CostRow& row) {
  out.field("contacts", row.contacts).field("unpriced", row.unpriced).maybe("cost", row.known_cost());
  out.maybe("per_contact", row.per_contact());
  const auto share = table.share(row);
  out.maybe("share", share ? std::optional{share->text(6)} : std::nullopt);
}

}  // namespace

std::string to_json(const CostTable& table) {
  JsonWriter out;
  out.open_object().field("prices", table.prices).field("source", table.source).maybe("year", table.year);
  out.field("basis", token(table.basis)).field("note", table.note);
  out.field("by", table.by).field("tasks", table.tasks).field("scheme", token(table.scheme));
  out.field("unit", "kr").key("rows").open_list();
  for (const CostRow& row : table.rows) {
    out.open_object().fields(row.key);
    write_sums(out, table, row);
    out.close_object();
  }
  out.close_list().key("total").open_object();
  write_sums(out, table, table.total);
  out.close_object().key("used").open_list();
  for (const UsedPrice& use : table.used)
    out.open_object()
        .field("row", use.row.number)
        .field("text", text_of(use.row))
        .field("price", use.row.price)
        .field("contacts", use.contacts)
        .field("cost", use.cost)
        .close_object();
  out.close_list().key("unpriced").open_list();
  for (const UnpricedContacts& none : table.unpriced) {
    out.open_object();
    write(out, none.what);
    out.field("contacts", none.contacts).close_object();
  }
  return std::move(out.close_list().close_object()).take();
}

std::string to_json(const MovedContacts& moved) {
  JsonWriter out;
  out.open_object().field("contacts", moved.contacts).key("from").open_object();
  write(out, moved.from);
  out.field("row", text_of(moved.from_row)).close_object().key("to").open_object();
  write(out, moved.to);
  out.field("row", text_of(moved.to_row)).close_object();
  out.field("before", moved.before)
      .field("after", moved.after)
      .field("saving", moved.saving)
      .field("unit", "kr");
  return std::move(out.close_object()).take();
}

Table table_of(const CostTable& table) {
  using detail::integer_cell;
  Table out;
  if (!table.note.empty()) out.notes.push_back(table.note);
  for (const UnpricedContacts& none : table.unpriced)
    out.notes.push_back(std::to_string(none.contacts) + " contacts have no price: " + text_of(none.what));
  detail::add_dimensions(out, table.by);
  for (const char* name : {"contacts", "unpriced"}) out.columns.push_back({name, ColumnKind::integer});
  for (const char* name : {"cost", "per_contact", "share"})
    out.columns.push_back({name, ColumnKind::decimal});
  for (const CostRow& row : table.rows) {
    detail::add_key(out, row.key);
    out.cells.push_back(integer_cell(row.contacts));
    out.cells.push_back(integer_cell(row.unpriced));
    out.cells.push_back(detail::maybe_cell(row.known_cost(), detail::kroner_cell));
    out.cells.push_back(detail::maybe_cell(row.per_contact(), detail::kroner_cell));
    out.cells.push_back(detail::maybe_cell(
        table.share(row), [](const ExactNumber& share) { return detail::text_cell(share.text(6)); }));
  }
  return out;
}

Table table_of(const MovedContacts& moved) {
  Table out;
  out.notes = {"from " + text_of(moved.from_row), "to " + text_of(moved.to_row)};
  out.columns = {{"contacts", ColumnKind::integer}, {"from", ColumnKind::text},
                 {"to", ColumnKind::text},          {"before", ColumnKind::decimal},
                 {"after", ColumnKind::decimal},    {"saving", ColumnKind::decimal}};
  out.cells = {detail::integer_cell(moved.contacts),       detail::text_cell(token(moved.from.channel)),
               detail::text_cell(token(moved.to.channel)), detail::kroner_cell(moved.before),
               detail::kroner_cell(moved.after),           detail::kroner_cell(moved.saving)};
  return out;
}

Table table_of(const PriceTable& prices) {
  const auto word = [](auto value) { return detail::text_cell(token(value)); };
  Table out;
  if (!prices.note().empty()) out.notes.push_back(prices.note());
  out.columns = {
      {"number", ColumnKind::integer}, {"source", ColumnKind::text},    {"year", ColumnKind::integer},
      {"basis", ColumnKind::text},     {"class", ColumnKind::text},     {"channels", ColumnKind::text},
      {"direction", ColumnKind::text}, {"group", ColumnKind::text},     {"level", ColumnKind::integer},
      {"price", ColumnKind::decimal},  {"derivation", ColumnKind::text}};
  for (const PriceRow& row : prices.rows()) {
    std::string channels;
    for (const Channel channel : row.channels)
      channels += (channels.empty() ? "" : ", ") + std::string{token(channel)};
    out.cells.push_back(detail::integer_cell(row.number));
    out.cells.push_back(detail::text_cell(row.source));
    out.cells.push_back(detail::maybe_cell(row.year, detail::integer_cell));
    out.cells.push_back(word(row.basis));
    out.cells.push_back(detail::text_cell(row.price_class));
    out.cells.push_back(detail::text_cell(channels));
    out.cells.push_back(detail::maybe_cell(row.direction, word));
    out.cells.push_back(detail::maybe_cell(row.group, word));
    out.cells.push_back(detail::maybe_cell(
        row.level, [](ServiceLevel level) { return detail::integer_cell(static_cast<int>(level)); }));
    out.cells.push_back(detail::text_cell(row.price.text()));
    out.cells.push_back(detail::text_cell(row.derivation));
  }
  return out;
}

std::string to_csv(const CostTable& table) {
  return to_csv(table_of(table));
}

}  // namespace komhen
