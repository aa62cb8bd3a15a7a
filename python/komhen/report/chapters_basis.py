"""The first chapters: who took part, how far the goal is, and the 35 tasks one by one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .._goal_words import decimals as decimals_of
from .._goal_words import is_share
from ..taxonomy import TASKS
from .asked import GOAL, Asked
from .cells import Absent, Cell, Count, Day, GoalNumber, Municipalities, ToGo, Week, Word
from .model import Bar, Bars, Chapter, Row, Sentence, Stack, Stacks, Table

LEVELS = ("all", "kl35", "applications")  # each part of the one before
INCOMING = {"direction": "incoming"}
MARKED_WEEKS = {1: "municipalities_one_week", 2: "municipalities_two_weeks", 3: "municipalities_three_weeks"}


def participation(asked: Asked) -> Chapter:
    """Municipalities, weeks, contacts, and each municipality's own figure."""
    say, facts = asked.say, asked.facts
    weeks = asked.rows("contacts", ["municipality", "week"])
    counted: dict[int, list[str]] = {}
    for municipality, week in weeks:
        counted.setdefault(municipality, []).append(week)
    lengths = sorted({len(found) for found in counted.values()})
    lengths_printed = asked.printed("municipalities") != Absent("")

    def by_length_row(head: str, length: int | None, number: int, figure: str) -> Row:
        cells: tuple[Cell, ...] = (Count(number),)
        shown = (*cells, asked.printed(figure)) if lengths_printed else cells
        return Row((head,), shown, total=length is None, tokens=(length,))

    by_length = [
        by_length_row(
            say("weeks_1") if length == 1 else say("weeks_n").format(length),
            length,
            sum(len(found) == length for found in counted.values()),
            MARKED_WEEKS.get(length, ""),
        )
        for length in lengths
    ]
    by_length.append(by_length_row(say("in_all"), None, len(counted), "municipalities"))
    per_week = asked.rows("contacts", ["week"])
    week_sums = {week: facts.sum("week", week=week) for (week,) in per_week}
    week_rows = [
        Row(
            (week,),
            (
                Week(found[0], "all", (week_sums[week],)),
                Municipalities(sum(week in weeks for weeks in counted.values()), (week_sums[week],)),
            ),
        )
        for (week,), found in per_week.items()
    ]
    chapter_words = [
        asked.words(
            "w_participation",
            Count(asked.cube.contacts, "all", (facts.sum("contacts"),)),
            Municipalities(len(counted), (facts.sum("contacts"),)),
        ),
        asked.words("w_weights_of_rounds" if asked.rounds else "w_weights"),
    ]
    if asked.outcome is not None:
        outcome = asked.outcome
        chapter_words.append(
            asked.words("w_rows", Count(outcome.rows_read), Count(outcome.rows_accepted), Count(outcome.rows_rejected))
        )
    else:
        chapter_words.append(asked.words("w_no_outcome"))
    printed = asked.printed("valid_registrations")
    if printed != Absent(""):
        chapter_words.append(asked.words("w_valid_registrations", printed))
    return Chapter(
        "participation",
        say("h_participation"),
        tuple(chapter_words),
        (
            (
                None,
                Table(
                    "weeks_counted",
                    say("t_weeks_counted"),
                    (say("weeks"),),
                    ("weeks",),
                    (say("municipalities"), say("printed"))[: 1 + lengths_printed],
                    ("municipalities", "printed")[: 1 + lengths_printed],
                    tuple(by_length),
                ),
            ),
            (
                Bars(
                    "weeks",
                    say("p_weeks"),
                    tuple(Bar(row.heads[0], row.cells[0]) for row in week_rows if isinstance(row.cells[0], Count)),
                ),
                Table(
                    "weeks",
                    say("t_weeks"),
                    (say("week"),),
                    ("week",),
                    (say("contacts"), say("municipalities")),
                    ("contacts", "municipalities"),
                    tuple(week_rows),
                ),
            ),
            _municipalities(asked, counted),
        ),
    )


def _municipalities(asked: Asked, counted: dict[int, list[str]]) -> tuple[Bars, Table]:
    say = asked.say
    every = asked.rows("contacts", ["municipality"])
    shares = asked.rows("self_service", ["municipality"], tasks="kl-35")
    rows, bars = [], []
    for (code,), found in every.items():
        share = asked.self_service(shares, (code,), f"M{code}")
        name = asked.shown("municipality", code)
        cells: tuple[Cell, ...] = (
            Count(len(counted[code])),
            Count(found[0], f"m{code}", (asked.facts.sum("contacts"),)),
            Count(share.numerator, share.scope, share.sums[:1]),
            Count(share.denominator, share.scope, share.sums[1:]),
            share,
        )
        rows.append(Row((name,), cells, municipality=code, tokens=(code,)))
        bars.append(Bar(name, share, municipality=code))
    heads = ("weeks", "contacts", "by_self_service", "applications", "self_service")
    return (
        Bars("municipalities", say("p_municipalities"), tuple(bars), GOAL, ranked=True),
        Table(
            "municipalities",
            say("t_municipalities"),
            (say("municipality"),),
            ("municipality",),
            tuple(say(head) for head in heads),
            heads,
            tuple(rows),
            (say("n_ask_first"),),
        ),
    )


