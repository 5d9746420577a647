"""Real processes, killed at named steps: no finished trial is lost, and none is made twice."""

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from core import runs
from core.common.pause_points import VARIABLE
from core.config.presets import get_preset
from core.sweeps import managing
from core.sweeps.sweeping import LOCK, take_lock
from core.sweeps.trials import view
from core.system.hosts import living_supervisor
from db.listing import RunQuery
from db.records import RunState
from db.sweep_records import SweepState
from tests.host import Host, host_of, wait_until
from tests.pauses import Pauses


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Host, Pauses]]:
    pauses = Pauses(tmp_path_factory.mktemp("pauses"))
    with host_of(tmp_path_factory.mktemp("host"), {VARIABLE: str(pauses.folder)}) as host:
        host.start()
        yield host, pauses
        for path in pauses.folder.iterdir():
            path.unlink()


def test_kills_of_what_searches_and_of_the_supervisor_lose_no_trial_and_repeat_none(stage: tuple[Host, Pauses]) -> None:
    host, pauses = stage
    base = get_preset("iris-mlp").raw
    definition = {
        "base": {**base, "training": {**base["training"], "epochs": 2}},
        "fields": [{"field": "training.batch_size", "range": {"kind": "whole", "low": 16, "high": 64}}],
        "method": "random",
        "budget": {"trials": 3},
        "at_once": 2,
    }
    pauses.ask("asked")
    sweep = managing.start(host.context, definition)
    pauses.kill("asked")  # it knew what to try, and nobody else did

    def over(count: int) -> bool:
        return sum(trial.is_over for trial in view(host.context, sweep).trials) >= count

    pauses.ask("added")
    pauses.kill("added")  # of another one, which had stored a trial
    wait_until(lambda: over(1), "a trial ends, begun by a third")
    known = {trial.number: trial.values for trial in view(host.context, sweep).trials if trial.is_over}
    pauses.ask("added")
    managing.extend(host.context, sweep, trials=5)
    waiting = pauses.waits("added")
    found = living_supervisor(host.workspace)
    assert found is not None
    assert host.process is not None
    os.kill(found.pid, signal.SIGKILL)
    host.process.wait()
    wait_until(lambda: not psutil.pid_exists(waiting), "what searched ends with its supervisor")
    pauses.forget("added")
    host.start()
    wait_until(lambda: view(host.context, sweep).sweep.state is SweepState.FINISHED, "the sweep ends")
    trials = view(host.context, sweep).trials
    assert [trial.number for trial in trials] == list(range(5))
    assert [len(trial.runs) for trial in trials] == [1] * 5
    assert {number: trials[number].values for number in known} == known
    made = runs.matching_ids(host.context, RunQuery())
    assert sorted(made) == sorted(run for trial in trials for run in trial.run_ids)
    assert {runs.get(host.context, run).state for run in made} == {RunState.FINISHED}


def test_a_killed_training_is_lost_and_the_next_is_made(stage: tuple[Host, Pauses]) -> None:
    host, _ = stage
    definition = {
        "base": get_preset("digits-mlp").raw | {"training": {"epochs": 100_000}},
        "fields": [{"field": "training.batch_size", "range": {"kind": "choices", "values": [32, 64]}}],
        "method": "grid",
    }
    sweep = managing.start(host.context, definition)
    [first] = wait_until(lambda: view(host.context, sweep).active, "a trial is queued")
    assert first.run is not None
    pid = host.learning(first.run.id).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    second = wait_until(lambda: view(host.context, sweep).trials[1:], "the next trial is made")[0]
    host.learning(second.run_ids[0])
    assert view(host.context, sweep).trials[0].state == "failed"
    managing.stop(host.context, sweep)
    assert host.ended(second.run_ids[0]).state is RunState.STOPPED

    def free() -> bool:
        lock = take_lock(host.workspace.settings.home / LOCK)
        if lock is not None:
            lock.close()
        return lock is not None

    wait_until(free, "the process that searches ends, as nothing needs it")
    assert len(view(host.context, sweep).trials) == 2
