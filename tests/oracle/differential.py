#!/usr/bin/env python3
"""Runs komhen and the oracle on the same random files and compares what they say.

    python differential.py --komhen "komhen" --seeds 1..500 --measures
    python differential.py --api --seeds 1..5000 --measures

Exit status: 0 all seeds agree, 1 some do not, 2 wrong usage. A failing seed prints what differs;
`--keep FOLDER` keeps its files, and generate.py writes them again at any time.
"""
from __future__ import annotations

import argparse
import collections
import contextlib
import csv
import io
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import generate  # noqa: E402
import oracle  # noqa: E402

csv.field_size_limit(1 << 28)


class Failed(Exception):
    """komhen said that the call cannot be done."""


class Broken(Exception):
    """komhen did what it must never do: a traceback, a wrong exit status, unreadable output."""


# ---------------------------------------------------------------------------------------------------------
# The two ways to komhen. All that depends on its command line or its Python names stands here.

class CommandLine:
    def __init__(self, command: str, measure_round: str):
        self.command = shlex.split(command)
        self.measure_round = measure_round

    def run(self, arguments: list, allowed=(1,)) -> dict:
        done = subprocess.run(self.command + arguments, capture_output=True, timeout=600)
        errors = done.stderr.decode("utf-8", "replace")
        if "Traceback" in errors:
            raise Broken("a traceback:\n" + errors)
        if done.returncode in allowed:
            if done.returncode == 1 and len(errors.strip("\n").split("\n")) != 1:
                raise Broken("not one line on stderr:\n" + errors)
            if not errors.strip():
                raise Broken("an error without a message")
            raise Failed(errors.strip())
        if done.returncode != 0:
            raise Broken(f"exit status {done.returncode}:\n{errors}")
        try:
            return json.loads(done.stdout.decode("utf-8"))
        except ValueError as error:
            raise Broken(f"stdout is not JSON: {error}") from None

    def count(self, paths: dict, with_cube: bool) -> dict:
        arguments = ["count", *paths["files"], "--format", "json", "--rejects", paths["rejects"]]
        for option in ("round", "participation", "profile", "encoding"):
            if paths[option] is not None:
                arguments += [f"--{option}", paths[option]]
        if with_cube:
            arguments += ["--out", paths["cube"]]
        return self.run(arguments)

    def measure(self, paths: dict, spec: dict) -> list:
        arguments = ["measure", spec["name"], paths["cube"], "--format", "json"]
        if spec["by"]:
            arguments += ["--by", ",".join(spec["by"])]
        for option in ("where", "without"):
            for dimension, values in spec[option].items():
                arguments += [f"--{option}", f"{dimension}={','.join(str(value) for value in values)}"]
        for option, key in (("tasks", "tasks_option"), ("basis", "basis"), ("set", "digital_set"), ("scheme", "scheme")):
            if spec[key] is not None:
                arguments += [f"--{option}", spec[key]]
        if self.measure_round == "always" or (self.measure_round == "custom" and paths["round_is_file"]):
            if paths["round"] is not None:
                arguments += ["--round", paths["round"]]
        return self.run(arguments, allowed=(1, 2))["rows"]


class PythonPackage:
    def __init__(self):
        import komhen
        self.komhen = komhen

    @contextlib.contextmanager
    def errors(self):
        try:
            yield
        except self.komhen.KomhenError as error:
            raise Failed(str(error)) from None
        except Exception:
            raise Broken(traceback.format_exc()) from None

    def count(self, paths: dict, with_cube: bool) -> dict:
        options = {name: paths[name] for name in ("round", "participation", "profile", "encoding")
                   if paths[name] is not None}
        with self.errors():
            self.counted = self.komhen.count(paths["files"], rejects=paths["rejects"], **options)
            outcome = self.counted.outcome
            return {"rows_read": outcome.rows_read, "rows_accepted": outcome.rows_accepted,
                    "contacts": outcome.contacts, "rejected": dict(outcome.rejected),
                    "encoding": str(outcome.encoding), "unread_columns": list(outcome.unread_columns)}

    def measure(self, paths: dict, spec: dict) -> list:
        options = {"by": list(spec["by"])}
        for option, key in (("tasks", "tasks_option"), ("basis", "basis"), ("set", "digital_set"), ("scheme", "scheme")):
            if spec[key] is not None:
                options[option] = spec[key]
        for option in ("where", "without"):
            if spec[option]:
                options[option] = {dimension: list(values) for dimension, values in spec[option].items()}
        with self.errors():
            return getattr(self.komhen, spec["name"])(self.counted, **options).to_dict()["rows"]


