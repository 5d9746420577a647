"""Plain models beside a network: fitted on the training part, judged on the same test set by the same figures.

Majority class and logistic regression, of texts naive Bayes on tokens; mean and ridge regression; of running text
unigrams and bigrams. They take some seconds at most: of many examples a part is fitted on, and that is told.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import MultinomialNB
from threadpoolctl import threadpool_limits

from core.data.base import Array, Dataset
from core.data.examples import count, take
from core.evaluation import classification, multilabel, regression
from core.evaluation.baseline_features import Features
from core.evaluation.baseline_scores import Baseline
from core.evaluation.ngrams import ngrams
from core.evaluation.report import Report

SECONDS = 4.0  # for the iterations of a logistic regression
_MOST_VALUES = 50_000_000  # of the features that are fitted on: 200 MB
_MOST_WORK = 250_000_000  # of an iteration: examples times features times classes
_AT_ONCE, _MOST_ITERATIONS = 20, 200
_PART = 8192  # test examples that are predicted at a time

Heed = Callable[[], object]


def baselines(data: Dataset, heed: Heed = lambda: None) -> tuple[Baseline, ...]:
    """None of tasks that have no plain model.

    Args:
        data: as the network takes them; the test set is not empty.
        heed: called again and again; what it raises ends it.

    Raises:
        ValueError, MemoryError, ArithmeticError: such a model cannot be fitted on these data.
    """
    makers = {"binary": _classifiers, "multiclass": _classifiers, "multilabel": _label_sets}
    makers |= {"regression": _regressions, "generation": ngrams}
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

    def predicted(self, predict: Callable[[Any], Array], data: Dataset, heed: Heed) -> Array:
        """Of the test set, a part at a time."""
        parts = []
        for start in range(0, count(data.x_test), _PART):
            heed()
            parts.append(predict(self.features(take(data.x_test, slice(start, start + _PART)))))
        return np.concatenate(parts)

    def baseline(self, name: str, report: Report, started: float, *notes: str) -> Baseline:
        return Baseline(
            name=name,
            metrics=report.metrics(),
            fitted_on=len(self.y),
            available=self.available,
            notes=(*self.features.notes, *notes),
            seconds=round(time.monotonic() - started, 3),
        )


def _classifiers(data: Dataset, heed: Heed) -> Iterator[Baseline]:
    classes = len(data.info.class_names)
    counts = np.bincount(data.y_train, minlength=classes)
    shares = np.tile((counts / counts.sum()).astype(np.float32), (len(data.y_test), 1))
    examples = len(data.y_train)
    metrics = _classes(shares, data).metrics()
    yield Baseline(name="the majority class", metrics=metrics, fitted_on=examples, available=examples)
    if (counts > 0).sum() < 2:
        return
    started = time.monotonic()
    if data.info.kind == "text":
        fitting = _Fitting.of(data, data.y_train, 1)
        bayes = MultinomialNB().fit(fitting.x, fitting.y)
        given = _of_all(fitting.predicted(bayes.predict_proba, data, heed), bayes.classes_, classes)
        yield fitting.baseline("naive Bayes on tokens", _classes(given, data), started)
        return
    fitting = _Fitting.of(data, data.y_train, classes)
    model, note = _logistic(fitting, heed)
    given = _of_all(fitting.predicted(model.predict_proba, data, heed), model.classes_, classes)
    yield fitting.baseline("logistic regression", _classes(given, data), started, *note)


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


def _classes(probabilities: Array, data: Dataset) -> Report:
    made = classification.classification(probabilities, data.y_test, data.info.class_names)
    report = Report(task=data.info.task, kind=data.info.kind, examples=len(data.y_test))
    return report.model_copy(update={"classification": made, "loss": made.log_loss})


def _label_sets(data: Dataset, heed: Heed) -> Iterator[Baseline]:
    """A model for each label; thresholds are chosen as those of the network are."""
    y, names = data.y_train, data.info.class_names

    def report(given: Array, cut: multilabel.Thresholds) -> Report:
        made = multilabel.multilabel(given, data.y_test, names, cut)
        found = Report(task=data.info.task, kind=data.info.kind, examples=len(data.y_test), multilabel=made)
        return found.model_copy(update={"loss": made.log_loss})

    often = np.tile(y.mean(axis=0, dtype=np.float64).astype(np.float32), (len(data.y_test), 1))
    metrics = report(often, multilabel.half(len(names))).metrics()
    yield Baseline(name="the labels that most have", metrics=metrics, fitted_on=len(y), available=len(y))
    started = time.monotonic()
    fitting = _Fitting.of(data, y, 1 if data.info.kind == "text" else len(names))
    ends, notes = time.monotonic() + SECONDS, set[str]()
    models: list[Any] = []
    for of_label in fitting.y.T:
        heed()
        model: Any = DummyClassifier(strategy="prior")
        if data.info.kind == "text" and len(np.unique(of_label)) > 1:
            model = MultinomialNB()
        elif len(np.unique(of_label)) > 1:
            left = max(0.1, (ends - time.monotonic()) / (len(names) - len(models)))
            model, note = _logistic(replace(fitting, y=of_label), heed, left)
            notes.update(note)
        models.append(model.fit(fitting.x, of_label) if not isinstance(model, LogisticRegression) else model)

    def ask(x: Any) -> Array:
        return np.stack([_of_all(m.predict_proba(x), m.classes_, 2)[:, 1] for m in models], axis=1)

    cut = multilabel.half(len(names))
    if len(data.y_val):
        cut = multilabel.thresholds(fitting.predicted(ask, replace(data, x_test=data.x_val), heed), data.y_val)
    name = "naive Bayes on tokens" if data.info.kind == "text" else "logistic regression"
    yield fitting.baseline(f"{name}, label by label", report(fitting.predicted(ask, data, heed), cut), started, *notes)


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
    predicted = fitting.predicted(model.predict, data, heed).astype(np.float64) * deviation + middle
    yield fitting.baseline("ridge regression", report(predicted), started)
