"""What the tests of counting on many machines share: rows of every kind, in no order, and an engine to kill."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import komhen
from support import HEADER

COLUMNS = [*HEADER.split(";"), "source", "unit", "event_id", "note", "at"]


def rows(many: int, seed: int = 1, events: bool = False) -> list[dict]:
    """Registrations over municipalities, tasks and channels, some of them bad; with events, some of them repeated.

    `at` numbers the rows. `note` is a column that nobody reads.
    """
    draw = random.Random(seed)
    codes = [municipality.code for municipality in komhen.MUNICIPALITIES]
    tasks = [task.kle for task in komhen.TASKS]
    out: list[dict] = []
    for at in range(many):
        row = {
            "municipality": str(draw.choice(codes)),
            "date": draw.choice(["2012-04-23", "2012-05-01", "2012-05-09", "2012-06-30"]),
            "kle": draw.choice(tasks),
            "channel": draw.choice(["telephone", "Selvbetjening", "brev", "due"]),
            "type": draw.choice(["new_case", "guidance"]),
            "direction": "incoming",
            "source": draw.choice(["", "esdh"]),
            "unit": draw.choice(["", "skranke", "blåt hus"] if at > many // 2 else ["", "skranke"]),
            "event_id": None,
            "note": "x",
            "at": at,
        }
        if events and out and draw.random() < 0.3:
            earlier = draw.choice(out)
            row |= {name: earlier[name] for name in ("municipality", "source", "event_id")}
            if draw.random() < 0.5:
                row = earlier | {"at": at}
            if row["event_id"] and draw.random() < 0.5:
                row["event_id"] = f" {row['event_id'].strip()}\t"
        elif events and draw.random() < 0.8:
            row["event_id"] = f"hændelse-{seed}-{at}"
        out.append(row)
    return out


def written(folder: Path, files: int, many: int = 300) -> Path:
    """A folder of exchange files, one of which has letters beyond ASCII and one a column that is not read."""
    folder.mkdir()
    for at in range(files):
        names = COLUMNS[:8] + (["note"] if at == 1 else [])
        lines = [";".join(names), *(";".join(str(row[name]) for name in names) for row in rows(many, seed=at))]
        (folder / f"{at:02}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "_SUCCESS").touch()
    return folder


def same(counted: komhen.Cube, whole: komhen.Cube) -> None:
    """Equal to the last cell, and every row accounted for."""
    assert counted.cells() == whole.cells()
    assert counted.to_bytes() == whole.to_bytes()
    assert counted.outcome.to_json() == whole.outcome.to_json()
    assert counted.outcome == whole.outcome
    assert counted.outcome.rows_read == counted.outcome.rows_accepted + counted.outcome.rows_rejected


def ancestor(name: str) -> int:
    """The nearest process above this one whose command has this name."""
    process = os.getppid()
    while process > 1:
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines()[:8])
        if status["Name"].strip() == name:
            return process
        process = int(status["PPid"])
    raise AssertionError(f"no {name} is above this process")


def kill_once(mark: str, process: int) -> None:
    """Kills a process the first time; the mark, which one caller alone can make, says that it was done."""
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(process, signal.SIGKILL)
