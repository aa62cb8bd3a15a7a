"""A goal is shown as it was set, and what is held against it is a number that others can calculate with."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from fractions import Fraction

import pytest

import komhen
from komhen.report.csv_files import csv_text
from report_world import goals_file
from support import cube_of

# 1000 applications, 334 of them by self-service: 33.4 %, and 33 % in whole per cent.
CUBE = cube_of({"channel": "self_service", "count": 334}, {"channel": "telephone", "count": 666})
SHARE = {"measure": "self_service", "comparator": "at_least"}


def goals_of(folder, *goals, lang="da", cube=CUBE):
    """The report's table of goals: each row's cells by their key."""
    report = komhen.report(cube, goals=goals_file(folder, *goals), lang=lang)
    table = next(table for table in report.tables() if table.id == "goals")
    return report, table, [dict(zip(table.keys, row.cells)) for row in table.rows]


def test_a_goal_is_shown_with_the_decimals_that_it_has_and_the_value_beside_it_with_as_many(tmp_path):
    _, _, rows = goals_of(
        tmp_path,
        {**SHARE, "value": "33,5 %"},
        {**SHARE, "value": "32,6 %"},
        {**SHARE, "value": "33 %"},
        {"measure": "self_service", "comparator": "within", "low": "0,5 %", "high": "1,25 %"},
        {"kind": "attribute", "comparator": "at_least", "value": "12.5", "given": "13.25", "given_source": "ours"},
    )
    shown = [[row[key].text("da") for key in ("low", "high", "outcome", "value", "gap_points")] for row in rows]
    assert shown == [
        ["33,5 %", "", "Ikke nået", "33,4 %", "0,1"],
        ["32,6 %", "", "Nået", "33,4 %", "0,0"],
        ["33 %", "", "Nået", "33 %", "0"],
        ["0,50 %", "1,25 %", "Ikke nået", "33,40 %", "32,15"],
        ["12,50", "", "Nået", "13,25", "–"],
    ]


def test_what_is_missing_of_a_goal_is_never_rounded_to_nothing(tmp_path):
    cube = cube_of({"channel": "self_service", "count": 796}, {"channel": "telephone", "count": 204})
    report, _, (row,) = goals_of(tmp_path, {**SHARE, "value": "80 %"}, cube=cube)
    assert (row["value"].text("da"), row["gap_points"].text("da")) == ("80 %", "under 1")
    assert row["gap_points"].text("en") == "below 1"
    assert report.summary[0].words.text("da").endswith("Procentpoint til målet på 80 %: under 1.")
    move = next(row for row in report["tasks"].tables[0].rows if row.task == "23.05.10")
    assert [cell.text("da") for cell in move.cells[2:4]] == ["80 %", "under 1"]
    pytest.importorskip("altair")
    from komhen.plots import specs

    (drawn,) = specs.goals(report.asked.goals)["data"]["values"]
    assert drawn["says"] == "80 % · Ikke nået, mangler under 1 procentpoint"


def test_the_page_the_picture_and_the_notebook_say_a_goal_in_the_same_words(tmp_path):
    pytest.importorskip("altair")
    from komhen.plots import specs

    _, _, (row,) = goals_of(tmp_path, {**SHARE, "value": "33,5 %", "due": 2015})
    found = komhen.goals(CUBE, tmp_path / "goals.toml")
    (drawn,) = specs.goals(found)["data"]["values"]
    assert (drawn["target"], drawn["says"]) == ("Mål mindst 33,5 %, 2015", "33,4 % · Ikke nået, mangler 0,1 procentpoint")
    html = found.to_html()
    for text in (f"mindst {row['low'].text('da')}", row["outcome"].text("da"), row["value"].text("da"), row["gap_points"].text("da")):
        assert f">{text}<" in html


def test_goals_are_exact_numbers_in_json_and_csv_and_what_is_not_there_is_no_text(tmp_path):
    report, table, _ = goals_of(
        tmp_path,
        {**SHARE, "value": "33,5 %", "due": 2015},
        {**SHARE, "value": "50 %", "tasks": ["32.03.04"]},
        {**SHARE, "value": "0 %"},
    )
    counted, without, zero = next(
        found["rows"] for chapter in report.to_dict()["chapters"] for found in chapter["tables"] if found["id"] == "goals"
    )
    assert counted["value"] == {"numerator": 334, "denominator": 1000, "share": "0.334000", "exact": "167/500"}
    assert counted["low"] == {"share": "0.335000", "exact": "67/200"} and counted["high"] is None
    assert counted["gap_points"] == {"points": "0.100000", "exact": "1/10"}
    assert (counted["due"], counted["contacts_to_move"]) == ("2015-12-31", 1)
    assert (without["value"], without["gap_points"], without["contacts_to_move"]) == (None, None, None)
    assert zero["gap_points"]["points"] == "0.000000" and zero["contacts_to_move"] == 0
    rows = list(csv.reader(io.StringIO(csv_text(table, "da").lstrip("\ufeff")), delimiter=";"))
    assert rows[1][2:] == ["0,335000", "", "2015-12-31", "Ikke nået", "0,334000", "0,100000", "1"]
    assert rows[2][6:] == ["", "", ""] and rows[3][7:] == ["0,000000", "0"]


def test_goals_are_numbers_and_days_in_the_workbook_and_what_is_not_there_is_an_empty_cell(tmp_path):
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    report, _, _ = goals_of(
        tmp_path, {**SHARE, "value": "33,5 %", "due": 2015}, {**SHARE, "value": "50 %", "tasks": ["32.03.04"]}
    )
    report.to_xlsx(tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Mål"]
    counted, without = list(sheet.iter_rows(min_row=5, max_row=6))
    assert [(cell.value, cell.number_format) for cell in counted[2:]] == [
        (0.335, "0.0%"),
        (None, "General"),
        (datetime(2015, 12, 31), "yyyy-mm-dd"),
        ("Ikke nået", "General"),
        (float(Fraction(334, 1000)), "0.0%"),
        (0.1, "0.0"),
        (1, "#,##0"),
    ]
    assert [cell.value for cell in without[6:]] == [None, None, None]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "s" and not cell.value]


def test_a_page_of_costs_says_in_one_line_which_channels_have_no_price():
    cells = [{"channel": channel, "type": type, "count": 1200} for channel in ("website", "sms") for type in ("guidance", "misdirected")]
    costs = komhen.costs(cube_of({}, *cells), "copenhagen-2010", by="channel", unpriced="apart")
    assert len(costs.notes) == 1 + len({(cell["channel"], "information") for cell in cells})
    for said in (costs.to_html(), costs.explain()):
        assert said.count("Uden pris: Hjemmeside 2.400, SMS 2.400") == 1
        assert "contacts have no price" not in said and "komhen har lagt kildens fire klasser" in said
    assert "Without a price: " in costs.to_html("en")
