"""Prices, and what contacts cost: kroner as `decimal.Decimal`, exact values as `fractions.Fraction`, never a float."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, overload

from . import _core
from ._core import Cube
from ._shown import Frame, Grouped, Indexed, values_of
from ._text import text_table
from .measures import PathLike, _arguments, _cube, _of_type, _path, _value, _whole, _word
from .tables import filters_of, shown
from .taxonomy import Channel, Direction, Task

if TYPE_CHECKING:
    import altair as alt

    from .measures import Where

Unpriced = Literal["error", "apart"]


def apart(unpriced: str) -> bool:
    """What is done where there is no price."""
    if unpriced not in ("error", "apart"):
        raise TypeError('unpriced must be "error" or "apart"')
    return unpriced == "apart"


def level_of(name: str, level: int | str | None) -> str | None:
    """A self-service level as the word that the core reads: 0 to 3 or a token."""
    return None if level is None else _value(name, level)


@dataclass(frozen=True)
class Price:
    """A row of a price table. What is None is "any", so a row with fewer values given is more general."""

    number: int
    source: str
    year: int | None
    basis: str
    price_class: str
    channels: tuple[str, ...]
    direction: str | None
    group: str | None
    level: int | None
    price: Fraction
    derivation: str
    text: str

    def __str__(self) -> str:
        return self.text


def _price(row: Mapping[str, Any]) -> Price:
    names = Price.__dataclass_fields__
    given = {name: row[name] for name in names}
    return Price(**{**given, "channels": tuple(row["channels"]), "price": Fraction(row["price"])})


class Prices(Frame):
    """A price table's prices of one source, year and cost basis. `load_prices` makes one; it never changes. Kroner
    for one contact. Source: docs/costs.md."""

    def __init__(self, prices: _core.PriceList) -> None:
        self._prices = prices

    @property
    def id(self) -> str:
        """The table's name, such as ``"copenhagen-2010"``."""
        return self._prices.id

    @property
    def source(self) -> str:
        """Where the prices stand."""
        return self._prices.source

    @property
    def year(self) -> int | None:
        """The year that the prices are of; None where the source does not say."""
        return self._prices.year

    @property
    def basis(self) -> str:
        """``variable``, ``fixed``, ``total`` or ``not_stated``."""
        return self._prices.basis

    @property
    def note(self) -> str:
        """What a reader must know, such as that komhen laid the source's classes on the channels."""
        return self._prices.note

    @property
    def rows(self) -> list[Price]:
        """The rows, the most specific first."""
        return [_price(row) for row in self._prices.rows]

    def at(
        self,
        channel: str | Channel,
        *,
        direction: str | Direction | None = None,
        group: str | None = None,
        level: int | str | None = None,
    ) -> Price:
        """The most specific row for contacts of which this is known.

        Raises KomhenError that names the combination where there is none: a missing price is never zero.

        >>> import komhen
        >>> komhen.load_prices("copenhagen-2010").at("letter").price
        Fraction(110, 1)
        """
        return _price(
            self._prices.at(
                _word("channel", channel),
                None if direction is None else _word("direction", direction),
                None if group is None else _word("group", group),
                level_of("level", level),
            )
        )

    def _stream(self) -> object:
        return _core.table_stream(self._prices)

    def to_pylist(self) -> list[dict[str, Any]]:
        """One dict a row, the most specific first: ``price`` in kroner (Decimal, 6 decimals) and ``price_exact`` (Fraction);
        ``channels`` is text with commas. None is "any"."""
        return values_of(_core.frame_rows(self._prices))

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, at: int) -> Price: ...
        @overload
        def __getitem__(self, at: slice) -> list[Price]: ...

    def __getitem__(self, at: int | slice) -> Price | list[Price]:
        return self.rows[at]

    def __iter__(self) -> Iterator[Price]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Prices):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        # Tables read from two files of the same rows are the same prices; where the files lie is no part of them.
        return (self.id, self.source, self.year, self.basis, self.note, tuple(self.rows))

    def explain(self, lang: str = "da") -> str:
        """Where the prices are from, of what year and basis, and how a contact's price is found, in Danish (``"da"``) or
        English (``"en"``)."""
        from ._explain_money import of_prices

        return of_prices(self, lang)

    def to_html(self, lang: str = "da", most: int | None = None) -> str:
        """A table for a page: caption, heads of columns and rows, numbers and labels of the language, all escaped."""
        from ._html_money import of_prices

        return of_prices(self, lang, most)

    def __repr__(self) -> str:
        head = ("row", "class", "channels", "direction", "group", "level", "kr.")
        rows = [
            [
                str(row.number),
                row.price_class,
                ", ".join(row.channels),
                row.direction or "any",
                row.group or "any",
                "any" if row.level is None else str(row.level),
                str(row.price),
            ]
            for row in self.rows
        ]
        year = "" if self.year is None else f" {self.year}"
        lines = [f"prices {self.id}{year}, basis {self.basis}", text_table(head, rows, left=6)]
        return "\n".join([*lines, *([f"note: {self.note}"] if self.note else [])])


