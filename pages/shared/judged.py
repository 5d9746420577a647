"""The metric that configs are judged by, wherever they are."""

from collections.abc import Sequence

from core.comparison import Group, Summaries
from core.comparison.ranking import metrics_to_judge_by
from pages.shared import of_experiment

BY = "by"  # in the address


def judged_by(
    groups: Sequence[Group], summaries: Summaries, metrics: Sequence[str], goal: str, of: str = ""
) -> str | None:
    """Let it be chosen among those that most configs have, what people judge by first; None where there is none.

    Args:
        goal: what the newest sweep of their runs is for.
        of: the experiment, where there is a choice of several.
    """
    found = metrics_to_judge_by(groups, summaries, metrics, goal)
    return of_experiment.choice("Judged by", found, BY, of, 280) if found else None
