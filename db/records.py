"""What the queries return: frozen values, no live rows. Times are seconds since 1970 in UTC."""

import json
import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from db.quick_record import record


class RunState(StrEnum):
    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    LOST = "lost"
    PRUNED = "pruned"  # stopped early by its sweep, since others were better

    @property
    def is_finished(self) -> bool:
        """No process works on the run and none will unless somebody asks."""
        return self in (RunState.FINISHED, RunState.STOPPED, RunState.FAILED, RunState.LOST, RunState.PRUNED)

    @property
    def has_process(self) -> bool:
        return self in (RunState.STARTING, RunState.RUNNING, RunState.STOPPING)


ACTIVE_STATES = tuple(state for state in RunState if not state.is_finished)


@dataclass(frozen=True)
class Lease:
    """The right of one attempt to write to its run. Attempts only ever count up."""

    run: int
    attempt: int


@dataclass(frozen=True)
class Stretch:
    """The training of one attempt: from second `began_at` and step `first_step` on, `before` seconds after the first.

    `before` counts only what earlier attempts spent training.
    """

    began_at: float
    before: float = 0.0
    first_step: int = 0


@dataclass(frozen=True)
class AttemptRecord:
    """One process at work on a run, from its beginning to its end."""

    run_id: int
    number: int
    host: str = ""
    slots: tuple[str, ...] = ()
    pid: int | None = None
    pid_started: float | None = None  # in ticks since the boot, where that is known; else in seconds since 1970
    pid_boot: str = ""  # the id of the boot, "" where it is not known
    starting_at: float | None = None  # a process was given to it
    training_at: float | None = None  # its first training step began
    ended_at: float | None = None
    trained_seconds: float = 0.0
    first_step: int = 0  # where it began or went on
    state: str = ""  # how it ended: finished, stopped, failed, lost or pruned; "" before that
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RunRecord:
    """One training, from its config to its result."""

    id: int
    uid: str
    name: str
    experiment: str
    state: RunState
    config: dict[str, Any]  # the spec of its kind; see core.runs.specs
    kind: str = "network"
    resources: object = field(default_factory=dict)  # as stored; core.runs.kinds reads it
    reason: str = ""
    preset: str = ""
    parent_id: int | None = None
    created_by: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    created_at: float = 0.0
    queued_at: float = 0.0
    starting_at: float | None = None  # a process was given to it
    training_at: float | None = None  # the first training step of all began
    evaluating_at: float | None = None
    finished_at: float | None = None
    trashed_at: float | None = None
    deleting_at: float | None = None  # its files began to be removed for good
    host: str = ""
    slots: tuple[str, ...] = ()
    pid: int | None = None
    pid_started: float | None = None  # as in AttemptRecord
    pid_boot: str = ""
    attempt: int = 0  # number of the present or last one
    unstarted: int = 0  # attempts since it was queued that no process took
    trained_seconds: float = 0.0  # of all attempts together, as of the last heartbeat
    heartbeat_at: float | None = None
    stop_requested: str = ""  # "", "prune" (graceful, by its sweep), "graceful" or "now"
    step: int = 0
    total_steps: int = 0
    steps_per_epoch: int = 0
    facts: dict[str, Any] = field(default_factory=dict)  # what is needed to do it again: versions, host, data, …
    resumed: tuple[Stretch, ...] = ()  # of a run with several attempts: the training of each, the first included
    chosen_by_search: bool = False  # by its result a search chose its config, which was then confirmed on fresh seeds
    of_search: bool = False  # a search tried its config, and goes by its result

    @property
    def told_search(self) -> bool:
        """Whether a search had its result before it chose: the best of many such is too good."""
        return self.of_search or self.chosen_by_search

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The training of each attempt that came so far, in order."""
        return self.resumed or (() if self.training_at is None else (Stretch(self.training_at),))

    @property
    def epoch(self) -> float:
        return self.step / self.steps_per_epoch if self.steps_per_epoch else 0.0

    @property
    def progress(self) -> float:
        """0 to 1."""
        return min(1.0, self.step / self.total_steps) if self.total_steps else 0.0


class Position(NamedTuple):
    """Of a point in its metric: its step, and which of the values at that step it is, from 0."""

    step: int
    sequence: int


@record
class Summary:
    """One metric of one run in short. `best` is the min or the max by the metric's goal; values may be NaN."""

    run_id: int
    metric: str
    last: float
    best: float
    min: float
    max: float
    best_step: int
    last_step: int
    count: int
    spaced: str = "[]"  # see `curve`; JSON, since it is read far less often than it is written
    last_sequence: int = 0  # which of the values at its step the last one is, from 0
    last_at: float = 0.0  # when the last one was measured, UTC seconds; 0 where nobody knows
    revision: int = 0  # another number after each change

    @property
    def curve(self) -> tuple[float, ...]:
        """At most 64 evenly spaced values, for small curves in tables."""
        return tuple(math.nan if value is None else value for value in json.loads(self.spaced))

    @property
    def has_best(self) -> bool:
        """Whether it ever was a finite number that counts; without one there is no best, `best_step` means nothing."""
        return math.isfinite(self.best)


