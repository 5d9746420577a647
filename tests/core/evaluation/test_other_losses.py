"""Runs that minimise something else: their test loss, recomputed from the predictions that they left."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics as reference

from core.common.workspace import Workspace
from core.data import library
from tests.core.evaluation.test_recomputed import Left
from tests.core.evaluation.test_recomputed import left as left  # the fixture


def test_a_weighted_loss_is_told_and_the_log_loss_stays_what_it_is(left: Callable[..., Left]) -> None:
    given = {"name": "given", "weights": [{"malignant": 4}]}
    found = left(data={"source": "breast_cancer"}, training={"epochs": 3, "class_weights": given})
    frame, scores = found.frame, found.report.classification
    assert scores is not None
    weighted = -np.log(frame["p_benign"].where(frame["label"] == 1, frame["p_malignant"]))
    weighted *= np.where(frame["label"] == 0, 4, 1)
    assert found.metrics["test_loss"] == found.report.loss == pytest.approx(weighted.mean(), rel=1e-4)
    assert found.report.loss == pytest.approx(frame["loss"].mean(), rel=1e-5)
    assert scores.log_loss == pytest.approx(reference.log_loss(frame["label"], frame["p_benign"]), rel=1e-4)
    note = "Cross-entropy in nats; examples weighted by class (malignant 4, benign 1)."
    assert found.report.loss_note == note
    assert found.run.facts["class_weights"] == {"malignant": 4, "benign": 1}


@pytest.mark.parametrize("name", ["huber", "quantile"])
def test_a_loss_of_numbers_is_in_deviations_of_the_target_and_says_so(
    left: Callable[..., Left], workspace: Workspace, tmp_path: Path, name: str
) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(400, 2))
    y = 1e4 * (x[:, 0] + random.exponential(0.5, 400))
    np.savez(tmp_path / "a.npz", x=x, y=y)
    library.add_arrays(workspace.settings, "a", tmp_path / "a.npz")
    loss = {"name": name, **({"delta": 0.5} if name == "huber" else {"quantile": 0.9})}
    fast = {"epochs": 60, "optimizer": {"name": "adam", "learning_rate": 0.03}, "loss": loss}
    found = left(data={"source": "arrays", "dataset": "a"}, training=fast)
    errors = found.frame["residual"].to_numpy() / found.run.facts["target_scaling"]["scale"]
    size = np.abs(errors)
    huber = np.where(size <= 0.5, errors**2 / 2, 0.5 * size - 0.125)
    values = huber if name == "huber" else np.maximum(0.9 * errors, -0.1 * errors)
    assert found.metrics["test_loss"] == found.report.loss == pytest.approx(values.mean(), rel=1e-3)
    assert "has no unit" in found.report.loss_note
    numbers = found.report.regression
    assert numbers is not None
    assert numbers.below == (found.frame["label"] <= found.frame["predicted"]).mean()
    assert (numbers.below > 0.8) == (name == "quantile")
