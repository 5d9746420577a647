"""Baselines beside a network: fitted on the training part, judged on the same test set by the same figures.

Majority class and logistic regression, of texts naive Bayes on tokens; mean and ridge regression; of running text
unigrams and bigrams; of series naive and linear forecasts. They take some seconds at most: of many examples a part is
fitted on, and that is told.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import MultinomialNB
from threadpoolctl import threadpool_limits

from core.config.threshold_rules import Half, Threshold
from core.data.base import Array, Dataset, Examples
from core.data.examples import count, take
from core.evaluation import classification, forecasts, multilabel, regression, thresholds
from core.evaluation.baseline_features import Features
from core.evaluation.baseline_scores import MAJORITY, Baseline
from core.evaluation.ngrams import ngrams
from core.evaluation.report import Report
from core.inference.decisions import taken

SECONDS = 4.0  # for the iterations of a logistic regression
_MOST_VALUES = 50_000_000  # of the features that are fitted on: 200 MB
_MOST_WORK = 250_000_000  # of an iteration: examples times features times classes
_AT_ONCE, _MOST_ITERATIONS = 20, 200
_PART = 8192  # test examples that are predicted at a time

Heed = Callable[[], object]
Predict = Callable[[Examples], Array]  # [examples, classes]: probabilities


def baselines(data: Dataset, heed: Heed = lambda: None, rule: Threshold | None = None) -> tuple[Baseline, ...]:
    """None of tasks that have no baseline.

    Args:
        data: as the network takes them; the test set is not empty.
        heed: called again and again; what it raises ends it.
        rule: by which the threshold of two classes is chosen, for each of them as for the network; None for 0.5.

    Raises:
        ValueError, MemoryError, ArithmeticError: such a model cannot be fitted on these data.
    """
    classifiers = partial(_classifiers, rule=rule or Half())
    makers: dict[str, Callable[[Dataset, Heed], Iterator[Baseline]]] = {
        "binary": classifiers,
        "multiclass": classifiers,
        "multilabel": _label_sets,
        "regression": _regressions,
        "generation": ngrams,
        "forecast": forecasts.baselines,
    }
    maker = makers.get(data.info.task)
    if maker is None or not len(data.y_train):
        return ()
    with threadpool_limits(1):  # of several threads each waits for the slowest: on a busy host ten times as long
        return tuple(maker(data, heed))


@dataclass(frozen=True)
class _Fitting:
    """Training examples that a model is fitted on, and their features."""

    features: Features
    x: Any
    y: Array
    available: int

    @classmethod
    def of(cls, data: Dataset, y: Array, work: int) -> "_Fitting":
        """`work` are multiplications for each feature of an example; as many examples are taken as that allows."""
        features = Features(data.info)
        most = max(1, min(_MOST_VALUES, _MOST_WORK // max(1, work)) // max(1, features.width))
        chosen: Array = np.arange(len(y))
        if most < len(y):
            chosen = np.sort(np.random.default_rng(0).choice(len(y), most, replace=False))
        return cls(features, features.fit(take(data.x_train, chosen)), y[chosen], len(y))

    def predicted(self, predict: Callable[[Any], Array], x: Examples, heed: Heed) -> Array:
        """A part of the examples, of which there are some, at a time."""
        parts = []
        for start in range(0, count(x), _PART):
            heed()
            parts.append(predict(self.features(take(x, slice(start, start + _PART)))))
        return np.concatenate(parts)

    def probabilities(self, model: Any, classes: int, heed: Heed) -> Predict:
        """By a fitted classifier, a column for each class."""
        return lambda x: _of_all(self.predicted(model.predict_proba, x, heed), model.classes_, classes)

    def baseline(self, name: str, report: Report, started: float, *notes: str) -> Baseline:
        return Baseline(
            name=name,
            metrics=report.metrics(),
            fitted_on=len(self.y),
            available=self.available,
            notes=(*self.features.notes, *notes),
            seconds=round(time.monotonic() - started, 3),
        )


def _classifiers(data: Dataset, heed: Heed, rule: Threshold) -> Iterator[Baseline]:
    classes = len(data.info.class_names)
    counts = np.bincount(data.y_train, minlength=classes)
    shares = (counts / counts.sum()).astype(np.float32)
    examples = len(data.y_train)
    metrics = _classes(lambda x: np.tile(shares, (count(x), 1)), data, Half()).metrics()  # whatever the threshold
    yield Baseline(name=MAJORITY, metrics=metrics, fitted_on=examples, available=examples)
    if (counts > 0).sum() < 2:
        return
    started = time.monotonic()
    if data.info.kind == "text":
        fitting = _Fitting.of(data, data.y_train, 1)
        bayes = MultinomialNB().fit(fitting.x, fitting.y)
        report = _classes(fitting.probabilities(bayes, classes, heed), data, rule)
        yield fitting.baseline("naive Bayes on tokens", report, started)
        return
    fitting = _Fitting.of(data, data.y_train, classes)
    model, note = _logistic(fitting, heed)
    report = _classes(fitting.probabilities(model, classes, heed), data, rule)
    yield fitting.baseline("logistic regression", report, started, *note)


def _logistic(fitting: _Fitting, heed: Heed, seconds: float = SECONDS) -> tuple[LogisticRegression, list[str]]:
    """Some iterations at a time, so that it ends in time on any machine. Raises ValueError."""
    model = LogisticRegression(max_iter=_AT_ONCE, warm_start=True, tol=1e-3)
    ends, done = time.monotonic() + seconds, 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        while done < _MOST_ITERATIONS:
            heed()
            model.fit(fitting.x, fitting.y)
            done += int(model.n_iter_.max())
            if model.n_iter_.max() < _AT_ONCE:
                return model, []
            if time.monotonic() > ends:
                break
    return model, [f"stopped after {done} iterations"]


def _classes(predict: Predict, data: Dataset, rule: Threshold) -> Report:
    """Of two classes the threshold is chosen on the validation part, as the network's is."""
    probabilities, names = predict(data.x_test), data.info.class_names
    chosen, predicted = None, probabilities.argmax(axis=1)
    if data.info.task == "binary":
        validation = predict(data.x_val)[:, 1] if len(data.y_val) else np.empty(0)
        both, test = (names[0], names[1]), (probabilities[:, 1], data.y_test)
        chosen = thresholds.thresholds(rule, both, (validation, data.y_val), test)
        predicted = taken(probabilities[:, 1], chosen.threshold)
    made = classification.classification(probabilities, data.y_test, names, None, predicted)
    made = made.model_copy(update={"thresholds": chosen})
    report = Report(task=data.info.task, kind=data.info.kind, examples=len(data.y_test))
    return report.model_copy(update={"classification": made, "loss": made.log_loss})