def load_prices(
    name_or_path: str | PathLike,
    *,
    source: str | None = None,
    year: int | None = None,
    basis: str | None = None,
) -> Prices:
    """A price table: a built-in one by its name, or a ``.toml`` or ``.csv`` file (docs/costs.md).

    Source of the built-in table ``"copenhagen-2010"``: Herning Kommune, "Digital selvbetjening, 2 cases", which prints
    them as experience figures of Københavns Kommune (2010). The channels that the four classes lie on are komhen's own.

    Parameters
    ----------
    name_or_path : str or path
        ``"copenhagen-2010"``, or a file.
    source, year, basis : optional
        Which of the table's prices are meant, where it holds several.

    Returns
    -------
    Prices

    Raises
    ------
    KomhenError
        If the file cannot be read, holds a key, word or price that is none, or several prices and none is chosen.

    Examples
    --------
    >>> import komhen
    >>> prices = komhen.load_prices("copenhagen-2010")
    >>> [(row.price_class, int(row.price)) for row in sorted(prices.rows, key=lambda row: row.price)]
    [('digital', 3), ('telephone', 40), ('in_person', 80), ('written', 110)]
    """
    return Prices(
        _core.load_prices(
            _path(name_or_path),
            None if source is None else _word("source", source),
            None if year is None else _whole("year", year, -(2**31), 2**31 - 1),
            None if basis is None else _word("basis", basis),
        )
    )


def price_list(prices: Prices | str | PathLike) -> _core.PriceList:
    """The core's prices, from what a caller may give."""
    return prices._prices if isinstance(prices, Prices) else load_prices(prices)._prices


def _kroner(name: str, value: tuple[str, str] | None) -> dict[str, Decimal | Fraction | None]:
    if value is None:
        return {name: None, f"{name}_exact": None}
    return {name: Decimal(value[0]), f"{name}_exact": Fraction(value[1])}


