"""What measures return: rows that carry exact numerators and denominators."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from . import _core
from ._text import printable, text_table
from .taxonomy import MUNICIPALITIES, TASKS

_TASK_NAMES = {task.kle: task.table_name for task in TASKS}
_MUNICIPALITY_NAMES = {row.code: row.name for row in MUNICIPALITIES}


def shown(dimension: str, value: int | str) -> str:
    """A dimension's value for people: tasks and municipalities with their names."""
    if dimension == "municipality":
        return f"{value} {_MUNICIPALITY_NAMES.get(int(value), '')}".strip()
    if dimension == "task":
        return f"{value} {_TASK_NAMES.get(str(value), '')}".strip()
    return str(value)


def _heading(measure: str, basis: str, set: str, tasks: str, scheme: str, filters: str) -> str:
    kind = f"basis {basis}, " if basis else f"set {set}, " if set else ""
    return f"{measure}: {kind}tasks {tasks}, scheme {scheme}{filters}"


def filters_of(query: Mapping[str, Any]) -> str:
    """What a heading says of the filters of a query, so that a part is not taken for the whole."""
    out = ""
    for name in ("where", "without"):
        for dimension, values in query[name]:
            out += f", {name} {dimension}={','.join(values)}"
    return printable(_core.masked(out)) + (", raw" if query["raw"] else "")


class Table:
    """The rows of one measure, sorted by their dimensions.

    ``measure``, ``by``, ``tasks``, ``scheme``, ``basis`` and ``set`` say what was measured, of what and how.
    """

    def __init__(self, table: _core.MeasureTable, filters: str = "") -> None:
        self._table = table
        self._filters = filters

    @property
    def measure(self) -> str:
        """The measure's name, such as ``"self_service"``."""
        return self._table.measure

    @property
    def by(self) -> list[str]:
        """The dimensions that the rows are split by."""
        return self._table.by

    @property
    def tasks(self) -> str:
        """The name of the task set."""
        return self._table.tasks

    @property
    def scheme(self) -> str:
        """The scheme that groups the contact types."""
        return self._table.scheme

    @property
    def basis(self) -> str:
        """The basis of ``self_service``; empty for other measures."""
        return self._table.basis

    @property
    def set(self) -> str:
        """The channel set of ``digital``; empty for other measures."""
        return self._table.set

    @property
    def notes(self) -> list[str]:
        """A sentence for each source or unit in a filter that the cube does not have."""
        return self._table.notes

    @property
    def heading(self) -> str:
        """One line that says what the shares are of, filters included."""
        return _heading(self.measure, self.basis, self.set, self.tasks, self.scheme, self._filters)

    @property
    def columns(self) -> list[str]:
        """The names of the columns, as in ``to_pylist()``."""
        if self.measure == "contacts":
            return [*self.by, "contacts"]
        return [*self.by, "numerator", "denominator", "share", *self._table.extras]

    def to_pylist(self) -> list[dict[str, Any]]:
        """One dict a row: the dimensions, ``numerator`` and ``denominator`` (contacts) and ``share``, an exact
        `fractions.Fraction`, or None where the denominator is 0. ``contacts`` has ``contacts`` instead."""
        out: list[dict[str, Any]] = []
        for key, numerator, denominator, extras in self._table.rows:
            row: dict[str, Any] = dict(zip(self.by, key))
            if self.measure == "contacts":
                row["contacts"] = numerator
            else:
                row["numerator"] = numerator
                row["denominator"] = denominator
                row["share"] = Fraction(numerator, denominator) if denominator else None
                row.update(zip(self._table.extras, extras))
            out.append(row)
        return out

    def to_dict(self) -> dict[str, Any]:
        """The same as ``komhen measure --format json`` prints, as Python objects: shares are text with 6 decimals."""
        found: dict[str, Any] = json.loads(self.to_json())
        return found

    def to_json(self) -> str:
        """The stable JSON of the command line."""
        return self._table.to_json()

    def to_csv(self) -> str:
        """Comma-separated text with a header row."""
        return self._table.to_csv()

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.to_pylist())

    def _text_rows(self) -> tuple[list[str], list[list[str]]]:
        contacts = self.measure == "contacts"
        head = [*self.by, *(["contacts"] if contacts else ["numerator", "denominator", "share"]), *self._table.extras]
        rows = []
        for key, numerator, denominator, extras in self._table.rows:
            row = [shown(d, v) for d, v in zip(self.by, key)] + [str(numerator)]
            if not contacts:
                row += [str(denominator), f"{_core.per_cent(numerator, denominator)} %" if denominator else "-"]
            rows.append(row + [str(extra) for extra in extras])
        return head, rows

    def to_text(self, rich: bool = False) -> str:
        """The table for people: shares in whole per cent, rounded half up from the exact fraction."""
        head, rows = self._text_rows()
        return text_table(head, rows, left=len(self.by), rich=rich)

    def __repr__(self) -> str:
        return "\n".join([self.heading, self.to_text(), *(f"note: {note}" for note in self.notes)])


