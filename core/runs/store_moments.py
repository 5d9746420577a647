"""When the store was last seen to change, for whoever keeps what was computed of all of it."""

import threading

from core.common.workspace import Workspace
from db.changes import Changes


class StoreMoments:
    """Counts the changes that were seen; any number of threads may ask."""

    def __init__(self, workspace: Workspace) -> None:
        self._lock = threading.Lock()
        # A server's database tells of a change a moment after it, and of metrics not at all: there nothing can be kept.
        self._changes = Changes(workspace.database) if workspace.database.is_sqlite else None
        self._count = 0

    def now(self) -> int:
        """The same as long as nothing was written to the store, by whichever process; of a server's always another."""
        with self._lock:
            self._count += self._changes.any() if self._changes is not None else 1
            return self._count

    def close(self) -> None:
        if self._changes is not None:
            self._changes.close()
