"""The command line: ``komhen COMMAND``. It parses words, calls the core and prints; it counts and rounds nothing."""

from __future__ import annotations

import argparse
import contextlib
import filecmp
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from . import _core
from ._core import Cube
from ._files import named
from ._text import text_table
from .cli_costs import add_costs
from .cli_journal import add_journal
from .cli_report import add_report
from .doctor import diagnosis
from .measures import (
    against_published,
    compare_published,
    count,
    load_cube,
    published_figures,
    simulate,
)
from .tables import Comparison, Table, filters_of, shown

DONE, FAILED, USAGE = 0, 1, 2
Filters = list[tuple[str, list[str]]]


class _Parser(argparse.ArgumentParser):
    """Errors of usage in one line and exit 2, with where to find help. Options are written out: a shortened one would mean another
    the day that a new option is added."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{**named, "allow_abbrev": False})

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is not None and file is sys.stdout:
            _out(message.rstrip("\n"))  # help that cannot be written is an error as well
        else:
            super()._print_message(message, file)

    def error(self, message: str) -> NoReturn:
        _note(f"{self.prog}: {_core.masked(_word(message))} (see {self.prog} --help)")
        sys.exit(USAGE)


def _word(text: str) -> str:
    """An argument as the UTF-8 that was typed, whatever the locale made of it; other bytes become U+FFFD."""
    return os.fsencode(text).decode("utf-8", "replace")


def _dimensions(text: str) -> list[str]:
    return [part.strip() for part in _word(text).split(",") if part.strip()]


def _filter(text: str) -> tuple[str, list[str]]:
    dimension, equals, values = _word(text).partition("=")
    if not equals or not dimension.strip():
        raise argparse.ArgumentTypeError(f"{_core.masked(_word(text))!r} must read DIMENSION=VALUE[,VALUE]")
    return dimension.strip(), [value.strip() for value in values.split(",")]


def _number(least: int, most: int) -> Callable[[str], int]:
    """A whole number, held between two others."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError("it must be a whole number") from None
        return min(max(number, least), most)  # how many rows a round takes is the core's to say

    return read


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**64:
        raise argparse.ArgumentTypeError("it must be a whole number from 0 to 18446744073709551615")
    return int(text)


def _rich_wanted() -> bool:
    return sys.stdout is not None and sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _out(text: str) -> None:
    """Text to standard output as UTF-8, whatever the locale is; data must not turn into question marks."""
    if sys.stdout is None:
        raise OSError("standard output is closed")
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text + "\n")
        return
    sys.stdout.flush()
    encoding = sys.stdout.encoding or "utf-8"
    terminal = sys.stdout.isatty()
    try:
        buffer.write((text + "\n").encode(encoding if terminal else "utf-8", "replace"))
        buffer.flush()
    except OSError as error:
        raise OSError(f"standard output cannot be written: {error.strerror}") from None


def _note(text: str) -> None:
    """A line on standard error, in what its encoding has."""
    if sys.stderr is None:
        return
    encoding = sys.stderr.encoding or "utf-8"
    with contextlib.suppress(OSError):  # a full disk behind the notes does not keep the work from being done
        sys.stderr.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def _rows(args: argparse.Namespace, rows: list[dict[str, Any]], head: Sequence[str], left: int) -> None:
    """A built-in table in the format that was asked for."""
    if args.format == "json":
        _out(json.dumps(rows, ensure_ascii=False))
        return
    cells = [["" if row[name] is None else str(row[name]) for name in head] for row in rows]
    if args.format == "csv":
        _out("\n".join(",".join(_csv_cell(cell) for cell in row) for row in [list(head), *cells]))
        return
    _out(text_table(head, cells, left=left, rich=_rich_wanted() and _fits(head, cells)))


def _fits(head: Sequence[str], cells: Sequence[Sequence[str]]) -> bool:
    """Whether a drawn table shows every cell whole: a token that is cut off cannot be typed."""
    widths = [max(len(row[i]) for row in [head, *cells]) for i in range(len(head))]
    return sum(widths) + 3 * len(widths) + 1 <= shutil.get_terminal_size().columns


