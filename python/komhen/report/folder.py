"""A folder that a report is written into: what it holds afterwards is of one round."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .. import _core
from .._core import KomhenError

_MOST = 3  # names that an error shows


def ready(folder: Path, written: Sequence[Path], patterns: Sequence[str]) -> None:
    """Makes the folder. Raises KomhenError where files of another report would stand beside those that are ``written``:
    files that a pattern fits and that this report does not write over."""
    folder.mkdir(parents=True, exist_ok=True)
    left = sorted({path.name for pattern in patterns for path in folder.glob(pattern)} - {path.name for path in written})
    if left:
        names = ", ".join(left[:_MOST]) + (" and others" if len(left) > _MOST else "")
        shown = _core.masked(str(folder))
        raise KomhenError(
            f"the folder '{shown}' holds {names}, which this report does not write: name an empty folder, or remove them first"
        )
