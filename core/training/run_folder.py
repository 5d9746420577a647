"""The folder of a run while it trains: whether it is still there, and what the run says when it is not."""

import contextlib
import os
import time
from pathlib import Path

from core.common.errors import TraindeckError

AWAY_SECONDS = 5.0  # after which a folder that is missing, while the workspace is there, was removed and will not come
AWAY_WITH_WORKSPACE_SECONDS = 600.0  # the workspace may be on a disk that is away


class RunFolderError(TraindeckError):
    """The files of the run are gone, or can no longer be written: it cannot go on."""


class RunFolder:
    """Of one run, from when its process takes it."""

    def __init__(self, home: Path, path: Path) -> None:
        """`home`: the workspace's folder."""
        self._home = home
        self.path = path
        self._away_since: float | None = None
        self._held: int | None = None  # a folder that is held open keeps its number, so that no new one can have it
        with contextlib.suppress(OSError):
            self._held = os.open(path, os.O_RDONLY | os.O_DIRECTORY)

    def removed(self) -> bool:
        """Whether it is gone for good, or another has come in its place; a look at a name, for every heartbeat."""
        if self._held is None or self._is_there():
            self._away_since = None
            return False
        now = time.monotonic()
        self._away_since = now if self._away_since is None else self._away_since
        patience = AWAY_SECONDS if self._home.is_dir() else AWAY_WITH_WORKSPACE_SECONDS
        return now - self._away_since >= patience

    def _is_there(self) -> bool:
        assert self._held is not None
        try:
            return os.path.samestat(os.fstat(self._held), self.path.stat())
        except OSError:
            return False

    def told(self) -> str:
        """What the run ends with once it was removed."""
        return (
            f"Its folder {self.path} was removed while it ran, with its checkpoints and its log. What it had recorded "
            "is kept. It cannot be resumed; relaunch it to start anew."
        )
