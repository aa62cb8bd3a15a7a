"""Ctrl-C ends long work within a tenth of a second, wherever in it the work is, and leaves nothing half done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import komhen
from support import HEADER, LONGEST, ROW

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the signal is POSIX")
ROOT = Path(__file__).resolve().parents[2]
MOST = 0.1  # seconds from the signal to Python's exception
TRIES = 3

# The signal comes a moment after `ready` says so, when the work is between two calls of progress.
HARNESS = """
import os, signal, sys, threading, time
import komhen
sent = used = None
def send():
    global sent, used
    sent, used = time.perf_counter(), time.process_time()
    os.kill(os.getpid(), signal.SIGINT)
begun = False
def tell(done, total):
    global begun
    if not begun and ready(done, total):
        begun = True
        threading.Timer(0.005, send).start()
try:
    work()
except KeyboardInterrupt:
    print(time.perf_counter() - sent, time.process_time() - used)
else:
    print("not stopped")
"""
FRAME = """
import pyarrow as pa
names = {"municipality": [657], "date": ["2012-04-23"], "kle": ["23.05.10"], "channel": ["telephone"],
         "type": ["new_case"], "direction": ["incoming"]}
chunk = pa.table({name: column * 65_536 for name, column in names.items()})
table = pa.concat_tables([chunk] * 200_000)  # the same memory again and again: 13 thousand million rows
work = lambda: komhen.count(table, progress=tell)
ready = lambda done, total: done > 0
"""
FILE = """
work = lambda: komhen.count(["big.csv"] * 2000, progress=tell)
ready = lambda done, total: done > 0
"""
SIMULATE = """
work = lambda: komhen.simulate("out.csv", rows=100_000_000, progress=tell)
ready = lambda done, total: done > 0
"""
DRAWS = """
work = lambda: komhen.business_case("case.toml", draws=10_000_000, progress=tell)
ready = lambda done, total: done > total // 10
"""
SORTED = DRAWS.replace("done > total // 10", "done == total")
MERGE = """
work = lambda: komhen.merge_journals("both", ["north", "south"], progress=tell)
ready = lambda done, total: done > total // 4
"""


@pytest.fixture
def desk(tmp_path):
    """A folder with what the work reads."""
    (tmp_path / "big.csv").write_text("\n".join([HEADER, *[ROW] * 40_000, ""]))
    (tmp_path / "case.toml").write_bytes((ROOT / "examples" / "cases" / "herning-flytning-nyt-maal.toml").read_bytes())
    return tmp_path


def ends_in_time(folder, work) -> None:
    """The shortest wait of a few, each in a process of its own: by the clock, and by the processor, which says what the work
    itself took where others keep the machine busy."""
    waits = []
    for _ in range(TRIES):
        run = subprocess.run(
            [sys.executable, "-c", work + HARNESS], cwd=folder, capture_output=True, text=True, timeout=LONGEST
        )
        assert run.returncode == 0, run.stderr
        assert run.stdout != "not stopped\n", "the work was done before the signal came"
        waits.append(tuple(map(float, run.stdout.split())))
        if waits[-1][0] <= MOST:
            return
    assert min(used for _, used in waits) <= MOST, waits
    assert os.getloadavg()[0] > (os.cpu_count() or 1), f"{waits} on a machine that was not busy"


@pytest.mark.parametrize("work", [FRAME, FILE, SIMULATE, DRAWS, SORTED], ids="frame file simulate draws sort".split())
def test_ctrl_c_ends_the_work_within_a_tenth_of_a_second(desk, work):
    if work is FRAME:
        pytest.importorskip("pyarrow")
    ends_in_time(desk, work)
    assert not (desk / "out.csv").exists()


def test_ctrl_c_ends_a_merge_of_journals_and_there_is_no_new_journal(desk):
    event = dict(municipality=657, week="2012-W17", task="23.05.10", channel="telephone", type="new_case", direction="incoming")
    for name in ("north", "south"):
        with komhen.Journal(desk / name) as journal:
            journal.record_many([{**event, "event_id": f"{name}-{n}"} for n in range(25_000)])
    before = sorted(desk.iterdir())
    ends_in_time(desk, MERGE)
    assert sorted(desk.iterdir()) == before
    assert komhen.merge_journals(desk / "both", [desk / "north", desk / "south"])["events"] == 50_000


@pytest.mark.parametrize("raised", [LookupError("enough"), KeyboardInterrupt()], ids=["an error", "Ctrl-C"])
def test_what_progress_raises_ends_the_draws_and_the_merge(desk, raised):
    def stop(done, total):
        assert 0 < done <= total
        raise raised

    with pytest.raises(type(raised)):
        komhen.business_case(desk / "case.toml", progress=stop)
    with komhen.Journal(desk / "north") as journal:
        journal.record(
            municipality=657, week="2012-W17", task="23.05.10", channel="sms", type="new_case", direction="incoming",
            event_id="1",
        )
    with pytest.raises(type(raised)):
        komhen.merge_journals(desk / "both", [desk / "north"], progress=stop)
    assert not (desk / "both").exists()


def test_progress_tells_every_draw_and_changes_no_figure(desk):
    told = []
    watched = komhen.business_case(desk / "case.toml", draws=50_000, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (50_000, 50_000) and told == sorted(told) and len(told) > 2
    assert watched.simulations == komhen.business_case(desk / "case.toml", draws=50_000).simulations


def test_progress_must_be_a_function(desk):
    with pytest.raises(TypeError, match="progress must be a function, not int"):
        komhen.business_case(desk / "case.toml", progress=3)
    with pytest.raises(TypeError, match="progress must be a function, not int"):
        komhen.merge_journals(desk / "both", [desk / "a"], progress=3)
