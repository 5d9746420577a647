"""The files that a run leaves, put in place under its lease: the file and what the store knows of it go together."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import db.leases
from core.common.workspace import Workspace
from db.records import ArtifactRecord, Lease


class Artifacts:
    """The files of one attempt at a run."""

    def __init__(self, workspace: Workspace, lease: Lease) -> None:
        self._workspace = workspace
        self._lease = lease
        self.folder = workspace.settings.run_dir(lease.run)

    @contextmanager
    def publishing(self, path: Path, kind: str) -> Iterator[None]:
        """What runs within puts this file in place, and must be quick: nobody can take the run, or write, meanwhile.

        Raises:
            LeaseLostError: before anything was done.
            StoreError: the store is out of reach; the file may be in place.
        """
        with self._workspace.write() as session:
            db.leases.held(session, self._lease)
            yield
            inside = path.relative_to(self.folder).as_posix()
            known = ArtifactRecord(self._lease.run, path.name, kind, inside, path.stat().st_size, time.time())
            db.leases.put_artifact(session, self._lease, known)

    def record(self, path: Path, kind: str) -> None:
        """Of a file that is in place. Raises LeaseLostError, StoreError."""
        with self.publishing(path, kind):
            pass


class ArtifactsAtRest:
    """The files of a run that nobody works on; `lease` names the run and its last attempt."""

    def __init__(self, workspace: Workspace, lease: Lease) -> None:
        self._workspace = workspace
        self._lease = lease
        self._folder = workspace.settings.run_dir(lease.run)

    @contextmanager
    def publishing(self, path: Path, kind: str) -> Iterator[None]:
        """As of `Artifacts`. Raises LeaseLostError where the run goes on or is gone, StoreError."""
        with self._workspace.write() as session:
            db.leases.at_rest(session, self._lease)
            yield
            inside = path.relative_to(self._folder).as_posix()
            known = ArtifactRecord(self._lease.run, path.name, kind, inside, path.stat().st_size, time.time())
            db.leases.put_late_artifact(session, self._lease, known)
