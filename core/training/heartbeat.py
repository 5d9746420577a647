"""The trainer's heartbeat: a thread that stores metrics, shows that the run lives, and hears the request to stop."""

import contextlib
import math
import threading
import time
from collections.abc import Iterator

import db.leases
from core.common.errors import StoreError, TraindeckError
from core.common.workspace import Workspace
from core.tracking.recorder import Recorder
from core.tracking.run_log import log_error, log_line
from core.training.run_folder import RunFolder, RunFolderError
from core.training.telemetry import Telemetry
from db.leases import LeaseLostError
from db.records import Lease, RunState

BEAT_SECONDS = 0.8  # and the time that a beat takes: together less than a second
TELEMETRY_SECONDS = 2.0
REQUESTS = {"graceful": "Stopped on request", "prune": "Pruned by its sweep"}  # to end well, and what is said of it


class StopRequestedError(TraindeckError):
    """What was under way is left because the run is to stop."""


class Heartbeat:
    """Beats about once a second from `start` to `close`. The trainer reads the flags and sets `step`."""

    def __init__(
        self, workspace: Workspace, lease: Lease, recorder: Recorder, telemetry: Telemetry | None = None
    ) -> None:
        self.step = 0
        self.waited = 0.0  # seconds in all that steps had to wait for their batches
        self.stop_reason = ""  # why to stop gracefully, "" to go on
        self.abandoned = False  # the lease is lost: write nothing more
        self.notice = ""  # what people should know while it trains, shown with the run
        self._workspace = workspace
        self._lease = lease
        self._training_at: float | None = None
        self._trained: float | None = None  # seconds, once the training is done
        self._first_second = 0
        self._recorder = recorder
        self._telemetry = telemetry or Telemetry()
        self._sampled_at = 0.0
        self._trouble = ""
        self.folder = RunFolder(workspace.settings.home, workspace.settings.run_dir(lease.run))
        self._folder_removed = False
        self._told = ""  # of the notice
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    @property
    def must_stop(self) -> bool:
        return self.abandoned or bool(self.stop_reason) or self._folder_removed

    def heed(self) -> None:
        """To be called within whatever takes long; holds it up while more waits to be stored than memory should hold.

        Raises:
            StopRequestedError
            RunFolderError: the run's folder was removed, so that nothing can be saved any more.
        """
        while self._recorder.is_crowded and self._thread.is_alive() and not self.must_stop:
            time.sleep(0.1)
        self.heed_folder()
        if self.must_stop:
            raise StopRequestedError(self.stop_reason)

    def heed_folder(self) -> None:
        """Raises RunFolderError, as `heed`."""
        if self._folder_removed:
            raise RunFolderError(self.folder.told())

    def tell(self, text: str) -> None:
        """In the log, and with the run until `notice` is another."""
        self.notice = text
        log_line(text)

    @property
    def trained(self) -> float:
        """Seconds that this attempt has spent training."""
        if self._training_at is None:
            return 0.0
        return max(0.0, self._recorder.now() - self._training_at) if self._trained is None else self._trained

    def training_begins(self, at: float, before: float) -> None:
        """At this time by the recorder's clock. Telemetry goes on past what earlier attempts trained, in seconds."""
        self._first_second = math.floor(before) + 1 if before else 0
        self._training_at = at

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """What is done within it, between two steps, does not count as training."""
        at = self._recorder.now()
        try:
            yield
        finally:
            if self._training_at is not None:
                self._training_at += self._recorder.now() - at

    def training_ends(self) -> None:
        """The evaluation follows, or the end."""
        self._trained = self.trained

    def start(self) -> None:
        self._thread.start()

    @property
    def is_storing(self) -> bool:
        """Whether the last beat could be stored."""
        return not self._trouble

    def check(self) -> None:
        """Raises LeaseLostError."""
        if self.abandoned:
            raise LeaseLostError(self._lease)

    def close(self) -> None:
        """End the thread. What was logged after its last beat is for the caller to flush."""
        self._closing.set()
        if self._thread.is_alive():  # not where the run failed before it was started
            self._thread.join()
        if not self._sampled_at and not self.abandoned:  # a run shorter than a beat has telemetry, too
            self._sample()

    def _run(self) -> None:
        while not self.abandoned:
            try:
                self.beat()
            except Exception as error:  # noqa: BLE001 - a mistake of ours must not end the signs of life of a run that trains well
                log_error(error)
            if self._closing.wait(BEAT_SECONDS):
                return

    def beat(self) -> None:
        """One beat; a store that cannot be written for a while costs nothing but a line in the log."""
        self._sample()
        self._folder_removed = self._folder_removed or self.folder.removed()
        try:
            self._look()
            self._recorder.flush()
            trouble = ""
        except LeaseLostError:
            self.abandoned = True
            return
        except StoreError as error:
            trouble = str(error)
        if trouble != self._trouble:
            log_line(f"Metrics wait in memory: {trouble}" if trouble else "Metrics are stored again.")
            self._trouble = trouble

    def _sample(self) -> None:
        now = self._recorder.now()
        if self._training_at is None or now - self._sampled_at < TELEMETRY_SECONDS:
            return
        self._sampled_at = now
        second = self._first_second + int(now - self._training_at)
        with contextlib.suppress(OSError):  # /proc can be out of reach in a container
            self._recorder.log(self._telemetry.sample(self.waited), step=second, wall_time=now)

    def _look(self) -> None:
        notice = self.notice
        with self._workspace.write() as session:
            state, requested = db.leases.heartbeat(session, self._lease, time.time(), self.step, self.trained)
            if notice != self._told:
                db.leases.update(session, self._lease, reason=notice)
            if requested in REQUESTS and not self.stop_reason:
                self.stop_reason = REQUESTS[requested]
            if self.stop_reason and state is not RunState.STOPPING:
                db.leases.begin_stopping(session, self._lease)
        self._told = notice
