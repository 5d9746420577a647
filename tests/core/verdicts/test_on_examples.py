"""Two networks on one test set: figures computed anew, and compared as the literature says."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import f1_score, hamming_loss, roc_auc_score

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


GOOD, ALIKE, BAD = answers(1.0), answers(1.0), answers(4.0)  # drawn here: in a test it would depend on their order


@pytest.mark.parametrize("metric", ["test_accuracy", "test_loss", "test_roc_auc", "test_f1_macro", "test_f1"])
def test_the_better_network_is_told_and_two_alike_are_not(metric: str) -> None:
    sign = -1 if metric == "test_loss" else 1
    found = difference(metric, BAD, GOOD)
    assert sign * found.difference > 0
    assert found.chance < 0.001
    assert difference(metric, GOOD, GOOD).chance == 1.0
    assert difference(metric, GOOD, ALIKE).chance > 0.05


def of_scores(positive: int, scores: np.ndarray) -> pd.DataFrame:
    label = np.r_[np.ones(positive, int), np.zeros(len(scores) - positive, int)]
    return pd.DataFrame({"label": label, "predicted": label, "p_no": -scores, "p_yes": scores})


@pytest.mark.parametrize(("positive", "negative"), [(4, 50), (10, 100), (40, 40)])
def test_areas_of_equal_networks_are_told_apart_in_five_of_a_hundred_cases_also_by_few_examples(
    positive: int, negative: int
) -> None:
    rng, shift = np.random.default_rng(1), np.r_[np.ones(positive), np.zeros(negative)]

    def sure() -> bool:
        one, other = (of_scores(positive, shift + rng.normal(size=positive + negative)) for _ in range(2))
        return difference("test_roc_auc", one, other).chance < 0.05

    wrong = sum(sure() for _ in range(600))
    assert 6 <= wrong <= 0.065 * 600  # two deviations above 5 %; as if the variance were known 53 of the first


def test_areas_without_any_spread_are_compared_by_how_rare_such_an_order_is() -> None:
    perfect, constant = of_scores(4, np.r_[np.ones(4), np.zeros(5)]), of_scores(4, np.full(9, 0.5))
    found = difference("test_roc_auc", constant, perfect)
    assert found.difference == 0.5
    assert found.chance == pytest.approx(2 / 126)  # 126 ways to choose 4 of 9
    assert found.interval()[0] > 0
    assert difference("test_roc_auc", perfect, perfect).chance == 1.0
    with pytest.raises(NotComparableError, match="a class has 3 test examples, where 4 are needed"):
        difference("test_roc_auc", of_scores(3, np.arange(9.0)), of_scores(3, -np.arange(9.0)))


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


def test_the_interval_of_a_clear_difference_is_as_wide_as_drawn_test_sets_vary() -> None:
    found = difference("test_f1_macro", BAD, GOOD)
    low, high = found.interval()
    assert high - low == pytest.approx(2 * 1.96 * found.error, rel=1e-3)


def labelled(noise: float, seed: int) -> pd.DataFrame:
    """Of three labels."""
    rng = np.random.default_rng(seed)
    has = np.random.default_rng(0).integers(0, 2, (300, 3))
    given = (has + rng.normal(0, noise, has.shape) > 0.5).astype(int)
    names = ["a", "b", "c"]
    sets = [["; ".join(np.array(names)[row == 1]) or "(none)" for row in each] for each in (has, given)]
    return pd.DataFrame(
        {"label": sets[0], "predicted": sets[1], "wrong": (has != given).sum(axis=1), "loss": rng.random(300)}
        | {f"y_{name}": has[:, place] for place, name in enumerate(names)}
    )


def test_figures_of_several_labels_are_those_of_scikit_learn() -> None:
    good, bad = labelled(0.3, 1), labelled(0.8, 2)
    has = good[["y_a", "y_b", "y_c"]].to_numpy()
    given = [np.array([[name in text for name in "abc"] for text in frame["predicted"]]) for frame in (bad, good)]
    for average in ("micro", "macro", "samples"):
        zero = 1.0 if average == "samples" else 0.0
        scores = [f1_score(has, each, average=average, zero_division=zero) for each in given]
        found = difference(f"test_f1_{average}", bad, good)
        assert found.difference == pytest.approx(scores[1] - scores[0])
        assert found.chance < 0.001
    losses = [hamming_loss(has, each) for each in given]
    assert difference("test_hamming_loss", bad, good).difference == pytest.approx(losses[1] - losses[0])
    with pytest.raises(NotComparableError, match="two classes only"):
        difference("test_roc_auc", bad, good)


def forecasts(count: int, errors: np.ndarray) -> pd.DataFrame:
    """Windows of three steps of one series, one after the other."""
    frame = pd.DataFrame({"index": np.arange(count), "series": [""] * count})
    for step in range(1, 4):
        true = np.sin(np.arange(count) + step)
        at = np.arange(count) + step
        frame[f"time {step}"], frame[f"true {step}"], frame[f"predicted {step}"] = at, true, true + errors[at]
    return frame


def test_forecasts_are_compared_by_stretches_that_share_no_step() -> None:
    rng = np.random.default_rng(0)
    one, other = (forecasts(120, rng.normal(0, size, 130)) for size in (0.5, 1.5))
    found = difference("test_mae", one, other)
    gap = [np.abs(frame[f"predicted {n}"] - frame[f"true {n}"]).mean() for n in (1, 2, 3) for frame in (one, other)]
    assert found.difference == pytest.approx(np.mean(gap[1::2]) - np.mean(gap[::2]))
    assert found.freedom == 19  # of 120 windows, every sixth begins a stretch
    assert found.chance < 0.001
    with pytest.raises(NotComparableError, match="12 test windows of 3 steps, which overlap, are 2 independent"):
        difference("test_mae", one.head(12), other.head(12))
    with pytest.raises(NotComparableError, match="by test_mae, and not by test_mase"):
        difference("test_mase", one, other)
    with pytest.raises(NotComparableError, match="other windows"):
        difference("test_mae", one, other.iloc[1:])


def test_equal_forecasts_are_told_apart_no_more_often_than_promised() -> None:
    rng, told = np.random.default_rng(1), 0
    for _ in range(300):
        one, other = (forecasts(90, rng.standard_t(5, 100)) for _ in range(2))
        told += difference("test_mae", one, other).chance < 0.05
    assert told / 300 <= 0.08  # 5 of 100, and three deviations of 300 draws


def test_generators_are_compared_by_the_same_windows_of_text() -> None:
    rng = np.random.default_rng(2)
    one = pd.DataFrame(
        {"loss": rng.normal(2, 0.1, 80), "accuracy": rng.random(80), "text": [f"t{n}" for n in range(80)]}
    )
    other = one.assign(loss=one["loss"] - 0.2)
    assert difference("test_loss", one, other).chance < 0.001
    perplexity = difference("test_perplexity", one, other).difference
    assert perplexity == pytest.approx(np.exp(other["loss"].mean()) - np.exp(one["loss"].mean()))
    with pytest.raises(NotComparableError, match="other examples"):
        difference("test_loss", one, other.assign(text="other"))
