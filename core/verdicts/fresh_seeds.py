"""The verdict over the configs of a sweep that were launched again, by their fresh seeds: as Compare judges these."""

from dataclasses import dataclass
from functools import partial

from core import runs
from core.common.context import Context
from core.evaluation.report_files import read_predictions
from core.sweeps.confirming import confirmed
from core.sweeps.trials import SweepView
from core.verdicts.judging import Verdict, judged
from db.records import RunRecord, Summary


@dataclass(frozen=True)
class FreshSide:
    """The fresh seeds of one config that are still there; `id` is its trial's number."""

    id: int
    runs: tuple[RunRecord, ...]


@dataclass(frozen=True)
class FreshSeeds:
    """`verdict`: None where fewer than two have a value, and while some of them run, as it might turn."""

    sides: tuple[FreshSide, ...]
    verdict: Verdict | None


def fresh_seeds(context: Context, view: SweepView) -> FreshSeeds:
    """Of the configs that `confirmed` finds, by the sweep's first goal."""
    found, goal = confirmed(view), view.definition.goals[0]
    of = {each.trial.number: [again.run.id for again in each.trial.confirmations if again.run] for each in found}
    run_ids = [run_id for known in of.values() for run_id in known]
    records = {run.id: run for run in runs.get_many(context, run_ids)}
    every = [FreshSide(number, tuple(records[key] for key in known if key in records)) for number, known in of.items()]
    sides = tuple(side for side in every if side.runs)
    if any(each.running for each in found):
        return FreshSeeds(sides, None)
    # As the sweep counts them: by its goal, which may be the time that they took, and no metric.
    summaries = {run_id: dict(of_run) for run_id, of_run in runs.summaries(context, run_ids).items()}
    for run_id in run_ids:
        summaries.setdefault(run_id, {}).pop(goal.metric, None)
    for each in found:
        for run_id, value in each.by_run.items():
            summaries[run_id][goal.metric] = Summary(run_id, goal.metric, value, value, value, value, 0, 0, 1)
    verdict = judged(
        sides, runs.params(context, run_ids), summaries, goal.metric,
        partial(read_predictions, context.workspace.settings), goal.kind, "min" if goal.is_min else "max",
    )  # fmt: skip
    return FreshSeeds(sides, verdict)
