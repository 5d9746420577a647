"""A real host for tests: a supervisor process with its standby, on a workspace, with real trainers."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import db.runs
from core import runs
from core.common.context import Context
from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from core.config.edit import Raw, flatten, with_values
from core.config.presets import get_preset
from core.system.hosts import living_supervisor
from core.system.process import ProcessId
from db.records import RunRecord, RunState
from tests import calm, leftovers

# As long as a config can say: it ends when it is stopped or killed, at the latest by `Host.close`. It tries no other
# modes of its engine, and rests between its calls (tests.calm), so that what the test waits for has the processor.
ENDLESS: dict[str, Any] = {
    "training.epochs": 1_000_000,
    "training.early_stopping": None,
    "training.engine": "graph",
    "evaluation.test": False,
}
# Bounds for what never comes, not for what is slow: a small machine may have other work on all of its cores.
PATIENCE_SECONDS = 300.0


def wait_until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """The condition's value as soon as it is true; fails with `what` when it never is."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.05)
    return value


def paths_in(folder: Path) -> list[Path]:
    """Everything in a folder and below it, also while somebody removes some of that; [] where there is none."""
    return [Path(place, name) for place, folders, files in os.walk(folder) for name in (*folders, *files)]


class Host:
    """The supervisor of a workspace, as a process that can be killed and started again."""

    def __init__(self, workspace: Workspace, environment: Mapping[str, str] | None = None) -> None:
        """`environment` holds variables that its processes get beside those of the workspace's settings."""
        self.workspace = workspace
        self.context = Context.of_shell(workspace)
        self._environment = dict(environment or {})
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = (self.workspace.settings.home / "supervisor.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "core", "supervise"],
                cwd=PROJECT_ROOT,
                env=os.environ | self.workspace.settings.environment() | calm.path() | self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_until(lambda: living_supervisor(self.workspace), "the supervisor reports itself")

    def ensure(self) -> None:
        """Start a supervisor where there is none, of a server or this one's."""
        if living_supervisor(self.workspace) is None:
            self.start()

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(timeout=PATIENCE_SECONDS)

    def standby(self) -> ProcessId:
        """The standby's process, once it is ready."""

        def ready() -> dict[str, Any] | None:
            host = living_supervisor(self.workspace)
            return host.standby if host and host.standby.get("state") == "ready" else None

        report = wait_until(ready, "the standby is ready")
        return ProcessId(report["pid"], report["pid_started"], report["pid_boot"])

    def launch(self, preset: str = "digits-mlp", /, **changes: Any) -> int:
        """Queue a run of a preset with some params changed: `launch(**{"training.epochs": 3})`."""
        return self.launch_config(with_values(get_preset(preset).raw, changes), preset)

    def launch_config(self, raw: Raw, preset: str = "") -> int:
        return runs.create(self.context, runs.Draft(raw, preset=preset))[0]

    def queue_for(self, slot: str) -> int:
        """Queue a run for a slot that this host has not, as when a card was taken out after it was launched."""
        return self.queue_row(resources={"slot": slot})

    def queue_row(self, preset: str = "digits-mlp", **columns: Any) -> int:
        """Queue a run as no use case would: with whatever columns another version, or somebody by hand, may write."""
        raw = get_preset(preset).raw
        now = time.time()
        values = {"uid": uuid.uuid4().hex, "name": "row", "state": "queued", "created_at": now, "queued_at": now}
        with self.workspace.write() as session:
            values |= {"config": raw, "experiment_id": db.runs.experiment_id(session, "rows"), **columns}
            return db.runs.insert(session, values, flatten(raw))

    def run(self, run_id: int) -> RunRecord:
        return runs.get(self.context, run_id)

    def ended(self, run_id: int, seconds: float = PATIENCE_SECONDS) -> RunRecord:
        """The run, once it is at rest."""
        wait_until(lambda: self.run(run_id).state.is_finished, f"run {run_id} ends", seconds)
        return self.run(run_id)

    def learning(self, run_id: int, points: int = 3) -> RunRecord:
        """The run, once it trains and has some points of its loss in the store."""

        def recorded() -> bool:
            run = self.run(run_id)
            assert not run.state.is_finished, f"run {run_id} is {run.state}: {run.reason}"
            return run.state is RunState.RUNNING and len(runs.history(self.context, run_id, "loss")) >= points

        wait_until(recorded, f"run {run_id} learns")
        return self.run(run_id)

    def clear(self) -> None:
        """Stop whatever still runs, as the end of a test."""
        active = [run.id for run in runs.active(self.context)]
        runs.stop(self.context, active, now=True)
        if active:
            self.ensure()
        for run_id in active:
            self.ended(run_id)

    def close(self) -> None:
        """End the supervisor and whatever else is at work on the workspace, also after a test that failed."""
        try:
            self.clear()
            self.end()
        finally:
            leftovers.end(self.workspace.settings.home)


@contextmanager
def host_of(home: Path, environment: Mapping[str, str] | None = None, **settings: Any) -> Iterator[Host]:
    """A host on a workspace of its own, not started yet, which ends with what it runs."""
    workspace = Workspace.open(Settings(home=home, user="ada", **settings))
    host = Host(workspace, environment)
    try:
        yield host
    finally:
        host.close()
        workspace.close()


def trainer(run: RunRecord) -> ProcessId:
    process = ProcessId.recorded(run)
    assert process is not None
    return process
