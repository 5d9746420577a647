"""What the server does about the supervisor: start it, start it again when it dies, end it with the server."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import psutil

import db.hosts
import db.runs
from core.common.errors import StoreError
from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from core.system.hosts import living_supervisor
from core.system.process import describe_exit, was_killed
from core.tracking.run_log import log_line
from core.tracking.trouble import Trouble

CHECK_SECONDS = 2.0
EARLY_SECONDS = 30.0  # a supervisor that ends sooner has not come to work
LONGEST_WAIT = 60.0  # seconds, before one is started again that ended early time after time
LONGEST_PAUSE = 10.0  # seconds between two tries, while something is wrong
# In the environment of a supervisor that belongs to a server; one that a person started is left alone. The command line
# would not do: the process title takes its place.
KEPT = "TRAINDECK_KEPT_BY_SERVER"


class Watchdog:
    """A thread of the server that sees to it that there is a supervisor, for as long as the server lives."""

    def __init__(self, workspace: Callable[[], Workspace]) -> None:
        """`workspace` gives the open workspace, or raises StoreError while there is none."""
        self._workspace = workspace
        self._process: subprocess.Popen[bytes] | None = None
        self._spawned_at = self._not_before = 0.0
        self._early = 0  # ends in a row
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="watchdog", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> int:
        """End the supervisor, unless a person started it; returns the number of trainings that go on without it."""
        self._stopping.set()
        self._thread.join()
        try:
            workspace = self._workspace()
            host = living_supervisor(workspace)
            if host is not None and _is_kept(host.pid):
                os.kill(host.pid, signal.SIGTERM)
                psutil.wait_procs([psutil.Process(host.pid)], timeout=10)
            elif self._process is not None:  # it was still starting
                self._process.terminate()
            with workspace.read() as session:
                return sum(run.state.has_process for run in db.runs.in_states(session))
        except (StoreError, OSError, psutil.Error):
            return 0

    def _keep(self) -> None:
        trouble = Trouble("No supervisor can be seen to, trying again", LONGEST_PAUSE)
        while not self._stopping.is_set():
            pause = CHECK_SECONDS
            try:
                self._look()
                trouble.over("The supervisor is seen to again.")
            except Exception as error:  # noqa: BLE001 - a folder that is away, no more processes or handles: it passes
                pause = max(pause, trouble.tell(error))
            self._stopping.wait(pause)

    def _look(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            self._note_end(self._process.returncode)
            self._process = None
        if self._process is not None or time.monotonic() < self._not_before:
            return
        if living_supervisor(self._workspace()) is None:
            self._process = _spawn(self._workspace().settings)
            self._spawned_at = time.monotonic()

    def _note_end(self, code: int) -> None:
        """One that ends by itself again and again as soon as it was started is started ever later."""
        now = time.monotonic()
        is_early = now - self._spawned_at < EARLY_SECONDS and not was_killed(code)
        self._early = self._early + 1 if is_early else 0
        wait = min(LONGEST_WAIT, 2.0**self._early) if self._early > 1 else 0.0
        self._not_before = now + wait
        if wait:
            log = self._workspace().settings.home / "supervisor.log"
            times = f"The supervisor ended {self._early} times in a row soon after its start"
            log_line(f"{times}: {describe_exit(code)}. Trying again in {wait:g} s; {log} says more.")


def _spawn(settings: Settings) -> "subprocess.Popen[bytes]":
    # In a session of its own: Ctrl-C at the server's terminal is not meant for it.
    with (settings.home / "supervisor.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "core", "supervise"],
            cwd=PROJECT_ROOT,
            env=os.environ | settings.environment() | {KEPT: "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _is_kept(pid: int) -> bool:
    try:
        return KEPT in psutil.Process(pid).environ()
    except psutil.AccessDenied:  # of another user, and so no child of this server
        return False
