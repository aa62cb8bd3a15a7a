"""A folder that a report is written into: what it holds afterwards is of one round."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from .. import _files
from .._core import KomhenError

_MOST = 3  # names that an error shows


def ready(folder: Path, written: Sequence[Path], patterns: Sequence[str]) -> None:
    """Makes the folder. Raises KomhenError where files of another report would stand beside those that are ``written``:
    files that a pattern fits and that this report does not write over."""
    _files.make_folder(os.fsencode(folder))
    left = sorted({path.name for pattern in patterns for path in folder.glob(pattern)} - {path.name for path in written})
    if left:
        names = ", ".join(_files.shown(os.fsencode(name)) for name in left[:_MOST]) + (" and others" if len(left) > _MOST else "")
        raise KomhenError(
            f"the folder {_files.named(os.fsencode(folder))} holds {names}, which this report does not write: name an empty folder, or remove them first"
        )
