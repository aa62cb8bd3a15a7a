"""Counting with Dask: one cube a partition, merged in a tree, to the last cell what one machine counts.

Nothing of Dask is imported before `count` is called. komhen must be installed where the workers run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import _parts
from ._core import Cube, KomhenError, Participation, Profile, Round
from .frames import given_by

if TYPE_CHECKING:
    from .measures import PathLike

_KEY, _CONTENT = "komhen: event", "komhen: content"  # columns that are there while an event's rows are brought together


def count(
    source: Any,
    *,
    round: str | PathLike | Round | None = None,
    participation: PathLike | Participation | None = None,
    profile: PathLike | Profile | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    order: str | Sequence[str] | None = None,
    ids_within_files: bool = False,
) -> Cube:
    """Count a Dask DataFrame, or files that every worker can read, into one cube here.

    Each partition or file is one call of `komhen.count` in a task; the cubes and outcomes are merged in a tree of
    tasks. A task that is run again counts once: a task's cube is taken or thrown away whole. The scheduler is Dask's
    own choice: the current ``distributed.Client``, or the one that ``dask.config`` names.

    Source: docs/scale.md; the rules of counting are those of docs/exchange-file.md.

    Parameters
    ----------
    source : dask.dataframe.DataFrame, path, or sequence of paths
        A frame, whose columns are read as docs/arrow.md says, or exchange files; of a folder, all files in it but
        those whose names begin with ``.`` or ``_``. A frame's index is not read.
    round, participation, profile, columns
        As in `komhen.count`. They are read here.
    encoding : {"utf-8", "windows-1252"}, optional
        Of files, as in `komhen.count`.
    order : str or sequence of str, optional
        Columns by which the rows of one event are taken, smallest first; needed where the frame has event ids. The
        first valid row of an event counts, and bringing an event's rows together keeps no order. Rows that are equal
        in all of them are taken in an order that is komhen's own, and the same every time.
    ids_within_files : bool
        That no event stands in two of the files. Without it, files with event ids are refused unless there is
        one: an id is known within one call.

    Returns
    -------
    Cube
        Equal to the one that `komhen.count` gives for the same rows, with its outcome.

    Raises
    ------
    KomhenError
        As `komhen.count`, and when event ids cannot be told apart. A bad row is data and never raises.

    Examples
    --------
    >>> import dask, dask.dataframe, komhen.dask, pandas
    >>> rows = pandas.DataFrame({"municipality": 657, "date": "2012-04-23", "kle": "23.05.10", "type": "new_case",
    ...                          "channel": ["telephone", "pigeon", "letter"], "direction": "incoming"})
    >>> with dask.config.set(scheduler="synchronous"):  # without it: the current Client, or Dask's threads
    ...     cube = komhen.dask.count(dask.dataframe.from_pandas(rows, npartitions=2), round="2012-spring")
    >>> cube.contacts, cube.outcome.rejected["unknown_channel"]
    (2, 1)
    """
    plan = _parts.plan_of(round, participation, profile, columns, encoding)
    delayed = _module("dask").delayed
    if hasattr(source, "__dask_graph__"):
        if not hasattr(getattr(source, "_meta", None), "columns"):
            raise KomhenError(f"source must be a Dask DataFrame or paths, not a Dask {type(source).__name__}")
        return _count_frame(source, plan, order, delayed)
    paths = _parts.files_of(source, order)
    told = delayed(plan)
    counts = [delayed(_parts.count_file, pure=False)(told, path, len(paths) == 1, ids_within_files) for path in paths]
    return _computed(counts, delayed, of_one_stream=False)


def _module(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise KomhenError(
            f"komhen.dask needs {error.name or name}, which is not installed: pip install komhen[dask]"
        ) from None


def _count_frame(frame: Any, plan: _parts.Plan, order: str | Sequence[str] | None, delayed: Any) -> Cube:
    if plan.encoding is not None:
        raise KomhenError("encoding is of files; the texts of a frame are UTF-8")
    shape = _parts.shape_of(plan, _columns_of(frame._meta))
    first = _parts.ordered_by(order, list(frame.columns), shape.event_id)
    pieces = frame[list(dict.fromkeys([*first, *shape.used]))]
    if shape.event_id is not None:
        pieces = pieces.map_partitions(
            _keyed, shape.event_id, shape.used, meta=_keyed(pieces._meta, shape.event_id, shape.used)
        )
        pieces = pieces.shuffle(on=_KEY)
    told = delayed(plan)
    counts = [delayed(_count_piece, pure=False)(told, piece, first, shape.used) for piece in pieces.to_delayed()]
    return _computed([delayed(shape.empty), *counts], delayed, of_one_stream=True)


def _computed(counts: list[Any], delayed: Any, of_one_stream: bool) -> Cube:
    """The counts, merged in a tree of tasks, in their order."""
    while len(counts) > 1:
        counts = [
            delayed(_parts.joined, pure=False)(counts[at : at + _parts.FAN], of_one_stream)
            for at in range(0, len(counts), _parts.FAN)
        ]
    out: Cube = counts[0].compute()
    return out


# What runs on the workers.


def _columns_of(piece: Any) -> Any:
    table = _module("pyarrow").Table
    return given_by(piece, lambda: table.from_pandas(piece, preserve_index=False))


def _keyed(piece: Any, event_id: str, used: list[str]) -> Any:
    """With what an event's rows have in common, whatever its id looks like outside; rows without one are spread by
    content: by what a row holds and never by chance, so that a task which is run again has the same rows."""
    hashed = _module("pandas").util.hash_pandas_object

    def keyed() -> Any:
        content = hashed(piece[used], index=False)
        event = piece[event_id].astype("string").str.strip(" \t\u00a0").fillna("")
        return piece.assign(**{_KEY: hashed(event, index=False).where(event != "", content), _CONTENT: content})

    return given_by(piece, keyed)


def _count_piece(plan: _parts.Plan, piece: Any, first: list[str], used: list[str]) -> Cube:
    rows = piece
    if first:
        by = [*first, _CONTENT]
        rows = given_by(piece, lambda: piece.sort_values(by, kind="stable", na_position="first"))
    return plan.counted(_columns_of(rows[used]))
