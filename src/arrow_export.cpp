#include <algorithm>
#include <unordered_map>

#include "arrow_table.hpp"
#include "komhen/report/arrow.hpp"
#include "komhen/report/frame.hpp"

namespace komhen {
namespace {

using detail::ArrowTable;

/// The digits of decimal text with six decimals, as a whole number: `-0.333333` is -333333.
std::int64_t millionths(std::string_view text) {
  std::int64_t value = 0;
  for (const char c : text)
    if (c >= '0' && c <= '9') value = value * 10 + (c - '0');
  return text.starts_with('-') ? -value : value;
}

std::optional<std::int64_t> share_millionths(Share share) {
  return share.exists() ? std::optional{millionths(share_text(share))} : std::nullopt;
}

/// The tokens of an enumeration, in the order of its numbers.
template <class E>
std::vector<std::string> tokens() {
  std::vector<std::string> out;
  for (const auto& word : kWords<E>) out.emplace_back(word.token);
  return out;
}

/// A column of values of an enumeration, given by their numbers.
template <class E, class Rows, class Number>
void add_words(ArrowTable& out, const std::string& name, const Rows& rows, Number&& number) {
  std::vector<std::int8_t> index;
  index.reserve(rows.size());
  for (const auto& row : rows)
    index.push_back(
        static_cast<std::int8_t>(number(row) - static_cast<std::int64_t>(kWords<E>.front().value)));
  out.add(name, index, tokens<E>());
}

/// The column of one dimension of the rows' keys.
template <class Row>
void add_dimension(ArrowTable& out, const std::vector<Row>& rows, Dimension dimension, std::size_t at) {
  const std::string name{token(dimension)};
  const auto number = [at](const Row& row) { return row.key[at].number; };
  switch (dimension) {
    case Dimension::municipality: {
      std::vector<std::int32_t> codes;
      codes.reserve(rows.size());
      for (const Row& row : rows) codes.push_back(static_cast<std::int32_t>(number(row)));
      return out.add(name, codes);
    }
    case Dimension::channel:
      return add_words<Channel>(out, name, rows, number);
    case Dimension::type:
      return add_words<ContactType>(out, name, rows, number);
    case Dimension::group:
      return add_words<Group>(out, name, rows, number);
    case Dimension::direction:
      return add_words<Direction>(out, name, rows, number);
    case Dimension::closure:
      return add_words<Closure>(out, name, rows, number);
    case Dimension::form:
      return add_words<AttachedForm>(out, name, rows, number);
    case Dimension::week:
    case Dimension::task:
    case Dimension::main_group:
    case Dimension::source:
    case Dimension::unit:
      break;
  }
  std::vector<std::string> texts;
  texts.reserve(rows.size());
  for (const Row& row : rows) texts.push_back(row.key[at].text);
  out.add(name, texts);
}

/// A column of labels: dictionary encoded, in the order in which they are met.
template <class Text>
void add_labels(ArrowTable& out, const std::string& name, const std::vector<Registration>& cells,
                Text&& text) {
  std::vector<std::string> dictionary;
  std::unordered_map<std::string_view, std::int32_t> numbers;
  std::vector<std::int32_t> index;
  index.reserve(cells.size());
  for (const Registration& cell : cells) {
    const auto [found, is_new] =
        numbers.try_emplace(text(cell), static_cast<std::int32_t>(dictionary.size()));
    if (is_new) dictionary.emplace_back(text(cell));
    index.push_back(found->second);
  }
  out.add(name, index, dictionary);
}

/// A column of what `value(row)` gives.
template <class Value, class Rows, class Give>
std::vector<Value> column_of(const Rows& rows, Give&& give) {
  std::vector<Value> out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(give(row));
  return out;
}

void note_kind(ArrowTable& out, const std::string& basis, const std::optional<DigitalSet>& set) {
  if (!basis.empty()) out.note("basis", basis);
  if (set) out.note("set", token(*set));
}

using Nullable = std::optional<std::int64_t>;

/// The columns of any table, from the `first` on.
void add_columns(ArrowTable& out, const Table& table, std::size_t first) {
  for (std::size_t column = first; column < table.columns.size(); ++column) {
    const auto& [name, kind, decimals] = table.columns[column];
    if (kind == ColumnKind::integer) {
      std::vector<Nullable> values;
      for (std::size_t row = 0; row < table.rows(); ++row) {
        const Table::Cell& cell = table.cell(row, column);
        values.push_back(cell.there ? Nullable{cell.integer} : std::nullopt);
      }
      out.add(name, values);
      continue;
    }
    std::vector<std::string> texts;
    std::vector<bool> there;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      texts.push_back(table.cell(row, column).text);
      there.push_back(table.cell(row, column).there);
    }
    if (kind == ColumnKind::decimal && decimals >= 0)
      out.add_decimal(name, decimals, texts, there);
    else
      out.add(name, texts, there);
  }
}

}  // namespace

