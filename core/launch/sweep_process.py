"""What the supervisor does about sweeps: start the process that searches, where a sweep needs it and there is none."""

import os
import subprocess
import sys
import time

from core.common.settings import PROJECT_ROOT
from core.common.workspace import Workspace
from core.sweeps.sweeping import LOCK, take_lock, unmeasured, wanted
from core.system.process import was_killed

_LOG = "sweeps.log"  # in the workspace's folder
_EARLY_SECONDS = 10.0
_LONGEST_WAIT = 60.0
_AFTER_KILL = 1.0


class SweepProcess:
    """Of one supervisor. The process ends by itself, and with the supervisor."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._process: subprocess.Popen[bytes] | None = None
        self._spawned_at = self._not_before = 0.0
        self._early = 0  # ends in a row soon after the start
        self._looked_back = False  # for what a supervisor before it left undone

    def keep(self) -> None:
        """To be called at each look. Raises StoreError, OSError."""
        if self._process is not None and self._process.poll() is None:
            return
        now = time.monotonic()
        if self._process is not None:
            self._not_before = now + self._wait(self._process.returncode, now - self._spawned_at)
            self._process = None
        if now < self._not_before or not self._is_needed():
            return
        lock = take_lock(self._workspace.settings.home / LOCK)
        if lock is None:  # that of another supervisor, or of a test
            return
        lock.close()
        self._process, self._spawned_at = self._spawn(), now

    def _wait(self, code: int, lived: float) -> float:
        """Seconds until it is begun again: ever longer where it fails by itself as soon as it is."""
        if was_killed(code):
            return _AFTER_KILL
        self._early = self._early + 1 if code and lived < _EARLY_SECONDS else 0
        return min(_LONGEST_WAIT, 2.0**self._early - 1)

    def _is_needed(self) -> bool:
        if wanted(self._workspace):
            return True
        looked_back, self._looked_back = self._looked_back, True
        return not looked_back and bool(unmeasured(self._workspace))

    def _spawn(self) -> "subprocess.Popen[bytes]":
        settings = self._workspace.settings
        with (settings.home / _LOG).open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "core.sweeps.sweeping", str(os.getpid())],
                cwd=PROJECT_ROOT,
                env=os.environ | settings.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
