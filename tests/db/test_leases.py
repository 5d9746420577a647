"""Who may write to a run, and what is known of each attempt at it."""

from typing import Any

import pytest
import sqlalchemy as sa

import db.attempts
import db.leases
import db.runs
from core.common.workspace import Workspace
from db.leases import LeaseLostError
from db.models import Base
from db.records import SUPERVISOR, TRAINER, ArtifactRecord, Lease, RunRecord, RunState, Stretch
from tests.conftest import AddRun

ARTIFACT = ArtifactRecord(1, "best.keras", "checkpoint", "checkpoints/best.keras", 5, 1.0)


@pytest.fixture
def run_id(add_run: AddRun) -> int:
    return add_run(state=RunState.QUEUED, training_at=None, starting_at=None)


def get(workspace: Workspace, run_id: int) -> RunRecord:
    with workspace.read() as session:
        run = db.runs.get(session, run_id)
    assert run is not None
    return run


def grant(workspace: Workspace, run_id: int, at: float = 100.0) -> Lease:
    run = get(workspace, run_id)
    with workspace.write() as session:
        lease = db.leases.grant(session, run, "ada", ["cpu:0"], at)
    assert lease is not None
    return lease


def rest(workspace: Workspace, lease: Lease, state: RunState, at: float = 200.0) -> bool:
    with workspace.write() as session:
        return db.leases.end(session, lease, state, "for a test", at, actor=TRAINER)


def queue(workspace: Workspace, run_id: int) -> None:
    with workspace.write() as session:
        assert db.runs.transition(session, run_id, [get(workspace, run_id).state], RunState.QUEUED, actor=SUPERVISOR)


def test_attempts_count_up_and_each_has_one_holder(workspace: Workspace, run_id: int) -> None:
    queued = get(workspace, run_id)
    first = grant(workspace, run_id)
    with workspace.write() as session:
        assert db.leases.grant(session, queued, "grace", ["gpu:0"], 100.0) is None, "somebody was quicker"
        assert db.leases.take(session, first, 7, 1.5)
        assert not db.leases.take(session, first, 8, 1.5)
    assert rest(workspace, first, RunState.STOPPED)
    queue(workspace, run_id)
    second = grant(workspace, run_id)

    assert (first, second) == (Lease(run_id, 1), Lease(run_id, 2))
    with workspace.write() as session:
        assert not db.leases.take(session, first, 7, 1.5)
        assert db.leases.grant(session, queued, "grace", ["gpu:0"], 100.0) is None, "it was read before both attempts"


WRITES: dict[str, Any] = {
    "held": lambda session, lease: db.leases.held(session, lease),
    "update": lambda session, lease: db.leases.update(session, lease, evaluating_at=1.0),
    "begin": lambda session, lease: db.leases.begin(session, lease, 1.0, 5, total_steps=7),
    "heartbeat": lambda session, lease: db.leases.heartbeat(session, lease, 1.0, 9, 3.0),
    "facts": lambda session, lease: db.leases.put_facts(session, lease, {"device": "other"}),
    "artifact": lambda session, lease: db.leases.put_artifact(session, lease, ARTIFACT),
}


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("how", ["settled", "given to another", "deleted"])
def test_no_write_of_one_who_has_lost_the_run_leaves_a_trace(
    workspace: Workspace, run_id: int, name: str, how: str
) -> None:
    old = grant(workspace, run_id)
    rest(workspace, old, RunState.LOST)
    if how == "given to another":
        queue(workspace, run_id)
        grant(workspace, run_id)
    elif how == "deleted":
        with workspace.write() as session:
            db.runs.delete(session, [run_id])
    before = _content(workspace)

    with pytest.raises(LeaseLostError, match=f"Attempt 1 at run {run_id} has ended"), workspace.write() as session:
        WRITES[name](session, old)

    assert _content(workspace) == before
    assert not rest(workspace, old, RunState.FAILED)
    assert _content(workspace) == before


def _content(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with workspace.read() as session:
        connection = session.connection()
        tables = Base.metadata.sorted_tables
        return {table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr) for table in tables}


