"""What runs show beside curves, by kind, name and step: pictures, texts, tables, histograms, figures and sounds."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

import db.media
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.safe_files import file_inside
from core.common.text import quoted
from core.runs.location import elsewhere
from core.runs.reading import get
from db.media import MediaRecord as MediaRecord
from db.media import MediaSeries as MediaSeries

# The endings of files of each kind.
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")
KINDS = {
    "image": PICTURES,
    "figure": (".json", *PICTURES),  # Plotly's, or a picture of it
    "text": (".txt", ".md"),  # as it is, or Markdown
    "table": (".json",),  # {"columns": […], "data": [[…]]}
    "histogram": (".json",),  # {"left": […], "right": […], "count": […]}
    "audio": (".wav", ".mp3", ".ogg", ".flac", ".m4a"),
}
MOST_STEPS = 200  # of a series that are drawn at once


def has_media(context: Context, run_id: int) -> bool:
    with context.workspace.read() as session:
        return db.media.any_of(session, run_id)


def media_series(context: Context, run_ids: Iterable[int]) -> list[MediaSeries]:
    """What the runs have, by kind and name, in this order."""
    with context.workspace.read() as session:
        return db.media.series_of(session, run_ids)


def media_steps(
    context: Context, run_ids: Sequence[int], kinds: Sequence[str] = (), name: str | None = None
) -> list[int]:
    """Steps at which any of the runs has something to show, each once, rising; all kinds and names where none given."""
    with context.workspace.read() as session:
        return db.media.steps_of(session, run_ids, kinds, name)


def media_at(context: Context, run_id: int, kind: str, name: str, step: int) -> list[MediaRecord]:
    """What was there by a step: that of the last step up to it which has something; nothing before the first."""
    with context.workspace.read() as session:
        return db.media.at_step(session, run_id, kind, name, step)


def media_item(context: Context, run_id: int, kind: str, name: str, step: int, number: int = 0) -> MediaRecord:
    """Raises NotFoundError."""
    with context.workspace.read() as session:
        found = db.media.get(session, run_id, kind, name, step, number)
    if found is None:
        raise NotFoundError(f"Run {run_id} has no {kind} {quoted(name)} at step {step:,}, number {number}.")
    return found


def media_over_steps(context: Context, series: MediaSeries, most: int = MOST_STEPS) -> list[MediaRecord]:
    """One for each step, of at most so many steps, evenly taken, the first and the last among them."""
    with context.workspace.read() as session:
        steps = db.media.steps_of(session, [series.run_id], [series.kind], series.name)
        places = np.unique(np.linspace(0, len(steps) - 1, min(most, len(steps))).round().astype(int))
        return db.media.of_steps(session, series.run_id, series.kind, series.name, [steps[each] for each in places])


def media_file(context: Context, item: MediaRecord) -> Path:
    """Raises NotFoundError: its file is gone, or on another host."""
    settings = context.workspace.settings
    if away := elsewhere(settings, get(context, item.run_id)):
        raise NotFoundError(away)
    path = file_inside(settings.run_dir(item.run_id), item.path)
    if path is None:
        where = f"the {item.kind} {quoted(item.name)} of step {item.step:,}"
        raise NotFoundError(f"The file of {where} was removed from the workspace.")
    return path
