"""Two configs against each other, on the best grounds there are.

Which test is asked follows from what was launched, never from the results: cross-validation on the same folds is
corrected for what their training parts share; the same seeds are pairs where a seed draws the validation part, too, and
there are enough of them that pairing costs no power; otherwise Welch's test is asked. Two single networks are compared
on the examples of their test set.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from core.common.digits import same
from core.common.errors import TraindeckError
from core.common.text import plural
from core.runs.data_names import same_data
from core.verdicts import on_examples, power
from core.verdicts.estimates import SURE, Estimate, corrected, paired, unpaired
from core.verdicts.repeated_folds import RepeatedFolds
from core.verdicts.repeats import FOLDS, SHARES, Repeats
from db.records import RunRecord

if TYPE_CHECKING:
    import pandas as pd

Basis = Literal["seeds", "pairs", "folds", "examples"]
Predictions = Callable[[int], "pd.DataFrame"]  # by a run's number; raises TraindeckError
PAIRS = 5  # of the same seeds, from which on pairing costs little of Welch's power
_LEAST_WANTED = 5  # seeds of each that are thought of where two are level
_MOST_SINGLE = 10  # networks that are compared by their test examples
# Params that say what it is tested on, of one data set: series and texts are read whole and cut afterwards.
_TESTED = ("data.test_split", "data.horizon", "data.target")
_VALIDATED = ("data.validation_split", FOLDS, "data.limit", *_TESTED)


class Side(Protocol):
    """The runs of one config; `id` is the number of one of them."""

    @property
    def id(self) -> int: ...
    @property
    def runs(self) -> tuple[RunRecord, ...]: ...


@dataclass(frozen=True)
class Against:
    """The best against another."""

    other: int  # the id of its side
    basis: Basis | None  # None where nothing can be said
    reason: str = ""  # then why, as half a sentence
    estimate: Estimate | None = None  # of the best less the other
    chance: float = 1.0  # corrected for how many there are (Holm)
    miss: float = SURE  # that the interval may miss with, so that it agrees with `chance`
    count: int = 0  # repeats of each, the lesser; of `examples` test examples
    most: float = math.inf  # by which the two can differ at all: 1 of shares
    # Repeats of each that would tell the difference seen, of folds all of so many seeds; None: too many, or not known.
    wanted: int | None = None
    is_level: bool = False  # both have the same mean; `wanted` would then tell a difference of `tells`
    tells: float = math.nan

    @property
    def is_sure(self) -> bool:
        return self.estimate is not None and self.chance < SURE

    @property
    def interval(self) -> tuple[float, float]:
        """Of how much the best leads, in the metric's unit; NaN where nothing can be said."""
        low, high = self.estimate.interval(self.miss) if self.estimate else (math.nan, math.nan)
        return max(low, -self.most), min(high, self.most)

    @property
    def is_widened(self) -> bool:
        """Whether the interval is made by how sure the test is, and not by its standard error alone."""
        return self.estimate is not None and self.estimate.is_widened(self.miss)


def are_pairs(metric: str, one: Repeats, other: Repeats) -> bool:
    """Whether they have the same seeds, each of which holds back the same examples of both for validation."""
    return metric.startswith("val_") and one.values.keys() == other.values.keys()


def measured_on(metric: str) -> tuple[str, ...]:
    """Params that say on which examples of a data set it is measured; none of a metric of the training part."""
    return _TESTED if metric.startswith("test_") else _VALIDATED if metric.startswith("val_") else ()


def settled(against: Against, chances: Iterator[float], best: Repeats, other: Repeats) -> Against:
    """With what is known once all are."""
    estimate = against.estimate
    if estimate is None:
        return against
    chance, wanted = next(chances), None
    miss = SURE * estimate.chance / chance if estimate.chance else SURE
    against = replace(against, chance=chance, miss=miss)
    if same(best.mean, best.mean + estimate.difference):  # which is rounding, and told as none
        none = replace(estimate, difference=0.0, chance=1.0)
        return _level(replace(against, estimate=none, chance=1.0, is_level=True), best, other)
    if chance < SURE:
        return against
    if (of_folds := repeated_folds(against, best.folds)) is not None:
        wanted = None if (seeds := of_folds.seeds) is None else seeds * best.folds
    elif against.basis in ("seeds", "pairs"):
        if against.basis == "seeds":
            wanted = power.needed(estimate.difference, (best.deviation, other.deviation), miss)
        else:
            wanted = power.needed_pairs(estimate.difference, estimate.error * math.sqrt(against.count), miss)
        wanted = None if wanted is None else max(wanted, against.count + 1)
    return replace(against, wanted=wanted)


