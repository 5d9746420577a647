"""Jobs done in this process, where no supervisor is at work: a command needs no dashboard. Imports TensorFlow."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module

from core.common.context import Context
from core.jobs.job_kind import JobKind, Payload, Progress, Result
from core.workers.work import Work


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
    with contextlib.redirect_stdout(sys.stderr):  # standard output is for the answer
        do = function(context.workspace, process) if kind.limits.warm else function
        answer: Result = do(Work(context.workspace, told or (lambda _: None)), payload)
    return answer


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
