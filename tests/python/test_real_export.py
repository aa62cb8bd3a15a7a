"""A real export of another city's system, counted with its profile and counted independently."""

from __future__ import annotations

import csv
import datetime
from collections import Counter
from pathlib import Path

import pytest

import komhen
from support import rejections

ROOT = Path(__file__).resolve().parents[2]
EXPORT = ROOT.parent / "shared" / "data" / "real" / "nyc311_2018_2019.csv"
PROFILE = ROOT / "examples" / "profiles" / "nyc311.toml"
CHANNELS = {"PHONE": "telephone", "ONLINE": "self_service", "MOBILE": "self_service"}

pytestmark = pytest.mark.skipif(not EXPORT.is_file(), reason=f"the real export is not at {EXPORT}")


@pytest.fixture(scope="module")
def rows():
    with open(EXPORT, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture(scope="module")
def cube(tmp_path_factory):
    return komhen.count(EXPORT, profile=PROFILE, rejects=tmp_path_factory.mktemp("real") / "rejects.csv")


def week_of(row) -> str:
    """By hand: month, day and year stand at the front, and no zone is given."""
    month, day, year = row["Created Date"].split(" ")[0].split("/")
    iso = datetime.date(int(year), int(month), int(day)).isocalendar()
    return f"{iso.year}-W{iso.week:02}"


def test_every_row_is_accepted_or_rejected_for_the_channel_that_the_profile_leaves_out(rows, cube):
    unmapped = sum(row["Open Data Channel Type"] not in CHANNELS for row in rows)
    assert len(rows) == cube.outcome.rows_read == 1000 and unmapped > 0
    assert rejections(cube) == {"unknown_channel": unmapped}
    assert cube.outcome.encoding == "ascii" if EXPORT.read_bytes().isascii() else "utf-8"


@pytest.mark.parametrize(
    "by, value",
    [
        ("channel", lambda row: CHANNELS[row["Open Data Channel Type"]]),
        ("week", week_of),
        ("unit", lambda row: row["Agency"]),
        ("closure", lambda row: "closed" if row["Status"] == "Closed" else "put_aside"),
    ],
)
def test_contacts_agree_with_an_independent_count(rows, cube, by, value):
    expected = Counter(value(row) for row in rows if row["Open Data Channel Type"] in CHANNELS)
    assert {row[by]: row["contacts"] for row in komhen.contacts(cube, by)} == expected


def test_the_self_service_share_of_each_agency_agrees_with_an_independent_count(rows, cube):
    counted = [
        (row["Agency"], CHANNELS[row["Open Data Channel Type"]])
        for row in rows
        if row["Open Data Channel Type"] in CHANNELS
    ]
    all, own = Counter(agency for agency, _ in counted), Counter(a for a, c in counted if c == "self_service")
    table = komhen.self_service(cube, "unit")
    assert {r["unit"]: (r["numerator"], r["denominator"]) for r in table} == {a: (own[a], all[a]) for a in all}


def test_counting_the_export_twice_in_one_call_counts_it_once(cube):
    twice = komhen.count([EXPORT, EXPORT], profile=PROFILE)
    assert twice.cells() == cube.cells()
    assert twice.outcome.rejected["duplicate_event"] == cube.outcome.rows_accepted


def test_what_the_profile_does_not_read_is_named_and_stored_nowhere(rows, cube):
    assert len(cube.outcome.unread_columns) == len(rows[0]) - 5
    assert "Incident Address" in cube.outcome.unread_columns
    stored = cube.to_bytes()
    addresses = {row["Incident Address"] for row in rows if len(row["Incident Address"]) > 8}
    assert not any(address.encode() in stored for address in addresses)
