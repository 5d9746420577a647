"""Every figure that is reported, computed anew by scikit-learn and NumPy from the predictions that a trainer stored."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as reference

from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.data import library
from core.evaluation.report import Report
from core.evaluation.report_files import read_predictions, read_report
from core.jobs.prediction import Prediction, Row
from db.records import RunRecord, RunState
from tests.core.conftest import Queue
from tests.core.warm import Warm

Train = Callable[[int], RunRecord]


class Left:
    """What a finished run left: its report, the predictions and the last value of each metric."""

    def __init__(self, context: Context, run: RunRecord) -> None:
        assert (run.state, run.reason) == (RunState.FINISHED, ""), run.reason
        settings = context.workspace.settings
        self.run = run
        self.report: Report = read_report(settings, run.id)
        self.frame: pd.DataFrame = read_predictions(settings, run.id)
        self.metrics = {name: each.last for name, each in runs.summaries(context, [run.id])[run.id].items()}


@pytest.fixture
def left(context: Context, queue: Queue, train: Train) -> Callable[..., Left]:
    return lambda **sections: Left(context, train(queue(**sections)))


def _check_classes(left: Left, names: tuple[str, ...]) -> None:
    frame, metrics, scores = left.frame, left.metrics, left.report.classification
    assert scores is not None
    labels, rows = frame["label"].to_numpy(), frame[[f"p_{name}" for name in names]].to_numpy()
    predicted = rows.argmax(axis=1)
    assert frame["predicted"].tolist() == predicted.tolist()
    assert metrics["test_accuracy"] == scores.accuracy == pytest.approx(reference.accuracy_score(labels, predicted))
    # The loss is that of training: of a probability that float32 rounds to 0 it is finite, and known from the logits.
    assert metrics["test_loss"] == left.report.loss == scores.log_loss == pytest.approx(frame["loss"].mean(), rel=1e-5)
    given = rows[np.arange(len(labels)), labels]
    assert frame["loss"].to_numpy()[given > 1e-4] == pytest.approx(-np.log(given[given > 1e-4]), rel=1e-3, abs=1e-6)
    for name, function in (("f1", "f1_score"), ("precision", "precision_score"), ("recall", "recall_score")):
        expected = getattr(reference, function)(labels, predicted, average="macro", zero_division=0)
        assert metrics[f"test_{name}_macro"] == pytest.approx(expected)
    area = (
        reference.roc_auc_score(labels, rows[:, 1])
        if len(names) == 2
        else reference.roc_auc_score(labels, rows / rows.sum(axis=1, keepdims=True), multi_class="ovr")
    )
    assert metrics["test_roc_auc"] == pytest.approx(area, abs=1e-6)
    assert scores.confusion.tolist() == reference.confusion_matrix(labels, predicted).tolist()


def _check_numbers(left: Left, y: np.ndarray[Any, Any] | None = None) -> None:
    frame, metrics, errors = left.frame, left.metrics, left.report.regression
    assert errors is not None
    true, predicted = frame["label"].to_numpy(), frame["predicted"].to_numpy()
    assert true.dtype == predicted.dtype == np.float64
    assert frame["residual"].to_numpy() == pytest.approx(true - predicted)
    assert metrics["test_mae"] == errors.mae == pytest.approx(reference.mean_absolute_error(true, predicted))
    assert metrics["test_rmse"] == errors.rmse == pytest.approx(reference.root_mean_squared_error(true, predicted))
    assert metrics["test_r2"] == errors.r2 == pytest.approx(reference.r2_score(true, predicted))
    assert errors.median_error == pytest.approx(reference.median_absolute_error(true, predicted))
    assert metrics["test_loss"] == left.report.loss
    if y is not None:
        assert set(true) <= set(y.tolist())


def test_two_classes_and_many(left: Callable[..., Left]) -> None:
    _check_classes(left(data={"source": "breast_cancer"}, training={"epochs": 3}), ("malignant", "benign"))
    iris = left(data={"source": "iris"}, training={"epochs": 3})
    _check_classes(iris, ("setosa", "versicolor", "virginica"))


def test_losses_of_a_network_that_is_sure_and_wrong_are_one_number(left: Callable[..., Left], context: Context) -> None:
    """Probabilities below 1e-7, which are clipped in every figure, whatever stands behind the last softmax."""
    fast = {"epochs": 150, "optimizer": {"name": "adam", "learning_rate": 0.3}}
    sure = {"name": "mlp", "hidden": [64, 64], "activation": "relu"}
    found = left(data={"source": "digits", "limit": 60, "validation_split": 0}, architecture=sure, training=fast)
    _check_classes(found, tuple("0123456789"))
    assert found.frame["loss"].max() == pytest.approx(16.118, abs=1e-3)  # of 1e-7


def test_an_l2_penalty_is_no_part_of_the_test_loss(left: Callable[..., Left]) -> None:
    heavy = {"name": "mlp", "hidden": [16], "l2": 0.5}
    _check_classes(left(architecture=heavy, training={"epochs": 2}), ("setosa", "versicolor", "virginica"))


def test_a_generator_is_judged_by_one_loss(
    left: Callable[..., Left], workspace: Workspace, tmp_path: Path, data_dir: Path
) -> None:
    poem = tmp_path / "poem.txt"
    poem.write_text((data_dir / "corpora" / "tinyshakespeare.txt").read_text()[:6000])
    library.add_corpus(workspace.settings, "poem", poem)
    generator = {"name": "recurrent_generator", "embedding": 4, "units": [8]}
    fast = {"epochs": 3, "optimizer": {"name": "adam", "learning_rate": 1.0}}  # so that it is sure, and wrong
    found = left(data={"source": "corpus", "dataset": "poem", "length": 16}, architecture=generator, training=fast)
    made = found.report.generation
    assert made is not None
    assert found.metrics["test_loss"] == found.report.loss == made.loss
    assert made.loss == pytest.approx(found.frame["loss"].mean(), rel=1e-5)
    assert found.metrics["test_perplexity"] == made.perplexity == pytest.approx(np.exp(found.metrics["test_loss"]))
    assert found.metrics["test_accuracy"] == made.accuracy == pytest.approx(found.frame["accuracy"].mean(), rel=1e-5)


def test_errors_of_a_large_target_are_in_its_unit_and_asking_gives_the_same(
    left: Callable[..., Left], workspace: Workspace, warm: Warm, data_dir: Path
) -> None:
    settings, csv = workspace.settings, data_dir.parent / "cases" / "large_target.csv"
    library.add_table(settings, "big", csv, library.TableOptions(target="y"))
    given = pd.read_csv(csv)
    assert given["y"].nunique() == 60
    found = left(
        data={"source": "table", "dataset": "big"},
        training={"epochs": 300, "optimizer": {"name": "adam", "learning_rate": 0.02}},
    )
    _check_numbers(found, given["y"].to_numpy())
    assert found.metrics["test_mae"] < given["y"].std()
    assert found.frame["predicted"].nunique() == len(found.frame)
    rows = [Row(values={"x": value}) for value in found.frame["x_x"].tolist()]
    raws = [row.model_dump(mode="json") for row in rows]
    answers = warm.call("tests.core.inside:predict", settings.environment(), found.run.id, raws)
    asked = [Prediction.model_validate(answer).number for answer in answers]
    assert asked == pytest.approx(found.frame["predicted"].tolist(), abs=given["y"].std() * 1e-5)


@pytest.mark.parametrize("engine", ["graph", "xla"])
@pytest.mark.parametrize(
    ("middle", "unit"), [(0.0, 1.0), (1.7e9, 10.0), (-(2.0**52), 50.0), (0.0, 1e-9), (3e-12, 1e-15), (0.0, 1e60)]
)
def test_errors_are_in_the_unit_of_the_target_whatever_its_size(
    left: Callable[..., Left], workspace: Workspace, tmp_path: Path, middle: float, unit: float, engine: str
) -> None:
    x = np.random.default_rng(0).normal(size=(120, 2))
    y = middle + unit * (x[:, 0] - 2 * x[:, 1])
    np.savez(tmp_path / "a.npz", x=x, y=y)
    library.add_arrays(workspace.settings, "a", tmp_path / "a.npz")
    found = left(
        data={"source": "arrays", "dataset": "a"},
        training={"epochs": 60, "engine": engine, "optimizer": {"name": "adam", "learning_rate": 0.03}},
    )
    _check_numbers(found, y)
    assert found.metrics["test_r2"] > 0.95
    assert 0 < found.metrics["val_mae"] < unit
    # Of a linear scaling the loss is the share of the training targets' variance, in any unit.
    variance = found.metrics["test_rmse"] ** 2 / found.metrics["test_loss"]
    assert variance == pytest.approx(y.var(), rel=0.5)


@pytest.mark.parametrize("scaling", ["none", "standard", "robust", "log"])
def test_a_very_skewed_target_is_learnt_in_any_scaling_and_told_in_its_unit(
    left: Callable[..., Left], workspace: Workspace, tmp_path: Path, scaling: str
) -> None:
    x = np.random.default_rng(0).normal(size=(200, 2))
    y = np.exp(2 * x[:, 0])
    np.savez(tmp_path / "a.npz", x=x, y=y)
    library.add_arrays(workspace.settings, "a", tmp_path / "a.npz")
    fast = {"epochs": 60, "optimizer": {"name": "adam", "learning_rate": 0.03}}
    found = left(data={"source": "arrays", "dataset": "a"}, training={**fast, "target_scaling": scaling})
    _check_numbers(found, y)
    if scaling != "none":
        assert found.metrics["test_median_error"] < np.median(y)
    assert found.metrics["val_mae"] < 10 * found.metrics["test_mae"] + y.std()
    if scaling == "log":
        assert (found.frame["predicted"] > -np.median(y)).all()
        error = np.abs(np.log1p(found.frame["predicted"]) - np.log1p(found.frame["label"])).mean()
        assert error < 0.3
