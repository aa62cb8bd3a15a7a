"""The command line: exit statuses, what goes to which stream, and hosts that are not like ours."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys

import pytest

import komhen
from support import HEADER, ROW, cli, cube_of, done, file_of, one_line, refused

COMMANDS = "tasks municipalities rounds channels published count measure compare prices cost case goals baseline waves simulate doctor".split()
MEASURES = "contacts mix self_service digital first_contact_closure form_share".split()


@pytest.fixture
def file(tmp_path):
    rows = [f"{ROW};closed;none;kø", f"{ROW.replace('telephone', 'self_service')};;digital;kø", f"{ROW};put_aside;;"]
    return file_of(tmp_path / "a.csv", *rows, header=HEADER + ";closure;form;source")


# --- help and usage ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [[], *([command] for command in COMMANDS)])
def test_every_command_has_help(command):
    assert done(*command, "--help").startswith(f"usage: {' '.join(['komhen', *command])}")


def test_the_version_names_the_edition_of_the_method():
    assert done("--version") == f"komhen {komhen.__version__}, {komhen.METHOD_EDITION}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["count"],
        ["count", "x", "--nonsense"],
        ["measure", "nonsense", "x"],
        ["measure", "contacts"],
        ["tasks", "x"],
        ["tasks", "--format", "xml"],
        ["compare", "x"],
        ["compare", "x", "y", "--measure", "contacts"],
        ["measure", "contacts", "x", "--where", "source"],
        ["measure", "contacts", "x", "--where", "=x"],
        ["simulate"],
        ["simulate", "--out", "x", "--rows", "many"],
        ["simulate", "--out", "x", "--seed", "-1"],
        ["simulate", "--ou", "x"],
        ["measure", "contacts", "x", "--wher", "type=new_case"],
        ["simulate", "--out", "x", "--seed", str(2**64)],
    ],
)
def test_wrong_usage_is_status_2_and_one_line_that_says_where_help_is(arguments):
    run = cli(*arguments)
    assert not run.stdout
    assert "--help)" in one_line(run, 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ["count", "missing.csv"],
        ["measure", "contacts", "missing.csv"],
        ["compare", "missing.csv", "missing.csv"],
        ["compare", "published:2012-autumn", "published:2012-spring"],
        ["compare", "published:", "published:2012-spring"],
        ["simulate", "--out", "/nowhere/x.csv"],
        ["simulate", "--out", "x.csv", "--round", "2015-spring"],
        ["simulate", "--out", "x.csv", "--rows", "-1"],
        ["simulate", "--out", "x.csv", "--rows", str(10**30)],
    ],
)
def test_work_that_cannot_be_done_is_status_1_and_one_sentence(tmp_path, arguments):
    where = {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, filter(None, sys.path)))}
    refused(*arguments, cwd=tmp_path, env=where)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "options",
    [
        ["--by", "colour"],
        ["--by", "task,task"],
        ["--where", "channel=pigeon"],
        ["--where", "week=17"],
        ["--tasks", "kl-36"],
        ["--tasks", "missing.txt"],
        ["--scheme", "kl-2013"],
        ["--basis", "everything"],
        ["--where", "channel=sms"],
        ["--where", "direction=outgoing"],
    ],
)
def test_a_question_that_cannot_be_answered_is_one_sentence(tmp_path, options):
    cube_of({}).save(str(tmp_path / "x.cube"))
    refused("measure", "self_service", tmp_path / "x.cube", *options)


@pytest.mark.parametrize("options", [["--by", "colour"], ["--tasks", "missing.txt"], ["--where", "channel=sms"]])
def test_a_question_to_a_file_that_cannot_be_answered_is_one_sentence_too(file, options):
    refused("measure", "self_service", file, *options)


def test_rejected_rows_are_work_done(tmp_path):
    assert cli("count", file_of(tmp_path / "a.csv", "x", "y")).returncode == 0


@pytest.mark.parametrize("option", ["round", "participation", "profile", "encoding"])
def test_an_option_of_reading_is_refused_where_nothing_is_read(tmp_path, option):
    cube_of({}).save(str(tmp_path / "x.cube"))
    assert f"--{option} applies to registration files" in refused(
        "measure", "contacts", tmp_path / "x.cube", f"--{option}", "x"
    )


# --- formats ----------------------------------------------------------------------------------------------------------


def every_command(file, tmp_path):
    yield from ([name] for name in ("tasks", "municipalities", "rounds", "channels", "published", "doctor"))
    yield ["count", file, "--round", "2012-spring"]
    for name in MEASURES:
        yield [
            "measure",
            name,
            file,
            "--by",
            "source,channel" if name == "mix" else "task,source",
            *(["--set", "effective", "--where", "direction=incoming"] if name == "digital" else []),
        ]
    yield ["compare", file, file, "--by", "task"]
    yield ["compare", "published:2011-autumn", "published:2012-spring"]
    yield ["compare", "published:2012-spring", file]
    yield ["compare", file, "published:2011-autumn"]


def test_every_command_speaks_table_csv_and_json(file, tmp_path):
    for arguments in every_command(file, tmp_path):
        table, comma, parsed = (done(*arguments, "--format", form) for form in ("table", "csv", "json"))
        assert done(*arguments) == table
        rows = list(csv.reader(comma.splitlines(), strict=True))
        assert len(rows) > 1 and len({len(row) for row in rows}) == 1, arguments
        parsed = json.loads(parsed)
        if isinstance(parsed, dict):
            parsed = parsed.get("rows", rows[1:])
        assert len(parsed) == len(rows) - 1, arguments
        assert len(table.splitlines()) >= 3 and not any(line != line.rstrip() for line in table.splitlines())


def test_the_built_in_tables_are_whole():
    assert len(json.loads(done("tasks", "--format", "json"))) == 35
    assert len(json.loads(done("municipalities", "--format", "json"))) == 98
    assert [row["id"] for row in json.loads(done("rounds", "--format", "json"))] == [
        "2011-autumn",
        "2012-spring",
        "2012-autumn",
        "2015-spring",
    ]
    assert len(json.loads(done("channels", "--format", "json"))) == 11


def test_the_json_of_measure_has_the_designed_shape(file):
    said = json.loads(
        done("measure", "self_service", file, "--by", "municipality,week,task,source", "--format", "json")
    )
    assert {key: said[key] for key in ("measure", "by", "tasks", "scheme")} == {
        "measure": "self_service",
        "by": ["municipality", "week", "task", "source"],
        "tasks": "all",
        "scheme": "kl-2012",
    }
    where = {"municipality": 657, "week": "2012-W17", "task": "23.05.10"}
    assert said["rows"] == [
        where | {"source": "", "numerator": 0, "denominator": 1, "share": "0.000000"},
        where | {"source": "kø", "numerator": 1, "denominator": 2, "share": "0.500000"},
    ]
    said = json.loads(done("measure", "contacts", file, "--by", "closure", "--tasks", "kl-35", "--format", "json"))
    assert said["tasks"] == "kl-35"
    assert said["rows"] == [{"closure": c, "contacts": 1} for c in ("not_stated", "closed", "put_aside")]


def test_a_printed_per_cent_is_rounded_half_up_from_the_exact_fraction(tmp_path):
    cube_of({"channel": "self_service", "count": 1}, {"count": 199}).save(str(tmp_path / "x.cube"))
    assert done("measure", "self_service", tmp_path / "x.cube").splitlines()[-1].split() == ["1", "200", "1", "%"]
    assert done("measure", "self_service", tmp_path / "x.cube", "--format", "csv").endswith("1,200,0.005000\n")


# --- other hosts ------------------------------------------------------------------------------------------------------

PLAIN_C = {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""}


HOSTS = pytest.mark.parametrize(
    "env",
    [PLAIN_C, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii:strict"}],
    ids=["plain C", "C as Python mends it", "ascii streams"],
)


@HOSTS
def test_under_a_locale_without_danish_letters_the_data_is_utf_8_all_the_same(file, env):
    for arguments in (
        ["tasks"],
        ["compare", "published:2012-spring", file],
        ["measure", "contacts", file, "--by", "source"],
    ):
        for form in ("table", "csv", "json"):
            assert done(*arguments, "--format", form, env=env) == done(*arguments, "--format", form)


@HOSTS
def test_under_a_locale_without_danish_letters_an_argument_may_have_them(file, tmp_path, env):
    text = done("measure", "contacts", file, "--by", "source", "--where", "source=kø", "--format", "csv", env=env)
    assert text == "source,contacts\nkø,2\n"
    refused("count", tmp_path / "blåbærgrød.csv", env=env)


def test_a_reader_that_stops_early_ends_the_command_quietly():
    command = subprocess.Popen(
        [sys.executable, "-m", "komhen", "published"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    command.stdout.read(10)
    command.stdout.close()
    assert command.stderr.read() == b""
    assert command.wait(60) in (0, -signal.SIGPIPE)
    shell = f"{sys.executable} -m komhen municipalities --format csv | head -1"
    run = subprocess.run(["sh", "-c", shell], capture_output=True, timeout=60)
    assert (run.returncode, run.stdout, run.stderr) == (0, b"code,name\n", b"")


@pytest.mark.parametrize("arguments", [["tasks"], ["tasks", "--format", "json"], ["doctor"], ["count", "FILE"]])
def test_a_closed_standard_output_is_no_traceback(file, arguments):
    words = [str(file) if word == "FILE" else word for word in arguments]
    run = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "komhen", *words], stderr=subprocess.PIPE, timeout=60
    )
    assert b"Traceback" not in run.stderr and run.returncode in (0, 1)


def test_a_closed_standard_error_does_not_keep_the_work_from_being_done(file):
    run = subprocess.run(
        ["sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-m", "komhen", "count", file, "--format", "json"],
        stdout=subprocess.PIPE,
        timeout=60,
    )
    assert run.returncode == 0 and json.loads(run.stdout)["rows_read"] == 3


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
@pytest.mark.parametrize("arguments", [["tasks"], ["published", "--format", "json"], ["--help"]])
def test_a_full_disk_behind_standard_output_is_one_sentence(arguments):
    with open("/dev/full", "wb") as full:
        run = cli(*arguments, stdout=full)
    if arguments != ["--help"]:  # argparse prints help by itself
        assert "No space left" in one_line(run, 1)
    assert b"Traceback" not in run.stderr


# --- names that are not UTF-8 -----------------------------------------------------------------------------------------


@pytest.fixture
def latin(tmp_path):
    """A folder whose name is Windows-1252."""
    folder = os.fsencode(tmp_path) + b"/bl\xe5"
    os.mkdir(folder)
    return folder


def test_files_whose_names_are_not_utf_8_are_read_and_written(latin):
    with open(latin + b"/a\xf8.csv", "w") as file:
        file.write(f"{HEADER}\n{ROW}\nx\n")
    said = done(
        "count",
        latin + b"/a\xf8.csv",
        "--rejects",
        latin + b"/r\xe6.csv",
        "--out",
        latin + b"/c\xe6.cube",
        "--format",
        "json",
    )
    assert json.loads(said)["rows_read"] == 2
    assert sorted(os.listdir(latin)) == [b"a\xf8.csv", b"c\xe6.cube", b"r\xe6.csv"]
    assert json.loads(done("measure", "contacts", latin + b"/c\xe6.cube", "--format", "json"))["rows"] == [
        {"contacts": 1}
    ]
    assert komhen.load_cube(os.fsdecode(latin + b"/c\xe6.cube")).contacts == 1


def test_the_reject_file_is_utf_8_whatever_the_files_are_called(latin):
    with open(latin + b"/a\xf8.csv", "w") as file:
        file.write(f"{HEADER}\nx\n")
    done("count", latin + b"/a\xf8.csv", "--rejects", latin + b"/r.csv")
    with open(latin + b"/r.csv", "rb") as out:
        out.read().decode("utf-8")


def test_a_missing_file_whose_name_is_not_utf_8_is_one_sentence(latin):
    assert "does not exist" in refused("count", latin + b"/\xff.csv")
    refused("count", latin + b"/\xff.csv", env=PLAIN_C)


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_task_set_whose_name_is_not_utf_8_is_named_all_the_same(latin, file, form):
    with open(latin + b"/t\xe6.txt", "w") as tasks:
        tasks.write("23.05.10\n")
    assert "3" in done("measure", "contacts", file, "--tasks", latin + b"/t\xe6.txt", "--format", form)


@pytest.mark.parametrize("option", ["--by", "--where", "--without", "--basis", "--scheme", "--set", "--tasks"])
def test_an_option_that_is_not_utf_8_is_one_sentence_and_no_traceback(tmp_path, option):
    cube_of({}).save(str(tmp_path / "x.cube"))
    value = b"channel=\xff" if option in ("--where", "--without") else b"\xff"
    one_line(cli("measure", "contacts", tmp_path / "x.cube", option, value), 1)


@pytest.mark.parametrize(
    "arguments",
    [
        [b"count", b"FILE", b"--encoding", b"\xff"],
        [b"compare", b"published:\xff", b"published:2012-spring"],
        [b"simulate", b"--round", b"\xff", b"--out", b"/nowhere/x"],
    ],
)
def test_a_word_that_is_not_utf_8_is_one_sentence_and_no_traceback(file, arguments):
    one_line(cli(*(os.fsencode(file) if word == b"FILE" else word for word in arguments)), 1)


def test_usage_with_words_that_are_not_utf_8_is_one_line(file):
    one_line(cli(b"\xff"), 2)
    one_line(cli("tasks", b"--\xff"), 2)
    one_line(cli("measure", "contacts", file, "--where", b"\xff"), 2)


# --- labels in tables -------------------------------------------------------------------------------------------------


def test_html_and_markup_in_a_label_stay_text_in_every_format(tmp_path):
    label = "<script>alert(1)</script>[red]x[/]"
    file = file_of(tmp_path / "a.csv", f"{ROW};{label}", header=HEADER + ";source")
    for form in ("table", "csv", "json"):
        assert label in done("measure", "contacts", file, "--by", "source", "--format", form)


def test_a_label_with_separators_and_quotes_stays_one_cell_of_csv(tmp_path):
    label = 'a,b;"c"'
    file = file_of(tmp_path / "a.csv", ROW + ';"a,b;""c"""', header=HEADER + ";source")
    text = done("measure", "contacts", file, "--by", "source", "--format", "csv")
    assert list(csv.reader(text.splitlines(), strict=True)) == [["source", "contacts"], [label, "1"]]


