#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "komhen/cost/money.hpp"
#include "komhen/round/scheme.hpp"
#include "komhen/taxonomy/channel.hpp"
#include "komhen/taxonomy/direction.hpp"

namespace komhen {

/// Which costs a price holds. KL compares channels on variable costs alone, because fixed costs are hard to
/// lay on a channel (KL, project description 1.1, September 2011). A source that does not say is
/// `not_stated`.
enum class CostBasis : std::uint8_t { not_stated = 0, variable = 1, fixed = 2, total = 3 };

template <>
inline constexpr auto kWords<CostBasis> = std::to_array<Word<CostBasis>>({
    {CostBasis::not_stated, "not_stated", "Ikke oplyst", "Not stated", ""},
    {CostBasis::variable, "variable", "Variable omkostninger", "Variable costs", "variabel"},
    {CostBasis::fixed, "fixed", "Faste omkostninger", "Fixed costs", "fast"},
    {CostBasis::total, "total", "Samlede omkostninger", "Total costs", "samlet"},
});
static_assert(detail::well_formed_words<CostBasis>());

/// How far a self-service solution carries what the citizen enters. Source: Hillerød's channel strategy
/// 2014-2018, the note to its channel prices. Unlike most enumerations 0 is a level: a level that is not
/// known is nullopt.
enum class ServiceLevel : std::uint8_t {
  flat_form = 0,         ///< flad blanket
  field_validation = 1,  ///< felter valideres
  document_system = 2,   ///< data afleveres til ESDH
  specialist_system = 3  ///< data afleveres til fagsystemet
};

template <>
inline constexpr auto kWords<ServiceLevel> = std::to_array<Word<ServiceLevel>>({
    {ServiceLevel::flat_form, "flat_form", "Flad blanket", "Flat form", "0"},
    {ServiceLevel::field_validation, "field_validation", "Feltvalidering", "Field validation", "1"},
    {ServiceLevel::document_system, "document_system", "Afleverer data til ESDH",
     "Delivered to the document system", "2"},
    {ServiceLevel::specialist_system, "specialist_system", "Afleverer data til fagsystem",
     "Delivered to the specialist system", "3"},
});
static_assert(detail::well_formed_words<ServiceLevel>());

/// What is known of the contacts that a price is looked up for. What is nullopt is not known, and then only
/// rows that do not ask for it apply.
struct PricedContact {
  Channel channel;
  std::optional<Direction> direction;
  std::optional<Group> group;
  std::optional<ServiceLevel> level;  ///< of self-service

  friend bool operator==(const PricedContact&, const PricedContact&) = default;
};

/// `telephone, incoming, application`: how messages and outputs name a combination.
[[nodiscard]] std::string text_of(const PricedContact& contact);

/// One row of a price table. What is nullopt is "any", so a row with fewer values given is more general.
struct PriceRow {
  int number = 0;  ///< its place in the table, from 1
  std::string source;
  CostBasis basis = CostBasis::not_stated;
  std::optional<int> year;
  std::string price_class;  ///< the source's own word for the channels; empty when the row names a channel
  std::vector<Channel> channels;
  std::optional<Direction> direction;
  std::optional<Group> group;
  std::optional<ServiceLevel> level;
  ExactAmount price;       ///< kroner a contact; a derived price need not be whole øre
  std::string derivation;  ///< `12 minutes x 300.00 kr. an hour`; empty for a price that was given

  /// How many of year, direction, group and level it gives: the more, the more specific.
  [[nodiscard]] int specificity() const noexcept {
    return int{year.has_value()} + int{direction.has_value()} + int{group.has_value()} +
           int{level.has_value()};
  }
  [[nodiscard]] bool applies(const PricedContact& contact) const noexcept;
};

/// `row 3 (written: letter, email; 110.00 kr.)`: which row a figure came from.
[[nodiscard]] std::string text_of(const PriceRow& row);

/// Which of a table's prices are meant, where it holds several.
struct PriceChoice {
  std::optional<std::string> source = {};
  std::optional<int> year = {};
  std::optional<CostBasis> basis = {};
};

/// A table's prices of one source, year and cost basis: what costs are computed from.
class PriceList {
 public:
  /// The most specific row that applies; nullptr when there is none: a missing price is never zero.
  [[nodiscard]] const PriceRow* find(const PricedContact& contact) const noexcept;
  /// The same. @throws Error (argument) that names the combination when there is none.
  [[nodiscard]] const PriceRow& at(const PricedContact& contact) const;

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  [[nodiscard]] std::optional<int> year() const noexcept { return year_; }
  [[nodiscard]] CostBasis basis() const noexcept { return basis_; }
  /// What a reader must know, such as that komhen laid the source's classes on the channels; may be empty.
  [[nodiscard]] const std::string& note() const noexcept { return note_; }
  /// The rows, most specific first.
  [[nodiscard]] const std::vector<PriceRow>& rows() const noexcept { return rows_; }
  /// @throws Error (argument) when a row names a group that the scheme does not have, so that it could never
  /// apply.
  void check_scheme(Scheme scheme) const;

