"""What a report is made of: chapters of words, tables and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Optional

from .._core import KomhenError
from .._text import text_table
from .cells import FIGURES, Cell, CostPart, Count, Kroner, Part, Word
from .html_text import escaped


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


@dataclass(frozen=True, repr=False)
class Table:
    """Rows under heads in the language ``lang``; ``keys`` are stable. ``fixed``: a filter does not change it, and the page
    says so. It shows itself as text and, in a notebook, as a table; ``to_pylist()`` gives its rows."""

    id: str
    caption: str
    heads: tuple[str, ...]  # of the row heads
    head_keys: tuple[str, ...]
    columns: tuple[str, ...]  # of the cells, as a reader sees them
    keys: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    lang: str = "da"

    @property
    def fixed(self) -> bool:
        """Whether no figure of it follows a filter."""
        return not any(isinstance(cell, FIGURES) and cell.sums for row in self.rows for cell in row.cells)


    def to_pylist(self) -> list[dict[str, Any]]:
        """A dict a row, as in the JSON: names of the method and their labels, figures with the whole numbers they rest on."""
        from .as_json import rows_of

        return rows_of(self)

    def _shown(self) -> tuple[list[str], list[list[str]], int]:
        """Heads and rows as a reader sees them, and how many columns of text stand first."""
        rows = [[*row.heads, *(cell.text(self.lang) for cell in row.cells)] for row in self.rows]
        left = len(self.heads)
        for at in range(len(self.columns)):
            if not self.rows or not all(isinstance(row.cells[at], Word) for row in self.rows):
                break
            left += 1
        return [*self.heads, *self.columns], rows, left

    def to_html(self, lang: str | None = None, most: int | None = None) -> str:
        """A table for a page in the report's language, all escaped; ``lang`` may name that language, and no other."""
        from .._html import table

        if lang not in (None, self.lang):
            raise KomhenError(f"this table is of a report in {self.lang!r}: make a report with lang={lang!r} for the other language")
        head, rows, left = self._shown()
        return table(self.caption, head, rows, left, self.lang, self.notes, most, len(self.heads))

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        return "\n".join([self.caption, text_table(*self._shown()), *self.notes])


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


@dataclass(frozen=True, repr=False)
class Chapter:
    """A heading, sentences, and parts: a picture has its table beside it. It shows itself as `Table` does."""

    id: str
    heading: str
    words: tuple[Sentence, ...] = ()
    parts: tuple[tuple[Optional[Picture], Table], ...] = field(default=())
    lang: str = "da"

    @property
    def tables(self) -> list[Table]:
        """The tables, in order."""
        return [table for _, table in self.parts]

    @property
    def pictures(self) -> list[Picture]:
        """The pictures, in order."""
        return [picture for picture, _ in self.parts if picture is not None]


    def in_language(self, lang: str) -> Chapter:
        """The same chapter, whose tables know which language they are in."""
        parts = tuple((picture, replace(table, lang=lang)) for picture, table in self.parts)
        return replace(self, parts=parts, lang=lang)

    def _repr_html_(self) -> str:
        said = "".join(f"<p>{escaped(words.text(self.lang))}</p>" for words in self.words)
        return "\n".join([f"<h3>{escaped(self.heading)}</h3>", said, *(table.to_html() for table in self.tables)])

    def __repr__(self) -> str:
        return "\n\n".join([self.heading, *(words.text(self.lang) for words in self.words), *map(repr, self.tables)])


@dataclass(frozen=True)
class Key:
    """A key figure of the summary: what it is, the figure, and a sentence under it."""

    id: str
    label: str
    figure: Cell
    words: Sentence
    goal: Optional[int] = None
