"""The measures, each on a cube that can be counted by hand."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

import komhen
from support import HEADER, ROW, cube_of, done, file_of, refused


def rows(table) -> list[tuple]:
    """Rows as tuples: the dimensions, numerator, denominator and what else stands there."""
    return [tuple(value for key, value in row.items() if key != "share") for row in table.to_pylist()]


@pytest.fixture
def cube():
    """40 incoming contacts on moves: 10 by self-service, 20 of them applications (5 by self-service)."""
    return cube_of(
        {"channel": "self_service", "type": "new_case", "count": 4},
        {"channel": "self_service", "type": "status_change", "count": 1},
        {"channel": "self_service", "type": "case_information", "count": 3},
        {"channel": "self_service", "type": "guidance", "count": 2},
        {"channel": "telephone", "type": "new_case", "count": 10},
        {"channel": "website", "type": "status_change", "count": 5},
        {"channel": "letter", "type": "case_information", "count": 7},
        {"channel": "email", "type": "misdirected", "count": 8},
        {"channel": "self_service", "direction": "outgoing", "count": 100},
    )


def test_contacts_is_the_sum_of_counts(cube):
    assert rows(komhen.contacts(cube)) == [(140,)]
    assert rows(komhen.contacts(cube, "direction")) == [("incoming", 40), ("outgoing", 100)]


def test_mix_divides_over_the_last_dimension_within_the_others(cube):
    cube.merge(cube_of({"task": "23.09.02", "channel": "letter", "count": 3}))
    assert rows(komhen.mix(cube, ["task", "channel"])) == [
        ("23.05.10", "telephone", 10, 40),
        ("23.05.10", "letter", 7, 40),
        ("23.05.10", "email", 8, 40),
        ("23.05.10", "self_service", 10, 40),
        ("23.05.10", "website", 5, 40),
        ("23.09.02", "letter", 3, 3),
    ]


def test_mix_is_of_incoming_contacts_unless_direction_is_a_dimension_or_a_filter(cube):
    assert rows(komhen.mix(cube, "direction")) == [("incoming", 40, 140), ("outgoing", 100, 140)]
    assert rows(komhen.mix(cube, "task")) == [("23.05.10", 40, 40)]
    assert rows(komhen.mix(cube, "task", where={"direction": ["incoming", "outgoing"]})) == [("23.05.10", 140, 140)]
    assert rows(komhen.mix(cube, "task", without={"direction": "incoming"})) == [("23.05.10", 100, 100)]


@pytest.mark.parametrize(
    "basis, scheme, numerator, denominator",
    [
        ("application", None, 5, 20),
        ("all", None, 10, 40),
        ("case_information", "kl-2012", 3, 10),
        ("information", "kl-2012", 2, 10),
        ("transaction", "kl-2011", 8, 30),
        ("application", "kl-2011", 8, 30),
        ("information", "kl-2011", 2, 10),
        ("application", "hilleroed-2014", 5, 20),
        ("information", "hilleroed-2014", 5, 20),
    ],
)
def test_self_service_is_the_incoming_share_on_its_channel_within_the_basis(
    cube, basis, scheme, numerator, denominator
):
    assert rows(komhen.self_service(cube, basis=basis, scheme=scheme)) == [(numerator, denominator)]


def test_the_website_counts_among_the_other_channels_of_self_service():
    assert rows(komhen.self_service(cube_of({"channel": "website"}, {"channel": "self_service"}))) == [(1, 2)]


def test_an_unknown_basis_is_an_error_that_lists_the_groups_of_the_scheme(cube):
    with pytest.raises(komhen.KomhenError, match="application, case_information, information, all"):
        komhen.self_service(cube, basis="transaction")
    with pytest.raises(komhen.KomhenError, match="transaction, information, all"):
        komhen.self_service(cube, basis="case_information", scheme="kl-2011")


@pytest.mark.parametrize(
    "set, numerator, denominator",
    [
        ("narrow", 1, 2047),
        ("effective", 1 + 2 + 4 + 8 + 16 + 32, 2047),
        ("broad", 1 + 2 + 4 + 8 + 16 + 32 + 64 + 128, 2047),
        ("dispatch", 2 + 4, 2 + 4 + 256),
    ],
)
def test_digital_is_a_named_set_over_all_channels_and_dispatch_over_itself_and_letters(set, numerator, denominator):
    """Each channel has a power of two, so that a sum says which channels are in it."""
    order = [
        "self_service",
        "digital_post",
        "remote_print",
        "website",
        "sms",
        "system",
        "email",
        "social_media",
        "letter",
        "telephone",
        "in_person",
    ]
    cube = cube_of(*({"channel": c, "count": 2**i} for i, c in enumerate(order)), direction="outgoing")
    assert rows(komhen.digital(cube, set=set, where={"direction": "outgoing"})) == [(numerator, denominator)]
    assert rows(komhen.digital(cube, "direction", set=set)) == [("outgoing", numerator, denominator)]


def test_digital_without_a_direction_or_with_an_unknown_set_is_refused(cube):
    with pytest.raises(komhen.KomhenError, match="direction"):
        komhen.digital(cube, set="narrow")
    with pytest.raises(komhen.KomhenError, match="narrow, effective, broad, dispatch"):
        komhen.digital(cube, "direction", set="wide")
    with pytest.raises(komhen.KomhenError, match="needs a set"):
        komhen.measure(cube, "digital", "direction")


def test_first_contact_closure_is_closed_over_stated_with_the_rest_beside():
    cube = cube_of(
        {"closure": "closed", "count": 3},
        {"closure": "put_aside", "type": "guidance", "count": 1},
        {"count": 6},
        {"closure": "closed", "direction": "outgoing", "count": 50},
    )
    assert rows(komhen.first_contact_closure(cube)) == [(3, 4, 6)]
    assert rows(komhen.first_contact_closure(cube, "direction")) == [("incoming", 3, 4, 6), ("outgoing", 50, 50, 0)]


def test_form_share_is_paper_and_digital_over_stated_in_both_directions():
    cube = cube_of(
        {"form": "none", "count": 5},
        {"form": "paper", "count": 2},
        {"form": "digital", "count": 1},
        {"count": 9},
        {"form": "paper", "direction": "outgoing", "count": 4},
    )
    assert komhen.form_share(cube).to_dict()["rows"] == [
        {
            "numerator": 7,
            "denominator": 12,
            "share": "0.583333",
            "paper": 6,
            "digital": 1,
            "not_stated": 9,
            "paper_share": "0.500000",
            "digital_share": "0.083333",
        },
    ]


def test_a_share_is_an_exact_fraction_until_it_is_printed():
    cube = cube_of({"channel": "self_service", "count": 1}, {"count": 2})
    assert komhen.self_service(cube).to_pylist()[0]["share"] == Fraction(1, 3)
    assert isinstance(komhen.self_service(cube).to_pylist()[0]["share"], Fraction)
    huge = cube_of({"channel": "self_service", "count": 2**53 + 1}, {"count": 2**62})
    assert komhen.self_service(huge).to_pylist()[0]["share"] == Fraction(2**53 + 1, 2**53 + 1 + 2**62)


@pytest.mark.parametrize(
    "numerator, denominator, text",
    [
        (1, 3, "0.333333"),
        (2, 3, "0.666667"),
        (1, 2_000_000, "0.000001"),
        (1, 2_000_001, "0.000000"),
        (0, 7, "0.000000"),
        (7, 7, "1.000000"),
        (2**61 - 1, 2**61, "1.000000"),
        (123_4565, 10_000_000, "0.123457"),
    ],
)
def test_a_share_is_rounded_half_up_to_six_decimals(numerator, denominator, text):
    cells = [{"channel": "self_service", "count": numerator}, {"count": denominator - numerator}]
    assert komhen.self_service(cube_of(*(c for c in cells if c["count"]))).to_dict()["rows"][0]["share"] == text


def test_where_the_denominator_is_zero_the_share_is_null_and_never_0():
    cube = cube_of({"type": "guidance"}, {"task": "23.09.02", "channel": "self_service"})
    table = komhen.self_service(cube, "task")
    assert rows(table) == [("23.05.10", 0, 0), ("23.09.02", 1, 1)]
    assert [row["share"] for row in table] == [None, 1]
    assert table.to_dict()["rows"][0]["share"] is None
    assert table.to_csv().splitlines()[1] == "23.05.10,0,0,"
    assert komhen.first_contact_closure(cube).to_pylist()[0]["share"] is None


def test_an_empty_population_has_no_rows(cube):
    assert len(komhen.contacts(komhen.Cube())) == len(komhen.self_service(komhen.Cube(), "task")) == 0
    assert rows(komhen.contacts(cube, where={"municipality": 101})) == []


def test_rows_are_sorted_by_number_and_labels_by_bytes():
    cube = cube_of(*({"source": s} for s in ("å", "a", "B", "Z", "")), {"municipality": 101, "week": "2009-W53"})
    assert [row[0] for row in rows(komhen.contacts(cube, "source"))] == ["", "B", "Z", "a", "å"]
    assert rows(komhen.contacts(cube, "municipality,week".split(","))) == [(101, "2009-W53", 1), (657, "2012-W17", 5)]
    cube = cube_of({"channel": "website"}, {"channel": "letter"}, {"channel": "sms"})
    assert [row[0] for row in rows(komhen.contacts(cube, "channel"))] == ["letter", "website", "sms"]


def test_a_main_group_is_the_first_pair_of_the_kle_number():
    cube = cube_of({"task": "02.34.02"}, {"task": "23.05.10"}, {"task": "23.99.99"})
    assert rows(komhen.contacts(cube, "main_group")) == [("02", 1), ("23", 2)]
    assert rows(komhen.contacts(cube, where={"main_group": "02"})) == [(1,)]


# --- filters and task sets --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, options, dimension",
    [
        ("self_service", {}, "channel"),
        ("digital", {"by": "direction", "set": "narrow"}, "channel"),
        ("first_contact_closure", {}, "closure"),
        ("form_share", {}, "form"),
        ("mix", {"by": ["task", "type"]}, "type"),
    ],
)
def test_a_measure_refuses_a_filter_on_the_dimension_that_it_measures(cube, name, options, dimension):
    value = {"channel": "sms", "closure": "closed", "form": "paper", "type": "guidance"}[dimension]
    for kind in ("where", "without"):
        with pytest.raises(komhen.KomhenError, match=f"{name} refuses a filter on {dimension}"):
            komhen.measure(cube, name, **options, **{kind: {dimension: value}})


def test_filters_restrict_numerator_and_denominator_alike(cube):
    assert rows(komhen.self_service(cube, where={"type": "new_case"})) == [(4, 14)]
    assert rows(komhen.self_service(cube, without={"type": [komhen.ContactType.NEW_CASE]})) == [(1, 6)]
    assert rows(komhen.contacts(cube, where={"channel": ["sms", komhen.Channel.EMAIL, "Brev"]})) == [(15,)]
    assert rows(komhen.contacts(cube, where={"group": "application"}, without={"channel": "telefon"})) == [(110,)]


def test_naming_a_dimension_again_adds_values(cube, tmp_path):
    cube.save(str(tmp_path / "x.cube"))
    found = done(
        "measure",
        "contacts",
        tmp_path / "x.cube",
        "--where",
        "channel=email",
        "--where",
        "channel=letter",
        "--format",
        "csv",
    )
    assert found == "contacts\n15\n"


def test_a_filter_on_an_empty_value_finds_contacts_without_a_label(tmp_path):
    file = file_of(tmp_path / "a.csv", ROW + ";x", ROW + ";", ROW + "; ", header=HEADER + ";source")

    def found(*options):
        return json.loads(done("measure", "contacts", file, *options, "--format", "json"))["rows"]

    assert found("--where", "source=") == [{"contacts": 2}]
    assert found("--where", "source=,x") == [{"contacts": 3}]
    assert found("--without", "source=") == [{"contacts": 1}]
    assert found("--where", "unit=") == [{"contacts": 3}]
    assert rows(komhen.contacts(komhen.count(file), where={"source": ""})) == [(2,)]


def test_a_filter_on_a_label_that_no_contact_has_finds_none_and_is_no_error(cube):
    assert rows(komhen.contacts(cube, where={"source": "nobody"})) == []
    assert rows(komhen.contacts(cube, without={"source": "nobody"})) == [(140,)]


def test_a_task_set_is_all_kl_35_a_file_or_the_numbers_and_every_output_names_it(cube, tmp_path):
    cube.merge(cube_of({"task": "00.00.00", "count": 1000}))
    cube.save(str(tmp_path / "x.cube"))
    (tmp_path / "mine.txt").write_bytes("\ufeff# ours\r\n00.00.00 # a comment\r\n\r\n 23.09.02\u00a0\r\n".encode())
    for tasks, name, total in (
        ("all", "all", 1140),
        ("kl-35", "kl-35", 140),
        (tmp_path / "mine.txt", "mine.txt", 1000),
    ):
        table = komhen.contacts(cube, tasks=tasks)
        assert (table.tasks, rows(table)) == (name, [(total,)])
        said = json.loads(done("measure", "contacts", tmp_path / "x.cube", "--tasks", tasks, "--format", "json"))
        assert (said["tasks"], said["rows"]) == (name, [{"contacts": total}])
        assert f"tasks {name}," in done("measure", "contacts", tmp_path / "x.cube", "--tasks", tasks)
    assert rows(komhen.contacts(cube, tasks=["00.00.00", "23.05.10"])) == [(1140,)]


@pytest.mark.parametrize(
    "text, named", [("", "names no task"), ("23.5.10\n", "line 1"), ("# x\n\n23.05.10 x", "line 3")]
)
def test_a_task_set_that_cannot_be_read_is_one_sentence_that_names_the_line(cube, tmp_path, text, named):
    cube.save(str(tmp_path / "x.cube"))
    (tmp_path / "t.txt").write_text(text)
    assert named in refused("measure", "contacts", tmp_path / "x.cube", "--tasks", tmp_path / "t.txt")


def test_a_dimension_twice_or_unknown_is_refused_and_the_error_lists_what_there_is(cube):
    with pytest.raises(komhen.KomhenError, match="named twice"):
        komhen.contacts(cube, ["task", "task"])
    with pytest.raises(
        komhen.KomhenError, match="municipality, week, task, main_group, channel, type, group, direction"
    ):
        komhen.contacts(cube, "colour")


# --- schemes, rounds and rules ----------------------------------------------------------------------------------------


def test_the_default_scheme_is_the_rounds_and_must_be_named_when_the_rounds_differ(tmp_path):
    file = file_of(tmp_path / "a.csv", ROW.replace("new_case", "case_information").replace("2012-04-23", "2011-10-26"))
    old = komhen.count(file, round="2011-autumn")
    assert rows(komhen.self_service(old)) == [(0, 1)]  # case information was a transaction then
    assert rows(komhen.self_service(old, scheme="kl-2012")) == [(0, 0)]
    old.merge(komhen.count(file_of(tmp_path / "b.csv", ROW), round="2012-spring"))
    with pytest.raises(komhen.KomhenError, match="'2011-autumn' and '2012-spring' have different schemes"):
        komhen.self_service(old)
    assert rows(komhen.self_service(old, scheme="kl-2011")) == [(0, 2)]
    old.save(str(tmp_path / "x.cube"))
    assert "--scheme" in refused("measure", "self_service", tmp_path / "x.cube")


CALCULATOR = """id = "2011-calculator"
weeks = ["2011-W43", "2011-W44", "2011-W45"]
scheme = "kl-2012"
[[reclassify]]
source = "kmd-boligstoette"
tasks = ["32.06.08"]
from = "new_case"
to = "self_service_help"
weeks = ["2011-W43", "2011-W44"]
"""


def test_the_housing_benefit_calculators_hits_are_measured_as_what_they_were_and_stored_as_they_came(tmp_path):
    """57 % of the applications of 32.06.08 in 2011 came by self-service with the calculator's hits, 8 % without."""
    (tmp_path / "r.toml").write_text(CALCULATOR)
    head = "municipality;week;kle;channel;type;direction;source;count"
    line = "657;2011-W43;32.06.08;{};{};incoming;{};{}"
    file = file_of(
        tmp_path / "a.csv",
        line.format("self_service", "new_case", "kmd-boligstoette", 57),
        line.format("self_service", "new_case", "kmd", 4),
        line.format("letter", "new_case", "kmd", 46),
        line.format("self_service", "new_case", "kmd-boligstoette", 1).replace("W43", "W45"),  # not in the rule's weeks
        line.format("self_service", "new_case", "kmd-boligstoette", 9).replace("32.06.08", "32.06.04"),  # nor its tasks
        header=head,
    )
    cube = komhen.count(file, round=tmp_path / "r.toml")
    assert rows(komhen.self_service(cube, "task")) == [("32.06.04", 9, 9), ("32.06.08", 5, 51)]
    assert rows(komhen.self_service(cube, "task", raw=True)) == [("32.06.04", 9, 9), ("32.06.08", 62, 108)]
    assert rows(komhen.contacts(cube, "type")) == [("new_case", 60), ("self_service_help", 57)]
    assert {cell["type"] for cell in cube.cells()} == {"new_case"}
    assert rows(komhen.contacts(cube, where={"type": "self_service_help"})) == [(57,)]
    assert rows(komhen.contacts(komhen.count(file), "type")) == [("new_case", 117)]  # no round, no rule
    done("count", file, "--round", tmp_path / "r.toml", "--out", tmp_path / "x.cube")
    for options, text in (([], "5,51"), (["--raw"], "62,108")):
        assert text in done(
            "measure",
            "self_service",
            tmp_path / "x.cube",
            "--tasks",
            "kl-35",
            "--by",
            "task",
            "--format",
            "csv",
            *options,
        )


