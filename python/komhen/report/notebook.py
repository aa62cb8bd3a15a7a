"""The report in a notebook: the key figures, and what there is to write it as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .html_text import escaped

if TYPE_CHECKING:
    from .report import Report


def piece(report: Report) -> str:
    """The summary as a table, the chapters as a list."""
    lang = report.lang
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left">{escaped(key.label)}</th>'
        f'<td style="text-align:right"><b>{escaped(key.figure.text(lang))}</b></td>'
        f'<td style="text-align:left">{escaped(key.words.text(lang))}</td></tr>'
        for key in report.summary
    )
    chapters = "".join(f"<li>{escaped(chapter.heading)}</li>" for chapter in report.chapters)
    return (
        f'<div class="komhen" lang="{lang}"><table><caption>{escaped(report.title)}</caption><tbody>{rows}</tbody></table>'
        f"<ol>{chapters}</ol><p>.to_html(), .to_xlsx(), .to_csv(), .to_json()</p></div>"
    )
