#include "json_writer.hpp"
#include "komhen/report/costs.hpp"
#include "reject_file.hpp"

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
  out.field("contacts", row.contacts).field("unpriced", row.unpriced).field("cost", row.cost);
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

std::string to_csv(const CostTable& table) {
  std::string out;
  for (const Dimension dimension : table.by) out += std::string{token(dimension)} + ",";
  out += "contacts,unpriced,cost,per_contact,share\n";
  for (const CostRow& row : table.rows) {
    for (const DimensionValue& value : row.key) out += detail::spreadsheet_cell(value.text) + ",";
    const auto each = row.per_contact();
    const auto share = table.share(row);
    out += std::to_string(row.contacts) + "," + std::to_string(row.unpriced) + "," +
           row.cost.settle(Rounding::half_up).text() + "," +
           (each ? each->settle(Rounding::half_up).text() : "") + "," + (share ? share->text(6) : "") + "\n";
  }
  return out;
}

}  // namespace komhen
