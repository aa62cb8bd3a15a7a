#include "bindings.hpp"
#include "komhen/cost/channel_cost.hpp"
#include "komhen/report/costs.hpp"
#include "query.hpp"

/// Prices and costs. An amount crosses twice: settled to whole øre as decimal text, and exact as a fraction.
namespace komhen::python {
namespace {

py::tuple amount(const ExactAmount& value) {
  return py::make_tuple(value.settle(Rounding::half_up).text(), value.kroner().fraction_text());
}
py::object maybe_amount(const std::optional<ExactAmount>& value) {
  return maybe(value, [](const ExactAmount& v) { return amount(v); });
}
template <class E>
py::object maybe_token(const std::optional<E>& value) {
  return maybe(value, [](E v) { return std::string{token(v)}; });
}
py::object maybe_level(const std::optional<ServiceLevel>& value) {
  return maybe(value, [](ServiceLevel v) { return static_cast<int>(v); });
}

py::dict dict_of(const PriceRow& row) {
  py::list channels;
  for (const Channel channel : row.channels) channels.append(text(token(channel)));
  py::dict out;
  out["number"] = row.number;
  out["source"] = row.source;
  out["year"] = maybe(row.year);
  out["basis"] = text(token(row.basis));
  out["price_class"] = row.price_class;
  out["channels"] = channels;
  out["direction"] = maybe_token(row.direction);
  out["group"] = maybe_token(row.group);
  out["level"] = maybe_level(row.level);
  out["price"] = row.price.kroner().fraction_text();
  out["derivation"] = row.derivation;
  out["text"] = text_of(row);
  return out;
}

py::dict dict_of(const PricedContact& contact) {
  py::dict out;
  out["channel"] = text(token(contact.channel));
  out["direction"] = maybe_token(contact.direction);
  out["group"] = maybe_token(contact.group);
  out["level"] = maybe_level(contact.level);
  return out;
}

PricedContact contact_of(const std::string& channel, const std::optional<std::string>& direction,
                         const std::optional<std::string>& group, const std::optional<std::string>& level) {
  return {known_word<Channel>("channel", channel), known_word<Direction>("direction", direction),
          known_word<Group>("group", group), known_word<ServiceLevel>("level", level)};
}

py::tuple row_of(const CostTable& table, const CostRow& row) {
  return py::make_tuple(
      key_of(row.key), row.contacts, row.unpriced, maybe_amount(row.known_cost()),
      maybe_amount(row.per_contact()),
      maybe(table.share(row), [](const ExactNumber& share) { return share.fraction_text(); }));
}

void bind_prices(py::module_& module) {
  py::class_<PriceList>(module, "PriceList")
      .def_property_readonly("id", [](const PriceList& p) { return p.id(); })
      .def_property_readonly("source", [](const PriceList& p) { return p.source(); })
      .def_property_readonly("year", [](const PriceList& p) { return p.year(); })
      .def_property_readonly("basis", [](const PriceList& p) { return text(token(p.basis())); })
      .def_property_readonly("note", [](const PriceList& p) { return p.note(); })
      .def_property_readonly("rows",
                             [](const PriceList& p) {
                               py::list out;
                               for (const PriceRow& row : p.rows()) out.append(dict_of(row));
                               return out;
                             })
      .def(
          "at",
          [](const PriceList& p, const std::string& channel, const std::optional<std::string>& direction,
             const std::optional<std::string>& group, const std::optional<std::string>& level) {
            return dict_of(p.at(contact_of(channel, direction, group, level)));
          },
          py::arg("channel"), py::arg("direction"), py::arg("group"), py::arg("level"));
  module.def(
      "load_prices",
      [](const std::string& name_or_path, const std::optional<std::string>& source,
         const std::optional<int>& year, const std::optional<std::string>& basis) {
        return load_prices(name_or_path).choose({source, year, known_word<CostBasis>("cost basis", basis)});
      },
      py::arg("name_or_path"), py::arg("source"), py::arg("year"), py::arg("basis"));
  module.attr("PRICE_TABLES") = [] {
    py::tuple out{kPriceTables.size()};
    for (std::size_t i = 0; i < kPriceTables.size(); ++i) out[i] = text(kPriceTables[i]);
    return out;
  }();
  module.def(
      "price_table",
      [](const std::string& name_or_path) { return to_json(table_of(load_prices(name_or_path))); },
      py::arg("name_or_path"));
}

}  // namespace

void bind_cost(py::module_& module) {
  bind_prices(module);
  py::class_<CostTable>(module, "CostTable")
      .def_readonly("prices", &CostTable::prices)
      .def_readonly("source", &CostTable::source)
      .def_readonly("year", &CostTable::year)
      .def_property_readonly("basis", [](const CostTable& t) { return text(token(t.basis)); })
      .def_readonly("note", &CostTable::note)
      .def_property_readonly("by", [](const CostTable& t) { return names(t.by); })
      .def_readonly("tasks", &CostTable::tasks)
      .def_property_readonly("scheme", [](const CostTable& t) { return text(token(t.scheme)); })
      .def_property_readonly("rows",
                             [](const CostTable& t) {
                               py::list out;
                               for (const CostRow& row : t.rows) out.append(row_of(t, row));
                               return out;
                             })
      .def_property_readonly("total", [](const CostTable& t) { return row_of(t, t.total); })
      .def_property_readonly("used",
                             [](const CostTable& t) {
                               py::list out;
                               for (const UsedPrice& use : t.used) {
                                 py::dict row = dict_of(use.row);
                                 row["contacts"] = use.contacts;
                                 row["cost"] = amount(use.cost);
                                 out.append(row);
                               }
                               return out;
                             })
      .def_property_readonly("unpriced",
                             [](const CostTable& t) {
                               py::list out;
                               for (const UnpricedContacts& none : t.unpriced) {
                                 py::dict row = dict_of(none.what);
                                 row["contacts"] = none.contacts;
                                 out.append(row);
                               }
                               return out;
                             })
      .def_property_readonly("notes", [](const CostTable& t) { return table_of(t).notes; })
      .def("__len__", [](const CostTable& t) { return t.rows.size(); })
      .def("to_json", [](const CostTable& t) { return to_json(t); })
      .def("to_csv", [](const CostTable& t) { return to_csv(t); });
  module.def(
      "costs",
      [](const Cube& cube, const PriceList& prices, const std::vector<std::string>& by, const Values& where,
         const Values& without, const Tasks& tasks, const std::optional<std::string>& scheme, bool raw,
         bool unpriced_apart, const std::vector<std::pair<std::string, std::string>>& levels,
         const std::optional<std::string>& level) {
        CostQuery query;
        query.by = dimensions(by);
        query.filters = filters(where, without);
        query.tasks = task_set(tasks);
        query.scheme = known_word<Scheme>("scheme", scheme);
        query.raw = raw;
        query.unpriced_apart = unpriced_apart;
        for (const auto& [task, of_task] : levels)
          query.levels[kle_of(task)] = known_word<ServiceLevel>("level", of_task);
        query.level = known_word<ServiceLevel>("level", level);
        return costs(cube, prices, query);
      },
      py::arg("cube"), py::arg("prices"), py::arg("by"), py::arg("where"), py::arg("without"),
      py::arg("tasks"), py::arg("scheme"), py::arg("raw"), py::arg("unpriced_apart"), py::arg("levels"),
      py::arg("level"));
  module.def(
      "move_cost",
      [](const PriceList& prices, std::int64_t contacts, const std::string& from, const std::string& to,
         const std::optional<std::string>& direction, const std::optional<std::string>& group,
         const std::optional<std::string>& from_level, const std::optional<std::string>& to_level) {
        const MovedContacts moved =
            move_contacts(prices, contacts, contact_of(from, direction, group, from_level),
                          contact_of(to, direction, group, to_level));
        py::dict out;
        out["contacts"] = moved.contacts;
        out["from_price"] = dict_of(moved.from_row);
        out["to_price"] = dict_of(moved.to_row);
        out["before"] = amount(moved.before);
        out["after"] = amount(moved.after);
        out["saving"] = amount(moved.saving);
        out["json"] = to_json(moved);
        out["csv"] = to_csv(table_of(moved));
        return out;
      },
      py::arg("prices"), py::arg("contacts"), py::arg("from_channel"), py::arg("to_channel"),
      py::arg("direction"), py::arg("group"), py::arg("from_level"), py::arg("to_level"));
}

}  // namespace komhen::python
