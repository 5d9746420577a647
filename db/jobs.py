"""The queue of jobs: who asks puts a row, a supervisor claims it, the process that does it writes the result there.

Whoever works on a job shows its claim with everything it writes; a claim that was given back, or whose row was removed
and made anew, writes nothing.
"""

import time
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Job, Run
from db.records import JobClaim, JobRecord, RunState
from db.upsert import insert_if_missing

_OPEN = Job.result.is_(None)


def put(
    session: Session, key: str, kind: str, payload: dict[str, Any], host: str = "", process: str = "",
    after_run: int | None = None,
) -> bool:  # fmt: skip
    """Ask for a job unless somebody did; says whether nobody had.

    Args:
        after_run: number of a run before whose end it is not begun; of one that was deleted, at once.
    """
    values = {"kind": kind, "host": host, "process": process, "payload": payload, "created_at": time.time()}
    return insert_if_missing(session, Job, {"key": key, "claims": 0, "after_run": after_run, **values})


def result(session: Session, key: str) -> dict[str, Any] | None:
    """What came of the job, None while it is open. Raises LookupError when there is no such job."""
    [found] = _row(session, key, Job.result)
    return dict(found) if found is not None else None


def progress(session: Session, key: str) -> dict[str, Any] | None:
    """What the process at work told last. Raises LookupError when there is no such job."""
    [found] = _row(session, key, Job.progress)
    return dict(found) if found is not None else None


def asked(session: Session, key: str) -> Any:
    """What the job is about, whoever works on it. Raises LookupError when there is no such job."""
    return _row(session, key, Job.payload)[0]


def payload(session: Session, claim: JobClaim) -> Any:
    """What the job is about: JSON data that may be anything.

    Raises:
        LookupError: this claim is void, or nobody waits for the result any more.
        ValueError: the stored text is no JSON.
    """
    try:
        [found] = _row(session, claim.key, Job.payload, *_held(claim))
    except (TypeError, RecursionError) as error:  # of a JSON column, SQLite returns numbers as numbers
        raise ValueError(f"the stored payload is no JSON object: {error}") from error
    return found


def _row(session: Session, key: str, *columns: Any) -> Any:
    """The first of these columns; the others are conditions."""
    found = session.execute(sa.select(columns[0]).where(Job.key == key, *columns[1:])).one_or_none()
    if found is None:
        raise LookupError(key)
    return found


def unfinished(session: Session) -> list[JobRecord]:
    """Jobs without a result that may be done now, the newest first: what a person looks at comes before what they left.

    Those that waited for a run are as old as its end, and come after all others.
    """
    since = sa.func.coalesce(Run.finished_at, Job.created_at)
    columns = (Job.key, Job.kind, Job.host, Job.process, since, Job.claims, Job.claimed_by, Job.claimed_at)
    may_begin = sa.or_(Run.id.is_(None), Run.state.in_([state.value for state in RunState if state.is_finished]))
    joined = sa.select(*columns).outerjoin(Run, Run.id == Job.after_run)
    rows = session.execute(joined.where(_OPEN, may_begin).order_by(Job.after_run.is_not(None), since.desc()))
    return [
        JobRecord(*row[:6], claim=None if row.claimed_by is None else JobClaim(row.key, row.claimed_by, row[7] or 0.0))
        for row in rows
    ]


def of_kind(session: Session, kind: str) -> list[str]:
    """Keys of all jobs of a kind, with and without a result, the newest first."""
    return list(session.scalars(sa.select(Job.key).where(Job.kind == kind).order_by(Job.created_at.desc(), Job.key)))


def claim(session: Session, claim: JobClaim) -> bool:
    """Take a job; False when somebody else did, or it is gone."""
    statement = sa.update(Job).where(Job.key == claim.key, Job.claimed_by.is_(None), _OPEN)
    values = {"claimed_by": claim.by, "claimed_at": claim.at, "claims": Job.claims + 1, "progress": None}
    return _changed(session, statement.values(values))


def release(session: Session, claim: JobClaim, *, counts: bool = True) -> bool:
    """Give a job back for another to take; `counts` says whether the claim is one of those that a job gets."""
    values = {"claimed_by": None, "claimed_at": None, "claims": Job.claims if counts else Job.claims - 1}
    return _changed(session, sa.update(Job).where(Job.key == claim.key, *_held(claim)).values(values))


def finish(session: Session, claim: JobClaim, result: dict[str, Any]) -> bool:
    """Store what came of it; False when the claim is void."""
    return _changed(session, sa.update(Job).where(Job.key == claim.key, *_held(claim)).values(result=result))


def expire(session: Session, key: str, result: dict[str, Any]) -> bool:
    """Store why nobody will do it; False when somebody has claimed it meanwhile."""
    return _changed(
        session, sa.update(Job).where(Job.key == key, Job.claimed_by.is_(None), _OPEN).values(result=result)
    )


def tell(session: Session, claim: JobClaim, progress: dict[str, Any]) -> bool:
    """Store how far it is; False when the claim is void."""
    return _changed(session, sa.update(Job).where(Job.key == claim.key, *_held(claim)).values(progress=progress))


def remove(session: Session, keys: Iterable[str], *, if_open: bool = False) -> None:
    """Forget jobs, those at work as well: nobody waits for them any more. `if_open` keeps those that have a result."""
    statement = sa.delete(Job).where(Job.key.in_(list(keys)))
    session.execute(statement.where(_OPEN) if if_open else statement)


def sweep(session: Session, before: float, keep: int) -> None:
    """Remove results of jobs that were asked for before this time, and all but those of the newest `keep`."""
    newest = sa.select(Job.key).where(~_OPEN).order_by(Job.created_at.desc()).limit(keep)
    old = sa.or_(Job.created_at < before, Job.key.not_in(newest))
    session.execute(sa.delete(Job).where(~_OPEN, old).execution_options(synchronize_session=False))


def _held(claim: JobClaim) -> tuple[sa.ColumnElement[bool], ...]:
    return (Job.claimed_by == claim.by, Job.claimed_at == claim.at, _OPEN)


def _changed(session: Session, statement: sa.Update) -> bool:
    found: Any = session.execute(statement.execution_options(synchronize_session=False))
    return bool(found.rowcount == 1)