void to_arrow(const MeasureTable& table, ArrowArrayStream* out) {
  const auto& rows = table.rows;
  auto built = std::make_shared<ArrowTable>(rows.size());
  built->note("measure", token(table.measure));
  built->note("tasks", table.tasks);
  built->note("scheme", token(table.scheme));
  note_kind(*built, table.basis, table.set);
  for (std::size_t i = 0; i < table.by.size(); ++i) add_dimension(*built, rows, table.by[i], i);
  const auto numerators = column_of<std::int64_t>(rows, [](const auto& row) { return row.share.numerator; });
  if (table.measure == Measure::contacts) {
    built->add("contacts", numerators);
  } else {
    built->add("numerator", numerators);
    built->add("denominator",
               column_of<std::int64_t>(rows, [](const auto& row) { return row.share.denominator; }));
    built->add_decimal(
        "share", 7, column_of<Nullable>(rows, [](const auto& row) { return share_millionths(row.share); }));
  }
  for (std::size_t i = 0; i < table.extras.size(); ++i)
    built->add(table.extras[i],
               column_of<std::int64_t>(rows, [i](const auto& row) { return row.extras[i]; }));
  if (table.measure == Measure::form_share) {
    constexpr std::array<std::string_view, 2> kParts{"paper_share", "digital_share"};
    for (std::size_t i = 0; i < kParts.size(); ++i)
      built->add_decimal(std::string{kParts[i]}, 7, column_of<Nullable>(rows, [i](const auto& row) {
                           return share_millionths({row.extras[i], row.share.denominator});
                         }));
  }
  detail::hand_out(std::move(built), out);
}

void to_arrow(const Comparison& comparison, ArrowArrayStream* out) {
  const auto& rows = comparison.rows;
  auto built = std::make_shared<ArrowTable>(rows.size());
  built->note("measure", token(comparison.measure));
  built->note("tasks", comparison.tasks);
  built->note("scheme_before", token(comparison.scheme_before));
  built->note("scheme_after", token(comparison.scheme_after));
  note_kind(*built, comparison.basis, comparison.set);
  std::string warnings;
  for (const std::string& warning : comparison.warnings) warnings += (warnings.empty() ? "" : "\n") + warning;
  built->note("warnings", warnings);
  for (std::size_t i = 0; i < comparison.by.size(); ++i) add_dimension(*built, rows, comparison.by[i], i);
  const auto part = [&](const char* name, auto side, auto number) {
    built->add(name, column_of<Nullable>(rows, [&](const Comparison::Row& row) -> Nullable {
                 const std::optional<Share>& share = row.*side;
                 return share ? Nullable{(*share).*number} : std::nullopt;
               }));
  };
  part("before_numerator", &Comparison::Row::before, &Share::numerator);
  part("before_denominator", &Comparison::Row::before, &Share::denominator);
  part("after_numerator", &Comparison::Row::after, &Share::numerator);
  part("after_denominator", &Comparison::Row::after, &Share::denominator);
  built->add_decimal("change", 9, column_of<Nullable>(rows, [](const Comparison::Row& row) -> Nullable {
                       if (!row.changes()) return std::nullopt;
                       return millionths(change_text(*row.before, *row.after));
                     }));
  built->add("printed_change", column_of<Nullable>(rows, [](const Comparison::Row& row) -> Nullable {
               if (!row.changes()) return std::nullopt;
               return printed_change(*row.before, *row.after);
             }));
  detail::hand_out(std::move(built), out);
}

void to_arrow(const CostTable& table, ArrowArrayStream* out) {
  const auto& rows = table.rows;
  auto built = std::make_shared<ArrowTable>(rows.size());
  built->note("prices", table.prices);
  built->note("source", table.source);
  if (table.year) built->note("year", std::to_string(*table.year));
  built->note("basis", token(table.basis));
  built->note("tasks", table.tasks);
  built->note("scheme", token(table.scheme));
  for (std::size_t i = 0; i < table.by.size(); ++i) add_dimension(*built, rows, table.by[i], i);
  built->add("contacts", column_of<std::int64_t>(rows, [](const CostRow& row) { return row.contacts; }));
  built->add("unpriced", column_of<std::int64_t>(rows, [](const CostRow& row) { return row.unpriced; }));
  const Table frame = frame_of(table);
  add_columns(*built, frame, table.by.size() + 2);
  detail::hand_out(std::move(built), out);
}

void cells_to_arrow(const Cube& cube, ArrowArrayStream* out) {
  const std::vector<Registration> cells = cube.cells();
  auto built = std::make_shared<ArrowTable>(cells.size());
  using Cell = Registration;
  const auto number_of = [](auto member) {
    return [member](const Cell& cell) { return static_cast<std::int64_t>(cell.*member); };
  };
  built->add("municipality",
             column_of<std::int32_t>(cells, [](const Cell& cell) { return cell.municipality.code(); }));
  built->add("week", column_of<std::string>(cells, [](const Cell& cell) { return cell.week.text(); }));
  built->add("task", column_of<std::string>(cells, [](const Cell& cell) { return cell.task.text(); }));
  add_words<Channel>(*built, "channel", cells, number_of(&Cell::channel));
  add_words<ContactType>(*built, "type", cells, number_of(&Cell::type));
  add_words<Direction>(*built, "direction", cells, number_of(&Cell::direction));
  add_words<Closure>(*built, "closure", cells, number_of(&Cell::closure));
  add_words<AttachedForm>(*built, "form", cells, number_of(&Cell::form));
  add_labels(*built, "source", cells, [](const Cell& cell) { return cell.source; });
  add_labels(*built, "unit", cells, [](const Cell& cell) { return cell.unit; });
  built->add("count", column_of<std::int64_t>(cells, [](const Cell& cell) { return cell.count; }));
  detail::hand_out(std::move(built), out);
}

void to_arrow(const Table& table, ArrowArrayStream* out) {
  auto built = std::make_shared<ArrowTable>(table.rows());
  std::string notes;
  for (const std::string& note : table.notes) notes += (notes.empty() ? "" : "\n") + note;
  if (!notes.empty()) built->note("notes", notes);
  add_columns(*built, table, 0);
  detail::hand_out(std::move(built), out);
}

}  // namespace komhen
