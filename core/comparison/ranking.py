"""The metric that configs are judged by, and the tables in which they and their params are told."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from core.common.differences import bare, is_share, with_unit
from core.comparison.effects import Effect
from core.comparison.groups import Group
from core.comparison.param_frames import short_value
from core.comparison.run_frames import Summaries
from core.comparison.whole_experiment import Ranked
from core.runs.highlights import first_to_judge_by
from core.tracking.goals import goal_of, is_result
from core.verdicts import standing
from core.verdicts.repeats import Repeats

LEFT_OUT, STANDS_ON, AGAINST, SPREAD = "Left out", "Stands on", "Against the champion", "Standard deviation"
_UNCONFIRMED = "a search, unconfirmed"


def metrics_to_judge_by(
    groups: Sequence[Group], summaries: Summaries, metrics: Iterable[str], goal: str
) -> list[str]:  # fmt: skip
    """Results that two configs have, or the only one; what they are judged by where nobody chooses is the first: what
    the newest sweep of their runs is for, else as `first_to_judge_by`.
    """
    wanted = min(2, len(groups))
    found = [
        name
        for name in metrics
        if is_result(name)
        and sum(any(name in summaries.get(run.id, {}) for run in group.runs) for group in groups) >= wanted
    ]
    return sorted(first_to_judge_by(found), key=lambda name: name != goal)


def searched_told(metric: str, goal: str) -> str:
    """That configs are judged by something else than the newest sweep of their runs; "" where it is the same."""
    if not goal or metric == goal:
        return ""
    where = ", on the test set, which had no part in it" if metric.startswith("test_") else ""
    return f"The newest sweep of these runs chose by {goal}; this judges by {metric}{where}."


def leaderboard_frame(found: Ranked, groups: Sequence[Group], beside: Mapping[int, str] | None = None) -> pd.DataFrame:
    """A row a config: its name, the mean and deviation over seeds or folds, and how many there are.

    Where a search chose some of them, there is a column of the runs by which it did, which are left out; where some
    stand by results of a search and others do not, one that says so.

    Args:
        beside: how it stands to the champion, by the group's id, of those that are judged; a column more.
    """
    known = [found.repeats[group.id] for group in groups]
    told = {} if beside is None else {
        AGAINST: [beside.get(group.id) or _not_judged(each) for group, each in zip(groups, known, strict=True)]
    }  # fmt: skip
    chosen = [", ".join(f"#{run}" for run in each.chosen) for each in known]
    stands = [_UNCONFIRMED if each.is_searched else "fresh seeds" if each.chosen else "" for each in known]
    return pd.DataFrame(
        {
            "Config": [found.names[group.id] for group in groups],
            **({STANDS_ON: stands} if len({each.is_searched for each in known}) > 1 else {}),
            found.metric: [each.mean for each in known],
            SPREAD: [each.deviation for each in known],
            repeats_title(found, groups): [len(each.values) for each in known],
            **({LEFT_OUT: chosen} if any(chosen) else {}),
            "Failed": [each.missing for each in known],
            **told,
        }
    )


def _not_judged(found: Repeats) -> str:
    why = standing.why_not(found)
    return f"not judged: {why}" if why else "not judged"


def repeats_title(found: Ranked, groups: Sequence[Group]) -> str:
    """What the values are of, of which there are so many."""
    return standing.repeats_title(found.repeats[group.id] for group in groups)


def effects_frame(found: Ranked, most: int) -> pd.DataFrame:
    """A row for each change of a param, at most so many, as texts, with what is known of its effect on the metric."""
    effects, metric = found.effects[:most], found.metric
    share = is_share(metric, (value for each in found.repeats.values() for value in each.values.values()))
    return pd.DataFrame(
        {
            "Param": [each.param for each in effects],
            "From": [short_value(each.before) or "none" for each in effects],
            "To": [short_value(each.after) or "none" for each in effects],
            f"{metric} changes by": [_change(each, share=share) for each in effects],
            "95 % interval": [_ends(each, share=share) for each in effects],
            "Pairs": [each.pairs for each in effects],
            "Verdict": [_verdict(each, metric) for each in effects],
        }
    )  # fmt: skip


def _change(effect: Effect, *, share: bool) -> str:
    return f"{'+' if effect.difference > 0 else ''}{with_unit(effect.difference, _beside_it(effect), share=share)}"


def _ends(effect: Effect, *, share: bool) -> str:
    if effect.estimate is None:
        return ""
    return " to ".join(bare(end, _beside_it(effect), share=share) for end in effect.interval)


def _beside_it(effect: Effect) -> tuple[float, ...]:
    """The change and its interval, which have the same decimals, as in verdicts."""
    return (effect.difference, *effect.interval) if effect.estimate else ()


def _verdict(effect: Effect, metric: str) -> str:
    if effect.estimate is None:
        return "one pair, one seed"
    if not effect.is_sure:
        return "not decided"
    return "better" if (effect.difference > 0) == (goal_of(metric) == "max") else "worse"
