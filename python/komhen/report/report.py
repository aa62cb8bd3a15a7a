"""A report: chapters, and what they can be written as."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from .. import _files
from .._core import Cube, KomhenError, Outcome
from .._labels import checked
from .._text import not_there
from ..measures import PathLike, _cube, _of_type, _path, _word
from ..prices import Prices, load_prices
from ..targets import Goals
from ..targets import goals as held
from . import chapters_basis, chapters_contacts, chapters_method
from .asked import Asked
from .folder import ready
from .model import Chapter, Key, Table
from .summary import keys
from .texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator


class Report:
    """A round as chapters of words, tables and pictures, in the order of KL's report. `report` makes one. Source of the order: KL,
    "Kommunernes henvendelser", spring 2012."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.lang = asked.lang
        # Costs come before the summary: they put the prices among the facts.
        chapters: list[Chapter] = [
            chapters_basis.participation(asked),
            chapters_basis.status(asked),
            chapters_basis.tasks(asked),
            chapters_contacts.directions(asked),
            chapters_contacts.costs(asked),
            chapters_contacts.types(asked),
            chapters_contacts.case_information(asked),
            chapters_contacts.closure(asked),
            chapters_contacts.forms(asked),
            chapters_method.quality(asked),
            chapters_method.method(asked),
        ]
        self.chapters = [chapter.in_language(self.lang) for chapter in chapters]
        self.summary: list[Key] = keys(asked)

    @property
    def title(self) -> str:
        """What the report is of: the rounds, or the weeks."""
        several = len(self.asked.rows("contacts", ["municipality"])) > 1
        return f"{say('report_of_several' if several else 'report', self.lang)}: {self.asked.title()}"

    @property
    def synthetic(self) -> bool:
        """Whether a source says that nobody counted its contacts."""
        return any(str(source).startswith("synthetic:") for (source,) in self.asked.rows("contacts", ["source"]))

    def tables(self) -> list[Table]:
        """Every table, in order."""
        return [table for chapter in self.chapters for table in chapter.tables]

    def __getitem__(self, id: str) -> Chapter:
        for chapter in self.chapters:
            if chapter.id == id:
                return chapter
        raise KeyError(not_there("chapter", "report", id, [chapter.id for chapter in self.chapters]))

    def __iter__(self) -> Iterator[Chapter]:
        return iter(self.chapters)

    def __len__(self) -> int:
        return len(self.chapters)

    def to_html(self, path: Optional[PathLike] = None) -> str:
        """One self-contained page: no network, works offline, printed, on a phone and without its script.

        Written to ``path`` where one is given; the text is returned. Needs jinja2.
        """
        from .html import page

        text = page(self)
        if path is not None:
            _files.write(_path(path), text.encode())
        return text

    def to_xlsx(self, path: PathLike) -> None:
        """An Excel workbook: a sheet a table, real numbers, filters, frozen heads. Needs xlsxwriter."""
        from .workbook import workbook

        _files.write(_path(path), workbook(self))

    def to_csv(self, folder: PathLike) -> list[Path]:
        """A CSV file a table in a folder, which is made where it is not there; returns the paths.

        UTF-8 with a byte order mark and ``;``; decimal comma in Danish. Shares have six decimals. Raises KomhenError where the
        folder holds such files of another report, which would stand beside these.
        """
        from .csv_files import csv_text

        where = Path(os.fsdecode(_path(folder)))
        files = {
            where / f"{number:02d}-{table.id}.csv": table
            for number, chapter in enumerate(self.chapters, 1)
            for table in chapter.tables
        }
        ready(where, list(files), ["[0-9][0-9]-*.csv"])
        for path, table in files.items():
            _files.write(_path(path), csv_text(table, self.lang).encode())
        return list(files)

    def to_json(self, path: Optional[PathLike] = None) -> str:
        """Stable JSON: numerators, denominators, decimals as text. Written to ``path`` where one is given."""
        from .as_json import json_text

        text = json_text(self)
        if path is not None:
            _files.write(_path(path), text.encode())
        return text

    def to_pictures(self, folder: PathLike, *, format: str = "svg") -> list[Path]:
        """The round's pictures as files for slides, drawn by `komhen.plots`: ``"svg"`` or ``"png"``. Needs vl-convert. Raises
        KomhenError where the folder holds pictures of another report."""
        from .picture_files import write

        return write(self, Path(os.fsdecode(_path(folder))), format)

    def to_dict(self) -> dict[str, Any]:
        """The same as `to_json`, as Python objects."""
        from .as_json import as_dict

        return as_dict(self)

    def _repr_html_(self) -> str:
        from .notebook import piece

        return piece(self)

    def __repr__(self) -> str:
        lines = [self.title]
        lines += [f"{key.label}: {key.figure.text(self.lang)} {key.words.text(self.lang)}" for key in self.summary]
        return "\n".join(lines + [f"- {chapter.heading}" for chapter in self.chapters])


def report(
    cube: Cube,
    *,
    before: Optional[Cube] = None,
    prices: Optional[Prices | str | PathLike] = None,
    goals: Optional[Goals | PathLike] = None,
    outcome: Optional[Outcome] = None,
    scheme: Optional[str] = None,
    lang: str = "da",
) -> Report:
    """A round as a report for people, in the order of KL's own: participation, status against the goal of 80 %, the
    35 tasks, directions, costs, contact types, case information, closure, forms, data quality and method.

    Source of the order, the goal and the printed figures: KL, "Kommunernes henvendelser", spring 2012.

    Parameters
    ----------
    cube : Cube
        The count; it is not changed.
    before : Cube, optional
        An earlier count: shares of the 35 tasks stand beside it, under the scheme of ``cube``.
    prices : Prices, str or path, optional
        What `load_prices` gives or takes. Without prices the chapter on costs says that there are none.
    goals : Goals or path, optional
        What `goals` gives of this cube, or a goals file (docs/goals.md).
    outcome : Outcome, optional
        What became of the rows; default: ``cube.outcome``, which a saved cube does not have.
    scheme : str, optional
        Grouping of contact types; default: that of the cube's round.
    lang : {"da", "en"}, optional
        The language of words and numbers.

    Returns
    -------
    Report

    Raises
    ------
    KomhenError
        If a price or goals file cannot be read, goals were held against another cube, or the rounds of the cube have different schemes and none is named;
        when written, if a package that the format needs is missing.

    Examples
    --------
    >>> import komhen
    >>> cube = komhen.Cube()
    >>> move = dict(municipality=657, week="2012-W17", task="23.05.10", type="new_case", direction="incoming")
    >>> cube.add(channel="telephone", count=3, **move)
    >>> cube.add(channel="self_service", count=1, **move)
    >>> found = komhen.report(cube, lang="en")
    >>> found.summary[0].figure.text("en"), [chapter.id for chapter in found][:3]
    ('25%', ['participation', 'status', 'tasks'])
    """
    checked(lang)
    found = load_prices(prices) if prices is not None and not isinstance(prices, Prices) else prices
    if isinstance(goals, Goals):
        if not goals.is_of(_cube("cube", cube)):
            raise KomhenError("the goals were held against another count than the report's: give the goals file, or hold them again")
    elif goals is not None:
        goals = held(_cube("cube", cube), goals, before=before, prices=found, unpriced="apart")
    return Report(
        Asked(
            _cube("cube", cube),
            lang,
            before=None if before is None else _cube("before", before),
            prices=found,
            goals=goals,
            outcome=None if outcome is None else _of_type("outcome", outcome, Outcome, "an Outcome"),
            scheme=None if scheme is None else _word("scheme", scheme),
        )
    )
