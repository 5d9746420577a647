"""Data sets for evaluations, and their records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.batches import pieces
from db.tracking_tables import EvaluationRecord, EvaluationSet
from db.upsert import upsert


@dataclass(frozen=True)
class EvaluationSetRecord:
    """`experiments`: numbers of those that it belongs to; `records`: how many it has."""

    id: str
    name: str
    digest: str
    created_at: float
    updated_at: float
    created_by: str = ""
    updated_by: str = ""
    tags: dict[str, Any] = field(default_factory=dict)
    experiments: list[int] = field(default_factory=list)
    schema: dict[str, Any] = field(default_factory=dict)
    records: int = 0


@dataclass(frozen=True)
class KeptRecord:
    id: str
    created_at: float
    updated_at: float
    told: dict[str, Any]


def add(session: Session, found: EvaluationSetRecord) -> None:
    values = {name: value for name, value in vars(found).items() if name != "records"}
    session.execute(sa.insert(EvaluationSet).values(**values))


def find(session: Session, key: str) -> EvaluationSetRecord | None:
    return next(iter(every(session, EvaluationSet.id == key)), None)


def every(session: Session, *conditions: Any) -> list[EvaluationSetRecord]:
    """The newest first."""
    count = sa.select(sa.func.count()).where(EvaluationRecord.set_id == EvaluationSet.id).scalar_subquery()
    query = sa.select(*EvaluationSet.__table__.columns, count.label("records")).where(*conditions)
    rows = session.execute(query.order_by(EvaluationSet.created_at.desc(), EvaluationSet.id))
    return [EvaluationSetRecord(**row._mapping) for row in rows]


def change(session: Session, key: str, **values: Any) -> None:
    session.execute(sa.update(EvaluationSet).where(EvaluationSet.id == key).values(**values))


def remove(session: Session, key: str) -> None:
    """With its records."""
    session.execute(sa.delete(EvaluationSet).where(EvaluationSet.id == key))


def by_inputs(session: Session, key: str, hashes: Iterable[str]) -> dict[str, KeptRecord]:
    """Records that it has of these inputs."""
    found: dict[str, KeptRecord] = {}
    for some in pieces(hashes):
        query = sa.select(EvaluationRecord.input_hash, *_KEPT).where(EvaluationRecord.set_id == key)
        for row in session.execute(query.where(EvaluationRecord.input_hash.in_(some))):
            found[row[0]] = KeptRecord(*row[1:])
    return found


def put(session: Session, key: str, records: Mapping[str, KeptRecord]) -> None:
    """By the hash of the inputs."""
    rows = [{"set_id": key, "input_hash": inputs, **vars(each)} for inputs, each in records.items()]
    upsert(session, EvaluationRecord, rows)


def records(session: Session, key: str, offset: int, most: int) -> list[KeptRecord]:
    """In the order in which they were added."""
    query = sa.select(*_KEPT).where(EvaluationRecord.set_id == key)
    ordered = query.order_by(EvaluationRecord.created_at, EvaluationRecord.id).offset(offset).limit(most)
    return [KeptRecord(*row) for row in session.execute(ordered)]


def drop(session: Session, key: str, ids: Iterable[str]) -> int:
    """Returns how many there were."""
    gone = sa.delete(EvaluationRecord).where(EvaluationRecord.set_id == key, EvaluationRecord.id.in_(list(ids)))
    return len(session.execute(gone.returning(EvaluationRecord.id)).all())


_KEPT = (EvaluationRecord.id, EvaluationRecord.created_at, EvaluationRecord.updated_at, EvaluationRecord.told)
