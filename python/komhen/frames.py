"""Frames in and tables out: whatever speaks Arrow's PyCapsule interface, without a library of Arrow's."""

from __future__ import annotations

from . import _core
from ._core import KomhenError

TYPE_CHECKING = False  # as type checkers know it, without typing: see komhen/__init__.py

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def is_frame(value: object) -> bool:
    """Whether a value gives its columns as Arrow does: polars, pyarrow, DuckDB, pandas, nanoarrow and others."""
    return hasattr(value, "__arrow_c_stream__") or hasattr(value, "__arrow_c_array__") or _is_dataset(value)


def _is_dataset(value: object) -> bool:
    """Whether it is a folder of Parquet or another dataset of pyarrow's, which streams through a scanner."""
    return type(value).__module__.partition(".")[0] == "pyarrow" and hasattr(value, "scanner")


def stream_of(frame: Any) -> object:
    """A frame's columns as a capsule of Arrow's stream interface; nothing is copied here.

    Raises
    ------
    KomhenError
        If the frame's own library needs one that is not installed, or gives something else than it promised.
    """

    def give() -> object:
        if hasattr(frame, "__arrow_c_stream__"):
            return frame.__arrow_c_stream__()
        if _is_dataset(frame):
            return frame.scanner().to_reader().__arrow_c_stream__()
        pair = frame.__arrow_c_array__()
        if isinstance(pair, tuple) and len(pair) == 2:
            return _core.batch_stream(*pair)
        raise KomhenError(f"{_named(frame)} gives something else than the schema and array that it promises")

    return given_by(frame, give)


def given_by(frame: object, give: Callable[[], Any]) -> Any:
    """What a frame's own library gives when it is called; whatever it raises becomes one masked KomhenError."""
    try:
        return give()
    except (KomhenError, MemoryError):
        raise
    except ImportError as error:
        refused = f"needs a library to give its columns, {_missing(error)}: pip install komhen[frames]"
    except Exception as error:
        # Its text can quote a value, such as one that is no number in a column of numbers and texts.
        refused = f"could not give its columns: {_core.masked(str(error))}"
        if type(error).__module__.partition(".")[0] == "pyarrow":
            refused += "; a column of mixed values can be cast to string"
    # Raised here, where the library's own error, unmasked as it is, does not hang on to it.
    raise KomhenError(f"{_named(frame)} {refused}")


def to_arrow(table: Any) -> Any:
    """A table of komhen's, or a cube's cells, as a ``pyarrow.Table``. Raises KomhenError without pyarrow."""
    return _library("pyarrow", "to_arrow()").table(table)


def to_polars(table: Any) -> Any:
    """The same as a ``polars.DataFrame``. Raises KomhenError without polars."""
    return _library("polars", "to_polars()").DataFrame(table)


def to_pandas(table: Any) -> Any:
    """The same as a ``pandas.DataFrame``, through pyarrow: shares are ``decimal.Decimal``, words are categories.

    Raises KomhenError without pandas or pyarrow.
    """
    _library("pandas", "to_pandas()")
    return _library("pyarrow", "to_pandas()").table(table).to_pandas()


def _library(name: str, what: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        raise KomhenError(f"{what} needs {name}, which is not installed: pip install komhen[frames]") from None


def _named(frame: object) -> str:
    return f"the frame ({kind_of(frame)})"


def kind_of(frame: object) -> str:
    """A type as one calls it: ``pandas DataFrame``."""
    kind = type(frame)
    return f"{kind.__module__.partition('.')[0]} {kind.__qualname__}"


def _missing(error: ImportError) -> str:
    return error.name if error.name else "such as pyarrow"
