"""Tags of runs."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.batches import batches
from db.models import RunTag
from db.upsert import insert_missing


def of_runs(session: Session, run_ids: Iterable[int]) -> dict[int, list[str]]:
    """Sorted tags by run; runs without tags are left out."""
    found: dict[int, list[str]] = {}
    for batch in batches(run_ids):
        query = sa.select(RunTag.run_id, RunTag.tag).where(RunTag.run_id.in_(batch)).order_by(RunTag.tag)
        for run_id, tag in session.execute(query):
            found.setdefault(run_id, []).append(tag)
    return found


def every(session: Session) -> list[str]:
    """Every tag that some run has, sorted."""
    return list(session.scalars(sa.select(RunTag.tag).distinct().order_by(RunTag.tag)))


def add(session: Session, run_ids: Iterable[int], tags: Iterable[str]) -> None:
    """A tag that a run has already stays."""
    wanted = list(dict.fromkeys(tags))
    insert_missing(session, RunTag, [{"run_id": each, "tag": tag} for each in dict.fromkeys(run_ids) for tag in wanted])


def replace(session: Session, run_id: int, tags: Iterable[str]) -> None:
    session.execute(sa.delete(RunTag).where(RunTag.run_id == run_id))
    add(session, [run_id], tags)
