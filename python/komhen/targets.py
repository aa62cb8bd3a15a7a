"""Goals held against counts, the baselines that they rest on, and the waves of mandatory self-service."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime as Moment
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, overload

from . import _core
from ._core import Baseline, Cube
from ._shown import Rows, Shown, values_of
from ._text import asked, not_there, text_table
from .prices import Prices, Unpriced, apart, price_list
from .measures import PathLike, _cube, _of_type, _path, _tasks, _word
from .tables import shown
from .taxonomy import Task

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True)
class GoalValue:
    """What it would save to move the contacts that a goal is short of: ``contacts`` x ``each``, on average over the
    ``priced`` ones. ``unpriced`` could move too and have no price: in no average, and not at zero."""

    contacts: int
    to: str
    each: Decimal
    each_exact: Fraction
    saving: Decimal
    saving_exact: Fraction
    priced: int
    unpriced: int


@dataclass(frozen=True)
class GoalResult:
    """A goal held against a count.

    ``outcome`` is ``met``, ``not_met``, ``measured``, ``not_collected`` or ``no_contacts``. ``value`` is exact, and ``gap_points``
    are the percentage points still to go. ``share`` is the goal's contacts over all: (numerator, denominator).
    """

    id: str
    title: str
    source: str
    kind: str
    comparator: str
    low: Fraction | None
    high: Fraction | None
    due: Date | None
    outcome: str
    tasks: str
    scheme: str
    share: tuple[int, int] | None
    share_before: tuple[int, int] | None
    value: Fraction | None
    gap_points: Fraction | None
    contacts_to_move: int | None
    saving: GoalValue | None
    notes: tuple[str, ...]


def _value(row: Mapping[str, Any] | None) -> GoalValue | None:
    if row is None:
        return None
    each, saving = row["each"], row["saving"]
    return GoalValue(
        row["contacts"],
        row["to"],
        Decimal(each[0]),
        Fraction(each[1]),
        Decimal(saving[0]),
        Fraction(saving[1]),
        row["priced"],
        row["unpriced"],
    )


def _result(row: Mapping[str, Any]) -> GoalResult:
    exact = {name: None if row[name] is None else Fraction(row[name]) for name in ("low", "high", "value", "gap_points")}
    due = None if row["due"] is None else Date.fromisoformat(row["due"])
    return GoalResult(**{**row, **exact, "due": due, "saving": _value(row["saving"]), "notes": tuple(row["notes"])})


class Goals(Shown[_core.GoalTable]):
    """The results of a goals file, in its order. ``found["H1"]`` is a `GoalResult`, and so is ``found[0]``. Source:
    docs/goals.md."""

    def __init__(self, table: _core.GoalTable, cube: Cube | None = None) -> None:
        self._table = table
        self._results = {row["id"]: _result(row) for row in table.rows}
        self._cube = (cube, 0 if cube is None else cube.contacts)  # a cube can be added to afterwards

    def is_of(self, cube: Cube) -> bool:
        """Whether the goals were held against what this cube holds."""
        held, contacts = self._cube
        return held is not None and contacts == cube.contacts and held == cube

    def to_pylist(self) -> list[dict[str, Any]]:
        """One dict a goal, its keys the columns of the frame (docs/arrow.md): ``value`` and ``gap_points`` are Decimal with 6
        decimals, ``saving`` is in kroner, each with ``_exact`` (Fraction) beside it; ``due`` is text; None where there is none.
        ``list(goals)`` gives `GoalResult` objects."""
        return values_of(_core.frame_rows(self._table))

    def explain(self, id: str | None = None, lang: str = "da") -> str:
        """A goal in words, or all of them: what is wanted, what was found and of which contacts, and what is missing.

        In Danish (``"da"``) or English (``"en"``); ``goals.explain("en")`` is all of them in English. Raises KomhenError for an id
        that is none of the goals'.
        """
        from ._explain_money import of_goals

        return of_goals(self, *asked(id, lang, self._results))

    def to_html(self, lang: str = "da", most: int | None = None) -> str:
        """A table for a page: caption, heads of columns and rows, numbers and labels of the language, all escaped."""
        from ._html_money import of_goals

        return of_goals(self, lang, most)

    @property
    def notes(self) -> list[str]:
        """What a reader must know of each goal, behind its id."""
        return [f"{goal.id}: {note}" for goal in self for note in goal.notes]

    def to_text(self, rich: bool = False) -> str:
        """The table for people."""
        rows = []
        for goal in self.to_dict()["goals"]:
            bounds = " to ".join(goal[end] for end in ("low", "high") if goal[end] is not None)
            worth = goal["saving"] or {"kroner": None, "unpriced": None}
            found = [goal["value"], goal["gap_points"], goal["contacts_to_move"], worth["kroner"], worth["unpriced"]]
            wanted = f"{goal['comparator']} {bounds}".rstrip()
            cells = ["-" if cell is None else str(cell) for cell in found]
            rows.append([goal["id"], wanted, goal["due"] or "", goal["outcome"], *cells])
        head = ["goal", "wanted", "due", "outcome", "value", "gap points", "to move", "saving kr.", "unpriced"]
        return text_table(head, rows, left=4, rich=rich)

    def plot(self, *, lang: str = "da") -> alt.LayerChart:
        """The goals as bullets: see `komhen.plots.goals`. Raises KomhenError without Altair."""
        from . import plots

        return plots.goals(self, lang=lang)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, id: str | int) -> GoalResult: ...
        @overload
        def __getitem__(self, id: slice) -> list[GoalResult]: ...

    def __getitem__(self, id: str | int | slice) -> GoalResult | list[GoalResult]:
        if not isinstance(id, str):
            return list(self._results.values())[id]
        if id not in self._results:
            raise KeyError(not_there("goal", "file", id, self._results))
        return self._results[id]

    def __contains__(self, id: object) -> bool:
        return id in self._results

    def __iter__(self) -> Iterator[GoalResult]:
        return iter(self._results.values())

    def __len__(self) -> int:
        return len(self._results)

    def __repr__(self) -> str:
        return "\n".join([self.to_text(), *(f"note: {note}" for note in self.notes)])


def goals(
    cube: Cube,
    path: PathLike,
    *,
    before: Cube | None = None,
    baseline: Baseline | PathLike | None = None,
    prices: Prices | str | PathLike | None = None,
    unpriced: Unpriced = "error",
) -> Goals:
    """Hold the goals of a TOML file (docs/goals.md) against a count.

    Source: each goal names its own; how one is measured is docs/goals.md.

    Parameters
    ----------
    cube : Cube
        The count now.
    path : path
        The goals. Those of the sources stand in ``examples/goals``.
    before : Cube, optional
        The count that goals of the kinds ``change`` and ``moved`` compare with; without one they are ``not_collected``.
    baseline : Baseline or path, optional
        In place of ``before``: its tasks and scheme take the place of the goals'.
    prices : Prices, str or path, optional
        With them a result says what reaching the goal would save.
    unpriced : {"error", "apart"}, optional
        As in `costs`.

    Returns
    -------
    Goals

    Raises
    ------
    KomhenError
        If the file holds what it should not, ``before`` was counted after ``cube``, or a price is missing.

    Examples
    --------
    Source of the goal: Herning Kommune, "Digital selvbetjening, 2 cases", case 2.

    >>> import komhen, tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "goals.toml"
    >>> _ = file.write_text('''
    ... [[goal]]
    ... id = "moves"
    ... title = "50 % of moves by self-service"
    ... source = "Herning Kommune"
    ... measure = "self_service"
    ... tasks = ["23.05.10"]
    ... comparator = "at_least"
    ... value = "50 %"
    ... ''')
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="telephone", count=3, **move)
    >>> cube.add(channel="self_service", count=1, **move)
    >>> found = komhen.goals(cube, file, prices="copenhagen-2010")["moves"]
    >>> found.outcome, found.gap_points, found.contacts_to_move, found.saving.saving
    ('not_met', Fraction(25, 1), 1, Decimal('37.00'))
    """
    if before is not None and baseline is not None:
        raise TypeError("before and baseline cannot both be given")
    frozen = baseline if baseline is None or isinstance(baseline, Baseline) else load_baseline(baseline)
    table = _core.goals(
        _cube("cube", cube),
        _path(path),
        None if before is None else _cube("before", before),
        frozen,
        None if prices is None else price_list(prices),
        apart(unpriced),
    )
    return Goals(table, cube)


def _day(name: str, day: Date | str) -> str:
    day = day.date() if isinstance(day, Moment) else day  # of a moment, such as pandas' Timestamp, its day
    return day.isoformat() if isinstance(day, Date) else str(_of_type(name, day, str, "a date or text"))


def freeze_baseline(
    cube: Cube,
    *,
    date: Date | str,
    tasks: str | PathLike | Sequence[str | Task] = "all",
    tasks_at: Date | str | None = None,
    scheme: str | None = None,
) -> Baseline:
    """Freeze a cube with its task set, scheme and day: what later counts are measured against.

    ``Baseline.save`` writes it to a checksummed file, and ``Baseline.fingerprint`` is what parties can note down. Source:
    docs/goals.md, "Baselines".

    Parameters
    ----------
    cube : Cube
        The count. Its contacts on other tasks are left out.
    date : date or str
        The day of the freeze, such as ``"2012-05-13"``.
    tasks : str, path or sequence of str, optional
        As in `measure`, and ``"udk-2012"`` or ``"mandatory"`` (docs/goals.md).
    tasks_at : date or str, optional
        The day that a dated set is meant on; ``"mandatory"`` needs one.
    scheme : str, optional
        Default: the scheme of the cube's round.

    Returns
    -------
    Baseline
        The cube of those tasks, sealed with a fingerprint.

    Raises
    ------
    KomhenError
        If no contact of the cube is on these tasks, or a word or day is none.

    Examples
    --------
    >>> import komhen
    >>> cube = komhen.Cube()
    >>> cube.add(municipality=657, week="2012-W17", task="32.03.04", channel="letter", type="new_case", direction="incoming")
    >>> komhen.freeze_baseline(cube, date="2012-05-13", tasks="udk-2012").contacts
    1
    """
    return _core.freeze_baseline(
        _cube("cube", cube),
        _tasks(tasks),
        None if tasks_at is None else _day("tasks_at", tasks_at),
        None if scheme is None else _word("scheme", scheme),
        _day("date", date),
    )


def load_baseline(path: PathLike) -> Baseline:
    """A baseline that ``Baseline.save`` wrote.

    Source: docs/goals.md, "Baselines".

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    Baseline
        As it was frozen.

    Raises
    ------
    KomhenError
        If any byte of the file is another than was written.

    Examples
    --------
    >>> import komhen, pathlib, tempfile
    >>> cube = komhen.Cube()
    >>> cube.add(municipality=657, week="2012-W17", task="32.03.04", channel="letter", type="new_case", direction="incoming")
    >>> frozen = komhen.freeze_baseline(cube, date="2012-05-13")
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "baseline"
    >>> frozen.save(file)
    >>> komhen.load_baseline(file).fingerprint == frozen.fingerprint
    True
    """
    return _core.load_baseline(_path(path))


def waves() -> Rows[dict[str, Any]]:
    """The plan of the four waves as it was printed, and what came.

    Source of the plan: KL, "Fælleskommunal digitaliseringsstrategi", project description 1.1, September 2011, "Tidsplan".

    Returns
    -------
    Rows
        A list of dicts that is a frame too: ``wave``, ``areas``, ``analysed``, ``agreed``, ``solutions``, ``law``, ``actual``,
        ``actual_source`` and ``correction``, which says where komhen departs from the print.

    Raises
    ------
    KomhenError
        Never: there is nothing that could be wrong.

    Examples
    --------
    >>> import komhen
    >>> [(wave["wave"], wave["solutions"]) for wave in komhen.waves()][0]
    (1, 'end of 2012')
    """
    return Rows(json.loads(_core.wave_plan())["rows"], ("De fire bølger", "The four waves"))


@dataclass(frozen=True)
class RankedTask:
    """A task's place among the candidates for a wave, and why. ``potential`` is in kroner."""

    rank: int
    task: str
    contacts: int
    self_service: int
    movable: int
    unpriced: int
    potential: Decimal
    potential_exact: Fraction
    obstacles: tuple[str, ...]
    unknowns: tuple[str, ...]
    reasons: tuple[str, ...]


