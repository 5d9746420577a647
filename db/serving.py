"""Served models: what answers, what was asked of it, and what came of that."""

import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.registry_tables import RegisteredModel
from db.serving_records import MinuteRecord, RequestRecord, ServedRecord
from db.serving_tables import ServedMinute, ServedModel, ServedRequest, ServedWindow
from db.upsert import insert_missing


def served(session: Session) -> list[ServedRecord]:
    """All, by name."""
    query = (
        sa.select(ServedModel, RegisteredModel.name)
        .join(RegisteredModel, RegisteredModel.id == ServedModel.model_id)
        .order_by(RegisteredModel.name)
    )
    return [
        ServedRecord(
            model_id=row.model_id,
            model=name,
            # Whatever another program wrote into a row, one that cannot be read must not hide all the others.
            options=row.options if isinstance(row.options, dict) else {},
            report=row.report if isinstance(row.report, dict) else {},
            reported_at=row.reported_at,
            created_by=row.created_by,
            created_at=row.created_at,
        )
        for row, name in session.execute(query)
    ]


def put(session: Session, model_id: int, options: dict[str, Any], created_by: str) -> None:
    """Serve a model, or serve it otherwise."""
    new = {"model_id": model_id, "options": options, "report": {}, "created_by": created_by, "created_at": time.time()}
    insert_missing(session, ServedModel, [new])
    session.execute(sa.update(ServedModel).where(ServedModel.model_id == model_id).values(options=options))


def report(session: Session, model_id: int, told: dict[str, Any]) -> None:
    """What the server that answers says of itself."""
    changed = sa.update(ServedModel).where(ServedModel.model_id == model_id)
    session.execute(changed.values(report=told, reported_at=time.time()))


def remove(session: Session, model_id: int) -> None:
    """It is served no more; what was asked stays for as long as it is kept."""
    session.execute(sa.delete(ServedModel).where(ServedModel.model_id == model_id))


def add_traffic(session: Session, minutes: Sequence[MinuteRecord], requests: Sequence[RequestRecord]) -> None:
    """Add to what is stored of the same minutes, and the questions; what is of a model that was deleted is left out.

    Counts are added key by key, one level down.
    """
    ids = {each.model_id for each in minutes} | {each.model_id for each in requests}
    there = set(
        session.scalars(sa.select(RegisteredModel.id).where(RegisteredModel.id.in_(ids)).with_for_update(read=True))
    )
    for each in sorted(minutes, key=_key):  # in one order, so that two servers do not wait for each other
        if each.model_id not in there:
            continue
        nothing = vars(each) | {"requests": 0, "errors": 0, "counts": {}}
        insert_missing(session, ServedMinute, [nothing])
        row = session.get(ServedMinute, _key(each), with_for_update=True, populate_existing=True)
        assert row is not None
        row.requests += each.requests
        row.errors += each.errors
        row.counts = added(row.counts, each.counts)
        session.flush()
    insert_missing(session, ServedRequest, [vars(each) for each in requests if each.model_id in there])


def _key(minute: MinuteRecord) -> tuple[int, int, str, int]:
    return minute.model_id, minute.version_id, minute.role, minute.minute


def added(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Counts by name, or such counts by name."""
    found = dict(first)
    for name, value in second.items():
        old = found.get(name)
        if isinstance(value, dict):
            found[name] = added(old if isinstance(old, dict) else {}, value)
        else:
            found[name] = value + (old or 0)
    return found


def minutes(session: Session, model_id: int, since: int) -> list[MinuteRecord]:
    """From a minute on, in their order."""
    query = sa.select(ServedMinute).where(ServedMinute.model_id == model_id, ServedMinute.minute >= since)
    rows = session.scalars(query.order_by(ServedMinute.minute))
    return [MinuteRecord(**{c.key: getattr(row, c.key) for c in ServedMinute.__table__.columns}) for row in rows]


def requests(session: Session, model_id: int, limit: int) -> list[RequestRecord]:
    """The newest that were kept."""
    query = sa.select(ServedRequest).where(ServedRequest.model_id == model_id)
    rows = session.scalars(query.order_by(ServedRequest.at.desc()).limit(limit))
    return [_request(row) for row in rows]


def kept(session: Session, model_id: int, numbers: Sequence[str]) -> dict[str, RequestRecord]:
    """Those of these ids that there are."""
    query = sa.select(ServedRequest).where(ServedRequest.model_id == model_id, ServedRequest.id.in_(numbers))
    return {row.id: _request(row) for row in session.scalars(query)}


def newest_answers(session: Session, model_id: int, version_id: int, role: str, limit: int) -> dict[str, str]:
    """What was answered, by the question's id, of those that were kept and not refused."""
    query = sa.select(ServedRequest.id, ServedRequest.answered).where(
        ServedRequest.model_id == model_id, ServedRequest.version_id == version_id, ServedRequest.role == role
    )
    rows = session.execute(query.where(ServedRequest.status < 400).order_by(ServedRequest.at.desc()).limit(limit))
    return {row.id: row.answered for row in rows}


def first_kept(session: Session, model_id: int, version_id: int, role: str) -> float | None:
    """When the first question came that is kept of a version in a role."""
    query = sa.select(sa.func.min(ServedRequest.at)).where(ServedRequest.model_id == model_id)
    return session.scalar(query.where(ServedRequest.version_id == version_id, ServedRequest.role == role))


def judged(session: Session, model_id: int) -> list[RequestRecord]:
    """Those that somebody said something of, without their texts."""
    columns = [each for each in ServedRequest.__table__.columns if each.key not in ("asked", "answered")]
    query = sa.select(*columns).where(ServedRequest.model_id == model_id, ServedRequest.feedback_at > 0)
    return [RequestRecord(**row._mapping, asked="", answered="") for row in session.execute(query)]


def give_feedback(session: Session, model_id: int, request_id: str, feedback: dict[str, Any]) -> bool:
    """False where no such question was kept."""
    found = sa.update(ServedRequest).where(ServedRequest.model_id == model_id, ServedRequest.id == request_id)
    told = found.values(feedback=feedback, feedback_at=time.time()).returning(ServedRequest.id)
    return session.scalar(told) is not None


def models_asked(session: Session) -> list[int]:
    """Ids of models of which there is traffic."""
    return list(session.scalars(sa.select(ServedMinute.model_id).union(sa.select(ServedRequest.model_id))))


def forget(session: Session, model_id: int, before: float) -> None:
    """Questions from before that time, and their minutes and windows."""
    session.execute(sa.delete(ServedRequest).where(ServedRequest.model_id == model_id, ServedRequest.at < before))
    old = ServedMinute.minute < int(before // 60)
    session.execute(sa.delete(ServedMinute).where(ServedMinute.model_id == model_id, old))
    ended = ServedWindow.ended_at.between(1, before)
    session.execute(sa.delete(ServedWindow).where(ServedWindow.model_id == model_id, ended))


def _request(row: ServedRequest) -> RequestRecord:
    return RequestRecord(**{each.key: getattr(row, each.key) for each in ServedRequest.__table__.columns})
