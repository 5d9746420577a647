"""The queue of jobs, for tests in which no standby is at work: what is open, and an answer as it would give it."""

import time

from pydantic import BaseModel

import db.jobs
from core.common.workspace import Workspace
from core.jobs.job_queue import Outcome
from db.records import JobClaim


def open_jobs(workspace: Workspace, kind: str) -> list[str]:
    """Keys of the jobs of a kind that have no result, the newest first."""
    with workspace.read() as session:
        return [job.key for job in db.jobs.unfinished(session) if job.kind == kind]


def answer(workspace: Workspace, kind: str, result: BaseModel) -> None:
    """Do the one open job of a kind."""
    [key] = open_jobs(workspace, kind)
    claim = JobClaim(key, "test 1 1.0", time.time())
    with workspace.write() as session:
        assert db.jobs.claim(session, claim)
        assert db.jobs.finish(session, claim, Outcome(answer=result.model_dump(mode="json")).model_dump(mode="json"))