def on_a_terminal(columns, *arguments):
    """What a command shows on a terminal of this width."""
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    env = {"COLUMNS": str(columns), "TERM": "dumb"}
    with subprocess.Popen(
        [sys.executable, "-m", "komhen", *map(str, arguments)], stdout=follower, env={**os.environ, **env}
    ) as process:
        os.close(follower)
        said = b""
        try:
            while read := os.read(leader, 65536):
                said += read
        except OSError:
            pass
        process.wait(timeout=60)
    os.close(leader)
    return said.decode()


def test_no_label_is_cut_off_on_a_narrow_terminal(tmp_path):
    units = ("Borgerservicecenter-Vest", "Borgerservicecenter-Syd")
    path = file_of(tmp_path / "units.csv", *(f"{ROW};{unit}" for unit in units), header=f"{HEADER};unit")
    shown = on_a_terminal(50, "measure", "contacts", path, "--by", "municipality,task,channel,unit")
    assert all(unit in shown for unit in units) and "\u2026" not in shown


def test_by_named_again_adds_dimensions(file):
    said = json.loads(done("measure", "contacts", file, "--by", "task", "--by", "channel", "--format", "json"))
    assert said["by"] == ["task", "channel"]


def test_spaces_around_the_values_of_a_filter_are_no_part_of_them(file):
    options = ("--by", "channel", "--format", "json")
    close = done("measure", "contacts", file, "--where", "channel=telephone,email", *options)
    assert done("measure", "contacts", file, "--where", "channel = telephone, email", *options) == close


