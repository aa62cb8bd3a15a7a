"""Pictures of a business case: the waterfall, the tornado and the cash flow."""

from __future__ import annotations

import re
from decimal import Decimal, Inexact, localcontext
from fractions import Fraction
from typing import Any

from .._core import KomhenError
from .._labels import label, short, with_per_cent
from .._text import printable
from ..cases import Case, Figure
from ._costs import kroner
from ._spec import Rows, Spec, category, nothing, picture, row_names, say, tooltips
from ._theme import BETTER_WORSE, ENDS, FAINT, INK

_WORDS = {
    "before": ("Før", "Before"),
    "after": ("Efter", "After"),
    "more": ("Dyrere", "Dearer"),
    "less": ("Billigere", "Cheaper"),
    "total": ("Omkostning", "Cost"),
    "waterfall": ("Hvor besparelsen kommer fra", "Where the saving comes from"),
    "no_shift": ("Sagen har ingen kanalflytning at vise.", "The case has no channel shift to show."),
    "tornado": ("Hvad betyder mest for", "What matters most to"),
    "no_ranges": ("Tallet hviler ikke på noget spænd.", "The figure rests on no range."),
    "low": ("Ved spændets lave ende", "At the low end of the range"),
    "high": ("Ved spændets høje ende", "At the high end of the range"),
    "cash": ("Penge ind og ud, år for år", "Money in and out, year by year"),
    "no_years": ("Sagen har ingen år at vise.", "The case has no years to show."),
    "gain": ("Gevinst", "Gain"),
    "loss": ("Udgift", "Expense"),
    "sum": ("Summen til og med året (linjen)", "The sum up to the year (the line)"),
    "npv": ("Nutidsværdi", "Net present value"),
    "payback": ("Tjent hjem fra", "Paid back from"),
    "savings": ("Besparelse", "Saving"),
    "widest": ("Mest", "Most"),
    "narrowest": ("Mindst", "Least"),
}
_TORNADO_WIDTH = 560
_UNITS = {
    "fte": ("årsværk", "full-time equivalents"),
    "hours": ("timer", "hours"),
    "minutes": ("minutter", "minutes"),
}
_SAVINGS = (
    ("saving_actual", ("hvert år sin mængde", "each year its own volume")),
    ("saving_first_volume", ("det første års mængde", "the first year's volume")),
    ("saving_last_volume", ("det sidste års mængde", "the last year's volume")),
)


# The words that a case's ids are made of, in two languages; an id without words stands as it is.
_FIGURES = {
    "saving_actual": ("besparelsen, hvert år sin mængde", "the saving, each year its own volume"),
    "saving_first_volume": ("besparelsen ved det første års mængde", "the saving at the first year's volume"),
    "saving_last_volume": ("besparelsen ved det sidste års mængde", "the saving at the last year's volume"),
    "saved_kroner": ("de sparede kroner", "the kroner saved"),
    "saved_hours": ("de sparede timer", "the hours saved"),
    "saved_fte": ("de sparede årsværk", "the full-time equivalents saved"),
    "cost_before": ("omkostningen før", "the cost before"),
    "cost_after": ("omkostningen efter", "the cost after"),
    "post_saving": ("besparelsen på post", "the saving on post"),
    "npv": ("nutidsværdien", "the net present value"),
}
_INPUTS: tuple[tuple[str, tuple[str, str]], ...] = (
    (r"channel_shift\.before\.mix\.(.+)", ("Andel før: {0}", "Share before: {0}")),
    (r"channel_shift\.after\.mix\.(.+)", ("Andel efter: {0}", "Share after: {0}")),
    (r"price\.(.+)", ("Pris: {0}", "Price: {0}")),
    (r"years\.ramp\[(\d+)\]", ("Indfasning, år {0}", "Phased in, year {0}")),
    (r"channel_shift\.price_of\.(.+)", ("Pris: {0}", "Price: {0}")),
    (r"channel_shift\.before\.contacts", ("Henvendelser før", "Contacts before")),
    (r"channel_shift\.after\.contacts", ("Henvendelser efter", "Contacts after")),
    (r"channel_shift\.residual\.factor", ("Vægt af dem, der bliver", "Weight of those that stay")),
    (r"time_saved\.digital_share", ("Andel digitalt", "Digital share")),
    (r"time_saved\.activity\[(\d+)\]\.count", ("Aktivitet {0}: antal", "Activity {0}: number")),
    (r"time_saved\.activity\[(\d+)\]\.minutes", ("Aktivitet {0}: minutter", "Activity {0}: minutes")),
    (r"time_saved\.activity\[(\d+)\]\.saved", ("Aktivitet {0}: sparede minutter", "Activity {0}: minutes saved")),
    (r"time_saved\.activity\[(\d+)\]\.added", ("Aktivitet {0}: nye minutter", "Activity {0}: minutes added")),
    (r"time_saved\.activity\[(\d+)\]\.eligible", ("Aktivitet {0}: andel, der kan", "Activity {0}: share that can")),
    (r"time_saved\.hours_per_fte", ("Timer pr. årsværk", "Hours per full-time equivalent")),
    (r"years\.discount_rate", ("Kalkulationsrente", "Discount rate")),
    (r"years\.investment(?:\.(.+))?", ("Investering", "Investment")),
    (r"years\.running_cost(?:\.(.+))?", ("Årlig drift", "Running cost")),
)
# The four words of the price table copenhagen-2010.
_CLASSES = {"written": ("Skriftligt", "In writing"), "digital": ("Digitalt", "Digital")}