def _csv_cell(cell: str) -> str:
    if cell.lstrip(" ")[:1] in ("=", "+", "-", "@", "\t", "\r") and not cell.lstrip("-+").isdigit():
        cell = "'" + cell
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',;"\r\n') else cell


class _Progress:
    """A bar on standard error for long work, only on a terminal; rich draws it where it is installed."""

    def __init__(self, what: str, shortest: int) -> None:
        self._what, self._shortest = what, shortest
        self._rich: Any = None
        self._task: Any = None
        self._shown = -1

    def __call__(self, done: int, total: int) -> None:
        if total < self._shortest or sys.stderr is None or not sys.stderr.isatty():
            return
        if self._shown < 0:
            self._begin(total)
        if self._rich is not None:
            self._rich.update(self._task, completed=done)
            self._shown = 0
            return
        per_cent = min(100, done * 100 // total)
        if per_cent != self._shown:
            self._shown = per_cent
            sys.stderr.write(f"\r{self._what} [{'#' * (per_cent // 4):<25}] {per_cent:3d} %")
            sys.stderr.flush()

    def _begin(self, total: int) -> None:
        try:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
        except ImportError:
            return
        self._rich = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:3.0f} %"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._rich.start()
        self._task = self._rich.add_task(self._what, total=total)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._rich is not None:
            self._rich.stop()
        elif self._shown >= 0:
            sys.stderr.write("\n")


def _with_progress(what: str, shortest: int, work: Callable[[_Progress], Any]) -> Any:
    progress = _Progress(what, shortest)
    try:
        return work(progress)
    finally:
        progress.close()


_BAR_FROM_BYTES = 16_000_000
_BAR_FROM_ROWS = 500_000
_LONGEST = 60  # characters of a column's name in a note
_NAMED = 8  # columns that a note names; the JSON names them all


def _column(name: str) -> str:
    if not name:
        return "one or more without a name"
    return repr(name if len(name) <= _LONGEST else name[: _LONGEST - 3] + "...")


def _count(args: argparse.Namespace, files: Sequence[str], rejects: str | None = None) -> Cube:
    cube: Cube = _with_progress(
        "counting",
        _BAR_FROM_BYTES,
        lambda progress: count(
            files,
            round=args.round,
            participation=args.participation,
            profile=args.profile,
            encoding=None if args.encoding is None else _word(args.encoding),
            rejects=rejects,
            progress=progress,
            threads=args.threads,
        ),
    )
    outcome = cube.outcome
    assert outcome is not None
    reasons = ", ".join(f"{reason} {rows}" for reason, rows in outcome.rejected.items() if rows)
    summary = f"{outcome.rows_read} rows read, {outcome.rows_accepted} accepted, {outcome.rows_rejected} rejected"
    _note(f"komhen: {summary}{': ' + reasons if reasons else ''}")
    for note in outcome.notes:
        _note(f"komhen: note: {note}")
    if outcome.unread_columns:
        names = [_column(name) for name in outcome.unread_columns]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        _note("komhen: columns that were not read: " + ", ".join(names[:_NAMED]) + more)
    return cube


def _is_saved(path: str) -> bool:
    return _core.is_cube_file(os.fsencode(path))


def _check_reading(args: argparse.Namespace, paths: Sequence[str]) -> None:
    """Options of reading do nothing to saved cubes: say so rather than leave them out."""
    given = [name for name in ("round", "participation", "profile", "encoding", "threads") if getattr(args, name) is not None]
    if given and all(_is_saved(path) for path in paths):
        raise _core.KomhenError(f"--{given[0]} applies to registration files, and there are only saved cubes")


def _inputs(args: argparse.Namespace, paths: Sequence[str]) -> Cube:
    """Registration files, counted in one call, and saved cubes, merged. A cube holds no event ids: named twice, each of its
    contacts would count twice, and it is refused as Spark, Dask and the merge of journals refuse a file."""
    saved = [path for path in paths if _is_saved(path)]
    for at, path in enumerate(saved):
        if any(_is_same(path, other) for other in saved[:at]):
            raise _core.KomhenError(f"the cube {named(os.fsencode(path))} is named twice; its contacts would count twice")
    files = [path for path in paths if path not in saved]
    cube = _count(args, files) if files else Cube()
    for at, path in enumerate(saved):
        one = load_cube(path)
        same = next((other for other in saved[:at] if one and filecmp.cmp(path, other, shallow=False)), None)
        if same is not None:
            names = [_core.masked(_word(name)) for name in (path, same)]
            _note(f"komhen: note: '{names[0]}' holds the same as '{names[1]}'; if one is a copy of the other, its contacts count twice")
        cube.merge(one)
    return cube


