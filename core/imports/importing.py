"""Storing what was found elsewhere: a run is added once, and later only what is new of it."""

import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import db.events
import db.imported
import db.keyed_tags
import db.media
import db.points
import db.reported
import db.runs
from core.common.context import Context
from core.common.errors import ConfigError, DataError
from core.imports.found_run import FetchedFile, FoundRun, Progress, quiet, safe
from core.imports.importing_inputs import keep_model_files, put_named
from core.imports.importing_media import place_media
from core.imports.kept_files import keep_file
from core.runs.data_names import folds_key
from core.runs.events import run_event
from core.runs.kinds import LOGGED
from core.runs.labels import MAX_NAME, MAX_NOTES, clean_tags, label_problems, notes_problems
from core.runs.permissions import Action, require
from core.runs.queueing import DEFAULT_EXPERIMENT
from core.runs.shown_files import shown_by
from core.tracking.recorder import Recorder
from db.records import ArtifactRecord, RunState, Series

_EMPTY = Series(np.empty(0, np.int64), np.empty(0), np.empty(0))
_TOGETHER = 5000  # rows of media in a transaction
_NAMES = str.maketrans({"\0": "", "\n": " ", "\r": " ", "\t": " "})


@dataclass(frozen=True)
class Imported:
    """What became of one run: `state` is "new", "grown" or "unchanged"."""

    run_id: int
    name: str
    experiment: str
    state: str
    points: int  # added
    files: int  # added
    left_out: dict[str, int]


@dataclass
class Report:
    """Of an import; `failed` are runs that could not be stored, by name, with the reason."""

    runs: list[Imported] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def count(self, state: str) -> int:
        return sum(each.state == state for each in self.runs)


def import_runs(
    context: Context,
    found: Iterable[FoundRun],
    experiment: str = "",
    tags: Iterable[str] = (),
    progress: Progress = quiet,
) -> Report:
    """Store runs one by one, so that what came before an error stays.

    Args:
        experiment: for all of them, in place of the source's.
        tags: for new ones, beside the source's.

    Raises:
        ForbiddenError, StoreError
        DataError: the source cannot be read any further.
    """
    require(context, Action.IMPORT)
    report = Report()
    more = tuple(tags)
    for run in found:
        progress(0.0, run.name)
        if run.unreadable:
            report.failed[run.name] = run.unreadable
            continue
        if experiment:
            run.experiment_tags = {}  # which are of another
        run.experiment = experiment or run.experiment or DEFAULT_EXPERIMENT
        run.tags = tuple(clean_tags([*run.tags, *more]))
        try:
            report.runs.append(_import(context, run))
        except (ConfigError, DataError, OSError) as error:
            report.failed[run.name] = str(error)
    return report


def _import(context: Context, found: FoundRun) -> Imported:
    """Raises ConfigError, DataError, OSError."""
    with context.workspace.read() as session:
        known = db.imported.id_of(session, found.own_uid())
    is_new = known is None
    run_id = _added(context, found) if known is None else known
    files = _keep_files(context, run_id, found) + _keep_media(context, run_id, found)
    if found.data_sets or found.models or found.experiment_tags:
        files += _keep_named(context, run_id, found)
    points = _record(context, run_id, found, is_new)
    moved = False if is_new else _updated(context, run_id, found)
    state = "new" if is_new else "grown" if points or files or moved else "unchanged"
    return Imported(run_id, found.name, found.experiment, state, points, files, dict(found.left_out))


def _added(context: Context, found: FoundRun) -> int:
    """Raises ConfigError."""
    name = found.name.translate(_NAMES).strip()[:MAX_NAME] or found.own_uid()[:8]
    experiment = found.experiment.translate(_NAMES).strip()[:MAX_NAME] or DEFAULT_EXPERIMENT
    notes = found.notes.replace("\0", "")[:MAX_NOTES]
    labels = [("name", name), ("experiment", experiment), *(("tags", tag) for tag in found.tags)]
    problems = [problem for label, text in labels for problem in label_problems(label, text)] + notes_problems(notes)
    if problems:
        raise ConfigError(problems)
    now = time.time()
    began = found.began_at if found.began_at is not None else found.ended_at if found.ended_at is not None else now
    with context.workspace.write() as session:
        parent = db.imported.id_of(session, found.parent_uid) if found.parent_uid else None
        values = {
            "uid": found.own_uid(),
            "name": name,
            "experiment_id": db.runs.experiment_id(session, experiment),
            "kind": found.kind or LOGGED.name,
            "config": found.config if found.config is not None else dict(found.params),
            "notes": notes,
            "created_by": found.created_by.translate(_NAMES).strip()[:MAX_NAME] or context.actor.name,
            "parent_id": parent,
            "facts": {**found.facts, "imported": {"from": found.source, "at": now}},
            "created_at": began,
            "queued_at": began,
            "starting_at": began,
            "training_at": began,
            "heartbeat_at": now,
            "step": _last_step(found),
            "state": found.state.value,
            "reason": found.reason,
            **_ends(found, began),
            **found.columns,
        }
        folds = folds_key(str(values["kind"]), found.params)
        run_id = db.runs.insert(session, values, found.params, found.tags, folds)
        db.keyed_tags.put(session, run_id, found.keyed_tags)
        told = {"name": name, "experiment": experiment, "from": found.source}
        db.events.add(session, [run_event(context, Action.IMPORT, run_id, {}, told)])
    return run_id


