"""Calls about data sets for evaluations: named records of inputs and what is expected of them."""

import hashlib
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import db.evaluation_sets
import db.experiments
from core.common.context import Context
from core.mlflow import shapes
from core.mlflow.asked import Asked, invalid
from core.mlflow.entity_rules import MOST_TAG, check_length
from core.mlflow.experiment_calls import find as find_experiment
from core.mlflow.filter_grammar import Language, ordered, parsed
from core.mlflow.matching_values import Values, matches, offset_of, paged, sort, token_of
from core.mlflow.mlflow_error import MISSING, MlflowError
from core.runs.permissions import Action, require
from db.evaluation_sets import EvaluationSetRecord, KeptRecord

_LANGUAGE = Language(
    numbers=("created_time", "last_update_time"),
    strings=("name", "dataset_id", "created_by", "last_updated_by", "digest"),
    entities=("attribute", "tag"),
)
_USER = "mlflow.user"
_SENT = ("inputs", "outputs", "expectations", "tags", "source")
_MERGED = ("expectations", "tags")
MOST_LISTED, MOST_RECORDS = 1000, 1000


def find(context: Context, asked: Asked) -> EvaluationSetRecord:
    """Raises MlflowError."""
    key = asked.needed("dataset_id")
    with context.workspace.read() as session:
        found = db.evaluation_sets.find(session, key)
    if found is None:
        raise MlflowError(f"Evaluation dataset with ID '{key}' not found", MISSING)
    return found


def _shown(context: Context, found: EvaluationSetRecord) -> dict[str, Any]:
    known = {}
    with context.workspace.read() as session:
        for key in found.experiments:
            experiment = db.experiments.find(session, key)
            if experiment is not None:
                known[key] = shapes.experiment_id(key, experiment.name)
    profile = {"profile": json.dumps({"num_records": found.records})} if found.records else {}
    return {
        "dataset_id": found.id,
        "name": found.name,
        "digest": found.digest,
        "tags": json.dumps(found.tags),
        "created_time": shapes.millis(found.created_at),
        "last_update_time": shapes.millis(found.updated_at),
        "created_by": found.created_by,
        "last_updated_by": found.updated_by,
        "experiment_ids": list(known.values()),
        **({"schema": json.dumps(found.schema)} if found.schema else {}),
        **profile,
    }


def create(context: Context, asked: Asked) -> dict[str, Any]:
    name, tags, now = asked.needed("name"), _tags(asked), time.time()
    check_length("name", 255, name)
    experiments = [find_experiment(context, text).id for text in asked.texts("experiment_ids")]
    user = str(tags.get(_USER, ""))
    found = EvaluationSetRecord(
        id=f"d-{uuid.uuid4().hex}",
        name=name,
        digest=_digest(name, now),
        created_at=now,
        updated_at=now,
        created_by=user,
        updated_by=user,
        tags=tags,
        experiments=list(dict.fromkeys(experiments)),
    )
    require(context, Action.REPORT)
    with context.workspace.write() as session:
        db.evaluation_sets.add(session, found)
    return {"dataset": _shown(context, found)}


def _digest(name: str, now: float) -> str:
    return hashlib.sha256(f"{name}:{now}".encode()).hexdigest()[:8]


def _tags(asked: Asked) -> dict[str, str]:
    found = _sent(asked, "tags", dict) if asked.text("tags") else {}
    tags = {key: value if isinstance(value, str) else json.dumps(value) for key, value in found.items()}
    for key, value in tags.items():
        check_length("key", 255, key)
        check_length("value", MOST_TAG, value)
    return tags


def _sent(asked: Asked, name: str, kind: type) -> Any:
    """JSON within a text. Raises MlflowError: it is none, or no object or list as it should be."""
    try:
        found = json.loads(asked.needed(name))
    except (ValueError, RecursionError) as error:
        raise invalid(name, asked.text(name), "It is no JSON.") from error
    if not isinstance(found, kind):
        raise invalid(name, found, f"It must be {'an object' if kind is dict else 'a list'}.")
    return found


def get(context: Context, asked: Asked) -> dict[str, Any]:
    return {"dataset": _shown(context, find(context, asked))}


def delete(context: Context, asked: Asked) -> dict[str, Any]:
    found = find(context, asked)
    require(context, Action.DELETE)
    with context.workspace.write() as session:
        db.evaluation_sets.remove(session, found.id)
    return {}


def search(context: Context, asked: Asked) -> dict[str, Any]:
    most, node = asked.at_most("max_results", MOST_LISTED, MOST_LISTED), parsed(asked.text("filter_string"), _LANGUAGE)
    order = ordered(asked.texts("order_by"), _LANGUAGE)
    wanted = {find_experiment(context, text).id for text in asked.texts("experiment_ids")}
    with context.workspace.read() as session:
        found = db.evaluation_sets.every(session)
    among = [each for each in found if (not wanted or wanted & set(each.experiments)) and matches(node, _values(each))]
    page, token = paged(sort(among, order, _values), asked.text("page_token"), most)
    return {
        "datasets": [_shown(context, each) for each in page],
        **({"next_page_token": token} if token else {}),
    }


def _values(found: EvaluationSetRecord) -> Values:
    times = {"created_time": shapes.millis(found.created_at), "last_update_time": shapes.millis(found.updated_at)}
    people = {"created_by": found.created_by or None, "last_updated_by": found.updated_by or None}
    return Values({"name": found.name, "dataset_id": found.id, "digest": found.digest, **times, **people}, found.tags)


