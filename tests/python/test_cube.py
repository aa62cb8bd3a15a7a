"""Cubes merge like numbers add, and a saved cube is read whole or not at all."""

from __future__ import annotations

import copy
import os
import pickle
import random

import pytest

import komhen
from support import CPR, HEADER, ROW, cube_of, file_of, refused


def random_cube(seed: int, cells: int = 200) -> komhen.Cube:
    rng = random.Random(seed)
    return cube_of(
        *(
            dict(
                municipality=rng.choice([101, 219, 657]),
                week=rng.choice(["2009-W53", "2012-W17", "2026-W53"]),
                task=f"{rng.randrange(100):02}.{rng.randrange(3):02}.00",
                channel=rng.choice(list(komhen.Channel)).token,
                closure=rng.choice(["", "closed", "put_aside"]),
                source=rng.choice(["", "kø", "b"]),
                unit=f"unit {rng.randrange(20)}",
                count=rng.randrange(1, 2**40),
            )
            for _ in range(cells)
        )
    )


def merged(*cubes: komhen.Cube) -> komhen.Cube:
    out = komhen.Cube()
    for cube in cubes:
        out.merge(cube)
    return out


@pytest.fixture
def cube():
    return random_cube(1)


@pytest.mark.parametrize("seed", range(5))
def test_merging_is_associative_and_commutative_and_the_empty_cube_changes_nothing(seed):
    a, b, c = (random_cube(10 * seed + i) for i in range(3))
    assert merged(a, b) == merged(b, a)
    assert merged(merged(a, b), c) == merged(a, merged(b, c))
    assert merged(a, komhen.Cube()) == merged(komhen.Cube(), a) == a
    assert merged(a, b).contacts == a.contacts + b.contacts
    assert merged(a, b).to_bytes() == merged(b, a).to_bytes()


def test_counting_in_two_halves_and_merging_gives_the_same_cube_as_counting_once(tmp_path):
    rows = [ROW.replace("657", str(code)) for code in (101, 219, 657)] * 5
    whole = komhen.count(file_of(tmp_path / "all.csv", *rows), round="2012-spring")
    halves = [komhen.count(file_of(tmp_path / f"{i}.csv", *rows[i::2]), round="2012-spring") for i in range(2)]
    assert merged(*halves) == whole


def test_merging_a_cube_with_itself_doubles_it(cube):
    twice = merged(cube, cube)
    cube.merge(cube)
    assert cube == twice


def test_a_copy_is_another_cube(cube):
    for other in (cube.copy(), copy.copy(cube), copy.deepcopy(cube), pickle.loads(pickle.dumps(cube))):
        before = cube.contacts
        assert other == cube and other is not cube
        other.merge(other)
        assert cube.contacts == before and other != cube


def test_two_rounds_of_one_id_that_differ_do_not_merge_and_nothing_is_changed(tmp_path):
    cubes = []
    for scheme in ("kl-2011", "kl-2012"):
        (tmp_path / "r.toml").write_text(f'id = "trial"\nweeks = ["2012-W17"]\nscheme = "{scheme}"\n')
        cubes.append(komhen.count(file_of(tmp_path / "a.csv", ROW), round=tmp_path / "r.toml"))
    before = cubes[0].to_bytes()
    with pytest.raises(komhen.KomhenError, match="'trial'"):
        cubes[0].merge(cubes[1])
    assert cubes[0].to_bytes() == before


def test_rounds_of_different_ids_merge(tmp_path):
    file = file_of(tmp_path / "a.csv", ROW, ROW.replace("2012-04-23", "2012-10-23"))
    both = merged(*(komhen.count(file, round=round) for round in ("2012-spring", "2012-autumn")))
    assert [round.id for round in both.rounds] == ["2012-autumn", "2012-spring"] and both.contacts == 2


