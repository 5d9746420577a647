"""The trash: runs are put there first, and deleted for good when it is emptied."""

import contextlib
import shutil
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import db.events
import db.health
import db.listing
import db.metrics
import db.points
import db.runs
import db.sweeps
import db.written_reports
from core.common.context import Context
from core.common.workspace import Workspace
from core.runs.events import run_event
from core.runs.kinds import LOGGED, SCRIPT
from core.runs.location import is_here
from core.runs.permissions import Action, require
from core.scripts import code_store
from db.engine import Session
from db.listing import RunQuery
from db.records import RunRecord

_JUST_FROZEN = 3600.0  # seconds in which a report that names what was frozen may yet be saved
_BATCH = 10  # runs per transaction: trainers that want to write wait for it
_POINTS = 20_000  # of a run per transaction; what is left of them goes with its other rows


@dataclass(frozen=True)
class Emptied:
    """What emptying the trash did: how many runs went, how many bytes the disk got back, and the runs that stayed in
    the trash because their files could not be removed, each with the reason."""

    count: int
    freed: int
    kept: dict[int, str]


def trash(context: Context, run_ids: Iterable[int]) -> tuple[list[int], list[int]]:
    """Put runs into the trash; returns those that went, and those that did not because they are still active.

    A run that a client reports has no process of ours that would go on; it goes whatever its state.

    Raises:
        ForbiddenError: none went.
    """
    with context.workspace.write() as session:
        return trash_in(context, session, run_ids, time.time())


def trash_in(context: Context, session: Session, run_ids: Iterable[int], at: float) -> tuple[list[int], list[int]]:
    """As `trash`, within a transaction of the caller's; `at` in UTC seconds. Raises ForbiddenError."""
    runs = db.runs.get_many(session, run_ids)
    gone = [run for run in runs if run.state.is_finished or run.kind == LOGGED.name]
    for run in gone:
        require(context, Action.DELETE, run)
    db.runs.update_many(session, [run.id for run in gone], trashed_at=at)
    _note(context, session, Action.DELETE, gone, trashed=True)
    went = {run.id for run in gone}
    return [run.id for run in gone], [run.id for run in runs if run.id not in went]


def restore(context: Context, run_ids: Iterable[int]) -> list[int]:
    """Take runs back out of the trash; returns those that are out: not those whose files are being removed.

    Raises:
        ForbiddenError: none was taken out.
    """
    with context.workspace.write() as session:
        return restore_in(context, session, run_ids)


def restore_in(context: Context, session: Session, run_ids: Iterable[int]) -> list[int]:
    """As `restore`, within a transaction of the caller's. Raises ForbiddenError."""
    runs = db.runs.get_many(session, run_ids)
    for run in runs:
        require(context, Action.RESTORE, run)
    out = db.runs.restore(session, [run.id for run in runs])
    _note(context, session, Action.RESTORE, [run for run in runs if run.id in set(out)], trashed=False)
    return out


def _note(context: Context, session: Session, action: Action, runs: Iterable[RunRecord], *, trashed: bool) -> None:
    """Of runs as they were before."""
    before = {run.id: {"trashed": run.trashed_at is not None} for run in runs}
    after = {"trashed": trashed}
    db.events.add(session, [run_event(context, action, run_id, old, after) for run_id, old in before.items()])


