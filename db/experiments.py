"""Experiments as things of their own: made, renamed, tagged, thrown away and taken back."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Experiment, ExperimentTag, Run
from db.upsert import insert_missing, upsert


@dataclass(frozen=True)
class ExperimentRecord:
    """`artifact_location`: where its runs' files are, an address of another store; "" for runs' own folders."""

    id: int
    name: str
    created_at: float
    is_kept: bool = False
    artifact_location: str = ""
    updated_at: float | None = None
    deleted_at: float | None = None
    tags: dict[str, str] = field(default_factory=dict)


def every(session: Session, condition: sa.ColumnElement[bool] | None = None) -> list[ExperimentRecord]:
    """All, also those in the trash, by number."""
    wanted = sa.true() if condition is None else condition
    tags: dict[int, dict[str, str]] = {}
    query = sa.select(ExperimentTag.experiment_id, ExperimentTag.key, ExperimentTag.value)
    if condition is not None:
        query = query.join(Experiment, Experiment.id == ExperimentTag.experiment_id).where(wanted)
    for experiment, key, value in session.execute(query.order_by(ExperimentTag.key)):
        tags.setdefault(experiment, {})[key] = value
    columns = Experiment.__table__.columns
    rows = session.execute(sa.select(*columns).where(wanted).order_by(Experiment.id))
    return [ExperimentRecord(**row._mapping, tags=tags.get(row.id, {})) for row in rows]


def find(session: Session, key: int) -> ExperimentRecord | None:
    return next(iter(every(session, Experiment.id == key)), None) if 0 < key < 2**31 else None


def named(session: Session, name: str) -> ExperimentRecord | None:
    return next(iter(every(session, Experiment.name == name)), None)


def add(session: Session, name: str, artifact_location: str = "", tags: Mapping[str, str] | None = None) -> int | None:
    """One that stays though it is empty; None where there is one of this name."""
    now = time.time()
    if session.scalar(sa.select(Experiment.id).where(Experiment.name == name)) is not None:
        return None
    row = {"name": name, "created_at": now, "is_kept": True, "artifact_location": artifact_location, "updated_at": now}
    insert_missing(session, Experiment, [row])
    key = session.scalar(sa.select(Experiment.id).where(Experiment.name == name))
    assert key is not None
    put_tags(session, key, tags or {})
    return key


def change(session: Session, key: int, **values: object) -> None:
    """Any columns of it; its last change is now."""
    session.execute(sa.update(Experiment).where(Experiment.id == key).values(updated_at=time.time(), **values))


def put_tags(session: Session, key: int, tags: Mapping[str, str]) -> None:
    rows = [{"experiment_id": key, "key": name, "value": value} for name, value in tags.items()]
    upsert(session, ExperimentTag, rows)


def remove_tags(session: Session, key: int, names: Iterable[str]) -> None:
    of_these = (ExperimentTag.experiment_id == key, ExperimentTag.key.in_(list(names)))
    session.execute(sa.delete(ExperimentTag).where(*of_these))


def runs_of(session: Session, key: int, trashed_at: float | None = None) -> list[int]:
    """Those outside the trash, or those that came into it at this time."""
    when = Run.trashed_at.is_(None) if trashed_at is None else Run.trashed_at == trashed_at
    return list(session.scalars(sa.select(Run.id).where(Run.experiment_id == key, when)))
