"""Several configs or networks at once: how they rank over what all went through, and which pairs are told apart.

Ranks are taken within the data sets that all were tried on, the seeds or folds that all have, or, of single networks,
the examples of their test set. Pairs are asked what the verdict asks of them, and corrected for their number (Holm);
over data sets, whose units differ, by Wilcoxon's test of signed ranks.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.common.errors import TraindeckError
from core.evaluation.chances import holm
from core.runs.data_names import data_set
from core.tracking.goals import goal_of
from core.verdicts.estimates import SURE
from core.verdicts.ranks import Floats, Ranking, fewest_blocks, ranked, signed_ranks
from core.verdicts.repeats import Kind, Repeats, repeats
from core.verdicts.two_sides import Against, Asked, Predictions, Side
from db.records import RunRecord, Summary

Over = Literal["data sets", "seeds", "folds", "test examples"]
MOST_PAIRED = 12  # sides of which every two are compared: 66 pairs
_MOST_READ = 10  # networks of which predictions are read


@dataclass(frozen=True)
class Pair:
    """Two sides, and how sure it is that they differ."""

    one: int
    other: int
    chance: float | None  # corrected; None where nothing can be said, then `reason` says why
    lead: float = math.nan  # of the means, in the metric's unit; over data sets the share in which the first is better
    reason: str = ""
    against: Against | None = None  # what they were asked; not over data sets

    @property
    def is_sure(self) -> bool:
        return self.chance is not None and self.chance < SURE


@dataclass(frozen=True)
class Several:
    metric: str
    over: Over
    sides: tuple[int, ...]  # that have a value, the best mean rank first; without ranks the best mean
    ranking: Ranking | None  # its columns are `sides`
    reason: str  # why there are no ranks, as half a sentence
    pairs: tuple[Pair, ...]  # every two, in the order of `sides`; none of more than MOST_PAIRED
    chosen: tuple[int, ...] = ()  # runs that are left out, as of Repeats

    @property
    def is_found(self) -> bool:
        """Whether the ranks differ by more than chance."""
        return self.ranking is not None and self.ranking.chance < SURE

    @property
    def best(self) -> tuple[int, ...]:
        """The first, and those whose ranks cannot be told from its; none where no difference is found."""
        if self.ranking is None or not self.is_found:
            return ()
        ranks = self.ranking.ranks
        return tuple(
            side
            for side, rank in zip(self.sides, ranks, strict=True)
            if rank - ranks[0] <= self.ranking.critical + 1e-9
        )


@dataclass(frozen=True)
class _Of:
    """Given to all that follows."""

    metric: str
    sides: tuple[Side, ...]
    found: Mapping[int, Repeats]
    params: Mapping[int, Mapping[str, str]]
    summaries: Mapping[int, Mapping[str, Summary]]
    predictions: Predictions
    kind: Kind

    @property
    def sign(self) -> float:
        return 1.0 if goal_of(self.metric) == "max" else -1.0


def several(
    sides: Sequence[Side],
    params: Mapping[int, Mapping[str, str]],
    summaries: Mapping[int, Mapping[str, Summary]],
    metric: str,
    predictions: Predictions,
    *,
    kind: Kind = "best",
    over_data: bool = False,
) -> Several | None:
    """None of fewer than three sides with a value of the metric; over data sets of fewer than two.

    Args:
        sides: runs of one config each, whatever their data set where it is asked over data sets.
    """
    found = {side.id: repeats(side.runs, params, summaries, metric, kind) for side in sides}
    known = tuple(side for side in sides if found[side.id].values)
    if len(known) < (2 if over_data else 3):
        return None
    of = _Of(metric, known, found, params, summaries, predictions, kind)
    over, table, reason = _by_data(of) if over_data else _by_repeats(of)
    ranking = None if table is None or reason else ranked(of.sign * table)
    order = [side.id for side in known]
    if ranking is not None:
        place = sorted(range(len(order)), key=ranking.ranks.__getitem__)
        ranking = replace(ranking, ranks=tuple(ranking.ranks[each] for each in place))
        order = [order[each] for each in place]
    else:
        order.sort(key=lambda side: -of.sign * found[side].mean)
    pairs = () if len(order) > MOST_PAIRED else _over_data(of, order, table) if over_data else _pairs(of, order)
    told = [each for side in known for each in (_by_data_set(of, side).values() if over_data else [found[side.id]])]
    chosen = tuple(run for each in told for run in each.chosen)
    return Several(metric, over, tuple(order), ranking, reason, pairs, chosen)


def _by_data(of: _Of) -> tuple[Over, Floats | None, str]:
    """Results [data sets, sides]: the mean over the repeats of each, of the data sets that all were tried on."""
    by_data = [_values_by_data(of, side) for side in of.sides]
    shared = [name for name in by_data[0] if all(name in each for each in by_data)]
    table = np.array([[each[name] for each in by_data] for name in shared])
    return "data sets", table if shared else None, _too_few(len(shared), "data set", len(of.sides))


def _values_by_data(of: _Of, side: Side) -> dict[str, float]:
    return {name: each.mean for name, each in _by_data_set(of, side).items() if each.values}


def _by_data_set(of: _Of, side: Side) -> dict[str, Repeats]:
    runs: dict[str, list[RunRecord]] = {}
    for run in side.runs:
        runs.setdefault(data_set(run), []).append(run)
    return {name: repeats(each, of.params, of.summaries, of.metric, of.kind) for name, each in runs.items() if name}


def _by_repeats(of: _Of) -> tuple[Over, Floats | None, str]:
    """Results [seeds or folds, sides] of those that all have, or right and wrong [examples, sides] of single runs."""
    every = [of.found[side.id] for side in of.sides]
    asked = Asked(of.metric, of.found, of.params, of.predictions, len(of.sides))
    if reason := next((told for side in of.sides[1:] if (told := asked.other_data(of.sides[0], side))), ""):
        return "seeds", None, reason
    if all(len(each.values) == 1 for each in every) and of.metric.startswith("test_"):
        return _by_examples(of)
    over: Over = "folds" if any(each.folds for each in every) else "seeds"
    if len({each.folds for each in every}) > 1:
        return over, None, "they were not validated on the same folds"
    shared = [
        key for key in every[0].values if not key[0].startswith("run ") and all(key in each.values for each in every)
    ]
    table = np.array([[each.values[key] for each in every] for key in shared])
    return over, table if shared else None, _too_few(len(shared), over[:-1], len(every))


def _by_examples(of: _Of) -> tuple[Over, Floats | None, str]:
    from core.evaluation.flips import is_same_test, right  # pandas, without which the command line starts

    if of.metric not in ("test_accuracy", "test_subset_accuracy"):
        return "test examples", None, f"of single runs ranks are taken of right and wrong answers, not of {of.metric}"
    if len(of.sides) > _MOST_READ:
        return "test examples", None, f"each is a single run, and no more than {_MOST_READ} are read example by example"
    try:
        frames = [of.predictions(of.found[side.id].runs[0]) for side in of.sides]
    except TraindeckError:
        return "test examples", None, "each is a single run, and not all have kept their test predictions"
    if not all(is_same_test(frames[0], frame) for frame in frames):
        return "test examples", None, "each is a single run, and they were tested on other examples"
    return "test examples", np.column_stack([np.asarray(right(frame), np.float64) for frame in frames]), ""


def _too_few(blocks: int, noun: str, sides: int) -> str:
    needed = fewest_blocks(sides)
    if blocks >= needed:
        return ""
    have = f"{blocks or 'no'} {noun}{'' if blocks == 1 else 's'}"
    return f"they have {have} in common, and {needed} are needed to rank {sides}"


def _pairs(of: _Of, order: Sequence[int]) -> tuple[Pair, ...]:
    asked = Asked(of.metric, of.found, of.params, of.predictions, len(of.sides))
    by_id = {side.id: side for side in of.sides}
    told = [(one, asked.against(by_id[one], by_id[other])) for one, other in itertools.combinations(order, 2)]
    chances = iter(holm([each.estimate.chance for _, each in told if each.estimate]))
    return tuple(_pair(one, each, next(chances) if each.estimate else None) for one, each in told)


def _pair(one: int, against: Against, chance: float | None) -> Pair:
    lead = against.estimate.difference if against.estimate else math.nan
    return Pair(one, against.other, chance, lead, against.reason, against)


def _over_data(of: _Of, order: Sequence[int], table: Floats | None) -> tuple[Pair, ...]:
    if table is None:
        return ()
    columns = {side.id: of.sign * table[:, place] for place, side in enumerate(of.sides)}
    two = list(itertools.combinations(order, 2))
    chances = holm([signed_ranks(columns[other], columns[one]) for one, other in two])
    leads = [float((columns[one] > columns[other]).mean()) for one, other in two]
    return tuple(Pair(*pair, chance, lead) for pair, chance, lead in zip(two, chances, leads, strict=True))