class Comparison:
    """A measure of two cubes side by side. ``warnings`` says why a change may not be one of behaviour."""

    def __init__(self, table: _core.ComparisonTable, filters: str = "") -> None:
        self._table = table
        self._filters = filters

    @property
    def measure(self) -> str:
        """The measure's name."""
        return self._table.measure

    @property
    def by(self) -> list[str]:
        """The dimensions that the rows are split by."""
        return self._table.by

    @property
    def heading(self) -> str:
        """One line that says what the shares are of, filters included."""
        schemes = " and ".join(dict.fromkeys(self._table.schemes))
        return _heading(self.measure, self._table.basis, self._table.set, self._table.tasks, schemes, self._filters)

    @property
    def warnings(self) -> list[str]:
        """One sentence for each reason to doubt that a change is one of behaviour."""
        return self._table.warnings

    def to_pylist(self) -> list[dict[str, Any]]:
        """One dict a row: the dimensions, ``before``, ``after`` and ``change`` (exact shares as fractions, so that 89/500
        is 17.8 percentage points; None where there is none), and ``printed_change`` in whole percentage points, rounded last."""
        out: list[dict[str, Any]] = []
        for key, before, after, printed in self._table.rows:
            shares = [Fraction(*side) if side and side[1] else None for side in (before, after)]
            row: dict[str, Any] = dict(zip(self.by, key))
            row["before"], row["after"] = shares
            row["change"] = shares[1] - shares[0] if shares[0] is not None and shares[1] is not None else None
            row["printed_change"] = printed
            out.append(row)
        return out

    def to_dict(self) -> dict[str, Any]:
        """The same as ``komhen compare --format json`` prints, as Python objects."""
        found: dict[str, Any] = json.loads(self.to_json())
        return found

    def to_json(self) -> str:
        """The stable JSON of the command line."""
        return self._table.to_json()

    def to_csv(self) -> str:
        """Comma-separated text with a header row."""
        return self._table.to_csv()

    def to_text(self, rich: bool = False) -> str:
        """The table for people: shares in whole per cent, their change in whole percentage points."""
        rows: list[list[str]] = []
        for key, before, after, printed in self._table.rows:
            sides = [f"{_core.per_cent(*side)} %" if side and side[1] else "-" for side in (before, after)]
            rows.append(
                [shown(d, v) for d, v in zip(self.by, key)] + sides + ["-" if printed is None else f"{printed:+d}"]
            )
        return text_table([*self.by, "before", "after", "points"], rows, left=len(self.by), rich=rich)

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.to_pylist())

    def __repr__(self) -> str:
        return "\n".join([self.heading, self.to_text(), *(f"note: {warning}" for warning in self.warnings)])


def names_of(by: str | Sequence[str]) -> list[str]:
    """Dimensions as a list; a text is one dimension."""
    return [by] if isinstance(by, str) else list(by)
