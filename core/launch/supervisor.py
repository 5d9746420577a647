"""The supervisor: owns the queue of one host, gives slots to runs, has them started, watches, stops and settles them.

Everything it knows is in the store, so it can be killed at any moment: the next one adopts the trainers that live,
settles those that died, and goes on with the queue. Processes are its launcher's business.
"""

import contextlib
import fcntl
import math
import os
import signal
import socket
import time
from functools import partial
from pathlib import Path
from typing import IO

import db.hosts
import db.leases
import db.runs
from core.common.errors import StateError, StoreError
from core.common.workspace import Workspace
from core.launch.endings import where, why_lost
from core.launch.guard import Guard
from core.launch.launcher import Job, JobState, JobStatus, Launcher
from core.launch.local.local_launcher import LocalLauncher
from core.launch.run_queue import LONGEST_REASON, RunQueue
from core.launch.silence import Silence
from core.launch.sweep_process import SweepProcess
from core.runs.location import register_host
from core.system.process import ProcessId
from core.tracking.log_size import keep_small
from core.tracking.run_clock import later
from core.tracking.run_log import log_line
from core.tracking.trouble import Trouble
from db.changes import Changes
from db.records import SUPERVISOR, HostRecord, Lease, RunRecord, RunState

LOCK = "supervisor.lock"  # in the workspace's folder
TICK_SECONDS = 0.05
QUICK_SECONDS = 0.01  # for a moment after a run came, began or ended: of a sweep the next one follows
MOMENT_SECONDS = 2.0
LOOK_SECONDS = 1.0  # between two looks at the processes and the queue when nobody has written anything
REPORT_SECONDS = 1.0
MAX_UNSTARTED = 3  # attempts in a row that no process took
AWAY_SECONDS = 60.0  # of the workspace, after which a supervisor ends itself if nothing trains
LOST_SECONDS = 300.0  # a trainer is heard every second; this long no hiccup of a network or a disk lasts