def _ranked(row: Mapping[str, Any]) -> RankedTask:
    texts = {name: tuple(row[name]) for name in ("obstacles", "unknowns", "reasons")}
    settled, exact = row["potential"]
    return RankedTask(**{**row, **texts, "potential": Decimal(settled), "potential_exact": Fraction(exact)})


class Ranking(Shown[_core.Ranking]):
    """Candidates for the next wave, the first first. Source: docs/goals.md, "Waves"."""

    def __init__(self, table: _core.Ranking) -> None:
        self._table = table

    def to_pylist(self) -> list[dict[str, Any]]:
        """One dict a task, its keys the columns of the frame: ``potential`` in kroner (Decimal) and ``potential_exact``
        (Fraction); ``obstacles``, ``unknowns`` and ``reasons`` are text with ``; `` between them. ``list(ranking)`` gives
        `RankedTask` objects."""
        return values_of(_core.frame_rows(self._table))

    def explain(self, lang: str = "da") -> str:
        """How the tasks were ranked, and each one's reasons, in Danish (``"da"``) or English (``"en"``). Reasons stand in
        English."""
        from ._explain_money import of_ranking

        return of_ranking(self, lang)

    def to_html(self, lang: str = "da", most: int | None = None) -> str:
        """A table for a page: caption, heads of columns and rows, numbers and labels of the language, all escaped."""
        from ._html_money import of_ranking

        return of_ranking(self, lang, most)

    def to_text(self, rich: bool = False) -> str:
        """The table for people; the reasons stand in ``to_pylist()``."""
        rows = [
            [
                str(row.rank),
                shown("task", row.task),
                ", ".join(row.obstacles),
                ", ".join(row.unknowns),
                str(row.contacts),
                str(row.self_service),
                str(row.potential),
            ]
            for row in self
        ]
        head = ["rank", "task", "obstacles", "unknown", "contacts", "self-service", "potential kr."]
        return text_table(head, rows, left=4, rich=rich)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, at: int) -> RankedTask: ...
        @overload
        def __getitem__(self, at: slice) -> list[RankedTask]: ...

    def __getitem__(self, at: int | slice) -> RankedTask | list[RankedTask]:
        return list(self)[at]

    def __iter__(self) -> Iterator[RankedTask]:
        return (_ranked(row) for row in self._table.rows)

    def __len__(self) -> int:
        return len(self._table)

    def __repr__(self) -> str:
        return self.to_text()


