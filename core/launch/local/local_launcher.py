"""The launcher of this host: the standby forks a process for each job."""

import contextlib
import socket
from collections.abc import Sequence
from typing import Any

import db.jobs
from core.common.errors import StoreError
from core.common.workspace import Workspace
from core.launch.launcher import Job, JobState, JobStatus, LaunchError, RunFile
from core.launch.local.dispatcher import Dispatcher
from core.launch.local.standby_client import StandbyClient
from core.runs.results import last_lines
from core.system.devices import slots, visible_devices
from db.records import JobRecord

Attempt = tuple[int, int]  # a run, and the attempt at it


class LocalLauncher:
    """See core.launch.launcher for the contract."""

    def __init__(self, workspace: Workspace) -> None:
        self.slots = slots(workspace.settings)
        self._workspace = workspace
        self._settings = workspace.settings
        self._standby = StandbyClient(workspace.settings)
        self._was_ready = False
        self._sent: set[Attempt] = set()  # what the living standby was given, and has not told the end of
        self._exits: dict[Attempt, tuple[int, int]] = {}  # pid and exit code, as the standby saw them
        self._dispatcher = Dispatcher(workspace, self._standby, socket.gethostname())
        self._unfinished: list[JobRecord] | None = None  # as of this look at the store

    @property
    def ready(self) -> bool:
        return self._standby.alive

    @property
    def failures(self) -> int:
        return self._standby.deaths

    def prepare(self, *, wanted: bool) -> None:
        with self._workspace.read() as session:
            unfinished = self._unfinished = db.jobs.unfinished(session)
        if self._settings.standby or wanted or self._dispatcher.needs_standby(unfinished):
            try:
                self._standby.ensure()
            except OSError as error:  # no memory, no handles, a full disk
                raise LaunchError(f"The process that starts runs cannot be started: {error}. Free some.") from error
        elif not self._sent:
            self._standby.close()

    def start(self, job: Job) -> bool:
        gpus = visible_devices(job.slots)
        request = {"run": job.run_id, "attempt": job.attempt, "kind": job.kind, "gpus": gpus, "spare": job.spare}
        sent = self._standby.send(request)
        if sent:
            self._sent.add((job.run_id, job.attempt))
        return sent

    def poll(self, jobs: Sequence[Job]) -> dict[int, JobStatus]:
        asked = {(job.run_id, job.attempt) for job in jobs}
        self._exits = {attempt: told for attempt, told in self._exits.items() if attempt in asked}
        return {job.run_id: self._status(job) for job in jobs}

    def _status(self, job: Job) -> JobStatus:
        attempt = (job.run_id, job.attempt)
        if job.process is None:
            return JobStatus(JobState.WAITING if attempt in self._sent else JobState.VANISHED)
        if job.process.is_alive():
            return JobStatus(JobState.RUNNING)
        pid, code = self._exits.get(attempt, (None, None))
        if pid == job.process.pid:
            return JobStatus(JobState.ENDED, code)
        # Of those that it made itself the standby is about to say how they ended.
        return JobStatus(JobState.RUNNING if attempt in self._sent else JobState.ENDED)

    def stop(self, job: Job) -> None:
        if job.process is not None:
            job.process.kill_tree()

    def heard(self) -> bool:
        messages = self._standby.messages()
        for message in messages:
            if "run" in message:
                attempt = (message["run"], message["attempt"])
                self._exits[attempt] = message["pid"], message["exit"]
                self._sent.discard(attempt)
            else:
                self._dispatcher.hear(message)
        died = self._standby.died()
        if died:
            self._sent.clear()
            self._dispatcher.void()
        changed = self._standby.ready != self._was_ready
        self._was_ready = self._standby.ready
        return bool(messages) or died or changed

    def work(self) -> None:
        # What a look before knew would have the dispatcher cancel what it has claimed since.
        if self._unfinished is not None:
            self._dispatcher.advance(self._unfinished)
        self._unfinished = None

    def log(self, run_id: int, lines: int) -> str:
        return last_lines(self._settings.log_file(run_id), lines)

    def files(self, run_id: int) -> list[RunFile]:
        folder = self._settings.run_dir(run_id)
        found = []
        for path in sorted(folder.rglob("*")):
            try:
                if path.is_file() and not path.is_symlink():
                    found.append(RunFile(path.relative_to(folder).as_posix(), path.stat().st_size))
            except OSError:  # removed in the meantime, as a checkpoint is by the next one
                continue
        return found

    def last_words(self) -> str:
        return self._standby.last_words()

    def report(self) -> dict[str, Any]:
        return self._standby.report()

    def close(self) -> None:
        self._standby.close()
        with contextlib.suppress(StoreError):  # the next supervisor sees that this one is gone
            self._dispatcher.close()
