"""Business cases: every number of the sources from the example files, in Python and in the JSON of the command line."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import komhen
from support import cli, done, one_line, refused

CASES = Path(__file__).resolve().parents[2] / "examples" / "cases"
PLADSZONEN, MOVES, NATIONAL = "herning-pladszonen", "herning-digital-flytning", "national-potential"
ORIGINAL, NEW = "herning-flytning-oprindeligt-maal", "herning-flytning-nyt-maal"

# T4: the national potential. T5: PladsZonen. T6: minutes x counts. T7: full-time equivalents scaled.
NUMBERS = {
    NATIONAL: {"part.self_service": "650000000.00", "part.digital_post": "460000000.00", "potential": "1110000000.00"},
    PLADSZONEN: {
        "contacts_before.telephone": "23400",
        "contacts_before.in_person": "2100",
        "contacts_before.written": "4500",
        "contacts_before.digital": "0",
        "cost_before.telephone": "936000.00",
        "cost_before.in_person": "168000.00",
        "cost_before.written": "495000.00",
        "cost_before.digital": "0.00",
        "cost_before": "1599000.00",
        "per_contact_before": "53.30",
        "contacts_after.telephone": "11900",
        "contacts_after.in_person": "1700",
        "contacts_after.written": "680",
        "contacts_after.digital": "19720",
        "cost_after.telephone": "476000.00",
        "cost_after.in_person": "136000.00",
        "cost_after.written": "74800.00",
        "cost_after.digital": "59160.00",
        "cost_after": "745960.00",
        "per_contact_after": "21.94",
        "saving_actual": "853040.00",
        "saving_actual_low": "806000.00",
        "saving_actual_high": "888530.00",
        "saving_first_volume": "940800.00",
        "saving_last_volume": "1066240.00",
    },
    MOVES: {
        "minutes.Indrejse": "16080",
        "minutes.Genindrejse": "3160",
        "minutes.Udrejse": "3660",
        "minutes.Indenrigs": "78740",
        "minutes.Logivært": "2772",
        "minutes.Børneflytninger": "1980",
        "minutes.Lægevalg/lægeskifte": "18732",
        "minutes.For- og efterbehandling": "65432",
        "minutes_saved_at_most.Indrejse": "0",
        "minutes_saved_at_most.Udrejse": "3660",
        "minutes_saved_at_most.Indenrigs": "78740",
        "minutes_saved_at_most.Lægevalg/lægeskifte": "18732",
        "minutes_saved_at_most.For- og efterbehandling": "65432",
        "total_minutes": "190556",
        "saved_at_most_minutes": "166564",
        "saved_minutes": "83282",
        "saved_at_90_minutes": "149907.6",
        "saved_at_100_minutes": "166564",
        "saved_at_most_without_doctor_minutes": "147832",
        "scaled_fte": "1.188",
        "scaled_total": "445000.00",
        "benchmark_difference": "376000.00",
    },
}
# What FACTS gives rounded: the exact value of the API, rounded half up to the digits there.
ROUNDED = [
    (NATIONAL, "part_share.digital_post", 3, "0.414"),
    (NATIONAL, "part_share.self_service", 3, "0.586"),
    (PLADSZONEN, "change_contacts.telephone", 3, "-0.491"),
    (PLADSZONEN, "change_share.telephone", 3, "-0.551"),
    (MOVES, "total_hours", 1, "3175.9"),
    (MOVES, "saved_at_most_hours", 1, "2776.1"),
    (MOVES, "saved_hours", 1, "1388.0"),
    (MOVES, "saved_at_90_hours", 1, "2498.5"),
    (MOVES, "saved_without_doctor_hours", 1, "1231.9"),
    (MOVES, "implied_hours_per_fte", 0, "2103"),
    (MOVES, "implied_hours_per_fte_without_doctor", 0, "1867"),
    (MOVES, "scaled_fte", 2, "1.19"),
    (MOVES, "overhead_share", 3, "0.047"),
    (MOVES, "wage_per_printed_fte", 0, "357143"),
    (MOVES, "wage_per_fte", 0, "357744"),
    (MOVES, "benchmark_factor", 3, "1.845"),
]


@pytest.fixture(scope="module")
def example():
    cases = {path.stem: komhen.business_case(path) for path in CASES.glob("*.toml")}
    assert {*NUMBERS, ORIGINAL, NEW} <= set(cases)
    return cases


def half_up(value: Fraction, decimals: int) -> str:
    """An exact fraction in print."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return f"{'-' if value < 0 else ''}{Decimal(whole).scaleb(-decimals)}"


