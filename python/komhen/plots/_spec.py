"""Building blocks of the pictures: what is asked for becomes rows, and rows become a Vega-Lite specification."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Union

from .. import _core
from .._core import Cube, KomhenError
from .._labels import checked, column, label, labelled, per_cent, whole
from .._text import printable
from ..measures import measure
from ..tables import Comparison, Table
from ._theme import FAINT, ink_on, theme

Spec = dict[str, Any]
Rows = list[dict[str, Any]]
Given = Union[Cube, Table]
_TASK_NAMES = {row[2]: row[4] for row in _core.TASKS}
_NAMED = {"municipality": {str(code): name for code, name in _core.MUNICIPALITIES}, "task": _TASK_NAMES}
WORDS = {
    "nothing": ("Her er intet at vise: ingen henvendelser.", "There is nothing to show here: no contacts."),
    "incoming": ("indgående henvendelser", "incoming contacts"),
    "contacts": ("henvendelser", "contacts"),
    "all": ("I alt", "All"),
    "share": ("Andel af henvendelserne", "Share of contacts"),
    "empty": ("(ikke angivet)", "(not given)"),
    "basis": ("grundlag", "basis"),
    "tasks": ("opgaver", "tasks"),
    "every": ("alle", "all"),
    "scheme": ("skema", "scheme"),
    "where": ("kun", "only"),
    "without": ("uden", "without"),
    "of": ("af", "of"),
    "highest": ("Højest", "Highest"),
    "lowest": ("Lavest", "Lowest"),
    "and": ("og", "and"),
    "other": ("anden", "other"),
    "others": ("andre", "others"),
    "none": ("ingen henvendelser", "no contacts"),
}


def say(key: str, lang: str, words: Mapping[str, tuple[str, str]] = WORDS) -> str:
    """A word of a picture in its language."""
    return words[key][0 if checked(lang) == "da" else 1]


def measured(given: Given, name: str, by: Sequence[str], **query: Any) -> Table:
    """The table to draw: measured from a cube, or the one that was given, which must be of that measure."""
    if isinstance(given, Cube):
        return measure(given, name, by, **query)
    if not isinstance(given, Table):
        raise TypeError(f"a picture is drawn of a Cube or a Table, not of {type(given).__name__}")
    if given.measure != name:
        raise KomhenError(f"this picture is drawn of the measure {name}, not of {given.measure}")
    return given


def dimensions(by: str | Sequence[str] | None) -> list[str]:
    """Dimensions as a list; None is none."""
    return [] if by is None else [by] if isinstance(by, str) else list(by)


def name_of(dimension: str, value: int | str, lang: str) -> str:
    """A value as a picture shows it: tasks and municipalities by name alone, words by their label."""
    if dimension in _NAMED:
        return _NAMED[dimension].get(str(value), str(value))
    if value == "":
        return say("empty", lang)
    return printable(labelled(dimension, value, lang))


def names_of_rows(by: Sequence[str], keys: Sequence[tuple[Any, ...]], lang: str) -> dict[tuple[Any, ...], str]:
    """A name for each key; the value itself stands behind a name that two keys share."""
    names = {key: " · ".join(name_of(d, v, lang) for d, v in zip(by, key)) or say("all", lang) for key in keys}
    seen: dict[str, int] = {}
    for name in names.values():
        seen[name] = seen.get(name, 0) + 1
    return {k: n if seen[n] == 1 else f"{n} ({', '.join(printable(str(v)) for v in k)})" for k, n in names.items()}


def said(table: Table | Comparison, lang: str, *, filters: bool = True, population: str | None = None) -> str:
    """What the shares of a table are of, in a line: population, basis, tasks, scheme and filters."""
    parts = [say(population or ("incoming" if table._table.incoming else "contacts"), lang)]
    if table._table.basis:
        basis = table._table.basis
        basis = say("every", lang) if basis == "all" else label("group", basis, lang).lower()
        parts.append(f"{say('basis', lang)}: {basis}")
    tasks = table._table.tasks
    parts.append(f"{say('tasks', lang)}: {say('every', lang) if tasks == 'all' else printable(tasks)}")
    schemes = (table.scheme,) if isinstance(table, Table) else tuple(dict.fromkeys(table._table.schemes))
    parts.append(f"{say('scheme', lang)} " + f" {say('and', lang)} ".join(schemes))
    if filters:
        parts += filters_in_words(table._filters, lang)
    line = " · ".join(parts)
    return line[0].upper() + line[1:]


def filters_in_words(filters: str, lang: str) -> list[str]:
    """The filters of a table's heading, each in words."""
    return [_filter(part, lang) for part in filters.split(", ") if part]


