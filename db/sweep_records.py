"""What the queries of sweeps return: frozen values, no live rows."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from db.records import RunState

FIRST_CONFIRMATION = 1000  # repeats from here on are confirmations of a trial


class SweepState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"  # its budget is spent; it can be extended
    STOPPED = "stopped"

    @property
    def is_over(self) -> bool:
        return self in (SweepState.FINISHED, SweepState.STOPPED)


@dataclass(frozen=True)
class SweepRecord:
    """A search over configs; `definition` is read by core.sweeps.definition."""

    id: int
    name: str
    state: SweepState
    definition: dict[str, Any]
    reason: str = ""
    created_by: str = ""
    created_at: float = 0.0
    finished_at: float | None = None
    revision: int = 0
    told: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TrialRecord:
    """One run of a trial, as stored; see db.sweep_tables.SweepTrial."""

    sweep_id: int
    number: int
    repeat: int
    run_id: int | None
    params: dict[str, Any]
    attributes: dict[str, Any] = field(default_factory=dict)
    origin: str = "search"
    state: str = ""
    values: tuple[float | None, ...] | None = None
    seconds: float = 0.0
    note: str = ""
    created_at: float = 0.0


@dataclass(frozen=True)
class RunNow:
    """What a sweep looks at of one of its runs."""

    id: int
    state: RunState
    trained_seconds: float
    starting_at: float | None
    finished_at: float | None
    stop_requested: str
    step: int
    slots: tuple[str, ...]
    parameters: float | None  # of its network, once that is known
    reason: str  # why it ended as it did, where that is known
    data: str  # fingerprint of what it learned from, once that is known
