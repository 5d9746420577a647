"""What a list of runs can be filtered by, as values, and as conditions in SQL."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

import db.params
import db.tags
import db.texts
from db.models import Experiment, Metric, MetricSummary, Run, RunParam, RunTag

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "~"]  # "~": contains


@dataclass(frozen=True)
class Contains:
    """Text found anywhere in name, notes, preset, tags or the value of a param, letter case ignored."""

    text: str


@dataclass(frozen=True)
class Compare:
    """A value of the run against another: `training.epochs > 3`, `val_accuracy.best > 0.9`, `experiment = paper`.

    `key` is a param, by its path or the end of it; a metric's last, best, min or max value; or one of COLUMNS.
    """

    key: str
    operator: Operator
    value: str


@dataclass(frozen=True)
class AllOf:
    terms: tuple["Filter", ...]


@dataclass(frozen=True)
class AnyOf:
    terms: tuple["Filter", ...]


@dataclass(frozen=True)
class Not:
    term: "Filter"


_MOST_NAMED = 300  # tags in a condition: a hundred terms with so many each are within what a statement takes

Filter = Contains | Compare | AllOf | AnyOf | Not

_COLUMNS = {"state": Run.state, "preset": Run.preset, "user": Run.created_by}
COLUMNS = (*_COLUMNS, "experiment", "tag")  # what Compare knows beside params and metrics


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
        case Compare(key, operator, value):
            return _comparison(session, key, operator, value)


def among(run_ids: sa.Select[int]) -> sa.ColumnElement[bool]:
    """Whether a run is one of those. The sum keeps SQLite from looking up run by run what one pass finds."""
    return (Run.id + 0).in_(run_ids)


def split_metric(text: str) -> tuple[str, str]:
    """("val_accuracy", "best") from "val_accuracy.best"; the last value when nothing is said."""
    name, dot, kind = text.rpartition(".")
    return (name, kind) if dot and kind in ("last", "best", "min", "max") else (text, "last")


def _comparison(session: Session, key: str, operator: Operator, value: str) -> sa.ColumnElement[bool]:
    if key in _COLUMNS:
        return _compare_text(_COLUMNS[key], operator, value)
    if key == "experiment":
        wanted = sa.select(Experiment.id).where(_compare_text(Experiment.name, operator, value))
        return Run.experiment_id.in_(wanted)
    if key == "tag":
        return among(_tagged(session, operator, value))
    # Keys are looked up first: a comparison with few of them uses the index, one with a pattern reads every row.
    params = sa.select(RunParam.run_id).where(RunParam.key.in_(db.params.keys_ending(session, key)))
    number = _number(value)
    if operator == "~" or number is None:
        return among(params.where(_compare_text(RunParam.text, operator, value)))
    name, kind = split_metric(key)
    metrics = (
        sa.select(MetricSummary.run_id)
        .join(Metric, Metric.id == MetricSummary.metric_id)
        .where(Metric.name == name, _compare_number(getattr(MetricSummary, kind), operator, number))
    )
    return sa.or_(among(params.where(_compare_number(RunParam.number, operator, number))), among(metrics))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _tagged(session: Session, operator: Operator, value: str) -> sa.Select[int]:
    """Runs that have such a tag; tags are few, and Python knows letter case in every script."""
    wanted, every = value.casefold(), db.tags.every(session)
    if operator == "~":
        matching = [tag for tag in every if wanted in tag.casefold()]
        if len(matching) > _MOST_NAMED:
            return sa.select(RunTag.run_id).where(RunTag.tag.icontains(value, autoescape=True))
        return sa.select(RunTag.run_id).where(RunTag.tag.in_(matching))
    equal = RunTag.tag.in_([tag for tag in every if wanted == tag.casefold()])
    return sa.select(RunTag.run_id).where(sa.not_(equal) if operator == "!=" else equal)


def _compare_text(column: Any, operator: Operator, value: str) -> sa.ColumnElement[bool]:
    if operator == "~":
        contained: sa.ColumnElement[bool] = column.icontains(value, autoescape=True)
        return contained
    # The same function on both sides, since databases differ in the letters they fold.
    return _operation(sa.func.lower(column), operator, sa.func.lower(value))


def _compare_number(column: Any, operator: Operator, number: float) -> sa.ColumnElement[bool]:
    if math.isnan(number):  # stored as NULL, and in order with nothing
        missing: sa.ColumnElement[bool] = column.is_(None) if operator == "=" else column.is_not(None)
        return missing if operator in ("=", "!=") else sa.false()
    return _operation(column, operator, number)


def _operation(column: Any, operator: Operator, value: Any) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = column.op("<>" if operator == "!=" else operator, is_comparison=True)(value)
    return condition
