"""Event files below a folder: which belong to one run, and what their tags are called here."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.tracking.event_files.event_file import EventFile
from core.tracking.event_files.found_events import FoundEvents

MARK = "tfevents"  # in the name of every event file
MOST_FILES, DEEPEST = 20_000, 16
# What writers call the folders of one run's parts, and what their metrics begin with here.
_PARTS = {"train": "", "validation": "val_", "eval": "val_", "test": "test_"}
_KERAS = "epoch_"


@dataclass
class EventFolder:
    """The event files of one folder, in the order in which they were begun, each read on from where it was left."""

    folder: Path
    files: dict[str, EventFile] = field(default_factory=dict)

    def read_on(self) -> Iterator[FoundEvents]:
        """In pieces, until all that is there has been read. Files that came in the meantime are found.

        Raises:
            OSError
        """
        for name in sorted(entry.name for entry in os.scandir(self.folder) if is_event_file(entry)):
            file = self.files.setdefault(name, EventFile(self.folder / name))
            while found := file.read_on():
                yield found


def event_folders(root: Path) -> list[Path]:
    """Folders with event files, the root first if it has some; links are not followed.

    Raises:
        OSError: the root cannot be read.
    """
    found: list[Path] = []
    waiting, count = [(root, 0)], 0
    while waiting and count < MOST_FILES:
        folder, depth = waiting.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            if folder == root:
                raise
            continue
        here = sum(map(is_event_file, entries))
        count += here
        found += [folder] if here else []
        if depth < DEEPEST:
            waiting += [(folder / entry.name, depth + 1) for entry in entries if entry.is_dir(follow_symlinks=False)]
    return sorted(found)


def is_event_file(entry: "os.DirEntry[str]") -> bool:
    return MARK in entry.name and entry.is_file(follow_symlinks=False)


def run_folder(folder: Path, root: Path) -> Path:
    """The folder of the run that a folder of event files is a part of: Keras writes into `train` and `validation`."""
    return folder.parent if folder != root and folder.name in _PARTS else folder


def metric_name(folder: Path, run: Path, tag: str) -> str:
    """What a tag of a folder is called: `loss` is what Keras has as `epoch_loss` in `train`, `val_loss` that in
    `validation`."""
    if folder == run:
        return tag
    prefix = _PARTS[folder.name]
    if tag.startswith("evaluation_") and prefix == "val_":  # Keras's, by iterations, beside those by epochs
        return f"{prefix}{tag.removeprefix('evaluation_')}"
    return f"{prefix}{tag.removeprefix(_KERAS)}"
