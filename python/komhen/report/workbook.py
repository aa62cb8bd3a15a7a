"""The report as an Excel workbook: a sheet a table, numbers as numbers, text as text and never as a formula."""

from __future__ import annotations

import io
from datetime import date as Date
from datetime import datetime
from typing import TYPE_CHECKING, Any, Optional, Union

from .cells import COUNTS, Cell, CostPart, Day, Gap, GoalNumber, Kroner, Part, Points, Printed, ToGo, Word
from .csv_files import exact
from .library import library
from .model import Table
from .texts import say

if TYPE_CHECKING:
    from .report import Report

_LONGEST = 31  # characters of a sheet's name
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15},
    "caption": {"bold": True, "font_size": 12},
    "head": {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 2, "bg_color": "#E6EBF0"},
    "note": {"italic": True, "font_color": "#51606E"},
}
_TOTAL = {"bold": True, "top": 1}


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, bool], Any] = {}

    def __getitem__(self, style: str) -> Any:
        if (style, False) not in self._made:
            self._made[style, False] = self._book.add_format(_STYLES[style])
        return self._made[style, False]

    def number(self, format: str, total: bool) -> Any:
        """A number's format; that of a text is empty, and one that is no total's needs none."""
        if not format and not total:
            return None
        if (format, total) not in self._made:
            options = {**({"num_format": format} if format else {}), **(_TOTAL if total else {})}
            self._made[format, total] = self._book.add_format(options)
        return self._made[format, total]


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
    # The day of writing would make each file another: the same report is the same bytes.
    book.set_properties({"created": datetime(1980, 1, 1), "title": report.title, "comments": f"komhen, {report.asked.scheme}"})
    formats = _Formats(book)
    _summary(book, report, formats)
    for chapter in report.chapters:
        # What the chapter says stands under its first table.
        words = [sentence.text(report.lang) for sentence in chapter.words]
        for table in chapter.tables:
            _table(book, chapter.heading, table, words, report.lang, formats)
            words = []
        if not chapter.tables:
            sheet = book.add_worksheet(_named(book, chapter.heading))
            sheet.write_string(0, 0, chapter.heading, formats["title"])
            for at, text in enumerate(words, 1):
                sheet.write_string(at, 0, text)


def _named(book: Any, name: str) -> str:
    """A sheet's name: what Excel forbids is left out, and no two are the same."""
    plain = "".join(c for c in name if c not in "[]:*?/\\'")[:_LONGEST].strip()
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    found, number = plain, 2
    while found.lower() in taken:
        found = f"{plain[: _LONGEST - 3]} {number}"
        number += 1
    return found


def _summary(book: Any, report: Report, formats: _Formats) -> None:
    sheet = book.add_worksheet(say("summary", report.lang)[:_LONGEST])
    sheet.write_string(0, 0, report.title, formats["title"])
    for at, key in enumerate(report.summary, 2):
        sheet.write_string(at, 0, key.label)
        _write(sheet, at, 1, key.figure, report.lang, formats, False)
        sheet.write_string(at, 2, key.words.text(report.lang))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 2, 90)


def _table(book: Any, heading: str, table: Table, words: list[str], lang: str, formats: _Formats) -> None:
    """A table's own sheet: its head is frozen and filtered, and is printed on every page of it."""
    sheet = book.add_worksheet(_named(book, say(f"s_{table.id}", lang)))
    sheet.write_string(0, 0, heading, formats["title"])
    sheet.write_string(2, 0, table.caption, formats["caption"])
    top = 3
    widths: dict[int, int] = {}

    def wide(column: int, characters: int, most: int) -> None:
        widths[column] = max(widths.get(column, 0), min(most, characters))

    for column, head in enumerate((*table.heads, *table.columns)):
        sheet.write_string(top, column, head, formats["head"])
        wide(column, len(head) // 2 + 4, 22)
    for number, row in enumerate(table.rows, top + 1):
        for column, head in enumerate(row.heads):
            _write(sheet, number, column, Word(head), lang, formats, row.total)
            wide(column, len(head) + 2, 46)
        for column, cell in enumerate(row.cells, len(row.heads)):
            wide(column, _write(sheet, number, column, cell, lang, formats, row.total) + 3, 46)
    # A total is no row to sort among the others.
    last = top + sum(not row.total for row in table.rows)
    sheet.autofilter(top, 0, max(last, top + 1), len(widths) - 1)
    sheet.freeze_panes(top + 1, len(table.heads))
    sheet.repeat_rows(top)
    for at, text in enumerate((*table.notes, *words), top + len(table.rows) + 2):
        sheet.write_string(at, 0, text, formats["note"])
    for column, size in widths.items():
        sheet.set_column(column, column, size)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write(sheet: Any, row: int, column: int, cell: Cell, lang: str, formats: _Formats, total: bool) -> int:
    """Writes a cell, and gives how many characters it shows. A figure that is not there is an empty cell and no text."""
    format, value = _value(cell)
    made = formats.number(format, total)
    if isinstance(value, Date):
        sheet.write_datetime(row, column, value, made)
    elif value is not None:
        sheet.write_number(row, column, value, made)
    elif isinstance(cell, (Word, Printed)) and cell.text(lang):  # a figure that a source withheld says so
        sheet.write_string(row, column, cell.text(lang), made)
    else:
        sheet.write_blank(row, column, None, made)
    return len(cell.text(lang))


def _value(cell: Cell) -> tuple[str, Union[float, Date, None]]:
    """Excel's format of a figure and its number, rounded by the format alone; the exact one is in the JSON."""
    if isinstance(cell, COUNTS):
        return "#,##0", cell.value
    if isinstance(cell, (Part, CostPart)):
        return "0%", cell.numerator / cell.denominator if cell.denominator else None
    if isinstance(cell, GoalNumber):
        return (_places("0", cell.decimals) + "%" if cell.share else _places("#,##0", cell.decimals)), float(cell.value)
    if isinstance(cell, Day):
        return "yyyy-mm-dd", cell.day
    if isinstance(cell, Printed) and cell.value is not None:
        return ("0%", cell.value / 100) if cell.unit == "per_cent" else ("#,##0", cell.value)
    text: Optional[str] = exact(cell)
    number = None if text is None else float(text)
    if isinstance(cell, Points):
        return "+0;-0;0", number
    if isinstance(cell, (Gap, ToGo)):
        return _places("0", cell.decimals if isinstance(cell, ToGo) else 0), number
    return ("#,##0.00", number) if isinstance(cell, Kroner) else ("", None)


def _places(format: str, decimals: int) -> str:
    return f"{format}.{'0' * decimals}" if decimals else format
