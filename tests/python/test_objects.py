"""What komhen's objects do in a session: brackets, pages, languages, equality, and sentences for what they do not do."""

from __future__ import annotations

import inspect
import pickle
import threading
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import komhen
from support import ROW, cube_of, file_of

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
GOAL = """[[goal]]
id = "{id}"
title = "t"
source = "s"
measure = "self_service"
comparator = "at_least"
value = "50 %"
"""


@pytest.fixture
def cube() -> komhen.Cube:
    return cube_of({"count": 3}, {"channel": "self_service"}, {"channel": "letter", "count": 2})


@pytest.fixture
def two_goals(cube, tmp_path) -> komhen.Goals:
    (tmp_path / "g.toml").write_text(GOAL.format(id="A") + GOAL.format(id="B"))
    return komhen.goals(cube, tmp_path / "g.toml")


# --- brackets ---------------------------------------------------------------------------------------------------------


def test_brackets_give_a_row_rows_or_a_column(cube):
    for table in (
        komhen.mix(cube, by="channel"),
        komhen.compare(cube, cube, "mix", by="channel"),
        komhen.costs(cube, "copenhagen-2010", by="channel"),
    ):
        rows = table.to_pylist()
        assert table[0] == rows[0] and table[-1] == rows[-1] and table[1:] == rows[1:] and list(reversed(table)) == rows[::-1]
        assert table.columns == list(rows[0])
        assert [table[name] for name in table.columns] == [[row[name] for row in rows] for name in table.columns]
        with pytest.raises(IndexError):
            table[len(table)]
    assert komhen.mix(cube, by="channel")["share"] == [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)]
    with pytest.raises(KeyError, match="the table has no column 'shar'; it has share"):
        komhen.mix(cube, by="channel")["shar"]
    assert komhen.mix(komhen.Cube(), by="channel")["share"] == []


def test_prices_goals_and_rankings_give_their_own_objects_by_place(cube, two_goals):
    prices = komhen.load_prices("copenhagen-2010")
    assert prices[0] == prices.rows[0] and prices[1:] == prices.rows[1:]
    assert two_goals[1] == two_goals["B"] and [goal.id for goal in two_goals[::-1]] == ["B", "A"]
    wave = next((EXAMPLES / "waves").glob("*.toml"))
    ranking = komhen.rank_tasks(wave, cube, "copenhagen-2010")
    assert ranking[0] == list(ranking)[0] and ranking[-1:] == list(ranking)[-1:]


# --- pages ------------------------------------------------------------------------------------------------------------


def showing(cube, tmp_path):
    bad = [ROW.replace("telephone", "telefone"), ROW.replace("new_case", "old_case")]
    counted = komhen.count(file_of(tmp_path / "w.csv", ROW, *bad), keep_rejects=5)
    yield from (counted, counted.outcome, counted.outcome.rejections, komhen.waves(), komhen.load_prices("copenhagen-2010"))
    yield from (komhen.mix(cube, by="channel"), komhen.costs(cube, "copenhagen-2010", by="channel"))
    yield komhen.business_case(EXAMPLES / "cases" / "national-potential.toml")


def test_everything_that_shows_itself_takes_the_language_first_and_most_second(cube, tmp_path):
    for one in showing(cube, tmp_path):
        assert one.to_html("en", 1) == one.to_html(lang="en", most=1) != one.to_html("en")
        assert 'lang="da"' in one.to_html() and 'lang="en"' in one.to_html("en")
        with pytest.raises(ValueError, match="the language must be"):
            one.to_html("sv")


def test_fewer_rows_than_none_are_refused_and_no_row_is_lost(cube, tmp_path):
    for one in showing(cube, tmp_path):
        with pytest.raises(komhen.KomhenError, match="most must be from 0 to [0-9]+, not -1"):
            one.to_html(most=-1)
        with pytest.raises(TypeError, match="most must be a whole number, not float"):
            one.to_html(most=1.5)
    assert "0 af 3 rækker" in komhen.mix(cube, by="channel").to_html(most=0)
    with pytest.raises(TypeError, match=r"Cube.to_html\(\) got an unexpected keyword argument 'rows'"):
        cube.to_html(rows=5)


def test_a_notebook_shows_everything_in_the_language_that_was_set(cube, tmp_path):
    try:
        for lang in ("en", "da"):
            assert komhen.notebook_language(lang) == lang == komhen.notebook_language()
            for one in showing(cube, tmp_path):
                assert f'lang="{lang}"' in one._repr_html_()
                assert 'lang="da"' in one.to_html()
        with pytest.raises(ValueError, match="the language must be"):
            komhen.notebook_language("sv")
        assert komhen.notebook_language() == "da"
    finally:
        komhen.notebook_language("da")


