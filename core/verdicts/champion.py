"""Every config against one of them, the champion, whether it was chosen or is the best so far."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from core.evaluation.chances import holm
from core.verdicts.repeats import Repeats, repeats
from core.verdicts.two_sides import Against, Asked, Predictions, Side, settled
from db.records import Summary

_S = TypeVar("_S", bound=Side)


def standing(ranked: Sequence[_S], known: Mapping[int, Repeats]) -> list[_S]:
    """Those of which a verdict can be given, in the same order: with several repeats that are no results of a search,
    where any has them; else with several; else all.

    A single run that is ahead may have been lucky, the more so the more there are of its kind, and so is the best that
    a search found.
    """
    several = [side for side in ranked if len(known[side.id].values) > 1]
    return [side for side in several if not known[side.id].is_searched] or several or list(ranked)


def against_champion(
    champion: Side,
    others: Sequence[Side],
    params: Mapping[int, Mapping[str, str]],
    summaries: Mapping[int, Mapping[str, Summary]],
    metric: str,
    predictions: Predictions,
    *,
    is_picked: bool,
) -> dict[int, Against]:
    """By the other's id, corrected for how many there are (Holm); `estimate` is of the champion less the other.

    Args:
        params, summaries, predictions: as `judged` takes them.
        is_picked: it is champion by these results, as if it had been picked from all pairs.
    """
    sides = [champion, *others]
    found = {side.id: repeats(side.runs, params, summaries, metric, "best") for side in sides}
    asked = Asked(metric, found, params, predictions, len(sides))
    if not found[champion.id].values:
        return {}
    against = [asked.against(champion, other) for other in others if found[other.id].values]
    known = [each.estimate.chance for each in against if each.estimate]
    chances = iter(holm(known, len(known) * (len(known) + 1) // 2 if is_picked else len(known)))
    return {each.other: settled(each, chances, found[champion.id], found[each.other]) for each in against}
