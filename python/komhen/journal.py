"""Durable counting: a journal keeps events that survive kill -9 and power loss, and counts each once."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, NamedTuple

from . import _core
from ._core import Cube, Participation, Round
from .measures import PathLike, _callable, _participation, _path, _round
from .taxonomy import Word


class Changes(NamedTuple):
    """The exact difference between two moments of a journal. Source: docs/journal.md."""

    added: Cube
    """Effective at ``up_to``, not at ``since``."""
    removed: Cube
    """Effective at ``since``, undone by ``up_to``."""
    since: int
    up_to: int
    """Ask with it the next time."""


class Check(NamedTuple):
    """What ``Journal.verify()`` found. Source: docs/journal.md."""

    sound: bool
    entries: int
    sentence: str


class Journal:
    """A file of events, each counted once however often it is sent. The key is municipality, source and event_id.

    Every answer is durable when it is given. One handle of one process holds the file; several processes write several
    files, and `merge_journals` unites them. Any thread may use a handle at any time; threads that record at the same time
    share one sync. Source: docs/journal.md says what is promised.

    Parameters
    ----------
    path : path
        The file. ``<path>.lock`` stands beside it, and ``<path>-wal`` while it is open.
    mode : {"open_or_create", "create_only", "must_exist", "read_only"}
        What may be there.
    trial : bool or None
        Whether its contacts are a trial's, which is stored in the file; None takes the file as it is.
    group_delay : float
        Seconds that a commit waits for other threads to share its sync, at most 0.1.

    Raises
    ------
    KomhenError
        If the file is open elsewhere, is of the other kind, is damaged or cannot be used.

    Examples
    --------
    >>> import komhen, pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> contact = dict(municipality=657, week="2012-W17", task="23.05.10", channel="telephone", type="new_case",
    ...                direction="incoming", source="desk")
    >>> with komhen.Journal(folder / "desk.journal") as journal:
    ...     journal.record(**contact, event_id="a-1")
    ...     journal.record(**contact, event_id="a-1")
    ...     journal.cube().contacts
    'recorded'
    'duplicate'
    1
    """

    def __init__(
        self,
        path: PathLike,
        *,
        mode: str = "open_or_create",
        trial: bool | None = False,
        group_delay: float = 0,
    ) -> None:
        self._journal = _core.Journal(_path(path), mode, trial, round(group_delay * 1_000_000))

    def record(
        self,
        *,
        municipality: int | str,
        week: str,
        task: str,
        channel: str | Word,
        type: str | Word,
        direction: str | Word,
        event_id: str,
        closure: str | Word = "",
        form: str | Word = "",
        source: str = "",
        unit: str = "",
        count: int = 1,
    ) -> str:
        """Record one event; it is durable when this returns.

        Returns
        -------
        str
            ``"recorded"``; ``"duplicate"`` or ``"conflict"`` when the key is there with the same or other content;
            ``"cancelled"`` when the key was undone. Only the first is counted.

        Raises
        ------
        KomhenError
            For a word that is none, an event_id that is empty or looks like a CPR number, a sealed journal, or a disk that
            failed: the sentence says what was and was not kept. Sending the same event again is always safe.

        Examples
        --------
        >>> import komhen, pathlib, tempfile
        >>> journal = komhen.Journal(pathlib.Path(tempfile.mkdtemp()) / "desk.journal")
        >>> contact = dict(municipality="Herning", week="2012-W17", task="23.05.10", channel=komhen.Channel.TELEPHONE,
        ...                type="new_case", direction="incoming", event_id="a-1")
        >>> journal.record(**contact), journal.record(**contact | {"count": 2})
        ('recorded', 'conflict')
        >>> journal.close()
        """
        return self._journal.record(
            _event(
                municipality=municipality,
                week=week,
                task=task,
                channel=channel,
                type=type,
                direction=direction,
                event_id=event_id,
                closure=closure,
                form=form,
                source=source,
                unit=unit,
                count=count,
            )
        )

    def record_many(self, events: Iterable[Mapping[str, Any]]) -> list[str]:
        """Record many events with one sync: all of them, or none when it raises.

        Parameters
        ----------
        events : iterable of mappings
            Each with the arguments of `record`.

        Returns
        -------
        list of str
            An answer for each event, in their order.

        Examples
        --------
        >>> import komhen, pathlib, tempfile
        >>> contact = dict(municipality=657, week="2012-W17", task="23.05.10", channel="telephone", type="new_case",
        ...                direction="incoming")
        >>> with komhen.Journal(pathlib.Path(tempfile.mkdtemp()) / "desk.journal") as journal:
        ...     journal.record_many(contact | {"event_id": id} for id in ("a-1", "a-2", "a-1"))
        ['recorded', 'recorded', 'duplicate']
        """
        return self._journal.record_many([_event(**event) for event in events])

    def undo(self, *, municipality: int | str, source: str = "", event_id: str) -> str:
        """Cancel the event of this key for good, whether it is there, comes later or comes again. Nothing is deleted.

        Returns
        -------
        str
            ``"undone"``; ``"waiting"`` when its event has not come; ``"already_undone"``.

        Examples
        --------
        >>> import komhen, pathlib, tempfile
        >>> with komhen.Journal(pathlib.Path(tempfile.mkdtemp()) / "desk.journal") as journal:
        ...     journal.undo(municipality=657, source="desk", event_id="a-1")
        'waiting'
        """
        return self._journal.undo(_municipality(municipality), _text("source", source), _text("event_id", event_id))

    def cube(self) -> Cube:
        """All effective events, or what the seal kept of them."""
        return self._journal.cube()

    def changes(self, since: int = 0) -> Changes:
        """What changed after entry number ``since``: the cube now is the one then, plus ``added``, minus ``removed``.

        Examples
        --------
        >>> import komhen, pathlib, tempfile
        >>> contact = dict(municipality=657, week="2012-W17", task="23.05.10", channel="telephone", type="new_case",
        ...                direction="incoming")
        >>> with komhen.Journal(pathlib.Path(tempfile.mkdtemp()) / "desk.journal") as journal:
        ...     _ = journal.record(**contact, event_id="a-1", count=3)
        ...     then = journal.changes().up_to
        ...     _ = journal.undo(municipality=657, event_id="a-1")
        ...     journal.changes(then).removed.contacts
        3
        """
        return Changes(*self._journal.changes(_whole("since", since)))

    def count(
        self,
        *,
        round: str | PathLike | Round | None = None,
        participation: PathLike | Participation | None = None,
        since: int = 0,
    ) -> Cube:
        """The effective events under a round's rules, as `komhen.count` counts files; ``outcome`` says what became of each."""
        cube, outcome = self._journal.count(_round(round), _participation(participation), _whole("since", since))
        cube.outcome = outcome
        return cube

    def export(self, path: PathLike) -> int:
        """Write the effective events as an exchange file with event_id; its count is ``cube()``. Returns the rows."""
        return self._journal.export(_path(path))

    def status(self) -> dict[str, Any]:
        """Numbers of the journal: events, effective, undone, waiting_undos, contacts, trial, sealed, ids_erased, last_seq,
        schema_version, file_bytes, first_week and last_week."""
        return self._journal.status()

    def verify(self) -> Check:
        """Read every page and every entry; a damaged journal is an answer and does not raise."""
        return Check(*self._journal.verify())

    def backup(self, path: PathLike) -> None:
        """Copy the journal to a new file, which appears when it is complete."""
        self._journal.backup(_path(path))

    def seal(self, *, erase_ids: bool = False) -> None:
        """End a round: the cube stays and no more records are taken; with ``erase_ids`` entries and ids are overwritten."""
        self._journal.seal(erase_ids)

    def close(self) -> None:
        """Give the file free. Closing twice is allowed."""
        self._journal.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, type: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def merge_journals(
    out: PathLike, journals: Iterable[PathLike], *, progress: Callable[[int, int], object] | None = None
) -> dict[str, Any]:
    """Unite journals by key into a new one, which appears when it is complete. One file's undo cancels another's event.

    Source: docs/journal.md.

    Parameters
    ----------
    out : path
        Where the new journal will stand; nothing may stand there.
    journals : sequence of paths
        The journals; the first that has a key wins.
    progress : callable, optional
        Called with entries done and entries in all, many times a second. What it raises ends the merge, and so does Ctrl-C;
        there is no new journal then.

    Returns
    -------
    dict
        files, events, duplicates, conflicts (the first file wins), undos, effective, contacts and trial.

    Raises
    ------
    KomhenError
        If one is sealed or open elsewhere, if trial and real ones meet, or if ``out`` exists.

    Examples
    --------
    >>> import komhen, pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> contact = dict(municipality=657, week="2012-W17", task="23.05.10", channel="telephone", type="new_case",
    ...                direction="incoming", event_id="a-1")
    >>> for name in ("north", "south"):
    ...     with komhen.Journal(folder / name) as journal:
    ...         _ = journal.record(**contact)
    >>> komhen.merge_journals(folder / "both", [folder / "north", folder / "south"])["duplicates"]
    1
    """
    return _core.merge_journals(_path(out), [_path(path) for path in journals], _callable(progress))


