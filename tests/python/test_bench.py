"""The benchmark compares like with like: its contenders give the same cells, and its pages are what it measured."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

import komhen

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "tests" / "bench"
for needed in ("numpy", "pyarrow", "pandas", "polars", "duckdb"):
    pytest.importorskip(needed, reason=f"{needed} is not installed, so the benchmark's contenders are not compared")


@pytest.fixture(scope="module")
def bench():
    """The modules of the benchmark, by name."""
    sys.path.insert(0, str(BENCH))
    yield lambda name: importlib.import_module(name)
    sys.path.remove(str(BENCH))


@pytest.fixture(scope="module")
def words(bench, tmp_path_factory):
    path = tmp_path_factory.mktemp("bench") / "words.json"
    told = bench("run").words_of()
    path.write_text(json.dumps(told))
    return told, bench("contenders").Words(str(path))


@pytest.mark.parametrize("kind", ["random", "simulated"])
def test_all_contenders_find_the_same_cells(bench, words, tmp_path, kind):
    path = tmp_path / "rows.csv"
    if kind == "random":
        bench("random_cells").made(str(path), 5000, words[0])
    else:
        komhen.simulate(path, round="2012-spring", rows=22_000, seed=3)
    contenders = bench("contenders")
    found = {
        name: contenders.digest(count(str(path), 1, words[1])()) for name, count in contenders.CONTENDERS.items()
    }
    assert len(set(found.values())) == 1, found
    accepted = komhen.count(path, round="2012-spring").outcome.rows_accepted
    assert {contacts for _, _, contacts in found.values()} == {accepted}
    assert (accepted < 5000) == (kind == "random")


def test_a_wrong_cell_changes_the_digest(bench, words, tmp_path):
    import pyarrow

    path = tmp_path / "rows.csv"
    bench("random_cells").made(str(path), 500, words[0])
    cells = komhen.count(path, round="2012-spring").to_arrow()
    moved = pyarrow.concat_tables([cells.slice(1), cells.slice(1, 1)])
    assert bench("contenders").digest(moved)[0] != bench("contenders").digest(cells)[0]


def test_all_tallies_of_coded_rows_find_the_same_cells(bench, words):
    codes = bench("random_cells").codes(200_000, words[0])
    contenders = bench("columns_contenders")
    found = {}
    for name, made in contenders.CONTENDERS.items():
        work, table_of = made(codes, 1)
        found[name] = contenders.digest(table_of(work()))
    assert len(set(found.values())) == 1, found
    assert found["komhen frame"][2] == 200_000


def test_the_pages_are_what_was_measured(bench):
    results = json.loads((BENCH / "results.json").read_text(encoding="utf-8"))
    write, takes = bench("write"), bench("what_it_takes")
    assert (BENCH / "RESULTS.md").read_text(encoding="utf-8") == write.results_page(results)
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    assert page == takes.with_figures(page, results, 52, 1_000_000_000)
    assert (ROOT / "docs" / "bench.svg").read_text(encoding="utf-8") == write.chart(results)


def test_the_arithmetic_of_the_page(bench):
    run = {
        "file": "random", "rows": 10_000_000, "bytes": 640_000_000, "threads": 1, "rounds": 5,
        "contenders": {"komhen (C++)": {"seconds": 2.0, "cells": 1_000_000}},
    }  # fmt: skip
    results = {
        "count": {"runs": [run], "date": "a day", "machine": "a machine"},
        "others": {"runs": [{"what": "journal, a thousand contacts a sync", "many": 20_000, "seconds": 1.0}]},
    }
    page = bench("what_it_takes").figures(results, 52, 1_000_000_000)
    for line in (
        "6,771 x 98 x 52 = 34.5 M",  # 650,000 / 96 = 6,770.8; x 98 x 52 = 34,504,167
        "*q m w / r* = 6.9 s",  # / 5 M a second
        "*q m w b* = 2.2 GB",
        "*n / r* = 3.3 min",  # 200 s
        "*n / (3,600 r)* = 0.06",
        "*n b* = 64 GB",
        "*n b / 3,600* = 18 MB a second",
        "*n / (86,400 j)* = 0.58 journals",
    ):
        assert line in page, (line, page)
