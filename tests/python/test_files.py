"""What the report, pictures and the command line write: whole or not at all, and never over what was read."""

from __future__ import annotations

import errno
import os
import resource
import stat
import subprocess
import sys

import pytest

import komhen
from komhen import _files
from report_world import reported, round_of
from support import CPR, cli, done, file_of, one_line, refused

EARLIER = b"the good one of yesterday"


@pytest.fixture(scope="module")
def made():
    return reported()


@pytest.fixture
def cube(tmp_path):
    path = tmp_path / "s.cube"
    round_of(20).save(path)
    return path


def writers(made, path):
    """Every way to write a file under a name."""
    yield "write", lambda: _files.write(os.fsencode(path), b"x")
    yield "to_json", lambda: made.to_json(path)
    yield "to_html", lambda: made.to_html(path)
    yield "to_xlsx", lambda: made.to_xlsx(path)
    yield "save", lambda: komhen.plots.save({"description": "x"}, path.with_suffix(".json"))


WRITERS = ["write", "to_json", "to_html", "to_xlsx", "save"]


def writer(made, path, name):
    for library in ("jinja2", "xlsxwriter"):
        pytest.importorskip(library)
    return dict(writers(made, path))[name]


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_earlier_file_as_it_was_and_nothing_beside_it(made, tmp_path, monkeypatch, name):
    path = tmp_path / "r.json"
    path.write_bytes(EARLIER)

    def full(descriptor):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(komhen.KomhenError, match=r"r\.json' could not be written: the disk is full"):
        writer(made, path, name)()
    assert path.read_bytes() == EARLIER and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", WRITERS)
def test_a_writer_that_is_stopped_leaves_the_earlier_file_as_it_was(made, tmp_path, monkeypatch, name):
    path = tmp_path / "r.json"
    path.write_bytes(EARLIER)

    def stopped(a, b):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        writer(made, path, name)()
    assert path.read_bytes() == EARLIER and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_that_cannot_be_written_is_one_masked_sentence_of_the_package(made, tmp_path, name):
    with pytest.raises(komhen.KomhenError, match="lies in a directory that does not exist") as caught:
        writer(made, tmp_path / "none" / f"{CPR}.json", name)()
    assert CPR not in str(caught.value) and caught.value.__cause__ is None


@pytest.mark.parametrize("wrong", ["", "a\0b", "folder", "folder/", "file/x", "/dev/full"])
def test_what_is_no_place_for_a_file_is_said_in_the_words_of_the_core(made, tmp_path, monkeypatch, wrong):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(EARLIER)
    with pytest.raises(komhen.KomhenError) as of_the_core:
        round_of(20).save(wrong)
    with pytest.raises(komhen.KomhenError) as found:
        made.to_json(wrong)
    assert str(found.value) == str(of_the_core.value)


def test_a_folder_that_cannot_be_made_is_one_masked_sentence(made, tmp_path):
    (tmp_path / CPR).write_bytes(EARLIER)
    for write in (made.to_csv, made.to_pictures):
        for folder in (tmp_path / CPR, tmp_path / CPR / "below"):
            with pytest.raises(komhen.KomhenError, match="the folder") as caught:
                write(folder)
            assert CPR not in str(caught.value)


def test_a_chapter_that_is_not_there_is_named_masked(made):
    with pytest.raises(KeyError, match="participation") as caught:
        made[CPR]
    assert CPR not in str(caught.value)


def test_the_mode_of_a_file_stays_and_a_new_one_gets_what_the_umask_leaves(made, tmp_path):
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_bytes(EARLIER)
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        made.to_json(old)
        made.to_json(new)
    finally:
        os.umask(before)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (old, new)] == [0o640, 0o640]
    old.chmod(0o604)
    made.to_json(old)
    assert stat.S_IMODE(old.stat().st_mode) == 0o604 and old.read_text() == made.to_json()


def test_a_link_stays_one_and_what_it_leads_to_is_written(made, tmp_path):
    (tmp_path / "real").mkdir()
    for name in ("there.json", "new.json"):
        (tmp_path / name).symlink_to(tmp_path / "real" / name)
    (tmp_path / "real" / "there.json").write_bytes(EARLIER)
    for name in ("there.json", "new.json"):
        made.to_json(tmp_path / name)
        assert (tmp_path / name).is_symlink() and (tmp_path / "real" / name).read_text() == made.to_json()


