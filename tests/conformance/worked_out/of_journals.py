"""Journals, by hand from komhen.h (9) and docs/journal.md: the oracle knows none."""

from __future__ import annotations

from .kit import PARTICIPATION, SPRING, cell, contact, theme, vector

JOURNAL = theme("journal", "The journal: every event is counted once, for good")


def event(event_id: str = "e1", **given) -> dict:
    return contact(**{"source": "desk", "event_id": event_id} | given)


def record(what: dict, word: str) -> dict:
    return {"record": what, "is": word}


def undo(word: str, event_id: str = "e1", source: str = "desk", municipality: int = 657) -> dict:
    return {"undo": {"municipality": municipality, "source": source, "event_id": event_id}, "is": word}


def status(**given) -> dict:
    return {"trial": 0, "sealed": 0} | given


def desk(count: int = 1, **given) -> list:
    return cell(count, source="desk", **given)


def journal(name: str, steps: list, cells: list, *, trial: bool = False, measures=(), expect: dict | None = None,
            **given) -> None:
    said = {"status": status(**given.pop("status"))} if "status" in given else {}
    vector(JOURNAL, name, journal={"trial": trial, "steps": steps}, hand={"cells": cells, **said, **(expect or {})},
           measures=measures, **given)


journal("An event counts once, however often it is recorded",
        [record(event(count=3), "recorded"), record(event(count=3), "duplicate"), record(event(count=3), "duplicate")],
        [desk(3)], status=dict(events=1, counting=1, undone=0, waiting=0, contacts=3))
journal("The same key with other content is a conflict, and what was recorded first stays",
        [record(event(), "recorded"), record(event(channel="letter"), "conflict"), record(event(count=2), "conflict"),
         record(event(week=201218), "conflict"), record(event(task=230511), "conflict"),
         record(event(type="guidance"), "conflict"), record(event(direction="outgoing"), "conflict"),
         record(event(closure="closed"), "conflict"), record(event(form="paper"), "conflict"),
         record(event(unit="Skranke"), "conflict"), record(event(), "duplicate")],
        [desk()], status=dict(events=1, counting=1, undone=0, waiting=0, contacts=1))
journal("The key of an event in a journal is municipality, source and event id together",
        [record(event(), "recorded"), record(event(source="web"), "recorded"), record(event(source=""), "recorded"),
         record(event(municipality=461), "recorded"), record(event("E1"), "recorded"), record(event("e2"), "recorded")],
        [desk(municipality=461), cell(source=""), desk(3), cell(source="web")],
        status=dict(events=6, counting=6, contacts=6))
journal("An event that is undone counts no more",
        [record(event(count=5), "recorded"), record(event("e2"), "recorded"), undo("undone")],
        [desk()], status=dict(events=2, counting=1, undone=1, waiting=0, contacts=1))
journal("An event recorded again after its undo stays undone",
        [record(event(), "recorded"), undo("undone"), record(event(), "cancelled"), record(event(), "cancelled")],
        [], status=dict(events=1, counting=0, undone=1, waiting=0, contacts=0))
journal("An undo may come before its event, which then does not count",
        [undo("waiting"), record(event("e2"), "recorded"), record(event(), "cancelled"), record(event(), "cancelled")],
        [desk()], status=dict(events=2, counting=1, undone=1, waiting=0, contacts=1))
journal("An undo whose event has not come waits",
        [undo("waiting"), undo("waiting", "e2"), record(event("e3"), "recorded")],
        [desk()], status=dict(events=1, counting=1, undone=0, waiting=2, contacts=1))
journal("A second undo changes nothing, whether the event has come or not",
        [record(event(), "recorded"), undo("undone"), undo("already_undone"), undo("waiting", "e2"),
         undo("already_undone", "e2"), record(event("e2"), "cancelled"), undo("already_undone", "e2")],
        [], status=dict(events=2, counting=0, undone=2, waiting=0, contacts=0))
journal("An undo cancels its own key only",
        [record(event(), "recorded"), record(event(source="web"), "recorded"), record(event(municipality=461), "recorded"),
         undo("undone", source="web")],
        [desk(municipality=461), desk()], status=dict(events=3, counting=2, undone=1, waiting=0, contacts=2))
journal("What was recorded is there when the journal is opened again",
        [record(event(), "recorded"), record(event("e2"), "recorded"), undo("undone", "e2"), undo("waiting", "e3"),
         {"reopen": {"trial": False}}, record(event(), "duplicate"), record(event("e2"), "cancelled"),
         record(event("e3"), "cancelled"), record(event("e4", channel="letter"), "recorded")],
        [desk(), desk(channel="letter")], status=dict(events=4, counting=2, undone=2, waiting=0, contacts=2))
