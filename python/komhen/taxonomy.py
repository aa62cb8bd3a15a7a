"""The method's words as enumerations, and its tables. The numbers are those of the C++ core and of stored cubes."""

from __future__ import annotations

import enum
from typing import NamedTuple

from . import _core


class Word(enum.IntEnum):
    """A value of an enumeration of the method: a number, a token and a label in two languages."""

    @classmethod
    def _missing_(cls, value: object) -> Word:
        # The value is not shown: it may be anything, and enum's own error would show it.
        last = _TABLES[cls.__name__][-1][0]
        raise _core.KomhenError(f"{cls.__name__}() takes one of its numbers, {min(cls).value} to {last}")

    @property
    def token(self) -> str:
        """The word of files and JSON, such as ``"self_service"``."""
        return self.name.lower()

    def label(self, lang: str = "da") -> str:
        """The label in Danish (``"da"``) or English (``"en"``).

        >>> Channel.REMOTE_PRINT.label()
        'Fjernprint'
        """
        if lang not in ("da", "en"):
            raise ValueError(f"the language {_core.masked(repr(lang))} is not known; there are 'da' and 'en'")
        for row in _TABLES[type(self).__name__]:
            if row[0] == self.value:
                return row[2] if lang == "da" else row[3]
        raise AssertionError(self)

    def __str__(self) -> str:
        return self.token


class Channel(Word):
    """How a contact reached the municipality, or left it. Source: docs/exchange-file.md, from KL's KOMHEN 2.0."""

    TELEPHONE = 1
    IN_PERSON = 2
    LETTER = 3
    EMAIL = 4
    DIGITAL_POST = 5
    REMOTE_PRINT = 6
    SELF_SERVICE = 7
    WEBSITE = 8
    SMS = 9
    SOCIAL_MEDIA = 10
    SYSTEM = 11


class ContactType(Word):
    """What a contact was about: the leaf that is stored. Source: docs/exchange-file.md, from KL's KOMHEN 2.0."""

    NEW_CASE = 1
    STATUS_CHANGE = 2
    CASE_INFORMATION = 3
    GUIDANCE = 4
    SELF_SERVICE_HELP = 5
    MISDIRECTED = 6


class Direction(Word):
    """Who turned to whom. Source: docs/exchange-file.md."""

    INCOMING = 1
    OUTGOING = 2


class Closure(Word):
    """Whether a contact was closed at once or put aside. Source: docs/exchange-file.md."""

    NOT_STATED = 0
    CLOSED = 1
    PUT_ASIDE = 2


class AttachedForm(Word):
    """The form (blanket) that came with a contact. Source: docs/exchange-file.md."""

    NOT_STATED = 0
    NONE = 1
    PAPER = 2
    DIGITAL = 3


_TABLES: dict[str, tuple[tuple[int, str, str, str, str], ...]] = {
    "Channel": _core.CHANNELS,
    "ContactType": _core.TYPES,
    "Direction": _core.DIRECTIONS,
    "Closure": _core.CLOSURES,
    "AttachedForm": _core.FORMS,
}


class Task(NamedTuple):
    """One of the 35 mandatory tasks. Source: KL, "Kommunernes henvendelser", spring 2012: its table and its annex 1."""

    number: int
    form: str
    kle: str
    name: str
    table_name: str


class Municipality(NamedTuple):
    """One of the 98 municipalities. Source: docs/exchange-file.md."""

    code: int
    name: str


TASKS: tuple[Task, ...] = tuple(Task(*row) for row in _core.TASKS)
MUNICIPALITIES: tuple[Municipality, ...] = tuple(Municipality(*row) for row in _core.MUNICIPALITIES)
