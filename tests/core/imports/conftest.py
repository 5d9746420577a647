"""Stores of other tools, small ones."""

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parent / "samples"
RUN, CHILD, GONE = "a" * 32, "b" * 32, "c" * 32


@pytest.fixture
def keras_logs(tmp_path: Path) -> Path:
    """A folder with the logs of one training."""
    shutil.copytree(SAMPLES / "keras", tmp_path / "logs" / "digits" / "first")
    return tmp_path / "logs"


@pytest.fixture
def mlflow_store(tmp_path: Path) -> Path:
    """`mlflow.db` with the columns that MLflow 3.17.2 has in the tables that are read, and its folder of artifacts."""
    folder = tmp_path / "store"
    artifacts = folder / "mlruns" / "1" / RUN / "artifacts"
    (artifacts / "sub").mkdir(parents=True)
    (artifacts / "sub" / "a.txt").write_text("hi")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("secret")
    (artifacts / "link").symlink_to(tmp_path / "secret" / "key")
    with closing(sqlite3.connect(folder / "mlflow.db")) as store:
        store.executescript(
            """
            CREATE TABLE experiments (experiment_id INTEGER, name TEXT, artifact_location TEXT, lifecycle_stage TEXT);
            CREATE TABLE runs (run_uuid TEXT, name TEXT, user_id TEXT, status TEXT, start_time BIGINT, end_time BIGINT,
                lifecycle_stage TEXT, artifact_uri TEXT, experiment_id INTEGER);
            CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
            CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
            CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN);
            """
        )
        runs = [
            (RUN, "good", "ada", "FINISHED", 1000, 61000, "active", f"mlflow-artifacts:/1/{RUN}/artifacts", 1),
            (CHILD, "child", "ada", "KILLED", 2000, 3000, "active", str(tmp_path / "secret"), 1),
            (GONE, "gone", "ada", "FAILED", 3000, 3000, "deleted", "", 1),
        ]
        store.execute("INSERT INTO experiments VALUES (1, 'exp one', '', 'active')")
        store.executemany(f"INSERT INTO runs VALUES ({','.join('?' * 9)})", runs)
        store.executemany("INSERT INTO params VALUES (?, ?, ?)", [("lr", "0.1", RUN), ("units", "1e3", RUN)])
        tags = [("team", "x", RUN), ("mlflow.note.content", "a note", RUN), ("mlflow.parentRunId", RUN, CHILD)]
        store.executemany("INSERT INTO tags VALUES (?, ?, ?)", tags)
        far = sys.float_info.max
        points = [("val", 1.0, 1000, 0, 0), ("val", 2.0, 1001, 0, 0), ("val", 3.0, 1002, 0, 0)]
        points += [("odd", 0.0, 1000, 1, 1), ("odd", far, 1000, 2, 0), ("odd", -far, 1000, 3, 0)]
        rows = [(key, value, at, RUN, step, is_nan) for key, value, at, step, is_nan in points]
        store.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", rows)
        store.commit()
    return folder


@pytest.fixture
def mlruns(tmp_path: Path) -> Path:
    """MLflow's file store with one run, as 3.17.2 writes it."""
    experiment = tmp_path / "mlruns" / "6542"
    run = experiment / RUN
    texts = {
        experiment / "meta.yaml": "name: exp one\nlifecycle_stage: active\n",
        run / "meta.yaml": f"run_id: {RUN}\nrun_name: good\nstatus: 4\nstart_time: 1000\nend_time: 2500\n"
        "lifecycle_stage: active\nuser_id: ada\n",
        run / "params" / "lr": "0.1",
        run / "tags" / "team": "x",
        run / "metrics" / "nested" / "loss": "1000 0.5 0\n1001 nan 1\n1002 inf 1\nrubbish\n",
        run / "artifacts" / "a.txt": "hi",
        experiment / "tags" / "team": "vision",
        experiment / "datasets" / (32 * "d") / "meta.yaml": "name: little\ndigest: abc\nprofile: '{\"num_rows\": 4}'\n"
        "schema: ''\nsource: '{}'\nsource_type: code\n",
        run / "inputs" / (32 * "e") / "meta.yaml": f"source_type: DATASET\nsource_id: {32 * 'd'}\n"
        f"destination_type: RUN\ndestination_id: {32 * 'd'}\ntags:\n  mlflow.data.context: train\n  k: 3\n",
        run / "inputs" / (32 * "f") / "meta.yaml": "source_id: ../../gone\ntags: {}\n",
        experiment / "models" / f"m-{32 * 'a'}" / "meta.yaml": f"model_id: m-{32 * 'a'}\nsource_run_id: {RUN}\n",
        experiment / "models" / f"m-{32 * 'b'}" / "meta.yaml": f"source_run_id: {CHILD}\n",
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "mlruns"