def mix_name(name: str, lang: str) -> str:
    """A channel, or a class of prices, as a picture shows it."""
    if name in _CLASSES:
        return say(name, lang, _CLASSES)
    return printable(label("channel", name, lang))


def input_name(id: str, lang: str) -> str:
    """An input's id in words."""
    for pattern, words in _INPUTS:
        match = re.fullmatch(pattern, id)
        if match:
            return words[0 if lang == "da" else 1].format(*(mix_name(part or "", lang) for part in match.groups()))
    return printable(id)


def _case(given: Case) -> Case:
    if not isinstance(given, Case):
        raise TypeError(f"this picture is drawn of what komhen.business_case gives, not of {type(given).__name__}")
    return given


def _exact(figure: Figure) -> Fraction:
    return figure.exact if figure.exact is not None else Fraction(figure.value)


def waterfall(given: Case, *, lang: str = "da") -> Spec:
    """See `komhen.plots.waterfall`."""
    case = _case(given)
    title = f"{say('waterfall', lang, _WORDS)}: {printable(case.title)}"
    if "cost_before" not in case or "cost_after" not in case:
        return nothing("waterfall", lang, title=title, why=say("no_shift", lang, _WORDS))
    start, end = case["cost_before"], case["cost_after"]
    names = list(
        dict.fromkeys(figure.id.split(".", 1)[1] for figure in case if figure.id.startswith(("cost_before.", "cost_after.")))
    )
    words = {way: say(way, lang, _WORDS) for way in ("total", "less", "more")}
    rows: Rows = [_step(say("before", lang, _WORDS), Fraction(0), _exact(start), words["total"], kroner(start.value, lang))]
    at = _exact(start)
    for name in names:
        before, after = (case[id] if id in case else None for id in (f"cost_before.{name}", f"cost_after.{name}"))
        step = (_exact(after) if after else Fraction(0)) - (_exact(before) if before else Fraction(0))
        if not step:
            continue
        # What is written is the difference of the two amounts as the core settled them: nothing is rounded here.
        settled = (after.value if after else Decimal(0)) - (before.value if before else Decimal(0))
        says = f"{'+' if settled > 0 else ''}{kroner(settled, lang)}"
        rows.append(_step(mix_name(name, lang), at, at + step, words["less" if step < 0 else "more"], says))
        at += step
    rows.append(_step(say("after", lang, _WORDS), Fraction(0), _exact(end), words["total"], kroner(end.value, lang)))
    savings = [
        f"{kroner(case[id].value, lang)} ({text[0 if lang == 'da' else 1]})" for id, text in _SAVINGS if id in case
    ]
    subtitle = f"{say('savings', lang, _WORDS)}: {'; '.join(savings)}"
    y = category([row["name"] for row in rows])
    x: Spec = {"field": "from", "type": "quantitative", "axis": None, "scale": {"nice": False, "domain": _room(rows)}}
    colour = {
        "field": "way",
        "type": "nominal",
        "sort": list(words.values()),
        "scale": {"domain": list(words.values()), "range": [BETTER_WORSE[2], *BETTER_WORSE[:2]]},
        "legend": {"title": None},
    }
    bars = {
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {"y": y, "x": x, "x2": {"field": "to"}, "color": colour, "tooltip": tooltips(name="", says="kr.")},
    }
    text = {
        "mark": {"type": "text", "align": "left", "dx": 6, "color": INK},
        "encoding": {"y": y, "x": {"field": "edge", "type": "quantitative"}, "text": {"field": "says", "type": "nominal"}},
    }
    steps = ", ".join(f"{row['name']} {row['says']}" for row in rows[1:-1])
    alt = (
        f"{title}. {say('before', lang, _WORDS)}: {kroner(start.value, lang)}. {steps}. "
        f"{say('after', lang, _WORDS)}: {kroner(end.value, lang)}. {subtitle}."
    )
    return picture(
        "waterfall",
        lang,
        title=title,
        subtitle=subtitle,
        alt=alt,
        rows=rows,
        layers=[bars, text],
        width=480,
        height={"step": 34},
        room=104,
    )


