"""Which config of an experiment the others are measured by, which are judged at all, and how that is told."""

from dataclasses import dataclass

from core.common.text import plural
from core.comparison.groups import Group
from core.comparison.whole_experiment import Ranked
from core.runs.experiment_board import BoardRecord
from core.verdicts.standing import standing, what_it_takes

_MOST_JUDGED = 10  # configs of a leaderboard: as many single networks are compared by their test examples


@dataclass(frozen=True)
class Champion:
    """`chosen`: the run by which somebody chose it; None where the best so far stands in."""

    group: Group
    chosen: int | None
    is_lost: bool = False  # the one that was chosen is not there any more, or has no value


def champion_of(found: Ranked, board: BoardRecord, best: int | None = None) -> Champion:
    """Of at least one config that has a value; `best`: the verdict's, the id of a group, where there is a verdict."""
    wanted = None if board.champion in found.elsewhere else board.champion
    group = next((each for each in found.groups if any(run.id == wanted for run in each.runs)), None)
    if wanted is not None and group is not None:
        return Champion(group, wanted)
    judged = judged_of(found)
    return Champion(next((each for each in judged if each.id == best), judged[0]), None, wanted is not None)


def judged_of(found: Ranked) -> list[Group]:
    """Those of which a leaderboard's verdict is, the best first."""
    return standing(found.groups, found.repeats)[:_MOST_JUDGED]


def listed(found: Ranked, champion: Champion, most: int) -> list[Group]:
    """The best ones, and in any case those that are judged, the one furthest ahead of them, and the champion."""
    shown = {group.id for group in (*found.groups[:most], *judged_of(found), *found.ahead[:1], champion.group)}
    return [group for group in found.groups if group.id in shown]


def judged_told(found: Ranked, names: dict[int, str]) -> str:
    """Of which configs the verdict is, or why there is none; "" where it is of all."""
    able, judged, every = standing(found.groups, found.repeats), judged_of(found), len(found.groups)
    if len(judged) == every:
        return ""
    ids = {group.id for group in able}
    aside = (found.repeats[group.id] for group in found.groups if group.id not in ids)
    seeds = what_it_takes((found.repeats[group.id] for group in judged), aside)
    if len(able) == 1:
        return f"No verdict: of {every:,} configs only {names[able[0].id]} has {seeds}."
    which = "the" if len(judged) == len(able) else f"the first {len(judged)} of"
    return f"Judged: {which} {len(able):,} configs{f' with {seeds}, of {every:,}' if len(able) < every else ''}."


def ahead_told(found: Ranked) -> str:
    """Why the best is none of those with the best values; "" where it is."""
    if not found.ahead:
        return ""
    are = [found.repeats[group.id].is_searched for group in found.ahead]
    where = "in a search" if all(are) else "in a search or a single run" if any(are) else "in a single run"
    which = plural(len(are), "config")
    stand = "stands" if len(are) == 1 else "stand"
    return f"The best is the first of those that are judged: {which} that looked better {where} {stand} below."


def standing_in(found: Ranked, champion: Champion) -> str:
    """Why it is champion, where nobody chose it."""
    if champion.group is not judged_of(found)[0]:
        return "the best of those that can be compared"
    own = found.repeats[champion.group.id]
    if not found.ahead:
        return "the best so far"
    return f"the best of those with several {'fresh ' if own.chosen else ''}seeds"
