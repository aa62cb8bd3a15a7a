"""Frames in and tables out: a frame counts as the same file would, and a table arrives whole in other libraries."""

from __future__ import annotations

import copy
import csv
import importlib
import io
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from fractions import Fraction

import pytest

import komhen
from komhen import _core
from support import CPR, LONGEST, cube_of, file_of, rejections

COLUMNS = {
    "municipality": [657, 657, 101, 657],
    "date": ["2012-04-23", "2012-04-24", "2012-05-02", "2012-04-23"],
    "kle": ["23.05.10", "32.03.04", "23.05.10", "23.05.1O"],
    "channel": ["telephone", "self_service", "Selvbetjening", "telephone"],
    "type": ["new_case", "new_case", "guidance", "new_case"],
    "direction": ["incoming"] * 4,
    "count": [1, 2, 3, 4],
    "unit": ["Skranke", None, "", "x"],
}
MAKERS = {}


def maker(*needs):
    def keep(make):
        MAKERS[make.__name__] = (needs, make)
        return make

    return keep


@maker("polars")
def polars_frame(columns):
    return importlib.import_module("polars").DataFrame(columns)


@maker("pyarrow")
def arrow_table(columns):
    return importlib.import_module("pyarrow").table(columns)


@maker("pyarrow")
def arrow_reader(columns):
    return arrow_table(columns).to_reader()


@maker("pyarrow")
def arrow_batch(columns):
    return arrow_table(columns).to_batches()[0]


@maker("pyarrow")
def arrow_batch_without_a_stream(columns):
    """What gives one array and no stream, as a nanoarrow array does."""

    class Array:
        def __init__(self, batch):
            self._batch = batch

        def __arrow_c_array__(self, requested_schema=None):
            return self._batch.__arrow_c_array__(requested_schema)

    return Array(arrow_batch(columns))


@maker("pandas", "pyarrow")
def pandas_frame(columns):
    return importlib.import_module("pandas").DataFrame(columns)


@maker("duckdb", "pyarrow")
def duckdb_relation(columns):
    duckdb = importlib.import_module("duckdb")
    return duckdb.connect().from_arrow(arrow_table(columns))


@pytest.fixture(params=MAKERS)
def make(request):
    needs, make = MAKERS[request.param]
    for library in needs:
        pytest.importorskip(library)
    return make


@pytest.fixture
def pa():
    return pytest.importorskip("pyarrow")


def as_file(folder, columns):
    rows = [";".join("" if value is None else str(value) for value in row) for row in zip(*columns.values())]
    return file_of(folder / "a.csv", *rows, header=";".join(columns))


def test_a_frame_counts_as_the_file_of_its_rows_does(tmp_path, make):
    by_frame = komhen.count(make(COLUMNS), round="2012-spring")
    by_file = komhen.count(as_file(tmp_path, COLUMNS), round="2012-spring")
    assert by_frame == by_file and by_frame.contacts == 6
    assert rejections(by_frame) == rejections(by_file) == {"bad_kle": 1}


def test_columns_of_other_names_are_mapped_and_the_others_found_by_their_own(make):
    renamed = {{"channel": "kanal_kode", "kle": "opgave"}.get(name, name): column for name, column in COLUMNS.items()}
    cube = komhen.count(make(renamed), columns={"channel": "kanal_kode", "kle": "opgave"})
    assert cube == komhen.count(make(COLUMNS))
    assert cube.outcome.unread_columns == []


def test_a_mapping_works_for_files_too(tmp_path):
    renamed = {"kanal_kode" if name == "channel" else name: column for name, column in COLUMNS.items()}
    file = as_file(tmp_path, renamed)
    assert komhen.count(file, columns={"channel": "kanal_kode"}).contacts == 6


def test_a_mapping_goes_before_a_columns_own_name(tmp_path):
    file = file_of(
        tmp_path / "a.csv",
        "657;2012-04-23;23.05.10;telephone;sms;new_case;incoming",
        header="municipality;date;kle;channel;real;type;direction",
    )
    cube = komhen.count(file, columns={"channel": "real"})
    assert cube.cells()[0]["channel"] == "sms" and cube.outcome.unread_columns == ["channel"]


@pytest.mark.parametrize("given, says", [("date", "2012-W18"), ("week", "2012-W17")])
def test_a_mapped_date_or_week_is_the_one_that_is_read(tmp_path, given, says):
    file = file_of(
        tmp_path / "a.csv",
        "657;2012-04-30;2012-W17;2012-04-30;2012-W17;23.05.10;sms;new_case;incoming",
        header="municipality;date;week;a date;a week;kle;channel;type;direction",
    )
    cube = komhen.count(file, columns={given: f"a {given}"})
    assert cube.cells()[0]["week"] == says


