"""``komhen journal``: journals that nobody holds, looked at and worked on by path."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from typing import Any

from . import _core
from .journal import Journal, merge_journals

Rows = Callable[[argparse.Namespace, list[dict[str, Any]], Sequence[str], int], None]
Note = Callable[[str], None]


def add_journal(command: argparse.ArgumentParser, rows: Rows, note: Note) -> None:
    """Add the five commands. ``rows`` prints a table in the format asked for, ``note`` a line on standard error."""
    commands = command.add_subparsers(dest="journal_command", metavar="WHAT", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], help: str, several: bool) -> argparse.ArgumentParser:
        part = commands.add_parser(name, help=help, description=help)
        part.add_argument("--format", choices=("table", "csv", "json"), default="table", help="default: table")
        part.add_argument("files", nargs="+" if several else 1, metavar="FILE", help="a journal that nobody has open")
        part.set_defaults(run=run)
        return part

    def show(args: argparse.Namespace, found: list[dict[str, Any]], left: int) -> None:
        if args.format != "json":
            found = [{name: _plain(value) for name, value in row.items()} for row in found]
        rows(args, found, tuple(found[0]), left)

    def status(args: argparse.Namespace) -> int:
        found = []
        for path in args.files:
            with _opened(path, "read_only") as journal:
                found.append({"journal": _shown(path), **journal.status()})
        if args.format == "table":
            # Lying down, with a column a journal: a dozen numbers beside each other fit no terminal.
            turned = [
                {"what": what, **{row["journal"]: _plain(row[what]) for row in found}}
                for what in found[0]
                if what != "journal"
            ]
            show(args, turned, left=1)
        else:
            show(args, found, left=1)
        return 0

    def export(args: argparse.Namespace) -> int:
        with _opened(args.files[0], "read_only") as journal:
            made: dict[str, Any] = {"journal": _shown(args.files[0])}
            if args.out is not None:
                made["rows"] = journal.export(args.out)
            if args.cube is not None:
                cube = journal.cube()
                cube.save(os.fsencode(args.cube))
                made["contacts"] = cube.contacts
        show(args, [made], left=1)
        return 0

    def merge(args: argparse.Namespace) -> int:
        show(args, [{"journal": _shown(args.out), **merge_journals(args.out, args.files)}], left=1)
        return 0

    def verify(args: argparse.Namespace) -> int:
        found = []
        for path in args.files:
            with _opened(path, "read_only") as journal:
                check = journal.verify()
            found.append({"journal": _shown(path), "sound": check.sound, "entries": check.entries, "sentence": check.sentence})
        show(args, found, left=1)
        for row in found:
            if not row["sound"]:
                note(f"komhen: {row['sentence']}")
        return 0 if all(row["sound"] for row in found) else 1

    def seal(args: argparse.Namespace) -> int:
        found = []
        for path in args.files:
            with _opened(path, "must_exist") as journal:
                journal.seal(erase_ids=args.erase_ids)
                now = journal.status()
            found.append({"journal": _shown(path), **{name: now[name] for name in ("sealed", "ids_erased", "contacts")}})
        show(args, found, left=1)
        return 0

    add("status", status, "what journals hold", several=True)
    part = add("export", export, "write a journal's effective events, or its cube", several=False)
    target = part.add_mutually_exclusive_group(required=True)
    target.add_argument("--out", metavar="OUT.csv", help="an exchange file with event_id")
    target.add_argument("--cube", metavar="OUT.cube", help="a cube; what is left of a journal whose ids are erased")
    part = add("merge", merge, "unite journals by key into a new one; of conflicts the first file wins", several=True)
    part.add_argument("--out", metavar="OUT", required=True, help="the new journal, which must not exist")
    add("verify", verify, "read every page and every entry; exit 1 when one is damaged", several=True)
    part = add("seal", seal, "end a round: the cube stays, and no more records are taken", several=True)
    part.add_argument("--erase-ids", action="store_true", help="overwrite the entries and their ids")


def _opened(path: str, mode: str) -> Journal:
    return Journal(path, mode=mode, trial=None)


def _shown(path: str) -> str:
    return _core.masked(os.fsencode(path).decode("utf-8", "replace"))


def _plain(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