# ---------------------------------------------------------------------------------------------------------
# One call

def write_call(folder: str, files: list, options: dict) -> dict:
    """Writes the files of a call; returns the paths and options as komhen takes them."""
    def put(name: str, text: str) -> str:
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return path

    paths = {"files": [], "round": None, "participation": None, "profile": None,
             "encoding": options["encoding"], "rejects": os.path.join(folder, "rejects.csv"),
             "cube": os.path.join(folder, "x.cube"), "round_is_file": options["round_toml"] is not None}
    for name, data in files:
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(data)
        paths["files"].append(path)
    if options["round_toml"] is not None:
        paths["round"] = put("round.toml", options["round_toml"])
    elif options["round"] is not None:
        paths["round"] = options["round"]
    if options["participation"] is not None:
        paths["participation"] = put("participation.csv", generate.participation_csv(options["participation"]))
    if options["profile_toml"] is not None:
        paths["profile"] = put("profile.toml", options["profile_toml"])
    return paths


def read_rejects(path: str) -> list:
    """line, reason and column of the reject file, as text."""
    if not os.path.exists(path):
        raise Broken("no reject file was written")
    with open(path, "rb") as file:
        text = file.read().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    if not rows or rows[0][:4] != ["line", "reason", "column", "file"]:
        raise Broken(f"the reject file begins with {rows[:1]}")
    return [tuple(row[:3]) for row in rows[1:]]


def first_difference(mine: list, theirs: list) -> str:
    for position in range(max(len(mine), len(theirs))):
        a = mine[position] if position < len(mine) else "(nothing)"
        b = theirs[position] if position < len(theirs) else "(nothing)"
        if a != b:
            return f"no. {position + 1}: oracle {a!r}, komhen {b!r} ({len(mine)} and {len(theirs)} in all)"
    return ""


def compare_count(result: oracle.Result, said: dict, rejects: list) -> list:
    expected = {"rows_read": result.rows_read, "rows_accepted": result.rows_accepted, "contacts": result.contacts,
                "rejected": result.rejected, "encoding": result.encoding,
                "round": result.round.id if result.round else None, "unread_columns": result.unread_columns}
    differences = []
    for key, value in expected.items():
        if key == "round" and key not in said:
            continue  # the Python outcome holds none
        if said.get(key) != value:
            mine, theirs = value, said.get(key)
            if key == "rejected" and isinstance(theirs, dict):
                mine = {k: v for k, v in value.items() if theirs.get(k) != v}
                theirs = {k: v for k, v in theirs.items() if value.get(k) != v}
            differences.append(f"{key}: oracle {mine!r}, komhen {theirs!r}")
    mine = [(str(line), reason, column) for line, reason, column in result.rejects]
    if mine != rejects:
        differences.append("reject file, " + first_difference(mine, rejects))
    return differences


# ---------------------------------------------------------------------------------------------------------
# Measures

def plain_label(text: str) -> bool:
    """A source or unit that can stand in --where D=V,V."""
    return text != "" and text == text.strip() and not any(c in ",=\x00" for c in text) and text.isprintable()


