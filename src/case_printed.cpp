#include <algorithm>

#include "case_builder.hpp"
#include "decimal_text.hpp"

/// What sources print beside what is computed: they agree, or the disagreement is told.
namespace komhen::detail {
namespace {

ExactNumber printed_number(const TomlTable& row, std::string_view key, CaseUnit unit) {
  return unit == CaseUnit::kroner ? ExactAmount{money_of(row, key)}.kroner() : exact_of(row, key);
}

/// The last digit of a text as it is printed: `1.19` is rounded to 0.01, `4.7 %` to 0.001, `821000` to 1.
ExactNumber last_digit(std::string_view text) {
  const auto parts = decimal_parts(text);
  ExactNumber step = parts && parts->suffix == Suffix::per_cent ? ExactNumber::ratio(1, 100) : ExactNumber{1};
  for (int i = 0; parts && i < parts->decimals; ++i) step = step / ExactNumber{10};
  return step;
}

}  // namespace

void add_printed(CaseBuilder& builder, const TomlTable& root) {
  for (const TomlTable& row : root.tables("printed")) {
    row.allow_only({"figure", "value", "low", "high", "rounded_to", "source", "note"});
    row.require({"figure"});
    const std::string id = *row.text("figure");
    CaseResult& result = builder.result();
    const auto figure = std::ranges::find(result.figures, id, &CaseFigure::id);
    if (figure == result.figures.end())
      row.complain("figure", "is " + quoted(id) + ", which is no figure of the case");
    if (figure->printed) row.complain("figure", "is " + quoted(id) + ", of which a print is given already");
    for (const char* end : {"low", "high"})
      if (row.has("value") && row.has(end)) row.complain(end, "cannot stand beside value");
    if (row.has("rounded_to") && !row.has("value")) row.complain("rounded_to", "needs a value beside it");
    if (!figure->exact)
      row.complain("figure", "is " + quoted(id) + ", an estimate; nothing printed is held against one");
    PrintedFigure printed;
    printed.source = shown_text(row, "source", result.source);
    printed.note = shown_text(row, "note");
    if (row.has("value")) {
      const ExactNumber value = printed_number(row, "value", figure->unit);
      printed.text = shown(*row.text_or_number("value"));
      const ExactNumber step =
          row.has("rounded_to") ? printed_number(row, "rounded_to", figure->unit) : last_digit(printed.text);
      if (step.sign() <= 0) row.complain("rounded_to", "must be above zero");
      printed.agrees = (*figure->exact / step).text(0) == (value / step).text(0) && (value / step).is_whole();
    } else {
      row.require({"low", "high"});
      const ExactNumber low = printed_number(row, "low", figure->unit);
      const ExactNumber high = printed_number(row, "high", figure->unit);
      if (low > high) row.complain("low", "and high are a range upside down");
      printed.text = shown(*row.text_or_number("low")) + " to " + shown(*row.text_or_number("high"));
      printed.agrees = *figure->exact >= low && *figure->exact <= high;
    }
    if (printed.agrees)
      figure->certainty = Certainty::exact;
    else
      builder.warn(figure->id + " is " + figure->text() + " " + std::string{token(figure->unit)} +
                   ", and the source prints " + printed.text +
                   (printed.note.empty() ? "" : ": " + printed.note));
    figure->printed = std::move(printed);
  }
}

}  // namespace komhen::detail
