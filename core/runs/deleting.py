"""The trash: runs are put there first, and deleted for good when it is emptied."""

import shutil
import time
from collections.abc import Iterable
from pathlib import Path

import db.listing
import db.runs
from core.common.context import Context
from core.runs.location import is_here
from db.listing import RunQuery

_BATCH = 20  # runs per transaction: trainers that want to write wait for it


def trash(context: Context, run_ids: Iterable[int]) -> tuple[list[int], list[int]]:
    """Put runs into the trash; returns those that went, and those that did not because they are still active."""
    with context.workspace.write() as session:
        states = db.runs.states(session, run_ids)
        gone = [run_id for run_id, state in states.items() if state.is_finished]
        db.runs.update_many(session, gone, trashed_at=time.time())
    return gone, [run_id for run_id, state in states.items() if not state.is_finished]


def restore(context: Context, run_ids: Iterable[int]) -> None:
    """Take runs back out of the trash."""
    with context.workspace.write() as session:
        db.runs.update_many(session, run_ids, trashed_at=None)


def empty_trash(context: Context) -> tuple[int, int]:
    """Delete what is in the trash for good; returns how many runs, and how many bytes the disk got back."""
    before = _database_bytes(context)
    with context.workspace.read() as session:
        doomed = db.listing.ids(session, RunQuery(trashed=True))
    count = freed = 0
    for start in range(0, len(doomed), _BATCH):
        with context.workspace.write() as session:
            # Somebody may have taken some of them out again. Files go first: if this is cut short, the run is still
            # in the trash and the next time finishes the work.
            batch = db.runs.still_trashed(session, doomed[start : start + _BATCH])
            for run in db.runs.get_many(session, batch):
                if is_here(context.workspace.settings, run):  # else what lies under its number is another's
                    freed += _remove_folder(context.workspace.settings.run_dir(run.id))
            db.runs.delete(session, batch)
            count += len(batch)
    context.workspace.compact()
    return count, freed + max(0, before - _database_bytes(context))


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below a folder, 0 when there is none."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size if path.is_file() else 0
        except OSError:  # removed in the meantime
            continue
    return total


def _remove_folder(folder: Path) -> int:
    """The bytes that this freed."""
    before = folder_bytes(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return before - folder_bytes(folder)


def _database_bytes(context: Context) -> int:
    file = context.workspace.settings.database_file
    return 0 if file is None else sum(path.stat().st_size for path in (file, Path(f"{file}-wal")) if path.exists())
