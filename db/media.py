"""Rows of what runs show beside curves, by kind, name and step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.batches import batches
from db.models import MediaItem, Run
from db.upsert import upsert


@dataclass(frozen=True)
class MediaRecord:
    """One picture, text, table, histogram, figure or sound; `path` is relative to the run's folder, `size` in bytes."""

    run_id: int
    kind: str
    name: str
    step: int
    number: int  # of those of one step, from 0
    path: str
    size: int
    at: float  # UTC seconds
    caption: str = ""


@dataclass(frozen=True)
class MediaSeries:
    """What a run has under one kind and name."""

    run_id: int
    kind: str
    name: str
    count: int
    first_step: int
    last_step: int


_COLUMNS = MediaItem.__table__.columns


def put(session: Session, items: Iterable[MediaRecord]) -> None:
    """Add them, or replace those of the same kind, name, step and number; those of runs that are gone are left out."""
    rows = [vars(item) for item in items]
    ids = list({row["run_id"] for row in rows})
    there = set(session.scalars(sa.select(Run.id).where(Run.id.in_(ids)))) if rows else set()
    upsert(session, MediaItem, [row for row in rows if row["run_id"] in there])


def put_file(session: Session, item: MediaRecord) -> None:
    """As `put`; another file of the same step becomes the next number, the same file stays what it is."""
    mine = (MediaItem.run_id == item.run_id, MediaItem.kind == item.kind, MediaItem.name == item.name)
    known = {each.path: each.number for each in _where(session, *mine, MediaItem.step == item.step)}
    put(session, [replace(item, number=known.get(item.path, max(known.values(), default=-1) + 1))])


def series_of(session: Session, run_ids: Iterable[int]) -> list[MediaSeries]:
    """Ordered by kind and name."""
    found: list[MediaSeries] = []
    columns = (MediaItem.run_id, MediaItem.kind, MediaItem.name)
    told = (*columns, sa.func.count(), sa.func.min(MediaItem.step), sa.func.max(MediaItem.step))
    for batch in batches(run_ids):
        rows = session.execute(sa.select(*told).where(MediaItem.run_id.in_(batch)).group_by(*columns))
        found += [MediaSeries(*row) for row in rows]
    return sorted(found, key=lambda each: (each.kind, each.name, each.run_id))


def any_of(session: Session, run_id: int) -> bool:
    return session.scalar(sa.select(MediaItem.run_id).where(MediaItem.run_id == run_id).limit(1)) is not None


def count(session: Session, run_id: int) -> int:
    return session.scalar(sa.select(sa.func.count()).where(MediaItem.run_id == run_id)) or 0


def steps_of(session: Session, run_ids: Sequence[int], kinds: Sequence[str] = (), name: str | None = None) -> list[int]:
    """Steps at which there is something, each once, rising; of some kinds or one name only where these are given."""
    found: set[int] = set()
    wanted: list[sa.ColumnElement[bool]] = [MediaItem.kind.in_(kinds)] if kinds else []
    wanted += [MediaItem.name == name] if name is not None else []
    for batch in batches(run_ids):
        query = sa.select(MediaItem.step).where(MediaItem.run_id.in_(batch), *wanted).distinct()
        found |= set(session.scalars(query))
    return sorted(found)


def at_step(session: Session, run_id: int, kind: str, name: str, step: int) -> list[MediaRecord]:
    """What was shown by this step: of the last step at which there is something, by number."""
    mine = (MediaItem.run_id == run_id, MediaItem.kind == kind, MediaItem.name == name)
    last = sa.select(sa.func.max(MediaItem.step)).where(*mine, MediaItem.step <= step).scalar_subquery()
    return _where(session, *mine, MediaItem.step == last)


def get(session: Session, run_id: int, kind: str, name: str, step: int, number: int) -> MediaRecord | None:
    mine = (MediaItem.run_id == run_id, MediaItem.kind == kind, MediaItem.name == name)
    return next(iter(_where(session, *mine, MediaItem.step == step, MediaItem.number == number)), None)


def of_steps(session: Session, run_id: int, kind: str, name: str, steps: Sequence[int]) -> list[MediaRecord]:
    """By step, the first of each."""
    mine = (MediaItem.run_id == run_id, MediaItem.kind == kind, MediaItem.name == name, MediaItem.number == 0)
    return _where(session, *mine, MediaItem.step.in_(steps))


def all_of(session: Session, run_id: int) -> list[MediaRecord]:
    return _where(session, MediaItem.run_id == run_id)


def remove_below(session: Session, run_id: int, path: str) -> None:
    """Those whose file is this one, or lies in this folder."""
    within = sa.or_(MediaItem.path == path, MediaItem.path.startswith(f"{path}/", autoescape=True))
    session.execute(sa.delete(MediaItem).where(MediaItem.run_id == run_id, within))


def _where(session: Session, *conditions: sa.ColumnElement[bool]) -> list[MediaRecord]:
    order = (MediaItem.kind, MediaItem.name, MediaItem.step, MediaItem.number)
    rows = session.execute(sa.select(*_COLUMNS).where(*conditions).order_by(*order))
    return [MediaRecord(**row._mapping) for row in rows]
