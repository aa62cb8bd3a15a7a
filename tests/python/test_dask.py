"""Counting with Dask: what the workers count apart and merge is what one machine counts, killed or not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import komhen
import komhen.dask
from komhen import _parts
from parts_support import kill_once, rows, same, written

dask = pytest.importorskip("dask", reason="Dask is not installed, so nothing of komhen.dask is tested")
distributed = pytest.importorskip("distributed", reason="Dask is not installed, so nothing of komhen.dask is tested")
frames = pytest.importorskip("dask.dataframe", reason="Dask's frames are not installed, so komhen.dask is not tested")
pandas = pytest.importorskip("pandas")
pyarrow = pytest.importorskip("pyarrow")

ROUND = "2012-spring"


@pytest.fixture(scope="module")
def client():
    """Two workers that are processes of their own, on the loopback only."""
    path = [str(Path(komhen.__file__).parents[1]), str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    patch = pytest.MonkeyPatch()
    patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, path)))
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client
    patch.undo()


@pytest.fixture(scope="module")
def plain():
    """Rows without event ids, and what one machine makes of them."""
    table = pandas.DataFrame(rows(3000)).drop(columns="event_id")
    return table, komhen.count(table, round=ROUND)


def killing(piece, mark):
    """Kills the process in which it runs, once; the pieces before were done, and their results die with it."""
    if (piece["at"] == 2000).any():
        kill_once(mark, os.getpid())
    return piece


def test_a_frame_is_counted_to_the_last_cell(client, plain, monkeypatch):
    table, whole = plain
    assert whole.outcome.rejected["unknown_channel"] > 0 and whole.outcome.encoding == "utf-8"
    monkeypatch.setattr(_parts, "FAN", 2)  # a tree with few leaves
    same(komhen.dask.count(frames.from_pandas(table, npartitions=7), round=ROUND), whole)


def test_nothing_is_lost_or_doubled_when_a_worker_is_killed_in_the_middle(client, plain, tmp_path):
    table, whole = plain
    mark = str(tmp_path / "killed")
    frame = frames.from_pandas(table, npartitions=12).map_partitions(killing, mark, meta=table.iloc[:0])
    same(komhen.dask.count(frame, round=ROUND), whole)
    assert Path(mark).exists(), "nothing was killed"


def test_a_killed_worker_does_not_split_an_event(client, tmp_path):
    table = pandas.DataFrame(rows(2400, events=True))
    whole = komhen.count(table, round=ROUND)
    assert whole.outcome.rejected["duplicate_event"] > 20 and whole.outcome.rejected["conflicting_event"] > 20
    mark = str(tmp_path / "killed")
    frame = frames.from_pandas(table.sample(frac=1, random_state=1), npartitions=6, sort=False)
    frame = frame.map_partitions(killing, mark, meta=table.iloc[:0])
    same(komhen.dask.count(frame, round=ROUND, order=["at"]), whole)
    assert Path(mark).exists(), "nothing was killed"


def test_the_current_scheduler_is_used_whatever_it_is(plain):
    table, whole = plain
    with dask.config.set(scheduler="synchronous"):
        same(komhen.dask.count(frames.from_pandas(table, npartitions=3), round=ROUND), whole)


def test_event_ids_without_an_order_are_refused():
    frame = frames.from_pandas(pandas.DataFrame(rows(20, events=True)), npartitions=2)
    with pytest.raises(komhen.KomhenError, match=r"has event ids \(column 'event_id'\).*order="):
        komhen.dask.count(frame, round=ROUND)
    with pytest.raises(komhen.KomhenError, match="'nowhere', which is no column"):
        komhen.dask.count(frame, order="nowhere")


def test_a_mistake_is_one_sentence_and_comes_before_the_work(plain):
    frame = frames.from_pandas(plain[0], npartitions=2)
    with pytest.raises(komhen.KomhenError, match="kle"):
        komhen.dask.count(frame.drop(columns="kle"))
    with pytest.raises(komhen.KomhenError, match="has no event_id"):
        komhen.dask.count(frame, order="at")


def test_no_value_of_a_partition_stands_in_an_error(plain):
    table = plain[0].assign(municipality=plain[0]["municipality"].astype(int).astype(object))
    table.loc[2005, "municipality"] = "010170-1234"
    with dask.config.set({"dataframe.convert-string": False, "scheduler": "synchronous"}):
        frame = frames.from_pandas(table, npartitions=3)
        with pytest.raises(komhen.KomhenError, match=r"pandas DataFrame\).*cast to string") as caught:
            komhen.dask.count(frame, round=ROUND)
    assert "1234" not in str(caught.value) and caught.value.__cause__ is None and caught.value.__context__ is None


def test_what_is_no_frame_of_dask_is_named(plain):
    frame = frames.from_pandas(plain[0], npartitions=2)
    with pytest.raises(komhen.KomhenError, match="not a Dask Series"):
        komhen.dask.count(frame["kle"])
    with pytest.raises(komhen.KomhenError, match=r"pandas DataFrame is on this machine; komhen\.count"):
        komhen.dask.count(plain[0])
    twice = pandas.concat([plain[0], plain[0]["kle"]], axis=1)
    with pytest.raises(komhen.KomhenError, match="Duplicate column names"):
        komhen.dask.count(frames.from_pandas(twice, npartitions=2))


def test_a_folder_of_files_is_counted_to_the_last_cell(client, tmp_path):
    folder = written(tmp_path / "files", files=7)
    whole = komhen.count(sorted(folder.glob("*.csv")), round=ROUND)
    assert whole.outcome.unread_columns == ["note"]
    same(komhen.dask.count(folder, round=ROUND), whole)


def test_files_with_event_ids_are_refused_unless_no_event_stands_in_two(client, tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(
            "municipality;date;kle;channel;type;direction;event_id\n"
            f"657;2012-04-23;23.05.10;telephone;new_case;incoming;{name}-1\n"
        )
    with pytest.raises(komhen.KomhenError, match=r"has event ids.*ids_within_files=True"):
        komhen.dask.count(tmp_path)
    paths = sorted(tmp_path.glob("*.csv"))
    same(komhen.dask.count(paths, ids_within_files=True), komhen.count(paths))
    with pytest.raises(komhen.KomhenError, match="named twice"):
        komhen.dask.count([paths[0], tmp_path])


def test_a_folder_of_parquet_is_counted_on_one_machine_and_on_many(client, plain, tmp_path):
    import pyarrow.dataset

    table, whole = plain
    pyarrow.dataset.write_dataset(
        pyarrow.Table.from_pandas(table),
        tmp_path / "contacts",
        format="parquet",
        max_rows_per_file=500,
        max_rows_per_group=500,
    )
    same(komhen.count(pyarrow.dataset.dataset(tmp_path / "contacts"), round=ROUND), whole)
    same(komhen.dask.count(frames.read_parquet(tmp_path / "contacts"), round=ROUND), whole)
