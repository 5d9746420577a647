"""Runs at rest that no process trained, for what pages do with them."""

import time
import uuid
from typing import Any

import numpy as np

import db.runs
from core.common.workspace import Workspace
from core.config.edit import flatten
from core.tracking.recorder import Recorder


def add(workspace: Workspace, place: int, rate: float, name: str = "brushed") -> int:
    training = {
        "epochs": 5 + place,
        "batch_size": 16 * (place + 1),
        "optimizer": {"name": "adam", "learning_rate": rate},
    }
    config = {"data": {"source": "iris"}, "architecture": {"name": "mlp"}, "training": training}
    now = time.time()
    values: dict[str, Any] = {"uid": uuid.uuid4().hex, "name": f"{name} {place}", "config": config}
    values |= {
        "state": "finished",
        "created_at": now,
        "queued_at": now,
        "training_at": now,
        "finished_at": now,
        "steps_per_epoch": 10,
    }
    with workspace.write() as session:
        values["experiment_id"] = db.runs.experiment_id(session, "brushing")
        run_id = db.runs.insert(session, values, flatten(config))
    recorder = Recorder(workspace, run_id)
    metrics = {"loss": [1.0, 0.5, 0.0]} | ({"val_loss": [1.0, 0.5, 0.1 * (place + 1)]} if place < 2 else {})
    for name, series in metrics.items():
        recorder.log_series(name, np.array([10, 20, 30]), series, now + np.arange(3))
    recorder.flush()
    return run_id
