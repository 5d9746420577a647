"""Runs without a process of ours: what a client reports of them."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

import db.params
import db.texts
from db.models import Run


def heard(session: Session, run_id: int, at: float, step: int = 0) -> None:
    """A sign of life at a time, UTC seconds; the run's step only grows."""
    grown = sa.case((Run.step < step, step), else_=Run.step)
    session.execute(sa.update(Run).where(Run.id == run_id).values(heartbeat_at=at, step=grown))


def add_params(session: Session, run_id: int, config: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """New params beside those of the config; none of them may be there."""
    if new:
        db.params.insert(session, run_id, new)
        session.execute(sa.update(Run).where(Run.id == run_id).values(config={**config, **new}))
        db.texts.refresh(session, run_id)
