"""Objects as pieces of a page: tables that a screen reader can follow, everything from data escaped."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ._labels import checked, column, label, labelled, per_cent, short, whole

if TYPE_CHECKING:
    from ._core import Cube, Outcome
    from .tables import Comparison, Table

_MOST = 60  # rows that a notebook shows before it says how many there are


def table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    left: int,
    lang: str,
    notes: Sequence[str] = (),
    most: int | None = None,
    heads: int | None = None,
    foot: Sequence[str] = (),
) -> str:
    """A table with a caption, column heads and row heads; text is escaped here.

    The first ``left`` columns are text, the rest numbers; the first ``heads`` (default: ``left``) head their row. ``foot`` is a last
    row that ``most`` does not cut off.
    """
    heads = left if heads is None else heads
    number = ' style="text-align:right"'
    text = ' style="text-align:left"'
    out = [f'<table class="komhen" lang="{checked(lang)}">', f"<caption>{_text(caption)}</caption>", "<thead><tr>"]
    out += [f'<th scope="col"{text if i < left else number}>{_text(name)}</th>' for i, name in enumerate(head)]
    out.append("</tr></thead>\n<tbody>")
    for row in rows[:most]:
        cells = [
            f'<th scope="row"{text}>{_text(cell)}</th>'
            if i < heads
            else f"<td{text if i < left else number}>{_text(cell)}</td>"
            for i, cell in enumerate(row)
        ]
        out.append(f"<tr>{''.join(cells)}</tr>")
    out.append("</tbody>")
    if foot:
        out.append("<tfoot><tr>" + "".join(f"<td{text if i < left else number}>{_text(c)}</td>" for i, c in enumerate(foot)))
        out.append("</tr></tfoot>")
    out.append("</table>")
    said = list(notes)
    if most is not None and len(rows) > most:
        shown, all = whole(most, lang), whole(len(rows), lang)
        said.append(f"{shown} af {all} rækker" if lang == "da" else f"{shown} of {all} rows")
    out += [f"<p>{_text(note)}</p>" for note in said]
    return "\n".join(out)


def _text(text: str) -> str:
    # A control character is no character of a page.
    return html.escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text))


def of_table(found: Table, lang: str, most: int | None) -> str:
    """A measure's rows."""
    rows = []
    for key, numerator, denominator, extras in found._table.rows:
        row = [labelled(d, v, lang) for d, v in zip(found.by, key)] + [whole(numerator, lang)]
        if found.measure != "contacts":
            row += [whole(denominator, lang), per_cent(numerator, denominator, lang)]
        row += [whole(extra, lang) for extra in extras]
        if found.measure == "form_share":
            row += [per_cent(part, denominator, lang) for part in extras[:2]]
        rows.append(row)
    head = [column(name, lang) for name in found.columns]
    return table(caption(found, lang), head, rows, len(found.by), lang, found.notes, most)


def of_comparison(found: Comparison, lang: str, most: int | None) -> str:
    """A comparison's rows."""
    rows = []
    for key, before, after, printed in found._table.rows:
        sides = [per_cent(*side, lang) if side else "–" for side in (before, after)]
        points = "–" if printed is None else f"{printed:+d}"
        rows.append([labelled(d, v, lang) for d, v in zip(found.by, key)] + [*sides, points])
    head = [column(name, lang) for name in (*found.by, "before", "after", "points")]
    return table(caption(found, lang), head, rows, len(found.by), lang, found.warnings, most)


def caption(found: Table | Comparison, lang: str) -> str:
    """The heading in a language: the measure's label, then what the shares are of."""
    name = label("measure", found.measure, lang)
    return f"{name} ({found.heading})"


def of_cube(cube: Cube, lang: str = "da") -> str:
    """What a cube holds: sums, and how many values each dimension has."""
    cells = cube.cells()
    dimensions = "municipality week task channel type direction closure form source unit".split()
    danish = checked(lang) == "da"
    rows = [[column(name, lang), whole(len({cell[name] for cell in cells}), lang)] for name in dimensions]
    rounds = ", ".join(round.id for round in cube.rounds)
    contacts, count = whole(cube.contacts, lang), whole(len(cube), lang)
    title = f"{contacts} henvendelser i {count} celler" if danish else f"{contacts} contacts in {count} cells"
    if rounds:
        title += f", runde {rounds}" if danish else f", round {rounds}"
    head = ["dimension", "forskellige værdier" if danish else "different values"]
    return table(title, head, rows, 1, lang)


def of_outcome(outcome: Outcome, lang: str = "da") -> str:
    """What became of the rows, and the rejections that were kept."""
    danish = checked(lang) == "da"
    read, accepted = whole(outcome.rows_read, lang), whole(outcome.rows_accepted, lang)
    rejected = whole(outcome.rows_rejected, lang)
    title = (
        f"{read} rækker læst, {accepted} godkendt, {rejected} afvist"
        if danish
        else f"{read} rows read, {accepted} accepted, {rejected} rejected"
    )
    rows = [[label("reason", reason, lang), whole(count, lang)] for reason, count in outcome.rejected.items() if count]
    head = ["årsag", "rækker"] if danish else ["reason", "rows"]
    out = table(title, head, rows, 1, lang, outcome.notes)
    if not outcome.rejections:
        return out
    head = ["linje", "kolonne", "tekst", "årsag", "forslag"] if danish else "line column text reason suggestion".split()
    kept = [
        [whole(row.line, lang), row.column or "", row.text or "", row.label(lang), row.suggestion or ""]
        for row in outcome.rejections
    ]
    title = "De første afviste rækker" if danish else "The first rejected rows"
    return out + "\n" + table(title, head, kept, len(head), lang, most=_MOST, heads=1)


def of_rows(rows: Sequence[Mapping[str, Any]], title: str, lang: str, most: int | None) -> str:
    """Plain rows: text to the left, numbers as the language writes them."""
    names = [name for name in dict.fromkeys(n for row in rows for n in row) if not name.endswith("_exact")]
    numbers = [name for name in names if any(_is_number(row.get(name)) for row in rows)]
    names = [name for name in names if name not in numbers] + numbers
    cells = [[_cell(row.get(name), name, lang) for name in names] for row in rows]
    head = [column(name, lang) for name in names]
    return table(title, head, cells, len(names) - len(numbers), lang, most=most, heads=1)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) or type(value).__name__ in ("Decimal", "Fraction")


def _cell(value: object, name: str, lang: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return {"da": ("nej", "ja"), "en": ("no", "yes")}[checked(lang)][value]
    if type(value).__name__ == "Decimal":
        return short(format(value, "f"), lang)
    if isinstance(value, int) and name not in ("municipality", "year", "seed"):
        return whole(value, lang)
    return labelled(name, str(value), lang)
