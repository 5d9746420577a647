"""Recording: points a second into SQLite, ours and other tools', in one run.

python -m benchmarks.store_record [repetitions]

Each repetition records 10 metrics at 5,000 steps into a new run and ends when they are stored; one before them is not
counted. Ours and the raw driver commit every 1,000 steps, on connections with the same pragmas. After each repetition,
past the clock, what was recorded is counted in the store, in all but Aim's.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from benchmarks.fill import add_bare_run
from benchmarks.peers import PYTHON, seconds_of, spread
from benchmarks.store_peers import METRICS, RECORD, values
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.tracking.recorder import Recorder

STEPS, EVERY = 5_000, 1_000
POINTS = STEPS * len(METRICS)
_RAW = "INSERT OR REPLACE INTO metric_points (run_id, metric_id, step, value, wall_time) VALUES (?, ?, ?, ?, ?)"
_NAMES = {
    "mlflow": "MLflow `log_batch`, 1,000 metrics a call",
    "trackio": "Trackio `log`, 10 metrics a call",
    "trackio-bulk": "Trackio's storage, `bulk_log`, 1,000 steps a call",
    "tensorboardx": "tensorboardX `add_scalar`, an event file",
    "aim": "Aim `track`, 10 metrics a call",
}


def main(repetitions: int = 5) -> None:
    ours = {
        "SQLite driver, `executemany` into our table": _raw,
        "**`Recorder.log`**, 10 metrics a call": record_log,
        "**`Recorder.log_series`**, 1,000 steps a call": record_log_series,
    }
    measured: dict[str, list[float] | str] = {}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=Path(folder) / "ours"))
        rounds = [[_timed(prepare, workspace) for prepare in ours.values()] for _ in range(repetitions + 1)][1:]
        measured |= {name: [turn[place] for turn in rounds] for place, name in enumerate(ours)}
        workspace.close()
        for peer in RECORD:
            home = Path(folder) / peer
            home.mkdir()
            found = seconds_of(PYTHON, "benchmarks.store_peers", "record", peer, home, STEPS, repetitions)
            measured[_NAMES[peer]] = found
    print("| recording | points/s, median | lowest to highest | `Recorder.log` is faster by | `log_series` by |")
    print("| --- | --- | --- | --- | --- |")
    log, series = (measured[name] for name in list(ours)[1:])
    for name, seconds in measured.items():
        if isinstance(seconds, str) or isinstance(log, str) or isinstance(series, str):
            print(f"| {name} | {seconds} | | | |")
            continue
        ratios = [statistics.median(seconds) / statistics.median(faster) for faster in (log, series)]
        rates = spread([POINTS / value for value in seconds], ",.0f")
        print(f"| {name} | {rates} | {ratios[0]:.2f} | {ratios[1]:.2f} |")


def _timed(prepare: Callable[[Workspace, int], Callable[[], None]], workspace: Workspace) -> float:
    run_id = add_bare_run(workspace)
    record = prepare(workspace, run_id)
    started = time.perf_counter()
    record()
    seconds = time.perf_counter() - started
    with _connection(workspace) as connection:
        stored = connection.execute("SELECT count(*), total(value) FROM metric_points WHERE run_id = ?", (run_id,))
        count, total = stored.fetchone()
    assert count == POINTS and np.isclose(total, _COLUMNS.sum()), f"{count:,} of {POINTS:,} points are stored"
    return seconds


@contextmanager
def _connection(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """The driver's own, opened as the store opens each: with its pragmas."""
    with closing(workspace.database.engine.raw_connection()) as pooled:
        connection = pooled.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        yield connection


_ROWS = [dict(zip(METRICS, row, strict=True)) for row in values(STEPS)]
_COLUMNS = np.array(values(STEPS))


def _raw(workspace: Workspace, run_id: int) -> Callable[[], None]:
    batches = [
        [
            (run_id, metric, step, value, float(step))
            for metric, column in enumerate(_COLUMNS[first : first + EVERY].T.tolist())
            for step, value in enumerate(column, first)
        ]
        for first in range(0, STEPS, EVERY)
    ]

    def record() -> None:
        with _connection(workspace) as connection:
            for rows in batches:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(_RAW, rows)
                connection.execute("COMMIT")

    return record


def record_log(workspace: Workspace, run_id: int) -> Callable[[], None]:
    def record() -> None:
        recorder = Recorder(workspace, run_id)
        for step, row in enumerate(_ROWS):
            recorder.log(row, step)
            if step % EVERY == EVERY - 1:
                recorder.flush()

    return record


def record_log_series(workspace: Workspace, run_id: int) -> Callable[[], None]:
    def record() -> None:
        recorder = Recorder(workspace, run_id)
        for first in range(0, STEPS, EVERY):
            steps = np.arange(first, first + EVERY)
            for column, name in enumerate(METRICS):
                recorder.log_series(name, steps, _COLUMNS[first : first + EVERY, column], steps * 1.0)
            recorder.flush()

    return record


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
