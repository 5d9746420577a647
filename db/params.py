"""The leaves of configs, flattened, as rows that can be searched and sorted by."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.batches import batches
from db.models import Run, RunParam

_RARE = 200  # runs that have a value of a param


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


def with_all(session: Session, kind: str, params: Mapping[str, str]) -> list[int]:
    """Runs of this kind outside the trash that have all of these params, whatever others they have; oldest first."""
    query = sa.select(Run.id).where(Run.trashed_at.is_(None), Run.kind == kind).order_by(Run.id)
    rare = next((key for key, text in params.items() if _is_rare(session, key, text)), None)
    if rare is not None:  # few runs are looked at of thousands
        of_value = sa.select(RunParam.run_id).where(RunParam.key == rare, RunParam.text == params[rare])
        query = query.where(Run.id.in_(of_value))
    for key, text in params.items():  # each is one seek; the first that differs ends it for a run
        query = query.where(sa.exists().where(RunParam.run_id == Run.id, RunParam.key == key, RunParam.text == text))
    return list(session.scalars(query))


def _is_rare(session: Session, key: str, text: str) -> bool:
    of_value = sa.select(RunParam.run_id).where(RunParam.key == key, RunParam.text == text)
    return session.scalar(of_value.offset(_RARE).limit(1)) is None


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


def keys_within(session: Session, name: str) -> list[str]:
    """As `keys_ending`, with all that stands below: `early_stopping` means `training.early_stopping.patience`, too."""
    wanted = f".{name.casefold()}."
    return [key for key in keys(session) if wanted in f".{key}.".casefold()]


def values(session: Session, key: str, limit: int) -> list[str]:
    """The first of the different values of a param, sorted, empty ones left out."""
    # As in `keys`: one seek per value.
    of_key = sa.select(sa.func.min(RunParam.text).label("text")).where(RunParam.key == key)
    first = of_key.where(RunParam.text > "").cte("texts", recursive=True)
    following = of_key.where(RunParam.text > first.c.text).scalar_subquery()
    every = first.union_all(sa.select(following).where(first.c.text.is_not(None)))
    return [text for text in session.scalars(sa.select(every.c.text).limit(limit)) if text is not None]


def is_numeric(session: Session, of_keys: Iterable[str]) -> bool:
    """Whether every value that runs have of these params is a number."""
    text = sa.exists().where(RunParam.key.in_(list(of_keys)), RunParam.number.is_(None), RunParam.text != "")
    return not session.scalar(sa.select(text))
