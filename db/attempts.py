"""The attempts at runs, as they are read; db.leases writes them."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.batches import batches
from db.models import Attempt, Run
from db.records import AttemptRecord, Stretch


def of_run(session: Session, run_id: int) -> list[AttemptRecord]:
    """Every attempt that a process took or may still take, the first one first."""
    rows = session.scalars(sa.select(Attempt).where(Attempt.run_id == run_id).order_by(Attempt.number))
    columns = [column.key for column in Attempt.__table__.columns if column.key != "slots"]
    return [AttemptRecord(slots=tuple(row.slots), **{name: getattr(row, name) for name in columns}) for row in rows]


def stretches_of_runs(session: Session, run_ids: Iterable[int]) -> dict[int, tuple[Stretch, ...]]:
    """As `stretches`; a run that was imported, or filled in by hand, trained once, when it says so."""
    found: dict[int, tuple[Stretch, ...]] = {}
    several = []
    for batch in batches(run_ids):
        rows = session.execute(sa.select(Run.id, Run.training_at, Run.attempt).where(Run.id.in_(batch)))
        for run_id, training_at, attempt in rows:
            found[run_id] = () if training_at is None else (Stretch(training_at),)
            several += [run_id] if attempt > 1 else []
    return found | stretches(session, several)


def stretches(session: Session, run_ids: Iterable[int]) -> dict[int, tuple[Stretch, ...]]:
    """By run when, and how long, each of its attempts trained; without runs that never did."""
    found: dict[int, list[Stretch]] = {}
    before: dict[int, float] = {}
    columns = (Attempt.run_id, Attempt.training_at, Attempt.trained_seconds, Attempt.first_step)
    for batch in batches(run_ids):
        trained = sa.and_(Attempt.run_id.in_(batch), Attempt.training_at.is_not(None))
        rows = session.execute(sa.select(*columns).where(trained).order_by(Attempt.run_id, Attempt.number))
        for run_id, began_at, seconds, first_step in rows:
            stretch = Stretch(float(began_at or 0.0), before.get(run_id, 0.0), first_step)
            found.setdefault(run_id, []).append(stretch)
            before[run_id] = stretch.before + seconds
    return {run_id: tuple(each) for run_id, each in found.items()}
