"""The verdict over several configs: the best by its mean of those that can be judged, against each of the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from core.common.digits import same
from core.evaluation.chances import holm
from core.tracking.goals import Goal, goal_of
from core.verdicts.other_metrics import Instead, instead
from core.verdicts.repeats import Kind, Repeats, repeats
from core.verdicts.standing import standing
from core.verdicts.two_sides import Against, Asked, Predictions, Side, settled
from db.records import Summary

_S = TypeVar("_S", bound=Side)


@dataclass(frozen=True)
class Verdict:
    metric: str
    kind: Kind
    goal: Goal
    best: int  # the id of a side: of those that can be compared with each other, the most of all
    is_tied: bool  # another has the same mean
    repeats: Mapping[int, Repeats]  # by side, the best first, then by means; on other data, then without a value last
    against: tuple[Against, ...]  # in the same order
    instead: Instead | None = None  # of the best and the next where these are level: another metric
    # By side, by means: with a value and not judged, as they stand on a single run or on what a search found while
    # others do not.
    aside: Mapping[int, Repeats] = field(default_factory=dict)

    @property
    def is_sure(self) -> bool:
        return bool(self.against) and all(each.is_sure for each in self.against)

    def judges(self, sides: Iterable[_S]) -> list[_S]:
        """Of these those that it does not leave aside, which are ranked, too."""
        return [side for side in sides if side.id not in self.aside]


def judged(
    sides: Sequence[Side],
    params: Mapping[int, Mapping[str, str]],
    summaries: Mapping[int, Mapping[str, Summary]],
    metric: str,
    predictions: Predictions,
    kind: Kind = "best",
    goal: Goal | None = None,
) -> Verdict | None:
    """None where fewer than two sides have a value of the metric. Where two at least can be judged by what `standing`
    asks, it is of these, and the others are left aside.

    Args:
        params: by run, then by key.
        summaries: by run, then by metric; of all metrics, among which one is looked for that tells apart what is level.
        predictions: for the test set, of a run.
        goal: where it is another than the metric's name says.
    """
    found = {side.id: repeats(side.runs, params, summaries, metric, kind) for side in sides}
    goal = goal or goal_of(metric)
    sign = 1 if goal == "min" else -1
    ranked = sorted(
        (side for side in sides if found[side.id].values), key=lambda side: (sign * found[side.id].mean, side.id)
    )
    if len(ranked) < 2:
        return None
    every = ranked
    asked = Asked(metric, found, params, predictions, len(every))
    able = standing(every, found)
    ranked = _on_one_measure(able if len(_most_alike(able, asked)) > 1 else every, asked)
    best = ranked[0]
    against = [asked.against(best, other) for other in ranked[1:]]
    known = [each.estimate.chance for each in against if each.estimate]
    # It is the best of those that it can be compared with, too: as if it had been picked from all pairs of them.
    chances = iter(holm(known, pairs_of(len(known))))
    against = [settled(each, chances, found[best.id], found[each.other]) for each in against]
    rest = [side for side in sides if not found[side.id].values]
    told = {side.id: found[side.id] for side in (*ranked, *rest)}
    aside = {side.id: found[side.id] for side in every if side.id not in told}
    is_tied = same(found[best.id].mean, found[ranked[1].id].mean)
    other = instead(best, ranked[1], params, summaries, metric, kind, predictions) if against[0].is_level else None
    return Verdict(metric, kind, goal, best.id, is_tied, told, tuple(against), other, aside)


def pairs_of(others: int) -> int:
    """Comparisons that the best against so many others was picked from."""
    return others * (others + 1) // 2


def _on_one_measure(ranked: Sequence[Side], asked: Asked) -> list[Side]:
    """Those whose values can be compared with each other at all first: the most of them, as of several data sets."""
    most = {side.id for side in _most_alike(ranked, asked)}
    return sorted(ranked, key=lambda side: side.id not in most)


def _most_alike(ranked: Sequence[Side], asked: Asked) -> list[Side]:
    measures: list[list[Side]] = []
    for side in ranked:
        alike = next((known for known in measures if not asked.other_data(known[0], side)), None)
        if alike is None:
            measures.append([side])
        else:
            alike.append(side)
    return max(measures, key=len)
