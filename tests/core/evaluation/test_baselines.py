"""Baselines beside a network: what they are for each task, that they are right, and what is said of the two."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from core.common.settings import Settings
from core.config.edit import with_values
from core.config.presets import get_preset
from core.config.run import RunConfig
from core.config.threshold_rules import BestF1, Fixed, Threshold
from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Dataset, Examples, Feature, Kind, Task
from core.data.network_numbers import measured, scaled
from core.evaluation import baseline_cache, baselines
from core.evaluation.baseline_scores import MAJORITY, Baseline, ranked_by, verdict
from core.evaluation.report import Report

RANDOM = np.random.default_rng(0)


def _data(info: DataInfo, x: Examples, y: Array, train: int) -> Dataset:
    def part(where: slice) -> Examples:
        return {name: array[where] for name, array in x.items()} if isinstance(x, dict) else x[where]

    first, rest, none = slice(train), slice(train, None), slice(0)
    return Dataset(part(first), y[first], part(none), y[none], part(rest), y[rest], info, "fingerprint")


def _classes(kind: Kind, shape: tuple[int, ...], number: int = 2, vocabulary: int = 0) -> DataInfo:
    names = tuple(f"class {each}" for each in range(number))
    task: Task = "binary" if number == 2 else "multiclass"
    return DataInfo(shape, names, 100, 100, task=task, kind=kind, vocabulary=vocabulary)


def test_rows_get_the_majority_and_the_logistic_regression_of_scikit_learn() -> None:
    x = RANDOM.normal(size=(400, 3))
    y = (x @ [2.0, -1.0, 0.5] + RANDOM.normal(size=400) > 0.4).astype(np.int32)
    majority, logistic = baselines.baselines(_data(_classes("rows", (3,)), x, y, 300))
    assert (majority.name, logistic.name) == ("the majority class", "logistic regression")
    assert majority.metrics["test_accuracy"] == pytest.approx(max(y[300:].mean(), 1 - y[300:].mean()))
    assert majority.metrics["test_roc_auc"] == 0.5
    theirs = LogisticRegression().fit((x[:300] - x[:300].mean(0)) / x[:300].std(0), y[:300])
    score = theirs.score((x[300:] - x[:300].mean(0)) / x[:300].std(0), y[300:])
    assert logistic.metrics["test_accuracy"] == pytest.approx(score, abs=0.011)
    assert (logistic.fitted_on, logistic.available, logistic.notes) == (300, 300, ())
    assert logistic.told == "Fitted on the 300 training examples."


def test_a_table_may_have_missing_numbers_and_categories_that_only_the_test_has() -> None:
    kinds = np.array(["a", "b", "", "c"], object)[RANDOM.integers(0, 4, 400)]
    numbers = np.where(RANDOM.random(400) < 0.2, np.nan, RANDOM.normal(size=400))
    y = ((kinds == "a") | np.isnan(numbers)).astype(np.int32)
    kinds[350:360] = "new"
    info = DataInfo(
        (2,), ("no", "yes"), 300, 100, task="binary", kind="table",
        features=(Feature("number", "number"), Feature("kind", "category", ("a", "b", "c"))),
    )  # fmt: skip
    x = {NUMBERS: numbers[:, np.newaxis], CATEGORIES: kinds[:, np.newaxis]}
    _, logistic = baselines.baselines(_data(info, x, y, 300))
    assert logistic.metrics["test_accuracy"] > 0.9


def test_of_large_pictures_and_of_many_a_part_is_used_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baselines, "_MOST_VALUES", 100 * 1024)
    y = RANDOM.integers(0, 3, 400).astype(np.int32)
    pixels = np.zeros((400, 64, 64, 1), np.uint8)
    for each in range(3):
        pixels[y == each, 20 * each : 20 * each + 10] = 200
    _, logistic = baselines.baselines(_data(_classes("image", (64, 64, 1), 3), pixels, y, 300))
    assert logistic.metrics["test_accuracy"] == 1
    assert logistic.told == (
        "Fitted on 100 of the 300 training examples, chosen by chance; pictures made smaller to 32 x 32."
    )


def test_texts_get_naive_bayes_on_the_tokens_that_the_network_sees() -> None:
    y = RANDOM.integers(0, 2, 200).astype(np.int32)
    ids = RANDOM.integers(4, 50, (200, 12)).astype(np.int32)
    ids[:, 0] = 2 + y
    ids[:, 8:] = 0  # padding
    found = baselines.baselines(_data(_classes("text", (12,), 2, 50), ids, y, 150))
    assert [each.name for each in found] == ["the majority class", "naive Bayes on tokens"]
    assert found[1].metrics["test_accuracy"] == 1


@pytest.mark.parametrize("scaling", ["standard", "log"])
def test_regressions_are_in_the_targets_unit_whatever_the_network_learns(scaling: str) -> None:
    x = RANDOM.normal(size=(400, 2))
    y = 1e9 + 20 * x[:, 0] - 5 * x[:, 1]
    data = _data(DataInfo((2,), (), 300, 100, task="regression"), x, y, 300)
    mean, ridge = baselines.baselines(scaled(data, measured(data, scaling)))  # type: ignore[arg-type]
    assert (mean.name, ridge.name) == ("always guessing the mean", "ridge regression")
    assert mean.metrics["test_rmse"] == pytest.approx(np.sqrt(((y[300:] - y[:300].mean()) ** 2).mean()), rel=0.01)
    assert ridge.metrics["test_rmse"] < 1
    assert "test_loss" not in ridge.metrics, "it is that of the scaled targets, which these did not learn"


def test_running_text_gets_unigrams_and_bigrams_that_are_probabilities() -> None:
    tokens = np.tile([2, 3, 4, 5], 100).astype(np.int32)
    x, y = tokens[:-1][:396].reshape(-1, 12), tokens[1:][:396].reshape(-1, 12)
    info = DataInfo((12,), (), 25, 8, task="generation", kind="corpus", vocabulary=7)
    unigrams, bigrams = baselines.baselines(_data(info, x, y, 25))
    assert unigrams.metrics["test_perplexity"] == pytest.approx(4, rel=0.05)
    assert bigrams.metrics["test_perplexity"] == pytest.approx(1, abs=0.02)
    assert bigrams.metrics["test_accuracy"] == 1
    # Of every next token together: 1, also after one that was never seen.
    for before in (2, 6):
        asked = np.array([[before]], np.int32)
        each = [Dataset(x, y, x[:0], y[:0], asked, np.array([[after]], np.int32), info, "") for after in range(7)]
        losses = [baselines.baselines(data)[1].metrics["test_loss"] for data in each]
        assert sum(math.exp(-loss) for loss in losses) == pytest.approx(1)


def test_the_threshold_of_two_classes_is_chosen_as_the_networks_is() -> None:
    x = RANDOM.normal(size=(900, 1))
    y = (RANDOM.random(900) < 1 / (1 + np.exp(4 - 2 * x[:, 0]))).astype(np.int32)  # one in twenty
    info = _classes("rows", (1,))
    data = Dataset(x[:400], y[:400], x[400:600], y[400:600], x[600:], y[600:], info, "fingerprint")
    _, half = baselines.baselines(data)
    _, chosen = baselines.baselines(data, rule=BestF1())
    assert half.metrics["test_threshold"] == 0.5
    assert chosen.metrics["test_threshold"] < 0.5
    assert chosen.metrics["test_recall"] > half.metrics.get("test_recall", 0)


def test_one_class_alone_has_no_logistic_regression() -> None:
    y = np.zeros(20, np.int32)
    found = baselines.baselines(_data(_classes("rows", (1,)), np.arange(20.0)[:, np.newaxis], y, 10))
    assert [each.name for each in found] == ["the majority class"]


def test_they_are_computed_once_for_data_and_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    kept = Baseline(name="logistic regression", metrics={"test_accuracy": 0.5}, fitted_on=1, available=1)

    def computed(data: Dataset, heed: Callable[[], object], rule: Threshold) -> tuple[Baseline, ...]:
        asked.append(data.fingerprint)
        return (kept,)

    monkeypatch.setattr(baseline_cache, "baselines", computed)
    settings, report = Settings(home=tmp_path), Report(task="binary", kind="rows", examples=10)
    data = _data(_classes("rows", (1,)), np.arange(20.0)[:, np.newaxis], np.zeros(20, np.int32), 10)
    raw = get_preset("iris-mlp").raw
    for changed in ({}, {}, {"seed": 1}, {"data.validation_split": 0.1}, {"evaluation.threshold": {"name": "f1"}}):
        config = RunConfig.model_validate(with_values(raw, changed))
        found = baseline_cache.with_baselines(report, data, config, settings, lambda: None)
        assert found.baselines == (kept,)
    assert len(asked) == 4


def test_what_goes_wrong_with_them_is_a_notice_and_leaves_the_report(tmp_path: Path) -> None:
    x = np.full((20, 1), np.inf)
    data = _data(_classes("rows", (1,)), x, np.arange(20, dtype=np.int32) % 2, 10)
    report = Report(task="binary", kind="rows", examples=10)
    config = RunConfig.model_validate(get_preset("iris-mlp").raw)
    found = baseline_cache.with_baselines(report, data, config, Settings(home=tmp_path), lambda: None)
    assert found.baselines == ()
    assert found.notices[0].startswith("There is no baseline beside this result: ValueError: Input X contains inf")


@pytest.mark.parametrize(
    ("own", "other", "examples", "standing", "told"),
    [
        (0.816, 0.792, 10_000, "above", "The network is 2.4 points above logistic regression (0.792): its accuracy is"),
        (
            0.816,
            0.792,
            100,
            "level",
            "its accuracy is 0.816. On 100 test examples that may be chance.",
        ),
        (0.7, 0.792, 10_000, "below", "The network is 9.2 points below logistic regression (0.792)"),
        (0.6375, 0.6875, 10_000, "below", "5.0 points below logistic regression (0.6875): its accuracy is 0.6375."),
        (0.63752, 0.63748, 9**9, "level", "0.0040 points above logistic regression (0.63748): its accuracy is 0.63752"),
        (1.0, 1.0, 30, "level", "level with logistic regression: both are right in 1.000."),
    ],
)
def test_an_accuracy_is_set_beside_the_best_of_them(
    own: float, other: float, examples: int, standing: str, told: str
) -> None:
    beside = [
        Baseline(name=name, metrics={"test_accuracy": value}, fitted_on=1, available=1)
        for name, value in (("the majority class", 0.1), ("logistic regression", other))
    ]
    found = verdict({"test_accuracy": own, "test_loss": 0.1}, beside, examples)
    assert found is not None
    assert found.standing == standing
    assert told in found.text
    assert ("Look at its curves" in found.text) == (standing == "below")


def test_beside_a_rare_class_average_precision_counts_and_no_accuracy() -> None:
    beside = [
        Baseline(name=name, metrics={"test_accuracy": accuracy, "test_average_precision": precision}, fitted_on=1,
                 available=1)
        for name, accuracy, precision in ((MAJORITY, 0.99, 0.01), ("logistic regression", 0.9896, 0.31))
    ]  # fmt: skip
    weighted = {"test_accuracy": 0.91, "test_average_precision": 0.68}
    found = verdict(weighted, beside, 2400)
    assert found is not None
    assert found.standing == "above"
    assert found.short == "37.0 points above logistic regression (0.310)"
    shaky = verdict(weighted, beside, 240)
    assert shaky is not None
    assert shaky.text.endswith("On 2 test examples outside the majority class that may be chance.")
    assert ranked_by(weighted, beside) == ("test_average_precision", True)
    assert ranked_by(weighted, ()) == ("test_accuracy", True)


def test_the_majority_class_is_guessed_whatever_the_threshold() -> None:
    x = np.random.default_rng(0).normal(size=(400, 3)).astype(np.float32)
    y = (np.arange(400) % 20 == 0).astype(np.int32)
    majority, _ = baselines.baselines(_data(_classes("rows", (3,)), x, y, 300), rule=Fixed(value=0.01))
    assert majority.metrics["test_accuracy"] == 0.95


@pytest.mark.parametrize(
    ("metric", "own", "standing", "told"),
    [
        ("test_rmse", 3.0, "above", "The network's RMSE of 3 is 25 % below that of ridge regression (4)"),
        ("test_rmse", 5.0, "below", "The network's RMSE of 5 is 25 % above that of ridge regression (4)"),
        ("test_rmse", 400.0, "below", "is 100 times that of ridge regression (4)"),
        ("test_perplexity", 4.01, "level", "The network's perplexity of 4.01 is about that of ridge regression (4)."),
    ],
)
def test_an_error_is_set_beside_the_least_of_them(metric: str, own: float, standing: str, told: str) -> None:
    beside = [Baseline(name="ridge regression", metrics={metric: 4.0}, fitted_on=1, available=1)]
    found = verdict({metric: own}, beside, 100)
    assert found is not None
    assert (found.standing, told in found.text) == (standing, True)
    assert verdict({"test_loss": 1.0}, beside, 100) is None
