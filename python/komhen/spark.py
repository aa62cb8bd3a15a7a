"""Counting with Spark: one cube a partition, merged in a tree, to the last cell what one machine counts.

Nothing of Spark is imported before `count` is called. komhen must be installed where the executors run.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from . import _parts
from ._core import Cube, KomhenError, Participation, Profile, Round

if TYPE_CHECKING:
    from .measures import PathLike

_SCHEMA = "part int, cube binary, outcome binary, error string"
_LEVELS = 2  # of merging on the executors; what is left, one cube for 256 partitions, is merged on the driver


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
    session: Any = None,
) -> Cube:
    """Count a Spark DataFrame, or files that every executor can read, into one cube on the driver.

    Each partition or file is one call of `komhen.count` on an executor; the cubes and outcomes are merged there in
    a tree. A task that is run again counts once: a task's cube is taken or thrown away whole.

    Source: docs/scale.md; the rules of counting are those of docs/exchange-file.md.

    Parameters
    ----------
    source : DataFrame, path, or sequence of paths
        A frame, whose columns are read as docs/arrow.md says, or exchange files; of a folder, all files in it but
        those whose names begin with ``.`` or ``_``.
    round, participation, profile, columns
        As in `komhen.count`. They are read on the driver.
    encoding : {"utf-8", "windows-1252"}, optional
        Of files, as in `komhen.count`.
    order : str or sequence of str, optional
        Columns by which the rows of one event are taken, smallest first; needed where the frame has event ids. The
        first valid row of an event counts, and a frame has no order of its own. Rows that are equal in all of them
        are taken in an order that is komhen's own, and the same every time.
    ids_within_files : bool
        That no event stands in two of the files. Without it, files with event ids are refused unless there is
        one: an id is known within one call.
    session : SparkSession, optional
        For files. Default: the active session.

    Returns
    -------
    Cube
        Equal to the one that `komhen.count` gives for the same rows, with its outcome. Memory on the driver:
        one cube for each 256 partitions.

    Raises
    ------
    KomhenError
        As `komhen.count`, and when event ids cannot be told apart. A bad row is data and never raises.

    Examples
    --------
    >>> import komhen.spark
    >>> cube = komhen.spark.count(spark.read.parquet("contacts"), round="2012-spring")  # doctest: +SKIP
    >>> cube.outcome.rows_read == cube.outcome.rows_accepted + cube.outcome.rows_rejected  # doctest: +SKIP
    True
    """
    plan = _parts.plan_of(round, participation, profile, columns, encoding)
    if hasattr(source, "mapInArrow"):
        return _count_frame(source, plan, order)
    paths = _parts.files_of(source, order)
    return _count_files(_session(session), paths, plan, ids_within_files)


def _functions() -> Any:
    return _module("pyspark.sql.functions")


def _module(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise KomhenError(
            f"komhen.spark needs {error.name or 'pyspark'}, which is not installed: pip install komhen[spark]"
        ) from None


def _session(given: Any) -> Any:
    active = given if given is not None else _module("pyspark.sql").SparkSession.getActiveSession()
    if active is None:
        raise KomhenError("there is no active Spark session; name one (session=)")
    return active


def _count_frame(frame: Any, plan: _parts.Plan, order: str | Sequence[str] | None) -> Cube:
    if plan.encoding is not None:
        raise KomhenError("encoding is of files; the texts of a frame are UTF-8")
    names = list(frame.columns)
    shape = _parts.shape_of(plan, frame.limit(0).toArrow())
    first = _parts.ordered_by(order, names, shape.event_id)
    f = _functions()
    # By place: to Spark a name is ambiguous when another differs from it in case alone.
    frame = frame.toDF(*(f"c{at}" for at in range(len(names))))

    def column(name: str) -> Any:
        return f.col(f"c{names.index(name)}")

    used = [column(name).alias(name) for name in shape.used]
    if shape.event_id is not None:
        # An event's rows come together, whatever the id looks like outside; rows without one are spread by content:
        # by what a row holds and never by chance, so that a task which is run again has the same rows.
        blank = "[ \\t\\u00a0]+"
        event = f.regexp_replace(column(shape.event_id).cast("string"), f"^{blank}|{blank}$", "")
        content = f.xxhash64(*(column(name) for name in shape.used))
        key = f.when((event == "") | event.isNull(), content).otherwise(f.xxhash64(event))
        frame = frame.repartition(key).sortWithinPartitions(*(column(name) for name in first), content)
    parts = frame.select(*used).mapInArrow(_counter(plan), _SCHEMA)
    return _parts.joined(chain([shape.empty], _gathered(parts, of_one_stream=True)), of_one_stream=True)


def _count_files(session: Any, paths: list[bytes], plan: _parts.Plan, ids_within_files: bool) -> Cube:
    parts = session.range(0, len(paths), 1, len(paths)).mapInArrow(
        _file_counter(plan, paths, ids_within_files), _SCHEMA
    )
    return _parts.joined(_gathered(parts, of_one_stream=False), of_one_stream=False)


def _gathered(parts: Any, of_one_stream: bool) -> Iterator[Cube]:
    """The parts, merged in a tree by the executors, in their order."""
    f = _functions()
    for _ in range(_LEVELS):
        group = f.floor(f.col("part") / f.lit(_parts.FAN)).cast("int").alias("group")
        parts = parts.select(group, "*").repartition("group").mapInArrow(_merger(of_one_stream), _SCHEMA)
    rows = sorted(parts.collect(), key=lambda row: row["part"])
    for row in rows:
        if row["error"] is not None:
            raise KomhenError(row["error"])
    return (_cube(bytes(row["cube"]), bytes(row["outcome"])) for row in rows)


# What runs on the executors. A mistake in the call comes back as a row with its sentence: raised there, it would arrive
# inside a trace of Spark's, after as many attempts as Spark makes.


def _cube(cube: bytes, outcome: bytes) -> Cube:
    out = Cube.from_bytes(cube)
    out.outcome = pickle.loads(outcome)
    return out


def _row(part: int, work: Callable[[], Cube]) -> Any:
    pyarrow = _module("pyarrow")
    columns: dict[str, Any] = {"part": part, "cube": None, "outcome": None, "error": None}
    try:
        counted = work()
        columns |= {"cube": counted.to_bytes(), "outcome": pickle.dumps(counted.outcome)}
    except KomhenError as error:
        columns["error"] = str(error)
    kinds = {"part": pyarrow.int32(), "cube": pyarrow.binary(), "outcome": pyarrow.binary(), "error": pyarrow.string()}
    return pyarrow.RecordBatch.from_arrays([pyarrow.array([columns[name]], kinds[name]) for name in kinds], list(kinds))


def _counter(plan: _parts.Plan) -> Callable[[Iterable[Any]], Iterator[Any]]:
    def counted(batches: Iterable[Any]) -> Iterator[Any]:
        rest = iter(batches)
        first = next(rest, None)
        if first is not None:
            rows = _module("pyarrow").RecordBatchReader.from_batches(first.schema, chain([first], rest))
            yield _row(_module("pyspark").TaskContext.get().partitionId(), lambda: plan.counted(rows))

    return counted


def _file_counter(
    plan: _parts.Plan, paths: list[bytes], ids_within_files: bool
) -> Callable[[Iterable[Any]], Iterator[Any]]:
    def counted(batches: Iterable[Any]) -> Iterator[Any]:
        for batch in batches:
            for part in batch.column(0).to_pylist():
                path, alone = paths[part], len(paths) == 1
                yield _row(part, lambda: _parts.count_file(plan, path, alone, ids_within_files))

    return counted


def _merger(of_one_stream: bool) -> Callable[[Iterable[Any]], Iterator[Any]]:
    def merged(batches: Iterable[Any]) -> Iterator[Any]:
        groups: dict[int, list[dict[str, Any]]] = {}
        for batch in batches:
            for row in batch.to_pylist():
                groups.setdefault(row["group"], []).append(row)
        for group, rows in groups.items():
            rows.sort(key=lambda row: row["part"])
            yield _row(group, lambda: _joined_rows(rows, of_one_stream))

    return merged


def _joined_rows(rows: list[dict[str, Any]], of_one_stream: bool) -> Cube:
    for row in rows:
        if row["error"] is not None:
            raise KomhenError(row["error"])
    return _parts.joined((_cube(row["cube"], row["outcome"]) for row in rows), of_one_stream)
