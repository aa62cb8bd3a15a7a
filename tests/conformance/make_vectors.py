"""Writes the vectors of the conformance kit.

    python tests/conformance/make_vectors.py            # writes vectors/*.json
    python tests/conformance/make_vectors.py --check    # compares them with what it would write

What is expected never comes from komhen. Either it stands in worked_out/, worked out by hand from docs/*.md, and
its vector names it in `by_hand`; or the oracle (tests/oracle/oracle.py, an independent reading of those pages) computes
it. What stands there by hand is held against the oracle as well, wherever the oracle has an answer: the two must agree,
or nothing is written. The oracle knows no journal: what is expected of journals is by hand alone, and so are the
reasons why a call is refused.

The same code gives the same bytes. Standard library only.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from worked_out import kit, of_files, of_journals, of_measures, of_persons, of_rounds  # noqa: F401

VECTORS = Path(__file__).resolve().parent / "vectors"
WIDTH = 116


def written(value, indent: int = 0) -> str:
    """JSON for people: on one line where it fits."""
    flat = json.dumps(value, ensure_ascii=False)
    if indent > 0 and (len(flat) + indent <= WIDTH or not isinstance(value, (list, dict)) or not value):
        return flat
    inner = " " * (indent + 1)
    if isinstance(value, dict):
        lines = [f"{inner}{json.dumps(key)}: {written(item, indent + 1)}" for key, item in value.items()]
    else:
        lines = [inner + written(item, indent + 1) for item in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return opening + "\n" + ",\n".join(lines) + "\n" + " " * indent + closing


def main() -> int:
    check = sys.argv[1:] == ["--check"]
    stale = []
    for file, (title, vectors) in kit.THEMES.items():
        path = VECTORS / f"{file}.json"
        content = written({"format": 1, "title": title, "vectors": vectors}) + "\n"
        if check and (not path.is_file() or path.read_text(encoding="utf-8") != content):
            stale.append(path.name)
        elif not check:
            path.write_text(content, encoding="utf-8", newline="\n")
    strangers = {path.name for path in VECTORS.glob("*.json")} - {f"{file}.json" for file in kit.THEMES} - {"schema.json"}
    print(f"{len(kit.THEMES)} files, {sum(len(vectors) for _, vectors in kit.THEMES.values())} vectors, "
          f"{sum(bool(v['by_hand']) for _, vectors in kit.THEMES.values() for v in vectors)} with expectations by hand")
    for name in [*stale, *sorted(strangers)]:
        print(f"{name} is not what make_vectors.py writes", file=sys.stderr)
    return 1 if stale or strangers else 0


if __name__ == "__main__":
    sys.exit(main())
