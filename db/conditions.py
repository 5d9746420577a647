"""Filters of runs as conditions in SQL.

Each is true or false of every run, also of one that has no such value: so Not finds the others, all of them.
"""

import math
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

import db.params
import db.tags
import db.texts
from db.filters import AllOf, Among, AnyOf, Compare, Contains, Filter, Measure, Missing, Not, Operator
from db.models import Experiment, Metric, MetricSummary, Run, RunParam, RunTag

_MOST_NAMED = 300  # tags in a condition: a hundred terms with so many each are within what a statement takes

ADDED, SOURCE = "data.dataset", "data.source"  # params: what data that were added are called, and what kind it is
_COLUMNS = {
    "name": Run.name,
    "notes": Run.notes,
    "state": Run.state,
    "preset": Run.preset,
    "user": Run.created_by,
    "host": Run.host,
    "reason": Run.reason,
}
_IN_TEXTS = ("notes", "preset")  # looked for in what is narrow first
_NUMBERS: dict[str, Any] = {
    "id": Run.id,
    "parent": Run.parent_id,
    "created": Run.created_at,
    "started": Run.starting_at,
    "ended": Run.finished_at,
    "duration": sa.func.nullif(Run.trained_seconds, 0.0),
}


def condition(session: Session, node: Filter) -> sa.ColumnElement[bool]:
    match node:
        case AllOf(terms):
            return sa.and_(sa.true(), *(condition(session, term) for term in terms))
        case AnyOf(terms):
            return sa.or_(sa.false(), *(condition(session, term) for term in terms))
        case Not(term):
            return sa.not_(condition(session, term))
        case Contains(text):
            return sa.or_(among(db.texts.containing(text)), among(_tagged(session, "~", text)))
        case Measure(key, operator, value):
            column = _NUMBERS[key]
            # `IS NOT NULL AND`, so that what is unknown of a run is false, and not unknown once more.
            return sa.and_(column.is_not(None), _compare_number(column, operator, value))
        case Missing(key, where):
            return _missing(session, key, where)
        case Compare(key, "!=", value, where) if not _is_nan(value):
            return sa.not_(_comparison(session, key, "=", value, where))
        case Compare(key, operator, value, where):
            return _comparison(session, key, operator, value, where)


def among(run_ids: sa.Select[int]) -> sa.ColumnElement[bool]:
    """Whether a run is one of those. The sum keeps SQLite from looking up run by run what one pass finds."""
    return (Run.id + 0).in_(run_ids)


def split_metric(text: str) -> tuple[str, str]:
    """("val_accuracy", "best") from "val_accuracy.best"; the last value when nothing is said."""
    name, dot, kind = text.rpartition(".")
    return (name, kind) if dot and kind in ("last", "best", "min", "max") else (text, "last")


def _comparison(session: Session, key: str, operator: Operator, value: str, where: Among) -> sa.ColumnElement[bool]:
    if key == "name" and operator in ("=", "~") and value:
        return among(db.texts.named(session, operator, value))
    if key == "state" and operator == "=":
        return Run.state == value.lower()  # as the index has it
    if key in _COLUMNS:
        if key in _IN_TEXTS and operator in ("=", "~") and value:
            return sa.and_(among(db.texts.containing(value)), _compare_folded(session, _COLUMNS[key], operator, value))
        return _compare_text(_COLUMNS[key], operator, value)
    if key == "experiment":
        return Run.experiment_id.in_(sa.select(Experiment.id).where(_compare_text(Experiment.name, operator, value)))
    if key == "tag":
        return among(_tagged(session, operator, value))
    if key == "dataset":
        return _of_data_set(operator, value)
    return sa.or_(
        sa.false(),
        *([] if where == "metric" else [among(_param(session, key, operator, value))]),
        *([] if where == "param" or (number := _number(value)) is None else [among(_metric(key, operator, number))]),
    )


def _param(session: Session, key: str, operator: Operator, value: str) -> sa.Select[int]:
    # Keys are looked up first: a comparison with few of them uses the index, one with a pattern reads every row.
    params = sa.select(RunParam.run_id).where(RunParam.key.in_(db.params.keys_ending(session, key)))
    number = _number(value)
    if operator == "~" or number is None:
        return params.where(_compare_text(RunParam.text, operator, value))
    return params.where(_compare_number(RunParam.number, operator, number))


