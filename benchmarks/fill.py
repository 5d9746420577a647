"""Fill a workspace with made-up finished runs, as a team's history of years: `python -m benchmarks.fill --help`."""

import time
import uuid
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

import db.appending
import db.curves
import db.metrics
import db.runs
from benchmarks.copies import add_copies
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.check import parse
from core.config.edit import Raw, dump, flatten, with_values
from core.tracking import summary
from core.tracking.goals import goal_of
from core.tracking.tracked import Tracked
from db.engine import Session
from db.records import RunState, Series, Summary

METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "step_loss")
EXPERIMENTS = ("baselines", "width sweep", "regularisation", "augmentation", "schedules", "paper")
TAGS = ("keep", "best", "ablation", "seed study", "to check")
STATES = (RunState.FINISHED,) * 8 + (RunState.STOPPED, RunState.FAILED)
BATCH = 500  # runs per transaction
STEPS_PER_EPOCH = 45
START = 1.7e9
INTERVAL = 600.0  # seconds between runs
ORIGINALS = 10_000
_SETTINGS = Settings()


def main(
    home: Annotated[Path, typer.Option(help="Workspace to fill; made when there is none.")],
    runs: Annotated[int, typer.Option(help="How many runs to add.")] = 10_000,
    points: Annotated[int, typer.Option(help="Points per metric; 10000 for the comparison of long curves.")] = 20,
) -> None:
    started = time.perf_counter()
    workspace = Workspace.open(Settings(home=home))
    fill(workspace, runs, points)
    workspace.close()
    print(f"{runs:,} runs with {points:,} points of {len(METRICS)} metrics in {time.perf_counter() - started:.1f} s")


def fill(workspace: Workspace, runs: int, points: int) -> list[int]:
    """Add the runs, always with the same values, and those past the first 10,000 as copies; returns their numbers."""
    originals = _add_runs(workspace, min(runs, ORIGINALS), points)
    added = list(originals)
    while len(added) < runs:
        with workspace.write() as session:
            copied = originals[: runs - len(added)]
            added += add_copies(session, copied, len(added), INTERVAL * len(added))
    return added


def _add_runs(workspace: Workspace, runs: int, points: int) -> list[int]:
    random = np.random.default_rng(0)
    added: list[int] = []
    while len(added) < runs:
        with workspace.write() as session:
            metrics = db.metrics.metric_ids(session, {name: goal_of(name) for name in METRICS})
            experiments = [db.runs.experiment_id(session, name) for name in EXPERIMENTS]
            for number in range(len(added), min(runs, len(added) + BATCH)):
                run_id = add_run(session, random, number, experiments[number % len(experiments)])
                add_metrics(session, random, run_id, metrics, points)
                added.append(run_id)
    return added


def add_bare_run(workspace: Workspace) -> int:
    """A running run without params, to record into."""
    with workspace.write() as session:
        values = {
            "uid": uuid.uuid4().hex,
            "name": "bare",
            "experiment_id": db.runs.experiment_id(session, "bare"),
            "state": RunState.RUNNING.value,
            "config": {},
            "created_at": START,
            "queued_at": START,
        }
        return db.runs.insert(session, values, {})


def add_run(
    session: Session,
    random: np.random.Generator,
    number: int,
    experiment: int,
    config: Raw | None = None,
    state: RunState | None = None,
) -> int:
    """One that has ended, without metrics; of a config and in a state that are made up where none are given."""
    config = config or _config(random, number)
    state = state or STATES[int(random.integers(len(STATES)))]
    created, trained = START + INTERVAL * number, float(random.exponential(120.0))
    values = {
        "uid": uuid.uuid4().hex,
        "name": f"{config['data']['source']}-{config['architecture']['name']}-{number}",
        "experiment_id": experiment,
        "state": state.value,
        "config": config,
        "reason": "" if state is RunState.FINISHED else "Ended before its last epoch.",
        "preset": "digits-mlp",
        "created_by": ("ada", "grace", "alan")[number % 3],
        "notes": "tried after the talk about warm-up" if number % 50 == 0 else "",
        "created_at": created,
        "queued_at": created,
        "starting_at": created + 1,
        "training_at": created + 3,
        "finished_at": created + 3 + trained,
        "trained_seconds": trained,
    }
    tags = [TAGS[int(random.integers(len(TAGS)))]] if random.random() < 0.3 else []
    return db.runs.insert(session, values, flatten(config), tags)


def _config(random: np.random.Generator, number: int) -> Raw:
    changes = {
        "training.epochs": int(random.integers(1, 100)),
        "training.batch_size": int(2 ** random.integers(4, 9)),
        "training.optimizer.name": ("adam", "sgd", "rmsprop", "adamw")[number % 4],
        "training.optimizer.learning_rate": round(float(10 ** random.uniform(-4, -1)), 6),
        "training.schedule.name": ("constant", "cosine", "step")[number % 3],
        "architecture.dropout": round(float(random.uniform(0, 0.5)), 2),
        "architecture.l2": float(10.0 ** random.integers(-6, -2)),
        "seed": number % 5,
    }
    source = ("digits", "iris", "wine")[number % 3]
    return dump(parse(with_values({"data": {"source": source}, "architecture": {"name": "mlp"}}, changes), _SETTINGS))


def add_metrics(
    session: Session, random: np.random.Generator, run_id: int, metrics: dict[str, int], points: int
) -> dict[int, Summary]:
    """Curves of a run; returns their summaries by the metric's key."""
    steps = (np.arange(points, dtype=np.int64) + 1) * STEPS_PER_EPOCH
    summaries = {}
    for name, metric in metrics.items():
        curve = np.exp(-np.arange(points) / max(1, points / 4)) + 0.05 * random.random(points) + 0.2 * random.random()
        values = 1 - 0.6 * curve if goal_of(name) == "max" else curve
        if name == "loss" and run_id % 40 == 0:
            values[points // 2 :] = np.nan
        wall_times = START + INTERVAL * run_id + np.arange(points, dtype=np.float64) * 0.5
        series = Series(steps, values, wall_times)
        known = Tracked(summary.empty(run_id, name)).extended(series)
        db.appending.add(session, run_id, {metric: series}, {metric: db.appending.NOWHERE})
        if known.due is not None:
            db.curves.put(session, run_id, metric, known.due)
        summaries[metric] = known.summary
    db.metrics.put_summaries(session, summaries)
    return summaries


if __name__ == "__main__":
    typer.run(main)
