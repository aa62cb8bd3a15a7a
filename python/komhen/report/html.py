"""The report as one page: no file beside it, no request, nothing unescaped."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from .. import _core
from .._labels import shown, with_per_cent
from .._text import on_a_page
from ..taxonomy import TASKS
from .asked import GOAL
from .cells import FIGURES, Cell, Printed, Word
from .colours import rules
from .csv_files import data_link, plain
from .facts import KL35
from .html_text import escaped, script_json
from .library import library
from .model import Bars, Picture, Sentence, Table
from .pictures import alt, draw
from .texts import say

if TYPE_CHECKING:
    from .report import Report


_MANY = 8  # bars that stand in two columns where there is room
_LONG = 24  # characters of a text that may be broken over lines


class _Figures:
    """Every figure on the page by its place, so that the page's script can put another there."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._places: dict[Cell, int] = {}
        self.described: list[list[Any]] = []

    def place(self, cell: Cell) -> int:
        """Where a figure stands in what the script reads; -1 for one that no filter changes."""
        if not isinstance(cell, FIGURES) or not cell.sums:
            return -1
        if cell not in self._places:
            self._places[cell] = len(self.described)
            more = [getattr(cell, name) for name in ("decimals", "test", "bound", "goal") if hasattr(cell, name)]
            self.described.append([cell.kind, cell.scope, list(cell.sums), *more])
        return self._places[cell]

    def attribute(self, cell: Cell) -> str:
        place = self.place(cell)
        return f' data-c="{place}"' if place >= 0 else ""

    def span(self, cell: Cell) -> str:
        if isinstance(cell, Word):
            return escaped(cell.value)
        return f"<b{self.attribute(cell)}>{escaped(cell.text(self._lang))}</b>"


def page(report: Report) -> str:
    """The whole page as text."""
    jinja2 = library("jinja2", "a page")
    lang = report.lang
    figures = _Figures(lang)
    # Without autoescape there is no page: every value is text unless a function here has escaped it.
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("komhen.report", "templates"),
        autoescape=True,
        finalize=lambda value: on_a_page(value) if type(value) is str else value,  # what is markup already is a class of its own
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    safe = library("markupsafe", "a page").Markup

    def source(name: str) -> str:
        text: str = environment.loader.get_source(environment, name)[0]
        return text

    style, script = source("report.css") + rules(), source("report.js")
    pictures: list[dict[str, Any]] = []

    def picture(drawn: Picture) -> Any:
        place = ""
        if _follows(drawn, figures):  # another is of rows or of a whole round, and stays as it is drawn
            place = f' data-p="{len(pictures)}"'
            pictures.append(_described(drawn, figures))
        role = f'role="img" aria-label="{escaped(alt(drawn, lang))}"'
        many = " many" if isinstance(drawn, Bars) and len(drawn.bars) > _MANY else ""
        return safe(f'<div class="{drawn.kind}{many}" {role}{place}>{draw(drawn, lang)}</div>')

    def sentence(words: Sentence) -> Any:
        return safe(escaped(words.words).format(*(figures.span(figure) for figure in words.figures)))

    def cell(shown: Cell, fixed: bool) -> Any:
        if isinstance(shown, Word):
            kind = "text long" if len(shown.value) > _LONG else "text"
            return safe(f'<td class="{kind}">{escaped(shown.value)}</td>')
        attribute = figures.attribute(shown) or f' data-v="{escaped(plain(shown, lang))}"'
        printed = ' class="printed"' if isinstance(shown, Printed) and not fixed else ""
        return safe(f"<td{printed}{attribute}>{escaped(shown.text(lang))}</td>")

    def breakable(head: str) -> Any:
        # A line may break behind a slash, where a browser sees one word.
        return safe(escaped(head).replace("/", "/<wbr>"))

    def number(shown: Cell) -> Any:
        return safe(figures.span(shown))

    def link(table: Table) -> Any:
        return safe(escaped(data_link(table, lang)))

    body = environment.get_template("report.html").render(
        report=report,
        lang=lang,
        say=lambda key: say(key, lang),
        picture=picture,
        sentence=sentence,
        cell=cell,
        breakable=breakable,
        number=number,
        csv=link,
        words_only=_words_only,
        is_bars=lambda drawn: isinstance(drawn, Bars),
        figure_of=figures.place,
        goal=GOAL,
        goal_text=with_per_cent(str(GOAL), lang),
        style=safe(style),
        script=safe(script),
        policy=_policy(style, script),
        version=_core.__version__,
        options=_options(report),
        # Called last, when everything above has told what it shows.
        data=lambda: safe(script_json(_data(report, figures, pictures))),
        counts=safe(report.asked.facts.counts if report.asked.facts.exact_in_a_browser else "[]"),
    )
    return str(body)


