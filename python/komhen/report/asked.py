"""What a report is asked of: the cube and what stands beside it, and the core's tables as figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from .. import _core, _notes
from .._core import Cube, Outcome
from .._labels import label, shown
from ..measures import measure, published_figures
from ..prices import Prices
from ..targets import Goals
from .cells import Absent, Cell, Count, Gap, Part, Points, Printed
from .facts import Facts
from .model import Sentence
from .small import Small
from .texts import say

if TYPE_CHECKING:
    from ..measures import Where

GOAL = 80  # per cent of applications and notifications, 2015; KL, "Kommunernes henvendelser", spring 2012
Key = tuple[Any, ...]


class Asked:
    """Everything that chapters are made from. Sums and shares are the core's; here they only get their places."""

    def __init__(
        self,
        cube: Cube,
        lang: str,
        *,
        before: Optional[Cube] = None,
        prices: Optional[Prices] = None,
        goals: Optional[Goals] = None,
        outcome: Optional[Outcome] = None,
        scheme: Optional[str] = None,
    ) -> None:
        self.outcome = outcome if outcome is not None else cube.outcome
        # A report is of one moment: what is counted into the cubes afterwards is of the next one.
        cube, before = cube.copy(), None if before is None else before.copy()
        self.cube, self.before, self.prices, self.goals, self.lang = cube, before, prices, goals, lang
        self.rounds = [round.id for round in cube.rounds]
        self.round = self.rounds[0] if len(self.rounds) == 1 else ""
        self.facts = Facts(cube, before, scheme)
        self.scheme = self.facts.scheme
        self.small = Small(cube, self.scheme)
        self._small_before = None if before is None else Small(before, self.scheme)
        types = {row[1]: _core.group_of(self.scheme, row[0]) for row in _core.TYPES}
        self.groups = types
        self.applications = [name for name, group in types.items() if group in ("application", "transaction")]
        self.information = [name for name, group in types.items() if group == "information"]
        self._published = {
            (row["round"], row["figure"], row["task_set"], row["task"]): row for row in published_figures()
        }

    def say(self, key: str) -> str:
        return say(key, self.lang)

    def label(self, table: str, token: str) -> str:
        """A word's label in the report's language."""
        return label(table, token, self.lang)

    def note(self, note: str) -> str:
        """What the core notes, in the report's language."""
        return _notes.said(note, self.lang)

    def shown(self, dimension: str, value: Any) -> str:
        return shown(dimension, value)

    def words(self, key: str, *figures: Cell) -> Sentence:
        return Sentence(self.say(key), figures)

    def rows(self, name: str, by: list[str], cube: Optional[Cube] = None, **query: Any) -> dict[Key, tuple[int, int, list[int]]]:
        """The rows of a measure: numerator, denominator and what stands beside, by the values of the dimensions."""
        small = self.small if cube is None else self._small_before
        asked_of = {*by, *query.get("where", ()), *({"task"} if "tasks" in query else ())}
        less = None if small is None else small.of(name, asked_of)
        found = measure(less or (self.cube if cube is None else cube), name, by, scheme=self.scheme, **query)
        return {tuple(key): (numerator, denominator, extras) for key, numerator, denominator, extras in found._table.rows}

    def values(self, dimension: str, where: Optional[Where] = None) -> list[str]:
        """The words of a dimension that the cube has, in the method's order."""
        return [str(key[0]) for key in self.rows("contacts", [dimension], where=where or {})]

    # Figures of the table "contacts", with the sums that a filter needs.

    def count(self, found: dict[Key, tuple[int, int, list[int]]], key: Key, scope: str, **where: Any) -> Count:
        return Count(found.get(key, (0, 0, []))[0], scope, (self.facts.sum("contacts", **where),))

    def part(
        self, found: dict[Key, tuple[int, int, list[int]]], key: Key, scope: str, of: dict[str, Any], whole: dict[str, Any]
    ) -> Part:
        """The share of a row: contacts ``of`` among those ``whole``. A row that is not there has no contacts; where
        its whole has some, another row knows how many."""
        if key in found:
            numerator, denominator = found[key][:2]
        else:
            numerator = 0
            denominator = next((row[1] for other, row in found.items() if other[:-1] == key[:-1]), 0) if key else 0
        return Part(numerator, denominator, scope, (self.facts.sum("contacts", **of), self.facts.sum("contacts", **whole)))

    def self_service(self, found: dict[Key, tuple[int, int, list[int]]], key: Key, scope: str, every_type: bool = False) -> Part:
        """A share of incoming contacts by self-service; of applications unless ``every_type``."""
        whole: dict[str, Any] = {"direction": "incoming"}
        if not every_type:
            whole["type"] = self.applications
        numerator, denominator = found.get(key, (0, 0, []))[:2]
        sums = (self.facts.sum("contacts", **whole, channel="self_service"), self.facts.sum("contacts", **whole))
        return Part(numerator, denominator, scope, sums)

    def earlier(
        self, found: dict[Key, tuple[int, int, list[int]]], key: Key, scope: str, every_type: bool = False
    ) -> Part:
        """The same share in the earlier count."""
        numerator, denominator = found.get(key, (0, 0, []))[:2]
        table = "before_all" if every_type else "before"
        sums = (self.facts.sum(table, part="numerator"), self.facts.sum(table, part="denominator"))
        return Part(numerator, denominator, scope, sums)

    def change(self, before: Part, after: Part) -> Points:
        return Points(
            (before.numerator, before.denominator),
            (after.numerator, after.denominator),
            after.scope,
            before.sums + after.sums,
        )

    def gap(self, share: Part) -> Gap:
        return Gap(share.numerator, share.denominator, GOAL, share.scope, share.sums)

    @property
    def apart(self) -> bool:
        """Whether two counts have applications, and none on the same task: a change is then one between tasks."""
        if self.before is None:
            return False
        now, before = (
            {key for key, row in self.rows("self_service", ["task"], cube, tasks="kl-35").items() if row[1]}
            for cube in (None, self.before)
        )
        return bool(now and before and not now & before)

    def printed(self, figure: str, task_set: str = "", task: Optional[str] = None, round: Optional[str] = None) -> Cell:
        """What a source printed of the round, or nothing."""
        row = self._published.get((self.round if round is None else round, figure, task_set, task))
        if row is None or (not self.round and round is None):
            return Absent("")
        return Printed(row["value"], row["state"], row["bound"], row["unit"])

    @property
    def contacts(self) -> Cube:
        """The contacts by task, direction, type and channel alone."""
        return self.small.of("contacts", {"task"}) or self.cube

    @property
    def has_printed(self) -> bool:
        """Whether KL's printed self-service table of the round is known."""
        return self.round in ("2011-autumn", "2012-spring")

    def title(self) -> str:
        """The rounds by their labels, or the weeks."""
        named = {row[0]: row[1 if self.lang == "da" else 2] for row in _core.ROUNDS}
        if self.rounds:
            return ", ".join(named.get(round, round) for round in self.rounds)
        weeks = self.values("week")
        return weeks[0] if len(weeks) == 1 else f"{weeks[0]} – {weeks[-1]}" if weeks else self.say("nothing_counted")
