"""Who may write to a run: the process of its present attempt, until the run is at rest or given to another.

A lease is a run and an attempt. `grant` makes one, a process takes it with `take`, and everything that the process
then writes goes through here or stands in a transaction that has asked `held`. Only `db.runs.transition` changes a run
otherwise: what people ask for, and runs that nobody holds.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db import events, runs
from db.models import Attempt, Run
from db.records import (
    ACTIVE_STATES,
    SUPERVISOR,
    TRAINER,
    Actor,
    ArtifactRecord,
    EventRecord,
    Lease,
    RunRecord,
    RunState,
)

_ACTIVE = tuple(state.value for state in ACTIVE_STATES)
_WITH_PROCESS = tuple(state.value for state in RunState if state.has_process)


class LeaseLostError(Exception):
    """The run was settled without this process, or given to another: it may write nothing more."""

    def __init__(self, lease: Lease) -> None:
        super().__init__(f"Attempt {lease.attempt} at run {lease.run} has ended, or another has begun.")


def grant(session: Session, run: RunRecord, host: str, slots: Iterable[str], at: float) -> Lease | None:
    """Begin the next attempt at a queued run; None when somebody was quicker."""
    lease = Lease(run.id, run.attempt + 1)
    where = {"host": host, "slots": list(slots), "starting_at": at}
    queued = sa.update(Run).where(
        Run.id == run.id, Run.attempt == run.attempt, Run.state == RunState.QUEUED.value
    )  # the attempt, too: a run that came back to the queue since it was read has another
    begun = queued.values(
        **where, state=RunState.STARTING.value, attempt=lease.attempt, pid=None, pid_boot="", reason=""
    )
    if not _count(session, begun):
        return None
    session.add(Attempt(run_id=run.id, number=lease.attempt, **where))
    session.flush()
    events.moved(session, SUPERVISOR, run.id, RunState.QUEUED, RunState.STARTING, host=host, slots=list(slots))
    return lease


def take(session: Session, lease: Lease, pid: int, pid_started: float, pid_boot: str = "") -> bool:
    """Make it this process's; False when it was sent back to the queue meanwhile, as after a supervisor's crash.

    The process is named as in AttemptRecord.
    """
    process = {"pid": pid, "pid_started": pid_started, "pid_boot": pid_boot}
    if not _count(session, _untaken(lease).values(**process, unstarted=0)):
        return False
    _change_attempt(session, lease, **process)
    return True


def send_back(session: Session, lease: Lease) -> bool:
    """Back to the queue: no process has taken it, and none will; says whether that was so."""
    return _leave(session, lease, RunState.QUEUED, "No process took it.", starting_at=None, slots=[])


def end_untaken(session: Session, lease: Lease, state: RunState, reason: str, at: float) -> bool:
    """To rest: no process has taken it, and none will; says whether that was so."""
    return _leave(session, lease, state, reason, reason=reason, finished_at=at)


def _leave(session: Session, lease: Lease, state: RunState, why: str, **values: Any) -> bool:
    left = _untaken(lease).values(**values, state=state.value, unstarted=Run.unstarted + 1)
    if not _count(session, left):
        return False
    events.moved(session, SUPERVISOR, lease.run, RunState.STARTING, state, reason=why)
    session.execute(sa.delete(Attempt).where(*_of(lease)))  # it never was one
    return True


def held(session: Session, lease: Lease) -> RunState:
    """To be asked in the transaction that writes; nobody can take the lease away before that ends.

    Raises:
        LeaseLostError
    """
    state = session.scalar(sa.select(Run.state).where(*_holding(lease)).with_for_update())
    if state is None:
        raise LeaseLostError(lease)
    return RunState(state)


def update(session: Session, lease: Lease, **values: Any) -> None:
    """Change columns of the run. Raises LeaseLostError."""
    if not _count(session, sa.update(Run).where(*_holding(lease)).values(**values)):
        raise LeaseLostError(lease)


def begin(session: Session, lease: Lease, at: float, first_step: int, **values: Any) -> None:
    """The first training step comes now; `values` are columns of the run. Raises LeaseLostError."""
    before = held(session, lease)
    state = RunState.RUNNING if before is RunState.STARTING else before  # a request to stop may have come first
    values |= {"state": state.value, "training_at": sa.func.coalesce(Run.training_at, at), "step": first_step}
    update(session, lease, **values)
    events.moved(session, TRAINER, lease.run, before, state)
    _change_attempt(session, lease, training_at=at, first_step=first_step)


def begin_stopping(session: Session, lease: Lease) -> None:
    """The process has heard that it is to stop, and does so as soon as it can. Raises LeaseLostError."""
    before = held(session, lease)
    update(session, lease, state=RunState.STOPPING.value)
    events.moved(session, TRAINER, lease.run, before, RunState.STOPPING)


def put_facts(session: Session, lease: Lease, facts: dict[str, Any]) -> None:
    """Those of this attempt; the run's own are the newest of each kind. Raises LeaseLostError."""
    held(session, lease)
    known: dict[str, Any] = session.scalar(sa.select(Run.facts).where(Run.id == lease.run)) or {}
    update(session, lease, facts={**known, **facts})
    _change_attempt(session, lease, facts=facts)


