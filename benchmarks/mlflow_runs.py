"""The runs of benchmarks/mlflow_server.py, put into our store and into one of MLflow's."""

import random
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

import db.appending
import db.experiments
import db.keyed_tags
import db.metrics
import db.runs
from core.common.workspace import Workspace
from core.tracking import summary
from core.tracking.goals import goal_of
from db.records import RunState, Series

START = 1_700_000_000_000  # ms
PARAMS = ("optimizer", "model", "lr", "batch_size", "epochs", "seed", "dropout", "width", "depth", "decay")
METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "f1", "precision", "recall", "seconds")
STATES = {"FINISHED": RunState.FINISHED, "FAILED": RunState.FAILED, "RUNNING": RunState.RUNNING}
BATCH = 1000


def made_up(count: int) -> Iterator[dict[str, Any]]:
    """Always the same, a second after each other."""
    dice = random.Random(0)  # noqa: S311 - nothing secret
    for number in range(count):
        yield {
            "uid": uuid.UUID(int=dice.getrandbits(128)).hex,
            "name": f"run-{number}",
            "start": START + number * 1000,
            "status": dice.choices(tuple(STATES), (8, 1, 1))[0],
            "params": {
                "optimizer": dice.choice(("adam", "sgd", "adamw", "rmsprop")),
                "model": dice.choice(("resnet", "mlp", "convnet", "transformer")),
                "lr": str(round(10 ** dice.uniform(-4, -1), 6)),
                **{key: str(dice.randrange(1, 500)) for key in PARAMS[3:]},
            },
            "tags": {
                "mlflow.user": dice.choice(("ada", "grace", "alan")),
                "mlflow.source.name": "train.py",
                "team": dice.choice(("vision", "speech", "text")),
                "stage": dice.choice(("draft", "paper")),
                "mlflow.runName": f"run-{number}",
            },
            "metrics": {key: dice.random() for key in METRICS},
        }


def fill_ours(workspace: Workspace, experiment: str, described: Sequence[dict[str, Any]]) -> None:
    with workspace.write() as session:
        key = db.experiments.add(session, experiment)
        metrics = db.metrics.metric_ids(session, {name: goal_of(name) for name in METRICS})
    for first in range(0, len(described), BATCH):
        with workspace.write() as session:
            for each in described[first : first + BATCH]:
                began = each["start"] / 1000
                values = {
                    **{"uid": each["uid"], "name": each["name"], "experiment_id": key, "kind": "logged"},
                    **{"state": STATES[each["status"]].value, "config": each["params"]},
                    **{"created_by": each["tags"]["mlflow.user"], "created_at": began, "queued_at": began},
                    **{"heartbeat_at": 2e10},  # never silent
                }
                run = db.runs.insert(session, values, each["params"], ())
                db.keyed_tags.put(session, run, each["tags"])
                points = {
                    metrics[name]: Series(np.array([1]), np.array([value]), np.array([began]))
                    for name, value in each["metrics"].items()
                }
                db.appending.add(session, run, points)
                db.metrics.put_summaries(
                    session,
                    {
                        metrics[name]: summary.extended(summary.empty(run, name), points[metrics[name]], goal_of(name))
                        for name in each["metrics"]
                    },
                )


def fill_theirs(connection: sqlite3.Connection, experiment: int, described: Sequence[dict[str, Any]]) -> None:
    """Into the tables of MLflow 3.17."""
    for each in described:
        uid, began = each["uid"], each["start"]
        user, place = each["tags"]["mlflow.user"], f"mlflow-artifacts:/{experiment}/{uid}/artifacts"
        connection.execute(
            "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, "
            "start_time, source_version, lifecycle_stage, artifact_uri, experiment_id) "
            "VALUES (?, ?, 'UNKNOWN', '', '', ?, ?, ?, '', 'active', ?, ?)",
            (uid, each["name"], user, each["status"], began, place, experiment),
        )
        for table in ("params", "tags"):
            rows = [(key, value, uid) for key, value in each[table].items()]
            connection.executemany(f"INSERT INTO {table} (key, value, run_uuid) VALUES (?, ?, ?)", rows)  # noqa: S608
        points = [(key, value, began, 1, 0, uid) for key, value in each["metrics"].items()]
        for table in ("metrics", "latest_metrics"):
            connection.executemany(
                f"INSERT INTO {table} (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
                points,
            )