# --- inputs -----------------------------------------------------------------------------------------------------------


def test_saved_cubes_and_files_may_stand_side_by_side_and_files_are_one_call(tmp_path):
    a = file_of(tmp_path / "a.csv", ROW + ";e1", header=HEADER + ";event_id")
    b = file_of(tmp_path / "b.csv", ROW + ";e1", ROW + ";e2", header=HEADER + ";event_id")
    done("count", a, "--out", tmp_path / "a.cube")
    for inputs, contacts in (([a, b], 2), ([tmp_path / "a.cube", b], 3), ([b, tmp_path / "a.cube", a], 3)):
        said = json.loads(done("measure", "contacts", *inputs, "--format", "json"))
        assert said["rows"] == [{"contacts": contacts}]


def test_a_saved_cube_of_a_round_may_be_measured_with_that_round(tmp_path):
    file = file_of(tmp_path / "a.csv", ROW)
    done("count", file, "--round", "2012-spring", "--out", tmp_path / "a.cube")
    text = done("measure", "contacts", tmp_path / "a.cube", file, "--round", "2012-spring", "--format", "csv")
    assert text == "contacts\n2\n"


def test_a_table_is_printed_with_its_name_and_its_names_for_people(cube):
    assert repr(komhen.self_service(cube, "task")).splitlines() == [
        "self_service: basis application, tasks all, scheme kl-2012",
        "task               numerator  denominator  share",
        "-----------------  ---------  -----------  -----",
        "23.05.10 Flytning          5           20   25 %",
    ]
    assert komhen.contacts(cube, "municipality").to_text().splitlines()[-1].split() == ["657", "Herning", "140"]