def _check_outputs(args: argparse.Namespace) -> None:
    """An output must not be written over something that is read, or over the other output."""
    read = [*args.files, args.profile, args.participation, args.round]
    for name, path in (("--out", args.out), ("--rejects", args.rejects)):
        if path is None:
            continue
        if not os.path.isdir(os.path.dirname(path) or "."):  # said before a long file is read, and not after
            shown_path = _core.masked(_word(path))
            raise _core.KomhenError(f"the file '{shown_path}' lies in a directory that does not exist")
        others = [*read, args.rejects if name == "--out" else None]
        for other in others:
            if other is not None and _is_same(path, other):
                shown_path = _core.masked(_word(path))
                raise _core.KomhenError(f"{name} names the file '{shown_path}', which is also read or written")


def _is_same(a: str, b: str) -> bool:
    try:
        return os.path.samefile(a, b)
    except OSError:
        return os.path.abspath(a) == os.path.abspath(b)


# --- commands -------------------------------------------------------------------------------------------------------


def _tasks(args: argparse.Namespace) -> int:
    head = ("number", "form", "kle", "name", "table_name")
    _rows(args, [dict(zip(head, row)) for row in _core.TASKS], head if args.format != "table" else head[:4], left=4)
    return DONE


def _municipalities(args: argparse.Namespace) -> int:
    head = ("code", "name")
    _rows(args, [dict(zip(head, row)) for row in _core.MUNICIPALITIES], head, left=2)
    return DONE


def _rounds(args: argparse.Namespace) -> int:
    head = ("id", "label_da", "label_en", "first", "last", "scheme", "source")
    _rows(args, [dict(zip(head, row)) for row in _core.ROUNDS], head, left=7)
    return DONE


def _channels(args: argparse.Namespace) -> int:
    units = {1: "conversation", 2: "message", 3: "event"}
    head = ("number", "token", "label_da", "label_en", "also", "counts")
    rows = [dict(zip(head, (*row, units[_core.counting_unit(row[0])]))) for row in _core.CHANNELS]
    for row in rows:
        row["also"] = str(row["also"]).replace("|", ", ")
    _rows(args, rows, head, left=6)
    return DONE


def _published(args: argparse.Namespace) -> int:
    head: tuple[str, ...] = ("round", "figure", "task_set", "task", "value", "unit", "bound", "state", "publication")
    if args.format != "table":
        head += ("dated", "method", "note")
    rows = list(published_figures())
    if args.format == "table":
        for row in rows:
            row["task"] = shown("task", row["task"]) if row["task"] else ""
    _rows(args, rows, head, left=4)
    return DONE


def _count_command(args: argparse.Namespace) -> int:
    _check_outputs(args)
    cube = _count(args, args.files, args.rejects)
    if args.out is not None:
        cube.save(os.fsencode(args.out))
    outcome = cube.outcome
    assert outcome is not None
    if args.format == "json":
        _out(outcome.to_json())
        return DONE
    rows = [
        ("rows_read", outcome.rows_read),
        ("rows_accepted", outcome.rows_accepted),
        ("contacts", outcome.contacts),
        *((reason, rows) for reason, rows in outcome.rejected.items() if rows or args.format == "csv"),
        ("encoding", outcome.encoding),
        ("round", outcome.round),
    ]
    _rows(args, [{"what": what, "value": value} for what, value in rows], ("what", "value"), left=1)
    return DONE


def _query(args: argparse.Namespace) -> dict[str, Any]:
    return {
        "by": args.by,
        "where": args.where,
        "without": args.without,
        "tasks": os.fsencode(args.tasks),
        "basis": _word(args.basis),
        "set": None if args.set is None else _word(args.set),
        "scheme": None if args.scheme is None else _word(args.scheme),
        "raw": args.raw,
    }