@pytest.mark.parametrize("case", NUMBERS)
def test_every_number_of_the_source_comes_out_to_the_last_digit(example, case):
    assert {id: example[case][id].text for id in NUMBERS[case]} == NUMBERS[case]
    for id, text in NUMBERS[case].items():
        assert example[case][id].exact == Fraction(text)


@pytest.mark.parametrize("case, figure, decimals, printed", ROUNDED)
def test_what_is_known_rounded_is_the_exact_value_rounded_once(example, case, figure, decimals, printed):
    assert half_up(example[case][figure].exact, decimals) == printed


@pytest.mark.parametrize("case", NUMBERS)
def test_the_command_line_prints_the_same_numbers_as_json(example, case):
    printed = done("case", CASES / f"{case}.toml", "--format", "json")
    said = json.loads(printed)
    found = {figure["id"]: figure["value"] for figure in said["figures"]}
    assert {id: found[id] for id in NUMBERS[case]} == NUMBERS[case]
    assert printed.rstrip("\n") == example[case].to_json() and example[case].to_dict() == said


def test_the_targets_for_moves_are_mixes_that_sum(example):
    original = example[ORIGINAL]
    # Copenhagen's prices: 16,358 moves at 50 % x 80 + 50 % x 110, and at 50 % x 3 + 40 % x 80 + 10 % x 110 kroner.
    assert original["cost_before"].exact == 16358 * Fraction(80 + 110, 2)
    assert original["cost_after"].exact == 16358 * Fraction(50 * 3 + 40 * 80 + 10 * 110, 100)
    assert original["saving_actual"].exact == original["cost_before"].exact - original["cost_after"].exact
    ends = [(bar.at_low, bar.at_high) for bar in example[NEW].tornado]
    assert len(ends) == 2 and all(low != high for low, high in ends)


def test_no_saving_of_pladszonen_is_printed_by_its_source(example):
    for figure in ("saving_actual", "saving_first_volume", "saving_last_volume"):
        assert example[PLADSZONEN][figure].certainty == "derived"


def test_what_a_source_prints_stands_beside_what_is_computed(example):
    implied = example[PLADSZONEN]["implied_fte"]
    assert (implied.printed.text, implied.printed.agrees) == ("1 to 2", False)
    assert any("a channel price is not a wage" in warning for warning in example[PLADSZONEN].warnings)
    scaled = example[MOVES]["scaled_fte"]
    assert (scaled.certainty, scaled.printed.text, scaled.printed.agrees) == ("exact", "1.19", True)
    assert any("2103 hours" in warning and "above 1924" in warning for warning in example[MOVES].warnings)


def test_a_figure_names_its_inputs_and_they_name_their_source(example):
    case = example[PLADSZONEN]
    for id in case["cost_before"].inputs:
        assert case.inputs[id].source
    assert case.inputs["channel_shift.before.contacts"].value == 30_000


def test_explain_says_formula_inputs_and_source(example):
    said = example[MOVES].explain("scaled_fte", "en")
    for part in ("scaled_fte", "1.188", "0.66", "1.19", "Herning"):
        assert part in said
    assert done("case", CASES / f"{MOVES}.toml", "--explain", "scaled_fte") == said.rstrip("\n") + "\n"
    whole = done("case", CASES / f"{MOVES}.toml", "--explain")
    for step in ("Borgeren registrerer flytningen i Umbrella", "Sagsbehandleren taster flytningen ind"):
        assert step in whole
    assert json.loads(done("case", CASES / f"{MOVES}.toml", "--explain", "scaled_fte", "--format", "json"))["explanation"] == said


