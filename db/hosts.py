"""What supervisors report of themselves, and the questions that their standby answers."""

import dataclasses
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Host, Inspection
from db.records import HostRecord, InspectionRecord
from db.upsert import insert_missing, upsert


def put(session: Session, host: HostRecord) -> None:
    upsert(session, Host, [{**dataclasses.asdict(host), "slots": list(host.slots)}])


def all_hosts(session: Session) -> list[HostRecord]:
    columns = [column.key for column in Host.__table__.columns if column.key != "slots"]
    rows = session.scalars(sa.select(Host).order_by(Host.name))
    return [HostRecord(slots=tuple(row.slots), **{name: getattr(row, name) for name in columns}) for row in rows]


def remove(session: Session, name: str) -> None:
    session.execute(sa.delete(Host).where(Host.name == name))


def forget_silent(session: Session, before: float) -> None:
    """Remove the rows of supervisors that were last heard before this time."""
    session.execute(sa.delete(Host).where(Host.heartbeat_at < before))


def ask(session: Session, key: str, config: dict[str, Any]) -> InspectionRecord:
    """Put the question unless somebody did, and return what is known of the answer."""
    row = session.get(Inspection, key)
    if row is None:
        asked = {"key": key, "config": config, "result": None, "asked_at": time.time()}
        insert_missing(session, Inspection, [asked])
        row = session.get_one(Inspection, key)
    return InspectionRecord(row.key, row.config, row.result, row.asked_at)


def forget_inspection(session: Session, key: str) -> None:
    session.execute(sa.delete(Inspection).where(Inspection.key == key))


def forget_open(session: Session, key: str) -> None:
    """Take a question back that has not been answered."""
    session.execute(sa.delete(Inspection).where(Inspection.key == key, Inspection.result.is_(None)))


def inspection(session: Session, key: str) -> InspectionRecord | None:
    row = session.get(Inspection, key)
    return InspectionRecord(row.key, row.config, row.result, row.asked_at) if row else None


def open_inspections(session: Session) -> list[InspectionRecord]:
    """Questions without an answer, the newest first: what a person is looking at now comes before what they left."""
    rows = session.scalars(
        sa.select(Inspection).where(Inspection.result.is_(None)).order_by(Inspection.asked_at.desc())
    )
    return [InspectionRecord(row.key, row.config, row.result, row.asked_at) for row in rows]


def answer(session: Session, key: str, result: dict[str, Any], keep: int = 200) -> None:
    """Store the answer, and forget all but the newest `keep` questions."""
    session.execute(sa.update(Inspection).where(Inspection.key == key).values(result=result))
    old = sa.select(Inspection.key).order_by(Inspection.asked_at.desc()).offset(keep)
    session.execute(sa.delete(Inspection).where(Inspection.key.in_(old)))
