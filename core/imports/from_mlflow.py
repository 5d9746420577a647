"""Runs of MLflow: its SQLite database, by plain SQL, its folder `mlruns`, or a server of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from core.common.errors import DataError
from core.common.text import quoted
from core.imports.found_run import MOST_POINTS, FoundRun, Progress, quiet, series
from core.imports.from_mlflow_server import Credentials, address_of, read_mlflow_server
from core.imports.from_mlruns import read_mlruns
from core.imports.mlflow_inputs import DATA_FIELDS, take_data_sets
from core.imports.mlflow_run import STATES, number, seconds, take_artifacts, take_tags, typed

NEEDED = {"experiments", "runs", "params", "tags", "metrics"}


def read_mlflow(
    path: Path, progress: Progress = quiet, deleted: bool = False, credentials: Credentials | None = None
) -> Iterator[FoundRun]:
    """Every run of the store; those that were deleted there too, if asked for.

    Args:
        path: a database, a folder with `mlflow.db` or `mlruns` in it, `mlruns` itself, or a server's address.
        credentials: for a server whose address has none.

    Raises:
        DataError
    """
    if address := address_of(path):
        yield from read_mlflow_server(address, progress, deleted, credentials)
        return
    if path.is_dir():
        database = path / "mlflow.db"
        if not database.is_file():
            yield from read_mlruns(path / "mlruns" if (path / "mlruns").is_dir() else path, progress, deleted)
            return
        path = database
    if not path.is_file():
        raise DataError(
            f"There is no {path}. Accepted are MLflow's database (mlflow.db), its folder mlruns, and its server."
        )
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as store:
            store.execute("PRAGMA trusted_schema = OFF")
            store.execute("PRAGMA query_only = ON")
            tables = {name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if missing := NEEDED - tables:
                raise DataError(f"{path.name} is no store of MLflow's: it has no table {', '.join(sorted(missing))}.")
            yield from _runs(store, tables, path.parent, progress, deleted)
    except sqlite3.Error as error:
        raise DataError(f"{path} cannot be read as a database of MLflow's: {error}.") from error


def _runs(
    store: sqlite3.Connection, tables: set[str], folder: Path, progress: Progress, deleted: bool
) -> Iterator[FoundRun]:
    query = (
        "SELECT run_uuid, runs.name, status, start_time, end_time, user_id, artifact_uri, experiment_id, "
        "experiments.name FROM runs JOIN experiments USING (experiment_id) "
        "WHERE ? OR runs.lifecycle_stage = 'active' AND experiments.lifecycle_stage = 'active' ORDER BY start_time"
    )
    rows = store.execute(query, (deleted,)).fetchall()
    for done, (uid, name, status, began, ended, user, uri, experiment_id, experiment) in enumerate(rows):
        progress(done / len(rows), str(name))
        found = FoundRun(source=f"mlflow {uid}", name=str(name or ""), experiment=str(experiment), uid=str(uid))
        found.state = STATES.get(str(status), found.state)
        found.began_at, found.ended_at = seconds(began), seconds(ended)
        found.created_by = str(user or "")
        found.params = typed(_pairs(store, "params", uid))
        take_tags(found, _pairs(store, "tags", uid))
        _take_named(store, tables, found, experiment_id)
        _take_metrics(store, found)
        take_artifacts(found, str(uri or ""), folder, str(experiment_id))
        yield found


def _pairs(store: sqlite3.Connection, table: str, uid: str) -> dict[str, str]:
    query = f"SELECT key, value FROM {table} WHERE run_uuid = ? ORDER BY key"  # noqa: S608 - one of two names
    return {str(key): str("" if value is None else value) for key, value in store.execute(query, (uid,))}


def _take_named(store: sqlite3.Connection, tables: set[str], found: FoundRun, experiment: Any) -> None:
    """Data sets of the run and tags of its experiment, of a store that has such; logged models are told."""
    if "experiment_tags" in tables:
        query = "SELECT key, value FROM experiment_tags WHERE experiment_id = ?"
        found.experiment_tags = {str(key): str(value or "") for key, value in store.execute(query, (experiment,))}
    if {"datasets", "inputs", "input_tags"} <= tables:
        query = (
            "SELECT input_uuid, name, digest, dataset_source_type, dataset_source, dataset_schema, dataset_profile "
            "FROM inputs JOIN datasets ON dataset_uuid = source_id "
            "WHERE source_type = 'DATASET' AND destination_type = 'RUN' AND destination_id = ?"
        )
        given = []
        for key, *values in store.execute(query, (found.uid,)).fetchall():
            tags = store.execute("SELECT name, value FROM input_tags WHERE input_uuid = ?", (key,))
            told = [{"key": name, "value": value} for name, value in tags]
            given.append({"dataset": dict(zip(DATA_FIELDS, values, strict=True)), "tags": told})
        take_data_sets(found, {"inputs": {"dataset_inputs": given}})
    if "logged_models" in tables:
        query = "SELECT count(*) FROM logged_models WHERE source_run_id = ?"
        if count := store.execute(query, (found.uid,)).fetchone()[0]:
            found.left_out["logged models, which come from MLflow's server"] += count


def _take_metrics(store: sqlite3.Connection, found: FoundRun) -> None:
    """All values, of which there may be several at a step."""
    query = "SELECT key, step, value, timestamp, is_nan FROM metrics WHERE run_uuid = ? ORDER BY key, step, timestamp"
    columns: dict[str, tuple[list[int], list[float], list[float]]] = {}
    for count, (key, *row) in enumerate(store.execute(query, (found.uid,))):
        if count > MOST_POINTS:
            raise DataError(f"Run {quoted(found.name)} has more than {MOST_POINTS:,} values, the most that are read.")
        try:
            step, value, at = _point(*row)
        except (ValueError, TypeError, OverflowError):
            found.left_out["values of metrics that are no numbers"] += 1
            continue
        steps, values, times = columns.setdefault(str(key)[:250], ([], [], []))
        steps.append(step)
        values.append(value)
        times.append(at)
    found.metrics = {key: series(*each) for key, each in columns.items()}


def _point(step: Any, value: Any, at: Any, is_nan: Any) -> tuple[int, float, float]:
    return int(step or 0), number(value, bool(is_nan)), float(at) / 1000
