"""What is worth seeing first: the newest results, and the best run of each experiment and data set."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import db.highlights
import db.listing
import db.metrics
import db.runs
from core.common.context import Context
from core.runs.data_names import same_data
from core.runs.specs import spec
from core.tracking.goals import goal_of
from db.engine import Session
from db.highlights import Group
from db.listing import RunQuery
from db.records import RunRecord, RunState, Summary

# What to do about a loss that is no number: the same config again would give the same.
CHANGE = "Try a smaller learning rate or gradient clipping, and look for extreme values in the data."

# The result of a run of any task, the likeliest to be meant first; of regressions an error in the target's unit.
MAIN_METRICS = (
    *("test_accuracy", "test_f1_micro", "test_mae", "val_accuracy", "val_f1", "val_mae", "val_loss"),
    *("accuracy", "f1", "mae", "loss"),
)
ERROR_NOTE = "mae: mean absolute error, in the unit of what is predicted; the smaller, the better."

Ranked = Mapping[str, Mapping[tuple[str, str], list[int]]]  # by metric, then by experiment and data set
_AT_REST = tuple(state for state in RunState if state.is_finished)
_MOST_WEIGHTS = 6  # of classes that are named, the heaviest
MOST_BEST = 12  # rows in the list of the best
_CANDIDATES = 10  # of each: those of other data of the same name are passed over
WITH_RESULT = (RunState.FINISHED, RunState.STOPPED)  # one that was pruned is none to be proud of


def may_count(run: RunRecord) -> bool:
    """Whether it says something of its config, or will: not what failed, was lost or pruned."""
    return run.state in WITH_RESULT or not run.state.is_finished


def first_to_judge_by(names: Iterable[str]) -> list[str]:
    """Metrics in the order in which configs are judged by them: of what was held back for validation first, as to
    choose by the test set makes its results too good, then of the test set, then others; of each `MAIN_METRICS` first.
    """
    parts, main = {"val": 0, "test": 1}, {name: place for place, name in enumerate(MAIN_METRICS)}
    return sorted(names, key=lambda name: (parts.get(name.partition("_")[0], 2), main.get(name, len(main)), name))


def main_result(values: Mapping[str, Summary], among: Sequence[str] = MAIN_METRICS) -> Summary | None:
    """The metric that tells best how good a run is, None while it has none of these."""
    return next((values[name] for name in among if name in values), None)


def monitored_metric(run: RunRecord) -> str:
    """The metric by which the run's best epoch is chosen."""
    config = spec(run)
    if config is None:
        return "val_loss"
    held_back = run.facts.get("examples", {}).get("validation")  # known once it trains; also of an author's part
    return config.evaluation.monitored(config.data.validates if held_back is None else held_back > 0)


def loss_note(facts: Mapping[str, Any]) -> str:
    """By a run's facts what its loss is, and in which unit; "" where it is plain cross-entropy, in nats."""
    scaling, loss = facts.get("target_scaling"), facts.get("loss") or {}
    if not isinstance(scaling, dict):
        return _class_loss_note(loss, facts.get("class_weights"))
    kind = scaling.get("kind")
    of = f"log(1 + target / {float(scaling.get('unit', 1)):.4g})" if kind == "log" else "the target"
    match loss.get("name"):
        case "huber":
            what = (
                f"Huber loss of {of}, its errors in standard deviations of the training part: half the square of those "
                f"up to {loss['delta']:g}, linear beyond"
            )
        case "quantile":
            share = loss["quantile"]
            what = (
                f"Quantile loss of {of}, its errors in standard deviations of the training part: a value above its "
                f"prediction costs {share:g} a deviation, one below it {1 - share:g}. The network learns to say what "
                f"{share:.4g} of the values lie below. Of this loss"
            )
        case _:
            what = (
                f"Mean squared error of {of}, as a share of its variance in the training part: 1 is as bad as always "
                "guessing the mean"
            )
    return f"{what}, 0 is perfect; it has no unit. Errors (mae, rmse) are in the target's own unit."


def _class_loss_note(loss: Mapping[str, Any], weights: Mapping[str, float] | None) -> str:
    told = []
    if loss.get("name") == "focal":
        alpha = "" if loss.get("alpha") is None else f", alpha {loss['alpha']:g}"
        told.append(f"Focal loss (gamma {loss['gamma']:g}{alpha}), comparable with itself only")
    if smoothing := loss.get("label_smoothing"):
        told.append(f"labels smoothed by {smoothing:g}")
    if weights:
        most = sorted(weights.items(), key=lambda item: -item[1])[:_MOST_WEIGHTS]
        more = ", …" if len(weights) > len(most) else ""
        told.append(f"examples weighted by class ({', '.join(f'{name} {weight:.3g}' for name, weight in most)}{more})")
    if told and loss.get("name") != "focal":
        told.insert(0, "Cross-entropy in nats")
    return f"{'; '.join(told)}." if told else ""


def never_finite(metric: str) -> str:
    """Why a run has no best epoch; what follows from that comes behind a comma."""
    return f"No epoch had a finite {metric}"


def no_best(context: Context, run: RunRecord) -> str:
    """Why a run that recorded its monitored metric has no best epoch; "" of others."""
    metric = monitored_metric(run)
    with context.workspace.read() as session:
        summary = db.metrics.summaries(session, [run.id], [metric]).get(run.id, {}).get(metric)
    if summary is None or not summary.count or summary.has_best:
        return ""
    return "It ended before the last cut of its pruning" if math.isfinite(summary.min) else never_finite(metric)


def newest_results(context: Context, limit: int = 8) -> list[RunRecord]:
    """Runs at rest, the one that ended last first."""
    with context.workspace.read() as session:
        page = db.listing.page(session, RunQuery(states=_AT_REST, sort="finished_at", limit=limit))
    return list(page.runs)


@dataclass(frozen=True)
class Best:
    """The best run of an experiment on one data set, by the metric that the newest result of these monitors."""

    experiment: str
    data_set: str
    runs: int  # in the experiment on data of this name, outside the trash
    run: RunRecord
    summary: Summary  # of the metric


def best_runs(context: Context, limit: int = 8) -> list[Best]:
    """One for each data set of the experiments used last that has a result; experiments in that order.

    Values of a metric are ranked where they mean the same: runs of data of one name and content, for one task.
    """
    with context.workspace.read() as session:
        experiments = list(db.runs.experiments(session))[:limit]
        groups = db.highlights.newest_of_groups(session, experiments, WITH_RESULT)
        groups = sorted(groups, key=lambda group: experiments.index(group.experiment))[:MOST_BEST]
        newest = {run.id: run for run in db.runs.get_many(session, [group.newest for group in groups])}
        metrics = {group: monitored_metric(newest[group.newest]) for group in groups}
        ranked = {
            metric: db.highlights.best_of_groups(
                session, experiments, WITH_RESULT, metric, goal_of(metric), _CANDIDATES
            )
            for metric in dict.fromkeys(metrics.values())
        }
        found = [_best(session, group, newest[group.newest], metric, ranked) for group, metric in metrics.items()]
    return [best for best in found if best is not None]


def _best(session: Session, group: Group, newest: RunRecord, metric: str, ranked: Ranked) -> Best | None:
    candidates = ranked[metric].get((group.experiment, group.data_set), [])
    comparable = (run for run in db.runs.get_many(session, candidates) if same_data(run, newest))
    run = next(comparable, newest)
    summary = db.metrics.summaries(session, [run.id], [metric]).get(run.id, {}).get(metric)
    if summary is None or not summary.has_best:
        return None
    return Best(group.experiment, group.data_set, group.runs, run, summary)
