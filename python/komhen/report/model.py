"""What a report is made of: chapters of words, tables and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional

from .cells import FIGURES, Cell, CostPart, Count, Kroner, Part


@dataclass(frozen=True)
class Row:
    """A row: its heads, its cells, and which task or municipality it is of, so that a filter can leave it out. ``tokens`` are
    what a program reads for the heads, where those are words of a language."""

    heads: tuple[str, ...]
    cells: tuple[Cell, ...]
    task: Optional[str] = None
    municipality: Optional[int] = None
    total: bool = False
    tokens: tuple[str | int | None, ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows under heads; ``columns`` are stable keys. ``fixed``: a filter does not change it, and the page says so."""

    id: str
    caption: str
    heads: tuple[str, ...]  # of the row heads
    head_keys: tuple[str, ...]
    columns: tuple[str, ...]  # of the cells, as a reader sees them
    keys: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    @property
    def fixed(self) -> bool:
        """Whether no figure of it follows a filter."""
        return not any(isinstance(cell, FIGURES) and cell.sums for row in self.rows for cell in row.cells)


@dataclass(frozen=True)
class Bar:
    """A bar of a picture: a figure, the earlier figure beside it, and what a filter must know."""

    label: str
    figure: Part | Count | Kroner | CostPart
    before: Optional[Part] = None
    task: Optional[str] = None
    municipality: Optional[int] = None


@dataclass(frozen=True)
class Bars:
    """Bars beneath each other, on 0 to 100 % (shares) or from 0 to the largest. ``goal`` is a line at a per cent."""

    id: str
    title: str
    bars: tuple[Bar, ...]
    goal: Optional[int] = None
    ranked: bool = False
    kind = "bars"


@dataclass(frozen=True)
class Stack:
    """A bar of 100 % cut in parts, one for each value of a dimension."""

    label: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Stacks:
    """Bars of 100 % above a list of what the parts are. ``marks`` name the colours."""

    id: str
    title: str
    stacks: tuple[Stack, ...]
    labels: tuple[str, ...]
    marks: tuple[str, ...]
    kind = "stacks"


Picture = Bars | Stacks


@dataclass(frozen=True)
class Sentence:
    """Words with figures in them, at {0}, {1} and so on."""

    words: str
    figures: tuple[Cell, ...] = ()

    def text(self, lang: str) -> str:
        return self.words.format(*(figure.text(lang) for figure in self.figures))


@dataclass(frozen=True)
class Chapter:
    """A heading, sentences, and parts: a picture has its table beside it."""

    id: str
    heading: str
    words: tuple[Sentence, ...] = ()
    parts: tuple[tuple[Optional[Picture], Table], ...] = field(default=())

    @property
    def tables(self) -> list[Table]:
        """The tables, in order."""
        return [table for _, table in self.parts]

    @property
    def pictures(self) -> list[Picture]:
        """The pictures, in order."""
        return [picture for picture, _ in self.parts if picture is not None]


@dataclass(frozen=True)
class Key:
    """A key figure of the summary: what it is, the figure, and a sentence under it."""

    id: str
    label: str
    figure: Cell
    words: Sentence
    goal: Optional[int] = None
