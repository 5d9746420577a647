"""The supervisor with real trainers: from the queue to the end."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

import db.runs
from core import runs
from core.common.context import Context
from core.common.errors import StateError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.check import parse
from core.config.presets import get_preset
from core.jobs import inspection
from core.launch.supervisor import Supervisor
from core.system.process import ProcessId
from db.records import RunState
from tests.host import ENDLESS, Host, host_of, trainer, wait_until
from tests.postgres import BACKENDS, database_of, each_database

database_url = each_database


@pytest.fixture(scope="module", params=BACKENDS)
def shared_host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """These tests run on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("session_host")
        return
    with (
        database_of(request, request.param) as url,
        host_of(tmp_path_factory.mktemp("postgres-host"), db_url=url) as host,
    ):
        yield host


def test_a_run_goes_from_the_queue_to_its_result(host: Host) -> None:
    run = host.ended(host.launch(**{"training.epochs": 3}))
    assert (run.state, run.reason) == (RunState.FINISHED, "")
    assert run.slots == ("cpu:0",)
    assert run.host == socket.gethostname()
    times = [run.created_at, run.starting_at or 0, run.training_at or 0, run.finished_at or 0]
    assert times == sorted(times)
    summary = runs.summaries(host.context, [run.id])[run.id]
    assert summary["val_accuracy"].count == 3
    assert summary["test_accuracy"].last > 0.5
    log = runs.log_tail(host.context, run.id).splitlines()
    assert any(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ epoch ", line) for line in log)


def test_one_run_per_slot_and_the_next_starts_when_it_is_free(host: Host) -> None:
    first, second, third = host.launch(**ENDLESS), host.launch(**{"training.epochs": 1}), host.launch(**ENDLESS)
    host.learning(first)
    active = runs.active(host.context)
    assert [run.state for run in active] == [RunState.RUNNING, RunState.QUEUED, RunState.QUEUED]
    assert runs.queue_places(active) == {second: 1, third: 2}
    runs.stop(host.context, [first, third])
    assert host.ended(second).state is RunState.FINISHED
    assert host.run(third).state is RunState.STOPPED


def test_stopping_gracefully_keeps_everything_and_the_run_can_go_on_from_there(host: Host) -> None:
    run_id = host.launch(**ENDLESS)
    host.learning(run_id)
    runs.stop(host.context, [run_id])
    stopped = host.ended(run_id)
    assert stopped.state is RunState.STOPPED
    assert {"last.keras", "best.keras"} <= {artifact.name for artifact in runs.artifacts(host.context, run_id)}
    before = runs.history(host.context, run_id, "loss")
    assert before.step[-1] > 0

    runs.resume(host.context, run_id)
    wait_until(
        lambda: len(runs.history(host.context, run_id, "loss", after=int(before.step[-1]))) > 2, "the run goes on"
    )
    after = runs.history(host.context, run_id, "loss")
    assert (after.step[: len(before)] == before.step).all()
    assert host.run(run_id).state is RunState.RUNNING


def test_stopping_now_ends_the_process_and_keeps_what_was_recorded(host: Host) -> None:
    run_id = host.launch(**ENDLESS)
    process = trainer(host.learning(run_id))
    recorded = len(runs.history(host.context, run_id, "loss"))
    runs.stop(host.context, [run_id], now=True)
    stopped = host.ended(run_id)
    assert stopped.state is RunState.STOPPED
    assert "Stopped at once" in stopped.reason
    assert not process.is_alive()
    assert len(runs.history(host.context, run_id, "loss")) >= recorded


def test_a_run_that_can_never_start_here_says_why_while_it_waits(host: Host) -> None:
    run_id = host.queue_for("gpu:99")
    wait_until(lambda: host.run(run_id).reason, "the reason is told")
    assert host.run(run_id).reason == "Waits for slot gpu:99; this host has cpu:0."


def test_data_that_cannot_be_had_fails_with_what_to_do(host: Host) -> None:
    run = host.ended(host.launch(**{"data.source": "mnist"}))
    assert run.state is RunState.FAILED
    assert "mnist" in run.reason
    assert "TRAINDECK_DATA_DIR" in run.reason


def test_a_loss_that_is_not_a_number_fails_with_the_epoch(host: Host) -> None:
    changes = {"training.optimizer.name": "sgd", "training.optimizer.learning_rate": 100.0, "training.epochs": 50}
    run = host.ended(host.launch(**changes, **{"data.source": "iris"}))
    assert run.state is RunState.FAILED
    assert "no longer a number in epoch" in run.reason


def test_the_standby_says_what_a_config_builds_without_training(host: Host) -> None:
    config = parse(get_preset("digits-mlp").raw, Settings())
    answer = wait_until(lambda: inspection.ask(host.context, config), "the standby answers")
    assert not answer.problems
    assert answer.params == 64 * 64 + 64 + 64 * 64 + 64 + 64 * 10 + 10
    assert answer.layers[-1].output_shape == (10,)
    assert sum(answer.class_counts.values()) == answer.train_examples


def test_a_second_supervisor_on_the_same_workspace_is_refused(host: Host) -> None:
    with pytest.raises(StateError, match="already at work"):
        Supervisor(host.workspace)


def test_a_run_whose_trainer_never_came_to_be_is_started_again(host: Host) -> None:
    host.end(signal.SIGKILL)
    run_id = host.launch(**{"training.epochs": 1})
    with host.workspace.write() as session:  # as a supervisor leaves it that dies between claim and fork
        db.runs.update(
            session,
            run_id,
            state="starting",
            host=socket.gethostname(),
            attempt=1,
            starting_at=time.time(),
            slots=["cpu:0"],
        )
    host.start()
    run = host.ended(run_id)
    assert run.state is RunState.FINISHED
    assert run.attempt == 2


def test_with_the_standby_switched_off_there_is_none_but_for_a_run_that_waits(settings: Settings) -> None:
    workspace = Workspace.open(settings.model_copy(update={"standby": False}))
    supervisor = Supervisor(workspace)
    try:
        supervisor.tick()
        assert not supervisor.launcher.ready
        waiting = Host(workspace).queue_for("gpu:99")
        supervisor.tick()
        assert supervisor.launcher.ready
        runs.stop(Context.of_shell(workspace), [waiting])
        supervisor.tick()
        assert not supervisor.launcher.ready
    finally:
        supervisor.close()
        workspace.close()


def test_a_process_that_got_the_pid_of_a_dead_trainer_is_left_alone(host: Host) -> None:
    innocent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    try:
        run_id = host.queue_for("gpu:99")
        identity = ProcessId.of(innocent.pid)
        with host.workspace.write() as session:
            db.runs.update(
                session,
                run_id,
                state="running",
                host=socket.gethostname(),
                pid=identity.pid,
                pid_started=identity.started - 1000,
                pid_boot=identity.boot,
                stop_requested="now",
            )
        host.ended(run_id)
        assert innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()


def test_a_run_of_another_host_is_not_lost_because_the_clocks_of_the_two_differ(host: Host) -> None:
    gone, probe = host.queue_for("gpu:99"), host.launch(**{"training.epochs": 1})
    with host.workspace.write() as session:
        heard = time.time() - 3600
        db.runs.update(session, gone, state="running", host="elsewhere", starting_at=heard, heartbeat_at=heard)
    assert host.ended(probe).state is RunState.FINISHED  # the supervisor has looked at all runs since
    assert host.run(gone).state is RunState.RUNNING
    with host.workspace.write() as session:
        db.runs.update(session, gone, state="lost")
