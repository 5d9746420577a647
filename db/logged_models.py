"""Models that clients log, and which runs take or make them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import LoggedModel, Run, RunInput, RunModel
from db.upsert import upsert


@dataclass(frozen=True)
class LoggedModelRecord:
    id: str
    experiment_id: int
    name: str
    status: str
    created_at: float
    updated_at: float
    type: str = ""
    run_uid: str = ""
    deleted_at: float | None = None
    tags: dict[str, Any] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    metrics: list[Any] = field(default_factory=list)


def add(session: Session, model: LoggedModelRecord) -> None:
    session.add(LoggedModel(**vars(model)))
    session.flush()


def find(session: Session, key: str) -> LoggedModelRecord | None:
    """Not one that was deleted."""
    return next(iter(_where(session, LoggedModel.id == key, LoggedModel.deleted_at.is_(None))), None)


def of_experiments(session: Session, experiments: Iterable[int]) -> list[LoggedModelRecord]:
    wanted = LoggedModel.experiment_id.in_(list(experiments))
    return _where(session, wanted, LoggedModel.deleted_at.is_(None))


def of_run(session: Session, uid: str) -> list[LoggedModelRecord]:
    """Those that it logged, the newest first."""
    return _where(session, LoggedModel.run_uid == uid, LoggedModel.deleted_at.is_(None))


def change(session: Session, key: str, **values: Any) -> None:
    session.execute(sa.update(LoggedModel).where(LoggedModel.id == key).values(**values))


def _where(session: Session, *conditions: Any) -> list[LoggedModelRecord]:
    columns = LoggedModel.__table__.columns
    rows = session.execute(sa.select(*columns).where(*conditions).order_by(LoggedModel.created_at.desc()))
    return [LoggedModelRecord(**row._mapping) for row in rows]


def put_inputs(session: Session, run_id: int, described: Sequence[tuple[str, str, str, dict[str, Any]]]) -> None:
    """Data sets of a run: name, digest, context, and all that was told of each."""
    names = ("name", "digest", "context", "told")
    upsert(session, RunInput, [{"run_id": run_id, **dict(zip(names, each, strict=True))} for each in described])


def put_models(session: Session, run_id: int, role: str, models: Iterable[tuple[str, int]]) -> None:
    """Models of a run, "input" or "output", each with the step."""
    rows = [{"run_id": run_id, "model_id": key, "role": role, "step": step} for key, step in models]
    upsert(session, RunModel, rows)


def inputs_of(session: Session, run_id: int) -> list[tuple[str, str, str]]:
    """Name, digest and context of the data sets of a run."""
    columns = (RunInput.name, RunInput.digest, RunInput.context)
    rows = session.execute(sa.select(*columns).where(RunInput.run_id == run_id).order_by(*columns))
    return [(name, digest, context) for name, digest, context in rows]


def data_sets_of(session: Session, experiment: int) -> list[tuple[str, str, str]]:
    """Name, digest and context of all data sets of an experiment's runs, each once."""
    columns = (RunInput.name, RunInput.digest, RunInput.context)
    query = sa.select(*columns).join(Run, Run.id == RunInput.run_id).where(Run.experiment_id == experiment)
    rows = session.execute(query.distinct().order_by(*columns))
    return [(name, digest, context) for name, digest, context in rows]