def _check_query(name: str, query: dict[str, Any]) -> None:
    """Finds what is wrong with a query before a long file is read. What depends on the round's scheme waits."""
    if query["scheme"] is None:
        query = {**query, "basis": "all" if name == "self_service" else query["basis"]}
        for filters in ("where", "without"):
            query[filters] = [(d, values) for d, values in query[filters] if d != "group"]
    _core.measure(Cube(), name, **query)


def _show(args: argparse.Namespace, table: Table | Comparison) -> int:
    if args.format == "json":
        _out(table.to_json())
    elif args.format == "csv":
        _out(table.to_csv().rstrip("\n"))
    else:
        _out(table.heading)
        _out(table.to_text(rich=_rich_wanted()))
    return DONE


def _measure(args: argparse.Namespace) -> int:
    query = _query(args)
    _check_query(args.name, query)
    _check_reading(args, args.inputs)
    table = Table(_core.measure(_inputs(args, args.inputs), args.name, **query), filters_of(query))
    for note in table.notes:
        _note(f"komhen: note: {note}")
    return _show(args, table)


_PUBLISHED = "published:"


def _check_published(args: argparse.Namespace, both: bool) -> None:
    """A printed table cannot be measured in another way than it was."""
    fixed: dict[str, Any] = {"by": ([], ["task"]), "where": ([],), "without": ([],), "tasks": ("all", "kl-35")}
    fixed |= {"measure": ("self_service",), "basis": ("application",), "set": (None,), "raw": (False,)}
    fixed["scheme"] = (None, "kl-2012")
    if both:
        fixed |= {name: (None,) for name in ("round", "participation", "profile", "encoding")}
    for name, allowed in fixed.items():
        if getattr(args, name) not in allowed:
            raise _core.KomhenError(
                f"a published table stands as it was printed, by task, on kl-35 and under kl-2012; --{name} cannot change it"
            )


def _compare(args: argparse.Namespace) -> int:
    before, after = args.before, args.after
    printed = [_word(side)[len(_PUBLISHED) :] if side.startswith(_PUBLISHED) else None for side in (before, after)]
    if printed[0] is not None and printed[1] is not None:
        _check_published(args, both=True)
        return _compare_printed(args, printed[0], printed[1])
    if printed[0] is not None or printed[1] is not None:
        _check_published(args, both=False)
        other = before if printed[0] is None else after
        round = printed[1] if printed[0] is None else printed[0]
        assert round is not None
        against_published(Cube(), round)  # an unknown round is found before a long file is read
        _check_reading(args, [other])
        return _compare_with_printed(args, round, _inputs(args, [other]))
    query = _query(args)
    _check_query(args.measure, query)
    _check_reading(args, [before, after])
    compared = _core.compare(_inputs(args, [before]), _inputs(args, [after]), args.measure, **query)
    table = Comparison(compared, filters_of(query))
    for warning in table.warnings:
        _note(f"komhen: note: {warning}")
    return _show(args, table)


def _task_name(row: dict[str, Any]) -> str:
    return shown("task", row["task"]) if row["task"] else row.get("row", "total").replace("_", " ").capitalize()


def _compare_printed(args: argparse.Namespace, before: str, after: str) -> int:
    rows = list(compare_published(before, after))
    head = ("task", "before", "after", "printed_change", "from_rounding", "with_printed_change")
    if args.format == "table":
        for row in rows:
            row["task"] = _task_name(row)
            for name in ("before", "after"):
                row[name] = "withheld" if row[name] is None else f"{row[name]} %"
    _rows(args, rows, head, left=1)
    return DONE


def _compare_with_printed(args: argparse.Namespace, round: str, cube: Cube) -> int:
    rows = list(against_published(cube, round))
    if args.format == "table":
        _out(f"self_service beside KL's printed table of {round}: basis application, tasks kl-35, scheme kl-2012")
        cells = [
            {
                "task": _task_name(row),
                "printed": "withheld" if row["published"] is None else f"{row['published']} %",
                "counted": "-" if row["per_cent"] is None else f"{row['per_cent']} %",
                "self-service": row["numerator"],
                "applications": row["denominator"],
                "agrees": {True: "yes", False: "no", None: "-"}[row["agrees"]],
            }
            for row in rows
        ]
        _rows(args, cells, tuple(cells[0]), left=1)
        return DONE
    head = ("row", "task", "state", "published", "numerator", "denominator", "share", "per_cent", "agrees")
    _rows(args, rows, head, left=1)
    return DONE


