"""Calls about logged models: what MLflow's autologging keeps of each training, before anybody registers it."""

import secrets
import time
import uuid
from typing import Any

import db.experiments
import db.logged_models
from core.common.context import Context
from core.mlflow import shapes
from core.mlflow.asked import Asked
from core.mlflow.entity_rules import MOST_REGISTRY_TAG, check_length, check_param, check_tag
from core.mlflow.experiment_calls import find as find_experiment
from core.mlflow.filter_grammar import Language, identifier, parsed
from core.mlflow.matching_values import Values, matches, paged, sort
from core.mlflow.mlflow_error import MISSING, MlflowError
from core.runs.permissions import Action, require
from db.logged_models import LoggedModelRecord
from db.run_filters import Order

READY, PENDING, FAILED = "LOGGED_MODEL_READY", "LOGGED_MODEL_PENDING", "LOGGED_MODEL_UPLOAD_FAILED"
_STATUSES = (PENDING, READY, FAILED)
_LANGUAGE = Language(
    numbers=("creation_timestamp", "creation_time", "last_updated_timestamp"),
    strings=("name", "model_id", "model_type", "status", "source_run_id", "experiment_id"),
    entities=("attribute", "metric", "parameter", "tag"),
)
_FORBIDDEN = "/:.%\"'"
MOST_LISTED = 1000


def find(context: Context, key: str) -> LoggedModelRecord:
    """Raises MlflowError."""
    with context.workspace.read() as session:
        found = db.logged_models.find(session, key)
    if found is None:
        raise MlflowError(f"Logged model with ID '{key}' not found.", MISSING)
    return found


def shown(context: Context, model: LoggedModelRecord) -> dict[str, Any]:
    """In the shape that clients read."""
    with context.workspace.read() as session:
        experiment = db.experiments.find(session, model.experiment_id)
    name, place = (experiment.name, experiment.artifact_location) if experiment else ("", "")
    return {
        "info": {
            "model_id": model.id,
            "experiment_id": shapes.experiment_id(model.experiment_id, name),
            "name": model.name,
            "creation_timestamp_ms": shapes.millis(model.created_at),
            "last_updated_timestamp_ms": shapes.millis(model.updated_at),
            "artifact_uri": shapes.below(shapes.location(model.experiment_id, place), f"models/{model.id}/artifacts/"),
            "status": model.status,
            "model_type": model.type,
            "source_run_id": model.run_uid,
            "tags": shapes.pairs(model.tags.items()),
        },
        "data": {"params": shapes.pairs(model.params.items()), "metrics": model.metrics},
    }