def test_a_mapping_that_cannot_be_meant_is_refused(tmp_path):
    file = as_file(tmp_path, COLUMNS)
    for columns, why in [
        ({"pigeon": "x"}, "'pigeon' is no column"),
        ({"channel": "x"}, "'x'"),
        ({"channel": "type"}, "no column type"),
        ({"channel": "\udce6"}, "Unicode"),
        ({"channel": "type", "kanal": "unit"}, "twice"),
    ]:
        with pytest.raises(komhen.KomhenError, match=why):
            komhen.count(file, columns=columns)
    with pytest.raises(komhen.KomhenError, match="one of them"):
        komhen.count(file, columns={"channel": "channel"}, profile="p.toml")


def test_categories_are_counted_by_code_and_numbers_as_codes(pa):
    table = pa.table(COLUMNS | {"channel": pa.array(COLUMNS["channel"]).dictionary_encode(), "kle": [230510] * 4})
    cube = komhen.count(table)
    assert cube.contacts == 10
    assert komhen.count(table.set_column(3, "channel", pa.array([1, 7, 7, 1]))) == cube


def test_counts_are_the_same_as_numbers_texts_and_categories(pa):
    rows = 5_000
    numbers = [(1, 2, 3, 400, 12)[row % 5] for row in range(rows)]
    texts = ["0" if row % 97 == 0 else str(number) for row, number in enumerate(numbers)]
    table = pa.table({name: (values * rows)[:rows] for name, values in COLUMNS.items() if name != "count"})
    cubes = [
        komhen.count(table.append_column("count", column))
        for column in (
            pa.array([int(text) for text in texts]),
            pa.array(texts),
            pa.array(texts).dictionary_encode(),
        )
    ]
    assert cubes[0].outcome.rejected["bad_count"] == sum(text == "0" for row, text in enumerate(texts) if row % 4 != 3)
    assert cubes[0] == cubes[1] == cubes[2]
    assert cubes[0].outcome.rejected == cubes[1].outcome.rejected == cubes[2].outcome.rejected


@pytest.mark.parametrize("threads, kind", [("many", TypeError), (1.5, TypeError), (True, TypeError), (0, komhen.KomhenError)])
def test_threads_are_looked_at_for_frames_too(pa, threads, kind):
    with pytest.raises(kind, match="threads must be"):
        komhen.count(pa.table(COLUMNS), threads=threads)


def test_what_a_frames_own_library_says_is_masked_and_hangs_on_to_nothing():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(COLUMNS | {"unit": [5, CPR, 5, 5]})
    with pytest.raises(komhen.KomhenError, match="could not give its columns") as caught:
        komhen.count(frame)
    assert CPR not in str(caught.value)
    assert caught.value.__context__ is None and caught.value.__cause__ is None


@pytest.mark.parametrize(
    "value, called",
    [
        (None, "NoneType"),
        (5, "int"),
        (5.0, "float"),
        ({}, "dict"),
        (["a.csv", 5], "int"),
        (sys.stdin, "an open file"),
        (object(), "object"),
    ],
)
def test_what_is_neither_a_path_nor_a_frame_is_named(value, called):
    with pytest.raises(komhen.KomhenError, match=f"files must be paths or a frame .*{called}"):
        komhen.count(value)


def test_frames_are_counted_one_at_a_time_and_have_no_encoding(pa):
    with pytest.raises(komhen.KomhenError, match="a call of its own"):
        komhen.count([arrow_table(COLUMNS)])
    with pytest.raises(komhen.KomhenError, match="encoding is of files"):
        komhen.count(arrow_table(COLUMNS), encoding="utf-8")


def test_a_single_column_is_no_table(pa):
    with pytest.raises(komhen.KomhenError, match="only tables"):
        komhen.count(pa.chunked_array([["x"]]))


def test_a_library_that_the_frame_lacks_is_named():
    class Frame:
        def __arrow_c_stream__(self, requested_schema=None):
            raise ImportError("no such thing", name="pyarrow")

    with pytest.raises(komhen.KomhenError, match=r"pyarrow: pip install komhen\[frames\]"):
        komhen.count(Frame())