class Costs(Indexed, Grouped[_core.CostTable]):
    """What the contacts of a cube cost, and every price that it rests on, in kroner. `costs` makes one. Source:
    docs/costs.md."""

    @property
    def prices(self) -> str:
        """The name of the price table."""
        return self._table.prices

    @property
    def source(self) -> str:
        """Where the prices stand."""
        return self._table.source

    @property
    def columns(self) -> list[str]:
        """The names of the columns, as in ``to_pylist()``."""
        sums = [name + exact for name in ("cost", "per_contact", "share") for exact in ("", "_exact")]
        return [*self.by, "contacts", "unpriced", *sums]

    @property
    def heading(self) -> str:
        """One line that says what was priced and how, filters included."""
        year = "" if self._table.year is None else f" ({self._table.year})"
        return (
            f"cost in kroner: prices {self.prices}{year}, basis {self._table.basis}, tasks {self.tasks}, "
            f"scheme {self.scheme}{self._filters}"
        )

    def _row(self, row: _core._CostRow, by: Sequence[str]) -> dict[str, Any]:
        key, contacts, unpriced, cost, per_contact, share = row
        out: dict[str, Any] = {**dict(zip(by, key)), "contacts": contacts, "unpriced": unpriced}
        out |= _kroner("cost", cost) | _kroner("per_contact", per_contact)
        exact = None if share is None else Fraction(share)
        return out | {"share": exact, "share_exact": exact}

    @property
    def total(self) -> dict[str, Any]:
        """All rows together, with the keys of a row but for its dimensions."""
        return self._row(self._table.total, ())

    @property
    def unpriced(self) -> list[dict[str, Any]]:
        """The combinations that have no price, and their contacts: in no cost, and not at zero."""
        return self._table.unpriced

    @property
    def used(self) -> list[tuple[Price, int, Decimal]]:
        """The rows of the price table that were used, for how many contacts, and what those cost."""
        return [(_price(row), row["contacts"], Decimal(row["cost"][0])) for row in self._table.used]

    def to_pylist(self) -> list[dict[str, Any]]:
        """One dict a row: the dimensions; ``contacts`` with a price and ``unpriced`` ones; ``cost`` and ``per_contact`` in
        kroner (Decimal, settled half up to whole øre; None where no contact has a price), each with ``_exact`` beside it
        (Fraction); ``share``, the row's exact part of the total cost (Fraction, or None), and the same as ``share_exact``, as
        the frame calls it."""
        return [self._row(row, self.by) for row in self._table.rows]

    def to_text(self, rich: bool = False) -> str:
        """The table for people, with the total in its last row."""
        said = self.to_dict()
        rows = []
        for row in said["rows"]:
            rows.append([shown(d, row[d]) for d in self.by] + self._cells(row))
        rows.append(([""] * (len(self.by) - 1) + ["Total"] if self.by else []) + self._cells(said["total"]))
        if not self.by:
            rows = rows[-1:]
        head = [*self.by, "contacts", "unpriced", "cost", "per contact", "share"]
        return text_table(head, rows, left=len(self.by), rich=rich)

    @staticmethod
    def _cells(row: Mapping[str, Any]) -> list[str]:
        names = ("contacts", "unpriced", "cost", "per_contact", "share")
        return ["-" if row[name] is None else str(row[name]) for name in names]

    def plot(self, *, lang: str = "da") -> alt.LayerChart:
        """The picture of these costs: see `komhen.plots.cost`. Raises KomhenError without Altair."""
        from . import plots

        return plots.cost(self, lang=lang)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.to_pylist())

    def explain(self, lang: str = "da") -> str:
        """What the figures are: how a cost comes about, prices with source, scheme, task set, filters, and what has no price.

        In Danish (``"da"``) or English (``"en"``); the words are those of docs/costs.md.
        """
        from ._explain_money import of_costs

        return of_costs(self, lang)

    def to_html(self, lang: str = "da", most: int | None = None) -> str:
        """A table for a page, the total in its last row: caption, heads of columns and rows, numbers and labels of the
        language, all escaped. ``most`` is how many rows it shows at most."""
        from ._html_money import of_costs

        return of_costs(self, lang, most)

    def __repr__(self) -> str:
        return "\n".join([self.heading, self.to_text(), *(f"note: {note}" for note in self.notes)])


def costs(
    cube: Cube,
    prices: Prices | str | PathLike,
    by: str | Sequence[str] = (),
    *,
    where: Where | None = None,
    without: Where | None = None,
    tasks: str | PathLike | Sequence[str | Task] = "all",
    scheme: str | None = None,
    raw: bool = False,
    unpriced: Unpriced = "error",
    levels: Mapping[str | Task, int | str] | None = None,
    level: int | str | None = None,
) -> Costs:
    """What the contacts of a cube cost, by any dimensions, exactly.

    Each contact costs the price of its channel, direction, group and self-service level. By ``"type"`` it is the
    distribution of cost over the contact types. Source: docs/costs.md; the prices' own source is theirs to name.

    Parameters
    ----------
    cube : Cube
        The tally to price; it is not changed.
    prices : Prices, str or path
        What `load_prices` gives, or what it takes.
    by, where, without, tasks, scheme, raw : optional
        As in `measure`.
    unpriced : {"error", "apart"}, optional
        Contacts without a price are an error that names the combination (default), or counted apart. Never at zero.
    levels : mapping, optional
        Task to the level (0 to 3) of its self-service solution. No registration holds one, so it is yours to give.
    level : int or str, optional
        The level of self-service on every other task.

    Returns
    -------
    Costs

    Raises
    ------
    KomhenError
        If a combination has no price, or as in `measure`.

    Examples
    --------
    Day care in Herning, 2010. Source: Herning Kommune, "Digital selvbetjening, 2 cases".

    >>> import komhen
    >>> cube = komhen.Cube()
    >>> signup = dict(municipality=657, week="2010-W39", task="28.09.40", type="new_case", direction="incoming")
    >>> for channel, count in [("telephone", 11900), ("in_person", 1700), ("letter", 680), ("self_service", 19720)]:
    ...     cube.add(channel=channel, count=count, **signup)
    >>> found = komhen.costs(cube, "copenhagen-2010", by="channel")
    >>> found.total["cost"], found.total["per_contact"]
    (Decimal('745960.00'), Decimal('21.94'))
    """
    query = _arguments(by, where, without, tasks, scheme, raw)
    pairs = [] if levels is None else list(_of_type("levels", levels, Mapping, "a mapping").items())
    table = _core.costs(
        _cube("cube", cube),
        price_list(prices),
        query["by"],
        query["where"],
        query["without"],
        query["tasks"],
        query["scheme"],
        query["raw"],
        apart(unpriced),
        [(_value("levels", task), _value("a level", of_task)) for task, of_task in pairs],
        level_of("level", level),
    )
    return Costs(table, filters_of(query))


