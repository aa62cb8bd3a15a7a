"""What a cube and an outcome show of themselves. The core's classes are given it here, because showing is Python's."""

from __future__ import annotations

from ._core import Cube, Outcome
from ._shown import IN_A_NOTEBOOK, Rows, notebook_language

TYPE_CHECKING = False  # as type checkers know it, without typing: see komhen/__init__.py

if TYPE_CHECKING:
    from .rejects import Rejection


def _of_cube(self: Cube, lang: str = "da", most: int | None = None) -> str:
    """What the cube holds as a table for a page, in Danish (``"da"``) or English (``"en"``): sums, and how many values each
    dimension has. ``most`` is how many rows it shows at most."""
    from ._html import of_cube

    return of_cube(self, lang, most)


def _of_outcome(self: Outcome, lang: str = "da", most: int | None = None) -> str:
    """The outcome as tables for a page, in Danish (``"da"``) or English (``"en"``), all escaped. ``most`` is how many rows each
    shows at most."""
    from ._html import of_outcome

    return of_outcome(self, lang, most)


def _cube_in_a_notebook(self: Cube) -> str:
    return self.to_html(notebook_language())


def _outcome_in_a_notebook(self: Outcome) -> str:
    return self.to_html(notebook_language(), IN_A_NOTEBOOK)


class _NoRejections(Rows["Rejection"]):
    """What an outcome has that kept none: a frame too, without rows."""

    _columns = ("line", "column", "text", "reason", "suggestion", "file")


Outcome.rejections = _NoRejections(())

for _kind, _name, _method in (
    (Cube, "to_html", _of_cube),
    (Cube, "_repr_html_", _cube_in_a_notebook),
    (Outcome, "to_html", _of_outcome),
    (Outcome, "_repr_html_", _outcome_in_a_notebook),
):
    _method.__name__ = _name  # what help() and errors call it
    _method.__qualname__ = f"{_kind.__name__}.{_name}"
    setattr(_kind, _name, _method)