def test_a_cube_that_outgrows_its_narrow_key_counts_on():
    """More sources, units and tasks than 6, 12 and 12 bits number."""
    cube = cube_of(*({"source": f"s{i}"} for i in range(70)), *({"unit": f"u{i}"} for i in range(4200)))
    for i in range(4200):
        cube.add(
            municipality=101,
            week="2012-W17",
            task=f"{i // 100:02}.{i % 100:02}.00",
            channel="sms",
            type="guidance",
            direction="outgoing",
        )
    assert cube.contacts == len(cube) == 70 + 4200 + 4200
    assert len(komhen.contacts(cube, "source")) == 71
    assert komhen.Cube.from_bytes(cube.to_bytes()) == cube


def test_save_load_and_pickle_give_the_same_cube(cube, tmp_path):
    cube.save(str(tmp_path / "x.cube"))
    for again in (
        komhen.load_cube(tmp_path / "x.cube"),
        komhen.Cube.load(str(tmp_path / "x.cube")),
        pickle.loads(pickle.dumps(cube)),
        komhen.Cube.from_bytes(cube.to_bytes()),
    ):
        assert again == cube and again.cells() == cube.cells() and again.to_bytes() == cube.to_bytes()
    assert os.listdir(tmp_path) == ["x.cube"]


def test_a_pickled_cube_still_says_what_became_of_its_rows(tmp_path):
    cube = komhen.count(file_of(tmp_path / "a.csv", ROW, "x"))
    again = pickle.loads(pickle.dumps(cube))
    assert again == cube and again.outcome.to_json() == cube.outcome.to_json()
    assert pickle.loads(pickle.dumps(cube.outcome)).rejected["malformed"] == 1


def test_filters_and_roll_ups_give_cubes(cube):
    parts = [komhen.filtered(cube, where={"direction": d}) for d in (komhen.Direction.INCOMING, "outgoing")]
    assert merged(*parts).contacts == cube.contacts
    assert komhen.rolled_up(cube, ["unit", "source", "closure", "form"]).contacts == cube.contacts
    with pytest.raises(komhen.KomhenError, match="cannot do without week"):
        komhen.rolled_up(cube, "week")


def test_equal_cubes_are_equal_bytes_however_they_were_counted(cube):
    cells = cube.cells()
    random.Random(7).shuffle(cells)
    assert cube_of(*cells).to_bytes() == cube.to_bytes()


def test_a_saved_cube_keeps_its_rounds_scheme_package_and_rules(tmp_path):
    (tmp_path / "r.toml").write_text(
        'id = "trial"\nweeks = ["2012-W17"]\nscheme = "kl-2011"\npackage = ["23.05.10"]\n[[reclassify]]\n'
        'source = "x"\ntasks = ["23.05.10"]\nfrom = "new_case"\nto = "guidance"\n'
    )
    cube = komhen.count(file_of(tmp_path / "a.csv", ROW + ";x", header=HEADER + ";source"), round=tmp_path / "r.toml")
    again = komhen.Cube.from_bytes(cube.to_bytes())
    assert again.rounds == cube.rounds and again.rounds[0].package == ["23.05.10"]
    assert komhen.contacts(again, "type").to_pylist() == [{"type": "guidance", "contacts": 1}]


def test_a_cube_is_unhashable_and_true_when_it_holds_contacts(cube):
    with pytest.raises(TypeError):
        hash(cube)
    assert cube and not komhen.Cube()


def test_a_cube_that_is_cut_short_anywhere_is_refused():
    whole = random_cube(2, 5).to_bytes()
    for length in range(len(whole)):
        with pytest.raises(komhen.KomhenError, match="cut short|does not begin like a saved cube"):
            komhen.Cube.from_bytes(whole[:length])


def test_a_cube_with_any_byte_altered_or_added_is_refused():
    whole = random_cube(2, 5).to_bytes()
    for at in range(len(whole)):
        altered = bytearray(whole)
        altered[at] ^= 1 << at % 8
        with pytest.raises(komhen.KomhenError):
            komhen.Cube.from_bytes(bytes(altered))
    with pytest.raises(komhen.KomhenError):
        komhen.Cube.from_bytes(whole + b"\0")


