"""Plain tables for a terminal; rich draws them where it is installed and wanted."""

from __future__ import annotations

from collections.abc import Sequence


def text_table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int, rich: bool = False) -> str:
    """A table as text: the first ``left`` columns to the left, numbers to the right. No trailing line end."""
    if rich:
        drawn = _rich_table(head, rows, left)
        if drawn is not None:
            return drawn
    # Control characters of a label must not reach the terminal.
    clean = [[_printable(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[i]) for row in clean) for i in range(len(head))]
    lines = []
    for row in clean:
        cells = [c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths))]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _printable(cell: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in cell)


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
        table.add_row(*(Text(_printable(cell)) for cell in row))
    console = Console()
    with console.capture() as captured:
        console.print(table)
    return captured.get().rstrip("\n")
