"""Writes what is read from results.json: RESULTS.md, the chart of the README, and the figures of docs/scale.md.

python tests/bench/write.py [--weeks 52] [--contacts-a-day 1000000000]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KOMHEN = "komhen (C++)"
# Spring 2012, FACTS of the sources: about 650,000 valid registrations in 96 municipality-weeks (22 municipalities counted one
# week, 7 two, 20 three), KL, "Kommunernes henvendelser". The 98 municipalities are komhen's own table.
REGISTRATIONS, MUNICIPALITY_WEEKS, MUNICIPALITIES = 650_000, 22 * 1 + 7 * 2 + 20 * 3, 98


def everything(results: dict, weeks: int = 52, contacts_a_day: int = 1_000_000_000) -> None:
    (HERE / "RESULTS.md").write_text(results_page(results), encoding="utf-8")
    picture = chart(results)
    if picture:
        (ROOT / "docs" / "bench.svg").write_text(picture, encoding="utf-8")
    page = ROOT / "docs" / "scale.md"
    if page.exists():
        page.write_text(with_figures(page.read_text(encoding="utf-8"), results, weeks, contacts_a_day), encoding="utf-8")


def _million(rows: int) -> str:
    return f"{rows / 1e6:g} M"


def results_page(results: dict) -> str:
    out = [
        "# Results",
        "",
        "Written by `tests/bench/run.py`, which says what is measured and how; do not edit. Medians of seconds, in turn with the",
        "others in one run, so that ratios mean something and seconds little. *times komhen* is a contender's seconds over those",
        "of komhen in C++ in the same run. *Memory* is the peak of the process; *more* is the peak over what it was before the",
        "work, libraries loaded. The cells of all contenders in a table had one digest.",
        "",
        "komhen does what `docs/exchange-file.md` asks for; the others do the bare job that `contenders.py` describes.",
    ]
    if "count" in results:
        out += ["", "## Files", "", _measured(results["count"])]
        for run in results["count"]["runs"]:
            a_row = run["bytes"] / run["rows"]
            cells = next((row["cells"] for row in run["contenders"].values() if "cells" in row), None)
            out += ["", f"### {run['file']} file, {_million(run['rows'])} rows, {run['threads']} thread(s)", "",
                    f"{run['bytes'] >> 20} MiB, {a_row:.0f} bytes a row, {cells or '?'} cells, {run['rounds']} rounds.", "",
                    *_table(run["contenders"], run["rows"], KOMHEN)]
        growth = _growth(results["count"]["runs"])
        if growth:
            out += ["", "### Growth", "", *growth]
    if "columns" in results:
        out += ["", "## Coded rows in memory", "", _measured(results["columns"])]
        for run in results["columns"]["runs"]:
            out += ["", f"### {_million(run['rows'])} rows of uniformly random cells, {run['threads']} thread(s)", "",
                    *_table(run["contenders"], run["rows"], "komhen add_columns")]
    if "instructions" in results:
        out += ["", "## Instructions a row", "", _measured(results["instructions"]), "", "| file | instructions | recorded before |",
                "|---|---|---|"]
        out += [f"| {run['file']} | {run['instructions']} | {run['recorded'] or ''} |" for run in results["instructions"]["runs"]]
    if "others" in results:
        out += ["", "## What comes after counting", "", _measured(results["others"]), "", "| what | seconds | a second |", "|---|---|---|"]
        out += [f"| {run['what']} | {run['seconds']:.4f} | {run['many'] / run['seconds']:,.0f} {run['of']} |"
                for run in results["others"]["runs"]]
    if "embedders" in results:
        out += ["", "## What embedders pay", "", _measured(results["embedders"]), "", "| what | |", "|---|---|"]
        for run in results["embedders"]["runs"]:
            figure = f"{run['seconds'] * 1000:.1f} ms" if "seconds" in run else f"{run['bytes'] / 1024:,.0f} KiB"
            out.append(f"| {run['what']} | {figure} |")
    return "\n".join(out) + "\n"


def _measured(part: dict) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in part["versions"].items())
    return (f"Measured {part['date']} on {part['machine']} (load {part['load']} at the end), komhen {part['komhen']}, {versions}.")


def _table(contenders: dict, rows: int, against: str) -> list[str]:
    base = contenders.get(against, {}).get("seconds")
    out = ["| contender | seconds | rows a second | times komhen | memory, MiB | more, MiB |", "|---|---|---|---|---|---|"]
    for name, run in sorted(contenders.items(), key=lambda item: item[1]["seconds"]):
        ratio = f"{run['seconds'] / base:.2f}" if base else ""
        memory = f"{run['peak_mib']:.0f} | {run['peak_mib'] - run['before_mib']:.0f}" if "peak_mib" in run else " | "
        out.append(f"| {name} | {run['seconds']:.3f} | {rows / run['seconds'] / 1e6:.2f} M | {ratio} | {memory} |")
    return out


def _growth(runs: list[dict]) -> list[str]:
    """Time per row in the larger of two files over that in the smaller, of komhen."""
    out = []
    for a in runs:
        for b in runs:
            same = (a["file"], a["threads"]) == (b["file"], b["threads"])
            if same and a["rows"] < b["rows"] and KOMHEN in a["contenders"] and KOMHEN in b["contenders"]:
                ratio = _a_row(b) / _a_row(a)
                out.append(f"- {a['file']}, {a['threads']} thread(s): from {_million(a['rows'])} to {_million(b['rows'])} "
                           f"rows the time per row grew {ratio:.2f} times.")
    return out


def _a_row(run: dict) -> float:
    return run["contenders"][KOMHEN]["seconds"] / run["rows"]


def _best(run: dict) -> dict[str, float]:
    """Seconds by contender; of a library with several forms, its fastest."""
    out: dict[str, float] = {}
    for name, row in run["contenders"].items():
        short = name if name.startswith(("komhen", "wc")) else name.split()[0]
        out[short] = min(row["seconds"], out.get(short, float("inf")))
    return out


def _largest(results: dict, threads: int, least: str = "random") -> dict | None:
    """The run of the most rows up to 10 M, which every contender can do, of the harder file."""
    runs = [run for run in results.get("count", {}).get("runs", ())
            if run["file"] == least and run["threads"] == threads and run["rows"] <= 10_000_000 and KOMHEN in run["contenders"]]
    return max(runs, key=lambda run: run["rows"], default=None)


COLOURS = {"komhen": "#0b6e4f", "wc": "#9aa5b1"}


def chart(results: dict) -> str | None:
    """Bars of seconds, one panel a number of threads; plain SVG with its own background, readable in dark pages too."""
    runs = [run for run in (_largest(results, threads) for threads in (1, 2)) if run]
    if not runs:
        return None
    width, left, bar, gap = 760, 150, 20, 8
    parts, y = [], 34
    parts.append(_text(16, 22, f"Counting {_million(runs[0]['rows'])} rows of uniformly random cells: seconds, shorter is better",
                       14, "600"))
    longest = max(max(_best(run).values()) for run in runs)
    for run in runs:
        y += 22
        parts.append(_text(16, y, f"{run['threads']} thread" + ("s" if run["threads"] > 1 else ""), 12, "600"))
        y += 8
        for name, seconds in sorted(_best(run).items(), key=lambda item: item[1]):
            length = max(2.0, (width - left - 130) * seconds / longest)
            colour = next((c for key, c in COLOURS.items() if name.startswith(key)), "#4c78a8")
            parts.append(_text(left - 8, y + 14, name, 12, "400", "end"))
            parts.append(f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{bar}" rx="2" fill="{colour}"/>')
            ratio = seconds / run["contenders"][KOMHEN]["seconds"]
            parts.append(_text(left + length + 6, y + 14, f"{seconds:.2f} s ({ratio:.1f}x)", 12))
            y += bar + gap
    y += 14
    said = results["count"]
    parts.append(_text(16, y, f"{said['machine']}; medians of {runs[0]['rounds']} rounds in turn, {said['date']}; x: times komhen (C++). "
                       , 10))
    y += 14
    parts.append(_text(16, y, "Equal cells from all. komhen also gives reasons, spellings, encodings and a CPR guard; wc -l counts lines.", 10))
    y += 14
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}" role="img" '
            f'aria-label="Seconds that komhen and others take to count the same file" font-family="sans-serif">\n'
            f'<rect width="{width}" height="{y}" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n")


def _text(x: float, y: float, text: str, size: int, weight: str = "400", anchor: str = "start") -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
            f'fill="#1f2933">{safe}</text>')


# --- docs/scale.md ---------------------------------------------------------------------------------------------------

BEGIN, END = "<!-- figures: tests/bench/write.py -->", "<!-- end of figures -->"


def with_figures(page: str, results: dict, weeks: int, contacts_a_day: int) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "\n" + figures(results, weeks, contacts_a_day) + END + after


def _time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def figures(results: dict, weeks: int, contacts_a_day: int) -> str:
    runs = {threads: _largest(results, threads) for threads in (1, 2)}
    one = runs[1]
    if one is None:
        return "\nNothing is measured yet.\n"
    speed = one["rows"] / one["contenders"][KOMHEN]["seconds"]
    a_row = one["bytes"] / one["rows"]
    per_week = REGISTRATIONS / MUNICIPALITY_WEEKS
    year = per_week * MUNICIPALITIES * weeks
    others = {run["what"]: run["many"] / run["seconds"] for run in results.get("others", {}).get("runs", ())}
    out = ["", "| | figure | from |", "|---|---|---|"]
    out.append(f"| *r*, rows a second, one thread | {speed / 1e6:.2f} M | measured: {_million(one['rows'])} rows of uniformly random "
               f"cells, {results['count']['date']}, {results['count']['machine']} |")
    two = runs[2]
    if two:
        speed2 = two["rows"] / two["contenders"][KOMHEN]["seconds"]
        out.append(f"| *r2*, rows a second, two threads | {speed2 / 1e6:.2f} M | measured in the same way |")
    out.append(f"| *b*, bytes a row | {a_row:.0f} | of that file |")
    out.append(f"| *q*, registrations a municipality and week | {per_week:,.0f} | {REGISTRATIONS:,} valid registrations in spring 2012 / "
               f"{MUNICIPALITY_WEEKS} municipality-weeks (22 counted one, 7 two, 20 three), KL |")
    out.append(f"| *m*, municipalities | {MUNICIPALITIES} | komhen's table |")
    out.append(f"| *w*, weeks a year | {weeks} | **input** (`--weeks`); a year of counting all the time is nobody's plan |")
    out.append(f"| *n*, contacts a day | {contacts_a_day:,} | **input** (`--contacts-a-day`) |")
    out += ["", "**A year of every Danish municipality**, if those who did not count have as many as those who did, on the tasks that "
            "were counted:", ""]
    out.append(f"- rows: *q m w* = {per_week:,.0f} x {MUNICIPALITIES} x {weeks} = {year / 1e6:.1f} M")
    out.append(f"- time on one thread: *q m w / r* = {_time(year / speed)}" + (f"; on two: {_time(year / speed2)}" if two else ""))
    out.append(f"- bytes read: *q m w b* = {year * a_row / 1e9:.1f} GB")
    out += ["", "**The contacts of a day**, at *n* a day:", ""]
    out.append(f"- time on one thread: *n / r* = {_time(contacts_a_day / speed)}" +
               (f"; on two: {_time(contacts_a_day / speed2)}" if two else ""))
    out.append(f"- threads that keep up with them: *n / (86,400 r)* = {contacts_a_day / 86400 / speed:.4f}")
    out.append(f"- threads that count the day within an hour: *n / (3,600 r)* = {contacts_a_day / 3600 / speed:.2f}")
    out.append(f"- bytes read: *n b* = {contacts_a_day * a_row / 1e9:.0f} GB; to read them within an hour takes "
               f"*n b / 3,600 s* = {contacts_a_day * a_row / 3600 / 1e6:.0f} MB/s from storage")
    merge = others.get("merging a cube of the round")
    if merge:
        cells = max(row["cells"] for row in one["contenders"].values() if "cells" in row)
        out.append(f"- merging one cube as wide as that file's ({cells:,} cells): *cells / merged cells a second* = "
                   f"{_time(cells / merge)}; with one cube a thread and a tree of 16, each level adds 16 of these in turn")
    journal = others.get("journal, a thousand contacts a sync")
    if journal:
        out.append(f"- durably, through journals that take {journal:,.0f} contacts a second each (measured, a thousand a sync): "
                   f"*n / (86,400 j)* = {contacts_a_day / 86400 / journal:.2f} journals, that is "
                   f"{-(-contacts_a_day // int(86400 * journal))}, if the contacts come evenly over the day")
    out.append("")
    return "\n".join(out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--contacts-a-day", type=int, default=1_000_000_000)
    given = parser.parse_args()
    everything(json.loads((HERE / "results.json").read_text(encoding="utf-8")), given.weeks, given.contacts_a_day)
