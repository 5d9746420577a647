"""Whether a metric of runs counts by its best or its last value: as the goals of their sweeps have it."""

from collections.abc import Iterable
from typing import Literal

import db.sweeps
from core.common.context import Context
from core.sweeps.definition import read_definition

TOLD = "Last values count, as in the goal of their sweep."


def kind_by_goals(context: Context, run_ids: Iterable[int], metric: str) -> Literal["best", "last"]:
    """The last value where every sweep that these runs are of, and that has the metric for a goal, goes by it."""
    with context.workspace.read() as session:
        found = [db.sweeps.get(session, sweep) for sweep in db.sweeps.of_runs(session, run_ids)]
    goals = [goal for each in found if each is not None for goal in read_definition(each.definition).goals]
    kinds = {goal.kind for goal in goals if goal.metric == metric}
    return "last" if kinds == {"last"} else "best"
