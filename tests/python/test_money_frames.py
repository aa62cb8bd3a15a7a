"""Prices, costs, cases, goals and rankings as frames, on pages and in words: like every other table of komhen's."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import komhen
from komhen import _core
from support import cube_of
from test_explain import EVIL, Page

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "examples" / "cases").glob("*.toml"))
RANGES = ROOT / "examples" / "cases" / "herning-flytning-nyt-maal.toml"
WAVE = ROOT / "examples" / "waves" / "next-wave.toml"
GOALS = """
[[goal]]
id = "A"
title = "A third of moves"
source = "a test"
measure = "self_service"
tasks = ["23.05.10"]
comparator = "at_least"
value = "%s"
due = 2012-12-31
"""


def counted():
    return cube_of(
        dict(count=2),
        dict(channel="letter", count=3),
        dict(channel="self_service", count=1),
        dict(municipality=101, channel="sms", count=4),
    )


def goals(folder, value="50 %"):
    (folder / "goals.toml").write_text(GOALS % value)
    return komhen.goals(counted(), folder / "goals.toml", prices="copenhagen-2010", unpriced="apart")


@pytest.fixture(params=["costs", "prices", "case", "tornado", "simulations", "goals", "ranking", "waves", "published", "changes", "against"])
def table(request, tmp_path):
    """A table of each kind that has no measure."""
    return {
        "costs": lambda: komhen.costs(counted(), "copenhagen-2010", by=["municipality", "channel"], unpriced="apart"),
        "prices": lambda: komhen.load_prices("copenhagen-2010"),
        "case": lambda: komhen.business_case(RANGES, draws=1000),
        "tornado": lambda: komhen.business_case(RANGES, draws=1000).tornado,
        "simulations": lambda: komhen.business_case(RANGES, draws=1000).simulations,
        "goals": lambda: goals(tmp_path),
        "ranking": lambda: komhen.rank_tasks(WAVE, counted(), "copenhagen-2010", unpriced="apart"),
        "waves": komhen.waves,
        "published": komhen.published_figures,
        "changes": komhen.compare_published,
        "against": lambda: komhen.against_published(counted(), "2012-spring"),
    }[request.param]()


def test_it_arrives_whole_in_other_libraries_and_the_rows_are_those_of_python(table):
    pa, pl = pytest.importorskip("pyarrow"), pytest.importorskip("polars")
    rows = table.to_pylist()
    arrow = pa.table(table)
    assert rows and arrow.column_names == list(rows[0]) and arrow.num_rows == len(rows)
    for found, said in zip(arrow.to_pylist(), rows):
        for name, value in found.items():
            wanted = said[name]
            if isinstance(wanted, Fraction) and isinstance(value, str):
                value = Fraction(value)  # what stands there is the exact number
            elif isinstance(wanted, Fraction):
                assert abs(Fraction(value) - wanted) <= Fraction(1, 2_000_000), name
                continue
            assert value == wanted, name
    assert table.to_arrow() == arrow
    assert table.to_polars().to_dicts() == arrow.to_pylist()
    assert isinstance(table.to_polars(), pl.DataFrame)
    pytest.importorskip("pandas")
    assert list(table.to_pandas().columns) == arrow.column_names


def test_duckdb_reads_it_as_it_is():
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    costs = komhen.costs(counted(), "copenhagen-2010", by="channel", unpriced="apart")
    ((total,),) = duckdb.connect().from_arrow(costs.to_arrow()).sum("cost").fetchall()
    assert total == costs.total["cost"] == Decimal("413.00")


def test_kroner_have_two_decimals_others_six_and_the_exact_value_stands_beside():
    pa = pytest.importorskip("pyarrow")
    cube = cube_of(dict(count=2), dict(channel="letter", count=1))
    costs = komhen.costs(cube, "copenhagen-2010")
    schema = pa.table(costs).schema
    assert schema.field("cost").type == schema.field("per_contact").type == pa.decimal128(38, 2)
    assert schema.field("share").type == pa.decimal128(38, 6)
    (row,) = pa.table(costs).to_pylist()
    assert (row["per_contact"], row["per_contact_exact"]) == (Decimal("63.33"), "190/3")
    assert schema.metadata[b"prices"] == b"copenhagen-2010"


def test_the_dimensions_of_costs_are_those_of_a_measure():
    pa = pytest.importorskip("pyarrow")
    cube = counted()
    by = ["municipality", "week", "task", "channel"]
    costs = pa.table(komhen.costs(cube, "copenhagen-2010", by=by, unpriced="apart"))
    contacts = pa.table(komhen.contacts(cube, by=by))
    assert [costs.schema.field(name) for name in by] == [contacts.schema.field(name) for name in by]


def test_money_past_64_bits_is_whole_in_the_frame(tmp_path):
    pa = pytest.importorskip("pyarrow")
    kroner = "1234567890123456789012.34"
    file = tmp_path / "case.toml"
    file.write_text(f'title = "t"\nsource = "s"\n[[potential.part]]\nid = "a"\namount = "{kroner}"\n')
    rows = {row["figure"]: row["value"] for row in pa.table(komhen.business_case(file)).to_pylist()}
    assert rows["potential"] == Decimal(kroner)


def test_a_number_of_more_digits_than_a_decimal_holds_is_a_sentence(tmp_path):
    file = tmp_path / "case.toml"
    digits = "9" * 36
    file.write_text(f'title = "t"\nsource = "s"\n[[potential.part]]\nid = "a"\namount = "{digits}.00"\n')
    with pytest.raises(komhen.KomhenError, match="the column value has more than 38 digits"):
        komhen.business_case(file).__arrow_c_stream__()


def test_what_is_not_there_is_null_and_not_zero(tmp_path):
    pa = pytest.importorskip("pyarrow")
    nothing = pa.table(komhen.costs(cube_of(dict(channel="sms")), "copenhagen-2010", by="channel", unpriced="apart"))
    (row,) = nothing.to_pylist()
    assert (row["unpriced"], row["per_contact"], row["per_contact_exact"]) == (1, None, None)
    (goal,) = pa.table(goals(tmp_path)).to_pylist()
    assert goal["high"] is None and goal["low"] == Decimal("0.500000") and goal["due"] == "2012-12-31"


@pytest.mark.parametrize("lang", ["da", "en"])
def test_it_is_a_table_on_a_page_that_a_screen_reader_can_follow(table, lang):
    page = Page(table.to_html(lang=lang))
    assert page.all("caption") and {attrs["lang"] for attrs in page.all("table")} == {lang}
    assert all(attrs["scope"] in ("col", "row") for attrs in page.all("th"))
    Page(table._repr_html_())


def test_kroner_on_a_page_are_those_of_the_language():
    cube = cube_of(dict(count=1234, channel="letter"))
    costs = komhen.costs(cube, "copenhagen-2010", by="channel")
    assert "135.740,00" in costs.to_html("da") and "110,00" in costs.to_html("da") and "100 %" in costs.to_html("da")
    assert "135,740.00" in costs.to_html("en") and "100%" in costs.to_html("en")
    assert "Brev" in costs.to_html("da") and "I alt" in costs.to_html("da") and "Total" in costs.to_html("en")


def test_what_comes_from_a_file_is_escaped(tmp_path):
    name = json.dumps(EVIL)
    case = tmp_path / "case.toml"
    case.write_text(f'title = {name}\nsource = {name}\n[[potential.part]]\nid = "a"\namount = "1.00"\n')
    goal = tmp_path / "goals.toml"
    goal.write_text((GOALS % "50 %").replace('"A third of moves"', name).replace('"a test"', name))
    for one in (komhen.business_case(case), komhen.goals(counted(), goal)):
        for lang in ("da", "en"):
            page = Page(one.to_html(lang))
            assert not page.all("script") and EVIL in "".join(page.texts)


@pytest.mark.parametrize("lang, wanted", [("da", "Kilde"), ("en", "Source")])
def test_costs_prices_goals_and_figures_explain_themselves(tmp_path, lang, wanted):
    costs = komhen.costs(counted(), "copenhagen-2010", by="channel", where={"municipality": 657}, unpriced="apart")
    figure = komhen.business_case(RANGES, draws=1000)["saving_actual"]
    for said in (
        costs.explain(lang),
        komhen.load_prices("copenhagen-2010").explain(lang),
        goals(tmp_path).explain(lang=lang),
        figure.explain(lang),
    ):
        assert wanted in said and "None" not in said and "{" not in said
    assert "municipality=657" in costs.explain(lang)
    assert figure.formula in figure.explain(lang)


def test_a_goal_says_what_is_missing_in_both_languages(tmp_path):
    found = goals(tmp_path)
    assert "1 af 10 henvendelser" in found.explain("A") and "1 of 10 contacts" in found.explain("A", "en")
    with pytest.raises(komhen.KomhenError, match="'B' is no goal; there are A"):
        found.explain("B")


def test_a_ranking_says_how_it_ranked_and_why():
    said = komhen.rank_tasks(WAVE, counted(), "copenhagen-2010", unpriced="apart").explain("en")
    assert said.splitlines()[0].startswith("Order: fewest obstacles, then greatest potential")
    assert said.count("\n") > 2


def test_a_rejection_explains_itself(tmp_path):
    from support import ROW, file_of

    file = file_of(tmp_path / "a.csv", ROW.replace("telephone", "telefone"))
    (row,) = komhen.count(file, keep_rejects=1).outcome.rejections
    assert row.explain("en") == "Line 2: Unknown channel in the column channel: 'telefone'. Was 'telephone' meant?"
    assert row.explain("da") == "Linje 2: Ukendt kanal i kolonnen kanal: 'telefone'. Var 'telephone' ment?"


def test_two_tables_of_the_same_are_the_same(tmp_path):
    for make in (
        lambda: komhen.costs(counted(), "copenhagen-2010", by="channel", unpriced="apart"),
        lambda: goals(tmp_path),
        lambda: komhen.business_case(RANGES, draws=1000),
    ):
        assert make() == make() and make() != 3
    assert goals(tmp_path) != goals(tmp_path, "60 %")


def test_the_frame_of_a_simulation_holds_its_numbers():
    case = komhen.business_case(RANGES, draws=1000)
    (drawn,) = case.simulations
    rows = case.simulations.to_pylist()
    assert {row["per_cent"]: row["value"] for row in rows if row["statistic"] == "percentile"} == drawn.percentiles
    assert {row["statistic"]: row["value"] for row in rows}["mean"] == drawn.mean
    assert [row["seed"] for row in rows] == ["1"] * len(rows)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_exact_value_of_a_figure_is_in_its_frame(path):
    case = komhen.business_case(path, draws=100)
    rows = {row["figure"]: row for row in case.to_pylist()}
    assert list(rows) == [figure.id for figure in case]
    for figure in case:
        assert rows[figure.id]["value_exact"] == figure.exact
        if figure.unit == "kr":
            assert rows[figure.id]["value"] == figure.value
    arrow = {row["figure"]: row["value"] for row in pytest.importorskip("pyarrow").table(case).to_pylist()}
    assert arrow == {figure: row["value"] for figure, row in rows.items()}


def test_a_number_below_zero_is_below_zero_in_the_frame():
    case = komhen.business_case(ROOT / "examples" / "cases" / "herning-pladszonen.toml")
    rows = {row["figure"]: row["value"] for row in pytest.importorskip("pyarrow").table(case).to_pylist()}
    assert rows["change_contacts.telephone"] == case["change_contacts.telephone"].value
    assert min(rows.values()) < 0 and min(rows.values()) == min(row["value"] for row in case.to_pylist())


def test_columns_of_python_keep_truth_numbers_text_and_nothing():
    pa = pytest.importorskip("pyarrow")

    class Stream:
        def __arrow_c_stream__(self, requested_schema=None):
            columns = [("t", [True, None, False]), ("n", [None, -5, 2**62]), ("s", ["æ", None, ""]), ("z", [None] * 3)]
            return _core.stream_of_columns(columns)

    table = pa.table(Stream())
    assert table.to_pydict() == {"t": [True, None, False], "n": [None, -5, 2**62], "s": ["æ", None, ""], "z": [None] * 3}