def _simulate(args: argparse.Namespace) -> int:
    made = _with_progress(
        "simulating",
        _BAR_FROM_ROWS,
        lambda progress: simulate(
            args.out,
            round=_word(args.round),
            rows=args.rows,
            seed=args.seed,
            event_ids=args.event_ids,
            progress=progress,
        ),
    )
    beside = _core.participation_path(os.fsencode(args.out)).decode("utf-8", "replace")
    facts = {
        "round": args.round,
        "rows": made["rows"],
        "seed": args.seed,
        "participation": beside,
        "assumptions": made["assumptions"],
    }
    if args.format == "json":
        _out(json.dumps(facts, ensure_ascii=False))
        return DONE
    if args.format == "csv":
        lines = [(what, facts[what]) for what in ("round", "rows", "seed", "participation")]
        lines += [("assumption", line) for line in made["assumptions"]]
        _rows(args, [{"what": what, "value": value} for what, value in lines], ("what", "value"), left=2)
        return DONE
    _out(f"{made['rows']} rows of the synthetic round {args.round}, seed {args.seed}; nobody counted these contacts")
    _out(f"the weeks of each municipality: {beside}")
    _out("Assumed, because no source prints it:\n" + "\n".join(f"- {line}" for line in made["assumptions"]))
    return DONE


def _doctor(args: argparse.Namespace) -> int:
    _rows(args, [{"what": what, "value": value} for what, value in diagnosis().items()], ("what", "value"), left=2)
    return DONE


# --- the parser -----------------------------------------------------------------------------------------------------

_INPUT = "a registration file or a saved .cube"


def _threads(text: str) -> int:
    try:
        threads = int(text)
    except ValueError:
        threads = 0
    if not 1 <= threads <= 64:
        raise argparse.ArgumentTypeError("it must be a whole number from 1 to 64")
    return threads


def _add_reading(parser: argparse.ArgumentParser) -> None:
    reading = parser.add_argument_group("reading registration files")
    reading.add_argument("--round", metavar="R", help="a built-in round (see komhen rounds) or a round's .toml file")
    reading.add_argument("--participation", metavar="P.csv", help="the weeks of each municipality: municipality;weeks")
    reading.add_argument("--profile", metavar="P.toml", help="how to read a file that is not an exchange file")
    reading.add_argument("--encoding", metavar="E", help="utf-8 or windows-1252; found from the file by default")
    reading.add_argument(
        "--threads", metavar="N", type=_threads, help="how many threads may count; default: the processors, four at most"
    )


def _add_query(parser: argparse.ArgumentParser, kinds: bool = True) -> None:
    """``kinds``: with what says which share is meant."""
    dimensions = " ".join(row[1] for row in _core.DIMENSIONS)
    query = parser.add_argument_group("what is measured", f"dimensions: {dimensions}")
    query.add_argument(
        "--by", metavar="D[,D]", type=_dimensions, action="extend", default=[], help="dimensions to split by"
    )
    query.add_argument(
        "--where", metavar="D=V[,V]", type=_filter, action="append", default=[], help="only contacts with a value"
    )
    query.add_argument(
        "--without", metavar="D=V[,V]", type=_filter, action="append", default=[], help="no contacts with a value"
    )
    query.add_argument("--tasks", metavar="SET", default="all", help="all (default), kl-35 or a file of KLE numbers")
    if kinds:
        query.add_argument(
            "--basis", metavar="B", default="application", help="of self_service: application (default), all or a group"
        )
        query.add_argument("--set", metavar="NAME", help="of digital: narrow, effective, broad or dispatch")
    else:
        parser.set_defaults(basis="application", set=None)
    query.add_argument("--scheme", metavar="S", help="kl-2011, kl-2012 or hilleroed-2014; the round's by default")
    query.add_argument("--raw", action="store_true", help="leave the rounds' reclassification rules out")


