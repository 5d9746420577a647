"""The interface between the supervisor, which decides, and what carries its decisions out: processes of this host, or
later a cluster's jobs.

The contract, which tests/core/launch/test_launchers.py holds against every implementation:

* A job is one attempt at a run. A launcher keeps nothing that the next supervisor would need: any job that is in the
  store can be asked about by a launcher that did not start it, so that trainings outlive supervisors.
* The process of a job takes its run itself, in the store, by `db.leases.take`, and writes metrics, log and
  files itself; a launcher never writes to a run. So a job that is started twice is carried out once.
* A job whose process is gone is ENDED for ever, whoever ended it. One that no process took and none will take any more,
  as after a crash between `start` and the taking, is VANISHED; it may be started again, as another attempt.
* `start`, `poll`, `stop`, `heard`, `prepare` and `work` are for one thread, the supervisor's. `log` and `files` may be
  called by any number of threads at the same time, and while the job writes.
* No method waits for a job. Errors of one job are its status, never an exception. What else goes wrong is a LaunchError
  or a StoreError, after which the same call may be made again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from core.common.errors import TraindeckError
from core.system.process import ProcessId
from db.records import RunRecord


class LaunchError(TraindeckError):
    """What carries out runs cannot be used right now: it cannot be started, or is out of reach."""


class JobState(StrEnum):
    WAITING = "waiting"  # handed over, and no process has taken it yet
    RUNNING = "running"
    ENDED = "ended"
    VANISHED = "vanished"


@dataclass(frozen=True)
class Job:
    """One attempt at a run, as the store knows it."""

    run_id: int
    uid: str  # of the run; with the attempt, a name for the job that no other has
    attempt: int
    kind: str
    slots: tuple[str, ...]
    process: ProcessId | None = None  # that has taken the run, as it says itself
    spare: bool = False  # whether a process that has trained something before may take it

    @classmethod
    def of(cls, run: RunRecord) -> "Job":
        return cls(run.id, run.uid, run.attempt, run.kind, run.slots, ProcessId.recorded(run))


@dataclass(frozen=True)
class JobStatus:
    """`exit_code`, of one that has ended, is negative for a signal and None when nobody saw it end."""

    state: JobState
    exit_code: int | None = None


@dataclass(frozen=True)
class RunFile:
    """A file in a run's folder: its path in there, with slashes, and its size in bytes."""

    path: str
    size: int


class Launcher(Protocol):
    """See the contract above."""

    @property
    def slots(self) -> tuple[str, ...]:
        """Places where one run each can execute: "gpu:0", … and "cpu:0", …; they stay the same."""

    @property
    def ready(self) -> bool:
        """Whether `start` would accept a job now."""

    @property
    def failures(self) -> int:
        """How often in a row it could not be made ready; 0 once it is."""

    def prepare(self, *, wanted: bool) -> None:
        """Called before each look at the queue: make ready where runs wait (`wanted`), rest where none do.

        Raises LaunchError, StoreError.
        """

    def start(self, job: Job) -> bool:
        """Have a process made for it, whose run is `starting` in the store; False when that is not possible now."""

    def poll(self, jobs: Sequence[Job]) -> dict[int, JobStatus]:
        """How each of these jobs is, by run. What is not asked about may be forgotten: ask about all there are."""

    def stop(self, job: Job) -> None:
        """End its process and those that it made, at once; nothing where it has ended. A graceful stop is a request in
        the store, which the process reads itself."""

    def heard(self) -> bool:
        """Whether a status may have changed since the last call; asked 20 times a second.

        Call it before the jobs are read from the store: then what ended has left its last words there.
        """

    def work(self) -> None:
        """Whatever else it does for its host, such as answering questions; called after each look at the queue."""

    def log(self, run_id: int, lines: int) -> str:
        """The last lines that the run's processes printed, "" when there are none."""

    def files(self, run_id: int) -> list[RunFile]:
        """What is in the run's folder, by path; empty when there is none."""

    def last_words(self) -> str:
        """Why no process could be made, as far as that is known."""

    def report(self) -> dict[str, Any]:
        """For the table of hosts: state ("off", "warming", "ready"), and what else there is to say."""

    def close(self) -> None:
        """Give back what it holds; jobs go on."""
