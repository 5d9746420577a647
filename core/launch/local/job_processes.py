"""The standby's children that do jobs: one for each, or of a warm kind one that stays for more about the same thing.

Each is told the claims of jobs over a channel and says a key when it has done it. A warm one ends after what it was
told before, when it is told so, when it has been idle for long or others need its place; all end with the standby.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.common.settings import Settings
from core.jobs.job_kind import JobKind
from core.jobs.job_registry import JOB_KINDS
from core.system.channel import Channel
from core.workers.job_process import serve


@dataclass
class _Process:
    kind: JobKind[Any, Any]
    name: str  # of a warm one, what it is for
    pid: int
    channel: Channel
    asked: list[str] = field(default_factory=list)  # keys that are not done yet, in order
    busy_since: float = 0.0  # with the first of these
    used_at: float = 0.0
    is_late: bool = False
    is_retired: bool = False  # asked no more; it does what it was asked and ends


class JobProcesses:
    """Those at work, and those that are about to end."""

    def __init__(self, settings: Settings, fork: Callable[[Callable[[], int]], int]) -> None:
        """`fork` runs a function in a child, whose exit code it returns there, and returns the child's pid."""
        self._settings = settings
        self._fork = fork
        self._all: list[_Process] = []

    @property
    def channels(self) -> list[Channel]:
        """To wait for: there is something to `look` at when one has a message or is over."""
        return [process.channel for process in self._all if not process.channel.is_over]

    def ask(self, request: dict[str, Any]) -> None:
        """Have a job done: {"job": key, "by": …, "at": …, "kind": name, "process": name}, with its claim."""
        kind = JOB_KINDS[request["kind"]]
        process = self._waiting(kind, request["process"]) or self._make(kind, request["process"])
        now = time.monotonic()
        process.used_at = now
        process.busy_since = process.busy_since if process.asked else now
        process.asked.append(request["job"])
        process.channel.send({"key": request["job"], "by": request["by"], "at": request["at"]})
        if kind.limits.warm is None:
            _retire(process)

    def cancel(self, key: str) -> None:
        """Nobody waits for this job any more. A warm process finds that out itself, before it begins with it."""
        for process in self._all:
            if key in process.asked and process.kind.limits.warm is None:
                os.kill(process.pid, signal.SIGKILL)  # not waited for yet, so that the pid is still its own

    def look(self) -> list[dict[str, Any]]:
        """What was done or lost since the last call: {"job": key, "exit": code, "late": whether it took too long}."""
        return [message for process in list(self._all) for message in self._look_at(process)]

    def close(self) -> None:
        """Leave them: in a child that is none of theirs, whose copies of the channels would keep them from ending."""
        for process in self._all:
            process.channel.close()
        self._all = []

    def _waiting(self, kind: JobKind[Any, Any], name: str) -> _Process | None:
        alike = (process for process in self._all if process.kind is kind and process.name == name)
        return next((process for process in alike if not process.is_retired), None)

    def _look_at(self, process: _Process) -> Iterator[dict[str, Any]]:
        for message in process.channel.heard():
            process.asked.remove(message["key"])
            process.busy_since = process.used_at = time.monotonic()
            yield {"job": message["key"], "exit": 0, "late": False}
        ended, status = os.waitpid(process.pid, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            heard = [message["key"] for message in process.channel.heard()]  # its last words
            for key in process.asked:
                yield {"job": key, "exit": 0 if key in heard else code or 1, "late": process.is_late}
            process.channel.close()
            self._all.remove(process)
            return
        self._limit(process)

    def _limit(self, process: _Process) -> None:
        limits, now = process.kind.limits, time.monotonic()
        if process.asked and now - process.busy_since > limits.wall_seconds and not process.is_late:
            process.is_late = True
            os.kill(process.pid, signal.SIGKILL)
        if limits.warm and not process.asked and now - process.used_at > limits.warm.idle_seconds:
            _retire(process)

    def _make(self, kind: JobKind[Any, Any], name: str) -> _Process:
        if kind.limits.warm:
            self._make_room(kind, kind.limits.warm.most)
        ours, theirs = Channel.pair()
        standby = os.getpid()

        def work() -> int:
            ours.close()
            return serve(self._settings, kind, name, theirs, standby)

        pid = self._fork(work)
        theirs.close()
        process = _Process(kind, name, pid, ours)
        self._all.append(process)
        return process

    def _make_room(self, kind: JobKind[Any, Any], most: int) -> None:
        at_work = [process for process in self._all if process.kind is kind and not process.is_retired]
        for oldest in sorted(at_work, key=lambda process: process.used_at)[: max(0, len(at_work) - most + 1)]:
            _retire(oldest)


def _retire(process: _Process) -> None:
    if not process.is_retired:
        process.is_retired = True
        process.channel.send({"end": True})