def _filter(part: str, lang: str) -> str:
    """A filter of a heading in words; what is not one stays as it stands."""
    way, _, rest = part.partition(" ")
    dimension, equals, values = rest.partition("=")
    if way not in ("where", "without") or not equals:
        return part
    names = ", ".join(name_of(dimension, value, lang) for value in values.split(","))
    return f"{say(way, lang)} {column(dimension, lang).lower()}: {names}"


def amount(numerator: int, denominator: int, lang: str) -> str:
    """``55 % (1.234 af 2.240)``."""
    parts = f"{whole(numerator, lang)} {say('of', lang)} {whole(denominator, lang)}"
    return f"{per_cent(numerator, denominator, lang)} ({parts})"


def picture(
    kind: str,
    lang: str,
    *,
    title: str,
    subtitle: str,
    alt: str,
    rows: Rows,
    layers: list[Spec],
    width: int | Spec = 460,
    height: int | Spec = 300,
    room: int = 70,
    **more: Any,
) -> Spec:
    """A whole picture. ``room`` is how many characters its lines of title hold."""
    heads = textwrap.wrap(title, int(room * 0.72)) or [""]
    return {
        "description": alt.replace("kr..", "kr."),
        "title": {"text": heads, "subtitle": textwrap.wrap(subtitle, room)},
        "data": {"name": kind, "values": rows},
        "width": width,
        "height": height,
        "layer": layers,
        "config": theme(lang),
        "usermeta": {"komhen": {"picture": kind, "lang": checked(lang)}},
        **more,
    }


def nothing(kind: str, lang: str, *, title: str, subtitle: str = "", why: str | None = None) -> Spec:
    """The picture of no rows: it says so."""
    why = say("nothing", lang) if why is None else why
    text = {"data": {"name": "words", "values": [{"text": why}]}, "mark": {"type": "text", "color": FAINT, "fontSize": 13}}
    layer = {**text, "encoding": {"text": {"field": "text"}}}
    alt = f"{title}. {why}"
    return picture(
        kind, lang, title=title, subtitle=subtitle, alt=alt, rows=[], layers=[layer], width=460, height=60, room=90
    )


def category(names: Sequence[str], field: str = "name", **axis: Any) -> Spec:
    """The axis of named rows, in the order given."""
    return {"field": field, "type": "nominal", "sort": list(names), "title": None, "axis": {"grid": False, **axis}}


def row_names(rows: Rows, y: Spec, across: int) -> list[Spec]:
    """Names of rows in several lines, each block in the middle of its row, which an axis cannot do."""
    seen: set[str] = set()
    for row in rows:
        row["lines"] = [] if row["name"] in seen else textwrap.wrap(row["name"], across)
        seen.add(row["name"])
    counts = sorted({len(row["lines"]) for row in rows} - {0})
    return [
        {
            "transform": [{"filter": f"length(datum.lines) === {count}"}],
            "mark": {"type": "text", "align": "right", "baseline": "middle", "dx": -10, "dy": -7 * (count - 1), "lineHeight": 14},
            "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "lines", "type": "nominal"}},
        }
        for count in counts
    ]


def per_cent_axis(title: str | None, **scale: Any) -> Spec:
    """An axis of shares from 0 to 100 %."""
    axis = {"format": ".0%", "tickCount": 5, "title": title}
    return {"type": "quantitative", "axis": axis, "scale": {"domain": [0, 1], "nice": False, **scale}}


def tooltips(**fields: str) -> list[Spec]:
    """What stands beside the pointer: field to heading; texts, as exact as the table."""
    return [{"field": field, "type": "nominal", "title": heading} for field, heading in fields.items()]


