"""What every table of komhen's can do: go to other libraries, be kept, be compared, and show itself on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from . import _core

TYPE_CHECKING = False  # as type checkers know it, without typing: see komhen/__init__.py

IN_A_NOTEBOOK = 60  # rows that a notebook shows; to_html() gives them all
_language = "da"  # of what a notebook shows


def notebook_language(lang: str | None = None) -> str:
    """The language in which a notebook shows komhen's objects; with a language, it is that one from now on.

    It is of what stands below a cell by itself. Whatever takes ``lang`` (``to_html``, ``explain``, ``label``, plots and reports)
    goes on taking it, and is Danish without. Source: komhen's own.

    Parameters
    ----------
    lang : {"da", "en"}, optional
        The language from now on, in this process. Default: nothing changes.

    Returns
    -------
    str
        The language now, ``"da"`` unless another was set.

    Raises
    ------
    KomhenError
        If the language is another.

    Examples
    --------
    >>> import komhen
    >>> komhen.notebook_language("en")
    'en'
    >>> "0 contacts" in komhen.Cube()._repr_html_()
    True
    >>> komhen.notebook_language("da")
    'da'
    """
    global _language
    if lang is not None:
        from ._labels import checked

        _language = checked(lang)
    return _language


class Frame:
    """A table that other libraries read as it is, through Arrow."""

    def _stream(self) -> object:
        raise NotImplementedError

    def to_html(self, lang: str = "da", most: int | None = None) -> str:
        raise NotImplementedError

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows as one batch of Arrow's stream interface (docs/arrow.md). A requested schema is not obeyed."""
        return self._stream()

    def to_arrow(self) -> Any:
        """The rows as a ``pyarrow.Table``. Raises KomhenError without pyarrow."""
        from .frames import to_arrow

        return to_arrow(self)

    def to_pandas(self) -> Any:
        """The rows as a ``pandas.DataFrame``; decimals are ``decimal.Decimal``. Raises KomhenError without pandas or
        pyarrow."""
        from .frames import to_pandas

        return to_pandas(self)

    def to_polars(self) -> Any:
        """The rows as a ``polars.DataFrame``. Raises KomhenError without polars."""
        from .frames import to_polars

        return to_polars(self)

    def _repr_html_(self) -> str:
        return self.to_html(_language, most=IN_A_NOTEBOOK)


if TYPE_CHECKING:
    from typing import Any, Generic, Protocol, TypeVar, overload

    class _Written(Protocol):
        def to_json(self) -> str: ...
        def to_csv(self) -> str: ...

    class _Grouped(_Written, Protocol):
        @property
        def by(self) -> list[str]: ...
        @property
        def tasks(self) -> str: ...
        @property
        def scheme(self) -> str: ...
        @property
        def notes(self) -> list[str]: ...
        def __len__(self) -> int: ...

    T = TypeVar("T", bound=_Written)
    G = TypeVar("G", bound=_Grouped)
    R = TypeVar("R")
    _Found = tuple[list[tuple[str, int]], list[tuple[Any, ...]]]
else:
    T = G = R = None

    class Generic:
        """What a class of values of some kind is, without typing: it may be written ``Rows[int]``."""

        __class_getitem__ = classmethod(type(list[int]))


class Indexed:
    """Rows as dicts that are reached in brackets: one, several, or a column of them."""

    @property
    def columns(self) -> list[str]:
        raise NotImplementedError

    def to_pylist(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, at: int) -> dict[str, Any]: ...
        @overload
        def __getitem__(self, at: slice) -> list[dict[str, Any]]: ...
        @overload
        def __getitem__(self, at: str) -> list[Any]: ...

    def __getitem__(self, at: int | slice | str) -> Any:
        """A row (``table[0]``), rows (``table[:3]``) or a column (``table["share"]``), as ``to_pylist()`` has them."""
        if not isinstance(at, str):
            return self.to_pylist()[at]
        if at not in self.columns:
            from ._text import not_there

            raise KeyError(not_there("column", "table", at, self.columns))
        return [row[at] for row in self.to_pylist()]


class Shown(Frame, Generic[T]):
    """A table that the core holds."""

    _table: T
    _filters: str = ""  # of the query, as a heading says them

    def _stream(self) -> object:
        return _core.table_stream(self._table)  # type: ignore[arg-type]

    def to_dict(self) -> dict[str, Any]:
        """The same as the command line's ``--format json``, as Python objects: numbers that are no counts are decimal text."""
        import json

        found: dict[str, Any] = json.loads(self.to_json())
        return found

    def to_json(self) -> str:
        """The stable JSON of the command line."""
        return self._table.to_json()

    def to_csv(self) -> str:
        """Comma-separated text with a header row."""
        return self._table.to_csv()

    def _state(self) -> object:
        """What two tables of a kind are compared by."""
        return self.to_json()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Shown) or type(self) is not type(other):
            return NotImplemented
        return self._filters == other._filters and self._state() == other._state()

    __hash__ = None  # type: ignore[assignment]


