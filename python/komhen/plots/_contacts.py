"""Pictures of contacts: channels, directions, information, closure and weeks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._core import Cube, KomhenError
from .._labels import column, label, per_cent, whole
from ..measures import filtered, measure
from ._spec import (
    Given,
    Rows,
    Spec,
    amount,
    category,
    dimensions,
    extremes,
    measured,
    names_of_rows,
    nothing,
    picture,
    said,
    say,
    stacked,
    tooltips,
)
from ._theme import CHANNEL_COLOURS, CLOSURE_COLOURS, DIRECTION_COLOURS, FAINT, ink_on

# Self-service stands first, on the axis, where shares of different rows can be compared.
CHANNEL_ORDER = ("self_service", "website", *(c for c in CHANNEL_COLOURS if c not in ("self_service", "website")))


def _last(table: Any, dimension: str) -> None:
    if not table.by or table.by[-1] != dimension:
        raise KomhenError(f"this picture needs a table whose last dimension is {dimension}")


def _of(token: str, table: Any, lang: str) -> list[tuple[str, int, int]]:
    """Each row's name with its contacts on one value of the last dimension; none is none of them, not a missing row."""
    totals: dict[tuple[Any, ...], tuple[int, int]] = {}
    for key, numerator, denominator, _ in table._table.rows:
        found = totals.get(key[:-1], (0, denominator))
        totals[key[:-1]] = (numerator, denominator) if str(key[-1]) == token else found
    names = names_of_rows(table.by[:-1], list(totals), lang)
    return [(names[key], *pair) for key, pair in totals.items()]


def channel_mix(given: Given, by: str | Sequence[str] | None = None, *, lang: str = "da") -> Spec:
    """See `komhen.plots.channel_mix`."""
    table = measured(given, "mix", [*dimensions(by), "channel"])
    _last(table, "channel")
    split = " · ".join(column(d, lang).lower() for d in table.by[:-1])
    title = "Henvendelser efter kanal" if lang == "da" else "Contacts by channel"
    if split:
        title += f" og {split}" if lang == "da" else f" and {split}"
    shares = _of("self_service", table, lang)
    if len(shares) == 1:
        all = [(label("channel", str(key[-1]), lang), n, d) for key, n, d, _ in table._table.rows]
        alt = f"{title}. {extremes(all, lang)}"
    else:
        what = "Andel selvbetjening" if lang == "da" else "Share of self-service"
        alt = f"{title}. {what}. {extremes(shares, lang)}"
    return stacked(
        "channel_mix",
        lang,
        table,
        CHANNEL_COLOURS,
        title=title,
        subtitle=said(table, lang),
        alt=alt,
        order=CHANNEL_ORDER,
        ranked_by="self_service",
    )


def directions(given: Given, by: str | Sequence[str] | None = "channel", *, lang: str = "da") -> Spec:
    """See `komhen.plots.directions`."""
    table = measured(given, "mix", [*dimensions(by), "direction"])
    _last(table, "direction")
    title = "Hvem henvender sig: indgående og udgående" if lang == "da" else "Who initiates: incoming and outgoing"
    what = "Andel indgående" if lang == "da" else "Share of incoming contacts"
    return stacked(
        "directions",
        lang,
        table,
        DIRECTION_COLOURS,
        title=title,
        subtitle=said(table, lang),
        alt=f"{title}. {what}. {extremes(_of('incoming', table, lang), lang)}",
        ranked_by="incoming",
    )


