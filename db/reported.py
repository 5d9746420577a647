"""Runs without a process of ours: what a client reports of them."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

import db.keyed_tags
import db.leases
import db.media
import db.params
import db.runs
import db.tags
import db.texts
from db.media import MediaRecord
from db.models import ReportedSpool, Run
from db.records import ArtifactRecord, Lease
from db.upsert import insert_missing


def heard(session: Session, run_id: int, at: float, step: int = 0) -> None:
    """A sign of life at a time, UTC seconds; the run's step only grows."""
    session.connection().execute(_HEARD, {"run": run_id, "at": at, "reached": step})


_REACHED = sa.bindparam("reached", type_=sa.BigInteger)
_HEARD = (  # made once: each call would take longer than its execution
    sa.update(Run)
    .where(Run.id == sa.bindparam("run"))
    .values(heartbeat_at=sa.bindparam("at"), step=sa.case((Run.step < _REACHED, _REACHED), else_=Run.step))
)


def add_params(session: Session, run_id: int, config: Mapping[str, Any] | None, new: Mapping[str, Any]) -> None:
    """New params, none of which may be there; also to the config, where it is made of them."""
    if new:
        db.params.insert(session, run_id, new)
        if config is not None:
            session.execute(sa.update(Run).where(Run.id == run_id).values(config={**config, **new}))
        db.texts.refresh(session, run_id)


class SpoolMovedError(Exception):
    """Somebody else has stored from the same spool meanwhile."""


def position(session: Session, run_id: int, source: str) -> int:
    """How many bytes of a client's spool are stored, 0 of one that is not known."""
    found = session.scalar(
        sa.select(ReportedSpool.position).where(ReportedSpool.run_id == run_id, ReportedSpool.source == source)
    )
    return found or 0


def advance(session: Session, run_id: int, source: str, known: int, more: int) -> None:
    """So many bytes more are stored. Raises SpoolMovedError: not from there on, any more."""
    insert_missing(session, ReportedSpool, [{"run_id": run_id, "source": source, "position": 0}])
    mine = (ReportedSpool.run_id == run_id, ReportedSpool.source == source, ReportedSpool.position == known)
    moved = session.execute(sa.update(ReportedSpool).where(*mine).values(position=known + more))
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise SpoolMovedError(f"run {run_id}, spool {source}")


def keep_file(session: Session, file: ArtifactRecord) -> None:
    """Note a file that a client sent, unless its run is gone."""
    if session.scalar(sa.select(Run.id).where(Run.id == file.run_id)) is not None:
        db.runs.put_artifact(session, file)


def describe(session: Session, run_id: int, facts: Mapping[str, Any], **values: Any) -> None:
    """More facts of it, and other columns: name, notes, created_by, parent_id."""
    if facts:
        known = session.scalar(sa.select(Run.facts).where(Run.id == run_id))
        values["facts"] = {**(known if isinstance(known, dict) else {}), **facts}
    if values:
        session.execute(sa.update(Run).where(Run.id == run_id).values(**values))
    if set(values).intersection(db.texts.COLUMNS):
        db.texts.refresh(session, run_id)


def add_of_script(
    session: Session,
    lease: Lease,
    params: Mapping[str, Any],
    labels: Mapping[str, str],
    tags: Iterable[str],
    keyed_tags: Mapping[str, str],
    media: Iterable[MediaRecord],
    artifacts: Iterable[ArtifactRecord],
    facts: dict[str, Any],
) -> None:
    """What a script told while it ran; a param that is known already stays. Raises LeaseLostError."""
    db.leases.held(session, lease)
    known = db.params.of_runs(session, [lease.run], params).get(lease.run, {})
    db.params.insert(session, lease.run, {name: value for name, value in params.items() if name not in known})
    if labels:
        db.runs.annotate(session, lease.run, **labels)
    db.texts.refresh(session, lease.run)
    db.tags.add(session, [lease.run], tags)
    db.keyed_tags.put(session, lease.run, keyed_tags)
    db.media.put(session, media)
    for file in artifacts:
        db.leases.put_artifact(session, lease, file)
    if facts:
        db.leases.put_facts(session, lease, facts)
