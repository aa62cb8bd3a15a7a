"""What files really hold: each trap ends in a counted rejection or one clear sentence, never in a hang."""

from __future__ import annotations

import csv
import json
import locale
import os
import time

import pytest

import komhen
from support import HEADER, ROW, cli, cube_of, done, file_of, one_line, refused, rejections

WEEKED = HEADER.replace("date", "week")
COUNTED = HEADER + ";count"


def counted(path, data: bytes, **options):
    """The count of these bytes, which are a whole file; it is quick."""
    path.write_bytes(data)
    begin = time.monotonic()
    cube = komhen.count(path, **options)
    assert time.monotonic() - begin < 20
    rejections(cube)
    return cube


# --- weeks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "date, week",
    [
        ("2009-12-28", "2009-W53"),
        ("2010-01-03", "2009-W53"),
        ("2010-01-04", "2010-W01"),
        ("2012-12-31", "2013-W01"),
        ("2015-12-28", "2015-W53"),
        ("2016-01-03", "2015-W53"),
        ("2016-01-04", "2016-W01"),
        ("2021-01-03", "2020-W53"),
        ("2026-12-31", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("1990-01-01", "1990-W01"),
        ("2068-07-01", "2068-W26"),
        ("29-02-2012", "2012-W09"),
        ("29.02.2012", "2012-W09"),
    ],
)
def test_a_date_belongs_to_its_iso_week_and_iso_year(tmp_path, date, week):
    cube = komhen.count(file_of(tmp_path / "a.csv", ROW.replace("2012-04-23", date)))
    assert [cell["week"] for cell in cube.cells()] == [week]


@pytest.mark.parametrize("year, last", [(2009, 53), (2015, 53), (2020, 53), (2026, 53), (2012, 52), (2013, 52)])
def test_only_years_with_a_week_53_have_one(tmp_path, year, last):
    rows = [ROW.replace("2012-04-23", f"{year}-W{week:02}") for week in (0, 1, 52, 53, 54)]
    cube = komhen.count(file_of(tmp_path / "a.csv", *rows, header=WEEKED))
    assert cube.contacts == (3 if last == 53 else 2)
    assert rejections(cube) == {"bad_date": 5 - cube.contacts}


@pytest.mark.parametrize(
    "date",
    [
        "1989-12-31",
        "2068-07-02",
        "2013-02-29",
        "2012-13-01",
        "2012-04-31",
        "23-4-2012",
        "23/04/2012",
        "04.23.2012",
        "2012-04-23T00:00",
        "20120423",
        "",
        "9999999999-01-01",
        "-012-04-23",
    ],
)
def test_a_date_that_does_not_exist_or_lies_outside_is_a_bad_date(tmp_path, date):
    assert rejections(komhen.count(file_of(tmp_path / "a.csv", ROW.replace("2012-04-23", date)))) == {"bad_date": 1}


# --- counts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", ["1", "0000000001", "2147483647", " 7 ", '"7"'])
def test_a_row_may_count_from_1_to_2_to_the_31_less_1(tmp_path, count):
    cube = komhen.count(file_of(tmp_path / "a.csv", f"{ROW};{count}", header=COUNTED))
    assert cube.contacts == int(count.strip('"'))


@pytest.mark.parametrize(
    "count",
    [
        "",
        "0",
        "-1",
        "+1",
        "1.0",
        "1,0",
        "1e3",
        "0x1",
        "1 000",
        "00000000001",
        "2147483648",
        "4294967296",
        "4294967297",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551617",
        "９",
        "١",
    ],
)
def test_any_other_count_is_a_bad_count_and_never_another_number(tmp_path, count):
    cube = komhen.count(file_of(tmp_path / "a.csv", f'{ROW};"{count}"', header=COUNTED))
    assert rejections(cube) == {"bad_count": 1} and cube.contacts == 0


@pytest.mark.parametrize("count", [2**31 - 1, 2**32, 2**53 + 1, 2**63 - 1])
def test_a_cube_holds_counts_exactly_up_to_2_to_the_63_less_1(count, tmp_path):
    cube = cube_of({"count": count})
    cube.save(str(tmp_path / "x.cube"))
    assert json.loads(done("measure", "contacts", tmp_path / "x.cube", "--format", "json"))["rows"] == [
        {"contacts": count}
    ]
    assert komhen.contacts(cube).to_pylist() == [{"contacts": count}]
    assert komhen.mix(cube, "channel").to_pylist()[0]["share"] == 1


