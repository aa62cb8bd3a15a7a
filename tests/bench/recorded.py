"""What results.json holds, as its readers ask for it."""

from __future__ import annotations

KOMHEN = "komhen (C++)"


def million(rows: int) -> str:
    return f"{rows / 1e6:g} M"


def best(run: dict) -> dict[str, float]:
    """Seconds by contender; of a library with several forms its fastest, which is named."""
    out: dict[str, float] = {}
    seen: set[str] = set()
    for name, row in sorted(run["contenders"].items(), key=lambda item: item[1]["seconds"]):
        library = name if name.startswith(("komhen", "wc")) else name.split()[0]
        if library not in seen:
            out[name] = row["seconds"]
        seen.add(library)
    return out


def largest(results: dict, threads: int, file: str = "random") -> dict | None:
    """The run of the most rows up to 10 M, which every contender can do, of one file."""
    runs = [
        run
        for run in results.get("count", {}).get("runs", ())
        if run["file"] == file
        and run["threads"] == threads
        and run["rows"] <= 10_000_000
        and KOMHEN in run["contenders"]
    ]
    return max(runs, key=lambda run: run["rows"], default=None)
