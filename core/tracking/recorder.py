"""The recorder: metrics of one run, collected in memory and stored in short transactions."""

import threading
import time
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

import db.metrics
from core.tracking import summary
from core.tracking.goals import goal_of
from core.workspace import Workspace
from db.metrics import Point
from db.records import Summary


class Recorder:
    """Metrics of one run. Logging only appends to lists; `flush` stores, in one transaction, and may be retried.

    Safe to share between threads.
    """

    def __init__(self, workspace: Workspace, run_id: int) -> None:
        self._workspace = workspace
        self._run_id = run_id
        self._pending: dict[str, list[Point]] = {}
        self._adding = threading.Lock()
        self._flushing = threading.Lock()
        with workspace.read() as session:
            self._summaries = dict(db.metrics.summaries(session, [run_id]).get(run_id, {}))

    def log(self, values: Mapping[str, float], step: int, wall_time: float | None = None) -> None:
        """Record a value of some metrics at a step; `wall_time` in UTC seconds, now when not given."""
        now = time.time() if wall_time is None else wall_time
        with self._adding:
            for name, value in values.items():
                self._pending.setdefault(name, []).append((int(step), float(value), now))

    def log_series(self, name: str, steps: ArrayLike, values: ArrayLike, wall_times: ArrayLike) -> None:
        """Record many values of one metric; three sequences of equal length, steps rising."""
        columns = (np.asarray(column).tolist() for column in (steps, values, wall_times))
        points = list(zip(*columns, strict=True))
        with self._adding:
            self._pending.setdefault(name, []).extend(points)

    def flush(self) -> None:
        """Store what was logged.

        Raises:
            StoreError: nothing was stored; the points are kept and go with the next flush.
        """
        with self._flushing:
            with self._adding:
                batch = {name: points.copy() for name, points in self._pending.items()}
            if not batch:
                return
            summaries = {name: self._extended(name, points) for name, points in batch.items()}
            with self._workspace.write() as session:
                for name, points in batch.items():
                    metric = db.metrics.metric_id(session, name, goal_of(name))
                    db.metrics.add_points(session, self._run_id, metric, points)
                    db.metrics.put_summary(session, metric, summaries[name])
            self._summaries |= summaries
            with self._adding:
                for name, points in batch.items():
                    del self._pending[name][: len(points)]
                    if not self._pending[name]:
                        del self._pending[name]

    def _extended(self, name: str, points: Sequence[Point]) -> Summary:
        before = self._summaries.get(name) or summary.empty(self._run_id, name)
        steps, values, _ = zip(*points, strict=True)
        return summary.extended(before, np.array(steps, np.int64), np.array(values, np.float64), goal_of(name))

    def rewind(self, step: int) -> None:
        """Forget every point past a step, as when a run goes on from a checkpoint that is older than its metrics.

        Telemetry is left alone: it is of the process, not of the training, and its steps are seconds.
        """
        with self._flushing:
            late = {
                name: summary.empty(self._run_id, name)
                for name, known in self._summaries.items()
                if known.last_step > step and not name.startswith("system/")
            }
            with self._workspace.write() as session:
                for name in late:
                    goal = goal_of(name)
                    metric = db.metrics.metric_id(session, name, goal)
                    db.metrics.remove_after(session, self._run_id, metric, step)
                    series = db.metrics.series(session, self._run_id, name)
                    if len(series):
                        late[name] = summary.extended(late[name], series.step, series.value, goal)
                        db.metrics.put_summary(session, metric, late[name])
            self._summaries |= late
