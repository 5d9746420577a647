"""A training of a sweep that ends itself where the others of the sweep are better."""

from core.common.errors import StoreError
from core.common.workspace import Workspace
from core.sweeps.trial_judge import Judge
from core.tracking.recorder import Recorder
from core.tracking.run_log import log_line
from core.training.callbacks import Callback, EpochEnd
from core.training.heartbeat import REQUESTS, Heartbeat
from db.records import TRAINER


class Judged(Callback):
    """At the epochs where its rule says so it stores what it has, and looks at the others."""

    def __init__(self, workspace: Workspace, run_id: int, recorder: Recorder, heartbeat: Heartbeat) -> None:
        """Of a run that no sweep prunes it does nothing. Raises StoreError."""
        self._judge = Judge.of_run(workspace, run_id)
        self._recorder = recorder
        self._heartbeat = heartbeat

    def on_epoch_end(self, epoch: EpochEnd) -> str:
        judge = self._judge
        if judge is None or not epoch.is_current or judge.goal.metric not in epoch.values:
            return ""
        if not (judge.is_due(epoch.number) or judge.may_stop_early(epoch.number, epoch.values[judge.goal.metric])):
            return ""
        with self._heartbeat.paused():
            return self._judge_after(judge, epoch.number)

    def _judge_after(self, judge: Judge, points: int) -> str:
        try:
            self._recorder.flush()
            why = judge.why_end_after(points) if judge.is_due(points) else ""
            if why and judge.end(why, TRAINER):
                log_line(f"{REQUESTS['prune']}: {why}")
                self._heartbeat.stop_reason = REQUESTS["prune"]
            return "" if why else judge.why_stop_early(points)
        except StoreError as error:  # it goes on, and is judged at the next such epoch
            log_line(f"It could not be compared with the other trials: {error}")
            return ""
