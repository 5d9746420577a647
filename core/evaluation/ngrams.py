"""Unigrams and bigrams of running text, as the baselines beside a generator."""

import time
from collections.abc import Callable, Iterator

import numpy as np

from core.data.base import Array, Dataset
from core.evaluation.baseline_scores import Baseline
from core.evaluation.generation import generation
from core.evaluation.report import Report

_MOST_TOKENS = 5_000_000  # that are counted


def ngrams(data: Dataset, heed: Callable[[], object]) -> Iterator[Baseline]:
    """Both give every token of the vocabulary a probability above 0, or a single new one would cost infinity."""
    assert not isinstance(data.x_train, dict)
    assert not isinstance(data.x_test, dict)
    started = time.monotonic()
    every = max(1, -(-data.y_train.size // _MOST_TOKENS))
    before, after = data.x_train[::every].reshape(-1), data.y_train[::every].reshape(-1)
    size = data.info.vocabulary
    single = _unigrams(after, size)
    fitted = {"fitted_on": len(data.y_train[::every]), "available": len(data.y_train)}
    right = data.y_test == single.argmax()
    yield _baseline("unigrams", -np.log(single[data.y_test]), right, data, fitted, started)
    heed()
    started = time.monotonic()
    losses, right = _bigrams(before, after, single, data.x_test, data.y_test)
    yield _baseline("bigrams", losses, right, data, fitted, started)


def _unigrams(tokens: Array, size: int) -> Array:
    """Their shares, with one of each added."""
    counts = np.bincount(tokens, minlength=size) + 1.0
    shares: Array = counts / counts.sum()
    return shares


def _bigrams(before: Array, after: Array, single: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """By Witten and Bell: as much weight on unigrams as different tokens were seen to follow.

    Returns the loss of each token in nats, and whether it was the most probable; both in the shape of y.
    """
    size = len(single)
    pairs, counts = np.unique(before.astype(np.int64) * size + after, return_counts=True)
    firsts = pairs // size
    total = np.bincount(firsts, weights=counts, minlength=size)
    kinds = np.bincount(firsts, minlength=size)
    asked = x.reshape(-1).astype(np.int64) * size + y.reshape(-1)
    places = np.minimum(np.searchsorted(pairs, asked), len(pairs) - 1)
    seen = np.where(pairs[places] == asked, counts[places], 0)
    first, weight = x.reshape(-1), np.maximum(kinds, 1)  # after a token that was never seen: unigrams alone
    share = (seen + weight[first] * single[y.reshape(-1)]) / (total[first] + weight[first])
    likeliest = np.full(size, int(single.argmax()))
    scores = counts + weight[firsts] * single[pairs % size]
    order = np.lexsort((scores, firsts))  # the last of each first token is its likeliest
    last = np.append(np.diff(firsts[order]) != 0, True)
    likeliest[firsts[order][last]] = (pairs % size)[order][last]
    return -np.log(share).reshape(y.shape), (likeliest[first] == y.reshape(-1)).reshape(y.shape)


def _baseline(
    name: str, losses: Array, right: Array, data: Dataset, fitted: dict[str, int], started: float
) -> Baseline:
    """`fitted` tells windows, as examples of running text are."""
    made = generation(losses, right)
    report = Report(task="generation", kind=data.info.kind, examples=len(losses), loss=made.loss, generation=made)
    seconds = round(time.monotonic() - started, 3)
    return Baseline(name=name, metrics=report.metrics(), seconds=seconds, **fitted)
