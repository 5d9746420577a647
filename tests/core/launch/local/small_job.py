"""A small kind of job, to show what one takes: this is the file that would be in core/jobs, and `register` the line.

Beside it a kind with warm processes; both do as their payload says, so that tests can have them end in any way.
"""

from dataclasses import replace
from typing import Literal

from pydantic import BaseModel

from core.jobs.job_kind import Failure, JobKind, Limits, Warm
from core.jobs.job_registry import JOB_KINDS

Act = Literal["add", "wait", "burn", "sleep", "raise", "kill itself", "kill the standby"]


class Sum(BaseModel):
    """Numbers to add, after something else has been done."""

    numbers: tuple[int, ...]
    act: Act = "add"
    file: str = ""  # "add": gets a line; "wait": the sum is told as soon as it is there


class Total(BaseModel):
    total: int = 0
    process: int = 0
    problem: str = ""


def _failed(failure: Failure) -> Total:
    return Total(problem=f"{failure.cause}: {failure.text}")


SMALL = JobKind(
    name="small",
    payload=Sum,
    result=Total,
    worker="tests.core.launch.local.small_worker:answer",
    limits=Limits(cpu_seconds=1, wall_seconds=60.0, at_once=1),
    failed=_failed,
)
HELD = JobKind(
    name="held",
    payload=Sum,
    result=Total,
    worker="tests.core.launch.local.small_worker:Held",
    limits=Limits(wall_seconds=60.0, warm=Warm(most=2, idle_seconds=300.0)),
    failed=_failed,
)
HASTY = replace(SMALL, name="hasty", limits=Limits(wall_seconds=0.2))


def register() -> None:
    JOB_KINDS.update({kind.name: kind for kind in (SMALL, HELD, HASTY)})
