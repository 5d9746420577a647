"""Plain baselines of scikit-learn on the split of a run, and the figures of its report recomputed."""

import math
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from core.data.base import CATEGORIES, NUMBERS, Array, Dataset
from core.evaluation.report import Report


def judged(data: Dataset, report: Report, predicted: Any) -> tuple[str, str, float]:
    """Scores of the baselines and of the network, and how far the report is from what scikit-learn says."""
    if (numbers := report.regression) is not None:
        label, guess = predicted["label"], predicted["predicted"]
        again = [measure(label, guess) for measure in (mean_absolute_error, root_mean_squared_error, r2_score)]
        told = [numbers.mae, numbers.rmse, numbers.r2 or 0.0]
        apart = max(abs(one - other) / max(1.0, abs(other)) for one, other in zip(told, again, strict=True))
        baselines = _baselines(data, DummyRegressor(), Ridge())
        scores = [f"{mean_absolute_error(data.y_test, each):,.4g}" for each in baselines]
        return f"mean {scores[0]}, ridge {scores[1]}", f"mean absolute error {numbers.mae:,.4g}", apart
    if report.generation is not None:
        again = [predicted[each].to_numpy(np.float64).mean() for each in ("loss", "accuracy")]
        told = [report.generation.loss, report.generation.accuracy or 0.0]
        apart = max(abs(one - other) for one, other in zip(told, again, strict=True))
        scores = [f"{each:,.2f}" for each in _counted(data)]
        return f"tokens {scores[0]}, pairs {scores[1]}", f"perplexity {report.generation.perplexity:,.2f}", apart
    assert report.classification is not None
    label, guess = predicted["label"], predicted["predicted"]
    apart = abs(report.classification.accuracy - accuracy_score(label, guess))
    simple = (
        MultinomialNB()
        if data.texts_train is not None
        else LogisticRegression(C=0.1 if data.info.is_image else 1, max_iter=1000)
    )
    scores = [f"{accuracy_score(data.y_test, each):.3f}" for each in _baselines(data, DummyClassifier(), simple)]
    return f"majority {scores[0]}, linear {scores[1]}", f"accuracy {report.classification.accuracy:.3f}", apart


def _counted(data: Dataset) -> tuple[float, float]:
    """Perplexities of the test windows by how often tokens, and pairs of them, stand in the training windows."""
    size = data.info.vocabulary
    assert not isinstance(data.x_train, dict) and not isinstance(data.x_test, dict)
    alone = np.bincount(data.y_train.ravel(), minlength=size) + 1.0
    alone /= alone.sum()
    pairs, counts = np.unique(data.x_train.astype(np.int64).ravel() * size + data.y_train.ravel(), return_counts=True)
    before = np.bincount(data.x_train.ravel(), minlength=size)
    asked = data.x_test.astype(np.int64).ravel() * size + data.y_test.ravel()
    at = np.minimum(np.searchsorted(pairs, asked), len(pairs) - 1)
    seen = np.where(pairs[at] == asked, counts[at], 0)
    first = alone[data.y_test.ravel()]
    joint = (seen + 10 * first) / (before[data.x_test.ravel()] + 10)
    return math.exp(-np.log(first).mean()), math.exp(-np.log(joint).mean())


def _baselines(data: Dataset, *models: Any) -> list[Array]:
    """What they say of the test set."""
    train, test = _inputs(data)
    return [model.fit(train, data.y_train).predict(test) for model in models]


def _inputs(data: Dataset) -> tuple[Any, Any]:
    """Of linear models: [examples, columns], training and test part."""
    if data.texts_train is not None and data.texts_test is not None:
        signs = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), min_df=2)
        return signs.fit_transform(data.texts_train), signs.transform(data.texts_test)
    if not isinstance(data.x_train, dict):
        assert not isinstance(data.x_test, dict)
        return data.x_train.reshape(len(data.x_train), -1) / 255.0, data.x_test.reshape(len(data.x_test), -1) / 255.0
    assert isinstance(data.x_test, dict)
    parts, width = [], 0
    steps = {
        NUMBERS: make_pipeline(SimpleImputer(), StandardScaler()),
        CATEGORIES: OneHotEncoder(handle_unknown="ignore"),
    }
    for kind in data.x_train:
        columns = list(range(width, width + data.x_train[kind].shape[1]))
        parts.append((kind, steps[kind], columns))
        width += len(columns)
    model = ColumnTransformer(parts)
    train, test = (
        np.concatenate([part.astype(object) for part in x.values()], axis=1) for x in (data.x_train, data.x_test)
    )
    return model.fit_transform(train), model.transform(test)
