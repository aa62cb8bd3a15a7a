"""Tables as CSV that a Danish Excel opens rightly: a byte order mark, ``;`` and decimal commas; in English points."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from .._labels import fixed
from .._settled import change_text, per_cent
from .cells import COUNTS, Absent, Cell, CostPart, Day, Gap, GoalNumber, Kroner, Part, Points, Printed, ToGo, share_text
from .model import Table

BOM = "\ufeff"
_NUMBERS = (Part, Points, Gap, Kroner, CostPart, Absent)  # empty where there is none
_OBEYED = ("=", "+", "-", "@", "\t", "\r")


def csv_text(table: Table, lang: str) -> str:
    """The table, lines ended as RFC 4180 says."""
    return BOM + "".join(";".join(line) + "\r\n" for line in _lines(table, lang))


def data_link(table: Table, lang: str) -> str:
    """The same inside a link."""
    return "data:text/csv;charset=utf-8," + quote(csv_text(table, lang), safe="")


def _lines(table: Table, lang: str) -> Iterator[list[str]]:
    yield [guarded(head) for head in (*table.heads, *table.columns)]
    for row in table.rows:
        yield [*(guarded(head) for head in row.heads), *(plain(cell, lang) for cell in row.cells)]


def guarded(text: str) -> str:
    """A text cell that no spreadsheet obeys."""
    if text.lstrip(" ").startswith(_OBEYED):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ';"\r\n') else text


def plain(cell: Cell, lang: str) -> str:
    """A figure as digits alone, empty where there is none; text as it is, guarded."""
    number = exact(cell)
    if number is None:
        if isinstance(cell, Day):
            return cell.day.isoformat()
        return "" if isinstance(cell, _NUMBERS) else guarded(cell.text(lang))
    return number.replace(".", ",") if lang == "da" else number


def exact(cell: Cell) -> str | None:
    """A figure as decimal text with a point: shares and points with six decimals, kroner in whole øre."""
    if isinstance(cell, COUNTS):
        return str(cell.value)
    if isinstance(cell, (Part, CostPart)):
        return share_text(cell.numerator, cell.denominator)
    if isinstance(cell, Points):
        return change_text(cell.before, cell.after, 6) if cell.before[1] and cell.after[1] else None
    if isinstance(cell, Gap):
        return change_text((cell.numerator, cell.denominator), (cell.goal, 100), 6) if cell.denominator else None
    if isinstance(cell, GoalNumber):
        return fixed(cell.value, 6 if cell.share else cell.decimals)
    if isinstance(cell, ToGo):
        return fixed(cell.points, 6)
    if isinstance(cell, Kroner):
        return kroner(cell)
    if isinstance(cell, Printed) and cell.value is not None:
        return f"{cell.value // 100}.{cell.value % 100:02d}" if cell.unit == "per_cent" else str(cell.value)
    return None


def kroner(cell: Kroner) -> str | None:
    """An amount in kroner with two decimals."""
    if cell.numerator is None or not cell.denominator:
        return None
    settled = per_cent(cell.numerator, cell.denominator)
    return f"{settled // 100}.{settled % 100:02d}"
