"""Exports of versions of models."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.registry_records import ExportRecord
from db.registry_tables import ModelExport, ModelVersion
from db.upsert import upsert


def put(session: Session, export: ExportRecord) -> bool:
    """In the place of one of the same name; False where its version was deleted in the meantime."""
    locked = sa.select(ModelVersion.id).where(ModelVersion.id == export.version_id).with_for_update()
    if session.scalar(locked) is None:
        return False
    upsert(session, ModelExport, [vars(export)])
    return True


def of_version(session: Session, version_id: int) -> list[ExportRecord]:
    """Sorted by name."""
    rows = session.scalars(
        sa.select(ModelExport).where(ModelExport.version_id == version_id).order_by(ModelExport.name)
    )
    return [
        ExportRecord(**{each.key: getattr(row, each.key) for each in ModelExport.__table__.columns}) for row in rows
    ]


def remove(session: Session, version_id: int, name: str) -> bool:
    """False where there is none."""
    gone = sa.delete(ModelExport).where(ModelExport.version_id == version_id, ModelExport.name == name)
    return session.scalar(gone.returning(ModelExport.name)) is not None