def _level(against: Against, best: Repeats, other: Repeats) -> Against:
    """With how many repeats would tell which difference, though none was seen: as many again; not beyond what is
    thought of.
    """
    count, folds = against.count, best.folds if against.basis == "folds" else 1
    seeds = min(max(2 * count // folds, _LEAST_WANTED if folds == 1 else 2), power.MOST)
    tells = would_tell(against, seeds, best, other)
    return replace(against, wanted=seeds * folds, tells=tells) if tells and seeds * folds > count else against


def would_tell(against: Against, seeds: int, best: Repeats, other: Repeats) -> float:
    """The difference that so many seeds of each, of a cross-validation with all folds, would tell; 0 where results do
    not vary, or nothing is known of it.
    """
    if (of_folds := repeated_folds(against, best.folds)) is not None:
        return of_folds.told_by(seeds)
    if against.estimate is None or against.basis not in ("seeds", "pairs"):
        return 0.0
    deviations = best.deviation, other.deviation
    if against.basis == "pairs":
        deviations = against.estimate.error * math.sqrt(against.count), 0.0
    return power.smallest(deviations, seeds, against.miss)


def repeated_folds(against: Against, folds: int) -> RepeatedFolds | None:
    """What further seeds of a cross-validation would tell; None on other grounds."""
    if against.estimate is None or against.basis != "folds":
        return None
    return RepeatedFolds(against.estimate.difference, against.estimate.error, against.count, folds, against.miss)


@dataclass(frozen=True)
class Asked:
    """What is asked of any two sides, so many there are; `found` and `params` as in `judged`."""

    metric: str
    found: Mapping[int, Repeats]
    params: Mapping[int, Mapping[str, str]]
    predictions: Predictions
    sides: int

    def against(self, best: Side, other: Side) -> Against:
        found = self._on_best_grounds(best, other)
        values = [value for side in (best, other) for value in self.found[side.id].values.values()]
        # Scripts may tell an accuracy in percent.
        is_share = any(name in self.metric for name in SHARES) and all(0 <= value <= 1 for value in values)
        return replace(found, most=1.0) if is_share else found

    def _on_best_grounds(self, best: Side, other: Side) -> Against:
        if reason := self.other_data(best, other):
            return Against(other.id, None, reason)
        one, two = self.found[best.id], self.found[other.id]
        if one.folds or two.folds:
            return self._by_folds(other, one, two)
        if min(len(one.values), len(two.values)) > 1:
            return self._by_seeds(other, one, two)
        if max(len(one.values), len(two.values)) == 1 and self.metric.startswith("test_"):
            return self._by_examples(best, other)
        both = max(len(one.values), len(two.values)) == 1
        told = "each is a single run" if both else "one of the two is a single run"
        if one.again or two.again:
            told += " (done again without a seed it gave the very same value)"
        return Against(other.id, None, f"{told}, which says nothing of another seed")

    def other_data(self, best: Side, other: Side) -> str:
        """Why their values cannot be compared at all; "" where they can."""
        if not all(same_data(run, best.runs[0]) for side in (best, other) for run in side.runs):
            return "they learned from other data"
        keys, verb = measured_on(self.metric), "tested" if self.metric.startswith("test_") else "validated"
        one, two = (self.params.get(side.runs[0].id, {}) for side in (best, other))
        if differ := [key for key in keys if (one.get(key) or "") != (two.get(key) or "")]:
            told = f"{' and '.join(differ)} differ{'' if differ[1:] else 's'}"
            return f"they were {verb} on other examples ({told})"
        return ""

    def _by_seeds(self, other: Side, one: Repeats, two: Repeats) -> Against:
        count = min(len(one.values), len(two.values))
        if are_pairs(self.metric, one, two) and count >= PAIRS:
            keys = list(one.values)
            estimate = paired([two.values[key] for key in keys], [one.values[key] for key in keys])
            return Against(other.id, "pairs", estimate=estimate, count=count)
        estimate = unpaired(list(two.values.values()), list(one.values.values()))
        return Against(other.id, "seeds", estimate=estimate, count=count)

    def _by_folds(self, other: Side, one: Repeats, two: Repeats) -> Against:
        if one.folds != two.folds:
            return Against(other.id, None, "they were not validated on the same folds")
        keys = [key for key in one.values if key in two.values]
        if len(keys) < 2:
            told = f"{plural(len(keys), 'fold')} {'has' if len(keys) == 1 else 'have'} a value of both"
            return Against(other.id, None, f"{told}, and two are needed", wanted=one.folds)
        estimate = corrected(
            [two.values[key] for key in keys], [one.values[key] for key in keys], 1 / max(1, one.folds - 1)
        )
        return Against(other.id, "folds", estimate=estimate, count=len(keys))

    def _by_examples(self, best: Side, other: Side) -> Against:
        if self.sides > _MOST_SINGLE:
            told = f"each is a single run, and no more than {_MOST_SINGLE} are compared by their test examples"
            return Against(other.id, None, told)
        try:
            frames = [self.predictions(self.found[side.id].runs[0]) for side in (other, best)]
            estimate = on_examples.difference(self.metric, *frames)
        except on_examples.NotComparableError as error:
            return Against(other.id, None, f"each is a single run, and {error}")
        except TraindeckError:
            return Against(other.id, None, "each is a single run, and not both have kept their test predictions")
        return Against(other.id, "examples", estimate=estimate, count=len(frames[0]))