def _words_only(table: Table) -> list[bool]:
    """Which columns are text: their heads stand over its beginning."""
    return [all(isinstance(row.cells[at], Word) for row in table.rows) for at in range(len(table.columns))]


def _policy(style: str, script: str) -> str:
    """No request of any kind, and no style or script but the two on the page."""
    hashes = ["'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'" for text in (style, script)]
    return (
        f"default-src 'none'; style-src {hashes[0]}; script-src {hashes[1]}; base-uri 'none'; form-action 'none'"
    )


def _options(report: Report) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in the filters: by name for municipalities, by number for tasks."""
    # Without those that only the earlier count has.
    counted = [key[0] for key in report.asked.rows("contacts", ["municipality"])]
    codes = [(str(code), shown("municipality", code)) for code in counted]
    names = sorted(codes, key=lambda row: row[1].partition(" ")[2])
    found = {str(key[0]) for key in report.asked.rows("contacts", ["task"])}
    known = {task.kle: f"{task.kle} {task.table_name}" for task in TASKS}
    return {
        "municipalities": names,
        "tasks": [(kle, known[kle]) for kle in sorted(found & KL35)],
        "others": [(kle, shown("task", kle)) for kle in sorted(found - KL35)],
    }


def _follows(drawn: Picture, figures: _Figures) -> bool:
    """Whether the page's script can sum every figure of a picture again."""
    if isinstance(drawn, Bars):
        shown: list[Cell] = [figure for bar in drawn.bars for figure in (bar.figure, bar.before) if figure is not None]
    else:
        shown = [part for stack in drawn.stacks for part in stack.parts]
    return all(figures.place(figure) >= 0 for figure in shown)


def _described(drawn: Picture, figures: _Figures) -> dict[str, Any]:
    if isinstance(drawn, Bars):
        bars = [
            [
                on_a_page(bar.label),
                figures.place(bar.figure),
                -1 if bar.before is None else figures.place(bar.before),
                bar.task or "",
                "" if bar.municipality is None else str(bar.municipality),
            ]
            for bar in drawn.bars
        ]
        return {"kind": "bars", "title": drawn.title, "goal": drawn.goal, "ranked": drawn.ranked, "bars": bars}
    stacks = [[on_a_page(stack.label), [figures.place(part) for part in stack.parts]] for stack in drawn.stacks]
    return {"kind": "stacks", "title": drawn.title, "labels": drawn.labels, "marks": drawn.marks, "stacks": stacks}


def _data(report: Report, figures: _Figures, pictures: list[dict[str, Any]]) -> dict[str, Any]:
    lang = report.lang
    words = ("goal_met", "under_one", "nothing_counted", "alt_bars", "alt_one", "alt_stack", "alt_none", "filtered", "other_tasks", "only_35")
    facts = report.asked.facts
    return {
        "lang": lang,
        "goal": GOAL,
        "exact": facts.exact_in_a_browser,
        "words": {word: say(word, lang) for word in words},
        "figures": figures.described,
        "pictures": pictures,
        "facts": facts.to_dict() if facts.exact_in_a_browser else None,
    }
