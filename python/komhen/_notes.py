"""The core's notes in Danish, in one room. The core writes English sentences; one that is not known here stays as it is."""

from __future__ import annotations

import re

from ._labels import checked, column, label, whole

TYPE_CHECKING = False  # as type checkers know it, without typing: see komhen/__init__.py
if TYPE_CHECKING:
    from .prices import Costs

_DATE = r"\d{4}-\d\d-\d\d"
_DATA = ": en ændring kan komme af data og ikke af adfærd"
# What the core writes, and the same in Danish; \1 and so on are what stands in the sentence.
_SENTENCES = [
    # goals (src/goal.cpp)
    ("no whole number of contacts can be moved that meets it", "intet helt antal flyttede henvendelser rammer målet"),
    (r"the counts cover (\d+) and (\d+) weeks: a change in contacts is partly one of weeks",
     r"tællingerne dækker \1 og \2 uger: en ændring i henvendelser er til dels en ændring i uger"),
    (rf"counted to ({_DATE}), before the goal is due on ({_DATE})", r"talt til og med \1, før målets frist \2"),
    ("no cube holds it, and no value was given", "det står ikke i nogen optælling, og der er ikke oplyst et tal"),
    ("it compares two counts, and there is one", "målet sammenligner to tællinger, og der er kun én"),
    (rf"measured against the baseline of ({_DATE}) on the tasks (.*), fingerprint (\w+)",
     r"målt mod baseline fra \1 på opgaverne \2, fingeraftryk \3"),
    # comparisons (src/compare.cpp)
    (r"the earlier side is measured under (\S+) and the later one under (\S+): name one scheme to compare like with like",
     r"den tidligere tælling er målt efter skemaet \1 og den senere efter \2: de er ikke opgjort ens"),
    (r"only the earlier side has the source (.*): a change may come from the data and not from behaviour",
     rf"kun den tidligere tælling har kilden \1{_DATA}"),
    (r"only the later side has the source (.*): a change may come from the data and not from behaviour",
     rf"kun den senere tælling har kilden \1{_DATA}"),
    (r"the rounds (.*) and (.*) have different task packages: name a task set that both have",
     r"runderne \1 og \2 har hver sin opgavepakke: kun opgaver, som begge har, kan sammenlignes"),
    # measures (src/measure.cpp) and counts (src/count.cpp)
    (r"no contact has the (\w+) (.*); labels are compared byte by byte",
     r"ingen henvendelse har \1 \2; navne sammenlignes tegn for tegn"),
    (r"the file (.*) is named twice; rows without an event_id count twice",
     r"filen \1 er nævnt to gange; rækker uden event_id tæller to gange"),
    # the built-in prices (src/channel_price_file.cpp) and the method (include/komhen/version.hpp)
    ("komhen laid the source's four classes on the channels; direction, contact group and cost basis are not stated",
     "komhen har lagt kildens fire klasser på kanalerne; retning, henvendelsesgruppe og omkostningsgrundlag er ikke oplyst"),
    (r"(.*) \(erfaringstal, as printed by (.*)\)", r"\1 (erfaringstal, trykt af \2)"),
    (r"KOMHEN 2\.0 \((\d+) tasks, (\d+)\)", r"KOMHEN 2.0 (\1 opgaver, \2)"),
]  # fmt: skip
_KNOWN = [(re.compile(english), danish) for english, danish in _SENTENCES]


def _day(date: re.Match[str]) -> str:
    year, month, day = date[0].split("-")
    return f"{day}.{month}.{year}"


def said(note: str, lang: str) -> str:
    """A note of the core in the language."""
    if checked(lang) == "da":
        for english, danish in _KNOWN:
            found = english.fullmatch(note)
            if found:
                text = found.expand(danish)
                return re.sub(_DATE, _day, text) if _DATE in english.pattern else text  # and no date of a label
    return note


def sentence(note: str, lang: str) -> str:
    """The same with a capital and a full stop, to stand among sentences."""
    text = said(note, lang)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def of_costs(costs: Costs, lang: str) -> list[str]:
    """What a reader must know of costs: the prices' own note, and in one line which channels have no price."""
    found = costs.to_dict()
    out = [said(found["note"], lang)] if found["note"] else []
    channels: dict[str, int] = {}
    for row in found["unpriced"]:
        channels[row["channel"]] = channels.get(row["channel"], 0) + row["contacts"]
    if channels:
        listed = ", ".join(f"{label('channel', name, lang)} {whole(count, lang)}" for name, count in channels.items())
        out.append(f"{column('unpriced', lang).capitalize()}: {listed}")
    return out

