"""Many epochs in one call: all is recorded and kept as if each had been a call of its own."""

from collections.abc import Callable

from core import runs
from core.common.context import Context
from db.records import RunRecord
from tests.core.conftest import Queue, StartRun
from tests.core.warm import Warm

# 3 steps an epoch, the last one smaller; a rate that is far too large, so that the best epoch is one among many.
CONFIG = {"data": {"source": "iris", "limit": 40, "validation_split": 0.0}}
TRAINING = {"epochs": 400, "batch_size": 16, "optimizer": {"name": "sgd", "learning_rate": 0.8}, "engine": "graph"}
BY_ITSELF = {"early_stopping": {"patience": 1_000_000, "restore_best": False}}  # has to look after each epoch


def test_epochs_in_one_call_leave_what_epochs_one_by_one_leave(
    context: Context, queue: Queue, train: Callable[[int], RunRecord], warm: Warm
) -> None:
    found = []
    for more in ({}, BY_ITSELF):
        run = train(queue(**CONFIG, training={**TRAINING, **more}))
        curves = [runs.history(context, run.id, name) for name in ("loss", "accuracy", "learning_rate")]
        files = [str(runs.artifact_file(context, run.id, name)) for name in ("best.keras", "last.keras")]
        best = runs.summaries(context, [run.id])[run.id]["loss"]
        found.append(
            (
                [(curve.step.tolist(), curve.value.tolist()) for curve in curves],
                [warm.call("tests.core.inside:weights_of", file) for file in files],
                (best.best_step, best.best),
            )
        )
    assert 3 < found[0][2][0] < 1200
    assert found[0] == found[1]


def test_a_loss_that_is_no_number_ends_the_run_after_the_epochs_before_it(
    context: Context, queue: Queue, start: StartRun
) -> None:
    # It diverges little by little: its loss is no number from the 27th epoch on.
    training = {**TRAINING, "optimizer": {"name": "sgd", "learning_rate": 0.3, "momentum": 0.0}}
    architecture = {"name": "mlp", "hidden": [64] * 4, "activation": "linear"}
    run_id = queue(**CONFIG, architecture=architecture, training=training)
    start(run_id).wait()
    run = runs.get(context, run_id)
    assert "no longer a number" in run.reason
    recorded = runs.history(context, run_id, "loss").step.tolist()
    assert len(recorded) > 3
    assert recorded[:-1] == list(range(3, 3 * len(recorded), 3))
