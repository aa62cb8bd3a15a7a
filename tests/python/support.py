"""What the tests of the Python package share: the command line as a process, and exchange files in a line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import komhen

HEADER = "municipality;date;kle;channel;type;direction"
ROW = "657;2012-04-23;23.05.10;telephone;new_case;incoming"
LONGEST = 60  # seconds: nothing that is read may hang

# A CPR number that nobody has had: 1 January 1990 written with a separator, where the date is enough.
CPR = "010190-1234"
CPR_DIGITS = "0101901234"  # bare: a birthday on 1 January

REASONS = (
    "malformed bad_encoding personal_data unknown_municipality bad_date bad_kle unknown_task unknown_channel "
    "unknown_type unknown_direction unknown_closure unknown_form bad_count bad_label outside_round "
    "outside_participation duplicate_event conflicting_event"
).split()


def cli(*arguments, env=None, **options) -> subprocess.CompletedProcess[bytes]:
    """Runs the command line; stdout and stderr are bytes."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": LONGEST} | options
    command = [sys.executable, "-m", "komhen", *(os.fsencode(a) for a in arguments)]
    return subprocess.run(command, env={**os.environ, **(env or {})}, **options)


def done(*arguments, **options) -> str:
    """What a command that did its work prints."""
    run = cli(*arguments, **options)
    assert run.returncode == 0, run.stderr.decode("utf-8", "replace")
    assert b"Traceback" not in run.stderr
    return run.stdout.decode("utf-8")


def one_line(run: subprocess.CompletedProcess[bytes], status: int) -> str:
    """The one sentence on stderr of a command that ended with this status."""
    said = run.stderr.decode("utf-8", "replace")
    assert "Traceback" not in said, said
    assert run.returncode == status, (run.returncode, said)
    assert said.endswith("\n") and said.count("\n") == 1 and len(said) < 600, said
    assert said.startswith("komhen"), said
    return said.rstrip("\n")


def refused(*arguments, **options) -> str:
    """The one sentence of a command that could not do its work; nothing stands on stdout then."""
    run = cli(*arguments, **options)
    assert not run.stdout
    return one_line(run, 1)


def file_of(path: Path, *rows: str, header: str = HEADER) -> Path:
    """An exchange file of these rows."""
    path.write_bytes("\n".join([header, *rows, ""]).encode())
    return path


def rejections(cube: komhen.Cube) -> dict[str, int]:
    """The reasons that occurred; the conservation law is checked on the way."""
    outcome = cube.outcome
    assert outcome.rows_read == outcome.rows_accepted + outcome.rows_rejected
    assert outcome.rows_rejected == sum(outcome.rejected.values())
    assert outcome.contacts == cube.contacts
    return {reason: rows for reason, rows in outcome.rejected.items() if rows}


def cube_of(*cells: dict, **same) -> komhen.Cube:
    """A cube of cells that differ from one incoming application by telephone."""
    cube = komhen.Cube()
    usual = dict(
        municipality=657, week="2012-W17", task="23.05.10", channel="telephone", type="new_case", direction="incoming"
    )
    for cell in cells:
        cube.add(**(usual | same | cell))
    return cube
