"""A file of uniformly random cells: municipalities in random order, one row in a hundred bad, about 64 bytes a row.

made(path, rows) writes the exchange file; codes(rows) gives the same cells, all valid, as columns of codes. The same
rows every time: the generator is seeded, and a million rows are made at once.
"""

from __future__ import annotations

from collections.abc import Iterator

CHUNK = 1_000_000
DAYS = [f"2012-04-{day}" for day in range(23, 28)]
DAYS += ["2012-04-30", *(f"2012-05-{day:02}" for day in (1, 2, 3, 4, 7, 8, 9, 10, 11))]
BAD = {  # one column of a bad row, and what stands in it
    "municipality": "999",
    "date": "2012-06-31",
    "kle": "23.05.1O",
    "channel": "pigeon",
    "type": "complaint",
    "direction": "sideways",
}


def _values(words: dict) -> dict[str, list[str]]:
    return {
        "municipality": words["municipalities"],
        "date": DAYS,
        "kle": words["tasks"],
        "channel": [word for word in words["closed"]["channel"] if word],
        "type": words["closed"]["type"],
        "direction": words["closed"]["direction"],
    }


def _drawn(words: dict, rows: int) -> Iterator[dict]:
    """Indexes into the values, a chunk at a time."""
    import numpy as np

    values = _values(words)
    for start in range(0, rows, CHUNK):
        draw = np.random.default_rng([1, start])
        size = min(CHUNK, rows - start)
        yield {name: draw.integers(0, len(known), size, dtype=np.int32) for name, known in values.items()} | {
            "bad": draw.integers(0, 100 * len(BAD), size, dtype=np.int32)
        }


def made(path: str, rows: int, words: dict) -> None:
    import numpy as np
    import pyarrow as pa
    from pyarrow import csv

    values = {name: [*known, BAD[name]] for name, known in _values(words).items()}
    options = csv.WriteOptions(include_header=False, delimiter=";", quoting_style="none")
    with open(path, "wb") as file:
        file.write((";".join([*values, "source"]) + "\n").encode())
        for drawn in _drawn(words, rows):
            columns = {}
            for at, (name, known) in enumerate(values.items()):
                index = np.where(drawn["bad"] == at, len(known) - 1, drawn[name]).astype(np.int32)
                columns[name] = pa.array(known).take(pa.array(index))
            columns["source"] = pa.array(["bench:desk"] * len(drawn["bad"]))
            csv.write_csv(pa.table(columns), file, options)


def codes(rows: int, words: dict) -> dict:
    """municipality, week, task as int32; channel, type, direction as uint8; all valid."""
    import numpy as np

    values = _values(words)
    tables = {
        "municipality": np.array([int(code) for code in values["municipality"]], np.int32),
        "week": np.array([int(words["weeks"][day].replace("-W", "")) for day in values["date"]], np.int32),
        "task": np.array([int(kle.replace(".", "")) for kle in values["kle"]], np.int32),
        "channel": np.arange(1, len(values["channel"]) + 1, dtype=np.uint8),
        "type": np.arange(1, len(values["type"]) + 1, dtype=np.uint8),
        "direction": np.arange(1, len(values["direction"]) + 1, dtype=np.uint8),
    }
    of = {"week": "date", "task": "kle"}
    parts = [
        {name: table[drawn[of.get(name, name)]] for name, table in tables.items()} for drawn in _drawn(words, rows)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in tables}
