"""The evaluation of a run that is at rest, by its best checkpoint: loaded, judged and stored as at a run's end."""

import time
import traceback
from collections.abc import Mapping
from typing import Any

import db.leases
from core import runs
from core.common.context import Actor, Context
from core.common.errors import DataError, TraindeckError
from core.common.text import first_line
from core.engine import setup
from core.evaluation.evaluate import store
from core.evaluation.outputs import BATCH
from core.evaluation.report import Report
from core.evaluation.report_files import FOLDER
from core.export.judging_kept import judge_kept
from core.jobs.evaluation import Evaluated, Request
from core.runs.events import run_event
from core.runs.permissions import Action
from core.tracking.full_disk import problem_of
from core.tracking.recorder import Recorder
from core.training.artifacts import ArtifactsAtRest
from core.training.checkpoints import CheckpointError, Position, load_network, read_position
from core.training.final_evaluation import baseline_facts, final_evaluation
from core.training.prepared import load_for
from core.workers.work import Work
from db.leases import LeaseLostError
from db.records import Lease, RunRecord


def answer(work: Work, asked: Request) -> Evaluated:
    """Whatever goes wrong is told as its problem."""
    context = Context(work.workspace, Actor(asked.actor, asked.actor_kind))
    try:
        run, lease = runs.get(context, asked.run), Lease(asked.run, asked.attempt)
        if run.kind != runs.NETWORK.name:
            return _judged(work, context, run, lease, asked)
        return _evaluated(work, context, run, lease)
    except LeaseLostError:
        return Evaluated(problem=f"Run {asked.run} goes on or was deleted meanwhile; it is evaluated at its end.")
    except TraindeckError as error:
        return Evaluated(problem=problem_of(error))
    except Exception as error:  # noqa: BLE001 - whatever a network raises
        traceback.print_exc()
        text = first_line(error)
        return Evaluated(problem=problem_of(error, f"The evaluation failed: {type(error).__name__}: {text}"))


def _evaluated(work: Work, context: Context, run: RunRecord, lease: Lease) -> Evaluated:
    """Raises TraindeckError, LeaseLostError, OSError."""
    settings = work.settings
    config = runs.checked_spec(run, settings)
    folder = settings.run_dir(run.id)
    best = folder / "checkpoints" / runs.BEST_CHECKPOINT
    position = read_position(best, run.uid)
    if position is None:
        raise CheckpointError(f"There is no best checkpoint of this run at {best}. Relaunch the run to get one.")
    setup.fix_numbers(config)
    work.progress("loading the data", 0.0)
    data = load_for(config, settings, best.parent, run.uid, runs.attempts(context, run.id))
    if not len(data.y_test):
        raise DataError("Its data set has no test examples to evaluate it on.")
    work.progress("loading the network", 0.1)
    model = load_network(best, position)
    setup.compile_model(model, config, data)
    batches = -(-len(data.y_test) // BATCH)
    done = 0

    def heed() -> None:
        nonlocal done
        done += 1
        text = "predicting the test set" if done <= batches else "fitting baselines to have beside it"
        work.progress(text, min(0.95, 0.15 + 0.8 * done / batches))

    report, predictions = final_evaluation(model, data, config, run.facts, settings, heed)
    epoch = position.step / run.steps_per_epoch if run.steps_per_epoch else None
    report = report.model_copy(update={"made_of": _made_of(run, position, epoch)})
    work.progress("storing the report", 0.97)
    publishing = ArtifactsAtRest(work.workspace, lease).publishing
    store(report, predictions, data, folder / FOLDER, publishing)
    _record(context, run, lease, report, epoch, report.metrics())
    return Evaluated(step=position.step, epoch=epoch, metrics=report.metrics(), notices=report.notices)


def _judged(work: Work, context: Context, run: RunRecord, lease: Lease, asked: Request) -> Evaluated:
    """What a script or client kept. Raises TraindeckError, LeaseLostError, OSError."""
    known = runs.summaries(context, [run.id]).get(run.id, {})
    report, record = judge_kept(work.progress, context, run, asked, frozenset(known))
    if report is None:
        why = record.facts["uploaded"]["unmeasured"]
        return Evaluated(problem=f"It can be tried now, and is not measured: {why}.")
    metrics = {name: value for name, value in report.metrics().items() if name in record.metrics}
    _record(context, run, lease, report, None, metrics)
    return Evaluated(step=run.step, metrics=report.metrics(), notices=report.notices)


def _made_of(run: RunRecord, position: Position, epoch: float | None) -> str:
    """From which checkpoint, and how far the run had come."""
    of = f"epoch {epoch:.4g}" if epoch else f"step {position.step:,}"
    on = time.strftime("%Y-%m-%d", time.gmtime())
    return (
        f"Evaluated on {on} by the best checkpoint, {of}; the run was {run.state} at step {run.step:,} of "
        f"{run.total_steps:,}."
    )


def _record(
    context: Context, run: RunRecord, lease: Lease, report: Report, epoch: float | None, metrics: Mapping[str, float]
) -> None:
    """Metrics at the run's last step, where a run that goes on repeats its test; facts; a line in the history."""
    recorder = Recorder(context.workspace, run.id)
    recorder.log(metrics, run.step)
    told: dict[str, Any] = {"checkpoint": "best", **({"epoch": round(epoch, 2)} if epoch else {})}
    told |= {name: round(value, 4) for name, value in list(report.metrics().items())[:3]}
    event = run_event(context, Action.EVALUATE, run.id, {}, told)
    with context.workspace.write() as session:
        db.leases.add_result(session, lease, baseline_facts(report), event)
    recorder.flush()
