"""Attempts at a run: each begins, ends and writes for itself, also where two believe that it is theirs."""

import signal
import sqlite3
import time
from collections.abc import Iterator

import pytest

import db.leases
from core import runs
from core.common.workspace import Workspace
from core.config.edit import Raw
from core.system.process import ProcessId
from db.records import SUPERVISOR, Lease, RunRecord, RunState
from tests.host import ENDLESS, Host, trainer, wait_until


def test_a_run_resumed_as_soon_as_it_has_stopped_goes_on(host: Host) -> None:
    run_id = host.launch(**ENDLESS)
    recorded = 3
    for attempt in (1, 2, 3):
        run = host.learning(run_id, recorded)
        assert run.attempt == attempt, "none was begun in vain"
        runs.stop(host.context, [run_id])
        while host.run(run_id).state is not RunState.STOPPED:
            pass  # no pause: the process is still there, and its exit has yet to be told
        recorded = len(runs.history(host.context, run_id, "loss")) + 3
        runs.resume(host.context, run_id)
    host.learning(run_id, recorded)
    states = [each.state for each in runs.attempts(host.context, run_id)]
    assert states == ["stopped", "stopped", "stopped", ""]


@pytest.fixture
def stopped() -> Iterator[list[ProcessId]]:
    """Processes that a test has stopped; whatever is left of them ends with it."""
    processes: list[ProcessId] = []
    yield processes
    for process in processes:
        process.signal_group(signal.SIGKILL)


def test_a_trainer_that_was_given_up_and_wakes_again_leaves_no_trace(host: Host, stopped: list[ProcessId]) -> None:
    run_id = host.launch(**ENDLESS)
    first = host.learning(run_id)
    wait_until(lambda: _checkpoint(host, run_id), "a checkpoint")
    old = trainer(first)
    stopped.append(old)
    _halt(host.workspace, old)
    recorded = len(runs.history(host.context, run_id, "loss"))
    with host.workspace.write() as session:
        lease = Lease(run_id, first.attempt)
        assert db.leases.end(session, lease, RunState.LOST, "Nobody heard of it.", time.time(), actor=SUPERVISOR)
    runs.resume(host.context, run_id)
    second = host.learning(run_id, recorded + 3)
    assert second.attempt == first.attempt + 1
    assert trainer(second) != old
    before, points = _known(host, second), runs.history(host.context, run_id, "loss")

    old.signal_group(signal.SIGCONT)
    wait_until(lambda: not old.is_alive(), "the old one ends")

    host.learning(run_id, len(runs.history(host.context, run_id, "loss")) + 3)
    assert _known(host, second) == before
    log = runs.log_tail(host.context, run_id, 1000)
    assert f"Attempt {first.attempt} at run {run_id} has ended, or another has begun." in log
    losses = runs.history(host.context, run_id, "loss")
    for column in ("step", "value", "wall_time"):
        assert (getattr(losses, column)[: len(points)] == getattr(points, column)).all()
    assert (losses.wall_time[1:] > losses.wall_time[:-1]).all(), "no point of the old one is among them"


def _checkpoint(host: Host, run_id: int) -> bool:
    return (host.workspace.settings.run_dir(run_id) / "checkpoints" / runs.LAST_CHECKPOINT).is_file()


def _halt(workspace: Workspace, process: ProcessId) -> None:
    """Stop the process where it holds no lock of the store, which would make everybody wait for it."""
    file = workspace.settings.database_file
    assert file is not None
    while True:
        process.signal_group(signal.SIGSTOP)
        connection = sqlite3.connect(file, timeout=1, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError:
            process.signal_group(signal.SIGCONT)
        finally:
            connection.close()


def _known(host: Host, run: RunRecord) -> Raw:
    """What only the process at work on the run, or nobody, may change."""
    now = host.run(run.id)
    return {
        "attempts": [(each.number, each.state, each.pid) for each in runs.attempts(host.context, run.id)],
        "first": runs.attempts(host.context, run.id)[0],
        "run": (now.state, now.attempt, now.pid, now.reason, now.training_at),
    }
