"""What a page needs to answer a filter: exact counts by municipality and task, made from the core's tables."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Optional, Union

from .. import _core
from .._core import Cube
from ..measures import contacts, self_service
from ..taxonomy import TASKS

SAFE = 2**53 - 1  # what a browser's number holds exactly
KL35 = frozenset(task.kle for task in TASKS)
_TABLES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "contacts": (("direction", "type", "channel"), {}),
    "closure": (("channel", "closure"), {"direction": "incoming"}),
    "closure_of_type": (("type", "closure"), {"direction": "incoming"}),
    "form": (("channel", "form"), {}),
    "source": (("source",), {}),
    "week": (("week",), {}),
}
# The earlier count's shares, each as a numerator and a denominator: of applications on the 35 tasks, and of everything.
_BEFORE: dict[str, dict[str, Any]] = {"before": {"tasks": "kl-35"}, "before_all": {"basis": "all"}}


class Facts:
    """Counts of cells, and sums of cells by their place. A cell is a table and its values, such as ``contacts`` and
    ``("incoming", "new_case", "letter")``; a sum is a list of cells, each once."""

    def __init__(self, cube: Cube, before: Optional[Cube], scheme: Optional[str]) -> None:
        self.sums: list[list[int]] = []
        self.prices: dict[int, tuple[int, int]] = {}
        self.total = cube.contacts
        names = list(_TABLES)
        tables = [
            contacts(cube, ["municipality", "task", *dimensions], where=where, scheme=scheme)
            for dimensions, where in _TABLES.values()
        ]
        self.scheme = scheme = tables[0].scheme
        if before is not None:
            names += _BEFORE
            by = ["municipality", "task"]
            tables += [self_service(before, by, scheme=scheme, **query) for query in _BEFORE.values()]
        found = _core.filter_counts([table._table for table in tables])
        self.municipalities, self.tasks, cells, self._counts = found
        self.size = len(cells)
        self._cells: dict[str, dict[tuple[str, ...], int]] = {name: {} for name in names}
        for place, (table, values) in enumerate(cells):
            self._cells[names[table]][values] = place
        self._asked: dict[Any, int] = {}
        self._known: dict[tuple[int, ...], int] = {}

    def sum(self, table: str, **where: Union[str, Iterable[str]]) -> int:
        """The place of a sum: the cells of a table with one of the values in each dimension that is named."""
        wanted = {name: (value,) if isinstance(value, str) else tuple(value) for name, value in where.items()}
        asked = (table, *wanted.items())
        if asked not in self._asked:
            dimensions = ("part",) if table in _BEFORE else _TABLES[table][0]
            tests = [(dimensions.index(name), frozenset(values)) for name, values in wanted.items()]
            places = tuple(
                place
                for cell, place in self._cells.get(table, {}).items()
                if all(cell[at] in values for at, values in tests)
            )
            if places not in self._known:
                self._known[places] = len(self.sums)
                self.sums.append(list(places))
            self._asked[asked] = self._known[places]
        return self._asked[asked]

    def price(self, table: _core.CostTable) -> None:
        """The unit price of each cell of ``contacts``, from the core's costs by direction, type and channel: one
        combination has one price, so its average is the price."""
        for key, _, unpriced, _, each, _ in table.rows:
            place = self._cells["contacts"].get(tuple(map(str, key)))
            if place is not None and each is not None and not unpriced:
                exact = Fraction(each[1])
                self.prices[place] = (exact.numerator, exact.denominator)

    @property
    def exact_in_a_browser(self) -> bool:
        """Whether every sum is a whole number that a browser holds exactly."""
        return self.total <= SAFE

    def to_dict(self) -> dict[str, Any]:
        """For the page: municipalities, tasks, sums and prices. The counts are in `counts`."""
        return {
            "municipalities": self.municipalities,
            "tasks": self.tasks,
            "kl35": [int(task in KL35) for task in self.tasks],
            "cells": self.size,
            "sums": self.sums,
            # As text: a fraction may have more digits than a browser's number holds.
            "prices": {str(place): [str(part) for part in price] for place, price in self.prices.items()},
        }

    @property
    def counts(self) -> str:
        """JSON, whole numbers alone: by municipality and task, pairs of a cell's place and its count."""
        return self._counts
