"""The weights of a run's last epochs are kept, and a version is made of their mean."""

from collections.abc import Callable

import numpy as np
import pytest

from core import models, runs
from core.common.context import Context
from core.models import making
from core.runs.kept_weights import kept_weights
from db.records import RunRecord
from tests.core.conftest import Queue
from tests.core.training.test_joined_networks import made
from tests.core.warm import Warm

Train = Callable[[int], RunRecord]


def test_a_version_is_the_mean_of_the_last_epochs_with_its_own_statistics(
    context: Context, queue: Queue, train: Train, warm: Warm
) -> None:
    network = {"name": "cnn", "filters": [4], "hidden": [], "batch_norm": True}
    run = train(queue(data={"source": "digits"}, architecture=network, training={"epochs": 4, "keep_epochs": 3}))
    settings = context.workspace.settings
    kept = kept_weights(settings, run)
    assert list(kept) == [2, 3, 4]
    with pytest.raises(models.ModelError, match=r"of 3 epochs \(2, 3, 4\), and 4 were asked for\. Take 2 to 3"):
        making.average_request(context, run, "digits", 4)
    done = made(warm, context, making.average_request(context, run, "digits", 2))
    assert done.problem == ""
    version = models.find(context, done.reference)
    assert version.facts["averaged"] == {"epochs": [3, 4], "renewed": 1}
    assert f"the mean of the weights of epochs 3 and 4 of run {run.id}" in version.card
    assert "Statistics of 1 batch normalisation were computed anew" in version.card
    assert version.metrics["test_accuracy"] > 0.5

    environment = settings.environment()
    network_file = str(models.network_file(settings, version))
    own = warm.call("tests.core.training.inside_joined:weights", environment, network_file)
    last = {}
    for epoch in (3, 4):
        with np.load(kept[epoch]) as stored:
            last[epoch] = [stored[f"w{place}"] for place in range(len(own))]
    apart = [
        float(np.abs(np.array(value) - (one + other) / 2).max())
        for (_, value), one, other in zip(own, last[3], last[4], strict=True)
    ]
    renewed = ["moving" in name for name, _ in own]
    assert sum(renewed) == 2
    assert max(each for each, is_new in zip(apart, renewed, strict=True) if not is_new) < 1e-6
    assert min(each for each, is_new in zip(apart, renewed, strict=True) if is_new) > 1e-6


def test_a_run_that_kept_no_epoch_says_how_to_keep_some(context: Context, add_run: Callable[..., int]) -> None:
    run = runs.get(context, add_run())
    folder = context.workspace.settings.run_dir(run.id) / "checkpoints"
    folder.mkdir(parents=True)
    (folder / runs.BEST_CHECKPOINT).write_bytes(b"weights")
    (folder / "epoch-0.npz").write_bytes(b"damaged")
    told = making.average_problem(context, run, 5)
    assert "kept the weights of no epoch" in told
    assert told.endswith("launch it again with training.keep_epochs=5.")
