"""How a vector is made: registrations, the oracle's answer, and what stands by hand held against it."""

from __future__ import annotations

import base64
import json
import sys
import tomllib
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "oracle"))
import oracle  # noqa: E402

THEMES: dict[str, tuple[str, list[dict]]] = {}  # file -> its title and its vectors

# ---------------------------------------------------------------------------------------------------------
# Registrations: codes, as in komhen_registration

WORD_LISTS = {"channel": oracle.CHANNELS, "type": oracle.TYPES, "direction": oracle.DIRECTIONS,
              "closure": oracle.CLOSURES, "form": oracle.FORMS}
USUAL = {"municipality": 657, "week": 201217, "task": 230510, "channel": "telephone", "type": "new_case",
         "direction": "incoming"}
CODES = ("municipality", "week", "task", "channel", "type", "direction", "closure", "form", "count", "source", "unit",
         "event_id")
UNSTATED = {"closure": 0, "form": 0, "count": 1, "source": "", "unit": "", "event_id": ""}


def contact(**given) -> dict:
    """A registration: an application by telephone in Herning but for what is given. Words become their numbers."""
    codes = USUAL | given
    for name, words in WORD_LISTS.items():
        if isinstance(codes.get(name), str):
            codes[name] = words[codes[name]][0]
    return {name: codes[name] for name in CODES if name in codes and codes[name] != UNSTATED.get(name, object())}


def as_text(name: str, code) -> str:
    """A code as it would stand in an exchange file; one that there is not becomes a word that there is not."""
    if name == "week":
        return f"{code // 100:04}-W{code % 100:02}"
    if name == "task":
        return f"{code // 10000:02}.{code // 100 % 100:02}.{code % 100:02}" if 0 <= code <= 999999 else str(code)
    if name in WORD_LISTS:
        return next((token for token, word in WORD_LISTS[name].items() if word[0] == code), f"no {name} {code}")
    return str(code)


def exchange_file(registrations: list[dict]) -> bytes:
    """The same registrations as a file for the oracle. An id is no part of what a cube counts."""
    columns = [name for name in CODES if name != "event_id"]
    lines = [";".join("kle" if name == "task" else name for name in columns)]
    for registration in registrations:
        full = UNSTATED | registration
        lines.append(";".join('"' + as_text(name, full[name]).replace('"', '""') + '"' for name in columns))
    return "\n".join(lines).encode()


# ---------------------------------------------------------------------------------------------------------
# Asking the oracle

def oracle_round(given: dict | None):
    if given is None:
        return None
    if "id" in given:
        return oracle.find_round(given["id"])
    table = tomllib.loads(given["toml"])
    if table.get("package") == "kl-35":  # the oracle knows lists only
        table["package"] = list(oracle.KL_35)
    return oracle.round_from_dict(table)


def oracle_participation(text: str | None):
    """By hand: municipality;weeks, as docs/rounds.md says."""
    if text is None:
        return None
    out: dict = {}
    for line in text.strip().split("\n")[1:]:
        municipality, weeks = line.split(";")
        out.setdefault(oracle.read_municipality(municipality), set()).update(weeks.split())
    return out


def bytes_of(file: dict) -> bytes:
    return file["text"].encode() if "text" in file else base64.b64decode(file["base64"])


def read(vector: dict) -> oracle.Result:
    if "registrations" in vector:
        files = [("registrations", exchange_file(vector["registrations"]))]
    else:
        files = [(str(number), bytes_of(file)) for number, file in enumerate(vector["files"])]
    profile = vector.get("profile")
    return oracle.read(files, oracle_round(vector.get("round")), oracle_participation(vector.get("participation")),
                       None if profile is None else tomllib.loads(profile), vector.get("encoding"))


def cells_of(result: oracle.Result) -> list:
    """Sorted by the dimensions: words by their numbers, labels by their bytes."""
    def key(cell):
        words = [WORD_LISTS[name][token][0] for name, token in zip(WORD_LISTS, cell[3:8])]
        return (*cell[:3], *words, cell[8].encode(), cell[9].encode())
    return [[*cell, result.cells[cell]] for cell in sorted(result.cells, key=key)]


def per_cent(numerator: int, denominator: int) -> int | None:
    return None if denominator == 0 else (200 * numerator + denominator) // (2 * denominator)


def ask(result: oracle.Result, query: dict) -> list[dict]:
    """The rows of a measure, with the per cent that would be printed."""
    query = dict(query)
    scheme = query.pop("scheme", result.round.scheme if result.round else "kl-2012")
    rules = () if query.pop("raw", False) or result.round is None else result.round.rules()
    texts = {"municipality": int}
    for filters in ("where", "without"):
        if filters in query:
            query[filters] = {name: [texts.get(name, str)(v) for v in values] for name, values in query[filters].items()}
    if "set" in query:
        query["digital_set"] = query.pop("set")
    rows = oracle.measure(result.cells, query.pop("measure"), scheme=scheme, rules=rules, **query)
    for row in rows:
        if "numerator" in row:
            row["per_cent"] = per_cent(row["numerator"], row["denominator"])
    return rows


def printed_change(before: Fraction, after: Fraction) -> int:
    """In whole points: subtracted first, rounded last, halves away from zero."""
    change = 100 * (after - before)
    size = (2 * abs(change) + 1) // 2
    return int(-size if change < 0 else size)


