"""A run that prunes: its best network is as sparse as was asked for, and so are all that are told of it."""

import json
from collections.abc import Callable

import numpy as np

from core import runs
from core.common.context import Context
from core.runs.compressing import compressed
from core.training.checkpoints import read_position
from db.records import RunRecord
from tests.core.conftest import Queue
from tests.core.training.test_fine_tune import weights
from tests.core.warm import Warm

__all__ = ["weights"]
Train = Callable[[int], RunRecord]


def test_the_best_network_is_one_after_the_last_cut(context: Context, queue: Queue, train: Train, warm: Warm) -> None:
    parent = train(queue(training={"epochs": 4}))
    raw = compressed(parent.config, parent.id, "prune", 0.5)
    assert (raw["fine_tune"]["run"], raw["pruning"]["sparsity"]) == (parent.id, 0.5)
    # So fast that it only gets worse: an epoch before the last cut would be the best.
    wild = raw["training"] | {"epochs": 8, "optimizer": {"name": "sgd", "learning_rate": 3.0}, "stop_on_nan": False}
    run = train(queue(**raw | {"training": wild}))
    assert run.parent_id == parent.id
    path = runs.artifact_file(context, run.id, "best.keras")
    found = warm.call("tests.core.training.test_fine_tune:weights", str(path))
    kernels = [np.array(each) for values in found.values() for each in values if np.ndim(each) == 2]
    zeros = sum(int((each == 0).sum()) for each in kernels)
    size = sum(each.size for each in kernels)
    assert zeros == size // 2
    assert run.facts["pruned"] == {"weights": size, "zeros": zeros}
    history = runs.history(context, run.id, "sparsity")
    assert history.value[-1] == 0.5
    assert 0 < history.value[0] < 0.5
    position = read_position(path, run.uid)
    assert position is not None
    assert position.step >= 4 * history.step[0]
    assert json.dumps(run.config["pruning"]) == '{"sparsity": 0.5, "ramp": 0.5, "scope": "layer"}'
