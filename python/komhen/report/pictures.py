"""Pictures as pieces of a page: bars of HTML and SVG that fit any width. templates/report.js draws the same."""

from __future__ import annotations

from .cells import NOTHING, Cell, CostPart, Count, Part, hundredths
from .html_text import escaped
from .model import Bar, Bars, Picture
from .texts import say


def draw(picture: Picture, lang: str) -> str:
    """The inside of the picture's element."""
    figures = [bar.figure for bar in picture.bars] if isinstance(picture, Bars) else [
        part for stack in picture.stacks for part in stack.parts
    ]
    if not any(map(_exists, figures)):
        return f'<p class="note">{escaped(say("nothing_counted", lang))}</p>'
    if isinstance(picture, Bars):
        return "".join(_bar(bar, picture, lang) for bar in ordered(picture))
    return "".join(
        f'<div class="stack"><span class="label">{escaped(stack.label)}</span>'
        f'<svg class="cut" width="100%" height="26" aria-hidden="true">{_cut(stack.parts, picture.marks, lang)}</svg></div>'
        for stack in picture.stacks
    )


def alt(picture: Picture, lang: str) -> str:
    """The picture in words, made from the data."""
    if isinstance(picture, Bars):
        bars = [bar for bar in picture.bars if _exists(bar.figure)]
        if not bars:
            return say("alt_none", lang).format(picture.title)
        if len(bars) == 1:
            return say("alt_one", lang).format(picture.title, bars[0].label, bars[0].figure.text(lang))
        ranked = sorted(bars, key=lambda bar: -_size(bar.figure))
        most, least = ranked[0], ranked[-1]
        return say("alt_bars", lang).format(
            picture.title, most.label, most.figure.text(lang), least.label, least.figure.text(lang), len(bars)
        )
    said = [f"{picture.title}."]
    for stack in picture.stacks:
        sizes = [_size(part) if _exists(part) else -1.0 for part in stack.parts]
        if sizes and max(sizes) >= 0:
            at = sizes.index(max(sizes))
            said.append(say("alt_stack", lang).format(stack.label, picture.labels[at], stack.parts[at].text(lang)))
    return " ".join(said) if len(said) > 1 else say("alt_none", lang).format(picture.title)


def ordered(picture: Bars) -> list[Bar]:
    """The bars as they are drawn: the largest first where they are ranked, those without a figure last."""
    if not picture.ranked:
        return list(picture.bars)
    return sorted(picture.bars, key=lambda bar: -_size(bar.figure) if _exists(bar.figure) else 1.0)


def _bar(bar: Bar, picture: Bars, lang: str) -> str:
    figure = bar.figure
    inside = ""
    if isinstance(figure, Count):
        largest = max((other.figure.integers[0] for other in picture.bars), default=0)
        length = hundredths(figure.value, largest)
    else:
        inside = '<rect class="track" width="100%" height="14" y="2"/>'
        length = hundredths(figure.integers[0], figure.integers[1])
    if _exists(figure):
        inside += f'<rect class="bar" width="{length}" height="14" y="2"/>'
    if bar.before is not None and bar.before.denominator:
        at = hundredths(bar.before.numerator, bar.before.denominator)
        inside += f'<circle class="earlier" cx="{at}" cy="9" r="5"/>'
    if picture.goal is not None:
        inside += f'<line class="goal" x1="{picture.goal}%" x2="{picture.goal}%" y1="0" y2="18"/>'
    return (
        f'<div class="one"><span class="label">{escaped(bar.label)}</span>'
        f'<svg width="100%" height="18" aria-hidden="true">{inside}</svg>'
        f'<span class="value">{escaped(figure.text(lang))}</span></div>'
    )


_WRITTEN = 7  # per cent of the width that a written share needs


def _cut(parts: tuple[Part, ...], marks: tuple[str, ...], lang: str) -> str:
    done, out = 0, ""
    for part, mark in zip(parts, marks):
        if not part.numerator or not part.denominator:
            continue
        start, width = hundredths(done, part.denominator), hundredths(part.numerator, part.denominator)
        out += f'<rect class="m-{mark}" x="{start}" width="{width}" height="26"/>'
        if part.numerator * 100 >= _WRITTEN * part.denominator:
            middle = hundredths(2 * done + part.numerator, 2 * part.denominator)
            out += f'<text class="on-{mark}" x="{middle}" y="18" text-anchor="middle">{escaped(part.text(lang))}</text>'
        done += part.numerator
    return out


def _exists(figure: Cell) -> bool:
    return figure.text("da") != NOTHING


def _size(figure: Cell) -> float:
    """For order and drawing only."""
    if isinstance(figure, Count):
        return float(figure.value)
    if isinstance(figure, (Part, CostPart)) and figure.denominator:
        return figure.numerator / figure.denominator
    return 0.0