@dataclass(frozen=True)
class MovedContacts:
    """What moving contacts from one channel to another changes, in kroner, and the two prices that it rests on."""

    contacts: int
    from_price: Price
    to_price: Price
    before: Decimal
    after: Decimal
    saving: Decimal
    saving_exact: Fraction
    json: str = field(repr=False)
    csv: str = field(repr=False)

    @property
    def notes(self) -> list[str]:
        """The rows of the price table that were used."""
        return [f"from {self.from_price}", f"to {self.to_price}"]

    def to_dict(self) -> dict[str, Any]:
        """The same as ``komhen cost --move --format json`` prints, as Python objects: amounts are decimal text."""
        found: dict[str, Any] = json.loads(self.json)
        return found

    def to_json(self) -> str:
        """The stable JSON of the command line."""
        return self.json

    def to_csv(self) -> str:
        """Comma-separated text: a header row and one row."""
        return self.csv

    def to_text(self, rich: bool = False) -> str:
        """The one row for people."""
        said = self.to_dict()
        ends = [said[end]["channel"] for end in ("from", "to")]
        cells = [*ends, str(self.contacts), *(said[name] for name in ("before", "after", "saving"))]
        return text_table(["from", "to", "contacts", "before", "after", "saving"], [cells], left=2, rich=rich)


def move_cost(
    prices: Prices | str | PathLike,
    contacts: int,
    from_channel: str | Channel,
    to_channel: str | Channel,
    *,
    direction: str | Direction | None = None,
    group: str | None = None,
    from_level: int | str | None = None,
    to_level: int | str | None = None,
) -> MovedContacts:
    """What it saves to move contacts from one channel to another: contacts x the difference of the two prices.

    The saving is below zero where the new channel is dearer. A channel price is not a wage. Source: docs/costs.md.

    Parameters
    ----------
    prices : Prices, str or path
        What `load_prices` gives, or what it takes.
    contacts : int
        How many are moved.
    from_channel, to_channel : str or Channel
        The channels.
    direction, group : str, optional
        What is known of the contacts, where the prices ask for it.
    from_level, to_level : int or str, optional
        Self-service levels, 0 to 3.

    Returns
    -------
    MovedContacts
        ``before``, ``after`` and ``saving`` in kroner (Decimal, settled half up to øre), ``saving_exact`` (Fraction), and the rows of
        the price table that were used.

    Raises
    ------
    KomhenError
        If a price is missing, or a word is not known.

    Examples
    --------
    >>> import komhen
    >>> komhen.move_cost("copenhagen-2010", 1000, "telephone", "self_service").saving
    Decimal('37000.00')
    """
    way = None if direction is None else _word("direction", direction)
    kind = None if group is None else _word("group", group)
    found = _core.move_cost(
        price_list(prices),
        _whole("contacts", contacts, -(2**63), 2**63 - 1),
        _word("from_channel", from_channel),
        _word("to_channel", to_channel),
        way,
        kind,
        level_of("from_level", from_level),
        level_of("to_level", to_level),
    )
    return MovedContacts(
        found["contacts"],
        _price(found["from_price"]),
        _price(found["to_price"]),
        Decimal(found["before"][0]),
        Decimal(found["after"][0]),
        Decimal(found["saving"][0]),
        Fraction(found["saving"][1]),
        found["json"],
        found["csv"],
    )
