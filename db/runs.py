"""Runs and experiments: create, find, change state, annotate, throw away."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Artifact, Experiment, MetricPoint, MetricSummary, Run, RunParam, RunTag
from db.records import ACTIVE_STATES, ArtifactRecord, RunRecord, RunState


def experiment_id(session: Session, name: str) -> int:
    """The experiment's key; it is created when there is none of that name."""
    found = session.scalar(sa.select(Experiment.id).where(Experiment.name == name))
    if found is not None:
        return found
    experiment = Experiment(name=name, created_at=time.time())
    session.add(experiment)
    session.flush()
    return experiment.id


def experiments(session: Session) -> dict[str, int]:
    """Number of runs outside the trash by experiment, the experiment with the newest run first."""
    rows = session.execute(
        sa.select(Experiment.name, sa.func.count(Run.id))
        .join(Run, sa.and_(Run.experiment_id == Experiment.id, Run.trashed_at.is_(None)))
        .group_by(Experiment.id)
        .order_by(sa.func.max(Run.created_at).desc())
    )
    return {name: int(count) for name, count in rows.all()}


def insert(session: Session, values: Mapping[str, Any], params: Mapping[str, Any], tags: Iterable[str] = ()) -> int:
    """Add a run and the flattened params of its config; returns its key. `values` are columns of `runs`."""
    run = Run(**values)
    session.add(run)
    session.flush()
    if params:
        session.execute(sa.insert(RunParam), [_param_row(run.id, key, value) for key, value in params.items()])
    add_tags(session, [run.id], tags)
    return run.id


def _param_row(run_id: int, key: str, value: Any) -> dict[str, Any]:
    number = float(value) if isinstance(value, bool | int | float) else None
    return {"run_id": run_id, "key": key, "text": _param_text(value), "number": number}


def _param_text(value: Any) -> str:
    """As a person would type it: true, 0.001, [64, 64], adam."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def record(run: Run, experiment: str, tags: Iterable[str]) -> RunRecord:
    values = {column.key: getattr(run, column.key) for column in Run.__table__.columns if column.key != "experiment_id"}
    values |= {"state": RunState(run.state), "slots": tuple(run.slots)}
    return RunRecord(experiment=experiment, tags=tuple(tags), **values)


def get_many(session: Session, run_ids: Iterable[int]) -> list[RunRecord]:
    """The runs that exist, in the order asked for."""
    wanted = list(dict.fromkeys(run_ids))
    rows = session.execute(
        sa.select(Run, Experiment.name).join(Experiment, Run.experiment_id == Experiment.id).where(Run.id.in_(wanted))
    ).all()
    tags = tags_of(session, wanted)
    found = {run.id: record(run, experiment, tags.get(run.id, ())) for run, experiment in rows}
    return [found[run_id] for run_id in wanted if run_id in found]


def get(session: Session, run_id: int) -> RunRecord | None:
    return next(iter(get_many(session, [run_id])), None)


def find_ids(session: Session, reference: str) -> list[int]:
    """Runs by number, by the start of their uid (6 or more characters), or by exact name; newest first."""
    conditions: list[sa.ColumnElement[bool]] = [Run.name == reference]
    if reference.isdecimal() and len(reference) < 16:
        by_number = session.scalar(sa.select(Run.id).where(Run.id == int(reference)))
        if by_number is not None:
            return [by_number]
    if len(reference) >= 6 and reference.isalnum():
        conditions.append(Run.uid.startswith(reference.lower(), autoescape=True))
    return list(session.scalars(sa.select(Run.id).where(sa.or_(*conditions)).order_by(Run.id.desc())))


def in_states(session: Session, states: Iterable[RunState] = ACTIVE_STATES, host: str | None = None) -> list[RunRecord]:
    """Runs outside the trash in these states, first queued first."""
    query = sa.select(Run.id).where(Run.state.in_([s.value for s in states]), Run.trashed_at.is_(None))
    if host is not None:
        query = query.where(Run.host == host)
    return get_many(session, session.scalars(query.order_by(Run.queued_at, Run.id)))


def update(session: Session, run_id: int, **values: Any) -> None:
    session.execute(sa.update(Run).where(Run.id == run_id).values(**values))


def transition(session: Session, run_id: int, expected: Iterable[RunState], state: RunState, **values: Any) -> bool:
    """Change the state if it still is one of `expected`; says whether it did."""
    result = session.execute(
        sa.update(Run)
        .where(Run.id == run_id, Run.state.in_([s.value for s in expected]))
        .values(state=state.value, **values)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def update_untaken(session: Session, run_id: int, attempt: int, **values: Any) -> bool:
    """Change a run that was given away in this attempt and that no process has taken yet; says whether it did.

    A trainer takes its run with this, and a supervisor sends it back to the queue: only one of them succeeds.
    """
    untaken = (Run.id == run_id, Run.state == RunState.STARTING.value, Run.attempt == attempt, Run.pid.is_(None))
    result = session.execute(sa.update(Run).where(*untaken).values(**values))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def pulse(session: Session, run_id: int, heartbeat_at: float, step: int) -> tuple[RunState, str]:
    """A living trainer's sign; returns the state and the stop request, "" when there is none."""
    update(session, run_id, heartbeat_at=heartbeat_at, step=step)
    row = session.execute(sa.select(Run.state, Run.stop_requested).where(Run.id == run_id)).one()
    return RunState(row.state), row.stop_requested


