"""Runs of MLflow's file store: mlruns/<experiment>/<run>/{meta.yaml,metrics/,params/,tags/,inputs/,artifacts/}."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from core.common.errors import DataError
from core.imports.found_run import MOST_POINTS, FoundRun, Progress, series
from core.imports.mlflow_inputs import take_data_sets
from core.imports.mlflow_run import NUMBERED, STATES, number, seconds, take_artifacts, take_tags, typed

_LARGEST = 2**20  # bytes of a file of one value
_META = "meta.yaml"


def read_mlruns(root: Path, progress: Progress, deleted: bool = False) -> Iterator[FoundRun]:
    """Raises DataError: it is no such folder."""
    if not root.is_dir():
        raise DataError(f"There is no folder {root}. Accepted are MLflow's database (mlflow.db) and its folder mlruns.")
    experiments = [path for path in sorted(root.iterdir()) if (path / _META).is_file()]
    if deleted and (root / ".trash").is_dir():
        experiments += [path for path in sorted((root / ".trash").iterdir()) if (path / _META).is_file()]
    if not experiments:
        raise DataError(f"{root} is no file store of MLflow's: none of its folders has a {_META}.")
    runs = [
        (run, _meta(experiment))
        for experiment in experiments
        for run in sorted(experiment.iterdir())
        if (run / _META).is_file() and not run.is_symlink()
    ]
    for done, (run, experiment) in enumerate(runs):
        progress(done / len(runs), run.name)
        meta = _meta(run)
        if deleted or meta.get("lifecycle_stage", "active") == "active":
            yield _run(run, meta, str(experiment.get("name", "")), root)


def _run(folder: Path, meta: dict[str, Any], experiment: str, root: Path) -> FoundRun:
    uid = str(meta.get("run_id") or meta.get("run_uuid") or folder.name)
    found = FoundRun(f"mlflow {uid}", str(meta.get("run_name") or ""), experiment, uid)
    status = meta.get("status", 3)
    known = status if isinstance(status, str) else NUMBERED[status] if status in range(len(NUMBERED)) else ""
    found.state = STATES.get(known, found.state)
    found.began_at, found.ended_at = seconds(meta.get("start_time")), seconds(meta.get("end_time"))
    found.created_by = str(meta.get("user_id") or "")
    found.params = typed(_texts(folder / "params"))
    take_tags(found, _texts(folder / "tags"))
    total = 0
    for path in _files(folder / "metrics"):
        points = _points(path, found)
        total += len(points[0])
        if total > MOST_POINTS:
            raise DataError(f"{folder} has more than {MOST_POINTS:,} values, the most that a run may bring.")
        found.metrics[path.relative_to(folder / "metrics").as_posix()] = series(*points)
    _take_named(found, folder)
    take_artifacts(found, str(folder / "artifacts"), root, folder.parent.name)
    return found


def _take_named(found: FoundRun, folder: Path) -> None:
    """Data sets of the run, whose descriptions lie with its experiment, and that one's tags; models are told."""
    experiment = folder.parent
    found.experiment_tags = _texts(experiment / "tags")
    given = []
    for told in _metas(folder / "inputs"):
        source = experiment / "datasets" / str(told.get("source_id") or "-").replace("/", "")
        tags = told.get("tags")
        named = [{"key": key, "value": value} for key, value in tags.items()] if isinstance(tags, dict) else []
        given.append({"dataset": _meta(source) if (source / _META).is_file() else {}, "tags": named})
    take_data_sets(found, {"inputs": {"dataset_inputs": given}})
    if count := sum(told.get("source_run_id") == found.uid for told in _metas(experiment / "models")):
        found.left_out["logged models, which come from MLflow's server"] += count


def _metas(folder: Path) -> Iterator[dict[str, Any]]:
    """Of each folder in it, as they are called. Raises DataError."""
    for each in sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else ():
        if (each / _META).is_file() and not each.is_symlink():
            yield _meta(each)


def _points(path: Path, found: FoundRun) -> tuple[list[int], list[float], list[float]]:
    """Lines `milliseconds value step`; old ones have no step."""
    steps, values, times = [], [], []
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                at, value, *rest = line.split()
                step = int(rest[0]) if rest else 0
                point = step, number(value), float(at) / 1000
            except (ValueError, OverflowError):
                found.left_out["values of metrics that are no numbers"] += 1
                continue
            steps.append(point[0])
            values.append(point[1])
            times.append(point[2])
    return steps, values, times


def _texts(folder: Path) -> dict[str, str]:
    """By name, which is a path where it has a slash in it."""
    return {path.relative_to(folder).as_posix(): _text(path) for path in _files(folder)}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _text(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(_LARGEST)


def _meta(folder: Path) -> dict[str, Any]:
    """Raises DataError."""
    try:
        found = yaml.safe_load(_text(folder / _META))
    except (OSError, yaml.YAMLError, RecursionError) as error:
        raise DataError(f"{folder / _META} cannot be read: {error}.") from error
    return found if isinstance(found, dict) else {}