def closure(
    given: Given, by: str | Sequence[str] | None = "channel", *, stated: bool = False, lang: str = "da"
) -> Spec:
    """See `komhen.plots.closure`."""
    if stated:
        if not isinstance(given, Cube):
            raise KomhenError("stated=True is for a cube; of a table, filter its cube")
        given = filtered(given, without={"closure": "not_stated"})
    table = measured(given, "mix", [*dimensions(by), "closure"])
    _last(table, "closure")
    title = "Afslutning af henvendelserne" if lang == "da" else "How contacts were closed"
    what = "Andel afsluttet med det samme" if lang == "da" else "Share closed at once"
    subtitle = said(table, lang)
    if stated:
        known = "hvor afslutningen er oplyst" if lang == "da" else "where the closure is stated"
        title = f"{title}, {known}"
    elif isinstance(given, Cube):
        # The measure itself is of those whose closure is stated: it stands in words, beside the bars of everything.
        (found,) = measure(given, "first_contact_closure")._table.rows or [((), 0, 0, [])]
        share = amount(found[1], found[2], lang) if found[2] else "–"
        subtitle += (
            f". Afsluttet af dem, hvor det er oplyst: {share}"
            if lang == "da"
            else f". Closed, of those where it is stated: {share}"
        )
    return stacked(
        "closure",
        lang,
        table,
        CLOSURE_COLOURS,
        title=title,
        subtitle=subtitle,
        alt=f"{title}. {what}. {extremes(_of('closed', table, lang), lang)}",
        ranked_by="closed",
    )


def information(given: Given, *, lang: str = "da") -> Spec:
    """See `komhen.plots.information`."""
    table = measured(given, "mix", ["channel"], where={"group": "information"})
    if table.by != ["channel"]:
        raise KomhenError("this picture needs a table by channel alone")
    title = "Informationshenvendelser efter kanal" if lang == "da" else "Information contacts by channel"
    found = sorted(table._table.rows, key=lambda row: -row[1])
    rows: Rows = [
        {
            "name": label("channel", str(key[0]), lang),
            "token": key[0],
            "numerator": numerator,
            "denominator": denominator,
            "share": numerator / denominator,
            "label": per_cent(numerator, denominator, lang),
            "count": whole(numerator, lang),
        }
        for key, numerator, denominator, _ in found
        if denominator
    ]
    if not rows:
        return nothing("information", lang, title=title, subtitle=said(table, lang, filters=not isinstance(given, Cube)))
    y = category([row["name"] for row in rows])
    x = {"field": "share", "type": "quantitative", "axis": None}
    bar = {
        "mark": {"type": "bar", "height": {"band": 0.72}},
        "encoding": {"y": y, "x": x, "tooltip": tooltips(name="", label=say("share", lang), count=say("contacts", lang))},
    }
    shares = {
        "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold"},
        "encoding": {"y": y, "x": x, "text": {"field": "label", "type": "nominal"}},
    }
    counts = {
        "mark": {"type": "text", "align": "left", "dx": 48, "fontSize": 11, "color": FAINT},
        "encoding": {"y": y, "x": x, "text": {"field": "count", "type": "nominal"}},
    }
    alt = extremes([(row["name"], row["numerator"], row["denominator"]) for row in rows], lang)
    return picture(
        "information",
        lang,
        title=title,
        subtitle=said(table, lang, filters=not isinstance(given, Cube)),
        alt=f"{title}. {alt}",
        rows=rows,
        layers=[bar, shares, counts],
        width=420,
        height={"step": 27},
        room=100,
    )


