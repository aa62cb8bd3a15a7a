"""The conformance vectors (tests/conformance) through the Python package: the same answers as through C."""

from __future__ import annotations

import base64
import csv
import json
import re
from pathlib import Path

import pytest

import komhen
from komhen import _core

KIT = Path(__file__).resolve().parents[1] / "conformance"
if not KIT.is_dir():
    pytest.skip(f"the conformance kit is not at {KIT}", allow_module_level=True)
FILES = sorted(path for path in (KIT / "vectors").glob("*.json") if path.name != "schema.json")


def unique(pairs):
    """An object in which no name stands twice."""
    assert len(dict(pairs)) == len(pairs), [name for name, _ in pairs]
    return dict(pairs)


def loaded(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique)


VECTORS = [
    pytest.param(vector, id=f"{path.stem}: {vector['name']}") for path in FILES for vector in loaded(path)["vectors"]
]

# --- the shape -----------------------------------------------------------------------------------------------

SCHEMA = loaded(KIT / "vectors" / "schema.json")
KINDS = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "null": lambda v: v is None,
}
KNOWN = set(
    "$schema title $defs $ref type required properties additionalProperties propertyNames items minItems maxItems "
    "minLength minProperties minimum maximum pattern enum const oneOf anyOf".split()
)


def wrong(schema: dict, value, at: str = "") -> str | None:
    """What of a value is not as the schema says: the part of JSON Schema that schema.json uses, and no other."""
    assert schema.keys() <= KNOWN, schema.keys() - KNOWN
    if "$ref" in schema:
        target = SCHEMA
        for name in schema["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        return wrong(target, value, at)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(KINDS[kind](value) for kind in kinds):
        return f"{at} is no {kinds}"
    if "const" in schema and value != schema["const"] or "enum" in schema and value not in schema["enum"]:
        return f"{at} is {value!r}"
    for several, allowed in (("oneOf", {1}), ("anyOf", range(1, 100))):
        if several in schema and sum(wrong(part, value, at) is None for part in schema[several]) not in allowed:
            return f"{at} is not {several} of its forms"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return f"{at} is {value}"
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0) or not re.search(schema.get("pattern", ""), value):
            return f"{at} is {value!r}"
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return f"{at} has {len(value)} items"
        for place, item in enumerate(value):
            if found := wrong(schema.get("items", {}), item, f"{at}[{place}]"):
                return found
    if isinstance(value, dict):
        return wrong_members(schema, value, at)
    return None


def wrong_members(schema: dict, value: dict, at: str) -> str | None:
    if missing := [name for name in schema.get("required", ()) if name not in value]:
        return f"{at} has no {missing[0]}"
    if len(value) < schema.get("minProperties", 0):
        return f"{at} is empty"
    for name, item in value.items():
        if found := wrong(schema.get("propertyNames", {}), name, f"{at}.{name}"):
            return found
        rest = schema.get("additionalProperties", True)
        part = schema.get("properties", {}).get(name, {} if rest is True else rest)
        if part is False:
            return f"{at} has an unknown {name}"
        if found := wrong(part, item, f"{at}.{name}"):
            return found
    return None


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_of_vectors_has_the_shape_that_the_schema_says(path):
    assert wrong(SCHEMA, loaded(path), path.name) is None


def test_the_schema_refuses_another_shape():
    vector = {"name": "A vector that is whole", "by_hand": [], "registrations": [], "expected": {"cells": []}}
    whole = {"format": 1, "title": "t", "vectors": [vector]}
    assert wrong(SCHEMA, whole) is None
    for key, value in (
        ("colour", "red"),
        ("name", ""),
        ("files", []),
        ("expected", {}),
        ("by_hand", ["luck"]),
        ("registrations", [{"municipality": 657}]),
        ("expected", {"cells": [[657]]}),
    ):
        assert wrong(SCHEMA, whole | {"vectors": [vector | {key: value}]}), (key, value)
    assert wrong(SCHEMA, whole | {"format": 2})