class _Shell:
    """What the parts of the command line that have files of their own borrow."""

    out = staticmethod(_out)
    note = staticmethod(_note)
    rows = staticmethod(_rows)
    rich_wanted = staticmethod(_rich_wanted)
    inputs = staticmethod(_inputs)
    is_same = staticmethod(_is_same)
    check_reading = staticmethod(_check_reading)
    query = staticmethod(_query)
    check_query = staticmethod(_check_query)
    add_query = staticmethod(_add_query)
    add_reading = staticmethod(_add_reading)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = _Parser(
        prog="komhen",
        description="Count contacts to a Danish municipality the way KOMHEN 2.0 prescribes.",
        epilog="Exit status: 0 done (rejected rows included), 1 the work could not be done, 2 wrong usage.",
    )
    top.add_argument("--version", action="version", version=f"komhen {_core.__version__}, {_core.METHOD_EDITION}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help, description=help)
        command.add_argument("--format", choices=("table", "csv", "json"), default="table", help="default: table")
        command.set_defaults(run=run)
        return command

    add("tasks", _tasks, "the 35 mandatory tasks")
    add("municipalities", _municipalities, "the 98 municipalities")
    add("rounds", _rounds, "the built-in counting rounds")
    add("channels", _channels, "the channels, and what one contact on each is")
    add("published", _published, "the figures that the sources print")

    command = add("count", _count_command, "count registration files, and say what became of every row")
    command.add_argument("files", nargs="+", metavar="FILE", help="a registration file")
    _add_reading(command)
    command.add_argument("--rejects", metavar="OUT.csv", help="write the rejected rows, CPR-like values masked")
    command.add_argument("--out", metavar="OUT.cube", help="save the cube")

    command = add("measure", _measure, "compute a measure from registration files or saved cubes")
    command.add_argument(
        "name",
        metavar="NAME",
        choices=("contacts", "mix", "self_service", "digital", "first_contact_closure", "form_share"),
        help="contacts, mix, self_service, digital, first_contact_closure or form_share",
    )
    command.add_argument("inputs", nargs="+", metavar="INPUT", help=_INPUT)
    _add_query(command)
    _add_reading(command)

    command = add("compare", _compare, "the exact change of a share between two counts, or KL's printed tables")
    command.add_argument("before", metavar="BEFORE", help=f"{_INPUT}, or published:ROUND")
    command.add_argument("after", metavar="AFTER", help=f"{_INPUT}, or published:ROUND")
    command.add_argument(
        "--measure",
        default="self_service",
        choices=("mix", "self_service", "digital", "first_contact_closure", "form_share"),
        help="default: self_service",
    )
    _add_query(command)
    _add_reading(command)

    add_costs(add, _Shell())
    add_report(add, _Shell())

    command = add("simulate", _simulate, "write a reproducible synthetic round that holds KL's printed figures")
    command.add_argument("--round", metavar="R", default="2012-spring", help="2012-spring (default) or 2011-autumn")
    command.add_argument("--rows", metavar="N", type=_number(-1, 2**63 - 1), default=650_000, help="default: 650000")
    command.add_argument("--seed", metavar="S", type=_seed, default=1, help="default: 1")
    command.add_argument("--out", metavar="FILE.csv", required=True, help="FILE.participation.csv is written beside it")
    command.add_argument("--event-ids", action="store_true", help="give every row an event_id")

    command = commands.add_parser("journal", help="durable counting: journals by path", description="journals by path")
    add_journal(command, _rows, _note)

    add("doctor", _doctor, "versions, build flags and encodings")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 0 done, 1 the work could not be done, 2 wrong usage."""
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `komhen tasks | head` ends quietly
    try:
        args = parser().parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = args.run
        return run(args)
    except _core.KomhenError as error:
        _note(f"komhen: {error}")
    except MemoryError:
        _note("komhen: memory ran out")
    except OverflowError as error:
        _note(f"komhen: a number is too large: {error}")
    except OSError as error:
        _note(f"komhen: {_core.masked(str(error))}")
    except KeyboardInterrupt:
        _note("komhen: stopped")
        return 130
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