def weeks(given: Given, *, lang: str = "da") -> Spec:
    """See `komhen.plots.weeks`."""
    table = measured(given, "contacts", ["week", "channel"], where={"direction": "incoming"})
    if table.by != ["week", "channel"]:
        raise KomhenError("this picture needs a table by week and channel")
    title = "Indgående henvendelser pr. uge" if lang == "da" else "Incoming contacts per week"
    if not isinstance(given, Cube):
        title = "Henvendelser pr. uge" if lang == "da" else "Contacts per week"
    cube = isinstance(given, Cube)
    subtitle = said(table, lang, filters=not cube, population="incoming" if cube else None)
    cells = [(str(key[0]), str(key[1]), count) for key, count, _, _ in table._table.rows if count]
    if not cells:
        return nothing("weeks", lang, title=title, subtitle=subtitle)
    totals = _of_weeks(given, cells)
    tokens = [token for token in CHANNEL_ORDER if any(cell[1] == token for cell in cells)]
    most = max(totals.values())
    first: set[str] = set()
    rows: Rows = []
    for week, token, count in cells:
        rows.append(
            {
                "week": week,
                "part": label("channel", token, lang),
                "token": token,
                "order": tokens.index(token),
                "contacts": count,
                "label": whole(count, lang) if count >= most * 0.035 else "",
                "ink": ink_on(CHANNEL_COLOURS[token]),
                "says": whole(count, lang),
                "total": None if week in first else totals[week],
                "total_label": whole(totals[week], lang),
            }
        )
        first.add(week)
    domain = _every_week(sorted(totals))
    x: Spec = {
        "field": "week",
        "type": "ordinal",
        "scale": {"domain": domain},
        "title": column("week", lang),
        "axis": {"labelAngle": 0 if len(domain) <= 8 else -90, "grid": False},
    }
    y: Spec = {
        "field": "contacts",
        "type": "quantitative",
        "stack": "zero",
        "title": None,
        "axis": {"format": ",.0f", "tickCount": 5, "tickMinStep": 1},
        "scale": {"domain": [0, most * 1.04], "nice": False},
    }
    names = [label("channel", token, lang) for token in tokens]
    colour = {
        "field": "part",
        "type": "nominal",
        "sort": names,
        "scale": {"domain": names, "range": [CHANNEL_COLOURS[token] for token in tokens]},
        "legend": {"title": None, "columns": min(4, len(names))},
    }
    order = {"field": "order", "type": "quantitative"}
    tips = tooltips(week=column("week", lang), part=column("channel", lang), says=say("contacts", lang))
    bars = {
        "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 1, "width": {"band": 0.82}},
        "encoding": {"x": x, "y": y, "color": colour, "order": order, "tooltip": tips},
    }
    layers = [bars]
    if len(domain) <= 8:
        layers.append(
            {
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {
                    "x": x,
                    "y": {**y, "bandPosition": 0.5},
                    "order": order,
                    "detail": {"field": "part", "type": "nominal"},
                    "text": {"field": "label", "type": "nominal"},
                    "color": {"field": "ink", "type": "nominal", "scale": None, "legend": None},
                },
            }
        )
    if len(domain) <= 16:
        layers.append(
            {
                "transform": [{"filter": "isValid(datum.total)"}],
                "mark": {"type": "text", "dy": -8, "fontWeight": "bold"},
                "encoding": {
                    "x": x,
                    "y": {"field": "total", "type": "quantitative"},
                    "text": {"field": "total_label", "type": "nominal"},
                },
            }
        )
    top, low = max(totals, key=lambda week: totals[week]), min(totals, key=lambda week: totals[week])
    alt = f"{title}. {say('highest', lang)}: {top}, {whole(totals[top], lang)}."
    if len(totals) > 1:
        alt += f" {say('lowest', lang)}: {low}, {whole(totals[low], lang)}."
    return picture(
        "weeks",
        lang,
        title=title,
        subtitle=subtitle,
        alt=alt,
        rows=rows,
        layers=layers,
        width={"step": max(18, min(140, 700 // len(domain)))},
        height=340,
        room=84,
        resolve={"scale": {"color": "independent"}},
    )


def _of_weeks(given: Given, cells: list[tuple[str, str, int]]) -> dict[str, int]:
    """The contacts of each week: the core's measure of a cube; of a table, its own rows together."""
    if isinstance(given, Cube):
        found = measure(given, "contacts", "week", where={"direction": "incoming"})
        return {str(key[0]): count for key, count, _, _ in found._table.rows if count}
    totals: dict[str, int] = {}
    for week, _, count in cells:
        totals[week] = totals.get(week, 0) + count
    return totals


def _every_week(found: list[str]) -> list[str]:
    """The weeks from the first to the last: one in which nothing was counted keeps its place, and stays empty."""
    from datetime import date, timedelta

    day, last = (date.fromisocalendar(int(week[:4]), int(week[6:]), 1) for week in (found[0], found[-1]))
    if (last - day).days > 7 * 60:
        return found
    out = []
    while day <= last:
        year, number, _ = day.isocalendar()
        out.append(f"{year}-W{number:02}")
        day += timedelta(days=7)
    return out
