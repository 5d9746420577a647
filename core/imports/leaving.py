"""Runs for other tools: as a bundle for another Traindeck, as TensorBoard's logs, or as CSV."""

import csv
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.common.context import Context
from core.common.errors import DataError
from core.config.edit import flatten
from core.imports.found_run import Progress, quiet
from core.runs import reading, results
from core.runs.location import elsewhere
from core.tracking.event_files.writing import first_event, hparams, scalars, write_event_file
from db.records import RunRecord, RunState, Series

Metrics = Iterator[tuple[str, Series]]


def metrics_of(context: Context, run_id: int) -> Metrics:
    """Every metric with all of its points, one after the other."""
    for name in results.summaries(context, [run_id]).get(run_id, {}):
        yield name, results.history(context, run_id, name)


def write_tensorboard(context: Context, runs: Sequence[int], folder: Path, progress: Progress = quiet) -> list[Path]:
    """An event file for each run, in a folder of its own; values as doubles, params as hparams.

    Raises:
        DataError: the folder has such logs already, to which nothing is added.
        OSError
    """
    written = []
    found = reading.get_many(context, runs)
    for number, run in enumerate(found):
        progress(number / len(found), run.name)
        path = folder / _folder(run) / f"events.out.tfevents.{int(run.created_at)}.traindeck.{run.uid[:8]}"
        if path.exists():
            raise DataError(f"{path} is there already. Give another folder, or remove what was exported before.")
        began = run.training_at or run.created_at
        failed = run.state in (RunState.FAILED, RunState.LOST)
        write_event_file(path, [first_event(began), *hparams(flatten(run.config), began, run.finished_at, failed)])
        for name, points in metrics_of(context, run.id):
            write_event_file(path, scalars(name, points))
        written.append(path)
    return written


def write_csv(context: Context, runs: Sequence[int], folder: Path, progress: Progress = quiet) -> list[Path]:
    """`runs.csv`, a row for each run with params and summaries, and `metrics.csv`, a row for each point.

    Raises:
        OSError
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = reading.get_many(context, runs)
    params = results.params(context, [run.id for run in found])
    summaries = results.summaries(context, [run.id for run in found])
    keys = sorted({key for values in params.values() for key in values})
    metrics = sorted({name for values in summaries.values() for name in values})
    paths = [folder / "runs.csv", folder / "metrics.csv"]
    with paths[0].open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        own = ["id", "uid", "name", "experiment", "state", "created", "finished", "tags", "notes"]
        rows.writerow([*own, *keys, *(f"{name}.{what}" for name in metrics for what in ("last", "best"))])
        for run in found:
            known = summaries.get(run.id, {})
            values = [getattr(known.get(name), what, "") for name in metrics for what in ("last", "best")]
            times = [_utc(run.created_at), _utc(run.finished_at)]
            told = [run.id, run.uid, run.name, run.experiment, run.state.value, *times, " ".join(run.tags), run.notes]
            rows.writerow([*told, *(params.get(run.id, {}).get(key, "") for key in keys), *values])
    with paths[1].open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["run", "uid", "metric", "step", "value", "wall_time"])
        for number, run in enumerate(found):
            progress(number / len(found), run.name)
            for name, points in metrics_of(context, run.id):
                columns = (points.step.tolist(), points.value.tolist(), points.wall_time.tolist())
                rows.writerows([run.id, run.uid, name, *point] for point in zip(*columns, strict=True))
    return paths


def kept_files(context: Context, run: RunRecord) -> Iterator[tuple[str, str, Path]]:
    """Path, kind and place of what a run keeps: its artifacts that are there, and its log.

    Raises:
        DataError: they are on another host.
    """
    if where := elsewhere(context.workspace.settings, run):
        raise DataError(where)
    folder = context.workspace.settings.run_dir(run.id)
    named = {artifact.path: artifact.kind for artifact in results.artifacts(context, run.id)}
    for path, kind in {**named, "log.txt": "log"}.items():
        place = folder / path
        if place.is_file() and not place.is_symlink() and place.resolve().is_relative_to(folder.resolve()):
            yield path, kind, place


def _folder(run: RunRecord) -> str:
    return f"{run.id}-{re.sub(r'[^A-Za-z0-9._-]+', '-', run.name).strip('-.')[:80]}"


def _utc(moment: float | None) -> str:
    return "" if moment is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
