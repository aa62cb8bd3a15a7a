"""Objects as pieces of a page: tables that a screen reader can follow, everything from data escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ._labels import checked, column, label, labelled, per_cent, percentage, short, whole, with_sign
from ._text import on_a_page
from .measures import _whole, measure

if TYPE_CHECKING:
    from ._core import Cube, Outcome
    from .rejects import Rejection
    from .tables import Comparison, Table


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
    most = None if most is None else _whole("most", most, 0, 2**63 - 1)
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
    return html.escape(on_a_page(text))


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
        points = "–" if printed is None else with_sign(printed)
        rows.append([labelled(d, v, lang) for d, v in zip(found.by, key)] + [*sides, points])
    head = [column(name, lang) for name in (*found.by, "before", "after", "points")]
    return table(caption(found, lang), head, rows, len(found.by), lang, found.warnings, most)


def caption(found: Table | Comparison, lang: str) -> str:
    """The heading in a language: the measure's label, then what the shares are of."""
    name, table = label("measure", found.measure, lang), found._table
    if checked(lang) == "en":
        return f"{name} ({found.heading})"
    parts = []
    if table.basis:
        parts.append(f"grundlag {basis(table.basis, lang).lower()}")
    if table.set:
        parts.append(f"kanalsæt {label('set', table.set, lang)}")
    if table.incoming and not table.basis:  # with a basis it always is
        parts.append("indgående")
    parts.append(task_set(table.tasks, lang))
    parts.append("skema " + " og ".join(schemes_of(found)))
    parts += [f"filtre: {found._filters.removeprefix(', ')}"] if found._filters else []
    return f"{name} ({', '.join(parts)})"


def schemes_of(found: Table | Comparison) -> list[str]:
    """The scheme of a table, or those of the two sides of a comparison."""
    table = found._table
    return list(dict.fromkeys(table.schemes)) if hasattr(table, "schemes") else [table.scheme]


def basis(token: str, lang: str) -> str:
    """The basis of self-service as words: a group of contact types, or all of them."""
    if token == "all":
        return "alle henvendelser" if checked(lang) == "da" else "all contacts"
    return label("group", token, lang)


def task_set(name: str, lang: str) -> str:
    """A task set as words: those that komhen knows by what they hold, a file by its name."""
    known = {"all": ("alle opgaver", "all tasks"), "kl-35": ("KL's 35 opgaver (kl-35)", "KL's 35 tasks (kl-35)")}
    words = known.get(name, (f"opgavesæt {name}", f"task set {name}"))
    return words[0 if checked(lang) == "da" else 1]


def of_cube(cube: Cube, lang: str = "da", most: int | None = None) -> str:
    """What a cube holds: sums, and how many values each dimension has."""
    danish = checked(lang) == "da"
    rows = [[column(name, lang), whole(values, lang)] for name, values in _different(cube).items()]
    rounds = ", ".join(round.id for round in cube.rounds)
    contacts, count = whole(cube.contacts, lang), whole(len(cube), lang)
    title = f"{contacts} henvendelser i {count} celler" if danish else f"{contacts} contacts in {count} cells"
    if rounds:
        title += f", runde {rounds}" if danish else f", round {rounds}"
    head = ["dimension", "forskellige værdier" if danish else "different values"]
    return table(title, head, rows, 1, lang, most=most)


def _different(cube: Cube) -> dict[str, int]:
    """How many values each dimension has. The core counts them: a dict of every cell would be far larger than the cube."""
    dimensions = "municipality week task channel type direction closure form source unit".split()
    # Types as they were registered: any scheme will do, since none is asked about.
    return {name: len(measure(cube, "contacts", by=name, scheme="kl-2012", raw=True)) for name in dimensions}


def of_outcome(outcome: Outcome, lang: str = "da", most: int | None = None) -> str:
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
    out = table(title, head, rows, 1, lang, outcome.notes, most)
    if not outcome.rejections:
        return out
    title = "De første afviste rækker" if danish else "The first rejected rows"
    return out + "\n" + of_rejections(outcome.rejections, lang, most, title)


def of_rejections(rows: Iterable[Rejection], lang: str, most: int | None, title: str = "") -> str:
    """Rejected rows: where, what stood there, why, and what was probably meant."""
    cells = [
        [
            whole(row.line, lang),
            "" if row.column is None else column(row.column, lang),
            row.text or "",
            row.label(lang),
            row.suggestion or "",
            row.file,
        ]
        for row in rows
    ]
    head = [column(name, lang) for name in ("line", "column", "text", "reason", "suggestion", "file")]
    title = title or ("Afviste rækker" if lang == "da" else "Rejected rows")
    return table(title, head, cells, len(head), lang, most=most, heads=1)


def of_rows(
    rows: Sequence[Mapping[str, Any]], title: str, lang: str, most: int | None, heads: Mapping[str, str] = {}
) -> str:
    """Plain rows: text to the left, numbers as the language writes them."""
    names = [name for name in dict.fromkeys(n for row in rows for n in row) if not name.endswith("_exact")]
    numbers = [name for name in names if any(_is_number(row.get(name)) for row in rows)]
    names = [name for name in names if name not in numbers] + numbers
    cells = [[_cell(row.get(name), name, lang) for name in names] for row in rows]
    head = [heads.get(name) or column(name, lang) for name in names]
    return table(title, head, cells, len(names) - len(numbers), lang, most=most, heads=1)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) or type(value).__name__ in ("Decimal", "Fraction")


def _cell(value: object, name: str, lang: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return {"da": ("nej", "ja"), "en": ("no", "yes")}[checked(lang)][value]
    if name == "share":
        return percentage(str(value), lang)
    if type(value).__name__ == "Decimal":
        return short(format(value, "f"), lang)
    if isinstance(value, int) and name not in ("municipality", "year", "seed"):
        return whole(value, lang)
    return labelled(name, str(value), lang)
