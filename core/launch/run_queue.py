"""The supervisor's part for runs that wait: refuses those that can never start, and hands over those that can."""

import time
from functools import partial
from typing import Any

import db.hosts
import db.leases
import db.runs
from core.common.errors import ConfigError
from core.common.pause_points import pause_point
from core.common.workspace import Workspace
from core.config.resources import Resources
from core.launch.allocation import allocate
from core.launch.guard import Guard
from core.launch.launcher import Job, Launcher
from core.runs.events import WAIT
from core.runs.kinds import KINDS, accepted
from core.runs.location import is_here
from core.runs.placement import waits_for
from core.runs.queueing import LATE, is_late
from core.tracking.run_clock import later
from db.records import SUPERVISOR, RunRecord, RunState

LONGEST_REASON = 2000  # characters


class RunQueue:
    """Of one host. Reads kind and resources of the runs, and nothing of their configs."""

    def __init__(self, workspace: Workspace, host: str, launcher: Launcher, guard: Guard) -> None:
        self._workspace = workspace
        self._host = host
        self._launcher = launcher
        self._guard = guard

    def start(self, queue: list[RunRecord], here: list[RunRecord]) -> None:
        """Hand over what fits beside the runs that execute `here`, first come, first served."""
        wishes = {run.id: wish for run in queue if (wish := self._wish(run)) is not None}
        if not wishes:
            return
        taken = [slot for run in here for slot in run.slots]
        allocation = allocate(wishes.items(), self._launcher.slots, taken)
        for run in queue:
            if run.id in allocation.given:
                self._guard.attempt(f"Run {run.id}", partial(self._hand_over, run, allocation.given[run.id]))
            elif run.id in wishes:
                why = allocation.impossible.get(run.id, "")
                self._guard.attempt(f"Run {run.id}", partial(self._tell_wait, run, wishes[run.id], why))

    def _wish(self, run: RunRecord) -> Resources | None:
        """What a queued run waits for; None when it is not for this host, or is none that could ever be started."""
        if run.training_at is not None and not is_here(self._workspace.settings, run):
            return None  # resumed: its checkpoints are on the other host
        if run.training_at is None and is_late(run, time.time()):
            self._guard.attempt(f"Run {run.id}", partial(self._give_up, run))
            return None
        try:
            return accepted(run)
        except ConfigError as error:
            self._guard.attempt(f"Run {run.id}", partial(self._refuse, run, error))
            return None

    def _give_up(self, run: RunRecord) -> None:
        ended: dict[str, Any] = {"reason": LATE, "finished_at": time.time()}
        with self._workspace.write() as session:
            db.runs.transition(session, run.id, [RunState.QUEUED], RunState.STOPPED, actor=SUPERVISOR, **ended)

    def _refuse(self, run: RunRecord, error: ConfigError) -> None:
        told = "; ".join(map(str, error.problems))
        reason = f"This version of Traindeck cannot start the run: {told}"[:LONGEST_REASON]
        ended: dict[str, Any] = {"reason": reason, "finished_at": time.time()}
        with self._workspace.write() as session:
            db.runs.transition(session, run.id, [RunState.QUEUED], RunState.FAILED, actor=SUPERVISOR, **ended)

    def _tell_wait(self, run: RunRecord, wish: Resources, why: str) -> None:
        """`why` it can never start here, "" when it merely waits for its turn."""
        if why:
            with self._workspace.read() as session:
                slots = {host.name: host.slots for host in db.hosts.all_hosts(session)}
            why = waits_for(wish, slots) if set(slots) - {self._host} else why
        if run.reason != why:
            with self._workspace.write() as session:
                waits = RunState.QUEUED
                db.runs.transition(session, run.id, [waits], waits, actor=SUPERVISOR, verb=WAIT, reason=why)

    def _hand_over(self, run: RunRecord, given: tuple[str, ...]) -> None:
        if not self._launcher.ready:
            return
        with self._workspace.write() as session:
            lease = db.leases.grant(session, run, self._host, given, later(time.time(), [run.queued_at]))
        pause_point("claimed")
        if lease is not None:
            spare = KINDS[run.kind].spare(run.config)
            self._launcher.start(Job(run.id, run.uid, lease.attempt, run.kind, given, spare=spare))
            pause_point("sent")