def empty_trash(context: Context, only: Collection[int] | None = None) -> Emptied:
    """Delete what is in the trash for good: the files first, then the rows of what has no files any more; with them
    what was frozen in reports that were deleted.

    All of it, or of these runs those that are in it.

    Cut short, it leaves runs in the trash that cannot be restored; the next time finishes the work.

    Raises:
        ForbiddenError
    """
    require(context, Action.PURGE)
    workspace = context.workspace
    before = _database_bytes(workspace)
    with workspace.read() as session:
        doomed = [each for each in db.listing.ids(session, RunQuery(trashed=True)) if only is None or each in only]
    count = freed = 0
    kept: dict[int, str] = {}
    scripts = False
    for start in range(0, len(doomed), _BATCH):
        with workspace.write() as session:  # somebody may have taken some of them out again; from now on nobody can
            batch = db.runs.begin_deleting(session, doomed[start : start + _BATCH])
            runs = db.runs.get_many(session, batch)
        gone = []
        for run in runs:
            here = is_here(workspace.settings, run)  # else what lies under its number is another's
            removed, reason = _remove_folder(workspace.settings.run_dir(run.id)) if here else (0, "")
            freed += removed
            if reason:
                kept[run.id] = reason
            else:
                gone.append(run)
        _delete_rows(context, gone, [run_id for run_id in batch if run_id in kept])
        count += len(gone)
        scripts = scripts or any(run.kind == SCRIPT.name for run in gone)
    if scripts:
        freed += _sweep_code(workspace)
    with workspace.write() as session:
        db.written_reports.drop_unnamed(session, time.time() - _JUST_FROZEN)
    workspace.compact()
    return Emptied(count, freed + max(0, before - _database_bytes(workspace)), kept)


def _sweep_code(workspace: Workspace) -> int:
    """Snapshots that neither a run nor a sweep has any more; returns the bytes that this freed."""
    with workspace.read() as session:
        found = db.runs.specs_of_kind(session, SCRIPT.name)
        sweeps = [each.definition for each in db.sweeps.listing(session)]
    found += [(told.get("base", {}), told.get("facts", {})) for told in sweeps if told.get("kind") == SCRIPT.name]
    snapshots = {str(config.get("project", {}).get("snapshot", "")) for config, _ in found}
    diffs = {str(facts.get("code", {}).get("diff", "")) for _, facts in found}
    return code_store.sweep(workspace.settings, snapshots, diffs)


def _delete_rows(context: Context, runs: list[RunRecord], kept: list[int]) -> None:
    workspace, gone = context.workspace, [run.id for run in runs]
    with workspace.read() as session:
        points = db.metrics.counts(session, gone)
    for run_id, number in points.items():
        for _ in range(number // _POINTS):
            with workspace.write() as session:
                db.points.remove_first(session, run_id, _POINTS)
    with workspace.write() as session:
        still = db.runs.existing(session, gone)  # somebody else empties the trash as well
        db.runs.delete(session, gone)
        db.runs.update_many(session, kept, deleting_at=None)
        purged = [run_event(context, Action.PURGE, run.id, _told(run), {}) for run in runs if run.id in still]
        db.events.add(session, purged)


def _told(run: RunRecord) -> dict[str, str]:
    """What is remembered of a run once it is gone."""
    return {"name": run.name, "experiment": run.experiment, "state": run.state.value, "created_by": run.created_by}


def folder_bytes(folder: Path, *, unshared: bool = False) -> int:
    """Bytes of all files below a folder, 0 when there is none; `unshared`: of those that no other folder has, too."""
    total = 0
    for path in folder.rglob("*"):
        try:
            status = path.lstat()
            counts = path.is_file() and not (unshared and status.st_nlink > 1)
            total += status.st_size if counts else 0
        except OSError:  # removed in the meantime
            continue
    return total


def _remove_folder(folder: Path) -> tuple[int, str]:
    """The bytes that this freed, and why it could not be removed, "" when it is gone.

    What a model keeps of the run (core.models.version_files) stays on the disk, and is not counted.
    """
    before = folder_bytes(folder, unshared=True)
    reason = ""
    try:
        while folder.exists() or folder.is_symlink():
            with contextlib.suppress(FileNotFoundError):  # somebody else empties the trash as well
                shutil.rmtree(folder)
    except OSError as error:
        reason = f"{error.strerror or error} ({error.filename or folder})"
    return before - folder_bytes(folder, unshared=True), reason


def _database_bytes(workspace: Workspace) -> int:
    file = workspace.settings.database_file
    if file is None:
        with workspace.read() as session:
            return db.health.size(session)
    return sum(path.stat().st_size for path in (file, Path(f"{file}-wal")) if path.exists())
