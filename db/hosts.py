"""What supervisors report of themselves."""

import dataclasses

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Host
from db.records import HostRecord
from db.upsert import upsert


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
