"""Processes that hold the network of a run, loaded once, and answer question after question: the standby's children.

Each is asked over a pipe with the key of a question, reads the question from the store, answers it there, and says the
key again. The end of its pipe ends it, after what it was asked before: so it ends with the standby, too.
"""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

IDLE_SECONDS = 300.0
ANSWER_SECONDS = 60.0  # of wall time, with loading the network
MOST = 3  # networks in memory


@dataclass
class _Predictor:
    run: int
    pid: int
    questions: int  # descriptors of its two pipes
    answers: int
    asked: list[str] = field(default_factory=list)  # not answered yet, in order
    busy_since: float = 0.0  # with the first of these
    used_at: float = 0.0
    heard: bytes = b""
    late: bool = False
    retired: bool = False  # asked no more; it answers what it was asked and ends


class Predictors:
    """At most MOST of them, and those that are about to end."""

    def __init__(self, fork: Callable[[Callable[[], int]], int]) -> None:
        """`fork` runs a function in a child, whose exit code it returns there, and returns the child's pid."""
        self._fork = fork
        self._all: list[_Predictor] = []

    @property
    def descriptors(self) -> list[int]:
        """To wait for: readable when there is something to `look` at."""
        return [predictor.answers for predictor in self._all]

    def ask(self, key: str, run: int, serve: Callable[[int, int, int], int]) -> None:
        """Have the predictor of this run, made where there is none, answer the question with this key.

        Args:
            serve: what a predictor does with its run and its two pipes, until the end of the first.
        """
        predictor = next((each for each in self._all if each.run == run and not each.retired), None)
        if predictor is None:
            predictor = self._make(run, serve)
        now = time.monotonic()
        predictor.used_at = now
        predictor.busy_since = predictor.busy_since if predictor.asked else now
        predictor.asked.append(key)
        with contextlib.suppress(BrokenPipeError):  # it has just died, and `look` says so
            os.write(predictor.questions, f"{key}\n".encode())

    def look(self) -> list[dict[str, Any]]:
        """What was answered or lost since the last call: {"predict": key, "exit": code}."""
        told: list[dict[str, Any]] = []
        for predictor in list(self._all):
            told += [{"predict": key, "exit": 0} for key in _hear(predictor)]
            ended, status = os.waitpid(predictor.pid, os.WNOHANG)
            if ended:
                told += [{"predict": key, "exit": 0} for key in _hear(predictor)]  # its last words
                code = -signal.SIGXCPU if predictor.late else os.waitstatus_to_exitcode(status)
                told += [{"predict": key, "exit": code or 1} for key in predictor.asked]
                self._forget(predictor)
                continue
            now = time.monotonic()
            if predictor.asked and now - predictor.busy_since > ANSWER_SECONDS and not predictor.late:
                predictor.late = True
                os.kill(predictor.pid, signal.SIGKILL)
            if not predictor.asked and now - predictor.used_at > IDLE_SECONDS:
                _retire(predictor)
        return told

    def close(self) -> None:
        """Leave them: in a child that is none of theirs, whose copies of the pipes would keep them from ending."""
        for predictor in self._all:
            _retire(predictor)
            os.close(predictor.answers)
        self._all = []

    def _make(self, run: int, serve: Callable[[int, int, int], int]) -> _Predictor:
        at_work = sorted((each for each in self._all if not each.retired), key=lambda each: each.used_at)
        for oldest in at_work[: max(0, len(at_work) - MOST + 1)]:
            _retire(oldest)
        questions, to_child = os.pipe()
        from_child, answers = os.pipe()

        def work() -> int:
            _close([to_child, from_child])
            return serve(run, questions, answers)

        pid = self._fork(work)
        _close([questions, answers])
        os.set_blocking(from_child, False)
        predictor = _Predictor(run, pid, to_child, from_child)
        self._all.append(predictor)
        return predictor

    def _forget(self, predictor: _Predictor) -> None:
        _retire(predictor)
        os.close(predictor.answers)
        self._all.remove(predictor)


def _hear(predictor: _Predictor) -> list[str]:
    """Keys that it has answered."""
    try:
        received = os.read(predictor.answers, 1 << 16)
    except BlockingIOError:
        return []
    *lines, predictor.heard = (predictor.heard + received).split(b"\n")
    keys = [line.decode() for line in lines]
    if keys:
        predictor.asked = [key for key in predictor.asked if key not in keys]
        predictor.busy_since = predictor.used_at = time.monotonic()
    return keys


def _retire(predictor: _Predictor) -> None:
    if not predictor.retired:
        predictor.retired = True
        os.close(predictor.questions)


def _close(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
