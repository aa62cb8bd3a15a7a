"""Throughput of what comes after counting: measures, report, business case, journal, in turn in one run."""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EVENTS = 20_000
BATCH = 1_000
DRAWS = 200_000


def _timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _cases_with_draws() -> list[Path]:
    """The example cases whose results hold simulations."""
    import komhen

    return [
        path
        for path in sorted((ROOT / "examples" / "cases").glob("*.toml"))
        if komhen.business_case(path, draws=100).simulations
    ]


def measured(rounds: int) -> list[dict]:
    import komhen

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        komhen.simulate(folder / "round.csv", round="2012-spring", rows=650_000, seed=1)
        cube = komhen.count(folder / "round.csv", round="2012-spring")
        cube.save(folder / "round.cube")
        frame = cube.to_polars()
        works: dict[str, tuple] = {}
        works["self_service by municipality and task"] = (
            lambda: komhen.self_service(cube, by=["municipality", "task"]),
            len(cube),
            "cells",
        )
        works["the same group-by in polars"] = (lambda: _in_polars(frame), len(cube), "cells")
        works["mix by municipality and channel"] = (
            lambda: komhen.mix(cube, by=["municipality", "channel"]),
            len(cube),
            "cells",
        )
        works["merging a cube of the round"] = (lambda: komhen.Cube().merge(cube), len(cube), "cells")
        works["a cube to bytes and back"] = (lambda: komhen.Cube.from_bytes(cube.to_bytes()), len(cube), "cells")
        cases = _cases_with_draws()
        if cases:
            works["business case, Monte Carlo"] = (
                lambda: komhen.business_case(cases[0], seed=1, draws=DRAWS),
                DRAWS,
                "draws",
            )
        if not subprocess.run([sys.executable, "-m", "komhen", "report", "--help"], capture_output=True).returncode:
            works["komhen report --html"] = (
                lambda: subprocess.run(
                    [sys.executable, "-m", "komhen", "report", folder / "round.cube", "--html", folder / "report.html"],
                    check=True,
                    capture_output=True,
                ),
                1,
                "reports",
            )
        number = iter(range(10**9))
        works["journal, a thousand contacts a sync"] = (
            lambda: _journal(folder / f"{next(number)}.journal"),
            EVENTS,
            "contacts",
        )
        works["the same rows into bare SQLite"] = (lambda: _bare(folder / f"{next(number)}.sqlite"), EVENTS, "contacts")
        times: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(rounds):
            for name, (work, _, _) in works.items():
                times[name].append(_timed(work))
    out = []
    for name, (_, many, of) in works.items():
        seconds = statistics.median(times[name])
        out.append({"what": name, "seconds": seconds, "many": many, "of": of})
        print(f"  {name}: {seconds:.4f} s, {many / seconds:,.0f} {of} a second", flush=True)
    return out


def _in_polars(frame):
    import polars as pl

    rows = frame.filter((pl.col("direction") == "incoming") & pl.col("type").is_in(["new_case", "status_change"]))
    own = pl.col("count").filter(pl.col("channel") == "self_service").sum().alias("numerator")
    return (
        rows.group_by("municipality", "task")
        .agg(own, pl.col("count").sum().alias("denominator"))
        .sort("municipality", "task")
    )


def _journal(path: Path) -> None:
    import komhen

    with komhen.Journal(path) as journal:
        for start in range(0, EVENTS, BATCH):
            journal.record_many(
                dict(
                    municipality=657,
                    week="2012-W17",
                    task="23.05.10",
                    channel="telephone",
                    type="new_case",
                    direction="incoming",
                    event_id=f"event-{at}",
                )
                for at in range(start, start + BATCH)
            )


def _bare(path: Path) -> None:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = full")
    database.execute(
        "create table entry (municipality integer, week text, task text, channel text, type text, "
        "direction text, event_id text)"
    )
    database.execute("create unique index entry_key on entry (municipality, event_id)")
    for start in range(0, EVENTS, BATCH):
        database.execute("begin")
        database.executemany(
            "insert into entry values (657, '2012-W17', '23.05.10', 'telephone', 'new_case', 'incoming', ?)",
            [(f"event-{at}",) for at in range(start, start + BATCH)],
        )
        database.execute("commit")
    database.close()
