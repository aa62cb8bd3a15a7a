"""Goals as bullets: how far a share has come, and where it should be."""

from __future__ import annotations

from typing import Any

from .. import _goal_words
from .._goal_words import bounds, is_share, value
from .._labels import label
from .._text import printable
from ..targets import GoalResult, Goals
from ._spec import Rows, Spec, category, nothing, picture, row_names, say, tooltips
from ._theme import ALERT, BETTER_WORSE, FAINT, PALE

_WORDS = {
    "title": ("Status på målene", "Where the goals stand"),
    "nothing": ("Der er ingen mål at vise.", "There are no goals to show."),
    "short": ("mangler", "short by"),
    "point": ("procentpoint", "percentage point"),
    "points": ("procentpoint", "percentage points"),
    "target": ("Mål", "Goal"),
    "to": ("til", "to"),
    "at_least": ("mindst", "at least"),
    "at_most": ("højst", "at most"),
    "within": ("", ""),
    "report": ("", ""),
    "of": ("af", "of"),
    "goals": ("mål er nået", "goals are met"),
}


def goals(given: Goals, *, lang: str = "da") -> Spec:
    """See `komhen.plots.goals`."""
    if not isinstance(given, Goals):
        raise TypeError(f"this picture is drawn of what komhen.goals gives, not of {type(given).__name__}")
    title = say("title", lang, _WORDS)
    if not len(given):
        return nothing("goals", lang, title=title, why=say("nothing", lang, _WORDS))
    rows: Rows = [_row(goal, lang) for goal in given]
    y = {**category([row["name"] for row in rows]), "axis": None}
    ends = [value for row in rows for value in (row["value"], row["low"], row["high"]) if value is not None]
    least, most = min([0.0, *ends]), max([1.0, *ends])
    scale = {"domain": [least, most], "nice": False}
    axis = {"format": ".0%", "title": None, "tickCount": 5, "labelFlush": False, "labelOverlap": True, "grid": False}
    x: Spec = {"type": "quantitative", "scale": scale, "axis": axis}
    names = row_names(rows, y, 44)
    words = [label("outcome", word, lang) for word in ("met", "not_met", "measured")]
    colour = {
        "field": "outcome_label",
        "type": "nominal",
        "scale": {"domain": words, "range": list(BETTER_WORSE)},
        "legend": {"title": None},
    }
    track = {
        "transform": [{"filter": "datum.drawn"}],
        "mark": {"type": "bar", "height": {"band": 0.62}, "color": "#eeeeee"},
        "encoding": {"y": y, "x": {**x, "datum": least}, "x2": {"datum": most}},
    }
    band = {
        "transform": [{"filter": "isValid(datum.low) && isValid(datum.high) && datum.low !== datum.high"}],
        "mark": {"type": "bar", "height": {"band": 0.62}, "color": PALE, "opacity": 0.6},
        "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
    }
    bar = {
        "transform": [{"filter": "datum.drawn && isValid(datum.value)"}],
        "mark": {"type": "bar", "height": {"band": 0.28}},
        "encoding": {
            "y": y,
            "x": {**x, "field": "value"},
            "x2": {"datum": 0},
            "color": colour,
            "tooltip": tooltips(name="", says="", target=say("target", lang, _WORDS), source=""),
        },
    }
    zero = {
        "data": {"name": "zero", "values": [{"zero": 0}]},
        "mark": {"type": "rule", "color": "#8c8c8c"},
        "encoding": {"x": {**x, "field": "zero"}},
    }
    tick = {
        "transform": [{"filter": "isValid(datum.mark)"}],
        "mark": {"type": "tick", "opacity": 1, "orient": "vertical", "color": ALERT, "thickness": 3, "height": {"band": 0.62}},
        "encoding": {"y": y, "x": {**x, "field": "mark"}},
    }
    # The outcome stands above the goal, or alone in the middle of the row.
    texts: list[Spec] = [
        {
            "transform": [{"filter": f"{'!' if alone else ''}datum.target"}],
            "mark": {"type": "text", "align": "left", "dx": 16, "dy": 0 if alone else -7},
            "encoding": {"y": y, "x": {"datum": most}, "text": {"field": "says", "type": "nominal"}},
        }
        for alone in (False, True)
    ]
    target = {
        "mark": {"type": "text", "align": "left", "dx": 16, "dy": 8, "fontSize": 11, "color": FAINT},
        "encoding": {"y": y, "x": {"datum": most}, "text": {"field": "target", "type": "nominal"}},
    }
    met = sum(row["outcome"] == "met" for row in rows)
    asked = sum(row["outcome"] in ("met", "not_met") for row in rows)
    subtitle = f"{met} {say('of', lang, _WORDS)} {asked} {say('goals', lang, _WORDS)}"
    alt = f"{title}. {subtitle}. " + " ".join(f"{row['name']}: {row['says']}." for row in rows)
    return picture(
        "goals",
        lang,
        title=title,
        subtitle=subtitle,
        alt=alt,
        rows=rows,
        layers=[track, band, zero, bar, tick, *names, *texts, target],
        width=330,
        height={"step": 48},
        room=120,
    )


def _row(goal: GoalResult, lang: str) -> dict[str, Any]:
    plain = printable(goal.title or goal.id)
    says = label("outcome", goal.outcome, lang)
    drawn = is_share(goal)
    found, gap = value(goal, lang), _goal_words.gap(goal, lang)
    if found is not None:
        says = f"{found} · {says}"
        if goal.outcome == "not_met" and gap is not None and drawn:
            says += f", {say('short', lang, _WORDS)} {gap} {say('point' if gap == '1' else 'points', lang, _WORDS)}"
    low, high = (float(end) if end is not None and drawn else None for end in (goal.low, goal.high))
    return {
        "name": plain,
        "id": printable(goal.id),
        "outcome": goal.outcome,
        "outcome_label": label("outcome", goal.outcome, lang),
        "value": float(goal.value) if goal.value is not None and drawn else None,
        "numerator": goal.share[0] if goal.share else None,
        "denominator": goal.share[1] if goal.share else None,
        "low": low,
        "high": high,
        "mark": (high if low is None else low) if low is None or high is None or low == high else None,
        "drawn": drawn and goal.outcome in ("met", "not_met", "measured"),
        "says": says,
        "target": _target(goal, lang),
        "source": printable(goal.source),
    }


def _target(goal: GoalResult, lang: str) -> str:
    if goal.kind == "attribute" and goal.value is None:
        return ""  # a number of something: the title says of what
    ends = bounds(goal, lang)
    if not ends:
        return ""
    between = f" {say('to', lang, _WORDS)} "
    comparator = say(goal.comparator, lang, _WORDS)
    text = " ".join(part for part in (say("target", lang, _WORDS), comparator, between.join(ends)) if part)
    return text + (f", {goal.due.year}" if goal.due is not None else "")