def _label_sets(data: Dataset, heed: Heed) -> Iterator[Baseline]:
    """A model for each label; thresholds are chosen as those of the network are."""
    y, names = data.y_train, data.info.class_names
    half = multilabel.half(len(names))
    often = np.tile(y.mean(axis=0, dtype=np.float64).astype(np.float32), (len(data.y_test), 1))
    metrics = _labels(often, data, half).metrics()
    yield Baseline(name="the labels that most have", metrics=metrics, fitted_on=len(y), available=len(y))
    started = time.monotonic()
    fitting = _Fitting.of(data, y, 1 if data.info.kind == "text" else len(names))
    models, notes = _of_each_label(fitting, data.info.kind == "text", heed)

    def second(x: Any) -> Array:
        return np.stack([_of_all(each.predict_proba(x), each.classes_, 2)[:, 1] for each in models], axis=1)

    cut = multilabel.thresholds(fitting.predicted(second, data.x_val, heed), data.y_val) if len(data.y_val) else half
    report = _labels(fitting.predicted(second, data.x_test, heed), data, cut)
    name = "naive Bayes on tokens" if data.info.kind == "text" else "logistic regression"
    yield fitting.baseline(f"{name}, label by label", report, started, *notes)


def _of_each_label(fitting: _Fitting, is_text: bool, heed: Heed) -> tuple[list[Any], list[str]]:
    """Fitted classifiers, which share the seconds, and notes. Raises ValueError."""
    ends, notes = time.monotonic() + SECONDS, dict[str, None]()
    models: list[Any] = []
    for of_label in fitting.y.T:
        heed()
        if len(np.unique(of_label)) < 2:
            models.append(DummyClassifier(strategy="prior").fit(fitting.x, of_label))
        elif is_text:
            models.append(MultinomialNB().fit(fitting.x, of_label))
        else:
            left = max(0.1, (ends - time.monotonic()) / (fitting.y.shape[1] - len(models)))
            model, note = _logistic(replace(fitting, y=of_label), heed, left)
            models.append(model)
            notes |= dict.fromkeys(note)
    return models, list(notes)


def _labels(probabilities: Array, data: Dataset, cut: multilabel.Thresholds) -> Report:
    made = multilabel.multilabel(probabilities, data.y_test, data.info.class_names, cut)
    report = Report(task=data.info.task, kind=data.info.kind, examples=len(data.y_test))
    return report.model_copy(update={"multilabel": made, "loss": made.log_loss})


def _of_all(given: Array, known: Array, classes: int) -> Array:
    """A column for each class, also for those that were not among the examples."""
    found = np.zeros((len(given), classes), np.float32)
    found[:, known.astype(int)] = given
    return found


def _regressions(data: Dataset, heed: Heed) -> Iterator[Baseline]:
    """In the target's unit, whatever the scaling that the network learns."""
    true = data.y_test if data.targets_test is None else data.targets_test
    learned = data.y_train if data.numbers is None else data.numbers.of_outputs(data.y_train)
    y = np.asarray(learned, np.float64).reshape(len(learned))
    middle, deviation = float(y.mean()), float(y.std()) or 1.0  # of float32 only what is near zero is exact

    def report(predicted: Array) -> Report:
        made = regression.regression(predicted.reshape(len(true)), true.reshape(len(true)))
        return Report(task="regression", kind=data.info.kind, examples=len(true), regression=made)

    mean = report(np.full(len(true), middle)).metrics()
    yield Baseline(name="always guessing the mean", metrics=mean, fitted_on=len(y), available=len(y))
    started = time.monotonic()
    fitting = _Fitting.of(data, (y - middle) / deviation, Features(data.info).width)
    heed()
    model = Ridge().fit(fitting.x, fitting.y)
    predicted = fitting.predicted(model.predict, data.x_test, heed).astype(np.float64) * deviation + middle
    yield fitting.baseline("ridge regression", report(predicted), started)
