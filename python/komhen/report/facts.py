"""What a page needs to answer a filter: exact counts by municipality and task, made from the core's tables."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Optional

from .. import _core
from .._core import Cube
from ..measures import contacts, self_service
from ..taxonomy import TASKS

SAFE = 2**53 - 1  # what a browser's number holds exactly
KL35 = frozenset(task.kle for task in TASKS)
_TABLES = {
    "contacts": (("direction", "type", "channel"), {}),
    "closure": (("channel", "closure"), {"direction": "incoming"}),
    "closure_of_type": (("type", "closure"), {"direction": "incoming"}),
    "form": (("channel", "form"), {}),
    "source": (("source",), {}),
    "week": (("week",), {}),
}


class Facts:
    """Counts of cells, and sums of cells by name. A cell is a table and its values, such as
    ``("contacts", "incoming", "new_case", "letter")``; a sum is a list of cells, each once."""

    def __init__(self, cube: Cube, before: Optional[Cube], scheme: str) -> None:
        self.cells: list[tuple[str, ...]] = []
        self.sums: list[list[int]] = []
        self._places: dict[tuple[str, ...], int] = {}
        self._known: dict[tuple[int, ...], int] = {}
        self.counts: dict[int, dict[str, list[int]]] = {}
        self.total = cube.contacts
        for name, (dimensions, where) in _TABLES.items():
            found = contacts(cube, ["municipality", "task", *dimensions], where=where, scheme=scheme)
            for (municipality, task, *values), count, _, _ in found._table.rows:
                self._add(municipality, task, (name, *map(str, values)), count)
        if before is not None:
            found = self_service(before, ["municipality", "task"], tasks="kl-35", scheme=scheme)
            for (municipality, task), numerator, denominator, _ in found._table.rows:
                self._add(municipality, task, ("before", "self_service"), numerator)
                self._add(municipality, task, ("before", "all"), denominator)
        self.prices: dict[int, tuple[int, int]] = {}

    def _add(self, municipality: Any, task: Any, cell: tuple[str, ...], count: int) -> None:
        place = self._places.get(cell)
        if place is None:
            place = self._places[cell] = len(self.cells)
            self.cells.append(cell)
        if count:
            self.counts.setdefault(int(municipality), {}).setdefault(str(task), []).extend((place, count))

    def sum(self, table: str, **where: Iterable[str] | str) -> int:
        """The place of a sum: the cells of a table with one of the values in each dimension that is named."""
        dimensions = ("share",) if table == "before" else _TABLES[table][0]
        wanted = {name: {value} if isinstance(value, str) else set(value) for name, value in where.items()}
        places = tuple(
            place
            for place, cell in enumerate(self.cells)
            if cell[0] == table
            and all(cell[1 + dimensions.index(name)] in values for name, values in wanted.items())
        )
        if places not in self._known:
            self._known[places] = len(self.sums)
            self.sums.append(list(places))
        return self._known[places]

    def price(self, table: _core.CostTable) -> None:
        """The unit price of each cell of ``contacts``, from the core's costs by direction, type and channel: one
        combination has one price, so its average is the price."""
        for (direction, type, channel), _, unpriced, _, each, _ in table.rows:
            place = self._places.get(("contacts", str(direction), str(type), str(channel)))
            if place is not None and each is not None and not unpriced:
                exact = Fraction(each[1])
                self.prices[place] = (exact.numerator, exact.denominator)

    @property
    def exact_in_a_browser(self) -> bool:
        """Whether every sum is a whole number that a browser holds exactly."""
        return self.total <= SAFE

    def to_dict(self) -> dict[str, Any]:
        """For the page: municipalities, tasks and cells by their place, counts as pairs of place and count."""
        municipalities = sorted(self.counts)
        tasks = sorted({task for of in self.counts.values() for task in of})
        at = {task: place for place, task in enumerate(tasks)}
        return {
            "municipalities": municipalities,
            "tasks": tasks,
            "kl35": [int(task in KL35) for task in tasks],
            "cells": len(self.cells),
            "sums": self.sums,
            "prices": {str(place): list(price) for place, price in self.prices.items()},
            "counts": [
                [[at[task], counts] for task, counts in sorted(self.counts[municipality].items())]
                for municipality in municipalities
            ],
        }
