"""What contacts cost, by channel and type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .._core import KomhenError
from .._labels import column, decimal, per_cent, whole
from .._text import printable
from ..prices import Costs
from ._spec import Rows, Spec, category, filters_in_words, names_of_rows, nothing, picture, say, tooltips
from ._theme import ACCENT, FAINT, GREY, ink_on

_WORDS = {
    "title": ("Hvad henvendelserne koster", "What the contacts cost"),
    "unpriced": ("ingen pris", "no price"),
    "cost": ("Kroner", "Kroner"),
    "total": ("I alt", "In all"),
    "both": ("Indgående og udgående henvendelser", "Incoming and outgoing contacts"),
    "some": ("Henvendelser", "Contacts"),
    "prices": ("priser", "prices"),
    "without": ("henvendelser uden pris er ikke med", "contacts without a price are left out"),
    "share": ("andel", "share"),
}
# One hue from light to dark, which every eye orders alike.
RAMP = ("#eaf2fa", "#c6dcf0", "#94bde0", "#5b97ca", "#2f74b1", ACCENT, "#083f6e")


def kroner(amount: Decimal, lang: str) -> str:
    """An amount as the core settled it: ``745.960 kr.``, with its øre where there are any."""
    sign = "−" if amount < 0 else ""
    kr, _, ore = format(abs(amount), "f").partition(".")
    number = decimal(f"{kr}.{ore.ljust(2, '0')}" if ore.strip("0") else kr, lang)
    return f"{sign}{number} kr." if lang == "da" else f"{sign}DKK {number}"


def cost(given: Costs, *, lang: str = "da") -> Spec:
    """See `komhen.plots.cost`."""
    if not isinstance(given, Costs):
        raise TypeError(f"this picture is drawn of what komhen.costs gives, not of {type(given).__name__}")
    by = given.by
    if len(by) > 2:
        raise KomhenError("costs are drawn by one or two dimensions")
    title = say("title", lang, _WORDS)
    if by:
        joined = (" og " if lang == "da" else " and ").join(column(d, lang).lower() for d in by)
        title += f" efter {joined}" if lang == "da" else f" by {joined}"
    total = given.total
    sum_of_all = say("unpriced", lang, _WORDS) if total["cost"] is None else kroner(total["cost"], lang)
    subtitle = f"{_of(given, lang)} · {say('total', lang, _WORDS)} {sum_of_all}"
    subtitle += f" · {say('prices', lang, _WORDS)}: {given.prices}"
    if total["unpriced"]:
        subtitle += f" · {whole(total['unpriced'], lang)} {say('without', lang, _WORDS)}"
    found = given.to_pylist()
    if not found:
        return nothing("cost", lang, title=title, subtitle=subtitle)
    rows = _rows(found, by, lang)
    priced = [row for row in rows if row["cost"] is not None]
    alt = f"{title}. {_of(given, lang)}. {say('total', lang, _WORDS)} {sum_of_all}."
    if priced:
        ends = [("highest", max(priced, key=lambda row: row["exact"])), ("lowest", min(priced, key=lambda row: row["exact"]))]
        for word, row in ends if len(priced) > 1 else ends[:1]:
            alt += f" {say(word, lang)}: {row['full']}, {row['says']}."
    if total["unpriced"]:
        alt += f" {whole(total['unpriced'], lang)} {say('without', lang, _WORDS)}."
    for row in rows:
        del row["exact"]
    draw = _heat if len(by) == 2 else _ranked
    return draw(rows, lang, title=title, subtitle=subtitle, alt=alt)


def _of(given: Costs, lang: str) -> str:
    """Which contacts are priced: costs are of both directions unless a filter says otherwise."""
    parts = filters_in_words(given._filters, lang)
    if given.tasks != "all":
        parts.insert(0, f"{say('tasks', lang)}: {printable(given.tasks)}")
    one_way = "direction" in given.by or "direction=" in given._filters
    return " · ".join([say("some" if one_way else "both", lang, _WORDS), *parts])


def _rows(found: list[dict[str, Any]], by: list[str], lang: str) -> Rows:
    first = names_of_rows(by[:1], list(dict.fromkeys(tuple(row[d] for d in by[:1]) for row in found)), lang)
    second = names_of_rows(by[1:], list(dict.fromkeys(tuple(row[d] for d in by[1:]) for row in found)), lang)
    rows: Rows = []
    for row in found:
        priced = row["cost_exact"] is not None and row["contacts"] > 0
        names = [first[tuple(row[d] for d in by[:1])], second[tuple(row[d] for d in by[1:])]]
        rows.append(
            {
                "name": names[0],
                "column": names[1],
                "full": ", ".join(names[: max(1, len(by))]),
                "contacts": row["contacts"],
                "unpriced": row["unpriced"],
                "exact": row["cost_exact"],
                "cost": float(row["cost_exact"]) if priced else None,
                "kroner": str(row["cost"]) if priced else None,
                "says": kroner(row["cost"], lang) if priced else say("unpriced", lang, _WORDS),
                "share": per_cent(row["share"].numerator, row["share"].denominator, lang) if priced and row["share"] is not None else "",
                "missing": None if priced else say("unpriced", lang, _WORDS),
            }
        )
    return rows


def _ranked(rows: Rows, lang: str, *, title: str, subtitle: str, alt: str) -> Spec:
    rows = sorted(rows, key=lambda row: -(row["cost"] if row["cost"] is not None else -1.0))
    y = category([row["name"] for row in rows])
    x = {"field": "cost", "type": "quantitative", "axis": None, "scale": {"zero": True}}
    there = [{"filter": "isValid(datum.cost)"}]
    bar = {
        "transform": there,
        "mark": {"type": "bar", "height": {"band": 0.72}},
        "encoding": {"y": y, "x": x, "tooltip": _tips(lang)},
    }
    text = {"transform": there, "mark": {"type": "text", "align": "left", "dx": 6}}
    amounts = {**text, "encoding": {"y": y, "x": x, "text": {"field": "cost", "type": "quantitative", "format": ",.0f"}}}
    amounts["mark"] = {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold"}
    shares = {
        **text,
        "mark": {"type": "text", "align": "left", "dx": 84, "fontSize": 11, "color": FAINT},
        "encoding": {"y": y, "x": x, "text": {"field": "share", "type": "nominal"}},
    }
    missing = {
        "transform": [{"filter": "isValid(datum.missing)"}],
        "mark": {"type": "text", "align": "left", "dx": 6, "fontStyle": "italic", "color": FAINT},
        "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "missing", "type": "nominal"}},
    }
    return picture(
        "cost",
        lang,
        title=title,
        subtitle=subtitle,
        alt=alt,
        rows=rows,
        layers=[bar, amounts, shares, missing],
        width=420,
        height={"step": 44 if len(rows) == 1 else 27},
        room=112,
    )


def _heat(rows: Rows, lang: str, *, title: str, subtitle: str, alt: str) -> Spec:
    most = max((row["cost"] for row in rows if row["cost"] is not None), default=0.0)
    size: dict[str, float] = {}
    for row in rows:
        size[row["name"]] = size.get(row["name"], 0.0) + (row["cost"] or 0.0)
        # The depth of the colour is drawn, not measured; the figure stands in the cell.
        depth = 0.0 if row["cost"] is None or most <= 0 else max(0.0, row["cost"] / most)
        step = RAMP[min(len(RAMP) - 1, int(depth**0.5 * len(RAMP)))]
        row["colour"], row["ink"] = (step, ink_on(step)) if row["cost"] is not None else ("#ffffff", FAINT)
    names = sorted(size, key=lambda name: -size[name])
    columns = list(dict.fromkeys(row["column"] for row in rows))
    y = category(names)
    head: Spec = {"orient": "top", "labelAngle": 0, "grid": False, "labelExpr": "split(datum.label, ' ~ ')"}
    wrapped = {name: _two_lines(name) for name in columns}
    # Lines of a label go down from the first: the first stands higher the more there are.
    head["labelPadding"] = 8 + 14 * max(text.count(" ~ ") for text in wrapped.values())
    head["labelLineHeight"] = 14
    for row in rows:
        row["column"] = wrapped[row["column"]]
    x = {"field": "column", "type": "nominal", "sort": [wrapped[name] for name in columns], "title": None, "axis": head}
    place = {"x": x, "y": y}
    cell = {
        "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 2},
        "encoding": {
            **place,
            "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
            "tooltip": _tips(lang),
        },
    }
    ink = {"field": "ink", "type": "nominal", "scale": None, "legend": None}
    figure = {
        "transform": [{"filter": "isValid(datum.cost)"}],
        "mark": {"type": "text", "dy": -6, "fontWeight": "bold"},
        "encoding": {**place, "color": ink, "text": {"field": "cost", "type": "quantitative", "format": ",.0f"}},
    }
    share = {
        "transform": [{"filter": "isValid(datum.cost)"}],
        "mark": {"type": "text", "dy": 9, "fontSize": 11},
        "encoding": {**place, "color": ink, "text": {"field": "share", "type": "nominal"}},
    }
    missing = {
        "transform": [{"filter": "isValid(datum.missing)"}],
        "mark": {"type": "text", "fontStyle": "italic", "fontSize": 11, "color": FAINT},
        "encoding": {**place, "text": {"field": "missing", "type": "nominal"}},
    }
    edge = {
        "transform": [{"filter": "isValid(datum.missing)"}],
        "mark": {"type": "rect", "fill": None, "stroke": GREY, "strokeDash": [3, 3], "strokeWidth": 1},
        "encoding": place,
    }
    return picture(
        "cost",
        lang,
        title=title,
        subtitle=subtitle,
        alt=alt,
        rows=rows,
        layers=[cell, edge, figure, share, missing],
        width={"step": 118},
        height={"step": 40},
        room=112,
    )


def _two_lines(name: str) -> str:
    """A name with `` ~ `` where its line breaks."""
    import textwrap

    return " ~ ".join(textwrap.wrap(name, 18))


def _tips(lang: str) -> list[Spec]:
    return tooltips(full="", says=say("cost", lang, _WORDS), share=say("share", lang, _WORDS), contacts=say("contacts", lang))
