"""Fill a workspace with a sweep of many made-up trials, and one for two goals that takes them over as earlier runs:
`python -m benchmarks.fill_sweep --help`.
"""

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import sqlalchemy as sa
import typer

import db.metrics
import db.runs
import db.sweeps
from benchmarks.fill import BATCH, METRICS, START, add_metrics, add_run
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.check import parse
from core.config.edit import Raw, dump, with_values
from core.sweeps import importance_told
from core.sweeps.definition import read_definition
from core.sweeps.expected_ends import expected_ends
from core.sweeps.field_importance import importance
from core.sweeps.fields import from_words
from core.sweeps.trials import view
from core.tracking.goals import goal_of
from db.models import Run
from db.records import RunState
from db.sweep_records import SweepRecord, SweepState, TrialRecord

EXPERIMENT = "large sweep"
_FIELDS = (
    *("training.optimizer.learning_rate=1e-5..1e-1:log", "architecture.dropout=0..0.5"),
    *("training.batch_size=16,32,64,128,256", "training.optimizer.name=adam,sgd,rmsprop,adamw"),
)
GOALS = ("val_loss", "val_accuracy")
_POINTS = 20
_ENDS = (RunState.FINISHED,) * 32 + (RunState.PRUNED,) * 17 + (RunState.FAILED,)


def main(
    home: Annotated[Path, typer.Option(help="Workspace to fill; made when there is none.")],
    trials: Annotated[int, typer.Option(help="Trials of the sweep.")] = 10_000,
) -> None:
    started = time.perf_counter()
    workspace = Workspace.open(Settings(home=home))
    sweeps = fill_sweeps(workspace, trials)
    workspace.close()
    print(f"sweeps {sweeps} of {trials:,} trials in {time.perf_counter() - started:.1f} s")


def fill_sweeps(workspace: Workspace, trials: int) -> tuple[int, int]:
    """Add two finished sweeps of so many trials; returns their numbers. The first one, by ASHA, has a run for each, of
    which a third was pruned and one in fifty failed; the second one, for two goals, has these runs as earlier ones.
    """
    base = dump(parse({"data": {"source": "digits"}, "architecture": {"name": "mlp"}}, workspace.settings))
    pruned = {"goals": [{"metric": "val_loss"}], "pruning": {"name": "asha"}}
    first = _sweep(workspace, base, trials, "large", pruned)
    second = _sweep(workspace, base, trials, "front", {"goals": [{"metric": name} for name in GOALS]})
    random = np.random.default_rng(1)
    for begun in range(0, trials, BATCH):
        add_trials(workspace, random, base, (first, second), range(begun, min(begun + BATCH, trials)))
    context = Context.of_shell(workspace)
    found = view(context, first)
    measured = importance(found, expected_ends(context, found))
    with workspace.write() as session:
        db.sweeps.tell(session, first, {importance_told.KEY: measured})
    return first, second


def _sweep(workspace: Workspace, base: Raw, trials: int, name: str, options: dict[str, Any]) -> int:
    definition = read_definition(
        {
            "base": base,
            "experiment": EXPERIMENT,
            "fields": [from_words(text).model_dump(mode="json") for text in _FIELDS],
            "method": "random",
            "budget": {"trials": trials},
            **options,
        }
    )
    record = SweepRecord(
        0,
        name,
        SweepState.FINISHED,
        definition.model_dump(mode="json"),
        created_by="ada",
        created_at=START,
        finished_at=START,
    )
    with workspace.write() as session:
        return db.sweeps.insert(session, record)


def add_trials(
    workspace: Workspace, random: np.random.Generator, base: Raw, sweeps: tuple[int, int], numbers: Iterable[int]
) -> list[int]:
    """Trials that have ended, of both sweeps, in one transaction; returns their runs."""
    own, other = sweeps
    made, runs = [], []
    with workspace.write() as session:
        metrics = db.metrics.metric_ids(session, {name: goal_of(name) for name in METRICS})
        experiment = db.runs.experiment_id(session, EXPERIMENT)
        for number in numbers:
            params, state = _drawn(random), _ENDS[int(random.integers(len(_ENDS)))]
            run = add_run(session, random, number, experiment, with_values(base, params), state)
            slots = [f"gpu:{number % 4}"]
            session.execute(sa.update(Run).where(Run.id == run).values(slots=slots, facts={"parameters": 9_000}))
            points = _POINTS if state is RunState.FINISHED else int(random.choice((2, 6)))
            summaries = add_metrics(session, random, run, metrics, points)
            values = tuple(summaries[metrics[name]].best for name in GOALS)
            trial = TrialRecord(own, number, 0, run, params, state=state.value, values=values[:1], created_at=START)
            made += [trial, replace(trial, sweep_id=other, origin="earlier", values=values)]
            runs.append(run)
        db.sweeps.add_trials(session, made)
    return runs


def _drawn(random: np.random.Generator) -> dict[str, Any]:
    return {
        "training.optimizer.learning_rate": float(10 ** random.uniform(-5, -1)),
        "architecture.dropout": round(float(random.uniform(0, 0.5)), 3),
        "training.batch_size": int(2 ** random.integers(4, 9)),
        "training.optimizer.name": ("adam", "sgd", "rmsprop", "adamw")[int(random.integers(4))],
    }


if __name__ == "__main__":
    typer.run(main)
