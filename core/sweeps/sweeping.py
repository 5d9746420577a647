"""The process that searches: `python -m core.sweeps.sweeping PARENT`, while there is a sweep that needs it.

It looks at every sweep that is running when something was written, and ends with its parent, which is the supervisor,
or once there was nothing to do for a while. A lock keeps two of one host from doing the same work.
"""

import fcntl
import os
import sys
import threading
import time
from pathlib import Path
from typing import IO

import db.sweeps
from core.common.context import Context
from core.common.errors import NotFoundError, StoreError
from core.common.settings import Settings
from core.common.workspace import Workspace, keep_private
from core.sweeps import importance_told
from core.sweeps.advancing import SWEEP, Advancing
from core.sweeps.expected_ends import expected_ends
from core.sweeps.kept_sweep import kept_view
from core.sweeps.trials import SweepView
from core.system.process import end_with, set_title
from core.tracking.log_stream import guard_output
from core.tracking.run_log import log_error, log_line
from core.tracking.trouble import Trouble
from db.changes import Changes

LOCK = "sweeps.lock"  # in the workspace's folder
LOOK_SECONDS = 1.0  # between two looks when nobody has written anything
TICK_SECONDS = 0.01
_REST = 5.0  # times what a look took, until the next one: of ten thousand trials it would leave nothing to trainings
IDLE_SECONDS = 5.0  # without a sweep that needs it, after which it ends


def take_lock(path: Path) -> IO[str] | None:
    """None where another process has it."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    os.set_inheritable(file.fileno(), False)
    return file


def wanted(workspace: Workspace) -> list[int]:
    """Numbers of sweeps that are running, or of which something is to be kept. Raises StoreError."""
    with workspace.read() as session:
        return db.sweeps.at_work(session)


def has_ended_one(workspace: Workspace) -> bool:
    """Whether a trial's run is at rest and that was not seen yet: its slot is free, which is worth a look at once.

    Raises StoreError.
    """
    with workspace.read() as session:
        return db.sweeps.has_ended_one(session)


def unmeasured(workspace: Workspace) -> set[int]:
    """Numbers of sweeps that are not running, whose fields have no importance or one of fewer results than there are:
    the process that was to compute it was killed. Raises StoreError.
    """
    with workspace.read() as session:
        results = db.sweeps.with_results(session)
        able = {sweep for sweep, count in results.items() if count >= importance_told.FEWEST}
        found = [db.sweeps.get(session, sweep) for sweep in able]
    return {each.id for each in found if each is not None and results[each.id] > importance_told.known_of(each)}


def main(parent: str) -> int:
    end_with(int(parent))
    set_title("sweeps")
    guard_output()
    settings = Settings()
    keep_private(settings)
    lock = take_lock(settings.home / LOCK)
    if lock is None:
        return 0
    with lock:
        search(Workspace.open(settings))
    return 0


def search(workspace: Workspace) -> None:
    """Until no sweep has needed anything for a while."""
    advancing = Advancing(Context(workspace, SWEEP))
    changes = Changes(workspace.database)
    measuring = Measuring(workspace)
    trouble = Trouble("The store is out of reach, trying again", 1.0)
    idle_since: float | None = time.monotonic()
    has_begun = False
    looked_at, took, is_changed = -LOOK_SECONDS, 0.0, True
    while idle_since is None or time.monotonic() - idle_since < IDLE_SECONDS or is_changed or measuring.is_at_work:
        since, known = time.monotonic() - looked_at, len(sys.modules)
        is_news = changes.any()
        is_changed |= is_news
        try:
            has_rested = since >= _REST * took and (is_changed or since >= LOOK_SECONDS)
            if has_rested or (is_news and has_ended_one(workspace)):
                looked_at, is_changed = time.monotonic(), False
                sweeps = look_at_all(workspace, advancing)
                if not has_begun:
                    has_begun, measuring.known = True, unmeasured(workspace)
                measuring.look({*measuring.known, *sweeps})
                idle_since = None if sweeps or measuring.is_at_work else (idle_since or time.monotonic())
                trouble.over("The store is in reach again.")
                # What had to be imported is there the next time.
                took = time.monotonic() - looked_at if len(sys.modules) == known else 0.0
        except StoreError as error:
            time.sleep(trouble.tell(error))
        time.sleep(TICK_SECONDS)
    changes.close()


class Measuring:
    """Importance of fields, computed beside the search where it has become due."""

    def __init__(self, workspace: Workspace) -> None:
        self.known: set[int] = set()  # sweeps that were looked at
        self._workspace = workspace
        self._failed: set[int] = set()  # sweeps of which it could not be computed
        self._thread: threading.Thread | None = None

    @property
    def is_at_work(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def look(self, sweeps: set[int]) -> None:
        """Raises StoreError."""
        self.known = sweeps
        if self.is_at_work:
            return
        context = Context(self._workspace, SWEEP)
        for sweep in sorted(sweeps - self._failed):
            try:
                found = kept_view(context, sweep)
            except NotFoundError:
                continue
            if importance_told.is_due(found):
                self._thread = threading.Thread(target=self._measure, args=(found,), daemon=True)
                self._thread.start()
                return

    def _measure(self, found: SweepView) -> None:
        from core.sweeps.field_importance import importance

        try:
            expected = expected_ends(Context(self._workspace, SWEEP), found)
            measured = {**(importance(found, expected) or {}), "of": importance_told.with_result(found)}
            with self._workspace.write() as session:
                db.sweeps.tell(session, found.sweep.id, {importance_told.KEY: measured})
        except Exception as error:  # noqa: BLE001 - what is nice to know ends no search
            self._failed.add(found.sweep.id)
            log_error(error)


def look_at_all(workspace: Workspace, advancing: Advancing) -> list[int]:
    """One look at each sweep that needs it; returns their numbers. Raises StoreError."""
    sweeps = wanted(workspace)
    for sweep in sweeps:
        try:
            advancing.look(sweep)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one sweep never stops the others
            log_line(f"Sweep {sweep}: failed, and is looked at again.")
            log_error(error)
            advancing.failed(sweep, error)
    return sweeps


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
