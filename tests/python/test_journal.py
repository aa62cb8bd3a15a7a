"""A journal counts each event once, durably, from Python and from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import pytest

import komhen
from support import CPR, cli, done, one_line, refused

CONTACT = dict(
    municipality=657,
    week="2012-W17",
    task="23.05.10",
    channel="telephone",
    type="new_case",
    direction="incoming",
    source="desk",
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "desk.journal"


def filled(path, *ids, undone=(), **options):
    with komhen.Journal(path, **options) as journal:
        journal.record_many(CONTACT | {"event_id": id} for id in ids)
        for id in undone:
            journal.undo(municipality=657, source="desk", event_id=id)
    return path


def test_an_event_is_counted_once_and_its_answer_is_a_word(path):
    with komhen.Journal(path) as journal:
        assert journal.record(**CONTACT, event_id="a") == "recorded"
        assert journal.record(**CONTACT, event_id="a") == "duplicate"
        assert journal.record(**CONTACT, event_id="a", count=2) == "conflict"
        assert journal.undo(municipality="Herning", source="desk", event_id="a") == "undone"
        assert journal.record(**CONTACT, event_id="a") == "cancelled"
        assert journal.undo(municipality=657, source="desk", event_id="b") == "waiting"
        assert journal.undo(municipality=657, source="desk", event_id="b") == "already_undone"
        assert journal.cube().contacts == 0


def test_what_is_recorded_is_there_in_another_process(path):
    filled(path, "a", "b", undone=["b"])
    code = f"import komhen; print(komhen.Journal({str(path)!r}, mode='must_exist').cube().contacts)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "1\n"


def test_a_batch_is_recorded_whole_or_not_at_all(path):
    with komhen.Journal(path) as journal:
        with pytest.raises(komhen.KomhenError, match="event 2 of the batch"):
            journal.record_many([CONTACT | {"event_id": "a"}, CONTACT | {"event_id": ""}])
        with pytest.raises(TypeError):
            journal.record_many([CONTACT | {"event_id": "a", "navn": "x"}])
        with pytest.raises(komhen.KomhenError, match="'pigeon' is no channel"):
            journal.record_many([CONTACT | {"event_id": "a", "channel": "pigeon"}])
        assert journal.status()["last_seq"] == 0
        assert journal.record_many([]) == []


def test_an_id_like_a_cpr_number_is_refused_and_not_shown(path):
    with komhen.Journal(path) as journal, pytest.raises(komhen.KomhenError, match="CPR") as refusal:
        journal.record(**CONTACT, event_id=CPR)
    assert CPR not in str(refusal.value)


def test_changes_are_the_exact_difference(path):
    with komhen.Journal(path) as journal:
        journal.record(**CONTACT, event_id="a", count=2)
        then = journal.changes().up_to
        journal.record(**CONTACT, event_id="b", count=5)
        journal.undo(municipality=657, source="desk", event_id="a")
        changes = journal.changes(then)
        assert (changes.added.contacts, changes.removed.contacts) == (5, 2)
        with pytest.raises(komhen.KomhenError, match="none of them"):
            journal.changes(99)


def test_counting_follows_the_round_and_says_what_became_of_every_event(path, tmp_path):
    (tmp_path / "weeks.csv").write_text("municipality;weeks\n657;2012-W17\n")
    with komhen.Journal(path) as journal:
        for id, week in (("a", "2012-W17"), ("b", "2012-W18"), ("c", "2013-W01")):
            journal.record(**CONTACT | {"week": week}, event_id=id)
        cube = journal.count(round="2012-spring", participation=tmp_path / "weeks.csv")
        assert cube.contacts == 1
        assert cube.outcome.rejected["outside_round"] == 1
        assert cube.outcome.rejected["outside_participation"] == 1
        assert cube.outcome.rows_read == cube.outcome.rows_accepted + cube.outcome.rows_rejected == 3


def test_counting_the_export_gives_the_journals_cube(path, tmp_path):
    with komhen.Journal(path) as journal:
        for i, label in enumerate(["=1", 'a;"b"', "ø", "-"]):
            journal.record(**CONTACT | {"unit": label}, event_id=f"e{i}")
        assert journal.export(tmp_path / "out.csv") == 4
        assert komhen.count(tmp_path / "out.csv") == journal.cube()


def test_a_journal_is_open_once(path):
    with komhen.Journal(path):
        with pytest.raises(komhen.KomhenError, match="open elsewhere"):
            komhen.Journal(path)
        said = refused("journal", "status", path)
        assert "open elsewhere" in said
    komhen.Journal(path).close()


def test_a_closed_journal_says_so(path):
    journal = komhen.Journal(path)
    journal.close()
    journal.close()
    with pytest.raises(komhen.KomhenError, match="is closed"):
        journal.cube()


def test_options_that_cannot_be_are_refused(path):
    with pytest.raises(komhen.KomhenError, match="'append' is no mode"):
        komhen.Journal(path, mode="append")
    with pytest.raises(komhen.KomhenError, match="group delay"):
        komhen.Journal(path, group_delay=5)
    filled(path, "a", trial=True)
    with pytest.raises(komhen.KomhenError, match="trial"):
        komhen.Journal(path)


def test_many_threads_record_in_one_journal(path):
    with komhen.Journal(path, group_delay=0.0002) as journal:
        answers = []

        def work(own):
            for i in range(40):
                answers.append(journal.record(**CONTACT, event_id=f"own-{own}-{i}"))
                answers.append(journal.record(**CONTACT, event_id=f"shared-{i}"))

        threads = [threading.Thread(target=work, args=(t,)) for t in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers.count("recorded") == 6 * 40 + 40 == journal.cube().contacts


def test_a_child_of_fork_cannot_use_the_journal(path):
    journal = komhen.Journal(path)
    child = os.fork()
    if child == 0:
        try:
            journal.cube()
        except komhen.KomhenError as error:
            os._exit(0 if "parent of this process" in str(error) else 2)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert journal.record(**CONTACT, event_id="a") == "recorded"
    journal.close()


def test_a_backup_is_a_journal_with_the_same_contacts(path, tmp_path):
    with komhen.Journal(path) as journal:
        journal.record(**CONTACT, event_id="a")
        journal.backup(tmp_path / "copy")
    with komhen.Journal(tmp_path / "copy", mode="must_exist") as copy:
        assert copy.cube().contacts == 1
        assert copy.verify().sound


# --- the command line -----------------------------------------------------------------------------------------------


def test_status_tells_what_journals_hold(tmp_path):
    a = filled(tmp_path / "a", "1x", "2x", undone=["2x", "3x"])
    b = filled(tmp_path / "b", trial=True)
    first, second = json.loads(done("journal", "status", a, b, "--format", "json"))
    assert (first["events"], first["effective"], first["undone"], first["waiting_undos"]) == (2, 1, 1, 1)
    assert (first["contacts"], first["first_week"], first["trial"], first["sealed"]) == (1, "2012-W17", False, False)
    assert (second["trial"], second["first_week"], second["events"]) == (True, None, 0)
    assert "waiting_undos" in done("journal", "status", a, b)
    assert done("journal", "status", a, "--format", "csv").startswith("journal,events,effective,")
    assert komhen.Journal(a).record(**CONTACT, event_id="1x") == "duplicate"


def test_export_writes_an_exchange_file_or_a_cube(path, tmp_path):
    filled(path, "a", "b", undone=["b"])
    said = json.loads(done("journal", "export", path, "--out", tmp_path / "o.csv", "--format", "json"))
    assert said[0]["rows"] == 1
    done("journal", "export", path, "--cube", tmp_path / "o.cube")
    assert komhen.count(tmp_path / "o.csv") == komhen.load_cube(tmp_path / "o.cube")
    assert "required" in one_line(cli("journal", "export", path), 2)


def test_merge_unites_by_key(tmp_path):
    a, b = filled(tmp_path / "a", "x", "y"), filled(tmp_path / "b", "y", "z", undone=["x"])
    said = json.loads(done("journal", "merge", a, b, "--out", tmp_path / "c", "--format", "json"))[0]
    assert (said["files"], said["events"], said["duplicates"], said["conflicts"]) == (2, 3, 1, 0)
    assert (said["effective"], said["contacts"]) == (2, 2)
    assert "exists already" in refused("journal", "merge", a, "--out", tmp_path / "c")
    trial = filled(tmp_path / "t", trial=True)
    assert "trial" in refused("journal", "merge", a, trial, "--out", tmp_path / "d")
    assert not (tmp_path / "d").exists()


def test_verify_finds_a_damaged_journal(path):
    filled(path, *(f"event-{i}" for i in range(500)))
    assert json.loads(done("journal", "verify", path, "--format", "json"))[0]["entries"] == 500
    bytes = bytearray(path.read_bytes())
    bytes[len(bytes) // 2 : len(bytes) // 2 + 600] = b"\xff" * 600
    path.write_bytes(bytes)
    run = cli("journal", "verify", path, "--format", "json")
    assert "damaged" in one_line(run, 1)
    assert json.loads(run.stdout)[0]["sound"] is False


def test_seal_ends_a_round_and_erases_ids_if_asked(path, tmp_path):
    filled(path, "idmark-1", "idmark-2")
    assert b"idmark" in path.read_bytes()
    done("journal", "seal", path)
    said = json.loads(done("journal", "seal", path, "--erase-ids", "--format", "json"))[0]
    assert (said["sealed"], said["ids_erased"], said["contacts"]) == (True, True, 2)
    assert b"idmark" not in path.read_bytes()
    with komhen.Journal(path) as journal, pytest.raises(komhen.KomhenError, match="sealed"):
        journal.record(**CONTACT, event_id="c")
    assert "erased" in refused("journal", "export", path, "--out", tmp_path / "o.csv")
    done("journal", "export", path, "--cube", tmp_path / "o.cube")
    assert komhen.load_cube(tmp_path / "o.cube").contacts == 2


def test_what_is_no_journal_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "text").write_text("no journal\n" * 100)
    assert "is no journal" in refused("journal", "status", tmp_path / "text")
    assert "does not exist" in refused("journal", "status", tmp_path / "none")
    assert "is a directory" in refused("journal", "verify", tmp_path)
    one_line(cli("journal"), 2)
    one_line(cli("journal", "mend", tmp_path), 2)


def test_values_of_the_wrong_kind_are_refused_without_being_shown(tmp_path):
    contact = dict(
        municipality=657, week="2012-W17", task="23.05.10", channel="telephone", type="new_case", direction="incoming"
    )
    with komhen.Journal(tmp_path / "a.journal") as journal:
        for wrong in (
            {"count": 1.0},
            {"count": 2**63},
            {"week": None},
            {"event_id": 101701234},
            {"event_id": "\udcff"},
            {"channel": 3},
        ):
            with pytest.raises(komhen.KomhenError) as error:
                journal.record(**{**contact, "unit": "010170-1234", "event_id": "010170-1234"} | wrong)
            assert "010170" not in str(error.value) and "101701234" not in str(error.value)
        with pytest.raises(komhen.KomhenError):
            journal.undo(municipality=657, source=None, event_id="a-1")
        with pytest.raises(komhen.KomhenError, match="since must be a whole number"):
            journal.changes("1")
        # A null is how a data frame says that there is nothing.
        assert journal.record(**contact, unit=None, closure=None, form=None, event_id="a-1") == "recorded"


def test_no_output_is_written_over_the_log_or_lock_of_a_journal(tmp_path):
    contact = dict(
        municipality=657, week="2012-W17", task="23.05.10", channel="telephone", type="new_case", direction="incoming"
    )
    with komhen.Journal(tmp_path / "a.journal") as journal:
        journal.record(**contact, event_id="a-1")
        for ending in ("", "-wal", ".lock"):
            with pytest.raises(komhen.KomhenError, match="no other file takes its place"):
                komhen.Cube().save(tmp_path / f"a.journal{ending}")
