"""All that becomes known of a script's metrics while it runs: what it writes or logs, and else what Keras prints."""

from collections.abc import Callable, Iterable
from pathlib import Path

import db.leases
import db.reported
from core.common.context import Context
from core.common.workspace import Workspace
from core.runs.records import RunRecord
from core.script_runs.keras_progress import KerasProgress, Told
from core.script_runs.mlflow_endpoint import MlflowEndpoint
from core.script_runs.written_metrics import WrittenMetrics
from core.tracking.recorder import Recorder
from core.training.heartbeat import Heartbeat
from db.engine import Session
from db.records import Lease

Store = Callable[[Callable[[], None]], None]


class ScriptMetrics:
    """Of one attempt. `store` does something with the store, however long that is out of reach."""

    def __init__(
        self, workspace: Workspace, run: RunRecord, recorder: Recorder, heartbeat: Heartbeat, store: Store
    ) -> None:
        self.mlflow = MlflowEndpoint(Context.of_shell(workspace), run)
        self._workspace = workspace
        self._lease = Lease(run.id, run.attempt)
        self._recorder = recorder
        self._heartbeat = heartbeat
        self._store = store
        self._progress = KerasProgress()
        self._written: WrittenMetrics | None = None
        self._held: list[Told] = []  # of Keras's progress, until it is clear whether MLflow's client tells the same
        self._resumed = run.attempt > 1
        self._begun: set[str] = set()  # metrics that this attempt has values of
        self._steps_known = False

    def follow(self, run_folder: Path, working: Path) -> None:
        self._written = WrittenMetrics(run_folder, self._lease.run, working, self._recorder, self._goes_on)

    def _goes_on(self, names: Iterable[str], step: int, fell: bool = False) -> None:
        """Before values at this step and later are recorded: what there is from there on is repeated.

        So it is where an earlier attempt had it, or where steps `fell` back.
        """
        named = [*names]
        void = named if fell else [name for name in named if self._resumed and name not in self._begun]
        self._begun.update(named)
        if void:
            self._store(self._recorder.flush)
            self._store(lambda: self._recorder.rewind(step - 1, only=void))

    def _write(self, change: Callable[[Session], object]) -> None:
        def changed() -> None:
            with self._workspace.write() as session:
                change(session)

        self._store(changed)

    def look(self) -> None:
        """Record what has come since the last look, params and tags, too. Raises LeaseLostError."""
        if self._written is None:
            return
        self._written.look()
        self._heartbeat.step = max(self._heartbeat.step, self._written.step, self.mlflow.step)
        told = self._written.take()
        if any(vars(told).values()):
            self._write(lambda session: db.reported.add_of_script(session, self._lease, **vars(told)))

    def hear(self, line: str) -> None:
        """A line that the script printed."""
        told = self._progress.hear(line)
        if told is None:
            return
        self.look()
        if self.mlflow.speaks:
            self._held.append(told)
        elif not self._are_told:
            self._record(told)

    def finish(self) -> None:
        self.mlflow.close()
        self.look()
        if not self._are_told:
            for told in self._held:
                self._record(told)

    @property
    def _are_told(self) -> bool:
        """Whether the script itself tells its metrics, so that nobody need guess them from what it prints."""
        return self.mlflow.measures or (self._written is not None and self._written.any)

    def _record(self, told: Told) -> None:
        self._goes_on(told.values, told.step)
        self._recorder.log(told.values, told.step)
        if not self._steps_known:
            self._steps_known = True
            steps = {"total_steps": told.total_steps, "steps_per_epoch": told.steps_per_epoch}
            self._write(lambda session: db.leases.update(session, self._lease, **steps))
        self._heartbeat.step = max(self._heartbeat.step, told.step)
