"""Asking a script to end: by what it looks at, where it does; then by a signal; then by force."""

import contextlib
import signal
import time
from pathlib import Path

from core.script_runs import process_tree
from core.script_runs.script_process import ScriptProcess
from core.script_runs.written_metrics import lines_file
from core.tracking.run_log import log_line

# In the folder that `traindeck` keeps files in; core.client.outlet writes the one and looks for the other.
LISTENS, STOP = "listens", "stop"


class Stopping:
    """Of one attempt. A script that has looked at `should_stop` is asked that way first, with the whole time to end."""

    def __init__(self, process: ScriptProcess, run_folder: Path) -> None:
        self._process = process
        self._folder = lines_file(run_folder).with_suffix("")
        self._next_at: float | None = None  # monotonic: when it is asked harder
        self._signalled = False

    def ask(self, seconds: float) -> None:
        """It has so many seconds until it is asked harder."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            (self._folder / STOP).touch()
            if (self._folder / LISTENS).exists():
                self._next_at = time.monotonic() + seconds
                log_line("The script is asked to stop: traindeck's should_stop is True now.")
                return
        self._signal(seconds)

    def look(self, seconds: float) -> None:
        """To be called again and again while it has not ended."""
        if self._next_at is None or time.monotonic() < self._next_at:
            return
        log_line(f"It had not ended {seconds:g} s after it was asked to{': it is killed' if self._signalled else ''}.")
        if self._signalled:
            self._next_at = None
            process_tree.end_all()
        else:
            self._signal(seconds)

    def _signal(self, seconds: float) -> None:
        self._signalled = True
        self._next_at = time.monotonic() + seconds
        log_line("The script is asked to stop (SIGTERM).")
        self._process.signal(signal.SIGTERM)
