"""What counting on many machines shares: one count as many calls, and the calls put together again."""

from __future__ import annotations

import contextlib
import copy
import itertools
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from . import _core, frames, measures
from ._core import Cube, KomhenError, Participation, Profile, Round

FAN = 16  # cubes that are merged at once: a tree of 256 cubes has two levels
RECORD = 1 << 20  # bytes: no record is longer, so a header is within them
HEADER_LINES = 16  # that are tried one by one; a header may hold line ends, and blank lines may stand before it


class Plan(NamedTuple):
    """What every call of one count is told. It travels to workers by pickle: no worker reads the user's files of it."""

    round: Round | None
    participation: Participation | None
    profile: Profile | None
    encoding: str | None = None

    def counted(self, rows: Any, **more: Any) -> Cube:
        """One call: the paths or the frame of one piece."""
        return measures.count(
            rows,
            round=self.round,
            participation=self.participation,
            profile=self.profile,
            encoding=self.encoding,
            **more,
        )

    def dimensions(self, rows: Any) -> list[str]:
        """The dimensions that a call would read: the core writes them into the header of its reject file."""
        with tempfile.TemporaryDirectory() as folder:
            rejects = os.path.join(folder, "rejects.csv")
            self.counted(rows, rejects=rejects)
            with open(rejects, encoding="utf-8") as file:
                return file.readline().rstrip("\r\n").split(";")[4:]

    def dimensions_of_file(self, path: bytes) -> list[str]:
        """The same of a file, from its first lines: as many as the core needs to find a header in them.

        Empty when there is none: the count itself then says what is wrong with the file.
        """
        try:
            with open(path, "rb") as file:
                head = file.read(RECORD)
        except OSError as error:
            raise KomhenError(f"the file {_core.masked(repr(path)[1:])} cannot be read: {error.strerror}") from None
        ends = [end.end() for end in itertools.islice(re.finditer(b"\r\n|\n|\r", head), HEADER_LINES)]
        if len(ends) < HEADER_LINES:
            ends.append(len(head))
        for end in ends:
            with _in_memory(head[:end]) as first:
                try:
                    return self.dimensions(first)
                except KomhenError:
                    continue
        return []


@contextlib.contextmanager
def _in_memory(text: bytes) -> Iterator[str]:
    """A file of these bytes that no disk holds where the system can do so: what has no header may be anything."""
    if hasattr(os, "memfd_create"):
        number = os.memfd_create("header")
        try:
            os.write(number, text)
            yield f"/proc/self/fd/{number}"
        finally:
            os.close(number)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "header.csv")
        with open(path, "wb") as part:
            part.write(text)
        yield path


def plan_of(
    round: Any, participation: Any, profile: Any, columns: Mapping[str, str] | None, encoding: str | None = None
) -> Plan:
    """The options of `komhen.count`, read here, so that a mistake is told before any worker begins."""
    if encoding is not None:
        measures._text("encoding", encoding)
    return Plan(
        measures._round(round), measures._participation(participation), measures._profile(profile, columns), encoding
    )


class Shape(NamedTuple):
    """What is known of a frame before its rows are read."""

    empty: Cube
    """The count of no rows: the round's cube, and an outcome that names the columns which are not read."""
    used: list[str]
    """The names of the columns that are read, in the frame's order."""
    event_id: str | None
    """The one that holds event ids."""


def shape_of(plan: Plan, empty: Any) -> Shape:
    """Asks the core what it makes of a frame's columns. `empty` is a pyarrow.Table without rows.

    Raises KomhenError as `komhen.count` would: a required column that is not there, a type that is not taken.
    """
    counted = plan.counted(empty)
    assert counted.outcome is not None
    unread = set(counted.outcome.unread_columns)
    used = [name for name in empty.column_names if _core.masked(name) not in unread]
    dimensions = plan.dimensions(empty)
    if "event_id" not in dimensions:
        return Shape(counted, used, None)
    if plan.profile is not None and "event_id" in plan.profile.columns:
        return Shape(counted, used, plan.profile.columns["event_id"])
    for name in used:
        try:
            if "event_id" not in plan.dimensions(empty.select([other for other in used if other != name])):
                return Shape(counted, used, name)
        except KomhenError:
            continue  # a required column, which is another
    raise KomhenError("the frame's event ids are not in a column, so every row would be one event")


def ordered_by(order: str | Sequence[str] | None, names: Sequence[str], event_id: str | None) -> list[str]:
    """The columns that say which row of an event came first, or the sentence that asks for them."""
    if event_id is None:
        if order is not None:
            raise KomhenError("order says which row of an event came first, and the frame has no event_id")
        return []
    if order is None:
        raise KomhenError(
            f"the frame has event ids (column {_core.masked(event_id)!r}), and of the rows of one event the first "
            "counts: name the column that says which came first (order=), or leave the event ids out"
        )
    wanted = [order] if isinstance(order, str) else [measures._text("a column of order", name) for name in order]
    if not wanted:
        raise KomhenError("order names no column")
    for name in wanted:
        if name not in names:
            raise KomhenError(f"order names {_core.masked(name)!r}, which is no column of the frame")
    return wanted


def files_of(source: Any, order: str | Sequence[str] | None) -> list[bytes]:
    """The files of a path, of a folder (its own files, by name, without hidden ones) or of a sequence of both."""
    if frames.is_frame(source):
        raise KomhenError(f"a {frames.kind_of(source)} is on this machine; komhen.count counts it")
    if order is not None:
        raise KomhenError("order is of a frame; files are taken by name")
    out: list[bytes] = []
    for path in measures._paths(source):
        if os.path.isdir(path):
            with os.scandir(path) as entries:
                inside = sorted(
                    entry.path for entry in entries if entry.is_file() and entry.name[:1] not in (b".", b"_")
                )
            if not inside:
                raise KomhenError(f"the folder {_core.masked(repr(path)[1:])} holds no file to count")
            out += inside
        else:
            out.append(path)
    if not out:
        raise KomhenError("there is no file to count")
    seen: set[bytes] = set()
    for path in out:
        real = os.path.realpath(path)
        if real in seen:
            raise KomhenError(f"the file {_core.masked(repr(path)[1:])} is named twice; its rows would count twice")
        seen.add(real)
    return out


def count_file(plan: Plan, path: bytes, alone: bool, ids_within_files: bool) -> Cube:
    """One file as a call of its own, if that gives what one call over all the files would."""
    if not alone and not ids_within_files and "event_id" in plan.dimensions_of_file(path):
        raise KomhenError(
            f"the file {_core.masked(repr(path)[1:])} has event ids, and one that stands in two files is found by one "
            "call over both: use komhen.count, or a frame with order=, or say ids_within_files=True if none does"
        )
    return plan.counted(path)


def joined(counted: Iterable[Cube], of_one_stream: bool) -> Cube:
    """Calls, in their order, as if they had been one: cells and outcome. There must be at least one."""
    rest: Iterator[Cube] = iter(counted)
    first = next(rest)
    cube, outcome = first.copy(), copy.copy(first.outcome)
    assert outcome is not None
    for each in rest:
        assert each.outcome is not None
        cube.merge(each)
        outcome.merge(each.outcome, of_one_stream=of_one_stream)
    cube.outcome = outcome
    return cube