def test_names_are_sentences_that_stand_once_and_every_reason_is_covered():
    names = [vector.values[0]["name"] for vector in VECTORS]
    assert len(set(names)) == len(names)
    rejected = set()
    for vector in VECTORS:
        rejected |= vector.values[0]["expected"].get("outcome", {}).get("rejected", {}).keys()
    assert rejected == {token for number, token, *_ in _core.REASONS if number}


# --- the counting --------------------------------------------------------------------------------------------

WORDS = {
    name: {number: token for number, token, *_ in table}
    for name, table in (
        ("channel", _core.CHANNELS),
        ("type", _core.TYPES),
        ("direction", _core.DIRECTIONS),
        ("closure", _core.CLOSURES),
        ("form", _core.FORMS),
    )
}
CODES = "municipality week task channel type direction closure form count source unit".split()


def as_text(name: str, code) -> str:
    """A code as an exchange file or a call has it; one that there is not becomes a word that there is not."""
    if name == "week":
        return f"{code // 100:04}-W{code % 100:02}"
    if name == "task":
        return f"{code // 10000:02}.{code // 100 % 100:02}.{code % 100:02}" if 0 <= code <= 999999 else str(code)
    return WORDS[name].get(code, f"no {name} {code}") if name in WORDS else str(code)


def full(registration: dict) -> dict:
    return {"closure": 0, "form": 0, "count": 1, "source": "", "unit": ""} | registration


def written(folder: Path, name: str, content: str | bytes | None) -> Path | None:
    if content is None:
        return None
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def files_of(vector: dict, folder: Path) -> list[Path]:
    """A vector's files, or its registrations as one."""
    if "registrations" in vector:
        path = folder / "registrations.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
            rows.writerow(["kle" if name == "task" else name for name in CODES])
            rows.writerows([[as_text(name, full(r)[name]) for name in CODES] for r in vector["registrations"]])
        return [path]
    return [
        written(folder, f"{place}.csv", base64.b64decode(file["base64"]) if "base64" in file else file["text"])
        for place, file in enumerate(vector["files"])
    ]


def settings_of(vector: dict, folder: Path) -> dict:
    given = vector.get("round", {})
    round_ = given.get("id") or written(folder, "round.toml", given.get("toml"))
    return {"round": round_, "participation": written(folder, "participation.csv", vector.get("participation"))}


def counted(vector: dict, folder: Path) -> komhen.Cube:
    folder.mkdir(exist_ok=True)
    return komhen.count(
        files_of(vector, folder),
        profile=written(folder, "profile.toml", vector.get("profile")),
        encoding=vector.get("encoding"),
        rejects=folder / "rejects.csv",
        **settings_of(vector, folder),
    )


def check_outcome(outcome, expected: dict) -> None:
    for name in ("rows_read", "rows_accepted", "contacts"):
        assert getattr(outcome, name) == expected[name]
    assert {reason: rows for reason, rows in outcome.rejected.items() if rows} == expected["rejected"]
    assert outcome.rows_read == outcome.rows_accepted + sum(outcome.rejected.values())
    found = outcome.encoding if outcome.encoding in ("utf-8", "windows-1252") else "any"
    assert found == expected.get("encoding", found)


def rejected_rows(folder: Path) -> list[dict]:
    with (folder / "rejects.csv").open(encoding="utf-8", newline="") as file:
        return [
            {"line": int(row["line"]), "reason": row["reason"], "column": row["column"] or None}
            for row in csv.DictReader(file, delimiter=";")
        ]


def cells(cube: komhen.Cube) -> list[tuple]:
    return sorted(tuple(cell[name] for name in [*CODES[:8], "source", "unit", "count"]) for cell in cube.cells())


def check_cells(cube: komhen.Cube, expected: dict) -> None:
    if "cells" in expected:
        assert cells(cube) == sorted(map(tuple, expected["cells"]))


def check_rows(found: list[dict], expected: list[dict]) -> None:
    """In order; columns that a row does not name are not looked at."""
    assert [{name: row.get(name, "no such column") for name in mine} for row, mine in zip(found, expected)] == expected
    assert len(found) == len(expected)


