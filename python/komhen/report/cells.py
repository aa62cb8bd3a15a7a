"""Figures of a report: exact integers, how they are shown, and from which counts a filtered one is summed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from fractions import Fraction
from typing import Optional, Union

from .._goal_words import number as goal_number
from .._labels import per_cent, points_to_go, whole, with_per_cent, with_sign
from .._settled import change_text

NOTHING = "–"  # no contacts, so no share; a zero is printed as 0

Share = tuple[int, int]
Scope = str  # "all", "35", "t<KLE>", "m<code>" (all tasks) or "M<code>" (the 35)
Sums = tuple[int, ...]  # places in Facts.sums, as many as the figure has integers


class _Number:
    """What is shown as a whole number."""

    value: int

    def text(self, lang: str) -> str:
        return whole(self.value, lang)

    @property
    def integers(self) -> Sums:
        return (self.value,)


@dataclass(frozen=True)
class _Share:
    """What is shown in whole per cent: numerator over denominator."""

    numerator: int
    denominator: int
    scope: Scope = ""
    sums: Sums = ()

    def text(self, lang: str) -> str:
        return per_cent(self.numerator, self.denominator, lang)

    @property
    def integers(self) -> Sums:
        return (self.numerator, self.denominator)


@dataclass(frozen=True)
class Count(_Number):
    """A number of contacts (or of rows, weeks, municipalities where it cannot be filtered)."""

    value: int
    scope: Scope = ""
    sums: Sums = ()
    kind = "n"


@dataclass(frozen=True)
class Week(Count):
    """The contacts of a week. A filter leaves no zero of a municipality that did not count in it."""

    kind = "w"


@dataclass(frozen=True)
class Part(_Share):
    """A share of contacts."""

    kind = "p"


@dataclass(frozen=True)
class Points:
    """A change in percentage points: exact shares subtracted first, rounded last, halves away from zero."""

    before: Share
    after: Share
    scope: Scope = ""
    sums: Sums = ()
    kind = "c"

    def text(self, lang: str) -> str:
        if not self.before[1] or not self.after[1]:
            return NOTHING
        return with_sign(int(change_text(self.before, self.after, 0)))

    @property
    def integers(self) -> Sums:
        return (*self.before, *self.after)


@dataclass(frozen=True)
class Gap:
    """Percentage points from a share to a goal in whole per cent, or that it is met."""

    numerator: int
    denominator: int
    goal: int
    scope: Scope = ""
    sums: Sums = ()
    kind = "g"

    def text(self, lang: str) -> str:
        from .texts import say

        if not self.denominator:
            return NOTHING
        if self.numerator * 100 >= self.goal * self.denominator:
            return say("goal_met", lang)
        return points_to_go(Fraction(self.goal) - Fraction(100 * self.numerator, self.denominator), 0, lang)

    @property
    def integers(self) -> Sums:
        return (self.numerator, self.denominator, self.goal, 100)


@dataclass(frozen=True)
class TaskCount(_Number):
    """How many tasks have a share that is at least, or below, a whole per cent; ``any`` asks for contacts alone."""

    value: int
    test: str  # "least", "below" or "any"
    bound: int
    sums: Sums = ()
    scope: Scope = "tasks"
    kind = "x"


@dataclass(frozen=True)
class Municipalities(_Number):
    """How many municipalities have contacts of a sum."""

    value: int
    sums: Sums = ()
    scope: Scope = "municipalities"
    kind = "y"


def passes(test: str, bound: int, numerator: int, denominator: int) -> bool:
    """Whether a task's share passes a `TaskCount`'s test; one without contacts passes none."""
    if not denominator:
        return False
    return test == "any" or (numerator * 100 >= bound * denominator) is (test == "least")


@dataclass(frozen=True)
class Kroner:
    """An amount of kroner: numerator over denominator, settled once when it is shown; None: nothing was priced."""

    numerator: Optional[int]
    denominator: int
    decimals: int = 0
    scope: Scope = ""
    sums: Sums = ()
    kind = "k"

    def text(self, lang: str) -> str:
        if self.numerator is None or not self.denominator:
            return NOTHING
        # The core's one rounding, half up, at the last decimal that is shown.
        text = change_text((0, 1), (self.numerator, self.denominator * 100), self.decimals)
        settled = int(text.replace(".", ""))
        return decimal(settled, self.decimals, lang)

    @property
    def integers(self) -> Sums:
        return (self.numerator or 0, self.denominator)


@dataclass(frozen=True)
class CostPart(_Share):
    """A share of an amount, as exact as the amounts."""

    kind = "q"


@dataclass(frozen=True)
class Printed:
    """A figure that a source printed, in whole per cent or points. A value of None has a state."""

    value: Optional[int]
    state: str = "published"
    bound: str = "rounded"
    unit: str = "per_cent"

    def text(self, lang: str) -> str:
        from .texts import say

        if self.value is None:
            return say(self.state, lang)
        if self.unit == "points":
            return with_sign(self.value)
        number = whole(self.value, lang)
        if self.unit == "per_cent":
            number = with_per_cent(number, lang)
        return number if self.bound in ("rounded", "counted") else f"{say(self.bound, lang)} {number}"


@dataclass(frozen=True)
class GoalNumber:
    """A number of a goal, exact: a share, or a number of something. ``of`` are the contacts of a share that was counted."""

    value: Fraction
    share: bool
    decimals: int
    signed: bool = False
    of: Optional[Share] = None

    def text(self, lang: str) -> str:
        return goal_number(self.value, self.share, self.decimals, self.signed, lang)


@dataclass(frozen=True)
class ToGo:
    """Percentage points from what was found to a goal, exact."""

    points: Fraction
    decimals: int

    def text(self, lang: str) -> str:
        return points_to_go(self.points, self.decimals, lang)


@dataclass(frozen=True)
class Day:
    """A day."""

    day: Date

    def text(self, lang: str) -> str:
        return self.day.strftime("%d.%m.%Y") if lang == "da" else self.day.isoformat()


@dataclass(frozen=True)
class Absent:
    """No figure: null in JSON, an empty cell of a sheet or a CSV file. It is no zero, and no text."""

    shown: str = NOTHING

    def text(self, lang: str) -> str:
        return self.shown


@dataclass(frozen=True)
class Word:
    """Text, from the method, from a label of the data or from a sentence. ``token`` is what a program reads for it."""

    value: str
    token: Optional[str] = None

    def text(self, lang: str) -> str:
        return self.value


Cell = Union[
    Count, Part, Points, Gap, TaskCount, Municipalities, Kroner, CostPart, Printed, GoalNumber, ToGo, Day, Absent, Word
]
COUNTS = (Count, TaskCount, Municipalities)  # whole numbers
FIGURES = (*COUNTS, Part, Points, Gap, Kroner, CostPart)


def share_text(numerator: int, denominator: int) -> Optional[str]:
    """A share as decimal text with six decimals, rounded half up by the core; None where there is none."""
    if not denominator:
        return None
    millionths = int(change_text((0, 1), (numerator, denominator), 4).replace(".", "").lstrip("+"))
    return f"{millionths // 10**6}.{millionths % 10**6:06d}"


def decimal(settled: int, decimals: int, lang: str) -> str:
    """A whole number of the last decimal's units as a decimal number of the language."""
    if not decimals:
        return whole(settled, lang)
    places: int = 10**decimals
    sign, settled = ("−", -settled) if settled < 0 else ("", settled)
    mark = "," if lang == "da" else "."
    return f"{sign}{whole(settled // places, lang)}{mark}{settled % places:0{decimals}d}"


def hundredths(numerator: int, denominator: int) -> str:
    """A length in per cent with two decimals, for drawing."""
    if not denominator:
        return "0%"
    return change_text((0, 1), (numerator, denominator), 2) + "%"