def test_what_nobody_took_goes_back_to_the_queue_or_ends_and_was_no_attempt(workspace: Workspace, run_id: int) -> None:
    for number in (1, 2):
        lease = grant(workspace, run_id)
        assert lease.attempt == number
        with workspace.write() as session:
            assert db.leases.send_back(session, lease)
            assert not db.leases.send_back(session, lease)
            assert db.attempts.of_run(session, run_id) == []
        assert get(workspace, run_id).state is RunState.QUEUED
    lease = grant(workspace, run_id)
    with workspace.write() as session:
        assert db.leases.end_untaken(session, lease, RunState.FAILED, "nobody came", 300.0)
        assert not db.leases.end_untaken(session, lease, RunState.STOPPED, "too late", 400.0)
        assert db.attempts.of_run(session, run_id) == []
    run = get(workspace, run_id)
    assert (run.state, run.reason, run.finished_at) == (RunState.FAILED, "nobody came", 300.0)
    assert (run.unstarted, run.attempt) == (3, 3)


def test_a_process_that_comes_after_others_did_not_counts_anew(workspace: Workspace, run_id: int) -> None:
    first = grant(workspace, run_id)
    with workspace.write() as session:
        db.leases.send_back(session, first)
    second = grant(workspace, run_id)
    with workspace.write() as session:
        assert db.leases.take(session, second, 7, 1.0)
        assert not db.leases.send_back(session, second)
    assert get(workspace, run_id).unstarted == 0


def test_a_run_s_time_and_facts_are_those_of_all_its_attempts(workspace: Workspace, run_id: int) -> None:
    first = grant(workspace, run_id, at=100.0)
    with workspace.write() as session:
        db.leases.put_facts(session, first, {"device": "CPU", "fine_tuned_from": 3})
        db.leases.begin(session, first, 110.0, 0, total_steps=50)
        assert db.leases.heartbeat(session, first, 120.0, 10, 10.0) == (RunState.RUNNING, "")
    rest(workspace, first, RunState.LOST, at=121.0)
    queue(workspace, run_id)
    second = grant(workspace, run_id, at=500.0)
    with workspace.write() as session:
        db.runs.transition(
            session, run_id, [RunState.STARTING], RunState.STARTING, actor=SUPERVISOR, stop_requested="graceful"
        )
        db.leases.put_facts(session, second, {"device": "GPU"})
        db.leases.begin(session, second, 510.0, 8)
        assert db.leases.heartbeat(session, second, 515.5, 20, 5.5) == (RunState.RUNNING, "graceful")
        db.leases.put_artifact(session, second, ARTIFACT)
        [artifact] = db.runs.artifacts_of(session, run_id)
    rest(workspace, second, RunState.STOPPED, at=516.0)

    run = get(workspace, run_id)
    assert (run.trained_seconds, run.training_at, run.step, run.total_steps) == (15.5, 110.0, 20, 50)
    assert run.facts == {"device": "GPU", "fine_tuned_from": 3}
    assert run.stretches == (Stretch(110.0), Stretch(510.0, before=10.0, first_step=8))
    assert artifact.attempt == 2
    with workspace.read() as session:
        one, two = db.attempts.of_run(session, run_id)
        assert db.attempts.stretches_of_runs(session, [run_id, 999]) == {run_id: run.stretches}
    assert (one.facts["device"], one.trained_seconds, one.state, one.ended_at) == ("CPU", 10.0, "lost", 121.0)
    assert (two.facts, two.first_step, two.state, two.starting_at) == ({"device": "GPU"}, 8, "stopped", 500.0)
    assert (two.host, two.slots) == ("ada", ("cpu:0",))


def test_a_request_to_stop_that_came_before_training_began_stays(workspace: Workspace, run_id: int) -> None:
    lease = grant(workspace, run_id)
    with workspace.write() as session:
        db.leases.begin_stopping(session, lease)
        db.leases.begin(session, lease, 110.0, 0)
    assert get(workspace, run_id).state is RunState.STOPPING