class Grouped(Shown[G]):
    """A table of a cube, split by dimensions."""

    def __init__(self, table: G, filters: str = "") -> None:
        self._table = table
        self._filters = filters

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
    def notes(self) -> list[str]:
        """What a reader must know of the rows, a sentence each."""
        return self._table.notes

    def __len__(self) -> int:
        return len(self._table)


def values_of(found: _Found) -> list[dict[str, Any]]:
    """The core's rows as dicts: decimals are Decimal, and what ends on ``_exact`` is the exact Fraction."""
    from decimal import Decimal
    from fractions import Fraction

    columns, rows = found
    to: list[tuple[str, Any]] = [
        (name, Decimal if kind == 3 else Fraction if name.endswith("_exact") else None) for name, kind in columns
    ]
    return [
        {name: cell if cell is None or kind is None else kind(cell) for (name, kind), cell in zip(to, row)}
        for row in rows
    ]


class Rows(Frame, Generic[R]):
    """Rows that are read like a list, and are a frame as well. They are no list and no Sequence: libraries that take a frame
    look for those first, and would miss the types.

    An element is what the function that made it says (a dict, or an object of its own); ``to_pylist()`` gives plain dicts with
    the names of the frame's columns.
    """

    _columns: tuple[str, ...] = ()  # of a frame of no rows
    _decimals: tuple[str, ...] = ()  # columns whose texts are decimals

    def __init__(self, rows: Iterable[R], caption: tuple[str, str] = ("", ""), heads: Mapping[str, tuple[str, str]] = {}) -> None:
        self._rows = list(rows)
        self._said = (caption, heads)  # in Danish and English: what a page says over the rows, and over columns by name

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, at: int) -> R: ...
        @overload
        def __getitem__(self, at: slice) -> list[R]: ...

    def __getitem__(self, at: int | slice) -> R | list[R]:
        return self._rows[at]

    def __iter__(self) -> Iterator[R]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row: object) -> bool:
        return row in self._rows

    def __eq__(self, other: object) -> bool:
        return self._rows == (other._rows if isinstance(other, Rows) else other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._rows)

    def to_pylist(self) -> list[dict[str, Any]]:
        """One dict a row, its keys the columns of the frame."""
        rows = [row for row in map(_as_dict, self) if row is not None]
        parts: dict[str, list[str]] = {}  # a column of mappings -> what stands in them
        for row in rows:
            for name, value in row.items():
                if isinstance(value, Mapping):
                    parts.setdefault(name, list(value))
        flat = [_flat(row, parts) for row in rows]
        for name in self._decimals:
            from decimal import Decimal

            flat = [{**row, name: None if row[name] is None else Decimal(row[name])} for row in flat]
        return flat

    def _stream(self) -> object:
        rows = self.to_pylist()
        names = dict.fromkeys(name for row in rows for name in row) or self._columns
        return _core.stream_of_columns([(name, [row.get(name) for row in rows]) for name in names])

    def to_html(self, lang: str = "da", most: int | None = None) -> str:
        """A table for a page: caption, heads of columns and rows, numbers and labels of the language, all escaped."""
        from ._html import of_rows

        caption, heads = self._said
        return of_rows(self.to_pylist(), caption[lang != "da"], lang, most, {name: two[lang != "da"] for name, two in heads.items()})


def _as_dict(row: object) -> Mapping[str, Any] | None:
    """A row of names and values: a mapping, or a tuple whose parts have names."""
    found: Mapping[str, Any] | None = row._asdict() if hasattr(row, "_asdict") else row if isinstance(row, Mapping) else None
    return found


def _flat(row: Mapping[str, Any], parts: Mapping[str, list[str]]) -> dict[str, Any]:
    """A row whose cells are no mappings: ``{"a": {"b": 1}}`` is ``{"a_b": 1}``, and ``{"a": None}`` then ``{"a_b": None}``."""
    out: dict[str, Any] = {}
    for name, value in row.items():
        if name in parts:
            out |= {f"{name}_{part}": None if value is None else value[part] for part in parts[name]}
        else:
            out[name] = value
    return out


class CoreRows(Rows[R]):
    """Rows of which the core makes the frame."""

    def __init__(
        self,
        rows: Iterable[R],
        stream: Callable[[], object],
        found: Callable[[], _Found],
        caption: tuple[str, str],
        heads: Mapping[str, tuple[str, str]] = {},
    ) -> None:
        super().__init__(rows, caption, heads)
        self._made = (stream, found)

    def to_pylist(self) -> list[dict[str, Any]]:
        """One dict a row, its keys the columns of the frame: decimals are Decimal, ``_exact`` ones Fraction."""
        return values_of(self._made[1]())

    def _stream(self) -> object:
        return self._made[0]()
