"""The thread that stores, shows life and listens."""

import threading
import time
from typing import Any

import pytest

import core.tracking.recorder as recorder_module
import core.training.heartbeat as heartbeat_module
import db.runs
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.tracking.recorder import Recorder
from core.training.heartbeat import Heartbeat, StopRequestedError
from db.records import Lease, RunState
from tests.conftest import AddRun
from tests.core.tracking.test_recorder import full_disk
from tests.host import wait_until


@pytest.fixture
def run_id(add_run: AddRun) -> int:
    return add_run(state=RunState.RUNNING, attempt=2)


def test_a_beat_stores_metrics_step_and_heartbeat(workspace: Workspace, context: Context, run_id: int) -> None:
    recorder = Recorder(workspace, run_id, Lease(run_id, 2))
    heartbeat = Heartbeat(workspace, Lease(run_id, 2), recorder)
    heartbeat.step = 42
    recorder.log({"loss": 1.0}, 42)
    before = time.time()
    heartbeat.beat()
    run = runs.get(context, run_id)
    assert run.step == 42
    assert run.heartbeat_at is not None
    assert run.heartbeat_at >= before
    assert len(runs.history(context, run_id, "loss")) == 1


def test_a_request_to_stop_is_heard_and_shown(workspace: Workspace, context: Context, run_id: int) -> None:
    heartbeat = Heartbeat(workspace, Lease(run_id, 2), Recorder(workspace, run_id, Lease(run_id, 2)))
    heartbeat.beat()
    assert not heartbeat.must_stop
    runs.stop(context, [run_id])
    heartbeat.beat()
    assert heartbeat.must_stop
    assert not heartbeat.abandoned
    assert runs.get(context, run_id).state is RunState.STOPPING


@pytest.mark.parametrize("change", [{"state": RunState.LOST.value}, {"attempt": 3}])
def test_a_run_of_somebody_else_is_not_written_to(
    workspace: Workspace, context: Context, run_id: int, change: dict[str, Any]
) -> None:
    recorder = Recorder(workspace, run_id, Lease(run_id, 2))
    heartbeat = Heartbeat(workspace, Lease(run_id, 2), recorder)
    recorder.log({"loss": 1.0}, 1)
    with workspace.write() as session:
        db.runs.update(session, run_id, **change)
    heartbeat.beat()
    assert heartbeat.abandoned
    assert runs.get(context, run_id).heartbeat_at is None
    assert len(runs.history(context, run_id, "loss")) == 0


def test_a_deleted_run_is_abandoned(workspace: Workspace, run_id: int) -> None:
    heartbeat = Heartbeat(workspace, Lease(run_id, 2), Recorder(workspace, run_id, Lease(run_id, 2)))
    with workspace.write() as session:
        db.runs.delete(session, [run_id])
    heartbeat.beat()
    assert heartbeat.abandoned


def test_a_full_disk_is_waited_out_and_told(
    workspace: Workspace, context: Context, run_id: int, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = Recorder(workspace, run_id, Lease(run_id, 2))
    heartbeat = Heartbeat(workspace, Lease(run_id, 2), recorder)
    with full_disk(workspace):
        recorder.log_series("loss", range(5000), [1.0] * 5000, [0.0] * 5000)
        heartbeat.beat()
        heartbeat.beat()
    heartbeat.beat()
    assert not heartbeat.abandoned
    assert len(runs.history(context, run_id, "loss")) == 5000
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 2
    assert "full" in told[0]
    assert told[1] == "Metrics are stored again."


def test_who_trains_is_held_up_while_too_much_waits_and_still_hears_a_request_to_stop(
    workspace: Workspace, context: Context, run_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "CROWDED", 10)
    monkeypatch.setattr(heartbeat_module, "BEAT_SECONDS", 0.01)
    recorder = Recorder(workspace, run_id, Lease(run_id, 2))
    heartbeat = Heartbeat(workspace, Lease(run_id, 2), recorder)
    passed = threading.Event()

    def train() -> None:
        heartbeat.heed()
        passed.set()

    with full_disk(workspace):
        recorder.log_series("loss", range(5000), [1.0] * 5000, [0.0] * 5000)
        heartbeat.start()
        wait_until(lambda: not heartbeat.is_storing, "a beat has failed")
        threading.Thread(target=train).start()
        assert not passed.is_set()
    assert passed.wait(60)
    assert len(runs.history(context, run_id, "loss")) == 5000
    with full_disk(workspace):
        recorder.log_series("loss", range(5000, 10_000), [1.0] * 5000, [0.0] * 5000)
        heartbeat.stop_reason = "Stopped on request"
        with pytest.raises(StopRequestedError):
            heartbeat.heed()
    heartbeat.close()


def test_telemetry_is_recorded_by_seconds_of_training(workspace: Workspace, context: Context, run_id: int) -> None:
    recorder = Recorder(workspace, run_id, Lease(run_id, 2))
    heartbeat = Heartbeat(workspace, Lease(run_id, 2), recorder)
    heartbeat.training_begins(time.time() - 90, before=0.0)
    heartbeat.beat()
    series = runs.history(context, run_id, "system/process_memory_mb")
    assert series.step.tolist() in ([90], [91])
    assert series.value[0] > 1


def test_what_is_done_while_the_training_is_paused_is_not_training(workspace: Workspace, run_id: int) -> None:
    now = 100.0
    recorder = Recorder(workspace, run_id, Lease(run_id, 2), clock=lambda: now)
    heartbeat = Heartbeat(workspace, Lease(run_id, 2), recorder)
    heartbeat.training_begins(now, before=0.0)
    now += 5
    with heartbeat.paused():
        now += 30
    now += 1
    heartbeat.training_ends()
    assert heartbeat.trained == 6
