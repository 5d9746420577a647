"""The contract of core.launch.launcher, held against every launcher: the suite that a new one has to pass."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

import db.runs
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.edit import with_values
from core.config.presets import get_preset
from core.launch.launcher import Job, JobState, JobStatus, Launcher
from core.launch.local.local_launcher import LocalLauncher
from core.system.process import ProcessId
from db.records import RunState
from tests.host import ENDLESS, wait_until

LAUNCHERS: dict[str, Callable[[Workspace], Launcher]] = {"local": LocalLauncher}


class Bench:
    """A launcher in the hands of a test, which is its supervisor."""

    def __init__(self, workspace: Workspace, make: Callable[[Workspace], Launcher]) -> None:
        self.workspace = workspace
        self.context = Context.of_shell(workspace)
        self.make = make
        self.launcher = make(workspace)
        self.started: list[int] = []

    def claim(self, **changes: Any) -> Job:
        """A run that is given away, as a supervisor does it, and not started yet."""
        raw = with_values(get_preset("digits-mlp").raw, changes)
        run = runs.get(self.context, runs.create(self.context, runs.Draft(raw))[0])
        given = {"host": socket.gethostname(), "slots": list(self.launcher.slots[:1]), "attempt": 1}
        with self.workspace.write() as session:
            db.runs.update(session, run.id, state="starting", starting_at=time.time(), **given)
        self.started.append(run.id)
        return Job.of(runs.get(self.context, run.id))

    def start(self, **changes: Any) -> Job:
        self.launcher.prepare(wanted=True)
        job = self.claim(**changes)
        assert self.launcher.start(job)
        return job

    def status(self, job: Job) -> JobStatus:
        """As a supervisor asks: what it hears first, then the store, then the job as the store knows it."""
        self.launcher.heard()
        return self.launcher.poll([Job.of(runs.get(self.context, job.run_id))])[job.run_id]

    def until(self, job: Job, state: JobState) -> JobStatus:
        wait_until(lambda: self.status(job).state is state, f"run {job.run_id} is {state}")
        return self.status(job)

    def training(self, job: Job) -> Job:
        """The job, once it trains."""

        def trains() -> bool:
            self.status(job)
            return runs.get(self.context, job.run_id).state is RunState.RUNNING

        wait_until(trains, "it trains")
        return Job.of(runs.get(self.context, job.run_id))

    def reopen(self) -> None:
        """Another launcher in the place of this one, as after a supervisor's end."""
        self.launcher.close()
        self.launcher = self.make(self.workspace)

    def clear(self) -> None:
        for run in runs.get_many(self.context, self.started):
            if run.state.has_process:
                self.launcher.stop(Job.of(run))


@pytest.fixture(scope="module", params=LAUNCHERS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    workspace = Workspace.open(Settings(home=tmp_path_factory.mktemp("home"), user="ada"))
    bench = Bench(workspace, LAUNCHERS[request.param])
    yield bench
    bench.launcher.close()
    workspace.close()


@pytest.fixture
def bench(shared: Bench) -> Iterator[Bench]:
    yield shared
    shared.clear()


def test_a_job_waits_is_carried_out_and_ends_with_its_exit_code(bench: Bench) -> None:
    job = bench.start(**{"training.epochs": 1})
    assert bench.status(job).state is JobState.WAITING
    seen = [JobState.WAITING]

    def ended() -> bool:
        state = bench.status(job).state
        if state is not seen[-1]:
            seen.append(state)
        return state is JobState.ENDED

    wait_until(ended, "it ends")
    assert seen == [JobState.WAITING, JobState.RUNNING, JobState.ENDED]
    assert bench.status(job) == JobStatus(JobState.ENDED, 0)
    assert runs.get(bench.context, job.run_id).state is RunState.FINISHED


def test_what_it_printed_and_left_is_there_while_it_writes_and_for_any_thread(bench: Bench) -> None:
    job = bench.claim(**ENDLESS)
    assert bench.launcher.log(job.run_id, 10) == ""
    assert bench.launcher.files(job.run_id) == []
    bench.launcher.prepare(wanted=True)
    assert bench.launcher.start(job)
    bench.training(job)
    wait_until(lambda: "best.keras" in _names(bench, job), "there is a checkpoint")
    found: list[str] = []
    readers = [threading.Thread(target=lambda: found.append(bench.launcher.log(job.run_id, 50))) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(found) == 4
    assert all("Training on" in text for text in found)
    sizes = {file.path: file.size for file in bench.launcher.files(job.run_id)}
    assert sizes["checkpoints/best.keras"] > 0
    assert sizes["log.txt"] > 0


def _names(bench: Bench, job: Job) -> set[str]:
    return {file.path.rpartition("/")[2] for file in bench.launcher.files(job.run_id)}


def test_a_job_that_is_stopped_ends_at_once_by_a_signal_and_stopping_it_again_is_no_error(bench: Bench) -> None:
    job = bench.training(bench.start(**ENDLESS))
    bench.launcher.stop(job)
    status = bench.until(job, JobState.ENDED)
    assert status.exit_code == -9
    bench.launcher.stop(job)
    assert bench.status(job).state is JobState.ENDED


def test_a_job_that_nobody_started_has_vanished_and_stopping_it_is_no_error(bench: Bench) -> None:
    job = bench.claim()
    assert bench.status(job) == JobStatus(JobState.VANISHED)
    bench.launcher.stop(job)


def test_a_job_started_twice_is_carried_out_once(bench: Bench) -> None:
    job = bench.start(**{"training.epochs": 1})
    bench.launcher.start(job)
    bench.until(job, JobState.ENDED)
    assert bench.launcher.log(job.run_id, 1000).count("Training on") == 1


def test_an_attempt_that_is_no_longer_the_runs_takes_nothing(bench: Bench) -> None:
    job = bench.claim(**{"training.epochs": 1})
    with bench.workspace.write() as session:
        db.runs.update(session, job.run_id, attempt=job.attempt + 1)
    bench.launcher.prepare(wanted=True)
    assert bench.launcher.start(job)
    assert bench.launcher.poll([replace(job, attempt=job.attempt + 1)])[job.run_id].state is JobState.VANISHED
    following = bench.start(**{"training.epochs": 1})
    bench.until(following, JobState.ENDED)  # what was started before it had its turn
    assert "Training on" not in bench.launcher.log(job.run_id, 1000)


def test_a_launcher_that_did_not_start_a_job_knows_how_it_is_and_can_stop_it(bench: Bench) -> None:
    job = bench.training(bench.start(**ENDLESS))
    bench.reopen()
    assert bench.status(job).state is JobState.RUNNING
    bench.launcher.stop(job)
    bench.until(job, JobState.ENDED)


def test_a_job_whose_process_is_another_by_now_has_ended_and_the_other_is_left_alone(bench: Bench) -> None:
    own = ProcessId.own()
    job = replace(bench.claim(), process=replace(own, started=own.started - 1000))
    assert bench.launcher.poll([job])[job.run_id] == JobStatus(JobState.ENDED)
    bench.launcher.stop(job)


def test_it_is_not_ready_before_it_is_made_so_and_rests_where_nothing_waits(bench: Bench) -> None:
    bench.reopen()
    assert not bench.launcher.ready
    assert not bench.launcher.start(bench.claim())
    bench.launcher.prepare(wanted=True)
    assert bench.launcher.ready
    assert bench.launcher.failures == 0
    assert bench.launcher.report()["state"] in ("warming", "ready")