def test_a_case_explains_itself_in_danish_unless_it_is_asked_for_english(example):
    case = example[MOVES]
    said = case.explain("scaled_fte")
    for part in ("= 1,188 årsværk", "Forudsætning: scaled_fte.to = 90 %", "Formel: fte x to / at", "Trykt: 1.19 (stemmer"):
        assert part in said, part
    assert case.explain(lang="da") == case.explain() == case.explain("da")
    assert case.explain(lang="en") == case.explain("en") and "formula: " in case.explain("en")
    for step in ("Før: Fremmøde (anslået 50 %)", "  1. Borgeren registrerer flytningen i Umbrella", *(figure.id for figure in case)):
        assert step in case.explain()
    with pytest.raises(ValueError, match="the language must be"):
        case.explain("scaled_fte", "sv")


def test_a_case_gives_its_figures_by_place_as_well_as_by_id(example):
    case = example[NATIONAL]
    assert case[0] == case.figures[0] == case[case.figures[0].id] and case[-2:] == case.figures[-2:]
    assert list(reversed(case)) == case.figures[::-1]
    with pytest.raises(IndexError):
        case[1000]


def test_a_share_of_a_case_is_in_per_cent_with_a_minus_and_nothing_is_rounded(example):
    from komhen._labels import in_unit, percentage

    assert [percentage(text, "da") for text in ("-0.95", "-0.005", "0.585586", "1", "0", "-0.00")] == [
        "−95 %", "−0,5 %", "58,5586 %", "100 %", "0 %", "0 %"
    ]
    assert percentage("0.5", "en") == "50%"
    assert [in_unit(text, "share", "da") for text in ("7/20", "-1/40", "1/3")] == ["35 %", "−2,5 %", "1/3"]
    assert (in_unit("-1234.5", "kr", "da"), in_unit("119/100", "fte", "en"), in_unit("2014", "year", "da")) == (
        "−1.234,5", "1.19", "2014"
    )
    page = example["herning-flytning-nyt-maal"].to_html()
    assert "−95 %" in page and "-0,95" not in page


def test_explaining_a_figure_that_there_is_not_names_those_that_there_are():
    said = refused("case", CASES / f"{NATIONAL}.toml", "--explain", "profit")
    assert "profit" in said and "potential" in said


def test_a_seed_draws_the_same_again_and_the_draws_are_an_estimate(example):
    path = CASES / f"{NEW}.toml"
    one, two, other = (komhen.business_case(path, seed=seed, draws=1000).simulations for seed in (7, 7, 8))
    assert one == two != other
    assert (one[0].draws, one[0].seed) == (1000, 7)
    assert one[0].lowest <= one[0].percentiles[5] <= one[0].percentiles[50] <= one[0].percentiles[95] <= one[0].highest
    assert json.loads(done("case", path, "--seed", "7", "--draws", "1000", "--format", "json"))["simulations"][0]["mean"] == str(
        one[0].mean
    )


def test_csv_and_table_hold_every_figure(example):
    rows = done("case", CASES / f"{PLADSZONEN}.toml", "--format", "csv").splitlines()
    assert rows[0] == "figure,value,unit,certainty"
    assert "saving_last_volume,1066240.00,kr,derived" in rows
    assert len(rows) == 1 + len(example[PLADSZONEN])
    table = done("case", CASES / f"{PLADSZONEN}.toml")
    assert table.startswith(example[PLADSZONEN].title) and "1066240.00" in table
    assert repr(example[PLADSZONEN]).startswith(example[PLADSZONEN].title)


SHIFT = """title = "t"
source = "s"
[channel_shift]
prices = { telephone = "40 kr.", self_service = "3 kr." }
[channel_shift.before]
contacts = CONTACTS
mix = { telephone = "BEFORE" }
[channel_shift.after]
contacts = 1000
mix = { CHANNEL = "40 %", self_service = SELF }
"""
USUAL = {"CONTACTS": "1000", "BEFORE": "100 %", "CHANNEL": "telephone", "SELF": '"60 %"'}


