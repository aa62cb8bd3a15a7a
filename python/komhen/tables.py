"""What measures return: rows that carry exact numerators and denominators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from . import _core
from ._labels import shown
from ._shown import Grouped, Indexed, Shown
from ._text import printable, text_table

TYPE_CHECKING = False  # as type checkers know it, without typing: see komhen/__init__.py

if TYPE_CHECKING:
    from fractions import Fraction
    from typing import Any

    import altair as alt

__all__ = ["Comparison", "Table", "filters_of", "names_of", "shown"]


def _heading(table: _core.MeasureTable | _core.ComparisonTable, scheme: str, filters: str) -> str:
    kind = f"basis {table.basis}, " if table.basis else f"set {table.set}, " if table.set else ""
    if table.incoming and not table.basis:  # self_service, which has a basis, is always of incoming contacts
        kind += "incoming, "
    return f"{table.measure}: {kind}tasks {table.tasks}, scheme {scheme}{filters}"


def _share(numerator: int, denominator: int) -> Fraction | None:
    from fractions import Fraction

    return Fraction(numerator, denominator) if denominator else None


def _per_cent(numerator: int, denominator: int) -> str:
    return f"{_core.per_cent(numerator, denominator)} %" if denominator else "-"


def filters_of(query: Mapping[str, Any]) -> str:
    """What a heading says of the filters of a query, so that a part is not taken for the whole."""
    out = ""
    for name in ("where", "without"):
        for dimension, values in query[name]:
            out += f", {name} {dimension}={','.join(values)}"
    return printable(_core.masked(out)) + (", raw" if query["raw"] else "")


class Table(Indexed, Grouped[_core.MeasureTable]):
    """The rows of one measure, sorted by their dimensions.

    ``measure``, ``by``, ``tasks``, ``scheme``, ``basis`` and ``set`` say what was measured, of what and how. A table is a frame: numerators and
    denominators are whole contacts, shares exact. ``table[0]`` is a row, ``table["share"]`` a column. Source: docs/measures.md.
    """

    @property
    def measure(self) -> str:
        """The measure's name, such as ``"self_service"``."""
        return self._table.measure

    @property
    def basis(self) -> str:
        """The basis of ``self_service``; empty for other measures."""
        return self._table.basis

    @property
    def set(self) -> str:
        """The channel set of ``digital``; empty for other measures."""
        return self._table.set

    @property
    def heading(self) -> str:
        """One line that says what the shares are of, filters included."""
        return _heading(self._table, self.scheme, self._filters)

    @property
    def columns(self) -> list[str]:
        """The names of the columns, as in ``to_pylist()``."""
        if self.measure == "contacts":
            return [*self.by, "contacts"]
        parts = ["paper_share", "digital_share"] if self.measure == "form_share" else []
        return [*self.by, "numerator", "denominator", "share", *self._table.extras, *parts]

    def to_pylist(self) -> list[dict[str, Any]]:
        """One dict a row: the dimensions, ``numerator`` and ``denominator`` (contacts) and ``share``, an exact
        `fractions.Fraction`, or None where the denominator is 0. ``contacts`` has ``contacts`` instead;
        ``form_share`` has ``paper_share`` and ``digital_share`` as well."""
        out: list[dict[str, Any]] = []
        for key, numerator, denominator, extras in self._table.rows:
            row: dict[str, Any] = dict(zip(self.by, key))
            if self.measure == "contacts":
                row["contacts"] = numerator
            else:
                row["numerator"] = numerator
                row["denominator"] = denominator
                row["share"] = _share(numerator, denominator)
                row.update(zip(self._table.extras, extras))
                if self.measure == "form_share":
                    row["paper_share"], row["digital_share"] = (_share(part, denominator) for part in extras[:2])
            out.append(row)
        return out

    def _state(self) -> object:
        return self._table.__getstate__()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.to_pylist())

    def _text_rows(self) -> tuple[list[str], list[list[str]]]:
        head = self.columns
        rows = []
        for key, numerator, denominator, extras in self._table.rows:
            row = [shown(d, v) for d, v in zip(self.by, key)] + [str(numerator)]
            if self.measure != "contacts":
                row += [str(denominator), _per_cent(numerator, denominator)]
            row += [str(extra) for extra in extras]
            if self.measure == "form_share":
                row += [_per_cent(part, denominator) for part in extras[:2]]
            rows.append(row)
        return head, rows

    def to_text(self, rich: bool = False) -> str:
        """The table for people: shares in whole per cent, rounded half up from the exact fraction."""
        head, rows = self._text_rows()
        return text_table(head, rows, left=len(self.by), rich=rich)

    def explain(self, lang: str = "da") -> str:
        """What the figures are: numerator, denominator, population, scheme, task set, filters and source.

        In Danish (``"da"``) or English (``"en"``); the words are those of docs/measures.md.
        """
        from ._explain import explain

        return explain(self, (self.scheme,), False, lang)

    def to_html(self, lang: str = "da", most: int | None = None) -> str:
        """A table for a page: caption, heads of columns and rows, numbers and labels of the language, all escaped.

        ``most`` is how many rows it shows at most; a line under it says how many there are.
        """
        from ._html import of_table

        return of_table(self, lang, most)

    def plot(self, *, lang: str = "da", **options: Any) -> alt.LayerChart:
        """The picture of this table (docs/pictures.md): of ``mix`` by channel, direction or closure, of ``self_service``, and
        of ``contacts`` by week and channel. ``options`` are those of its function in `komhen.plots`.

        Raises KomhenError for a table that has no picture of its own, or without Altair.
        """
        from . import plots

        last = self.by[-1] if self.by else ""
        kind = {
            ("mix", "channel"): "channel_mix",
            ("mix", "direction"): "directions",
            ("mix", "closure"): "closure",
        }.get((self.measure, last), "self_service" if self.measure == "self_service" else "")
        if self.measure == "contacts" and self.by == ["week", "channel"]:
            kind = "weeks"
        if not kind:
            raise _core.KomhenError(f"a table of {self.measure} by {', '.join(self.by) or 'nothing'} has no picture of its own")
        found: alt.LayerChart = getattr(plots, kind)(self, lang=lang, **options)
        return found

    def __repr__(self) -> str:
        return "\n".join([self.heading, self.to_text(), *(f"note: {note}" for note in self.notes)])


