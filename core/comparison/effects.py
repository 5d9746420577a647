"""What one param did, over all runs: pairs of configs that differ in nothing else, seed and fold aside.

A correlation over runs mixes params that were changed together; a pair does not. Where the same change was made within
several configs, the effect is its mean over them, with Student's interval; within one, that of its seeds
(Welch), or of its folds (Nadeau and Bengio, as their training parts overlap).
"""

import itertools
import math
from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.comparison.groups import Group
from core.comparison.param_frames import Params, differing
from core.evaluation.chances import holm
from core.runs.data_names import is_repeat
from core.verdicts.estimates import SURE, Estimate, corrected, paired, unpaired

_MOST_VALUES = 12  # of a param, the most frequent ones: every two of them are a change


@dataclass(frozen=True)
class Effect:
    """Of changing a param from one value to another, in the metric's unit."""

    param: str
    before: str
    after: str
    difference: float  # the mean over the pairs
    pairs: int  # configs within which both values were tried
    estimate: Estimate | None  # None where a single pair has no repeats to tell its spread by
    chance: float = 1.0  # of as large a difference without an effect, corrected for all effects (Holm)
    miss: float = SURE  # that the interval may miss with, so that it agrees with `chance`

    @property
    def is_sure(self) -> bool:
        return self.estimate is not None and self.chance < SURE

    @property
    def interval(self) -> tuple[float, float]:
        return self.estimate.interval(self.miss) if self.estimate else (math.nan, math.nan)


# Of one config: its values by what they are of, and how many folds it has if they are of folds.
Results = tuple[Mapping[Hashable, float], int]


def effects(
    groups: Sequence[Group],
    params: Params,
    values: Mapping[int, Sequence[float]],
    folds: Mapping[int, int] | None = None,
    places: Mapping[int, Sequence[Hashable]] | None = None,
    without: Collection[str] = (),
) -> list[Effect]:
    """Of all params in which some of them differ; the surest first, then the largest.

    Args:
        groups: runs of one config each.
        values: the metric of each repeat of a group, by the group's id; groups without any are left out.
        folds: of groups that are a cross-validation.
        places: of which fold each value is; without them the first is of the first, and so on.
        without: params of which nothing is told, as values of the metric cannot be compared across them.
    """
    known = [group for group in groups if len(values.get(group.id, ()))]
    keys = [key for key in differing([group.id for group in known], params) if not is_repeat(key)]
    told = [tuple(params.get(group.id, {}).get(key) or "" for key in keys) for group in known]
    of = {group.id: (places or {}).get(group.id) or range(len(values[group.id])) for group in known}
    results: list[Results] = [
        (dict(zip(of[group.id], values[group.id], strict=True)), (folds or {}).get(group.id, 0)) for group in known
    ]
    asked = [(place, key) for place, key in enumerate(keys) if key not in without]
    found = [effect for place, key in asked for effect in _of_param(key, place, told, results)]
    tested = [effect for effect in found if effect.estimate]
    chances = iter(holm([effect.estimate.chance for effect in tested if effect.estimate]))
    settled = [_settled(effect, next(chances)) if effect.estimate else effect for effect in found]
    return sorted(settled, key=lambda effect: (effect.chance, -abs(effect.difference)))


def _settled(effect: Effect, chance: float) -> Effect:
    assert effect.estimate is not None
    alone = effect.estimate.chance
    return Effect(
        effect.param, effect.before, effect.after, effect.difference, effect.pairs, effect.estimate, chance,
        SURE * alone / chance if alone else SURE,
    )  # fmt: skip


def _of_param(key: str, place: int, told: Sequence[tuple[str, ...]], results: Sequence[Results]) -> Iterator[Effect]:
    """`told`: the values of all params of each group, this one's at `place`; `results`: what came of it."""
    rests = [config[:place] + config[place + 1 :] for config in told]
    tried, shared = Counter(config[place] for config in told), Counter(rests)
    within: dict[tuple[str, ...], dict[str, Results]] = {}
    for config, rest, found_there in zip(told, rests, results, strict=True):
        if shared[rest] > 1:
            within.setdefault(rest, {})[config[place]] = found_there
    common = sorted(sorted(tried, key=lambda value: -tried[value])[:_MOST_VALUES], key=_order)
    for before, after in itertools.combinations(common, 2):
        both = [(found[before], found[after]) for found in within.values() if before in found and after in found]
        alike = [(one, other) for one, other in both if one[1] == other[1]]  # folds are no repeats beside seeds
        pairs = [each for each in map(_matched, alike) if each[0][0]]
        if pairs:
            yield _effect(key, before, after, pairs)


def _matched(pair: tuple[Results, Results]) -> tuple[Results, Results]:
    """Of folds those that both have, in one order: a fold is harder than another, whatever the config."""
    (one, folds), (other, _) = pair
    if not folds:
        return pair
    both = [place for place in one if place in other]
    return ({place: one[place] for place in both}, folds), ({place: other[place] for place in both}, folds)


def _effect(key: str, before: str, after: str, pairs: Sequence[tuple[Results, Results]]) -> Effect:
    means = [(float(np.mean([*one.values()])), float(np.mean([*other.values()]))) for (one, _), (other, _) in pairs]
    estimate = None
    if len(pairs) > 1:
        estimate = paired([one for one, _ in means], [other for _, other in means])
    else:
        estimate = _within(*pairs[0])
    return Effect(key, before, after, float(np.mean([other - one for one, other in means])), len(pairs), estimate)


def _within(before: Results, after: Results) -> Estimate | None:
    """Of a single pair; None where it has no repeats to tell its spread by."""
    folds, one, other = before[1], [*before[0].values()], [*after[0].values()]
    if min(len(one), len(other)) < 2:
        return None
    if folds:
        return corrected(one, other, 1 / max(1, folds - 1))
    return unpaired(one, other)


def _order(value: str) -> tuple[int, float, str]:
    """Numbers by size, before words."""
    try:
        return 0, float(value), value
    except ValueError:
        return 1, 0.0, value
