"""The server's watchdog outlives whatever a machine can run out of for a while."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.common.errors import StoreError
from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from core.launch import watchdog
from core.launch.watchdog import Watchdog
from tests.host import PATIENCE_SECONDS

STRANGER = "54321"  # a user without processes
CAPABILITIES = "-all,+dac_override,+dac_read_search"  # what root may do with files, and no more: its limits hold then


@pytest.fixture
def home() -> Iterator[Path]:
    """A workspace for another user, too, who may not see pytest's folders."""
    folder = Path(tempfile.mkdtemp())
    if os.getuid() == 0:
        os.chown(folder, int(STRANGER), -1)
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.mark.parametrize("hindrance", ["folder", "handles", "processes"])
def test_the_watchdog_starts_a_supervisor_once_what_was_missing_is_back(hindrance: str, home: Path) -> None:
    command = [sys.executable, "-m", "tests.core.launch.watched", hindrance]
    if hindrance == "processes" and os.getuid() == 0:  # for whom there is no limit
        if shutil.which("setpriv") is None:
            pytest.skip("the number of root's processes can be limited with setpriv only, which is not installed")
        sets = [f"--{name}={CAPABILITIES}" for name in ("inh-caps", "ambient-caps", "bounding-set")]
        command = ["setpriv", f"--reuid={STRANGER}", "--clear-groups", *sets, *command]
    settings = Settings(home=home, user="ada", standby=False)
    environment = (
        os.environ | settings.environment() | {"PYTHONPATH": str(PROJECT_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    )
    told = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, text=True, capture_output=True, timeout=600)
    assert told.stdout == "survived\n", told.stdout + told.stderr


@pytest.mark.parametrize(("code", "waits"), [(-signal.SIGKILL, False), (-signal.SIGSEGV, True), (1, True)])
def test_only_a_supervisor_that_ends_by_itself_is_started_ever_later(
    workspace: Workspace, code: int, waits: bool
) -> None:
    kept = Watchdog(lambda: workspace)
    for _ in range(3):
        kept._spawned_at = time.monotonic()
        kept._note_end(code)
    assert (kept._not_before > time.monotonic() + 1) == waits


def test_the_watchdog_survives_even_what_nobody_thought_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watchdog, "CHECK_SECONDS", 0.01)
    monkeypatch.setattr(watchdog, "LONGEST_PAUSE", 0.01)
    tries = threading.Semaphore(0)
    errors = [RuntimeError("nobody thought of this")] * 3

    def fails() -> Workspace:
        tries.release()
        raise errors.pop() if errors else StoreError("out of reach")

    started = Watchdog(fails)
    started.start()
    for _ in range(5):
        assert tries.acquire(timeout=PATIENCE_SECONDS)
    assert started.stop() == 0
    told = capsys.readouterr().out
    assert told.count("No supervisor can be seen to, trying again: nobody thought of this") == 1
    assert told.count("Traceback") == 1
    assert told.count("trying again: out of reach") == 1
