"""The method's words and tables in Python are those of the core."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import komhen
from komhen import _core

ENUMS = [
    (komhen.Channel, _core.CHANNELS, 1),
    (komhen.ContactType, _core.TYPES, 1),
    (komhen.Direction, _core.DIRECTIONS, 1),
    (komhen.Closure, _core.CLOSURES, 0),
    (komhen.AttachedForm, _core.FORMS, 0),
]
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.mark.parametrize("enum, table, first", ENUMS, ids=lambda value: getattr(value, "__name__", ""))
def test_an_enumeration_equals_the_cores_table_number_by_number_and_token_by_token(enum, table, first):
    assert [(int(word), word.token) for word in enum] == [row[:2] for row in table]
    assert [int(word) for word in enum] == list(range(first, first + len(table)))
    for word, row in zip(enum, table):
        assert (word.label("da"), word.label("en"), str(word)) == (row[2], row[3], row[1])
        assert word.label() == row[2]


def test_a_label_in_an_unknown_language_is_refused_by_name():
    with pytest.raises(ValueError, match="'sv'"):
        komhen.Channel.SMS.label("sv")


def test_the_numbers_of_the_words_are_the_published_ones():
    assert [word.token for word in komhen.Channel] == (
        "telephone in_person letter email digital_post remote_print self_service website sms social_media system"
    ).split()
    assert [word.token for word in komhen.ContactType] == (
        "new_case status_change case_information guidance self_service_help misdirected".split()
    )
    assert komhen.Closure.NOT_STATED == komhen.AttachedForm.NOT_STATED == 0


def test_written_channels_count_messages_and_spoken_ones_conversations():
    spoken = {"telephone", "in_person"}
    written = {"letter", "email", "digital_post", "remote_print", "sms", "social_media"}
    units = {row[1]: _core.counting_unit(row[0]) for row in _core.CHANNELS}
    assert {token for token, unit in units.items() if unit == 1} == spoken
    assert {token for token, unit in units.items() if unit == 2} == written


def test_there_are_35_tasks_and_the_kle_number_is_their_key():
    assert len(komhen.TASKS) == len({task.kle for task in komhen.TASKS}) == 35
    assert sorted(task.number for task in komhen.TASKS) == list(range(1, 36))
    assert [task.kle for task in komhen.TASKS] == sorted(task.kle for task in komhen.TASKS)


def test_a_form_code_serves_several_tasks_and_so_is_no_key():
    assert _core.tasks_of_form("26.25.15.10") == ["32.06.08", "32.06.12", "32.06.16"]
    assert _core.tasks_of_form("24.05.05.02") == ["28.09.40", "28.12.28"]
    assert _core.tasks_of_form("26.30.05") == ["32.03.08"]  # and a prefix of other tasks' codes
    assert _core.tasks_of_form("99.99") == []
    for task in komhen.TASKS:
        assert task.kle in _core.tasks_of_form(task.form)
    assert len({task.form for task in komhen.TASKS}) < 35


def test_there_are_98_municipalities_and_christiansoe_is_none():
    codes = [row.code for row in komhen.MUNICIPALITIES]
    assert len(codes) == len(set(codes)) == 98
    assert (min(codes), max(codes)) == (101, 860)
    assert 411 not in codes


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared tables are not at {SHARED}")
def test_tasks_and_municipalities_are_those_of_the_shared_tables():
    with open(SHARED / "tasks_2012.csv", encoding="utf-8", newline="") as file:
        tasks = {
            (int(r["no"]), r["form"], r["kle"], r["name_appendix"], r["name_table"])
            for r in csv.DictReader(file, delimiter=";")
        }
    assert {tuple(task) for task in komhen.TASKS} == tasks
    with open(SHARED / "municipalities.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert [(row.code, row.name) for row in komhen.MUNICIPALITIES] == sorted((int(r[0]), r[1]) for r in rows[1:])