 private:
  friend class PriceTable;
  std::string id_;
  std::string source_;
  std::optional<int> year_;
  CostBasis basis_ = CostBasis::not_stated;
  std::string note_;
  std::vector<PriceRow> rows_;
};

/// Channel prices as data, with their provenance. Every table is checked when it is made: no contact can meet
/// two equally specific rows.
class PriceTable {
 public:
  using Classes = std::vector<std::pair<std::string, std::vector<Channel>>>;

  /// @param classes  the source's words for channels, and the channels each is laid on.
  /// @throws Error (format) naming two rows that are equally specific and can apply to the same contact, and
  /// for a
  ///         price below zero.
  PriceTable(std::string id, std::string note, Classes classes, std::vector<PriceRow> rows);

  /// The prices of one source, year and basis. Each may be left out where the table has one alone.
  /// @throws Error (argument) when the table has several or none of what is chosen, naming what there is.
  [[nodiscard]] PriceList choose(const PriceChoice& choice = {}) const;

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const std::string& note() const noexcept { return note_; }
  [[nodiscard]] const Classes& classes() const noexcept { return classes_; }
  [[nodiscard]] const std::vector<PriceRow>& rows() const noexcept { return rows_; }

 private:
  std::string id_;
  std::string note_;
  Classes classes_;
  std::vector<PriceRow> rows_;
};

/// A price of a built-in table, by the source's own class of channels.
struct ClassPrice {
  std::string_view price_class;
  std::int64_t kroner;
};

/// Copenhagen 2010. Source: Herning Kommune, "Digital selvbetjening, 2 cases", which prints them as
/// experience figures of Københavns Kommune (2010). Direction, contact group and cost basis are not stated.
inline constexpr auto kCopenhagen2010 = std::to_array<ClassPrice>({
    {"digital", 3},
    {"telephone", 40},
    {"in_person", 80},
    {"written", 110},
});

/// One channel of a class.
struct ClassChannel {
  std::string_view price_class;
  Channel channel;
};

/// The channels that komhen lays those classes on. This is komhen's own: the source prints four words and no
/// channels. A user's table replaces it (`extends` and `[classes]`, docs/costs.md). Channels not here have no
/// price.
inline constexpr auto kCopenhagenChannels = std::to_array<ClassChannel>({
    {"telephone", Channel::telephone},
    {"in_person", Channel::in_person},
    {"written", Channel::letter},
    {"written", Channel::email},
    {"digital", Channel::self_service},
});

/// The names of the built-in tables.
inline constexpr std::array<std::string_view, 1> kPriceTables{"copenhagen-2010"};

/// What one contact costs that takes so many minutes of a loaded hourly cost (pay and overhead): minutes / 60
/// x hourly. Exact, and so perhaps no whole number of øre.
/// @throws Error (argument) when the minutes or the cost are below zero.
[[nodiscard]] ExactAmount price_from_time(const ExactNumber& minutes, const Money& hourly);

/// Reads a price table from TOML text, as docs/costs.md says.
/// @param name  what to call the text in errors; its last part names the table where it has no id.
/// @throws Error (format) with a sentence that names file, key and value.
[[nodiscard]] PriceTable parse_prices_toml(std::string_view toml, std::string_view name);

/// Reads a price table from CSV text with a header row, as docs/costs.md says. @throws Error (format).
[[nodiscard]] PriceTable parse_prices_csv(std::string_view csv, std::string_view name);

/// The table a caller means: a built-in one, otherwise the path of a `.toml` or `.csv` file.
/// @throws Error (argument, file, format).
[[nodiscard]] PriceTable load_prices(const std::string& name_or_path);

}  // namespace komhen
