"""The supervisor's part in the queue of jobs: claims what its standby can do, tells it to, and settles what fails.

What a job is about it never reads. Its own state can be lost at any time: the rows say which claims are whose.
"""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import db.hosts
import db.jobs
from core.common.workspace import Workspace
from core.jobs import claims
from core.jobs.job_kind import Failure, JobKind
from core.jobs.job_queue import Outcome
from core.jobs.job_registry import JOB_KINDS
from core.launch.local.standby_client import StandbyClient
from core.system.process import ProcessId
from db.records import HostRecord, JobClaim, JobRecord

MAX_CLAIMS = 3  # a job that was given back so often is not tried again: it may be what ends the standby
TIDY_SECONDS = 10.0  # between two looks at jobs that others have left
STRANGE_SECONDS = 60.0  # a kind that this version does not know may be known to a host that is being updated
EXPIRY_SECONDS = 3600.0  # whoever asked is gone
KEPT_SECONDS, KEPT_RESULTS = 7 * 86400.0, 200


@dataclass
class _Claimed:
    claim: JobClaim
    kind: JobKind[Any, Any]
    is_cancelled: bool = False


class Dispatcher:
    """Jobs on their way to the standby and back."""

    def __init__(self, workspace: Workspace, standby_client: StandbyClient, host: str) -> None:
        self.host = host
        self._workspace = workspace
        self._standby_client = standby_client
        self._by = claims.claimant(host, ProcessId.own())
        self._claimed: dict[str, _Claimed] = {}  # by key, what the living standby was told to do
        self._failed: list[tuple[JobClaim, Failure]] = []  # to be stored
        self._needed_until = 0.0
        self._tidied_at = -TIDY_SECONDS

    def needs_standby(self, jobs: list[JobRecord]) -> bool:
        """Whether there is something for it to do, or it has a process that may soon be asked again."""
        here = any(self._may_do(job) for job in jobs)
        return here or bool(self._claimed) or time.monotonic() < self._needed_until

    def advance(self, jobs: list[JobRecord]) -> None:
        """Take a step with these jobs, all that have no result. Raises StoreError."""
        self._store_failures()
        self._cancel_unwanted(jobs)
        self._give_back(
            [job for job in jobs if job.claim and job.claim.by == self._by and job.key not in self._claimed]
        )
        if time.monotonic() - self._tidied_at > TIDY_SECONDS:
            self._tidy(jobs)
            self._tidied_at = time.monotonic()
        self._claim(jobs)

    def hear(self, message: dict[str, Any]) -> None:
        """The standby says that a job was done, or how its process ended: {"job": key, "exit": code, "late": …}."""
        claimed = self._claimed.pop(message["job"], None)
        if claimed is not None and message["exit"] != 0:
            failure = claimed.kind.failure(message["exit"], late=message["late"], log=self._log)
            self._failed.append((claimed.claim, failure))

    def void(self) -> None:
        """The standby died: what it had not done is given back, and done by the next."""
        self._claimed.clear()

    def close(self) -> None:
        """Give back what is not done; the standby has ended. Raises StoreError."""
        if self._claimed:
            with self._workspace.write() as session:
                for claimed in self._claimed.values():
                    db.jobs.release(session, claimed.claim, counts=False)
        self._claimed.clear()

    def _may_do(self, job: JobRecord) -> bool:
        return job.claim is None and job.host in ("", self.host) and job.kind in JOB_KINDS

    def _store_failures(self) -> None:
        if self._failed:
            with self._workspace.write() as session:
                for claim, failure in self._failed:
                    db.jobs.finish(session, claim, _outcome(failure))
            self._failed.clear()

    def _cancel_unwanted(self, jobs: list[JobRecord]) -> None:
        """End what nobody waits for any more: its row is gone, or was made anew."""
        valid = {job.claim for job in jobs}
        for key, claimed in self._claimed.items():
            if claimed.claim not in valid and not claimed.is_cancelled:
                claimed.is_cancelled = True
                self._standby_client.send({"cancel": key})

    def _give_back(self, jobs: list[JobRecord]) -> None:
        """Jobs whose claim is void, for another try."""
        if not jobs:
            return
        with self._workspace.write() as session:
            for job in jobs:
                assert job.claim is not None
                if job.claims < MAX_CLAIMS:
                    db.jobs.release(session, job.claim)
                else:
                    text = f"the process that was to do it ended each of {job.claims} times; {self._log} may say why"
                    db.jobs.finish(session, job.claim, _outcome(Failure(cause="crash", text=text)))

    def _tidy(self, jobs: list[JobRecord]) -> None:
        """What others have left: claims of supervisors that are gone, jobs that nobody will do, old results."""
        now = time.time()
        with self._workspace.read() as session:
            hosts = {record.name: record for record in db.hosts.all_hosts(session)}
        others = [job for job in jobs if job.claim and job.claim.by != self._by]
        self._give_back([job for job in others if job.claim and claims.is_gone(job.claim, hosts, now)])
        reasons = {job.key: reason for job in jobs if (reason := self._hopeless(job, hosts, now))}
        with self._workspace.write() as session:
            for key, reason in reasons.items():
                db.jobs.expire(session, key, _outcome(Failure(cause="lost", text=reason)))
            db.jobs.sweep(session, now - KEPT_SECONDS, KEPT_RESULTS)

    def _hopeless(self, job: JobRecord, hosts: dict[str, HostRecord], now: float) -> str:
        """Why nobody will do a job that nobody has claimed; "" while somebody may."""
        age = now - job.created_at
        if job.claim is not None:
            return ""
        if job.kind not in JOB_KINDS and age > STRANGE_SECONDS:
            return f"no host knows jobs of the kind {job.kind[:40]!r}; this one knows {', '.join(JOB_KINDS)}"
        if job.host not in ("", self.host) and age > claims.SILENT_HOST_SECONDS:
            record = hosts.get(job.host)
            if claims.is_silent(record, now):
                return f"its host {job.host} has no supervisor at work; start one there and ask again"
        return f"nobody has done it within {EXPIRY_SECONDS / 60:.0f} minutes" if age > EXPIRY_SECONDS else ""

    def _claim(self, jobs: list[JobRecord]) -> None:
        if not self._standby_client.ready:
            return
        busy = Counter(claimed.kind.name for claimed in self._claimed.values())
        for job in jobs:
            if not self._may_do(job) or job.key in self._claimed:
                continue
            kind = JOB_KINDS[job.kind]
            if kind.limits.at_once is not None and busy[kind.name] >= kind.limits.at_once:
                continue
            claim = JobClaim(job.key, self._by, time.time())
            with self._workspace.write() as session:
                won = db.jobs.claim(session, claim)
            if won and self._send(claim, kind, job.process):
                self._claimed[job.key] = _Claimed(claim, kind)
                busy[kind.name] += 1

    def _send(self, claim: JobClaim, kind: JobKind[Any, Any], process: str) -> bool:
        """False when the standby has just died; the claim is given back with the others then."""
        request = {"job": claim.key, "by": claim.by, "at": claim.at, "kind": kind.name, "process": process}
        if not self._standby_client.send(request):
            return False
        if kind.limits.warm:
            self._needed_until = time.monotonic() + kind.limits.warm.idle_seconds
        return True

    @property
    def _log(self) -> str:
        return str(self._standby_client.log)


def _outcome(failure: Failure) -> dict[str, Any]:
    return Outcome(failure=failure).model_dump(mode="json")
