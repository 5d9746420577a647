"""What runs left behind: params, metrics, artifacts and the log."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import db.curves
import db.metrics
import db.params
import db.points
import db.runs
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.safe_files import file_inside, open_inside
from core.common.text import quoted
from core.runs.location import elsewhere
from core.runs.reading import get
from core.tracking.downsampling import EMPTY, MAX_POINTS, downsample, extended
from core.tracking.run_log import as_it_stands
from db.records import ArtifactRecord, Series, Summary

EVERY_STEP = (-(2**63), 2**63 - 1)


def params(context: Context, run_ids: Iterable[int], keys: Sequence[str] | None = None) -> dict[int, dict[str, str]]:
    with context.workspace.read() as session:
        return db.params.of_runs(session, run_ids, keys)


def summaries(
    context: Context, run_ids: Sequence[int], metrics: Sequence[str] | None = None
) -> dict[int, dict[str, Summary]]:
    """By run, then by metric."""
    with context.workspace.read() as session:
        return db.metrics.summaries(session, run_ids, metrics)


def history(context: Context, run_id: int, metric: str, after: int | None = None) -> Series:
    """The points of a metric, all or those past step `after`; empty when there are none."""
    with context.workspace.read() as session:
        return db.points.series(session, run_id, metric, after)


def between(
    context: Context, run_id: int, metric: str, first: int, last: int, most: int, max_points: int | None = None
) -> Series:
    """The points of a metric from one step to another, both included, at most so many of them.

    Thinned to `max_points` if that is given. Of steps that are all there are, the thinned curve that is kept is read.
    """
    if max_points is not None and (first, last) == EVERY_STEP:
        return histories(context, [run_id], [metric], max_points).get((run_id, metric), EMPTY.points)
    with context.workspace.read() as session:
        found = db.points.between(session, run_id, metric, first, last, most)
    return found if max_points is None else downsample(found, max_points)


def histories(
    context: Context, run_ids: Iterable[int], metrics: Iterable[str], max_points: int = MAX_POINTS
) -> dict[tuple[int, str], Series]:
    """Curves to draw, by run and metric, at most `max_points` points each; without those that have none."""
    ids, names = list(run_ids), list(metrics)
    with context.workspace.read() as session:
        curves = db.curves.of_runs(session, ids, names) if max_points <= MAX_POINTS else {}
        after = {key: curve.end for key, curve in curves.items()}
        rest = db.points.series_many(session, ids, names, after)
    found = ((run_id, name) for run_id in dict.fromkeys(ids) for name in names)
    return {
        key: extended(curves.get(key, EMPTY), rest.get(key, EMPTY.points), max_points).points
        for key in found
        if key in curves or key in rest
    }


def artifacts(context: Context, run_id: int) -> list[ArtifactRecord]:
    with context.workspace.read() as session:
        return db.runs.artifacts_of(session, run_id)


def artifact_file(context: Context, run_id: int, name: str) -> Path:
    """The file of an artifact, by its path in the run's folder or its name, of several of that name the newest.

    Raises:
        NotFoundError: it was not recorded, its file is gone, or it is on another host.
    """
    if away := elsewhere(context.workspace.settings, get(context, run_id)):
        raise NotFoundError(away)
    found = artifacts(context, run_id)
    named = sorted((each for each in found if each.name == name), key=lambda each: -each.created_at)
    for artifact in [*(each for each in found if each.path == name), *named]:
        path = file_inside(context.workspace.settings.run_dir(run_id), artifact.path)
        if path is not None:
            return path
    raise NotFoundError(f"Run {run_id} has no artifact {quoted(name)}, or its file was removed from the workspace.")


def log_file(context: Context, run_id: int) -> Path:
    """Raises NotFoundError when the run has no log yet, or it is on another host."""
    run = get(context, run_id)
    if away := elsewhere(context.workspace.settings, run, "log"):
        raise NotFoundError(away)
    log = context.workspace.settings.log_file(run_id)
    path = file_inside(log.parent, log.name)
    if path is None:
        raise NotFoundError(f"Run {run_id} has no log yet; a run writes one as soon as it starts.")
    return path


def log_tail(context: Context, run_id: int, lines: int = 30) -> str:
    """The last lines of a run's log, "" when it has none yet; where it is, in a sentence, when on another host.

    Raises NotFoundError.
    """
    settings = context.workspace.settings
    return elsewhere(settings, get(context, run_id), "log") or last_lines(settings.log_file(run_id), lines)


def last_lines(path: Path, count: int) -> str:
    """Of a text file, whatever bytes it holds; "" when there is none, or a link that leads out of its folder."""
    try:
        with open_inside(path.parent, path.name) as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 400 * count))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(as_it_stands(line) for line in text.removesuffix("\n").split("\n")[-count:])
