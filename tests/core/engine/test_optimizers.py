"""Every optimizer and what it may do beside, held against Keras's own `fit`."""

from core.config.optimizers import OPTIMIZERS
from tests.core.warm import Warm

COMPARED = "tests.core.inside:optimizers_and_fit"
MODES = ["graph", "step", "stream", "fit", "xla"]
BOTH = {"ema_momentum": 0.8, "gradient_accumulation_steps": 3}


def test_every_optimizer_is_keras_own_with_what_was_chosen(warm: Warm) -> None:
    found = warm.call("tests.core.inside:each_optimizer")
    assert list(found) == list(OPTIMIZERS)
    for name, each in found.items():
        assert each["class"].lower() == name
        assert (each["differs"], each["clips"]) == ([], 2.0), name
        assert all(1e-6 < moved < 2 for moved in each["moved"]), name
        assert -1 < each["kept"] - each["estimated"] < 0.1, name  # Muon's matrices need one number less


def test_averaged_weights_and_accumulated_gradients_are_those_of_fit_in_every_mode(
    warm: Warm, environment: dict[str, str]
) -> None:
    [found] = warm.call(COMPARED, environment, [{"name": "sgd", "nesterov": True, **BOTH}], MODES)
    assert {mode: found[mode] < 1e-6 for mode in MODES} == dict.fromkeys(MODES, True)
    assert found["moved"] > 1e-4


def test_float16_has_its_weights_averaged_too(warm: Warm, environment: dict[str, str]) -> None:
    [found] = warm.call(COMPARED, environment, [{"name": "adam", **BOTH}], ["graph"], "mixed_float16")
    assert found["graph"] < 1e-3
    assert found["moved"] > 1e-3


def test_muon_is_for_matrices_of_hidden_layers(warm: Warm) -> None:
    assert warm.call("tests.core.inside:left_to_adamw") == ["embeddings", "bias", "kernel", "bias"]
