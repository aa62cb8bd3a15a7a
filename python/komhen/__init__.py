"""komhen: count contacts to a Danish municipality the way KOMHEN 2.0 prescribes.

>>> import komhen
>>> komhen.Channel.SELF_SERVICE.label("da")
'Selvbetjening'
"""

from ._core import (
    METHOD_EDITION,
    Baseline,
    Cube,
    KomhenError,
    Outcome,
    Participation,
    Profile,
    Round,
    __version__,
)
from .measures import (
    against_published,
    compare,
    compare_published,
    contacts,
    count,
    digital,
    filtered,
    first_contact_closure,
    form_share,
    load_cube,
    load_round,
    measure,
    merge,
    mix,
    published_figures,
    rolled_up,
    self_service,
    simulate,
)
from . import _methods  # noqa: F401 - gives Cube and Outcome what they show
from ._shown import notebook_language
from .tables import Comparison, Table

# `import komhen` loads what counts and measures, and no more. Type checkers take this name, whoever sets it, for true, and
# so read what a running program does not need: to import typing for it would take longer than all the rest together.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any

    from . import plots
    from .cases import Case, Figure, business_case
    from .journal import Changes, Check, Journal, merge_journals
    from .prices import Costs, Prices, costs, load_prices, move_cost
    from .rejects import Rejection, rejections
    from .report.report import Report
    from .report.report import report as report
    from .targets import Goals, Ranking, freeze_baseline, goals, load_baseline, rank_tasks, waves
    from .taxonomy import (
        MUNICIPALITIES,
        TASKS,
        AttachedForm,
        Channel,
        Closure,
        ContactType,
        Direction,
        Municipality,
        Task,
    )

# The other names and their rooms, which bring enum, typing, decimal, fractions and dataclasses: a room is loaded when one of
# its names is first used.
_LATER = {
    "MUNICIPALITIES": "taxonomy",
    "TASKS": "taxonomy",
    "AttachedForm": "taxonomy",
    "Channel": "taxonomy",
    "Closure": "taxonomy",
    "ContactType": "taxonomy",
    "Direction": "taxonomy",
    "Municipality": "taxonomy",
    "Task": "taxonomy",
    "Changes": "journal",
    "Check": "journal",
    "Journal": "journal",
    "merge_journals": "journal",
    "Rejection": "rejects",
    "rejections": "rejects",
    "Case": "cases",
    "Figure": "cases",
    "business_case": "cases",
    "Costs": "prices",
    "Prices": "prices",
    "costs": "prices",
    "load_prices": "prices",
    "move_cost": "prices",
    "Goals": "targets",
    "Ranking": "targets",
    "Report": "report",
    "freeze_baseline": "targets",
    "goals": "targets",
    "load_baseline": "targets",
    "rank_tasks": "targets",
    "waves": "targets",
}


# Rooms that are reached by their own name, and loaded when they are; `report` is called as well.
_ROOMS = ("dask", "journal", "plots", "rejects", "report", "spark", "taxonomy")


def __getattr__(name: str) -> "Any":
    from importlib import import_module

    if name in _ROOMS:
        return import_module(f".{name}", __name__)
    if name not in _LATER:
        raise AttributeError(f"module 'komhen' has no attribute {name!r}")
    value = getattr(import_module(f".{_LATER[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_ROOMS})


__all__ = [
    "METHOD_EDITION",
    "MUNICIPALITIES",
    "TASKS",
    "AttachedForm",
    "Baseline",
    "Case",
    "Changes",
    "Channel",
    "Check",
    "Closure",
    "Comparison",
    "ContactType",
    "Costs",
    "Cube",
    "Direction",
    "Figure",
    "Goals",
    "Journal",
    "KomhenError",
    "Municipality",
    "Outcome",
    "Participation",
    "Prices",
    "Profile",
    "Ranking",
    "Rejection",
    "Report",
    "Round",
    "Table",
    "Task",
    "__version__",
    "against_published",
    "business_case",
    "compare",
    "compare_published",
    "contacts",
    "costs",
    "count",
    "digital",
    "filtered",
    "first_contact_closure",
    "form_share",
    "freeze_baseline",
    "goals",
    "load_baseline",
    "load_cube",
    "load_prices",
    "load_round",
    "measure",
    "merge",
    "merge_journals",
    "mix",
    "move_cost",
    "notebook_language",
    "published_figures",
    "rank_tasks",
    "rejections",
    "report",
    "rolled_up",
    "self_service",
    "simulate",
    "waves",
]
