"""The report of one evaluation: what `evaluation.json` holds. Values that are not defined are None, never NaN."""

from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from core.data.base import Kind, Task
from core.evaluation.baseline_scores import Baseline
from core.evaluation.curve import Curve, Value, defined
from core.evaluation.forecast_report import Forecast
from core.evaluation.label_report import MultiLabel

__all__ = ["Curve", "Report", "Value", "defined"]

VERSION: Literal[1] = 1


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")  # a later version may say more


class ClassScores(_Frozen):
    """One class against the rest."""

    name: str
    support: int  # test examples of this class
    precision: Value
    recall: Value
    f1: Value
    roc_auc: Value
    average_precision: Value


class Average(_Frozen):
    """Over classes: macro counts each class alike, weighted by its support."""

    name: Literal["macro", "weighted"]
    precision: Value
    recall: Value
    f1: Value


class Bin(_Frozen):
    """Predictions whose confidence lies in one tenth of the scale."""

    low: float
    high: float
    count: int
    confidence: float  # mean
    accuracy: float


class AtThreshold(_Frozen):
    """What comes of taking examples for the second of two classes from a probability on; scores are of that class."""

    threshold: float
    precision: Value
    recall: Value
    f1: Value
    cells: tuple[int, int, int, int]  # true negatives, false positives, false negatives, true positives


class Thresholds(_Frozen):
    """The threshold that was applied to the test set, how it was chosen, and what it gives beside 0.5."""

    rule: str  # as core.config.threshold_rules names it
    threshold: float
    positive: str  # the second class
    validation_examples: int
    validation_positives: int
    curve: tuple[tuple[float, float, float, float], ...]  # on validation: threshold, precision, recall, F1
    validation: tuple[AtThreshold, ...]  # at 0.5, and at the threshold where that is another
    test: tuple[AtThreshold, ...]

    @property
    def applied(self) -> AtThreshold:
        """On the test set."""
        return self.test[-1]


class Classification(_Frozen):
    accuracy: float
    balanced_accuracy: Value
    log_loss: Value
    roc_auc: Value  # macro average over the classes that have one
    average_precision: Value
    calibration_error: Value  # expected calibration error over the bins, 0 to 1
    top_k: dict[int, float]  # share of examples whose class is among the k most probable
    classes: tuple[ClassScores, ...]
    averages: tuple[Average, ...]
    cells: tuple[tuple[int, int, int], ...]  # confusion matrix without zeros: true class, predicted class, count
    roc: tuple[Curve, ...]
    precision_recall: tuple[Curve, ...]
    bins: tuple[Bin, ...]  # without empty ones
    thresholds: Thresholds | None = None  # of two classes; of earlier versions none

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """[true, predicted]: counts."""
        matrix = np.zeros((len(self.classes), len(self.classes)), np.int64)
        for true, predicted, count in self.cells:
            matrix[true, predicted] = count
        return matrix

    def average(self, name: str) -> Average:
        return next(average for average in self.averages if average.name == name)


class Regression(_Frozen):
    """Errors in the target's unit; a residual is the true value minus the predicted one."""

    mae: float
    rmse: float
    r2: Value  # 1 is perfect, 0 as good as always guessing the mean
    median_error: float  # of the absolute errors
    below: Value = None  # share of the true values that are at most as large as predicted; of earlier versions none
    quantiles: dict[str, float]  # of the residuals, by percent
    points: tuple[tuple[int, float, float], ...]  # of some examples: position in the test set, true, predicted
    edges: tuple[float, ...]  # of the residuals' histogram, one more than counts
    counts: tuple[int, ...]


class Generation(_Frozen):
    loss: float  # nats per token
    perplexity: Value
    tokens: int
    windows: int
    length: int  # tokens of a window
    accuracy: Value  # share of tokens that were the most probable
    by_position: tuple[float, ...]  # loss by the number of tokens seen before, from 0, at most 500 values


class Report(_Frozen):
    """One evaluation of the best checkpoint on the test set; one of the five parts is there, or a notice says why."""

    version: int = VERSION
    task: Task
    kind: Kind
    target: str = ""
    examples: int
    left_out: int = 0  # examples whose prediction was not a number
    loss: Value = None  # mean over the others, of probabilities, without what L1 and L2 add; of earlier versions none
    views_note: str = ""  # in which views each picture was asked about; "" for itself alone
    loss_note: str = ""  # what the loss is, and its unit; "" for cross-entropy in nats, and of earlier versions
    notices: tuple[str, ...] = ()
    classification: Classification | None = None
    multilabel: MultiLabel | None = None
    regression: Regression | None = None
    generation: Generation | None = None
    forecast: Forecast | None = None
    baselines: tuple[Baseline, ...] = ()  # what baselines reach
    made_of: str = ""  # which checkpoint of which state, where it was not made at the run's end

    def metrics(self) -> dict[str, float]:
        """The headline numbers as metrics of the run."""
        found: dict[str, Value] = {"test_loss": self.loss}
        if (scores := self.classification) is not None:
            macro = scores.average("macro")
            found |= {
                "test_accuracy": scores.accuracy,
                "test_f1_macro": macro.f1,
                "test_precision_macro": macro.precision,
                "test_recall_macro": macro.recall,
                "test_roc_auc": scores.roc_auc,
                "test_average_precision": scores.average_precision,
                "test_calibration_error": scores.calibration_error,
                **{f"test_top{k}_accuracy": value for k, value in scores.top_k.items()},
            }
            if (chosen := scores.thresholds) is not None:
                applied = chosen.applied
                found |= {"test_precision": applied.precision, "test_recall": applied.recall, "test_f1": applied.f1}
                found |= {"test_threshold": applied.threshold}
        elif self.multilabel is not None:
            found |= self.multilabel.metrics()
        elif (errors := self.regression) is not None:
            found |= {"test_mae": errors.mae, "test_rmse": errors.rmse, "test_r2": errors.r2}
            found |= {"test_median_error": errors.median_error}
        elif (generated := self.generation) is not None:
            found |= {"test_accuracy": generated.accuracy, "test_perplexity": generated.perplexity}
        elif self.forecast is not None:
            found |= self.forecast.network.metrics()
        return {name: value for name, value in found.items() if value is not None}
