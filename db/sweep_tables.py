"""The tables of sweeps: searches over configs, and their trials, each of which is a run, or several of other seeds."""

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class Sweep(Base):
    """A search over configs. `revision` is another number after each change of it or its trials: who adds a trial does
    so to the sweep that it has read, or not at all.
    """

    __tablename__ = "sweeps"
    __table_args__ = (Index("ix_sweeps_state", "state"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    definition: Mapped[dict[str, Any]]  # as core.sweeps.definition reads it
    created_by: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[float]
    finished_at: Mapped[float | None]
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what was computed of it: importance of its fields


class SweepTrial(Base):
    """One run of a trial: `repeat` counts those of other seeds from 0, which share number and params.

    What came of it is kept here once the run is at rest, so that the search outlives runs that are deleted.
    """

    __tablename__ = "sweep_trials"
    __table_args__ = (Index("ix_sweep_trials_run_id", "run_id"), Index("ix_sweep_trials_state", "state"))

    sweep_id: Mapped[int] = mapped_column(ForeignKey("sweeps.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    repeat: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    params: Mapped[dict[str, Any]]
    attributes: Mapped[dict[str, Any]]  # of the searcher: which generation it belongs to
    origin: Mapped[str] = mapped_column(String(16))  # search, hand, earlier or confirm
    state: Mapped[str] = mapped_column(String(16))  # of its run when it came to rest; "" before
    values: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))  # of each goal; null without one
    seconds: Mapped[float] = mapped_column(default=0.0)  # of training
    note: Mapped[str] = mapped_column(Text, default="")  # why it was pruned or refused
    created_at: Mapped[float]
