"""Calls about what a run takes and makes: data sets and models."""

from typing import Any

import db.logged_models
from core.common.context import Context
from core.mlflow import shapes
from core.mlflow.asked import Asked
from core.mlflow.entity_rules import MOST_ENTITIES, check_length
from core.mlflow.experiment_calls import find as find_experiment
from core.mlflow.mlflow_error import MlflowError
from core.mlflow.run_calls import active
from core.runs import logged
from core.runs.permissions import Action, require

_CONTEXT = "mlflow.data.context"
_MOST = {"name": 500, "digest": 36, "source": 65_535, "schema": 1_048_575, "profile": 16_777_215}  # characters
_MOST_EXPERIMENTS = 20


def log_inputs(context: Context, asked: Asked) -> dict[str, Any]:
    run_id = asked.run_id()
    data_sets, models = asked.entries("datasets"), asked.entries("models")
    if len(data_sets) > MOST_ENTITIES:
        raise MlflowError(
            f"A batch logging request can contain at most {MOST_ENTITIES} datasets. Got {len(data_sets)}."
        )
    described = [_described(each) for each in data_sets]
    keys = [(each.needed("model_id"), 0) for each in models]
    found = active(context, run_id)
    require(context, Action.REPORT)
    with context.workspace.write() as session:
        db.logged_models.put_inputs(session, found.id, described)
        db.logged_models.put_models(session, found.id, "input", keys)
    logged.hear(context, found.id)
    return {}


def _described(asked: Asked) -> tuple[str, str, str, dict[str, Any]]:
    data_set, tags = asked.within("dataset"), asked.pairs("tags")
    data_set.need("name", "digest", "source_type", "source")
    fields = {name: data_set.text(name) for name in ("name", "digest", "source_type", "source")}
    fields |= {name: data_set.text(name) for name in ("schema", "profile") if data_set.has(name)}
    for name, most in _MOST.items():
        check_length(name, most, fields.get(name, ""))
    for key, value in tags:
        check_length("key", 255, key)
        check_length("value", 500, value)
    shown = {"dataset": fields, "tags": shapes.pairs(tags)}
    return fields["name"], fields["digest"], dict(tags).get(_CONTEXT, ""), shown


def log_outputs(context: Context, asked: Asked) -> dict[str, Any]:
    run_id = asked.run_id()
    asked.need("models")
    keys = [(each.needed("model_id"), each.whole("step")) for each in asked.entries("models")]
    found = active(context, run_id)
    require(context, Action.REPORT)
    with context.workspace.write() as session:
        db.logged_models.put_models(session, found.id, "output", keys)
    logged.hear(context, found.id)
    return {}


def search_data_sets(context: Context, asked: Asked) -> dict[str, Any]:
    experiments = asked.texts("experiment_ids")
    if not experiments:
        raise MlflowError("SearchDatasets request must specify at least one experiment_id.")
    if len(experiments) > _MOST_EXPERIMENTS:
        raise MlflowError(
            f"SearchDatasets request cannot specify more than {_MOST_EXPERIMENTS} experiment_ids. "
            f"Received {len(experiments)} experiment_ids."
        )
    summaries = []
    for text in experiments:
        key = find_experiment(context, text).id
        with context.workspace.read() as session:
            found = db.logged_models.data_sets_of(session, key)
        summaries += [
            {"experiment_id": text, "name": name, "digest": digest, **({"context": use} if use else {})}
            for name, digest, use in found
        ]
    return {"dataset_summaries": summaries}
