"""Views of pages that people saved."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import SavedView
from db.report_records import ViewRecord

_COLUMNS = SavedView.__table__.columns


def insert(session: Session, page: str, name: str, query: str, by: str, at: float) -> int:
    """Its number. Raises sqlalchemy's IntegrityError where the page has one of this name."""
    row = SavedView(page=page, name=name, query=query, created_by=by, created_at=at, changed_at=at)
    session.add(row)
    session.flush()
    return row.id


def get(session: Session, view_id: int) -> ViewRecord | None:
    row = session.execute(sa.select(*_COLUMNS).where(SavedView.id == view_id)).first()
    return ViewRecord(**row._mapping) if row else None


def listing(session: Session, page: str | None = None) -> list[ViewRecord]:
    """Of a page or of all, by page and name."""
    query = sa.select(*_COLUMNS).order_by(SavedView.page, sa.func.lower(SavedView.name), SavedView.id)
    if page is not None:
        query = query.where(SavedView.page == page)
    return [ViewRecord(**row._mapping) for row in session.execute(query)]


def change(session: Session, view_id: int, **values: object) -> None:
    session.execute(sa.update(SavedView).where(SavedView.id == view_id).values(**values))


def delete(session: Session, view_id: int) -> None:
    session.execute(sa.delete(SavedView).where(SavedView.id == view_id))
