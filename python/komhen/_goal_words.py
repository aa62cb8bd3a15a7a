"""The numbers of goals as a person reads them: one rule for the page, the pictures and the notebook.

A goal is shown as it was set, with the decimals that it has; what is held against it is rounded, by the core, to as many.
"""

from __future__ import annotations

from ._labels import decimal, fixed, label, places, points_to_go, with_per_cent

TYPE_CHECKING = False  # as type checkers know it, without typing: see komhen/__init__.py
if TYPE_CHECKING:
    from fractions import Fraction

    from .targets import GoalResult


def is_share(goal: GoalResult) -> bool:
    """Whether its numbers are shares; what somebody gave may be a number of anything."""
    return goal.kind != "attribute"


def decimals(goal: GoalResult) -> int:
    """As many as the goal has, in per cent where it is a share; a number that was given is shown whole as well."""
    ends = [end * (100 if is_share(goal) else 1) for end in (goal.low, goal.high) if end is not None]
    if not is_share(goal) and goal.value is not None:
        ends.append(goal.value)
    return places(*ends)


def number(value: Fraction, share: bool, decimals: int, signed: bool, lang: str) -> str:
    """A bound or a value: per cent where it is a share, a plus where it is a change that rises."""
    text = decimal(fixed(value, decimals, share), lang)
    text = with_per_cent(text, lang) if share else text
    return f"+{text}" if signed and value > 0 else text


def value(goal: GoalResult, lang: str) -> str | None:
    """What was found, or None."""
    if goal.value is None:
        return None
    return number(goal.value, is_share(goal), decimals(goal), goal.kind == "change", lang)


def bounds(goal: GoalResult, lang: str) -> list[str]:
    """The ends of what is wanted; the lower first, and one that is both once."""
    ends = dict.fromkeys(end for end in (goal.low, goal.high) if end is not None)
    return [number(end, is_share(goal), decimals(goal), goal.kind == "change", lang) for end in ends]


def wanted(goal: GoalResult, lang: str) -> str:
    """What a goal asks for: its comparator and its bounds."""
    return f"{label('comparator', goal.comparator, lang)} {' – '.join(bounds(goal, lang))}".rstrip()


def gap(goal: GoalResult, lang: str) -> str | None:
    """The percentage points still to go, or None."""
    return None if goal.gap_points is None else points_to_go(goal.gap_points, decimals(goal), lang)
