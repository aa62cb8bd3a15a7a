"""komhen beside DuckDB, polars, pandas, pyarrow and `wc -l`, in one run and in turn. Only ratios mean anything.

python tests/bench/run.py [--rows N ...] [--files simulated random] [--threads 1 2] [--rounds 5] [--parts PART ...]
                          [--folder F] [--build build/release] [--keep]

Every contender is a process of its own in every round, so its peak memory is its own; their order turns by one from
round to round. The cells of all must have one digest. The figures go into tests/bench/results.json, from which
RESULTS.md, the chart in docs/ and the page docs/scale.md are written; what is not measured in this run stays as it was
recorded.

What the README shows, on a machine that does nothing else:
    python tests/bench/run.py --rows 1000000 10000000
    python tests/bench/run.py --parts count --rows 50000000 --only "komhen (C++)" "komhen (C++), no SIMD" "wc -l"
The part `scaling` runs one and two threads and all its sizes in turn, and needs 8 GB for the largest two files.

Needs: cmake --build --preset release --target komhen_count_bench komhen_capi_bench komhen_c (and komhen, duckdb,
polars, pandas, pyarrow, numpy for this Python; valgrind for instructions).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import write
from machine import described, when

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PARTS = ["count", "scaling", "columns", "contact", "instructions", "others", "embedders"]
ROUND = "2012-spring"
SCALED = (1, 2)  # threads of the part scaling
MOST_TIMES = 5  # that one of its rounds counts a file


def words_of() -> dict:
    """The valid words of a clean file, from komhen's own tables."""
    import komhen

    import random_cells

    days = {}
    for week, first in (("2012-W17", 23), ("2012-W18", 30), ("2012-W19", 37)):
        for day in range(first, first + 7):
            days[f"2012-{4 if day <= 30 else 5:02}-{day if day <= 30 else day - 30:02}"] = week
    assert set(random_cells.DAYS) <= set(days)
    return {
        "municipalities": [str(town.code) for town in komhen.MUNICIPALITIES],
        "tasks": [task.kle for task in komhen.TASKS],
        "weeks": days,
        "closed": {
            "channel": [word.token for word in komhen.Channel],
            "type": [word.token for word in komhen.ContactType],
            "direction": [word.token for word in komhen.Direction],
            "closure": ["", *(word.token for word in komhen.Closure if word)],
            "form": ["", *(word.token for word in komhen.AttachedForm if word)],
        },
    }


def told(command: list, **environment: str) -> dict:
    """What a contender prints; a contender that fails ends the benchmark."""
    run = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, env={**os.environ, **environment}
    )
    if run.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{run.stderr[-2000:]}")
    return json.loads(run.stdout.splitlines()[-1])


def counted_lines(path: Path) -> dict:
    began = time.perf_counter()
    subprocess.run(["wc", "-l", path], check=True, stdout=subprocess.DEVNULL)
    return {"seconds": time.perf_counter() - began}