def status(asked: Asked) -> Chapter:
    """The three nested shares beside the goal, the channels of incoming contacts, and goals of one's own."""
    say = asked.say
    levels = [
        ("all", "all", "level_all", "self_service_all", "all"),
        ("all", "kl-35", "level_35", "self_service_all", "kl-35"),
        ("application", "kl-35", "level_applications", "self_service_application", "kl-35"),
    ]
    rows = []
    for (basis, tasks, key, figure, printed_set), token in zip(levels, LEVELS):
        aim = basis != "all"
        query: dict[str, Any] = {"tasks": tasks, "basis": _basis(asked, basis)}
        scope = "35" if tasks == "kl-35" else "all"
        share = asked.self_service(asked.rows("self_service", [], **query), (), scope, every_type=not aim)
        cells: list[Cell] = [
            Count(share.numerator, share.scope, share.sums[:1]),
            Count(share.denominator, share.scope, share.sums[1:]),
            share,
            asked.gap(share) if aim else Absent(),
        ]
        if asked.before is not None:
            found = asked.rows("self_service", [], asked.before, **query)
            earlier = asked.earlier(found, (), scope, every_type=not aim)
            cells += [earlier, asked.change(earlier, share)]
        if asked.has_printed:
            cells.append(asked.printed(figure, printed_set))
        rows.append(Row((say(key),), tuple(cells), tokens=(token,)))
    keys = ["by_self_service", "contacts", "self_service", "gap"]
    keys += ["before", "change"] if asked.before is not None else []
    keys += ["printed"] if asked.has_printed else []
    words = [asked.words("w_status"), asked.words("w_status_set")]
    parts: list[Any] = [
        (
            None,
            Table(
                "status",
                say("t_status"),
                (say("population"),),
                ("population",),
                tuple(say(key) for key in keys),
                tuple(keys),
                tuple(rows),
            ),
        ),
        channels(asked, "incoming", "channels_incoming"),
        channels(asked, "outgoing", "channels_outgoing"),
    ]
    if asked.goals is not None:
        parts.append((None, _goals(asked)))
    return Chapter("status", say("h_status"), tuple(words), tuple(parts))


def _basis(asked: Asked, basis: str) -> str:
    return basis if basis == "all" else asked.groups[asked.applications[0]]


def channels(asked: Asked, direction: str, id: str) -> tuple[Stacks, Table]:
    """How the contacts of a direction divide over the channels: on all tasks, on the 35, and applications alone."""
    say = asked.say
    views: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
        ("level_all" if direction == "incoming" else "level_all_outgoing", "all", {}, {}),
        ("level_35", "35", {"tasks": "kl-35"}, {}),
        ("level_applications", "35", {"tasks": "kl-35"}, {"type": asked.applications}),
    ]
    tokens = asked.values("channel", {"direction": direction})
    columns = []
    for _, scope, query, types in views:
        found = asked.rows("mix", ["channel"], where={"direction": direction, **types}, **query)
        whole = {"direction": direction, **types}
        columns.append([asked.part(found, (token,), scope, {**whole, "channel": token}, whole) for token in tokens])
    rows = [
        Row(
            (asked.label("channel", token),),
            tuple(
                cell
                for column in columns
                for cell in (Count(column[at].numerator, column[at].scope, column[at].sums[:1]), column[at])
            ),
            tokens=(token,),
        )
        for at, token in enumerate(tokens)
    ]
    labels = tuple(asked.label("channel", token) for token in tokens)
    stacks = tuple(Stack(say(view[0]), tuple(column)) for view, column in zip(views, columns))
    # The head of a narrow column: the longest level has a short name.
    short = [say("applications" if view[0] == "level_applications" else view[0]) for view in views]
    heads = [f"{name}: {say(part)}" for name in short for part in ("contacts", "share")]
    keys = [f"{name}_{part}" for name in LEVELS for part in ("contacts", "share")]
    return (
        Stacks(id, say(f"p_{id}"), stacks, labels, tuple(tokens)),
        Table(id, say(f"t_{id}"), (say("channel"),), ("channel",), tuple(heads), tuple(keys), tuple(rows)),
    )


