"""Tags with values, of runs."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.batches import batches
from db.models import KeyedTag
from db.upsert import upsert


def of_runs(session: Session, run_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """By run, sorted by key; runs without any are left out."""
    found: dict[int, dict[str, str]] = {}
    for batch in batches(run_ids):
        query = sa.select(KeyedTag.run_id, KeyedTag.key, KeyedTag.value).where(KeyedTag.run_id.in_(batch))
        for run_id, key, value in session.execute(query.order_by(KeyedTag.key)):
            found.setdefault(run_id, {})[key] = value
    return found


def put(session: Session, run_id: int, tags: Mapping[str, str]) -> None:
    """Add them, or replace the values of those that are there."""
    if tags:
        upsert(session, KeyedTag, [{"run_id": run_id, "key": key, "value": value} for key, value in tags.items()])


def remove(session: Session, run_id: int, keys: Iterable[str]) -> None:
    session.execute(sa.delete(KeyedTag).where(KeyedTag.run_id == run_id, KeyedTag.key.in_(list(keys))))
