"""Changes between two rounds: exact shares are subtracted, and rounded last."""

from __future__ import annotations

import csv
import json
from fractions import Fraction

import pytest

import komhen
from support import HEADER, ROW, cli, cube_of, done, file_of, refused


def share(numerator: int, denominator: int, **cell) -> komhen.Cube:
    """A cube whose self-service share is numerator over denominator."""
    return cube_of({"channel": "self_service", "count": numerator}, {"count": denominator - numerator}, **cell)


def printed(before, after):
    rows = json.loads(done("compare", before, after, "--format", "json"))
    return {row["task"]: row for row in rows}


def test_55_after_38_lies_above_16_and_below_18_and_the_printed_18_narrows_it():
    row = printed("published:2011-autumn", "published:2012-spring")["23.05.10"]
    assert (row["before"], row["after"], row["printed_change"]) == (38, 55, 18)
    assert row["from_rounding"] == "above 16, below 18"
    assert row["with_printed_change"] == "from 17.5, below 18"


def test_three_printed_changes_are_one_more_than_the_printed_shares_and_all_are_possible():
    rows = komhen.compare_published()
    odd = {
        r["task"] for r in rows if r["printed_change"] is not None and r["printed_change"] != r["after"] - r["before"]
    }
    assert odd == {"23.05.10", "32.15.00", "32.30.12"}
    assert all(row["with_printed_change"] for row in rows if row["printed_change"] is not None)


def test_the_printed_table_has_35_tasks_and_a_total_and_one_figure_was_withheld():
    rows = printed("published:2011-autumn", "published:2012-spring")
    assert len(rows) == 36
    assert (rows[None]["before"], rows[None]["after"], rows[None]["printed_change"]) == (24, 33, 9)
    withheld = rows["29.03.04"]
    assert (withheld["before"], withheld["after"], withheld["printed_change"], withheld["from_rounding"]) == (
        66,
        None,
        None,
        None,
    )
    text = done("compare", "published:2011-autumn", "published:2012-spring")
    assert "withheld" in next(line for line in text.splitlines() if line.startswith("29.03.04"))


def test_backwards_no_change_was_printed():
    row = printed("published:2012-spring", "published:2011-autumn")["23.05.10"]
    assert row["printed_change"] is None and row["from_rounding"] == "above -18, below -16"


def test_signs_of_the_printed_changes_are_17_up_7_down_and_10_unchanged():
    changes = [r["printed_change"] for r in komhen.compare_published() if r["task"] and r["printed_change"] is not None]
    assert [sum(c > 0 for c in changes), sum(c < 0 for c in changes), changes.count(0)] == [17, 7, 10]


def test_no_table_is_published_for_other_rounds_and_a_printed_one_cannot_be_filtered():
    assert "2011-autumn and 2012-spring" in refused("compare", "published:2015-spring", "published:2012-spring")
    for options in (["--where", "channel=sms"], ["--by", "week"], ["--tasks", "sfo.txt"]):
        assert "as it was printed" in refused("compare", "published:2011-autumn", "published:2012-spring", *options)


@pytest.mark.parametrize("options", [["--measure", "mix"], ["--basis", "all"], ["--scheme", "kl-2011"], ["--raw"]])
def test_an_option_that_a_printed_table_cannot_obey_is_refused_and_not_ignored(options):
    refused("compare", "published:2011-autumn", "published:2012-spring", *options)


def test_a_change_is_the_difference_of_the_exact_shares_rounded_last():
    change = komhen.compare(share(376, 1000), share(554, 1000)).to_pylist()[0]
    assert change["change"] == Fraction(178, 1000) and change["printed_change"] == 18  # 55 % after 38 %
    assert komhen.compare(share(376, 1000), share(554, 1000)).to_dict()["rows"][0]["change"] == "17.800000"  # in points


@pytest.mark.parametrize(
    "before, after, points", [(0, 5, 1), (5, 0, -1), (0, 4, 0), (4, 0, 0), (500, 525, 3), (525, 500, -3)]
)
def test_halves_of_a_change_go_away_from_zero(before, after, points):
    sides = [
        cube_of(*({"channel": c, "count": n} for c, n in (("self_service", x), ("sms", 1000 - x)) if n))
        for x in (before, after)
    ]
    assert komhen.compare(*sides).to_pylist()[0]["printed_change"] == points


def test_a_row_of_one_side_has_no_change():
    before, after = share(1, 2), share(1, 2, task="23.09.02")
    rows = komhen.compare(before, after, by="task").to_pylist()
    assert [(row["task"], row["before"], row["after"], row["change"], row["printed_change"]) for row in rows] == [
        ("23.05.10", Fraction(1, 2), None, None, None),
        ("23.09.02", None, Fraction(1, 2), None, None),
    ]


def test_labels_of_two_cubes_meet_by_their_text():
    before = cube_of({"unit": "b"}, {"unit": "d"}, channel="self_service")
    after = cube_of({"unit": "a"}, {"unit": "b"}, {"unit": "c"}, {"unit": "d"}, channel="self_service")
    rows = komhen.compare(before, after, by="unit").to_pylist()
    assert [(row["unit"], row["change"]) for row in rows] == [("a", None), ("b", 0), ("c", None), ("d", 0)]


