"""The leaves of configs, flattened, as rows that can be searched and sorted by."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.batches import batches
from db.models import RunParam


def insert(session: Session, run_id: int, params: Mapping[str, Any]) -> None:
    rows = [
        {"run_id": run_id, "key": key, "text": as_text(value), "number": _number(value)}
        for key, value in params.items()
    ]
    if rows:
        session.connection().execute(sa.insert(RunParam), rows)


def _number(value: Any) -> float | None:
    if not isinstance(value, bool | int | float):
        return None
    try:
        return float(value)
    except OverflowError:  # an integer of hundreds of digits; it is still found by its text
        return None


def as_text(value: Any) -> str:
    """As a person would type it: true, 0.001, [64, 64], adam; "" for None."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def of_runs(session: Session, run_ids: Iterable[int], only: Iterable[str] | None = None) -> dict[int, dict[str, str]]:
    """Params as text by run, all or those with these keys."""
    some = sa.true() if only is None else RunParam.key.in_(list(only))
    found: dict[int, dict[str, str]] = {}
    for batch in batches(run_ids):
        query = sa.select(RunParam.run_id, RunParam.key, RunParam.text).where(RunParam.run_id.in_(batch), some)
        for run_id, key, text in session.execute(query):
            found.setdefault(run_id, {})[key] = text
    return found


def keys(session: Session) -> list[str]:
    """Every param that some run has, sorted."""
    # A loose index scan: one seek per distinct key, where SELECT DISTINCT would read a row per run and param.
    first = sa.select(sa.func.min(RunParam.key).label("key")).cte("keys", recursive=True)
    following = sa.select(sa.func.min(RunParam.key)).where(RunParam.key > first.c.key).scalar_subquery()
    every = first.union_all(sa.select(following).where(first.c.key.is_not(None)))
    return [key for key in session.scalars(sa.select(every.c.key)) if key is not None]


def keys_ending(session: Session, name: str) -> list[str]:
    """Params that may be meant by a name: the whole path, or its end at a dot, letter case ignored.

    `learning_rate` means `training.optimizer.learning_rate`.
    """
    wanted = name.casefold()
    return [key for key in keys(session) if f".{key}".casefold().endswith(f".{wanted}")]
