"""Shapley values of the features of a row, by sampling the orders in which they become known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.data.base import CATEGORIES, NUMBERS, Array, Examples
from core.data.examples import take
from core.explain.budget import Budget

_LEAST_ROUNDS, _MOST_ROUNDS = 3, 40
_MOST_ANSWERS = 60_000  # that a network is asked for, whatever the error, past the least rounds
_SHARE = 0.5  # of the time, so that some is left for the checks
_ACCURATE = 0.004  # standard error that is good enough, as a share of how far apart the answers are

Answers = Callable[[Examples], Array]  # rows [n, …] -> the answer for each, [n]
Mixed = Callable[[Array, Array], Examples]  # the explained row where bool [n, features], else row int [n] of the others


@dataclass(frozen=True)
class Shapley:
    values: Array  # float64 [features], in the answer's unit; they add up to answer - baseline
    error: float  # the largest standard error of them, by the rounds; infinite of fewer than three
    rows_error: float  # the same by which rows were drawn, and the orders of each; 0 of one row
    samples: int  # orders
    baseline: float  # the mean answer over the rows that were compared with


def shapley(
    answers: Answers, mixed: Mixed, features: int, rows: int, most: int = _MOST_ROUNDS, budget: Budget | None = None
) -> Shapley:
    """Štrumbelj and Kononenko, 2014, Knowledge and Information Systems 41, algorithm 2.

    A feature's value is the mean of what the answer changes by when it becomes known, over orders of the features and
    rows of the background, whose values stand for what is not known yet. Each round takes every row once, with an order
    and its reverse (Mitchell et al., 2022, JMLR 23, section 4), so that `error` is that of the orders alone; how much
    hangs on which rows were drawn is told by how far the rows are apart.

    Args:
        features: their number.
        rows: of the background.
        most: rounds, where the values are not exact enough before.
        budget: after the first round, more are only done in time.
    """
    budget = budget or Budget()
    drawn = np.random.default_rng(0)
    rounds: list[Array] = []
    by_row = np.zeros((rows, features))
    spread, asked, error, mean = 0.0, 0, np.inf, 0.0

    def one_round() -> tuple[Array, Array]:
        orders = np.stack([drawn.permutation(features) for _ in range(rows)])
        orders = np.stack([orders, orders[:, ::-1]], axis=1).reshape(-1, features)
        return _gains(answers, mixed, orders, np.repeat(np.arange(rows), 2))

    while len(rounds) < most:
        found = budget.optional(one_round, _SHARE) if rounds else one_round()
        if found is None:
            break
        gains, given = found
        rounds.append(gains.mean(axis=0))
        by_row += gains.reshape(rows, 2, features).mean(axis=1)
        spread, asked, mean = max(spread, float(np.ptp(given))), asked + given.size, float(given[:, 0].mean())
        if len(rounds) >= _LEAST_ROUNDS:
            error = float((np.std(rounds, axis=0, ddof=1) / np.sqrt(len(rounds))).max())
            if error <= _ACCURATE * spread or asked > _MOST_ANSWERS:
                break
    apart = np.std(by_row / len(rounds), axis=0, ddof=1).max() / np.sqrt(rows) if rows > 1 else 0.0
    return Shapley(np.mean(rounds, axis=0), error, float(apart), 2 * rows * len(rounds), mean)


def _gains(answers: Answers, mixed: Mixed, orders: Array, places: Array) -> tuple[Array, Array]:
    """[orders, features]: what each feature adds when it becomes known; [orders, features + 1]: the answers."""
    count, features = orders.shape
    rank = np.argsort(orders, axis=1)
    known = rank[:, np.newaxis, :] < np.arange(features + 1)[np.newaxis, :, np.newaxis]  # [orders, steps, features]
    x = mixed(known.reshape(-1, features), np.repeat(places, features + 1))
    given = np.asarray(answers(x), np.float64).reshape(count, features + 1)
    gains = np.empty((count, features))
    np.put_along_axis(gains, orders, np.diff(given, axis=1), axis=1)
    return gains, given


def mixture(row: Examples, background: Examples) -> Mixed:
    """Of a row [1, …] and the rows that it is compared with; numbers stand before categories."""

    def mixed(known: Array, places: Array) -> Examples:
        others = take(background, places)
        if not isinstance(row, dict) or not isinstance(others, dict):
            assert not isinstance(row, dict)
            assert not isinstance(others, dict)
            flat = np.where(known, row.reshape(1, -1), others.reshape(len(others), -1))
            return flat.reshape(-1, *row.shape[1:])
        found, start = {}, 0
        for name in (name for name in (NUMBERS, CATEGORIES) if name in row):
            end = start + row[name].shape[1]
            found[name] = np.where(known[:, start:end], row[name], others[name])
            start = end
        return found

    return mixed


def width(row: Examples) -> int:
    """The number of features of a row [1, …]."""
    arrays = row.values() if isinstance(row, dict) else [row]
    return sum(array[0].size for array in arrays)
