"""Shares and amounts of any size are settled in one rounding, and no report fails because a fraction is long."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

import komhen
from komhen import _core, _settled
from komhen.report.cells import Kroner
from report_world import round_of
from support import cube_of

PRICES = 'id = "own"\nsource = "s"\nyear = 2012\nbasis = "variable"\nhourly_cost = "313,57 kr."\n'
MINUTES = "6,33333333333333"  # 6 minutes 20 seconds, as a spreadsheet gives it


def test_what_does_not_fit_the_core_is_rounded_as_the_core_rounds_what_does(monkeypatch):
    made = random.Random(1)
    asked = []
    for bits in (3, 10, 40, 63):
        for _ in range(500):
            numbers = [made.getrandbits(bits) % _settled._FITS + 1 for _ in range(4)]
            sign = made.choice((1, -1))
            asked.append(((sign * numbers[0], numbers[1]), (numbers[2], numbers[3]), made.choice((0, 2, 4, 6))))
    asked += [((0, 1), (sign * numerator, 200), 0) for numerator in range(12) for sign in (1, -1)]  # halves
    by_the_core = [_core.change_text(*call) for call in asked]
    monkeypatch.setattr(_settled, "_FITS", -1)
    assert [_settled.change_text(*call) for call in asked] == by_the_core


def test_a_share_of_very_many_is_settled_to_the_last_digit():
    many = 10**30
    assert _settled.per_cent(many // 200, many) == 1 and _settled.per_cent(-many // 200, many) == -1
    assert _settled.per_cent(many // 200 - 1, many) == 0
    assert _settled.change_text((0, 1), (many // 8, many), 4) == "12.5000"


@pytest.fixture
def prices(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(PRICES + f'[[price]]\nchannel = "telephone"\nminutes = "{MINUTES}"\n')
    return path


def test_a_price_in_minutes_with_many_decimals_is_settled_once_in_every_format(prices, tmp_path):
    pytest.importorskip("jinja2"), pytest.importorskip("xlsxwriter")
    cube = round_of(20)
    report = komhen.report(cube, prices=prices)
    report.to_xlsx(tmp_path / "r.xlsx")
    report.to_csv(tmp_path / "csv")
    calls = komhen.contacts(cube, where={"direction": "incoming", "channel": "telephone"})
    each = Fraction(31357, 100) * Fraction(MINUTES.replace(",", ".")) / 60
    cost = calls._table.rows[0][1] * each
    assert max(cost.numerator, cost.denominator) > 2**63  # else it tests nothing
    (table,) = (table for table in report.tables() if table.id == "costs_channel")
    total = next(cell for row in table.rows for cell in row.cells if isinstance(cell, Kroner) and cell.numerator)
    assert Fraction(total.numerator, total.denominator) in (cost, each)
    written = json.loads(report.to_json())
    rows = next(table for table in written["chapters"][4]["tables"] if table["id"] == "costs_channel")["rows"]
    (kroner,) = {value["kroner"] for row in rows for value in row.values() if isinstance(value, dict) and value.get("exact") == f"{cost.numerator}/{cost.denominator}"}
    assert kroner == f"{(2 * cost * 100 + 1) // 2 // 100}.{(2 * cost * 100 + 1) // 2 % 100:02d}"
    # Not as a number of JSON, which a browser would cut.
    held = json.loads(report.to_html().partition('type="application/json"')[2].partition(">")[2].partition("</script>")[0])
    assert [str(each.numerator), str(each.denominator)] in held["facts"]["prices"].values()


def test_a_round_of_more_contacts_than_64_bits_take_times_a_hundred_has_a_report(tmp_path):
    pytest.importorskip("jinja2")
    cube = cube_of({"count": 2**61}, {"count": 2**61, "channel": "self_service"})
    report = komhen.report(cube, prices="copenhagen-2010", lang="en")
    assert report.summary[0].figure.text("en") == "50%"
    assert "4,611,686,018,427,387,904" in report.to_html() and "4611686018427387904" in report.to_json()
    report.to_csv(tmp_path / "csv")
