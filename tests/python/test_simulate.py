"""A simulated round holds what KL printed, says that it is made up, and is the same everywhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

import komhen
from komhen import _core
from support import cli, done, one_line, refused, rejections

ROUNDS = ("2011-autumn", "2012-spring")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One simulated file a round, of different sizes and seeds, and its cube."""
    folder = tmp_path_factory.mktemp("made")
    out = {}
    for round, rows, seed in (("2011-autumn", 40_000, 7), ("2012-spring", 90_000, 3)):
        said = komhen.simulate(folder / f"{round}.csv", round=round, rows=rows, seed=seed)
        cube = komhen.count(folder / f"{round}.csv", round=round, participation=folder / f"{round}.participation.csv")
        out[round] = {"file": folder / f"{round}.csv", "said": said, "cube": cube, "rows": rows}
    return out


def share(table) -> int:
    (row,) = table.to_pylist()
    return _core.per_cent(row["numerator"], row["denominator"])


@pytest.mark.parametrize("round", ROUNDS)
def test_every_row_is_a_valid_contact_in_its_municipalitys_weeks(made, round):
    cube, rows = made[round]["cube"], made[round]["rows"]
    assert rejections(cube) == {}
    assert cube.contacts == cube.outcome.rows_read == made[round]["said"]["rows"] == rows


@pytest.mark.parametrize("round", ROUNDS)
def test_the_35_shares_and_the_total_are_those_that_kl_printed(made, round):
    rows = komhen.against_published(made[round]["cube"], round)
    assert [row["agrees"] for row in rows if row["published"] is not None] == [True] * 36


def test_two_rounds_of_whatever_seeds_hold_the_printed_changes_between_them(made):
    before, after = (made[round]["cube"] for round in ROUNDS)
    changes = komhen.compare(before, after, by="task", tasks="kl-35", scheme="kl-2012").to_pylist()
    found = {row["task"]: row["printed_change"] for row in changes}
    printed = {row["task"]: row["printed_change"] for row in komhen.compare_published()}
    assert (
        printed.pop(None)
        == komhen.compare(before, after, tasks="kl-35", scheme="kl-2012").to_pylist()[0]["printed_change"]
    )
    assert {task: found[task] for task, change in printed.items() if change is not None} == {
        task: change for task, change in printed.items() if change is not None
    }


def test_the_wider_shares_of_spring_2012_are_those_that_kl_printed(made):
    """Nested denominators: 5 % of all contacts, 20 % on the 35 tasks, 33 % of applications there."""
    cube = made["2012-spring"]["cube"]
    assert share(komhen.self_service(cube, basis="all")) == 5
    assert share(komhen.self_service(cube, basis="all", tasks="kl-35")) == 20
    assert share(komhen.self_service(cube, tasks="kl-35")) == 33
    by_channel = komhen.mix(cube, "channel", where={"group": "information"}).to_pylist()
    website = next(row for row in by_channel if row["channel"] == "website")
    assert _core.per_cent(website["numerator"], website["denominator"]) == 68
    groups = {row["group"]: row for row in komhen.mix(cube, "group")}
    assert _core.per_cent(groups["case_information"]["numerator"], groups["case_information"]["denominator"]) == 36


def test_22_municipalities_count_one_week_7_two_and_20_three(made):
    weeks = [len(weeks) for weeks in made["2012-spring"]["said"]["participation"].weeks.values()]
    assert [weeks.count(n) for n in (1, 2, 3)] == [22, 7, 20]
    counted = {
        (r["municipality"], r["week"]) for r in komhen.contacts(made["2012-spring"]["cube"], ["municipality", "week"])
    }
    declared = made["2012-spring"]["said"]["participation"].weeks
    assert counted == {(municipality, week) for municipality, weeks in declared.items() for week in weeks}
    assert len(made["2011-autumn"]["said"]["participation"]) == 78


@pytest.mark.parametrize("round", ROUNDS)
def test_every_source_says_that_nobody_counted_and_what_was_made_up_is_listed(made, round):
    assert all(r["source"].startswith("synthetic:") for r in komhen.contacts(made[round]["cube"], "source"))
    assert len(made[round]["said"]["assumptions"]) >= 5


@pytest.mark.parametrize("round", ROUNDS)
def test_the_same_round_rows_and_seed_give_the_same_bytes_and_another_seed_gives_others(tmp_path, round):
    rows = _core.simulate_minimum(round)
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        komhen.simulate(tmp_path / f"{name}.csv", round=round, rows=rows, seed=seed)
    a, b, c = ((tmp_path / f"{name}.csv").read_bytes() for name in "abc")
    assert a == b != c
    done(
        "simulate",
        "--round",
        round,
        "--rows",
        str(rows),
        "--seed",
        "2",
        "--out",
        tmp_path / "d.csv",
        env={"LC_ALL": "C"},
    )
    assert (tmp_path / "d.csv").read_bytes() == c
    assert (tmp_path / "c.participation.csv").read_bytes() == (tmp_path / "d.participation.csv").read_bytes()


