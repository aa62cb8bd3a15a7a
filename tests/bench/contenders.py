"""One contender, one job, one process: what run.py starts. Prints seconds, peak memory, and a digest of the cells.

python tests/bench/contenders.py NAME FILE THREADS WORDS.json [--digest]

The job is the same for all: read the file, leave out rows whose municipality, day, KLE number or words are not valid,
turn days into ISO weeks, and count the rows by all ten dimensions. komhen does everything else besides that
docs/exchange-file.md asks for: reasons, spelling of words, encodings, the guard against CPR numbers. The others do not.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable

DIMENSIONS = "municipality week task channel type direction closure form source unit".split()
CLOSED = ["channel", "type", "direction", "closure", "form"]
KLE = r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$"


def header(path: str) -> list[str]:
    with open(path, encoding="utf-8") as file:
        return file.readline().rstrip("\n").split(";")


class Words:
    """The valid words, the days of the round and their weeks; written by run.py from komhen's own tables."""

    def __init__(self, path: str):
        with open(path, encoding="utf-8") as file:
            told = json.load(file)
        self.municipalities: list[str] = told["municipalities"]
        self.weeks: dict[str, str] = told["weeks"]  # day -> week
        self.closed: dict[str, list[str]] = told["closed"]  # column -> words, "" where a field may be empty


Made = Callable[[], object]  # gives the cells as a pyarrow.Table of DIMENSIONS and count, outside the time


def komhen(path: str, threads: int, words: Words) -> Made:
    import komhen

    kinds = komhen.count.__kwdefaults__
    if "threads" in kinds:
        cube = komhen.count(path, round="2012-spring", threads=threads)
    elif threads == 1:
        cube = komhen.count(path, round="2012-spring")
    else:
        raise SystemExit("this komhen counts with one thread")
    return cube.to_arrow


def duckdb_filter(path: str, threads: int, words: Words) -> Made:
    """Text columns; rows are filtered by word lists and joined to the days."""
    database = _database(path, threads, words)
    names = header(path)
    tests = [f"{name} in ({_list(words.closed[name])})" for name in CLOSED if name in names]
    tests = [
        f"({test} or {name} is null)" if "" in words.closed[name] else test
        for test, name in zip(tests, [name for name in CLOSED if name in names])
    ]
    tests += [f"municipality in ({_list(words.municipalities)})", f"regexp_full_match(kle, '{KLE[1:-1]}')"]
    database.execute(
        f"create temp table cells as select {_selected(names)}, count(*) as count from "
        f"({_read(path, names)}) join weeks using (date) where {' and '.join(tests)} group by all"
    )
    return lambda: database.sql("from cells").to_arrow_table()


def duckdb_group_first(path: str, threads: int, words: Words) -> Made:
    """Text columns grouped as they stand, days too; what is left is filtered and grouped again."""
    database = _database(path, threads, words)
    names = header(path)
    tests = []
    for name in CLOSED:
        if name in names:
            test = f"{name} in ({_list(words.closed[name])})"
            tests.append(f"({test} or {name} is null)" if "" in words.closed[name] else test)
    tests += [f"municipality in ({_list(words.municipalities)})", f"regexp_full_match(kle, '{KLE[1:-1]}')"]
    database.execute(
        f"create temp table cells as select {_selected(names)}, sum(n)::bigint as count from "
        f"(select {', '.join(names)}, count(*) as n from ({_read(path, names)}) group by all) "
        f"join weeks using (date) where {' and '.join(tests)} group by all"
    )
    return lambda: database.sql("from cells").to_arrow_table()


def duckdb_enum(path: str, threads: int, words: Words) -> Made:
    """Words as ENUM while reading, rows that do not fit are skipped by the reader."""
    database = _database(path, threads, words)
    names = header(path)
    kinds = dict.fromkeys(names, "VARCHAR") | {"municipality": "municipality_words", "date": "date_words"}
    for name in ["municipality", "date", *CLOSED]:
        allowed = {"municipality": words.municipalities, "date": list(words.weeks)}.get(name) or words.closed[name]
        database.execute(f"create type {name}_words as enum ({_list([word for word in allowed if word])})")
        if name in names:
            kinds[name] = f"{name}_words"
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
    database.execute("create temp table days as select date::date_words as date, week from weeks")
    database.execute(
        f"create temp table cells as select {_selected(names)}, sum(n)::bigint as count from "
        f"(select {', '.join(names)}, count(*) as n from read_csv('{path}', delim=';', header=true, auto_detect=false, "
        f"quote='\"', escape='\"', ignore_errors=true, columns={{{columns}}}) group by all) join days using (date) "
        f"where {' and '.join(f'{name} is not null' for name in names if '' not in words.closed.get(name, ['']))} "
        f"and municipality is not null and regexp_full_match(kle, '{KLE[1:-1]}') group by all"
    )
    return lambda: database.sql("from cells").to_arrow_table()


