"""Prices, costs, business cases and goals as pieces of a page. The numbers are the core's; here they are only spelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import _goal_words, _notes
from ._html import table, task_set
from ._labels import checked, column, decimal, in_unit, label, labelled, percentage, shown, short, whole

if TYPE_CHECKING:
    from .cases import Case
    from .prices import Costs, Prices
    from .targets import Goals, Ranking


def _kroner(amount: Any, lang: str) -> str:
    return "–" if amount is None else decimal(format(amount, "f"), lang)


def _number(value: Any, lang: str) -> str:
    return "–" if value is None else short(format(value, "f"), lang)


def _word(kind: str, token: str | None, lang: str) -> str:
    anything = "alle" if lang == "da" else "any"
    return anything if token is None else label(kind, token, lang)


def _percent(text: str | None, lang: str) -> str:
    return "–" if text is None else percentage(text, lang)


def price_class(name: str, lang: str) -> str:
    """A price table's class: words of the built-in table and channels by their label, other words as they stand."""
    built_in = {"da": {"written": "skriftlig", "digital": "digital"}, "en": {"written": "written", "digital": "digital"}}
    return built_in[checked(lang)].get(name) or label("channel", name, lang)


def of_prices(prices: Prices, lang: str, most: int | None) -> str:
    """A price table's rows."""
    danish = checked(lang) == "da"
    rows = [
        [
            price_class(row.price_class, lang),
            ", ".join(label("channel", name, lang) for name in row.channels),
            _word("direction", row.direction, lang),
            _word("group", row.group, lang),
            _word("", None if row.level is None else str(row.level), lang) if row.level is None else str(row.level),
            _number(found["price"], lang),
        ]
        for row, found in zip(prices.rows, prices.to_pylist())
    ]
    year = "" if prices.year is None else f" {prices.year}"
    title = f"{'Priser' if danish else 'Prices'}: {prices.id}{year} ({label('basis', prices.basis, lang)}). {prices.source}"
    head = [column(name, lang) for name in ("price_class", "channels", "direction", "group", "level", "price")]
    return table(title, head, rows, 5, lang, [prices.note] if prices.note else [], most, 1)


def of_costs(costs: Costs, lang: str, most: int | None) -> str:
    """A row for each combination, and the total."""
    said = costs.to_dict()

    def cells(row: Mapping[str, Any]) -> list[str]:
        kroner = ["–" if row[name] is None else decimal(row[name], lang) for name in ("cost", "per_contact")]
        return [whole(row["contacts"], lang), whole(row["unpriced"], lang), *kroner, _percent(row["share"], lang)]

    rows = [[labelled(name, row[name], lang) for name in costs.by] + cells(row) for row in said["rows"]]
    total = cells(said["total"])
    if costs.by:
        total = [column("total", lang), *([""] * (len(costs.by) - 1)), *total]
    head = [column(name, lang) for name in (*costs.by, "contacts", "unpriced", "cost", "per_contact", "share")]
    title = f"Costs ({costs.heading})"
    if lang == "da":
        year = "" if costs._table.year is None else f" {costs._table.year}"
        parts = [f"priser {costs.prices}{year}", task_set(costs.tasks, lang), f"skema {costs.scheme}"]
        parts += [f"filtre: {costs._filters.removeprefix(', ')}"] if costs._filters else []
        title = f"Omkostninger ({', '.join(parts)})"
    return table(title, head, rows, len(costs.by), lang, _notes.of_costs(costs, lang), most, foot=total)


def of_case(case: Case, lang: str, most: int | None) -> str:
    """The figures, and the steps of the process before and after."""
    rows = []
    for figure in case.figures:
        unit = label("unit_of_figure", figure.unit, lang)
        spelled = in_unit(figure.text, figure.unit, lang)
        certainty = label("certainty", figure.certainty, lang)
        rows.append([figure.label, unit, certainty, figure.printed.text if figure.printed else "", spelled])
    head = [column(name, lang) for name in ("figure", "unit_of_figure", "certainty", "printed", "value")]
    head[1] = "enhed" if checked(lang) == "da" else "unit"
    out = [table(case.title, head, rows, 4, lang, [*([case.source] if case.source else []), *case.warnings], most, 1)]
    for process in case.processes:
        when = {"da": {"before": "Før", "after": "Efter"}, "en": {"before": "Before", "after": "After"}}[lang][process["when"]]
        steps = [[str(number), step] for number, step in enumerate(process["steps"], 1)]
        title = f"{when}: {process['title']}" if process["title"] else when
        heads = ["trin", "hvad der sker"] if lang == "da" else ["step", "what happens"]
        out.append(table(title, heads, steps, 2, lang, most=most, heads=1))
    return "\n".join(out)


def of_goals(goals: Goals, lang: str, most: int | None) -> str:
    """A row for each goal."""
    rows = [
        [
            goal.id,
            goal.title,
            _goal_words.wanted(goal, lang),
            "" if goal.due is None else goal.due.isoformat(),
            label("outcome", goal.outcome, lang),
            _goal_words.value(goal, lang) or "–",
            _goal_words.gap(goal, lang) or "–",
            "–" if goal.contacts_to_move is None else whole(goal.contacts_to_move, lang),
            _kroner(None if goal.saving is None else goal.saving.saving, lang),
        ]
        for goal in goals
    ]
    names = ("goal", "title", "wanted", "due", "outcome", "value", "gap_points", "contacts_to_move", "saving")
    head = [column(name, lang) for name in names]
    title = "Mål holdt mod optællingen" if checked(lang) == "da" else "Goals held against the count"
    notes = [f"{goal.id}: {_notes.said(note, lang)}" for goal in goals for note in goal.notes]
    return table(title, head, rows, 5, lang, notes, most, 1)


def of_ranking(ranking: Ranking, lang: str, most: int | None) -> str:
    """A row for each candidate, the first first."""
    rows = [
        [
            shown("task", row.task),
            ", ".join(row.obstacles),
            ", ".join(row.unknowns),
            whole(row.rank, lang),
            whole(row.contacts, lang),
            whole(row.self_service, lang),
            _kroner(row.potential, lang),
        ]
        for row in ranking
    ]
    names = ("task", "obstacles", "unknowns", "rank", "contacts", "self_service", "potential")
    title = "Kandidater til næste bølge" if checked(lang) == "da" else "Candidates for the next wave"
    return table(title, [column(name, lang) for name in names], rows, 3, lang, most=most, heads=1)
