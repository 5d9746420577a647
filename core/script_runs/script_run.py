"""Executes one run of a script: gives it its code and arguments, watches it, and says how it ended."""

import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import db.attempts
import db.leases
import db.runs
from core.common.errors import TraindeckError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.runs.kinds import RESUMES, WORK_FOLDER
from core.script_runs import environments, process_tree, working_folder
from core.script_runs.script_endings import reason_of
from core.script_runs.script_facts import facts_of
from core.script_runs.script_metrics import ScriptMetrics
from core.script_runs.script_output import ScriptOutput
from core.script_runs.script_process import ScriptProcess
from core.script_runs.stopping import Stopping
from core.scripts import going_on
from core.scripts.check_script import check_script, look_up
from core.scripts.spec import ScriptSpec
from core.tracking.full_disk import wait_out
from core.tracking.recorder import Recorder
from core.tracking.run_clock import RunClock
from core.tracking.run_log import log_error, log_line
from core.training.artifacts import Artifacts
from core.training.heartbeat import Heartbeat, StopRequestedError
from db.engine import Session
from db.leases import LeaseLostError
from db.records import TRAINER, AttemptRecord, Lease, RunRecord, RunState

FINISHED, FAILED, ABANDONED = 0, 1, 3  # exit codes
_LOOK_SECONDS = 0.1
_MEMORY_SECONDS = 0.5
_WRITTEN_SECONDS = 0.5  # between two looks at what the script writes of its metrics
_PIECE = 65536
_LAST_WORDS_SECONDS = 1.0  # for what the script left in its pipe, and for what it left behind to end by itself


def run(settings: Settings, lease: Lease) -> int:
    """Execute a run that was given to this process, and leave its end in the store; returns the exit code.

    Without the lease, or once it is lost, that is ABANDONED, and nothing was written.

    Raises:
        StoreError: the store is out of reach from the start.
    """
    process_tree.adopt_orphans()
    process = ScriptProcess()  # before the store is opened and any thread begins
    workspace = wait_out(lambda: Workspace.open(settings))
    with workspace.read() as session:
        found = db.runs.get(session, lease.run)
        earlier = [each for each in db.attempts.of_run(session, lease.run) if each.number < lease.attempt]
    if found is None or not found.state.has_process or found.attempt != lease.attempt:
        return ABANDONED
    return ScriptRun(workspace, found, process, earlier).execute()


