"""Runs that stay alive without training: a process of its own that beats and records for them as trainers do.

Twenty real trainings do not fit on the reference machine. What the pages see of one is here: a heartbeat and a flush of
the recorder every 0.8 s, an epoch of metrics a second, ten values of a step a second, telemetry every two.
"""

import math
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import numpy as np

import db.leases
import db.runs
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.check import parse
from core.config.edit import dump, flatten
from core.config.presets import get_preset
from core.system.process import ProcessId
from core.tracking.recorder import Recorder
from db.records import Lease, RunState
from tests.host import wait_until

BEAT_SECONDS = 0.8  # as core.training.heartbeat has it
STEPS_PER_EPOCH, EPOCHS = 10, 100_000


class LiveRuns:
    """Adds runs to the store and starts the process that keeps them alive; `ids` are their numbers."""

    def __init__(self, workspace: Workspace, count: int, before: int = 60) -> None:
        """`before` epochs are in the store already when the process begins."""
        self._workspace = workspace
        self.ids = [_add(workspace, number) for number in range(count)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.live_runs", str(before), *map(str, self.ids)],
            cwd=Path(__file__).parents[1],
            env=os.environ | workspace.settings.environment(),
        )
        wait_until(self._all_learn, "every live run has recorded something")

    def _all_learn(self) -> bool:
        with self._workspace.read() as session:
            return all(run.step > 0 for run in db.runs.get_many(session, self.ids))

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(30)


def _add(workspace: Workspace, number: int) -> int:
    now = time.time()
    raw = get_preset("digits-mlp").raw | {"seed": number}
    config = dump(parse(raw, workspace.settings))
    values = {
        "uid": uuid.uuid4().hex,
        "name": f"live-{number}",
        "state": RunState.QUEUED.value,
        "config": config,
        "preset": "digits-mlp",
        "created_by": "ada",
        "created_at": now,
        "queued_at": now,
        "steps_per_epoch": STEPS_PER_EPOCH,
        "total_steps": STEPS_PER_EPOCH * EPOCHS,
    }
    with workspace.write() as session:
        values["experiment_id"] = db.runs.experiment_id(session, "live")
        run_id = db.runs.insert(session, values, flatten(config))
        run = db.runs.get(session, run_id)
        assert run is not None
        assert db.leases.grant(session, run, os.uname().nodename, [f"cpu:{number}"], now)
        return run_id


class _Training:
    """One run's share of the process."""

    def __init__(self, workspace: Workspace, run_id: int, before: int) -> None:
        self._workspace = workspace
        self._lease = Lease(run_id, 1)
        self._recorder = Recorder(workspace, run_id, self._lease)
        self._random = np.random.default_rng(run_id)
        self._began = time.time() - before
        self._step = self._sampled = 0
        own = ProcessId.own()
        with workspace.write() as session:
            assert db.leases.take(session, self._lease, own.pid, own.started, own.boot)
            db.leases.begin(session, self._lease, self._began, first_step=0)

    def beat(self) -> None:
        now = time.time()
        while (at := self._began + (self._step + 1) / STEPS_PER_EPOCH) <= now:
            self._step += 1
            self._record(at)
        if now - self._sampled >= 2:
            self._sampled = int(now)
            values = {"system/process_cpu_percent": 95.0 + self._noise(), "system/host_cpu_percent": 50 + self._noise()}
            self._recorder.log(values | {"system/process_memory_mb": 900.0}, int(now - self._began), now)
        with self._workspace.write() as session:
            db.leases.heartbeat(session, self._lease, now, self._step, now - self._began)
        self._recorder.flush()

    def _record(self, at: float) -> None:
        loss = math.exp(-self._step / 2_000) + 0.05 * self._noise()
        self._recorder.log({"step_loss": loss}, self._step, at)
        if self._step % STEPS_PER_EPOCH == 0:
            values = {
                "loss": loss,
                "accuracy": 1 - 0.6 * loss,
                "val_loss": loss + 0.1,
                "val_accuracy": 0.95 - 0.6 * loss,
            }
            self._recorder.log(values | {"learning_rate": 0.001}, self._step, at)

    def _noise(self) -> float:
        return float(self._random.random())


def main(before: int, run_ids: list[int]) -> None:
    workspace = Workspace.open(Settings())
    trainings = [_Training(workspace, run_id, before) for run_id in run_ids]
    while True:
        began = time.monotonic()
        for number, training in enumerate(trainings):
            training.beat()
            # Spread over the beat, as independent processes are.
            wait = began + BEAT_SECONDS * (number + 1) / len(trainings) - time.monotonic()
            time.sleep(max(0.0, wait))


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(argument) for argument in sys.argv[2:]])
