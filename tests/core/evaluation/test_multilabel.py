"""What is said of several labels, held against scikit-learn; and the thresholds."""

import numpy as np
import pytest
from sklearn.datasets import make_multilabel_classification
from sklearn.metrics import average_precision_score, f1_score, hamming_loss, multilabel_confusion_matrix, roc_auc_score

from core.common.settings import Settings
from core.data.base import DataInfo, Dataset
from core.data.prepare import load
from core.data.sources.digit_segments import DigitSegments
from core.evaluation import multilabel, predictions
from core.evaluation.baseline_scores import verdict
from core.evaluation.baselines import baselines
from core.evaluation.browse import most_wrong, of_label
from core.evaluation.label_report import MultiLabel
from core.evaluation.report import Report
from core.inference.decisions import given_labels

NAMES = tuple("abcde")


def _made() -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are too small by half, and labels."""
    _, y = make_multilabel_classification(400, n_features=20, n_classes=5, random_state=0)
    noise = np.random.default_rng(0).normal(0, 0.12, y.shape)
    return np.clip(y * 0.25 + 0.2 + noise, 0, 1).astype(np.float32), y.astype(np.uint8)


def test_figures_are_those_of_scikit_learn_at_each_label_s_threshold() -> None:
    p, y = _made()
    cut = multilabel.thresholds(p[:200], y[:200])
    found = multilabel.multilabel(p[200:], y[200:], NAMES, cut, np.ones(200, np.float32))
    true, given = y[200:], p[200:] > cut.values

    for average in ("micro", "macro", "weighted"):
        assert getattr(found.chosen, f"f1_{average}") == pytest.approx(f1_score(true, given, average=average))
    assert found.chosen.f1_samples == pytest.approx(f1_score(true, given, average="samples", zero_division=1))
    assert found.chosen.subset_accuracy == pytest.approx((true == given).all(axis=1).mean())
    assert found.chosen.hamming_loss == pytest.approx(hamming_loss(true, given))
    assert found.roc_auc == pytest.approx(roc_auc_score(true, p[200:]))
    assert found.average_precision == pytest.approx(average_precision_score(true, p[200:]))
    matrices = [[[each.neither, each.only_given], [each.only_true, each.both]] for each in found.labels]
    assert matrices == multilabel_confusion_matrix(true, given).tolist()
    assert found.chosen.f1_micro is not None
    assert found.at_half.f1_micro is not None
    assert found.chosen.f1_micro > found.at_half.f1_micro + 0.1
    assert (
        Report.model_validate_json(_report(found).model_dump_json()).metrics()["test_f1_micro"] == found.chosen.f1_micro
    )


def _report(found: MultiLabel) -> Report:
    return Report(task="multilabel", kind="rows", examples=200, multilabel=found)


def test_a_threshold_is_not_chosen_by_a_few_examples() -> None:
    p, y = _made()
    y[:, 0] = 0
    y[: multilabel.LEAST - 1, 0] = 1
    y[:, 1] = 1

    cut = multilabel.thresholds(p, y)

    assert cut.tuned.tolist() == [False, False, True, True, True]
    assert cut.values[:2].tolist() == [0.5, 0.5]
    assert "stays 0.5 for a, b: fewer than 10 of 400 validation examples" in multilabel.notices(y, NAMES, cut, 400)[0]
    assert "Without validation examples" in multilabel.notices(y, NAMES, multilabel.half(5), 0)[0]
    y[:, 2] = 0
    assert "no example of c" in multilabel.notices(y, NAMES, cut, 400)[0]


def test_an_example_without_labels_that_is_given_none_is_right() -> None:
    y = np.array([[0, 0], [1, 0]], np.uint8)
    found = multilabel.multilabel(np.array([[0.1, 0.2], [0.9, 0.1]]), y, ("a", "b"), multilabel.half(2), np.ones(2))

    assert (found.chosen.f1_samples, found.chosen.subset_accuracy, found.chosen.hamming_loss) == (1, 1, 0)
    assert (found.labels[1].roc_auc, found.true_labels) == (None, 0.5)


def test_predictions_are_read_as_sets_and_looked_through_by_label() -> None:
    y = np.array([[1, 0], [0, 0], [1, 1]], np.uint8)
    p = np.array([[0.9, 0.8], [0.1, np.nan], [0.2, 0.7]], np.float32)
    none = np.empty(0)
    info = DataInfo((1,), ("a", "b"), 0, 3, "multilabel", "rows")
    data = Dataset(none, none, none, none, np.zeros((3, 1)), y, info, "")
    frame = predictions.of_labels(p, data, ("a", "b"), np.array([0.5, 0.75]), np.array([0.5, np.nan, 2.0]))

    assert frame["label"].tolist() == ["a", "(none)", "a; b"]
    assert frame["predicted"].tolist() == ["a; b", "", "(none)"]
    assert frame["wrong"].tolist() == [1, -1, 2]
    assert most_wrong(frame)["index"].tolist() == [2, 0]
    scores = multilabel.multilabel(p[[0, 2]], y[[0, 2]], ("a", "b"), multilabel.half(2), np.ones(2)).labels[0]
    found = of_label(frame, scores, true=True, given=False)
    assert found is not None
    assert found["index"].tolist() == [2]


def test_labels_above_their_threshold_are_given_first() -> None:
    found = given_labels(("a", "b", "c"), np.array([0.6, 0.3, 0.9]), (0.7, 0.2, 0.5))

    assert [(each.name, each.is_given) for each in found] == [("c", True), ("b", True), ("a", False)]


def test_a_plain_model_for_each_label_stands_beside_the_network(settings: Settings) -> None:
    found = baselines(load(DigitSegments(), settings, 0))

    assert [each.name for each in found] == ["the labels that most have", "logistic regression, label by label"]
    assert found[0].metrics["test_f1_micro"] < 0.9 < found[1].metrics["test_f1_micro"]
    told = verdict({"test_f1_micro": 0.999}, found, 360)
    assert told is not None
    assert told.standing == "above"
    assert "its micro F1 is 0.999" in told.text
