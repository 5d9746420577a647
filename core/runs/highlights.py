"""What is worth seeing first: the newest results, and the best run of each experiment."""

from dataclasses import dataclass

import db.listing
import db.metrics
import db.runs
from core.common.context import Context
from core.runs.specs import spec
from core.tracking.goals import goal_of
from db.listing import RunQuery
from db.records import RunRecord, RunState, Summary

_AT_REST = tuple(state for state in RunState if state.is_finished)
WITH_RESULT = (RunState.FINISHED, RunState.STOPPED)


def monitored_metric(run: RunRecord) -> str:
    """The metric by which the run's best epoch is chosen."""
    config = spec(run)
    if config is None:
        return "val_loss"
    held_back = run.facts.get("examples", {}).get("validation")  # known once it trains; also of an author's part
    return config.evaluation.monitored(config.data.validates if held_back is None else held_back > 0)


def newest_results(context: Context, limit: int = 8) -> list[RunRecord]:
    """Runs at rest, the one that ended last first."""
    with context.workspace.read() as session:
        page = db.listing.page(session, RunQuery(states=_AT_REST, sort="finished_at", limit=limit))
    return list(page.runs)


@dataclass(frozen=True)
class Best:
    """The best run of an experiment, by the metric that the experiment's newest result monitors."""

    experiment: str
    runs: int  # in the experiment, outside the trash
    run: RunRecord
    summary: Summary  # of the metric


def best_runs(context: Context, limit: int = 8) -> list[Best]:
    """One for each experiment that has a result, the experiment used last first."""
    found = []
    with context.workspace.read() as session:
        for experiment, count in list(db.runs.experiments(session).items())[:limit]:
            query = RunQuery(states=WITH_RESULT, experiments=(experiment,), sort="finished_at", limit=1)
            newest = db.listing.page(session, query).runs
            if not newest:
                continue
            metric = monitored_metric(newest[0])
            by_metric = RunQuery(
                states=WITH_RESULT,
                experiments=(experiment,),
                sort=f"metric:{metric}.best",
                descending=goal_of(metric) == "max",
                limit=1,
            )
            run = db.listing.page(session, by_metric).runs[0]
            summary = db.metrics.summaries(session, [run.id], [metric]).get(run.id, {}).get(metric)
            if summary is not None:
                found.append(Best(experiment, count, run, summary))
    return found
