"""What the pages show works as it stands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import komhen
from komhen import _core
from support import HEADER, ROW, cube_of, done, file_of, rejections

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "exchange-file.md").read_text(encoding="utf-8")
README = ROOT / "README.md"


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def table(first: str) -> list[list[str]]:
    """The rows of the page's table whose head begins with this cell."""
    lines = PAGE[PAGE.index(f"\n| {first} |") + 1 :].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_smallest_file_is_counted_without_a_rejection(tmp_path):
    (block,) = blocks(PAGE, "csv")
    (tmp_path / "a.csv").write_text(block)
    said = json.loads(done("count", tmp_path / "a.csv", "--round", "2012-spring", "--format", "json"))
    assert (said["rows_read"], said["rows_accepted"], said["unread_columns"]) == (2, 2, [])


def test_the_profile_of_the_page_reads_the_file_that_it_describes(tmp_path):
    (block,) = blocks(PAGE, "toml")
    (tmp_path / "p.toml").write_text(block)
    (tmp_path / "a.csv").write_text(
        "Unique Key,Created Date,Open Data Channel Type\n1,06/26/2018 10:58:54 AM,PHONE\n"
        "2,12/31/2018 12:00:00 AM,ONLINE\n3,06/26/2018 10:58:54 AM,OTHER\n"
    )
    cube = komhen.count(tmp_path / "a.csv", profile=tmp_path / "p.toml")
    assert [(c["municipality"], c["week"], c["channel"]) for c in cube.cells()] == [
        (101, "2018-W26", "telephone"),
        (101, "2019-W01", "self_service"),
    ]
    assert rejections(cube) == {"unknown_channel": 1}


def test_the_reasons_of_the_page_are_the_cores_in_number_and_order():
    assert [(int(n), name.strip("`")) for n, name, _ in table("no.")] == [row[:2] for row in _core.REASONS if row[0]]


def test_every_column_of_the_page_is_read_under_both_of_its_names(tmp_path):
    rows = table("column")
    names = [(english.strip("`"), danish.strip("`")) for english, danish, *_ in rows]
    assert len(names) == 13
    values = dict(zip(HEADER.split(";"), ROW.split(";"))) | {"week": "2012-W17", "count": "1"}
    for pick in (0, 1):
        line = ";".join(values.get(pair[0], "") for pair in names)
        cube = komhen.count(file_of(tmp_path / "a.csv", line, header=";".join(pair[pick] for pair in names)))
        assert cube.contacts == 1
        assert cube.outcome.unread_columns == [names[1][pick]]  # week is read and date is not


@pytest.mark.parametrize("first, column", [("channel", "telephone"), ("type", "new_case")])
def test_every_word_of_the_page_is_read_as_what_it_stands_for(tmp_path, first, column):
    rows = table(first)
    spoken = [
        (token.strip("`"), word.strip())
        for _, token, label, also in rows
        for word in (token.strip("`"), label, *filter(None, also.split(",")))
    ]
    for token, word in spoken:
        for form in (
            word,
            word.upper(),
            word.replace("ø", "oe").replace("æ", "ae").replace("å", "aa").replace(" ", "_"),
        ):
            cube = komhen.count(file_of(tmp_path / "a.csv", ROW.replace(column, form)))
            assert [cell[first] for cell in cube.cells()] == [token], form


@pytest.mark.parametrize("profile", sorted((ROOT / "examples" / "profiles").glob("*.toml")), ids=lambda path: path.name)
def test_an_example_profile_loads(profile):
    assert _core.load_profile(str(profile)).name.endswith(profile.name)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with what the README's examples read, and a command komhen."""
    monkeypatch.chdir(tmp_path)
    path = [os.path.abspath(part) for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(komhen.__file__).parents[1]), *path]))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "komhen").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m komhen "$@"\n')
    (tmp_path / "bin" / "komhen").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@pytest.mark.skipif(not README.is_file(), reason="there is no README yet")
def test_the_python_of_the_readme_runs(desk):
    found = blocks(README.read_text(encoding="utf-8"), "python")
    assert found
    for block in found:
        run = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, timeout=120)
        assert (run.returncode, run.stderr) == (0, ""), block


def test_the_parquet_of_the_page_on_scale_can_be_made_and_counted(desk):
    pytest.importorskip("pyarrow")
    found = blocks((ROOT / "docs" / "scale.md").read_text(encoding="utf-8"), "python")
    code = "".join(found[:2]) + "print(cube.outcome.rows_read, cube.outcome.rows_rejected)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert (run.stdout, run.stderr) == ("22000 0\n", "")


def test_a_measure_that_is_split_by_what_it_measures_says_what_counts_as_the_page_says():
    cube = cube_of({"count": 3}, {"channel": "self_service"}, {"channel": "letter", "closure": "closed"}, {"closure": "put_aside"})
    for table in (
        komhen.self_service(cube, by="channel"),
        komhen.digital(cube, by="channel", set="effective", where={"direction": "incoming"}),
        komhen.first_contact_closure(cube, by="closure"),
    ):
        assert set(table["share"]) <= {0, 1, None}


@pytest.mark.skipif(not README.is_file(), reason="there is no README yet")
def test_the_commands_of_the_readme_run(desk):
    found = [line for block in blocks(README.read_text(encoding="utf-8"), "sh") for line in block.splitlines()]
    for line in filter(re.compile("komhen ").match, found):
        run = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=120)
        assert run.returncode == 0 and run.stdout, (line, run.stderr)


def without_bars(said: str) -> list[str]:
    """The lines of standard error that are no progress bar of the pages' examples."""
    return [line for line in re.split(r"[\r\n]+", said) if line.strip() and not line.startswith("counting")]


def test_the_python_of_the_how_to_runs_and_says_what_it_says():
    pytest.importorskip("polars"), pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    code = "".join(blocks((ROOT / "docs" / "python.md").read_text(encoding="utf-8"), "python"))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, encoding="utf-8")
    assert without_bars(run.stderr) == []
    promised = re.findall(r"print\(.*?\)  # (\d.*)$", code, re.M)
    assert len(promised) == 2 and run.stdout.splitlines()[:2] == promised


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("howto-*.md")), ids=lambda path: path.stem)
def test_the_examples_of_a_how_to_run_one_after_the_other(page, desk):
    text = page.read_text(encoding="utf-8")
    if "to_polars" in text:
        pytest.importorskip("polars")
    for block in blocks(text, "csv"):
        (desk / "export.csv").write_text(block)
    code = "".join(blocks(text, "python"))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, encoding="utf-8")
    assert (run.returncode, without_bars(run.stderr)) == (0, []), page.name
    promised = re.findall(r"print\(.*?\) +# ([a-z0-9]+)$", code, re.M)
    assert [said for said in run.stdout.splitlines() if said in promised] == promised
    for line in filter(re.compile("komhen ").match, "".join(blocks(text, "sh")).splitlines()):
        run = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=120)
        assert run.returncode == 0 and run.stdout, (line, run.stderr)
