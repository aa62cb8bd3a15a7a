"""What a year of every municipality, and many contacts a day, would take: arithmetic on measured figures."""

from __future__ import annotations

from recorded import KOMHEN, largest, million

# KL, "Kommunernes henvendelser", spring 2012: about 650,000 valid registrations in 96 municipality-weeks (22
# municipalities counted one week, 7 two, 20 three). The 98 municipalities are komhen's own table.
REGISTRATIONS, MUNICIPALITY_WEEKS, MUNICIPALITIES = 650_000, 22 * 1 + 7 * 2 + 20 * 3, 98
# The files that are measured; the page takes the slower of them.
FILES = {"random": "uniformly random cells", "simulated": "a simulated round"}
BEGIN, END = "<!-- figures: tests/bench/write.py -->", "<!-- end of figures -->"


def with_figures(page: str, results: dict, weeks: int, contacts_a_day: int) -> str:
    """The page with its figures between the two marks."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return before + BEGIN + "\n" + figures(results, weeks, contacts_a_day) + END + after


def _time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _speed(run: dict) -> float:
    return run["rows"] / run["contenders"][KOMHEN]["seconds"]


def figures(results: dict, weeks: int, contacts_a_day: int) -> str:
    measured = [run for file in FILES if (run := largest(results, 1, file)) is not None]
    if not measured:
        return "\nNothing is measured yet.\n"
    one = min(measured, key=_speed)
    two = largest(results, 2, one["file"])
    r, b, n, w, m = _speed(one), one["bytes"] / one["rows"], contacts_a_day, weeks, MUNICIPALITIES
    q = REGISTRATIONS / MUNICIPALITY_WEEKS
    year = q * m * w
    said = {**results["count"], **one}
    rates = {run["what"]: run["many"] / run["seconds"] for run in results.get("others", {}).get("runs", ())}

    def on_two(rows: float) -> str:
        return f"; on two: {_time(rows / _speed(two))}" if two else ""

    facts = [
        ("*r*, rows a second on one thread", f"{r / 1e6:.2f} M",
         f"measured: {million(one['rows'])} rows of {FILES[one['file']]}, {said['date']}, {said['machine']}"),
        ("*b*, bytes a row", f"{b:.0f}", "of that file"),
        ("*q*, registrations a municipality and week", f"{q:,.0f}",
         f"{REGISTRATIONS:,} valid registrations in spring 2012 / {MUNICIPALITY_WEEKS} municipality-weeks, KL"),
        ("*m*, municipalities", f"{m}", "komhen's table"),
        ("*w*, weeks a year", f"{w}", "**input** (`--weeks`): counting all the year round"),
        ("*n*, contacts a day", f"{n:,}", "**input** (`--contacts-a-day`)"),
    ]  # fmt: skip
    if two:
        facts.insert(1, ("*r2*, the same on two", f"{_speed(two) / 1e6:.2f} M", "measured in the same way"))
    out = ["", "| | figure | from |", "|---|---|---|", *(f"| {' | '.join(fact)} |" for fact in facts)]
    out += [
        "",
        "**A year of every Danish municipality**, if those who did not count have as many as those who did, on the",
        "tasks that were counted:",
        "",
        f"- rows: *q m w* = {q:,.0f} x {m} x {w} = {year / 1e6:.1f} M",
        f"- time on one thread: *q m w / r* = {_time(year / r)}{on_two(year)}",
        f"- bytes read: *q m w b* = {year * b / 1e9:.1f} GB",
        "",
        "**The contacts of one day**, at *n* a day:",
        "",
        f"- time on one thread: *n / r* = {_time(n / r)}{on_two(n)}",
        f"- threads that keep up with them: *n / (86,400 r)* = {n / 86400 / r:.4f}",
        f"- threads that count the day within an hour: *n / (3,600 r)* = {n / 3600 / r:.2f}",
        f"- bytes read: *n b* = {n * b / 1e9:.0f} GB; within an hour, *n b / 3,600* = {n * b / 3.6e9:.0f} MB a second",
    ]
    cells = max((row["cells"] for row in one["contenders"].values() if "cells" in row), default=0)
    if cells and "merging a cube of the round" in rates:
        c = rates["merging a cube of the round"]
        out += [
            f"- merging one cube as wide as that file's: {cells:,} cells / {c / 1e6:.2f} M cells a second (measured) = "
            f"{_time(cells / c)};",
            f"  a tree that merges 16 at once has at most 16 of these in turn on each level, {_time(16 * cells / c)}",
        ]
    if "journal, a thousand contacts a sync" in rates:
        j = rates["journal, a thousand contacts a sync"]
        out += [
            f"- durably, in journals that each take *j* = {j:,.0f} contacts a second (measured, a thousand a sync):",
            f"  *n / (86,400 j)* = {n / 86400 / j:.2f} journals, if contacts come evenly over the day",
        ]
    return "\n".join([*out, "", ""])