def test_filters_and_task_sets_take_the_packages_own_words_and_rows(cube):
    move = next(task for task in komhen.TASKS if task.kle == "23.05.10")
    for own, text in [
        ({"channel": komhen.Channel.TELEPHONE}, {"channel": "telephone"}),
        ({"task": move}, {"task": "23.05.10"}),
        ({"municipality": [komhen.Municipality(657, "Herning")]}, {"municipality": 657}),
    ]:
        assert komhen.contacts(cube, where=own).to_pylist() == komhen.contacts(cube, where=text).to_pylist()
    every = [task.kle for task in komhen.TASKS]
    assert komhen.contacts(cube, tasks=komhen.TASKS).to_pylist() == komhen.contacts(cube, tasks=every).to_pylist()


def test_a_number_of_another_package_is_a_number_in_a_filter(cube):
    class Number:  # as numpy's integers are: no int, but whole
        def __index__(self):
            return 657

    assert komhen.contacts(cube, where={"municipality": Number()}).to_pylist()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"where": {"unit": None}}, "unit"),
        ({"where": {"unit": [float("nan")]}}, "unit"),
        ({"without": {"unit": b"A"}}, "unit"),
        ({"where": {"week": [True]}}, "week"),
        ({"where": ["unit"]}, "where"),
        ({"by": 3}, "by"),
        ({"by": [3]}, "dimension"),
        ({"tasks": None}, "tasks"),
        ({"tasks": [None]}, "tasks"),
        ({"scheme": 2012}, "scheme"),
    ],
)
def test_a_value_of_another_kind_is_an_error_of_type_that_names_where_it_stands(cube, options, named):
    with pytest.raises(TypeError, match=named) as raised:
        komhen.contacts(cube, **options)
    assert "\n" not in str(raised.value)


def test_a_path_is_no_cube_and_the_error_says_what_reads_one():
    with pytest.raises(TypeError, match="load_cube"):
        komhen.contacts("spring.cube")


def test_a_heading_names_the_filters_so_that_a_part_is_not_taken_for_the_whole(cube, tmp_path):
    table = komhen.contacts(cube, where={"channel": ["sms", "email"]}, without={"unit": "a\x1b"}, raw=True)
    assert table.heading.endswith(", where channel=sms,email, without unit=a?, raw")
    assert "where channel=sms" in komhen.compare(cube, cube, "mix", "type", where={"channel": "sms"}).heading
    cube.save(tmp_path / "a.cube")
    assert "where channel=sms" in done("measure", "contacts", tmp_path / "a.cube", "--where", "channel=sms")
