"""Our Shapley values against those of shap: a large package, which `make reference` installs; skipped without."""

import importlib.util
import warnings

import numpy as np
import pytest

from core.data.base import Array, Examples
from core.explain.shapley import mixture, shapley

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("shap") is None, reason="shap is not installed; `make reference` does that"
)


def _answers(x: Examples) -> Array:
    """Of ten features: some together, some alone, some not at all; 0 to 1 as a probability."""
    assert not isinstance(x, dict)
    given: Array = 1 / (1 + np.exp(-(x[:, 0] * x[:, 1] + 2 * x[:, 2] - np.abs(x[:, 3]) + x[:, 4] * x[:, 5] * x[:, 6])))
    return given


def test_sampled_values_of_ten_features_are_those_that_shap_has_by_all_coalitions() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own
        import shap

        drawn = np.random.default_rng(0)
        others, rows = drawn.normal(size=(40, 10)), drawn.normal(size=(5, 10))
        exact = shap.explainers.ExactExplainer(_answers, shap.maskers.Independent(others, max_samples=40))(rows)
    for row, values, base in zip(rows, exact.values, np.broadcast_to(exact.base_values, len(rows)), strict=True):
        found = shapley(_answers, mixture(row[np.newaxis], others), 10, 40)
        assert found.values == pytest.approx(values, abs=0.01)
        assert found.baseline == pytest.approx(base, abs=1e-6)
