"""What queries about served models return: frozen values. Times are seconds since 1970 in UTC."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ServedRecord:
    """A model that is in use."""

    model_id: int
    model: str  # its name
    options: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    reported_at: float = 0.0
    created_by: str = ""
    created_at: float = 0.0


@dataclass(frozen=True)
class MinuteRecord:
    """What one version did in one minute."""

    model_id: int
    version_id: int
    role: str  # main, challenger or shadow
    minute: int  # minutes since 1970
    requests: int = 0
    errors: int = 0
    counts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RequestRecord:
    """A question that was kept."""

    id: str
    model_id: int
    version_id: int
    role: str
    at: float
    milliseconds: float
    status: int
    asked: str
    answered: str
    feedback: dict[str, Any] = field(default_factory=dict)
    feedback_at: float = 0.0


@dataclass(frozen=True)
class WindowRecord:
    """So many examples that a version was asked about, by the bins of its training profile."""

    model_id: int
    version_id: int
    started_at: float
    examples: int
    profile: str  # its id
    counts: list[list[int]]  # by column, by bin
    ended_at: float = 0.0  # 0 of the one that is being filled
    shifts: dict[str, list[float]] = field(default_factory=dict)  # by column: p, share moved, 1 for an alarm
    known_by: str = ""  # who has acknowledged its alarms
    id: int = 0  # 0 before it is stored
