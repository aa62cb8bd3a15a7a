"""Costs, prices, cases and goals in sentences: the words of docs/costs.md, docs/cases.md and docs/goals.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from . import _core, _notes
from ._goal_words import wanted
from ._html import task_set
from ._labels import checked, column, decimal, label, short, whole, with_unit

if TYPE_CHECKING:
    from fractions import Fraction

    from .cases import Case, CaseInput, Figure
    from .prices import Costs, Prices
    from .targets import Goals, Ranking


def of_prices(prices: Prices, lang: str) -> str:
    """Where prices are from, and how one is found."""
    danish = checked(lang) == "da"
    year = ("ikke oplyst" if danish else "not stated") if prices.year is None else str(prices.year)
    rule = (
        "den mest specifikke række, der passer på kanal, retning, gruppe og niveau; en pris, der mangler, er aldrig nul"
        if danish
        else "the most specific row that fits channel, direction, group and level; a missing price is never zero"
    )
    return "\n".join(
        [
            f"{'Priser' if danish else 'Prices'}: {prices.id}",
            f"{'Kilde' if danish else 'Source'}: {prices.source}",
            f"{'År' if danish else 'Year'}: {year}",
            f"{'Omkostningsbasis' if danish else 'Cost basis'}: {label('basis', prices.basis, lang)}",
            f"{'En henvendelses pris' if danish else 'The price of a contact'}: {rule} (docs/costs.md)",
            *([f"{'Bemærk' if danish else 'Note'}: {prices.note}"] if prices.note else []),
        ]
    )


def of_costs(costs: Costs, lang: str) -> str:
    """How the kroner came about."""
    danish = checked(lang) == "da"
    each = ", ".join(column(name, lang) for name in costs.by)
    one = "én række for det hele" if danish else "one row for everything"
    split = ("én for hver kombination med henvendelser af " if danish else "one for each combination with contacts of ") + each
    filters = costs._filters.removeprefix(", ") or ("ingen" if danish else "none")
    words = ("Kilde til priserne", "Rækker", "Skema", "Opgavesæt", "Filtre", "Bemærk")
    if not danish:
        words = ("Source of the prices", "Rows", "Scheme", "Task set", "Filters", "Note")
    sums = (
        "summen af henvendelser x pris, eksakt; kroner rundes af til hele øre til sidst, halve opad"
        if danish
        else "the sum of contacts x price, exactly; kroner are rounded to whole øre last, halves up"
    )
    none = (
        "henvendelser uden pris står for sig: ikke i nogen omkostning, og ikke til nul"
        if danish
        else "contacts without a price stand apart: in no cost, and not at zero"
    )
    return "\n".join(
        [
            f"{'Omkostning' if danish else 'Cost'}: {sums} (docs/costs.md)",
            f"{column('per_contact', lang)}: " + ("omkostning / henvendelser med pris" if danish else "cost / contacts with a price"),
            f"{column('unpriced', lang)}: {none}",
            f"{words[0]}: {costs.source} ({costs.prices})",
            f"{words[1]}: {split if costs.by else one}",
            f"{words[2]}: {costs.scheme}",
            f"{words[3]}: {task_set(costs.tasks, lang)}",
            f"{words[4]}: {filters}",
            *(f"{words[5]}: {note}" for note in _notes.of_costs(costs, lang)),
        ]
    )


def of_case(case: Case, id: str | None, lang: str) -> str:
    """A figure of a case with the values of its inputs, or all of it. The English words are the core's."""
    said = case._table.explain(id or "")
    if checked(lang) == "en":
        return said
    inputs = case.inputs
    if id:
        return of_figure(case[id], lang, inputs)
    parts = ["\n".join([case.title, *([f"Kilde: {case.source}"] if case.source else [])])]
    for process in case.processes:
        head = {"before": "Før", "after": "Efter"}[process["when"]] + (f": {process['title']}" if process["title"] else "")
        parts.append("\n".join([head, *(f"  {number}. {step}" for number, step in enumerate(process["steps"], 1))]))
    parts += [of_figure(figure, lang, inputs) for figure in case.figures]
    return "\n\n".join([*parts, *(f"Bemærk: {warning}" for warning in case.warnings)])


def _given(input: CaseInput, lang: str) -> str:
    """An input with its value, range and source."""

    def spelled(value: Fraction) -> str:
        return with_unit(str(value), input.unit, lang)

    between = f" (fra {spelled(input.low)} til {spelled(input.high)})" if input.low is not None and input.high is not None else ""
    return f"{input.id} = {spelled(input.value)}{between}" + (f", {input.source}" if input.source else "")


