"""``komhen report``: a round as a page, a workbook, CSV files or JSON."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from . import _core
from ._core import Cube, KomhenError

Args = argparse.Namespace
Add = Callable[[str, Callable[[Args], int], str], argparse.ArgumentParser]
_OUTPUTS = ("html", "xlsx", "csv", "json", "pictures")
_FOLDERS = {"csv": re.compile(r"\d\d-[a-z_]+\.csv"), "pictures": re.compile(r"[a-z_]+\.svg")}  # what is written into them


class Shell(Protocol):
    """What the command line lends."""

    def rows(self, args: Args, rows: list[dict[str, Any]], head: Sequence[str], left: int) -> None: ...
    def inputs(self, args: Args, paths: Sequence[str]) -> Cube: ...
    def is_same(self, a: str, b: str) -> bool: ...
    def check_reading(self, args: Args, paths: Sequence[str]) -> None: ...
    def add_reading(self, parser: argparse.ArgumentParser) -> None: ...


def add_report(add: Add, shell: Shell) -> None:
    """Add the command. ``add`` makes a command of a name, what runs it, and its help."""

    def run(args: Args) -> int:
        wanted = [name for name in _OUTPUTS if getattr(args, name) is not None]
        if not wanted:
            command.error("name what to write: --html F, --xlsx F, --csv DIR, --json F or --pictures DIR")
        before = [args.before] if args.before else []
        _check(args, wanted, [*args.inputs, *before, args.prices, args.goals, args.round, args.participation, args.profile], shell)
        shell.check_reading(args, [*args.inputs, *before])
        from .prices import load_prices
        from .report.library import library
        from .report.report import report

        for name, package in (("html", "jinja2"), ("xlsx", "xlsxwriter"), ("pictures", "vl_convert")):  # all of it said before a long count
            if name in wanted:
                library(package, f"--{name}")
        prices = None if args.prices is None else load_prices(args.prices)
        if args.goals is not None:
            _core.goals(Cube(), os.fsencode(args.goals), None, None, None, False)
        earlier = shell.inputs(args, before) if before else None
        cube = shell.inputs(args, args.inputs)
        scheme = None if args.scheme is None else os.fsencode(args.scheme).decode("utf-8", "replace")
        made = report(
            cube, before=earlier, prices=prices, goals=args.goals, outcome=cube.outcome, scheme=scheme, lang=args.lang
        )
        for name in wanted:
            getattr(made, f"to_{name}")(getattr(args, name))
        written = [{"what": name, "path": _shown(getattr(args, name))} for name in wanted]
        shell.rows(args, written, ("what", "path"), 2)
        return 0

    command = add("report", run, "a round as a page, an Excel workbook, CSV files or JSON, in the order of KL's report")
    command.add_argument("inputs", nargs="+", metavar="INPUT", help="a registration file or a saved .cube")
    command.add_argument("--before", metavar="INPUT", help="an earlier count to stand beside")
    writing = command.add_argument_group("what is written (at least one)")
    writing.add_argument("--html", metavar="F", help="one self-contained page")
    writing.add_argument("--xlsx", metavar="F", help="an Excel workbook")
    writing.add_argument("--csv", metavar="DIR", help="a folder with a CSV file a table")
    writing.add_argument("--json", metavar="F", help="exact figures")
    writing.add_argument("--pictures", metavar="DIR", help="a folder with the pictures as SVG files, for slides")
    command.add_argument("--lang", choices=("da", "en"), default="da", help="default: da")
    command.add_argument("--prices", metavar="FILE|NAME", help="a price table (komhen prices) or a .toml or .csv file")
    command.add_argument("--goals", metavar="FILE.toml", help="goals of your own (docs/goals.md)")
    command.add_argument("--scheme", metavar="S", help="kl-2011, kl-2012 or hilleroed-2014; the round's by default")
    shell.add_reading(command)


def _shown(path: str) -> str:
    return _core.masked(os.fsencode(path).decode("utf-8", "replace"))


def _check(args: Args, wanted: list[str], read: list[str | None], shell: Shell) -> None:
    """An output must not be written over something that is read or written; said before a long file is read."""
    seen = [path for path in read if path is not None and os.path.exists(path)]
    for name in wanted:
        path = getattr(args, name)
        if not path.strip():
            raise KomhenError(f"--{name} names nothing")
        if not os.path.isdir(os.path.dirname(path.rstrip("/")) or "."):
            raise KomhenError(f"--{name} names '{_shown(path)}' in a directory that is not there")
        for file in [path, *_would_be_replaced(name, path)]:
            if any(shell.is_same(file, other) for other in seen):
                raise KomhenError(f"--{name} names '{_shown(file)}', which is also read or written")
        seen.append(path)


def _would_be_replaced(name: str, folder: str) -> list[str]:
    """The files of a folder that a report of some round would write or remove, whatever they lead to."""
    if name not in _FOLDERS or not os.path.isdir(folder):
        return []
    return [entry.path for entry in os.scandir(folder) if _FOLDERS[name].fullmatch(entry.name)]
