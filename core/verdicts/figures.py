"""Differences and means as the sentences of a verdict have them."""

from core.common.digits import aligned, as_beside, decimals, number, same, with_places
from core.common.text import plural
from core.verdicts.repeats import Repeats
from core.verdicts.two_sides import Against

_LEAST = 1e-6  # points; less is rounding


def lead(against: Against, metric: str) -> str:
    """By how much the better of the two leads, with the interval: "by 0.0120 (95 % interval 0.0040 to 0.0200)"."""
    assert against.estimate is not None
    low, high = against.interval
    sign = 1 if against.estimate.difference >= 0 else -1
    low, high = sorted((sign * low, sign * high))
    return (
        f"by {gap(against, metric)} (95 % interval {_number(low, metric, against)} to {_number(high, metric, against)})"
    )


def means(one: Repeats, other: Repeats) -> str:
    """What the two came to, and of how many: "mean 0.9530 over 5 seeds beside 0.9410 over 5"."""
    first, second = _beside((one.mean, other.mean))
    counts = len(one.values), len(other.values)
    if max(counts) == 1:
        return f"{first} beside {second}, one {noun(one, other)} of each"
    return f"mean {first} over {plural(counts[0], noun(one, other))} beside {second} over {counts[1]:,}"


def _beside(two: tuple[float, float]) -> list[str]:
    """As each by itself, with four significant digits; with up to two more where they would look the same then."""
    largest = max(two, key=abs)
    places = None if largest == round(largest) else decimals([largest])
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
    return f"{_number(difference, metric, against)}{' points' if _is_share(metric, against) else ''}"


def in_points(difference: float) -> str:
    """A difference of shares in hundredths: two decimals, or as many as it takes that it is not told as none."""
    points = 100 * difference
    if abs(points) < _LEAST:
        return "0.00"
    return f"{points:.2f}" if abs(points) >= 0.005 else f"{points:.1g}"


def _is_share(metric: str, against: Against) -> bool:
    """Of accuracies as we compute them; scripts may tell one in percent."""
    return metric.endswith("accuracy") and against.most == 1.0


def _number(value: float, metric: str, against: Against) -> str:
    """With the decimals that the difference of the two and its interval take together."""
    if _is_share(metric, against):
        return in_points(value)
    return as_beside(value, (against.estimate.difference, *against.interval)) if against.estimate else number(value)