def test_an_overflow_is_refused_and_leaves_the_cube_as_it_was(tmp_path):
    full = cube_of({"count": 2**63 - 1})
    before = full.to_bytes()
    with pytest.raises(komhen.KomhenError, match="9223372036854775807"):
        full.merge(cube_of({"channel": "sms"}))
    with pytest.raises(komhen.KomhenError, match="9223372036854775807"):
        full.add(
            municipality=101, week="2012-W17", task="23.05.10", channel="sms", type="guidance", direction="incoming"
        )
    assert full.to_bytes() == before
    full.save(str(tmp_path / "full.cube"))
    file = file_of(tmp_path / "a.csv", ROW)
    said = cli("measure", "contacts", tmp_path / "full.cube", file)
    assert said.returncode == 1 and b"9223372036854775807" in said.stderr and b"Traceback" not in said.stderr


# --- locales and letters ----------------------------------------------------------------------------------------------


def test_the_hosts_decimal_comma_changes_no_figure(tmp_path):
    """LC_NUMERIC with a comma, in the process and in its environment."""
    for name in ("da_DK.UTF-8", "da_DK.utf8", "de_DE.UTF-8", "fr_FR.UTF-8"):
        try:
            locale.setlocale(locale.LC_ALL, name)
            break
        except locale.Error:
            continue
    else:
        pytest.skip("no locale with a decimal comma is installed (apt-get install locales, then da_DK.UTF-8)")
    try:
        assert locale.localeconv()["decimal_point"] == ","
        cube = cube_of({"channel": "self_service", "count": 1000}, {"count": 2000})
        assert '"share":"0.333333"' in komhen.self_service(cube).to_json()
        assert "1000,3000,0.333333" in komhen.self_service(cube).to_csv()
    finally:
        locale.setlocale(locale.LC_ALL, "C")
    text = done("measure", "self_service", file_of(tmp_path / "a.csv", ROW), "--format", "csv", env={"LC_ALL": name})
    assert text == "numerator,denominator,share\n0,1,0.000000\n"


def test_turkish_casing_does_not_apply_and_danish_casing_does(tmp_path):
    rows = [
        ROW.replace("incoming", "INCOMING"),  # a Turkish host's lower case of I is ı
        ROW.replace("incoming", "İncoming"),  # the Turkish letters are no i
        ROW.replace("incoming", "ıncoming"),
        ROW.replace("incoming", "INDGÅENDE"),
        ROW.replace("657", "HILLERØD").replace("telephone", "PERSONLIGT FREMMØDE"),
    ]
    cube = komhen.count(file_of(tmp_path / "a.csv", *rows, header=HEADER.upper()))
    assert rejections(cube) == {"unknown_direction": 2}
    for name in ("tr_TR.UTF-8", "da_DK.UTF-8", "C"):  # what the environment says makes no difference
        said = done("count", tmp_path / "a.csv", "--format", "json", env={"LC_ALL": name, "LANG": name})
        assert json.loads(said)["rows_accepted"] == 3


@pytest.mark.parametrize("name", ["A\u030arhus", "Århus", "aarhus", "ÅRHUS", "a\u030aRHUS"])
def test_a_decomposed_aa_is_an_aa(tmp_path, name):
    cube = komhen.count(file_of(tmp_path / "a.csv", ROW.replace("657", name)))
    assert [cell["municipality"] for cell in cube.cells()] == [751]


def test_no_break_spaces_around_a_field_are_trimmed_inside_quotes_too(tmp_path):
    cube = komhen.count(file_of(tmp_path / "a.csv", ROW.replace("telephone", '"\u00a0 telephone\t\u00a0"')))
    assert cube.contacts == 1


# --- bytes ------------------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_not_part_of_the_first_column(tmp_path):
    cube = counted(tmp_path / "a.csv", b"\xef\xbb\xbf" + f"{HEADER}\n{ROW}\n".encode())
    assert cube.contacts == 1 and cube.outcome.encoding == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_with_a_sentence_that_says_how_to_save_the_file(tmp_path, encoding):
    file = tmp_path / "a.csv"
    file.write_bytes(f"\ufeff{HEADER}\n{ROW}\n".encode(encoding))
    assert "UTF-16; save it as" in refused("count", file)
    assert "UTF-16" in refused("count", file_of(tmp_path / "b.csv", ROW), "--participation", file)
    assert "UTF-16" in refused("count", tmp_path / "b.csv", "--profile", file)
    assert "UTF-16" in refused("count", tmp_path / "b.csv", "--round", tmp_path / "." / "a.csv")


