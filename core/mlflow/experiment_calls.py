"""Calls about experiments."""

import posixpath
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.common.context import Context
from core.common.errors import NotFoundError, StateError
from core.mlflow import shapes
from core.mlflow.asked import Asked
from core.mlflow.entity_rules import (
    MOST_EXPERIMENT_TAG,
    check_experiment_id,
    check_experiment_name,
    check_length,
    check_tag,
)
from core.mlflow.filter_grammar import Language, ordered, parsed
from core.mlflow.matching_values import Values, matches, paged, sort
from core.mlflow.mlflow_error import EXISTS, INVALID, MISSING, STATE, MlflowError
from core.runs import experiment_changes as experiments
from core.runs.queueing import DEFAULT_EXPERIMENT
from db.experiments import ExperimentRecord
from db.run_filters import Order

_LANGUAGE = Language(
    numbers=("creation_time", "last_update_time"),
    strings=("name", "experiment_id"),
    entities=("attribute", "tag"),
)
_NEWEST_FIRST = (Order("attribute", "creation_time", True), Order("attribute", "number"))
MOST_LISTED = 50_000
VIEWS = {"ACTIVE_ONLY": False, "DELETED_ONLY": True, "ALL": None}  # whether what is asked for is in the trash


def view(asked: Asked, name: str) -> bool | None:
    """Whether what is in the trash is asked for; either when None."""
    value = asked.fields.get(name)
    if isinstance(value, int) and 1 <= value <= 3:  # as protobuf numbers them
        return tuple(VIEWS.values())[value - 1]
    text = asked.text(name, "ACTIVE_ONLY").upper()
    if text not in VIEWS:
        raise MlflowError(f"Invalid value '{text[:50]}' for parameter '{name}'. Accepted are {', '.join(VIEWS)}.")
    return VIEWS[text]


def find(context: Context, text: str) -> ExperimentRecord:
    """By the id that clients know. Raises MlflowError."""
    if not text.removeprefix("-").isdecimal():
        check_experiment_id(text)
    if text == shapes.DEFAULT_ID:
        return default(context)
    if not text.isascii() or not text.isdecimal():
        raise MlflowError(f"No Experiment with id={text} exists", MISSING)
    try:
        return experiments.get(context, int(text))
    except NotFoundError as error:
        raise MlflowError(f"No Experiment with id={text} exists", MISSING) from error


def default(context: Context) -> ExperimentRecord:
    """The one that clients take who name none."""
    found = experiments.named(context, DEFAULT_EXPERIMENT)
    if found is not None:
        return found
    try:
        return experiments.create(context, DEFAULT_EXPERIMENT, root=_root(context))
    except StateError:  # somebody else was quicker
        return default(context)


def create(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("name")
    name, place, tags = asked.text("name"), asked.text("artifact_location"), dict(asked.pairs("tags"))
    check_experiment_name(name)
    for key, value in tags.items():
        check_tag(key, value, most=MOST_EXPERIMENT_TAG)
    default(context)
    try:
        made = experiments.create(context, shapes.our_name(name), _location(place), tags, _root(context))
    except StateError as error:
        raise MlflowError(f"Experiment(name={name}) already exists.", EXISTS) from error
    return {"experiment_id": str(made.id)}


def _root(context: Context) -> str:
    return context.workspace.settings.mlflow_artifact_root


def _location(place: str) -> str:
    """A path is one of this host; an address stays what it is."""
    check_length("artifact_location", 2048, place)
    if not place:
        return ""
    parts = urlsplit(place)
    if parts.fragment or ";" in posixpath.basename(parts.path):
        raise MlflowError("'artifact_location' URL can't include fragments or params.")
    if ".." in parts.query:
        raise MlflowError("Invalid query string: it must not contain '..'")
    return place if parts.scheme else str(Path.cwd() / place)


def get(context: Context, asked: Asked) -> dict[str, Any]:
    return {"experiment": shapes.experiment(find(context, asked.needed("experiment_id")))}


def by_name(context: Context, asked: Asked) -> dict[str, Any]:
    name = asked.needed("experiment_name")
    found = default(context) if name == shapes.DEFAULT_NAME else experiments.named(context, shapes.our_name(name))
    if found is None:
        raise MlflowError(f"Could not find experiment with name '{name}'", MISSING)
    return {"experiment": shapes.experiment(found)}


def update(context: Context, asked: Asked) -> dict[str, Any]:
    found, name = find(context, asked.needed("experiment_id")), asked.needed("new_name")
    check_experiment_name(name)
    if found.deleted_at is not None:
        raise MlflowError("Cannot rename a non-active experiment.", STATE)
    try:
        experiments.rename(context, found.id, shapes.our_name(name))
    except StateError as error:
        raise MlflowError(f"Experiment(name={name}) already exists.", EXISTS) from error
    return {}


def delete(context: Context, asked: Asked) -> dict[str, Any]:
    found = find(context, asked.needed("experiment_id"))
    if found.name == DEFAULT_EXPERIMENT:
        raise MlflowError("Cannot delete the default experiment '0'. This is an internally reserved resource.", INVALID)
    _active(found)
    experiments.trash(context, found.id)
    return {}


def restore(context: Context, asked: Asked) -> dict[str, Any]:
    found = find(context, asked.needed("experiment_id"))
    if found.deleted_at is None:
        raise MlflowError(f"The experiment {found.id} must be in the 'deleted' state. Current state is active.")
    experiments.restore(context, found.id)
    return {}


def set_tag(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("experiment_id", "key")
    found, key, value = find(context, asked.text("experiment_id")), asked.text("key"), asked.text("value")
    check_tag(key, value, most=MOST_EXPERIMENT_TAG)
    _active(found)
    experiments.put_tags(context, found.id, {key: value})
    return {}


def delete_tag(context: Context, asked: Asked) -> dict[str, Any]:
    asked.need("experiment_id", "key")
    found, key = find(context, asked.text("experiment_id")), asked.text("key")
    _active(found)
    if key not in found.tags:
        raise MlflowError(f"No tag with name: {key} in experiment with ID {found.id}", MISSING)
    experiments.put_tags(context, found.id, {}, [key])
    return {}


def _active(found: ExperimentRecord) -> None:
    if found.deleted_at is not None:
        raise MlflowError(f"The experiment {found.id} must be in the 'active' state. Current state is deleted.")


def search(context: Context, asked: Asked) -> dict[str, Any]:
    most = asked.at_most("max_results", 1000, MOST_LISTED)
    trashed, node = view(asked, "view_type"), parsed(asked.text("filter"), _LANGUAGE)
    order = ordered(asked.texts("order_by"), _LANGUAGE) or _NEWEST_FIRST
    default(context)
    among = [each for each in experiments.every(context) if trashed in (None, each.deleted_at is not None)]
    found = sort([each for each in among if matches(node, _values(each))], order, _values)
    page, token = paged(found, asked.text("page_token"), most)
    return {
        "experiments": [shapes.experiment(each) for each in page],
        **({"next_page_token": token} if token else {}),
    }


def _values(found: ExperimentRecord) -> Values:
    shown = shapes.experiment(found)
    numbers = {"creation_time": found.created_at * 1000, "last_update_time": shown["last_update_time"]}
    return Values({**shown, **numbers, "number": -found.id}, found.tags)
