"""Counting: what becomes of every row, in Python and on the command line."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest

import komhen
from support import CPR, HEADER, REASONS, ROW, cli, done, file_of, refused, rejections

FULL = HEADER + ";closure;form;count;source;unit;event_id"
START = "657;2012-04-23;23.05.10;telephone;new_case;incoming"
ACCEPTED = [START + ";closed;paper;3;kø;;e1", START + ";;;1;kø;;", START + ";;;1;;;"]
REJECTED = {  # one row for each reason
    "malformed": "657;2012-04-23",
    "bad_encoding": START + ";;;1;\udce6\udcf8;;",  # two bytes that are not UTF-8
    "personal_data": START + f";;;1;{CPR};;",
    "unknown_municipality": START.replace("657", "411") + ";;;1;;;",
    "bad_date": START.replace("04-23", "02-30") + ";;;1;;;",
    "bad_kle": START.replace("23.05", "23.5") + ";;;1;;;",
    "unknown_task": START.replace("23.05", "23.06") + ";;;1;;;",
    "unknown_channel": START.replace("telephone", "chat") + ";;;1;;;",
    "unknown_type": START.replace("new_case", "1") + ";;;1;;;",
    "unknown_direction": START.replace("incoming", "") + ";;;1;;;",
    "unknown_closure": START + ";maybe;;1;;;",
    "unknown_form": START + ";;maybe;1;;;",
    "bad_count": START + ";;;;;;",
    "bad_label": START + ";;;1;" + "x" * 65 + ";;",
    "outside_round": START.replace("04-23", "05-14") + ";;;1;;;",
    "outside_participation": START.replace("04-23", "04-30") + ";;;1;;;",
    "duplicate_event": START + ";closed;paper;3;kø;;e1",
    "conflicting_event": START + ";closed;paper;4;kø;;e1",
}


@pytest.fixture
def case(tmp_path):
    """A file with every reason, a round with a closed package, and a municipality that counts in one week."""
    (tmp_path / "all.csv").write_bytes(
        "\n".join([FULL, *ACCEPTED, *REJECTED.values(), ""]).encode("utf-8", "surrogateescape")
    )
    (tmp_path / "round.toml").write_text(
        'id = "trial"\nweeks = ["2012-W17", "2012-W18"]\nscheme = "kl-2011"\npackage = ["23.05.10"]\n'
    )
    (tmp_path / "weeks.csv").write_text("municipality;weeks\n657;2012-W17 2012-W20\n")
    return {
        "files": tmp_path / "all.csv",
        "round": tmp_path / "round.toml",
        "participation": tmp_path / "weeks.csv",
        "rejects": tmp_path / "rejects.csv",
    }


def test_rows_read_are_rows_accepted_plus_rows_rejected_reason_by_reason(case):
    assert list(REJECTED) == REASONS
    cube = komhen.count(**case)
    assert rejections(cube) == dict.fromkeys(REASONS, 1)
    assert (cube.outcome.rows_read, cube.outcome.rows_accepted, cube.outcome.contacts) == (21, 3, 5)
    assert (cube.outcome.round, cube.outcome.encoding) == ("trial", "utf-8")


def test_the_command_line_says_what_the_package_says(case):
    options = [part for name in ("round", "participation", "rejects") for part in (f"--{name}", case[name])]
    said = json.loads(done("count", case["files"], *options, "--format", "json"))
    by_command = case["rejects"].read_bytes()
    cube = komhen.count(**case)
    assert said == json.loads(cube.outcome.to_json())
    assert by_command == case["rejects"].read_bytes()


def test_the_reject_file_holds_line_reason_column_and_the_fields_that_were_read(case):
    komhen.count(**case)
    with open(case["rejects"], encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";", strict=True))
    assert list(rows[0]) == (
        "line;reason;column;file;municipality;date;kle;channel;type;direction;closure;form;count;"
        "source;unit;event_id"
    ).split(";")
    assert [(int(row["line"]), row["reason"]) for row in rows] == list(enumerate(REASONS, 5))
    assert {row["file"] for row in rows} == {str(case["files"])}
    named = {row["reason"]: row["column"] for row in rows}
    assert named["malformed"] == named["bad_encoding"] == ""
    assert named["personal_data"] == "source" and named["bad_date"] == named["outside_round"] == "date"
    assert named["unknown_task"] == "kle" and named["conflicting_event"] == "event_id"
    for row in rows[:2]:  # malformed and bad_encoding rows come without text
        assert not any(list(row.values())[4:])
    assert rows[2]["source"] == "***********" and rows[2]["municipality"] == "657"


def test_the_json_of_count_has_exactly_the_designed_shape(tmp_path):
    rows = [ROW + ";note", ROW.replace("telephone", "pigeon") + ";x"]
    file = file_of(tmp_path / "a.csv", *rows, header=HEADER + ";remark")
    text = done("count", file, "--round", "2012-spring", "--format", "json")
    assert list(json.loads(text)["rejected"]) == REASONS
    assert json.loads(text, object_pairs_hook=lambda pairs: pairs if len(pairs) < 9 else dict(pairs)) == [
        ("rows_read", 2),
        ("rows_accepted", 1),
        ("contacts", 1),
        ("rejected", dict.fromkeys(REASONS, 0) | {"unknown_channel": 1}),
        ("encoding", "ascii"),
        ("round", "2012-spring"),
        ("unread_columns", ["remark"]),
    ]
    assert json.loads(done("count", file, "--format", "json"))["round"] is None


def test_the_summary_on_stderr_is_one_line(tmp_path):
    run = cli("count", file_of(tmp_path / "a.csv", ROW, "x"), "--format", "json")
    assert run.stderr == b"komhen: 2 rows read, 1 accepted, 1 rejected: malformed 1\n"


def test_an_unread_column_is_named_and_its_cells_are_stored_and_shown_nowhere(tmp_path):
    file = file_of(tmp_path / "a.csv", ROW + ";secret", "x;;;;;;secret", header=HEADER + ";Navn")
    run = cli("count", file, "--rejects", tmp_path / "r.csv", "--out", tmp_path / "c.cube")
    assert run.stderr.splitlines()[1] == b"komhen: columns that were not read: 'Navn'"
    for text in (run.stdout, run.stderr, (tmp_path / "r.csv").read_bytes(), (tmp_path / "c.cube").read_bytes()):
        assert b"secret" not in text


def test_a_profile_maps_another_file_and_an_unmapped_word_is_rejected(tmp_path):
    (tmp_path / "p.toml").write_text(
        'delimiter = ","\n[municipality]\nvalue = 101\n[date]\ncolumn = "Created"\nformat = "%m/%d/%Y %I:%M:%S %p"\n'
        '[kle]\nvalue = "23.05.10"\n[channel]\ncolumn = "How"\nwords = { PHONE = "telephone" }\notherwise = "reject"\n'
        '[type]\nvalue = "new_case"\n[direction]\nvalue = "incoming"\n'
    )
    (tmp_path / "a.csv").write_text(
        "How,Created,Who\nPHONE,12/31/2012 11:59:59 PM,x\nphone,12/31/2012 11:59:59 PM,x\nPHONE,31/12/2012,x\n"
    )
    cube = komhen.count(tmp_path / "a.csv", profile=tmp_path / "p.toml")
    assert rejections(cube) == {"unknown_channel": 1, "bad_date": 1}
    assert [(c["municipality"], c["week"], c["channel"]) for c in cube.cells()] == [(101, "2013-W01", "telephone")]
    assert cube.outcome.unread_columns == ["Who"]


def test_a_moment_with_a_zone_becomes_its_date_in_copenhagen(tmp_path):
    (tmp_path / "p.toml").write_text(
        '[municipality]\nvalue = 657\n[date]\ncolumn = "at"\nformat = "%FT%T%z"\n[kle]\nvalue = "23.05.10"\n'
        '[channel]\nvalue = "sms"\n[type]\nvalue = "new_case"\n[direction]\nvalue = "incoming"\n'
    )
    # Sunday 22 April 2012 at 22:30 UTC is Monday in Copenhagen; in winter 22:30 UTC on a Sunday still is Sunday.
    (tmp_path / "a.csv").write_text(
        "at\n2012-04-22T22:30:00+0000\n2012-01-22T22:30:00+0000\n2012-01-22T23:30:00+0000\n"
    )
    cube = komhen.count(tmp_path / "a.csv", profile=tmp_path / "p.toml")
    assert [cell["week"] for cell in cube.cells()] == ["2012-W03", "2012-W04", "2012-W17"]


def test_participation_alone_restricts_and_who_is_not_in_it_has_no_weeks(tmp_path):
    (tmp_path / "weeks.csv").write_text("kommune;uger\n0657;2012-W17\nHillerød;2012-W18\n", encoding="utf-8")
    rows = [ROW, ROW.replace("04-23", "04-30"), ROW.replace("657", "219"), ROW.replace("657", "101")]
    cube = komhen.count(file_of(tmp_path / "a.csv", *rows), participation=tmp_path / "weeks.csv")
    assert rejections(cube) == {"outside_participation": 3}
    assert cube.outcome.round is None


def test_a_round_from_toml_gives_weeks_scheme_and_package(case):
    round = komhen.load_round(case["round"])
    assert (round.id, round.weeks, round.scheme) == ("trial", ["2012-W17", "2012-W18"], "kl-2011")
    assert round.package == ["23.05.10"]
    assert komhen.count(case["files"], round=round, participation=case["participation"]).rounds == [round]


@pytest.mark.parametrize(
    "line, key",
    [
        ('sceme = "kl-2011"', "sceme"),
        ('scheme = "kl-2013"', "kl-2013"),
        ('package = ["23.5"]', "23.5"),
        ("[[reclassify]]\nsource = 'x'", "reclassify[1].tasks"),
    ],
)
def test_a_fault_in_a_rounds_file_is_one_sentence_that_names_the_key(tmp_path, line, key):
    (tmp_path / "r.toml").write_text(f'id = "t"\nweeks = ["2012-W17"]\n{line}\n')
    said = refused("count", file_of(tmp_path / "a.csv", ROW), "--round", tmp_path / "r.toml")
    assert key in said


def test_several_files_are_one_call_with_one_memory_of_events(tmp_path):
    event = ROW + ";e1"
    a = file_of(tmp_path / "a.csv", event, ROW + ";", header=HEADER + ";event_id")
    b = file_of(tmp_path / "b.csv", event, ROW + ";", ROW.replace("657", "219") + ";e1", header=HEADER + ";event_id")
    cube = komhen.count([a, b])
    assert (cube.outcome.rows_read, cube.contacts, rejections(cube)) == (5, 4, {"duplicate_event": 1})
    assert komhen.count([a]).contacts + komhen.count([b]).contacts == 5


def test_files_of_different_encodings_are_mixed(tmp_path):
    utf8, latin = tmp_path / "u.csv", tmp_path / "w.csv"
    row = ROW.replace("657", "Hillerød")
    utf8.write_bytes(f"{HEADER}\n{row}\n".encode())
    latin.write_bytes(f"{HEADER}\n{row}\n".encode("cp1252"))
    assert [komhen.count(files).outcome.encoding for files in (utf8, latin, [utf8, latin])] == [
        "utf-8",
        "windows-1252",
        "mixed",
    ]
    assert komhen.count([utf8, latin]).cells()[0]["count"] == 2


def test_the_encoding_option_settles_what_the_file_leaves_open(tmp_path):
    file = tmp_path / "a.csv"
    row = ROW + ";Ã¦\n"  # as Windows-1252: four bytes that are also UTF-8 for æ
    file.write_bytes(f"{HEADER};source\n{row}".encode("cp1252"))
    assert komhen.count(file).cells()[0]["source"] == "æ"
    said = refused("count", file, "--encoding", "windows-1252")
    assert "name the encoding with --encoding" in said
    assert json.loads(done("count", file, "--encoding", "UTF-8", "--format", "json"))["encoding"] == "utf-8"
    assert "'latin-9' is not known" in refused("count", file, "--encoding", "latin-9")


def test_progress_is_told_of_bytes_done_and_bytes_in_all(tmp_path):
    file = file_of(tmp_path / "big.csv", *[ROW] * 20_000)
    calls = []
    komhen.count([file, file], progress=lambda done, total: calls.append((done, total)))
    size = file.stat().st_size
    assert {total for _, total in calls} == {2 * size}
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    assert calls[-1][0] == 2 * size and len(calls) >= 2 * size // 262_144


def test_what_progress_raises_ends_the_count_and_nothing_is_left(tmp_path):
    class Enough(Exception):
        pass

    def progress(done, total):
        raise Enough("of it")

    file = file_of(tmp_path / "a.csv", *["x"] * 50_000)
    (tmp_path / "rejects.csv").write_text("as it was")
    with pytest.raises(Enough, match="of it"):
        komhen.count(file, rejects=tmp_path / "rejects.csv", progress=progress)
    assert sorted(os.listdir(tmp_path)) == ["a.csv", "rejects.csv"]
    assert (tmp_path / "rejects.csv").read_text() == "as it was"


def test_a_failing_call_leaves_the_reject_file_as_it_was(tmp_path):
    (tmp_path / "rejects.csv").write_text("as it was")
    (tmp_path / "b.csv").write_text("no;header\n")
    with pytest.raises(komhen.KomhenError, match="no column municipality"):
        komhen.count([file_of(tmp_path / "a.csv", "x"), tmp_path / "b.csv"], rejects=tmp_path / "rejects.csv")
    assert (tmp_path / "rejects.csv").read_text() == "as it was"
    assert sorted(os.listdir(tmp_path)) == ["a.csv", "b.csv", "rejects.csv"]


@pytest.mark.parametrize("option", ["--rejects", "--out"])
def test_a_file_that_is_read_is_never_written_over(tmp_path, option):
    file = file_of(tmp_path / "a.csv", ROW)
    before = file.read_bytes()
    run = cli("count", file, option, tmp_path / "." / "a.csv")
    assert file.read_bytes() == before
    assert run.returncode == 1 and b"also read" in run.stderr


def test_ctrl_c_ends_a_long_count_with_130_and_one_line(tmp_path):
    piece = f"{ROW}\n".encode() * 100_000
    big = tmp_path / "big.csv"
    with open(big, "wb") as file:
        file.write(f"{HEADER}\n".encode())
        for _ in range(40):  # 210 MB
            file.write(piece)
    options = ["--rejects", tmp_path / "r.csv", "--out", tmp_path / "c.cube"]
    command = [sys.executable, "-m", "komhen", "count", big, *options]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        while not list(tmp_path.glob("r.csv.part*")) and running.poll() is None:  # the count has begun
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        out, errors = running.communicate(timeout=60)
    finally:
        big.unlink()
    assert (running.returncode, out, errors) == (130, b"", b"komhen: stopped\n")
    assert os.listdir(tmp_path) == []


def test_the_saved_cube_of_count_is_the_cube_of_the_package(case, tmp_path):
    done(
        "count",
        case["files"],
        "--round",
        case["round"],
        "--participation",
        case["participation"],
        "--out",
        tmp_path / "x.cube",
    )
    assert komhen.load_cube(tmp_path / "x.cube") == komhen.count(**case)


def test_no_files_are_an_error_and_no_rows_are_none(tmp_path):
    with pytest.raises(komhen.KomhenError, match="no file"):
        komhen.count([])
    assert komhen.count(file_of(tmp_path / "a.csv")).outcome.rows_read == 0


@pytest.mark.parametrize("threads", [None, 1, 2, 64])
def test_threads_change_nothing(tmp_path, threads):
    rows = [START.replace("2012-04-23", f"2012-04-{23 + i % 8}") if i % 50 else "657;2012-04-23" for i in range(90_000)]
    file = tmp_path / "week.csv"
    file.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    cube = komhen.count(file, threads=threads, rejects=tmp_path / "rejects.csv")
    assert cube.outcome.rows_read == 90_000
    assert cube.outcome.rejected["malformed"] == 1_800
    assert cube.contacts == 88_200
    lines = [int(line.split(";")[0]) for line in (tmp_path / "rejects.csv").read_text().splitlines()[1:]]
    assert lines == [2 + i for i in range(0, 90_000, 50)]


@pytest.mark.parametrize("threads", [0, 65, -1])
def test_a_number_of_threads_that_there_cannot_be_is_refused(tmp_path, threads):
    file = tmp_path / "week.csv"
    file.write_text(f"{HEADER}\n{START}\n", encoding="utf-8")
    with pytest.raises(komhen.KomhenError, match="threads"):
        komhen.count(file, threads=threads)