def test_a_cube_shows_how_many_values_each_dimension_has_as_its_cells_have_them():
    cube = cube_of({"unit": "a"}, {"unit": "b", "type": "guidance"}, {"week": "2012-W18", "channel": "sms", "unit": "b"})
    cells = cube.cells()
    rows = cube.to_html("en").split("<tbody>")[1].split("<tr>")[1:]
    said = [int(row.split("right\">")[1].partition("<")[0]) for row in rows]
    assert said == [len({cell[name] for cell in cells}) for name in list(cells[0])[:-1]]


def test_a_page_keeps_spaces_that_do_not_break_and_soft_hyphens_and_refuses_what_turns_the_text(cube):
    for text, kept in (("Team\u00a0Nord", True), ("Borger\u00adservice", True), ("a\u202eb", False), ("a\u2066b", False)):
        page = komhen.contacts(cube_of({"unit": text}), by="unit").to_html()
        assert (text in page) is kept and ("\ufffd" in page) is not kept


def test_a_danish_table_says_what_it_is_of_in_danish(cube):
    said = komhen.self_service(cube, tasks="kl-35", where={"municipality": 657}).to_html()
    assert "grundlag ansøgning eller anmeldelse, KL&#x27;s 35 opgaver (kl-35), skema kl-2012, filtre: where municipality=657" in said
    assert "indgående, alle opgaver" in komhen.mix(cube, by="channel").to_html()
    assert "self_service: basis application" in komhen.self_service(cube).to_html("en")
    assert "priser copenhagen-2010 2010, alle opgaver" in komhen.costs(cube, "copenhagen-2010").to_html()
    assert ">Telefon</th>" in komhen.load_prices("copenhagen-2010").to_html() and ">skriftlig</th>" in komhen.load_prices("copenhagen-2010").to_html()
    assert ">områder</th>" in komhen.waves().to_html() and ">areas</th>" in komhen.waves().to_html("en")
    for rows in (komhen.published_figures(), komhen.compare_published(), komhen.against_published(cube, "2012-spring")):
        heads = rows.to_html().split("</thead>")[0]
        assert "_" not in heads, heads


def test_a_change_in_points_has_a_minus_and_a_zero_has_no_sign(cube):
    more = cube_of({"count": 9}, {"channel": "self_service"})
    page = komhen.compare(cube, more, by="task").to_html()
    assert ">−7</td>" in page and ">0</td>" in komhen.compare(cube, cube, by="task").to_html()


def test_the_share_of_a_printed_comparison_is_a_share_and_its_per_cent_no_percentile():
    rows = komhen.against_published(cube_of({"task": "23.05.10"}, {"task": "23.05.10", "channel": "self_service"}), "2012-spring")
    (at,) = [i for i, row in enumerate(rows) if row["task"] == "23.05.10"]
    assert rows[at]["share"] == "0.500000" and rows.to_pylist()[at]["share"] == Decimal("0.500000")
    page = rows.to_html()
    assert ">optalt, %</th>" in page and "percentil" not in page and ">50 %</td>" in page


def test_rejected_rows_are_a_frame_whether_there_are_any_or_none(tmp_path):
    pytest.importorskip("pyarrow")
    file = file_of(tmp_path / "w.csv", ROW.replace("telephone", "telefone"))
    cube = komhen.count(file, keep_rejects=5, rejects=tmp_path / "r.csv")
    for rows in (cube.outcome.rejections, komhen.rejections(tmp_path / "r.csv")):
        (row,) = rows.to_arrow().to_pylist()
        assert row == rows.to_pylist()[0] == rows[0]._asdict()
        assert ">Ukendt kanal</td>" in rows._repr_html_()
    none = komhen.count(file).outcome.rejections
    assert none == [] and not none and none.to_arrow().column_names == list(row) == list(pickle.loads(pickle.dumps(none))._columns)
    with pytest.raises(komhen.KomhenError, match="most must be from 0"):
        komhen.rejections(tmp_path / "r.csv", most=-1)


@pytest.mark.parametrize(
    "line", ["1", "2;pigeon;channel;a.csv", "0;unknown_channel;channel;a.csv", "99999999999999999999;unknown_channel;channel;a.csv"]
)
def test_a_reject_file_that_komhen_did_not_write_is_refused(tmp_path, line):
    (tmp_path / "r.csv").write_text(f"line;reason;column;file\n{line}\n")
    with pytest.raises(komhen.KomhenError, match="no reject file that komhen wrote"):
        komhen.rejections(tmp_path / "r.csv")


# --- sentences --------------------------------------------------------------------------------------------------------


def test_explain_takes_a_language_first_where_there_are_ids_too(two_goals):
    assert two_goals.explain("da") == two_goals.explain() == two_goals.explain(lang="da")
    assert two_goals.explain("en") == two_goals.explain(lang="en") != two_goals.explain()


