"""The recorder: metrics of one run, collected in memory and stored in short transactions."""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

import db.curves
import db.metrics
import db.points
from core.common.text import quoted
from core.common.workspace import Workspace
from core.tracking import summary
from core.tracking.downsampling import EMPTY, extended
from core.tracking.goals import goal_of
from core.tracking.pending import Columns
from core.tracking.tracked import Tracked
from db.engine import Session
from db.records import Series


class Recorder:
    """Metrics of one run. Logging only appends to columns; `flush` stores, in one transaction, and may be retried.

    Safe to share between threads.
    """

    def __init__(self, workspace: Workspace, run_id: int) -> None:
        self._workspace = workspace
        self._run_id = run_id
        self._pending: dict[str, Columns] = {}
        self._metric_ids: dict[str, int] = {}
        self._tracked: dict[str, Tracked] = {}  # as stored
        self._adding = threading.Lock()
        self._flushing = threading.Lock()

    def log(self, values: Mapping[str, float], step: int, wall_time: float | None = None) -> None:
        """Record a value of some metrics at a step; `wall_time` in UTC seconds, now when not given.

        Raises:
            TypeError, ValueError, OverflowError: a value is not a number, a step not one of 64 bits; nothing was kept.
        """
        now = time.time() if wall_time is None else float(wall_time)
        numbers = {name: float(value) for name, value in values.items()}
        at = int(step)
        with self._adding:
            for name, value in numbers.items():
                columns = self._pending.get(name)
                if columns is None:
                    columns = self._pending[name] = Columns()
                columns.append(at, value, now)

    def log_series(self, name: str, steps: ArrayLike, values: ArrayLike, wall_times: ArrayLike) -> None:
        """Record many values of one metric; three sequences of equal length, steps rising.

        Raises:
            ValueError: the lengths differ.
        """
        columns = (
            np.asarray(steps, np.int64),
            np.asarray(values, np.float64),
            np.asarray(wall_times, np.float64),
        )
        shapes = [column.shape for column in columns]
        if len(set(shapes)) > 1 or len(shapes[0]) != 1:
            raise ValueError(
                f"{quoted(name)} needs steps, values and wall times of one length; received the shapes {shapes}."
            )
        points = Series(*columns)
        with self._adding:
            self._pending.setdefault(name, Columns()).extend(points)

    def flush(self) -> None:
        """Store what was logged.

        Raises:
            StoreError: nothing was stored; the points are kept and go with the next flush.
        """
        with self._flushing:
            with self._adding:
                batch = {name: columns.copied() for name, columns in self._pending.items() if len(columns)}
            if not batch:
                return
            self._load(name for name in batch if name not in self._tracked)
            after = {name: self._tracked[name].extended(points) for name, points in batch.items()}
            with self._workspace.write() as session:
                metric_ids = self._ids(session, batch)
                for name, points in batch.items():
                    after[name] = self._put(session, metric_ids[name], after[name], points)
                db.metrics.put_summaries(session, {metric_ids[name]: after[name].summary for name in after})
            self._tracked |= after
            self._metric_ids = metric_ids
            with self._adding:
                for name, points in batch.items():
                    self._pending[name].drop(len(points))

    def _load(self, names: Iterable[str]) -> None:
        """What an earlier recorder of this run left, as when the run is resumed."""
        unknown = list(names)
        if not unknown:
            return
        with self._workspace.read() as session:
            known = db.metrics.summaries(session, [self._run_id], unknown).get(self._run_id, {})
            curves = db.curves.of_runs(session, [self._run_id], known)
            after = {key: int(curve.points.step[-1]) for key, curve in curves.items()}
            rest = db.points.series_many(session, [self._run_id], known, after)
        for name in unknown:
            key = (self._run_id, name)
            stored = curves.get(key, EMPTY)
            before = known.get(name) or summary.empty(*key)
            self._tracked[name] = Tracked(before, extended(stored, rest.get(key, EMPTY.points)), stored.count)

    def _ids(self, session: Session, names: Iterable[str]) -> dict[str, int]:
        new = {name: goal_of(name) for name in names if name not in self._metric_ids}
        return self._metric_ids | db.metrics.metric_ids(session, new) if new else self._metric_ids

    def _put(self, session: Session, metric: int, tracked: Tracked, points: Series) -> Tracked:
        db.points.add(session, self._run_id, metric, points)
        if tracked.curve is None or not tracked.is_due:
            return tracked
        db.curves.put(session, self._run_id, metric, tracked.curve)
        return replace(tracked, stored=tracked.curve.count)

    def rewind(self, step: int, is_open: bool = False) -> None:
        """Forget every point past a step, as when a run goes on from a checkpoint that is older than its metrics.

        `is_open` says that the epoch that ends with the step will record its metrics yet. Telemetry is left alone: it
        is of the process, not of the training, and its steps are seconds.
        """
        with self._flushing, self._workspace.write() as session:
            known = db.metrics.summaries(session, [self._run_id]).get(self._run_id, {})
            kept = {name: step - (is_open and name != "step_loss") for name in known if not name.startswith("system/")}
            late = [name for name in kept if known[name].last_step > kept[name]]
            metric_ids = self._ids(session, late)
            for name in late:
                self._tracked.pop(name, None)  # read again before it is needed
                db.points.remove_after(session, self._run_id, metric_ids[name], kept[name])
                series = db.points.series(session, self._run_id, name)
                if len(series):
                    left = summary.extended(summary.empty(self._run_id, name), series.step, series.value, goal_of(name))
                    db.metrics.put_summaries(session, {metric_ids[name]: left})
