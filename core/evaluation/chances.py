"""How sure a share is, and a difference that was picked from several."""

import math
from statistics import NormalDist

from core.common.text import percentage, plural

_SURE = 0.05


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


def chance_told(chance: float, comparisons: int = 1, who: str = "ones") -> str:
    """How sure a difference is: how often equally good ones differ as much by chance; of several comparisons, for
    which it was corrected, it is no such frequency any more.
    """
    digits = 2 if abs(chance - _SURE) < 0.01 else 0  # 5.4 % is not sure, and would be told as 5 %
    if comparisons > 1:
        p = "p < 0.001" if chance < 0.001 else f"p = {chance:.{3 if digits else 2}g}"
        return f"{p} after correction for {plural(comparisons, 'comparison')}"
    often = f"in {percentage(chance, digits)} of cases"
    if chance < 0.01:
        often = f"in fewer than 1 of {'1,000' if chance < 0.001 else '100'} cases"
    return f"two equally good {who} would differ as much {often}"
