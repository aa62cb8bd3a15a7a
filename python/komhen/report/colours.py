"""The colours of pictures: those of komhen.plots, with the ink that is read on each."""

from __future__ import annotations

from ..plots._theme import CHANNEL_COLOURS, CLOSURE_COLOURS, DIRECTION_COLOURS, INK, TYPE_COLOURS, WHITE

_FORM_COLOURS = {
    "no_form": CLOSURE_COLOURS["not_stated"],
    "paper": CLOSURE_COLOURS["put_aside"],
    "digital": CLOSURE_COLOURS["closed"],
}


def rules() -> str:
    """A style rule for each part, its mark in the legend, and the text on it."""
    out = []
    tables = (CHANNEL_COLOURS, TYPE_COLOURS, DIRECTION_COLOURS, CLOSURE_COLOURS, _FORM_COLOURS)
    for name, colour in (pair for table in tables for pair in table.items()):
        ink = WHITE if _contrast(colour, WHITE) >= _contrast(colour, INK) else INK
        out.append(f".m-{name}{{fill:{colour}}}.s-{name}{{background:{colour}}}.stack .on-{name}{{fill:{ink}}}")
    return "\n".join(out)


def _contrast(a: str, b: str) -> float:
    """WCAG 2's contrast of two colours."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