def test_the_other_name_of_a_file_keeps_what_it_had(made, tmp_path):
    (tmp_path / "a").write_bytes(EARLIER)
    os.link(tmp_path / "a", tmp_path / "b")
    made.to_json(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == EARLIER


def test_no_report_takes_the_place_of_a_journal_or_of_its_parts(made, tmp_path):
    path = tmp_path / "j.journal"
    with komhen.Journal(path):
        held = path.read_bytes()
        for name in (path, tmp_path / "j.journal-wal", tmp_path / "j.journal.lock"):
            with pytest.raises(komhen.KomhenError, match="is a journal or a part of one"):
                made.to_json(name)
        assert path.read_bytes() == held


# --- the command ------------------------------------------------------------------------------------------------------


def test_a_report_that_does_not_fit_leaves_the_earlier_one_and_says_so_in_one_line(cube, tmp_path):
    pytest.importorskip("jinja2"), pytest.importorskip("xlsxwriter")
    kilobytes = 4

    def small():
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    for name in ("html", "xlsx", "json"):
        path = tmp_path / f"r.{name}"
        path.write_bytes(EARLIER)
        said = one_line(cli("report", cube, f"--{name}", path, preexec_fn=small), 1)
        assert f"r.{name}' could not be written: it would pass the size" in said
        assert path.read_bytes() == EARLIER
    assert not [path for path in tmp_path.iterdir() if ".part" in path.name]


@pytest.mark.parametrize("option", ["--json", "--html", "--xlsx"])
def test_an_output_that_is_another_name_of_the_input_is_refused(cube, tmp_path, option):
    os.link(cube, tmp_path / "hard")
    (tmp_path / "soft").symlink_to(cube)
    held = cube.read_bytes()
    for name in ("hard", "soft", "s.cube"):
        assert "also read or written" in refused("report", cube, option, tmp_path / name)
    assert cube.read_bytes() == held


def test_two_outputs_are_not_two_names_of_one_file(cube, tmp_path):
    (tmp_path / "a").write_bytes(EARLIER)
    os.link(tmp_path / "a", tmp_path / "b")
    assert "also read or written" in refused("report", cube, "--json", tmp_path / "a", "--html", tmp_path / "b")


def test_an_input_that_lies_where_a_table_or_a_picture_goes_is_refused(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    names = {"--csv": "10-sources.csv", "--pictures": "weeks.svg"}
    for option, name in names.items():
        pytest.importorskip("vl_convert")
        inside = file_of(folder / name, "657;2012-04-23;23.05.10;telephone;new_case;incoming")
        held = inside.read_bytes()
        outside = tmp_path / "input.csv"
        for make in (os.link, os.symlink):
            make(inside, outside)
            for given in (inside, outside):
                assert f"{name}', which is also read" in refused("report", given, option, folder)
            outside.unlink()
        assert inside.read_bytes() == held


def test_an_input_may_lie_in_the_folder_of_the_tables_under_another_name(tmp_path):
    file = file_of(tmp_path / "week.csv", "657;2012-04-23;23.05.10;telephone;new_case;incoming")
    held = file.read_bytes()
    done("report", file, "--csv", tmp_path)
    assert file.read_bytes() == held and (tmp_path / "10-sources.csv").exists()


@pytest.mark.parametrize("command", [["measure", "contacts"], ["cost"], ["report", "--json", "r.json"]], ids=lambda c: c[0])
def test_the_same_saved_cube_is_not_counted_twice(cube, tmp_path, command, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.link(cube, "hard")
    os.symlink(cube, "soft")
    for other in ("s.cube", "./s.cube", "hard", "soft"):
        prices = ["--prices", "copenhagen-2010"] if command == ["cost"] else []
        assert "is named twice; its contacts would count twice" in refused(*command, "s.cube", other, *prices)
    assert not os.path.exists("r.json")


def test_another_cube_with_the_same_cells_is_another_count(cube, tmp_path):
    (tmp_path / "copy.cube").write_bytes(cube.read_bytes())
    said = done("measure", "contacts", cube, tmp_path / "copy.cube", "--format", "csv")
    assert str(2 * round_of(20).contacts) in said


def test_ctrl_c_while_a_workbook_is_made_leaves_the_earlier_one(cube, tmp_path):
    pytest.importorskip("xlsxwriter")
    path = tmp_path / "r.xlsx"
    path.write_bytes(EARLIER)
    code = (
        "import os, signal, sys, xlsxwriter\n"
        "fill = xlsxwriter.Workbook.close\n"
        "def close(book): os.kill(os.getpid(), signal.SIGINT); fill(book)\n"
        "xlsxwriter.Workbook.close = close\n"
        "from komhen.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    run = subprocess.run([sys.executable, "-c", code, "report", cube, "--xlsx", path], capture_output=True)
    assert one_line(run, 130) == "komhen: stopped"
    assert path.read_bytes() == EARLIER
