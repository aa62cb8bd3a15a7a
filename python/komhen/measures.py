"""Counting files, and the measures of the method."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterable, Mapping, Sequence

from . import _core
from ._core import Cube, KomhenError, Participation, Profile, Round
from ._shown import Rows
from .frames import is_frame, stream_of
from .tables import Comparison, Table, filters_of, names_of

TYPE_CHECKING = False  # as type checkers know it, without typing: see komhen/__init__.py

PathLike = str | os.PathLike[str]

if TYPE_CHECKING:
    from typing import Any, Protocol

    from .taxonomy import Municipality, Task, Word

    Value = str | int | Word | Task | Municipality
    Where = Mapping[str, Value | Iterable[Value]]

    class _Streams(Protocol):
        def __arrow_c_stream__(self, requested_schema: object = ...) -> object: ...

    class _Arrays(Protocol):
        def __arrow_c_array__(self, requested_schema: object = ...) -> tuple[object, object]: ...

    class _Scans(Protocol):
        def scanner(self) -> Any: ...

    Frame = _Streams | _Arrays | _Scans


def _path(path: PathLike, name: str = "the path") -> bytes:
    """A path as the bytes that the system takes: names that are not UTF-8 work too."""
    return os.fsencode(_of_type(name, path, (str, bytes, os.PathLike), "a path"))


def _round(round: str | PathLike | Round | None) -> Round | None:
    return round if round is None or isinstance(round, Round) else _core.load_round(_path(round, "round"))


def _participation(given: PathLike | Participation | None) -> Participation | None:
    if given is None or isinstance(given, Participation):
        return given
    return _core.load_participation(_path(given, "participation"))


def _profile(
    given: PathLike | Profile | None, columns: Mapping[str, str] | None = None
) -> Profile | None:
    if columns is not None:
        if given is not None:
            raise KomhenError("profile and columns both say which column is which; give one of them")
        pairs = _of_type("columns", columns, Mapping, "a mapping of dimension to column name").items()
        return _core.profile_of([(_text("a key of columns", key), _text("a column name", name)) for key, name in pairs])
    return given if given is None or isinstance(given, Profile) else _core.load_profile(_path(given, "profile"))


def _text(name: str, value: object) -> str:
    text: str = _of_type(name, value, str, "text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise KomhenError(f"{name} is not valid Unicode") from None
    return text


def _whole(name: str, value: Any, least: int, most: int) -> int:
    if not hasattr(value, "__index__") or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number, not {type(value).__name__}")
    number = operator.index(value)
    if not least <= number <= most:
        digits = len(str(abs(number)))  # nine or ten could be a person's
        shown = f"a number of {digits} digits" if digits in (9, 10) or digits > 20 else _core.masked(str(number))
        raise KomhenError(f"{name} must be from {least} to {most}, not {shown}")
    return number


def _callable(progress: Any) -> Any:
    if progress is not None and not callable(progress):
        raise TypeError(f"progress must be a function, not {type(progress).__name__}")
    return progress


def _paths(files: Any) -> list[bytes]:
    """The paths of a call, and a sentence for what is neither a path nor a frame."""
    wanted = "files must be paths or a frame (polars, pyarrow, pandas, DuckDB and others that speak Arrow)"
    if isinstance(files, (str, bytes, os.PathLike)):
        return [os.fsencode(files)]
    if isinstance(files, Mapping) or hasattr(files, "read") or not isinstance(files, Iterable):
        found = "an open file" if hasattr(files, "read") else type(files).__name__
        if found == "LazyFrame":
            found += ", which has no rows yet: collect() makes a DataFrame of it"
        raise KomhenError(f"{wanted}, not {found}")
    out = []
    for file in files:
        if is_frame(file):
            raise KomhenError("a frame is counted in a call of its own; the cubes can be added afterwards")
        if not isinstance(file, (str, bytes, os.PathLike)):
            raise KomhenError(f"{wanted}, not a sequence with {type(file).__name__} in it")
        out.append(os.fsencode(file))
    return out


def count(
    files: PathLike | Sequence[PathLike] | Frame,
    *,
    round: str | PathLike | Round | None = None,
    participation: PathLike | Participation | None = None,
    profile: PathLike | Profile | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    rejects: PathLike | None = None,
    keep_rejects: int = 0,
    progress: Callable[[int, int], object] | None = None,
    threads: int | None = None,
) -> Cube:
    """Count registration files, or a frame of registrations, into a cube.

    Source: the exchange file and its rules are komhen's own (docs/exchange-file.md); what a contact is follows KL,
    "Kommunernes henvendelser", spring 2012.

    Parameters
    ----------
    files : path, sequence of paths, or frame
        Exchange files, or any CSV with a profile. Duplicate events are found across all of them. Or one frame:
        anything with ``__arrow_c_stream__`` or ``__arrow_c_array__`` (polars, pyarrow, a DuckDB relation,
        pandas >= 2.2, nanoarrow), or a ``pyarrow.dataset``, such as a folder of Parquet. Its columns are read where they are; nothing is copied by komhen, and
        categories are counted by code. docs/arrow.md says which types each column takes.
    round : str, path or Round, optional
        A built-in round such as ``"2012-spring"``, or a TOML file. Rows outside its weeks are rejected.
    participation : path or Participation, optional
        The weeks in which each municipality counts.
    profile : path or Profile, optional
        How to read a file or frame whose columns are not those of an exchange file.
    columns : mapping, optional
        Dimension to the name of its column, such as ``{"channel": "kanal_kode"}``, instead of a profile. The
        other columns are found by their names in an exchange file.
    encoding : {"utf-8", "windows-1252"}, optional
        Settles the encoding of files without a byte order mark. Default: found from the file.
    rejects : path, optional
        Where to write the rejected rows, with line, reason and column, CPR-like values masked.
    keep_rejects : int, optional
        How many of the first rejected rows to keep as ``cube.outcome.rejections``, masked. Default: none.
    progress : callable, optional
        Called with bytes done and bytes in all, every 192 or 256 KiB; of a frame, with rows done and -1 (a stream does
        not know its length), every 65,536 rows. What it raises ends the count, and so does Ctrl-C.
    threads : int, optional
        How many threads may count at the same time, 1 to 64. Default: as many as there are processors, four at
        most. Nothing of the result depends on it. Files with event ids, and frames, are counted by one.

    Returns
    -------
    Cube
        The accepted contacts. Its ``outcome`` says what became of every row.

    Raises
    ------
    KomhenError
        If the work cannot be done: a file that cannot be read, a header without a required column, a column of a
        type that is not taken, and so on. A bad row is data and never raises.
    TypeError
        If a value is of a kind that cannot stand there.

    Examples
    --------
    >>> import komhen, tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "week.csv"
    >>> _ = file.write_text('''municipality;date;kle;channel;type;direction
    ... 657;2012-04-23;23.05.10;telephone;new_case;incoming
    ... 657;2012-04-23;23.05.10;pigeon;new_case;incoming
    ... ''')
    >>> cube = komhen.count(file, round="2012-spring")
    >>> cube.contacts, cube.outcome.rejected["unknown_channel"]
    (1, 1)
    """
    frame = is_frame(files)
    paths = [] if frame else _paths(files)
    if frame and encoding is not None:
        raise KomhenError("encoding is of files; the texts of a frame are UTF-8")
    most_threads = 0 if threads is None else _whole("threads", threads, 1, 64)
    options: dict[str, Any] = {
        "round": _round(round),
        "participation": _participation(participation),
        "profile": _profile(profile, columns),
        "rejects": b"" if rejects is None else _path(rejects, "rejects"),
        "progress": _callable(progress),
        "keep_rejects": _whole("keep_rejects", keep_rejects, 0, 2**31 - 1),
    }
    if frame:
        try:
            cube, outcome, rows = _core.count_stream(stream_of(files), **options)
        except KomhenError as error:
            if _was_stopped(error):
                raise KeyboardInterrupt from error
            raise
    else:
        cube, outcome, rows = _core.count(
            paths,
            encoding=None if encoding is None else _text("encoding", encoding),
            threads=most_threads,
            **options,
        )
    if rows:
        from .rejects import kept

        outcome.rejections = kept(rows)
    cube.outcome = outcome
    return cube


def _was_stopped(error: KomhenError) -> bool:
    """Whether a producer in Python was stopped by Ctrl-C. Arrow's interface carries the text of its error and no more; the core
    writes a line end as a question mark."""
    last = str(error).rstrip("'?").rpartition("?")[2]
    return last.partition(":")[0] == "KeyboardInterrupt"


def merge(cubes: Iterable[Cube]) -> Cube:
    """The contacts of all the cubes in one; ``sum(cubes, komhen.Cube())`` is the same. Its outcome is not known.

    An event that stands in two of the cubes counts twice: overlapping files are counted in one call, or through a
    journal. Source: docs/journal.md.

    Parameters
    ----------
    cubes : iterable of Cube
        They are not changed.

    Returns
    -------
    Cube
        A cube of its own.

    Raises
    ------
    KomhenError
        If a sum passes 64 bits, or one round id means two rounds.

    Examples
    --------
    >>> import komhen
    >>> cube = komhen.Cube()
    >>> cube.add(municipality=657, week="2012-W17", task="23.05.10", channel="telephone", type="new_case",
    ...          direction="incoming", count=3)
    >>> komhen.merge([cube, cube]).contacts
    6
    """
    out = Cube()
    for cube in _of_type("cubes", cubes, Iterable, "a sequence of cubes"):
        out.merge(_cube("a value of cubes", cube))
    return out


def _of_type(name: str, value: Any, kind: type | tuple[type, ...], called: str) -> Any:
    """A value of the type that it must have. The error names it and does not show it: it may hold anything."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {called}, not {type(value).__name__}")
    return value