class Comparison(Indexed, Shown[_core.ComparisonTable]):
    """A measure of two cubes side by side. ``warnings`` says why a change may not be one of behaviour. Source:
    docs/measures.md."""

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
    def columns(self) -> list[str]:
        """The names of the columns, as in ``to_pylist()``."""
        return [*self.by, "before", "after", "change", "printed_change"]

    @property
    def heading(self) -> str:
        """One line that says what the shares are of, filters included."""
        schemes = " and ".join(dict.fromkeys(self._table.schemes))
        return _heading(self._table, schemes, self._filters)

    @property
    def warnings(self) -> list[str]:
        """One sentence for each reason to doubt that a change is one of behaviour."""
        return self._table.warnings

    def to_pylist(self) -> list[dict[str, Any]]:
        """One dict a row: the dimensions, ``before``, ``after`` and ``change`` (exact shares as fractions, so that 89/500
        is 17.8 percentage points; None where there is none), and ``printed_change`` in whole percentage points, rounded last."""
        out: list[dict[str, Any]] = []
        for key, before, after, printed in self._table.rows:
            shares = [_share(*side) if side else None for side in (before, after)]
            row: dict[str, Any] = dict(zip(self.by, key))
            row["before"], row["after"] = shares
            row["change"] = shares[1] - shares[0] if shares[0] is not None and shares[1] is not None else None
            row["printed_change"] = printed
            out.append(row)
        return out

    def to_text(self, rich: bool = False) -> str:
        """The table for people: shares in whole per cent, their change in whole percentage points."""
        rows: list[list[str]] = []
        for key, before, after, printed in self._table.rows:
            sides = [_per_cent(*side) if side else "-" for side in (before, after)]
            rows.append(
                [shown(d, v) for d, v in zip(self.by, key)] + sides + ["-" if printed is None else f"{printed:+d}"]
            )
        return text_table([*self.by, "before", "after", "points"], rows, left=len(self.by), rich=rich)

    def _state(self) -> object:
        return self._table.__getstate__()

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.to_pylist())

    def explain(self, lang: str = "da") -> str:
        """What the figures are: numerator, denominator, population, scheme, task set, filters and source.

        In Danish (``"da"``) or English (``"en"``); the words are those of docs/measures.md.
        """
        from ._explain import explain

        return explain(self, tuple(dict.fromkeys(self._table.schemes)), True, lang)

    def to_html(self, lang: str = "da", most: int | None = None) -> str:
        """A table for a page: caption, heads of columns and rows, numbers and labels of the language, all escaped.

        ``most`` is how many rows it shows at most; a line under it says how many there are.
        """
        from ._html import of_comparison

        return of_comparison(self, lang, most)

    def plot(self, *, lang: str = "da", **options: Any) -> alt.LayerChart:
        """The dumbbells of a comparison of ``self_service``: see `komhen.plots.self_service`, which takes the ``options``.

        Raises KomhenError for another measure, or without Altair.
        """
        from . import plots

        return plots.self_service(self, lang=lang, **options)

    def __repr__(self) -> str:
        return "\n".join([self.heading, self.to_text(), *(f"note: {warning}" for warning in self.warnings)])


def names_of(by: str | Sequence[str]) -> list[str]:
    """Dimensions as a list; a text is one dimension."""
    return [by] if isinstance(by, str) else list(by)
