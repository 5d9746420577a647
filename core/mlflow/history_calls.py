"""Calls about the values of metrics."""

import base64
import json
from typing import Any

import numpy as np

import db.points
from core.common.context import Context
from core.mlflow import shapes
from core.mlflow.asked import Asked
from core.mlflow.mlflow_error import MlflowError
from core.mlflow.run_calls import head
from db.records import Position, Series

MOST_POINTS = 25_000  # in an answer
MOST_RUNS, MOST_IN_BULK = 100, 2500


def history(context: Context, asked: Asked) -> dict[str, Any]:
    """All of a metric, or a page of it: several values at one step all come, in the order in which they were logged."""
    run_id = asked.run_id()
    asked.need("metric_key")
    key, paged = asked.text("metric_key"), asked.has("max_results") or bool(asked.text("page_token"))
    found, after = head(context, run_id), _place(asked.text("page_token"))
    most = asked.at_most("max_results", MOST_POINTS, MOST_POINTS)
    with context.workspace.read() as session:
        if not paged:
            return {"metrics": _told(key, db.points.series(session, found.id, key))}
        first = db.points.following(session, found.id, key, after, most + 1)
    points, token = _cut(first, most), ""
    if len(first) > most:
        token = _token(after, points)
    return {"metrics": _told(key, points), **({"next_page_token": token} if token else {})}


def _cut(points: Series, most: int) -> Series:
    return Series(points.step[:most], points.value[:most], points.wall_time[:most])


def _token(after: Position, points: Series) -> str:
    step = int(points.step[-1])
    same = int((points.step == step).sum())
    sequence = same - 1 + (after.sequence + 1 if after.step == step else 0)
    return base64.b64encode(json.dumps([step, sequence]).encode()).decode()


def _place(token: str) -> Position:
    if not token:
        return Position(-(2**63), -1)
    try:
        step, sequence = json.loads(base64.b64decode(token, validate=True))
        return Position(_bounded(step, 63), _bounded(sequence, 31))
    except (ValueError, TypeError) as error:
        raise MlflowError("Invalid page token, could not base64-decode") from error


def _bounded(number: Any, bits: int) -> int:
    if type(number) is not int or not -(2**bits) <= number < 2**bits:
        raise ValueError(number)
    return number


def _told(key: str, points: Series, run_id: str = "") -> list[dict[str, Any]]:
    more = {"run_id": run_id} if run_id else {}
    columns = (points.value.tolist(), np.round(points.wall_time * 1000).astype(np.int64).tolist(), points.step.tolist())
    return [
        {"key": key, "value": shapes.number(value), "timestamp": at, "step": step, **more}
        for value, at, step in zip(*columns, strict=True)
    ]


def bulk(context: Context, asked: Asked) -> dict[str, Any]:
    run_ids = asked.texts("run_id")
    if not run_ids:
        raise MlflowError("GetMetricHistoryBulk request must specify at least one run_id.")
    if len(run_ids) > MOST_RUNS:
        raise MlflowError(
            f"GetMetricHistoryBulk request cannot specify more than {MOST_RUNS} run_ids. Received {len(run_ids)}."
        )
    key = asked.text("metric_key")
    if not key:
        raise MlflowError("GetMetricHistoryBulk request must specify a metric_key.")
    most = asked.at_most("max_results", MOST_POINTS, MOST_POINTS)
    found: list[dict[str, Any]] = []
    for run_id in sorted(run_ids):
        if len(found) < most:
            found += _of_run(context, run_id, key)
    return {"metrics": found[:most]}


def _of_run(context: Context, run_id: str, key: str) -> list[dict[str, Any]]:
    run = head(context, run_id).id
    with context.workspace.read() as session:
        return _told(key, db.points.series(session, run, key), run_id)


def bulk_interval(context: Context, asked: Asked) -> dict[str, Any]:
    """Evenly spaced steps of many runs, at most so many, the same for each, with the first and the last of each run."""
    asked.need("run_ids")
    run_ids = asked.texts("run_ids")
    if len(run_ids) > MOST_RUNS:
        raise MlflowError(f"GetMetricHistoryBulkInterval request must specify at most {MOST_RUNS} run_ids.")
    asked.need("metric_key")
    key, most = asked.text("metric_key"), asked.whole("max_results", MOST_IN_BULK)
    if not 1 <= most <= MOST_IN_BULK:
        raise MlflowError(f"max_results must be between 1 and {MOST_IN_BULK}. Received {most}")
    first, last = _range(asked)
    series: dict[str, Series] = {}
    for run_id in run_ids:
        run = head(context, run_id).id
        with context.workspace.read() as session:
            points = db.points.series(session, run, key)
        within = (points.step >= first) & (points.step <= last)
        series[run_id] = Series(points.step[within], points.value[within], points.wall_time[within])
    kept = _spaced(series, most)
    told_points: list[dict[str, Any]] = []
    for run_id, points in series.items():
        if len(points):
            wanted = np.isin(points.step, [*kept, points.step[0], points.step[-1]])
            some = Series(points.step[wanted], points.value[wanted], points.wall_time[wanted])
            told_points += _told(key, some, run_id)
    return {"metrics": told_points}


def _range(asked: Asked) -> tuple[int, int]:
    if asked.has("start_step") != asked.has("end_step"):
        raise MlflowError("If either start step or end step are specified, both must be specified.")
    first, last = asked.whole("start_step", -(2**63)), asked.whole("end_step", 2**63 - 1)
    if first > last:
        raise MlflowError(f"end_step must be greater than start_step. Found start_step={first} and end_step={last}.")
    return first, last


def _spaced(series: dict[str, Series], most: int) -> list[int]:
    steps = np.unique(np.concatenate([points.step for points in series.values()])) if series else np.empty(0, np.int64)
    if len(steps) <= most:
        return [int(step) for step in steps]
    places = np.arange(most) * len(steps) // most
    return [int(step) for step in steps[places]]
