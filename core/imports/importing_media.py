"""Storing what is to be looked at, of a run that was found elsewhere."""

from pathlib import Path

from core.common.errors import DataError
from core.imports.found_run import FoundRun, safe
from core.runs.media_files import MOST_ITEMS, place
from db.media import MediaRecord


def place_media(folder: Path, run_id: int, found: FoundRun) -> tuple[list[MediaRecord], int]:
    """Put them into the run's folder; what has to be stored of them, and how many are new. Raises OSError."""
    records, count = _of_files(folder, run_id, found), 0
    for item in found.media[:MOST_ITEMS]:
        try:
            record, is_new = place(folder, run_id, item)
        except DataError as error:
            found.left_out[str(error)[:200]] += 1
            continue
        records.append(record)
        count += is_new
    if len(found.media) > MOST_ITEMS:
        found.left_out[f"media past the first {MOST_ITEMS:,}"] += len(found.media) - MOST_ITEMS
    return records, count


def _of_files(folder: Path, run_id: int, found: FoundRun) -> list[MediaRecord]:
    records = []
    for path, shown in found.shown.items():
        inside = safe(path).as_posix()
        status = (folder / inside).stat()
        records.append(shown.record(run_id, inside, status.st_size, status.st_mtime))
    return records
