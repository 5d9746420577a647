"""Reports, their versions, and what is frozen in them: create, read, add a version, delete."""

import time
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import FrozenPanel, ReportVersion, WrittenReport
from db.report_records import ReportRecord, VersionRecord
from db.upsert import insert_missing

_REPORT, _VERSION = WrittenReport.__table__.columns, ReportVersion.__table__.columns


def insert(session: Session, title: str, source: str, by: str, at: float) -> int:
    """Add a report with its first version; its number is made here and returned."""
    row = WrittenReport(title=title, version=1, created_by=by, created_at=at, changed_by=by, changed_at=at)
    session.add(row)
    session.flush()
    _add_version(session, VersionRecord(row.id, 1, title, source, "", by, at))
    return row.id


def save(session: Session, report: ReportRecord, title: str, source: str, note: str, by: str, at: float) -> bool:
    """Add a version to a report that is as it was read; says whether it was."""
    as_read = sa.update(WrittenReport).where(WrittenReport.id == report.id, WrittenReport.version == report.version)
    number = report.version + 1
    changed = as_read.values(title=title, version=number, changed_by=by, changed_at=at)
    if not session.execute(changed).rowcount:  # type: ignore[attr-defined]
        return False
    _add_version(session, VersionRecord(report.id, number, title, source, note, by, at))
    return True


def get(session: Session, report_id: int) -> ReportRecord | None:
    row = session.execute(sa.select(*_REPORT).where(WrittenReport.id == report_id)).first()
    return ReportRecord(**row._mapping) if row else None


def listing(session: Session) -> list[ReportRecord]:
    """Those that were changed last come first."""
    order = WrittenReport.changed_at.desc(), WrittenReport.id.desc()
    return [ReportRecord(**row._mapping) for row in session.execute(sa.select(*_REPORT).order_by(*order))]


def version(session: Session, report_id: int, number: int) -> VersionRecord | None:
    this = ReportVersion.report_id == report_id, ReportVersion.number == number
    row = session.execute(sa.select(*_VERSION).where(*this)).first()
    return VersionRecord(**row._mapping) if row else None


def versions(session: Session, report_id: int) -> list[VersionRecord]:
    """The newest first; their sources are left out ("")."""
    columns = [column for column in _VERSION if column.name != "source"]
    query = sa.select(*columns).where(ReportVersion.report_id == report_id)
    rows = session.execute(query.order_by(ReportVersion.number.desc()))
    return [VersionRecord(**row._mapping, source="") for row in rows]


def delete(session: Session, report_id: int) -> None:
    session.execute(sa.delete(ReportVersion).where(ReportVersion.report_id == report_id))
    session.execute(sa.delete(WrittenReport).where(WrittenReport.id == report_id))


def freeze(session: Session, contents: dict[str, str]) -> None:
    """Keep what panels showed, by key."""
    now = time.time()
    rows = [{"key": key, "content": content, "created_at": now} for key, content in contents.items()]
    insert_missing(session, FrozenPanel, rows)


def drop_unnamed(session: Session, before: float) -> int:
    """Remove frozen content that no version of any report names, unless it was frozen since; returns how much."""
    named = sa.exists().where(ReportVersion.source.contains(FrozenPanel.key))
    doomed = sa.delete(FrozenPanel).where(FrozenPanel.created_at < before, ~named)
    return int(session.connection().execute(doomed).rowcount)


def frozen(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """By key; without those that are not kept."""
    query = sa.select(FrozenPanel.key, FrozenPanel.content).where(FrozenPanel.key.in_(list(keys)))
    return {row.key: row.content for row in session.execute(query)}


def _add_version(session: Session, record: VersionRecord) -> None:
    session.connection().execute(sa.insert(ReportVersion), [vars(record)])
