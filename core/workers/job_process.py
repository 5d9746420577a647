"""The life of a process that does jobs: one and no more, or of a warm kind one after the other.

It is forked from the standby, hears the claims of jobs from it, reads in the store what they are about, and writes what
came of them there. It ends with the standby. A command has one of its own (`main`), which it asks and hears itself.
"""

import contextlib
import importlib
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from pydantic import BaseModel, ValidationError

import db.jobs
from core.common.errors import StoreFullError
from core.common.pause_points import pause_point
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.jobs.job_kind import Failure, JobKind, Progress
from core.jobs.job_queue import Outcome
from core.jobs.job_registry import JOB_KINDS
from core.system.channel import Channel
from core.system.cpu_limit import limit_cpu
from core.system.process import end_with, set_title
from core.tracking.full_disk import PATIENCE_SECONDS, wait_out
from core.workers.work import Work
from db.records import JobClaim

_QUOTED = 200  # characters of what is wrong with a payload

Do = Callable[[Work, Any], BaseModel]


def serve(settings: Settings, kind: JobKind[Any, Any], process: str, standby: Channel, parent: int) -> int:
    """Do the jobs whose claims come over the channel, and say each key when its result is stored, until its end."""
    end_with(parent)  # its jobs are given to others then
    set_title(f"{kind.name} {process}".strip())
    _bound(kind)
    workspace = Workspace.open(settings)
    do = _load(kind.worker)
    if kind.limits.warm:
        do = do(workspace, process)
    while message := standby.wait():
        if message.get("end"):
            break
        _limit_cpu(kind)
        _do(workspace, kind, do, JobClaim(**message))
        standby.send({"key": message["key"]})
    return 0


def main(name: str, descriptor: str, parent: str) -> int:
    """Do one job of this kind, whose payload comes over the channel; its progress and its answer go back there."""
    end_with(int(parent))
    kind, command = JOB_KINDS[name], Channel(int(descriptor))
    set_title(f"{kind.name} of a command")
    _bound(kind)
    workspace = Workspace.open(Settings())
    payload = kind.payload.model_validate(command.wait())
    _limit_cpu(kind)
    work = Work(workspace, lambda told: command.send({"progress": told.model_dump(mode="json")}))
    answer = _load(kind.worker)(work, payload)
    return 0 if command.send({"answer": answer.model_dump(mode="json")}) else 1


def _bound(kind: JobKind[Any, Any]) -> None:
    """Before it asks for anything: what this process may take of the host."""
    if not kind.limits.cards:
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    _limit_memory(kind.limits.memory_share)


def _do(workspace: Workspace, kind: JobKind[Any, Any], do: Do, claim: JobClaim) -> None:
    try:
        with workspace.read() as session:
            raw = db.jobs.payload(session, claim)
        payload = kind.payload.model_validate(raw)
    except LookupError:
        return  # nobody waits for it any more
    except (ValidationError, ValueError, RecursionError) as error:
        outcome = Outcome(failure=Failure(cause="payload", text=f"what was asked cannot be read: {_short(error)}"))
    else:
        answer = do(Work(workspace, lambda told: _tell(workspace, claim, told)), payload)
        outcome = Outcome(answer=answer.model_dump(mode="json"))

    def store() -> None:
        with workspace.write() as session:
            db.jobs.finish(session, claim, outcome.model_dump(mode="json"))

    pause_point("answered")
    wait_out(store, store_seconds=PATIENCE_SECONDS)


def _tell(workspace: Workspace, claim: JobClaim, told: Progress) -> None:
    """Nobody misses it where the disk is full for a while."""
    with contextlib.suppress(StoreFullError), workspace.write() as session:
        db.jobs.tell(session, claim, told.model_dump(mode="json"))


def _short(error: Exception) -> str:
    """In one line, without what was received: that may be anything, and much of it."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"]))
        text = f"{where}: {first['msg']}" if where else first["msg"]
    else:
        text = str(error)
    return " ".join(text.split()).encode(errors="replace").decode()[:_QUOTED]


def _load(worker: str) -> Callable[..., Any]:
    module, _, name = worker.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def _limit_cpu(kind: JobKind[Any, Any]) -> None:
    if kind.limits.cpu_seconds is not None:
        limit_cpu(kind.limits.cpu_seconds)


def _limit_memory(share: float) -> None:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    most = own + int(share * psutil.virtual_memory().available)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    with contextlib.suppress(OSError):  # where Linux runs out of memory all the same, this process goes first
        Path("/proc/self/oom_score_adj").write_text("1000")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
