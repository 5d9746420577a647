"""Who gets which slots: first come, first served, as a pure function."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.config.resources import Resources
from core.runs.placement import usable, wanted


@dataclass(frozen=True)
class Allocation:
    """`given`: slots by run, for those that can start. `impossible`: why a run can never start on this host."""

    given: dict[int, tuple[str, ...]]
    impossible: dict[int, str]


def allocate(queue: Iterable[tuple[int, Resources]], slots: Sequence[str], taken: Iterable[str]) -> Allocation:
    """Give free slots to the queue's runs in order.

    A run that has to wait keeps what it waits for from those behind it, so that a run for four GPUs is not overtaken
    for ever by runs for one; runs that wait for other slots pass it.
    """
    free = [slot for slot in slots if slot not in set(taken)]
    given: dict[int, tuple[str, ...]] = {}
    impossible: dict[int, str] = {}
    for run_id, wish in queue:
        suitable, count = usable(wish, slots)
        if len(suitable) < count:
            impossible[run_id] = _explain(wish, slots)
            continue
        candidates = [slot for slot in free if slot in suitable]
        if len(candidates) >= count:
            given[run_id] = tuple(candidates[:count])
            free = [slot for slot in free if slot not in given[run_id]]
        else:
            free = [slot for slot in free if slot not in suitable]
    return Allocation(given, impossible)


def _explain(wish: Resources, slots: Sequence[str]) -> str:
    has = f"this host has {', '.join(slots) or 'no slots'}"
    return f"Waits for {wanted(wish)}; {has}."