@record
class Series:
    """One metric of one run as arrays of equal length: step int64, value and wall_time (UTC seconds) float64."""

    step: NDArray[np.int64]
    value: NDArray[np.float64]
    wall_time: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.step)


@dataclass(frozen=True, slots=True)
class Curve:
    """A series thinned for a chart: of `count` points, those at the places `place` (int64, the first is 0) are kept.

    `sequence` says which of the values at its step the last point is, from 0.
    """

    count: int
    place: NDArray[np.int64]
    points: Series
    sequence: int = 0

    @property
    def end(self) -> "Position":
        """Of the last point; there must be one."""
        return Position(int(self.points.step[-1]), self.sequence)


@dataclass(frozen=True)
class ArtifactRecord:
    """A file that a run left; `path`, its key, is relative to the run's folder, `size` in bytes."""

    run_id: int
    name: str
    kind: str  # checkpoint, model, predictions, …
    path: str
    size: int
    created_at: float
    attempt: int = 0  # that wrote it


@dataclass(frozen=True)
class HostRecord:
    """A supervisor as it last reported itself."""

    name: str
    pid: int
    pid_started: float
    heartbeat_at: float
    slots: tuple[str, ...] = ()
    standby: dict[str, Any] = field(default_factory=dict)  # state ("off", "warming", "ready"), pid, memory in bytes
    pid_boot: str = ""  # as in AttemptRecord


@dataclass(frozen=True)
class JobClaim:
    """The right of one supervisor to do one job, once; what is written about the job is written under it."""

    key: str
    by: str  # the supervisor's host, pid and start; see core.jobs.claims
    at: float  # makes each claim of the same job by the same supervisor another


@dataclass(frozen=True)
class JobRecord:
    """A job that nobody has done yet, without what it is about, which only the process that does it reads."""

    key: str
    kind: str
    host: str  # that has to do it; "": any
    process: str  # jobs of one kind and process are done by one warm process, in turn; "": each by its own
    created_at: float
    claims: int = 0  # how often it was claimed
    claim: JobClaim | None = None


@dataclass(frozen=True)
class RunPage:
    """One page of a list of runs, and how many runs there are in all; `end` is what its last run is sorted by."""

    runs: tuple[RunRecord, ...]
    total: int
    end: tuple[Any, ...] = ()
    every: int = 0  # runs, where `total` counts a cross-validation as one


ActorKind = Literal["shell", "login", "token", "process"]


@dataclass(frozen=True)
class Actor:
    """Who acts. `kind`: the user of the shell that started the process, a login, a token, or a process of ours."""

    name: str
    kind: ActorKind = "shell"


SUPERVISOR = Actor("supervisor", "process")
TRAINER = Actor("trainer", "process")


@dataclass(frozen=True)
class EventRecord:
    """A change of an object: what of it there was before and what after, nothing where it was made or deleted."""

    at: float
    actor: Actor
    verb: str
    kind: str  # run, experiment, data set, model, setting
    key: str  # a run's number, the name of any other
    before: dict[str, Any]
    after: dict[str, Any]