def _event(
    *,
    municipality: int | str,
    week: str,
    task: str,
    channel: str | Word,
    type: str | Word,
    direction: str | Word,
    event_id: str,
    closure: str | Word = "",
    form: str | Word = "",
    source: str = "",
    unit: str = "",
    count: int = 1,
) -> tuple[Any, ...]:
    given = {"week": week, "task": task, "channel": channel, "type": type, "direction": direction, "event_id": event_id}
    left_out = {"closure": closure, "form": form, "source": source, "unit": unit}
    texts = {name: _text(name, value) for name, value in given.items()}
    texts |= {name: "" if value is None else _text(name, value) for name, value in left_out.items()}
    return (
        _municipality(municipality),
        *(texts[name] for name in ("week", "task", "channel", "type", "direction", "closure", "form", "source", "unit")),
        _whole("count", count),
        texts["event_id"],
    )


def _text(name: str, value: object) -> str:
    """Text, or a word of the method by its token. The error names the key and does not show the value."""
    if isinstance(value, Word):
        return value.token
    if not isinstance(value, str):
        raise _core.KomhenError(f"{name} must be text")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise _core.KomhenError(f"{name} is not valid Unicode") from None
    return value


def _whole(name: str, value: object) -> int:
    """A whole number of 64 bits; the error names the key and does not show the value."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise _core.KomhenError(f"{name} must be a whole number")
    number = operator.index(value)
    if not -(2**63) <= number < 2**63:
        raise _core.KomhenError(f"{name} does not fit 64 bits")
    return number


def _municipality(value: object) -> int | str:
    return _text("municipality", value) if isinstance(value, str) else _whole("municipality", value)
