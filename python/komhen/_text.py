"""Plain tables for a terminal; rich draws them where it is installed and wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from . import _core


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int, rich: bool = False) -> str:
    """A table as text: the first ``left`` columns to the left, numbers to the right. No trailing line end."""
    # Control characters of a label must not reach the terminal.
    clean = [[printable(cell) for cell in row] for row in [head, *rows]]
    if rich and _wraps_between_words(clean):
        drawn = _rich_table(clean[0], clean[1:], left)
        if drawn is not None:
            return drawn
    widths = [max(len(row[i]) for row in clean) for i in range(len(head))]
    lines = []
    for row in clean:
        cells = [c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths))]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _wraps_between_words(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a drawn table has room for the longest word of each column: a label that is cut off is lost."""
    import shutil  # it brings the compressors with it

    longest = [max((len(word) for cell in column for word in cell.split()), default=0) for column in zip(*rows)]
    return sum(longest) + 3 * len(longest) + 1 <= shutil.get_terminal_size().columns


def printable(cell: str) -> str:
    """Text without what a terminal obeys."""
    return "".join(c if c.isprintable() else "?" for c in cell)


_TURNS_TEXT = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def on_a_page(text: str) -> str:
    """Text as a page may hold it, still to be escaped: control characters, halves of surrogates, what is no character and what
    turns the direction of the text round become U+FFFD. Spaces that do not break and soft hyphens stay."""
    if text.isprintable():
        return text
    from unicodedata import category

    return "".join("\ufffd" if category(c) in ("Cc", "Cs", "Cn") or c in _TURNS_TEXT else c for c in text)


def not_there(what: str, where: str, asked: object, known: Iterable[str]) -> str:
    """The sentence of a KeyError: what was asked for, masked, and the nearest that there are."""
    import difflib

    names = list(known)
    near = difflib.get_close_matches(str(asked), names, n=3, cutoff=0.5) or names[:3]
    return f"the {where} has no {what} {_core.masked(str(asked)[:60])!r}; it has {', '.join(near)}" + (
        f" and {len(names) - len(near)} more" if len(names) > len(near) else ""
    )


def asked(id: str | None, lang: str, known: Collection[str]) -> tuple[str | None, str]:
    """What ``explain("en")`` means: everything, in that language, as it does for objects without ids."""
    return (None, id) if id in ("da", "en") and id not in known else (id, lang)


def _rich_table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> str | None:
    try:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError:
        return None
    table = Table()
    for i, name in enumerate(head):
        table.add_column(name, justify="left" if i < left else "right")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console()
    with console.capture() as captured:
        console.print(table)
    return captured.get().rstrip("\n")
