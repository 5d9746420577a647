"""Places where processes of a test are held; see core.common.pause_points."""

import os
import signal
from pathlib import Path

from tests.host import wait_until


class Pauses:
    """Of the folder that TRAINDECK_PAUSES names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self, place: str) -> None:
        (self.folder / place).touch()

    def waits(self, place: str) -> int:
        """The pid of the process that waits there."""
        [path] = wait_until(lambda: list(self.folder.glob(f"{place}.*")), f"a process comes by {place}")
        return int(path.suffix[1:])

    def forget(self, place: str) -> None:
        """Whoever waits there goes on, or is gone."""
        for path in self.folder.glob(f"{place}.*"):
            path.unlink()

    def kill(self, place: str) -> None:
        """The process that waits there never goes on."""
        os.kill(self.waits(place), signal.SIGKILL)
        self.forget(place)
