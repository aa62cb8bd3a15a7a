"""The report as JSON: stable keys, exact figures, decimals as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .. import _core
from .cells import COUNTS, Absent, Cell, CostPart, Day, Gap, GoalNumber, Kroner, Part, Points, Printed, ToGo, Word, share_text
from .csv_files import exact
from .model import Sentence, Table

if TYPE_CHECKING:
    from .report import Report

FORMAT = 1


def json_text(report: Report) -> str:
    """The text of the file, with a line end."""
    return json.dumps(as_dict(report), ensure_ascii=False, indent=1) + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    asked, lang = report.asked, report.lang
    return {
        "komhen_report": FORMAT,
        "komhen": _core.__version__,
        "method": _core.METHOD_EDITION,
        "lang": lang,
        "title": report.title,
        "rounds": asked.rounds,
        "scheme": asked.scheme,
        "contacts": asked.cube.contacts,
        "summary": [
            {"id": key.id, "label": key.label, "figure": value(key.figure), "words": _words(key.words, lang)}
            for key in report.summary
        ],
        "chapters": [
            {
                "id": chapter.id,
                "heading": chapter.heading,
                "words": [_words(sentence, lang) for sentence in chapter.words],
                "tables": [_table(table) for table in chapter.tables],
            }
            for chapter in report.chapters
        ],
    }


def _words(sentence: Sentence, lang: str) -> str:
    return sentence.text(lang)


def _table(table: Table) -> dict[str, Any]:
    return {"id": table.id, "caption": table.caption, "rows": rows_of(table), "notes": list(table.notes)}


def rows_of(table: Table) -> list[dict[str, Any]]:
    """The rows of a table as plain values."""
    rows = []
    for row in table.rows:
        out: dict[str, Any] = {}
        for key, token, head in zip(table.head_keys, row.tokens or row.heads, row.heads):
            out |= _named(key, token, head if row.tokens else "")
        if row.total:
            out["total"] = True
        for key, cell in zip(table.keys, row.cells):
            out |= _named(key, cell.token, cell.value) if isinstance(cell, Word) and cell.token else {key: value(cell)}
        rows.append(out)
    return rows


def _named(key: str, token: str | int | None, label: str) -> dict[str, Any]:
    """What the method calls a thing, the same in every language and in komhen's other tables, and the label beside it."""
    return {key: token, f"{key}_label": label} if label else {key: token}


def value(cell: Cell) -> Any:
    """A figure with the integers that it rests on."""
    if isinstance(cell, COUNTS):
        return cell.value
    if isinstance(cell, Part):
        return {
            "numerator": cell.numerator,
            "denominator": cell.denominator,
            "share": share_text(cell.numerator, cell.denominator),
        }
    if isinstance(cell, CostPart):
        return {"share": share_text(cell.numerator, cell.denominator)}
    if isinstance(cell, Points):
        return {"before": list(cell.before), "after": list(cell.after), "points": exact(cell)}
    if isinstance(cell, Gap):
        return {"numerator": cell.numerator, "denominator": cell.denominator, "goal": cell.goal, "points": exact(cell)}
    if isinstance(cell, Kroner):
        ratio = None if cell.numerator is None else f"{cell.numerator}/{cell.denominator}"
        return {"kroner": exact(cell), "exact": ratio}
    if isinstance(cell, Printed):
        return {"value": cell.value, "unit": cell.unit, "bound": cell.bound, "state": cell.state}
    if isinstance(cell, GoalNumber):
        found = {"share" if cell.share else "number": exact(cell), "exact": str(cell.value)}
        return found if cell.of is None else {"numerator": cell.of[0], "denominator": cell.of[1], **found}
    if isinstance(cell, ToGo):
        return {"points": exact(cell), "exact": str(cell.points)}
    if isinstance(cell, Day):
        return cell.day.isoformat()
    return None if isinstance(cell, Absent) else cell.value
