#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/measure/dimension.hpp"
#include "komhen/measure/exact.hpp"
#include "komhen/round/scheme.hpp"
#include "komhen/tally/cube.hpp"

namespace komhen {

/// The measures of the method; docs/measures.md defines them.
enum class Measure : std::uint8_t {
  contacts = 1,
  mix = 2,
  self_service = 3,
  digital = 4,
  first_contact_closure = 5,
  form_share = 6,
};

template <>
inline constexpr auto kWords<Measure> = std::to_array<Word<Measure>>({
    {Measure::contacts, "contacts", "Henvendelser", "Contacts", ""},
    {Measure::mix, "mix", "Fordeling", "Mix", ""},
    {Measure::self_service, "self_service", "Selvbetjeningsgrad", "Self-service share", ""},
    {Measure::digital, "digital", "Digital andel", "Digital share", ""},
    {Measure::first_contact_closure, "first_contact_closure", "Afsluttet ved første henvendelse",
     "Closed at first contact", ""},
    {Measure::form_share, "form_share", "Andel med blanket", "Share with a form", ""},
});

/// Channel sets of `digital`. The names are komhen's own: no source defines them.
enum class DigitalSet : std::uint8_t { narrow = 1, effective = 2, broad = 3, dispatch = 4 };

template <>
inline constexpr auto kWords<DigitalSet> = std::to_array<Word<DigitalSet>>({
    {DigitalSet::narrow, "narrow", "Snæver", "Narrow", ""},
    {DigitalSet::effective, "effective", "Effektiv", "Effective", ""},
    {DigitalSet::broad, "broad", "Bred", "Broad", ""},
    {DigitalSet::dispatch, "dispatch", "Forsendelse", "Dispatch", ""},
});

/// The shares of form_share that stand beside the whole: extras 0 and 1 over the row's denominator.
inline constexpr std::array<std::string_view, 2> kFormParts{"paper_share", "digital_share"};

/// The tasks that numerator and denominator are restricted to.
struct TaskSet {
  std::string name = "all";                         ///< as outputs name it
  std::optional<std::vector<KleNumber>> only = {};  ///< sorted; nullopt for every task
};

/// `all`, `kl-35`, or the path of a file with one KLE number a line (`#` begins a remark).
/// @throws Error (argument, file, format).
[[nodiscard]] TaskSet load_task_set(const std::string& name_or_path);

/// One filter: contacts with one of the values, or without any of them. Values are the words of files and
/// JSON; source and unit are compared byte by byte.
struct Filter {
  Dimension dimension;
  std::vector<std::string> values;
  bool without = false;
};

/// What is measured, of what, split how.
struct Query {
  Measure measure = Measure::contacts;
  std::vector<Dimension> by = {};
  std::vector<Filter> filters = {};  ///< of one dimension and kind: any of the values of all of them
  TaskSet tasks = {};
  std::string basis = "application";   ///< of self_service: `all` or a group of the scheme
  std::optional<DigitalSet> set = {};  ///< of digital
  std::optional<Scheme> scheme = {};   ///< nullopt: that of the cube's rounds, kl-2012 without a round
  bool raw = false;                    ///< leave the rounds' reclassification rules out
};

/// One row: a combination of values for which there are contacts.
struct MeasureRow {
  std::vector<DimensionValue> key;  ///< one for each dimension of `by`
  Share share;                      ///< for contacts: the sum over 1
  std::vector<std::int64_t>
      extras;  ///< counts that stand beside the share, as MeasureTable::extras names them
};

/// The rows, sorted by their dimensions, and what they were measured under.
struct MeasureTable {
  Measure measure;
  std::vector<Dimension> by;
  std::string tasks;
  Scheme scheme;
  std::string basis;                ///< of self_service, else empty
  std::optional<DigitalSet> set;    ///< of digital
  std::vector<std::string> extras;  ///< `not_stated`; for form_share `paper`, `digital`, `not_stated`
  std::vector<MeasureRow> rows;
  std::vector<std::string>
      notes;              ///< a source or unit in a filter that the cube does not have, a sentence each
  bool incoming = false;  ///< only incoming contacts are looked at, by the measure's own rule
};

/// Computes a measure from a cube, exactly. Time and memory grow with the cube's cells; the cube is not
/// changed.
/// @throws Error (argument) for an unknown value, basis or set, a filter on the dimension that is measured, a
/// missing
///         direction or dimension, and when the rounds' schemes differ and none is named.
[[nodiscard]] MeasureTable measure(const Cube& cube, const Query& query);

/// The cube of the contacts that the query's filters and task set let through; types stay as registered. What
/// the query says besides is not looked at.
/// @throws Error (argument) for an unknown value, and as default_scheme() does for a filter on groups.
[[nodiscard]] Cube filtered(const Cube& cube, const Query& query);

/// The cube with some dimensions forgotten: their contacts count as not stated (closure, form) or as of no
/// source or unit. No other dimension can be left open, so no other can be forgotten.
/// @throws Error (argument) for another dimension, and for the source of a cube whose rounds have
/// reclassification rules, which would no longer apply.
[[nodiscard]] Cube rolled_up(const Cube& cube, std::span<const Dimension> away);

/// The scheme a cube is measured under when none is named. @throws Error (argument) when its rounds differ in
/// it.
[[nodiscard]] Scheme default_scheme(const Cube& cube);

}  // namespace komhen