def test_utf_16_without_a_mark_is_refused_for_its_header(tmp_path):
    (tmp_path / "a.csv").write_bytes(f"{HEADER}\n{ROW}\n".encode("utf-16-le"))
    assert "header" in refused("count", tmp_path / "a.csv")


def test_nul_bytes_are_counted_rejections_and_reach_no_output(tmp_path):
    rows = [ROW.replace("telephone", "tele\0phone"), ROW + "\0", "\0", ROW, ROW.replace("657", "65\x007")]
    (tmp_path / "a.csv").write_bytes("\n".join([HEADER, *rows]).encode())
    run = cli("count", tmp_path / "a.csv", "--rejects", tmp_path / "r.csv", "--format", "json")
    assert json.loads(run.stdout)["rows_accepted"] == 1
    assert json.loads(run.stdout)["rows_read"] == 5
    assert b"\0" not in run.stdout + run.stderr + (tmp_path / "r.csv").read_bytes()


def test_a_nul_byte_in_a_label_is_a_bad_label(tmp_path):
    cube = counted(tmp_path / "a.csv", f"{HEADER};source\n{ROW};a\0b\n".encode())
    assert rejections(cube) == {"bad_label": 1}


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_line_ends_are_lf_crlf_or_cr(tmp_path, end):
    cube = counted(tmp_path / "a.csv", end.join([HEADER, ROW, "", ROW, "x"]).encode(), rejects=tmp_path / "r.csv")
    assert cube.contacts == 2 and rejections(cube) == {"malformed": 1}
    assert (tmp_path / "r.csv").read_text().splitlines()[1].startswith("5;malformed")


def test_a_quoted_field_of_10_mb_is_one_malformed_row_and_reading_resumes_behind_it(tmp_path):
    data = f'{HEADER}\n657;"{"x" * 10_000_000}";23.05.10;sms;guidance;incoming\n{ROW}\n'.encode()
    cube = counted(tmp_path / "a.csv", data)
    assert cube.contacts == 1 and rejections(cube) == {"malformed": 1}


def test_a_quoted_field_of_10_mb_with_line_ends_costs_its_lines_and_no_other(tmp_path):
    field = "\n".join(["x" * 99] * 100_000)
    cube = counted(tmp_path / "a.csv", f'{HEADER}\n657;"{field}";23.05.10;sms;guidance;incoming\n{ROW}\n'.encode())
    assert cube.contacts == 1 and set(rejections(cube)) == {"malformed"}


def test_a_record_of_just_a_mebibyte_is_read_and_one_byte_more_is_not(tmp_path):
    room = 1_048_576 - len(ROW) - 1
    data = "\n".join([HEADER + ";remark", ROW + ";" + "x" * room, ROW + ";" + "x" * (room + 1), ROW + ";"]).encode()
    cube = counted(tmp_path / "a.csv", data)
    assert cube.contacts == 2 and rejections(cube) == {"malformed": 1}


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path):
    rows = [ROW, ROW.replace("telephone", '"telephone'), *[ROW] * 100]
    cube = komhen.count(file_of(tmp_path / "a.csv", *rows))
    assert cube.contacts == 101 and rejections(cube) == {"malformed": 1}


@pytest.mark.parametrize("bad", ['657;"2012', '"', '657;"a";"b', '657;"a""'])
def test_300_000_quotes_that_are_never_closed_take_seconds(tmp_path, bad):
    cube = counted(tmp_path / "a.csv", "\n".join([HEADER, *[bad] * 300_000, ROW, ""]).encode())
    assert cube.outcome.rows_read >= 100_000
    assert cube.outcome.rejected["malformed"] == cube.outcome.rows_rejected


def test_an_endless_line_of_separators_is_one_malformed_row(tmp_path):
    cube = counted(tmp_path / "a.csv", f"{HEADER}\n".encode() + b";" * 30_000_000 + f"\n{ROW}\n".encode())
    assert cube.contacts == 1 and rejections(cube) == {"malformed": 1}