def compare(before: oracle.Result, after: oracle.Result, query: dict) -> list[dict]:
    names = ("numerator", "denominator")
    sides = [{tuple(row[d] for d in query.get("by", ())): row for row in ask(side, query)} for side in (before, after)]
    assert sides[0].keys() == sides[1].keys(), "a row of one side only is not worked out here"
    out = []
    for key in sides[0]:
        row = dict(zip(query.get("by", ()), key))
        for side, name in zip(sides, ("before", "after")):
            row |= {f"{name}_{part}": side[key][part] for part in names}
        row["printed_change"] = printed_change(*(Fraction(side[key][names[0]], side[key][names[1]]) for side in sides))
        out.append(row)
    return out


def work_out(vector: dict) -> dict:
    """What the oracle expects of a vector: everything that it has an answer to."""
    try:
        result = read(vector)
    except oracle.OracleError:
        return {"refused": "format"}
    if "registrations" in vector:
        lines = {line: reason for line, reason, _column in result.rejects}
        # A registration's line in a file with a header; none of them holds a line end.
        reasons = [lines.get(number + 2, "accepted") for number in range(len(vector["registrations"]))]
        return {"reasons": reasons, "cells": cells_of(result)}
    encoding = {"utf-8": "utf-8", "windows-1252": "windows-1252"}.get(result.encoding, "any")
    return {
        "outcome": {"rows_read": result.rows_read, "rows_accepted": result.rows_accepted, "contacts": result.contacts,
                    "rejected": {reason: rows for reason, rows in result.rejected.items() if rows},
                    "encoding": encoding},
        "rejects": [{"line": line, "reason": reason, "column": column or None} for line, reason, column in result.rejects],
        "cells": cells_of(result),
    }


# ---------------------------------------------------------------------------------------------------------
# Making vectors

class Disagreement(AssertionError):
    pass


def agree(name: str, what: str, by_hand, by_oracle) -> None:
    if by_hand != by_oracle:
        raise Disagreement(f"{name}: {what}\n  by hand    {by_hand!r}\n  the oracle {by_oracle!r}")


def measured(name: str, what: str, asked: list, answer, hand: set) -> list:
    """Measures or changes: a query with the rows by hand, with a refusal, or alone."""
    out = []
    for query, *rows in asked:
        if rows and isinstance(rows[0], str):
            if what == "measures":
                try:
                    answer(query)
                    raise Disagreement(f"{name}: the oracle answers {query}")
                except oracle.OracleError:
                    pass
            out.append({"query": query, "refused": rows[0]})
            hand.add(what)
            continue
        found = answer(query)
        if rows:  # columns that are not named by hand come from the oracle
            agree(name, f"{what} {query}", rows[0],
                  [{key: row[key] for key in mine if key in row} for mine, row in zip(rows[0], found)]
                  + found[len(rows[0]):])
            hand.add(what)
        out.append({"query": query, "rows": found})
    return out


def vector(theme: str, name: str, *, hand: dict | None = None, measures=(), changes=(), **given) -> None:
    """Adds a vector. `hand` is what is expected, worked out by hand; the oracle adds what is not said and must agree
    with what is."""
    assert all(name != other["name"] for _, vectors in THEMES.values() for other in vectors), name
    hand = dict(hand or {})
    by_hand = set(hand)
    out = {"name": name, "by_hand": [], **given}
    if "journal" in given:
        expected = hand
        if measures:
            expected["measures"] = [{"query": query, "rows": rows} for query, rows in measures]
            by_hand.add("measures")
    else:
        expected = work_out(out)
        for key, value in hand.items():
            agree(name, key, value, {k: expected[key][k] for k in value} if key == "outcome" else expected.get(key))
        if measures:
            result = read(out)
            expected["measures"] = measured(name, "measures", list(measures), lambda q: ask(result, q), by_hand)
        if changes:
            before, after = read(given["before"]), read(out)
            expected["changes"] = measured(name, "changes", list(changes), lambda q: compare(before, after, q), by_hand)
    out["by_hand"] = [key for key in expected if key in by_hand]
    out["expected"] = expected
    THEMES[theme][1].append(out)


def theme(file: str, title: str) -> str:
    THEMES[file] = (title, [])
    return file


def text(*lines: str, end: str = "\n") -> dict:
    return {"text": end.join([*lines, ""])}


def raw(data: bytes) -> dict:
    return {"base64": base64.b64encode(data).decode()}


def rejects(*rows) -> list:
    return [{"line": line, "reason": reason, "column": column} for line, reason, column in rows]


HEADER = "municipality;date;kle;channel;type;direction"
ROW = "657;2012-04-23;23.05.10;telephone;new_case;incoming"
FULL = HEADER + ";closure;form;count;source;unit;event_id"
CELL = [657, "2012-W17", "23.05.10", "telephone", "new_case", "incoming", "not_stated", "not_stated", "", ""]
SPRING = {"id": "2012-spring"}
PARTICIPATION = "municipality;weeks\n657;2012-W17 2012-W18\nOdense;2012-W19\n"


def cell(count: int = 1, **given) -> list:
    """A cell of the usual contact but for what is given."""
    names = ("municipality", "week", "task", "channel", "type", "direction", "closure", "form", "source", "unit")
    return [given.get(name, value) for name, value in zip(names, CELL)] + [count]
