"""Writes what is read from results.json: RESULTS.md, the chart of the README, and the figures of docs/scale.md.

python tests/bench/write.py [--weeks 52] [--contacts-a-day 1000000000]
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

from chart import chart
from recorded import KOMHEN, million
from what_it_takes import with_figures

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def everything(results: dict, weeks: int = 52, contacts_a_day: int = 1_000_000_000) -> None:
    (HERE / "RESULTS.md").write_text(results_page(results), encoding="utf-8")
    picture = chart(results)
    if picture:
        (ROOT / "docs" / "bench.svg").write_text(picture, encoding="utf-8")
    page = ROOT / "docs" / "scale.md"
    if page.exists():
        page.write_text(
            with_figures(page.read_text(encoding="utf-8"), results, weeks, contacts_a_day), encoding="utf-8"
        )


def results_page(results: dict) -> str:
    out = [
        "# Results",
        "",
        "Written by `tests/bench/run.py`, which says what is measured and how; do not edit. Medians of seconds, in",
        "turn with the others in one run: ratios mean something, seconds little, and *least to most* tells how quiet",
        "the machine was. *times komhen* is a contender's seconds over those of komhen in C++ in the same run. *Memory*",
        "is the peak of the process; *more* is the peak over what it was before the work, libraries loaded and used",
        "once on a thousand rows. The cells of all contenders in a table had one digest. Below each heading stands of",
        "which commit, on which day and at which load its table is; tables of different commits are not to be compared.",
        "",
        "komhen does what `docs/exchange-file.md` asks for; the others do the bare job, in the forms that were found",
        "quickest: *enum* reads words as an enumeration, *text* as they stand; *filter* leaves rows out by lists of words",
        "and a join of the days, *group first* groups the texts and leaves out afterwards; *chunks* and *batches* read",
        "a part of the file at a time. *no SIMD* is komhen with no more at once than a machine word holds.",
    ]
    if "count" in results:
        out += ["", "## Files", "", _measured(results["count"])]
        for run in results["count"]["runs"]:
            a_row = run["bytes"] / run["rows"]
            cells = next((row["cells"] for row in run["contenders"].values() if "cells" in row), None)
            out += [
                "",
                f"### {run['file']} file, {million(run['rows'])} rows, {run['threads']} thread(s)",
                "",
                f"{run['bytes'] >> 20} MiB, {a_row:.0f} bytes a row, {cells or '?'} cells, {run['rounds']} rounds; {_when(run)}."
                + _held(run["contenders"]),
                "",
                *_table(run["contenders"], run["rows"], KOMHEN),
            ]
    if "scaling" in results:
        out += ["", "## Threads and growth", "", _measured(results["scaling"]), ""]
        out += ["Every size with one thread and with two, in turn; a ratio is the median of those of each round, with the"]
        out += ["least and the most of them. In a round a file is counted until there are as many rows as the largest has, or"]
        out += ["as often as stands there, and the mean is taken: a size meets as much of the machine's noise as the next."]
        for run in results["scaling"]["runs"]:
            rounds = f"{run['rounds']} rounds, a file at most {run['most_times']} times in each; {_when(run)}."
            out += ["", f"### {run['file']} file", "", rounds, "", *_scaling(run)]
    if "columns" in results:
        out += ["", "## Coded rows in memory", "", _measured(results["columns"])]
        for run in results["columns"]["runs"]:
            out += [
                "",
                f"### {million(run['rows'])} rows of uniformly random cells, {run['threads']} thread(s)",
                "",
                f"{run['rounds']} rounds; {_when(run)}.",
                "",
                *_table(run["contenders"], run["rows"], "komhen add_columns"),
            ]
    if "contact" in results:
        out += ["", "## One contact through the C ABI", "", _measured(results["contact"]), ""]
        out += ["Nanoseconds for a contact, and for a row of columns and of text on the same cells; medians of as many"]
        out += ["processes, ratios with the least and the most of them.", ""]
        out += ["| contacts | cells | one | a row of columns | a row of text | times columns | times text |"]
        out += ["|---|---|---|---|---|---|---|"]
        for run in results["contact"]["runs"]:
            words = [f"{statistics.median(run[of]):.1f}" for of in ("one", "columns", "text")]
            words += [_ratio(run["one"], run[of]) for of in ("columns", "text")]
            out.append(f"| {run['name']}, {million(run['contacts'])} | {run['cells']:,} | {' | '.join(words)} |")
    if "instructions" in results:
        out += ["", "## Instructions a row", "", _measured(results["instructions"]), ""]
        out += ["| file | between rows | instructions | recorded before |", "|---|---|---|---|"]
        for run in results["instructions"]["runs"]:
            kind, sizes = run["file"].split(",")
            out.append(f"| {kind} | {sizes.replace('-', ' and ')} | {run['instructions']} | {run['recorded'] or ''} |")
    if "others" in results:
        out += ["", "## What comes after counting", "", _measured(results["others"]), ""]
        out += ["| what | seconds | a second |", "|---|---|---|"]
        for run in results["others"]["runs"]:
            out.append(f"| {run['what']} | {run['seconds']:.4f} | {run['many'] / run['seconds']:,.0f} {run['of']} |")
    if "embedders" in results:
        out += ["", "## What embedders pay", "", _measured(results["embedders"]), "", "| what | |", "|---|---|"]
        for run in results["embedders"]["runs"]:
            figure = f"{run['seconds'] * 1000:.1f} ms" if "seconds" in run else f"{run['bytes'] / 1024:,.0f} KiB"
            out.append(f"| {run['what']} | {figure} |")
    return "\n".join(out) + "\n"


def _measured(part: dict) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in part["versions"].items())
    return f"Measured on {part['machine']}, komhen {part['komhen']}, {versions}; the last of it {_when(part)}."


def _when(measured: dict) -> str:
    return f"{measured['date']}, commit {measured['commit']}, load {measured['load']}"


def _held(contenders: dict) -> str:
    held = contenders.get(KOMHEN, {}).get("held_mib")
    return "" if held is None else f" When komhen (C++) is done it holds {held:.1f} MiB more than before: the cube."


def _table(contenders: dict, rows: int, against: str) -> list[str]:
    base = contenders.get(against, {}).get("seconds")
    out = [
        "| contender | seconds | least to most | rows a second | times komhen | memory, MiB | more, MiB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, run in sorted(contenders.items(), key=lambda item: item[1]["seconds"]):
        ratio = f"{run['seconds'] / base:.2f}" if base else ""
        memory = f"{run['peak_mib']:.0f} | {run['peak_mib'] - run['before_mib']:.0f}" if "peak_mib" in run else " | "
        spread = f"{min(run['all']):.3f} to {max(run['all']):.3f}"
        out.append(f"| {name} | {run['seconds']:.3f} | {spread} | {rows / run['seconds'] / 1e6:.2f} M | {ratio} | {memory} |")
    return out


def _scaling(run: dict) -> list[str]:
    """How two threads stand to one, and what a row takes to what one takes in the next smaller file."""
    seconds = {tuple(int(word) for word in name.split()): row["all"] for name, row in run["contenders"].items()}
    sizes = sorted({rows for rows, _ in seconds})
    out = [
        "| rows | 1 thread, s | 2 threads, s | 1 over 2 | a row against the size above, 1 thread | the same, 2 threads |",
        "|---|---|---|---|---|---|",
    ]
    for rows, before in zip(sizes, [None, *sizes]):
        words = [million(rows), *(f"{statistics.median(seconds[rows, threads]):.3f}" for threads in (1, 2))]
        words.append(_ratio(seconds[rows, 1], seconds[rows, 2]))
        for threads in (1, 2):
            words.append(_ratio(seconds[rows, threads], seconds[before, threads], before / rows) if before else "")
        out.append(f"| {' | '.join(words)} |")
    return out


def _ratio(a: list[float], b: list[float], times: float = 1) -> str:
    of_rounds = [times * x / y for x, y in zip(a, b)]
    return f"{statistics.median(of_rounds):.2f} ({min(of_rounds):.2f} to {max(of_rounds):.2f})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--contacts-a-day", type=int, default=1_000_000_000)
    given = parser.parse_args()
    everything(json.loads((HERE / "results.json").read_text(encoding="utf-8")), given.weeks, given.contacts_a_day)