def params_of(session: Session, run_ids: Iterable[int], keys: Iterable[str] | None = None) -> dict[int, dict[str, str]]:
    """Flattened params as text, by run."""
    query = sa.select(RunParam.run_id, RunParam.key, RunParam.text).where(RunParam.run_id.in_(list(run_ids)))
    if keys is not None:
        query = query.where(RunParam.key.in_(list(keys)))
    found: dict[int, dict[str, str]] = {}
    for run_id, key, text in session.execute(query):
        found.setdefault(run_id, {})[key] = text
    return found


def param_keys(session: Session) -> list[str]:
    """Every param that some run has, sorted."""
    # A loose index scan: one seek per distinct key, where SELECT DISTINCT would read a row per run and param.
    first = sa.select(sa.func.min(RunParam.key).label("key")).cte("keys", recursive=True)
    following = sa.select(sa.func.min(RunParam.key)).where(RunParam.key > first.c.key).scalar_subquery()
    keys = first.union_all(sa.select(following).where(first.c.key.is_not(None)))
    return [key for key in session.scalars(sa.select(keys.c.key)) if key is not None]


def tags_of(session: Session, run_ids: Iterable[int]) -> dict[int, list[str]]:
    rows = session.execute(
        sa.select(RunTag.run_id, RunTag.tag).where(RunTag.run_id.in_(list(run_ids))).order_by(RunTag.tag)
    )
    found: dict[int, list[str]] = {}
    for run_id, tag in rows:
        found.setdefault(run_id, []).append(tag)
    return found


def all_tags(session: Session) -> list[str]:
    return list(session.scalars(sa.select(RunTag.tag).distinct().order_by(RunTag.tag)))


def add_tags(session: Session, run_ids: Iterable[int], tags: Iterable[str]) -> None:
    wanted = list(dict.fromkeys(tags))
    for run_id in run_ids:
        present = set(session.scalars(sa.select(RunTag.tag).where(RunTag.run_id == run_id)))
        session.add_all(RunTag(run_id=run_id, tag=tag) for tag in wanted if tag not in present)
    session.flush()


def replace_tags(session: Session, run_id: int, tags: Iterable[str]) -> None:
    session.execute(sa.delete(RunTag).where(RunTag.run_id == run_id))
    add_tags(session, [run_id], tags)


def put_artifact(session: Session, artifact: ArtifactRecord) -> None:
    """Add the file, or replace what is known of the one of the same name."""
    session.merge(Artifact(**vars(artifact)))


def artifacts_of(session: Session, run_id: int) -> list[ArtifactRecord]:
    rows = session.scalars(sa.select(Artifact).where(Artifact.run_id == run_id).order_by(Artifact.name))
    columns = Artifact.__table__.columns.keys()
    return [ArtifactRecord(**{name: getattr(row, name) for name in columns}) for row in rows]


def delete(session: Session, run_ids: Iterable[int]) -> None:
    """Remove runs with everything recorded of them. Their files are the caller's."""
    doomed = list(run_ids)
    for table in (MetricPoint, MetricSummary, RunParam, RunTag, Artifact):
        session.execute(sa.delete(table).where(table.run_id.in_(doomed)))
    session.execute(sa.update(Run).where(Run.parent_id.in_(doomed)).values(parent_id=None))
    session.execute(sa.delete(Run).where(Run.id.in_(doomed)))
    used = sa.select(Run.experiment_id).distinct()
    session.execute(sa.delete(Experiment).where(Experiment.id.not_in(used)))
