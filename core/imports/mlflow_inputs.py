"""What MLflow's server tells of a run beside its values: data sets that it read, models that it took or made."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from core.common.errors import DataError
from core.imports.found_run import MOST_BYTES, MOST_FILES, FoundFile, FoundRun, NamedData, NamedModel

_MOST_NAMED = 1000  # data sets, and models, of a run
# Of a data set, with the most characters.
DATA_FIELDS = {"name": 500, "digest": 36, "source_type": 500, "source": 65_535, "schema": 2**20, "profile": 2**24}
_CONTEXT = "mlflow.data.context"
_STATES = ("LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED")

Ask = Callable[[str], dict[str, Any]]  # raises DataError


def take_data_sets(found: FoundRun, run: dict[str, Any]) -> None:
    for told in dicts(_dict(run, "inputs").get("dataset_inputs")):
        given = _dict(told, "dataset")
        fields = {name: str(given[name]) for name in DATA_FIELDS if given.get(name) is not None}
        tags = pairs(told.get("tags"))
        is_long = any(len(text) > DATA_FIELDS[name] for name, text in fields.items())
        if not fields.get("name") or not fields.get("digest") or is_long or len(found.data_sets) >= _MOST_NAMED:
            found.left_out["data sets that runs name, without a name or digest, or too long to keep"] += 1
            continue
        shown = {"dataset": fields, "tags": [{"key": key, "value": value} for key, value in tags.items()]}
        found.data_sets.append(NamedData(fields["name"], fields["digest"], tags.get(_CONTEXT, "")[:500], shown))


def take_models(found: FoundRun, run: dict[str, Any], ask: Ask, files_of: Callable[[str], Iterator[FoundFile]]) -> None:
    """Each with its files, which lie with it and not with the run.

    Args:
        ask: a logged model's description, by its id.
        files_of: what lies at an address, with paths below it; raises DataError where the server does not give it.
    """
    for part, name, role in (("inputs", "model_inputs", "input"), ("outputs", "model_outputs", "output")):
        for told in dicts(_dict(run, part).get(name)):
            key = str(told.get("model_id") or "")
            if not re.fullmatch(r"m-[0-9a-f]{32}", key) or len(found.models) >= _MOST_NAMED:
                found.left_out["logged models of which the id is none"] += 1
                continue
            try:
                info = _dict(ask(key), "model")
            except DataError:
                found.left_out["logged models that the server does not tell"] += 1
                continue
            step = str(told.get("step") or 0)
            model = _model(key, role, int(step) if re.fullmatch(r"\d{1,18}", step) else 0, info)
            found.models.append(model)
            if role == "output":
                _take_files(found, model, str(_dict(info, "info").get("artifact_uri") or ""), files_of)


def _model(key: str, role: str, step: int, told: dict[str, Any]) -> NamedModel:
    info, data = _dict(told, "info"), _dict(told, "data")
    status = str(info.get("status"))
    return NamedModel(
        key, role, step, str(info.get("name") or key)[:500], str(info.get("model_type") or "")[:500],
        status if status in _STATES else _STATES[1], _seconds(info.get("creation_timestamp_ms")),
        _seconds(info.get("last_updated_timestamp_ms")), pairs(info.get("tags")), pairs(data.get("params")),
        [each for each in dicts(data.get("metrics")) if _is_measured(each)],
        made_by=str(info.get("source_run_id") or "")[:32],
    )  # fmt: skip


def _is_measured(told: dict[str, Any]) -> bool:
    try:
        return isinstance(told["key"], str) and float(told["value"]) is not None
    except (KeyError, TypeError, ValueError):
        return False


def _seconds(milliseconds: Any) -> float:
    return int(milliseconds) / 1000 if re.fullmatch(r"\d{1,20}", str(milliseconds)) else 0.0


def _take_files(found: FoundRun, model: NamedModel, uri: str, files_of: Callable[[str], Iterator[FoundFile]]) -> None:
    total = 0
    try:
        for file in files_of(uri):
            total += getattr(file.content, "size", 0)
            if len(model.files) >= MOST_FILES or total > MOST_BYTES:
                found.left_out["files of logged models past the most that one may bring"] += 1
            else:
                model.files.append(file)
    except DataError:
        found.left_out["logged models of which the server does not give the files"] += 1


def _dict(told: dict[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def dicts(listed: Any) -> list[dict[str, Any]]:
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def pairs(listed: Any) -> dict[str, str]:
    return {str(each["key"]): str(each.get("value") or "") for each in dicts(listed) if "key" in each}
