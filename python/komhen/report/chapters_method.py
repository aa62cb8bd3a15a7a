"""The last chapters: what may be wrong with the data, and how the figures were made."""

from __future__ import annotations

from typing import Any, Optional

from .. import _core
from ..measures import compare
from ..taxonomy import TASKS
from .asked import Asked
from .cells import Absent, Cell, Count, Part, Word
from .chapters_basis import withheld
from .model import Bar, Bars, Chapter, Picture, Row, Sentence, Table

_UNITS = {1: "conversation", 2: "message", 3: "event"}
_MOST_SOURCES = 40  # rows of a table of sources; the rest stands together in one more
_OTHERS = "(others)"  # what JSON and CSV call them


def quality(asked: Asked) -> Chapter:
    """Rejections by reason, sources, and what to look into."""
    say = asked.say
    parts: list[tuple[Optional[Picture], Table]] = []
    words: list[Sentence] = []
    if asked.outcome is None:
        words.append(asked.words("w_no_rejections"))
    else:
        outcome = asked.outcome
        words.append(asked.words("w_rejections", Count(outcome.rows_rejected), Count(outcome.rows_read)))
        rows = [
            Row((reason, asked.label("reason", reason)), (Count(count), Part(count, outcome.rows_read)))
            for reason, count in outcome.rejected.items()
            if count
        ]
        if rows:
            bars = tuple(Bar(row.heads[1], row.cells[0]) for row in rows if isinstance(row.cells[0], Count))
            parts.append(
                (
                    Bars("rejections", say("p_rejections"), bars),
                    Table(
                        "rejections",
                        say("t_rejections"),
                        (say("reason"), say("meaning")),
                        ("reason", "meaning"),
                        (say("rows"), say("share_of_read")),
                        ("rows", "share_of_read"),
                        tuple(rows),
                    ),
                )
            )
    parts.append(_sources(asked))
    printed = asked.printed("uploaded")
    if printed != Absent(""):
        words.append(asked.words("w_uploaded", printed))
    parts.append((None, _anomalies(asked)))
    return Chapter("quality", say("h_quality"), tuple(words), tuple(parts))


def _sources(asked: Asked) -> tuple[Bars, Table]:
    say = asked.say
    found = asked.rows("contacts", ["source"])
    whole = asked.facts.sum("source")
    total = asked.cube.contacts
    rows, bars = [], []
    ranked = sorted(found.items(), key=lambda row: (-row[1][0], row[0]))
    most = len(ranked) if len(ranked) == _MOST_SOURCES + 1 else _MOST_SOURCES  # one more needs no line for the rest
    shown = [((source,), count, str(source) or say("no_source")) for (source,), (count, _, _) in ranked[:most]]
    others = ranked[most:]
    if others:
        sources = tuple(source for (source,), _ in others)
        shown.append((sources, sum(count for _, (count, _, _) in others), say("other_sources").format(len(others))))
    for sources, count, name in shown:
        at = asked.facts.sum("source", source=sources)
        share = Part(count, total, "all", (at, whole))
        token = str(sources[0]) if len(sources) == 1 else _OTHERS
        rows.append(Row((name,), (Count(count, "all", (at,)), share), tokens=(token,)))
        bars.append(Bar(name, share))
    return (
        Bars("sources", say("p_sources"), tuple(bars)),
        Table(
            "sources",
            say("t_sources"),
            (asked.label("dimension", "source"),),
            ("source",),
            (say("contacts"), say("share")),
            ("contacts", "share"),
            tuple(rows),
        ),
    )


def _anomalies(asked: Asked) -> Table:
    """What the core and the count say should be looked into; a line each, and one that says so when there is none."""
    say = asked.say
    found: list[tuple[str, str]] = []
    if asked.outcome is not None:
        found += [("reading", asked.note(note)) for note in asked.outcome.notes]
        found += [("unread", name) for name in asked.outcome.unread_columns]
    if asked.before is not None:
        compared = compare(asked.before, asked.cube, by=["task"], tasks="kl-35", scheme=asked.scheme)
        found += [("comparison", say("w_apart"))] if asked.apart else []
        found += [("comparison", asked.note(warning)) for warning in compared.warnings]
    # Of a count that holds nothing there is nothing to say task by task.
    missing = TASKS if asked.cube.contacts else ()
    seen = {key[0] for key in asked.rows("contacts", ["task"], tasks="kl-35")}
    found += [("no_contacts", f"{task.kle} {task.table_name}") for task in missing if task.kle not in seen]
    if any(str(source).startswith("synthetic:") for (source,) in asked.rows("contacts", ["source"])):
        found.append(("synthetic", say("synthetic")))
    rows = [Row((say(f"a_{kind}"),), (Word(text),), tokens=(kind,)) for kind, text in found]
    rows = rows or [Row((say("a_none"),), (Absent(),), tokens=("none",))]
    return Table("anomalies", say("t_anomalies"), (say("kind"),), ("kind",), (say("found"),), ("found",), tuple(rows))


def method(asked: Asked) -> Chapter:
    """Scheme, task set, weeks, counting units, what is withheld, and where everything comes from."""
    say = asked.say
    words = [
        Sentence("{0}", (Word(say("w_scheme").format(asked.scheme, asked.label("scheme", asked.scheme))),)),
        asked.words("w_package"),
        asked.words("w_rounding"),
        asked.words("w_source"),
        Sentence("{0}", (Word(say("w_version").format(_core.__version__, asked.note(_core.METHOD_EDITION))),)),
    ]
    words += [Sentence("{0}", (Word(text),)) for text in withheld(asked)]
    types = [
        Row((asked.label("type", name),), (Word(asked.label("group", group), group),), tokens=(name,)) for name, group in asked.groups.items()
    ]
    units = [
        Row((asked.label("channel", row[1]),), (Word(say(unit), unit),), tokens=(row[1],))
        for row, unit in ((row, _UNITS[_core.counting_unit(row[0])]) for row in _core.CHANNELS)
    ]
    rounds: list[Row] = []
    for round in asked.cube.rounds:
        package = Word(say("open_package"), "open") if isinstance(round.package, str) else Word(", ".join(round.package))
        cells: tuple[Cell, ...] = (Word(", ".join(round.weeks)), Word(round.scheme), package)
        rounds.append(Row((round.id,), cells))
    parts: list[Any] = []
    if rounds:
        keys = ("weeks", "scheme", "package")
        parts.append((None, _table("rounds", say("t_rounds"), (say("round"),), ("round",), tuple(map(say, keys)), keys, rounds)))
    type_head, group_head = asked.label("dimension", "type"), asked.label("dimension", "group")
    parts.append((None, _table("scheme", say("t_scheme"), (type_head,), ("type",), (group_head,), ("group",), types)))
    channel = asked.label("dimension", "channel")
    parts.append((None, _table("units", say("t_units"), (channel,), ("channel",), (say("one_contact"),), ("one_contact",), units)))
    return Chapter("method", say("h_method"), tuple(words), tuple(parts))


def _table(
    id: str, caption: str, heads: tuple[str, ...], head_keys: tuple[str, ...], columns: tuple[str, ...], keys: tuple[str, ...], rows: list[Row]
) -> Table:
    return Table(id, caption, heads, head_keys, columns, keys, tuple(rows))