def stacked(
    kind: str,
    lang: str,
    table: Table,
    colours: Mapping[str, str],
    *,
    title: str,
    subtitle: str,
    alt: str,
    order: Sequence[str] | None = None,
    ranked_by: str | None = None,
) -> Spec:
    """Bars of 100 %: one a combination of all dimensions but the last, whose values divide it."""
    *by, last = table.by
    parts: dict[tuple[Any, ...], dict[str, tuple[int, int]]] = {}
    for key, numerator, denominator, _ in table._table.rows:
        parts.setdefault(key[:-1], {})[str(key[-1])] = (numerator, denominator)
    names = names_of_rows(by, list(parts), lang)
    keys = list(parts)
    if ranked_by is not None and set(by) & {"task", "municipality", "unit", "source"}:
        # Drawn in the order of the share; an exact comparison needs no division by zero.
        keys.sort(key=lambda key: -_ratio(parts[key].get(ranked_by), parts[key]))
    tokens = [token for token in (order or list(colours)) if any(token in row for row in parts.values())]
    rows: Rows = []
    for key in keys:
        total = True
        for place, token in enumerate(tokens):
            if token not in parts[key]:
                continue
            numerator, denominator = parts[key][token]
            if not denominator:
                continue
            share = numerator / denominator
            rows.append(
                {
                    "name": names[key],
                    "part": label(last, token, lang),
                    "token": token,
                    "order": place,
                    "numerator": numerator,
                    "denominator": denominator,
                    "share": share,
                    "label": per_cent(numerator, denominator, lang) if share >= 0.045 else "",
                    "ink": ink_on(colours[token]),
                    "says": amount(numerator, denominator, lang),
                    "total": whole(denominator, lang) if total else None,
                }
            )
            total = False
    if not rows:
        return nothing(kind, lang, title=title, subtitle=subtitle)
    y = category([names[key] for key in keys])
    colour = {
        "field": "part",
        "type": "nominal",
        "sort": [label(last, token, lang) for token in tokens],
        "scale": {
            "domain": [label(last, token, lang) for token in tokens],
            "range": [colours[token] for token in tokens],
        },
        "legend": {"title": None, "columns": min(4, len(tokens))},
    }
    x = {**per_cent_axis(say("share", lang)), "field": "share", "stack": "zero"}
    shared = {"y": y, "order": {"field": "order", "type": "quantitative"}}
    heads = {"name": ", ".join(column(d, lang) for d in by) or say("all", lang), "part": column(last, lang)}
    bars = {
        "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 1, "height": {"band": 0.78}},
        "encoding": {**shared, "x": x, "color": colour, "tooltip": tooltips(**heads, says=say("share", lang))},
    }
    text = {
        "mark": {"type": "text", "fontSize": 11},
        "encoding": {
            **shared,
            "x": {**x, "bandPosition": 0.5},
            "detail": {"field": "part", "type": "nominal"},
            "text": {"field": "label", "type": "nominal"},
            "color": {"field": "ink", "type": "nominal", "scale": None, "legend": None},
        },
    }
    totals = {
        "transform": [{"filter": "isValid(datum.total)"}],
        "mark": {"type": "text", "align": "left", "dx": 6, "color": FAINT, "fontSize": 11},
        "encoding": {"y": y, "x": {"datum": 1}, "text": {"field": "total", "type": "nominal"}},
    }
    head = {
        "data": {"name": "heading", "values": [{"text": say("contacts", lang)}]},
        "mark": {"type": "text", "align": "left", "dx": 6, "dy": -8, "color": FAINT, "fontSize": 11},
        "encoding": {"x": {"datum": 1}, "y": {"value": 0}, "text": {"field": "text"}},
    }
    step = 56 if len(keys) == 1 else 27
    return picture(
        kind,
        lang,
        title=title,
        subtitle=subtitle,
        alt=alt,
        rows=rows,
        layers=[bars, text, totals, head],
        width=520,
        height={"step": step},
        room=118,
        resolve={"scale": {"color": "independent"}},
    )


def _ratio(part: tuple[int, int] | None, parts: Mapping[str, tuple[int, int]]) -> float:
    if part is None or not part[1]:
        return 0.0 if any(denominator for _, denominator in parts.values()) else -1.0
    return part[0] / part[1]


def extremes(rows: Sequence[tuple[str, int, int]], lang: str) -> str:
    """A sentence with the highest and the lowest share; exact fractions are compared. Rows without a share are left out."""
    from fractions import Fraction

    known = [(Fraction(n, d), name, n, d) for name, n, d in rows if d]
    if not known:
        return say("nothing", lang)
    top = max(known, key=lambda row: row[0])
    if len(known) == 1:
        return f"{top[1]}: {amount(top[2], top[3], lang)}."
    low = min(known, key=lambda row: row[0])
    out = []
    for word, end in (("highest", top), ("lowest", low)):
        same = sum(row[0] == end[0] for row in known) - 1
        others = f" {say('and', lang)} {whole(same, lang)} {say('others' if same > 1 else 'other', lang)}" if same else ""
        # The contacts are those of one row: beside several, only the share that they have in common stands.
        share = per_cent(end[2], end[3], lang) if same else amount(end[2], end[3], lang)
        out.append(f"{say(word, lang)}: {end[1]}{others}, {share}.")
    return " ".join(out[:1] if top[0] == low[0] else out)