def test_rounds_under_different_schemes_are_warned_of_and_one_scheme_can_be_named(tmp_path):
    case = ROW.replace("new_case", "case_information").replace("2012-04-23", "2011-10-26")
    before = file_of(
        tmp_path / "a.csv", ROW.replace("2012-04-23", "2011-10-26").replace("telephone", "self_service"), case
    )
    after = file_of(
        tmp_path / "b.csv", ROW.replace("telephone", "self_service"), ROW.replace("new_case", "case_information")
    )
    done("count", before, "--round", "2011-autumn", "--out", tmp_path / "a.cube")
    done("count", after, "--round", "2012-spring", "--out", tmp_path / "b.cube")
    run = cli("compare", tmp_path / "a.cube", tmp_path / "b.cube", "--format", "json")
    said = json.loads(run.stdout)
    assert (said["scheme_before"], said["scheme_after"]) == ("kl-2011", "kl-2012")
    assert "kl-2011" in said["warnings"][0] and b"komhen: note: " in run.stderr
    assert said["rows"][0]["change"] == "50.000000"  # 1 of 2 transactions, 1 of 1 applications: no change of behaviour
    run = cli("compare", tmp_path / "a.cube", tmp_path / "b.cube", "--scheme", "kl-2012", "--format", "json")
    assert json.loads(run.stdout)["warnings"] == [] and run.stderr == b""
    assert json.loads(run.stdout)["rows"][0]["change"] == "0.000000"


def test_a_source_that_only_one_side_has_is_warned_of():
    warnings = komhen.compare(share(1, 2, source="hand"), share(1, 2, source="nemrefusion")).warnings
    assert len(warnings) == 2 and "'hand'" in warnings[0] and "'nemrefusion'" in warnings[1]
    assert komhen.compare(share(1, 2, source="x"), share(1, 3, source="x")).warnings == []


def test_rounds_with_different_packages_are_warned_of(tmp_path):
    cubes = []
    for id, package in (("a", '"open"'), ("b", '["23.05.10"]')):
        (tmp_path / "r.toml").write_text(f'id = "{id}"\nweeks = ["2012-W17"]\npackage = {package}\n')
        cubes.append(komhen.count(file_of(tmp_path / "a.csv", ROW), round=tmp_path / "r.toml"))
    assert ["different task packages" in warning for warning in komhen.compare(*cubes).warnings] == [True]


def test_contacts_have_no_share_to_compare():
    with pytest.raises(komhen.KomhenError, match="no share"):
        komhen.compare(share(1, 2), share(1, 2), "contacts")


def test_a_printed_table_is_held_against_a_cube_task_by_task(tmp_path):
    share(55, 100).save(str(tmp_path / "x.cube"))
    for sides in (["published:2012-spring", tmp_path / "x.cube"], [tmp_path / "x.cube", "published:2012-spring"]):
        rows = json.loads(done("compare", *sides, "--format", "json"))
        assert [row["row"] for row in rows] == ["task"] * 35 + ["total", "total_without_withheld"]
        move = next(row for row in rows if row["task"] == "23.05.10")
        assert move == {
            "row": "task",
            "task": "23.05.10",
            "state": "published",
            "published": 55,
            "numerator": 55,
            "denominator": 100,
            "share": "0.550000",
            "per_cent": 55,
            "agrees": True,
        }
        withheld = next(row for row in rows if row["task"] == "29.03.04")
        assert (withheld["state"], withheld["published"], withheld["agrees"]) == ("withheld", None, None)
        assert rows[-2]["agrees"] is False  # 55 is not 33
    rows = json.loads(done("compare", "published:2011-autumn", tmp_path / "x.cube", "--format", "json"))
    assert [row["row"] for row in rows] == ["task"] * 35 + ["total"]  # nothing was withheld in 2011


def test_the_totals_with_and_without_what_was_withheld_are_told_apart():
    cube = share(1, 4)
    cube.merge(share(3, 4, task="29.03.04"))
    total, without = komhen.against_published(cube, "2012-spring")[-2:]
    assert (total["numerator"], total["denominator"]) == (4, 8)
    assert (without["numerator"], without["denominator"]) == (1, 4)


def test_a_saved_cube_and_a_file_that_needs_options_can_be_compared(tmp_path):
    share(1, 2).save(str(tmp_path / "x.cube"))
    file = file_of(tmp_path / "a.csv", ROW.replace("telephone", "self_service"))
    said = json.loads(done("compare", tmp_path / "x.cube", file, "--round", "2012-spring", "--format", "json"))
    assert said["rows"][0]["change"] == "50.000000"


def test_csv_of_a_comparison_has_both_sides_as_whole_numbers(tmp_path):
    share(1, 3).save(str(tmp_path / "a.cube"))
    share(2, 3).save(str(tmp_path / "b.cube"))
    rows = list(
        csv.reader(
            done("compare", tmp_path / "a.cube", tmp_path / "b.cube", "--by", "unit", "--format", "csv").splitlines()
        )
    )
    assert rows == [
        [
            "unit",
            "before_numerator",
            "before_denominator",
            "after_numerator",
            "after_denominator",
            "change",
            "printed_change",
        ],
        ["", "1", "3", "2", "3", "33.333333", "33"],
    ]


def test_a_published_figure_says_where_it_stands_and_a_missing_one_is_no_zero():
    figures = komhen.published_figures()
    assert all(f["publication"] and f["state"] in ("published", "withheld", "not_collected") for f in figures)
    assert {f["state"] for f in figures if f["value"] is None} == {"withheld"}
    totals = {
        f["value"]
        for f in figures
        if f["round"] == "2011-autumn" and f["figure"] == "self_service_application" and not f["task"]
    }
    assert totals == {24, 25}  # two publications, two figures; the third total names no round
    assert len(figures) == len(json.loads(done("published", "--format", "json")))


def test_a_label_that_is_a_formula_is_text_in_the_csv_of_a_comparison(tmp_path):
    file = file_of(tmp_path / "a.csv", f"{ROW};=1+1", header=HEADER + ";source")
    assert done("compare", file, file, "--by", "source", "--format", "csv").splitlines()[1].startswith("'=1+1,")
