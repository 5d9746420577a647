"""What /api/v1 tells of runs. Times are seconds since 1970 in UTC; a value that is no number is null."""

import math
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from core.runs.data_names import data_set
from core.runs.organising import labels_version as labels_version
from db.records import AttemptRecord, EventRecord, RunRecord, RunState, Summary

Number = Annotated[
    float | Literal["Infinity", "-Infinity"] | None,
    Field(description="null stands for what is no number; the infinities are texts, since JSON has no others."),
]
HEAVY = ("config", "facts", "notes", "params", "summary", "resumed")  # left out of a list unless they are asked for


class MetricSummary(BaseModel):
    """A metric of a run in short; `best` is null of one that never was a number."""

    last: Number = None
    best: Number = None
    min: Number = None
    max: Number = None
    best_step: int | None = None
    last_step: int = 0
    count: int = 0


class Training(BaseModel):
    """The training of one attempt at a run: when it began, seconds of training before, and its first step."""

    began_at: float
    before: float = 0.0
    first_step: int = 0


class Run(BaseModel):
    """A run. Lists leave out what is long, unless it is asked for by `fields`."""

    id: int
    uid: str
    name: str = ""
    experiment: str = ""
    state: RunState = RunState.QUEUED
    kind: str = Field("network", description="network, script or logged.")
    reason: str = ""
    data_set: str = ""
    preset: str = ""
    parent_id: int | None = None
    created_by: str = ""
    tags: list[str] = []
    notes: str = ""
    created_at: float = 0.0
    queued_at: float = 0.0
    starting_at: float | None = None
    training_at: float | None = None
    evaluating_at: float | None = None
    finished_at: float | None = None
    trashed_at: float | None = None
    deleting_at: float | None = None
    heartbeat_at: float | None = None
    host: str = ""
    slots: list[str] = []
    attempt: int = 0
    trained_seconds: float = 0.0
    stop_requested: str = ""
    step: int = 0
    total_steps: int = 0
    steps_per_epoch: int = 0
    progress: float = Field(0.0, description="0 to 1.")
    config: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    resumed: list[Training] = Field([], description="Of a run with several attempts, the training of each.")
    of_search: bool = Field(False, description="A search tried its config, and goes by its result.")
    chosen_by_search: bool = Field(False, description="By its result a search chose a config, and confirmed it.")
    params: dict[str, str] = Field({}, description="Leaves of the config as people would write them.")
    summary: dict[str, MetricSummary] = {}


_SAME = (
    *("id", "uid", "name", "experiment", "state", "kind", "reason", "preset", "parent_id", "created_by", "notes"),
    *("created_at", "queued_at", "starting_at", "training_at", "evaluating_at", "finished_at", "trashed_at"),
    *("deleting_at", "heartbeat_at", "host", "attempt", "trained_seconds", "stop_requested", "step"),
    *("total_steps", "steps_per_epoch", "progress", "config", "facts", "of_search"),
    "chosen_by_search",
)
FIELDS = tuple(Run.model_fields)


def run_shape(
    run: RunRecord,
    fields: Iterable[str] = FIELDS,
    summary: Mapping[str, Summary] | None = None,
    params: Mapping[str, str] | None = None,
) -> Run:
    """With these fields, and the number and uid in any case."""
    values: dict[str, Any] = {"id": run.id, "uid": run.uid}
    for name in fields:
        values[name] = getattr(run, name) if name in _SAME else _FURTHER[name](run, summary or {}, params or {})
    return Run.model_construct(set(values), **values)


_FURTHER: dict[str, Any] = {
    "data_set": lambda run, _summary, _params: data_set(run),
    "tags": lambda run, _summary, _params: list(run.tags),
    "slots": lambda run, _summary, _params: list(run.slots),
    "resumed": lambda run, _summary, _params: [Training(**vars(each)) for each in run.resumed],
    "params": lambda _run, _summary, params: dict(params),
    "summary": lambda _run, summary, _params: {name: summary_shape(each) for name, each in summary.items()},
}


def summary_shape(summary: Summary) -> MetricSummary:
    known = {name: finite(getattr(summary, name)) for name in ("last", "best", "min", "max")}
    best = {} if summary.has_best else {"best": None}
    return MetricSummary(
        **{**known, **best},
        best_step=summary.best_step if summary.has_best else None,
        last_step=summary.last_step,
        count=summary.count,
    )


def finite(value: float) -> Any:
    """As JSON can have it."""
    if math.isfinite(value):
        return value
    return None if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


class Attempt(BaseModel):
    """One process at work on a run."""

    number: int
    host: str
    slots: list[str]
    starting_at: float | None
    training_at: float | None
    ended_at: float | None
    trained_seconds: float
    first_step: int
    state: str
    reason: str
    facts: dict[str, Any]


def attempt_shape(attempt: AttemptRecord) -> Attempt:
    values = {name: getattr(attempt, name) for name in Attempt.model_fields}
    return Attempt(**{**values, "slots": list(attempt.slots)})


class Actor(BaseModel):
    name: str
    kind: str = Field(description="shell, login, token or process.")


class Event(BaseModel):
    """A change: who, when, of what, and what there was before and after."""

    at: float
    actor: Actor
    verb: str
    kind: str = Field(description="run, experiment, data set, model or setting.")
    key: str = Field(description="A run's number, the name of any other.")
    before: dict[str, Any]
    after: dict[str, Any]


class NumberedEvent(Event):
    id: int


def event_shape(event: EventRecord) -> Event:
    return Event(**_told(event))


def numbered_shape(number: int, event: EventRecord) -> NumberedEvent:
    return NumberedEvent(id=number, **_told(event))


def _told(event: EventRecord) -> dict[str, Any]:
    return {**vars(event), "actor": Actor(name=event.actor.name, kind=event.actor.kind)}


class RunList(BaseModel):
    runs: list[Run]


class History(BaseModel):
    events: list[Event]


class Attempts(BaseModel):
    attempts: list[Attempt]
