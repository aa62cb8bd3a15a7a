"""What every picture has in common: colours that the colour-blind tell apart, type, and numbers of the language."""

from __future__ import annotations

from typing import Any

from .._labels import checked

# vl-convert carries Liberation Sans, whose letters are as wide as Arial's: the same layout on every machine.
FONT = "Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif"
INK, FAINT, GRID, WHITE = "#222222", "#595959", "#dddddd", "#ffffff"
ACCENT, PALE, ALERT, GREY = "#0b62a8", "#7fa9d0", "#983306", "#b3b3b3"

# A channel has its colour in every picture. Any two stay apart under simulated deuteranopia and protanopia
# (tests/python/test_plots.py), and none is the only sign of what it stands for.
CHANNEL_COLOURS: dict[str, str] = {
    "telephone": "#b7a41f",
    "in_person": "#730f2c",
    "letter": "#8da995",
    "email": "#45297d",
    "digital_post": "#9bdfd5",
    "remote_print": "#9f7607",
    "self_service": ACCENT,
    "website": "#7eb2f9",
    "sms": "#983306",
    "social_media": "#ccd35b",
    "system": "#018fd1",
}
TYPE_COLOURS: dict[str, str] = {
    "new_case": ACCENT,
    "status_change": "#7eb2f9",
    "case_information": "#b7a41f",
    "guidance": "#730f2c",
    "self_service_help": "#8da995",
    "misdirected": "#45297d",
}
DIRECTION_COLOURS: dict[str, str] = {"incoming": ACCENT, "outgoing": "#b7a41f"}
CLOSURE_COLOURS: dict[str, str] = {"closed": ACCENT, "put_aside": "#b7a41f", "not_stated": "#dddddd"}
# Colours that stand together in one picture: goals reached or not, cheaper or dearer, low or high end, before or now.
REACHED = (ACCENT, PALE)
BETTER_WORSE = (ACCENT, "#d98c5f", "#6b6b6b")
ENDS = ("#b7a41f", ACCENT)
WHEN = ("#8c8c8c", ACCENT)

_NUMBERS: dict[str, dict[str, Any]] = {
    "da": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", "\u00a0kr."], "percent": "\u00a0%"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["DKK\u00a0", ""], "percent": "%"},
}


def format_locale(lang: str) -> dict[str, Any]:
    """The number format of a language as Vega and vl-convert take it: ``1.234,5`` in Danish."""
    return dict(_NUMBERS[checked(lang)])


def theme(lang: str = "da") -> dict[str, Any]:
    """The komhen theme: a Vega-Lite ``config``. Every picture carries it, so nothing outside the picture is changed.

    >>> from komhen import plots
    >>> plots.theme("da")["locale"]["number"]["decimal"]
    ','
    """
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": INK, "titleColor": INK}
    return {
        "background": WHITE,
        "font": FONT,
        "locale": {"number": format_locale(lang)},
        # One name for the whole picture, its alt text: the marks are not read out one by one.
        "aria": False,
        "padding": 12,
        "view": {"stroke": None},
        "title": {
            "font": FONT,
            "subtitleFont": FONT,
            "anchor": "start",
            "frame": "bounds",
            "fontSize": 16,
            "fontWeight": "bold",
            "color": INK,
            "subtitleFontSize": 12,
            "subtitleColor": FAINT,
            "subtitlePadding": 5,
            "lineHeight": 20,
            "subtitleLineHeight": 16,
            "offset": 14,
            "limit": 0,
        },
        "axis": {
            **text,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "labelLimit": 0,
            "gridColor": GRID,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "titlePadding": 8,
        },
        "legend": {
            **text,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "labelLimit": 0,
            "symbolType": "square",
            "symbolSize": 130,
            "orient": "top",
            "offset": 8,
            "columnPadding": 14,
            "rowPadding": 4,
        },
        "text": {"font": FONT, "fontSize": 12, "color": INK},
        "bar": {"color": ACCENT},
    }


def ink_on(colour: str) -> str:
    """Black or white, whichever stands out more on a colour (the contrast of WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return WHITE if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else "#000000"