def put_artifact(session: Session, lease: Lease, artifact: ArtifactRecord) -> None:
    """Add the file, or replace what is known of the one of the same name. Raises LeaseLostError."""
    held(session, lease)
    runs.put_artifact(session, replace(artifact, attempt=lease.attempt))


def at_rest(session: Session, lease: Lease) -> None:
    """To be asked in the transaction that adds to a run which nobody works on; nobody takes it up before that ends.

    Raises:
        LeaseLostError: it is not at rest in this attempt, or is being deleted.
    """
    resting = (Run.state.not_in(_ACTIVE), Run.deleting_at.is_(None))
    here = sa.select(Run.id).where(Run.id == lease.run, Run.attempt == lease.attempt, *resting)
    if session.scalar(here.with_for_update()) is None:
        raise LeaseLostError(lease)


def put_late_artifact(session: Session, lease: Lease, artifact: ArtifactRecord) -> None:
    """As `put_artifact`, of a run at rest. Raises LeaseLostError."""
    at_rest(session, lease)
    runs.put_artifact(session, replace(artifact, attempt=lease.attempt))


def add_result(session: Session, lease: Lease, facts: dict[str, Any], event: EventRecord) -> None:
    """What was found of a run at rest, and who asked for it. Raises LeaseLostError."""
    at_rest(session, lease)
    known: dict[str, Any] = session.scalar(sa.select(Run.facts).where(Run.id == lease.run)) or {}
    session.execute(sa.update(Run).where(Run.id == lease.run).values(facts={**known, **facts}))
    events.add(session, [event])


def heartbeat(session: Session, lease: Lease, at: float, step: int, trained: float) -> tuple[RunState, str]:
    """A living trainer's sign; returns the state and the stop request, "" when there is none.

    Args:
        trained: seconds that this attempt has spent training.

    Raises:
        LeaseLostError
    """
    held(session, lease)
    _change_attempt(session, lease, trained_seconds=trained)
    update(session, lease, heartbeat_at=at, step=step, trained_seconds=_trained(lease))
    row = session.execute(sa.select(Run.state, Run.stop_requested).where(Run.id == lease.run)).one()
    return RunState(row.state), row.stop_requested


def end(session: Session, lease: Lease, state: RunState, reason: str, at: float, *, actor: Actor) -> bool:
    """Bring the run to rest; says whether this still was its attempt, and it was not at rest before.

    One that stopped because its sweep asked it to is pruned.
    """
    try:
        before = held(session, lease)
    except LeaseLostError:
        return False
    if state is RunState.STOPPED and _requested(session, lease) == "prune":
        state = RunState.PRUNED
    update(session, lease, state=state.value, reason=reason, finished_at=at)
    events.moved(session, actor, lease.run, before, state, reason=reason)
    _change_attempt(session, lease, state=state.value, reason=reason, ended_at=at)
    return True


def _requested(session: Session, lease: Lease) -> str:
    return session.scalar(sa.select(Run.stop_requested).where(Run.id == lease.run)) or ""


def _of(lease: Lease) -> tuple[sa.ColumnElement[bool], ...]:
    return Attempt.run_id == lease.run, Attempt.number == lease.attempt


def _holding(lease: Lease) -> tuple[sa.ColumnElement[bool], ...]:
    return Run.id == lease.run, Run.attempt == lease.attempt, Run.state.in_(_WITH_PROCESS)


def _untaken(lease: Lease) -> sa.Update:
    state = RunState.STARTING.value
    return sa.update(Run).where(
        Run.id == lease.run, Run.attempt == lease.attempt, Run.state == state, Run.pid.is_(None)
    )


def _trained(lease: Lease) -> sa.ScalarSelect[float]:
    seconds = sa.func.coalesce(sa.func.sum(Attempt.trained_seconds), 0.0)
    return sa.select(seconds).where(Attempt.run_id == lease.run).scalar_subquery()


def _change_attempt(session: Session, lease: Lease, **values: Any) -> None:
    session.execute(sa.update(Attempt).where(*_of(lease)).values(**values))


def _count(session: Session, statement: sa.Update) -> int:
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]
