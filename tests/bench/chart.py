"""The chart of the README: bars of seconds, one panel a number of threads. Plain SVG with a background of its own."""

from __future__ import annotations

from recorded import KOMHEN, best, largest, million

COLOURS = {"komhen": "#0b6e4f", "wc": "#9aa5b1"}


def chart(results: dict) -> str | None:
    """Bars of seconds, one panel a number of threads; plain SVG with its own background, readable in dark pages too."""
    runs = [run for run in (largest(results, threads) for threads in (1, 2)) if run]
    if not runs:
        return None
    width, left, bar, gap = 780, 170, 20, 8
    parts, y = [], 34
    parts.append(
        _text(
            16,
            22,
            f"Counting {million(runs[0]['rows'])} rows of uniformly random cells: seconds, shorter is better",
            14,
            "600",
        )
    )
    longest = max(max(best(run).values()) for run in runs)
    for run in runs:
        y += 22
        parts.append(_text(16, y, f"{run['threads']} thread" + ("s" if run["threads"] > 1 else ""), 12, "600"))
        y += 8
        for name, seconds in sorted(best(run).items(), key=lambda item: item[1]):
            length = max(2.0, (width - left - 130) * seconds / longest)
            colour = next((c for key, c in COLOURS.items() if name.startswith(key)), "#4c78a8")
            parts.append(_text(left - 8, y + 14, name, 12, "400", "end"))
            parts.append(f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{bar}" rx="2" fill="{colour}"/>')
            ratio = seconds / run["contenders"][KOMHEN]["seconds"]
            parts.append(_text(left + length + 6, y + 14, f"{seconds:.2f} s ({ratio:.2g}x)", 12))
            y += bar + gap
    said, rounds = {**results["count"], **runs[0]}, runs[0]["rounds"]
    for line in (
        f"{said['machine']}, load {said['load']}; medians of {rounds} rounds in turn, {said['date']}; "
        "x: times komhen (C++).",
        "Equal cells from all. komhen also gives reasons, spellings, encodings and a CPR guard; wc -l counts lines.",
    ):
        y += 14
        parts.append(_text(16, y, line, 10))
    y += 14
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}" role="img" '
        f'aria-label="Seconds that komhen and others take to count the same file" font-family="sans-serif">\n'
        f'<rect width="{width}" height="{y}" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _text(x: float, y: float, text: str, size: int, weight: str = "400", anchor: str = "start") -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="#1f2933">{safe}</text>'
    )
