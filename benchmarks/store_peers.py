"""How other tools record and read the same; runs in their environment: `.peers/bin/python -m benchmarks.store_peers`.

Each is used as its documentation recommends for speed. Prints JSON: seconds of each repetition, the first left out.
"""

import contextlib
import importlib
import io
import json
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

METRICS = tuple(f"metric_{number}" for number in range(10))
_ACCUMULATOR = "tensorboard.backend.event_processing.event_accumulator"
Count = Callable[[], int]
Record = Callable[[], Count | None]  # stores, and returns what counts the points that are stored, but for Aim
Recorder = Callable[[Path, int], Record]


def values(steps: int, metrics: int = len(METRICS)) -> list[list[float]]:
    """A row a step, always the same."""
    rows: list[list[float]] = np.random.default_rng(0).random((steps, metrics)).tolist()
    return rows


def record_mlflow(folder: Path, steps: int) -> Record:
    """log_batch with 1,000 metrics a call, the most it takes; SQLite back end, without a server between."""
    client, run, metric = _mlflow(folder)
    rows, now = values(steps), int(time.time() * 1000)

    def record() -> Count:
        run_id = run()
        for first in range(0, steps, 100):
            batch = [
                metric(name, value, now, step)
                for step, row in enumerate(rows[first : first + 100], first)
                for name, value in zip(METRICS, row, strict=True)
            ]
            client.log_batch(run_id, metrics=batch)
        return lambda: sum(len(client.get_metric_history(run_id, name)) for name in METRICS)

    return record


def _mlflow(folder: Path) -> tuple[Any, Callable[[], str], Any]:
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    tracking, entities = importlib.import_module("mlflow.tracking"), importlib.import_module("mlflow.entities")
    client = tracking.MlflowClient(f"sqlite:///{folder}/mlflow.db")
    found = client.get_experiment_by_name("benchmark")
    experiment = found.experiment_id if found else client.create_experiment("benchmark", f"{folder}/artifacts")
    return client, lambda: client.create_run(experiment).info.run_id, entities.Metric


def record_trackio(folder: Path, steps: int) -> Record:
    """`trackio.log` with all metrics of a step in one call; it collects them and stores many at once on its own."""
    trackio, storage = _trackio(folder)
    rows = [dict(zip(METRICS, row, strict=True)) for row in values(steps)]

    def record() -> Count:
        run = trackio.init(project="benchmark", embed=False, auto_log_gpu=False, auto_log_cpu=False)
        for step, row in enumerate(rows):
            trackio.log(row, step=step)
        trackio.finish()
        return lambda: len(METRICS) * int(storage.get_log_count("benchmark", run.name))

    return record


def record_trackio_bulk(folder: Path, steps: int) -> Record:
    """Its storage's `bulk_log` with 1,000 steps a call, past the public API; a row holds all metrics of a step."""
    _, storage = _trackio(folder)
    rows = [dict(zip(METRICS, row, strict=True)) for row in values(steps)]

    def record() -> Count:
        name = f"run-{time.time_ns()}"
        for first in range(0, steps, 1000):
            part = rows[first : first + 1000]
            storage.bulk_log("benchmark", name, part, steps=list(range(first, first + len(part))))
        return lambda: len(METRICS) * int(storage.get_log_count("benchmark", name))

    return record


def _trackio(folder: Path) -> tuple[Any, Any]:
    os.environ["TRACKIO_DIR"] = str(folder / "trackio")
    return importlib.import_module("trackio"), importlib.import_module("trackio.sqlite_storage").SQLiteStorage


def record_tensorboardx(folder: Path, steps: int) -> Record:
    """`add_scalar` into an event file, closed at the end."""
    writer, rows = importlib.import_module("tensorboardX").SummaryWriter, values(steps)

    def record() -> Count:
        run = folder / f"run-{time.time_ns()}"
        with writer(str(run)) as events:
            for step, row in enumerate(rows):
                for name, value in zip(METRICS, row, strict=True):
                    events.add_scalar(name, value, step)

        def count() -> int:
            events = _accumulated(run)
            return sum(len(events.Scalars(name)) for name in METRICS)

        return count

    return record


