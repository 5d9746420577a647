"""Figures of an evaluation, against scikit-learn and against what must hold for any predictions."""

import math

import numpy as np
import pytest
import sklearn.metrics as reference
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.base import Array
from core.evaluation import classification as classes
from core.evaluation.browse import confused, worst_classes
from core.evaluation.generation import generation, perplexities
from core.evaluation.operating_curves import MOST_CLASSES, MOST_POINTS
from core.evaluation.regression import regression
from core.evaluation.report import Classification, Report
from core.inference.decisions import two_columns


def _predictions(examples: int, number: int, seed: int, lean: float = 1.0) -> tuple[Array, Array]:
    """Probabilities that lean towards the right class, and labels."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, number, examples)
    logits = random.normal(size=(examples, number))
    logits[np.arange(examples), labels] += lean
    powers = np.exp(logits)
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32), labels


def _names(number: int) -> list[str]:
    return [f"class {each}" for each in range(number)]


def _scores(examples: int, number: int, seed: int = 0, lean: float = 1.0) -> tuple[Classification, Array, Array]:
    probabilities, labels = _predictions(examples, number, seed, lean)
    return classes.classification(probabilities, labels, _names(number)), probabilities, labels


@settings(max_examples=25)
@given(st.integers(1, 60), st.integers(2, 6), st.integers(0, 10_000))
def test_rows_of_the_confusion_matrix_add_up_to_the_supports(examples: int, number: int, seed: int) -> None:
    scores, probabilities, labels = _scores(examples, number, seed)
    matrix = scores.confusion
    assert matrix.sum(axis=1).tolist() == [each.support for each in scores.classes]
    assert matrix.sum() == examples == sum(part.count for part in scores.bins)
    assert matrix.trace() / examples == pytest.approx(scores.accuracy)
    predicted = probabilities.argmax(axis=1)
    assert matrix.tolist() == reference.confusion_matrix(labels, predicted, labels=range(number)).tolist()
    macro = reference.f1_score(labels, predicted, average="macro", zero_division=0)
    assert scores.average("macro").f1 == pytest.approx(macro)
    for value in (scores.balanced_accuracy, scores.roc_auc, scores.average_precision, scores.calibration_error):
        assert value is None or 0 <= value <= 1
    assert Report.model_validate_json(_report(scores).model_dump_json()).classification == scores


def _report(scores: Classification) -> Report:
    return Report(task="multiclass", kind="rows", examples=1, classification=scores)


def test_scores_of_many_classes_are_those_of_scikit_learn() -> None:
    scores, probabilities, labels = _scores(400, 12)
    predicted = probabilities.argmax(axis=1)
    rows = probabilities.astype(float) / probabilities.sum(axis=1, keepdims=True, dtype=float)
    assert scores.roc_auc == pytest.approx(reference.roc_auc_score(labels, rows, multi_class="ovr"))
    assert scores.log_loss == pytest.approx(reference.log_loss(labels, rows), rel=1e-5)
    assert scores.balanced_accuracy == pytest.approx(reference.balanced_accuracy_score(labels, predicted))
    assert scores.top_k[3] == pytest.approx(reference.top_k_accuracy_score(labels, rows, k=3))
    assert scores.average_precision == pytest.approx(
        np.mean([reference.average_precision_score(labels == each, rows[:, each]) for each in range(12)])
    )
    assert scores.roc[0].name == "macro average"
    assert len(scores.roc) == 13
    assert confused(scores, 1)[0][2] == max(count for true, guess, count in scores.cells if true != guess)
    assert set(_report(scores).metrics()) >= {"test_f1_macro", "test_precision_macro", "test_recall_macro"}


def test_two_classes_are_judged_by_the_second() -> None:
    one = np.array([[0.1], [0.4], [0.35], [0.8]], np.float32)
    labels = np.array([0, 0, 1, 1])
    scores = classes.classification(two_columns(one), labels, ["no", "yes"])
    assert scores.roc_auc == reference.roc_auc_score(labels, one[:, 0]) == 0.75
    assert (len(scores.roc), scores.roc[0].name, scores.top_k) == (1, "yes", {})
    assert scores.roc[0].x[0] == scores.roc[0].y[0] == 0
    assert scores.roc[0].x[-1] == scores.roc[0].y[-1] == 1


def test_a_single_class_and_missing_classes_are_told_and_leave_gaps() -> None:
    probabilities, _ = _predictions(20, 3, 1)
    labels = np.zeros(20, int)
    scores = classes.classification(probabilities, labels, _names(3))
    assert (scores.roc_auc, scores.roc, scores.classes[0].roc_auc) == (None, (), None)
    assert "test_roc_auc" not in _report(scores).metrics()
    assert "a single class" in classes.notices(labels, _names(3))[0]
    labels[:10] = 1
    assert "no example of class 2" in classes.notices(labels, _names(3))[0]
    assert classes.notices(np.arange(3), _names(3)) == []


def test_calibration_is_perfect_where_confidence_is_the_share_of_hits() -> None:
    sure = np.repeat([[0.75, 0.25]], 4, axis=0)
    scores = classes.classification(sure, np.array([0, 0, 0, 1]), ["a", "b"])
    assert scores.calibration_error == pytest.approx(0)
    assert [(part.low, part.count, part.accuracy) for part in scores.bins] == [(0.7, 4, 0.75)]


def test_hundreds_of_classes_give_a_report_of_bounded_size() -> None:
    scores, _, _ = _scores(900, 300, lean=3)
    assert len(scores.roc) == MOST_CLASSES + 1
    assert max(len(curve.x) for curve in (*scores.roc, *scores.precision_recall)) <= MOST_POINTS
    assert len(_report(scores).model_dump_json()) < 1_000_000
    shown = worst_classes(scores.confusion, 40)
    assert len(shown) == 40
    assert shown == sorted(shown)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=50))
def test_errors_of_a_regression_are_ordered_as_they_must_be(pairs: list[tuple[float, float]]) -> None:
    predicted, true = np.array(pairs).T
    errors = regression(predicted, true)
    assert errors.mae <= errors.rmse * (1 + 1e-9) + 1e-9
    assert sum(errors.counts) == len(pairs) == len(errors.points)
    quantiles = list(errors.quantiles.values())
    assert quantiles == sorted(quantiles)
    assert errors.r2 is None or errors.r2 <= 1


def test_a_regression_without_variance_has_no_r2() -> None:
    assert regression(np.array([1.0, 2.0]), np.array([3.0, 3.0])).r2 is None
    assert regression(np.array([1.0]), np.array([3.0])).r2 is None


def test_perplexity_is_the_exponential_of_the_mean_loss() -> None:
    found = generation(np.full((3, 4), math.log(8), np.float32), np.ones((3, 4), bool))
    assert found.perplexity == pytest.approx(8)
    assert (found.tokens, found.windows, found.length, len(found.by_position)) == (12, 3, 4, 4)
    assert generation(np.full((1, 1), 1000.0), np.ones((1, 1))).perplexity is None


def test_perplexities_of_an_epoch_leave_out_the_penalty_and_may_be_infinite_or_no_number() -> None:
    found = perplexities({"loss": math.log(4) + 0.5, "accuracy": 0.5, "val_loss": 1000.0}, penalty=0.5)
    assert found == {"perplexity": pytest.approx(4), "val_perplexity": math.inf}
    assert math.isnan(perplexities({"loss": math.nan}, 0.0)["perplexity"])