def test_a_header_of_50_000_columns_is_read_without_squaring_their_number(tmp_path):
    begin = time.monotonic()
    header = HEADER + ";" + ";".join(f"c{i}" for i in range(50_000))
    cube = counted(tmp_path / "a.csv", f"{header}\n{ROW}{';' * 50_000}\n".encode())
    assert cube.contacts == 1 and len(cube.outcome.unread_columns) == 50_000
    assert time.monotonic() - begin < 1.5  # 180,000 fit into a record


# --- no rows, and no file ---------------------------------------------------------------------------------------------


def test_a_file_with_only_a_header_has_no_rows(tmp_path):
    for data in (HEADER, HEADER + "\n", f"\n \n{HEADER}\r\n\r\n", f"sep=;\n{HEADER}"):
        (tmp_path / "a.csv").write_text(data)
        assert json.loads(done("count", tmp_path / "a.csv", "--format", "json"))["rows_read"] == 0


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b" \r\n\t\n", b"sep=;", b"sep=;\n"])
def test_an_empty_file_is_refused_because_it_has_no_header(tmp_path, data):
    (tmp_path / "a.csv").write_bytes(data)
    assert "is empty; it must begin with a header row" in refused("count", tmp_path / "a.csv")


@pytest.mark.parametrize(
    "header, named",
    [
        (HEADER.replace("kle;", ""), "kle"),
        (HEADER.replace("date;", ""), "week"),
        (HEADER + ";kanal", "'kanal'"),
        (HEADER + ";KANAL", "'KANAL'"),
        ("x", "municipality"),
        ('"' + HEADER, "quote"),
        (HEADER + ';"a"b', "header"),
    ],
)
def test_a_header_that_cannot_be_used_is_one_sentence_that_names_the_column(tmp_path, header, named):
    assert named in refused("count", file_of(tmp_path / "a.csv", ROW, header=header))


OPTIONS = ["FILE", "--participation", "--profile", "--round", "--tasks"]


def given(option, path, tmp_path):
    """A command that reads `path` in one of the ways a path can be given."""
    good = file_of(tmp_path / "good.csv", ROW)
    files = [path] if option == "FILE" else [good, option, path]
    return ["measure", "contacts", *files]


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("kind", ["a directory", "a fifo", "missing", "below a file", "a device", "a zero device"])
def test_what_is_no_regular_file_is_refused_by_name_and_never_waited_for(tmp_path, option, kind):
    path = tmp_path / "it.toml"
    if kind == "a directory":
        path.mkdir()
    elif kind == "a fifo":
        os.mkfifo(path)
    elif kind == "below a file":
        path.write_text("")
        path = path / "x"
    elif kind == "a device":
        path = "/dev/null"
    elif kind == "a zero device":
        path = "/dev/zero"
    run = cli(*given(option, path, tmp_path))
    assert run.returncode == 1 and b"Traceback" not in run.stderr
    said = run.stderr.decode().splitlines()[-1]  # the summary of the count may stand before it
    what = {"a directory": "is a directory", "a fifo": "is a pipe", "missing": "does not exist"}
    assert what.get(kind, "") in said
    assert said.startswith("komhen: the file '")


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_refused(tmp_path, option):
    path = file_of(tmp_path / "it.toml", ROW)
    path.chmod(0)
    run = cli(*given(option, path, tmp_path))
    assert run.returncode == 1 and b"may not be opened by this user" in run.stderr.splitlines()[-1]


@pytest.mark.parametrize("kind", ["a directory", "a fifo", "a missing directory", "a device"])
@pytest.mark.parametrize("option", ["--rejects", "--out"])
def test_where_nothing_can_be_written_the_count_says_so_in_one_sentence(tmp_path, option, kind):
    path = tmp_path / "it"
    if kind == "a directory":
        path.mkdir()
    elif kind == "a fifo":
        os.mkfifo(path)
    elif kind == "a missing directory":
        path = path / "x.csv"
    else:
        path = "/dev/null"
    run = cli("count", file_of(tmp_path / "a.csv", ROW), option, path)
    assert b"Traceback" not in run.stderr and run.returncode == 1
    last = run.stderr.decode().splitlines()[-1]
    assert last.startswith("komhen: the file '") and not run.stdout


def test_an_empty_name_is_refused(tmp_path):
    assert "a file name is empty" in refused("count", "")
    with pytest.raises(komhen.KomhenError, match="NUL byte"):
        komhen.count(str(tmp_path / "a\0b"))


