"""The losses, held against Keras's own `fit` in every mode, and against their formulas."""

from typing import Any

import numpy as np
import pytest

from tests.core.warm import Warm

INSIDE = "tests.core.inside:"
MODES = ("graph", "step", "stream", "fit", "xla")
MLP = {"name": "mlp", "hidden": [8]}
BINARY, MANY = {"source": "breast_cancer", "limit": 150}, {"source": "iris"}
FOCAL = {"name": "focal", "alpha": 0.8, "label_smoothing": 0.1}
SMOOTHED = {"name": "cross_entropy", "label_smoothing": 0.2}
GIVEN = {
    "two": [{"malignant": 3.0}, {"class_name": "benign", "weight": 0.5}],
    "many": [{"setosa": 5}],
}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, float]]] = {
    "two": (BINARY, FOCAL, {"0": 3.0, "1": 0.5}),
    "many": (MANY, SMOOTHED, {"0": 5.0, "1": 1.0, "2": 1.0}),
}


@pytest.mark.parametrize("case", CASES)
def test_every_way_minimises_what_fit_does_with_class_weights(
    warm: Warm, environment: dict[str, str], case: str
) -> None:
    source, loss, by_class = CASES[case]
    training = {"loss": loss, "class_weights": {"name": "given", "weights": GIVEN[case]}}
    found = warm.call(f"{INSIDE}ways_and_fit", environment, MLP, source, "float32", training, {"loss": loss}, by_class)
    for mode in MODES:
        assert found["losses"][mode] == pytest.approx(found["losses"]["graph"], rel=1e-4), mode
        assert found["means"][mode] == pytest.approx(found["fitted"], rel=1e-4), mode
        assert found["apart"][mode] < 1e-4, mode


def test_losses_have_the_values_of_their_formulas(warm: Warm) -> None:
    found = warm.call(f"{INSIDE}loss_values")
    random = np.random.default_rng(0)
    y, given = (random.normal(5, 3, 40) for _ in range(2))
    errors = (y - given) / y.std()
    small = np.abs(errors) <= 0.7
    huber = np.where(small, errors**2 / 2, 0.7 * np.abs(errors) - 0.7**2 / 2)
    assert found["huber"] == pytest.approx(huber.tolist(), rel=1e-4)
    assert found["quantile"] == pytest.approx(np.where(errors > 0, 0.9 * errors, -0.1 * errors).tolist(), abs=1e-6)
    assert found["squared"] == pytest.approx((errors**2).tolist(), rel=1e-4, abs=1e-7)
    rows = np.array(found["probabilities"])
    entropies = -np.log(rows[np.arange(40), np.arange(40) % 4])
    assert found["mixed"] == pytest.approx((entropies * np.array([1, 2, 1, 4])[np.arange(40) % 4]).tolist(), rel=1e-4)
    focal = (1 - np.exp(-entropies)) ** 2 * entropies
    assert found["focal"] == pytest.approx(focal.tolist(), rel=1e-3, abs=1e-6)
    assert found["balanced"] == pytest.approx([40 / (3 * 10), 40 / (3 * 25), 1, 40 / (3 * 5)])
    assert found["saved"] == pytest.approx(found["mixed"])
