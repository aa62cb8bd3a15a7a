"""The report as an Excel workbook: a sheet a chapter, numbers as numbers, text as text and never as a formula."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Optional

from .cells import COUNTS, Cell, CostPart, Gap, Kroner, Part, Points, Printed
from .csv_files import exact
from .library import library
from .model import Table

if TYPE_CHECKING:
    from .report import Report

_LONGEST = 31  # characters of a sheet's name
_FORMATS = {"whole": "#,##0", "share": "0%", "points": "+0;-0;0", "gap": "0", "kroner": "#,##0.00"}


def workbook(report: Report) -> bytes:
    """The whole file: nothing is written before all of it is there."""
    xlsxwriter = library("xlsxwriter", "a workbook")
    file = io.BytesIO()
    # Nothing that reads like a formula, a number or an address becomes one.
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, {**options, "in_memory": True})
    _fill(book, report)
    book.close()
    return file.getvalue()


def _fill(book: Any, report: Report) -> None:
    book.set_properties({"title": report.title, "comments": f"komhen, {report.asked.scheme}"})
    kinds = {name: book.add_format({"num_format": text}) for name, text in _FORMATS.items()}
    kinds |= {
        f"{name}_total": book.add_format({"num_format": text, "bold": True, "top": 1}) for name, text in _FORMATS.items()
    }
    kinds["title"] = book.add_format({"bold": True, "font_size": 15})
    kinds["caption"] = book.add_format({"bold": True, "font_size": 12})
    kinds["head"] = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 2, "bg_color": "#E6EBF0"})
    kinds["note"] = book.add_format({"italic": True, "font_color": "#51606E"})
    kinds["text_total"] = book.add_format({"bold": True, "top": 1})
    _summary(book, report, kinds)
    for chapter in report.chapters:
        sheets = [table for table in chapter.tables]
        # The first table has the sheet's filter and its frozen head; the others stand beneath on sheets of their own.
        words = [sentence.text(report.lang) for sentence in chapter.words]
        if not sheets:
            sheet = book.add_worksheet(_named(book, chapter.heading))
            sheet.write_string(0, 0, chapter.heading, kinds["title"])
            for at, text in enumerate(words):
                sheet.write_string(1 + at, 0, text)
            continue
        _chapter(book, chapter.heading, words, sheets, report.lang, kinds)


def _named(book: Any, heading: str) -> str:
    """A sheet's name: what Excel forbids is left out, and no two are the same."""
    plain = "".join(c for c in heading if c not in "[]:*?/\\'")[:_LONGEST].strip()
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    name, number = plain, 2
    while name.lower() in taken:
        name = f"{plain[: _LONGEST - 3]} {number}"
        number += 1
    return name


def _summary(book: Any, report: Report, kinds: dict[str, Any]) -> None:
    from .texts import say

    sheet = book.add_worksheet(say("summary", report.lang)[:_LONGEST])
    sheet.write_string(0, 0, report.title, kinds["title"])
    for at, key in enumerate(report.summary, 2):
        sheet.write_string(at, 0, key.label)
        _write(sheet, at, 1, key.figure, report.lang, kinds, False)
        sheet.write_string(at, 2, key.words.text(report.lang))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 2, 90)


def _chapter(book: Any, heading: str, words: list[str], tables: list[Table], lang: str, kinds: dict[str, Any]) -> None:
    """The chapter's sheet. Its longest table comes first, so that its head is frozen and filtered; Excel has one
    filter of a sheet, so the others are tables beside it."""
    sheet = book.add_worksheet(_named(book, heading))
    first = max(tables, key=lambda table: len(table.rows))
    ordered = [first, *(table for table in tables if table is not first)]
    sheet.write_string(0, 0, heading, kinds["title"])
    widths: dict[int, int] = {}
    at = 2
    for table in ordered:
        sheet.write_string(at, 0, table.caption, kinds["caption"])
        top = at + 1
        width = len(table.heads) + len(table.columns)
        for column, head in enumerate((*table.heads, *table.columns)):
            sheet.write_string(top, column, head, kinds["head"])
            widths[column] = max(widths.get(column, 0), min(22, len(head) // 2 + 4))
        for number, row in enumerate(table.rows, top + 1):
            for column, head in enumerate(row.heads):
                sheet.write_string(number, column, head, kinds["text_total"] if row.total else None)
                widths[column] = max(widths.get(column, 0), min(46, len(head) + 2))
            for column, cell in enumerate(row.cells, len(row.heads)):
                shown = _write(sheet, number, column, cell, lang, kinds, row.total)
                widths[column] = max(widths.get(column, 0), min(46, shown + 3))
        if table is first:
            # A total is no row to sort among the others.
            last = top + sum(not row.total for row in table.rows)
            sheet.autofilter(top, 0, max(last, top + 1), width - 1)
            sheet.freeze_panes(top + 1, len(table.heads))
            sheet.repeat_rows(top)
        at = top + 1 + len(table.rows)
        for note in table.notes:
            sheet.write_string(at, 0, note, kinds["note"])
            at += 1
        at += 1
    for text in words:
        sheet.write_string(at, 0, text, kinds["note"])
        at += 1
    for column, size in widths.items():
        sheet.set_column(column, column, size)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write(sheet: Any, row: int, column: int, cell: Cell, lang: str, kinds: dict[str, Any], total: bool) -> int:
    """Writes a cell, and gives how many characters it shows."""
    kind, number = _number(cell)
    text = cell.text(lang)
    if number is None:
        sheet.write_string(row, column, "" if kind else text, kinds["text_total"] if total else None)
    else:
        sheet.write_number(row, column, number, kinds[f"{kind}_total" if total else kind])
    return len(text)


def _number(cell: Cell) -> tuple[str, Optional[float]]:
    """A figure as Excel's kind of number, rounded by its format alone; the exact one is in the JSON."""
    if isinstance(cell, COUNTS):
        return "whole", cell.value
    if isinstance(cell, (Part, CostPart)):
        return "share", cell.numerator / cell.denominator if cell.denominator else None
    if isinstance(cell, (Points, Gap, Kroner)):
        text = exact(cell)
        kind = "points" if isinstance(cell, Points) else "gap" if isinstance(cell, Gap) else "kroner"
        return kind, None if text is None else float(text)
    if isinstance(cell, Printed) and cell.value is not None:
        if cell.unit == "per_cent":
            return "share", cell.value / 100
        return "whole", cell.value
    return "", None