def set_tags(context: Context, asked: Asked) -> dict[str, Any]:
    new = _sent(asked, "tags", dict)
    return _changed(context, asked, lambda found: {"tags": {**found.tags, **_tags(Asked({"tags": json.dumps(new)}))}})


def delete_tag(context: Context, asked: Asked) -> dict[str, Any]:
    key = asked.needed("key")
    return _changed(
        context, asked, lambda found: {"tags": {name: value for name, value in found.tags.items() if name != key}}
    )


def _changed(context: Context, asked: Asked, change: Callable[[EvaluationSetRecord], dict[str, Any]]) -> dict[str, Any]:
    find(context, asked)
    require(context, Action.REPORT)
    with context.workspace.write() as session:
        found = db.evaluation_sets.find(session, asked.text("dataset_id"))
        if found is not None:
            db.evaluation_sets.change(session, found.id, updated_at=time.time(), **change(found))
    return get(context, asked)


def experiment_ids(context: Context, asked: Asked) -> dict[str, Any]:
    return {"experiment_ids": _shown(context, find(context, asked))["experiment_ids"]}


def add_experiments(context: Context, asked: Asked) -> dict[str, Any]:
    find(context, asked)
    new = [find_experiment(context, text).id for text in asked.texts("experiment_ids")]
    return _changed(context, asked, lambda found: {"experiments": list(dict.fromkeys([*found.experiments, *new]))})


def remove_experiments(context: Context, asked: Asked) -> dict[str, Any]:
    find(context, asked)
    gone = {find_experiment(context, text).id for text in asked.texts("experiment_ids")}
    return _changed(
        context, asked, lambda found: {"experiments": [key for key in found.experiments if key not in gone]}
    )


def put_records(context: Context, asked: Asked) -> dict[str, Any]:
    """Those of inputs that are known are brought up to date."""
    found, sent, now = find(context, asked), _sent(asked, "records", list), time.time()
    for each in sent:
        if not isinstance(each, dict) or not isinstance(each.get("inputs", {}), dict):
            raise invalid("records", each, "A record is an object, and so are its inputs.")
    hashes = [hashlib.sha256(json.dumps(each.get("inputs", {}), sort_keys=True).encode()).hexdigest() for each in sent]
    user = next((tags[_USER] for each in sent if isinstance(tags := each.get("tags"), dict) and _USER in tags), "")
    require(context, Action.REPORT)
    with context.workspace.write() as session:
        known = db.evaluation_sets.by_inputs(session, found.id, hashes)
        kept, before = dict(known), set(known)
        updated = 0
        for inputs, each in zip(hashes, sent, strict=True):
            updated += inputs in kept
            kept[inputs] = _merged(kept.get(inputs), each, now)
        db.evaluation_sets.put(session, found.id, kept)
        values = {"updated_at": now, "digest": _digest(found.name, now), "schema": _schema(found.schema, sent)}
        db.evaluation_sets.change(session, found.id, updated_by=str(user), **values)
    return {"inserted_count": len(set(kept) - before), "updated_count": updated}


def _merged(known: KeptRecord | None, sent: dict[str, Any], now: float) -> KeptRecord:
    told = {name: sent[name] for name in _SENT if sent.get(name) is not None}
    if known is None:
        return KeptRecord(f"dr-{uuid.uuid4().hex}", now, now, {"inputs": {}, **told})
    both = {
        name: {**known.told.get(name, {}), **told[name]}
        for name in _MERGED
        if isinstance(told.get(name), dict) and isinstance(known.told.get(name, {}), dict)
    }
    return KeptRecord(known.id, known.created_at, now, {**known.told, **told, **both})


def _schema(known: dict[str, Any], sent: list[dict[str, Any]]) -> dict[str, Any]:
    """What each field of the parts of records is, by the name of its type in JSON's Python."""
    schema: dict[str, Any] = {part: dict(known.get(part, {})) for part in ("inputs", "outputs", "expectations")}
    for each in sent:
        for part, fields in schema.items():
            value = each.get(part)
            if isinstance(value, dict):
                fields.update({key: type(one).__name__ for key, one in value.items() if key not in fields})
    return schema


def records(context: Context, asked: Asked) -> dict[str, Any]:
    found, most = find(context, asked), asked.at_most("max_results", MOST_RECORDS, MOST_RECORDS)
    offset = offset_of(asked.text("page_token"))
    with context.workspace.read() as session:
        page = db.evaluation_sets.records(session, found.id, offset, most + 1)
    told = [
        {
            "dataset_record_id": each.id,
            "dataset_id": found.id,
            "created_time": shapes.millis(each.created_at),
            "last_update_time": shapes.millis(each.updated_at),
            **each.told,
        }
        for each in page[:most]
    ]
    following = {"next_page_token": token_of(offset + most)} if len(page) > most else {}
    return {"records": json.dumps(told), **following}


def drop_records(context: Context, asked: Asked) -> dict[str, Any]:
    found, ids = find(context, asked), asked.texts("dataset_record_ids")
    require(context, Action.DELETE)
    with context.workspace.write() as session:
        return {"deleted_count": db.evaluation_sets.drop(session, found.id, ids)}
