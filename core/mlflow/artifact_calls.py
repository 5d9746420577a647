"""Calls that list and find files of runs, logged models and versions."""

from pathlib import Path
from typing import Any

import db.told_runs
from core.common.context import Context
from core.mlflow import shapes
from core.mlflow.artifact_files import file_of, listed
from core.mlflow.artifact_paths import Place, checked, of_uri, place_of
from core.mlflow.asked import Asked
from core.mlflow.logged_model_calls import find, shown
from core.mlflow.mlflow_error import MlflowError
from core.mlflow.registry_calls import download_uri
from core.mlflow.run_calls import active, head


def of_run(context: Context, asked: Asked) -> dict[str, Any]:
    run_id, path = asked.run_id(), checked(asked.text("path"))
    root, place = _place(context, run_id, path)
    return {"root_uri": root, "files": listed(place, path)}


def _place(context: Context, run_id: str, path: str) -> tuple[str, Place]:
    """The address of a run's files, and the place of one of them. Raises MlflowError."""
    key = head(context, run_id).id
    with context.workspace.read() as session:
        root = shapes.info(shapes.only(db.told_runs.told(session, [key]), run_id))["artifact_uri"]
    return root, of_uri(context, root, path)


def of_model(context: Context, asked: Asked) -> dict[str, Any]:
    model, path = find(context, asked.needed("model_id")), checked(asked.text("artifact_directory_path"))
    root = shown(context, model)["info"]["artifact_uri"]
    return {"root_uri": root, "files": listed(of_uri(context, root, path), path)}


def file_of_model(context: Context, asked: Asked) -> Path:
    """Raises MlflowError."""
    model = find(context, asked.needed("model_id"))
    root = shown(context, model)["info"]["artifact_uri"]
    return file_of(of_uri(context, root, checked(asked.needed("artifact_file_path"))))


def file_of_run(context: Context, asked: Asked) -> Path:
    """Raises MlflowError."""
    path = checked(asked.needed("path"))
    return file_of(_place(context, asked.run_id(), path)[1])


def new_file(context: Context, asked: Asked) -> Place:
    """Where a file goes that a page sends for a run. Raises MlflowError."""
    for name in ("run_uuid", "path"):
        if not asked.text(name):
            raise MlflowError(f"Request must specify {name}.")
    path = checked(asked.text("path"))
    active(context, asked.text("run_uuid"))
    return _place(context, asked.text("run_uuid"), path)[1]


def below_root(context: Context, path: str) -> dict[str, Any]:
    """What a folder of the proxy has, by the last part of each path, as MLflow lists it."""
    return {"files": listed(place_of(context, path), "")}


def file_of_version(context: Context, asked: Asked) -> Path:
    """Raises MlflowError."""
    path = checked(asked.needed("path"))
    return file_of(of_uri(context, str(download_uri(context, asked)["artifact_uri"]), path))
