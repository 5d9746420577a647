"""What a script writes of its metrics and media: TensorBoard's event files, and lines of the package `traindeck`."""

import contextlib
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from core.common.errors import DataError, StoreFullError
from core.common.settings import PROJECT_ROOT
from core.runs.media_files import GivenMedia
from core.runs.media_of_events import given_media
from core.runs.reported_files import NamedFile, put_in_place
from core.runs.reported_lines import Piece, read_lines
from core.tracking.event_files import EventFolder, event_folders, metric_name, run_folder, without_overlaps
from core.tracking.recorder import Recorder
from core.tracking.run_log import log_line
from db.media import MediaRecord
from db.records import ArtifactRecord, Series

_PACKAGE, _LINES = "site", "reported.jsonl"


def package_folder(run_folder: Path) -> Path:
    """A folder for a script's path that has `traindeck` and nothing else. Raises OSError."""
    folder = run_folder / _PACKAGE
    folder.mkdir(exist_ok=True)
    link = folder / "traindeck"
    link.unlink(missing_ok=True)
    link.symlink_to(PROJECT_ROOT / "core" / "client")
    return folder


def lines_file(run_folder: Path) -> Path:
    """Where `traindeck` writes its lines to."""
    return run_folder / _LINES


@dataclass
class Told:
    """What a script told beside metrics, and nobody has stored yet; files are in the run's folder."""

    params: dict[str, object] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    keyed_tags: dict[str, str] = field(default_factory=dict)
    media: list[MediaRecord] = field(default_factory=list)
    artifacts: list[ArtifactRecord] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)


class WrittenMetrics:
    """Follows what is written in a run's folder from now on; what the code itself brought is no result."""

    def __init__(
        self,
        run_folder: Path,
        run: int,
        working: Path,
        recorder: Recorder,
        goes_on: Callable[[Iterable[str], int, bool], None],
    ) -> None:
        """`goes_on` is told before values are recorded: names of metrics, the lowest step, whether steps fell back."""
        self.step = 0  # the highest that was seen
        self._told = Told()
        self._run_folder, self._run, self._shown = run_folder, run, 0
        self._working, self._lines = working, lines_file(run_folder)
        self._recorder = recorder
        self._goes_on = goes_on
        self._ends: dict[str, int] = {}  # of each metric in event files, the last step
        self._folders: dict[Path, EventFolder] = {}
        self._position = 0
        with contextlib.suppress(OSError):
            self._lines.unlink(missing_ok=True)
            shutil.rmtree(self._lines.with_suffix(""), ignore_errors=True)  # where `traindeck` keeps files
            for folder in event_folders(working):
                self._folders[folder] = EventFolder(folder)
                for _ in self._folders[folder].read_on():
                    pass
        self._brought = self._files()

    def _files(self) -> int:
        return sum(len(folder.files) for folder in self._folders.values())

    @property
    def any(self) -> bool:
        """Whether the script writes its metrics, so that nobody need guess them from what it prints."""
        return self._position > 0 or self._files() > self._brought

    def take(self) -> Told:
        """What was told since the last time."""
        told, self._told = self._told, Told()
        return told

    def look(self) -> None:
        """Record what has come. A file that cannot be read is told once, and left."""
        with contextlib.suppress(OSError):
            for folder in event_folders(self._working):
                self._follow(self._folders.setdefault(folder, EventFolder(folder)))
        with contextlib.suppress(OSError), self._lines.open("rb") as lines:
            lines.seek(self._position)
            data = lines.read()
            whole = data[: data.rfind(b"\n") + 1]
            self._position += len(whole)
            if whole:
                self._take(whole)

    def _follow(self, events: EventFolder) -> None:
        for found in events.read_on():
            for tag, columns in found.scalars.items():
                points = without_overlaps(columns.copied(len(columns)))
                if len(points):
                    name = metric_name(events.folder, run_folder(events.folder, self._working), tag)
                    self._record_events(name, points)
            self._place(given_media(found.media, events.folder, run_folder(events.folder, self._working)))
            for problem in found.problems:
                log_line(f"{events.folder.relative_to(self._working)}: {problem}")

    def _record_events(self, name: str, points: Series) -> None:
        """Where a training went on from before its last value, the later one of each step stands."""
        first, end = int(points.step[0]), self._ends.get(name)
        fell = end is not None and first < end
        if fell:
            log_line(f"{name} goes on from step {first:,}: what had been written up to step {end:,} is replaced.")
        self._goes_on([name], first, fell)
        self._ends[name] = int(points.step[-1])
        self._recorder.log_series(name, points.step, points.value, points.wall_time)
        self.step = max(self.step, self._ends[name])

    def _take(self, lines: bytes) -> None:
        try:
            piece: Piece = read_lines(lines)
        except DataError as error:  # something else wrote into the file
            log_line(f"What the script reported cannot be read: {error}")
            return
        for name, (steps, values, times) in piece.points.items():
            self._goes_on([name], min(steps), False)
            self._recorder.log_series(name, steps, values, times)
            self.step = max(self.step, *steps)
        self._told.params |= piece.params
        self._told.labels |= piece.labels
        self._told.tags += piece.tags
        self._told.keyed_tags |= piece.keyed_tags
        self._place(piece.media, piece.artifacts, piece.checkpoints)

    def _place(
        self, media: list[GivenMedia], artifacts: Iterable[NamedFile] = (), checkpoints: Iterable[NamedFile] = ()
    ) -> None:
        files = self._lines.with_suffix("")
        try:
            placed = put_in_place(self._run_folder, self._run, files, media, artifacts, checkpoints, known=self._shown)
        except StoreFullError as error:  # the training matters more
            log_line(f"Media or files of the script are left out: {error}")
            return
        self._shown += len(placed.media)
        self._told.media += placed.media
        self._told.artifacts += placed.artifacts
        self._told.facts |= placed.facts
        for problem in placed.problems:
            log_line(problem)
