"""A polars frame counted by komhen, beside the same group-by in polars and in DuckDB, one after the other.

python tests/bench/frames.py [ROWS]; the default is 10 million. The frame is made by rule. What is printed is the median
of five rounds as ratios to polars' own group-by, and how far each lifts the peak of the process's memory above the frame
that is there: komhen makes no copy of it. Of categories, what polars itself takes to hand out its 32-bit codes is in it,
whoever reads them (`handing out alone`).
"""

from __future__ import annotations

import statistics
import sys
import time

import duckdb
import polars as pl
import pyarrow as pa

import komhen

KLE = [task.kle for task in komhen.TASKS]
CHANNELS = [channel.token for channel in komhen.Channel]
KEYS = ["municipality", "week", "kle", "channel", "type", "direction"]


def made(rows: int, words: bool) -> pl.DataFrame:
    """Every task and channel, five municipalities; words as categories, or as text."""
    at = pl.int_range(rows, eager=True)

    def pick(values: list, name: str) -> pl.Series:
        kind = pl.Categorical if words and isinstance(values[0], str) else None
        return pl.Series(values, dtype=kind).gather(at % len(values)).alias(name)

    return pl.DataFrame(
        [
            pick([657, 101, 751, 461, 851], "municipality"),
            pick(["2012-W17", "2012-W18", "2012-W19"], "week"),
            pick(KLE, "kle"),
            pick(CHANNELS, "channel"),
            pick(["new_case", "guidance"], "type"),
            pick(["incoming"], "direction"),
        ]
    )


def timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def resident(name: str) -> int:
    """Bytes: VmRSS is what is held now, VmHWM the most since the peak was reset."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith(name + ":"))


def lifted(work) -> int:
    """How far a work lifts the peak above what was held before it, in MiB."""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    before = resident("VmRSS")
    work()
    return max(0, resident("VmHWM") - before) >> 20


def handed_out(frame: pl.DataFrame) -> None:
    """Reads the frame's stream to its end and looks at nothing."""
    for _ in pa.RecordBatchReader.from_stream(frame):
        pass


def main(rows: int) -> None:
    for words in (True, False):
        frame = made(rows, words)
        assert komhen.count(frame).contacts == rows
        database = duckdb.connect()
        database.register("frame", frame)
        query = f"select {', '.join(KEYS)}, count(*) from frame group by all"
        works = {
            "komhen": lambda: komhen.count(frame),
            "polars": lambda: frame.group_by(KEYS).len(),
            "duckdb": lambda: database.execute(query).fetchall(),
        }
        times: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(5):
            for name, work in works.items():
                times[name].append(timed(work))
        median = {name: statistics.median(took) for name, took in times.items()}
        ratios = ", ".join(f"{name} {median[name] / median['polars']:.2f}" for name in works)
        kind = "categories" if words else "text"
        print(
            f"{rows} rows of {kind}, {frame.estimated_size() >> 20} MiB: {ratios} (times polars' group-by, which took "
            f"{median['polars']:.2f} s with {pl.thread_pool_size()} threads)"
        )
        peaks = {name: lifted(work) for name, work in works.items()} | {"handing out alone": lifted(lambda: handed_out(frame))}
        print("  peak above the frame: " + ", ".join(f"{name} {peak} MiB" for name, peak in peaks.items()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
