"""The list of runs: filtered, sorted and cut into pages by the database, quick with tens of thousands of runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db import folds, runs
from db.conditions import among, condition, split_metric, with_data_set
from db.filters import Filter
from db.models import BY_METRIC, Experiment, Metric, MetricSummary, Run, RunParam, RunTag
from db.records import RunPage, RunState

DURATION, DATA_SET = "duration", "dataset"
_SORTABLE = ("id", "name", "state", "preset", "created_by", "created_at", "starting_at", "finished_at", "experiment")


@dataclass(frozen=True)
class RunQuery:
    """What to list.

    `sort` is a column ("created_at", "name", "duration", …), "param:<key>", or "metric:<name>.<last|best|min|max>".
    """

    filter: Filter | None = None
    states: tuple[RunState, ...] = ()
    experiments: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()  # runs that have any of them
    trashed: bool = False
    sort: str = "created_at"
    descending: bool = True
    offset: int = 0
    limit: int = 50
    folded: bool = False  # whether a cross-validation is one, which stands where its first run does
    after: tuple[Any, ...] = ()  # the last run of the page before, as RunPage.end has it; () for the first page


def page(session: Session, query: RunQuery) -> RunPage:
    """One page of the runs that match. Runs without the value that is sorted by come last, either way.

    Raises ValueError: runs cannot be sorted so, or `after` is of another sort.
    """
    every = _matching(session, query)
    listed = every.where(folds.first_of_each(every)) if query.folded else every
    statement, columns = _sorted(session, listed, query.sort, every if query.folded else None)
    # Both the page and the count read this one result, so that the filter is worked out once.
    matching = statement.add_columns(*(column.label(f"key_{n}") for n, column in enumerate(columns))).cte("matching")
    total = sa.select(sa.func.count()).select_from(matching).scalar_subquery()
    keys = [column for column in matching.c if column.name != "id"]
    order = [(key.desc() if query.descending else key.asc()).nulls_last() for key in (*keys, matching.c.id)]
    selected = sa.select(*keys, matching.c.id, total.label("total")).order_by(*order)
    if query.after:
        selected = selected.where(_behind((*keys, matching.c.id), query.after, descending=query.descending))
    rows = session.execute(selected.offset(query.offset).limit(query.limit)).all()
    if not rows:
        skipped = query.offset or query.after
        return RunPage((), (session.scalar(sa.select(total)) or 0) if skipped else 0)
    found = tuple(runs.get_many(session, [row.id for row in rows]))
    count, every_one = rows[0].total, 0
    if query.folded:
        every_one = session.scalar(sa.select(sa.func.count()).select_from(every.subquery())) or 0
    return RunPage(found, count, tuple(rows[-1])[:-1], every_one)


def _behind(columns: Sequence[Any], values: Sequence[Any], *, descending: bool) -> sa.ColumnElement[bool]:
    """Of what is sorted by columns, what comes behind these values. Raises ValueError: they do not fit."""
    if len(columns) != len(values) or not all(map(_fits, columns, values)):
        raise ValueError("The cursor is of another order of runs.")
    condition: sa.ColumnElement[bool] = sa.false()
    for column, value in zip(reversed(columns), reversed(values), strict=True):
        if value is None:  # the last ones
            condition = sa.and_(column.is_(None), condition)
            continue
        past = column < value if descending else column > value
        condition = sa.or_(past, column.is_(None), sa.and_(column == value, condition))
    return condition


def _fits(column: Any, value: object) -> bool:
    if value is None:
        return bool(column.name != "id")
    if issubclass(column.type.python_type, str):
        return isinstance(value, str) and "\0" not in value
    return isinstance(value, float) or (type(value) is int and -(2**63) <= value < 2**63)


def together(session: Session, query: RunQuery, run_ids: Sequence[int]) -> Mapping[int, list[int]]:
    """Of those of these runs that are folds, all of their cross-validation that match, whatever the page."""
    return folds.together(session, run_ids, _matching(session, query))


def ids(session: Session, query: RunQuery) -> list[int]:
    """Every run that matches, in no particular order."""
    return list(session.scalars(_matching(session, query)))


def _matching(session: Session, query: RunQuery) -> sa.Select[int]:
    statement = sa.select(Run.id).where(Run.trashed_at.is_not(None) if query.trashed else Run.trashed_at.is_(None))
    if query.states:
        statement = statement.where(Run.state.in_([state.value for state in query.states]))
    if query.experiments:
        wanted = sa.select(Experiment.id).where(Experiment.name.in_(query.experiments))
        statement = statement.where(Run.experiment_id.in_(wanted))
    if query.tags:
        statement = statement.where(among(sa.select(RunTag.run_id).where(RunTag.tag.in_(query.tags))))
    if query.filter is not None:
        statement = statement.where(condition(session, query.filter))
    return statement


def _sorted(
    session: Session, statement: sa.Select[int], sort: str, folded: sa.Select[int] | None
) -> tuple[sa.Select[int], list[Any]]:
    """The statement with what it needs joined, and the columns to sort by; of `folded` ones the means of the folds."""
    if sort.startswith("param:"):
        join = sa.and_(RunParam.run_id == Run.id, RunParam.key == sort.removeprefix("param:"))
        statement = statement.outerjoin(RunParam, join)
        return statement, [RunParam.number, RunParam.text]  # numbers by size, before anything else by its letters
    if sort.startswith("metric:"):
        name, kind = split_metric(sort.removeprefix("metric:"))
        metric_id = session.scalar(sa.select(Metric.id).where(Metric.name == name))
        join = sa.and_(MetricSummary.run_id == Run.id, MetricSummary.metric_id == metric_id)
        # Left to itself, SQLite takes the primary key, and reads wide rows.
        statement = statement.outerjoin(MetricSummary, join).with_hint(
            MetricSummary, f"INDEXED BY {BY_METRIC}", "sqlite"
        )
        if folded is None:
            return statement, [getattr(MetricSummary, kind)]
        means = folds.means(folded, metric_id, kind)
        own = sa.func.coalesce(means.c.mean, getattr(MetricSummary, kind))
        return statement.outerjoin(means, means.c.first == Run.id), [own]
    if sort == DURATION:
        return statement, [sa.func.nullif(Run.trained_seconds, 0.0, type_=sa.Float)]
    if sort == DATA_SET:
        return with_data_set(statement)
    if sort not in _SORTABLE:
        accepted = ", ".join((*_SORTABLE, DURATION, DATA_SET, "param:<key>", "metric:<name>"))
        raise ValueError(f"Cannot sort runs by {sort[:200]!r}. Accepted are {accepted}.")
    if sort == "experiment":
        return statement.join(Experiment, Run.experiment_id == Experiment.id), [Experiment.name]
    return statement, [getattr(Run, sort)]
