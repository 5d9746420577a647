"""The recorder: metrics of one run, collected in memory and stored in short transactions."""

import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

import db.appending
import db.curves
import db.leases
import db.metrics
import db.points
from core.common.text import quoted
from core.common.workspace import Workspace
from core.tracking import summary
from core.tracking.goals import goal_of
from core.tracking.pending import Columns
from core.tracking.stored import load
from core.tracking.tracked import Tracked
from db.engine import Session
from db.records import Lease, Series

# What waits while nothing can be stored: 100 MB. Whoever trains is held up then, instead of anything being given up.
CROWDED = 4_000_000  # points
MOST_AT_ONCE = 500_000  # points in a transaction: others wait for its end, and a disk with little room has room for it


class Recorder:
    """Metrics of one run. Logging only appends to columns; `flush` stores, in short transactions, and may be retried.

    Safe to share between threads. Others may record into the same run: each flush goes on from what is in the store.
    """

    def __init__(
        self,
        workspace: Workspace,
        run_id: int,
        lease: Lease | None = None,
        clock: Callable[[], float] = time.time,
        beside: Callable[[Session], None] | None = None,
        highest: bool = False,
    ) -> None:
        """With a lease, nothing is stored once that is lost: see `flush` and `rewind`. `clock` tells UTC seconds.

        `beside` writes what belongs to the first flush, in its transaction; what it raises undoes that.
        `highest`: which value of a metric is its last, see `Tracked.extended`.
        """
        self.now = clock
        self.best_from: int | None = None  # step from which on values may be best; of system metrics, all may
        self._workspace = workspace
        self._run_id = run_id
        self._lease = lease
        self._beside = beside
        self._highest = highest
        self._pending: dict[str, Columns] = {}
        self._count = 0  # points in it
        self._metric_ids: dict[str, int] = {}
        self._tracked: dict[str, Tracked] = {}  # as stored
        self._attempt: _Attempt | None = None  # a flush that failed, or is under way
        self._adding = threading.Lock()
        self._flushing = threading.Lock()

    @property
    def is_crowded(self) -> bool:
        """Whether more waits to be stored than memory should hold."""
        return self._count > CROWDED

    def log(self, values: Mapping[str, float], step: int, wall_time: float | None = None) -> None:
        """Record a value of some metrics at a step; `wall_time` in UTC seconds, now when not given.

        Raises:
            TypeError, ValueError, OverflowError: a value is not a number, a step not one of 64 bits; nothing was kept.
        """
        now = self.now() if wall_time is None else float(wall_time)
        numbers = {name: float(value) for name, value in values.items()}
        at = int(step)
        with self._adding:
            for name, value in numbers.items():
                columns = self._pending.get(name)
                if columns is None:
                    columns = self._pending[name] = Columns()
                columns.append(at, value, now)
            self._count += len(numbers)

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
            self._count += len(points)

    def log_points(self, points: Iterable[tuple[str, int, float, float]]) -> None:
        """Record values of any metrics: name, step, value, wall time. For many metrics of few values each."""
        with self._adding:
            for name, step, value, wall_time in points:
                columns = self._pending.get(name)
                if columns is None:
                    columns = self._pending[name] = Columns()
                columns.append(step, value, wall_time)
                self._count += 1

    def flush(self, also: Callable[[Session], None] | None = None) -> None:
        """Store what was logged; `also` writes what belongs to it, in the first transaction of this flush.

        Raises:
            StoreError: what was not stored is kept and goes with the next flush.
            LeaseLostError: nothing more was stored, and nothing will be.
        """
        with self._flushing:
            left = self._count
            left -= self._flush_some(also)
            while left > 0 and (stored := self._flush_some()):
                left -= stored

    def _flush_some(self, also: Callable[[Session], None] | None = None) -> int:
        """Store some of it in one transaction; returns the number of points. Raises as `flush`."""
        batch, stored = self._waiting(), 0
        if not batch and also is None:
            return 0
        unknown = [name for name in batch if name not in self._tracked]
        if unknown:
            with self._workspace.read() as session:
                self._tracked |= load(session, self._run_id, unknown, rebuild=True)
        revision = _revision()
        after = self._extended(batch, revision)
        with self._writing(notify=also is not None) as session:
            metric_ids = self._ids(session, batch)
            if self._attempt and self._was_stored(session, self._attempt, metric_ids):
                stored = self._done(self._attempt)
                batch = self._waiting()
            after |= self._refreshed(session, batch, metric_ids, revision)
            self._attempt = _Attempt(revision, {name: len(series) for name, series in batch.items()}, {})
            self._store(session, batch, after, metric_ids, self._attempt)
            for write in (self._beside, also):
                if write is not None:
                    write(session)
        self._metric_ids, self._beside = metric_ids, None
        return stored + self._done(self._attempt)

    @contextmanager
    def _writing(self, *, notify: bool) -> Iterator[Session]:
        """A transaction of one who may write to this run, and no one else does meanwhile."""
        with self._workspace.write(notify=notify) as session:
            db.appending.lock(session, self._run_id)
            if self._lease is not None:
                db.leases.held(session, self._lease)
            yield session

    def _best_from(self, metric: str) -> int | None:
        return None if metric.startswith("system/") else self.best_from

    def _waiting(self) -> dict[str, Series]:
        with self._adding:
            waiting = {name: columns for name, columns in self._pending.items() if len(columns)}
            most = MOST_AT_ONCE if self._count <= MOST_AT_ONCE else MOST_AT_ONCE // max(1, len(waiting)) + 1
            return {name: columns.copied(most) for name, columns in waiting.items()}

    def _ids(self, session: Session, names: Iterable[str]) -> dict[str, int]:
        new = {name: goal_of(name) for name in names if name not in self._metric_ids}
        return self._metric_ids | db.metrics.metric_ids(session, new) if new else self._metric_ids

    def _was_stored(self, session: Session, attempt: "_Attempt", metric_ids: Mapping[str, int]) -> bool:
        """Whether a flush that seemed to fail did not: a connection can be lost between the commit and its answer."""
        keys = [metric_ids[name] for name in attempt.counts]
        return attempt.revision in db.metrics.revisions(session, self._run_id, keys).values()

    def _refreshed(
        self, session: Session, batch: Mapping[str, Series], metric_ids: Mapping[str, int], revision: int
    ) -> dict[str, Tracked]:
        """What comes of the points of those metrics that are in the store as we do not know them."""
        stored = db.metrics.revisions(session, self._run_id, [metric_ids[name] for name in batch])
        changed = [name for name in batch if self._tracked[name].summary.revision != stored.get(metric_ids[name], 0)]
        if not changed:
            return {}
        self._tracked |= load(session, self._run_id, changed, rebuild=False)
        return self._extended({name: batch[name] for name in changed}, revision)

    def _extended(self, batch: Mapping[str, Series], revision: int) -> dict[str, Tracked]:
        return {
            name: self._tracked[name].extended(points, self._best_from(name), self._highest, revision)
            for name, points in batch.items()
        }

    def _store(
        self,
        session: Session,
        batch: Mapping[str, Series],
        after: Mapping[str, Tracked],
        metric_ids: Mapping[str, int],
        attempt: "_Attempt",
    ) -> None:
        ends = {metric_ids[name]: self._tracked[name].end for name in batch}
        known = {metric: end for metric, end in ends.items() if end is not None}
        points = {metric_ids[name]: series for name, series in batch.items()}
        last = db.appending.add(session, self._run_id, points, known)
        for name in batch:
            metric, tracked = metric_ids[name], after[name]
            curve = tracked.due
            if curve is not None:
                db.curves.put(session, self._run_id, metric, curve)
            attempt.after[name] = tracked.ended(last[metric], curve)
        db.metrics.put_summaries(session, {metric_ids[name]: each.summary for name, each in attempt.after.items()})

    def _done(self, attempt: "_Attempt") -> int:
        """Take out what it stored; returns the number of points."""
        self._tracked |= attempt.after
        self._attempt = None
        stored = sum(attempt.counts.values())
        with self._adding:
            for name, count in attempt.counts.items():
                self._pending[name].drop(count)
            self._count -= stored
        return stored

    def rewind(self, step: int, is_open: bool = False, only: Collection[str] | None = None) -> None:
        """Forget every point past a step, as when a run goes on from a checkpoint that is older than its metrics.

        `only` these metrics, where some are named.

        `is_open` says that the epoch that ends with the step will record its metrics yet. What the test set gave is
        forgotten at that step, too, since the test will be repeated. Telemetry is left alone: it is of the process,
        not of the training, and its steps are seconds.

        Raises:
            StoreError, LeaseLostError: nothing was changed.
        """
        with self._flushing, self._writing(notify=True) as session:
            known = db.metrics.summaries(session, [self._run_id]).get(self._run_id, {})
            asked = [name for name in known if not name.startswith("system/") and (only is None or name in only)]
            kept = {name: step - _is_repeated(name, is_open) for name in asked}
            late = [name for name in kept if known[name].last_step > kept[name]]
            metric_ids = self._ids(session, late)
            for name in late:
                self._tracked.pop(name, None)  # read again before it is needed
                db.points.remove_after(session, self._run_id, metric_ids[name], kept[name])
                series = db.points.series(session, self._run_id, name)
                if len(series):
                    nothing, from_ = summary.empty(self._run_id, name), self._best_from(name)
                    left = summary.extended(nothing, series, goal_of(name), from_, _revision())
                    same_step = len(series) - int(np.searchsorted(series.step, left.last_step))
                    db.metrics.put_summaries(session, {metric_ids[name]: replace(left, last_sequence=same_step - 1)})


@dataclass(frozen=True)
class _Attempt:
    """A flush: its revision, how many points of each metric it stores, and what is known of them after it."""

    revision: int
    counts: dict[str, int]
    after: dict[str, Tracked]


def _revision() -> int:
    return 1 + secrets.randbits(62)  # as good as never the same twice; 0 is for what was never recorded


def _is_repeated(metric: str, is_open: bool) -> bool:
    """Whether what was recorded at the step that a run goes on from will be recorded again."""
    return metric.startswith("test_") or (is_open and metric != "step_loss")
