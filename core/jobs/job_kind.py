"""What a kind of job is: what is asked, what is answered, who does it, and what it may take.

A kind is a file in core/jobs (this side of the store, which never imports TensorFlow), a file of the same name in
core/workers (the other side), and a line in core.jobs.job_registry.
"""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from core.system.process import describe_exit

Payload = TypeVar("Payload", bound=BaseModel)
Result = TypeVar("Result", bound=BaseModel)


class Failure(BaseModel):
    """Why a job has no result of its worker's."""

    model_config = ConfigDict(frozen=True)

    # cpu, wall: it took more than its limit; crash: a signal ended its process; fault: its code failed; payload: what
    # was asked cannot be read; lost: nobody was left to do it.
    cause: Literal["cpu", "wall", "crash", "fault", "payload", "lost"]
    text: str  # why, beginning in lower case
    code: int | None = None  # the process's exit code, negative for a signal

    @property
    def is_passing(self) -> bool:
        """Whether it says nothing of the question, so that whoever asks next has it tried again."""
        return self.cause == "lost"


class Progress(BaseModel):
    """How far a job is."""

    model_config = ConfigDict(frozen=True)

    text: str = ""  # what is being done
    share: float | None = None  # 0 to 1; None where nobody knows


@dataclass(frozen=True)
class Warm:
    """A process that stays for more jobs about the same thing, such as a network that it has loaded."""

    most: int  # at a time, on a host; the one that was not used for longest makes room
    idle_seconds: float


@dataclass(frozen=True)
class Limits:
    """What a job of a kind may take on a host. A process past them is killed."""

    wall_seconds: float  # from when it is begun; a host at full load gives it a part of the time only
    cpu_seconds: int | None = None  # on all cores together
    memory_share: float = 0.9  # of what is free when its process begins; more would be taken from runs
    at_once: int | None = None  # None: any number, as warm processes have each a queue of their own
    warm: Warm | None = None
    cards: bool = False  # whether it may see the GPUs, whose memory belongs to the runs


@dataclass(frozen=True)
class JobKind(Generic[Payload, Result]):
    """One kind of job.

    `worker` names a function, "module:function", that only a process with TensorFlow imports: `f(work, payload) ->
    result`. Of a warm kind, it is called once with the workspace and the process's name and returns such a function.
    """

    name: str
    payload: type[Payload]
    result: type[Result]
    worker: str
    limits: Limits
    failed: Callable[[Failure], Result]  # what whoever waits is told instead

    def failure(self, code: int, *, late: bool, log: object) -> Failure:
        """Why a process that was to do it ended without a result.

        Args:
            code: its exit code, negative for a signal.
            late: whether it was killed because it took too long.
            log: where it has written to.
        """
        if late:
            return Failure(cause="wall", text=f"{self.limits.wall_seconds:g} s", code=code)
        if code == -signal.SIGXCPU:
            return Failure(cause="cpu", text=f"{self.limits.cpu_seconds} s of this CPU's time", code=code)
        if code < 0:
            return Failure(cause="crash", text=describe_exit(code), code=code)
        return Failure(cause="fault", text=f"a fault in Traindeck; {log} says more", code=code)
