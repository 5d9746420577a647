"""Our runs and experiments in the shapes that MLflow's clients read."""

import json
import math
import sys
from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from pydantic_core import to_json

from core.common.errors import NotFoundError
from core.runs.queueing import DEFAULT_EXPERIMENT
from db.experiments import ExperimentRecord
from db.run_matching import STATUSES
from db.told_runs import ToldRun

DEFAULT_ID, DEFAULT_NAME = "0", "Default"  # theirs, of the experiment that we call by another name
_FAR = sys.float_info.max
PROXIED = "mlflow-artifacts:"
RUN_NAME, USER, NOTE, PARENT = "mlflow.runName", "mlflow.user", "mlflow.note.content", "mlflow.parentRunId"


quoted = encode_basestring  # a text as JSON


class Written(NamedTuple):
    """An answer that is JSON already."""

    text: str


def millis(seconds: float) -> int:
    return round(seconds * 1000) if math.isfinite(seconds) else 0


def number(value: float | None) -> float | str:
    """As protobuf has it in JSON, which knows neither NaN nor infinities. None is NaN."""
    if value is None or math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def experiment_name(name: str) -> str:
    return DEFAULT_NAME if name == DEFAULT_EXPERIMENT else name


def our_name(name: str) -> str:
    return DEFAULT_EXPERIMENT if name == DEFAULT_NAME else name


def experiment_id(key: int, name: str) -> str:
    return DEFAULT_ID if name == DEFAULT_EXPERIMENT else str(key)


def location(experiment: int, told: str) -> str:
    """Where the files of an experiment are; ours unless its maker said another place."""
    return told or f"{PROXIED}/{experiment}"


def run_location(experiment: int, told: str, run: str) -> str:
    return below(location(experiment, told), f"{run}/artifacts")


def below(address: str, path: str) -> str:
    """An address with a path at the end of its own, before its query."""
    start, mark, query = address.partition("?") if "://" in address else (address, "", "")
    return f"{start.rstrip('/')}/{path}{mark}{query}"


def experiment(found: ExperimentRecord) -> dict[str, Any]:
    updated = found.created_at if found.updated_at is None else found.updated_at
    return {
        "experiment_id": experiment_id(found.id, found.name),
        "name": experiment_name(found.name),
        "artifact_location": location(found.id, found.artifact_location),
        "lifecycle_stage": "active" if found.deleted_at is None else "deleted",
        "creation_time": millis(found.created_at),
        "last_update_time": millis(updated),
        "tags": pairs(found.tags.items()),
    }


def pairs(items: Any) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in items]


def info(run: ToldRun) -> dict[str, Any]:
    ended = {} if run.finished_at is None else {"end_time": millis(run.finished_at)}
    return {
        "run_id": run.uid,
        "run_uuid": run.uid,
        "run_name": run.tags.get(RUN_NAME, run.name),
        "experiment_id": experiment_id(run.experiment_id, run.experiment),
        "user_id": run.tags.get(USER, run.created_by),
        "status": STATUSES.get(run.state, "RUNNING"),
        "start_time": millis(run.created_at),
        **ended,
        "artifact_uri": run_location(run.experiment_id, run.artifact_location, run.uid),
        "lifecycle_stage": "active" if run.trashed_at is None else "deleted",
    }


def run(found: ToldRun) -> str:
    """As JSON, written part by part: a search tells of thousands of values, and objects of each would take longer."""
    tags = {RUN_NAME: found.name, **found.tags}
    if found.notes:
        tags.setdefault(NOTE, found.notes)
    told = ",".join([f'{{"key":{quoted(key)},"value":{quoted(value)}}}' for key, value in tags.items()])
    data = f'"data":{{"metrics":{_metrics(found)},"params":{found.params},"tags":[{told}]}}'
    return f'{{"info":{to_json(info(found)).decode()},{data},{_linked(found)}}}'


def _metrics(found: ToldRun) -> str:
    told = [
        {"key": name, "value": math.nan if value is None else value, "timestamp": millis(at), "step": step}
        for name, value, at, step in found.metrics
    ]
    return to_json(told, inf_nan_mode="strings").decode()


def _linked(found: ToldRun) -> str:
    """Its data sets and models; most have none."""
    if not found.inputs and not found.models:
        return '"inputs":{"dataset_inputs":[],"model_inputs":[]},"outputs":{"model_outputs":[]}'
    models = [{"model_id": key} for key, role, _ in found.models if role == "input"]
    inputs = {"dataset_inputs": [told for *_, told in found.inputs], "model_inputs": models}
    outputs = [{"model_id": key, "step": step} for key, role, step in found.models if role == "output"]
    return f'"inputs":{json.dumps(inputs)},"outputs":{json.dumps({"model_outputs": outputs})}'


def only(found: Sequence[ToldRun], run_id: str) -> ToldRun:
    """Raises NotFoundError."""
    if not found:
        raise NotFoundError(f"Run with id={run_id} not found")
    return found[0]
