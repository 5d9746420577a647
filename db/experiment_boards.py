"""What people say of an experiment as a whole: notes, and which config they take for its best."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Experiment, ExperimentBoard
from db.upsert import insert_missing


@dataclass(frozen=True)
class BoardRecord:
    """See db.tracking_tables.ExperimentBoard."""

    notes: str = ""
    noted_by: str = ""
    noted_at: float | None = None
    champion: int | None = None
    chosen_by: str = ""
    chosen_at: float | None = None


_COLUMNS = ("notes", "noted_by", "noted_at", "champion", "chosen_by", "chosen_at")


def of(session: Session, experiment: str) -> BoardRecord:
    """An empty one where nobody has said anything yet."""
    columns = [getattr(ExperimentBoard, name) for name in _COLUMNS]
    query = sa.select(*columns).join(Experiment, Experiment.id == ExperimentBoard.experiment_id)
    row = session.execute(query.where(Experiment.name == experiment)).first()
    return BoardRecord(**row._mapping) if row else BoardRecord()


def change(session: Session, key: int, **values: Any) -> None:
    """Any columns of the experiment's board."""
    insert_missing(session, ExperimentBoard, [{"experiment_id": key, "notes": "", "noted_by": "", "chosen_by": ""}])
    session.execute(sa.update(ExperimentBoard).where(ExperimentBoard.experiment_id == key).values(**values))
