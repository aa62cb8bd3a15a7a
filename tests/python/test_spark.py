"""Counting with Spark: what the executors count apart and merge is what one machine counts, killed or not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import komhen
import komhen.spark
from komhen import _parts
from parts_support import ancestor, kill_once, rows, same, written

pyspark = pytest.importorskip("pyspark", reason="PySpark is not installed, so nothing of komhen.spark is tested")
pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed, so nothing of komhen.spark is tested")
if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
    pytest.skip("there is no Java, so nothing of komhen.spark is tested", allow_module_level=True)

ROUND = "2012-spring"


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    """Two executors that are processes of their own, of one core each, on the loopback only."""
    folder = tmp_path_factory.mktemp("spark")
    path = [str(Path(komhen.__file__).parents[1]), str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "100",
        "spark.executor.heartbeatInterval": "2s",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(filter(None, path)),
        "spark.executor.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        "spark.worker.ui.enabled": "false",
        "spark.log.level": "OFF",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
    patch = pytest.MonkeyPatch()
    patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    patch.setenv("SPARK_LOCAL_HOSTNAME", "localhost")
    patch.setenv("PYSPARK_PYTHON", sys.executable)
    patch.setenv("SPARK_WORKER_DIR", str(folder / "workers"))
    patch.setenv("SPARK_HOME", str(Path(pyspark.__file__).parent))
    builder = pyspark.sql.SparkSession.builder.master("local-cluster[2,1,512]").appName("komhen")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.config("spark.executor.memory", "512m").getOrCreate()
    yield session
    session.stop()
    patch.undo()


@pytest.fixture(scope="module")
def plain():
    """Rows without event ids, and what one machine makes of them."""
    table = pyarrow.Table.from_pylist(rows(3000)).drop_columns(["event_id"])
    return table, komhen.count(table, round=ROUND)


def frame_of(spark, table, partitions: int):
    return spark.createDataFrame(table).repartition(partitions)


def test_a_frame_is_counted_to_the_last_cell(spark, plain, monkeypatch):
    table, whole = plain
    assert whole.outcome.encoding == "utf-8" and whole.outcome.rejected["unknown_channel"] > 0
    monkeypatch.setattr(_parts, "FAN", 2)  # a tree with few leaves
    same(komhen.spark.count(frame_of(spark, table, 7), round=ROUND), whole)


def test_partitions_without_rows_count_nothing(spark, plain):
    table = plain[0].slice(0, 2)
    same(komhen.spark.count(frame_of(spark, table, 4), round=ROUND), komhen.count(table, round=ROUND))
    none = table.slice(0, 0)
    same(komhen.spark.count(spark.createDataFrame(none), round=ROUND), komhen.count(none, round=ROUND))


def test_nothing_is_lost_or_doubled_when_an_executor_is_killed_in_the_middle(spark, plain, tmp_path):
    table, whole = plain
    mark = str(tmp_path / "killed")

    def killing(batches):
        for at, batch in enumerate(batches):
            yield batch
            if at == 1 and pyspark.TaskContext.get().partitionId() == 3:
                kill_once(mark, ancestor("java"))  # with what it had counted before, and kept for the merging

    frame = frame_of(spark, table, 6)
    counted = komhen.spark.count(frame.mapInArrow(killing, frame.schema), round=ROUND)
    assert Path(mark).exists(), "nothing was killed"
    same(counted, whole)


def test_a_killed_worker_does_not_split_an_event(spark, tmp_path):
    table = pyarrow.Table.from_pylist(rows(1200, events=True))
    whole = komhen.count(table, round=ROUND)
    assert whole.outcome.rejected["duplicate_event"] > 20 and whole.outcome.rejected["conflicting_event"] > 20
    mark = str(tmp_path / "killed")

    def killing(batches):
        for batch in batches:
            yield batch
            kill_once(mark, os.getpid())

    frame = frame_of(spark, table, 5)
    same(komhen.spark.count(frame.mapInArrow(killing, frame.schema), round=ROUND, order="at"), whole)
    assert Path(mark).exists()


def test_event_ids_without_an_order_are_refused(spark):
    frame = spark.createDataFrame(pyarrow.Table.from_pylist(rows(20, events=True)))
    with pytest.raises(komhen.KomhenError, match=r"has event ids \(column 'event_id'\).*order="):
        komhen.spark.count(frame, round=ROUND)
    renamed = frame.withColumnRenamed("event_id", "sag")
    with pytest.raises(komhen.KomhenError, match=r"column 'sag'"):
        komhen.spark.count(renamed, columns={"event_id": "sag"})
    with pytest.raises(komhen.KomhenError, match="'nowhere', which is no column"):
        komhen.spark.count(frame, order="nowhere")


def test_a_mistake_is_one_sentence_and_comes_before_the_work(spark, plain):
    frame = spark.createDataFrame(plain[0])
    with pytest.raises(komhen.KomhenError, match="kle") as raised:
        komhen.spark.count(frame.drop("kle"))
    assert "\n" not in str(raised.value)
    with pytest.raises(komhen.KomhenError, match="has no event_id"):
        komhen.spark.count(frame, order="at")


def test_columns_are_told_apart_by_case_though_spark_does_not(spark, plain):
    table = plain[0].rename_columns(["kanal" if name == "channel" else name for name in plain[0].column_names])
    table = table.append_column("KANAL", pyarrow.array(["pigeon"] * table.num_rows))
    columns = {"channel": "kanal"}
    whole = komhen.count(table, round=ROUND, columns=columns)
    assert "KANAL" in whole.outcome.unread_columns and whole.contacts == plain[1].contacts
    same(komhen.spark.count(spark.createDataFrame(table), round=ROUND, columns=columns), whole)


def test_a_frame_of_one_machine_is_sent_to_komhen_count(spark, plain):
    with pytest.raises(komhen.KomhenError, match=r"pyarrow Table is on this machine; komhen\.count counts it"):
        komhen.spark.count(plain[0], session=spark)


def test_a_folder_of_files_is_counted_to_the_last_cell(spark, tmp_path, monkeypatch):
    folder = written(tmp_path / "files", files=7)
    monkeypatch.setattr(_parts, "FAN", 2)
    whole = komhen.count(sorted(folder.glob("*.csv")), round=ROUND)
    assert whole.outcome.unread_columns == ["note"]
    same(komhen.spark.count(folder, round=ROUND, session=spark), whole)


def test_files_with_event_ids_are_refused_unless_no_event_stands_in_two(spark, tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(
            "municipality;date;kle;channel;type;direction;event_id\n"
            f"657;2012-04-23;23.05.10;telephone;new_case;incoming;{name}-1\n"
        )
    with pytest.raises(komhen.KomhenError, match=r"has event ids.*ids_within_files=True") as raised:
        komhen.spark.count(tmp_path, session=spark)
    assert "\n" not in str(raised.value)
    paths = sorted(tmp_path.glob("*.csv"))
    same(komhen.spark.count(paths, session=spark, ids_within_files=True), komhen.count(paths))
    same(komhen.spark.count(paths[0], session=spark), komhen.count(paths[0]))


def test_importing_it_brings_neither_spark_nor_arrow():
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import komhen, sys; komhen.spark.count, komhen.dask.count; "
            "print({'pyspark', 'dask', 'pyarrow'} & {*sys.modules})",
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(komhen.__file__).parents[1])},
    )
    assert said.stdout == "set()\n"
