#include <algorithm>
#include <array>

#include "komhen/cost/channel_price.hpp"
#include "komhen/registration/csv.hpp"
#include "komhen/registration/encoding.hpp"
#include "komhen/registration/registration.hpp"
#include "posix_file.hpp"
#include "toml_values.hpp"

namespace komhen {
namespace {

using detail::quoted;
using detail::TomlTable;

constexpr std::size_t kMostBytes = std::size_t{16} << 20U;
constexpr std::size_t kMostRows = 2'000;

PriceTable copenhagen(PriceTable::Classes classes, const std::string& id, const std::string& note) {
  std::vector<PriceRow> rows;
  for (const ClassPrice& given : kCopenhagen2010) {
    PriceRow row;
    row.number = static_cast<int>(rows.size()) + 1;
    row.source = "Københavns Kommune 2010 (erfaringstal, as printed by Herning Kommune)";
    row.year = 2010;
    row.price_class = given.price_class;
    for (const auto& [name, channels] : classes)
      if (name == given.price_class) row.channels = channels;
    row.price = Money::from_kroner(given.kroner);
    rows.push_back(std::move(row));
  }
  return {id, note, std::move(classes), std::move(rows)};
}

PriceTable copenhagen() {
  PriceTable::Classes classes;
  for (const ClassPrice& given : kCopenhagen2010) {
    std::vector<Channel> channels;
    for (const ClassChannel& row : kCopenhagenChannels)
      if (row.price_class == given.price_class) channels.push_back(row.channel);
    classes.emplace_back(given.price_class, std::move(channels));
  }
  return copenhagen(
      std::move(classes), "copenhagen-2010",
      "komhen laid the source's four classes on the channels; direction, contact group and cost basis "
      "are not stated");
}

std::string last_part(std::string_view name) {
  return detail::shown(name.substr(name.find_last_of('/') + 1));
}

std::string label(const TomlTable& table, std::string_view key, std::string otherwise = "") {
  if (!table.has(key)) return otherwise;
  std::string text = *table.text(key);
  if (text.size() > 1'000 || find_personal(text))
    table.complain(key, "is longer than 1000 bytes or holds something like a CPR number");
  return detail::shown(text);
}

/// `12 minutes x 300.00 kr. an hour`.
std::string derivation_of(const ExactNumber& minutes, const Money& hourly) {
  return minutes.exact_text().value_or(minutes.fraction_text()) + " minutes x " + hourly.text() +
         " kr. an hour";
}

void check_size(std::string_view text, std::string_view name) {
  if (text.size() > kMostBytes)
    throw Error(ErrorKind::format, "the price table " + quoted(name) + " is longer than 16 MiB");
}

PriceTable::Classes classes_of(const TomlTable& table) {
  PriceTable::Classes out;
  for (const std::string& name : table.keys()) {
    if (name.empty() || name.size() > 1'000 || detail::shown(name) != name)
      table.complain(name,
                     "is no name for a class: it is empty, longer than 1000 bytes, or holds letters that are "
                     "not shown or something like a CPR number");
    std::vector<Channel> channels;
    const auto texts = *table.texts(name);
    for (const std::string& text : texts) {
      const auto channel = from_text<Channel>(text);
      if (!channel) table.complain(name, "has " + quoted(text) + ", which is no channel");
      if (std::ranges::find(channels, *channel) != channels.end())
        table.complain(name, "names " + quoted(text) + " twice");
      channels.push_back(*channel);
    }
    out.emplace_back(name, std::move(channels));
  }
  return out;
}

PriceRow row_of(const TomlTable& table, const TomlTable& all, const PriceTable::Classes& classes,
                int number) {
  table.allow_only({"source", "year", "direction", "group", "channel", "class", "level", "basis", "price",
                    "minutes", "hourly_cost"});
  PriceRow row;
  row.number = number;
  row.source = label(table, "source", label(all, "source"));
  if (table.has("year"))
    row.year = detail::year_of(table, "year");
  else if (all.has("year"))
    row.year = detail::year_of(all, "year");
  if (table.has("basis"))
    row.basis = detail::word_of<CostBasis>(table, "basis");
  else if (all.has("basis"))
    row.basis = detail::word_of<CostBasis>(all, "basis");
  if (table.has("direction")) row.direction = detail::word_of<Direction>(table, "direction");
  if (table.has("group")) row.group = detail::word_of<Group>(table, "group");
  if (table.has("level")) row.level = detail::word_of<ServiceLevel>(table, "level");
  if (table.has("channel") == table.has("class"))
    table.complain("channel", "or class must be given, and not both");
  if (table.has("channel")) {
    row.channels = {detail::word_of<Channel>(table, "channel")};
  } else {
    row.price_class = *table.text("class");
    const auto found = std::ranges::find(classes, row.price_class, &PriceTable::Classes::value_type::first);
    if (found == classes.end())
      table.complain("class", "is " + quoted(row.price_class) + ", which does not stand under classes");
    row.channels = found->second;
  }
  if (table.has("price") == table.has("minutes"))
    table.complain("price", "or minutes must be given, and not both");
  if (table.has("price")) {
    row.price = detail::money_of(table, "price");
    if (table.has("hourly_cost")) table.complain("hourly_cost", "belongs to minutes, not to a price");
  } else {
    const ExactNumber minutes = detail::exact_not_negative(table, "minutes");
    if (table.text_or_number("minutes")->ends_with('%'))
      table.complain("minutes", "are no share of anything");
    const Money hourly = detail::money_of(table.has("hourly_cost") ? table : all, "hourly_cost");
    if (hourly.sign() < 0) table.complain("hourly_cost", "is below zero");
    row.price = price_from_time(minutes, hourly);
    row.derivation = derivation_of(minutes, hourly);
  }
  return row;
}

/// The columns of a CSV price table, with their Danish names.
enum Column : std::size_t {
  source,
  year,
  direction,
  group,
  channel,
  level,
  basis,
  price,
  minutes,
  hourly_cost
};
struct ColumnName {
  std::string_view name;
  std::string_view danish;
};
constexpr auto kColumns = std::to_array<ColumnName>({{"source", "kilde"},
                                                     {"year", "år"},
                                                     {"direction", "retning"},
                                                     {"group", "gruppe"},
                                                     {"channel", "kanal"},
                                                     {"level", "niveau"},
                                                     {"basis", "grundlag"},
                                                     {"price", "pris"},
                                                     {"minutes", "minutter"},
                                                     {"hourly_cost", "timepris"}});

/// Reads one line; says line, column and value of what it cannot read.
class CsvRow {
 public:
  CsvRow(const Record& record, const std::array<std::optional<std::size_t>, kColumns.size()>& places,
         std::string_view file)
      : record_{record}, places_{places}, file_{file} {}

  [[noreturn]] void complain(const std::string& what) const {
    throw Error(ErrorKind::format,
                "in " + quoted(file_) + ", line " + std::to_string(record_.line) + ", " + what);
  }
  [[nodiscard]] std::string text(Column column) const {
    const auto place = places_[column];
    return place ? std::string{detail::trimmed(record_.fields[*place])} : std::string{};
  }
  template <Worded E>
  [[nodiscard]] std::optional<E> word(Column column) const {
    const std::string given = text(column);
    if (given.empty()) return std::nullopt;
    const auto value = from_text<E>(given);
    if (!value) complain(quoted(given) + " is no " + std::string{kColumns[column].name});
    return value;
  }
  [[nodiscard]] ExactNumber number(Column column) const {
    const std::string given = text(column);
    const auto value = ExactNumber::parse(given);
    if (!value || value->sign() < 0 || given.ends_with('%'))
      complain(std::string{kColumns[column].name} + " is " + quoted(given) +
               "; it must be a number of zero or more");
    return *value;
  }
  [[nodiscard]] Money money(Column column) const {
    try {
      return Money::from_text(text(column));
    } catch (const Error& error) {
      complain(std::string{kColumns[column].name} + " is unusable: " + error.what());
    }
  }

 private:
  const Record& record_;
  const std::array<std::optional<std::size_t>, kColumns.size()>& places_;
  std::string_view file_;
};

PriceRow row_of(const CsvRow& line, int number) {
  PriceRow row;
  row.number = number;
  row.source = line.text(source);
  if (row.source.size() > 1'000 || find_personal(row.source))
    line.complain("the source is longer than 1000 bytes or holds something like a CPR number");
  row.source = detail::shown(row.source);
  if (!line.text(year).empty()) {
    const auto given = line.number(year).whole();
    if (!given || *given < 1900 || *given > 2200) line.complain(quoted(line.text(year)) + " is no year");
    row.year = static_cast<int>(*given);
  }
  row.direction = line.word<Direction>(direction);
  row.group = line.word<Group>(group);
  row.level = line.word<ServiceLevel>(level);
  row.basis = line.word<CostBasis>(basis).value_or(CostBasis::not_stated);
  const auto own = line.word<Channel>(channel);
  if (!own) line.complain("there is no channel");
  row.channels = {*own};
  if (line.text(price).empty() == line.text(minutes).empty())
    line.complain("price or minutes must be given, and not both");
  if (!line.text(price).empty()) {
    row.price = line.money(price);
    return row;
  }
  const ExactNumber spent = line.number(minutes);
  const Money hourly = line.money(hourly_cost);
  if (hourly.sign() < 0) line.complain("hourly_cost is below zero");
  row.price = price_from_time(spent, hourly);
  row.derivation = derivation_of(spent, hourly);
  return row;
}

}  // namespace

PriceTable parse_prices_toml(std::string_view toml, std::string_view name) {
  check_size(toml, name);
  const toml::table document = detail::parse_toml(toml, name);
  const TomlTable table{document, std::string{name}, ""};
  table.allow_only({"id", "source", "year", "basis", "note", "extends", "hourly_cost", "classes", "price"});
  const std::string id = label(table, "id", last_part(name));
  const std::string note = label(table, "note");
  PriceTable::Classes classes;
  if (const auto given = table.table("classes")) classes = classes_of(*given);
  if (table.has("extends")) {
    if (const std::string base = *table.text("extends"); base != kPriceTables[0])
      table.complain("extends", "is " + quoted(base) + "; the table that can be extended is copenhagen-2010");
    table.require({"classes"});
    for (const std::string_view not_with : {"price", "source", "year", "basis", "hourly_cost"})
      if (table.has(not_with))
        table.complain(not_with, "cannot stand beside extends, which replaces classes alone");
    for (const auto& [own, channels] : classes)
      if (std::ranges::find(kCopenhagen2010, own, &ClassPrice::price_class) == kCopenhagen2010.end())
        table.complain("classes",
                       "has " + quoted(own) + "; copenhagen-2010 has digital, telephone, in_person, written");
    return copenhagen(std::move(classes), id,
                      note.empty() ? "the classes were laid on the channels by " + last_part(name) : note);
  }
  const auto prices = table.tables("price");
  if (prices.empty()) table.complain("price", "is missing: each price stands under [[price]]");
  if (prices.size() > kMostRows) table.complain("price", "stands there more than 2000 times");
  std::vector<PriceRow> rows;
  for (const TomlTable& given : prices)
    rows.push_back(row_of(given, table, classes, static_cast<int>(rows.size()) + 1));
  return {id, note, std::move(classes), std::move(rows)};
}

PriceTable parse_prices_csv(std::string_view csv, std::string_view name) {
  check_size(csv, name);
  if (csv.starts_with("\xFF\xFE") || csv.starts_with("\xFE\xFF"))
    throw Error(ErrorKind::format, "the file " + quoted(name) + " is UTF-16; save it as UTF-8");
  std::string utf8;
  if (!detail::is_utf8(csv)) {
    detail::append_windows1252(utf8, csv);
    csv = utf8;
  }
  RecordReader reader{[csv](char* into, std::size_t room) mutable {
    const std::size_t got = std::min(room, csv.size());
    csv.copy(into, got);
    csv.remove_prefix(got);
    return got;
  }};
  reader.settle_separator(0);
  Record record;
  std::array<std::optional<std::size_t>, kColumns.size()> places;
  std::size_t width = 0;
  std::vector<PriceRow> rows;
  while (reader.next(record)) {
    const CsvRow line{record, places, name};
    if (record.broken) line.complain("a quote is not closed, or text stands behind it");
    if (width == 0) {
      width = record.fields.size();
      for (std::size_t i = 0; i < width; ++i) {
        const std::string_view given = detail::trimmed(record.fields[i]);
        const auto column = std::ranges::find_if(kColumns, [&](const ColumnName& own) {
          return detail::same_word(given, own.name) || detail::same_word(given, own.danish);
        });
        if (column == kColumns.end()) line.complain(quoted(given) + " is no column of a price table");
        auto& place = places[static_cast<std::size_t>(column - kColumns.begin())];
        if (place) line.complain("the column " + std::string{column->name} + " stands there twice");
        place = i;
      }
      if (!places[channel] || !(places[price] || places[minutes]))
        line.complain("the header needs channel, and price or minutes");
      continue;
    }
    if (record.fields.size() != width)
      line.complain("there are " + std::to_string(record.fields.size()) + " fields and " +
                    std::to_string(width) + " columns");
    if (rows.size() == kMostRows) line.complain("there are more than 2000 prices");
    rows.push_back(row_of(line, static_cast<int>(rows.size()) + 1));
  }
  return {last_part(name), "", {}, std::move(rows)};
}

PriceTable load_prices(const std::string& name_or_path) {
  if (name_or_path == kPriceTables[0]) return copenhagen();
  const bool toml = name_or_path.ends_with(".toml");
  if (!toml && !name_or_path.ends_with(".csv"))
    throw Error(ErrorKind::argument, "there is no price table " + quoted(name_or_path) +
                                         "; there are copenhagen-2010 or the path of a .toml or .csv file");
  const std::string text = detail::read_file(name_or_path, kMostBytes);
  return toml ? parse_prices_toml(text, name_or_path) : parse_prices_csv(text, name_or_path);
}

}  // namespace komhen
