"""Runs of TensorBoard: a folder below which event files lie."""

from collections.abc import Iterator
from pathlib import Path

from core.common.errors import DataError
from core.imports.found_run import MOST_POINTS, FoundFile, FoundRun, Progress, quiet
from core.runs.media_of_events import given_media
from core.tracking.event_files import (
    EventFolder,
    FoundEvents,
    Media,
    event_folders,
    metric_name,
    run_folder,
    without_overlaps,
)
from db.records import RunState, Series

MOST_MEDIA = 256 * 2**20  # bytes of a run's media, which are all in memory at once
_STATES = {"finished": RunState.FINISHED, "failed": RunState.FAILED}


def read_tensorboard(root: Path, progress: Progress = quiet) -> Iterator[FoundRun]:
    """A run for each folder with event files; what Keras has in `train` and `validation` is one.

    Raises:
        DataError: there are none.
    """
    folders: dict[Path, list[Path]] = {}
    try:
        for folder in event_folders(root):
            folders.setdefault(run_folder(folder, root), []).append(folder)
    except OSError as error:
        raise DataError(f"{root} cannot be read: {error.strerror}. Give a folder with TensorBoard's logs.") from error
    if not folders:
        raise DataError(f"There are no event files below {root}. They have 'tfevents' in their names.")
    for number, (run, parts) in enumerate(folders.items()):
        progress(number / len(folders), str(run))
        yield _run(run, parts, root)


def _run(run: Path, parts: list[Path], root: Path) -> FoundRun:
    name = run.relative_to(root).as_posix() if run != root else root.name
    found = FoundRun(source="", name=name[-200:], experiment=root.name)
    times: list[float] = []
    first = ""
    for folder in parts:
        reader = EventFolder(folder)
        said = FoundEvents()
        for piece in reader.read_on():
            said.add(piece)
            _bounded(said, found)
        first = first or min(reader.files)
        for tag, columns in said.scalars.items():
            if len(columns):
                points = without_overlaps(columns.copied(len(columns)), by_time=len(reader.files) > 1)
                _put(found, metric_name(folder, run, tag), points)
        part = folder.relative_to(run).as_posix().replace(".", "")
        found.media += given_media(said.media, folder, run)
        found.files += [
            FoundFile(_path(item, part), item.kind, item.data) for item in said.media if item.kind == "model"
        ]
        found.params |= said.params
        found.left_out += said.left_out
        for problem in said.problems:
            found.left_out[problem] += 1
        found.state = _STATES.get(said.state, found.state)
        times += [at for at in (said.began_at, said.first_at, said.last_at, said.ended_at) if at]
    # A file's name has the moment at which it was begun, the host and the process; a copy of the folder keeps it.
    found.source = f"tensorboard {name} {first}"
    found.began_at, found.ended_at = min(times, default=None), max(times, default=None)
    return found


def _put(found: FoundRun, name: str, points: Series) -> None:
    free, number = name, 1
    while free in found.metrics:  # two tags of one name here
        number += 1
        free = f"{name} ({number})"
    found.metrics[free] = points


def _bounded(said: FoundEvents, found: FoundRun) -> None:
    """Raises DataError: more scalars than memory should hold. Media past the bound are left out."""
    if said.points + found.points > MOST_POINTS:
        raise DataError(f"{found.name} has more than {MOST_POINTS:,} scalars, the most that a run may bring.")
    total = 0
    for place, item in enumerate(said.media):
        total += item.size
        if total > MOST_MEDIA:
            found.left_out[f"media past the first {MOST_MEDIA // 2**20} MiB"] += len(said.media) - place
            del said.media[place:]
            break


def _path(item: Media, part: str) -> str:
    """model/train/keras/0-0.json"""
    tag = "/".join(piece for piece in item.tag.split("/") if piece not in ("", ".", ".."))
    where = f"{part}/{tag}" if part else tag
    return f"{item.kind}/{where}/{item.step}-{item.number}{item.suffix}"
