"""Calls that log: metrics, params and tags of a run."""

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple

import db.keyed_tags
import db.points
import db.told_runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.mlflow.asked import LARGEST, SMALLEST, Asked
from core.mlflow.entity_rules import check_batch, check_metric, check_param, check_tag, check_unique, is_metric
from core.mlflow.logged_metrics import note_measured
from core.mlflow.mlflow_error import MISSING, MlflowError
from core.mlflow.run_calls import active
from core.mlflow.tags_meant import put_tags
from core.runs import logged
from core.runs.logged import ParamChangedError
from core.tracking.recorder import Recorder
from db.params import as_text

_MOST_RECORDERS = 200
_MODELS = "mlflow.log-model.history"


class Measured(NamedTuple):
    """A value of a metric; the time in milliseconds. `model`: of which logged model, on which data set."""

    key: str
    value: float
    timestamp: int
    step: int
    model: str = ""
    data_set: tuple[str, str] = ("", "")  # name, digest


class _Recorders:
    """Of the runs that were logged to last, so that each request need not read again what is stored."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int], Recorder] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, workspace: Workspace, run_id: int) -> Recorder:
        with self._lock:
            key = (id(workspace), run_id)
            if key not in self._kept:
                self._kept[key] = logged.recorder_of(workspace, run_id, highest=True)
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST_RECORDERS:
                self._kept.popitem(last=False)
            return self._kept[key]

    def forget(self, workspace: Workspace, run_id: int) -> None:
        with self._lock:
            self._kept.pop((id(workspace), run_id), None)


_RECORDERS = _Recorders()


def log_metric(context: Context, asked: Asked) -> dict[str, Any]:
    run_id = asked.run_id()
    _record(context, run_id, [_measured(asked, "")])
    return {}


def _measured(asked: Asked, path: str) -> Measured:
    asked.need("key", "value", "timestamp")
    key, value, at = asked.text("key"), asked.number("value"), asked.whole("timestamp")
    check_metric(key, at, path)
    data_set = (asked.text("dataset_name"), asked.text("dataset_digest"))
    return Measured(key, value, at, asked.whole("step"), asked.text("model_id"), data_set)


def _plain(fields: Any) -> Measured | None:
    """Of what has the types that clients send, and no model; None for the rest, which `_measured` reads or refuses."""
    if not isinstance(fields, dict) or fields.get("model_id") or fields.get("dataset_name"):
        return None
    key, value, at, step = fields.get("key"), fields.get("value"), fields.get("timestamp"), fields.get("step", 0)
    if not (type(key) is str and type(value) is float and type(at) is int and type(step) is int):
        return None
    if not (key and 0 <= at <= LARGEST and SMALLEST <= step <= LARGEST and is_metric(key)):
        return None
    return Measured(key, value, at, step)


def log_param(context: Context, asked: Asked) -> dict[str, Any]:
    run_id = asked.run_id()
    asked.need("key")
    _log_params(context, run_id, [(asked.text("key"), asked.text("value"))], "")
    return {}


def set_tag(context: Context, asked: Asked) -> dict[str, Any]:
    run_id = asked.run_id()
    asked.need("key")
    key, value = asked.text("key"), asked.text("value")
    check_tag(key, value)
    put_tags(context, active(context, run_id).id, {key: value})
    return {}


def delete_tag(context: Context, asked: Asked) -> dict[str, Any]:
    run_id, key = asked.run_id(), asked.needed("key")
    found = active(context, run_id)
    with context.workspace.read() as session:
        tags = db.keyed_tags.of_runs(session, [found.id]).get(found.id, {})
    if key not in tags:
        raise MlflowError(f"No tag with name: {key} in run with id {run_id}", MISSING)
    put_tags(context, found.id, {}, [key])
    return {}


def log_batch(context: Context, asked: Asked) -> dict[str, Any]:
    run_id = asked.run_id()
    metrics, params, tags = asked.items("metrics"), asked.entries("params"), asked.entries("tags")
    check_batch(len(metrics), len(params), len(tags))
    quick = [_plain(each) for each in metrics]
    if None in quick:
        entries = asked.entries("metrics")
        quick = [_measured(each, f"metrics[{number}].") for number, each in enumerate(entries)]
    measured = [each for each in quick if each is not None]
    given = [(each.needed("key"), each.text("value")) for each in params]
    check_unique(key for key, _ in given)
    named = [(each.needed("key"), each.text("value")) for each in tags]
    for number, (key, value) in enumerate(named):
        check_tag(key, value, f"tags[{number}].")
    if given:
        _log_params(context, run_id, given, "params[{}].")
    if measured or not (given or named):
        _record(context, run_id, measured)
    if named:
        put_tags(context, active(context, run_id).id, dict(named))
    return {}


def log_model(context: Context, asked: Asked) -> dict[str, Any]:
    """A line more in the tag in which clients before version 3 keep the models of a run."""
    run_id = asked.run_id()
    asked.need("model_json")
    try:
        model = json.loads(asked.text("model_json"))
    except (ValueError, RecursionError) as error:
        raise MlflowError(f"Malformed model info. \n {asked.text('model_json')[:500]} \n is not valid JSON.") from error
    found = active(context, run_id)
    with context.workspace.read() as session:
        known = db.keyed_tags.of_runs(session, [found.id]).get(found.id, {}).get(_MODELS, "[]")
    put_tags(context, found.id, {_MODELS: json.dumps([*json.loads(known), model])})
    return {}


def _log_params(context: Context, run_id: str, params: Sequence[tuple[str, str]], path: str) -> None:
    for number, (key, value) in enumerate(params):
        check_param(key, value, path.format(number))
    found = active(context, run_id)
    try:
        logged.add_params(context, found.id, {key: typed(value) for key, value in params})
    except ParamChangedError as error:
        keys = ", ".join(f"'{key}'" for key, _ in params)
        told = f"Changing param values is not allowed. Param with key={keys} was already logged for run ID='{run_id}'."
        raise MlflowError(f"{told} {error}") from error


def typed(text: str) -> Any:
    """The number that a text is, where it is written as we write it: then it is sorted by size. Else the text."""
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if as_text(number) == text and abs(number) < float("inf"):
            return number
    return text


def _record(context: Context, run_id: str, measured: Sequence[Measured]) -> None:
    found = active(context, run_id)
    new = sorted(_new(context, found.id, measured), key=_rank)
    recorder = _RECORDERS.of(context.workspace, found.id)
    try:
        logged.record(
            context, found.id, [(each.key, each.step, each.value, each.timestamp / 1000) for each in new], recorder
        )
    except BaseException:
        _RECORDERS.forget(context.workspace, found.id)  # with what waits in it: the client sends it again
        raise
    note_measured(context, run_id, [each for each in measured if each.model])


def _rank(each: Measured) -> tuple[int, int, float]:
    """By which MLflow says which value of a metric is its last."""
    return each.step, each.timestamp, 0.0 if each.value != each.value else each.value


def _new(context: Context, run_id: int, measured: Sequence[Measured]) -> list[Measured]:
    """Each once, without what is stored already: a client whose answer was lost sends all of it again."""
    unique = list(dict.fromkeys(measured))
    with context.workspace.read() as session:
        ends = db.told_runs.last_steps(session, run_id)
        again: dict[str, set[int]] = {}
        for each in unique:
            if each.step <= ends.get(each.key, SMALLEST - 1):
                again.setdefault(each.key, set()).add(each.step)
        stored = db.points.at_steps(session, run_id, again)
    return [each for each in unique if _stored(each) not in stored] if stored else unique


def _stored(each: Measured) -> tuple[str, int, float | None, float]:
    return each.key, each.step, None if each.value != each.value else each.value, each.timestamp / 1000
