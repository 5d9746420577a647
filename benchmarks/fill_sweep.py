"""Fill a workspace with one sweep of many made-up trials: `python -m benchmarks.fill_sweep --help`."""

import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

import db.metrics
import db.runs
import db.sweeps
from benchmarks.fill import BATCH, METRICS, START, add_metrics, add_run
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.check import parse
from core.config.edit import Raw, dump, with_values
from core.sweeps.definition import read_definition
from core.sweeps.fields import from_words
from core.tracking.goals import goal_of
from db.records import RunState
from db.sweep_records import SweepRecord, SweepState, TrialRecord

EXPERIMENT = "large sweep"
_FIELDS = (
    *("training.optimizer.learning_rate=1e-5..1e-1:log", "architecture.dropout=0..0.5"),
    *("training.batch_size=16,32,64,128,256", "training.optimizer.name=adam,sgd,rmsprop,adamw"),
)
_POINTS = 20


def main(
    home: Annotated[Path, typer.Option(help="Workspace to fill; made when there is none.")],
    trials: Annotated[int, typer.Option(help="Trials of the sweep.")] = 10_000,
) -> None:
    started = time.perf_counter()
    settings = Settings(home=home)
    workspace = Workspace.open(settings)
    sweep = fill_sweep(
        workspace, trials, dump(parse({"data": {"source": "digits"}, "architecture": {"name": "mlp"}}, settings))
    )
    workspace.close()
    print(f"sweep {sweep} of {trials:,} trials in {time.perf_counter() - started:.1f} s")


def fill_sweep(workspace: Workspace, trials: int, base: Raw) -> int:
    """Add a finished sweep of so many trials, a run each; returns its number."""
    random = np.random.default_rng(1)
    definition = read_definition(
        {
            "base": base,
            "experiment": EXPERIMENT,
            "fields": [from_words(text).model_dump(mode="json") for text in _FIELDS],
            "goals": [{"metric": "val_loss"}],
            "method": "random",
            "budget": {"trials": trials},
        }
    )
    with workspace.write() as session:
        sweep = db.sweeps.insert(
            session,
            SweepRecord(
                0, "large", SweepState.FINISHED, definition.model_dump(mode="json"), created_at=START, finished_at=START
            ),
        )
    for first in range(0, trials, BATCH):
        with workspace.write() as session:
            metrics = db.metrics.metric_ids(session, {name: goal_of(name) for name in METRICS})
            experiment = db.runs.experiment_id(session, EXPERIMENT)
            made = []
            for number in range(first, min(first + BATCH, trials)):
                params = _drawn(random)
                config = with_values(base, params)
                run = add_run(session, random, number, experiment, config, RunState.FINISHED)
                summaries = add_metrics(session, random, run, metrics, _POINTS)
                value = summaries[metrics["val_loss"]].best
                made.append(
                    TrialRecord(sweep, number, 0, run, params, state="finished", values=(value,), created_at=START)
                )
            db.sweeps.add_trials(session, made)
    return sweep


def _drawn(random: np.random.Generator) -> dict[str, Any]:
    return {
        "training.optimizer.learning_rate": float(10 ** random.uniform(-5, -1)),
        "architecture.dropout": round(float(random.uniform(0, 0.5)), 3),
        "training.batch_size": int(2 ** random.integers(4, 9)),
        "training.optimizer.name": ("adam", "sgd", "rmsprop", "adamw")[int(random.integers(4))],
    }


if __name__ == "__main__":
    typer.run(main)