@pytest.mark.parametrize("round", ROUNDS)
@pytest.mark.parametrize("seed", [0, 1, 2, 2**63, 2**64 - 1])
def test_the_smallest_round_holds_the_figures_whatever_the_seed(tmp_path, round, seed):
    file = tmp_path / "s.csv"
    komhen.simulate(file, round=round, rows=_core.simulate_minimum(round), seed=seed)
    cube = komhen.count(file, round=round, participation=tmp_path / "s.participation.csv")
    assert rejections(cube) == {}
    assert {row["agrees"] for row in komhen.against_published(cube, round)} <= {True, None}


def test_too_few_rows_are_refused_with_the_number_that_it_takes_and_nothing_is_written(tmp_path):
    least = _core.simulate_minimum("2012-spring")
    (tmp_path / "s.csv").write_text("as it was")
    said = refused("simulate", "--rows", str(least - 1), "--out", tmp_path / "s.csv")
    assert str(least) in said and "2012-spring" in said
    assert (tmp_path / "s.csv").read_text() == "as it was" and os.listdir(tmp_path) == ["s.csv"]
    assert "2000000000" in refused("simulate", "--rows", "2000000001", "--out", tmp_path / "s.csv")


def test_a_round_without_printed_figures_cannot_be_simulated(tmp_path):
    said = refused("simulate", "--round", "2015-spring", "--out", tmp_path / "s.csv")
    assert "2011-autumn and 2012-spring" in said


def test_events_have_ids_only_when_asked_for_and_then_each_its_own(tmp_path):
    komhen.simulate(tmp_path / "plain.csv", rows=22_000)
    komhen.simulate(tmp_path / "ids.csv", rows=22_000, event_ids=True)
    lines = (tmp_path / "ids.csv").read_text().splitlines()
    assert lines[0].endswith(";event_id") and "event_id" not in (tmp_path / "plain.csv").read_text()
    assert [line.rpartition(";")[0] for line in lines] == (tmp_path / "plain.csv").read_text().splitlines()
    cube = komhen.count([tmp_path / "ids.csv", tmp_path / "ids.csv"])
    assert cube.contacts == 22_000 and rejections(cube) == {"duplicate_event": 22_000}


def test_the_command_line_says_what_was_assumed(tmp_path):
    options = ["simulate", "--rows", "22000", "--seed", "9", "--out", tmp_path / "s.csv"]
    said = json.loads(done(*options, "--format", "json"))
    assert (said["round"], said["rows"], said["seed"]) == ("2012-spring", 22_000, 9)
    text = done(*options)
    assert "nobody counted these contacts" in text and all(f"- {line}" in text for line in said["assumptions"])
    assert sorted(os.listdir(tmp_path)) == ["s.csv", "s.participation.csv"]


def test_csv_of_simulate_is_csv(tmp_path):
    text = done("simulate", "--rows", "22000", "--out", tmp_path / "s.csv", "--format", "csv")
    assert len({line.count(",") for line in text.splitlines() if '"' not in line}) == 1 and "," in text.splitlines()[0]


def test_a_participation_that_cannot_be_written_leaves_no_rows_behind(tmp_path):
    (tmp_path / "s.participation.csv").mkdir()
    refused("simulate", "--rows", "22000", "--out", tmp_path / "s.csv")
    assert os.listdir(tmp_path) == ["s.participation.csv"]


def test_what_progress_raises_ends_the_simulation_and_nothing_is_left(tmp_path):
    class Enough(Exception):
        pass

    seen = []

    def progress(done, total):
        seen.append((done, total))
        if done > 10_000:
            raise Enough

    with pytest.raises(Enough):
        komhen.simulate(tmp_path / "s.csv", rows=50_000, progress=progress)
    assert os.listdir(tmp_path) == []
    assert {total for _, total in seen} == {50_000} and seen == sorted(seen)


def test_ctrl_c_ends_a_long_simulation_with_130_and_leaves_nothing(tmp_path):
    command = [sys.executable, "-m", "komhen", "simulate", "--rows", "50000000", "--out", tmp_path / "s.csv"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not any(path.stat().st_size for path in tmp_path.glob("s.csv.part*")) and running.poll() is None:
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    out, errors = running.communicate(timeout=60)
    assert (running.returncode, out, errors) == (130, b"", b"komhen: stopped\n")
    assert os.listdir(tmp_path) == []


def test_the_file_is_refused_as_a_directory_in_one_sentence(tmp_path):
    assert "is a directory" in one_line(cli("simulate", "--out", tmp_path, "--rows", "22000"), 1)
