"""The queue of one host among several, without processes: what it hands over, and what it leaves to others."""

import time
from collections.abc import Sequence
from typing import Any

import pytest

import db.hosts
import db.runs
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.config.edit import Raw
from core.launch.guard import Guard
from core.launch.launcher import Job
from core.launch.local.local_launcher import LocalLauncher
from core.launch.run_queue import RunQueue
from core.runs.location import register_host
from db.records import HostRecord, RunState


class Noted(LocalLauncher):
    """Takes jobs without making processes for them."""

    ready = True

    def __init__(self, workspace: Workspace, slots: Sequence[str]) -> None:
        super().__init__(workspace)
        self.slots = tuple(slots)
        self.jobs: list[Job] = []

    def start(self, job: Job) -> bool:
        self.jobs.append(job)
        return True


@pytest.fixture
def launcher(workspace: Workspace) -> Noted:
    return Noted(workspace, ["cpu:0", "cpu:1"])


@pytest.fixture
def queue(workspace: Workspace, launcher: Noted) -> RunQueue:
    register_host(workspace)
    return RunQueue(workspace, "alpha", launcher, Guard())


def _look(context: Context, queue: RunQueue) -> None:
    queue.start([run for run in runs.active(context) if run.state is RunState.QUEUED], [])


def _queued(context: Context, raw: Raw, wish: Raw | None = None, **columns: Any) -> int:
    run_id = runs.create(context, runs.Draft({**raw, "resources": wish or {}}))[0]
    if columns:
        with context.workspace.write() as session:
            db.runs.update(session, run_id, **columns)
    return run_id


def test_a_resumed_run_is_left_to_the_host_that_has_its_checkpoints(
    context: Context, queue: RunQueue, launcher: Noted, raw_config: Raw
) -> None:
    _queued(context, raw_config, host="beta", training_at=5.0)
    sent_back = _queued(context, raw_config, host="beta")  # it never began there
    _look(context, queue)
    assert [job.run_id for job in launcher.jobs] == [sent_back]


def test_attempts_count_up_and_a_job_carries_kind_and_slots(
    context: Context, queue: RunQueue, launcher: Noted, raw_config: Raw
) -> None:
    run_id = _queued(context, raw_config, {"slot": "cpu:1"}, attempt=3)
    _look(context, queue)
    run = runs.get(context, run_id)
    assert launcher.jobs == [Job(run_id, run.uid, 4, "network", ("cpu:1",), spare=True)]
    assert (run.state, run.attempt, run.host, run.slots) == (RunState.STARTING, 4, "alpha", ("cpu:1",))


def test_why_a_run_waits_counts_every_host(context: Context, queue: RunQueue, raw_config: Raw) -> None:
    run_id = _queued(context, raw_config, {"slot": "gpu:9"})
    _look(context, queue)
    assert runs.get(context, run_id).reason == "Waits for slot gpu:9; this host has cpu:0, cpu:1."
    with context.workspace.write() as session:
        db.hosts.put(session, HostRecord("alpha", 1, 1.0, time.time(), ("cpu:0", "cpu:1")))
        db.hosts.put(session, HostRecord("beta", 1, 1.0, time.time(), ("gpu:0",)))
    _look(context, queue)
    assert runs.get(context, run_id).reason == "Waits for slot gpu:9; alpha has cpu:0, cpu:1, beta has gpu:0."
    with context.workspace.write() as session:
        db.hosts.put(session, HostRecord("beta", 1, 1.0, time.time(), ("gpu:9",)))
    _look(context, queue)
    assert runs.get(context, run_id).reason == ""
