"""Jobs done in this process, where no supervisor is at work: a command needs no dashboard. Imports TensorFlow."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TextIO

from core.common.context import Context
from core.common.settings import Settings
from core.jobs.job_kind import JobKind, Payload, Progress, Result
from core.workers.work import Work

LOG = "command.log"  # in the home of Traindeck


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