def _accumulated(run: Path) -> Any:
    accumulator = importlib.import_module(_ACCUMULATOR).EventAccumulator
    return accumulator(str(run), size_guidance={"scalars": 0}).Reload()


def record_aim(folder: Path, steps: int) -> Record:
    """`track` with all metrics of a step in one call; no system metrics, no terminal log."""
    run, rows = importlib.import_module("aim").Run, values(steps)

    def record() -> None:
        opened = run(repo=str(folder), system_tracking_interval=None, capture_terminal_logs=False)
        for step, row in enumerate(rows):
            opened.track(dict(zip(METRICS, row, strict=True)), step=step)
        opened.close()

    return record


def read_mlflow(folder: Path, runs: int, points: int) -> Callable[[], int]:
    """The client's get_metric_history, run by run."""
    client, run, _ = _mlflow(folder)
    stored = folder / "runs.json"
    if not stored.exists():
        ids = [run() for _ in range(runs)]
        # Its tables filled past its API, which would take minutes.
        with contextlib.closing(sqlite3.connect(folder / "mlflow.db")) as connection, connection:
            statement = (
                "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES ('loss', ?, ?, ?, ?, 0)"
            )
            for run_id in ids:
                rows = ((value, step, run_id, step) for step, (value,) in enumerate(values(points, 1)))
                connection.executemany(statement, rows)
        stored.write_text(json.dumps(ids))
    ids = json.loads(stored.read_text())
    client.get_run(ids[0])  # opens its store
    return lambda: sum(len(client.get_metric_history(run_id, "loss")) for run_id in ids)


def read_tensorboard(folder: Path, runs: int, points: int) -> Callable[[], int]:
    """EventAccumulator with every scalar kept (size_guidance 0), run by run."""
    if not any(folder.iterdir()):
        writer = importlib.import_module("tensorboardX").SummaryWriter
        with writer(str(folder / "run-0")) as events:
            for step, (value,) in enumerate(values(points, 1)):
                events.add_scalar("loss", value, step)
        for number in range(1, runs):  # with the same values, as everywhere here
            shutil.copytree(folder / "run-0", folder / f"run-{number}")
    importlib.import_module(_ACCUMULATOR)  # before the clock starts

    def read() -> int:
        return sum(len(_accumulated(path).Scalars("loss")) for path in sorted(folder.iterdir()))

    return read


def read_trackio(folder: Path, runs: int, points: int) -> Callable[[], int]:
    """Its storage's get_logs with at most 1,000 points a run, as its dashboard asks for them."""
    _, storage = _trackio(folder)
    if not (folder / "trackio").exists():
        rows = [{"loss": value} for (value,) in values(points, 1)]
        for number in range(runs):
            storage.bulk_log("benchmark", f"run-{number}", rows, steps=list(range(points)))
    return lambda: sum(len(storage.get_logs("benchmark", f"run-{number}", max_points=1000)) for number in range(runs))


RECORD: dict[str, Recorder] = {
    "mlflow": record_mlflow,
    "trackio": record_trackio,
    "trackio-bulk": record_trackio_bulk,
    "tensorboardx": record_tensorboardx,
    "aim": record_aim,
}
READ = {"mlflow": read_mlflow, "tensorboard": read_tensorboard, "trackio": read_trackio}


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()):
        yield


def main(kind: str, peer: str, folder: str, *sizes: str) -> None:
    """`record PEER FOLDER STEPS REPETITIONS`, or `read PEER FOLDER RUNS POINTS`, which reads once, in a new process."""
    numbers = [int(size) for size in sizes]
    with quiet():
        seconds = []
        if kind == "record":
            record = RECORD[peer](Path(folder), numbers[0])
            for _ in range(numbers[1] + 1):
                started = time.perf_counter()
                stored = record()
                seconds.append(time.perf_counter() - started)
                assert stored is None or stored() == numbers[0] * len(METRICS), "not all is stored"
            del seconds[0]
        else:
            read = READ[peer](Path(folder), *numbers)
            started = time.perf_counter()
            assert read() >= numbers[0]
            seconds.append(time.perf_counter() - started)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
