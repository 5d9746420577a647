"""Two networks on one test set: figures computed anew, and compared as the literature says."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import f1_score, roc_auc_score

from core.verdicts.on_examples import NotComparableError, difference

RNG = np.random.default_rng(5)
LABEL = RNG.integers(0, 2, 400)


def answers(noise: float) -> pd.DataFrame:
    """Of a classifier of two classes, the worse the larger the noise."""
    score = 1 / (1 + np.exp(-(3 * (LABEL - 0.5) + RNG.normal(0, noise, len(LABEL)))))
    predicted = (score > 0.5).astype(int)
    return pd.DataFrame(
        {
            "label": LABEL, "predicted": predicted, "confidence": np.maximum(score, 1 - score),
            "loss": -np.log(np.where(LABEL == 1, score, 1 - score)), "p_no": 1 - score, "p_yes": score,
        }
    )  # fmt: skip


GOOD, BAD = answers(1.0), answers(4.0)


@pytest.mark.parametrize("metric", ["test_accuracy", "test_loss", "test_roc_auc", "test_f1_macro", "test_f1"])
def test_the_better_network_is_told_and_two_alike_are_not(metric: str) -> None:
    sign = -1 if metric == "test_loss" else 1
    found = difference(metric, BAD, GOOD)
    assert sign * found.difference > 0
    assert found.chance < 0.001
    assert difference(metric, GOOD, GOOD).chance == 1.0
    assert difference(metric, GOOD, answers(1.0)).chance > 0.05


def test_differences_are_those_of_scikit_learn() -> None:
    areas = [float(roc_auc_score(LABEL, frame["p_yes"])) for frame in (BAD, GOOD)]
    assert difference("test_roc_auc", BAD, GOOD).difference == pytest.approx(areas[1] - areas[0])
    scores = [float(f1_score(LABEL, frame["predicted"], average="macro")) for frame in (BAD, GOOD)]
    assert difference("test_f1_macro", BAD, GOOD).difference == pytest.approx(scores[1] - scores[0])
    losses = stats.ttest_rel(GOOD["loss"], BAD["loss"])
    assert difference("test_loss", BAD, GOOD).chance == pytest.approx(losses.pvalue)


def test_the_error_of_an_area_is_what_drawing_test_sets_gives() -> None:
    gaps = []
    for _ in range(400):
        drawn = RNG.integers(0, len(LABEL), len(LABEL))
        truth = LABEL[drawn]
        gaps.append(
            roc_auc_score(truth, GOOD["p_yes"].to_numpy()[drawn]) - roc_auc_score(truth, BAD["p_yes"].to_numpy()[drawn])
        )
    assert difference("test_roc_auc", BAD, GOOD).error == pytest.approx(np.std(gaps), rel=0.15)


def test_errors_of_regressions_are_compared() -> None:
    true = RNG.normal(10, 3, 200)
    near, far = (
        pd.DataFrame({"label": true, "predicted": true - gap, "residual": gap})
        for gap in (RNG.normal(0, 1, 200), RNG.normal(0, 2, 200))
    )
    for metric, sign in (("test_mae", -1), ("test_rmse", -1), ("test_r2", 1)):
        found = difference(metric, far, near)
        assert sign * found.difference > 0
        assert found.chance < 0.01


@pytest.mark.parametrize(
    ("metric", "other", "why"),
    [
        ("test_accuracy", GOOD.head(399), "other examples"),
        ("test_accuracy", GOOD.assign(label=1 - LABEL), "other examples"),
        ("test_calibration_error", GOOD, "not compared example by example"),
    ],
)
def test_what_cannot_be_compared_says_why(metric: str, other: pd.DataFrame, why: str) -> None:
    with pytest.raises(NotComparableError, match=why):
        difference(metric, BAD, other)


def test_too_few_examples_are_no_ground_for_a_bootstrap() -> None:
    with pytest.raises(NotComparableError, match="20 test examples are too few"):
        difference("test_f1_macro", BAD.head(20), GOOD.head(20))
