"""The call that makes a version of a registered model: of a logged model, of a run's files, or of what is elsewhere."""

import json
from pathlib import Path
from typing import Any

import db.told_runs
from core.common.context import Context
from core.mlflow import logged_model_calls, shapes
from core.mlflow.artifact_paths import local, of_uri
from core.mlflow.asked import Asked
from core.mlflow.mlflow_error import MlflowError
from core.mlflow.registry_calls import find, name_of, shown_version
from core.models import from_clients
from db.registry_records import VersionRecord

_MODEL_VERSIONS = "mlflow.modelVersions"


def create_version(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("name", "source")
    source, run_id, model_id = asked.text("source"), asked.text("run_id"), asked.text("model_id")
    model = find(context, asked.text("name"))
    logged = logged_model_calls.find(context, model_id) if model_id else None
    of_run = run_id or (logged.run_uid if logged else "")
    with context.workspace.read() as session:
        head = db.told_runs.head(session, of_run) if of_run else None
        run = db.told_runs.told(session, [head.id])[0] if head else None
    files = _files(context, source, shapes.info(run)["artifact_uri"] if run and run_id else "", model_id)
    facts = {"source": source, "run_link": asked.text("run_link"), "model_id": model_id}
    values = {
        "run_id": run.id if run else 0,
        "run_uid": of_run[:32],
        "run_name": run.name if run else "",
        "experiment": run.experiment if run else "",
        "note": asked.text("description"),
        "tags": dict(asked.pairs("tags")),
        "metrics": {name: value for name, value, *_ in run.metrics if value is not None} if run else {},
    }
    version = from_clients.keep(context, model, files, facts, values)
    if logged is not None:
        _note_version(context, asked, logged.tags, version)
    return {"model_version": shown_version(version, name_of(model))}


def _files(context: Context, source: str, of_run: str, model_id: str) -> Path | None:
    """The folder that a source names, where this server keeps it; None where it is elsewhere. Raises MlflowError."""
    scheme, colon, rest = source.partition(":")
    if not colon or scheme in ("file", ""):
        _check_local(context, source, of_run, model_id)
    elif scheme == "models":
        source = _of_model(context, rest.strip("/"))
    elif scheme == "runs":
        source = f"{of_run}/{rest.strip('/').partition('/')[2]}"
    try:
        place = of_uri(context, source, "").path
    except MlflowError:
        if source.startswith(shapes.PROXIED):
            raise
        return None
    return place if place.is_dir() else None


def _of_model(context: Context, key: str) -> str:
    return str(logged_model_calls.shown(context, logged_model_calls.find(context, key))["info"]["artifact_uri"])


def _check_local(context: Context, source: str, of_run: str, model_id: str) -> None:
    """A folder may be one of the run's or of the logged model's. Raises MlflowError for another."""
    folder = local(source)
    for uri in (of_run, _of_model(context, model_id) if model_id else ""):
        owned = local(uri)
        if folder is not None and owned is not None and folder.is_relative_to(owned):
            return
    what = "model_id" if model_id else "run_id"
    raise MlflowError(
        f"Invalid model version source: '{source}'. To use a local path as a model version source, the {what} "
        "request parameter has to be specified and the local path has to be contained within the artifact "
        f"directory of the run specified by the {what}."
    )


def _note_version(context: Context, asked: Asked, tags: dict[str, Any], version: VersionRecord) -> None:
    """On the logged model that it is made of, as clients read it there."""
    known = json.loads(str(tags.get(_MODEL_VERSIONS, "[]")))
    listed = json.dumps([*known, {"name": asked.text("name"), "version": version.number}])
    one = {"key": _MODEL_VERSIONS, "value": listed}
    logged_model_calls.set_tags(context, Asked({"model_id": asked.text("model_id"), "tags": [one]}))
