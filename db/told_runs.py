"""Runs as clients of MLflow are told of them: plain rows, as quick as a thousand runs at once need."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.batches import batches
from db.models import Experiment, KeyedTag, Metric, MetricPoint, MetricSummary, Run, RunInput, RunModel, RunParam

Latest = tuple[str, float | None, float, int]  # a metric's name, last value (None: NaN), UTC seconds, step


@dataclass
class ToldRun:
    """A run with all that was logged."""

    id: int
    uid: str
    name: str
    kind: str
    experiment_id: int
    experiment: str
    artifact_location: str
    state: str
    created_by: str
    notes: str
    created_at: float
    finished_at: float | None
    trashed_at: float | None
    metrics: list[Latest] = field(default_factory=list)
    params: str = "[]"  # JSON, a list of objects with key and value: no one looks into it, so it is made none
    tags: dict[str, str] = field(default_factory=dict)
    inputs: list[tuple[str, str, str, dict[str, Any]]] = field(default_factory=list)  # name, digest, context, told
    models: list[tuple[str, str, int]] = field(default_factory=list)  # id, role, step


_COLUMNS = (
    *(Run.id, Run.uid, Run.name, Run.kind, Run.experiment_id, Experiment.name, Experiment.artifact_location, Run.state),
    *(Run.created_by, Run.notes, Run.created_at, Run.finished_at, Run.trashed_at),
)
_LINKED = (sa.exists().where(table.run_id == Run.id) for table in (RunInput, RunModel))  # most have neither
_WANTED: sa.BindParameter[Any] = sa.bindparam("runs", expanding=True)
# Made once: each call would take longer than its execution.
_RUNS = sa.select(*_COLUMNS, *_LINKED).join(Experiment, Experiment.id == Run.experiment_id).where(Run.id.in_(_WANTED))
_LATEST = (
    sa.select(MetricSummary.run_id, MetricSummary.metric_id)
    .add_columns(MetricSummary.last, MetricSummary.last_at, MetricSummary.last_step)
    .where(MetricSummary.run_id.in_(_WANTED))
    .order_by(MetricSummary.run_id, MetricSummary.metric_id)  # as they are stored; by name they would be sorted anew
)
_NAMES = sa.select(Metric.id, Metric.name).where(Metric.id.in_(_WANTED))  # a few, of many values: no join


def _of(key: Any, *columns: Any) -> Any:
    return sa.select(key, *columns).where(key.in_(_WANTED)).order_by(key, columns[0])


_PAIR: tuple[Any, ...] = (sa.literal_column("'key'"), RunParam.key, sa.literal_column("'value'"), RunParam.text)
_WRITTEN = {  # by dialect; to make an object of each and to write those takes three times as long
    "sqlite": sa.func.json_group_array(sa.func.json_object(*_PAIR)),
    "postgresql": sa.cast(sa.func.json_agg(sa.func.json_build_object(*_PAIR)), sa.Text),
}
_PARAMS = {
    dialect: sa.select(RunParam.run_id, written).where(RunParam.run_id.in_(_WANTED)).group_by(RunParam.run_id)
    for dialect, written in _WRITTEN.items()
}
_TAGS = _of(KeyedTag.run_id, KeyedTag.key, KeyedTag.value)
_INPUTS = _of(RunInput.run_id, RunInput.name, RunInput.digest, RunInput.context, RunInput.told)
_MODELS = _of(RunModel.run_id, RunModel.model_id, RunModel.role, RunModel.step)


def told(session: Session, run_ids: Iterable[int]) -> list[ToldRun]:
    """Those of the runs that exist, in the order asked for."""
    found: dict[int, ToldRun] = {}
    wanted, connection = list(run_ids), session.connection()
    written_params = _PARAMS[connection.dialect.name]
    for batch in batches(wanted):
        rows = _tuples(connection, _RUNS, batch)
        found |= {row[0]: ToldRun(*row[:-2]) for row in rows}
        latest = _tuples(connection, _LATEST, batch)
        names = dict(_tuples(connection, _NAMES, {row[1] for row in latest})) if latest else {}
        for run_id, metric, value, at, step in latest:
            found[run_id].metrics.append((names[metric], value, at, step))
        for run_id, written in _tuples(connection, written_params, batch):
            found[run_id].params = written
        for run_id, key, value in _tuples(connection, _TAGS, batch):
            found[run_id].tags[key] = value
        if any(row[-2] for row in rows):
            for run_id, *described in connection.execute(_INPUTS, {"runs": batch}):
                found[run_id].inputs.append(tuple(described))
        if any(row[-1] for row in rows):
            for run_id, *model in _tuples(connection, _MODELS, batch):
                found[run_id].models.append((model[0], model[1], model[2]))
    return [found[run_id] for run_id in wanted if run_id in found]


def _tuples(connection: sa.Connection, query: Any, keys: Iterable[int]) -> Sequence[Any]:
    """The driver's own: much faster than through result rows."""
    # The numbers as they are: to bind each costs more than reading its rows.
    result = connection.exec_driver_sql(_compiled(query, connection.dialect).format(", ".join(map(str, keys))))
    assert result.cursor is not None
    return result.cursor.fetchall()


@functools.cache
def _compiled(query: Any, dialect: sa.Dialect) -> str:
    return str(query.compile(dialect=dialect)).replace("__[POSTCOMPILE_runs]", "{}")


class Head(NamedTuple):
    """What a call needs to know of a run before it does anything."""

    id: int
    kind: str
    state: str
    experiment_id: int
    trashed_at: float | None


_HEAD = sa.select(Run.id, Run.kind, Run.state, Run.experiment_id, Run.trashed_at).where(Run.uid == sa.bindparam("uid"))


def head(session: Session, uid: str) -> Head | None:
    row = session.connection().execute(_HEAD, {"uid": uid}).first()
    return Head(*row) if row is not None else None


_HIGHEST = (  # a seek for each
    sa.select(sa.func.max(MetricPoint.step))
    .where(MetricPoint.run_id == MetricSummary.run_id, MetricPoint.metric_id == MetricSummary.metric_id)
    .scalar_subquery()
)
_ENDS = (
    sa.select(Metric.name, _HIGHEST)
    .select_from(MetricSummary)
    .join(Metric, Metric.id == MetricSummary.metric_id)
    .where(MetricSummary.run_id == sa.bindparam("run"))
)


def last_steps(session: Session, run_id: int) -> dict[str, int]:
    """Of every metric of a run, its highest step, which is not that of the last point where steps fell."""
    result = session.connection().execute(_ENDS, {"run": run_id})
    assert result.cursor is not None
    return dict(result.cursor.fetchall())  # the driver's own tuples: much faster than through result rows