def values_of(cells: dict, dimension: str, scheme: str) -> list:
    names = ("municipality", "week", "task", "channel", "type", "direction", "closure", "form", "source", "unit")
    if dimension == "group":
        return list(oracle.SCHEMES[scheme])
    if dimension == "main_group":
        return sorted({key[2][:2] for key in cells})
    if dimension in oracle.NUMBERED:
        return list(oracle.NUMBERED[dimension])
    found = sorted({key[names.index(dimension)] for key in cells})
    if dimension in ("source", "unit"):
        found = [value for value in found if plain_label(value)]
    return found


def random_measure(rng: random.Random, cells: dict, round_, folder: str) -> dict:
    """A measure with its options: `scheme` is what is asked for, `oracle_scheme` what then applies."""
    name = rng.choice(oracle.MEASURES)
    scheme = rng.choice((None, None, None, *oracle.SCHEMES))
    actual = scheme or (round_.scheme if round_ else "kl-2012")
    measured = oracle.MEASURED.get(name)
    by = rng.sample([d for d in oracle.DIMENSIONS if d != measured], rng.choice((0, 1, 1, 2, 3)))
    if name == "mix" and not by:
        by = [rng.choice(oracle.DIMENSIONS)]
    if name == "mix":
        measured = by[-1]
    where, without = {}, {}
    filterable = [d for d in oracle.DIMENSIONS if d != measured and not (d == "direction" and name == "self_service")]
    for dimension in rng.sample(filterable, rng.choice((0, 0, 1, 2))):
        values = values_of(cells, dimension, actual)
        if values:
            where[dimension] = rng.sample(values, min(len(values), rng.choice((1, 2, 3))))
    for dimension in rng.sample([d for d in filterable if d != "direction"], rng.choice((0, 0, 0, 1))):
        values = values_of(cells, dimension, actual)
        if values:
            without[dimension] = rng.sample(values, min(len(values), rng.choice((1, 2))))
    if "group" in where and actual == "kl-2011" and rng.random() < 0.5:
        where["group"] = ["application"]
    tasks = tasks_option = rng.choice((None, None, "all", "kl-35"))
    if rng.random() < 0.2:
        tasks = set(rng.sample(oracle.KL_35 + generate.OTHER_TASKS, 8))
        tasks_option = os.path.join(folder, "tasks.txt")
        with open(tasks_option, "w", encoding="utf-8") as file:
            file.write("".join(task + "\n" for task in sorted(tasks)))
    basis = digital_set = None
    if name == "self_service":
        basis = rng.choice((None, None, "all", *oracle.SCHEMES[actual]))
    if name == "digital":
        digital_set = rng.choice(list(oracle.DIGITAL_SETS))
        if "direction" not in by and "direction" not in where:
            where["direction"] = rng.sample(list(oracle.DIRECTIONS), rng.choice((1, 1, 2)))
    if rng.random() < 0.04:  # an error
        fault = rng.choice(("filter", "basis", "direction", "by", "set"))
        if fault == "filter" and measured and measured not in by:
            values = values_of(cells, measured, actual)
            if values:
                where[measured] = [values[0]]
        elif fault == "basis" and name == "self_service":
            basis = "nonsense"
        elif fault == "direction" and name == "digital" and "direction" not in by:
            where.pop("direction", None)
        elif fault == "by" and name == "mix":
            by = []
    return {"name": name, "by": by, "where": where, "without": without, "tasks": tasks or "all",
            "tasks_option": tasks_option, "basis": basis, "digital_set": digital_set, "scheme": scheme,
            "oracle_scheme": actual}


def compare_measure(runner, paths: dict, result: oracle.Result, spec: dict) -> list:
    shown = {key: value for key, value in spec.items() if value and key not in ("tasks_option", "oracle_scheme")}
    rules = result.round.rules() if result.round else ()
    try:
        expected = oracle.measure(result.cells, spec["name"], spec["by"], spec["where"], spec["without"], spec["tasks"],
                                  spec["basis"] or "application", spec["digital_set"], spec["oracle_scheme"], rules)
    except oracle.OracleError as error:
        expected = str(error)
    try:
        rows = runner.measure(paths, spec)
    except Failed as error:
        return [] if isinstance(expected, str) else [f"measure {shown}: komhen fails: {error}"]
    if isinstance(expected, str):
        return [f"measure {shown}: the oracle fails ({expected}), komhen does not"]
    if rows == expected:  # the order of the keys inside a row is not told
        return []
    return [f"measure {shown}: " + first_difference(expected, rows)]


