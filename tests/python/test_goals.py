"""Goals of the sources, baselines and waves, in Python and on the command line."""

from __future__ import annotations

import copy
import datetime
import json
import pickle
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import komhen
from support import cli, cube_of, done, one_line, refused

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
GOALS = EXAMPLES / "goals"
DAY_CARE = {"task": "28.09.40", "week": "2011-W43"}
OUTCOMES = {"met", "not_met", "measured", "not_collected", "no_contacts"}


def saved(tmp_path, cube, name="now"):
    cube.save(tmp_path / f"{name}.cube")
    return tmp_path / f"{name}.cube"


@pytest.fixture
def moves():
    """Moves of which 1 in 4 is digital."""
    return cube_of({"count": 60}, {"channel": "in_person", "count": 15}, {"channel": "self_service", "count": 25})


@pytest.mark.parametrize("path", sorted(GOALS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_goal_of_the_sources_is_held_against_a_count(path, moves, tmp_path):
    found = komhen.goals(moves, path)
    assert len(found) >= 3 and {goal.outcome for goal in found} <= OUTCOMES
    assert done("goals", saved(tmp_path, moves), "--goals", path, "--format", "json").rstrip("\n") == found.to_json()
    assert len(found.to_csv().splitlines()) == 1 + len(found)


def test_all_six_of_hilleroed_are_there():
    found = komhen.goals(komhen.Cube(), GOALS / "hilleroed.toml")
    assert {f"H{i}" for i in range(1, 7)} <= {goal.id for goal in found}
    assert found["H5"].high == Fraction(1, 5) and found["H5"].due == datetime.date(2018, 12, 31)
    assert found["level-3"].outcome == "not_collected" and found["level-3"].value is None


def test_a_goal_says_the_gap_in_points_and_in_contacts_and_what_it_would_save(moves):
    goal = komhen.goals(moves, GOALS / "herning.toml", prices="copenhagen-2010")["moves-digital"]
    assert (goal.outcome, goal.value, goal.gap_points, goal.contacts_to_move) == ("not_met", Fraction(1, 4), Fraction(25), 25)
    # 25 of 75 contacts that cost (60 x 40 + 15 x 80) / 75 = 48 kroner go where one costs 3.
    assert (goal.saving.each, goal.saving.saving, goal.saving.priced) == (Decimal("45.00"), Decimal("1125.00"), 75)


def test_telephone_calls_of_pladszonen_fell_within_the_goal(tmp_path):
    before = cube_of({"count": 23_400}, **{**DAY_CARE, "week": "2010-W43"})
    now = cube_of({"count": 11_900}, **DAY_CARE)
    goal = komhen.goals(now, GOALS / "herning.toml", before=before)["pladszonen-telephone"]
    assert (goal.outcome, goal.value) == ("met", Fraction(11_900, 23_400) - 1)
    arguments = ["goals", saved(tmp_path, now), "--goals", GOALS / "herning.toml", "--before", saved(tmp_path, before, "before")]
    said = {goal["id"]: goal for goal in json.loads(done(*arguments, "--format", "json"))["goals"]}
    assert said["pladszonen-telephone"]["value"] == "-0.491453"
    assert komhen.goals(now, GOALS / "herning.toml")["pladszonen-telephone"].outcome == "not_collected"
    with pytest.raises(komhen.KomhenError):
        komhen.goals(before, GOALS / "herning.toml", before=now)


def test_goals_about_citizens_say_that_all_contacts_are_measured(moves):
    found = komhen.goals(moves, GOALS / "national.toml")
    assert any("citizen or a company is not collected" in note for note in found["communication-2015"].notes)
    assert any(note.startswith("communication-2015: ") for note in found.notes)


def test_the_task_set_of_a_goal_is_that_of_its_due_date(moves):
    assert komhen.goals(moves, GOALS / "national.toml")["self-service-2015"].tasks == "mandatory at 2015-12-31"


def test_the_table_for_people_shows_outcome_and_gap(moves, tmp_path):
    run = cli("goals", saved(tmp_path, moves), "--goals", GOALS / "herning.toml", "--prices", "copenhagen-2010")
    assert run.returncode == 0 and b"note: pladszonen-share: " in run.stderr
    (line,) = [line for line in run.stdout.decode().splitlines() if line.startswith("moves-digital ")]
    assert line.split() == ["moves-digital", "at_least", "0.5", "not_met", "0.25", "25", "25", "1125.00", "0"]


@pytest.mark.parametrize(
    "text, parts",
    [
        ('[[goal]]\nid = "a"\ntitle = "t"\nmeasure = "joy"\ncomparator = "at_least"\nvalue = "1 %"\n', ["g.toml", "joy"]),
        ('[[goal]]\nid = "a"\ntitle = "t"\nmeasure = "self_service"\ncomparator = "within"\nlow = "5 %"\nhigh = "1 %"\n', ["g.toml"]),
        ('[[goal]]\nid = "a"\ntitle = "t"\nwish = 1\n', ["g.toml", "wish"]),
    ],
)
def test_a_goal_that_cannot_be_is_one_sentence(tmp_path, moves, text, parts):
    (tmp_path / "g.toml").write_text('source = "s"\n' + text, encoding="utf-8")
    said = refused("goals", saved(tmp_path, moves), "--goals", tmp_path / "g.toml")
    assert all(part in said for part in parts), said


# --- baselines --------------------------------------------------------------------------------------------------------


@pytest.fixture
def pensions():
    return cube_of({"task": "32.03.04", "count": 7}, {"task": "23.05.10", "count": 2})


def test_a_baseline_holds_its_task_set_scheme_and_day_and_comes_back_from_its_file(pensions, tmp_path):
    made = komhen.freeze_baseline(pensions, date=datetime.date(2012, 5, 13), tasks="udk-2012")
    assert (made.contacts, made.tasks, made.scheme, made.date) == (7, "udk-2012", "kl-2012", "2012-05-13")
    assert len(made.only) == 11 and len(made.fingerprint) == 64
    made.save(tmp_path / "b")
    back = komhen.load_baseline(tmp_path / "b")
    assert (back.fingerprint, back.cube == made.cube) == (made.fingerprint, True)
    assert json.loads(done("baseline", "--show", tmp_path / "b", "--format", "json"))["fingerprint"] == made.fingerprint


def test_an_altered_baseline_is_an_error(pensions, tmp_path):
    komhen.freeze_baseline(pensions, date="2012-05-13").save(tmp_path / "b")
    (tmp_path / "b").write_bytes((tmp_path / "b").read_bytes().replace(b"2012-05-13", b"2012-05-14"))
    assert str(tmp_path / "b") in refused("baseline", "--show", tmp_path / "b")


def test_the_command_line_freezes_what_python_freezes(pensions, tmp_path):
    arguments = ["--date", "2012-05-13", "--tasks", "udk-2012", "--out", tmp_path / "b", "--format", "json"]
    said = json.loads(done("baseline", saved(tmp_path, pensions), *arguments))
    made = komhen.freeze_baseline(pensions, date="2012-05-13", tasks="udk-2012")
    assert (said["fingerprint"], said["contacts"]) == (made.fingerprint, 7)
    table = done("goals", saved(tmp_path, pensions), "--goals", GOALS / "national.toml", "--baseline", tmp_path / "b")
    assert "self-service-2015" in table


def test_a_baseline_is_not_written_over_what_it_is_made_of(pensions, tmp_path):
    path = saved(tmp_path, pensions)
    was = path.read_bytes()
    assert "which is also read" in refused("baseline", path, "--out", path, "--date", "2012-05-13")
    assert path.read_bytes() == was
    assert "directory that is not there" in refused("baseline", path, "--out", tmp_path / "no" / "b")
    assert "--out" in refused("baseline", path)


def test_a_goal_against_a_baseline_uses_its_tasks_and_says_so(pensions, moves):
    frozen = komhen.freeze_baseline(pensions, date="2012-05-13", tasks=["23.05.10"])
    goal = komhen.goals(moves, GOALS / "hilleroed.toml", baseline=frozen)["to-digital"]
    assert goal.tasks == frozen.tasks and any(frozen.fingerprint in note for note in goal.notes)
    with pytest.raises(TypeError):
        komhen.goals(moves, GOALS / "hilleroed.toml", baseline=frozen, before=moves)


@pytest.mark.parametrize("wrong", [{"date": "13-05-2012"}, {"tasks": "mandatory"}, {"tasks": ["28.09.40"]}, {"scheme": "kl-1999"}])
def test_a_baseline_that_cannot_be_is_an_error(pensions, wrong):
    with pytest.raises(komhen.KomhenError):
        komhen.freeze_baseline(pensions, **{"date": "2012-05-13", **wrong})


# --- waves ------------------------------------------------------------------------------------------------------------


def test_the_plan_of_the_waves_says_where_it_departs_from_the_print():
    plan = komhen.waves()
    assert [wave["wave"] for wave in plan] == [1, 2, 3, 4]
    assert "third wave" in plan[3]["correction"] and not plan[0]["correction"]
    assert json.loads(done("waves", "--format", "json")) == plan
    assert "borgerservice II" in done("waves")


def test_candidates_are_ranked_with_their_reasons(tmp_path):
    cube = cube_of({"task": "29.03.12", "count": 10}, {"task": "02.34.02", "channel": "letter"}, {"task": "23.09.02"})
    path = EXAMPLES / "waves" / "next-wave.toml"
    ranked = list(komhen.rank_tasks(path, cube, "copenhagen-2010"))
    assert [(row.rank, row.task, row.potential) for row in ranked] == [
        (1, "29.03.12", Decimal("370.00")),
        (2, "02.34.02", Decimal("107.00")),
        (3, "23.09.02", Decimal("37.00")),
    ]
    assert all(row.reasons for row in ranked)
    said = done("waves", saved(tmp_path, cube), "--candidates", path, "--format", "json")
    assert json.loads(said)["tasks"][0]["potential"] == "370.00"
    assert "29.03.12" in done("waves", saved(tmp_path, cube), "--candidates", path)


@pytest.mark.parametrize("arguments", [["goals", "x"], ["goals", "x", "--goals", "y", "--before", "a", "--baseline", "b"]])
def test_wrong_usage_of_goals_is_status_2(arguments):
    assert "see komhen goals --help" in one_line(cli(*arguments), 2)


# --- figures that others have printed -----------------------------------------------------------------------------------


def check_2014(week="2014-W20", **counts):
    """A count of 100 of each kind that just reaches what KL printed on 4 July 2014."""
    cells = []
    for task, digital in (("29.03.99", 93), ("23.05.10", 88)):
        cells += [{"task": task, "channel": "self_service", "count": digital}, {"task": task, "channel": "letter", "count": 100 - digital}]
    post = {"direction": "outgoing", "type": "guidance"}
    cells += [{**post, "channel": "letter", "count": 9}, {**post, "channel": "digital_post", "count": 80}]
    cells += [{**post, "channel": "remote_print", "count": 11}, {**post, "channel": "telephone", "count": 50}]
    return cube_of(*cells, week=week)


def test_the_figures_printed_elsewhere_are_goals_with_their_source():
    found = komhen.goals(check_2014(), GOALS / "external-checks.toml", prices="copenhagen-2010", unpriced="apart")
    assert [found[id].outcome for id in ("eu-card-2014", "moves-2014", "letters-2014")] == ["met"] * 3
    assert (found["moves-2014"].value, found["letters-2014"].share) == (Fraction(88, 100), (9, 100))
    assert all("http" in goal.source for goal in found)
    one_short = check_2014()
    one_short.add(municipality=657, week="2014-W20", task="23.05.10", channel="letter", type="new_case", direction="incoming")
    goal = komhen.goals(one_short, GOALS / "external-checks.toml")["moves-2014"]
    assert (goal.outcome, goal.gap_points, goal.contacts_to_move) == ("not_met", 88 - Fraction(8800, 101), 1)


def test_the_agreement_of_2013_asks_for_half_the_information_contacts_on_mandatory_tasks():
    def information(count, week):
        return cube_of({"type": "guidance", "count": count}, week=week)

    before = information(200, "2012-W17")
    for now, outcome, to_move in ((100, "met", 0), (103, "not_met", 3)):
        found = komhen.goals(information(now, "2016-W43"), GOALS / "external-checks.toml", before=before)
        goal = found["agreement-2013-information"]
        assert (goal.outcome, goal.contacts_to_move, goal.value) == (outcome, to_move, Fraction(now, 200) - 1)


def test_contacts_to_move_are_the_fewest_that_meet_the_goal(tmp_path):
    """Every share of up to 12 contacts, held against every comparator: moving that many meets the goal, one fewer does not."""
    wanted = {"least": 'comparator = "at_least"\nvalue = "57 %"', "most": 'comparator = "at_most"\nvalue = "43 %"'}
    wanted |= {"range": 'comparator = "within"\nlow = "37 %"\nhigh = "46 %"'}
    text = "".join(f'[[goal]]\nid = "{id}"\ntitle = "t"\nmeasure = "self_service"\n{rest}\n' for id, rest in wanted.items())
    (tmp_path / "g.toml").write_text(text)
    ends = {"least": (Fraction(57, 100), 1), "most": (0, Fraction(43, 100)), "range": (Fraction(37, 100), Fraction(46, 100))}
    for total in range(1, 13):
        for digital in range(total + 1):
            cube = cube_of({"channel": "self_service", "count": digital}, {"count": total - digital}) if 0 < digital < total else (
                cube_of({"channel": "self_service" if digital else "telephone", "count": total})
            )
            for goal in komhen.goals(cube, tmp_path / "g.toml"):
                low, high = ends[goal.id]
                moves = [abs(k - digital) for k in range(total + 1) if low <= Fraction(k, total) <= high]
                assert goal.contacts_to_move == (min(moves) if moves else None), (goal.id, digital, total)
                value = Fraction(digital, total)
                assert goal.gap_points == 100 * max(low - value, value - high, 0)


def test_a_goal_about_day_care_is_not_answered_from_moves_against_a_baseline(moves):
    frozen = komhen.freeze_baseline(moves, date="2012-05-13")
    found = komhen.goals(moves, GOALS / "herning.toml", baseline=frozen)
    assert found["pladszonen-share"].outcome == "no_contacts"
    assert found["moves-digital"].value == komhen.goals(moves, GOALS / "herning.toml")["moves-digital"].value
    assert not found["pladszonen-fte"].share and not any("baseline" in note for note in found["pladszonen-fte"].notes)


def test_a_goal_whose_new_channel_has_no_price_stands_apart_and_the_table_says_how_many(tmp_path):
    post = {"direction": "outgoing", "type": "guidance"}
    cube = cube_of({**post, "channel": "letter", "count": 40}, {**post, "channel": "digital_post", "count": 60})
    with pytest.raises(komhen.KomhenError, match="no price for digital_post"):
        komhen.goals(cube, GOALS / "hilleroed.toml", prices="copenhagen-2010")
    goal = komhen.goals(cube, GOALS / "hilleroed.toml", prices="copenhagen-2010", unpriced="apart")["H1"]
    assert (goal.contacts_to_move, goal.saving) == (20, None)
    mixed = cube_of({"count": 8}, {"channel": "website", "count": 4}, {"channel": "self_service", "count": 4})
    arguments = ["--goals", GOALS / "herning.toml", "--prices", "copenhagen-2010", "--unpriced", "apart"]
    table = done("goals", saved(tmp_path, mixed), *arguments)
    (line,) = [line for line in table.splitlines() if line.startswith("moves-digital ")]
    assert line.split()[-3:] == ["4", "148.00", "4"]


@pytest.mark.parametrize("byte", [0, 20, 60, -80, -1])
def test_a_baseline_with_another_byte_is_an_error_in_python_too(pensions, tmp_path, byte):
    komhen.freeze_baseline(pensions, date="2012-05-13").save(tmp_path / "b")
    bytes = bytearray((tmp_path / "b").read_bytes())
    bytes[byte] ^= 1
    (tmp_path / "b").write_bytes(bytes)
    with pytest.raises(komhen.KomhenError, match="b'"):
        komhen.load_baseline(tmp_path / "b")


def test_a_baseline_is_compared_copied_and_pickled_by_its_fingerprint(pensions):
    made = komhen.freeze_baseline(pensions, date=datetime.datetime(2012, 5, 13, 12, 30), tasks="udk-2012")
    assert made.date == "2012-05-13"
    for other in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made)):
        assert other == made and hash(other) == hash(made) and other.cube == made.cube
    assert made != komhen.freeze_baseline(pensions, date="2012-05-14", tasks="udk-2012") and made != "x"
    assert made.fingerprint[:16] in repr(made) and "7 contacts" in repr(made)


