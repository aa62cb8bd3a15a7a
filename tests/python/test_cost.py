"""What contacts cost, in Python and on the command line."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest

import komhen
from support import cli, cube_of, done, one_line, refused

# T5: Herning's day care, the counts that its mixes give. Written contacts are laid on letter.
MIX_2007 = {"telephone": 23_400, "in_person": 2_100, "letter": 4_500}
MIX_2010 = {"telephone": 11_900, "in_person": 1_700, "letter": 680, "self_service": 19_720}
COSTS_2010 = {"telephone": "476000.00", "in_person": "136000.00", "letter": "74800.00", "self_service": "59160.00"}


def mix(counts: dict[str, int], **same) -> komhen.Cube:
    return cube_of(*({"channel": channel, "count": count} for channel, count in counts.items()), **same)


@pytest.fixture
def saved(tmp_path):
    mix(MIX_2010).save(tmp_path / "2010.cube")
    return tmp_path / "2010.cube"


def test_the_mix_of_2007_costs_1599000_kroner_and_a_contact_53_30():
    total = komhen.costs(mix(MIX_2007), "copenhagen-2010").total
    assert (total["cost"], total["per_contact"], total["contacts"]) == (Decimal("1599000.00"), Decimal("53.30"), 30_000)


def test_the_mix_of_2010_costs_745960_kroner_channel_by_channel(saved):
    found = komhen.costs(mix(MIX_2010), "copenhagen-2010", by="channel")
    assert {row["channel"]: str(row["cost"]) for row in found} == COSTS_2010
    assert (found.total["cost"], found.total["per_contact"]) == (Decimal("745960.00"), Decimal("21.94"))
    assert found.total["per_contact_exact"] == Fraction(745960, 34000)
    printed = done("cost", saved, "--prices", "copenhagen-2010", "--by", "channel", "--format", "json")
    assert printed.rstrip("\n") == found.to_json()
    said = json.loads(printed)
    assert {row["channel"]: row["cost"] for row in said["rows"]} == COSTS_2010
    assert (said["total"]["cost"], said["total"]["per_contact"], said["unit"]) == ("745960.00", "21.94", "kr")


def test_the_shares_of_the_cost_are_exact_and_sum_to_one():
    rows = komhen.costs(mix(MIX_2010), "copenhagen-2010", by="channel").to_pylist()
    assert sum(row["share"] for row in rows) == 1
    assert rows[0]["share"] == Fraction(476000, 745960)


def test_by_type_it_is_the_distribution_of_cost_over_the_types():
    cube = cube_of({"count": 3}, {"type": "guidance", "channel": "letter"})
    found = komhen.costs(cube, "copenhagen-2010", by="type")
    assert [(row["type"], row["cost"]) for row in found] == [("new_case", Decimal("120.00")), ("guidance", Decimal("110.00"))]


def test_a_row_whose_contacts_have_no_price_has_no_cost_and_no_share_in_any_door(saved, tmp_path):
    cube = mix({"telephone": 3, "digital_post": 2})
    found = komhen.costs(cube, "copenhagen-2010", by="channel", unpriced="apart")
    priced, none = found.to_pylist()
    names = ("cost", "cost_exact", "per_contact", "per_contact_exact", "share", "share_exact")
    assert [none[name] for name in names] == [None] * 6
    assert (none["contacts"], none["unpriced"], priced["share"]) == (0, 2, 1)
    assert [found.to_arrow().column(name).to_pylist()[1] for name in names] == [None] * 6
    assert found.to_dict()["rows"][1] == {
        "channel": "digital_post", "contacts": 0, "unpriced": 2, "cost": None, "per_contact": None, "share": None
    }
    assert found.to_csv().splitlines()[2] == "digital_post,0,2,,,"
    assert found.to_text().splitlines()[3].split() == ["digital_post", "0", "2", "-", "-", "-"]
    assert "<td style=\"text-align:right\">2</td>" + "<td style=\"text-align:right\">–</td>" * 3 in found.to_html()
    cube.save(tmp_path / "part.cube")
    asked = ("--prices", "copenhagen-2010", "--by", "channel", "--unpriced", "apart")
    assert done("cost", tmp_path / "part.cube", *asked, "--format", "csv").splitlines()[2] == "digital_post,0,2,,,"


def test_what_has_no_price_at_all_costs_nothing_known_and_what_was_not_counted_costs_nothing():
    unknown = komhen.costs(mix({"digital_post": 2}), "copenhagen-2010", unpriced="apart").total
    assert (unknown["cost"], unknown["share"], unknown["unpriced"]) == (None, None, 2)
    assert komhen.costs(komhen.Cube(), "copenhagen-2010").total["cost"] == 0
    assert "ingen pris" in komhen.plots.specs.cost(komhen.costs(mix({"sms": 2}), "copenhagen-2010", unpriced="apart"))["description"]


def test_moving_contacts_saves_the_difference_and_a_dearer_channel_costs():
    assert komhen.move_cost("copenhagen-2010", 11_500, "telephone", "self_service").saving == Decimal("425500.00")
    dearer = komhen.move_cost("copenhagen-2010", 10, komhen.Channel.SELF_SERVICE, komhen.Channel.LETTER)
    assert (dearer.before, dearer.after, dearer.saving) == (Decimal("30.00"), Decimal("1100.00"), Decimal("-1070.00"))
    assert json.loads(dearer.to_json())["saving"] == "-1070.00"
    with pytest.raises(komhen.KomhenError, match="-1"):
        komhen.move_cost("copenhagen-2010", -1, "telephone", "letter")


def test_a_missing_price_is_an_error_that_names_the_combination_or_stands_apart(tmp_path):
    cube = cube_of({"count": 2}, {"channel": "website", "count": 5})
    with pytest.raises(komhen.KomhenError, match="website, incoming, application"):
        komhen.costs(cube, "copenhagen-2010")
    found = komhen.costs(cube, "copenhagen-2010", by="channel", unpriced="apart")
    website = found.to_pylist()[1]
    assert (website["contacts"], website["unpriced"], website["per_contact"]) == (0, 5, None)
    assert (found.total["contacts"], found.total["unpriced"], found.total["per_contact"]) == (2, 5, Decimal("40.00"))
    assert found.unpriced[0]["channel"] == "website" and any("5 contacts" in note for note in found.notes)
    cube.save(tmp_path / "a.cube")
    assert "website, incoming, application" in refused("cost", tmp_path / "a.cube", "--prices", "copenhagen-2010")
    run = cli("cost", tmp_path / "a.cube", "--prices", "copenhagen-2010", "--unpriced", "apart")
    assert run.returncode == 0 and b"5 contacts have no price" in run.stderr


def test_the_built_in_table_says_where_it_is_from_and_what_is_ours():
    prices = komhen.load_prices("copenhagen-2010")
    assert (prices.year, prices.basis) == (2010, "not_stated")
    assert "Herning" in prices.source and "komhen" in prices.note
    rows = json.loads(done("prices", "--format", "json"))
    assert {row["class"]: (row["price"], row["channels"]) for row in rows} == {
        "digital": ("3.00", "self_service"),
        "telephone": ("40.00", "telephone"),
        "in_person": ("80.00", "in_person"),
        "written": ("110.00", "letter, email"),
    }
    assert "copenhagen-2010" in done("prices") and "written" in repr(prices)


PRICES = """id = "ours"
source = "Own time study"
year = 2012
basis = "variable"
hourly_cost = "310 kr."
[[price]]
channel = "telephone"
minutes = 7
[[price]]
channel = "self_service"
level = 3
price = "4,50 kr."
[[price]]
channel = "self_service"
price = "9 kr."
"""


def test_a_derived_price_is_exact_and_the_sum_is_rounded_once(tmp_path):
    (tmp_path / "ours.toml").write_text(PRICES, encoding="utf-8")
    found = komhen.costs(cube_of({"count": 3}), tmp_path / "ours.toml")
    assert found.total["cost_exact"] == 3 * Fraction(7 * 310, 60)
    assert found.total["cost"] == Decimal("108.50")
    assert found.total["per_contact"] == Decimal("36.17")
    ((price, contacts, cost),) = found.used
    assert (price.number, contacts, cost) == (1, 3, Decimal("108.50")) and "7 minutes" in price.derivation


def test_the_level_of_a_solution_is_the_callers_to_give(tmp_path):
    (tmp_path / "ours.toml").write_text(PRICES, encoding="utf-8")
    cube = cube_of({"channel": "self_service", "count": 2}, {"channel": "self_service", "task": "28.09.40"})
    cube.save(tmp_path / "a.cube")

    def cost(**levels):
        return komhen.costs(cube, tmp_path / "ours.toml", **levels).total["cost"]

    assert cost() == Decimal("27.00")
    assert cost(levels={"23.05.10": 3}) == Decimal("18.00")
    assert cost(level=3) == Decimal("13.50")
    arguments = ["cost", tmp_path / "a.cube", "--prices", tmp_path / "ours.toml", "--format", "json"]
    assert json.loads(done(*arguments, "--level", "23.05.10=3"))["total"]["cost"] == "18.00"
    assert json.loads(done(*arguments, "--level", "3"))["total"]["cost"] == "13.50"
    assert "'5'" in refused(*arguments, "--level", "5")


def test_filters_and_task_sets_restrict_what_is_priced(saved):
    found = komhen.costs(mix(MIX_2010), "copenhagen-2010", where={"channel": "letter"}, tasks=["23.05.10"])
    assert found.total["cost"] == Decimal("74800.00")
    said = done("cost", saved, "--prices", "copenhagen-2010", "--where", "channel=letter")
    assert "where channel=letter" in said and "74800.00" in said


def test_csv_has_a_header_and_the_same_figures(saved):
    rows = done("cost", saved, "--prices", "copenhagen-2010", "--by", "channel", "--format", "csv").splitlines()
    assert rows[0] == "channel,contacts,unpriced,cost,per_contact,share"
    assert rows[1] == "telephone,11900,0,476000.00,40.00,0.638104"


@pytest.mark.parametrize(
    "text, parts",
    [
        ('[[price]]\nchannel = "pigeon"\nprice = 1\n', ["ours.toml", "pigeon"]),
        ('[[price]]\nchannel = "letter"\nprice = "-1 kr."\n', ["ours.toml", "price"]),
        ('[[price]]\nchannel = "letter"\nprice = 1.5\n', ["ours.toml", "price"]),
        ('[[price]]\nchannel = "letter"\nprize = 1\n', ["ours.toml", "prize"]),
        ('[[price]]\nchannel = "letter"\nprice = 1\n' * 2, ["ours.toml", "1", "2"]),
    ],
)
def test_a_price_table_that_cannot_be_is_one_sentence(tmp_path, saved, text, parts):
    (tmp_path / "ours.toml").write_text('source = "s"\n' + text, encoding="utf-8")
    said = refused("cost", saved, "--prices", tmp_path / "ours.toml")
    assert all(part in said for part in parts), said


def test_a_table_with_several_years_asks_which_is_meant(tmp_path, saved):
    rows = "source;year;channel;price\n" + "".join(
        f"s;{year};{channel};{year - 2000}\n" for year in (2010, 2012) for channel in MIX_2010
    )
    (tmp_path / "ours.csv").write_text(rows)
    said = refused("cost", saved, "--prices", tmp_path / "ours.csv")
    assert "2010" in said and "2012" in said
    found = json.loads(done("cost", saved, "--prices", tmp_path / "ours.csv", "--price-year", "2012", "--format", "json"))
    assert (found["total"]["cost"], found["year"]) == ("408000.00", 2012)


@pytest.mark.parametrize(
    "arguments", [[], ["x"], ["x", "--prices", "y", "--unpriced", "zero"], ["x", "--prices", "y", "--price-year", "old"]]
)
def test_wrong_usage_of_cost_is_status_2(arguments):
    assert "see komhen cost --help" in one_line(cli("cost", *arguments), 2)


def test_words_that_are_none_are_found_before_a_long_file_is_read():
    said = refused("cost", "there/is/no/such.csv", "--prices", "copenhagen-2010", "--by", "weather")
    assert "weather" in said
    with pytest.raises(TypeError):
        komhen.costs(komhen.Cube(), "copenhagen-2010", unpriced="zero")
    with pytest.raises(komhen.KomhenError, match="no-such-table"):
        komhen.load_prices("no-such-table")


# --- one move, on the command line ------------------------------------------------------------------------------------


def moved(*arguments) -> str:
    return done("cost", "--move", *arguments, "--prices", "copenhagen-2010", "--format", "json")


def test_the_command_line_prices_a_move_that_nobody_counted():
    said = moved("11500", "telephone", "self_service")
    assert said.rstrip("\n") == komhen.move_cost("copenhagen-2010", 11_500, "telephone", "self_service").to_json()
    assert json.loads(said)["saving"] == "425500.00"
    rows = done("cost", "--move", "10", "selvbetjening", "brev", "--prices", "copenhagen-2010", "--format", "csv").splitlines()
    assert rows == ["contacts,from,to,before,after,saving", "10,self_service,letter,30.00,1100.00,-1070.00"]
    run = cli("cost", "--move", "1000", "telephone", "self_service", "--prices", "copenhagen-2010")
    assert run.stdout.decode().splitlines()[-1].split() == ["telephone", "self_service", "1000", "40000.00", "3000.00", "37000.00"]
    assert b"komhen: note: from row 2" in run.stderr and b"laid the source's four classes" in run.stderr


def test_the_level_of_a_moves_end_stands_behind_its_channel_and_the_rest_under_where(tmp_path):
    (tmp_path / "ours.toml").write_text(PRICES, encoding="utf-8")
    arguments = ["--prices", tmp_path / "ours.toml", "--format", "json"]
    said = json.loads(done("cost", "--move", "100", "self_service", "self_service=3", *arguments))
    assert (said["before"], said["after"], said["saving"]) == ("900.00", "450.00", "450.00")
    prices = "channel;direction;group;price\ntelephone;incoming;application;50\nself_service;;;5\ntelephone;;;20\n"
    (tmp_path / "ours.csv").write_text(prices)
    move = ["cost", "--move", "1", "telephone", "self_service", "--prices", tmp_path / "ours.csv", "--format", "json"]
    assert json.loads(done(*move))["saving"] == "15.00"
    assert json.loads(done(*move, "--where", "direction=incoming", "--where", "group=application"))["saving"] == "45.00"


@pytest.mark.parametrize(
    "arguments, part",
    [
        (["-1", "telephone", "letter"], "-1"),
        (["1.5", "telephone", "letter"], "1.5"),
        (["1" * 30, "telephone", "letter"], "19 digits"),
        ([str(2**63), "telephone", "letter"], str(2**63)),
        (["1", "pigeon", "letter"], "pigeon"),
        (["1", "website", "letter"], "no price for website"),
        (["1", "telephone=5", "letter"], "'5'"),
        (["1", "telephone", "letter", "--where", "task=23.05.10"], "direction="),
        (["1", "telephone", "letter", "--where", "direction=incoming,outgoing"], "one value"),
        (["1", "telephone", "letter", "--by", "task"], "--by applies to inputs"),
        (["1", "telephone", "letter", "--unpriced", "apart"], "--unpriced applies to inputs"),
        (["1", "telephone", "letter", "--level", "3"], "--level applies to inputs"),
    ],
)
def test_a_move_that_cannot_be_is_one_sentence(arguments, part):
    assert part in refused("cost", "--move", *arguments, "--prices", "copenhagen-2010")


def test_a_move_and_inputs_exclude_each_other(saved):
    assert "--move" in refused("cost", saved, "--move", "1", "telephone", "letter", "--prices", "copenhagen-2010")
    assert "--move" in refused("cost", "--prices", "copenhagen-2010")
    assert "twice" in refused("cost", saved, "--prices", "copenhagen-2010", "--level", "2", "--level", "3")


def test_numbers_of_the_wrong_kind_or_size_are_named():
    def move(contacts):
        return komhen.move_cost("copenhagen-2010", contacts, "telephone", "self_service").saving

    for wrong in (1.0, float("nan"), Decimal(5), Fraction(5), "5", True, None):
        with pytest.raises(TypeError, match=f"contacts must be a whole number, not {type(wrong).__name__}"):
            move(wrong)
    with pytest.raises(komhen.KomhenError, match="contacts must be from .* not 9223372036854775808"):
        move(2**63)
    assert move(2**63 - 1) == 37 * Decimal(2**63 - 1)
    for wrong in (2010.0, "2010"):
        with pytest.raises(TypeError, match="year must be a whole number"):
            komhen.load_prices("copenhagen-2010", year=wrong)
    with pytest.raises(komhen.KomhenError, match="2011; it has 2010"):
        komhen.load_prices("copenhagen-2010", year=2011)
    numpy = pytest.importorskip("numpy")
    assert move(numpy.int64(2)) == Decimal("74.00")
