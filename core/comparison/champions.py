"""Which config of an experiment the others are measured by, and how that is told."""

from dataclasses import dataclass

from core.comparison.groups import Group
from core.comparison.whole_experiment import Ranked
from core.runs.experiment_board import BoardRecord
from core.verdicts.champion import best_so_far


@dataclass(frozen=True)
class Champion:
    """`chosen`: the run by which somebody chose it; None where the best so far stands in."""

    group: Group
    chosen: int | None
    is_lost: bool = False  # the one that was chosen is not there any more, or has no value


def champion_of(found: Ranked, board: BoardRecord) -> Champion:
    """Of at least one config that has a value."""
    wanted = None if board.champion in found.elsewhere else board.champion
    group = next((each for each in found.groups if any(run.id == wanted for run in each.runs)), None)
    if wanted is not None and group is not None:
        return Champion(group, wanted)
    best = best_so_far(found.groups, found.repeats)
    return Champion(next(each for each in found.groups if each.id == best), None, wanted is not None)


def standing_in(found: Ranked, champion: Champion) -> str:
    """Why it is champion, where nobody chose it."""
    several = len(found.repeats[champion.group.id].values) > 1 and champion.group is not found.groups[0]
    return "the best of those with several seeds" if several else "the best so far"