# ---------------------------------------------------------------------------------------------------------
# Seeds

def run_seed(runner, seed: int, arguments, folder: str, seen: collections.Counter) -> list:
    cells = arguments.measures and seed % 3 == 0
    files, options = generate.random_call(seed, cells, arguments.risky)
    paths = write_call(folder, files, options)
    expected = None
    try:
        expected = oracle.read(files, options["round"], options["participation"], options["profile"], options["encoding"])
    except oracle.OracleError as error:
        reason = str(error)
    try:
        said = runner.count(paths, arguments.measures)
    except Failed as error:
        seen["whole-call errors"] += 1
        return [] if expected is None else [f"komhen fails: {error}"]
    if expected is None:
        return [f"the oracle fails ({reason}), komhen does not"]
    seen["rows"] += expected.rows_read
    seen["accepted"] += expected.rows_accepted
    seen.update({key: value for key, value in expected.rejected.items() if value})
    differences = compare_count(expected, said, read_rejects(paths["rejects"]))
    if arguments.measures and not differences:
        rng = random.Random(f"measures {seed}")
        for _ in range(arguments.per_seed):
            spec = random_measure(rng, expected.cells, expected.round, folder)
            seen["measures"] += 1
            differences += compare_measure(runner, paths, expected, spec)
    return differences


def seeds_of(text: str) -> range:
    first, _, last = text.partition("..")
    return range(int(first), int(last or first) + 1)


def main(argv=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--komhen", metavar="CMD", help="the command to run, such as komhen or 'python -m komhen'")
    way.add_argument("--api", action="store_true", help="import the Python package komhen instead: much faster")
    parser.add_argument("--seeds", default="1..100", type=seeds_of, metavar="A..B")
    parser.add_argument("--measures", action="store_true", help="compare random measures too")
    parser.add_argument("--per-seed", type=int, default=5, metavar="N", help="measures for each seed (5)")
    parser.add_argument("--measure-round", choices=("never", "custom", "always"), default="never",
                        help="when 'komhen measure X.cube' gets --round: only for a round from a file (custom)")
    parser.add_argument("--risky", action="store_true", help="also what the pages leave open")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the files of failing seeds here")
    parser.add_argument("--stop", type=int, default=0, metavar="N", help="stop after N failing seeds")
    arguments = parser.parse_args(argv)
    runner = PythonPackage() if arguments.api else CommandLine(arguments.komhen, arguments.measure_round)

    failing = []
    seen: collections.Counter = collections.Counter()
    for seed in arguments.seeds:
        with tempfile.TemporaryDirectory(prefix="komhen-differential-") as folder:
            try:
                differences = run_seed(runner, seed, arguments, folder, seen)
            except Broken as error:
                differences = [f"broken: {error}"]
            except subprocess.TimeoutExpired:
                differences = ["broken: no answer within ten minutes"]
            if differences:
                failing.append(seed)
                print(f"seed {seed}:")
                for difference in differences[:10]:
                    print("  " + difference[:1500].replace("\n", "\n  "))
                if arguments.keep:
                    shutil.copytree(folder, os.path.join(arguments.keep, str(seed)), dirs_exist_ok=True)
        if arguments.stop and len(failing) >= arguments.stop:
            break
    print(", ".join(f"{key} {value}" for key, value in sorted(seen.items())))
    print(f"{len(failing)} failing seeds" + (": " + " ".join(map(str, failing[:50])) if failing else ""))
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main())