def test_an_id_that_is_called_as_a_language_is_found_by_it(cube, tmp_path):
    (tmp_path / "g.toml").write_text(GOAL.format(id="en") + GOAL.format(id="B"))
    assert komhen.goals(cube, tmp_path / "g.toml").explain("en").startswith("en: t\nØnsket")


def test_a_lazy_frame_is_told_to_be_collected():
    polars = pytest.importorskip("polars")
    with pytest.raises(komhen.KomhenError, match="not LazyFrame, which has no rows yet: collect"):
        komhen.count(polars.DataFrame({"a": [1]}).lazy())


def test_a_frame_without_a_column_says_which_name_is_near_and_that_it_may_be_named():
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"kommune": [657], "dato": ["2012-04-23"], "kle": ["23.05.10"], "kanel": ["telefon"]})
    with pytest.raises(komhen.KomhenError, match=r"no column channel \(kanal\), and 'kanel' is near it; .*columns by name"):
        komhen.count(frame)
    with pytest.raises(komhen.KomhenError, match="it has no columns$"):
        komhen.count(polars.DataFrame())
    with pytest.raises(komhen.KomhenError, match="'chanel' is no column of registrations; there are municipality, date"):
        komhen.count(frame, columns={"chanel": "kanel"})


# --- equality, signatures ---------------------------------------------------------------------------------------------


def test_the_same_prices_are_equal_wherever_they_were_read(tmp_path):
    (tmp_path / "a.toml").write_text('id = "own"\nsource = "s"\n[[price]]\nchannel = "telephone"\nprice = "40 kr."\n')
    (tmp_path / "b.toml").write_text('id = "own"\nsource = "s"\n[[price]]\nchannel = "telephone"\nprice = "41 kr."\n')
    one, same, other = (komhen.load_prices(tmp_path / name) for name in ("a.toml", "a.toml", "b.toml"))
    assert one == same and hash(one) == hash(same) and one != other and one != "own"
    assert komhen.load_prices("copenhagen-2010") == komhen.load_prices("copenhagen-2010")


def test_the_report_shows_the_signature_of_the_function_that_makes_it():
    assert list(inspect.signature(komhen.report).parameters)[:2] == ["cube", "before"]


# --- frames that are handed out more than once ------------------------------------------------------------------------


class Cached:
    """A frame whose stream is the same capsule each time."""

    def __init__(self, rows: int) -> None:
        table = pytest.importorskip("pyarrow").table(
            {
                "municipality": [657] * rows, "week": ["2012-W17"] * rows, "kle": ["23.05.10"] * rows,
                "channel": ["telephone"] * rows, "type": ["new_case"] * rows, "direction": ["incoming"] * rows,
            }
        )
        self.capsule = table.__arrow_c_stream__()

    def __arrow_c_stream__(self, requested_schema=None):
        return self.capsule


def counted_or_told(frame, found) -> None:
    try:
        found.append(komhen.count(frame).contacts)
    except komhen.KomhenError as error:
        assert "already released" in str(error)
        found.append("told")


def test_one_stream_that_two_threads_take_is_counted_once_and_the_other_is_told():
    frame, found = Cached(200_000), []
    threads = [threading.Thread(target=counted_or_told, args=(frame, found)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=str) == [200_000, "told"]


def test_a_stream_that_its_own_progress_function_counts_again_is_told_so():
    frame, found = Cached(200_000), []
    cube = komhen.count(frame, progress=lambda done, total: counted_or_told(frame, found))
    assert cube.contacts == 200_000 and set(found) == {"told"}


@pytest.mark.parametrize("raised, told", [(KeyboardInterrupt, KeyboardInterrupt), (ValueError("KeyboardInterrupt is a word"), komhen.KomhenError)])
def test_ctrl_c_in_a_producer_of_rows_stays_ctrl_c(raised, told):
    pa = pytest.importorskip("pyarrow")

    def batches():
        yield from rows.to_batches()
        raise raised

    rows = pa.table({name: ["x"] for name in ("municipality", "week", "kle", "channel", "type", "direction")})
    with pytest.raises(told):
        komhen.count(pa.RecordBatchReader.from_batches(rows.schema, batches()))


@pytest.mark.parametrize("name", ["__arrow_c_stream__", "__arrow_c_array__"])
@pytest.mark.parametrize("gives", [None, 7, (None, None)])
def test_a_frame_that_gives_something_else_than_it_promises_is_refused_in_a_sentence(name, gives):
    frame = type("Odd", (), {name: lambda self, requested_schema=None: gives})()
    with pytest.raises(komhen.KomhenError, match="the frame .*promises"):
        komhen.count(frame)
