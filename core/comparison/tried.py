"""What an experiment tried of each param, where its best configs lie, and what follows from that."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.common.digits import as_read, finite
from core.comparison.groups import Group
from core.comparison.param_frames import Params, settings_that_differ
from core.runs.data_names import is_repeat
from core.runs.search_names import KINDS, short_name

_SHOWN = 8  # values that are told one by one
_FEW, _ENOUGH = 3, 5  # seeds below which more are advised, and up to how many
_STEPS = 2.0, 10.0  # factors by which a value beyond those tried lies beyond them
_EPOCHS = "training.epochs"
_SPLITS = {"data.folds", "data.validation_split", "data.test_split"}  # change what is measured, not what is learned
_SHARE = 0.05  # what is smaller, or spans decades, is a rate rather, as a learning rate is


@dataclass(frozen=True)
class Advice:
    """A sentence about what to try next, what it changes of the best config (texts by param), and with how many
    further seeds it is to be run, or the config that is named by the id of its group.
    """

    told: str
    changes: Mapping[str, str] = field(default_factory=dict)
    seeds: int = 0
    of: int | None = None


@dataclass(frozen=True)
class Tried:
    param: str
    told: str  # the values, or from where to where, with how many configs had them
    best: str  # the value of the best config
    advice: Advice | None  # what was not tried and might be


def tried(known: Sequence[int], params: Params, best: int) -> list[Tried]:
    """Of each param in which the configs differ.

    Args:
        known: groups by their ids, whether they have a result or failed: a rate that diverged was tried.
        params: by these ids.
        best: the id of the best group.
    """
    keys = [key for key in settings_that_differ(known, params) if not is_repeat(key)]
    keys = [key for key in keys if not any(_follows(key, choice, known, params) for choice in keys)]
    return [_of_param(key, known, params, best) for key in keys]


def _follows(key: str, choice: str, known: Sequence[int], params: Params) -> bool:
    """Whether some configs have it, with one and the same value, only since the section was chosen of which it is part:
    beta_1 of adam.
    """
    section, _, leaf = choice.rpartition(".")
    if leaf not in KINDS or key == choice or not key.startswith(f"{section}."):
        return False
    found = [(params.get(each, {}).get(choice), params.get(each, {}).get(key) or None) for each in known]
    having = {kind for kind, value in found if value is not None}
    lacking = {kind for kind, value in found if value is None}
    return bool(lacking) and not having & lacking and len({value for _, value in found if value is not None}) == 1


def advice(
    groups: Sequence[Group],
    found: Sequence[Tried],
    repeats: Mapping[int, int],
    best: int,
    *,
    ahead: Iterable[tuple[int, str, bool]] = (),
    is_long_enough: bool = False,
) -> Iterator[Advice]:
    """What to do next.

    Args:
        ahead: configs that would be the best if they could be judged: id, name, and whether a search found them.
        is_long_enough: the best had its best value long before it ended, so no more epochs.
    """
    if (has := repeats.get(best, 0)) < _FEW:
        seeds = "one seed" if has == 1 else f"{has} seeds"
        told = f"The best config has {seeds}: run it with more, as the best of many is overestimated."
        yield Advice(told, seeds=_ENOUGH - has)
    for group, name, is_searched in ahead:
        where = "In a search" if is_searched else "In a single run"
        told = f"{where}, {name} looked better than the best config: more seeds tell whether it is."
        yield Advice(told, seeds=_ENOUGH - 1, of=group)
    left_out = {*_SPLITS, *([_EPOCHS] if is_long_enough else [])}
    yield from (each.advice for each in found if each.advice and each.param not in left_out)
    if len(groups) > 1 and len(found) == 1:
        yield Advice(f"Only {found[0].param} was varied.")


def _of_param(key: str, known: Sequence[int], params: Params, best: int) -> Tried:
    counts = Counter(params.get(run, {}).get(key) or "none" for run in known)
    chosen = params.get(best, {}).get(key) or "none"
    numbers = {value: found for value in counts if (found := finite(value)) is not None}
    ordered = sorted(counts, key=lambda value: (value not in numbers, numbers.get(value, 0.0), value))
    if len(numbers) == len(counts) and len(counts) > _SHOWN:
        told = f"{as_read(ordered[0])} to {as_read(ordered[-1])}, {len(counts):,} values"
    else:
        more = f" and {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else ""
        told = ", ".join(f"{as_read(value)} ({counts[value]:,})" for value in ordered[:_SHOWN]) + more
    return Tried(key, told, as_read(chosen), _edge(key, chosen, numbers, len(counts)))


def _edge(key: str, chosen: str, numbers: Mapping[str, float], values: int) -> Advice | None:
    """The best value is the smallest or the largest of those tried, so that what is beyond may be better still."""
    if values < 2 or len(numbers) < values or chosen not in numbers:
        return None
    leaf, value, ordered = short_name(key), numbers[chosen], sorted(set(numbers.values()))
    if value == ordered[0] and value > 0:
        beyond = written(value / _step(ordered), numbers)
        return _try(leaf, key, f"below {as_read(chosen)}", beyond if 0 < float(beyond) < value else "", "smaller")
    if value == ordered[-1]:
        is_share = _SHARE <= value < 1 and (ordered[0] == 0 or value < 10 * ordered[0])
        beyond = written((1 + value) / 2 if is_share else value * _step(ordered), numbers)
        return _try(leaf, key, f"above {as_read(chosen)}", beyond if float(beyond) > value else "", "larger")
    return None


def _try(leaf: str, key: str, side: str, beyond: str, words: str) -> Advice:
    """With the value that is proposed, where there is one: what a link beside the sentence begins with."""
    what = f"try {as_read(beyond)}" if beyond else f"try {words} ones"
    return Advice(f"{leaf} was never {side}, where the best config is: {what}.", {key: beyond} if beyond else {})


def _step(ordered: Sequence[float]) -> float:
    """By which factor to go on: as from one value to the next, within reason."""
    above = [value for value in ordered if value > 0]
    ratio = (above[-1] / above[0]) ** (1 / (len(above) - 1)) if len(above) > 1 else _STEPS[0]
    return min(max(ratio, _STEPS[0]), _STEPS[1])


def written(value: float, beside: Iterable[str]) -> str:
    """A number that nobody tried, as those are written that somebody did: whole where all of them are."""
    return str(round(value)) if all(text.lstrip("+-").isdecimal() for text in beside) else f"{value:.3g}"
