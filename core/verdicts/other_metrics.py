"""Of two configs that are level by one metric: whether another that was measured of the same runs tells them apart."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.evaluation.chances import holm
from core.tracking.goals import is_result
from core.verdicts.repeats import Kind, Repeats, repeats
from core.verdicts.two_sides import Against, Asked, Predictions, Side, settled
from db.records import Summary

_PARTS = ("val_", "test_")  # what is measured on other examples than those learned from


@dataclass(frozen=True)
class Instead:
    """The surest of these other metrics, corrected for their number; no metric where none tells them apart."""

    names: tuple[str, ...]
    metric: str = ""
    against: Against | None = None  # of the best less the other, whichever is better
    repeats: tuple[Repeats, Repeats] | None = None  # of the best and the other


def instead(
    best: Side,
    other: Side,
    params: Mapping[int, Mapping[str, str]],
    summaries: Mapping[int, Mapping[str, Summary]],
    metric: str,
    kind: Kind,
    predictions: Predictions,
) -> Instead | None:
    """None where no other metric can be asked."""
    found: list[tuple[str, Against, tuple[Repeats, Repeats]]] = []
    for name in _others(best, other, summaries, metric):
        one, two = (repeats(side.runs, params, summaries, name, kind) for side in (best, other))
        if not (one.values and two.values):
            continue
        against = Asked(name, {best.id: one, other.id: two}, params, predictions, 2).against(best, other)
        if against.estimate is not None:
            found.append((name, against, (one, two)))
    if not found:
        return None
    chances = iter(holm([against.estimate.chance for _, against, _ in found if against.estimate]))
    known = [(name, settled(against, chances, *two), two) for name, against, two in found]
    sure = [each for each in known if each[1].is_sure]
    names = tuple(name for name, _, _ in known)
    if not sure:
        return Instead(names)
    return Instead(names, *min(sure, key=lambda each: (_part(each[0]) != _part(metric), each[1].chance)))


def _others(best: Side, other: Side, summaries: Mapping[int, Mapping[str, Summary]], metric: str) -> list[str]:
    """Of the same kind: what judges a network by examples that it did not learn from, or else what has no such name."""
    one, two = ({name for run in side.runs for name in summaries.get(run.id, {})} for side in (best, other))
    return [
        name
        for name in sorted(one & two)
        if name != metric and "/" not in name and bool(_part(name)) == bool(_part(metric)) and is_result(name)
    ]


def _part(metric: str) -> str:
    return next((part for part in _PARTS if metric.startswith(part)), "")