class ScriptRun:
    """One attempt at one run of a script."""

    def __init__(
        self, workspace: Workspace, run: RunRecord, process: ScriptProcess, earlier: Sequence[AttemptRecord]
    ) -> None:
        self.run = run
        self.settings = workspace.settings
        self._workspace = workspace
        self._process = process
        self._lease = Lease(run.id, run.attempt)
        self._artifacts = Artifacts(workspace, self._lease)
        self._clock = RunClock([run.queued_at, run.starting_at, *(each.ended_at for each in earlier)])
        self._recorder = Recorder(workspace, run.id, self._lease, clock=self._clock.now)
        self._heartbeat = Heartbeat(workspace, self._lease, self._recorder, process_tree.TreeTelemetry())
        self._metrics = ScriptMetrics(workspace, run, self._recorder, self._heartbeat, self._store)
        self._output = ScriptOutput(self._metrics.hear)
        self._folder = self._artifacts.folder / WORK_FOLDER
        self._code: set[str] = set()  # paths in the folder that are no results
        self._before = sum(each.trained_seconds for each in earlier)  # seconds
        self._ended = ""  # why the script was made to end, "" when it was not
        self._stopping = Stopping(process, self._artifacts.folder)

    def execute(self) -> int:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the server; runs go on
        signal.signal(signal.SIGTERM, self._on_sigterm)
        log_line(f"--- Attempt {self._lease.attempt}, on {self.run.host or 'this host'}, process {os.getpid()}")
        try:
            return self._conclude(*self._outcome())
        except LeaseLostError as error:
            self._heartbeat.abandoned = True
            process_tree.end_all()
            self._heartbeat.close()
            log_line(f"{error} This process ends here.")
            return ABANDONED

    def _on_sigterm(self, _number: int, _frame: object) -> None:
        self._heartbeat.stop_reason = "Stopped because its process was told to end (SIGTERM), as when a host shuts down"

    def _outcome(self) -> tuple[RunState, str]:
        """How the run ends, and why. Raises LeaseLostError."""
        try:
            self._heartbeat.start()
            self._metrics.mlflow.start()
            spec = self._checked()
            self._begin(spec)
            code = self._watch(spec)
            self._finish_output()
            return self._told(code)
        except LeaseLostError:
            raise
        except StopRequestedError as stop:
            return RunState.STOPPED, f"{stop}, before the script began."
        except Exception as error:  # noqa: BLE001 - whatever it is, the run says so
            process_tree.end_all()
            if isinstance(error, TraindeckError):
                return RunState.FAILED, str(error)
            log_error(error)
            return RunState.FAILED, f"{type(error).__name__}: {error} (see the log)"

    def _checked(self) -> ScriptSpec:
        """Raises ConfigError, SpecError."""
        spec, problems = check_script(self.run.config, self.settings)
        if spec is None or problems:
            raise TraindeckError("; ".join(map(str, problems)))
        return spec

    def _begin(self, spec: ScriptSpec) -> None:
        script = look_up(spec, self.settings)
        heed = self._heartbeat.heed
        can = bool(going_on.way(script))
        goes_on = can and self.run.attempt > 1 and self._folder.is_dir()
        self._code = wait_out(lambda: working_folder.unpack(self.settings, spec, self._folder, goes_on), heed)
        if spec.requirements:
            python = environments.python_of(self.settings, spec, self._folder, heed, self._heartbeat.tell)
            self._heartbeat.notice = ""
            spec = spec.model_copy(update={"interpreter": str(python)})
        variables = self._metrics.mlflow.environment()
        if goes_on:
            spec, variables = working_folder.told_to_go_on(spec, script, variables)
            self._heartbeat.step = self.run.step
        order = working_folder.order_of(self.settings, spec, script, self.run, self._folder, variables)
        self._metrics.follow(self._artifacts.folder, self._folder)
        facts = facts_of(spec, order) | {RESUMES: can}
        now = self._clock.now()

        def begin(session: Session) -> None:
            db.leases.put_facts(session, self._lease, facts)
            db.leases.begin(session, self._lease, now, self.run.step if goes_on else 0)

        self._write(begin)
        self._heartbeat.training_begins(now, self._before)
        log_line(f"$ {order.shown()}")
        self._process.begin(order)

    def _watch(self, spec: ScriptSpec) -> int:
        """Until the script's process has ended; returns its exit code."""
        began = looked = written = time.monotonic()
        limits = spec.limits
        while (code := self._process.exit_code()) is None:
            self._read(_LOOK_SECONDS)
            now = time.monotonic()
            if self._heartbeat.abandoned:
                raise LeaseLostError(self._lease)
            if now - written > _WRITTEN_SECONDS:
                written = now
                self._metrics.look()
            if self._heartbeat.must_stop:
                self._stop(limits.stop_seconds, self._heartbeat.stop_reason or self._heartbeat.folder.told())
            if limits.hours is not None and now - began > 3600 * limits.hours and not self._ended:
                self._stop(limits.stop_seconds, f"Took longer than its limit of {limits.hours:g} hours")
            if limits.memory_gb is not None and now - looked > _MEMORY_SECONDS:
                looked = now
                self._check_memory(limits.memory_gb)
            self._stopping.look(limits.stop_seconds)
        return code

    def _stop(self, seconds: float, reason: str) -> None:
        """Ask it to end, once."""
        if not self._ended:
            self._ended = reason
            self._stopping.ask(seconds)

    def _check_memory(self, limit: float) -> None:
        held = process_tree.memory() / 1e9
        if held > limit:
            self._ended = f"Took {held:.2f} GB of memory, more than its limit of {limit:g} GB"
            log_line(f"{self._ended}: it is killed.")
            process_tree.end_all()

    def _read(self, seconds: float) -> bool:
        """What the script printed; says whether there was any. False at the end of its output, too."""
        ready, _, _ = select.select([self._process.output], [], [], seconds)
        data = os.read(self._process.output, _PIECE) if ready else b""
        if data:
            self._output.feed(data)
        elif ready:  # it has closed its output, and goes on
            time.sleep(seconds)
        self._output.tick()
        return bool(data)

    def _finish_output(self) -> None:
        left = process_tree.end_all(_LAST_WORDS_SECONDS)
        while self._read(0.0):
            pass
        self._output.feed(b"", final=True)
        self._metrics.finish()
        if left:
            log_line(f"{left} of its processes had not ended with it, and were killed.")

    def _told(self, code: int) -> tuple[RunState, str]:
        if self._heartbeat.stop_reason and self._ended == self._heartbeat.stop_reason:
            return RunState.STOPPED, f"{self._ended}."
        if self._ended:
            return RunState.FAILED, f"{self._ended}."
        if code == 0:
            return RunState.FINISHED, ""
        return RunState.FAILED, reason_of(code, list(self._output.last), self._folder)

    def _conclude(self, state: RunState, reason: str) -> int:
        """Store what it left and how it ended; returns the exit code. Raises LeaseLostError."""
        self._heartbeat.training_ends()
        for path in working_folder.left_behind(self._folder, self._code):
            self._keep(path)
        self._store(self._recorder.flush)
        self._heartbeat.close()
        self._heartbeat.check()
        self._store(self._recorder.flush)

        def settle(session: Session) -> None:
            trained = self._heartbeat.trained
            db.leases.heartbeat(session, self._lease, time.time(), self._heartbeat.step, trained)
            db.leases.end(session, self._lease, state, reason, self._clock.now(), actor=TRAINER)

        self._write(settle)
        log_line(f"{state.value}{': ' if reason else ''}{reason}")
        return FAILED if state is RunState.FAILED else FINISHED

    def _keep(self, path: Path) -> None:
        try:
            self._artifacts.record(path, "output")
        except OSError:  # removed in the meantime
            return

    def _write(self, change: Callable[[Session], Any]) -> None:
        """Raises LeaseLostError."""

        def changed() -> None:
            with self._workspace.write() as session:
                change(session)

        self._store(changed)

    def _store(self, action: Callable[[], None]) -> None:
        """However long the disk is full or the store out of reach. Raises LeaseLostError, and as `wait_out`."""
        wait_out(action, self._heartbeat.check)
