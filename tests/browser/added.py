"""Runs at rest that no process trained, for what pages do with them."""

import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import db.runs
from core.common.workspace import Workspace
from core.config.edit import Raw, flatten
from core.tracking.recorder import Recorder


def add(workspace: Workspace, place: int, rate: float, name: str = "brushed") -> int:
    training = {
        "epochs": 5 + place,
        "batch_size": 16 * (place + 1),
        "optimizer": {"name": "adam", "learning_rate": rate},
    }
    config = {"data": {"source": "iris"}, "architecture": {"name": "mlp"}, "training": training}
    metrics = {"loss": [1.0, 0.5, 0.0]} | ({"val_loss": [1.0, 0.5, 0.1 * (place + 1)]} if place < 2 else {})
    return store(workspace, config, metrics, experiment="brushing", name=f"{name} {place}")


def store(
    workspace: Workspace,
    config: Raw,
    metrics: Mapping[str, Sequence[float]],
    *,
    experiment: str = "default",
    **columns: Any,
) -> int:
    """A finished run; `metrics` holds a value for each epoch of ten steps."""
    now = time.time()
    values: dict[str, Any] = {"uid": uuid.uuid4().hex, "config": config, "state": "finished", "steps_per_epoch": 10}
    values |= {"created_at": now, "queued_at": now, "training_at": now, "finished_at": now, **columns}
    with workspace.write() as session:
        values["experiment_id"] = db.runs.experiment_id(session, experiment)
        run_id = db.runs.insert(session, values, flatten(config))
    recorder = Recorder(workspace, run_id)
    for name, series in metrics.items():
        recorder.log_series(name, np.arange(10, 10 * len(series) + 1, 10), series, now + np.arange(len(series)))
    recorder.flush()
    return run_id
