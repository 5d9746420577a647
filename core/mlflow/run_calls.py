"""Calls about runs as a whole."""

import math
import secrets
import time
import uuid
from typing import Any

import db.told_runs
from core.common.context import Context
from core.mlflow import shapes
from core.mlflow.asked import Asked
from core.mlflow.entity_rules import check_tag
from core.mlflow.experiment_calls import find as find_experiment
from core.mlflow.experiment_calls import view
from core.mlflow.filter_grammar import ordered, parsed
from core.mlflow.matching_values import offset_of, token_of
from core.mlflow.mlflow_error import MISSING, STATE, MlflowError
from core.mlflow.shapes import Written, quoted
from core.mlflow.tags_meant import facts_of, put_tags, short_line
from core.runs import labels, logged, restore, trash
from db.records import RunState
from db.run_matching import matching
from db.told_runs import Head

_STATES = {
    "RUNNING": RunState.RUNNING,
    "SCHEDULED": RunState.RUNNING,  # somewhere else, which we know nothing of
    "FINISHED": RunState.FINISHED,
    "FAILED": RunState.FAILED,
    "KILLED": RunState.STOPPED,
}
_NUMBERED = tuple(_STATES[name] for name in ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"))
MOST_FOUND = 50_000
_ADJECTIVES = (
    "able",
    "bold",
    "calm",
    "eager",
    "fair",
    "gentle",
    "honest",
    "jovial",
    "kind",
    "lively",
    "merry",
    "quiet",
)
_NOUNS = ("bee", "cat", "crane", "deer", "fox", "hawk", "ibis", "koala", "lark", "mole", "newt", "owl", "seal", "wren")


def head(context: Context, run_id: str) -> Head:
    """Raises MlflowError: there is none."""
    with context.workspace.read() as session:
        found = db.told_runs.head(session, run_id)
    if found is None:
        raise MlflowError(f"Run with id={run_id} not found", MISSING)
    return found


def active(context: Context, run_id: str) -> Head:
    """One that is not in the trash. Raises MlflowError."""
    found = head(context, run_id)
    if found.trashed_at is not None:
        raise MlflowError(f"The run {run_id} must be in the 'active' state. Current state is deleted.")
    return found


def get(context: Context, asked: Asked) -> Written:
    return _told(_read(context, asked.run_id()))


def _told(run: db.told_runs.ToldRun) -> Written:
    return Written(f'{{"run":{shapes.run(run)}}}')


def _read(context: Context, run_id: str) -> db.told_runs.ToldRun:
    key = head(context, run_id).id
    with context.workspace.read() as session:
        return shapes.only(db.told_runs.told(session, [key]), run_id)


def create(context: Context, asked: Asked) -> Written:
    experiment = find_experiment(context, asked.text("experiment_id") or shapes.DEFAULT_ID)
    if experiment.deleted_at is not None:
        raise MlflowError(f"The experiment {experiment.id} must be in the 'active' state. Current state is deleted.")
    tags, began = dict(asked.pairs("tags")), asked.whole("start_time") / 1000
    for key, value in tags.items():
        check_tag(key, value)
    name, tagged = asked.text("run_name"), tags.get(shapes.RUN_NAME, "")
    if name and tagged and name != tagged:
        raise MlflowError(
            "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
            f"(run_name='{name}', mlflow.runName='{tagged}')."
        )
    name = name or tagged or _random_name()
    parent = tags.get(shapes.PARENT, "")
    with context.workspace.read() as session:
        above = db.told_runs.head(session, parent) if parent else None
    run = logged.begin(
        context,
        logged.Logged(
            name=short_line(name),
            experiment_id=experiment.id,
            experiment=experiment.name,
            keyed_tags={**tags, shapes.RUN_NAME: name},
            notes=tags.get(shapes.NOTE, "")[: labels.MAX_NOTES],
            created_by=tags.get(shapes.USER) or asked.text("user_id") or "unknown",
            uid=uuid.uuid4().hex,
            began_at=began or time.time(),
            facts=facts_of(tags),
            parent_id=above.id if above else None,
        ),
    )
    return _told(_read(context, run.uid))


def _random_name() -> str:
    return f"{secrets.choice(_ADJECTIVES)}-{secrets.choice(_NOUNS)}-{secrets.randbelow(1000)}"


def update(context: Context, asked: Asked) -> dict[str, Any]:
    run_id = asked.run_id()
    state, name = _state(asked), asked.text("run_name")
    ended = asked.whole("end_time") / 1000 if asked.has("end_time") else None
    found = active(context, run_id)
    if name:
        put_tags(context, found.id, {shapes.RUN_NAME: name})
    if state is not None or ended is not None:
        then = state or RunState(found.state)
        logged.end(context, found.id, then, at=ended if ended and math.isfinite(ended) else None)
    return {"run_info": shapes.info(_read(context, run_id))}


def _state(asked: Asked) -> RunState | None:
    value = asked.fields.get("status")
    if isinstance(value, int) and 1 <= value <= len(_NUMBERED):  # as protobuf numbers them
        return _NUMBERED[value - 1]
    text = asked.text("status")
    if text and text not in _STATES:
        raise MlflowError(f"Invalid value '{text[:50]}' for parameter 'status'. Accepted are {', '.join(_STATES)}.")
    return _STATES[text] if text else None


def delete(context: Context, asked: Asked) -> dict[str, Any]:
    found = active(context, asked.run_id())
    if not trash(context, [found.id])[0]:
        raise MlflowError(f"Run {asked.run_id()} is being executed by Traindeck. Stop it first.", STATE)
    return {}


def restore_run(context: Context, asked: Asked) -> dict[str, Any]:
    run_id = asked.run_id()
    found = head(context, run_id)
    if found.trashed_at is None:
        raise MlflowError(f"The run {run_id} must be in the 'deleted' state. Current state is active.")
    if not restore(context, [found.id]):
        raise MlflowError(f"Run {run_id} is being deleted for good; its files are gone or going.", STATE)
    return {}


def search(context: Context, asked: Asked) -> Written:
    most, offset = _most(asked), offset_of(asked.text("page_token"))
    node, order = parsed(asked.text("filter")), ordered(asked.texts("order_by"))
    trashed = view(asked, "run_view_type")
    keys = [_key(context, text) for text in asked.texts("experiment_ids")]
    among = [key for key in keys if key is not None]
    with context.workspace.read() as session:
        found = matching(session, among, node, order, trashed=trashed, offset=offset, limit=most + 1)
        runs = db.told_runs.told(session, found[:most])
    following = f',"next_page_token":{quoted(token_of(offset + most))}' if len(found) > most else ""
    return Written(f'{{"runs":[{",".join([shapes.run(run) for run in runs])}]{following}}}')


def _key(context: Context, text: str) -> int | None:
    if text == shapes.DEFAULT_ID:
        return find_experiment(context, text).id
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _most(asked: Asked) -> int:
    most = asked.whole("max_results", 1000)
    if not 0 < most <= MOST_FOUND:
        raise MlflowError(
            f"Invalid value {most} for parameter 'max_results' supplied: must be between 1 and {MOST_FOUND}."
        )
    return most
