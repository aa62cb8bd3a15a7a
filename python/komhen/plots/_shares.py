"""Pictures of self-service: shares held against a goal, and against an earlier round."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, Union

from .. import _notes
from .._core import KomhenError
from .._labels import column, per_cent, whole, with_sign
from .._settled import change_text
from .._text import printable
from ..tables import Comparison, Table
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
    per_cent_axis,
    picture,
    said,
    say,
    tooltips,
)
from ._theme import ALERT, FAINT, REACHED, WHEN

Goal = Union[str, Fraction, Decimal, int, None]
_APPLICATIONS = {"application": "application", "transaction": "application"}  # one thing, as schemes name it
KL = "kl"  # the goal of KL where the shares are those it is about
Shares = dict[tuple[Any, ...], tuple[int, int]]  # numerator and denominator by row
_WORDS = {
    "title": ("Selvbetjening", "Self-service"),
    "by": ("efter", "by"),
    "goal": ("Mål", "Goal"),
    "reached": ("Målet er nået", "Goal reached"),
    "short": ("Under målet", "Below the goal"),
    "before": ("Før", "Before"),
    "now": ("Nu", "Now"),
    "share": ("Andel selvbetjening", "Share of self-service"),
    "points": ("procentpoint", "percentage points"),
    "doubt": ("forbehold ved ændringen", "reason to doubt the change"),
    "doubts": ("forbehold ved ændringen", "reasons to doubt the change"),
    "risen": ("Mest frem", "Risen most"),
    "fallen": ("Mest tilbage", "Fallen most"),
    "change": ("nu (ændring)", "now (change)"),
}


def share_of(goal: Goal) -> Fraction | None:
    """A share that a caller writes: ``"80 %"``, ``"82,5 %"``, ``"0.8"`` or a fraction. Exact."""
    if goal is None:
        return None
    if isinstance(goal, bool) or not isinstance(goal, (str, Fraction, Decimal, int)):
        raise TypeError('goal must be text such as "80 %", a fraction, or None')
    found = None
    if isinstance(goal, str):
        match = re.fullmatch(r"\s*(\d{1,3}(?:[.,]\d{1,9})?)\s*(%?)\s*", goal)
        if match:
            found = Fraction(match[1].replace(",", ".")) / (100 if match[2] else 1)
    else:
        found = Fraction(goal)
    if found is None or not 0 <= found <= 1:
        raise KomhenError('goal must be a share from 0 to 100 %, such as "80 %"')
    return found


def self_service(
    given: Given | Comparison,
    before: Given | None = None,
    *,
    goal: Goal = KL,
    by: str = "task",
    lang: str = "da",
) -> Spec:
    """See `komhen.plots.self_service`."""
    table: Table | Comparison
    then: Shares | None = None
    doubts: list[str] = []  # why a change may be one of method
    if isinstance(given, Comparison):
        if before is not None:
            raise KomhenError("a comparison holds the earlier count already")
        if given.measure != "self_service":
            raise KomhenError(f"this picture is drawn of the measure self_service, not of {given.measure}")
        table = given
        doubts = [_notes.sentence(warning, lang) for warning in given.warnings]
        now = {tuple(key): after for key, _, after, _ in given._table.rows if after is not None}
        then = {tuple(key): earlier for key, earlier, _, _ in given._table.rows if earlier is not None}
    else:
        table = measured(given, "self_service", dimensions(by))
        now = _pairs(table)
        if before is not None:
            # A cube is measured as the later count is, so that the change is one of behaviour.
            earlier_table = measured(before, "self_service", table.by, scheme=table.scheme)
            _must_be_alike(earlier_table, table)
            then = _pairs(earlier_table)
            if said(earlier_table, lang) != said(table, lang):
                doubts = [f"{say('before', lang, _WORDS)}: {said(earlier_table, lang)}."]
    wanted = share_of(_default(table)) if goal == KL else share_of(goal)
    split = ", ".join(column(d, lang).lower() for d in table.by)
    title = say("title", lang, _WORDS) + (f" {say('by', lang, _WORDS)} {split}" if split else "")
    earlier = {} if then is None else then
    keys = list(dict.fromkeys([*now, *earlier]))
    if not any(pair[1] for pair in [*now.values(), *earlier.values()]):
        return nothing("self_service", lang, title=title, subtitle=said(table, lang))
    names = names_of_rows(table.by, keys, lang)
    # The highest first; rows without a share last. Exact fractions are compared.
    keys.sort(key=lambda key: _place(now.get(key), earlier.get(key)))
    rows = [_row(names[key], now.get(key), earlier.get(key), then is not None, wanted, lang) for key in keys]
    for row, key in zip(rows, keys):
        row["key"] = " ".join(str(value) for value in key)
    alt = f"{title}. {extremes([(names[k], *now[k]) for k in keys if k in now], lang)}"
    alt += _reached(rows, wanted, lang) + _moved(keys, names, now, earlier, lang)
    doubt = _doubt(doubts, lang)
    alt += f" {doubt}" if doubt else ""
    layers = _dumbbells(lang) if then is not None else _bars(wanted, lang)
    y = category([row["name"] for row in rows], labelPadding=6 if then is None else 14)
    for layer in layers:
        layer["encoding"]["y"] = {"value": 0} if "data" in layer else y
    layers += [*_goal_line(wanted, lang), *_missing(y)]
    return picture(
        "self_service",
        lang,
        title=title,
        subtitle=said(table, lang) + (f". {doubt}" if doubt else ""),
        alt=alt,
        rows=rows,
        layers=layers,
        width=420,
        height={"step": 44 if len(rows) == 1 else 21},
        room=112,
        resolve={"scale": {"color": "independent", "shape": "independent"}},
    )


def _doubt(doubts: list[str], lang: str) -> str:
    """How many reasons there are to doubt a change, and each: a picture goes where its table does not."""
    if not doubts:
        return ""
    word = say("doubt" if len(doubts) == 1 else "doubts", lang, _WORDS)
    return f"{whole(len(doubts), lang)} {word}: {' '.join(doubts)}"


def _must_be_alike(before: Table, now: Table) -> None:
    """A change is drawn of shares of the same thing; a scheme may differ, and is said beside the picture."""
    for name, earlier, later in (
        ("by", before.by, now.by),
        ("basis", _APPLICATIONS.get(before.basis, before.basis), _APPLICATIONS.get(now.basis, now.basis)),
        ("tasks", before.tasks, now.tasks),
        ("filters", before._filters.lstrip(", "), now._filters.lstrip(", ")),
    ):
        if earlier != later:
            sides = (", ".join(side) if isinstance(side, list) else printable(side) for side in (earlier, later))
            was, now_is = (side or "none" for side in sides)
            raise KomhenError(
                f"the two sides of a picture must be shares of the same thing: the earlier has {name} {was}, the later {now_is}"
            )


def _default(table: Table | Comparison) -> Goal:
    """KL's goal for 2015 is of applications and notifications on the 35 tasks; other shares are not held against it."""
    return "80 %" if table._table.basis in _APPLICATIONS and table._table.tasks == "kl-35" else None