def create(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("experiment_id")
    experiment = find_experiment(context, asked.text("experiment_id"))
    name = asked.text("name") or f"model-{secrets.token_hex(4)}"
    if any(character in _FORBIDDEN for character in name):
        raise MlflowError(
            f"Invalid model name ('{name}') provided. Model name must be a non-empty string and cannot contain the "
            f"following characters: {list(_FORBIDDEN)}"
        )
    check_length("name", 500, name)
    params, tags, now = _params(asked), _tags(asked), time.time()
    model = LoggedModelRecord(
        id=f"m-{uuid.uuid4().hex}",
        experiment_id=experiment.id,
        name=name,
        status=PENDING,
        created_at=now,
        updated_at=now,
        type=asked.text("model_type")[:500],
        run_uid=asked.text("source_run_id")[:32],
        tags=tags,
        params=params,
    )
    require(context, Action.REPORT)
    with context.workspace.write() as session:
        db.logged_models.add(session, model)
    return {"model": shown(context, model)}


def _params(asked: Asked) -> dict[str, str]:
    found = dict(asked.pairs("params"))
    for key, value in found.items():
        check_param(key, value)
    return found


def _tags(asked: Asked) -> dict[str, str]:
    found = dict(asked.pairs("tags"))
    for key, value in found.items():
        check_tag(key, value, most=MOST_REGISTRY_TAG)
    return found


def get(context: Context, asked: Asked) -> dict[str, Any]:
    return {"model": shown(context, find(context, asked.needed("model_id")))}


def finalize(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("model_id", "status")
    value = asked.fields["status"]
    status = _STATUSES[value - 1] if value in (1, 2, 3) else asked.text("status")
    if status not in _STATUSES:
        raise MlflowError(f"Invalid value '{status[:50]}' for parameter 'status'. Accepted are {', '.join(_STATUSES)}.")
    return _changed(context, asked.text("model_id"), status=status)


def _changed(context: Context, key: str, **values: Any) -> dict[str, Any]:
    find(context, key)
    require(context, Action.REPORT)
    with context.workspace.write() as session:
        db.logged_models.change(session, key, updated_at=time.time(), **values)
    return {"model": shown(context, find(context, key))}


def delete(context: Context, asked: Asked) -> dict[str, Any]:
    key = asked.needed("model_id")
    find(context, key)
    require(context, Action.DELETE)
    with context.workspace.write() as session:
        db.logged_models.change(session, key, deleted_at=time.time())
    return {}


def log_params(context: Context, asked: Asked) -> dict[str, Any]:
    model, params = find(context, asked.needed("model_id")), _params(asked)
    _changed(context, model.id, params={**model.params, **params})
    return {}


def set_tags(context: Context, asked: Asked) -> dict[str, Any]:
    model, tags = find(context, asked.needed("model_id")), _tags(asked)
    return _changed(context, model.id, tags={**model.tags, **tags})


def delete_tag(context: Context, asked: Asked) -> dict[str, Any]:
    model, key = find(context, asked.needed("model_id")), asked.needed("tag_key")
    if key not in model.tags:
        raise MlflowError(f"No tag with key {key!r} for model with ID {model.id!r}.", MISSING)
    _changed(context, model.id, tags={name: value for name, value in model.tags.items() if name != key})
    return {}


def search(context: Context, asked: Asked) -> dict[str, Any]:
    most, data_sets = asked.at_most("max_results", 50, MOST_LISTED), asked.entries("datasets")
    wanted = [(each.needed("dataset_name"), each.text("dataset_digest")) for each in data_sets]
    node = parsed(asked.text("filter"), _LANGUAGE)
    order = [_order(each) for each in asked.entries("order_by")]
    keys = [find_experiment(context, text).id for text in asked.texts("experiment_ids")]
    with context.workspace.read() as session:
        found = db.logged_models.of_experiments(session, keys)

    def values(model: LoggedModelRecord) -> Values:
        return _values(model, wanted)

    among = [each for each in found if matches(node, values(each)) and (not wanted or values(each).metrics)]
    page, token = paged(sort(among, order, values), asked.text("page_token"), most)
    return {
        "models": [shown(context, each) for each in page],
        **({"next_page_token": token} if token else {}),
    }


def _order(asked: Asked) -> Order:
    entity, key = identifier(asked.needed("field_name"), _LANGUAGE)
    return Order(entity, key, not asked.flag("ascending") if asked.has("ascending") else False)


def _values(model: LoggedModelRecord, data_sets: list[tuple[str, str]]) -> Values:
    """Metrics on one of the data sets only, where some are named."""
    metrics: dict[str, float] = {}
    for each in model.metrics:
        name, digest = each.get("dataset_name", ""), each.get("dataset_digest", "")
        if not data_sets or any(name == wanted and of in ("", digest) for wanted, of in data_sets):
            metrics[each["key"]] = float(each["value"])
    attributes = {
        "name": model.name,
        "model_id": model.id,
        "model_type": model.type or None,
        "status": model.status.removeprefix("LOGGED_MODEL_"),
        "source_run_id": model.run_uid or None,
        "experiment_id": str(model.experiment_id),
        "creation_timestamp": shapes.millis(model.created_at),
        "creation_time": shapes.millis(model.created_at),
        "last_updated_timestamp": shapes.millis(model.updated_at),
    }
    return Values(attributes, model.tags, model.params, metrics)