def test_a_damaged_file_is_one_clear_sentence_on_the_command_line(cube, tmp_path):
    whole = cube.to_bytes()
    damaged = tmp_path / "x.cube"
    for bytes, said in (
        (whole[:-1], "is cut short or was altered"),
        (whole[:12], "is cut short"),
        (whole[:40] + b"x" + whole[41:], "its checksum does not fit"),
        (whole[:8] + b"\x02" + whole[9:], "newer komhen"),
    ):
        damaged.write_bytes(bytes)
        assert said in refused("measure", "contacts", damaged)
        assert said in refused("compare", damaged, damaged)


def test_a_cube_is_no_registration_file_and_the_other_way_round(cube, tmp_path):
    cube.save(str(tmp_path / "x.cube"))
    refused("count", tmp_path / "x.cube")
    with pytest.raises(komhen.KomhenError, match="does not begin like a saved cube"):
        komhen.load_cube(file_of(tmp_path / "a.csv", ROW))


def test_a_cube_whose_checksum_fits_but_whose_values_do_not_is_refused():
    whole = cube_of({"count": 7}).to_bytes()
    fields = len(whole) - 8 - 29  # the one cell: 29 bytes before the checksum
    for at, value in (
        (0, b"\xff\xff"),
        (2, b"\xff\xff"),
        (4, b"\xff\xff\xff\xff"),
        (8, b"\x0c"),
        (9, b"\x07"),
        (10, b"\0"),
        (11, b"\x03"),
        (12, b"\x04"),
        (13, b"\x09"),
        (17, b"\x01\0\0\0"),
        (21, b"\0" * 8),
        (21, b"\xff" * 8),
    ):
        body = bytearray(whole[:-8])
        body[fields + at : fields + at + len(value)] = value
        with pytest.raises(komhen.KomhenError):
            komhen.Cube.from_bytes(bytes(body) + crc64(body).to_bytes(8, "little"))


def crc64(data: bytes) -> int:
    crc = 2**64 - 1
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xC96C5795D7870F42 if crc & 1 else 0)
    return crc ^ (2**64 - 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"municipality": 411},
        {"municipality": -1},
        {"municipality": "Herning By"},
        {"week": "2012-W53"},
        {"task": "23.5.10"},
        {"channel": "chat"},
        {"type": "new"},
        {"direction": ""},
        {"closure": "x"},
        {"form": "x"},
        {"count": 0},
        {"count": -1},
        {"source": "x" * 65},
        {"unit": "a\0b"},
        {"unit": "a\x85b"},
    ],
)
def test_add_refuses_what_is_no_registration_and_changes_nothing(wrong):
    cube = cube_of({})
    before = cube.to_bytes()
    with pytest.raises(komhen.KomhenError):
        cube.merge(cube_of(wrong))
    assert cube.to_bytes() == before


def test_add_takes_the_packages_own_words_and_rows():
    cube = komhen.Cube()
    cube.add(
        municipality=komhen.Municipality(657, "Herning"),
        week="2012-W17",
        task=next(task for task in komhen.TASKS if task.kle == "23.05.10"),
        channel=komhen.Channel.TELEPHONE,
        type=komhen.ContactType.NEW_CASE,
        direction=komhen.Direction.INCOMING,
        closure=komhen.Closure.NOT_STATED,
        form=komhen.AttachedForm.NOT_STATED,
    )
    assert cube == cube_of({})


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"count": 1.5}, TypeError),
        ({"count": 2**63}, komhen.KomhenError),
        ({"channel": 1}, TypeError),
        ({"week": None}, TypeError),
        ({"source": "\udcff"}, komhen.KomhenError),
        ({"date": "2012-04-23"}, TypeError),
    ],
)
def test_what_add_cannot_take_is_named_and_nothing_else_is_shown(wrong, error):
    with pytest.raises(error, match=next(iter(wrong))) as raised:
        cube_of({"unit": CPR, **wrong})
    assert CPR not in str(raised.value) and "\n" not in str(raised.value)


def test_add_without_a_value_that_it_needs_or_without_names_says_so():
    with pytest.raises(TypeError, match="direction"):
        komhen.Cube().add(municipality=657, week="2012-W17", task="23.05.10", channel="sms", type="guidance")
    with pytest.raises(TypeError, match="by name"):
        komhen.Cube().add(657)