def _pairs(table: Table) -> Shares:
    return {tuple(key): (numerator, denominator) for key, numerator, denominator, _ in table._table.rows}


def _place(now: tuple[int, int] | None, then: tuple[int, int] | None) -> tuple[int, Fraction]:
    for place, pair in enumerate((now, then)):
        if pair is not None and pair[1]:
            return place, -Fraction(*pair)
    return 2, Fraction(0)


def _row(
    name: str,
    now: tuple[int, int] | None,
    then: tuple[int, int] | None,
    compared: bool,
    wanted: Fraction | None,
    lang: str,
) -> dict[str, Any]:
    row: dict[str, Any] = {"name": name, "numerator": None, "denominator": None, "share": None, "label": None}
    row["missing"] = None
    if now is not None:
        row["numerator"], row["denominator"] = now
    if now is not None and now[1]:
        row["share"] = now[0] / now[1]
        row["label"] = per_cent(*now, lang)
        row["says"] = amount(*now, lang)
        row["reached"] = None if wanted is None else say("reached" if Fraction(*now) >= wanted else "short", lang, _WORDS)
        row["of"] = f"{whole(now[0], lang)} {say('of', lang)} {whole(now[1], lang)}"
    else:
        row["missing"] = say("none", lang)
    if compared:
        row["before"] = then[0] / then[1] if then is not None and then[1] else None
        row["before_numerator"], row["before_denominator"] = then or (None, None)
        row["before_says"] = amount(*then, lang) if then is not None and then[1] else "–"
        if row["share"] is not None and row["before"] is not None and now is not None and then is not None:
            row["change"] = signed(then, now)
            row["label"] += f"  ({row['change']})"
    return row


def _reached(rows: Rows, wanted: Fraction | None, lang: str) -> str:
    if wanted is None:
        return ""
    met = sum(row.get("reached") == say("reached", lang, _WORDS) for row in rows)
    known = sum(row["share"] is not None for row in rows)
    goal = per_cent(wanted.numerator, wanted.denominator, lang)
    if known == 1:
        if lang == "da":
            return f" Målet på {goal} er {'nået' if met else 'ikke nået'}."
        return f" The goal of {goal} is {'reached' if met else 'not reached'}."
    if lang == "da":
        return f" {met} af {known} når målet på {goal}."
    return f" {met} of {known} reach the goal of {goal}."


def _moved(
    keys: list[tuple[Any, ...]],
    names: dict[tuple[Any, ...], str],
    now: Shares,
    then: Shares,
    lang: str,
) -> str:
    both = [key for key in keys if key in now and key in then and now[key][1] and then[key][1]]
    if not both:
        return ""
    both.sort(key=lambda key: Fraction(*now[key]) - Fraction(*then[key]))
    out = ""
    for word, key in (("risen", both[-1]), ("fallen", both[0])):
        change = signed(then[key], now[key])
        if (word == "risen") == (Fraction(*now[key]) > Fraction(*then[key])):
            out += f" {say(word, lang, _WORDS)}: {names[key]}, {change} {say('points', lang, _WORDS)}."
    return out


