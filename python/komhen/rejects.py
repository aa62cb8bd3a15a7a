"""Rows that were left out, for people: where, why, and what was probably meant."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, NamedTuple

from . import _core
from ._core import KomhenError
from ._shown import Rows
from .measures import _whole

_REASONS = frozenset(row[1] for row in _core.REASONS)


class Rejection(NamedTuple):
    """One row that was left out, and the field that was the reason. Source: docs/exchange-file.md."""

    line: int
    """Where the row begins, from 1; of a frame, the row itself, from 1."""
    column: str | None
    """The dimension that failed; None when the row has no fields to speak of."""
    text: str | None
    """What stood there, with CPR-like values masked; None as for ``column``."""
    reason: str
    """The token of docs/exchange-file.md, such as ``"unknown_channel"``."""
    suggestion: str | None
    """The one word, KLE number or municipality within two keystrokes of the text; None when there is none."""
    file: str = ""
    """The file as it was named, masked; ``the frame`` for a frame."""

    def label(self, lang: str = "da") -> str:
        """The reason in Danish (``"da"``) or English (``"en"``)."""
        from ._labels import label

        return label("reason", self.reason, lang)

    def explain(self, lang: str = "da") -> str:
        """The row in a sentence or two, in Danish (``"da"``) or English (``"en"``): line, reason, column, text, suggestion.

        >>> Rejection(3, "channel", "telefone", "unknown_channel", "telephone").explain("en")
        "Line 3: Unknown channel in the column channel: 'telefone'. Was 'telephone' meant?"
        """
        from ._labels import column

        danish = lang == "da"
        said = f"{'Linje' if danish else 'Line'} {self.line}: {self.label(lang)}"
        if self.column is not None:
            where = "i kolonnen" if danish else "in the column"
            said += f" {where} {column(self.column, lang).lower()}: {self.text!r}"
        if self.suggestion is not None:
            said += f". Var {self.suggestion!r} ment?" if danish else f". Was {self.suggestion!r} meant?"
        return said


class Rejections(Rows[Rejection]):
    """Rejected rows: read like a list of `Rejection`, and a frame as well. Source: docs/exchange-file.md."""

    _columns = Rejection._fields

    def to_html(self, lang: str = "da", most: int | None = None) -> str:
        """A table for a page, in Danish (``"da"``) or English (``"en"``), all escaped."""
        from ._html import of_rejections

        return of_rejections(self, lang, most)


def kept(rows: Iterable[tuple[str, int, str | None, str | None, str, str | None]]) -> Rejections:
    """Rows of the core as Rejections."""
    return Rejections(
        Rejection(line, column, text, reason, suggestion, file) for file, line, column, text, reason, suggestion in rows
    )


def rejections(path: str | os.PathLike[str], most: int | None = None) -> Rejections:
    """The rows of a reject file that `count` wrote, with suggestions for near-miss words and KLE numbers.

    Source: docs/exchange-file.md.

    Parameters
    ----------
    path : path
        What ``count(..., rejects=path)`` or ``komhen count --rejects`` wrote.
    most : int, optional
        How many rows to read at most. Default: all, so memory grows with the file.

    Returns
    -------
    Rejections
        A list of `Rejection` in the file's order, which is a frame too: ``line``, ``column``, ``text``, ``reason``, ``suggestion``
        and ``file``.

    Raises
    ------
    KomhenError
        If it is no reject file, cannot be read, or ``most`` is below 0.

    Examples
    --------
    >>> import komhen, tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "week.csv").write_text('''municipality;date;kle;channel;type;direction
    ... 657;2012-04-23;23.05.10;telefone;new_case;incoming
    ... ''')
    >>> cube = komhen.count(folder / "week.csv", rejects=folder / "rejects.csv")
    >>> [(row.line, row.text, row.suggestion) for row in komhen.rejections(folder / "rejects.csv")]
    [(2, 'telefone', 'telephone')]
    """
    import csv
    import itertools

    name = _core.masked(repr(os.fspath(path)))
    if most is not None:
        most = _whole("most", most, 0, 2**63 - 1)
    try:
        with open(path, encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter=";")
            if rows.fieldnames is None or list(rows.fieldnames[:4]) != ["line", "reason", "column", "file"]:
                raise KomhenError(f"{name} is no reject file: its header is another")
            return Rejections(_read(row) for row in itertools.islice(rows, most))
    except OSError as error:
        raise KomhenError(f"{name} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error, TypeError):
        raise KomhenError(f"{name} is no reject file that komhen wrote") from None
    except ValueError as error:
        if isinstance(error, KomhenError):
            raise
        raise KomhenError(f"{name} is no reject file that komhen wrote") from None


def _read(row: dict[str, Any]) -> Rejection:
    """A line of the file. Raises ValueError for what `count` does not write: too few fields, a word that is no reason, a line
    that no file has."""
    column, reason = row["column"] or None, row["reason"]
    if row["file"] is None or reason not in _REASONS or not 1 <= int(row["line"]) < 2**63:
        raise ValueError
    text = None if column is None else row.get(column)
    if text is not None and text[:1] == "'" and text[1:].lstrip(" ")[:1] in tuple("=+-@\t\r\n"):
        text = text[1:]  # what keeps a spreadsheet from taking it for a formula
    meant = None if column is None or text is None else _core.suggestion(reason, column, text)
    return Rejection(int(row["line"]), column, text, reason, meant, row["file"])
