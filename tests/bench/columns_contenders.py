"""Coded rows in memory, tallied: one contender, one process. Prints seconds, peak memory, and a digest of the cells.

python tests/bench/columns_contenders.py NAME CODES.bin ROWS THREADS [--digest]

CODES.bin holds municipality, week and task as int32, then channel, type and direction as uint8; all valid. komhen
checks every row all the same; the others take the numbers as they are, and numpy is told how large each can be.
"""

from __future__ import annotations

import json
import os
import sys
import time

from contenders import digest, peak_kib

WIDE, NARROW = ["municipality", "week", "task"], ["channel", "type", "direction"]


def read(path: str, rows: int) -> dict:
    import numpy as np

    out = {}
    with open(path, "rb") as file:
        for name in WIDE:
            out[name] = np.fromfile(file, np.int32, rows)
        for name in NARROW:
            out[name] = np.fromfile(file, np.uint8, rows)
    return out


def komhen(codes: dict, threads: int):
    import pyarrow as pa

    import komhen

    table = pa.table({{"task": "kle"}.get(name, name): values for name, values in codes.items()})

    def work():
        return komhen.count(table, round="2012-spring")

    return work, lambda cube: _as_codes(cube)


def _as_codes(cube):
    """A cube's cells with numbers for words, as the others have them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    import komhen

    cells = cube.to_arrow()
    out = {"municipality": cells.column("municipality")}
    out["week"] = pc.replace_substring(cells.column("week"), "-W", "").cast(pa.int32())
    out["task"] = pc.replace_substring(cells.column("task"), ".", "").cast(pa.int32())
    for name, words in (("channel", komhen.Channel), ("type", komhen.ContactType), ("direction", komhen.Direction)):
        tokens = pa.array([word.token for word in words])
        numbers = pa.array([int(word) for word in words], pa.int64())
        out[name] = numbers.take(pc.index_in(cells.column(name).cast(pa.string()), value_set=tokens))
    return pa.table(out | {"count": cells.column("count")})


def _packed(codes: dict):
    """One number a row; each dimension's table of codes is made from what occurs, as a cube's would be."""
    import numpy as np

    tables = {name: np.unique(codes[name][:100_000]) for name in codes}
    place = {}
    for name, known in tables.items():
        place[name] = np.zeros(int(known[-1]) + 1, np.int32)
        place[name][known] = np.arange(len(known), dtype=np.int32)
    sizes = [len(known) for known in tables.values()]

    def packed():
        out = np.zeros(len(codes["week"]), np.int32)
        for name in codes:
            out *= len(tables[name])
            out += place[name][codes[name]]
        return out

    def unpacked(cells, counts):
        import pyarrow as pa

        index = np.unravel_index(cells, sizes)
        return pa.table({name: tables[name][at] for name, at in zip(tables, index)} | {"count": counts})

    return packed, unpacked, int(np.prod(sizes))


def numpy_bincount(codes: dict, threads: int):
    import numpy as np

    packed, unpacked, size = _packed(codes)

    def made(counts):
        cells = np.flatnonzero(counts)
        return unpacked(cells, counts[cells])

    return (lambda: np.bincount(packed(), minlength=size)), made


def numpy_unique(codes: dict, threads: int):
    import numpy as np

    packed, unpacked, _ = _packed(codes)
    return (lambda: np.unique(packed(), return_counts=True)), lambda found: unpacked(*found)


def duckdb(codes: dict, threads: int):
    import duckdb
    import pyarrow as pa

    database = duckdb.connect()
    database.execute(f"set threads = {threads}")
    database.register("arrow", pa.table(codes))
    database.execute("create temp table rows as select * from arrow")

    def work():
        database.execute("create temp table cells as select *, count(*) as count from rows group by all")

    return work, lambda _: database.sql("from cells").to_arrow_table()


def polars(codes: dict, threads: int):
    import polars as pl

    frame = pl.DataFrame(codes)
    return (lambda: frame.group_by(list(codes)).len("count")), lambda cells: cells.to_arrow()


CONTENDERS = {
    "komhen frame": komhen,
    "numpy bincount": numpy_bincount,
    "numpy unique": numpy_unique,
    "DuckDB": duckdb,
    "polars": polars,
}


def main(name: str, path: str, rows: int, threads: int, with_digest: bool) -> None:
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    codes = read(path, rows)
    CONTENDERS[name]({name: values[:1000] for name, values in codes.items()}, threads)[0]()  # what is loaded late
    work, table_of = CONTENDERS[name](codes, threads)
    before = peak_kib()
    began = time.perf_counter()
    result = work()
    told = {"seconds": time.perf_counter() - began, "peak_kib": peak_kib(), "before_kib": before}
    if with_digest:
        told["digest"], told["cells"], told["rows_accepted"] = digest(table_of(result))
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), "--digest" in sys.argv)
