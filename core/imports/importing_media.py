"""Storing what is to be looked at, of a run that was found elsewhere."""

from pathlib import Path

import db.media
from core.common.context import Context
from core.common.errors import DataError
from core.imports.found_run import FoundRun, safe
from core.runs.media_files import MOST_ITEMS, place
from db.media import MediaRecord

_TOGETHER = 5000  # rows in a transaction


def keep_media(context: Context, run_id: int, found: FoundRun) -> int:
    """How many are new; those that are there already are found again. Raises OSError."""
    folder = context.workspace.settings.run_dir(run_id)
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
    for start in range(0, len(records), _TOGETHER):
        with context.workspace.write() as session:
            db.media.put(session, records[start : start + _TOGETHER])
    return count


def _of_files(folder: Path, run_id: int, found: FoundRun) -> list[MediaRecord]:
    records = []
    for path, shown in found.shown.items():
        inside = safe(path).as_posix()
        status = (folder / inside).stat()
        records.append(shown.record(run_id, inside, status.st_size, status.st_mtime))
    return records
