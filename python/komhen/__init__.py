"""komhen: count contacts to a Danish municipality the way KOMHEN 2.0 prescribes.

>>> import komhen
>>> komhen.Channel.SELF_SERVICE.label("da")
'Selvbetjening'
"""

from ._core import (
    METHOD_EDITION,
    Cube,
    KomhenError,
    Outcome,
    Participation,
    Profile,
    Round,
    __version__,
)
from .journal import Changes, Check, Journal, merge_journals
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
from .rejects import Rejection, rejections
from .tables import Comparison, Table
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

__all__ = [
    "METHOD_EDITION",
    "MUNICIPALITIES",
    "TASKS",
    "AttachedForm",
    "Changes",
    "Channel",
    "Check",
    "Closure",
    "Comparison",
    "ContactType",
    "Cube",
    "Direction",
    "Journal",
    "KomhenError",
    "Municipality",
    "Outcome",
    "Participation",
    "Profile",
    "Rejection",
    "Round",
    "Table",
    "Task",
    "__version__",
    "against_published",
    "compare",
    "compare_published",
    "contacts",
    "count",
    "digital",
    "filtered",
    "first_contact_closure",
    "form_share",
    "load_cube",
    "load_round",
    "measure",
    "merge",
    "merge_journals",
    "mix",
    "published_figures",
    "rejections",
    "rolled_up",
    "self_service",
    "simulate",
]