def _room(rows: Rows) -> list[float]:
    """The ends of an axis that has room for the label to the right of its longest bar."""
    ends = [value for row in rows for value in (row["from"], row["to"])]
    low, high = min(0.0, *ends), max(0.0, *ends)
    return [low, high + (high - low or 1.0) * 0.27]


def _step(name: str, start: Fraction, end: Fraction, way: str, says: str) -> dict[str, Any]:
    return {
        "name": name,
        "from": float(start),
        "to": float(end),
        "edge": float(max(start, end)),
        "change": float(end - start),
        "way": way,
        "says": says,
    }


def tornado(given: Case, figure: str | None = None, *, lang: str = "da") -> Spec:
    """See `komhen.plots.tornado`."""
    case = _case(given)
    bars = case.to_dict()["tornado"]  # the core's decimal text
    wanted = figure if figure is not None else (bars[0]["figure"] if bars else "")
    if figure is not None and figure not in case:
        raise KomhenError("the case does not have the figure whose tornado is asked for")
    if not wanted or not any(bar["figure"] == wanted for bar in bars):
        title = f"{say('tornado', lang, _WORDS)} {printable(figure or case.title)}"
        return nothing("tornado", lang, title=title, why=say("no_ranges", lang, _WORDS))
    middle = case[wanted]
    name = say(wanted, lang, _FIGURES) if wanted in _FIGURES else printable(middle.label or middle.id)
    title = f"{say('tornado', lang, _WORDS)} {name}"
    low, high = say("low", lang, _WORDS), say("high", lang, _WORDS)
    inputs = case.inputs
    rows: Rows = []
    for bar in (bar for bar in bars if bar["figure"] == wanted):
        ends = {end: Decimal(bar[f"at_{end}"]) for end in ("low", "high")}
        for end, value in ends.items():
            # The label stands outside the bar, on the side where the bar ends.
            other = ends["high" if end == "low" else "low"]
            left = value < other or (value == other and end == "low")
            given_at = _decimal(getattr(inputs[bar["input"]], end) or Fraction(0)) if bar["input"] in inputs else None
            rows.append(
                {
                    "name": input_name(bar["input"], lang),
                    "id": printable(bar["input"]),
                    "end": low if end == "low" else high,
                    "from": float(_exact(middle)),
                    "value": float(value),
                    "says": with_unit(value, middle.unit if middle.unit in ("kr", "share") else "", lang),
                    "input": "" if given_at is None else with_unit(given_at, inputs[bar["input"]].unit, lang),
                    "left": left,
                }
            )
    names = list(dict.fromkeys(row["name"] for row in rows))
    alt = f"{title}: {with_unit(middle.value, middle.unit, lang)}."
    for word, name in [("widest", names[0])] + ([("narrowest", names[-1])] if len(names) > 1 else []):
        pair = [row["says"] for row in rows if row["name"] == name]
        alt += f" {say(word, lang, _WORDS)}: {name}, {pair[0]} – {pair[1]}."
    y = {**category(names), "axis": None}
    values = [row["value"] for row in rows] + [float(_exact(middle))]
    scale = {"zero": False, "nice": False, "domain": _with_labels(values, rows)}
    x: Spec = {"field": "value", "type": "quantitative", "axis": None, "scale": scale}
    colour = {
        "field": "end",
        "type": "nominal",
        "sort": [low, high],
        "scale": {"domain": [low, high], "range": list(ENDS)},
        "legend": {"title": None, "offset": 24},
    }
    bar_layer = {
        "mark": {"type": "bar", "height": {"band": 0.62}},
        "encoding": {"y": y, "x": x, "x2": {"field": "from"}, "color": colour, "tooltip": tooltips(end="", input="", says="")},
    }
    layers = [bar_layer, *row_names(rows, y, 34)]
    for left in (True, False):
        layers.append(
            {
                "transform": [{"filter": f"datum.left === {str(left).lower()}"}, {"calculate": "datum.says + (datum.input ? ' (' + datum.input + ')' : '')", "as": "both"}],
                "mark": {"type": "text", "align": "right" if left else "left", "dx": -6 if left else 6, "fontSize": 11},
                "encoding": {"y": y, "x": x, "text": {"field": "both", "type": "nominal"}},
            }
        )
    line = {"name": "middle", "values": [{"value": float(_exact(middle)), "text": with_unit(middle.value, middle.unit, lang)}]}
    layers.append({"data": line, "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5}, "encoding": {"x": x}})
    layers.append(
        {
            "data": line,
            "mark": {"type": "text", "dy": -8, "fontWeight": "bold"},
            "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "text"}},
        }
    )
    return picture(
        "tornado",
        lang,
        title=title,
        subtitle=printable(case.title),
        alt=alt,
        rows=rows,
        layers=layers,
        width=_TORNADO_WIDTH,
        height={"step": 38},
        room=112,
    )


def _with_labels(values: list[float], rows: Rows) -> list[float]:
    """The ends of the axis: as far out as the longest label on each side needs."""
    left, right = (
        max((len(row["says"]) + len(row["input"]) + 3 for row in rows if row["left"] is side), default=0) * 5.9 + 14
        for side in (True, False)
    )
    low, high = min(values), max(values)
    each = (high - low or 1.0) / max(120.0, _TORNADO_WIDTH - left - right)
    return [low - left * each, high + right * each]


def _decimal(value: Fraction) -> Decimal | None:
    """An exact value whose decimals end, as a decimal; None for another."""
    with localcontext() as context:
        context.traps[Inexact] = True
        context.prec = 60
        try:
            return Decimal(value.numerator) / Decimal(value.denominator)
        except Inexact:
            return None


def with_unit(value: Decimal, unit: str, lang: str) -> str:
    """A value as the core settled it, with its unit; no digit is added or taken away but zeros at the end."""
    if unit == "kr":
        return kroner(value, lang)
    if unit == "share":
        value *= 100
    out = ("−" if value < 0 else "") + short(format(abs(value), "f"), lang)
    if unit == "share":
        return with_per_cent(out, lang)
    return out + (f" {say(unit, lang, _UNITS)}" if unit in _UNITS else "")


def cash_flow(given: Case, *, lang: str = "da") -> Spec:
    """See `komhen.plots.cash_flow`."""
    case = _case(given)
    title = f"{say('cash', lang, _WORDS)}: {printable(case.title)}"
    flows = [figure for figure in case if figure.id.startswith("flow.")]
    if not flows:
        return nothing("cash_flow", lang, title=title, why=say("no_years", lang, _WORDS))
    words = [say("gain", lang, _WORDS), say("loss", lang, _WORDS)]
    rows: Rows = [
        {
            "year": figure.id.removeprefix("flow."),
            "flow": float(_exact(figure)),
            "kroner": figure.text,
            "says": kroner(figure.value, lang),
            "way": words[0] if figure.value >= 0 else words[1],
        }
        for figure in flows
    ]
    notes = []
    if "npv" in case:
        notes.append(f"{say('npv', lang, _WORDS)}: {kroner(case['npv'].value, lang)}")
    if "payback_year" in case:
        notes.append(f"{say('payback', lang, _WORDS)} {case['payback_year'].text}")
    notes.append(say("sum", lang, _WORDS))
    top, low = max(flows, key=_exact), min(flows, key=_exact)
    alt = f"{title}. {say('highest', lang)}: {top.id.removeprefix('flow.')}, {kroner(top.value, lang)}. "
    alt += f"{say('lowest', lang)}: {low.id.removeprefix('flow.')}, {kroner(low.value, lang)}. {'. '.join(notes[:-1])}."
    x = {"field": "year", "type": "ordinal", "title": None, "axis": {"labelAngle": 0 if len(rows) <= 12 else -90, "grid": False}}
    y: Spec = {
        "field": "flow",
        "type": "quantitative",
        "axis": {"title": "kr." if lang == "da" else "DKK", "format": ",.0f", "tickCount": 6},
    }
    colour = {
        "field": "way",
        "type": "nominal",
        "sort": words,
        "scale": {"domain": words, "range": list(BETTER_WORSE[:2])},
        "legend": {"title": None},
    }
    bars = {
        "mark": {"type": "bar", "width": {"band": 0.7}},
        "encoding": {"x": x, "y": y, "color": colour, "tooltip": tooltips(year="", says="kr.")},
    }
    # The running sum is drawn from the rows; payback_year is the core's.
    running: Spec = {"window": [{"op": "sum", "field": "flow", "as": "sum"}], "sort": [{"field": "year"}], "frame": [None, 0]}
    line = {
        "transform": [running],
        "mark": {"type": "line", "color": INK, "strokeWidth": 2, "point": {"color": INK, "size": 45}},
        "encoding": {"x": x, "y": {**y, "field": "sum"}},
    }
    zero = {"data": {"name": "zero", "values": [{"zero": 0}]}, "mark": {"type": "rule", "color": FAINT}, "encoding": {"y": {**y, "field": "zero"}}}
    return picture(
        "cash_flow",
        lang,
        title=title,
        subtitle=" · ".join(notes),
        alt=alt,
        rows=rows,
        layers=[bars, zero, line],
        width={"step": max(26, min(80, 640 // len(rows)))},
        height=300,
        room=84,
    )
