"""A server's watchdog in a process of its own, which runs out of what it needs for a while. See test_watchdog.py."""

import os
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from core.common.settings import Settings
from core.common.workspace import Workspace
from core.launch.watchdog import Watchdog
from core.system.hosts import living_supervisor
from tests.host import wait_until

Hindrance = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def without_folder(home: Path) -> Iterator[None]:
    away = home.with_name("away")
    home.rename(away)
    yield
    assert not home.exists(), "a workspace was made anew where the one that is away belongs"
    away.rename(home)


@contextmanager
def without_processes(_home: Path) -> Iterator[None]:
    with _limited(resource.RLIMIT_NPROC, 1):
        yield


@contextmanager
def without_handles(_home: Path) -> Iterator[None]:
    with _limited(resource.RLIMIT_NOFILE, 3):
        yield


@contextmanager
def _limited(what: int, most: int) -> Iterator[None]:
    before = resource.getrlimit(what)
    resource.setrlimit(what, (most, before[1]))
    yield
    resource.setrlimit(what, before)


HINDRANCES: dict[str, Hindrance] = {
    "folder": without_folder,
    "processes": without_processes,
    "handles": without_handles,
}


def main(hindrance: str) -> None:
    settings = Settings()
    workspace = Workspace.open(settings)
    console = sys.stdout
    with tempfile.TemporaryFile("w+", buffering=1) as told:  # open from the start: later there may be no handle for it
        sys.stdout = told
        watchdog = Watchdog(lambda: workspace)
        watchdog.start()
        try:
            _survive(workspace, HINDRANCES[hindrance], lambda: os.pread(told.fileno(), 10_000, 0).decode())
        finally:
            watchdog.stop()
        lines = os.pread(told.fileno(), 10_000, 0).decode().splitlines()
    assert len(lines) == len(set(lines)), lines
    assert living_supervisor(workspace) is None
    console.write("survived\n")


def _survive(workspace: Workspace, hindrance: Hindrance, told: Callable[[], str]) -> None:
    first = wait_until(lambda: living_supervisor(workspace), "a supervisor").pid
    with hindrance(workspace.settings.home):
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: "No supervisor can be seen to" in told(), "it is told")
    second = wait_until(lambda: living_supervisor(workspace), "a new supervisor").pid
    assert second != first
    wait_until(lambda: "seen to again" in told(), "the end of it is told")


if __name__ == "__main__":
    main(sys.argv[1])
