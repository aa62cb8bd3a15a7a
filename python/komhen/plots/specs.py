"""The pictures as plain Vega-Lite specifications: dictionaries, made without Altair. Parameters as in `komhen.plots`."""

from ._cases import cash_flow, tornado, waterfall
from ._contacts import channel_mix, closure, directions, information, weeks
from ._costs import cost
from ._goals import goals
from ._shares import self_service

__all__ = [
    "cash_flow",
    "channel_mix",
    "closure",
    "cost",
    "directions",
    "goals",
    "information",
    "self_service",
    "tornado",
    "waterfall",
    "weeks",
]