def of_figure(figure: Figure, lang: str, inputs: Mapping[str, CaseInput] | None = None) -> str:
    """A figure of a case; with the case's inputs, their values as well."""
    danish = checked(lang) == "da"
    spelled = with_unit(figure.text, figure.unit, lang)
    names = ("Tal", "Sikkerhed", "Formel", "Forudsætninger", "Kilde", "Trykt", "Bemærk")
    if not danish:
        names = ("Figure", "Certainty", "Formula", "Inputs", "Source", "Printed", "Note")
    lines = [
        f"{names[0]}: {figure.label} ({figure.id}) = {spelled}",
        f"{names[1]}: {label('certainty', figure.certainty, lang)}",
        f"{names[2]}: {figure.formula}",
    ]
    if inputs is not None:
        lines += [f"{'Forudsætning' if danish else 'Input'}: {_given(inputs[id], lang)}" for id in figure.inputs if id in inputs]
    elif figure.inputs:
        lines.append(f"{names[3]}: {', '.join(figure.inputs)}")
    lines.append(f"{names[4]}: {figure.source}")
    if figure.printed:
        agrees = figure.printed.agrees
        said = ("stemmer" if agrees else "stemmer ikke") if danish else ("agrees" if agrees else "disagrees")
        lines.append(f"{names[5]}: {figure.printed.text} ({said}; {figure.printed.source})")
    return "\n".join([*lines, *(f"{names[6]}: {note}" for note in figure.notes)])


def of_goals(goals: Goals, id: str | None, lang: str) -> str:
    """One goal in words, or all."""
    danish = checked(lang) == "da"
    rows = goals.to_pylist()
    if id is not None:
        rows = [goal for goal in rows if goal["id"] == id]
        if not rows:
            known = ", ".join(goal.id for goal in goals)
            raise _core.KomhenError(f"{_core.masked(repr(id))} is no goal; there are {known}")
    said = []
    for goal in rows:
        names = ("Ønsket", "Udfald", "Værdi", "af", "henvendelser", "Mangler", "procentpoint", "Besparelse", "Kilde", "Bemærk")
        if not danish:
            names = ("Wanted", "Outcome", "Value", "of", "contacts", "Gap", "percentage points", "Saving", "Source", "Note")
        due = f" ({goal['due']})" if goal["due"] else ""
        lines = [f"{goal['id']}: {goal['title']}", f"{names[0]}: {wanted(goals[goal['id']], lang)}{due}"]
        lines.append(f"{names[1]}: {label('outcome', goal['outcome'], lang)}")
        if goal["value"] is not None:
            value = short(format(goal["value"], "f"), lang)
            shares = ""
            if goal["denominator"] is not None:
                numerator, denominator = whole(goal["numerator"], lang), whole(goal["denominator"], lang)
                shares = f" ({numerator} {names[3]} {denominator} {names[4]})"
            lines.append(f"{names[2]}: {value}{shares}")
        if goal["gap_points"] is not None:
            to_move = goal["contacts_to_move"]
            moved = "" if to_move is None else f" = {whole(to_move, lang)} {names[4]}"
            lines.append(f"{names[5]}: {short(format(goal['gap_points'], 'f'), lang)} {names[6]}{moved}")
        if goal["saving"] is not None:
            lines.append(f"{names[7]}: {decimal(format(goal['saving'], 'f'), lang)} kr.")
        scheme = f"{'Skema' if danish else 'Scheme'}: {goal['scheme']}, {'opgavesæt' if danish else 'task set'} {goal['tasks']}"
        lines += [scheme, f"{names[8]}: {goal['source']}"]
        said.append("\n".join([*lines, *([f"{names[9]}: {goal['notes']}"] if goal["notes"] else [])]))
    return "\n\n".join(said)


def of_ranking(ranking: Ranking, lang: str) -> str:
    """How the candidates were ranked, and the reasons of each."""
    danish = checked(lang) == "da"
    rule = (
        "Rækkefølge: færrest hindringer, så størst potentiale, så færrest ikke oplyste, så KLE-nummer (docs/goals.md, Waves)."
        if danish
        else "Order: fewest obstacles, then greatest potential, then fewest unknowns, then KLE number (docs/goals.md, Waves)."
    )
    lines = [rule]
    for row in ranking:
        lines.append(f"{row.rank}. {row.task}: {decimal(format(row.potential, 'f'), lang)} kr.")
        lines += [f"   - {reason}" for reason in row.reasons]
    return "\n".join(lines)
