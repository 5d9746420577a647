"""Runs that a client reports while they go on, without a process of ours, or that were brought over from another tool.

A supervisor calls one lost whose client falls silent, see Settings.silence_seconds; it is running again when the client
is heard again. Of a script's run, a client within the script adds params and metrics; its state is its process's.
"""

import math
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import db.events
import db.keyed_tags
import db.logged_models
import db.params
import db.reported
import db.runs
from core.common.context import Context
from core.common.errors import ConfigError, NotFoundError, Problem, StateError
from core.common.text import quoted
from core.common.workspace import Workspace
from core.runs.events import run_event
from core.runs.kinds import LOGGED, SCRIPT
from core.runs.labels import clean_tags, label_problems, notes_problems
from core.runs.permissions import Action, require
from core.runs.queueing import DEFAULT_EXPERIMENT
from core.runs.reading import get
from core.tracking.recorder import Recorder
from db.engine import Session
from db.records import RunRecord, RunState

Point = tuple[str, int, float, float]  # a metric's name, step, value, wall time in UTC seconds


class ParamChangedError(StateError):
    """A param has another value already, and params never change."""


@dataclass(frozen=True)
class Logged:
    """A run that a client begins to report, or that came from elsewhere."""

    name: str
    experiment: str = DEFAULT_EXPERIMENT
    params: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    keyed_tags: Mapping[str, str] = field(default_factory=dict)
    notes: str = ""
    created_by: str = ""  # who began it; the workspace's user when empty
    uid: str = ""  # 32 hexadecimal digits; made up when empty
    began_at: float | None = None  # UTC seconds; now when None
    facts: Mapping[str, Any] = field(default_factory=dict)
    parent_id: int | None = None
    experiment_id: int | None = None  # in place of the name, of one that there is


def begin(context: Context, logged: Logged) -> RunRecord:
    """A run that is running from now on, without a process.

    Raises:
        ForbiddenError
        ConfigError: labels break the rules, or there is a run of this uid; nothing was stored.
    """
    require(context, Action.LAUNCH)
    name, experiment = logged.name.strip(), logged.experiment.strip() or DEFAULT_EXPERIMENT
    tags = clean_tags(logged.tags)
    named = [] if logged.experiment_id else [("experiment", experiment)]
    labels = [("name", name), *named, *(("tags", tag) for tag in tags)]
    problems = [problem for label, text in labels for problem in label_problems(label, text)]
    problems += notes_problems(logged.notes)
    if problems:
        raise ConfigError(problems)
    uid = logged.uid or uuid.uuid4().hex
    now = time.time()
    began = now if logged.began_at is None else logged.began_at
    with context.workspace.write() as session:
        if db.runs.find_ids(session, uid):
            raise ConfigError([Problem("uid", f"run {db.runs.find_ids(session, uid)[0]} has the uid {uid} already")])
        values = {
            "uid": uid,
            "name": name or uid[:8],
            "experiment_id": logged.experiment_id or db.runs.experiment_id(session, experiment),
            "state": RunState.RUNNING.value,
            "kind": LOGGED.name,
            "config": dict(logged.params),
            "notes": logged.notes,
            "created_by": logged.created_by.strip() or context.actor.name,
            "parent_id": logged.parent_id,
            "facts": dict(logged.facts),
            "created_at": began,
            "queued_at": began,
            "starting_at": began,
            "training_at": began,
            "heartbeat_at": now,
        }
        run_id = db.runs.insert(session, values, logged.params, tags)
        db.keyed_tags.put(session, run_id, logged.keyed_tags)
        told = {"name": values["name"], "experiment": experiment, "launched_by": values["created_by"]}
        db.events.add(session, [run_event(context, Action.LAUNCH, run_id, {}, told)])
    return get(context, run_id)


def add_params(context: Context, run_id: int, params: Mapping[str, Any]) -> None:
    """Params that became known later. The same value again changes nothing; of a script's run, neither does another.

    Raises:
        ForbiddenError, NotFoundError
        StateError: it is no logged run.
        ParamChangedError: with every param that has another value; nothing was stored.
    """
    with context.workspace.write() as session:
        run = _reported(context, session, run_id)
        known = db.params.of_runs(session, [run_id], params).get(run_id, {})
        changed = [
            f"{quoted(key)} is {quoted(known[key])}, received {quoted(db.params.as_text(value))}"
            for key, value in params.items()
            if known.get(key, db.params.as_text(value)) != db.params.as_text(value)
        ]
        if changed and run.kind != SCRIPT.name:
            raise ParamChangedError(
                f"Params of a run never change: {'; '.join(changed)}. Begin another run, or log it by another name."
            )
        new = {key: value for key, value in params.items() if key not in known}
        db.reported.add_params(session, run_id, None if run.kind == SCRIPT.name else run.config, new)
        db.reported.heard(session, run_id, time.time())


