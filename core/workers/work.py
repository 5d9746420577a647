"""What a worker is given beside its payload."""

import time
from collections.abc import Callable

from core.common.pause_points import pause_point
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.jobs.job_kind import Progress

_TELL_SECONDS = 0.2  # at least, between two writes of a share; a page looks more seldom


class Work:
    """One job, being done."""

    def __init__(self, workspace: Workspace, tell: Callable[[Progress], object] = lambda _: None) -> None:
        """`tell` stores what whoever waits is shown."""
        self.workspace = workspace
        self._tell = tell
        self._told = Progress()
        self._told_at = 0.0

    @property
    def settings(self) -> Settings:
        return self.workspace.settings

    def progress(self, text: str, share: float | None = None) -> None:
        """Say what is being done, and how much of all is done (0 to 1). May be called as often as one likes."""
        pause_point("working")
        told, now = Progress(text=text, share=share), time.monotonic()
        if told.text == self._told.text and now - self._told_at < _TELL_SECONDS:
            return
        self._told, self._told_at = told, now
        self._tell(told)