def _ends(found: FoundRun, began: float) -> dict[str, Any]:
    if not found.state.is_finished:
        return {"finished_at": None}
    ended = found.ended_at if found.ended_at is not None else began
    return {"finished_at": ended, "trained_seconds": max(0.0, ended - began) if math.isfinite(ended - began) else 0.0}


def _last_step(found: FoundRun) -> int:
    own = (series for name, series in found.metrics.items() if len(series) and not name.startswith("system/"))
    return max((int(series.step.max()) for series in own), default=0)


def _updated(context: Context, run_id: int, found: FoundRun) -> bool:
    """Whether params came to it, or its state changed, since it was imported."""
    with context.workspace.write() as session:
        run = db.runs.get(session, run_id)
        assert run is not None
        new = {key: value for key, value in found.params.items() if key not in run.config}
        if found.config is None:
            db.reported.add_params(session, run_id, run.config, new)
        db.reported.heard(session, run_id, time.time(), _last_step(found))
        is_other = found.state is not run.state and not (found.state is RunState.RUNNING and run.state is RunState.LOST)
        ends = _ends(found, run.training_at or 0.0)
        is_later = found.state.is_finished and ends["finished_at"] != run.finished_at
        if is_other or is_later:
            db.runs.transition(
                session, run_id, [run.state], found.state, actor=context.actor, reason=found.reason, **ends
            )
    return bool(new and found.config is None) or is_other


def _record(context: Context, run_id: int, found: FoundRun, is_new: bool) -> int:
    """Store the points that are not there; returns how many. Where some of those there are not in the source any
    more, as when a training went back, the metric is written anew."""
    ordered = {name: _taken(points, np.argsort(points.step, kind="stable")) for name, points in found.metrics.items()}
    stored: dict[tuple[int, str], Series] = {}
    if not is_new:
        with context.workspace.read() as session:
            stored = db.points.series_many(session, [run_id], list(ordered))
    recorder, count = Recorder(context.workspace, run_id), 0
    for name, points in ordered.items():
        have, want = (_keys(each, found.has_times) for each in (stored.get((run_id, name), _EMPTY), points))
        new = points
        if np.array_equal(have, want[: len(have)]):
            new = _taken(points, np.arange(len(have), len(want)))
        else:
            with context.workspace.write() as session:
                db.imported.forget_metric(session, run_id, name)
        if len(new):
            recorder.log_series(name, new.step, new.value, new.wall_time)
            count += len(new)
    recorder.flush()
    return count


def _keys(series: Series, with_times: bool) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    """Points as whole numbers, [points, 2 or 3]; every NaN is the same."""
    value = np.where(np.isnan(series.value), np.nan, series.value)
    columns = [series.step, value.view(np.int64), *([series.wall_time.view(np.int64)] if with_times else [])]
    return np.stack(columns, axis=1)


def _taken(series: Series, places: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]") -> Series:
    return Series(series.step[places], series.value[places], series.wall_time[places])


def _keep_files(context: Context, run_id: int, found: FoundRun) -> int:
    """Raises OSError."""
    folder = context.workspace.settings.run_dir(run_id)
    kept = []
    for file in found.files:
        inside = safe(file.path)
        target = folder.joinpath(*inside.parts)
        try:
            if not keep_file(target, file.content, found.ended_at if found.state.is_finished else None):
                continue
        except DataError:
            found.left_out["files that the server does not give"] += 1
            continue
        size = target.stat().st_size
        if isinstance(file.content, FetchedFile) and (shown := shown_by(file.path.partition("/")[2], target)):
            found.shown[file.path] = shown
        kept.append(ArtifactRecord(run_id, inside.as_posix(), file.kind, inside.as_posix(), size, time.time()))
    with context.workspace.write() as session:
        db.imported.put_files(session, kept)
    return len(kept)


def _keep_media(context: Context, run_id: int, found: FoundRun) -> int:
    """How many are new. Raises OSError."""
    records, count = place_media(context.workspace.settings.run_dir(run_id), run_id, found)
    for start in range(0, len(records), _TOGETHER):
        with context.workspace.write() as session:
            db.media.put(session, records[start : start + _TOGETHER])
    return count


def _keep_named(context: Context, run_id: int, found: FoundRun) -> int:
    """How many files came with what it names. Raises OSError."""
    with context.workspace.write() as session:
        experiment = put_named(session, run_id, found)
    return 0 if experiment is None else keep_model_files(context.workspace.settings, experiment, found)


def told(report: Report) -> Iterator[str]:
    """The report in sentences."""
    counts = {state: report.count(state) for state in ("new", "grown", "unchanged")}
    points, files = sum(each.points for each in report.runs), sum(each.files for each in report.runs)
    yield (
        f"{counts['new']:,} new runs, {counts['grown']:,} that have grown, {counts['unchanged']:,} unchanged; "
        f"{points:,} points and {files:,} files were added."
    )
    left_out: dict[str, int] = {}
    for each in report.runs:
        for what, count in each.left_out.items():
            left_out[what] = left_out.get(what, 0) + count
    if left_out:
        yield f"Left out: {'; '.join(f'{what} ({count:,})' for what, count in sorted(left_out.items()))}."
    for name, why in report.failed.items():
        yield f"{name} could not be imported: {why}"
