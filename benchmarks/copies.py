"""Copies of runs within one SQLite store, by the database itself: a hundred thousand in a minute, not in five."""

from collections.abc import Sequence

import sqlalchemy as sa

from db.engine import Session
from db.models import Base, MetricPoint, MetricSummary, Run, RunParam, RunTag, RunText

_TABLES: tuple[type[Base], ...] = (Run, RunParam, RunText, RunTag, MetricSummary, MetricPoint)
_TIMES = ("created_at", "queued_at", "starting_at", "training_at", "finished_at")


def add_copies(session: Session, run_ids: Sequence[int], shift: int, seconds: float) -> list[int]:
    """Copy short runs whose numbers follow each other to the numbers so much higher, so many seconds later."""
    for table in _TABLES:
        columns = table.__table__.columns
        key = columns["id"] if table is Run else columns["run_id"]
        changed = {key.name: key + shift}
        if table is Run:
            changed |= {"uid": sa.func.lower(sa.func.hex(sa.func.randomblob(16)))}
            changed |= {name: columns[name] + seconds for name in _TIMES}
        chosen = sa.select(*(changed.get(column.name, column) for column in columns))
        chosen = chosen.where(key.between(run_ids[0], run_ids[-1]))
        session.execute(sa.insert(table).from_select(columns.keys(), chosen))
    return [run_id + shift for run_id in run_ids]
