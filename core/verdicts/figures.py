"""Differences and means as the sentences of a verdict have them."""

from core.common.differences import OF_POINTS, bare, with_unit
from core.common.digits import aligned, decimals, same, with_places
from core.common.text import plural
from core.verdicts.repeats import Repeats
from core.verdicts.two_sides import Against


def lead(against: Against, metric: str) -> str:
    """By how much the better of the two leads, with the interval: "by 0.0120 (95 % interval 0.0040 to 0.0200)"."""
    assert against.estimate is not None
    low, high = against.interval
    sign = 1 if against.estimate.difference >= 0 else -1
    low, high = sorted((sign * low, sign * high))
    return (
        f"by {gap(against, metric)} (95 % interval {_number(low, metric, against)} to {_number(high, metric, against)})"
    )


def means(one: Repeats, other: Repeats, against: Against, metric: str) -> str:
    """What the two came to, and of how many: "mean 0.9530 over 5 seeds beside 0.9410 over 5"."""
    first, second = _beside((one.mean, other.mean), _places(against, metric))
    counts = len(one.values), len(other.values)
    if max(counts) == 1:
        return f"{first} beside {second}, one {noun(one, other)} of each"
    return f"mean {first} over {plural(counts[0], noun(one, other))} beside {second} over {counts[1]:,}"


def _places(against: Against, metric: str) -> int | None:
    """Decimals of the difference and its interval, of which points have two; None where it is not known."""
    if against.estimate is None:
        return None
    return OF_POINTS + 2 if in_shares(metric, against) else decimals((against.estimate.difference, *against.interval))


def _beside(two: tuple[float, float], places: int | None) -> list[str]:
    """With so many decimals, or as each by itself; with up to two more where they would look the same then."""
    largest = max(two, key=abs)
    if places is None and largest != round(largest):
        places = decimals([largest])
    if places is None:
        told = aligned(two, sign=",")
        return told if told[0] != told[1] or same(*two) else [f"{value:,.15g}" for value in two]
    ways = [[with_places(value, places + more, ",") for value in two] for more in range(3)]
    return next((told for told in ways if told[0] != told[1]), ways[0])


def same_means(one: Repeats, other: Repeats) -> str:
    """The same of two that are level: "0.9530 over 5 seeds each"."""
    value, counts = aligned([one.mean], sign=",")[0], (len(one.values), len(other.values))
    over = f"{value} over {plural(counts[0], noun(one, other))}"
    return f"{over} each" if counts[0] == counts[1] else f"{over} and over {counts[1]:,}"


def noun(one: Repeats, other: Repeats) -> str:
    return "fold" if one.folds or other.folds else "seed"


def gap(against: Against, metric: str) -> str:
    """How far apart the two are, in the metric's unit, whichever is better."""
    return in_unit(abs(against.estimate.difference) if against.estimate else 0.0, against, metric)


def in_unit(difference: float, against: Against, metric: str) -> str:
    """A difference between the two, in the metric's unit."""
    return with_unit(difference, _beside_it(against), share=in_shares(metric, against))


def in_shares(metric: str, against: Against) -> bool:
    """Whether a difference of the two is told in points."""
    return metric.endswith("accuracy") and against.most == 1.0


def _number(value: float, metric: str, against: Against) -> str:
    return bare(value, _beside_it(against), share=in_shares(metric, against))


def _beside_it(against: Against) -> tuple[float, ...]:
    """The difference of the two and its interval, which have the same decimals."""
    return (against.estimate.difference, *against.interval) if against.estimate else ()