def arguments_of(query: dict) -> dict:
    return {name: value for name, value in query.items() if name != "measure"}


def check_measures(cube: komhen.Cube, expected: dict) -> None:
    for asked in expected.get("measures", ()):
        query = asked["query"]
        if "refused" in asked:
            with pytest.raises(komhen.KomhenError):
                komhen.measure(cube, query["measure"], **arguments_of(query))
            continue
        rows = komhen.measure(cube, query["measure"], **arguments_of(query)).to_dict()["rows"]
        for row in rows:
            if "numerator" in row:
                whole = row["denominator"]
                row["per_cent"] = _core.per_cent(row["numerator"], whole) if whole else None
        check_rows(rows, asked["rows"])


def check_changes(before: komhen.Cube, after: komhen.Cube, expected: dict) -> None:
    for asked in expected["changes"]:
        rows = komhen.compare(before, after, asked["query"]["measure"], **arguments_of(asked["query"])).to_dict()["rows"]
        for row in rows:
            for side in ("before", "after"):
                row |= {f"{side}_{part}": row[side][part] for part in ("numerator", "denominator")}
        check_rows(rows, asked["rows"])


# --- the journal ---------------------------------------------------------------------------------------------


def event(registration: dict) -> dict:
    return {name: as_text(name, code) if name in (*WORDS, "week", "task") else code
            for name, code in ({"event_id": ""} | registration).items()}  # fmt: skip


def take(journal, path: Path, step: dict):
    """Does a step; the journal that is open afterwards, and the answer."""
    if "reopen" in step:
        journal.close()
        return komhen.Journal(path, mode="must_exist", trial=step["reopen"]["trial"]), None
    if "seal" in step:
        return journal, journal.seal(**step["seal"])
    if "undo" in step:
        return journal, journal.undo(**step["undo"])
    if "record" in step:
        return journal, journal.record(**event(step["record"]))
    return journal, journal.record_many([event(registration) for registration in step["record_many"]])


def run_journal(vector: dict, folder: Path) -> None:
    path = folder / "journal"
    expected = vector["expected"]
    journal = komhen.Journal(path, mode="create_only", trial=vector["journal"]["trial"])
    try:
        for step in vector["journal"]["steps"]:
            if "fails" in step:
                with pytest.raises(komhen.KomhenError):
                    take(journal, path, step)
                continue
            journal, answer = take(journal, path, step)
            assert answer == step.get("is", step.get("are"))
        settings = settings_of(vector, folder)
        cube = journal.count(**settings) if any(settings.values()) else journal.cube()
        if "outcome" in expected:
            check_outcome(cube.outcome, expected["outcome"])
        check_cells(cube, expected)
        check_measures(cube, expected)
        names = {"counting": "effective", "waiting": "waiting_undos"}
        status = journal.status()
        assert {name: status[names.get(name, name)] for name in expected.get("status", {})} == expected.get("status", {})
    finally:
        journal.close()


@pytest.mark.parametrize("vector", VECTORS)
def test_vector(vector, tmp_path):
    expected = vector["expected"]
    if "journal" in vector:
        if not hasattr(komhen, "Journal"):
            pytest.skip("this komhen has no journal in Python")
        return run_journal(vector, tmp_path)
    if "refused" in expected:
        with pytest.raises(komhen.KomhenError):
            counted(vector, tmp_path)
        return None
    cube = counted(vector, tmp_path)
    if "outcome" in expected:
        check_outcome(cube.outcome, expected["outcome"])
    if "rejects" in expected:
        assert rejected_rows(tmp_path) == expected["rejects"]
    if "reasons" in expected:  # a registration's row is the one on its line, behind the header
        reasons = {row["line"]: row["reason"] for row in rejected_rows(tmp_path)}
        assert [reasons.get(line, "accepted") for line in range(2, 2 + len(expected["reasons"]))] == expected["reasons"]
    check_cells(cube, expected)
    check_measures(cube, expected)
    if "before" in vector:
        check_changes(counted(vector["before"], tmp_path / "before"), cube, expected)
    return None