def in_turn(contenders: dict, rounds: int) -> dict:
    """Runs all of them in every round, and gives the median seconds and the most memory of each.

    `contenders` maps a name to a function of whether a digest is wanted. Digests must agree.
    """
    names = list(contenders)
    kept: dict[str, list[dict]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            kept[name].append(contenders[name](turn == 0))
            print(f"  {turn + 1}/{rounds} {name}: {kept[name][-1]['seconds']:.3f} s", flush=True)
    digests = {name: runs[0]["digest"] for name, runs in kept.items() if "digest" in runs[0]}
    if len(set(digests.values())) > 1:
        raise SystemExit(f"the contenders do not agree: {json.dumps(digests, indent=1)}")
    out = {}
    for name, runs in kept.items():
        out[name] = {"seconds": statistics.median(run["seconds"] for run in runs)}
        out[name]["all"] = [round(run["seconds"], 5) for run in runs]
        if "peak_kib" in runs[0]:
            out[name]["peak_mib"] = max(run["peak_kib"] for run in runs) / 1024
            out[name]["before_mib"] = max(run["before_kib"] for run in runs) / 1024
        if "held_kib" in runs[0]:
            out[name]["held_mib"] = max(run["held_kib"] for run in runs) / 1024
        for key in ("digest", "cells", "rows_accepted"):
            if key in runs[0]:
                out[name][key] = runs[0][key]
    return out


def mean_of(times: int, run) -> dict:
    """What a contender prints, with the mean seconds of so many runs."""
    runs = [run() for _ in range(times)]
    return {**runs[-1], "seconds": statistics.mean(each["seconds"] for each in runs)}


def threads_of_komhen(binary: Path, sample: Path) -> int:
    """2 where komhen has more than one thread, else 1."""
    run = subprocess.run([binary, "count", sample, ROUND, "2"], capture_output=True)
    return 2 if run.returncode == 0 else 1


def native(binary: Path, given: list, digest: bool, as_codes: bool = False, **environment: str) -> dict:
    """The contender without Python; its cube is digested here."""
    from columns_contenders import _as_codes
    from contenders import digest as digested

    import komhen

    if not digest:
        return told([binary, *given], **environment)
    with tempfile.TemporaryDirectory() as folder:
        cube_path = Path(folder) / "out.cube"
        out = told([binary, *given, cube_path], **environment)
        cube = komhen.load_cube(cube_path)
        out["digest"], out["cells"], out["rows_accepted"] = digested(_as_codes(cube) if as_codes else cube.to_arrow())
    return out


def file_of(kind: str, rows: int, folder: Path, words: dict) -> Path:
    """The file of this kind and size, made if it is not there, and read once so that no round reads it from a disk."""
    import komhen

    import random_cells

    path = folder / f"{kind}-{rows}.csv"
    if not path.exists():
        print(f"making {kind}, {rows} rows", flush=True)
        if kind == "random":
            random_cells.made(str(path), rows, words)
        else:
            komhen.simulate(path, round=ROUND, rows=rows, seed=1)
    counted_lines(path)
    return path


def count_part(given: argparse.Namespace, binary: Path, folder: Path, words: dict, words_path: Path) -> list[dict]:
    import komhen

    from contenders import CONTENDERS

    out = []
    for rows in given.rows:
        for kind in given.files:
            path = file_of(kind, rows, folder, words)
            for threads in given.threads:
                print(f"{kind}, {rows} rows, {path.stat().st_size >> 20} MiB, {threads} thread(s)", flush=True)
                able = threads <= threads_of_komhen(binary, path) if threads > 1 else True
                runners = {}
                if able:
                    runners["komhen (C++)"] = lambda d: native(binary, ["count", path, ROUND, threads], d)
                    if threads == 1:
                        plain = {"KOMHEN_SIMD": "plain"}  # no more at once than a machine word holds
                        runners["komhen (C++), no SIMD"] = lambda d: native(
                            binary, ["count", path, ROUND, threads], d, **plain
                        )
                    if threads == 1 or "threads" in komhen.count.__kwdefaults__:
                        runners["komhen (Python)"] = runner(HERE / "contenders.py", "komhen", path, threads, words_path)
                else:
                    print("  this komhen counts with one thread: it is left out here")
                for name in CONTENDERS:
                    slow = name == "pandas" and threads > 1  # it has one thread
                    if name != "komhen" and not slow:
                        runners[name] = runner(HERE / "contenders.py", name, path, threads, words_path)
                runners["wc -l"] = lambda _: counted_lines(path)
                if given.only:
                    runners = {name: run for name, run in runners.items() if name in given.only}
                found = in_turn(runners, given.rounds)
                out.append(
                    {
                        "file": kind,
                        "rows": rows,
                        "bytes": path.stat().st_size,
                        "threads": threads,
                        "rounds": given.rounds,
                        "contenders": found,
                        **when(),
                    }
                )
            if not given.keep:
                path.unlink()
    return out


def scaling_part(given: argparse.Namespace, binary: Path, folder: Path, words: dict) -> list[dict]:
    """komhen alone: every size with one thread and with two, all of them in turn, so that how one stands to another is
    of the same minutes. A file is counted again until as many rows are counted as the largest has, MOST_TIMES at most,
    and its seconds are the mean: what comes and goes on a machine lies then on all sizes alike. The cells do not
    depend on the threads; that is looked at first."""
    out = []
    for kind in given.files:
        paths = {rows: file_of(kind, rows, folder, words) for rows in given.scaling_rows}
        runners = {}
        for rows, path in paths.items():
            digests = {native(binary, ["count", path, ROUND, threads], True)["digest"] for threads in SCALED}
            if len(digests) > 1:
                raise SystemExit(f"the cells of {path.name} depend on the threads")
            times = min(MOST_TIMES, max(paths) // rows)
            for threads in SCALED:
                runners[f"{rows} {threads}"] = lambda _, path=path, threads=threads, times=times: mean_of(
                    times, lambda: native(binary, ["count", path, ROUND, threads], False)
                )
        print(f"{kind}: {', '.join(f'{rows} rows' for rows in paths)}, threads {SCALED}", flush=True)
        rounds = given.scaling_rounds
        measured = in_turn(runners, rounds)
        out.append({"file": kind, "rounds": rounds, "most_times": MOST_TIMES, "contenders": measured, **when()})
        if not given.keep:
            for path in paths.values():
                path.unlink()
    return out


def runner(*command):
    return lambda digest: told([sys.executable, *command, *(["--digest"] if digest else [])])


def columns_part(given: argparse.Namespace, binary: Path, folder: Path, words: dict) -> list[dict]:
    import random_cells
    from columns_contenders import CONTENDERS, NARROW, WIDE

    out = []
    for rows in given.columns_rows:
        path = folder / f"codes-{rows}.bin"
        codes = random_cells.codes(rows, words)
        with open(path, "wb") as file:
            for name in [*WIDE, *NARROW]:
                codes[name].tofile(file)
        del codes
        threads = 1  # a column is tallied by one
        print(f"coded rows, {rows}, {threads} thread(s)", flush=True)
        runners = {name: runner(HERE / "columns_contenders.py", name, path, rows, threads) for name in CONTENDERS}
        runners["komhen add_columns"] = lambda d: native(binary, ["columns", path, rows, ROUND], d, as_codes=True)
        found = in_turn(runners, given.rounds)
        out.append({"rows": rows, "threads": threads, "rounds": given.rounds, "contenders": found, **when()})
        path.unlink()
    return out


def contact_part(given: argparse.Namespace) -> list[dict]:
    """One contact through the C ABI beside a row of columns and a row of text on the same cells, as many processes as
    rounds; each gives the medians of its own rounds."""
    runs = [told([given.build / "tests" / "capi" / "komhen_capi_bench"]) for _ in range(given.rounds)]
    out = []
    for same in zip(*(run["spreads"] for run in runs)):
        figures = {of: [run[of] for run in same] for of in ("one", "columns", "text")}
        out.append({"name": same[0]["name"], "contacts": runs[0]["contacts"], "cells": same[0]["cells"], **figures})
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--columns-rows", type=int, nargs="+", default=[10_000_000])
    parser.add_argument("--files", nargs="+", choices=["simulated", "random"], default=["simulated", "random"])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    sizes = [100_000, 1_000_000, 3_000_000, 10_000_000, 50_000_000]
    parser.add_argument("--scaling-rows", type=int, nargs="+", default=sizes)
    parser.add_argument("--scaling-rounds", type=int, default=15)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--only", nargs="+", help="names of contenders of the part count")
    parser.add_argument("--folder", type=Path, help="for the files; default: a temporary one")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--binary", type=Path, help="komhen_count_bench, when it is not in the build tree")
    parser.add_argument("--keep", action="store_true", help="keep the files in the folder")
    parser.add_argument("--results", type=Path, default=HERE / "results.json")
    given = parser.parse_args()
    binary = given.binary or given.build / "tests" / "komhen_count_bench"
    if not binary.exists():
        raise SystemExit("komhen_count_bench is not built: cmake --build --preset release --target komhen_count_bench")

    def recorded() -> dict:
        return json.loads(given.results.read_text()) if given.results.exists() else {}

    words = words_of()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        words_path = Path(temporary) / "words.json"
        words_path.write_text(json.dumps(words))
        for part in given.parts:
            print(f"== {part}", flush=True)
            if part == "count":
                fresh = count_part(given, binary, folder, words, words_path)
            elif part == "scaling":
                fresh = scaling_part(given, binary, folder, words)
            elif part == "columns":
                fresh = columns_part(given, binary, folder, words)
            elif part == "contact":
                fresh = contact_part(given)
            elif part == "instructions":
                from instructions import measured

                fresh = measured(binary, folder, words)
            elif part == "others":
                from others import measured as of_others

                fresh = of_others(given.rounds)
            else:
                from embedders import measured as of_embedders

                fresh = of_embedders(given.build, binary, given.rounds)
            results = recorded()  # now: another run may have written meanwhile
            if part in ("count", "scaling", "columns"):  # a run of some sizes leaves the figures of the others
                same = ("file", "rows", "threads")
                keys = [[run.get(key) for key in same] for run in fresh]
                old = results.get(part, {}).get("runs", [])
                fresh = [run for run in old if [run.get(key) for key in same] not in keys] + fresh
                fresh.sort(key=lambda run: [str(run.get("file")), run.get("rows", 0), run.get("threads", 0)])
            results[part] = {"runs": fresh, **described()}
            given.results.write_text(json.dumps(results, indent=1) + "\n")
    if given.results == HERE / "results.json":
        write.everything(recorded())


if __name__ == "__main__":
    main()
