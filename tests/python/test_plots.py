"""What the pictures draw is what the core measured, and everybody can read it."""

from __future__ import annotations

import itertools
import math
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

import komhen
from test_docs import blocks

pytest.importorskip("altair"), pytest.importorskip("vl_convert")

from komhen import plots  # noqa: E402
from komhen.plots import _theme, specs  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
CASE = """
title = "Et eksempel"
source = "ours"
[channel_shift]
prices = "copenhagen-2010"
price_of = { telephone = { low = "30 kr.", high = "55 kr." } }
[channel_shift.before]
contacts = 28500
mix = { telephone = "60 %", in_person = "10 %", written = "rest" }
[channel_shift.after]
contacts = 34000
mix = { telephone = { low = "20 %", high = "40 %" }, digital = "40 %", written = "rest" }
[years]
first = 2012
count = 4
gain = "saving_actual"
investment = "400.000 kr."
discount_rate = "4 %"
[uncertainty]
figures = ["saving_actual"]
draws = 10
"""


@pytest.fixture(scope="module")
def of(tmp_path_factory):
    """Two simulated rounds, costs, a case and goals: what pictures are drawn of."""
    here = tmp_path_factory.mktemp("plots")

    def cube(round):
        komhen.simulate(here / "a.csv", round=round, rows=22_000, seed=1)
        return komhen.count(here / "a.csv", round=round, participation=here / "a.participation.csv")

    (here / "case.toml").write_text(CASE, encoding="utf-8")
    now, before = cube("2012-spring"), cube("2011-autumn")
    query = {"by": "task", "tasks": "kl-35", "scheme": "kl-2012"}
    return {
        "cube": now,
        "now": komhen.self_service(now, **query),
        "before": komhen.self_service(before, **query),
        "change": komhen.compare(before, now, **query),
        "costs": komhen.costs(now, "copenhagen-2010", by=["channel", "type"], unpriced="apart"),
        "by_channel": komhen.costs(now, "copenhagen-2010", by="channel", unpriced="apart"),
        "case": komhen.business_case(here / "case.toml"),
        "goals": komhen.goals(now, ROOT / "examples" / "goals" / "hilleroed.toml"),
    }


PICTURES = {
    "channel_mix": lambda module, of, lang: module.channel_mix(of["cube"], "type", lang=lang),
    "self_service": lambda module, of, lang: module.self_service(of["now"], lang=lang),
    "dumbbells": lambda module, of, lang: module.self_service(of["now"], of["before"], lang=lang),
    "directions": lambda module, of, lang: module.directions(of["cube"], lang=lang),
    "information": lambda module, of, lang: module.information(of["cube"], lang=lang),
    "closure": lambda module, of, lang: module.closure(of["cube"], lang=lang),
    "weeks": lambda module, of, lang: module.weeks(of["cube"], lang=lang),
    "cost": lambda module, of, lang: module.cost(of["costs"], lang=lang),
    "cost_bars": lambda module, of, lang: module.cost(of["by_channel"], lang=lang),
    "waterfall": lambda module, of, lang: module.waterfall(of["case"], lang=lang),
    "tornado": lambda module, of, lang: module.tornado(of["case"], lang=lang),
    "cash_flow": lambda module, of, lang: module.cash_flow(of["case"], lang=lang),
    "goals": lambda module, of, lang: module.goals(of["goals"], lang=lang),
}
every_picture = pytest.mark.parametrize("name", PICTURES)
both_languages = pytest.mark.parametrize("lang", ["da", "en"])


def drawn(name, of, lang="da"):
    spec = PICTURES[name](specs, of, lang)
    return spec, spec["data"]["values"]


