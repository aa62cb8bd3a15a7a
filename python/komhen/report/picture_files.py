"""The round's pictures as files, for slides and documents. komhen.plots draws them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._core import KomhenError
from ..measures import self_service
from ..prices import costs
from .chapters_basis import INCOMING
from .folder import ready

if TYPE_CHECKING:
    from .report import Report

_NAMES = ("weeks", "channels", "tasks", "directions", "information", "closure", "costs", "goals")


def write(report: Report, folder: Path, format: str) -> list[Path]:
    """Write them into a folder, which is made where it is not there; gives the paths."""
    if format not in ("svg", "png"):
        raise KomhenError('the format of pictures is "svg" or "png"')
    from .. import plots

    specs = _specs(report)
    out = [folder / f"{name}.{format}" for name in specs]
    ready(folder, out, [f"{name}.{kind}" for name in _NAMES for kind in ("svg", "png")])
    for path, spec in zip(out, specs.values()):
        plots.save(spec, path, scale=2 if format == "png" else 1, lang=report.lang)
    return out


def _specs(report: Report) -> dict[str, Any]:
    from ..plots import specs

    asked, lang = report.asked, report.lang
    cube = asked.contacts
    by_task = self_service(cube, by="task", tasks="kl-35", scheme=asked.scheme)
    if asked.before is None:
        shares = specs.self_service(by_task, lang=lang)
    else:
        from ..measures import compare

        compared = compare(asked.before, asked.cube, by="task", tasks="kl-35", scheme=asked.scheme)
        shares = specs.self_service(compared, lang=lang)
    out = {
        "weeks": specs.weeks(asked.cube, lang=lang),
        "channels": specs.channel_mix(cube, "type", lang=lang),
        "tasks": shares,
        "directions": specs.directions(cube, lang=lang),
        "information": specs.information(cube, lang=lang),
        "closure": specs.closure(asked.cube, stated=True, lang=lang),
    }
    if asked.prices is not None:
        # Of the contacts that the chapter on costs is of.
        priced = costs(
            cube, asked.prices, by=["type", "channel"], where=INCOMING, scheme=asked.scheme, unpriced="apart"
        )
        out["costs"] = specs.cost(priced, lang=lang)
    if asked.goals is not None:
        out["goals"] = specs.goals(asked.goals, lang=lang)
    return out