def _cube(name: str, cube: Cube) -> Cube:
    found: Cube = _of_type(name, cube, Cube, "a Cube (load_cube reads a saved one)")
    return found


def _word(name: str, value: str | Word) -> str:
    if isinstance(value, str):
        return _text(name, value)
    from .taxonomy import Word  # here and below: what is plain text or a number does without the room of the words

    return value.token if isinstance(value, Word) else _text(name, value)


def _value(dimension: str, value: Any) -> str:
    if type(value) in (str, int):
        return str(value)
    from .taxonomy import Municipality, Task, Word

    if isinstance(value, (Word, Task, Municipality)):
        return value.token if isinstance(value, Word) else value.kle if isinstance(value, Task) else str(value.code)
    if hasattr(value, "__index__") and not isinstance(value, bool):
        return str(operator.index(value))
    return str(_of_type(f"a value of {dimension}", value, str, "text, a whole number or a word of komhen"))


def _values(name: str, where: Where | None) -> list[tuple[str, list[str]]]:
    out: list[tuple[str, list[str]]] = []
    for dimension, values in _of_type(name, {} if where is None else where, Mapping, "a mapping").items():
        dimension = _word(f"a dimension of {name}", dimension)
        out.append((dimension, [_value(dimension, value) for value in _several(values)]))
    return out