def _goals(asked: Asked) -> Table:
    say = asked.say
    assert asked.goals is not None
    rows = []
    noted: dict[str, list[str]] = {}  # a note, and the goals that it is of
    for goal in asked.goals:
        share, decimals = is_share(goal), decimals_of(goal)
        signed = goal.kind == "change"
        # Of contacts where the value is their share; a change and a move are made of two of them.
        of = goal.share if goal.kind in ("measure", "channels") else None

        def end(bound: Fraction | None, shown: str = "") -> Cell:
            return Absent(shown) if bound is None else GoalNumber(bound, share, decimals, signed)

        cells: list[Cell] = [
            end(goal.low),
            end(goal.high),
            Absent("") if goal.due is None else Day(goal.due),
            Word(asked.label("outcome", goal.outcome), goal.outcome),
            Absent() if goal.value is None else GoalNumber(goal.value, share, decimals, signed, of),
            Absent() if goal.gap_points is None else ToGo(goal.gap_points, decimals),
            Absent() if goal.contacts_to_move is None else Count(goal.contacts_to_move),
        ]
        rows.append(Row((goal.id, goal.title), tuple(cells)))
        for note in goal.notes:
            noted.setdefault(asked.note(note), []).append(goal.id)
    keys = ("low", "high", "due", "outcome", "value", "gap_points", "contacts_to_move")
    return Table(
        "goals",
        say("t_goals"),
        (say("goal"), say("title")),
        ("goal", "title"),
        tuple(say(key) for key in keys),
        keys,
        tuple(rows),
        tuple(f"{', '.join(ids)}: {note}" for note, ids in noted.items()),
    )


def tasks(asked: Asked) -> Chapter:
    """The 35 tasks: share now, earlier, the change, and what KL printed."""
    say = asked.say
    found = asked.rows("self_service", ["task"], tasks="kl-35")
    earlier = asked.rows("self_service", ["task"], asked.before, tasks="kl-35") if asked.before is not None else {}
    rows, bars = [], []
    for task in sorted(TASKS, key=lambda task: task.kle):
        share = asked.self_service(found, (task.kle,), f"t{task.kle}")
        before = asked.earlier(earlier, (task.kle,), share.scope) if asked.before is not None else None
        cells = _task_cells(asked, share, before)
        if asked.has_printed:
            cells.append(asked.printed("self_service_application", "kl-35", task.kle))
        rows.append(Row((task.kle, task.table_name), tuple(cells), task=task.kle))
        bars.append(Bar(f"{task.kle} {task.table_name}", share, before, task=task.kle))
    share = asked.self_service(asked.rows("self_service", [], tasks="kl-35"), (), "35")
    before = None
    if asked.before is not None:
        before = asked.earlier(asked.rows("self_service", [], asked.before, tasks="kl-35"), (), "35")
    cells = _task_cells(asked, share, before)
    if asked.has_printed:
        cells.append(asked.printed("self_service_application", "kl-35"))
    rows.append(Row(("", say("in_all")), tuple(cells), total=True, tokens=(None, None)))
    keys = ["by_self_service", "applications", "self_service", "gap"]
    keys += ["before", "change"] if asked.before is not None else []
    keys += ["printed"] if asked.has_printed else []
    notes = [say("n_dash"), *([say("n_change")] if asked.before is not None else [])]
    notes += withheld(asked)
    words: list[Sentence] = [asked.words("w_tasks")]
    if asked.before is not None:
        words.append(asked.words("w_tasks_before"))
        if asked.apart:
            words.append(asked.words("w_apart"))
    table = Table(
        "tasks",
        say("t_tasks"),
        (say("kle"), say("task")),
        ("kle", "task"),
        tuple(say(key) for key in keys),
        tuple(keys),
        tuple(rows),
        tuple(notes),
    )
    return Chapter(
        "tasks",
        say("h_tasks"),
        tuple(words),
        ((Bars("tasks", say("p_tasks_before" if asked.before else "p_tasks"), tuple(bars), GOAL, ranked=True), table),),
    )


def _task_cells(asked: Asked, share: Any, before: Any) -> list[Cell]:
    cells: list[Cell] = [
        Count(share.numerator, share.scope, share.sums[:1]),
        Count(share.denominator, share.scope, share.sums[1:]),
        share,
        asked.gap(share),
    ]
    if before is not None:
        cells += [before, asked.change(before, share)]
    return cells


def withheld(asked: Asked) -> list[str]:
    """A sentence for each figure of the round that its source counted and did not print."""
    out = []
    for (round, _, _, task), row in asked._published.items():
        if row["state"] == "withheld" and round == asked.round and task:
            name = asked.shown("task", task)
            out.append(asked.say("n_withheld").format(name, row["publication"]))
    return list(dict.fromkeys(out))