def put_tags(context: Context, run_id: int, tags: Mapping[str, str], removed: Iterable[str] = ()) -> None:
    """Tags with values; those that are there get the new value.

    Raises:
        ForbiddenError, NotFoundError
    """
    with context.workspace.write() as session:
        run = db.runs.get(session, run_id)
        if run is None:
            raise NotFoundError(f"There is no run {run_id}. It may have been deleted in the meantime.")
        require(context, Action.EDIT, run)
        db.keyed_tags.put(session, run_id, tags)
        db.keyed_tags.remove(session, run_id, removed)


def record(context: Context, run_id: int, points: Sequence[Point], recorder: Recorder | None = None) -> None:
    """Store values of metrics; several at one step are all kept. A lost run is running again.

    Args:
        recorder: of this run, where one is kept for the next call.

    Raises:
        ForbiddenError, NotFoundError
        StateError: it is no logged run.
    """
    with context.workspace.read() as session:
        run = _reported(context, session, run_id)
    recorder = recorder or recorder_of(context.workspace, run_id)
    last = max(0, max((step for _, step, _, _ in points), default=0))
    recorder.log_points(points)
    recorder.flush(lambda session: _heard(context, session, run, last))


def recorder_of(workspace: Workspace, run_id: int, highest: bool = False) -> Recorder:
    """For many calls of `record`. It has no lease: several clients may report one run. `highest` as in Recorder."""
    return Recorder(workspace, run_id, highest=highest)


def hear(context: Context, run_id: int, step: int = 0) -> RunRecord:
    """A sign of life, which brings back a run that was lost; returns the run as it is then.

    Raises:
        ForbiddenError, NotFoundError
        StateError: it is no logged run.
    """
    with context.workspace.write() as session:
        _heard(context, session, _reported(context, session, run_id), step)
    return get(context, run_id)


def _heard(context: Context, session: Session, run: RunRecord, step: int) -> None:
    """`run` as it was a moment ago."""
    if run.kind == SCRIPT.name:  # its process has a heartbeat
        return
    db.reported.heard(session, run.id, time.time(), step)
    if run.state is RunState.LOST:
        _move(session, context, run, RunState.RUNNING, reason="", finished_at=None)


def end(context: Context, run_id: int, state: RunState, reason: str = "", at: float | None = None) -> None:
    """Bring it to rest, or back to running; `at` in UTC seconds, now when None. A script's run ends with its process.

    Raises:
        ForbiddenError, NotFoundError
        StateError: it is no logged run.
    """
    with context.workspace.write() as session:
        run = _reported(context, session, run_id)
        if run.kind == SCRIPT.name:
            return
        done = time.time() if at is None else at
        began = run.training_at or done
        finished = done if state.is_finished else None
        trained = max(0.0, done - began) if math.isfinite(done) else 0.0
        _move(session, context, run, state, reason=reason, finished_at=finished, trained_seconds=trained)


def _move(session: Session, context: Context, run: RunRecord, state: RunState, **values: Any) -> None:
    values |= {"stop_requested": ""} if state.is_finished else {}
    db.runs.transition(session, run.id, [run.state], state, actor=context.actor, **values)


def keyed_tags(context: Context, run_id: int) -> dict[str, str]:
    """Tags with values, sorted by key."""
    with context.workspace.read() as session:
        return db.keyed_tags.of_runs(session, [run_id]).get(run_id, {})


def data_sets(context: Context, run_id: int) -> list[tuple[str, str, str]]:
    """That its client said it reads: name, digest and what for."""
    with context.workspace.read() as session:
        return db.logged_models.inputs_of(session, run_id)


def _reported(context: Context, session: Session, run_id: int) -> RunRecord:
    run = db.runs.get(session, run_id)
    if run is None:
        raise NotFoundError(f"There is no run {run_id}. It may have been deleted in the meantime.")
    require(context, Action.REPORT, run)
    if run.kind not in (LOGGED.name, SCRIPT.name):
        raise StateError(
            f"Run {run_id} is trained by Traindeck itself, which alone writes its params, metrics and state. "
            "Begin a run of your own."
        )
    return run
