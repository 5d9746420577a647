"""Sweeps and their trials: create, read, change, add trials."""

import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

import db.runs
from db.batches import batches, pieces
from db.models import Metric, MetricPoint, Run, Sweep, SweepTrial
from db.records import RunState
from db.sweep_records import FIRST_CONFIRMATION, RunNow, SweepRecord, SweepState, TrialRecord

How = Literal["min", "max", "last"]  # what counts of several values


def insert(session: Session, record: SweepRecord) -> int:
    """Add a sweep, whose number is made here and returned."""
    values = {name: value for name, value in vars(record).items() if name != "id"}
    row = Sweep(**{**values, "state": record.state.value})
    session.add(row)
    session.flush()
    return row.id


def get(session: Session, sweep_id: int) -> SweepRecord | None:
    row = session.get(Sweep, sweep_id)
    return _record(row) if row else None


def listing(session: Session) -> list[SweepRecord]:
    """The newest first."""
    return [_record(row) for row in session.scalars(sa.select(Sweep).order_by(Sweep.id.desc()))]


def at_work(session: Session) -> list[int]:
    """Numbers of those that are running, or of which a run was not known to be at rest."""
    running = session.scalars(sa.select(Sweep.id).where(Sweep.state == SweepState.RUNNING.value))
    unsettled = session.scalars(sa.select(SweepTrial.sweep_id).where(SweepTrial.state == "").distinct())
    return sorted({*running, *unsettled})


def has_ended_one(session: Session) -> bool:
    """Whether a run of a trial is at rest that was not known to be."""
    at_rest = [state.value for state in RunState if state.is_finished]
    query = sa.select(SweepTrial.run_id).join(Run, Run.id == SweepTrial.run_id)
    return session.execute(query.where(SweepTrial.state == "", Run.state.in_(at_rest)).limit(1)).first() is not None


def with_results(session: Session) -> dict[int, int]:
    """Of those that are not running, how many trials left a result."""
    count = sa.func.count(SweepTrial.number.distinct())
    query = sa.select(SweepTrial.sweep_id, count).join(Sweep, Sweep.id == SweepTrial.sweep_id)
    query = query.where(
        Sweep.state != SweepState.RUNNING.value,
        SweepTrial.repeat < FIRST_CONFIRMATION,
        SweepTrial.state.in_((RunState.FINISHED.value, RunState.PRUNED.value)),
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(SweepTrial.sweep_id))}


def change(session: Session, sweep: SweepRecord, **values: Any) -> bool:
    """Change columns of a sweep that is as it was read; says whether it was."""
    states = {"state": values["state"].value} if "state" in values else {}
    as_read = sa.update(Sweep).where(Sweep.id == sweep.id, Sweep.revision == sweep.revision)
    changed = as_read.values(**{**values, **states}, revision=sweep.revision + 1)
    return bool(session.execute(changed).rowcount)  # type: ignore[attr-defined]


def tell(session: Session, sweep_id: int, told: dict[str, Any]) -> None:
    """Keep what was computed of it, beside what is kept already."""
    known = session.scalar(sa.select(Sweep.told).where(Sweep.id == sweep_id)) or {}
    session.execute(sa.update(Sweep).where(Sweep.id == sweep_id).values(told={**known, **told}))


def delete(session: Session, sweep_id: int) -> None:
    """Remove it with its trials; their runs stay."""
    session.execute(sa.delete(SweepTrial).where(SweepTrial.sweep_id == sweep_id))
    session.execute(sa.delete(Sweep).where(Sweep.id == sweep_id))


def add_trials(session: Session, trials: Iterable[TrialRecord]) -> None:
    """Raises sqlalchemy's IntegrityError where there is one of that number and repeat."""
    rows = [{**vars(trial), "values": _list(trial.values), "created_at": time.time()} for trial in trials]
    session.connection().execute(sa.insert(SweepTrial), rows)
    searched = [row["run_id"] for row in rows if row["origin"] == "search" and row["run_id"] is not None]
    db.runs.update_many(session, searched, of_search=True)
    for sweep_id in {row["sweep_id"] for row in rows}:
        _mark_chosen(session, sweep_id)


