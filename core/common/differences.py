"""Differences between two values of a metric, as all sentences and tables have them."""

from collections.abc import Iterable, Sequence

from core.common.digits import as_beside, number

OF_POINTS = 2  # decimals
_LEAST = 1e-6  # points; less is rounding


def is_share(metric: str, values: Iterable[float]) -> bool:
    """Of accuracies as we compute them, whose differences are told in points; scripts may tell one in percent."""
    return metric.endswith("accuracy") and all(0 <= value <= 1 for value in values)


def with_unit(difference: float, others: Sequence[float], *, share: bool) -> str:
    """A difference with its unit: "0.28 points" of shares, else as `bare`."""
    return f"{bare(difference, others, share=share)}{' points' if share else ''}"


def bare(difference: float, others: Sequence[float], *, share: bool) -> str:
    """The number alone, as of an interval's end; `others`: with the decimals that these take, by itself beside none."""
    if share:
        return _in_points(difference)
    return as_beside(difference, others) if others else number(difference)


def _in_points(difference: float) -> str:
    """A difference of shares in hundredths: two decimals, or as many as it takes that it is not told as none."""
    points = 100 * difference
    if abs(points) < _LEAST:
        return f"{0:.{OF_POINTS}f}"
    return f"{points:.{OF_POINTS}f}" if abs(points) >= 0.005 else f"{points:.1g}"
