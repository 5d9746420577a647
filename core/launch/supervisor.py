"""The supervisor: owns the queue of one host, gives slots to runs, starts, watches, stops and settles trainers.

Everything it knows is in the store, so it can be killed at any moment: the next one adopts the trainers that live,
settles those that died, and goes on with the queue.
"""

import fcntl
import os
import signal
import socket
import time
from pathlib import Path
from typing import IO, Any

import psutil

import db.hosts
import db.runs
from core.common.errors import StateError, StoreError
from core.common.workspace import Workspace
from core.config.run import Resources
from core.launch.allocation import allocate
from core.launch.local.questions import Questions
from core.launch.local.standby_client import StandbyClient
from core.system.devices import slots, visible_devices
from core.system.process import ProcessId, describe_exit
from db.changes import Changes
from db.records import HostRecord, RunRecord, RunState

TICK_SECONDS = 0.05
LOOK_SECONDS = 1.0  # between two looks at the processes and the queue when nobody has written anything
REPORT_SECONDS = 1.0
MAX_ATTEMPTS = 3
SILENT_SECONDS = 300.0  # a trainer is heard every second; this long no hiccup of a network or a disk lasts
WITH_PROCESS = (RunState.STARTING, RunState.RUNNING, RunState.STOPPING)


class Supervisor:
    """One per host and workspace; a lock on a file, which the system gives back when its holder dies, sees to that."""

    def __init__(self, workspace: Workspace) -> None:
        """Raises StateError when another supervisor is at work on this workspace."""
        self.workspace = workspace
        self.host = socket.gethostname()
        self._lock = _lock(workspace.settings.home / "supervisor.lock")
        self.slots = slots(workspace.settings)
        self.standby_client = StandbyClient(workspace.settings)
        self._exits: dict[int | None, int] = {}  # by pid, of trainers whose end the standby saw
        self._sent: set[int] = set()  # runs that the living standby was given
        self._questions = Questions(workspace, self.standby_client)
        self._reported_at = 0.0
        self._standby_told = False
        self._changes = Changes(workspace.database)
        self._looked_at = 0.0
        self._stopping = False
        with workspace.write() as session:
            db.hosts.forget_silent(session, before=time.time() - SILENT_SECONDS)

    def tick(self) -> None:
        """One round. Does nothing, and says so in the log, while the store is out of reach."""
        try:
            # Most rounds end here, at no cost: nobody wrote, nobody said anything, and the last look was just now.
            if not (self._hear() or self._changes.any() or time.monotonic() - self._looked_at > LOOK_SECONDS):
                return
            self._looked_at = time.monotonic()
            with self.workspace.read() as session:
                runs = db.runs.in_states(session)
                questions = db.hosts.open_inspections(session)
            here = [run for run in runs if run.state.has_process and run.host == self.host]
            queue = [run for run in runs if run.state is RunState.QUEUED]
            self._exits = {run.pid: self._exits[run.pid] for run in here if run.pid in self._exits}
            if self.workspace.settings.standby or queue or questions or self._questions.busy:
                self.standby_client.ensure()
            elif not self._sent:
                self.standby_client.close()
            for run in here:
                self._watch(run)
            for run in runs:
                if run.state.has_process and run.host != self.host:
                    self._watch_elsewhere(run)
            self._start(queue, here)
            self._questions.send(questions)
            self._report()
        except StoreError as error:
            print(f"The store is out of reach, trying again: {error}", flush=True)  # noqa: T201
            time.sleep(1)

    def serve(self) -> None:
        """Go round until SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        try:
            while not self._stopping:
                self.tick()
                time.sleep(TICK_SECONDS)
        finally:
            self.close()

    def _stop(self, _number: int, _frame: object) -> None:
        self._stopping = True

    def close(self) -> None:
        """End the standby and give the lock back; trainings go on."""
        self.standby_client.close()
        self._changes.close()
        try:
            with self.workspace.write() as session:
                db.hosts.remove(session, self.host)
        except StoreError:
            pass  # the row's process is gone, which is what counts
        self._lock.close()

    def _hear(self) -> bool:
        """What the standby says; whether it said anything."""
        was_ready = self.standby_client.ready
        messages = self.standby_client.messages()
        for message in messages:
            if "run" in message:
                self._exits[message["pid"]] = message["exit"]
                self._sent.discard(message["run"])
            else:
                self._questions.hear(message)
        died = self.standby_client.died()
        if died:
            self._sent.clear()
            self._questions.void()
        return bool(messages) or died or self.standby_client.ready != was_ready

    def _watch(self, run: RunRecord) -> None:
        if run.pid is None or run.pid_started is None:
            if run.id not in self._sent:
                self._send_back(run)
            return
        process = ProcessId(run.pid, run.pid_started)
        if process.is_alive():
            if run.stop_requested == "now":
                process.signal_group(signal.SIGKILL)
        elif run.id not in self._sent or run.pid in self._exits:  # else the standby is about to say how it ended
            self._settle(run, self._exits.pop(run.pid, None))

    def _watch_elsewhere(self, run: RunRecord) -> None:
        """A run of another host, or of this one under another name, as when a container was made anew."""
        silence = time.time() - max(run.heartbeat_at or 0.0, run.starting_at or 0.0)
        if silence > SILENT_SECONDS:
            reason = f"Its host {run.host} has not been heard from for {silence / 60:.0f} minutes{_where(run)}."
            with self.workspace.write() as session:
                db.runs.transition(session, run.id, WITH_PROCESS, RunState.LOST, reason=reason, finished_at=time.time())

    def _send_back(self, run: RunRecord) -> None:
        """The process that was to take the run never came to be: a standby or a supervisor died between."""
        if run.attempt < MAX_ATTEMPTS:
            values: dict[str, Any] = {"state": RunState.QUEUED.value, "starting_at": None, "slots": []}
        else:
            reason = f"No trainer could be started in {run.attempt} attempts: {self.standby_client.last_words()}"
            values = {"state": RunState.FAILED.value, "reason": reason, "finished_at": time.time()}
        with self.workspace.write() as session:
            db.runs.update_untaken(session, run.id, run.attempt, **values)

    def _settle(self, run: RunRecord, code: int | None) -> None:
        """The trainer is gone. Unless it has told its end itself, say what is known."""
        state, reason = RunState.LOST, _why_lost(run, code)
        if run.stop_requested == "now":
            state, reason = RunState.STOPPED, f"Stopped at once{_where(run)}; what it had recorded is kept."
        with self.workspace.write() as session:
            db.runs.transition(session, run.id, WITH_PROCESS, state, reason=reason, finished_at=time.time())

    def _start(self, queue: list[RunRecord], here: list[RunRecord]) -> None:
        if not queue:
            return
        wishes = [(run.id, Resources.model_validate(run.config.get("resources", {}))) for run in queue]
        taken = [slot for run in here for slot in run.slots]
        allocation = allocate(wishes, self.slots, taken)
        for run in queue:
            if run.id in allocation.given:
                self._hand_over(run, allocation.given[run.id])
            elif run.reason != (reason := allocation.impossible.get(run.id, "")):
                with self.workspace.write() as session:
                    db.runs.update(session, run.id, reason=reason)

    def _hand_over(self, run: RunRecord, given: tuple[str, ...]) -> None:
        if not self.standby_client.alive:
            return
        with self.workspace.write() as session:
            claimed = db.runs.transition(
                session,
                run.id,
                [RunState.QUEUED],
                RunState.STARTING,
                host=self.host,
                slots=list(given),
                starting_at=time.time(),
                attempt=run.attempt + 1,
                pid=None,
                reason="",
            )
        request = {"run": run.id, "attempt": run.attempt + 1, "gpus": visible_devices(given)}
        if claimed and self.standby_client.send(request):
            self._sent.add(run.id)

    def _report(self) -> None:
        if time.monotonic() - self._reported_at < REPORT_SECONDS and self._standby_told == self.standby_client.ready:
            return
        self._reported_at, self._standby_told = time.monotonic(), self.standby_client.ready
        own = ProcessId.own()
        record = HostRecord(self.host, own.pid, own.started, time.time(), self.slots, self.standby_client.report())
        with self.workspace.write() as session:
            db.hosts.put(session, record)


def _why_lost(run: RunRecord, code: int | None) -> str:
    if code is None and run.starting_at and psutil.boot_time() > run.starting_at:
        return f"The host was restarted while the run was training{_where(run)}."
    return f"The run ended without a word: {describe_exit(code)}{_where(run)}."


def _where(run: RunRecord) -> str:
    if not run.steps_per_epoch:
        return ", before training began"
    return f", in epoch {int(run.epoch) + 1} of {max(1, round(run.total_steps / run.steps_per_epoch))}"


def _lock(path: Path) -> IO[str]:
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise StateError(f"A supervisor is already at work on {path.parent}; there can be only one.") from error
    os.set_inheritable(file.fileno(), False)
    return file