def _mark_chosen(session: Session, sweep_id: int) -> None:
    """Runs by whose results the search chose a config that is confirmed on fresh seeds.

    Of a config that the search tried several times, they are all of them: it was chosen by the best.
    """
    config = sa.cast(SweepTrial.params, sa.Text)  # as text, since JSON has no equality
    of_it = SweepTrial.sweep_id == sweep_id
    confirmed = session.scalars(
        sa.select(config).where(of_it, SweepTrial.repeat >= FIRST_CONFIRMATION).distinct()
    ).all()
    if not confirmed:
        return
    chosen = sa.select(SweepTrial.run_id).where(of_it, SweepTrial.repeat < FIRST_CONFIRMATION, config.in_(confirmed))
    db.runs.update_many(session, filter(None, session.scalars(chosen)), chosen_by_search=True)


def settle(session: Session, trials: Iterable[TrialRecord]) -> None:
    """Keep what came of trials: state, values, seconds, note."""
    for trial in trials:
        this = (
            SweepTrial.sweep_id == trial.sweep_id,
            SweepTrial.number == trial.number,
            SweepTrial.repeat == trial.repeat,
        )
        kept = {"state": trial.state, "values": _list(trial.values), "seconds": trial.seconds, "note": trial.note}
        session.execute(sa.update(SweepTrial).where(*this).values(**kept))


def trials(session: Session, sweep_id: int, numbers: Iterable[int] | None = None) -> list[TrialRecord]:
    """In order of number and repeat; all, or those of these numbers."""
    query = sa.select(*_COLUMNS).where(SweepTrial.sweep_id == sweep_id)
    query = query.order_by(SweepTrial.number, SweepTrial.repeat)
    if numbers is None:
        return [_trial(row) for row in session.execute(query)]
    some = [query.where(SweepTrial.number.in_(piece)) for piece in pieces(sorted(numbers))]
    return [_trial(row) for each in some for row in session.execute(each)]


_COLUMNS = tuple(getattr(SweepTrial, name) for name in TrialRecord.__dataclass_fields__)


def _trial(row: Any) -> TrialRecord:
    values = dict(row._mapping)
    return TrialRecord(**{**values, "values": None if values["values"] is None else tuple(values["values"])})


def runs_now(session: Session, run_ids: Iterable[int]) -> dict[int, RunNow]:
    """By number; without those that are gone."""
    found: dict[int, RunNow] = {}
    columns = [getattr(Run, name) for name in _LOOKED_AT]
    for batch in batches(run_ids):
        for row in session.execute(sa.select(*columns, Run.facts).where(Run.id.in_(batch))):
            facts = row.facts if isinstance(row.facts, dict) else {}
            count = facts.get("parameters")
            parameters = float(count) if isinstance(count, int | float) else None
            values = {name: getattr(row, name) for name in _LOOKED_AT}
            known = {"state": RunState(row.state), "slots": tuple(row.slots or ()), "parameters": parameters}
            found[row.id] = RunNow(**{**values, **known}, data=str(facts.get("data_fingerprint") or ""))
    return found


def beside_training(session: Session, kind: str, most: int) -> list[float]:
    """Seconds that the newest finished runs of a kind took beside their training: to start, to load and to end."""
    took = Run.finished_at - Run.starting_at - Run.trained_seconds
    query = sa.select(took).where(Run.kind == kind, Run.state == RunState.FINISHED.value, took.is_not(None))
    return [max(0.0, float(each or 0.0)) for each in session.scalars(query.order_by(Run.id.desc()).limit(most))]


