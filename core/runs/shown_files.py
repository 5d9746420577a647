"""Files of runs to be looked at where they lie, such as those of MLflow's log_image, log_table and log_text."""

import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.runs.media import KINDS, PICTURES
from core.runs.media_files import MAX_CAPTION, MAX_NAME, MOST_BYTES
from db.media import MediaRecord

_TEXT_BYTES, _TABLE_BYTES = 2**20, 8 * 2**20
# images/<name>%step%<step>%timestamp%<milliseconds>%<uuid>.png, and a smaller copy that ends in %compressed.webp
_OF_STEP = re.compile(r"images/(.+?)[%+]step[%+](-?\d{1,18})[%+]timestamp[%+](\d{1,15})[%+][^/]*")
_NOT_TEXTS = ("requirements.txt", "license.txt", "readme.md")


@dataclass(frozen=True)
class FoundMedia:
    """What a file of a run shows."""

    kind: str
    name: str
    step: int = 0
    number: int = 0
    at: float | None = None  # UTC seconds, where its name says it
    caption: str = ""

    def record(self, run_id: int, path: str, size: int, at: float) -> MediaRecord:
        told = (self.kind, self.name[:MAX_NAME], self.step, self.number, path, size)
        return MediaRecord(run_id, *told, at if self.at is None else self.at, self.caption[:MAX_CAPTION])


def shown_by(path: str, file: Path) -> FoundMedia | None:
    """What a file of MLflow's shows, by its path among the run's artifacts and, of a table, by what is in it.

    None of what shows nothing, of copies in a smaller size, and of what cannot be read.
    """
    inside, suffix = PurePosixPath(path), PurePosixPath(path).suffix.lower()
    try:
        size = file.stat().st_size
        if not 0 < size <= MOST_BYTES or not path.isprintable():
            return None
        if found := _OF_STEP.fullmatch(path):
            is_whole = suffix in PICTURES and "compressed" not in inside.name
            name = found[1].replace("#", "/")  # as MLflow writes a slash there
            return FoundMedia("image", name, int(found[2]), at=int(found[3]) / 1000) if is_whole else None
        if suffix in PICTURES:
            return FoundMedia("image", path)
        if suffix in KINDS["audio"]:
            return FoundMedia("audio", path)
        if suffix in KINDS["text"] and size <= _TEXT_BYTES and inside.name.lower() not in _NOT_TEXTS:
            return FoundMedia("text", path)
        if suffix == ".json" and size <= _TABLE_BYTES and is_table(file):
            return FoundMedia("table", path)
    except OSError:
        return None
    return None


def is_table(file: Path) -> bool:
    """Whether it has columns and rows, as pandas writes a frame split. Raises OSError."""
    try:
        told = json.loads(file.read_bytes())
        return isinstance(told["columns"], list) and all(isinstance(row, list) for row in told["data"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