@pytest.mark.parametrize(
    "changed, parts",
    [
        ({"CONTACTS": "-1"}, ["case.toml", "channel_shift.before.contacts", "-1"]),
        ({"CONTACTS": "0.5"}, ["case.toml", "channel_shift.before.contacts"]),
        ({"BEFORE": "90 %"}, ["case.toml", "channel_shift.before.mix", "100 %"]),
        ({"SELF": '"70 %"'}, ["case.toml", "channel_shift.after.mix", "100 %"]),
        ({"CHANNEL": "pigeon"}, ["case.toml", "pigeon"]),
        ({"CHANNEL": "letter"}, ["letter"]),
        ({"SELF": '{ low = "70 %", high = "60 %" }'}, ["case.toml", "self_service", "70 %", "60 %"]),
    ],
)
def test_a_case_that_cannot_be_is_one_sentence_that_names_file_key_and_value(tmp_path, changed, parts):
    text = SHIFT
    for name, value in {**USUAL, **changed}.items():
        text = text.replace(name, value)
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    said = refused("case", tmp_path / "case.toml")
    assert all(part in said for part in parts), said
    with pytest.raises(komhen.KomhenError) as raised:
        komhen.business_case(tmp_path / "case.toml")
    assert f"komhen: {raised.value}" == said


YEARS = """title = "t"
[[potential.part]]
id = "a"
amount = "AMOUNT"
[years]
first = FIRST
count = 2
round = "2012-spring"
gain = "potential"
discount_rate = "0 %"
"""


@pytest.mark.parametrize(
    "amount, first, parts",
    [
        ("100 kr.", "2011", ["case.toml", "years.first", "2011", "2012"]),
        ("100,001 kr.", "2012", ["case.toml", "potential.part", "100,001 kr."]),
        ("1.000 000 kr.", "2012", ["case.toml", "potential.part"]),
    ],
)
def test_years_before_the_round_and_broken_amounts_are_named(tmp_path, amount, first, parts):
    (tmp_path / "case.toml").write_text(YEARS.replace("AMOUNT", amount).replace("FIRST", first), encoding="utf-8")
    said = refused("case", tmp_path / "case.toml")
    assert all(part in said for part in parts), said


def test_a_division_by_zero_is_told(tmp_path):
    text = 'title = "t"\n[scaled_fte]\nfte = "0.66"\nat = "0 %"\nto = "90 %"\n'
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    said = refused("case", tmp_path / "case.toml")
    assert "case.toml" in said and "scaled_fte.at" in said


@pytest.mark.parametrize("arguments", [[], ["x", "--seed", "-1"], ["x", "--draws", "many"], ["x", "--seed", str(2**64)]])
def test_wrong_usage_of_case_is_status_2(arguments):
    assert "see komhen case --help" in one_line(cli("case", *arguments), 2)


def test_draws_past_the_limit_are_an_error():
    assert "10000000" in refused("case", CASES / f"{NEW}.toml", "--draws", "10000001").replace(",", "")


def test_a_cpr_number_in_a_case_is_never_shown(tmp_path):
    (tmp_path / "case.toml").write_text('title = "t"\n[potential]\n"010190-1234" = 1\n')
    assert "010190-1234" not in refused("case", tmp_path / "case.toml")


