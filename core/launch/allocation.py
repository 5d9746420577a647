"""Who gets which slots: first come, first served, as a pure function."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.config.run import Resources


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
        usable, count = _usable(wish, slots)
        if len(usable) < count:
            impossible[run_id] = _explain(wish, slots)
            continue
        candidates = [slot for slot in free if slot in usable]
        if len(candidates) >= count:
            given[run_id] = tuple(candidates[:count])
            free = [slot for slot in free if slot not in given[run_id]]
        else:
            free = [slot for slot in free if slot not in usable]
    return Allocation(given, impossible)


def _usable(wish: Resources, slots: Sequence[str]) -> tuple[list[str], int]:
    """The slots that this run may have, and how many of them it needs."""
    if wish.slot:
        return [slot for slot in slots if slot == wish.slot], 1
    has_gpus = any(slot.startswith("gpu:") for slot in slots)
    kind = ("gpu" if has_gpus else "cpu") if wish.device == "auto" else wish.device
    usable = [slot for slot in slots if slot.startswith(f"{kind}:")]
    return usable, wish.gpus if kind == "gpu" else 1


def _explain(wish: Resources, slots: Sequence[str]) -> str:
    has = f"this host has {', '.join(slots) or 'no slots'}"
    if wish.slot:
        return f"Waits for slot {wish.slot}; {has}."
    wanted = f"{wish.gpus} GPU{'s' if wish.gpus > 1 else ''}" if wish.device != "cpu" else "a CPU slot"
    return f"Waits for {wanted}; {has}."
