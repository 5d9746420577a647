"""Whether what a model is asked is as what it learned from: two counts by bin, compared as two samples.

The profile is a sample, too, and a finite one: what is far in a small training set is not far. A number or category is
judged by the smallest of three p-values, times three (Bonferroni):

* Pearson's test of two samples over the bins that hold enough for the distribution of chi-square to be near;
* the exact hypergeometric tails of all others together: out of range, unseen, missing, rare, of which there are more,
  or fewer. There chi-square would call a single value that the training part happened not to hold an alarm, and does so
  in one of n / (N + n) windows. Of a window many times as large as the training part nearly every bin is such a one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, hypergeom

from core.data.data_info import Array

_ENOUGH = 10  # examples that a bin is to hold, of the profile and by its share of a window


@dataclass(frozen=True)
class Shift:
    """Of one column in one window."""

    p: float
    moved: float  # share of the values that would have to lie elsewhere: the total variation distance, 0 to 1


def shift(learned: Sequence[int], now: Sequence[int]) -> Shift:
    """Of counts by the same bins."""
    p, moved = shifts(np.array(learned), np.array([now]))
    return Shift(float(p[0]), float(moved[0]))


def shifts(learned: Array, now: Array) -> tuple[Array, Array]:
    """p-values [windows] and how much is elsewhere, of counts [bins] and [windows, bins] of as many examples each."""
    many, few = int(learned.sum()), int(now[0].sum())
    if not many or not few:
        return np.ones(len(now)), np.zeros(len(now))
    moved: Array = np.abs(now / few - learned / many).sum(axis=1) / 2
    both = now + learned
    # By both together: whichever sample a bin owes its count to, what is chosen so favours neither.
    least = _ENOUGH * (many + few) / min(many, few)
    dense = both >= least
    rare, all_rare = np.where(dense, 0, now).sum(axis=1), np.where(dense, 0, both).sum(axis=1)
    more = hypergeom.sf(rare - 1, many + few, all_rare, few)
    fewer = hypergeom.cdf(rare, many + few, all_rare, few)
    theirs = np.column_stack([np.where(dense, now, 0), np.where(all_rare >= least, rare, 0)])
    pooled = np.column_stack([np.where(dense, both, 0), np.where(all_rare >= least, all_rare, 0)])
    return np.minimum(1.0, 3 * np.minimum.reduce([_pearson(theirs, pooled), more, fewer])), moved


def _pearson(now: Array, both: Array) -> Array:
    """Of counts [windows, bins], and those of both samples; bins without any take no part."""
    few, all_of_them = now.sum(axis=1, keepdims=True), both.sum(axis=1, keepdims=True)
    expected = few * both / np.maximum(all_of_them, 1)
    left = np.maximum(all_of_them - few, 1)
    apart = ((now - expected) ** 2 / np.maximum(expected, 1e-12)).sum(axis=1) * (all_of_them / left)[:, 0]
    freedom = (both > 0).sum(axis=1) - 1
    return np.where(freedom > 0, chi2.sf(apart, np.maximum(freedom, 1)), 1.0)


def alarms(p: Sequence[float], rate: float) -> list[bool]:
    """Which are significant (Holm, 1979): where nothing has moved, a window has any of them at most at this rate."""
    order = np.argsort(p, kind="stable")
    found = [False] * len(p)
    for place, at in enumerate(order):
        if p[at] > rate / (len(p) - place):
            break
        found[at] = True
    return found