journal("Many events are recorded at once, each as if it came alone",
        [{"record_many": [event(), event("e2"), event(), event("e2", channel="letter")],
          "are": ["recorded", "recorded", "duplicate", "conflict"]},
         undo("undone", "e2"), {"record_many": [event("e2"), event("e3")], "are": ["cancelled", "recorded"]}],
        [desk(2)], status=dict(events=3, counting=2, undone=1, waiting=0, contacts=2))
journal("Of a batch with one event that is none, nothing is recorded",
        [{"record_many": [event(), event("e2", channel=12)], "fails": "argument"},
         {"record_many": [event("230412-5003"), event("e3")], "fails": "personal_data"}, record(event(), "recorded")],
        [desk()], status=dict(events=1, counting=1, contacts=1))
journal("What is no registration is refused and leaves nothing behind",
        [{"record": event(**wrong), "fails": "argument"} for wrong in (
            dict(municipality=658), dict(week=201253), dict(task=1000000), dict(channel=0), dict(type=7), dict(direction=3),
            dict(closure=3), dict(form=4), dict(count=0), dict(count=2147483648), dict(source="s" * 65),
            dict(unit="a\x01b"), dict(event_id=""), dict(event_id="e" * 129), dict(event_id="e1 "), dict(source=" desk"))] + [record(event(), "recorded")],
        [desk()], status=dict(events=1, counting=1, contacts=1))
journal("Something like a CPR number is refused wherever it stands",
        [{"record": event(**wrong), "fails": "personal_data"} for wrong in (
            dict(event_id="230412-5003"), dict(event_id="0707614285"), dict(source="cpr 2304125003"),
            dict(unit="fru 230412-5003"))]
        + [{"undo": {"municipality": 657, "source": "desk", "event_id": "230412-5003"}, "fails": "personal_data"}]
        + [record(event(harmless), "recorded") for harmless in ("2304125003x", "12345678", "5790001234567",
                                                                "550e8400-e29b-41d4-a716-446655440000")],
        [desk(4)], status=dict(events=4, counting=4, contacts=4))
journal("Trial counts are apart from real ones: a journal is the one or the other for good",
        [record(event(), "recorded"), {"reopen": {"trial": False}, "fails": "argument"}, {"reopen": {"trial": True}},
         record(event(), "duplicate")],
        [desk()], trial=True, status=dict(trial=1, events=1, counting=1, contacts=1))
journal("A sealed journal takes no more events and keeps what it holds",
        [record(event(count=2), "recorded"), {"seal": {"erase_ids": False}}, {"record": event("e2"), "fails": "sealed"},
         {"reopen": {"trial": False}}, {"record": event("e3"), "fails": "sealed"}],
        [desk(2)], status=dict(sealed=1, events=1, counting=1, contacts=2))
journal("When the ids are erased the cube stays",
        [record(event(count=2), "recorded"), record(event("e2"), "recorded"), undo("undone", "e2"),
         {"seal": {"erase_ids": True}}, {"record": event("e3"), "fails": "sealed"}],
        [desk(2)], status=dict(sealed=1, contacts=2))
journal("A round and a participation decide which of the journal's events are taken, and why not",
        [record(event("e1"), "recorded"), record(event("e2", week=201216), "recorded"),
         record(event("e3", week=201219), "recorded"), record(event("e4", municipality=461, week=201219, count=7), "recorded"),
         record(event("e5"), "recorded"), undo("undone", "e5")],
        [desk(7, municipality=461, week="2012-W19"), desk()], round=SPRING, participation=PARTICIPATION,
        expect={"outcome": {"rows_read": 4, "rows_accepted": 2, "contacts": 8,
                            "rejected": {"outside_round": 1, "outside_participation": 1}}},
        status=dict(events=5, counting=4, undone=1, contacts=10))
journal("A journal's share is that of the events that count",
        [record(event("e1", channel="self_service"), "recorded"), record(event("e2", channel="self_service"), "recorded"),
         record(event("e3", count=3), "recorded"), undo("undone", "e2"), record(event("e1", channel="self_service"), "duplicate")],
        [desk(3), desk(channel="self_service")],
        measures=[({"measure": "self_service"}, [{"numerator": 1, "denominator": 4, "share": "0.250000", "per_cent": 25}])])
journal("Labels with Danish letters are kept as they were given",
        [record(event(unit="Ærø Fælles Å", source="sælger"), "recorded")],
        [cell(source="sælger", unit="Ærø Fælles Å")])
