from pathlib import Path

import pytest

import db.runs
from core import runs
from core.common.context import Context
from core.common.errors import NotFoundError, StateError
from core.common.workspace import Workspace
from db.records import RunState
from tests.conftest import AddRun


def leave_checkpoint(workspace: Workspace, run_id: int) -> None:
    file = workspace.settings.run_dir(run_id) / "checkpoints" / runs.LAST_CHECKPOINT
    file.parent.mkdir(parents=True)
    file.write_bytes(b"weights")


def test_stopping_takes_queued_runs_off_the_queue_and_asks_the_others(context: Context, add_run: AddRun) -> None:
    queued, running, finished = (
        add_run(state=state) for state in (RunState.QUEUED, RunState.RUNNING, RunState.FINISHED)
    )

    assert runs.stop(context, [queued, running, finished, 999]) == [queued, running]

    first, second, third = runs.get_many(context, [queued, running, finished])
    assert (first.state, first.reason) == (RunState.STOPPED, "Taken off the queue by ada.")
    assert first.finished_at is not None
    assert (second.state, second.stop_requested) == (RunState.RUNNING, "graceful")
    assert (third.state, third.stop_requested) == (RunState.FINISHED, "")


def test_a_request_to_stop_now_is_not_taken_back_by_a_gentler_one(context: Context, add_run: AddRun) -> None:
    run_id = add_run(state=RunState.RUNNING)

    runs.stop(context, [run_id], now=True)
    runs.stop(context, [run_id])

    assert runs.get(context, run_id).stop_requested == "now"


@pytest.mark.parametrize("state", [RunState.STOPPED, RunState.FAILED, RunState.LOST])
def test_a_run_that_ended_early_is_queued_again_under_its_number(
    workspace: Workspace, context: Context, add_run: AddRun, state: RunState
) -> None:
    run_id = add_run(
        state=state, reason="died", pid=7, stop_requested="now", trashed_at=1.0, attempt=2, unstarted=3, step=50
    )
    leave_checkpoint(workspace, run_id)

    runs.resume(context, run_id)

    run = runs.get(context, run_id)
    assert (run.state, run.reason, run.pid, run.stop_requested) == (RunState.QUEUED, "", None, "")
    assert (run.finished_at, run.trashed_at, run.attempt, run.step) == (None, None, 2, 50)
    assert run.unstarted == 0
    assert [active.id for active in runs.active(context)] == [run_id]


def test_a_run_without_a_checkpoint_or_not_at_rest_cannot_be_resumed(context: Context, add_run: AddRun) -> None:
    with pytest.raises(StateError, match="left no checkpoint"):
        runs.resume(context, add_run(state=RunState.FAILED))
    for state in (RunState.RUNNING, RunState.QUEUED, RunState.FINISHED):
        with pytest.raises(StateError, match=f"is {state}; only a stopped, failed, lost or pruned run"):
            runs.resume(context, add_run(state=state))
    with pytest.raises(NotFoundError, match="no run 999"):
        runs.resume(context, 999)


def test_only_one_of_two_who_resume_a_run_succeeds(
    workspace: Workspace, context: Context, add_run: AddRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = add_run(state=RunState.LOST)
    leave_checkpoint(workspace, run_id)
    is_file = Path.is_file

    def meanwhile(path: Path) -> bool:  # between the look at the run and its change
        with workspace.write() as session:
            db.runs.transition(session, run_id, [RunState.LOST], RunState.QUEUED, actor=context.actor)
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", meanwhile)

    with pytest.raises(StateError, match="changed while"):
        runs.resume(context, run_id)


def test_queued_runs_know_their_place(context: Context, add_run: AddRun) -> None:
    second = add_run(state=RunState.QUEUED, queued_at=20.0)
    first = add_run(state=RunState.QUEUED, queued_at=10.0)
    add_run(state=RunState.RUNNING, queued_at=5.0)

    assert runs.queue_places(runs.active(context)) == {first: 1, second: 2}