class Supervisor:
    """One per host and workspace; a lock on a file, which the system gives back when its holder dies, sees to that."""

    def __init__(self, workspace: Workspace, launcher: Launcher | None = None) -> None:
        """`launcher` is this host's own unless given. Raises StateError when another supervisor is at work here."""
        self.workspace = workspace
        self.host = socket.gethostname()
        self._lock = _lock(workspace.settings.home / LOCK)
        self.launcher: Launcher = launcher or LocalLauncher(workspace)
        self._guard = Guard()
        self._queue = RunQueue(workspace, self.host, self.launcher, self._guard)
        self._reported_at = 0.0
        self._heard = False
        self._changes = Changes(workspace.database)
        self._looked_at = 0.0
        self._states: list[tuple[int, RunState]] = []  # of the runs that were last seen
        self._moved_at = -math.inf  # when they were others than before
        self._stopping = False
        self._trouble = Trouble("The store is out of reach, trying again", 1.0)
        self._trouble_at = -math.inf
        self._silence = Silence()
        self._sweeps = SweepProcess(workspace)
        self._processes: list[ProcessId] = []  # of the runs that were last seen here
        self._away_since: float | None = None
        register_host(workspace)
        with contextlib.suppress(StoreError), workspace.write() as session:
            db.hosts.forget_silent(session, before=time.time() - LOST_SECONDS)

    @property
    def slots(self) -> tuple[str, ...]:
        return self.launcher.slots

    def tick(self) -> None:
        """One round. Whatever goes wrong in it is in the log, and the next round tries again."""
        try:
            # Most rounds end here, at no cost: nobody wrote, nobody said anything, and the last look was just now.
            self._guard.attempt("The launcher's messages", self._hear)
            if self._heard or self._changes.any() or time.monotonic() - self._looked_at > LOOK_SECONDS:
                self._looked_at = time.monotonic()
                self._guard.attempt("The look at the store", self._look)
                self._trouble.over("The store is in reach again.")
        except StoreError as error:
            self._trouble_at = time.monotonic()
            time.sleep(self._trouble.tell(error))

    def serve(self) -> None:
        """Go round until SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        try:
            while not self._stopping:
                self.tick()
                if self._is_left_alone():
                    told = f"has been away for {AWAY_SECONDS:g} seconds, or is another's by now, and nothing trains"
                    log_line(f"The workspace {self.workspace.settings.home} {told}: this supervisor ends.")
                    return
                is_quick = time.monotonic() - self._moved_at < MOMENT_SECONDS
                time.sleep(QUICK_SECONDS if is_quick else TICK_SECONDS)
        finally:
            self.close()

    def _stop(self, _number: int, _frame: object) -> None:
        self._stopping = True

    def _is_left_alone(self) -> bool:
        """Whether the workspace was deleted some time ago, or made anew for others, and none of its runs is at work."""
        try:
            ours = os.path.samestat(os.fstat(self._lock.fileno()), (self.workspace.settings.home / LOCK).stat())
        except OSError:
            ours = False
        if ours:
            self._away_since = None
            return False
        now = time.monotonic()
        self._away_since = now if self._away_since is None else self._away_since
        return now - self._away_since >= AWAY_SECONDS and not any(each.is_alive() for each in self._processes)

    def close(self) -> None:
        """End the standby and give the lock back; trainings go on."""
        self.launcher.close()
        self._sweeps.close()
        self._changes.close()
        try:
            with self.workspace.write() as session:
                db.hosts.remove(session, self.host)
        except StoreError:
            pass  # the row's process is gone, which is what counts
        self._lock.close()

    def _hear(self) -> None:
        self._heard = False
        self._heard = self.launcher.heard()

    def _look(self) -> None:
        """At every run that is queued or has a process; what fails with one of them does not concern the others."""
        with self.workspace.read() as session:
            runs = db.runs.in_states(session)
        states, self._states = self._states, [(run.id, run.state) for run in runs]
        self._moved_at = self._moved_at if states == self._states else time.monotonic()
        here = [run for run in runs if run.state.has_process and run.host == self.host]
        queue = [run for run in runs if run.state is RunState.QUEUED]
        self._processes = [process for run in here if (process := ProcessId.recorded(run))]
        attempt = self._guard.attempt
        attempt("Making ready for runs", partial(self.launcher.prepare, wanted=bool(queue)))
        attempt("Watching runs", partial(self._watch_all, here))
        elsewhere = [run for run in runs if run.state.has_process and run.host != self.host]
        self._silence.forget_others([run.id for run in elsewhere])
        for run in elsewhere:
            attempt(f"Run {run.id}", partial(self._watch_elsewhere, run))
        attempt("The queue", partial(self._queue.start, queue, here))
        attempt("The process of sweeps", self._sweeps.keep)
        attempt("What the launcher does beside runs", self.launcher.work)
        attempt("The report", self._report)
        attempt("Keeping logs small", partial(self._keep_logs_small, here))

    def _watch_all(self, runs: list[RunRecord]) -> None:
        jobs = {run.id: Job.of(run) for run in runs}
        statuses = self.launcher.poll(list(jobs.values()))
        for run in runs:
            self._guard.attempt(f"Run {run.id}", partial(self._watch, run, jobs[run.id], statuses[run.id]))

    def _watch(self, run: RunRecord, job: Job, status: JobStatus) -> None:
        match status.state:
            case JobState.VANISHED:
                self._send_back(run)
            case JobState.ENDED:
                self._settle(run, status.exit_code)
            case JobState.RUNNING if run.stop_requested == "now":
                self.launcher.stop(job)

    def _watch_elsewhere(self, run: RunRecord) -> None:
        """A run of another host, of this one under another name, as when a container was made anew, or of a client."""
        silence = self._silence.seconds(run.id, (run.attempt, run.heartbeat_at))
        longest = LOST_SECONDS if run.host else self.workspace.settings.silence_seconds
        # While we could not write, as on a full disk, nobody else could either: that was no silence of the run's.
        if silence > longest < time.monotonic() - self._trouble_at:
            reason = f"Its host {run.host} has not been heard from for {silence / 60:.0f} minutes{where(run)}."
            if not run.host:
                reason = f"Its client has not been heard from for {silence:.0f} s. It goes on when it is heard again."
            self._end(run, RunState.LOST, reason)

    def _send_back(self, run: RunRecord) -> None:
        """The process that was to take the run never came to be: a standby or a supervisor died between."""
        lease = Lease(run.id, run.attempt)
        reason = f"No trainer could be started in {MAX_UNSTARTED} attempts: {self.launcher.last_words()}"
        with self.workspace.write() as session:
            if run.stop_requested:
                db.leases.end_untaken(
                    session, lease, RunState.STOPPED, "Stopped on request, before it began.", time.time()
                )
            elif run.unstarted + 1 < MAX_UNSTARTED:
                db.leases.send_back(session, lease)
            else:
                db.leases.end_untaken(session, lease, RunState.FAILED, reason[:LONGEST_REASON], time.time())

    def _settle(self, run: RunRecord, code: int | None) -> None:
        """The trainer is gone. Unless it has told its end itself, say what is known."""
        state, reason = RunState.LOST, why_lost(run, code)
        if run.stop_requested == "now":
            state, reason = RunState.STOPPED, f"Stopped at once{where(run)}; what it had recorded is kept."
        self._end(run, state, reason)

    def _end(self, run: RunRecord, state: RunState, reason: str) -> None:
        at = later(time.time(), [run.starting_at, run.training_at, run.evaluating_at])
        with self.workspace.write() as session:
            db.leases.end(session, Lease(run.id, run.attempt), state, reason, at, actor=SUPERVISOR)

    def _report(self) -> None:
        if time.monotonic() - self._reported_at < REPORT_SECONDS and not self._heard:
            return
        self._reported_at = time.monotonic()
        own, told = ProcessId.own(), self.launcher.report()
        record = HostRecord(self.host, own.pid, own.started, time.time(), self.slots, told, own.boot)
        with self.workspace.write() as session:
            db.hosts.put(session, record)

    def _keep_logs_small(self, here: list[RunRecord]) -> None:
        """A trainer sees to its own, but does not see what a library writes past Python."""
        settings = self.workspace.settings
        for log in (settings.home / f"{name}.log" for name in ("supervisor", "standby", "sweeps")):
            keep_small(log)
        for run in here:
            keep_small(settings.log_file(run.id))


def _lock(path: Path) -> IO[str]:
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise StateError(f"A supervisor is already at work on {path.parent}; there can be only one.") from error
    os.set_inheritable(file.fileno(), False)
    return file
