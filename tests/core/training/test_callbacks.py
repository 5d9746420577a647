"""Callbacks of the training: several side by side, told at each moment, in the way of no fast execution."""

from core import runs
from core.common.context import Context
from core.training.callbacks import Callback, CallbackList, EpochEnd
from db.records import RunState
from tests.core.conftest import Queue, StartRun
from tests.core.warm import eventually

TOLD = "tests.core.training.told:train"
# Without validation nothing has to be done between two epochs, so that one call takes many of them.
CONFIG = {"data": {"source": "iris", "limit": 40, "validation_split": 0.0}, "evaluation": {"test": False}}
TRAINING = {"epochs": 400, "batch_size": 16, "engine": "graph"}


def test_two_callbacks_are_told_the_same_and_epochs_still_share_calls(
    context: Context, queue: Queue, start: StartRun
) -> None:
    run_id = queue(**CONFIG, training=TRAINING)
    first, second = start(run_id, TOLD, 0).result()
    assert first == second
    losses = runs.history(context, run_id, "loss")
    assert [number for number, _, _ in first["epochs"]] == list(range(1, 401))
    assert [step for _, step, _ in first["epochs"]] == losses.step.tolist()
    assert [loss for _, _, loss in first["epochs"]] == losses.value.tolist()
    assert len(first["calls"]) < 100, "several epochs a call"
    assert first["calls"][-1] == [1200, 0]
    assert first["current"] == [step // 3 for step, _ in first["calls"] if step % 3 == 0]
    best = runs.summaries(context, [run_id])[run_id]["loss"]
    assert first["best"][-1] == [best.best_step, best.best]
    assert first["stop"] == []


def test_one_of_them_ends_the_training_and_the_others_are_told_all_that_was_trained(
    context: Context, queue: Queue, start: StartRun
) -> None:
    run_id = queue(**CONFIG, training={**TRAINING, "epochs": 100_000})
    first, second = start(run_id, TOLD, 300).result()
    run = runs.get(context, run_id)
    assert (run.state, run.reason) == (RunState.FINISHED, "Enough after epoch 300.")
    assert first == second
    assert 300 <= first["epochs"][-1][0] < 100_000
    assert first["epochs"][-1][1] == run.step == first["calls"][-1][0]


def test_a_request_to_stop_is_told_with_its_reason(context: Context, queue: Queue, start: StartRun) -> None:
    run_id = queue(**CONFIG, training={**TRAINING, "epochs": 1_000_000})
    child = start(run_id, TOLD, 0)
    eventually(lambda: runs.get(context, run_id).step)
    runs.stop(context, [run_id])
    for told in child.result():
        assert told["stop"] == [[runs.get(context, run_id).step, "Stopped on request"]]


def test_a_callback_that_overrides_nothing_does_nothing() -> None:
    told = CallbackList([Callback()])
    told.append(CallbackList())
    assert told.on_epoch_end(EpochEnd(1, 10)) == ""
    told.on_steps_end(10, 0)
    told.on_best(10, 0.5)
    told.on_stop(10, "")


def test_every_reason_to_end_is_kept() -> None:
    class Ends(Callback):
        def __init__(self, reason: str) -> None:
            self._reason = reason

        def on_epoch_end(self, epoch: EpochEnd) -> str:
            return self._reason

    assert CallbackList([Ends("Slow."), Ends(""), Ends("Poor.")]).on_epoch_end(EpochEnd(1, 10)) == "Slow. Poor."
