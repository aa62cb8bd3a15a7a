"""A small round for the tests of the report: three municipalities, an earlier count, and labels that attack."""

from __future__ import annotations

from pathlib import Path

import komhen
from support import cube_of, file_of

ATTACK = '</script><script>alert(1)</script>'
FORMULA = "=cmd|' /C calc'!A0"
SOURCES = (ATTACK, FORMULA, "upload", "")
MUNICIPALITIES = (657, 219, 101)
TASKS = ("23.05.10", "32.03.04", "29.03.04", "32.30.08", "17.20.01", "82.01.00")
CHANNELS = ("telephone", "in_person", "letter", "self_service", "website", "digital_post")


def round_of(seed: int) -> komhen.Cube:
    """Some hundred cells whose counts nobody can guess from each other."""
    cells = []
    number = seed
    for municipality in MUNICIPALITIES:
        for task in TASKS:
            for channel in CHANNELS:
                for type in ("new_case", "status_change", "case_information", "guidance"):
                    number = number * 48271 % 2147483647
                    if number % 3 == 0 or (municipality == 101 and task == "32.03.04"):
                        continue
                    cells.append(
                        {
                            "municipality": municipality,
                            "week": f"2012-W{17 + number % (2 if municipality == 219 else 3)}",
                            "task": task,
                            "channel": channel,
                            "type": type,
                            "direction": "outgoing" if number % 5 == 0 and channel != "self_service" else "incoming",
                            "closure": ("not_stated", "closed", "put_aside")[number % 7 % 3],
                            "form": ("not_stated", "none", "paper", "digital")[number % 11 % 4],
                            "source": SOURCES[number % 13 % 4],
                            "count": 1 + number % 97,
                        }
                    )
    return cube_of(*cells)


def reported(lang: str = "da", **where) -> komhen.report.Report:
    """The report of the round, or of the part of it that a filter lets through."""
    now, before = round_of(20), round_of(12)
    if where:
        now, before = (komhen.filtered(cube, where=where) for cube in (now, before))
    return komhen.report(now, before=before, prices="copenhagen-2010", lang=lang)


def with_a_rejection(folder: Path, lang: str = "da", reject: bool = True) -> komhen.report.Report:
    """The report of a file in which two municipalities have a contact or two, and a row was rejected."""
    rows = ["101;{};telephone", "101;{};self_service", "657;29.03.04;self_service"] + ["657;29.03.04;pigeon"] * reject
    written = [";".join([row.format("23.05.10").replace(";", ";2012-04-23;", 1), "new_case", "incoming"]) for row in rows]
    return komhen.report(komhen.count(file_of(folder / "rejected.csv", *written), round="2012-spring"), lang=lang)


def goals_file(folder, *goals: dict) -> object:
    """A goals file: one goal for each dict, with what every goal must have."""
    lines = ['title = "Goals"']
    for number, goal in enumerate(goals):
        keys = {"id": f"g{number}", "title": "A goal", "source": "ours", **goal}
        lines += ["[[goal]]", *(f"{key} = {value if isinstance(value, (list, int)) else f'{chr(34)}{value}{chr(34)}'}" for key, value in keys.items())]
    path = folder / "goals.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
