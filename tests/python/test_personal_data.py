"""No CPR number ever leaves komhen: not in stdout, stderr, a written file, an exception or a temporary file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

import komhen
from support import CPR, CPR_DIGITS, HEADER, ROW, cli, file_of, rejections

FULL = (HEADER + ";closure;form;count;source;unit;event_id").split(";")
GOOD = [*ROW.split(";"), "closed", "paper", "1", "desk", "unit", "e1"]


def leaks(text: bytes | str) -> bool:
    text = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return any(number in text for number in (b"90-1234", b"90 1234", CPR_DIGITS.encode(), b"1101901110", b"01904ABC"))


def run_and_look(folder: Path, *arguments, **options):
    """Runs a command and looks for the number in all it says and in every file that it wrote."""
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    run = cli(*arguments, **options)
    assert b"Traceback" not in run.stderr
    assert not leaks(run.stdout), run.stdout
    assert not leaks(run.stderr), run.stderr
    for path in folder.rglob("*"):
        if path.is_file() and before.get(path) != path.stat().st_mtime_ns:
            assert not leaks(path.read_bytes()), path.read_bytes()
    return run


@pytest.fixture
def good(tmp_path):
    return file_of(tmp_path / "good.csv", ROW)


# Every way to write a number that counts as personal, in a field of its own or inside a text.
WRITTEN = [CPR, CPR.replace("-", " "), CPR_DIGITS, f"fru {CPR} ringer", f"cpr:{CPR_DIGITS}", f"({CPR})", "610190-1234"]


@pytest.mark.parametrize("column", FULL)
@pytest.mark.parametrize("number", WRITTEN)
def test_in_any_column_that_is_read_the_row_is_rejected_and_the_number_masked(tmp_path, column, number):
    fields = [number if name == column else value for name, value in zip(FULL, GOOD)]
    file = file_of(tmp_path / "a.csv", ";".join(fields), ";".join(GOOD), header=";".join(FULL))
    cube = komhen.count(file, rejects=tmp_path / "r.csv")
    assert rejections(cube) == {"personal_data": 1}
    text = (tmp_path / "r.csv").read_text()
    assert text.splitlines()[1].startswith(f"2;personal_data;{column};")
    assert not leaks(text) and "****" in text
    assert not leaks(cube.to_bytes())


@pytest.mark.parametrize("letters", ["0101904ABC", "0101905A1B", "010190-4XY1"])
def test_the_lettered_form_counts_as_well(tmp_path, letters):
    cube = komhen.count(file_of(tmp_path / "a.csv", f"{ROW};{letters}", header=HEADER + ";unit"))
    assert rejections(cube) == {"personal_data": 1}


@pytest.mark.parametrize(
    "harmless",
    [
        "23.05.10",
        "2012-04-23",
        "23-04-2012",
        "12345678",
        "1234567890123",
        "3201901234",
        "310290-1234",
        "x0101901234",
        "01019012345",
        "0101-901234",
        "550e8400-e29b-41d4-a716-446655440000",
    ],
)
def test_what_is_no_cpr_number_is_let_through(tmp_path, harmless):
    cube = komhen.count(file_of(tmp_path / "a.csv", f"{ROW};{harmless}", header=HEADER + ";unit"))
    assert rejections(cube) == {} and cube.cells()[0]["unit"] == harmless


def test_modulus_11_never_lets_a_separated_number_through(tmp_path):
    rows = [f"{ROW};150312-{n:04}" for n in range(4000, 4011)]  # whatever the check digit
    assert rejections(komhen.count(file_of(tmp_path / "a.csv", *rows, header=HEADER + ";unit"))) == {
        "personal_data": 11
    }


def test_personal_data_goes_before_every_later_rule(tmp_path):
    file = file_of(tmp_path / "a.csv", f"nowhere;never;x;pigeon;x;x;{CPR}", header=HEADER + ";unit")
    assert rejections(komhen.count(file)) == {"personal_data": 1}


def test_in_a_malformed_row_or_a_row_of_another_encoding_nothing_is_shown(tmp_path):
    bad = [f"{CPR};x", f'"{CPR}" x;{ROW}', f'"{CPR}']
    data = "\n".join([HEADER, ROW.replace("657", "Køge"), ROW.replace("657", "Køge"), *bad]).encode()
    file = tmp_path / "a.csv"
    file.write_bytes(data[: data.rindex(b"\n")] + f"\n{CPR};\udce6;;;;\n".encode("utf-8", "surrogateescape"))
    run = run_and_look(tmp_path, "count", file, "--rejects", tmp_path / "r.csv", "--out", tmp_path / "c.cube")
    assert run.returncode == 0 and b"malformed 2, bad_encoding 1" in run.stderr


def test_in_a_column_that_is_not_read_the_row_counts_and_nothing_is_shown(tmp_path):
    file = file_of(tmp_path / "a.csv", f"{ROW};{CPR}", f"x{ROW};{CPR}", header=HEADER + ";remark")
    run = run_and_look(tmp_path, "count", file, "--rejects", tmp_path / "r.csv", "--out", tmp_path / "c.cube")
    assert b"2 rows read, 1 accepted, 1 rejected: unknown_municipality 1" in run.stderr


@pytest.mark.parametrize("format", ["table", "csv", "json"])
def test_in_a_headers_name(tmp_path, format):
    file = file_of(tmp_path / "a.csv", ROW + ";", header=f"{HEADER};{CPR}")
    assert run_and_look(tmp_path, "count", file, "--format", format, "--rejects", tmp_path / "r.csv").returncode == 0
    assert not leaks(repr(komhen.count(file).outcome.unread_columns))
    for header in (CPR, f"{HEADER};{CPR};kommune;{CPR}", f"municipality;{CPR};week"):
        assert run_and_look(tmp_path, "count", file_of(tmp_path / "b.csv", header=header)).returncode == 1


@pytest.mark.parametrize("number", [CPR, CPR_DIGITS])
def test_in_file_names(tmp_path, good, number):
    named = file_of(tmp_path / f"{number}.csv", ROW, "x", "657;x;x;x;x;x")
    looks = [
        ["count", named, "--rejects", tmp_path / "r.csv", "--out", tmp_path / f"{number}.cube"],
        ["count", tmp_path / number / "missing.csv"],
        ["count", good, "--participation", tmp_path / f"{number}.p"],
        ["count", good, "--participation", named],
        ["count", good, "--profile", named],
        ["count", good, "--round", tmp_path / f"{number}.toml"],
        ["count", good, "--rejects", tmp_path / number / "r.csv"],
        ["count", good, "--out", tmp_path / number / "r.cube"],
        ["count", good, "--rejects", good.parent / "r.csv", "--out", named / "x"],
        ["measure", "contacts", good, "--tasks", tmp_path / f"{number}.txt"],
        ["measure", "contacts", good, "--tasks", named],
        ["simulate", "--out", tmp_path / number / "x.csv", "--rows", "1"],
    ]
    for arguments in looks:
        run_and_look(tmp_path, *arguments)
    tasks = tmp_path / f"tasks {number}.txt"
    tasks.write_text("23.05.10\n")
    for format in ("table", "csv", "json"):
        assert run_and_look(tmp_path, "measure", "contacts", good, "--tasks", tasks, "--format", format).returncode == 0


PROFILE = {
    "municipality": 'value = "657"',
    "date": 'column = "date"',
    "kle": 'column = "kle"',
    "channel": 'column = "channel"',
    "type": 'value = "guidance"',
    "direction": 'value = "incoming"',
    "source": 'value = "desk"',
}


@pytest.mark.parametrize(
    "name, table",
    [
        ("source", f'value = "{CPR}"'),
        ("municipality", f'value = "{CPR}"'),
        ("municipality", "value = 1101901110"),
        ("channel", f'column = "{CPR}"'),
        ("channel", f'column = "channel"\nwords = {{ "{CPR}" = "pigeon" }}'),
        ("channel", f'column = "channel"\nwords = {{ x = "{CPR}" }}'),
        ("date", f'column = "date"\nformat = "{CPR}"'),
        ("channel", f'column = "channel"\nwords = {{ "{CPR}" = "sms" }}\notherwise = "{CPR}"'),
        ("source", f'column = "kle"\nwords = {{ "{CPR}" = 7.5 }}'),
        ("source", f'"{CPR}" = 1'),
        ("source", f'value = "x"\n"{CPR}" = 1'),
        (CPR, 'value = "x"'),
        ("source", f"column = {CPR}"),
        ("source", f'value = "x"\nvalue = "{CPR}"'),
        ("source", f'value = "x" {CPR}'),
    ],
)
def test_in_the_words_of_a_profile(tmp_path, good, name, table):
    tables = PROFILE | {name: table}
    text = "\n".join(f'["{key}"]\n{value}' for key, value in tables.items())
    (tmp_path / "p.toml").write_text(text)
    run = run_and_look(tmp_path, "count", good, "--profile", tmp_path / "p.toml", "--rejects", tmp_path / "r.csv")
    assert run.returncode in (0, 1)
    (tmp_path / "q.toml").write_text(f'delimiter = "{CPR}"\nencoding = "{CPR}"\n' + text)
    assert run_and_look(tmp_path, "count", good, "--profile", tmp_path / "q.toml").returncode == 1


def test_a_profiles_word_that_is_a_number_lets_no_row_with_it_through(tmp_path):
    text = "\n".join(f'["{k}"]\n{v}' for k, v in PROFILE.items())
    text = text.replace('column = "channel"', f'column = "channel"\nwords = {{ "{CPR}" = "sms" }}')
    (tmp_path / "p.toml").write_text(text)
    file = file_of(tmp_path / "a.csv", ROW.replace("telephone", CPR))
    assert rejections(komhen.count(file, profile=tmp_path / "p.toml")) == {"personal_data": 1}


DIMENSIONS = "municipality week task main_group channel type group direction closure form source unit".split()


@pytest.mark.parametrize("option", ["--where", "--without"])
def test_in_the_values_of_a_filter(tmp_path, good, option):
    for dimension in [*DIMENSIONS, CPR]:
        for value in (CPR, f"x,{CPR_DIGITS}"):
            run = run_and_look(tmp_path, "measure", "contacts", good, option, f"{dimension}={value}")
            assert run.returncode == (0 if dimension in ("source", "unit") else 1)
    run_and_look(tmp_path, "measure", "contacts", good, option, CPR)


@pytest.mark.parametrize(
    "option",
    [
        "--by",
        "--tasks",
        "--basis",
        "--set",
        "--scheme",
        "--round",
        "--encoding",
        "--profile",
        "--format",
        "--participation",
        "--no-such-option",
        "--seed",
    ],
)
def test_in_any_option(tmp_path, good, option):
    for number in (CPR, CPR_DIGITS):
        for measure in ("self_service", "digital", "mix"):
            run = run_and_look(tmp_path, "measure", measure, good, option, number, cwd=None)
            assert run.returncode in (1, 2)


@pytest.mark.parametrize(
    "arguments",
    [
        [CPR],
        ["measure", CPR, "x"],
        ["compare", f"published:{CPR}", "published:2012-spring"],
        ["tasks", CPR],
        ["compare", "x", f"published:{CPR}"],
        ["simulate", "--round", CPR, "--out", "x.csv"],
        [f"--{CPR}"],
        ["simulate", "--rows", CPR, "--out", "x.csv"],
        ["simulate", "--seed", CPR, "--out", "x.csv"],
        ["tasks", "--format", f"cpr {CPR_DIGITS}"],
    ],
)
def test_anywhere_on_the_command_line(tmp_path, arguments):
    assert run_and_look(tmp_path, *arguments).returncode in (1, 2)


@pytest.mark.parametrize(
    "key",
    [
        f'id = "{CPR}"',
        f'id = "t"\nscheme = "{CPR}"',
        f'id = "t"\npackage = ["{CPR}"]',
        f'id = "t"\n"{CPR}" = 1',
        f'id = "t"\n[[reclassify]]\nsource = "{CPR}"\ntasks = ["23.05.10"]\nfrom = "new_case"\nto = "guidance"',
        f'id = "t"\n[[reclassify]]\nsource = "x"\ntasks = ["{CPR}"]\nfrom = "{CPR}"\nto = "{CPR}"',
        f"id = {CPR}",
    ],
)
def test_in_a_round(tmp_path, good, key):
    (tmp_path / "r.toml").write_text(f'weeks = ["2012-W17"]\n{key}\n')
    for format in ("table", "csv", "json"):
        options = ["--round", tmp_path / "r.toml", "--format", format, "--out", tmp_path / "c.cube"]
        assert run_and_look(tmp_path, "count", good, *options).returncode in (0, 1)
    (tmp_path / "w.toml").write_text(f'id = "t"\nweeks = ["{CPR}"]\n')
    assert run_and_look(tmp_path, "count", good, "--round", tmp_path / "w.toml").returncode == 1


@pytest.mark.parametrize(
    "text",
    [
        f"municipality;weeks\n{CPR};2012-W17",
        f"municipality;weeks\n657;{CPR}",
        f"{CPR};weeks",
        f"municipality;weeks\n{CPR}",
        f"municipality;weeks\n657;2012-W17 {CPR_DIGITS}",
        f"municipality;weeks\ncpr {CPR_DIGITS} ;;;",
    ],
)
def test_in_participation(tmp_path, good, text):
    (tmp_path / "p.csv").write_text(text)
    assert run_and_look(tmp_path, "count", good, "--participation", tmp_path / "p.csv").returncode == 1


def test_in_a_task_set(tmp_path, good):
    (tmp_path / "t.txt").write_text(f"{CPR}\n")
    assert run_and_look(tmp_path, "measure", "contacts", good, "--tasks", tmp_path / "t.txt").returncode == 1


@pytest.mark.parametrize("label", ["source", "unit"])
def test_a_label_with_a_number_does_not_enter_a_cube_through_add(label):
    cube = komhen.Cube()
    with pytest.raises(komhen.KomhenError) as caught:
        cube.add(
            municipality=657,
            week="2012-W17",
            task="23.05.10",
            channel="sms",
            type="guidance",
            direction="incoming",
            **{label: f"fru {CPR}"},
        )
    assert not leaks(str(caught.value)) and not cube


@pytest.mark.parametrize("name", "municipality week task channel type direction closure form".split())
def test_an_exception_of_add_is_masked(name):
    cell = dict(
        municipality=657, week="2012-W17", task="23.05.10", channel="sms", type="guidance", direction="incoming"
    )
    with pytest.raises(komhen.KomhenError) as caught:
        komhen.Cube().add(**(cell | {name: CPR}))
    assert not leaks(str(caught.value)) and not leaks(repr(caught.value))


def test_exceptions_of_the_package_are_masked(tmp_path, good):
    cube = komhen.count(good)
    calls = [
        lambda: komhen.count(tmp_path / CPR),
        lambda: komhen.count(good, encoding=CPR),
        lambda: komhen.count(good, round=CPR),
        lambda: komhen.count(good, round=os.fspath(tmp_path / f"{CPR}.toml")),
        lambda: komhen.load_cube(good.rename(tmp_path / f"{CPR}.csv")),
        lambda: komhen.measure(cube, CPR),
        lambda: komhen.contacts(cube, by=CPR),
        lambda: komhen.contacts(cube, where={CPR: "x"}),
        lambda: komhen.contacts(cube, where={"week": CPR}),
        lambda: komhen.contacts(cube, tasks=[CPR]),
        lambda: komhen.contacts(cube, tasks=CPR),
        lambda: komhen.self_service(cube, basis=CPR),
        lambda: komhen.digital(cube, set=CPR, by="direction"),
        lambda: komhen.contacts(cube, scheme=CPR),
        lambda: komhen.compare_published(CPR),
        lambda: komhen.against_published(cube, CPR),
        lambda: komhen.simulate(tmp_path / "x.csv", round=CPR),
    ]
    for call in calls:
        with pytest.raises(komhen.KomhenError) as caught:
            call()
        assert not leaks(str(caught.value)), caught.value


def test_temporary_files_hold_no_number_while_a_count_runs(tmp_path):
    file = file_of(tmp_path / "a.csv", *[f"{ROW};{CPR}"] * 30_000, header=HEADER + ";unit")
    seen = []

    def look(done, total):
        for path in tmp_path.iterdir():
            if path != file:
                seen.append(path.name)
                assert not leaks(path.read_bytes())

    komhen.count(file, rejects=tmp_path / "r.csv", progress=look)
    assert any(".part" in name for name in seen)


def test_a_file_in_which_no_header_is_found_leaves_nothing_of_itself_in_the_temporary_folder(tmp_path, monkeypatch):
    from komhen._parts import plan_of

    headless = tmp_path / "a.csv"
    headless.write_text(f"person;cpr\nJens Hansen;{CPR}\n" + "x;y\n" * 100)
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    seen = []
    asked = komhen._parts.Plan.counted

    def look(plan, rows, **more):
        seen.append([path.read_bytes() for path in folder.rglob("*") if path.is_file()])
        return asked(plan, rows, **more)

    monkeypatch.setattr(komhen._parts.Plan, "counted", look)
    assert plan_of(None, None, None, None).dimensions_of_file(os.fsencode(headless)) == []
    assert len(seen) > 2 and not any(file for files in seen for file in files)
    with_header = file_of(tmp_path / "b.csv", f"{ROW};{CPR}", header=HEADER + ";event_id")
    assert "event_id" in plan_of(None, None, None, None).dimensions_of_file(os.fsencode(with_header))