@pytest.mark.parametrize("method, missing", [("to_polars", "polars"), ("to_arrow", "pyarrow"), ("to_pandas", "pandas")])
def test_a_library_that_is_missing_on_the_way_out_is_named(monkeypatch, method, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    for table in tables():
        with pytest.raises(komhen.KomhenError, match=rf"{missing}, which is not installed: pip install komhen\[frames"):
            getattr(table, method)()


def test_a_frame_is_not_copied(pa):
    """The stream that a frame gives is the one that is read: its buffers are those of the frame."""
    batch = arrow_batch(COLUMNS)
    before = pa.total_allocated_bytes()
    assert komhen.count(batch).contacts == 6
    assert pa.total_allocated_bytes() == before


def test_personal_data_in_a_frame_is_masked(pa, tmp_path):
    table = pa.table(COLUMNS | {"unit": [CPR, "a", "b", "c"]})
    cube = komhen.count(table, keep_rejects=9, rejects=tmp_path / "r.csv")
    assert cube.outcome.rejected["personal_data"] == 1
    assert CPR not in repr(cube.outcome.rejections) and CPR not in (tmp_path / "r.csv").read_text()
    with pytest.raises(komhen.KomhenError) as caught:
        komhen.count(table, columns={"unit": CPR})
    assert CPR not in str(caught.value)


def test_progress_tells_the_rows_and_what_it_raises_ends_the_count(pa):
    table = pa.concat_tables([arrow_table(COLUMNS)] * 50_000).combine_chunks()
    seen = []
    cube = komhen.count(table, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(65_536, -1), (131_072, -1), (196_608, -1), (200_000, -1)]
    assert cube.contacts == 300_000

    def stop(done, total):
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        komhen.count(table, progress=stop)


def test_other_threads_run_while_a_frame_is_counted(pa):
    table = pa.concat_tables([arrow_table(COLUMNS)] * 50_000).combine_chunks()
    cubes = []
    threads = [threading.Thread(target=lambda: cubes.append(komhen.count(table))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [cube.contacts for cube in cubes] == [300_000] * 4 and cubes[0] == cubes[3]


ENDLESS = """
import komhen, pyarrow as pa
names = {"municipality": [657], "date": ["2012-04-23"], "kle": ["23.05.10"], "channel": ["telephone"],
         "type": ["new_case"], "direction": ["incoming"]}
chunk = pa.table({name: column * 65_536 for name, column in names.items()})
table = pa.concat_tables([chunk] * 200_000)  # the same memory again and again: 13 thousand million rows
told = []
def tell(done, total):
    if not told:
        told.append(done)
        print("counting", flush=True)
try:
    komhen.count(table, progress=tell)
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.skipif(os.name != "posix", reason="the signal is POSIX")
def test_ctrl_c_ends_the_count_of_a_frame(pa):
    process = subprocess.Popen([sys.executable, "-c", ENDLESS], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "counting\n"
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=LONGEST)
        assert (out, process.returncode) == ("stopped\n", 0)
    finally:
        process.kill()
        process.wait()


def tables():
    """A table of each kind that komhen returns."""
    cube = cube_of(
        dict(count=3, form="paper"), dict(channel="self_service", form="none"), dict(channel="sms", form="digital")
    )
    cube.add(
        municipality=101, week="2013-W01", task="32.03.04", channel="letter", type="guidance", direction="outgoing"
    )
    return [
        komhen.contacts(cube, by=["municipality", "week", "channel"], where={"channel": ["telephone", "letter"]}),
        komhen.mix(cube, by=["task", "channel"]),
        komhen.form_share(cube, by="direction"),
        komhen.digital(cube, set="dispatch", by="direction"),
        komhen.self_service(komhen.Cube(), by="task"),
        komhen.compare(cube, cube_of(dict(channel="self_service")), by=["task"]),
        cube,
    ]


@pytest.mark.parametrize("at", range(7))
def test_a_table_arrives_whole_in_other_libraries(pa, at):
    table = tables()[at]
    arrow = pa.table(table)
    rows = [dict(row) for row in arrow.to_pylist()]
    assert len(rows) == len(table)
    if isinstance(table, komhen.Cube):
        assert rows == table.cells()
        assert komhen.count(arrow.rename_columns(["kle" if n == "task" else n for n in arrow.column_names])) == table
    else:
        as_text = [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
        assert as_text == list(csv.DictReader(io.StringIO(table.to_csv())))
    assert table.to_arrow() == arrow
    pytest.importorskip("polars")
    assert table.to_polars().to_dicts() == rows
    pytest.importorskip("pandas")
    assert list(table.to_pandas().columns) == arrow.column_names and len(table.to_pandas()) == len(rows)


@pytest.mark.parametrize("at", range(7))
def test_a_table_is_kept_copied_and_compared_by_what_it_says(at):
    table, same = tables()[at], tables()[at]
    assert table == same and table != tables()[at - 1] and table != "a table"
    for other in (pickle.loads(pickle.dumps(table)), copy.deepcopy(table), copy.copy(table)):
        assert other == table and repr(other) == repr(table)
    with pytest.raises(TypeError):
        hash(table)


def test_tables_of_other_filters_are_not_the_same():
    cube = cube_of(dict(count=3))
    assert komhen.contacts(cube) != komhen.contacts(cube, where={"channel": "telephone"})


def test_a_pickle_with_a_number_that_no_table_has_is_refused():
    table = _core.MeasureTable.__new__(_core.MeasureTable)
    state = list(komhen.contacts(cube_of(dict()))._table.__getstate__())
    with pytest.raises(komhen.KomhenError, match="no table of komhen"):
        table.__setstate__((99, *state[1:]))


def test_an_outcome_keeps_its_rejections_in_a_pickle(tmp_path):
    cube = komhen.count(as_file(tmp_path, COLUMNS), keep_rejects=5)
    again = pickle.loads(pickle.dumps(cube))
    assert again.outcome == cube.outcome
    assert again.outcome.rejections == cube.outcome.rejections and len(again.outcome.rejections) == 1


def test_cubes_are_added():
    one, two = cube_of(dict(count=2)), cube_of(dict(channel="sms"))
    both = one + two
    assert (both.contacts, one.contacts, two.contacts, both.outcome) == (3, 2, 1, None)
    assert sum([one, two], komhen.Cube()) == sum([one, two]) == komhen.merge([one, two]) == both
    assert komhen.merge([]) == komhen.Cube()
    for wrong in (lambda: one + 1, lambda: 1 + one, lambda: one + "x"):
        with pytest.raises(TypeError):
            wrong()


def test_the_shares_of_the_forms_stand_in_every_form_of_the_table():
    cube = cube_of(dict(form="paper"), dict(form="digital", channel="sms", count=2), dict(form="none", channel="email"))
    table = komhen.form_share(cube)
    (row,) = table.to_pylist()
    assert (row["share"], row["paper_share"], row["digital_share"]) == (Fraction(3, 4), Fraction(1, 4), Fraction(1, 2))
    assert list(row) == table.columns == list(json.loads(table.to_json())["rows"][0])
    assert "25 %" in table.to_text() and "paper_share" in table.to_text()


def values():
    """What takes a value of a kind, given a number that must not be shown."""
    yield lambda: komhen.count("a.csv", encoding=CPR, progress=3)
    yield lambda: komhen.count("a.csv", round={CPR: 1})
    yield lambda: komhen.count("a.csv", participation=[CPR])
    yield lambda: komhen.count("a.csv", profile=(CPR,))
    yield lambda: komhen.count("a.csv", encoding=[CPR])
    yield lambda: komhen.count("a.csv", rejects=[CPR])
    yield lambda: komhen.count("a.csv", progress=CPR)
    yield lambda: komhen.count("a.csv", keep_rejects=CPR)
    yield lambda: komhen.count("a.csv", columns=[CPR])
    yield lambda: komhen.count({CPR: 1})
    yield lambda: komhen.merge([CPR])
    yield lambda: komhen.Cube(CPR)
    yield lambda: komhen.Cube().merge(CPR)
    yield lambda: komhen.Cube() + CPR
    yield lambda: komhen.Cube.from_bytes(CPR)
    yield lambda: komhen.Cube.from_bytes(bytearray(CPR.encode()))
    yield lambda: komhen.Channel(CPR)
    yield lambda: komhen.Closure(101901234)
    yield lambda: komhen.Channel.SMS.label(CPR)
    yield lambda: komhen.simulate("a.csv", round=[CPR])
    yield lambda: komhen.simulate("a.csv", rows=CPR)
    yield lambda: komhen.simulate("a.csv", seed=CPR)
    yield lambda: komhen.simulate("a.csv", seed=-101901234)
    yield lambda: komhen.simulate([CPR])
    yield lambda: komhen.simulate("a.csv", progress=CPR)
    yield lambda: komhen.rolled_up(CPR, "unit")
    yield lambda: komhen.rolled_up(komhen.Cube(), [[CPR]])
    yield lambda: komhen.contacts(CPR)
    yield lambda: komhen.rejections(CPR)


@pytest.mark.parametrize("at", range(len(list(values()))))
def test_an_error_of_a_wrong_kind_names_the_key_and_shows_no_value(at):
    with pytest.raises((TypeError, ValueError)) as caught:
        list(values())[at]()
    error = caught.value
    while error is not None:  # what a traceback prints: the error, and what it came from
        assert CPR not in repr(error) and "101901234" not in repr(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_bytes_of_any_kind_give_a_cube():
    cube = cube_of(dict(count=3))
    for kind in (bytes, bytearray, memoryview):
        assert komhen.Cube.from_bytes(kind(cube.to_bytes())) == cube
