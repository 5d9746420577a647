"""Windows of what served versions are asked, by the bins of their training profiles."""

from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.registry_tables import RegisteredModel
from db.serving_records import WindowRecord
from db.serving_tables import ServedWindow


def being_filled(session: Session, model_id: int, version_id: int) -> WindowRecord | None:
    """Locked until the end of the transaction, so that two servers fill one. Raises LookupError: no such model."""
    model = sa.select(RegisteredModel.id).where(RegisteredModel.id == model_id).with_for_update()
    if session.scalar(model) is None:
        raise LookupError(model_id)
    row = session.scalar(_of(model_id).where(ServedWindow.version_id == version_id, ServedWindow.ended_at == 0))
    return _record(row) if row else None


def put(session: Session, window: WindowRecord) -> None:
    """A new one, or one as it is now."""
    values = asdict(window)
    if not values.pop("id"):
        session.execute(sa.insert(ServedWindow).values(values))
    else:
        session.execute(sa.update(ServedWindow).where(ServedWindow.id == window.id).values(values))


def ended(session: Session, model_id: int, limit: int) -> list[WindowRecord]:
    """The newest of a model, the oldest of them first; without their counts, which are long."""
    columns = [each for each in ServedWindow.__table__.columns if each.key != "counts"]
    query = sa.select(*columns).where(ServedWindow.model_id == model_id, ServedWindow.ended_at > 0)
    rows = session.execute(query.order_by(ServedWindow.id.desc()).limit(limit))
    return [WindowRecord(**row._mapping, counts=[]) for row in rows][::-1]


def counts(session: Session, window_id: int) -> list[list[int]]:
    """Of one window, by column, by bin; none of one that is gone."""
    return session.scalar(sa.select(ServedWindow.counts).where(ServedWindow.id == window_id)) or []


def filling(session: Session, model_id: int) -> list[WindowRecord]:
    """Those that are being filled, one for each version at most."""
    return [_record(row) for row in session.scalars(_of(model_id).where(ServedWindow.ended_at == 0))]


def acknowledge(session: Session, ids: Sequence[int], known_by: str) -> None:
    session.execute(sa.update(ServedWindow).where(ServedWindow.id.in_(ids)).values(known_by=known_by))


def _of(model_id: int) -> sa.Select[ServedWindow]:
    return sa.select(ServedWindow).where(ServedWindow.model_id == model_id)


def _record(row: ServedWindow) -> WindowRecord:
    return WindowRecord(**{each.key: getattr(row, each.key) for each in ServedWindow.__table__.columns})