def _metric(key: str, operator: Operator, number: float) -> sa.Select[int]:
    name, kind = split_metric(key)
    column = getattr(MetricSummary, kind)
    of_runs = sa.select(MetricSummary.run_id).join(Metric, Metric.id == MetricSummary.metric_id)
    if operator == "~":
        return of_runs.where(sa.false())
    return of_runs.where(Metric.name == name, _compare_number(column, operator, number))


def _of_data_set(operator: Operator, value: str) -> sa.ColumnElement[bool]:
    named = sa.select(RunParam.run_id).where(RunParam.key == ADDED, RunParam.text > "")
    shipped = sa.select(RunParam.run_id).where(RunParam.key == SOURCE, RunParam.run_id.not_in(named))
    return sa.or_(*(among(each.where(_compare_text(RunParam.text, operator, value))) for each in (named, shipped)))


def with_data_set(statement: Any) -> tuple[Any, list[Any]]:
    """A statement about runs, with a column more: what the data set of each is called, NULL where it has none."""
    added, source = aliased(RunParam), aliased(RunParam)
    for param, key in ((added, ADDED), (source, SOURCE)):
        statement = statement.outerjoin(param, sa.and_(param.run_id == Run.id, param.key == key))
    return statement, [sa.func.coalesce(sa.func.nullif(added.text, ""), source.text)]


def _missing(session: Session, key: str, where: Among) -> sa.ColumnElement[bool]:
    if key in _NUMBERS:
        missing: sa.ColumnElement[bool] = _NUMBERS[key].is_(None)
        return missing
    if key in _COLUMNS:
        return _compare_text(_COLUMNS[key], "=", "")
    if key == "experiment":  # each run is in one
        return sa.false()
    if key == "tag":
        return sa.not_(among(sa.select(RunTag.run_id)))
    keys = (ADDED, SOURCE) if key == "dataset" else db.params.keys_within(session, key)
    name, kind = split_metric(key)
    params = sa.select(RunParam.run_id).where(RunParam.key.in_(keys), RunParam.text > "")
    metrics = sa.select(MetricSummary.run_id).join(Metric, Metric.id == MetricSummary.metric_id)
    metrics = metrics.where(Metric.name == name, getattr(MetricSummary, kind).is_not(None))
    present = [] if where == "metric" else [among(params)]
    present += [] if where == "param" or key == "dataset" else [among(metrics)]
    return sa.not_(sa.or_(*present))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_nan(text: str) -> bool:
    number = _number(text)
    return number is not None and math.isnan(number)


def _tagged(session: Session, operator: Operator, value: str) -> sa.Select[int]:
    """Runs that have such a tag; tags are few, and Python knows letter case in every script."""
    wanted, every = value.casefold(), db.tags.every(session)
    if operator == "~":
        matching = [tag for tag in every if wanted in tag.casefold()]
        if len(matching) > _MOST_NAMED:
            return sa.select(RunTag.run_id).where(RunTag.tag.icontains(value, autoescape=True))
        return sa.select(RunTag.run_id).where(RunTag.tag.in_(matching))
    return sa.select(RunTag.run_id).where(RunTag.tag.in_([tag for tag in every if wanted == tag.casefold()]))


def _compare_text(column: Any, operator: Operator, value: str) -> sa.ColumnElement[bool]:
    if operator == "~":
        contained: sa.ColumnElement[bool] = column.icontains(value, autoescape=True)
        return contained
    if not value and operator == "=":
        empty: sa.ColumnElement[bool] = column == ""
        return empty
    # The same function on both sides, since databases differ in the letters they fold.
    return _operation(sa.func.lower(column), operator, sa.func.lower(value))


def _compare_folded(session: Session, column: Any, operator: Operator, value: str) -> sa.ColumnElement[bool]:
    """For the few rows that are left: in every script, where `lower` of SQLite knows the letters of ASCII only."""
    if session.get_bind().dialect.name != "sqlite":
        return _compare_text(column, operator, value)
    folded = sa.func.casefold(column)  # Python's, see db.sqlite
    if operator == "~":
        contained: sa.ColumnElement[bool] = folded.contains(value.casefold(), autoescape=True)
        return contained
    return _operation(folded, operator, value.casefold())


def _compare_number(column: Any, operator: Operator, number: float) -> sa.ColumnElement[bool]:
    if math.isnan(number):  # stored as NULL, and in order with nothing
        missing: sa.ColumnElement[bool] = column.is_(None) if operator == "=" else column.is_not(None)
        return missing if operator in ("=", "!=") else sa.false()
    return _operation(column, operator, number)


def _operation(column: Any, operator: Operator, value: Any) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = column.op("<>" if operator == "!=" else operator, is_comparison=True)(value)
    return condition
