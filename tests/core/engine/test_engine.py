"""The engine's modes, held against each other and against Keras's own training."""

from pathlib import Path
from typing import Any

import pytest

from core.common.settings import Settings
from core.data import library
from tests.core.warm import Warm

INSIDE = "tests.core.inside:"
MODES = ("graph", "step", "stream", "fit", "xla")


@pytest.fixture(scope="module")
def compared(warm: Warm) -> dict[str, Any]:
    found: dict[str, Any] = warm.call(f"{INSIDE}engine_and_fit")
    return found


def test_the_engine_learns_what_fit_learns(compared: dict[str, Any]) -> None:
    assert compared["difference"] < 1e-5
    assert compared["loss"] == pytest.approx(compared["fitted"]["loss"], rel=1e-5)
    assert compared["accuracy"] == pytest.approx(compared["fitted"]["accuracy"], rel=1e-5)


def test_the_smaller_last_batch_is_a_step_too(compared: dict[str, Any]) -> None:
    assert compared["iterations"] == 14


def test_the_engine_evaluates_as_keras_does(compared: dict[str, Any]) -> None:
    assert compared["evaluated"]["loss"] == pytest.approx(compared["keras_evaluated"]["loss"], rel=1e-5)
    assert compared["evaluated"]["accuracy"] == pytest.approx(compared["keras_evaluated"]["accuracy"], rel=1e-5)


def test_a_network_is_looked_at_without_memory_for_its_weights(warm: Warm) -> None:
    traced = warm.call(f"{INSIDE}trace_without_memory")
    assert traced["parameters"] > 2e10
    assert traced["mb"] < 200


def test_a_save_that_the_disk_refuses_leaves_the_old_checkpoint(warm: Warm, tmp_path: object) -> None:
    assert warm.call(f"{INSIDE}save_and_fail", str(tmp_path)) == ["last.keras", "step 1"]


def test_gradients_are_clipped_by_their_norm_over_all_weights(warm: Warm) -> None:
    clipped = warm.call(f"{INSIDE}clipped_update", 1.0)
    assert clipped == [pytest.approx([0.6, 0]), pytest.approx([0, 0.8])]
    assert warm.call(f"{INSIDE}clipped_update", 10.0) == [[3, 0], [0, 4]]


DIGITS = {"source": "digits", "limit": 200}
PLAY = {"source": "corpus", "dataset": "play", "tokens": "character", "length": 16, "limit": 100}
CNN = {"name": "cnn", "filters": [4], "hidden": [8]}
GPT = {"name": "gpt", "layers": 1, "heads": 2, "width": 16, "dropout": 0.0}
NETWORKS = {
    "mlp": ({"name": "mlp", "hidden": [16], "l2": 0.001}, DIGITS),
    "cnn": (CNN, DIGITS),
    "several labels": (CNN, {"source": "digit_segments", "limit": 200}),
    "residual network": ({"name": "resnet", "stem": 4, "widths": [4], "blocks": 1}, DIGITS),
    "gru": ({"name": "recurrent_generator", "cell": "gru", "units": [16], "embedding": 8}, PLAY),
    "lstm": ({"name": "recurrent_generator", "cell": "lstm", "units": [16, 8], "embedding": 8}, PLAY),
    "transformer": (GPT, PLAY),
}


@pytest.fixture
def play(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "play.txt"
    file.write_text("".join(f"Scene {number}: enter the king, and then the queen.\n" for number in range(60)))
    library.add_corpus(settings, "play", file)


@pytest.mark.parametrize("network", NETWORKS)
def test_every_way_takes_the_same_steps_as_fit(
    warm: Warm, environment: dict[str, str], play: None, network: str
) -> None:
    found = warm.call(f"{INSIDE}ways_and_fit", environment, *NETWORKS[network], "float32")
    for mode in MODES:
        assert found["losses"][mode] == pytest.approx(found["losses"]["graph"], rel=1e-4), mode
        assert found["means"][mode] == pytest.approx(found["fitted"], rel=1e-4), mode
        assert found["apart"][mode] < 1e-4, mode


AUGMENTED = {**DIGITS, "augmentation": {"crop": 1, "rotation": 10}}
VARIED = {
    "augmentation": (CNN, AUGMENTED, "float32", 1e-4),
    "dropout": ({"name": "mlp", "hidden": [16], "dropout": 0.3}, DIGITS, "float32", 1e-4),
    "mixed precision": (CNN, DIGITS, "mixed_bfloat16", 0.02),
}


@pytest.mark.parametrize("case", VARIED)
def test_every_way_sees_the_same_randomness_and_precision(warm: Warm, environment: dict[str, str], case: str) -> None:
    architecture, source, precision, tolerance = VARIED[case]
    losses = warm.call(f"{INSIDE}ways_and_fit", environment, architecture, source, precision)["losses"]
    for mode in MODES:
        if (case, mode) != ("dropout", "xla"):  # whose random numbers are its own
            assert losses[mode] == pytest.approx(losses["graph"], rel=tolerance), mode


def test_mixed_precision_is_taken_where_every_card_has_units_for_it(warm: Warm) -> None:
    cards = [[], [[6, 1]], [[7, 5]], [[8, 0], [9, 0]], [[9, 0], [7, 0]]]
    formats = ["float32", "float32", "mixed_float16", "mixed_bfloat16", "mixed_float16"]
    assert [warm.call("core.engine.setup:fastest_precision", each) for each in cards] == formats


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_recurrent_layers_that_cores_share_have_keras_own_values_and_gradients(warm: Warm, kind: str) -> None:
    found = warm.call(f"{INSIDE}shared_layers", kind)
    assert found["shared"] == 4
    assert found["size"] > 1e-2
    assert found["apart"] < 1e-5