def signed(before: tuple[int, int], after: tuple[int, int]) -> str:
    """A change in whole percentage points, rounded by the core, with its sign."""
    return with_sign(int(change_text(before, after, 0)))


def _axis(lang: str) -> Spec:
    return {**per_cent_axis(say("share", lang, _WORDS)), "field": "share"}


def _tips(lang: str, **more: str) -> list[Spec]:
    return tooltips(name="", key="", says=say("share", lang, _WORDS), **more)


def _bars(wanted: Fraction | None, lang: str) -> list[Spec]:
    bar: Spec = {
        "transform": [{"filter": "isValid(datum.share)"}],
        "mark": {"type": "bar", "height": {"band": 0.72}},
        "encoding": {"x": _axis(lang), "tooltip": _tips(lang)},
    }
    if wanted is not None:
        words = [say("reached", lang, _WORDS), say("short", lang, _WORDS)]
        bar["encoding"]["color"] = {
            "field": "reached",
            "type": "nominal",
            "scale": {"domain": words, "range": list(REACHED)},
            "legend": {"title": None},
        }
    text = {
        "transform": [{"filter": "isValid(datum.share)"}],
        "encoding": {"x": {"datum": 1}, "text": {"field": "label", "type": "nominal"}},
        "mark": {"type": "text", "align": "right", "dx": 48, "fontWeight": "bold"},
    }
    of = {
        "transform": [{"filter": "isValid(datum.share)"}],
        "encoding": {"x": {"datum": 1}, "text": {"field": "of", "type": "nominal"}},
        "mark": {"type": "text", "align": "left", "dx": 60, "fontSize": 11, "color": FAINT},
    }
    return [bar, text, of]


def _dumbbells(lang: str) -> list[Spec]:
    both = [{"filter": "isValid(datum.share) && isValid(datum.before)"}]
    words = [say("before", lang, _WORDS), say("now", lang, _WORDS)]
    line = {
        "transform": both,
        "mark": {"type": "rule", "strokeWidth": 3, "color": "#c4c4c4"},
        "encoding": {"x": _axis(lang), "x2": {"field": "before"}},
    }
    points = {
        "transform": [
            {"calculate": "datum.before", "as": words[0]},
            {"calculate": "datum.share", "as": words[1]},
            {"fold": words, "as": ["when", "at"]},
            {"filter": "isValid(datum.at)"},
        ],
        "mark": {"type": "point", "filled": True, "size": 105, "opacity": 1},
        "encoding": {
            "x": {**_axis(lang), "field": "at"},
            "color": {
                "field": "when",
                "type": "nominal",
                "sort": words,
                "scale": {"domain": words, "range": list(WHEN)},
                "legend": {"title": None},
            },
            "shape": {
                "field": "when",
                "type": "nominal",
                "sort": words,
                "scale": {"domain": words, "range": ["diamond", "circle"]},
                "legend": {"title": None},
            },
            "tooltip": _tips(lang, before_says=say("before", lang, _WORDS)),
        },
    }
    text = {
        "transform": [{"filter": "isValid(datum.share)"}],
        "mark": {"type": "text", "align": "left", "dx": 14},
        "encoding": {"x": {"datum": 1}, "text": {"field": "label", "type": "nominal"}},
    }
    head = {
        "data": {"name": "heading", "values": [{"text": say("change", lang, _WORDS)}]},
        "mark": {"type": "text", "align": "left", "dx": 14, "dy": -8, "color": FAINT, "fontSize": 11},
        "encoding": {"x": {"datum": 1}, "text": {"field": "text"}},
    }
    return [line, points, text, head]


def _goal_line(wanted: Fraction | None, lang: str) -> list[Spec]:
    if wanted is None:
        return []
    text = f"{say('goal', lang, _WORDS)} {per_cent(wanted.numerator, wanted.denominator, lang)}"
    data = {"name": "goal", "values": [{"goal": float(wanted), "text": text}]}
    x = {**_axis(lang), "field": "goal"}
    rule = {
        "data": data,
        "mark": {"type": "rule", "color": ALERT, "strokeWidth": 2, "strokeDash": [6, 4]},
        "encoding": {"x": x},
    }
    head = {
        "data": data,
        "mark": {"type": "text", "color": ALERT, "fontWeight": "bold", "dy": -8},
        "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "text"}},
    }
    return [rule, head]


def _missing(y: Spec) -> list[Spec]:
    """Where there is no share there is no bar, but a word; beside the earlier share, where there was one."""
    mark = {"type": "text", "align": "left", "fontStyle": "italic", "color": FAINT, "fontSize": 11}
    text = {"y": y, "text": {"field": "missing", "type": "nominal"}}
    return [
        {
            "transform": [{"filter": f"isValid(datum.missing) && {'!' if alone else ''}isValid(datum.before)"}],
            "mark": {**mark, "dx": 4 if alone else 12},
            "encoding": {**text, "x": {"datum": 0} if alone else {**per_cent_axis(None), "field": "before"}},
        }
        for alone in (True, False)
    ]
