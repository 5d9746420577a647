"""Runs that begin from another run's best weights: real trainings on real data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.common.settings import Settings
from core.common.workspace import Workspace
from db.records import RunRecord, RunState
from tests.core.conftest import Queue, StartRun
from tests.core.warm import Warm, eventually

Train = Callable[[int], RunRecord]

NETWORK = {"name": "mlp", "hidden": [16, 8], "batch_norm": True}
FEW = {"source": "digits", "limit": 200}
SHORT = {"training": {"epochs": 2, "batch_size": 16}, "evaluation": {"test": False}}


def weights(path: str) -> dict[str, Any]:
    """By layer, as JSON data."""
    import keras

    model = keras.models.load_model(path, compile=False)
    return {layer.name: [value.tolist() for value in layer.get_weights()] for layer in model.layers if layer.weights}


def _weights_of(warm: Warm, context: Context, run_id: int) -> dict[str, Any]:
    path = runs.artifact_file(context, run_id, "best.keras")
    found: dict[str, Any] = warm.call("tests.core.training.test_fine_tune:weights", str(path))
    return found


def test_frozen_layers_keep_the_other_runs_weights_to_the_bit_also_when_resumed_without_it(
    workspace: Workspace, context: Context, queue: Queue, train: Train, start: StartRun, warm: Warm
) -> None:
    parent = train(queue(data=FEW, architecture=NETWORK, **SHORT))
    before = _weights_of(warm, context, parent.id)
    endless = {"epochs": 1_000_000, "batch_size": 16}
    run_id = queue(
        data=FEW, architecture=NETWORK, training=endless, fine_tune={"run": parent.id, "freeze": ["dense_1*"]}
    )
    child = start(run_id)
    eventually(lambda: runs.get(context, run_id).step > 0)
    runs.stop(context, [run_id])
    assert child.wait() == 0, child.log
    told = f"Begins from run {parent.id}: 5 of 5 layers taken; new: none; frozen: dense_1, dense_1_norm."
    assert told in child.log
    stopped = runs.get(context, run_id)
    assert stopped.parent_id == parent.id
    begun = stopped.facts["fine_tuned_from"]
    assert (begun["run"], begun["uid"], begun["taken"], begun["frozen"]) == (parent.id, parent.uid, 5, 2)
    after = _weights_of(warm, context, run_id)
    assert all(after[name] == before[name] for name in ("dense_1", "dense_1_norm"))
    assert all(after[name] != before[name] for name in ("dense_2", "logits"))

    runs.trash(context, [parent.id])
    runs.empty_trash(context)
    runs.resume(context, run_id)
    again = start(run_id)
    eventually(lambda: runs.get(context, run_id).step > stopped.step)
    runs.stop(context, [run_id])
    assert again.wait() == 0
    assert "Goes on from step" in again.log
    assert _weights_of(warm, context, run_id)["dense_1"] == before["dense_1"]
    resumed = runs.get(context, run_id)
    assert resumed.facts["fine_tuned_from"] == begun
    with pytest.raises(ConfigError, match=rf"fine_tune.run: run {parent.id} has no checkpoint"):
        runs.relaunch(context, run_id)


def test_the_last_layer_is_new_where_it_means_something_else_and_what_does_not_fit_is_told(
    workspace: Workspace, context: Context, queue: Queue, train: Train, start: StartRun, data_dir: Path
) -> None:
    parent = train(queue(data={**FEW, "resize": [28, 28]}, architecture=NETWORK, **SHORT)).id
    workspace.settings = Settings(home=workspace.settings.home, data_dir=data_dir)
    fashion = {"source": "fashion_mnist", "limit": 200}
    run = train(queue(data=fashion, architecture=NETWORK, fine_tune={"run": parent}, **SHORT))
    assert run.facts["fine_tuned_from"]["new"] == ["logits"]
    for hidden, freeze, told in [
        ([5], [], f"Nothing of run {parent} fits this network. Its layers are dense_1, dense_1_norm, dense_2"),
        ([16, 9], ["dense_2"], f"Run {parent} has no weights for dense_2: what is new must not be frozen."),
    ]:
        network = {**NETWORK, "hidden": hidden, "batch_norm": hidden != [5]}
        run_id = queue(data=FEW, architecture=network, fine_tune={"run": parent, "freeze": freeze}, **SHORT)
        start(run_id).wait()
        failed = runs.get(context, run_id)
        assert failed.state is RunState.FAILED
        assert told in failed.reason


def moved_tokens(folder: str) -> dict[str, Any]:
    """Weights of a generator, given those of another one with another vocabulary."""
    from core.architectures.recurrent import RecurrentGenerator
    from core.data.base import DataInfo, Dataset
    from core.data.vocabulary import Vocabulary
    from core.engine.freeze import FineTuneError, freeze, weighted_layers
    from core.training.fine_tune import _take, _tokens

    Vocabulary("character", ("a", "b", "c")).save(Path(folder) / "vocabulary.json")
    vocabulary = Vocabulary("character", ("c", "x", "a", "y"))
    none = np.empty((0, 4), np.int32)
    models = []
    for size in (5, 6):
        info = DataInfo((4,), (), 1, 0, task="generation", kind="corpus", vocabulary=size)
        models.append(RecurrentGenerator(embedding=2, units=(3,)).build(info))
        models[-1].set_weights([np.random.default_rng(size).normal(size=each.shape) for each in models[-1].weights])
    data = Dataset(none, none, none, none, none, none, info, "", vocabulary)
    other, model = models
    before = [weight.numpy().tolist() for weight in model.weights]
    layers = dict(weighted_layers(model))
    tokens = _tokens(model, layers, data, Path(folder) / "vocabulary.json")
    taken = {name: _take(layers[name], layer.get_weights(), tokens) for name, layer in weighted_layers(other)}
    after = [weight.numpy().tolist() for weight in model.weights]
    refused = []
    for patterns in (["conv_*"], ["*"]):
        try:
            freeze(model, patterns)
        except FineTuneError as error:
            refused.append(str(error))
    return {
        "refused": refused,
        "taken": taken,
        "before": before,
        "after": after,
        "other": [each.numpy().tolist() for each in other.weights],
    }


def test_what_was_learned_of_a_token_moves_to_its_new_number_and_wrong_patterns_are_refused(
    warm: Warm, tmp_path: Path
) -> None:
    found = warm.call("tests.core.training.test_fine_tune:moved_tokens", str(tmp_path))
    assert found["taken"] == {"embedding": True, "gru_1": True, "logits": True}
    unknown, everything = found["refused"]
    assert unknown.startswith(
        "No layer with weights is named 'conv_*', which is to be frozen. There are embedding, gru_1"
    )
    assert everything.startswith("All layers are frozen, so there is nothing to train.")
    here, there, new = [0, 1, 2, 4], [0, 1, 4, 2], [3, 5]  # padding, unknown, c, a; x and y are new
    for weight, axis in ((0, 0), (-2, 1), (-1, 0)):  # the embedding, the last layer's kernel and bias
        before, after, other = (
            np.moveaxis(np.array(found[key][weight]), axis, 0) for key in ("before", "after", "other")
        )
        np.testing.assert_array_equal(after[here], other[there])
        np.testing.assert_array_equal(after[new], before[new])
