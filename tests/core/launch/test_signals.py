"""Real kills at awkward moments: nothing recorded is lost, and every run ends with a state that is true."""

import os
import signal

import pytest

from core import runs
from core.system.hosts import living_supervisor
from db.records import RunState
from tests.host import ENDLESS, Host, trainer, wait_until


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_trainer_that_is_killed_is_lost_and_keeps_what_it_had_recorded(host: Host, number: signal.Signals) -> None:
    run_id = host.launch(**ENDLESS)
    process = trainer(host.learning(run_id))
    recorded = runs.history(host.context, run_id, "loss")
    process.signal_group(number)
    run = host.ended(run_id)
    assert run.state is RunState.LOST
    assert number.name in run.reason
    assert "epoch" in run.reason
    kept = runs.history(host.context, run_id, "loss")
    assert (kept.value[: len(recorded)] == recorded.value).all()
    assert runs.log_tail(host.context, run_id)


def test_sigterm_to_a_trainer_is_a_graceful_stop_and_is_called_so(host: Host) -> None:
    run_id = host.launch(**ENDLESS)
    trainer(host.learning(run_id)).signal_group(signal.SIGTERM)
    run = host.ended(run_id)
    assert run.state is RunState.STOPPED
    assert "SIGTERM" in run.reason
    assert runs.can_resume(host.context, run)


def test_a_trainer_killed_while_it_starts_does_not_hang_the_queue(host: Host) -> None:
    host.standby()
    run_id, following = host.launch(**ENDLESS), host.launch(**{"training.epochs": 1})
    wait_until(lambda: host.run(run_id).pid, "the run has a process")
    trainer(host.run(run_id)).signal_group(signal.SIGKILL)
    run = host.ended(run_id)
    assert run.state is RunState.LOST
    assert "SIGKILL" in run.reason
    assert host.ended(following).state is RunState.FINISHED


def test_a_training_does_not_notice_that_the_supervisor_is_killed_and_the_next_one_adopts_it(host: Host) -> None:
    run_id, following = host.launch(**ENDLESS), host.launch(**{"training.epochs": 1})
    before = host.learning(run_id)
    host.end(signal.SIGKILL)
    step = host.run(run_id).step
    wait_until(lambda: host.run(run_id).step > step, "the training goes on without a supervisor")
    host.start()
    assert trainer(host.run(run_id)) == trainer(before)
    runs.stop(host.context, [run_id])
    assert host.ended(run_id).state is RunState.STOPPED
    assert host.ended(following).state is RunState.FINISHED


def test_a_training_that_ends_while_there_is_no_supervisor_ends_as_it_should(host: Host) -> None:
    standby = host.standby()
    os.kill(standby.pid, signal.SIGSTOP)  # takes what it is sent when the supervisor is dead
    try:
        run_id = host.launch(**{"training.epochs": 3})
        wait_until(lambda: host.run(run_id).state is RunState.STARTING, "the run is handed over")
        host.end(signal.SIGKILL)
    finally:
        os.kill(standby.pid, signal.SIGCONT)
    run = host.ended(run_id)
    assert (run.state, run.attempt) == (RunState.FINISHED, 1)
    assert living_supervisor(host.workspace) is None


def test_the_standby_can_be_killed_and_its_trainers_go_on(host: Host) -> None:
    run_id, following = host.launch(**ENDLESS), host.launch(**{"training.epochs": 1})
    process = trainer(host.learning(run_id))
    killed = host.standby()
    os.kill(killed.pid, signal.SIGKILL)
    wait_until(lambda: not killed.is_alive(), "the standby is dead")
    assert process.is_alive()
    runs.stop(host.context, [run_id])
    assert host.ended(run_id).state is RunState.STOPPED
    assert host.ended(following).state is RunState.FINISHED


def test_a_supervisor_that_ends_takes_its_standby_along_and_a_trainer_that_dies_then_is_settled_by_the_next(
    host: Host,
) -> None:
    run_id = host.launch(**ENDLESS)
    process = trainer(host.learning(run_id))
    standby = host.standby()
    host.end(signal.SIGTERM)
    wait_until(lambda: not standby.is_alive(), "the standby has ended")
    assert process.is_alive()
    process.signal_group(signal.SIGKILL)
    wait_until(lambda: not process.is_alive(), "the trainer is dead")
    assert host.run(run_id).state is RunState.RUNNING
    host.start()
    run = host.ended(run_id)
    assert run.state is RunState.LOST
    assert "nobody saw it end" in run.reason
