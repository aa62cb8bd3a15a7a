"""Small cubes of a large one: the core's table of a few dimensions as a cube again, so that it is read once."""

from __future__ import annotations

from typing import Any, Optional

from .._core import Cube
from ..measures import contacts

# Dimensions that tables ask for together. Those that are left out get one value, and nobody asks for them.
_KINDS = {
    "contacts": ("task", "direction", "type", "channel"),
    "closure": ("direction", "type", "channel", "closure"),
    "form": ("channel", "form"),
    "week": ("municipality", "week"),
    "source": ("source",),
}
_ALWAYS = {"municipality": 101, "week": "2012-W17", "task": "23.05.10", "direction": "incoming", "type": "new_case"}
# What a measure looks at beside the dimensions that are asked for.
_MEASURED: dict[str, set[str]] = {
    "contacts": set(),
    "mix": {"direction"},
    "self_service": {"direction", "type", "channel"},
    "first_contact_closure": {"direction", "closure"},
    "form_share": {"form"},
}


class Small:
    """The small cubes of a cube, each made when it is first asked for. Types are as the scheme's rules make them."""

    def __init__(self, cube: Cube, scheme: str) -> None:
        self._cube, self._scheme = cube, scheme
        self._made: dict[str, Cube] = {}

    def of(self, measure: str, dimensions: set[str]) -> Optional[Cube]:
        """A small cube that answers a measure by and with filters on these dimensions, or None."""
        needed = dimensions | _MEASURED[measure]
        kind = next((kind for kind, known in _KINDS.items() if needed <= set(known)), None)
        if kind is None:
            return None
        if kind not in self._made:
            self._made[kind] = self._make(_KINDS[kind])
        return self._made[kind]

    def _make(self, dimensions: tuple[str, ...]) -> Cube:
        out = Cube()
        for key, count, _, _ in contacts(self._cube, list(dimensions), scheme=self._scheme)._table.rows:
            cell: dict[str, Any] = {**_ALWAYS, "channel": "telephone", **dict(zip(dimensions, key))}
            out.add(**cell, count=count)
        return out
