"""The threshold between two classes: chosen by scikit-learn's figures, and applied to the test set."""

import numpy as np
import pytest
import sklearn.metrics as reference
from hypothesis import given, settings
from hypothesis import strategies as st

from core.config.threshold_rules import BestF1, Fixed, Half, Threshold, Youden
from core.data.base import Array
from core.evaluation import classification
from core.evaluation.report import Report, Thresholds
from core.evaluation.thresholds import notices, thresholds
from core.inference.decisions import taken


def _scored(examples: int, share: float, seed: int) -> tuple[Array, Array]:
    """Probabilities of a class that so many have, and class numbers."""
    random = np.random.default_rng(seed)
    labels = (random.random(examples) < share).astype(int)
    return (1 / (1 + np.exp(3 - random.normal(2.5 * labels, 1)))).astype(np.float32), labels


def _found(rule: Threshold, seed: int = 0, share: float = 0.2, examples: int = 300) -> Thresholds:
    return thresholds(rule, ("no", "yes"), _scored(examples, share, seed), _scored(200, 0.2, seed + 1))


@settings(max_examples=30)
@given(st.integers(2, 60), st.floats(0.05, 0.9), st.integers(0, 10_000))
def test_no_threshold_is_better_on_validation_than_the_one_that_is_chosen(
    examples: int, share: float, seed: int
) -> None:
    scores, labels = _scored(examples, share, seed)
    for rule in (BestF1(), Youden()):
        chosen = thresholds(rule, ("no", "yes"), (scores, labels), (scores, labels))
        if not 0 < labels.sum() < examples:
            assert chosen.threshold == 0.5
            continue

        def gain(guess: Array, by: str = rule.name) -> float:
            if by == "f1":
                return float(reference.f1_score(labels, guess, zero_division=0))
            return float(reference.balanced_accuracy_score(labels, guess))

        best = max(gain(scores >= each) for each in scores)
        assert gain(taken(scores, chosen.threshold)) == pytest.approx(best)
        assert chosen.test == chosen.validation
        assert chosen.test[-1].threshold == chosen.threshold


def test_the_curve_and_the_scores_are_those_of_scikit_learn() -> None:
    scores, labels = _scored(300, 0.2, 0)
    found = _found(BestF1())
    for at, precision, recall, f1 in found.curve:
        guess = (scores.astype(float) >= at).astype(np.int64)
        assert precision == pytest.approx(reference.precision_score(labels, guess, zero_division=0), abs=0.02)
        assert recall == pytest.approx(reference.recall_score(labels, guess), abs=0.03)
        assert f1 == pytest.approx(reference.f1_score(labels, guess, zero_division=0), abs=0.02)
    tested, true = _scored(200, 0.2, 1)
    assert [each.threshold for each in found.test] == [0.5, found.threshold]
    for each in found.test:
        guess = taken(tested, each.threshold)
        assert each.precision == pytest.approx(reference.precision_score(true, guess))
        assert each.recall == pytest.approx(reference.recall_score(true, guess))
        assert each.cells == tuple(reference.confusion_matrix(true, guess).ravel().tolist())


def test_of_classes_that_are_told_apart_perfectly_the_threshold_lies_between_them() -> None:
    parted = np.array([0.1, 0.2, 0.9, 0.95]), np.array([0, 0, 1, 1])
    assert thresholds(BestF1(), ("no", "yes"), parted, parted).threshold == pytest.approx(0.55)


def test_a_given_threshold_needs_no_validation_and_half_is_the_more_probable_class() -> None:
    nothing, test = (np.zeros(0), np.zeros(0)), (np.array([0.5, 0.51, 0.3]), np.array([1, 1, 0]))
    given_one = thresholds(Fixed(value=0.4), ("no", "yes"), nothing, test)
    assert (given_one.threshold, given_one.curve, given_one.validation) == (0.4, (), ())
    assert [each.recall for each in given_one.test] == [0.5, 1.0]
    assert notices(given_one) == []
    pairs = np.array([[0.5, 0.5], [0.49999, 0.50001]])
    assert taken(pairs[:, 1], 0.5).tolist() == pairs.argmax(axis=1).tolist()


def test_a_choice_by_few_examples_is_told_and_one_by_none_is_half() -> None:
    few = np.array([0.2, 0.3, 0.6]), np.array([0, 0, 1])
    assert "has 1 of one of the classes" in notices(thresholds(BestF1(), ("no", "yes"), few, few))[0]
    none = thresholds(Youden(), ("no", "yes"), (np.array([0.2, 0.3]), np.array([0, 0])), _scored(50, 0.3, 0))
    assert none.threshold == 0.5
    assert "no threshold could be chosen" in notices(none)[0]
    assert notices(_found(Half())) == notices(_found(BestF1())) == []


def test_every_figure_of_a_report_is_that_of_the_threshold() -> None:
    scores, labels = _scored(200, 0.2, 1)
    found = _found(BestF1())
    rows, guess = np.stack([1 - scores, scores], axis=1), taken(scores, found.threshold)
    made = classification.classification(rows, labels, ["no", "yes"], None, guess)
    made = made.model_copy(update={"thresholds": found})
    metrics = Report(task="binary", kind="rows", examples=200, classification=made).metrics()
    assert made.confusion.tolist() == reference.confusion_matrix(labels, guess).tolist()
    assert metrics["test_accuracy"] == pytest.approx((labels == guess).mean())
    assert metrics["test_f1"] == pytest.approx(reference.f1_score(labels, guess)) == made.classes[1].f1
    assert metrics["test_threshold"] == found.threshold
    plain = classification.classification(rows, labels, ["no", "yes"])
    assert made.calibration_error == plain.calibration_error  # of the probabilities, whatever is made of them
