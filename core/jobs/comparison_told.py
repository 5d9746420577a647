"""What came of networks on a data set that was chosen afterwards, in words."""

from collections.abc import Mapping

from core.common.differences import bare, with_unit
from core.common.digits import aligned
from core.common.text import percentage, plural
from core.jobs.comparison import Compared, Difference
from core.tracking.goals import goal_of

SURE = 0.05


def heading(found: Compared, names: Mapping[str, str]) -> str:
    """By the first metric: which is better there, by how much, how sure."""
    where = f"On {found.title} ({plural(found.examples, 'example')})"
    first = found.differences[0].metric if found.differences else ""
    about = [each for each in found.differences if each.metric == first]
    known = [each for each in about if each.chance is not None]
    if not known:
        return f"{where} nothing can be said: {about[0].reason if about else 'they have no figure in common'}."
    if len(about) == 1:
        each = about[0]
        better, worse = _order(each)
        if not each.difference:
            both = f"{where} {names[each.one]} and {names[each.other]} have the same {_plain(first)}"
            value, interval = found.metrics.get(each.one, {}).get(first), ends(each)
            points = " points" if _is_share(first) else ""
            of_interval = f" (95 % interval of the difference {interval}{points})" if interval else ""
            return f"{both}{'' if value is None else f', {aligned([value])[0]}'}{of_interval}."
        lead = f"{size(abs(each.difference), each)} of {_plain(first)} (95 % interval {ends(each, lead=True)})"
        lead += _values(found, each)
        if is_sure(each):
            return f"{where} {names[better]} is better than {names[worse]}: by {lead}; {chance_told(each)}."
        return f"{where} it is not decided: {names[better]} leads {names[worse]} by {lead}; {chance_told(each)}."
    sure = [each for each in known if is_sure(each)]
    wins = {key: sum(_order(each)[0] == key for each in sure) for key in found.metrics}
    best = next((key for key, count in wins.items() if count == len(found.metrics) - 1), None)
    if best is not None:
        return f"{where} {names[best]} is better than each of the others by {_plain(first)}."
    told = f"{len(sure)} of {len(known)} pairs are told apart"
    return f"{where} no single one is better than all others by {_plain(first)}; {told}."


def _values(found: Compared, each: Difference) -> str:
    """Of the better one and the other: ", 0.9800 beside 0.9500"."""
    two = [found.metrics.get(key, {}).get(each.metric) for key in _order(each)]
    return "" if None in two else f", {' beside '.join(aligned(two, sign=','))}"


def is_sure(each: Difference) -> bool:
    return each.chance is not None and each.chance < SURE


def verdict(each: Difference, names: Mapping[str, str]) -> str:
    """In a cell of a table."""
    if each.chance is None:
        return f"not compared: {each.reason}"
    return f"{names[_order(each)[0]]} is better" if is_sure(each) else "not decided"


def ends(each: Difference, *, lead: bool = False) -> str:
    """The interval; `lead`: of what is better, whatever the order."""
    if each.low is None or each.high is None:
        return ""
    turned = lead and (each.difference or 0.0) < 0
    low, high = (-each.high, -each.low) if turned else (each.low, each.high)
    return " to ".join(bare(end, _beside_it(each), share=_is_share(each.metric)) for end in (low, high))


def size(value: float, each: Difference) -> str:
    """The difference, or its size, with its unit."""
    return with_unit(value, _beside_it(each), share=_is_share(each.metric))


def chance_told(each: Difference) -> str:
    chance = each.chance or 0.0
    often = "in fewer than 1 of 1,000 cases" if chance < 0.001 else f"in {percentage(chance, 1)} of cases"
    return f"two equally good ones would differ as much {often}"


def _order(each: Difference) -> tuple[str, str]:
    """The better one, then the other."""
    is_first = ((each.difference or 0.0) > 0) == (goal_of(each.metric) == "max")
    return (each.one, each.other) if is_first else (each.other, each.one)


def _plain(metric: str) -> str:
    return metric.removeprefix("test_")


def _is_share(metric: str) -> bool:
    return metric.endswith("accuracy")


def _beside_it(each: Difference) -> list[float]:
    """The difference and its interval, which have the same decimals."""
    return [value for value in (each.difference, each.low, each.high) if value is not None]
