"""Jobs done where no supervisor is at work, as a command needs no dashboard: here, or in a child with limits."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TextIO

from core.common.context import Context
from core.common.settings import PROJECT_ROOT, Settings
from core.jobs.job_kind import JobKind, Payload, Progress, Result
from core.system.channel import Channel, wait_for_any
from core.workers.work import Work

LOG = "command.log"  # in the home of Traindeck
_LOOK_SECONDS = 1.0  # between two looks at the clock while nothing is told
_LAST_SECONDS = 30.0  # for a process that says no more to end


def done_here(
    context: Context,
    kind: JobKind[Payload, Result],
    payload: Payload,
    process: str = "",
    told: Callable[[Progress], object] | None = None,
) -> Result:
    """What the kind's worker answers; `process` as in core.jobs.job_queue.put, `told` hears of its progress."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if not kind.limits.cards:
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # a GPU's memory belongs to the runs
    module, _, name = kind.worker.partition(":")
    with _quiet():
        function = getattr(import_module(module), name)
    # Standard output is for the answer, and progress goes beside it.
    with _logged(context.workspace.settings) as shown, contextlib.redirect_stdout(shown):
        do = function(context.workspace, process) if kind.limits.warm else function
        answer: Result = do(Work(context.workspace, told or (lambda _: None)), payload)
    return answer


def done_apart(
    context: Context,
    kind: JobKind[Payload, Result],
    payload: Payload,
    told: Callable[[Progress], object] | None = None,
) -> Result:
    """The same by a child of this process, within the kind's limits of memory and time, as the supervisor's are."""
    settings, log = context.workspace.settings, context.workspace.settings.home / LOG
    ours, theirs = Channel.pair()
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "core.workers.job_process", kind.name, str(theirs.fileno()), str(os.getpid())],
            cwd=PROJECT_ROOT,
            env={"TF_CPP_MIN_LOG_LEVEL": "3"} | os.environ | settings.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[theirs.fileno()],
        )
    theirs.close()
    try:
        ours.send(payload.model_dump(mode="json"))
        until = time.monotonic() + kind.limits.wall_seconds
        while not ours.is_over and time.monotonic() < until:
            wait_for_any([ours], _LOOK_SECONDS)
            for message in ours.heard():
                if "answer" in message:
                    return kind.result.model_validate(message["answer"])
                if told is not None:
                    told(Progress.model_validate(message["progress"]))
        late = not ours.is_over
        code = _ended(process, _LAST_SECONDS if ours.is_over else 0.0)
    finally:
        ours.close()
        _ended(process, 0.0)  # it has told its answer, or nobody waits for it any more
    return kind.failed(kind.failure(code, late=late, log=log))


def _ended(process: "subprocess.Popen[bytes]", seconds: float) -> int:
    """The exit code of a process that has so long to end by itself."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


@contextlib.contextmanager
def _logged(settings: Settings) -> Iterator[TextIO]:
    """Standard error, while what libraries write there goes to a log, which holds what the last command had."""
    settings.home.mkdir(parents=True, exist_ok=True)
    shown, kept = sys.stderr, os.dup(2)
    try:
        with contextlib.ExitStack() as until_done:
            log = until_done.enter_context((settings.home / LOG).open("w", encoding="utf-8", errors="replace"))
            with contextlib.suppress(OSError, ValueError):  # it has no number where somebody reads it in this process
                if shown.fileno() == 2:
                    shown = until_done.enter_context(os.fdopen(os.dup(2), "w", encoding="utf-8", buffering=1))
            os.dup2(log.fileno(), 2)
            with contextlib.redirect_stderr(log):
                yield shown
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What TensorFlow's libraries say on standard error while they are loaded is of no use to whoever asked."""
    kept = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)
