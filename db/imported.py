"""Runs that came from elsewhere: their files, and metrics that are to be written anew."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

import db.points
from db.models import Artifact, Metric, Run
from db.records import ArtifactRecord
from db.upsert import upsert


def id_of(session: Session, uid: str) -> int | None:
    """The run of exactly this uid."""
    return session.scalar(sa.select(Run.id).where(Run.uid == uid))


def put_files(session: Session, found: Iterable[ArtifactRecord]) -> None:
    rows = [vars(each) for each in found]
    if rows:
        upsert(session, Artifact, rows)


def forget_metric(session: Session, run_id: int, name: str) -> None:
    """All points of a metric, with its summary and curve."""
    metric = session.scalar(sa.select(Metric.id).where(Metric.name == name))
    if metric is not None:
        db.points.remove_after(session, run_id, metric, -(2**63))