def _database(path: str, threads: int, words: Words):
    import duckdb

    database = duckdb.connect()
    database.execute(f"set threads = {threads}")
    database.execute("set preserve_insertion_order = false")
    database.execute("create temp table weeks (date varchar, week varchar)")
    database.executemany("insert into weeks values (?, ?)", list(words.weeks.items()))
    return database


def _list(values: list[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _read(path: str, names: list[str]) -> str:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    return (
        f"select * from read_csv('{path}', delim=';', header=true, auto_detect=false, quote='\"', escape='\"', "
        f"columns={{{columns}}})"
    )


def _selected(names: list[str]) -> str:
    renamed = {"task": "kle"}
    return ", ".join(
        f"{renamed.get(name, name)} as {name}" if renamed.get(name, name) in [*names, "week"] else f"'' as {name}"
        for name in DIMENSIONS
    )


def _scanned(pl, path: str):
    """Text columns, an empty field as empty text."""
    return pl.scan_csv(path, separator=";", infer_schema=False, empty_string_is_null=False)


def polars_enum(path: str, threads: int, words: Words) -> Made:
    """Streaming; words become Enum, and what is none becomes null and is filtered."""
    import polars as pl

    names = header(path)
    days = pl.Enum(list(words.weeks))
    scan = _scanned(pl, path)
    casts = [pl.col("municipality").cast(pl.Enum(words.municipalities), strict=False)]
    casts.append(
        pl.col("date")
        .cast(days, strict=False)
        .replace_strict(words.weeks, return_dtype=pl.Enum(sorted(set(words.weeks.values()))))
        .alias("week")
    )
    casts += [pl.col(name).cast(pl.Enum(words.closed[name]), strict=False) for name in CLOSED if name in names]
    tests = [pl.col(name).is_not_null() for name in ["municipality", "week", *[n for n in CLOSED if n in names]]]
    keys = [name for name in ["municipality", "week", "kle", *CLOSED, "source", "unit"] if name in [*names, "week"]]
    cells = (
        scan.filter(pl.col("kle").str.contains(KLE))
        .with_columns(casts)
        .filter(*tests)
        .group_by(keys)
        .agg(pl.len().alias("count"))
        .collect(engine="streaming")
    )
    return lambda: cells.rename({"kle": "task"}).to_arrow()


def polars_text(path: str, threads: int, words: Words) -> Made:
    """Streaming; text as it stands."""
    import polars as pl

    names = header(path)
    scan = _scanned(pl, path)
    tests = [pl.col("municipality").is_in(words.municipalities), pl.col("date").is_in(list(words.weeks))]
    tests += [pl.col(name).is_in(words.closed[name]) for name in CLOSED if name in names]
    keys = [name for name in ["municipality", "week", "kle", *CLOSED, "source", "unit"] if name in [*names, "week"]]
    cells = (
        scan.filter(pl.col("kle").str.contains(KLE), *tests)
        .with_columns(pl.col("date").replace_strict(words.weeks).alias("week"))
        .group_by(keys)
        .agg(pl.len().alias("count"))
        .collect(engine="streaming")
    )
    return lambda: cells.rename({"kle": "task"}).to_arrow()


def pandas_chunks(path: str, threads: int, words: Words) -> Made:
    """A million rows at a time, words as categories."""
    import pandas as pd

    names = header(path)
    keys = [name for name in ["municipality", "week", "kle", *CLOSED, "source", "unit"] if name in [*names, "week"]]
    found = []
    for chunk in pd.read_csv(
        path, sep=";", dtype="category", keep_default_na=False, na_filter=False, chunksize=1_000_000
    ):
        code = chunk["municipality"].cat
        chunk["municipality"] = code.rename_categories(code.categories.astype(str))  # pandas makes numbers of them
        kept = chunk["municipality"].isin(words.municipalities) & chunk["date"].isin(list(words.weeks))
        kle = chunk["kle"].cat
        kept &= chunk["kle"].isin(kle.categories[kle.categories.str.match(KLE)])
        for name in CLOSED:
            if name in names:
                kept &= chunk[name].isin(words.closed[name])
        chunk = chunk[kept]
        chunk = chunk.assign(week=chunk["date"].map(words.weeks).astype("category"))
        found.append(chunk.groupby(keys, observed=True, sort=False).size().reset_index(name="count"))
    every = pd.concat([part.astype({key: str for key in keys}) for part in found])
    cells = every.groupby(keys, sort=False)["count"].sum().reset_index() if len(found) > 1 else found[0]

    def made():
        import pyarrow

        return pyarrow.Table.from_pandas(cells.rename(columns={"kle": "task"}), preserve_index=False)

    return made


def pyarrow_batches(path: str, threads: int, words: Words) -> Made:
    """The streaming reader; words become codes, and the codes are grouped batch by batch."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    pa.set_cpu_count(threads)
    names = header(path)
    sets = {"municipality": pa.array(words.municipalities), "date": pa.array(list(words.weeks))}
    sets |= {name: pa.array(words.closed[name]) for name in CLOSED if name in names}
    all_weeks = sorted(set(words.weeks.values()))
    week_of_day = pa.array([all_weeks.index(week) for week in words.weeks.values()], pa.int32())
    free = [name for name in ("source", "unit") if name in names]
    keys = [*[name for name in sets if name != "date"], "week", "kle", *free]
    reader = csv.open_csv(
        path,
        read_options=csv.ReadOptions(block_size=32 << 20, use_threads=threads > 1),
        parse_options=csv.ParseOptions(delimiter=";"),
        convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    found = []
    for batch in reader:
        codes = {name: pc.index_in(batch.column(name), value_set=values) for name, values in sets.items()}
        kept = pc.match_substring_regex(batch.column("kle"), KLE)
        for code in codes.values():
            kept = pc.and_(kept, pc.is_valid(code))
        columns = codes | {"week": week_of_day.take(codes.pop("date"))}
        columns |= {name: batch.column(name) for name in ["kle", *free]}
        part = pa.table({key: columns[key] for key in keys}).filter(kept)
        found.append(part.group_by(keys, use_threads=threads > 1).aggregate([([], "count_all")]))
    merged = pa.concat_tables(found).group_by(keys, use_threads=threads > 1).aggregate([("count_all", "sum")])

    def made():
        texts = {name: sets[name].take(merged.column(name).combine_chunks()) for name in sets if name != "date"}
        texts["week"] = pa.array(all_weeks).take(merged.column("week").combine_chunks())
        texts["task"] = merged.column("kle")
        texts |= {name: merged.column(name) for name in free}
        return pa.table(texts | {"count": merged.column("count_all_sum")})

    return made


def digest(table) -> tuple[str, int, int]:
    """SHA-256 over the sorted cells as text, their number, and the sum of their counts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = []
    for name in [*DIMENSIONS, "count"]:
        if name in table.column_names:
            text = pc.fill_null(table.column(name).cast(pa.string()), "")
            # Nothing and not stated are one thing in a file: an empty field.
            texts.append(pc.replace_substring_regex(text, "^not_stated$", "") if name in ("closure", "form") else text)
        else:
            texts.append(pa.array([""] * table.num_rows))
    lines = pc.binary_join_element_wise(*[pa.chunked_array([t]) if isinstance(t, pa.Array) else t for t in texts], ";")
    lines = lines.cast(pa.large_string()).combine_chunks()
    lines = lines.take(pc.sort_indices(lines))
    sha = hashlib.sha256()
    for start in range(0, len(lines), 100_000):
        sha.update("\n".join(lines.slice(start, 100_000).to_pylist()).encode() + b"\n")
    return sha.hexdigest(), table.num_rows, pc.sum(table.column("count")).as_py()


CONTENDERS = {
    "komhen": komhen,
    "DuckDB filter": duckdb_filter,
    "DuckDB group first": duckdb_group_first,
    "DuckDB enum": duckdb_enum,
    "polars enum": polars_enum,
    "polars text": polars_text,
    "pandas": pandas_chunks,
    "pyarrow": pyarrow_batches,
}
LIBRARIES = {"DuckDB": "duckdb"}


def peak_kib() -> int:
    """The most memory that this program has had. ru_maxrss begins with that of the process which started it."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))


def main(name: str, path: str, threads: int, words: str, with_digest: bool) -> None:
    given = Words(words)
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    library = name.split()[0]
    __import__(LIBRARIES.get(library, library))  # not in the time
    with tempfile.NamedTemporaryFile(mode="w", suffix=".csv") as few, open(path, encoding="utf-8") as whole:
        few.writelines(itertools.islice(whole, 1000))
        few.flush()
        CONTENDERS[name](
            few.name, threads, given
        )  # what a library loads when it is first used is not in the time either
    before = peak_kib()
    began = time.perf_counter()
    made = CONTENDERS[name](path, threads, given)
    told = {"seconds": time.perf_counter() - began, "peak_kib": peak_kib(), "before_kib": before}
    if with_digest:
        told["digest"], told["cells"], told["rows_accepted"] = digest(made())
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], "--digest" in sys.argv)
