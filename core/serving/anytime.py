"""An interval for the difference of two shares that holds at every look, however often one looks.

Of each share p the likelihood of what came is compared with that of a mixture over all shares (Beta(1/2, 1/2);
Robbins, 1970, Annals of Mathematical Statistics 41). By the true share the ratio is a martingale, and so is the
product of two, in whatever order their answers come; by Ville's inequality it ever reaches 1 / alpha with a probability
of at most alpha. The interval holds all differences of shares for which it has not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import lgamma, log

ALPHA = 0.05  # probability that it ever misses the true difference
_EDGE = 1e-12
_HALVINGS = 50


@dataclass(frozen=True)
class Judged:
    right: int
    judged: int

    @property
    def share(self) -> float:
        return self.right / self.judged

    def evidence(self, p: float) -> float:
        """Against the share p: the logarithm of the ratio."""
        wrong = self.judged - self.right
        mixture = _beta(self.right + 0.5, wrong + 0.5) - _beta(0.5, 0.5)
        return mixture - self.right * log(p) - wrong * log(1 - p)

    def slope(self, p: float) -> float:
        return (self.judged - self.right) / (1 - p) - self.right / p


def interval(first: Judged, second: Judged, alpha: float = ALPHA) -> tuple[float, float]:
    """Of the second share less the first."""
    most, middle = log(1 / alpha), second.share - first.share

    def is_within(difference: float) -> bool:
        return evidence(first, second, difference) < most

    low = -1.0 if is_within(_EDGE - 1) else _border(is_within, middle, -1.0)
    high = 1.0 if is_within(1 - _EDGE) else _border(is_within, middle, 1.0)
    return low, high


def paired(gained: int, lost: int, pairs: int, alpha: float = ALPHA) -> tuple[float, float]:
    """Of the second share less the first where both answered the same questions.

    Args:
        gained: questions that only the second answered rightly; `lost` those that only the first did.
        pairs: all questions. The shares of the two kinds have an interval each, that misses with half of alpha.
    """
    up, down = (alone(Judged(count, pairs), alpha / 2) for count in (gained, lost))
    return up[0] - down[1], up[1] - down[0]


def alone(judged: Judged, alpha: float = ALPHA) -> tuple[float, float]:
    """Of one share."""

    def is_within(p: float) -> bool:
        return judged.evidence(_inside(p)) < log(1 / alpha)

    ends = (0.0, 1.0)
    low, high = (end if is_within(end) else _border(is_within, judged.share, end) for end in ends)
    return low, high


def evidence(first: Judged, second: Judged, difference: float) -> float:
    """Against a difference: the least of all pairs of shares that have it, a convex function of the first one."""
    low, high = max(0.0, -difference) + _EDGE, min(1.0, 1.0 - difference) - _EDGE
    if low >= high:
        low = high = (low + high) / 2
    share = _border(lambda p: first.slope(p) + second.slope(_inside(p + difference)) < 0, low, high)
    return first.evidence(_inside(share)) + second.evidence(_inside(share + difference))


def _border(holds: Callable[[float], bool], inside: float, outside: float) -> float:
    """Up to where it holds, on the way from one to the other."""
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if holds(middle) else (inside, middle)
    return (inside + outside) / 2


def _inside(share: float) -> float:
    return min(1 - _EDGE, max(_EDGE, share))


def _beta(first: float, second: float) -> float:
    return lgamma(first) + lgamma(second) - lgamma(first + second)
