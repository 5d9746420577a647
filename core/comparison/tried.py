"""What an experiment tried of each param, where its best configs lie, and what follows from that."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.comparison.groups import Group
from core.comparison.param_frames import Params, differing
from core.runs.data_names import is_repeat

_SHOWN = 8  # values that are told one by one


@dataclass(frozen=True)
class Tried:
    param: str
    told: str  # the values, or from where to where, with how many configs had them
    best: str  # the value of the best config
    advice: str  # what was not tried and might be; "" where nothing follows


def tried(groups: Sequence[Group], params: Params, means: Mapping[int, float], best: int) -> list[Tried]:
    """Of each param in which the configs differ.

    Args:
        means: of the metric, by the group's id.
        best: the id of the best group.
    """
    known = [group.id for group in groups if group.id in means]
    keys = [key for key in differing(known, params) if not is_repeat(key)]
    return [_of_param(key, known, params, best) for key in keys]


def advice(groups: Sequence[Group], found: Sequence[Tried], repeats: Mapping[int, int], best: int) -> Iterator[str]:
    """Sentences about what to try next."""
    if repeats.get(best, 0) < 3:
        seeds = "one seed" if repeats.get(best, 0) == 1 else f"{repeats.get(best, 0)} seeds"
        yield f"The best config has {seeds}: run it with more, as the best of many is overestimated."
    yield from (each.advice for each in found if each.advice)
    if len(groups) > 1 and len(found) == 1:
        yield f"Only {found[0].param} was varied."


def _of_param(key: str, known: Sequence[int], params: Params, best: int) -> Tried:
    counts = Counter(params.get(run, {}).get(key) or "none" for run in known)
    chosen = params.get(best, {}).get(key) or "none"
    numbers = {value: number for value in counts if (number := _number(value)) is not None}
    ordered = sorted(counts, key=lambda value: (value not in numbers, numbers.get(value, 0.0), value))
    if len(numbers) == len(counts) and len(counts) > _SHOWN:
        told = f"{ordered[0]} to {ordered[-1]}, {len(counts)} values"
    else:
        more = f" and {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else ""
        told = ", ".join(f"{value} ({counts[value]})" for value in ordered[:_SHOWN]) + more
    return Tried(key, told, chosen, _edge(key, chosen, numbers, len(counts)))


def _edge(key: str, chosen: str, numbers: Mapping[str, float], values: int) -> str:
    """The best value is the smallest or the largest of those tried, so that what is beyond may be better still."""
    if values < 2 or len(numbers) < values or chosen not in numbers:
        return ""
    leaf, value = key.rpartition(".")[2], numbers[chosen]
    if value == min(numbers.values()) and value > 0:
        return f"{leaf} was never below {chosen}, where the best config is: try smaller ones."
    if value == max(numbers.values()):
        return f"{leaf} was never above {chosen}, where the best config is: try larger ones."
    return ""


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