def texts(svg):
    """The texts of a drawing, as a reader sees them."""
    return [re.sub(r"&amp;", "&", text) for text in re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", svg)]


@every_picture
@both_languages
def test_a_picture_is_valid_vega_lite_with_one_dataset_alt_text_and_the_theme_of_its_language(of, name, lang):
    chart = PICTURES[name](plots, of, lang)
    spec = chart.to_dict()  # Altair holds it against the schema
    assert spec["data"]["name"] == spec["usermeta"]["komhen"]["picture"] and spec["data"]["values"]
    assert "datasets" not in spec  # what a layer has of its own is named too
    assert spec["config"]["locale"]["number"]["decimal"] == ("," if lang == "da" else ".")
    assert plots.alt_text(chart) == spec["description"] and len(spec["description"]) > 40


@every_picture
def test_the_two_languages_draw_the_same_numbers_in_different_words(of, name):
    danish, english = (drawn(name, of, lang) for lang in ("da", "en"))
    numbers = [
        sorted(tuple(v for _, v in sorted(row.items()) if isinstance(v, (int, float))) for row in rows)
        for _, rows in (danish, english)
    ]
    assert numbers[0] == numbers[1]
    assert danish[0]["title"]["text"] != english[0]["title"]["text"]
    assert danish[0]["description"] != english[0]["description"]


@every_picture
def test_every_text_of_a_row_stands_in_the_drawing(of, name):
    spec, rows = drawn(name, of)
    svg = plots.to_svg(spec)
    seen = " ".join(texts(svg))
    for row in rows:
        label = row.get("label") or row.get("text") or ""
        assert label.split("  ")[0] in seen
        assert (row.get("name") or row.get("week") or row.get("year")).split(" ")[-1] in seen
    assert "undefined" not in svg and "NaN" not in svg and ">null<" not in svg


@pytest.mark.parametrize(
    "name, measure, by, where",
    [
        ("channel_mix", "mix", ["type", "channel"], None),
        ("directions", "mix", ["channel", "direction"], None),
        ("closure", "mix", ["channel", "closure"], None),
        ("information", "mix", ["channel"], {"group": "information"}),
    ],
)
def test_the_shares_of_a_picture_are_the_cores(of, name, measure, by, where):
    _, rows = drawn(name, of)
    table = komhen.measure(of["cube"], measure, by, where=where)
    found = sorted((row["token"], row["numerator"], row["denominator"]) for row in rows)
    assert found == sorted((row[by[-1]], row["numerator"], row["denominator"]) for row in table)
    assert all(row["share"] == row["numerator"] / row["denominator"] for row in rows)


def test_the_closure_of_those_that_are_stated_is_the_measure_first_contact_closure(of):
    rows = specs.closure(of["cube"], stated=True)["data"]["values"]
    found = {row["name"]: (row["numerator"], row["denominator"]) for row in rows if row["token"] == "closed"}
    table = komhen.measure(of["cube"], "first_contact_closure", by="channel")
    labels = {channel.token: channel.label("da") for channel in komhen.Channel}
    assert found == {labels[row["channel"]]: (row["numerator"], row["denominator"]) for row in table if row["numerator"]}
    assert not [row for row in rows if row["token"] == "not_stated"]
    with pytest.raises(komhen.KomhenError, match="for a cube"):
        specs.closure(komhen.mix(of["cube"], by="closure"), stated=True)


def test_the_weeks_of_a_picture_are_the_cores(of):
    _, rows = drawn("weeks", of)
    table = komhen.contacts(of["cube"], by=["week", "channel"], where={"direction": "incoming"})
    assert sorted((r["week"], r["token"], r["contacts"]) for r in rows) == sorted(
        (r["week"], r["channel"], r["contacts"]) for r in table
    )
    totals = komhen.contacts(of["cube"], by="week", where={"direction": "incoming"})
    assert [r["total"] for r in rows if r["total"]] == [r["contacts"] for r in totals]


def test_self_service_by_task_is_the_cores_and_the_highest_stands_first(of):
    _, rows = drawn("dumbbells", of)
    now = {row["task"]: row for row in of["now"]}
    before = {row["task"]: row for row in of["before"]}
    assert len(rows) == 35 and {row["key"] for row in rows} == set(now)
    for row in rows:
        assert (row["numerator"], row["denominator"]) == (now[row["key"]]["numerator"], now[row["key"]]["denominator"])
        assert Fraction(row["before_numerator"], row["before_denominator"]) == before[row["key"]]["share"]
    shares = [now[row["key"]]["share"] for row in rows]
    assert shares == sorted(shares, reverse=True)


def test_a_dumbbell_says_the_change_that_the_core_rounds(of):
    _, rows = drawn("dumbbells", of)
    printed = {row["task"]: row["printed_change"] for row in of["change"]}
    assert {row["key"]: int(row["change"].replace("−", "-")) for row in rows} == printed
    assert specs.self_service(of["change"])["data"]["values"] == rows


def test_a_change_that_may_be_one_of_method_says_why_in_the_picture_and_in_its_words(of):
    spec = specs.self_service(of["change"])
    subtitle = " ".join(spec["title"]["subtitle"])
    for said in (subtitle, spec["description"]):
        assert f"{len(of['change'].warnings)} forbehold ved ændringen: Kun den senere tælling har kilden" in said
    assert "1 reason to doubt the change: Only the later side has the source" in specs.self_service(of["change"], lang="en")["description"]
    other = komhen.self_service(of["cube"], by="task", tasks="kl-35", scheme="kl-2011")
    spec = specs.self_service(of["now"], other)
    for said in (" ".join(spec["title"]["subtitle"]), spec["description"]):
        assert "1 forbehold ved ændringen: Før: Indgående henvendelser" in said and "skema kl-2011" in said
    assert "forbehold" not in drawn("dumbbells", of)[0]["description"]


def test_two_cubes_are_measured_under_the_scheme_of_the_later_one(of):
    spring, autumn = of["cube"], komhen.Cube()
    for type in ("new_case", "case_information"):  # the second is of a case in the scheme of 2011, and is not in that of 2012
        autumn.add(municipality=657, week="2011-W40", task="23.05.10", channel="telephone", type=type, direction="incoming")
    drawn_of = {row["key"]: row for row in specs.self_service(spring, autumn)["data"]["values"]}
    expected = komhen.self_service(autumn, by="task", scheme=komhen.self_service(spring, by="task").scheme)
    assert drawn_of["23.05.10"]["before_denominator"] == expected.to_pylist()[0]["denominator"]
    assert "forbehold" not in specs.self_service(spring, autumn)["description"]


@pytest.mark.parametrize(
    "name, other",
    [("basis", {"basis": "all"}), ("tasks", {"tasks": "all"}), ("filters", {"where": {"municipality": 657}})],
)
def test_shares_of_different_things_are_not_drawn_as_a_change(of, name, other):
    query = {"by": "task", "tasks": "kl-35", "scheme": "kl-2012", **other}
    with pytest.raises(komhen.KomhenError, match=f"must be shares of the same thing: the earlier has {name} "):
        specs.self_service(of["now"], komhen.self_service(of["cube"], **query))


def test_the_goal_of_kl_stands_where_the_shares_are_those_it_is_about(of):
    def line(table, **options):
        return "målet på 80 %" in specs.self_service(table, **options)["description"]

    assert line(of["now"]) and line(of["change"])
    others = [komhen.self_service(of["cube"], by="task", tasks="kl-35", basis=basis) for basis in ("all", "information")]
    for other in (*others, of["cube"]):
        assert not line(other) and line(other, goal="80 %")
    assert not line(of["now"], goal=None)


def test_rows_that_share_the_lowest_place_show_the_share_and_no_row_its_contacts():
    from komhen.plots._spec import extremes

    rows = [("a", 0, 571), ("b", 0, 3), ("c", 1, 2)]
    assert extremes(rows, "da") == "Højest: c, 50 % (1 af 2). Lavest: a og 1 anden, 0 %."


def test_the_word_of_a_missing_share_stands_beside_the_earlier_one():
    now, before = komhen.Cube(), komhen.Cube()
    for cube, task, week in ((now, "32.03.04", "2012-W17"), (before, "23.05.10", "2011-W40")):
        cube.add(municipality=657, week=week, task=task, channel="self_service", type="new_case", direction="incoming")
    spec = specs.self_service(now, before)
    svg = plots.to_svg(spec)
    assert texts(svg).count("ingen henvendelser") == 1
    # Vega writes each text with its place: the word is right of the whole width, where the earlier share of 100 % stands.
    (place,) = re.findall(r'translate\(([\d.]+),[\d.]+\)"[^>]*>ingen henvendelser<', svg)
    assert float(place) > spec["width"]


def test_an_axis_of_few_contacts_has_whole_numbers_once():
    cube = komhen.Cube()
    cube.add(municipality=657, week="2012-W17", task="23.05.10", channel="letter", type="new_case", direction="incoming")
    seen = [text for text in texts(plots.to_svg(specs.weeks(cube))) if text in ("0", "1")]
    assert seen.count("0") == 1


def test_a_picture_of_costs_says_which_directions_it_is_of(of):
    assert "Indgående og udgående henvendelser · I alt" in " ".join(drawn("cost", of)[0]["title"]["subtitle"])
    incoming = komhen.costs(of["cube"], "copenhagen-2010", by="channel", where={"direction": "incoming"}, unpriced="apart")
    assert "Henvendelser · kun retning: Indgående · I alt" in " ".join(specs.cost(incoming)["title"]["subtitle"])


def test_costs_are_the_cores_and_what_has_no_price_is_not_drawn_as_zero(of):
    spec, rows = drawn("cost", of)
    table = of["costs"].to_pylist()
    assert [row["kroner"] for row in rows] == [None if not row["contacts"] else str(row["cost"]) for row in table]
    unpriced = [row for row in rows if row["unpriced"] and not row["contacts"]]
    assert unpriced and all(row["cost"] is None and row["missing"] == "ingen pris" for row in unpriced)
    assert f"{of['costs'].total['cost']:,.0f}".replace(",", ".") + " kr." in spec["description"]


def test_a_waterfall_steps_from_the_cost_before_to_the_cost_after(of):
    case = of["case"]
    _, rows = drawn("waterfall", of)
    first, *steps, last = rows
    assert (first["to"], last["to"]) == (float(case["cost_before"].exact), float(case["cost_after"].exact))
    assert [step["from"] for step in steps] == [first["to"], *(step["to"] for step in steps[:-1])]
    assert steps[-1]["to"] == last["to"]
    assert math.isclose(sum(step["change"] for step in steps), -float(case["saving_actual"].exact))


def test_a_tornado_and_a_cash_flow_hold_the_figures_of_the_case(of):
    case = of["case"]
    _, rows = drawn("tornado", of)
    ends = [value for bar in case.tornado for value in (float(bar.at_low), float(bar.at_high))]
    assert [row["value"] for row in rows] == ends
    assert [row["input"] for row in rows if row["id"].endswith("price_of.telephone")] == ["30 kr.", "55 kr."]
    assert [row["says"] for row in rows][:2] == [f"{int(bar):,} kr.".replace(",", ".") for bar in ends[:2]]
    _, rows = drawn("cash_flow", of)
    assert {row["year"]: row["kroner"] for row in rows} == {f"{y}": case[f"flow.{y}"].text for y in range(2012, 2016)}


def test_an_amount_is_written_with_the_digits_that_the_core_settled():
    from decimal import Decimal

    from komhen.plots._cases import with_unit

    assert with_unit(Decimal("-1234567.50"), "kr", "da") == "−1.234.567,50 kr."
    assert with_unit(Decimal("745960.00"), "kr", "en") == "DKK 745,960"
    assert with_unit(Decimal("0.225"), "share", "da") == "22,5 %"
    assert with_unit(Decimal("1924.123456"), "hours", "da") == "1.924,123456 timer"


def test_a_goal_that_was_not_collected_has_no_bar_and_no_zero(of):
    _, rows = drawn("goals", of)
    results = of["goals"].to_pylist()
    assert [row["outcome"] for row in rows] == [goal["outcome"] for goal in results]
    for row, goal in zip(rows, results):
        if goal["outcome"] == "not_collected":
            assert row["value"] is None and not row["drawn"] and row["says"] == "Ikke opgjort"
        else:
            assert row["value"] == pytest.approx(float(goal["value"]), abs=1e-6)


def test_a_share_without_contacts_is_a_word_and_not_a_bar():
    cube = komhen.Cube()
    seen = {"municipality": 657, "week": "2012-W17", "direction": "incoming", "channel": "telephone"}
    cube.add(task="23.05.10", type="new_case", **seen)
    cube.add(task="23.09.02", type="guidance", **seen)
    rows = {row["key"]: row for row in specs.self_service(cube)["data"]["values"]}
    assert (rows["23.05.10"]["share"], rows["23.05.10"]["label"]) == (0.0, "0 %")
    assert (rows["23.09.02"]["share"], rows["23.09.02"]["missing"]) == (None, "ingen henvendelser")
    svg = plots.to_svg(specs.self_service(cube))
    assert "ingen henvendelser" in texts(svg) and texts(svg).count("0 %") == 1


@both_languages
def test_a_picture_of_nothing_says_so(of, lang):
    empty = komhen.Cube()
    for name in ("channel_mix", "self_service", "directions", "information", "closure", "weeks"):
        spec = getattr(specs, name)(empty, lang=lang)
        assert spec["data"] == {"name": name, "values": []}
        said = "Her er intet at vise: ingen henvendelser." if lang == "da" else "There is nothing to show here: no contacts."
        assert said in spec["description"] and said in texts(plots.to_svg(spec))
    nothing = komhen.costs(empty, "copenhagen-2010", by="channel")
    potential = komhen.business_case(ROOT / "examples" / "cases" / "national-potential.toml")
    for spec in (
        specs.cost(nothing, lang=lang),
        specs.waterfall(potential, lang=lang),
        specs.tornado(potential, lang=lang),
        specs.cash_flow(potential, lang=lang),
    ):
        assert spec["data"]["values"] == [] and plots.to_svg(spec)


def test_the_alt_text_names_the_highest_and_the_lowest(of):
    spec, rows = drawn("self_service", of)
    top = max(of["now"], key=lambda row: row["share"])
    name = {task.kle: task.table_name for task in komhen.TASKS}[top["task"]]
    assert f"Højest: {name}, " in spec["description"]
    assert f"({top['numerator']} af {top['denominator']})" in spec["description"]
    low = min(row["share"] for row in of["now"])
    same = sum(row["share"] == low for row in of["now"]) - 1
    assert f"Lavest: {rows[-same - 1]['name']} og {same} andre" in spec["description"]
    spec, _ = drawn("weeks", of, "en")
    weeks = sorted(komhen.contacts(of["cube"], by="week", where={"direction": "incoming"}), key=lambda r: r["contacts"])
    assert f"Highest: {weeks[-1]['week']}, {weeks[-1]['contacts']:,}. Lowest: {weeks[0]['week']}" in spec["description"]


def test_danish_numbers_stand_in_the_drawing_and_english_ones_in_the_english(of):
    total = komhen.contacts(of["cube"], by="week", where={"direction": "incoming"}).to_pylist()[0]["contacts"]
    danish, english = (texts(plots.to_svg(drawn("weeks", of, lang)[0])) for lang in ("da", "en"))
    assert f"{total:,}".replace(",", ".") in danish and f"{total:,}" in english
    assert "1.000" in danish and "1,000" in english  # the axis, which Vega writes
    assert "80\u00a0%" in texts(plots.to_svg(drawn("self_service", of)[0]))
    # The format that is asked for when drawing wins over the picture's own.
    assert "1,000" in texts(plots.to_svg(drawn("weeks", of, "da")[0], lang="en"))


def test_no_name_of_a_task_is_cut(of):
    seen = texts(plots.to_svg(drawn("self_service", of)[0]))
    assert [task.table_name for task in komhen.TASKS if task.table_name not in seen] == []


def lab(colour, sees):
    """A colour in OKLab as somebody sees it: linear light through a matrix, then three cube roots."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = [min(1.0, max(0.0, sum(a * b for a, b in zip(row, light)))) for row in sees]
    cones = [
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    ]
    long, middle, short = (sum(a * b for a, b in zip(row, light)) ** (1 / 3) for row in cones)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, at 1.0.
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


@pytest.mark.parametrize("eyes", EYES)
def test_any_two_colours_of_a_picture_stay_apart_for_the_colour_blind(eyes):
    together = [_theme.CHANNEL_COLOURS, _theme.TYPE_COLOURS, _theme.DIRECTION_COLOURS, _theme.CLOSURE_COLOURS]
    together += [dict(enumerate(pair)) for pair in (_theme.REACHED, _theme.BETTER_WORSE, _theme.ENDS, _theme.WHEN)]
    for colours in together:
        for one, two in itertools.combinations(colours.values(), 2):
            assert math.dist(lab(one, EYES[eyes]), lab(two, EYES[eyes])) >= 0.1, (one, two)


def test_the_test_of_colours_can_fail():
    red, green = "#b0503c", "#6a7a2c"
    assert math.dist(lab(red, EYES["all cones"]), lab(green, EYES["all cones"])) > 0.1
    assert math.dist(lab(red, EYES["deuteranopia"]), lab(green, EYES["deuteranopia"])) < 0.1


def test_text_on_a_colour_has_the_contrast_that_wcag_asks_for():
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), light))

    for colour in {*_theme.CHANNEL_COLOURS.values(), *_theme.CLOSURE_COLOURS.values(), "#5b97ca", "#94bde0"}:
        dark, bright = sorted((luminance(colour), luminance(plots._theme.ink_on(colour))))
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, colour


def test_a_picture_is_saved_in_every_format_without_a_browser(of, tmp_path):
    chart = PICTURES["information"](plots, of, "da")
    heads = {".svg": b"<svg", ".png": b"\x89PNG", ".pdf": b"%PDF", ".json": b"{", ".html": b"<!DOCTYPE html>"}
    for suffix, head in heads.items():
        plots.save(chart, tmp_path / f"a{suffix}")
        assert (tmp_path / f"a{suffix}").read_bytes().startswith(head)
    plots.save(chart, tmp_path / "b.png", scale=2)
    size = [int.from_bytes((tmp_path / f"{name}.png").read_bytes()[16:20], "big") for name in "ab"]
    assert size[1] == 2 * size[0]
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    page = re.sub(r"(<script[^>]*>).*?</script>", r"\1", page, flags=re.S)
    assert page.count("<script") == 1 and not re.search(r"(src|href)=", page)
    with pytest.raises(komhen.KomhenError, match="saved as one of .svg, .png"):
        plots.save(chart, tmp_path / "a.gif")


def test_what_comes_from_data_cannot_become_markup(tmp_path):
    cube = komhen.Cube()
    evil = "</script><script>alert(1)</script>"
    seen = {"municipality": 657, "week": "2012-W17", "direction": "incoming", "channel": "telephone", "type": "new_case"}
    cube.add(task="23.05.10", unit=evil, **seen)
    chart = plots.channel_mix(cube, "unit")
    plots.save(chart, tmp_path / "a.html")
    assert "<script>alert" not in plots.to_svg(chart)
    assert "<script>alert" not in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_the_name_of_a_drawing_is_its_alt_text(of):
    spec, _ = drawn("goals", of)
    svg = plots.to_svg(spec)
    assert svg.startswith('<svg role="img" aria-label="Status på målene.') and 'lang="da"' in svg
    assert "<title>Status på målene</title><desc>" in svg


def test_tables_costs_cases_and_goals_have_their_picture(of):
    cube = of["cube"]
    kinds = {
        "channel_mix": komhen.mix(cube, by=["type", "channel"]).plot(),
        "directions": komhen.mix(cube, by="direction").plot(lang="en"),
        "closure": komhen.mix(cube, by=["channel", "closure"]).plot(),
        "self_service": of["now"].plot(goal=None),
        "weeks": komhen.contacts(cube, by=["week", "channel"]).plot(),
        "cost": of["costs"].plot(),
        "waterfall": of["case"].plot(),
        "tornado": of["case"].plot("tornado"),
        "cash_flow": of["case"].plot("cash_flow", lang="en"),
        "goals": of["goals"].plot(),
    }
    assert [chart.to_dict(validate=False)["data"]["name"] for chart in kinds.values()] == list(kinds)
    with pytest.raises(komhen.KomhenError, match="a table of contacts by task has no picture of its own"):
        komhen.contacts(cube, by="task").plot()


@pytest.mark.parametrize(
    "wrong, says",
    [
        (lambda of: specs.channel_mix(of["now"]), "drawn of the measure mix, not of self_service"),
        (lambda of: specs.closure(komhen.mix(of["cube"], "channel")), "whose last dimension is closure"),
        (lambda of: specs.self_service(of["now"], goal="8o %"), "goal must be a share"),
        (lambda of: specs.self_service(of["now"], goal="180 %"), "goal must be a share"),
        (lambda of: specs.self_service(of["change"], of["before"]), "holds the earlier count already"),
        (lambda of: specs.cost(komhen.costs(of["cube"], "copenhagen-2010", ["channel", "type", "week"], unpriced="apart")), "one or two"),
        (lambda of: specs.tornado(of["case"], "nothing"), "does not have the figure"),
        (lambda of: specs.weeks(komhen.contacts(of["cube"], "channel")), "by week and channel"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_sentence(of, wrong, says):
    with pytest.raises(komhen.KomhenError, match=says):
        wrong(of)


def test_a_goal_is_read_exactly_in_danish_and_english():
    from komhen.plots._shares import share_of

    assert share_of("82,5 %") == share_of("82.5%") == share_of(Fraction(33, 40)) == share_of("0.825") == Fraction(33, 40)
    assert share_of(None) is None


def test_a_week_in_which_nothing_was_counted_keeps_its_place():
    cube = komhen.Cube()
    for week in ("2012-W52", "2013-W02"):
        cube.add(municipality=657, week=week, task="23.05.10", channel="letter", type="new_case", direction="incoming")
    spec = specs.weeks(cube)
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == ["2012-W52", "2013-W01", "2013-W02"]
    assert len(spec["data"]["values"]) == 2


def test_a_missing_library_is_named_in_one_sentence(monkeypatch):
    spec = specs.weeks(komhen.Cube())
    for module, name in (("altair", "altair"), ("vl_convert", "vl-convert-python")):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(komhen.KomhenError, match=rf"^a picture needs {name}, .*: pip install komhen\[plots\]$"):
            plots.weeks(komhen.Cube()) if module == "altair" else plots.to_svg(spec)


def test_komhen_and_its_specifications_are_used_without_altair():
    code = (
        "import sys, komhen; assert 'komhen.plots' not in sys.modules\n"
        "komhen.plots.specs.weeks(komhen.Cube()); komhen.plots.to_svg\n"
        "assert not {'altair', 'vl_convert', 'pandas'} & set(sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert run.stderr == ""


def test_the_python_of_the_page_of_pictures_runs(tmp_path):
    page = (ROOT / "docs" / "pictures.md").read_text(encoding="utf-8")
    code = "".join(blocks(page, "python")).replace("examples/", f"{ROOT.as_posix()}/examples/")
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        timeout=120,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(komhen.__file__).parents[1]), "PYTHONIOENCODING": "utf-8"},
    )
    assert run.stderr == ""
    promised = re.findall(r"print\(.*\)  # (.+)$", code, re.M)
    assert promised and run.stdout.splitlines() == promised
    for function in re.findall(r"^def (\w+)", Path(plots.__file__).read_text(encoding="utf-8"), re.M):
        assert f"`{function}" in page or f"plots.{function}(" in page, f"{function} is not on the page"