_LOOKED_AT = (
    "id",
    "state",
    "trained_seconds",
    "starting_at",
    "finished_at",
    "stop_requested",
    "step",
    "slots",
    "reason",
)


def of_runs(session: Session, run_ids: Iterable[int]) -> list[int]:
    """Numbers of the sweeps of which these runs are trials."""
    found: set[int] = set()
    for batch in batches(run_ids):
        found |= {*session.scalars(sa.select(SweepTrial.sweep_id).where(SweepTrial.run_id.in_(batch)).distinct())}
    return sorted(found)


def trial_of_run(session: Session, run_id: int) -> TrialRecord | None:
    """Of the newest sweep that the run is of; None of other runs."""
    query = sa.select(*_COLUMNS).where(SweepTrial.run_id == run_id, SweepTrial.origin != "earlier")
    row = session.execute(query.order_by(SweepTrial.sweep_id.desc()).limit(1)).first()
    return _trial(row) if row else None


def finished(session: Session, sweep_id: int) -> set[int]:
    """Numbers of the trials whose first run is kept as finished."""
    this = (SweepTrial.sweep_id == sweep_id, SweepTrial.repeat == 0, SweepTrial.state == RunState.FINISHED.value)
    return set(session.scalars(sa.select(SweepTrial.number).where(*this)))


def first_values(session: Session, run_ids: Iterable[int], metric: str, count: int) -> dict[int, NDArray[np.float64]]:
    """The first values of a metric, at most so many, by run; without runs that have none. Missing ones are NaN."""
    key = session.scalar(sa.select(Metric.id).where(Metric.name == metric))
    found: dict[int, list[float]] = {}
    point = MetricPoint
    place = sa.func.row_number().over(partition_by=point.run_id, order_by=(point.step, point.sequence)).label("place")
    for batch in batches(run_ids):
        numbered = sa.select(point.run_id, point.value, place).where(point.metric_id == key, point.run_id.in_(batch))
        rows = numbered.subquery()
        query = sa.select(rows.c.run_id, rows.c.value).where(rows.c.place <= count)
        for run, value in session.execute(query.order_by(rows.c.run_id, rows.c.place)):
            found.setdefault(run, []).append(np.nan if value is None else value)
    return {run: np.array(values) for run, values in found.items()}


def counted_by_then(session: Session, sweep_id: int, metric: str, count: int, how: How) -> dict[int, tuple[int, float]]:
    """Of each trial's first run, by the trial's number: how many of the first values of a metric there are, at most so
    many, and the least, the greatest or the last of them; NaN where it is missing or infinite, as the least of none
    that is finite is. Without trials that have none.
    """
    key, point = session.scalar(sa.select(Metric.id).where(Metric.name == metric)), MetricPoint
    of_it = sa.select(point).where(point.run_id == SweepTrial.run_id, point.metric_id == key)
    first = of_it.order_by(point.step, point.sequence).limit(count).correlate(SweepTrial).subquery()
    finite = sa.case((sa.func.abs(first.c.value) <= sys.float_info.max, first.c.value))
    found = {
        "min": sa.select(sa.func.min(finite)),
        "max": sa.select(sa.func.max(finite)),
        "last": sa.select(finite).order_by(first.c.step.desc(), first.c.sequence.desc()).limit(1),
    }[how]
    many = sa.select(sa.func.count()).select_from(first)
    query = sa.select(SweepTrial.number, many.scalar_subquery(), found.scalar_subquery())
    rows = session.execute(query.where(SweepTrial.sweep_id == sweep_id, SweepTrial.repeat == 0))
    return {number: (there, np.nan if value is None else value) for number, there, value in rows if there}


def _list(values: Sequence[float | None] | None) -> list[float | None] | None:
    return None if values is None else list(values)


def _record(row: Sweep) -> SweepRecord:
    values = {column.key: getattr(row, column.key) for column in Sweep.__table__.columns}
    return SweepRecord(**{**values, "state": SweepState(row.state)})
