"""Every config against one of them, the champion, whether it was chosen or is the best so far."""

from collections.abc import Mapping, Sequence

from core.evaluation.chances import holm
from core.verdicts.repeats import Kind, repeats
from core.verdicts.two_sides import Against, Asked, Predictions, Side, settled
from db.records import Summary


def against_champion(
    champion: Side,
    others: Sequence[Side],
    params: Mapping[int, Mapping[str, str]],
    summaries: Mapping[int, Mapping[str, Summary]],
    metric: str,
    predictions: Predictions,
    kind: Kind,
    *,
    is_picked: bool,
) -> dict[int, Against]:
    """By the other's id, corrected for how many there are (Holm); `estimate` is of the champion less the other.

    Args:
        params, summaries, predictions, kind: as `judged` takes them.
        is_picked: it is champion by these results, as if it had been picked from all pairs.
    """
    sides = [champion, *others]
    found = {side.id: repeats(side.runs, params, summaries, metric, kind) for side in sides}
    asked = Asked(metric, found, params, predictions, len(sides))
    if not found[champion.id].values:
        return {}
    against = [asked.against(champion, other) for other in others if found[other.id].values]
    known = [each.estimate.chance for each in against if each.estimate]
    chances = iter(holm(known, len(known) * (len(known) + 1) // 2 if is_picked else len(known)))
    return {each.other: settled(each, chances, found[champion.id], found[each.other]) for each in against}
