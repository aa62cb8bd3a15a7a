#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "komhen/cost/money.hpp"

namespace komhen {

/// What a figure of a business case is counted in.
enum class CaseUnit : std::uint8_t {
  kroner = 1,
  contacts = 2,
  minutes = 3,
  hours = 4,
  fte = 5,            ///< full-time equivalents (årsværk)
  share = 6,          ///< 0.58 is 58 per cent
  factor = 7,         ///< a plain number
  year = 8,           ///< a calendar year
  letters = 9,        ///< outgoing letters
  hours_per_fte = 10  ///< hours of a full-time equivalent in a year
};

template <>
inline constexpr auto kWords<CaseUnit> = std::to_array<Word<CaseUnit>>({
    {CaseUnit::kroner, "kr", "kr.", "kroner", ""},
    {CaseUnit::contacts, "contacts", "henvendelser", "contacts", ""},
    {CaseUnit::minutes, "minutes", "minutter", "minutes", ""},
    {CaseUnit::hours, "hours", "timer", "hours", ""},
    {CaseUnit::fte, "fte", "årsværk", "full-time equivalents", ""},
    {CaseUnit::share, "share", "andel", "share", ""},
    {CaseUnit::factor, "factor", "faktor", "factor", ""},
    {CaseUnit::year, "year", "år", "year", ""},
    {CaseUnit::letters, "letters", "breve", "letters", ""},
    {CaseUnit::hours_per_fte, "hours_per_fte", "timer pr. årsværk", "hours per full-time equivalent", ""},
});
static_assert(detail::well_formed_words<CaseUnit>());

/// How a figure is known.
enum class Certainty : std::uint8_t {
  exact = 1,    ///< a source prints it, and what is computed here agrees with the print
  derived = 2,  ///< computed here, exactly; no source prints it, or what it prints disagrees
  estimate = 3  ///< computed with binary fractions or drawn at random; it feeds no exact figure
};

template <>
inline constexpr auto kWords<Certainty> = std::to_array<Word<Certainty>>({
    {Certainty::exact, "exact", "eksakt", "exact", ""},
    {Certainty::derived, "derived", "afledt", "derived", ""},
    {Certainty::estimate, "estimate", "skøn", "estimate", ""},
});
static_assert(detail::well_formed_words<Certainty>());

/// A number that the case file gives, where it stands in it, and what is not certain of it.
struct CaseInput {
  std::string id;  ///< its place in the file, such as `channel_shift.before.contacts`
  CaseUnit unit = CaseUnit::factor;
  ExactNumber value;                ///< kroner for kr; the middle of a range that names no value
  std::optional<ExactNumber> low;   ///< of a range
  std::optional<ExactNumber> high;  ///< of a range
  bool triangular = false;          ///< drawn with its value as the likeliest; otherwise all values alike
  bool estimated = false;           ///< the source itself calls it an estimate
  std::string source;

  [[nodiscard]] bool is_range() const noexcept { return low.has_value(); }
};

/// What a source prints of a figure.
struct PrintedFigure {
  std::string text;  ///< `1.19`, or `1 to 2`
  bool agrees = false;
  std::string source;
  std::string note;  ///< why the two differ, where the case says so
};

/// A figure of a case that explains itself.
struct CaseFigure {
  std::string id;  ///< such as `saving_actual`; docs/cases.md lists them
  std::string label;
  CaseUnit unit = CaseUnit::factor;
  Certainty certainty = Certainty::derived;
  std::optional<ExactNumber> exact;  ///< kroner for kr; nullopt for an estimate
  double estimate = 0;               ///< the nearest double of an exact figure
  std::string formula;
  std::vector<std::string> inputs;  ///< ids of the inputs that it rests on
  std::string source;
  std::vector<std::string> notes;
  std::optional<PrintedFigure> printed;

  /// Decimal text. Exact: as long as its decimals go, at least two for kroner; where they never end, and for
  /// kroner that are no whole number of øre, rounded half up to 6 decimals (kroner: 2). Estimates: 6 (kroner:
  /// 2).
  [[nodiscard]] std::string text() const;
  /// The exact value as a fraction where text() had to round it; nullopt otherwise and for estimates.
  [[nodiscard]] std::optional<std::string> fraction() const;
};

/// The steps of a process, before or after.
struct CaseProcess {
  bool after = false;
  std::string title;
  std::vector<std::string> steps;
};

/// What one input does to a figure when it alone goes from the low end of its range to the high one.
struct TornadoBar {
  std::string figure;
  std::string input;
  ExactNumber at_low;
  ExactNumber at_high;
};

/// A figure drawn at random over all the ranges: an estimate.
struct Simulation {
  struct Percentile {
    int per_cent = 0;
    double value = 0;
  };
  std::string figure;
  CaseUnit unit = CaseUnit::factor;
  std::int64_t draws = 0;
  std::uint64_t seed = 0;
  double mean = 0;
  double lowest = 0;
  double highest = 0;
  std::vector<Percentile> percentiles;
};

/// An estimate as decimal text: 2 decimals for kroner, 6 otherwise. The same on every machine and locale.
[[nodiscard]] std::string estimate_text(double value, CaseUnit unit);

/// Everything that follows from a case file.
struct CaseResult {
  std::string title;
  std::string source;
  std::vector<CaseProcess> processes;
  std::vector<CaseInput> inputs;
  std::vector<CaseFigure> figures;
  std::vector<TornadoBar> tornado;  ///< per figure, the widest first
  std::vector<Simulation> simulations;
  std::vector<std::string> warnings;  ///< disagreements with prints, and what a reader must know

  /// nullptr when there is none of that id.
  [[nodiscard]] const CaseFigure* figure(std::string_view id) const noexcept;
  [[nodiscard]] const CaseInput* input(std::string_view id) const noexcept;
};

/// What a caller may set over what the file says.
struct CaseOptions {
  std::optional<std::uint64_t> seed = {};
  std::optional<std::int64_t> draws = {};  ///< 1 to 10,000,000
  /// Called many times a second while figures are drawn, with draws done and draws in all; false stops the
  /// call (ErrorKind::cancelled).
  std::function<bool(std::int64_t, std::int64_t)> progress = {};
};

/// Computes a business case from TOML text, as docs/cases.md says.
/// @param name    what to call the text in errors.
/// @param folder  where paths in it begin; empty for the current directory.
/// @throws Error in one sentence that names file, key and value: format for what the file holds, argument for
/// a
///         price that is missing or a division by zero, overflow.
[[nodiscard]] CaseResult evaluate_case(std::string_view toml, std::string_view name,
                                       std::string_view folder = "", const CaseOptions& options = {});

/// The same from a file; paths in it begin at its own folder. @throws Error (file, and as evaluate_case()).
[[nodiscard]] CaseResult run_case(const std::string& path, const CaseOptions& options = {});

/// A figure in words: value, formula, every input with its value and source, notes and what is printed.
/// Without an id, the whole case: process steps before and after, then every figure. Lines end with LF.
/// @throws Error (argument) for an id that the case does not have, naming those that it has.
[[nodiscard]] std::string explain(const CaseResult& result, std::string_view figure = "");

}  // namespace komhen
