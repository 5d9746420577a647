"""What fresh seeds say of the configs that a search found best, in words."""

from collections.abc import Sequence

from core.common.digits import number, same, with_deviation
from core.common.text import plural
from core.evaluation.chances import holm
from core.sweeps.confirming import Confirmed
from core.verdicts.estimates import SURE, unpaired

AS_GOOD = "as good"


def confirmed_told(found: Sequence[Confirmed], goal: str) -> str:
    """What fresh seeds say of the best of them, and whether that it is the best is more than chance; "" before any has
    ended. A mean of few seeds that is ahead is not called the best: Welch's test, corrected by Holm as Compare's.
    """
    first, others = found[0], [each for each in found[1:] if each.values]
    if first.mean is None:
        return ""
    told = f"{goal} {mean_told(first)} over {plural(first.seeds, 'fresh seed')}"
    name = f"Trial {first.trial.number}"
    if not others:
        return f"{name} is confirmed: {told}."
    if min(each.seeds for each in (first, *others)) < 2:
        return f"{name} leads: {told}. Which is best takes two seeds of each at least."
    count = len(others)
    chances = holm([unpaired(each.values, first.values).chance for each in others], count * (count + 1) // 2)
    if max(chances) < SURE:
        return f"{name} is confirmed best of {count + 1}: {told}."
    open_ = [str(each.trial.number) for each, chance in zip(others, chances, strict=True) if chance >= SURE]
    than = f"trial{'s' if open_[1:] else ''} {' and '.join(filter(None, [', '.join(open_[:-1]), open_[-1]]))}"
    return f"{name} leads: {told}. That it is better than {than} is not decided: chance may have done it."


def mean_told(each: Confirmed) -> str:
    """Of fresh seeds, with the deviation of two and more."""
    if each.mean is None or each.deviation is None:
        return number(each.mean)
    mean, deviation = with_deviation(each.deviation, each.mean)
    return f"{mean} (standard deviation {deviation})"


def beside_search(each: Confirmed) -> str:
    """How fresh seeds did beside what the search had found: "0.012 worse"; "" before any has ended."""
    if each.mean is None or each.drop is None:
        return ""
    if same(each.mean, each.found):
        return AS_GOOD
    return f"{number(abs(each.drop))} {'worse' if each.drop > 0 else 'better'}"
