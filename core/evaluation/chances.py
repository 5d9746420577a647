"""How sure a share is, and a difference that was picked from several."""

import math
from statistics import NormalDist


def wilson(share: float, count: int) -> tuple[float, float]:
    """Wilson's score interval (1927) of a share of so many, which holds for small numbers and at 0 and 1, too."""
    z = NormalDist().inv_cdf(0.975)
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def holm(chances: list[float], among: int | None = None) -> list[float]:
    """p values as Holm (1979) corrects them for how many there are, in their order.

    Args:
        among: how many comparisons these were picked from; of the others it is supposed that none has a smaller value.
    """
    corrected, worst, count = [0.0] * len(chances), 0.0, among or len(chances)
    for rank, place in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        worst = max(worst, min(1.0, (count - rank) * chances[place]))
        corrected[place] = worst
    return corrected