def _several(values: Any) -> Iterable[Any]:
    """The values of a filter: text is one value, and so is a row of `TASKS` or `MUNICIPALITIES`, which is a tuple."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        return [values]
    if isinstance(values, tuple):
        from .taxonomy import Municipality, Task

        if isinstance(values, (Task, Municipality)):
            return [values]
    return values


def _tasks(tasks: str | PathLike | Iterable[str | Task]) -> bytes | list[str]:
    if isinstance(tasks, (str, os.PathLike)):
        return _path(tasks)
    return [_value("tasks", task) for task in _of_type("tasks", tasks, Iterable, "text, a path or a sequence")]


def _arguments(
    by: str | Sequence[str],
    where: Where | None,
    without: Where | None,
    tasks: str | PathLike | Sequence[str | Task],
    scheme: str | None,
    raw: bool,
    basis: str = "application",
    set: str | None = None,
) -> dict[str, Any]:
    several = _of_type("by", by, Iterable, "text or a sequence")
    return {
        "by": [_word("a dimension", dimension) for dimension in names_of(several)],
        "where": _values("where", where),
        "without": _values("without", without),
        "tasks": _tasks(tasks),
        "basis": _word("basis", basis),
        "set": None if set is None else _word("set", set),
        "scheme": None if scheme is None else _word("scheme", scheme),
        "raw": bool(raw),
    }


def measure(
    cube: Cube,
    name: str,
    by: str | Sequence[str] = (),
    *,
    where: Where | None = None,
    without: Where | None = None,
    tasks: str | PathLike | Sequence[str | Task] = "all",
    basis: str = "application",
    set: str | None = None,
    scheme: str | None = None,
    raw: bool = False,
) -> Table:
    """Any measure by its name; the other functions of this module are this one with a name each.

    Source: docs/measures.md, which says of each measure what KL prints and what is komhen's own.

    Parameters
    ----------
    cube : Cube
        The tally to read; it is not changed.
    name : str
        ``contacts``, ``mix``, ``self_service``, ``digital``, ``first_contact_closure`` or ``form_share``.
    by : str or sequence of str, optional
        Dimensions to split by, such as ``["task"]``. Default: one row for everything.
    where, without : mapping, optional
        Dimension to a value or values: only contacts with one of them, or with none of them.
    tasks : str, path or sequence of str, optional
        ``"all"``, ``"kl-35"``, a file of KLE numbers, or the numbers (or rows of `TASKS`) themselves.
    basis, set : str, optional
        Of ``self_service`` and ``digital``; see there.
    scheme : str, optional
        Grouping of contact types. Default: the scheme of the cube's round, ``"kl-2012"`` without a round.
    raw : bool, optional
        Leave the rounds' reclassification rules out.

    Returns
    -------
    Table
        One row for each combination with contacts, sorted: numerator and denominator in contacts, and an exact share. No rows
        when nothing was counted.

    Raises
    ------
    KomhenError
        If a name or value is not known, a filter is on the dimension that is measured, or the rounds of the cube
        have different schemes and none is named.
    TypeError
        If a value is of a kind that cannot stand there.

    Examples
    --------
    >>> import komhen
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="telephone", count=3, **move)
    >>> cube.add(channel="self_service", count=1, **move)
    >>> komhen.measure(cube, "mix", by="channel").to_pylist()[0]
    {'channel': 'telephone', 'numerator': 3, 'denominator': 4, 'share': Fraction(3, 4)}
    """
    query = _arguments(by, where, without, tasks, scheme, raw, basis, set)
    return Table(_core.measure(_cube("cube", cube), _word("name", name), **query), filters_of(query))


def contacts(
    cube: Cube,
    by: str | Sequence[str] = (),
    *,
    where: Where | None = None,
    without: Where | None = None,
    tasks: str | PathLike | Sequence[str | Task] = "all",
    scheme: str | None = None,
    raw: bool = False,
) -> Table:
    """The number of contacts, by any dimensions.

    Source: docs/measures.md.

    Parameters
    ----------
    cube : Cube
        The tally to read; it is not changed.
    by : str or sequence of str, optional
        Dimensions to split by. Default: one row for everything.
    where, without, tasks, scheme, raw : optional
        As in `measure`.

    Returns
    -------
    Table
        One row for each combination with contacts: the dimensions and ``contacts``.

    Raises
    ------
    KomhenError
        As in `measure`.

    Examples
    --------
    >>> import komhen
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="telephone", count=3, **move)
    >>> cube.add(channel="self_service", count=1, **move)
    >>> komhen.contacts(cube, by="channel").to_pylist()
    [{'channel': 'telephone', 'contacts': 3}, {'channel': 'self_service', 'contacts': 1}]
    """
    return measure(cube, "contacts", by, where=where, without=without, tasks=tasks, scheme=scheme, raw=raw)


def mix(
    cube: Cube,
    by: str | Sequence[str],
    *,
    where: Where | None = None,
    without: Where | None = None,
    tasks: str | PathLike | Sequence[str | Task] = "all",
    scheme: str | None = None,
    raw: bool = False,
) -> Table:
    """How contacts divide over the values of the last dimension, within the others.

    Incoming contacts, unless direction is a dimension or a filter. Source: docs/measures.md.

    Parameters
    ----------
    cube : Cube
        The tally to read; it is not changed.
    by : str or sequence of str
        Dimensions; the shares of the last one's values sum to one within the others.
    where, without, tasks, scheme, raw : optional
        As in `measure`.

    Returns
    -------
    Table
        Numerator and denominator in contacts, and an exact share.

    Raises
    ------
    KomhenError
        As in `measure`.

    Examples
    --------
    >>> import komhen
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="telephone", count=3, **move)
    >>> cube.add(channel="self_service", count=1, **move)
    >>> [(row["channel"], str(row["share"])) for row in komhen.mix(cube, by="channel")]
    [('telephone', '3/4'), ('self_service', '1/4')]
    """
    return measure(cube, "mix", by, where=where, without=without, tasks=tasks, scheme=scheme, raw=raw)


def self_service(
    cube: Cube,
    by: str | Sequence[str] = (),
    *,
    where: Where | None = None,
    without: Where | None = None,
    tasks: str | PathLike | Sequence[str | Task] = "all",
    basis: str = "application",
    scheme: str | None = None,
    raw: bool = False,
) -> Table:
    """Share of incoming contacts that came by self-service; the website counts among the other channels.

    Source: KL, "Kommunernes henvendelser", spring 2012, the self-service table; docs/measures.md.

    Parameters
    ----------
    cube : Cube
        The tally to read; it is not changed.
    by : str or sequence of str, optional
        Dimensions to split by. Default: one row for everything.
    where, without, tasks : optional
        As in `measure`.
    basis : str, optional
        The contacts in the denominator: a group of the scheme (default ``"application"``) or ``"all"``.
    scheme, raw : optional
        As in `measure`.

    Returns
    -------
    Table
        Numerator and denominator in contacts, and an exact share; None where the basis has no contacts.

    Raises
    ------
    KomhenError
        As in `measure`.

    Examples
    --------
    >>> import komhen
    >>> komhen.self_service(komhen.Cube(), by=["task"]).to_pylist()
    []
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="telephone", count=3, **move)
    >>> cube.add(channel="self_service", count=1, **move)
    >>> komhen.self_service(cube, by=["task"]).to_pylist()[0]["share"]
    Fraction(1, 4)
    """
    return measure(
        cube, "self_service", by, where=where, without=without, tasks=tasks, basis=basis, scheme=scheme, raw=raw
    )


def digital(
    cube: Cube,
    by: str | Sequence[str] = (),
    *,
    set: str,
    where: Where | None = None,
    without: Where | None = None,
    tasks: str | PathLike | Sequence[str | Task] = "all",
    scheme: str | None = None,
    raw: bool = False,
) -> Table:
    """Share of contacts on a named set of channels.

    Source: the sets are komhen's own (docs/measures.md); no source defines "digital".

    Parameters
    ----------
    cube : Cube
        The tally to read; it is not changed.
    by : str or sequence of str, optional
        Dimensions to split by. A direction must be given, here or in ``where``.
    set : {"narrow", "effective", "broad", "dispatch"}
        The channels that are meant; ``dispatch`` is over its own channels and letters.
    where, without, tasks, scheme, raw : optional
        As in `measure`.

    Returns
    -------
    Table
        Numerator and denominator in contacts, and an exact share.

    Raises
    ------
    KomhenError
        As in `measure`.

    Examples
    --------
    >>> import komhen
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="telephone", count=3, **move)
    >>> cube.add(channel="self_service", count=1, **move)
    >>> komhen.digital(cube, set="narrow", by="direction").to_pylist()[0]["share"]
    Fraction(1, 4)
    """
    return measure(cube, "digital", by, where=where, without=without, tasks=tasks, set=set, scheme=scheme, raw=raw)


def first_contact_closure(
    cube: Cube,
    by: str | Sequence[str] = (),
    *,
    where: Where | None = None,
    without: Where | None = None,
    tasks: str | PathLike | Sequence[str | Task] = "all",
    scheme: str | None = None,
    raw: bool = False,
) -> Table:
    """Share of contacts that were closed at once, of those whose closure is stated; ``not_stated`` stands beside.

    Incoming contacts of all types, unless direction is given. Source: KL, "Kommunernes henvendelser", spring 2012, "Afslutning
    af henvendelserne"; docs/measures.md.

    Parameters
    ----------
    cube : Cube
        The tally to read; it is not changed.
    by : str or sequence of str, optional
        Dimensions to split by. Default: one row for everything.
    where, without, tasks, scheme, raw : optional
        As in `measure`.

    Returns
    -------
    Table
        Numerator, denominator and ``not_stated`` in contacts, and an exact share.

    Raises
    ------
    KomhenError
        As in `measure`.

    Examples
    --------
    >>> import komhen
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="telephone", closure="closed", **move)
    >>> cube.add(channel="telephone", **move)
    >>> komhen.first_contact_closure(cube).to_pylist()
    [{'numerator': 1, 'denominator': 1, 'share': Fraction(1, 1), 'not_stated': 1}]
    """
    return measure(
        cube, "first_contact_closure", by, where=where, without=without, tasks=tasks, scheme=scheme, raw=raw
    )


def form_share(
    cube: Cube,
    by: str | Sequence[str] = (),
    *,
    where: Where | None = None,
    without: Where | None = None,
    tasks: str | PathLike | Sequence[str | Task] = "all",
    scheme: str | None = None,
    raw: bool = False,
) -> Table:
    """Share of contacts that a form came with, of those where it is stated.

    Source: docs/measures.md; that a form is no channel is KL's, "Kommunernes henvendelser", spring 2012.

    Parameters
    ----------
    cube : Cube
        The tally to read; it is not changed.
    by : str or sequence of str, optional
        Dimensions to split by. Default: one row for everything.
    where, without, tasks, scheme, raw : optional
        As in `measure`.

    Returns
    -------
    Table
        Numerator, denominator, ``paper``, ``digital`` and ``not_stated`` in contacts; ``share``, ``paper_share`` and
        ``digital_share``, exact.

    Raises
    ------
    KomhenError
        As in `measure`.

    Examples
    --------
    >>> import komhen
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="letter", form="paper", **move)
    >>> cube.add(channel="telephone", form="none", **move)
    >>> komhen.form_share(cube).to_pylist()[0]["share"]
    Fraction(1, 2)
    """
    return measure(cube, "form_share", by, where=where, without=without, tasks=tasks, scheme=scheme, raw=raw)


def compare(
    before: Cube,
    after: Cube,
    name: str = "self_service",
    by: str | Sequence[str] = (),
    *,
    where: Where | None = None,
    without: Where | None = None,
    tasks: str | PathLike | Sequence[str | Task] = "all",
    basis: str = "application",
    set: str | None = None,
    scheme: str | None = None,
    raw: bool = False,
) -> Comparison:
    """A measure of two cubes side by side, and the exact change between them.

    Exact shares are subtracted first and rounded last. Source: KL's own table does so, "Kommunernes henvendelser", spring 2012;
    docs/measures.md.

    Parameters
    ----------
    before, after : Cube
        The two tallies; they are not changed.
    name : str, optional
        The measure, as in `measure`. Default: ``"self_service"``.
    by, where, without, tasks, basis, set, scheme, raw : optional
        As in `measure`.

    Returns
    -------
    Comparison
        A row for each combination that either cube has: shares exact, the change in percentage points. ``warnings`` says when
        schemes, sources or packages differ.

    Raises
    ------
    KomhenError
        As in `measure`, and for a measure that has no share.

    Examples
    --------
    >>> import komhen
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="telephone", count=3, **move)
    >>> cube.add(channel="self_service", count=1, **move)
    >>> (row,) = komhen.compare(cube, cube + cube, by="task").to_pylist()
    >>> row["before"], row["change"]
    (Fraction(1, 4), Fraction(0, 1))
    """
    query = _arguments(by, where, without, tasks, scheme, raw, basis, set)
    compared = _core.compare(_cube("before", before), _cube("after", after), _word("name", name), **query)
    return Comparison(compared, filters_of(query))


def filtered(
    cube: Cube,
    *,
    where: Where | None = None,
    without: Where | None = None,
    tasks: str | PathLike | Sequence[str | Task] = "all",
    scheme: str | None = None,
    raw: bool = False,
) -> Cube:
    """The cube of the contacts that filters and a task set let through. Its outcome is not known.

    Types stay as they were registered. Source: docs/measures.md.

    Parameters
    ----------
    cube : Cube
        The tally to read; it is not changed.
    where, without, tasks, scheme, raw : optional
        As in `measure`; the scheme matters to a filter on groups.

    Returns
    -------
    Cube
        A cube of its own.

    Raises
    ------
    KomhenError
        As in `measure`.

    Examples
    --------
    >>> import komhen
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="telephone", count=3, **move)
    >>> cube.add(channel="self_service", count=1, **move)
    >>> komhen.filtered(cube, where={"channel": "self_service"}).contacts
    1
    """
    query = _arguments((), where, without, tasks, scheme, raw)
    return _core.filtered(
        _cube("cube", cube), query["where"], query["without"], query["tasks"], query["scheme"], query["raw"]
    )


def rolled_up(cube: Cube, away: str | Sequence[str]) -> Cube:
    """The cube with some of its dimensions forgotten.

    Source: docs/measures.md.

    Parameters
    ----------
    cube : Cube
        The tally to read; it is not changed.
    away : str or sequence of str
        Of ``closure``, ``form``, ``source`` and ``unit``; other dimensions cannot be forgotten.

    Returns
    -------
    Cube
        A cube of its own, with as many contacts and no more cells.

    Raises
    ------
    KomhenError
        If a dimension is none of the four.

    Examples
    --------
    >>> import komhen
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="telephone", unit="Skranke", **move)
    >>> cube.add(channel="telephone", unit="Callcenter", **move)
    >>> len(cube), len(komhen.rolled_up(cube, "unit"))
    (2, 1)
    """
    several = names_of(_of_type("away", away, Iterable, "text or a sequence"))
    return _core.rolled_up(_cube("cube", cube), [_word("a dimension", name) for name in several])


def published_figures() -> Rows[dict[str, Any]]:
    """Every figure that a source printed, with what it is of.

    Source: named in each row's ``publication``.

    Returns
    -------
    Rows
        A list of dicts that is a frame too: ``round``, ``publication``, ``dated``, ``method``, ``task_set``, ``figure``, ``task``,
        ``value`` (in ``unit``; None is ``withheld`` or ``not_collected``, and neither is zero), ``bound``, ``state`` and ``note``.

    Raises
    ------
    KomhenError
        Never: there is nothing that could be wrong.

    Examples
    --------
    >>> import komhen
    >>> {row["state"] for row in komhen.published_figures() if row["value"] is None} <= {"withheld", "not_collected"}
    True
    """
    return Rows(_core.published_figures(), ("Trykte tal", "Printed figures"))


def compare_published(before: str = "2011-autumn", after: str = "2012-spring") -> Rows[dict[str, Any]]:
    """KL's printed self-service tables of two rounds: the printed change, and what rounding allows the true one to be.

    Source: KL, "Kommunernes henvendelser", spring 2012, the self-service table.

    Parameters
    ----------
    before, after : str, optional
        The ids of the rounds. Default: autumn 2011 and spring 2012.

    Returns
    -------
    Rows
        A list of dicts that is a frame too, a row for each task and the total: ``before``, ``after`` in per cent,
        ``printed_change`` and intervals in percentage points.

    Raises
    ------
    KomhenError
        If a round has no printed table.

    Examples
    --------
    >>> import komhen
    >>> [row["from_rounding"] for row in komhen.compare_published() if row["task"] == "23.05.10"]
    ['above 16, below 18']
    """
    return Rows(
        _core.compare_published(_word("before", before), _word("after", after)),
        ("Trykte andele, før og efter", "Printed shares, before and after"),
    )


def against_published(cube: Cube, round: str) -> Rows[dict[str, Any]]:
    """A cube held against KL's printed self-service table of a round.

    Source: KL, "Kommunernes henvendelser", spring 2012, the self-service table.

    Parameters
    ----------
    cube : Cube
        The tally to read; it is not changed.
    round : str
        The id of the round, such as ``"2012-spring"``.

    Returns
    -------
    Rows
        A list of dicts that is a frame too: the 35 tasks, the total, and the total without what was withheld (the source does not
        say which of the two it printed), with ``published`` and ``per_cent`` in per cent, ``numerator`` and ``denominator`` in
        contacts, ``share`` (text with 6 decimals; a decimal in frames and ``to_pylist()``), and ``agrees``.

    Raises
    ------
    KomhenError
        If the round has no printed table.

    Examples
    --------
    >>> import komhen
    >>> len(komhen.against_published(komhen.Cube(), "2012-spring"))
    37
    """
    found = Rows(
        _core.against_published(_cube("cube", cube), _word("round", round)),
        ("Optællingen holdt mod de trykte tal", "The count held against the printed figures"),
        {"per_cent": ("optalt, %", "counted, %")},
    )
    found._decimals = ("share",)
    return found


def load_round(round: str | PathLike) -> Round:
    """A built-in round by its id, or a round from a TOML file.

    Source: docs/rounds.md.

    Parameters
    ----------
    round : str or path
        ``"2012-spring"`` and the others of ``komhen rounds``, or a ``.toml`` file.

    Returns
    -------
    Round
        Weeks, scheme, task package and reclassification rules.

    Raises
    ------
    KomhenError
        In one sentence that names file, key and value.

    Examples
    --------
    >>> import komhen
    >>> komhen.load_round("2012-spring").weeks
    ['2012-W17', '2012-W18', '2012-W19']
    """
    return _core.load_round(_path(round, "round"))


def load_cube(path: PathLike) -> Cube:
    """A cube that ``Cube.save`` wrote.

    Source: the file is komhen's own (docs/measures.md says what a cube holds).

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    Cube
        Without the outcome: the file holds sums.

    Raises
    ------
    KomhenError
        If the file cannot be read, or is cut short or altered.

    Examples
    --------
    >>> import komhen, pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "week.cube"
    >>> komhen.Cube().save(file)
    >>> komhen.load_cube(file).contacts
    0
    """
    return Cube.load(_path(path))


def simulate(
    out: PathLike,
    *,
    round: str = "2012-spring",
    rows: int = 650_000,
    seed: int = 1,
    event_ids: bool = False,
    progress: Callable[[int, int], object] | None = None,
) -> dict[str, Any]:
    """Write a synthetic round that holds KL's printed figures, and its participation beside it.

    The same round, rows and seed give the same bytes on every machine. Source: KL, "Kommunernes henvendelser", spring 2012; what
    no source prints is assumed, and named in the result.

    Parameters
    ----------
    out : path
        The exchange file; the participation stands beside it as ``<name>.participation.csv``.
    round : str, optional
        The id of a round whose table was printed.
    rows : int, optional
        How many registrations to write.
    seed : int, optional
        From 0 to 2^64 - 1.
    event_ids : bool, optional
        Give each row an event id.
    progress : callable, optional
        Called with rows done and rows in all. What it raises ends the work, and so does Ctrl-C; there is no file then.

    Returns
    -------
    dict
        ``rows``, ``assumptions`` (what no source prints) and ``participation``.

    Raises
    ------
    KomhenError
        If there are too few rows to hold the shares, or a file cannot be written.

    Examples
    --------
    >>> import komhen, pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "spring.csv"
    >>> komhen.simulate(file, rows=22_000)["rows"]
    22000
    """
    written, assumptions, participation = _core.simulate(
        _text("round", round),
        _whole("rows", rows, -(2**63), 2**63 - 1),
        _whole("seed", seed, 0, 2**64 - 1),
        _path(out, "out"),
        event_ids=bool(event_ids),
        progress=_callable(progress),
    )
    return {"rows": written, "assumptions": assumptions, "participation": participation}
