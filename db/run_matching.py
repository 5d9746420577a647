"""Runs that match what clients of MLflow ask for, found and put in order by the database."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from db.models import BY_METRIC, Experiment, KeyedTag, Metric, MetricSummary, Run, RunInput, RunParam
from db.run_filters import Either, Every, Node, Order, Term

STATUSES = {  # theirs by our states
    "queued": "SCHEDULED",
    "starting": "SCHEDULED",
    "running": "RUNNING",
    "stopping": "RUNNING",
    "finished": "FINISHED",
    "stopped": "KILLED",
    "failed": "FAILED",
    "lost": "FAILED",
    "pruned": "KILLED",
}
_STATUS = sa.case(STATUSES, value=Run.state)
_LOCATION = (  # see core.mlflow.shapes
    sa.select(
        sa.case(
            (Experiment.artifact_location == "", "mlflow-artifacts:/" + sa.cast(Experiment.id, sa.Text)),
            else_=Experiment.artifact_location,
        )
    )
    .where(Experiment.id == Run.experiment_id)
    .scalar_subquery()
)
_ATTRIBUTES: dict[str, Any] = {
    "run_id": Run.uid,
    "run_name": Run.name,
    "user_id": Run.created_by,
    "status": _STATUS,
    "artifact_uri": _LOCATION + "/" + Run.uid + "/artifacts",
    "start_time": sa.func.round(Run.created_at * 1000),
    "end_time": sa.func.round(Run.finished_at * 1000),
}
_TAGS: dict[str, Any] = {"mlflow.runName": Run.name, "mlflow.user": Run.created_by}  # told of every run


def matching(
    session: Session,
    experiments: Iterable[int],
    node: Node | None,
    order: Sequence[Order],
    *,
    trashed: bool | None,
    offset: int,
    limit: int,
) -> list[int]:
    """Numbers of runs in these experiments, the newest first where no order is asked for.

    Args:
        trashed: whether they are in the trash; either when None.
    """
    connection, query = session.connection(), _NEWEST[trashed]
    among = {"experiments": list(experiments), "offset": offset, "limit": limit}
    if node is not None and not order and offset + limit <= _FEW and _is_elsewhere(node):
        recent = query.where(Run.created_at >= _SINCE[trashed], _condition(session, node, one_by_one=True))
        found = _numbers(connection, recent, {**among, "passed": _PASSED * (offset + limit)})
        if len(found) == limit:
            return found
    if node is not None:
        query = query.where(_condition(session, node))
    if order:
        query = _in_order(session, query, order)
    return _numbers(connection, query, among)


def _numbers(connection: sa.Connection, query: sa.Select[int], values: dict[str, Any]) -> list[int]:
    result = connection.execute(query, values)
    assert result.cursor is not None
    return [run_id for (run_id,) in result.cursor.fetchall()]  # the driver's own: faster than through result rows


# Most searches are for a few of the many runs that match: runs are looked at one by one from the newest on until there
# are enough. Where there were not among so many times as many, all that match are gathered first.
_FEW, _PASSED = 1000, 20
_AMONG = (
    sa.select(Run.id)
    .where(Run.experiment_id.in_(sa.bindparam("experiments", expanding=True)))
    .order_by(Run.created_at.desc(), Run.uid)
    .offset(sa.bindparam("offset", type_=sa.Integer))
    .limit(sa.bindparam("limit", type_=sa.Integer))
)


def _views(table: Any) -> dict[bool | None, tuple[sa.ColumnElement[bool], ...]]:
    return {None: (), False: (table.trashed_at.is_(None),), True: (table.trashed_at.is_not(None),)}


# Made once: each call would take longer than its execution.
_NEWEST = {trashed: _AMONG.where(*conditions) for trashed, conditions in _views(Run).items()}
_OTHER = aliased(Run)
_SINCE = {
    trashed: sa.select(_OTHER.created_at)
    .where(_OTHER.experiment_id.in_(sa.bindparam("experiments", expanding=True)))
    .where(*conditions)
    .order_by(_OTHER.created_at.desc())
    .offset(sa.bindparam("passed", type_=sa.Integer))
    .limit(1)
    .scalar_subquery()
    for trashed, conditions in _views(_OTHER).items()
}


def _is_elsewhere(node: Node) -> bool:
    """Whether it asks for anything that is not in the table of runs."""
    if isinstance(node, Term):
        return node.entity != "attribute" and not (node.entity == "tag" and node.key in _TAGS)
    return any(map(_is_elsewhere, node.terms))


def _in_order(session: Session, query: sa.Select[int], order: Sequence[Order]) -> sa.Select[int]:
    keys: list[Any] = []
    for each in order:
        query, some = _sorted(session, query, each)
        keys += some
    if not any(each.entity == "attribute" and each.key == "start_time" for each in order):
        keys.append(Run.created_at.desc())
    return query.order_by(None).order_by(*keys, Run.uid)


def _condition(session: Session, node: Node, one_by_one: bool = False) -> sa.ColumnElement[bool]:
    match node:
        case Every(terms):
            return sa.and_(sa.true(), *(_condition(session, term, one_by_one) for term in terms))
        case Either(terms):
            return sa.or_(sa.false(), *(_condition(session, term, one_by_one) for term in terms))
        case Term("attribute", key, operator, value):
            return _compare(session, _ATTRIBUTES[key], operator, value)
        case Term("tag", key, operator, value) if key in _TAGS:
            return _compare(session, _TAGS[key], operator, value)
        case Term(_, _, "IS NULL"):
            return sa.not_(_among(_holders(session, node), one_by_one))
        case _:
            return _among(_holders(session, node), one_by_one)


def _among(holders: sa.Select[int], one_by_one: bool) -> sa.ColumnElement[bool]:
    if one_by_one:
        return holders.where(holders.selected_columns[0] == Run.id).exists()
    return (Run.id + 0).in_(holders)  # the sum keeps SQLite from looking up run by run what one pass finds


def _holders(session: Session, term: Term) -> sa.Select[int]:
    """Runs that have what a term asks for, whose value compares as it says."""
    if term.entity == "metric":
        metric = sa.select(Metric.id).where(Metric.name == term.key).scalar_subquery()
        found = sa.select(MetricSummary.run_id).where(MetricSummary.metric_id == metric)
        value: Any = MetricSummary.last
    elif term.entity == "parameter":
        found, value = sa.select(RunParam.run_id).where(RunParam.key == term.key), RunParam.text
    elif term.entity == "dataset":
        found, value = sa.select(RunInput.run_id), getattr(RunInput, term.key)
    else:
        found, value = sa.select(KeyedTag.run_id).where(KeyedTag.key == term.key), KeyedTag.value
    if term.operator in ("IS NULL", "IS NOT NULL"):
        return found
    return found.where(_compare(session, value, term.operator, term.value))


def _compare(session: Session, column: Any, operator: str, value: Any) -> sa.ColumnElement[bool]:
    found: sa.ColumnElement[bool]
    match operator:
        case "IS NULL":
            found = column.is_(None)
        case "IS NOT NULL":
            found = column.is_not(None)
        case "IN":
            found = column.in_(value)
        case "NOT IN":
            found = column.not_in(value)
        case "ILIKE":
            found = column.ilike(value)
        case "LIKE" if session.get_bind().dialect.name == "sqlite":  # whose LIKE ignores letter case
            found = column.op("GLOB", is_comparison=True)(_as_glob(value))
        case "LIKE":
            found = column.like(value)
        case _:
            found = column.op("<>" if operator == "!=" else operator, is_comparison=True)(value)
    return found


def _as_glob(pattern: str) -> str:
    places = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}
    return "".join(places.get(character, character) for character in pattern)


def _sorted(session: Session, query: Any, order: Order) -> tuple[Any, list[Any]]:
    """The query with what an order needs, and the keys; runs without a value come last, before them those with NaN."""
    keys: list[Any] = []
    if order.entity == "metric":
        metric = session.scalar(sa.select(Metric.id).where(Metric.name == order.key))
        joined = aliased(MetricSummary)
        on = sa.and_(joined.run_id == Run.id, joined.metric_id == metric)
        query = query.outerjoin(joined, on).with_hint(joined, f"INDEXED BY {BY_METRIC}", "sqlite")
        keys.append(sa.case((joined.run_id.is_(None), 2), (joined.last.is_(None), 1), else_=0))
        value: Any = joined.last
    elif order.entity == "attribute":
        value = Run.created_at if order.key == "start_time" else _ATTRIBUTES[order.key]
    elif order.entity == "tag" and order.key in _TAGS:
        value = _TAGS[order.key]
    elif order.entity == "dataset":
        described = aliased(RunInput)
        value = (
            sa.select(sa.func.min(getattr(described, order.key))).where(described.run_id == Run.id).scalar_subquery()
        )
    else:
        table: Any = aliased(RunParam if order.entity == "parameter" else KeyedTag)
        query = query.outerjoin(table, sa.and_(table.run_id == Run.id, table.key == order.key))
        value = table.text if order.entity == "parameter" else table.value
    return query, [*keys, (value.desc() if order.descending else value.asc()).nulls_last()]