def test_the_table_shows_percentiles_and_the_tornado_of_a_case_with_ranges(example):
    lines = done("case", CASES / f"{NEW}.toml", "--seed", "7", "--draws", "100").splitlines()
    case = komhen.business_case(CASES / f"{NEW}.toml", seed=7, draws=100)
    (drawn,) = case.simulations
    at = lines.index("100 random draws over all ranges, seed 7 (an estimate)")
    assert lines[at + 1].split() == ["figure", "unit", "lowest", "5", "%", "50", "%", "95", "%", "highest", "mean"]
    cells = [drawn.lowest, *drawn.percentiles.values(), drawn.highest, drawn.mean]
    assert lines[at + 3].split() == ["saving_actual", "kr", *map(str, cells)]
    (bar,) = [line.split() for line in lines if "mix.letter" in line and line.startswith("saving_actual")]
    # 16,358 moves, half each at 80 and 110 kr. before; after: 2.5 % in person, and letters at 0 % and at 5 %.
    ends = [16358 * (95 - Fraction(25 * 80 + l * 110 + (975 - l) * 3, 1000)) for l in (0, 50)]
    assert bar[-2:] == [half_up(end, 2) for end in ends]
    assert "random draws" not in done("case", CASES / f"{PLADSZONEN}.toml")


def test_percentiles_are_the_sorted_draws(tmp_path):
    text = (CASES / f"{NEW}.toml").read_text(encoding="utf-8").replace("[5, 50, 95]", str(list(range(101))))
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")

    def read(draws):
        return komhen.business_case(tmp_path / "case.toml", seed=9, draws=draws).simulations[0].percentiles

    # Of 100 draws every percentile is a draw of its own; fewer draws are the first of the same ones.
    all_of_them = [read(100)[number] for number in range(1, 101)]
    assert len(set(all_of_them)) == 100 and all_of_them == sorted(all_of_them)
    for draws in (7, 20, 50):
        found = read(draws)
        own = sorted(set(found.values()))
        assert len(own) == draws and set(own) <= set(all_of_them)
        # The smallest draw that at least p per cent of the draws do not exceed.
        for number, value in found.items():
            assert value == next(draw for draw in own if 100 * sum(other <= draw for other in own) >= number * draws)


def test_seeds_and_draws_of_the_wrong_kind_are_named():
    path = CASES / f"{NEW}.toml"
    for name in ("seed", "draws"):
        for wrong in (1.0, float("nan"), Decimal(1), "1", True):
            with pytest.raises(TypeError, match=f"{name} must be a whole number"):
                komhen.business_case(path, **{name: wrong})
        with pytest.raises(komhen.KomhenError, match=f"{name} must be from .* not 18446744073709551616"):
            komhen.business_case(path, **{name: 2**64})
    with pytest.raises(komhen.KomhenError, match="draws is 0; it must be from 1 to 10000000"):
        komhen.business_case(path, draws=0)


def test_an_unknown_figure_is_named_with_the_nearest_and_not_with_all(example):
    with pytest.raises(KeyError, match="no figure 'saving_actul'; it has saving_actual"):
        example[PLADSZONEN]["saving_actul"]
    with pytest.raises(komhen.KomhenError, match="and [0-9]+ more$") as raised:
        example[MOVES].explain("nope")
    assert len(str(raised.value)) < 600
    with pytest.raises(komhen.KomhenError, match="not valid Unicode"):
        example[MOVES].explain("\ud800")


def test_the_ends_that_rounding_allows_say_which_saving_they_are_of(example):
    labels = [figure.label for figure in example[PLADSZONEN] if figure.id.startswith("saving_")]
    assert len(set(labels)) == len(labels) == 9


def test_an_amount_past_what_kroner_can_hold_names_file_and_figure(tmp_path):
    part = f'[[potential.part]]\nid = "ID"\namount = "{2**127 // 100 - 1}"\n'
    text = 'title = "t"\n' + part.replace("ID", "a") + part.replace("ID", "b")
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    said = refused("case", tmp_path / "case.toml")
    assert all(word in said for word in ("case.toml", "'potential'", "2^127"))


@pytest.mark.parametrize("text", ["34.000", "1.000", "-1.234"])
def test_thousands_in_danish_are_not_read_as_decimals(tmp_path, text):
    case = SHIFT
    for name, value in {**USUAL, "CONTACTS": f'"{text}"'}.items():
        case = case.replace(name, value)
    (tmp_path / "case.toml").write_text(case, encoding="utf-8")
    said = refused("case", tmp_path / "case.toml")
    assert all(part in said for part in ("case.toml", "channel_shift.before.contacts", text, "two ways"))