def rank_tasks(
    path: PathLike,
    cube: Cube,
    prices: Prices | str | PathLike,
    *,
    scheme: str | None = None,
    unpriced: Unpriced = "error",
) -> Ranking:
    """Rank the candidates of a TOML file (docs/goals.md, "Waves") for the next wave, with the reasons.

    A task's potential is its incoming applications that are not yet by self-service x (their price - self-service's price).
    Source of the criteria: KL, project description 1.1, September 2011.

    Parameters
    ----------
    path : path
        The candidates.
    cube : Cube
        The count.
    prices : Prices, str or path
        What `load_prices` gives, or what it takes.
    scheme, unpriced : optional
        As in `costs`.

    Returns
    -------
    Ranking
        The tasks with the fewest obstacles first, then the greatest potential in kroner.

    Raises
    ------
    KomhenError
        If the file holds what it should not, or a price is missing.

    Examples
    --------
    >>> import komhen, tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "wave.toml"
    >>> _ = file.write_text('''
    ... title = "Candidates"
    ... [[candidate]]
    ... task = "23.05.10"
    ... solution_exists = true
    ... ''')
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="letter", count=3, **move)
    >>> [(row.task, row.potential) for row in komhen.rank_tasks(file, cube, "copenhagen-2010")]
    [('23.05.10', Decimal('321.00'))]
    """
    return Ranking(
        _core.rank_tasks(
            _path(path),
            _cube("cube", cube),
            price_list(prices),
            None if scheme is None else _word("scheme", scheme),
            apart(unpriced),
        )
    )