@pytest.mark.parametrize(
    "wrong, part",
    [
        ({"date": "2012-01-01"}, "before contacts that it holds"),
        ({"tasks_at": "2013-01-01"}, "tasks_at"),
        ({"tasks_at": "2013-01-01", "tasks": ["32.03.04"]}, "tasks_at"),
    ],
)
def test_a_day_that_cannot_be_or_means_nothing_is_an_error(pensions, wrong, part):
    with pytest.raises(komhen.KomhenError, match=part):
        komhen.freeze_baseline(pensions, **{"date": "2012-05-13", **wrong})


def test_an_option_that_would_do_nothing_is_refused(moves, pensions, tmp_path):
    path, frozen = saved(tmp_path, moves), tmp_path / "b"
    komhen.freeze_baseline(pensions, date="2012-05-13").save(frozen)
    candidates = EXAMPLES / "waves" / "next-wave.toml"
    for arguments, part in (
        (["goals", path, "--goals", GOALS / "herning.toml", "--unpriced", "apart"], "--unpriced applies to --prices"),
        (["goals", path, "--goals", GOALS / "herning.toml", "--price-year", "2010"], "--price-year applies to --prices"),
        (["baseline", "--show", frozen, "--date", "2012-05-13"], "--date applies to freezing"),
        (["baseline", path, "--show", frozen], "--show looks"),
        (["waves", "--scheme", "kl-2012"], "--scheme applies to --candidates"),
        (["waves", "--candidates", candidates], "name the inputs"),
    ):
        assert part in refused(*arguments)


def test_a_goal_or_figure_that_is_not_there_is_named_with_the_nearest(moves):
    with pytest.raises(KeyError, match="no goal 'moves-digitl'; it has moves-digital"):
        komhen.goals(moves, GOALS / "herning.toml")["moves-digitl"]
    found = komhen.goals(moves, GOALS / "herning.toml")
    assert "moves-digital" in found and "nope" not in found
