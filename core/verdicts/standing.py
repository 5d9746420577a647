"""Which of several configs can be judged at all: the one rule for leaderboards and verdicts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from core.verdicts.repeats import Repeats
from core.verdicts.two_sides import Side

_S = TypeVar("_S", bound=Side)


def standing(ranked: Sequence[_S], known: Mapping[int, Repeats]) -> list[_S]:
    """Those of which a verdict can be given, in the same order: with several repeats that are no results of a search,
    where any has them; else with several; else all.

    A single run that is ahead may have been lucky, the more so the more there are of its kind, and so is the best that
    a search found.
    """
    several = [side for side in ranked if len(known[side.id].values) > 1]
    return [side for side in several if not known[side.id].is_searched] or several or list(ranked)


def why_not(repeats: Repeats) -> str:
    """Why one is left aside; "" where it could have been judged."""
    if repeats.is_searched:
        return "unconfirmed"
    return "" if len(repeats.values) > 1 else "a single run"


def repeats_title(repeats: Iterable[Repeats]) -> str:
    """What the values are of, of which there are so many."""
    are_folds = {each.folds > 0 for each in repeats}
    return "Seeds or folds" if len(are_folds) > 1 else "Folds" if True in are_folds else "Seeds"


def what_it_takes(judged: Iterable[Repeats], aside: Iterable[Repeats]) -> str:
    """What those that are judged have, and those that are left aside have not."""
    seeds = f"several {repeats_title(judged).lower()}"
    return f"{seeds} outside a search" if any(len(each.values) > 1 for each in aside) else seeds
