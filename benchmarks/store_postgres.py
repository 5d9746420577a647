"""Recording and reading with PostgreSQL as the store, beside SQLite, in one run.

python -m benchmarks.store_postgres [repetitions] [--url URL]

10 metrics at 5,000 steps into a new run, stored every 1,000 steps, by `Recorder`; the same points by rows as parameters
(SQLAlchemy's INSERT) in place of COPY; and 100 runs of 10,000 points read for a chart. Without a URL, a server is begun
in a temporary folder, with its defaults but for the port: what is committed is on the disk.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import numpy as np
import sqlalchemy as sa
import typer

import db.metrics
from benchmarks.fill import add_bare_run
from benchmarks.peers import spread
from benchmarks.store_peers import METRICS, values
from benchmarks.store_record import EVERY, STEPS, record_log, record_log_series
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.tracking.recorder import Recorder
from db.models import MetricPoint
from tests.postgres import Postgres, programs

RUNS, POINTS = 100, 10_000
_COLUMNS = np.array(values(STEPS))


def main(
    repetitions: Annotated[int, typer.Argument(help="Of each line, after one that is not counted.")] = 5,
    url: Annotated[str | None, typer.Option(help="An empty database to fill; a server of its own without.")] = None,
) -> None:
    with tempfile.TemporaryDirectory() as home, _server(url) as address:
        stores = {
            "PostgreSQL": Workspace.open(Settings(home=Path(home) / "server", db_url=address)),
            "SQLite": Workspace.open(Settings(home=Path(home) / "file")),
        }
        print("| store | what | points/s, median | lowest to highest |")
        print("| --- | --- | --- | --- |")
        for what, record in _WAYS.items():
            for store, workspace in stores.items():
                seconds = [_recorded(workspace, record) for _ in range(repetitions + 1)][1:]
                print(f"| {store} | {what} | {spread([STEPS * len(METRICS) / each for each in seconds], ',.0f')} |")
        print(f"\n| store | reading a metric of {RUNS} runs of {POINTS:,} points | s, median | lowest to highest |")
        print("| --- | --- | --- | --- |")
        for store, workspace in stores.items():
            ids = _filled(workspace)
            for what, most in (("at most 1,000 points each", 1000), ("all points", 10**9)):
                seconds = [_read(workspace, ids, most) for _ in range(repetitions + 1)][1:]
                print(f"| {store} | {what} | {spread(seconds, '.3f')} |")
        for workspace in stores.values():
            workspace.close()


@contextmanager
def _server(url: str | None) -> Iterator[str]:
    if url:
        yield url
        return
    binaries = programs()
    if binaries is None:
        raise SystemExit("PostgreSQL's server is not installed; give the --url of one.")
    folder = Path(tempfile.mkdtemp(prefix="traindeck-postgres-"))
    server = Postgres(folder, binaries, {"listen_addresses": "127.0.0.1"})
    try:
        server.start()
        with server.database() as address:
            yield address
    finally:
        server.end()
        shutil.rmtree(folder, ignore_errors=True)


def _recorded(workspace: Workspace, prepare: Callable[[Workspace, int], Callable[[], None]]) -> float:
    run_id = add_bare_run(workspace)
    record = prepare(workspace, run_id)
    started = time.perf_counter()
    record()
    seconds = time.perf_counter() - started
    with workspace.read() as session:
        query = sa.select(sa.func.count(), sa.func.sum(MetricPoint.value)).where(MetricPoint.run_id == run_id)
        count, total = session.execute(query).one()
    assert count == STEPS * len(METRICS) and np.isclose(total or 0.0, _COLUMNS.sum()), f"{count:,} points are stored"
    return seconds


def _insert(workspace: Workspace, run_id: int) -> Callable[[], None]:
    """The points alone, without summaries and curves."""

    def record() -> None:
        for first in range(0, STEPS, EVERY):
            _insert_rows(workspace, run_id, first)

    return record


def _insert_rows(workspace: Workspace, run_id: int, first: int) -> None:
    with workspace.write() as session:
        keys = db.metrics.metric_ids(session, dict.fromkeys(METRICS, "max"))
        rows = [
            {"run_id": run_id, "metric_id": keys[name], "step": step, "sequence": 0, "value": value, "wall_time": 0.0}
            for name, column in zip(METRICS, _COLUMNS[first : first + EVERY].T.tolist(), strict=True)
            for step, value in enumerate(column, first)
        ]
        session.connection().execute(sa.insert(MetricPoint), rows)


_WAYS = {
    "`Recorder.log`, 10 metrics a call": record_log,
    "`Recorder.log_series`, 1,000 steps a call": record_log_series,
    "SQLAlchemy's `insert`, rows as parameters, points only": _insert,
}


def _filled(workspace: Workspace) -> list[int]:
    column = np.array(values(POINTS, 1))[:, 0]
    ids = []
    for _ in range(RUNS):
        run_id = add_bare_run(workspace)
        ids.append(run_id)
        recorder = Recorder(workspace, run_id)
        for first in range(0, POINTS, 700):
            steps = np.arange(first, min(POINTS, first + 700))
            recorder.log_series("loss", steps, column[steps], steps * 1.0)
            recorder.flush()
    return ids


def _read(workspace: Workspace, ids: list[int], most: int) -> float:
    context = Context.of_shell(workspace)
    started = time.perf_counter()
    found = runs.histories(context, ids, ["loss"], most)
    seconds = time.perf_counter() - started
    assert len(found) == RUNS
    assert statistics.fmean(len(series) for series in found.values()) >= 500
    return seconds


if __name__ == "__main__":
    typer.run(main)