def test_a_file_that_another_process_cuts_short_while_it_is_read_does_no_harm(tmp_path):
    file = file_of(tmp_path / "a.csv", *[ROW] * 50_000)
    size = file.stat().st_size

    def cut(done, total):
        os.truncate(file, size // 2)

    cube = komhen.count(file, progress=cut)
    assert 0 < cube.outcome.rows_read < 50_000


def test_the_sentence_names_the_file_though_its_folder_has_a_long_name(tmp_path):
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    assert "week17.csv" in refused("count", folder / "week17.csv")


@pytest.mark.parametrize("option", ["--profile", "--round"])
@pytest.mark.parametrize(
    "text", ["[" * 100_000, "a" + ".a" * 100_000 + "=1", "x = " + "{a=" * 50_000, "\0", "=", "\xff"]
)
def test_toml_that_is_deep_or_broken_is_one_sentence(tmp_path, option, text):
    (tmp_path / "x.toml").write_bytes(text.encode("latin-1"))
    assert "is not TOML" in refused("count", file_of(tmp_path / "a.csv", ROW), option, tmp_path / "x.toml")


# --- spreadsheets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", '=HYPERLINK("x";"y")', "=1,2"])
def test_a_label_that_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe_in_csv(tmp_path, label):
    cell = '"' + label.replace('"', '""') + '"'
    header = HEADER + ";source;unit"
    file = file_of(tmp_path / "a.csv", f"{ROW};x;{cell}", f"x{ROW};x;{cell}", f"{ROW};{cell};", header=header)
    done("count", file, "--rejects", tmp_path / "r.csv")
    measured = done("measure", "contacts", file, "--by", "unit,source", "--format", "csv")
    rows = list(csv.reader(measured.splitlines(), strict=True))
    kept = label.strip()  # fields are trimmed of spaces
    assert rows == [["unit", "source", "contacts"], ["", "'" + kept, "1"], ["'" + kept, "x", "1"]]
    with open(tmp_path / "r.csv", encoding="utf-8", newline="") as out:
        assert [row["unit"] for row in csv.DictReader(out, delimiter=";", strict=True)] == ["'" + kept]
    rows = json.loads(done("measure", "contacts", file, "--by", "unit", "--format", "json"))["rows"]
    assert {row["unit"] for row in rows} == {"", kept}  # JSON is for programs


def test_a_tab_or_line_end_before_a_formula_in_the_reject_file_does_not_hide_it(tmp_path):
    rows = [ROW.replace("telephone", '"\n=1+1"'), ROW.replace("telephone", '"\r=1+1"'), ROW.replace("telephone", "'=1")]
    done("count", file_of(tmp_path / "a.csv", *rows), "--rejects", tmp_path / "r.csv")
    with open(tmp_path / "r.csv", encoding="utf-8", newline="") as out:
        cells = [row["channel"] for row in csv.DictReader(out, delimiter=";", strict=True)]
    assert cells == ["'\n=1+1", "'\r=1+1", "'=1"]


def test_a_rounds_id_that_is_a_formula_is_text_in_csv(tmp_path):
    for id in ("=1+1", " =1+1"):
        (tmp_path / "r.toml").write_text(f"id = '{id}'\nweeks = ['2012-W17']\n")
        text = done("count", file_of(tmp_path / "a.csv", ROW), "--round", tmp_path / "r.toml", "--format", "csv")
        assert text.splitlines()[-1] == f"round,'{id}"


def test_control_characters_reach_no_terminal(tmp_path):
    header = HEADER + ";\x1b[31mred;a\u009bb;c\x07"
    run = cli("count", file_of(tmp_path / "a.csv", f"x{ROW};;;", header=header), "--rejects", tmp_path / "r.csv")
    assert not set(run.stdout + run.stderr) & {0x1B, 0x07, 0x9B}
    said = one_line(cli("count", os.fsencode(tmp_path / "\x1b[31m\n.csv")), 1)
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("first", "named"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office file"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (komhen.Cube().to_bytes(), "saved cube"),
    ],
)
def test_a_file_of_another_kind_is_refused_for_what_it_is(tmp_path, first, named):
    path = tmp_path / "week.csv"
    path.write_bytes(first + b"\nmunicipality;date")
    said = refused("count", path)
    assert named in said and "week.csv" in said