def test_a_seed_is_a_whole_number_in_digits(tmp_path):
    assert "whole number from 0" in one_line(cli("simulate", "--out", tmp_path / "a.csv", "--seed", "\u00b2"), 2)


def test_the_note_on_unread_columns_is_short_whatever_their_names(tmp_path):
    path = file_of(tmp_path / "wide.csv", f"{ROW};1;2", header=f"{HEADER};{'x' * 5000};")
    said = cli("count", path).stderr.decode()
    assert "'xxx" in said and "without a name" in said and len(said) < 400


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_full_disk_behind_standard_error_does_not_keep_the_work_from_being_done(file):
    with open("/dev/full", "wb") as full:
        run = cli("count", file, "--format", "json", stderr=full)
        assert (run.returncode, json.loads(run.stdout)["rows_read"]) == (0, json.loads(run.stdout)["rows_accepted"])
        assert cli("nix", stderr=full).returncode == 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_full_disk_behind_standard_output_is_named():
    with open("/dev/full", "wb") as full:
        assert "standard output cannot be written" in one_line(cli("tasks", stdout=full), 1)


# --- what counts twice, what is written out -----------------------------------------------------------------------------


def test_a_saved_cube_that_is_named_twice_is_refused_and_a_copy_of_it_is_told_of(tmp_path):
    cube_of({}).save(tmp_path / "a.cube")
    (tmp_path / "b.cube").write_bytes((tmp_path / "a.cube").read_bytes())
    os.link(tmp_path / "a.cube", tmp_path / "hard.cube")
    os.symlink(tmp_path / "a.cube", tmp_path / "soft.cube")
    for other in ("a.cube", "hard.cube", "soft.cube"):
        assert "is named twice" in refused("measure", "contacts", tmp_path / "a.cube", tmp_path / other)
    run = cli("measure", "contacts", tmp_path / "a.cube", tmp_path / "b.cube", "--format", "csv")
    assert run.returncode == 0 and run.stdout.split() == [b"contacts", b"2"] and b"holds the same as" in run.stderr
    komhen.Cube().save(tmp_path / "none.cube")
    komhen.Cube().save(tmp_path / "nothing.cube")
    assert not cli("measure", "contacts", tmp_path / "none.cube", tmp_path / "nothing.cube").stderr


def test_an_option_is_written_out():
    assert "--forma" in one_line(cli("tasks", "--forma", "csv"), 2)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["count", "--help"]])
def test_help_that_cannot_be_written_is_an_error(arguments):
    with open("/dev/full", "wb") as full:
        assert "cannot be written" in one_line(cli(*arguments, stdout=full), 1)
