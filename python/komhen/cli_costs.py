"""``komhen prices``, ``cost``, ``case``, ``goals``, ``baseline`` and ``waves``: kroner and goals on the command line."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from . import _core
from ._core import Cube
from .cases import business_case
from .prices import Costs, Prices, load_prices, move_cost
from .tables import filters_of
from .targets import freeze_baseline, goals, load_baseline, rank_tasks, waves

Args = argparse.Namespace


class Shell(Protocol):
    """What the command line lends to its parts."""

    def out(self, text: str) -> None: ...
    def note(self, text: str) -> None: ...
    def rows(self, args: Args, rows: list[dict[str, Any]], head: Sequence[str], left: int) -> None: ...
    def rich_wanted(self) -> bool: ...
    def inputs(self, args: Args, paths: Sequence[str]) -> Cube: ...
    def check_reading(self, args: Args, paths: Sequence[str]) -> None: ...
    def query(self, args: Args) -> dict[str, Any]: ...
    def check_query(self, name: str, query: dict[str, Any]) -> None: ...
    def add_query(self, parser: argparse.ArgumentParser, kinds: bool) -> None: ...
    def add_reading(self, parser: argparse.ArgumentParser) -> None: ...


class _Shown(Protocol):
    def to_json(self) -> str: ...
    def to_csv(self) -> str: ...
    def to_text(self, rich: bool = False) -> str: ...


Add = Callable[[str, Callable[[Args], int], str], argparse.ArgumentParser]
_INPUT = "a registration file or a saved .cube"
# Options of `komhen cost` that do nothing to --move, and their defaults.
_COUNTS_ONLY: dict[str, Any] = {"by": [], "without": [], "tasks": "all", "scheme": None, "raw": False, "level": []}
_COUNTS_ONLY |= {"unpriced": "error", "round": None, "participation": None, "profile": None, "encoding": None}


def add_costs(add: Add, shell: Shell) -> None:
    """Add the six commands. ``add`` makes a command of a name, what runs it, and its help."""

    def show(args: Args, found: _Shown, heading: str = "", notes: Sequence[str] = ()) -> int:
        for note in notes:
            shell.note(f"komhen: note: {note}")
        if args.format == "json":
            shell.out(found.to_json())
        elif args.format == "csv":
            shell.out(found.to_csv().rstrip("\n"))
        else:
            shell.out("\n".join([*([heading] if heading else []), found.to_text(rich=shell.rich_wanted())]))
        return 0

    def prices(args: Args) -> int:
        tables = [(_word(name), json.loads(_core.price_table(os.fsencode(name)))["rows"]) for name in _tables(args)]
        rows = [{"table": name, **row} for name, found in tables for row in found]
        head = ("table", "source", "year", "basis", "class", "channels", "direction", "group", "level", "price", "derivation")
        shell.rows(args, rows, head if args.format != "table" else ("table", *head[2:10]), left=9)
        return 0

    def moved(args: Args) -> int:
        count, *ends = args.move
        if args.inputs:
            raise _core.KomhenError("--move prices contacts that nobody counted; name no input beside it")
        for name, usual in _COUNTS_ONLY.items():
            if getattr(args, name) != usual:
                raise _core.KomhenError(f"--{name} applies to inputs, and --move reads none")
        known = {dimension: _one(dimension, values) for dimension, values in args.where}
        if len(known) < len(args.where) or not known.keys() <= {"direction", "group"}:
            raise _core.KomhenError("--where beside --move says what is known of the contacts: direction=, group=, each once")
        (origin, from_level), (target, to_level) = (_end(end) for end in ends)
        table = _prices(args)
        found = move_cost(table, _contacts(count), origin, target, **known, from_level=from_level, to_level=to_level)
        year = "" if table.year is None else f" ({table.year})"
        heading = f"cost in kroner before and after a move: prices {table.id}{year}, basis {table.basis}"
        return show(args, found, heading, [*([table.note] if table.note else []), *found.notes])

    def cost(args: Args) -> int:
        if args.move is not None:
            return moved(args)
        if not args.inputs:
            raise _core.KomhenError("name the inputs to price, or --move N FROM TO")
        query = shell.query(args)
        table = _prices(args)
        shell.check_query("contacts", query)
        shell.check_reading(args, args.inputs)
        levels = [(_word(task), _word(level)) for task, level in args.level if task is not None]
        for twice in {task for task, _ in args.level if [own for own, _ in args.level].count(task) > 1}:
            shown = "all other tasks" if twice is None else f"'{_core.masked(_word(twice))}'"
            raise _core.KomhenError(f"--level is given twice for {shown}")
        others = [_word(level) for task, level in args.level if task is None]
        del query["basis"], query["set"]
        how = {"levels": levels, "level": others[-1] if others else None, "unpriced_apart": args.unpriced == "apart"}
        _core.costs(Cube(), table._prices, **{**query, "scheme": query["scheme"]}, **how)  # wrong words before a long file
        found = Costs(_core.costs(shell.inputs(args, args.inputs), table._prices, **query, **how), filters_of(query))
        return show(args, found, found.heading, found.notes)

    def case(args: Args) -> int:
        found = business_case(args.file, seed=args.seed, draws=args.draws)
        if args.explain is None:
            return show(args, found, found.title, found.warnings)
        explained = found.explain(_word(args.explain) or None, "en")
        if args.format == "json":
            shell.out(json.dumps({"figure": _word(args.explain) or None, "explanation": explained}, ensure_ascii=False))
        else:
            shell.out(explained.rstrip("\n"))
        return 0

    def held(args: Args) -> int:
        _core.goals(Cube(), os.fsencode(args.goals), None, None, None, False)  # a bad file before a long count
        if args.prices is None:
            _refuse(args, ("price_source", "price_year", "price_basis", "unpriced"), "applies to --prices, which is not given")
        table = None if args.prices is None else _prices(args)
        frozen = None if args.baseline is None else load_baseline(args.baseline)
        shell.check_reading(args, [*args.inputs, *([args.before] if args.before else [])])
        before = None if args.before is None else shell.inputs(args, [args.before])
        now = shell.inputs(args, args.inputs)
        found = goals(now, args.goals, before=before, baseline=frozen, prices=table, unpriced=args.unpriced)
        return show(args, found, notes=found.notes)

    def freeze(args: Args) -> int:
        if args.show is not None:
            if args.inputs:
                raise _core.KomhenError("--show looks at a frozen baseline; name no input beside it")
            beside = ("out", "date", "tasks", "tasks_at", "scheme", "round", "participation", "profile", "encoding")
            _refuse(args, beside, "applies to freezing, and --show only looks")
            made = load_baseline(args.show)
        else:
            if args.out is None or not args.inputs:
                raise _core.KomhenError("name the inputs and --out to freeze a baseline, or --show to look at one")
            shell.check_reading(args, args.inputs)
            _check_out(args.out, [*args.inputs, args.round, args.participation, args.profile, args.tasks])
            made = freeze_baseline(
                shell.inputs(args, args.inputs),
                date=_word(args.date) if args.date else date.today(),
                tasks=Path(args.tasks) if os.path.exists(args.tasks) else _word(args.tasks),
                tasks_at=None if args.tasks_at is None else _word(args.tasks_at),
                scheme=None if args.scheme is None else _word(args.scheme),
            )
            made.save(os.fsencode(args.out))
        if args.format == "json":
            shell.out(made.to_json())
            return 0
        facts = json.loads(made.to_json())
        shell.rows(args, [{"what": what, "value": value} for what, value in facts.items()], ("what", "value"), left=2)
        return 0

    def wave(args: Args) -> int:
        if args.candidates is None:
            if args.inputs:
                raise _core.KomhenError("--candidates names the file with the tasks to rank")
            beside = ("prices", "price_source", "price_year", "price_basis", "unpriced", "scheme")
            _refuse(args, (*beside, "round", "participation", "profile", "encoding"), "applies to --candidates, which is not given")
            rows = list(waves())
            shell.rows(args, rows, tuple(rows[0]) if args.format != "table" else tuple(rows[0])[:7], left=9)
            return 0
        if not args.inputs:
            raise _core.KomhenError("name the inputs to rank the candidates by")
        table = _prices(args)
        shell.check_reading(args, args.inputs)
        scheme = None if args.scheme is None else _word(args.scheme)
        rank_tasks(args.candidates, Cube(), table, scheme=scheme)
        now = shell.inputs(args, args.inputs)
        return show(args, rank_tasks(args.candidates, now, table, scheme=scheme, unpriced=args.unpriced))

    command = add("prices", prices, "the built-in price tables, or those of a file")
    command.add_argument("tables", nargs="*", metavar="FILE|NAME", help="default: every built-in table")

    command = add("cost", cost, "what the contacts of registration files or saved cubes cost")
    command.add_argument("inputs", nargs="*", metavar="INPUT", help=_INPUT)
    command.add_argument(
        "--move",
        nargs=3,
        metavar=("N", "FROM", "TO"),
        help="instead of inputs: what it saves to move N contacts from one channel to another; CHANNEL or CHANNEL=LEVEL",
    )
    _add_prices(command, needed=True)
    command.add_argument(
        "--level",
        metavar="[TASK=]N",
        type=_level,
        action="append",
        default=[],
        help="the self-service level, 0 to 3, of a task's solution, or of all others",
    )
    shell.add_query(command, kinds=False)
    shell.add_reading(command)

    command = add("case", case, "compute a business case from a TOML file")
    command.add_argument("file", metavar="FILE.toml", help="the case (docs/cases.md)")
    command.add_argument("--explain", metavar="ID", nargs="?", const="", help="a figure in words; without ID the whole case")
    command.add_argument("--seed", metavar="S", type=_whole(2**64 - 1), help="of the random draws, in place of the file's")
    command.add_argument("--draws", metavar="N", type=_whole(2**63 - 1), help="of the random draws, in place of the file's")

    command = add("goals", held, "hold goals against a count")
    command.add_argument("inputs", nargs="+", metavar="INPUT", help=_INPUT)
    command.add_argument("--goals", metavar="FILE.toml", required=True, help="the goals (docs/goals.md)")
    earlier = command.add_mutually_exclusive_group()
    earlier.add_argument("--before", metavar="INPUT", help="the count that a change is measured from")
    earlier.add_argument("--baseline", metavar="F", help="the same, frozen (komhen baseline)")
    _add_prices(command, needed=False)
    shell.add_reading(command)

    command = add("baseline", freeze, "freeze a count with its task set, scheme and day, or look at a frozen one")
    command.add_argument("inputs", nargs="*", metavar="INPUT", help=_INPUT)
    command.add_argument("--out", metavar="F", help="the file to write")
    command.add_argument("--show", metavar="F", help="a baseline to check and show; nothing is written")
    command.add_argument("--date", metavar="D", help="the day of the freeze, such as 2012-05-13; today by default")
    command.add_argument("--tasks", metavar="SET", default="all", help="all (default), kl-35, udk-2012, mandatory or a file")
    command.add_argument("--tasks-at", metavar="D", help="the day that udk-2012 or mandatory is meant on")
    command.add_argument("--scheme", metavar="S", help="kl-2011, kl-2012 or hilleroed-2014; the round's by default")
    shell.add_reading(command)

    command = add("waves", wave, "the four waves of mandatory self-service, or candidates ranked for the next one")
    command.add_argument("inputs", nargs="*", metavar="INPUT", help=_INPUT)
    command.add_argument("--candidates", metavar="FILE.toml", help="the analysis of the candidates (docs/goals.md)")
    command.add_argument("--scheme", metavar="S", help="kl-2011, kl-2012 or hilleroed-2014; the round's by default")
    _add_prices(command, needed=False, default="copenhagen-2010")
    shell.add_reading(command)


def _add_prices(command: argparse.ArgumentParser, needed: bool, default: str | None = None) -> None:
    group = command.add_argument_group("prices")
    usual = f"; default: {default}" if default else ""
    group.add_argument(
        "--prices",
        metavar="FILE|NAME",
        required=needed,
        default=default,
        help=f"a built-in table (komhen prices) or a .toml or .csv file{usual}",
    )
    group.add_argument("--price-source", metavar="S", help="which source's prices, where the table has several")
    group.add_argument("--price-year", metavar="Y", type=_whole(9999), help="which year's")
    group.add_argument("--price-basis", metavar="B", help="which cost basis: variable, fixed, total or not_stated")
    group.add_argument(
        "--unpriced",
        choices=("error", "apart"),
        default="error",
        help="contacts without a price: an error (default), or counted apart and never at zero",
    )


_USUAL = {"prices": "copenhagen-2010", "unpriced": "error", "tasks": "all"}


def _refuse(args: Args, names: Sequence[str], why: str) -> None:
    """An option that would do nothing is said, rather than left out."""
    for name in names:
        if getattr(args, name) != _USUAL.get(name):
            raise _core.KomhenError(f"--{name.replace('_', '-')} {why}")


def _check_out(out: str, read: Sequence[str | None]) -> None:
    """An output must not be written over something that is read; said before a long file is read."""
    shown = _core.masked(_word(out))
    if not os.path.isdir(os.path.dirname(out) or "."):
        raise _core.KomhenError(f"--out names the file '{shown}' in a directory that is not there")
    if any(path is not None and os.path.exists(path) and os.path.exists(out) and os.path.samefile(path, out) for path in read):
        raise _core.KomhenError(f"--out names the file '{shown}', which is also read")


def _prices(args: Args) -> Prices:
    return load_prices(
        args.prices,
        source=None if args.price_source is None else _word(args.price_source),
        year=args.price_year,
        basis=None if args.price_basis is None else _word(args.price_basis),
    )


def _tables(args: Args) -> Sequence[str]:
    found: Sequence[str] = args.tables or _core.PRICE_TABLES
    return found


def _one(dimension: str, values: Sequence[str]) -> str:
    if len(values) != 1:
        raise _core.KomhenError(f"--where {_core.masked(dimension)} beside --move takes one value, not {len(values)}")
    return values[0]


def _contacts(text: str) -> int:
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 19:
        shown = _core.masked(_word(text[:40]))
        raise _core.KomhenError(f"--move takes a whole number of contacts, of 19 digits at most, and not '{shown}'")
    return int(text)


def _end(text: str) -> tuple[str, str | None]:
    channel, equals, level = _word(text).partition("=")
    return channel, level if equals else None


def _level(text: str) -> tuple[str | None, str]:
    task, equals, level = text.rpartition("=")
    return (task if equals else None), level


def _whole(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or int(text) > most:
            raise argparse.ArgumentTypeError(f"it must be a whole number from 0 to {most}")
        return int(text)

    return read


def _word(text: str) -> str:
    return os.fsencode(text).decode("utf-8", "replace")
